"""An agency's logo, fonts and PDF file, in a real browser under the published policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import checks
from tests.browser.checks import DESKTOP, PHONE, SCHEMES, visit
from tests.browser.loading import jumps
from tests.browser.serve import Built, served
from tests.test_brand import LOGO
from tests.test_fonts import small_font
from tests.workspace import WORKSPACES, copy_workspace, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.serve import Site

pytestmark = pytest.mark.browser

BRAND = """\
    logo: brand/logo.svg
    {more}
    fonts: {{text: brand/text.woff2, headings: brand/text.woff2}}
    pdf: true
    url: https:"""
LETTERS = "".join(map(chr, range(32, 127))) + "\u2019\u2026\u00b7"


@pytest.fixture(
    scope="module", params=["", "logo_dark: brand/night.svg"], ids=["plate", "dark-logo"]
)
def branded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The sample clients, with the whole brand; with and without a logo for dark screens."""
    root = tmp_path_factory.mktemp("brand")
    workspace = copy_workspace(WORKSPACES / "samples", root / "agency")
    workspace.edit("mkdocs.yml", "    url: https:", BRAND.format(more=request.param))
    workspace.write("brand/logo.svg", LOGO)
    workspace.write("brand/night.svg", LOGO)
    workspace.write("brand/text.woff2", small_font(LETTERS))
    assert workspace.build().code == 0
    built = Built(folder=workspace.site, tokens=tokens_of(workspace.root))
    with served(built, root / "nginx") as site:
        yield site


def test_a_brand_is_quiet_and_readable_everywhere(page: Page, branded: Site) -> None:
    """The logo for the light or for the dark, both fonts, no barrier, no word in the console."""
    faults = []
    has_dark_logo = any(branded.folder.glob("assets/*/logo-dark.svg"))
    for size in (DESKTOP, PHONE):
        for scheme in SCHEMES:
            tab = page.context.new_page()
            tab.set_viewport_size(size)
            tab.emulate_media(color_scheme=scheme)
            seen = visit(tab, branded, branded.address("larkfield-vets"))
            tab.evaluate("document.fonts.ready")
            fonts = tab.evaluate("[...document.fonts].map(e => [e.family, e.status])")
            assert sorted(fonts) == [["Own headings", "loaded"], ["Own text", "loaded"]]
            logo = tab.evaluate("document.querySelector('.logo img').currentSrc")
            wanted = "logo-dark.svg" if has_dark_logo and scheme == "dark" else "logo.svg"
            assert logo.endswith(f"/{wanted}")
            found = checks.accessibility(tab) + checks.sideways(tab) + checks.silence(seen)
            faults += [f"{size['width']} {scheme}: {fault}" for fault in found]
            tab.close()
    assert not faults, "\n".join(faults)


def test_fonts_that_come_late_move_nothing(page: Page, branded: Site) -> None:
    """Who waits for them reads in a font of the system until the next page."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        page.goto(branded.url + branded.address("larkfield-vets"))
        assert jumps(page) == []


def test_a_logo_has_its_place_before_it_arrives(page: Page, branded: Site) -> None:
    """28 pixels high, as wide as its proportions say: nothing moves."""
    page.route("**/logo*.svg", lambda route: route.abort())
    page.goto(branded.url + branded.address("larkfield-vets"))
    box = page.locator(".logo img").bounding_box()
    assert box
    assert (round(box["width"]), round(box["height"])) == (90, 28)


def test_the_page_leads_to_a_file_that_opens(page: Page, branded: Site) -> None:
    """One press away, beside the page, and not on paper itself."""
    page.goto(branded.url + branded.address("larkfield-vets"))
    link = page.locator("a[type='application/pdf']")
    answer = page.request.get(link.evaluate("e => e.href"))
    assert answer.ok
    assert answer.body().startswith(b"%PDF-")
    assert checks.printed_pages(page) == 1
    page.emulate_media(media="print")
    assert not link.is_visible()
