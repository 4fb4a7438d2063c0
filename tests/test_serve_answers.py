"""What a preview answers at each address: the built bytes, the real host's headers, no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from site_builder.publish.site import policy
from site_builder.serve.answers import Answers
from tests.browser.serve import header_rules, headers_at
from tests.preview import preview_of
from tests.workspace import NAMES, OTTER, PINE, TOKENS, Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.serve.preview import Preview

DONE_FILE = f"projects/{OTTER}/shop/milestones/01-goals-agreed.md"
PLANNED_FILE = f"projects/{OTTER}/shop/milestones/02-open.md"
OTTERS, PINES = f"/c/{TOKENS[OTTER]}/", f"/c/{TOKENS[PINE]}/"
POLICY = "Content-Security-Policy"
ALLOWED = "script-src 'nonce-preview'; connect-src 'self'; "
SCRIPT = re.compile(
    rb'<script nonce="preview" src="/_preview/reload.js" data-version="\d+"></script>'
)

NOTE = re.compile(
    rb'<link rel="stylesheet" href="/_preview/note.css" data-stays>|<aside class="preview-note".*?</aside>',
    re.DOTALL,
)


@pytest.fixture
def preview(workspace: Workspace) -> Preview:
    """A preview of Otter Books and Pine Bakery, built once."""
    found = preview_of(workspace)
    found.refresh()
    return found


@pytest.fixture
def answers(preview: Preview) -> Answers:
    """What stands at the preview's addresses."""
    return Answers(preview)


def published(site: Path) -> list[str]:
    """List the address of everything that a host would publish, but the start page."""
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    addresses = ["/" + name.removesuffix("index.html") for name in names if name[0] not in "._"]
    return sorted({*addresses, "/index.html"} - {"/"})


def test_every_address_sends_what_was_built(preview: Preview, answers: Answers) -> None:
    """Byte for byte, but for the script that reloads a page and the policy that lets it run."""
    for address in published(preview.site):
        answer = answers.at(address)
        assert answer.status == 200, address
        path = preview.site / address[1:]
        built = (path / "index.html" if address.endswith("/") else path).read_bytes()
        plain, scripts = SCRIPT.subn(b"", answer.content)
        assert scripts == (1 if b"</html>" in built else 0), address
        assert plain.replace(ALLOWED.encode(), b"") == built, address


def test_every_address_has_the_headers_of_the_real_host(preview: Preview, answers: Answers) -> None:
    """But the promise of https, and with one script allowed on pages."""
    rules = header_rules(preview.site)
    for address in (*published(preview.site), "/c/none/", "/assets/none.css", "/none"):
        expected = {name: value for name, (value,) in headers_at(rules, address).items()}
        expected.pop("Strict-Transport-Security", None)
        answer = answers.at(address)
        headers = dict(answer.headers)
        kind = headers.pop("Content-Type")
        if POLICY in headers and kind.startswith("text/html"):
            headers[POLICY] = headers[POLICY].removeprefix(ALLOWED)
        assert headers == expected, address


