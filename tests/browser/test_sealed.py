"""Sealed pages in a real browser, with the published headers: a reader's way in, on, and out."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import checks
from tests.browser.checks import DESKTOP, NARROWEST, PHONE, SCHEMES, Visit, visit
from tests.browser.serve import Built, find_nginx, served
from tests.seal.make_vectors import VECTORS
from tests.workspace import KEY, TODAY, WORKSPACES, copy_workspace, run_apart, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.serve import Site

pytestmark = pytest.mark.browser

SEALED, WITH_WORDS, OPEN = "larkfield-vets", "brightwater-dental", "harrowby-council"
WORDS = "hangout papyrus demystify bundle sadden copper"
VARIABLE = "SITE_BUILDER_PASSPHRASE_BRIGHTWATER_DENTAL"
CHANGES_LINK, FILE_LINK = "All changes, month by month", ".got li a:not([rel])"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample clients: one is sealed, one needs words, one is open."""
    if not find_nginx():
        pytest.skip("no nginx is installed; `make test` installs it")
    root = tmp_path_factory.mktemp("sealed")
    workspace = copy_workspace(WORKSPACES / "samples", root / "agency")
    for client, how in ((SEALED, "sealed"), (WITH_WORDS, "passphrase")):
        file = workspace.root / f"projects/{client}/client.yml"
        text = re.sub(r"(?m)^protection: .*\n", "", file.read_text("utf-8"))
        keyed = re.sub(r"\b([a-z2-7]{26})$", rf"\g<1>#{KEY}", text, flags=re.MULTILINE)
        file.write_text(f"{keyed}\nprotection: {how}\n", "utf-8")
    environment = {VARIABLE: WORDS}
    ran = run_apart(workspace.root, "build", "--today", TODAY, **environment)
    assert ran.code == 0, ran.output
    built = Built(folder=workspace.site, tokens=tokens_of(workspace.root))
    with served(built, root / "nginx") as shown:
        yield shown


def _open(page: Page, site: Site, client: str = SEALED, fragment: str = f"#{KEY}") -> Visit:
    return visit(page, site, site.address(client) + fragment)


def _says(page: Page, heading: str) -> None:
    page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()


def _opened(page: Page) -> None:
    page.get_by_role("button", name="Lock this page").wait_for()


def _unlock(page: Page, words: str) -> None:
    page.get_by_label("Your words").fill(words)
    page.get_by_role("button", name="Open the page").click()


def _kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...Object.keys(sessionStorage), ...Object.keys(localStorage)]"
    )
    return found


def _barriers(page: Page) -> list[str]:
    faults = []
    for size, scheme in product((DESKTOP, PHONE), SCHEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found = checks.accessibility(page) + checks.small_targets(page)
        faults += [f"{size['width']} {scheme}: {fault}" for fault in found]
    page.set_viewport_size(NARROWEST)
    return faults + checks.sideways(page)


def test_the_whole_link_opens_the_page(page: Page, site: Site) -> None:
    """Name, language and look are those of the page; the policy forbids nothing that it needs."""
    seen = _open(page, site)
    _opened(page)
    assert page.title() == "Progress: Your new website \u00b7 Larkfield Vets"
    assert (
        page.locator("main h1").inner_text().startswith("You\u2019re at step\u00a05\u00a0of\u00a08")
    )
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "en",
        "ltr",
    ]
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
    assert checks.structure(page) == []
    assert checks.silence(seen) == []


def test_an_opened_page_has_no_barriers(page: Page, site: Site) -> None:
    """Large and small, light and dark, with the button that locks it."""
    _open(page, site)
    _opened(page)
    assert _barriers(page) == []


def test_readers_move_between_sealed_pages_as_between_others(page: Page, site: Site) -> None:
    """To a step and back, by links that carry the key, also into a new tab."""
    seen = _open(page, site)
    _opened(page)
    page.get_by_role("link", name="Page texts approved").first.click()
    page.get_by_role("link", name="Your road, step by step").wait_for()
    assert page.title() == "Page texts approved \u00b7 Larkfield Vets"
    assert re.search(rf"/c/[a-z2-7]{{26}}/[a-z2-7]{{20}}/#{KEY}$", page.url)
    page.reload()
    page.get_by_role("link", name="Your road, step by step").click()
    page.get_by_role("link", name=CHANGES_LINK).wait_for()
    assert page.url == site.url + site.address(SEALED) + f"#{KEY}"
    inside = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.href).filter(h => h.includes('/c/'))"
    )
    assert all(address.endswith((f"/#{KEY}", "#main")) for address in inside), inside
    outside = page.get_by_role("link", name="Open the texts")
    assert "#" not in (outside.get_attribute("href") or "")
    assert checks.silence(seen) == []


