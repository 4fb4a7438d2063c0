"""A page with a fault is caught: each check of the others is seen to fail."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser import checks
from tests.browser.checks import DESKTOP, PHONE, visit
from tests.browser.loading import difference_without_scripts, jumps
from tests.browser.serve import Built, served
from tests.browser.situations import LARKFIELD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Sites
    from tests.browser.serve import Site

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A change that spoils the page, and what the check says then."""

    old: str = "</h1>"
    new: str = "</h1>"
    css: str = ""
    """A stylesheet of its own."""
    check: Callable[[checks.Visit], list[str]]
    says: str


def _on_page(check: Callable[[Page], list[str]]) -> Callable[[checks.Visit], list[str]]:
    return lambda seen: check(seen.page)


def _added(html: str) -> str:
    return f"</h1>{html}"


PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
FAULTS = {
    "style attribute": Fault(
        new=_added('<p style="color:red">Red</p>'),
        check=_on_page(checks.source),
        says="not allowed: <p style",
    ),
    "style attribute in the console": Fault(
        new=_added('<p style="color:red">Red</p>'),
        check=checks.silence,
        says="Content Security Policy",
    ),
    "style element": Fault(
        new=_added("<style>p{color:red}</style>"),
        check=_on_page(checks.source),
        says="not allowed: <style",
    ),
    "script": Fault(
        new=_added("<script>localStorage.seen = 1</script>"),
        check=_on_page(checks.source),
        says="not allowed: <script",
    ),
    "script in the console": Fault(
        new=_added("<script>localStorage.seen = 1</script>"),
        check=checks.silence,
        says="Content Security Policy",
    ),
    "handler": Fault(
        new=_added('<p onclick="go()">Go</p>'),
        check=_on_page(checks.source),
        says="not allowed: onclick on p",
    ),
    "picture from elsewhere": Fault(
        new=_added('<img src="https://pictures.example/x.png" alt="A dog">'),
        check=checks.silence,
        says="pictures.example",
    ),
    "missing file": Fault(
        new=_added('<img src="gone.png" alt="A dog">'), check=checks.silence, says="404"
    ),
    "picture without words": Fault(
        new=_added(f'<img src="{PICTURE}">'),
        check=_on_page(checks.accessibility),
        says="image-alt",
    ),
    "second current step": Fault(
        old='data-state="planned">',
        new='data-state="planned" aria-current="step">',
        check=_on_page(checks.structure),
        says="2 current steps",
    ),
    "second h1": Fault(new=_added("<h1>Again</h1>"), check=_on_page(checks.structure), says="2 h1"),
    "level left out": Fault(
        new=_added("<h4>Deep</h4>"), check=_on_page(checks.structure), says="h4 follows h1"
    ),
    "step without heading": Fault(
        old='<li class="road__stop"',
        new='<li class="road__stop"></li><li class="road__stop"',
        check=_on_page(checks.structure),
        says="1 steps without their h3",
    ),
    "paragraph without words": Fault(
        new=_added('<p class="sub"> </p>'),
        check=_on_page(checks.structure),
        says='empty: <p class="sub">',
    ),
    "section without a sentence": Fault(
        new=_added("<section><h2>What you have so far</h2><div></div></section>"),
        check=_on_page(checks.structure),
        says="says nothing: What you have so far",
    ),
    "id used twice": Fault(
        new=_added('<p id="road">Road</p>'),
        check=_on_page(checks.structure),
        says="two elements with the id road",
    ),
    "wide picture": Fault(
        new=_added(f'<img src="{PICTURE}" width="2000" height="2" alt="">'),
        check=_on_page(checks.sideways),
        says="too wide at 320 px",
    ),
    "small target": Fault(
        new=_added('<a href="./">x</a>'),
        check=_on_page(checks.small_targets),
        says="too small to press",
    ),
    "stop before the skip link": Fault(
        old="<body>",
        new='<body><a href="./">First</a>',
        check=_on_page(checks.keyboard),
        says="first stop: First",
    ),
    "order against reading": Fault(
        new=_added('<a href="./" tabindex="1">Me first</a>'),
        check=_on_page(checks.keyboard),
        says="back to: ",
    ),
    "private address on paper": Fault(
        new=_added("<p>https://progress.example/c/</p>"),
        check=_on_page(checks.printed_words),
        says="printed: https://progress.example/c/",
    ),
    "button on paper": Fault(
        new=_added("<button>Send</button>"),
        check=_on_page(checks.printed_words),
        says="printed: Send",
    ),
    "old date not on paper": Fault(
        css="@media print{.was{display:none!important}}",
        check=_on_page(checks.printed_words),
        says="not printed: was",
    ),
    "one request more": Fault(
        css="p{}", check=lambda seen: checks.requests(seen, 4), says="asks 5"
    ),
    "faint text": Fault(
        css=".verdict span{color:#999}", check=_on_page(checks.accessibility), says="color-contrast"
    ),
    "faint text, at a glance": Fault(
        css=".verdict span{color:#999}", check=_on_page(checks.faint), says="faint, 2."
    ),
    "see-through text": Fault(
        css=".verdict span{opacity:.5}", check=_on_page(checks.faint), says="<span"
    ),
    "faint shape": Fault(
        css=".meter i{border-color:#ccc!important}",
        check=_on_page(checks.faint),
        says="faint, 1.",
    ),
    "faint icon": Fault(
        css=".verdict svg{color:#ccc!important}", check=_on_page(checks.faint), says="<svg"
    ),
    "low button": Fault(
        css=".btn{min-height:0!important;padding:.25rem!important}",
        check=_on_page(checks.small_targets),
        says="Open the texts",
    ),
    "no ring": Fault(
        css="a:focus-visible{outline:0}", check=_on_page(checks.keyboard), says="no ring to see"
    ),
    "large text that does not fit": Fault(
        css="h1{min-inline-size:40rem}", check=_on_page(checks.sideways), says="text at 200%"
    ),
    "answer below the first screen": Fault(
        css=".hero{padding-block-start:30rem}",
        check=lambda seen: checks.first_screen(seen.page, DESKTOP),
        says=".story h2 ends at",
    ),
    "needs below the first screen of a phone": Fault(
        css=".need{margin-block-start:30rem}",
        check=lambda seen: checks.first_screen(seen.page, PHONE),
        says=".need h2 ends at",
    ),
    "motion without end": Fault(
        css="@keyframes x{50%{rotate:9deg}} h1{animation:x .5s infinite!important}",
        check=_on_page(checks.restless),
        says="moves too long: h1",
    ),
    "motion from nothing": Fault(
        css="@keyframes x{from{opacity:0}} h1{animation:x .5s!important}",
        check=_on_page(checks.restless),
        says="hidden at 0: h1",
    ),
    "words for those without scripts": Fault(
        new=_added("<noscript><p>Turn scripts on.</p></noscript>"),
        check=_on_page(difference_without_scripts),
        says="looks different without scripts",
    ),
    "picture without its size": Fault(
        new=_added('<img src="website/files/home-idea.jpg" loading="lazy" alt="A dog">'),
        check=_on_page(jumps),
        says="moves while it loads",
    ),
}