def test_pages_with_hidden_steps_say_so_at_the_top(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """On all pages of that client and no other; the bytes that were built stay as they are."""
    workspace.edit(PLANNED_FILE, "label:", "draft: true\nlabel:")
    preview.refresh([workspace.root / PLANNED_FILE])
    for address in published(preview.site):
        content = answers.at(address).content
        is_noted = address.startswith(OTTERS) and b"</html>" in content
        plain, pieces = NOTE.subn(b"", content)
        assert pieces == (2 if is_noted else 0), address
        if is_noted:
            built = (preview.site / address[1:] / "index.html").read_bytes()
            assert SCRIPT.sub(b"", plain).replace(ALLOWED.encode(), b"") == built
            note = content.partition(b"<aside")[2].partition(b"</aside>")[0].decode()
            assert "1 step that is not published yet" in note
            assert "site-builder serve --no-drafts" in note
    for address in ("/", f"{OTTERS}none/"):
        assert not NOTE.search(answers.at(address).content)
    style = answers.at("/_preview/note.css")
    assert (style.status, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_several_hidden_steps_are_counted_in_good_english(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """`2 steps that are`; an agency's own document may lack a body."""
    for name in (DONE_FILE, PLANNED_FILE):
        workspace.edit(name, "label:", "publish_on: 2026-04-01\nlabel:")
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
    )
    workspace.write("theme/document.html", f"{head}<title>Ours</title>{{{{ main }}}}")
    preview.refresh()
    assert b"2 steps that are not published yet" in answers.at(OTTERS).content


def words(answers: Answers) -> str:
    """Read what the start page says first, and the link in it."""
    intro = answers.at("/").content.decode().partition('<section class="intro">')[2]
    text = re.sub(r'<a href="([^"]+)">([^<]+)</a>', r"\2 (\1)", intro.partition("</section>")[0])
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", text).split())


def test_the_start_page_says_no_more_than_what_is_true(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """Fine is only what has no warning; the number leads to the first of them."""
    assert "The files of all clients are fine." in words(answers)
    for client in (OTTER, PINE):
        workspace.write(f"projects/{client}/shop/notes.txt", "A thought")
    preview.refresh()
    said = words(answers)
    assert "All pages can be built. Worth a look: 2 warnings (#warned-otter-books)." in said
    assert "fine" not in said
    assert answers.at("/").content.count(b'id="warned-otter-books"') == 1
    workspace.edit(DONE_FILE, "label:", "lable:")
    preview.refresh([workspace.root / DONE_FILE])
    said = words(answers)
    assert "1 client of 2 needs mending. The others can be built." in said
    assert "fine" not in said


def test_the_start_page_says_whether_hidden_steps_are_shown(workspace: Workspace) -> None:
    """Nobody should take one for the other."""
    for drafts, sentence in (
        (True, "Steps that are not published yet are shown, with a dashed tag."),
        (False, "Steps that are not published yet are left out: you see what clients see."),
    ):
        preview = preview_of(workspace, drafts=drafts)
        preview.refresh()
        assert sentence in words(Answers(preview))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("progress.json", "application/json; charset=utf-8"),
        ("calendar.ics", "text/calendar; charset=utf-8"),
    ],
)
def test_files_have_their_type(answers: Answers, name: str, kind: str) -> None:
    """It never depends on the machine."""
    assert answers.at(OTTERS + name).headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "address",
    [
        "/none",
        "/c/none/",
        f"{OTTERS}none/",
        f"{OTTERS}index.html/",
        "/favicon.ico",
        "/_headers",
        "/.site-builder",
        "/c/.new-otter/",
        "/assets/../../../mkdocs.yml",
        "/assets/%2e%2e/%2e%2e/%2e%2e/mkdocs.yml",
        "/c/..%2f..%2f..%2f..%2fmkdocs.yml",
        "/c/..%5c..%5cmkdocs.yml",
        "/c//etc/passwd",
        "/c/%00",
        "/c/" + "a" * 5000,
        "//etc/passwd",
        "/_preview/../start.html",
        "/_preview/start.html",
        "",
        "c",
    ],
)
def test_what_is_not_published_is_not_found(answers: Answers, address: str) -> None:
    """The neutral page answers, with its status; no address leads out of the site."""
    answer = answers.at(address)
    assert answer.status == 404
    assert b"There is no page here" in answer.content


def test_links_out_of_the_site_are_not_followed(preview: Preview, answers: Answers) -> None:
    """Whoever put one there."""
    (preview.site / "c" / TOKENS[OTTER] / "out.yml").symlink_to(preview.settings)
    (preview.site / "assets" / "out").symlink_to(preview.root)
    for address in (f"{OTTERS}out.yml", "/assets/out/mkdocs.yml"):
        assert answers.at(address).status == 404