def test_pictures_are_inside(page: Page, site: Site) -> None:
    """They show, and the host was asked for none."""
    seen = _open(page, site)
    _opened(page)
    page.get_by_role("link", name=CHANGES_LINK).click()
    picture = page.locator(".prose img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.prose img').naturalWidth > 0")
    assert (picture.get_attribute("src") or "").startswith("data:image/")
    assert not [asked for asked in seen.requests if re.search(r"\.(png|jpe?g|webp)$", asked)]
    assert checks.silence(seen) == []


def test_a_file_is_saved_as_it_was_given(page: Page, site: Site) -> None:
    """Its page names it and saves it; nothing of it stands at the host in plain."""
    seen = _open(page, site)
    _opened(page)
    page.locator(FILE_LINK).first.click()
    save = page.get_by_role("link", name="Save this file")
    save.wait_for()
    name = page.locator("h1").inner_text()
    assert page.title() == name
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == name
    (given,) = (WORKSPACES.parents[1] / "projects" / SEALED).rglob(name)
    assert download.value.path().read_bytes() == given.read_bytes()
    assert _barriers(page) == []
    page.get_by_role("link", name="Back to your page").click()
    page.get_by_role("link", name=CHANGES_LINK).wait_for()
    assert checks.silence(seen) == []


def test_a_jump_inside_the_page_keeps_the_key(page: Page, site: Site) -> None:
    """Whoever uses the keyboard skips to the content, and can still reload."""
    _open(page, site)
    _opened(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.url.endswith(f"#{KEY}")


def test_locking_forgets_the_key(page: Page, site: Site) -> None:
    """With the keyboard, too: the page is gone, and so is what stood behind the #."""
    _open(page, site)
    _opened(page)
    page.get_by_role("button", name="Lock this page").press("Enter")
    _says(page, "This page is locked")
    assert KEY not in page.url
    assert "Larkfield" not in page.content()
    page.reload()
    _says(page, "This page is locked")
    assert _barriers(page) == []


def test_the_button_is_not_printed(page: Page, site: Site) -> None:
    """Paper cannot be locked."""
    _open(page, site)
    _opened(page)
    page.emulate_media(media="print")
    assert not page.locator("#lock").is_visible()


@pytest.mark.parametrize("fragment", ["", "#", f"#{KEY[:-1]}", "#main"])
def test_a_link_without_its_whole_key_is_called_incomplete(
    page: Page, site: Site, fragment: str
) -> None:
    """In a sentence that says what to do, in place of an empty page."""
    seen = _open(page, site, fragment=fragment)
    _says(page, "This link is incomplete")
    assert page.get_by_text("Ask the person who sent it to you for the whole link").is_visible()
    assert _barriers(page) == []
    assert checks.silence(seen) == []


@pytest.mark.parametrize("behind", [".", ">", "%20", "&utm_source=mail"])
def test_what_mail_programs_put_behind_a_link_does_no_harm(
    page: Page, site: Site, behind: str
) -> None:
    """A full stop, or what counts clicks."""
    _open(page, site, fragment=f"#{KEY}{behind}")
    _opened(page)


def test_a_key_that_is_pasted_later_opens_the_page(page: Page, site: Site) -> None:
    """Behind the # of the address that is there, as people do."""
    _open(page, site, fragment="")
    _says(page, "This link is incomplete")
    page.evaluate(f"location.hash = '{KEY}'")
    _opened(page)


def test_a_wrong_key_gets_a_sentence(page: Page, site: Site) -> None:
    """The link may have been replaced; who sent it knows."""
    seen = _open(page, site, fragment=f"#b{KEY[1:]}")
    _says(page, "This page cannot be opened")
    assert _barriers(page) == []
    assert checks.silence(seen) == []


def _changed(text: str, place: int) -> str:
    start = text.index('<template id="box">') + len('<template id="box">')
    end = text.index("</template>", start)
    at = start + place if place >= 0 else end + place
    return f"{text[:at]}{'A' if text[at] != 'A' else 'B'}{text[at + 1 :]}"


@pytest.mark.parametrize("place", [0, 15, 17, 5000, -30, -6])
def test_a_box_that_somebody_changed_is_refused(page: Page, site: Site, place: int) -> None:
    """In the nonce, the text or the tag: no part of it is shown."""
    address = site.url + site.address(SEALED)
    text = site.get(site.address(SEALED))[2].decode()
    page.route(
        address, lambda route: route.fulfill(response=route.fetch(), body=_changed(text, place))
    )
    page.goto(f"{address}#{KEY}")
    _says(page, "This page cannot be opened")


def test_a_changed_script_does_not_run(page: Page, site: Site) -> None:
    """The shell says what it must be; what differs is blocked, and the page stays locked."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.route(
        "**/open.js",
        lambda route: route.fulfill(response=route.fetch(), body="document.title = 'x'"),
    )
    page.goto(f"{site.url}{site.address(SEALED)}#{KEY}")
    assert page.title() == "Locked page"
    assert [text for text in said if "integrity" in text]


def test_what_is_opened_cannot_run(page: Page, site: Site) -> None:
    """The shell's policy holds for the opened page: no inline script, no handler, no style."""
    _open(page, site)
    _opened(page)
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')"
    )
    page.evaluate(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); })()"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None