@pytest.fixture(scope="module")
def spoiled(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample site, with one more page for each fault."""
    root = tmp_path_factory.mktemp("spoiled")
    good = sites("samples")
    shutil.copytree(good.folder, root / "site")
    landing = root / "site" / "c" / good.tokens[LARKFIELD]
    html = (landing / "index.html").read_text("utf-8")
    for number, fault in enumerate(FAULTS.values()):
        assert fault.old in html
        page = landing / f"fault-{number}.html"
        if fault.css:
            page.with_suffix(".css").write_text(fault.css, "utf-8")
            sheet = f'<link rel="stylesheet" href="{page.stem}.css"></head>'
            html_of = html.replace("</head>", sheet, 1)
        else:
            html_of = html.replace(fault.old, fault.new, 1)
        page.write_text(html_of, "utf-8")
    with served(Built(folder=root / "site", tokens=good.tokens), root / "nginx") as site:
        yield site


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught(page: Page, spoiled: Site, name: str) -> None:
    """The check that should see it sees it."""
    page.set_viewport_size(PHONE)
    fault = FAULTS[name]
    address = spoiled.address(LARKFIELD, f"fault-{list(FAULTS).index(name)}.html")
    found = fault.check(visit(page, spoiled, address))
    assert any(fault.says in finding for finding in found), found


def test_a_long_page_does_not_pass_for_one_sheet(page: Page, sites: Sites) -> None:
    """The sheets are really counted."""
    site = sites("samples")
    visit(page, site, site.address("harrowby-council", "libraries/changes/"))
    assert checks.printed_pages(page) > 1