def test_a_folder_without_its_slash_leads_to_the_one_with_it(answers: Answers) -> None:
    """As hosts do; folders are never listed."""
    answer = answers.at(OTTERS.rstrip("/"))
    assert (answer.status, answer.headers["Location"]) == (301, OTTERS)


def test_a_link_that_was_taken_back_is_not_found(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """Even while its folder waits to be removed."""
    workspace.edit(f"projects/{OTTER}/client.yml", TOKENS[OTTER], "a" * 26)
    preview.refresh([workspace.root / f"projects/{OTTER}/client.yml"])
    assert (preview.site / "c" / TOKENS[OTTER]).is_dir()
    assert answers.at(OTTERS).status == 404
    assert answers.at(f"/c/{'a' * 26}/").status == 200


def test_the_start_page_leads_to_every_client(answers: Answers) -> None:
    """Names, headlines and links; the site's own first page stands beside it."""
    page = answers.at("/").content.decode()
    for client in (OTTER, PINE):
        assert f'<a href="/c/{TOKENS[client]}/">{NAMES[client]}</a>' in page
    assert page.count("Your new shop") == 2
    assert b"There is no page here" in answers.at("/index.html").content


def test_an_error_stands_at_every_address_of_its_client(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """With its lines, escaped; on the start page, too; the other client's pages stay."""
    workspace.edit(DONE_FILE, "done: 2026-02-20", "done: <script>alert(1)</script>")
    preview.refresh([workspace.root / DONE_FILE])
    for address, status in ((OTTERS, 500), (f"{OTTERS}shop/open/", 500), ("/", 200)):
        answer = answers.at(address)
        assert answer.status == status
        text = answer.content.decode()
        assert f"{DONE_FILE}, line 4" in text
        assert "done: &lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "<script>alert" not in text
        assert answer.headers[POLICY].startswith(ALLOWED)
    assert answers.at(PINES).status == 200


def test_settings_that_cannot_be_read_stand_at_every_address(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """Whatever page is open, it says what is wrong; its stylesheets are there all the same."""
    workspace.write("mkdocs.yml", "extra: [")
    preview.refresh([workspace.root / "mkdocs.yml"])
    for address in ("/", OTTERS, "/none"):
        answer = answers.at(address)
        assert answer.status == 500
        assert b"mkdocs.yml" in answer.content
    for name in re.findall(rb'href="(/_preview/[^"]+)"', answers.at("/").content):
        assert answers.at(name.decode()).status == 200, name


def test_notes_are_shown_and_alarm_nobody(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """A date on a Saturday stands folded below its client, and all files are fine."""
    workspace.edit(PLANNED_FILE, "2026-04-24", "2026-04-25")
    preview.refresh()
    assert "The files of all clients are fine." in words(answers)
    page = answers.at("/").content.decode()
    assert "1 note</summary>" in page
    assert "is due on Saturday 2026-04-25" in page
    workspace.write(f"projects/{OTTER}/shop/notes.txt", "A thought")
    preview.refresh()
    assert "Worth a look: 1 warning " in words(answers)
    assert "1 warning, 1 note</summary>" in answers.at("/").content.decode()


def test_problems_are_shown_before_anything_could_be_built(workspace: Workspace) -> None:
    """Also when the first thing a preview meets are mistakes in every client."""
    for client in (OTTER, PINE):
        workspace.write(f"projects/{client}/shop/project.yml", "titel: x\n")
    preview = preview_of(workspace)
    preview.refresh()
    answers = Answers(preview)
    assert b"2 clients of 2 need mending" in answers.at("/").content
    assert answers.at(OTTERS).status == 500
    assert answers.at("/none").status == 404


def test_a_bug_of_ours_is_shown_and_the_server_lives(
    workspace: Workspace, preview: Preview, answers: Answers
) -> None:
    """With the lines that we need to mend it."""
    workspace.write("theme/project.html", "{{ nothing.of.this }}")
    preview.refresh()
    answer = answers.at(OTTERS)
    assert answer.status == 500
    assert b"Traceback" in answer.content
    assert b"UndefinedError" in answer.content