def test_words_are_asked_for_once_a_tab(page: Page, site: Site) -> None:
    """Typed as people type them; then steps and reloads open without asking."""
    seen = _open(page, site, WITH_WORDS)
    _says(page, "Enter your passphrase")
    assert page.evaluate("document.activeElement.id") == "words"
    assert _barriers(page) == []
    page.get_by_label("Your words").fill(f"  {WORDS.title()} ")
    page.keyboard.press("Enter")
    _opened(page)
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.title().endswith("Brightwater Dental")
    assert _kept(page) == ["opened"]
    kept = page.evaluate("sessionStorage.opened")
    assert not [word for word in WORDS.split() if word in kept]
    page.reload()
    _opened(page)
    page.locator(".road__stop a").first.click()
    page.get_by_role("link", name="Your road, month by month").wait_for()
    assert seen.faults == []


def test_wrong_words_get_a_sentence_and_stay_to_be_mended(page: Page, site: Site) -> None:
    """They are announced, the field has the focus, and nothing is typed anew."""
    seen = _open(page, site, WITH_WORDS)
    typed = WORDS.replace("copper", "cooper")
    _unlock(page, typed)
    alert = page.get_by_role("alert")
    alert.get_by_text("These words do not open the page").wait_for()
    field = page.get_by_label("Your words")
    assert field.input_value() == typed
    assert page.evaluate("document.activeElement.id") == "words"
    assert field.get_attribute("aria-invalid") == "true"
    assert _barriers(page) == []
    assert _kept(page) == []
    _unlock(page, WORDS)
    _opened(page)
    assert seen.faults == []


def test_the_words_alone_or_another_clients_key_open_nothing(page: Page, site: Site) -> None:
    """Both are needed; the right words with a wrong key are wrong."""
    _open(page, site, WITH_WORDS, fragment=f"#b{KEY[1:]}")
    _unlock(page, WORDS)
    page.get_by_role("alert").get_by_text("These words do not open the page").wait_for()


def test_locking_forgets_the_words(page: Page, site: Site) -> None:
    """Neither the way back nor the link opens the page without them."""
    _open(page, site, WITH_WORDS)
    _unlock(page, WORDS)
    _opened(page)
    page.locator(".road__stop a").first.click()
    page.get_by_role("link", name="Your road, month by month").wait_for()
    page.get_by_role("button", name="Lock this page").click()
    _says(page, "This page is locked")
    assert _kept(page) == []
    page.go_back()
    _says(page, "Enter your passphrase")


def test_an_insecure_address_gets_a_sentence(site: Site, launched: Callable[..., Browser]) -> None:
    """Browsers open nothing there: the sentence says what to write in place of http."""
    browser = launched("--host-resolver-rules=MAP progress.example 127.0.0.1")
    page = browser.new_page()
    page.goto(f"http://progress.example:{site.port}{site.address(SEALED)}#{KEY}")
    _says(page, "This connection is not secure")
    assert page.evaluate("[isSecureContext, 'subtle' in crypto]") == [False, False]
    assert _barriers(page) == []
    browser.close()


def test_without_scripts_the_shell_says_what_it_needs(browser: Browser, site: Site) -> None:
    """And that the page opens in the reader's own browser only."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}{site.address(SEALED)}#{KEY}")
    said = page.locator("noscript p")
    assert said.is_visible()
    assert "This page is locked and needs JavaScript to open." in said.inner_text()
    context.close()


def test_the_script_opens_the_vectors_in_chromium(page: Page, site: Site) -> None:
    """The same boxes as in Python and Node."""
    _open(page, site, fragment="")
    vectors: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8"))
    for vector in vectors:
        found = page.evaluate(
            """async (v) => {
                const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
                const words = v.typed ? await stretched(v.typed, v.token) : new Uint8Array();
                const box = Uint8Array.from(atob(v.box), (letter) => letter.charCodeAt(0));
                const opened = await openBox(box, v.key, words, v.token, v.name, v.mode);
                return {
                    words: normalised(v.typed), stretched: hex(words),
                    page: opened.page, file: hex(new Uint8Array(opened.file)),
                };
            }""",
            vector,
        )
        assert found == {at: vector[at] for at in ("words", "stretched", "page", "file")}, vector[
            "why"
        ]


def test_open_clients_beside_sealed_ones_still_run_nothing(page: Page, site: Site) -> None:
    """Their own policy is the stricter one."""
    seen = _open(page, site, OPEN, fragment="")
    assert checks.source(page) == []
    assert checks.silence(seen) == []
    page.evaluate(
        f"(() => {{ const s = document.createElement('script'); s.src = '{_script(site)}';"
        " document.head.append(s); })()"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("typeof openBox") == "undefined"


def _script(site: Site) -> str:
    (path,) = site.folder.rglob("open.js")
    return "/" + path.relative_to(site.folder).as_posix()
