"""Each situation in a real browser, behind a real web server, with the published headers."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.browser import checks, situations
from tests.browser.checks import DESKTOP, NARROWEST, PHONE, SCHEMES, TABLET, Scheme, visit
from tests.browser.loading import difference_without_scripts, jumps
from tests.browser.serve import Built, served
from tests.outside import needs_of
from tests.workspace import WORKSPACES, copy_workspace, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Sites
    from tests.browser.serve import Site
    from tests.browser.situations import Situation

pytestmark = pytest.mark.browser


def _params(*found: Situation) -> list[object]:
    """Name each situation; those that were drawn further wait for `make test-all`."""
    return [
        pytest.param(one, id=one.name, marks=pytest.mark.every if one in situations.FURTHER else ())
        for one in found
    ]


CASES = sorted(path.parent.name for path in WORKSPACES.glob("*/case.yml"))
LOOKED_AT: set[tuple[bytes, ...]] = set()
"""Pages, with all that they load: many sites have the same, and one look at it is enough."""
MOST_REQUESTS = 4
"""The page, two stylesheets, the icon."""
MOST_REQUESTS_BESIDE = 5
"""Pages beside the client's page and the steps have one more stylesheet."""


def _open(page: Page, sites: Sites, situation: Situation) -> checks.Visit:
    site = sites(situation.case, situation.today)
    return visit(page, site, site.address(situation.client, situation.page))


def _barriers(page: Page, screens: Iterable[tuple[ViewportSize, Scheme]]) -> list[str]:
    """Look on screens, light or dark; axe, slow at contrast, looks for it on every third."""
    faults = []
    for number, (size, scheme) in enumerate(screens):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found = checks.accessibility(page, with_colours=number % 3 == 0)
        found += checks.faint(page) + checks.small_targets(page)
        faults += [f"{size['width']} {scheme}: {fault}" for fault in found]
    return faults


@pytest.mark.parametrize(
    ("situation", "sizes"),
    [
        *(pytest.param(one, (DESKTOP, PHONE), id=one.name) for one in situations.SAMPLE),
        *(
            pytest.param(one, sizes, id=f"{one.name}-{where}", marks=pytest.mark.every)
            for found, sizes, where in (
                (situations.SAMPLE, (TABLET, NARROWEST), "elsewhere"),
                (situations.FURTHER, (DESKTOP, PHONE, TABLET, NARROWEST), "everywhere"),
            )
            for one in found
        ),
    ],
)
def test_a_page_is_quiet_whole_and_without_barriers(
    page: Page, sites: Sites, situation: Situation, sizes: tuple[ViewportSize, ...]
) -> None:
    """No word in the console, no request to others, no barrier: large and small, light and dark."""
    page.set_viewport_size(DESKTOP)
    seen = _open(page, sites, situation)
    most = MOST_REQUESTS_BESIDE if situation in situations.BESIDE else MOST_REQUESTS
    faults = checks.requests(seen, most) + checks.source(page) + checks.structure(page)
    assert checks.current_steps(page) == situation.current
    faults += (
        _barriers(page, product(sizes, SCHEMES)) + checks.sideways(page) + checks.silence(seen)
    )
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("situation", _params(*(one for one in situations.EVERY if one.headings)))
def test_the_sections_stand_in_the_order_in_which_they_were_drawn(
    page: Page, sites: Sites, situation: Situation
) -> None:
    """Needs, story, road, outcomes, files, log, foot: one order for ears, phones and desktops."""
    _open(page, sites, situation)
    assert tuple(checks.headings(page)) == situation.headings


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "situation",
    _params(situations.MAIN, *(one for one in situations.FURTHER if one.headings)),
)
def test_the_first_screen_answers_before_anyone_scrolls(
    page: Page, sites: Sites, situation: Situation, size: ViewportSize
) -> None:
    """Where we are, whether it is on course, the next update, what is needed, what happened."""
    _open(page, sites, situation)
    assert checks.first_screen(page, size) == []


REQUEST = """\
  - ask: Send us the photo of your new front desk
    asked: 2026-03-02
    by: 2026-03-09
    takes: about 5 minutes
"""


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The first sample with a third request."""
    root = tmp_path_factory.mktemp("asking")
    workspace = copy_workspace(WORKSPACES / "samples", root / "agency")
    step = "projects/larkfield-vets/website/milestones/05-page-texts.md"
    workspace.edit(step, "    approval: true\n", f"    approval: true\n{REQUEST}")
    assert workspace.build().code == 0
    with served(
        Built(folder=workspace.site, tokens=tokens_of(workspace.root)), root / "nginx"
    ) as site:
        yield site


def _requests(page: Page) -> tuple[int, int]:
    """Count the columns and the rows in which the requests stand."""
    boxes = [item.bounding_box() for item in page.locator(".need li").all()]
    return len({box["x"] for box in boxes if box}), len({box["y"] for box in boxes if box})


def test_three_requests_stand_side_by_side_where_there_is_room(page: Page, asking: Site) -> None:
    """So that the story still begins on the first screen; not on phones and on paper."""
    visit(page, asking, asking.address("larkfield-vets"))
    assert checks.first_screen(page, DESKTOP) == []
    assert _requests(page) == (3, 1)
    assert checks.headings(page)[0] == "We need 3 things from you"
    assert _barriers(page, product((DESKTOP, PHONE), SCHEMES)) + checks.sideways(page) == []
    assert checks.first_screen(page, PHONE) == []
    assert _requests(page) == (1, 3)
    page.set_viewport_size(DESKTOP)
    page.emulate_media(media="print")
    assert _requests(page) == (1, 3)


@pytest.mark.parametrize("situation", _params(situations.MAIN, situations.CHANGES))
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_while_a_page_comes_up(
    page: Page, sites: Sites, situation: Situation, size: ViewportSize
) -> None:
    """Pictures have their place before they arrive."""
    page.set_viewport_size(size)
    _open(page, sites, situation)
    assert jumps(page) == []


@pytest.mark.parametrize("situation", _params(situations.MAIN, *situations.FURTHER))
def test_a_page_needs_no_script(page: Page, sites: Sites, situation: Situation) -> None:
    """With scripts forbidden it is the same picture, point for point."""
    page.set_viewport_size(PHONE)
    _open(page, sites, situation)
    assert difference_without_scripts(page) == []


@pytest.mark.parametrize(
    "situation",
    _params(situations.MAIN, situations.FINISHED, situations.NOT_STARTED, situations.LATE),
)
def test_up_to_eight_steps_stand_side_by_side_on_wide_screens(
    page: Page, sites: Sites, situation: Situation
) -> None:
    """The road runs to the side at 1280 pixels; down at 390, and where large text needs room."""
    page.set_viewport_size(DESKTOP)
    _open(page, sites, situation)
    wide = checks.road(page)
    assert len({top for _, top in wide}) == 1
    assert [left for left, _ in wide] == sorted({left for left, _ in wide})
    page.set_viewport_size(PHONE)
    narrow = checks.road(page)
    page.set_viewport_size(DESKTOP)
    checks.enlarge_text(page, 200)
    for road in (narrow, checks.road(page)):
        assert len({left for left, _ in road}) == 1
        assert [top for _, top in road] == sorted({top for _, top in road})
        assert len(road) == len(wide)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_more_than_twelve_steps_are_folded(page: Page, sites: Sites, size: ViewportSize) -> None:
    """Two before here, here, four after it and the finish: the rest opens with Enter."""
    page.set_viewport_size(size)
    _open(page, sites, situations.THIRTY)
    shown = checks.road(page)
    assert len(shown) == 8
    assert len({left for left, _ in shown}) == 1
    fold = page.locator("details.fold summary")
    assert fold.count() == 2
    fold.first.focus()
    page.keyboard.press("Enter")
    assert len(checks.road(page)) > len(shown)
    fold.last.focus()
    page.keyboard.press("Enter")
    assert len(checks.road(page)) == 30


@pytest.mark.parametrize(
    "situation",
    _params(
        situations.MAIN,
        situations.THIRTY,
        situations.OVERVIEW,
        situations.STEP,
        situations.NOT_FOUND,
    ),
)
def test_a_page_can_be_read_with_the_keyboard_alone(
    page: Page, sites: Sites, situation: Situation
) -> None:
    """The skip link comes first, every stop has a ring to see, and the order is that of reading."""
    page.set_viewport_size(PHONE)
    _open(page, sites, situation)
    assert not checks.keyboard(page, is_neutral=situation.is_neutral)


def test_the_skip_link_leads_to_the_content(page: Page, sites: Sites) -> None:
    """Tab, Enter: the reader stands in the content."""
    _open(page, sites, situations.MAIN)
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("situation", _params(situations.MAIN, situations.FINISHED))
def test_nothing_moves_for_readers_who_asked_for_calm(
    page: Page, sites: Sites, situation: Situation
) -> None:
    """For the others it moves once, for less than a second, and never begins from nothing."""
    _open(page, sites, situation)
    assert checks.motions(page) == []
    page.emulate_media(reduced_motion="no-preference")
    assert checks.motions(page)
    assert checks.restless(page) == []


@pytest.mark.parametrize(
    "situation",
    _params(
        *(*situations.LANDINGS, situations.SCOPE, situations.WHAT_TO_EXPECT),
        *(*situations.PROSPECTS, *situations.FURTHER),
    ),
)
def test_a_page_prints_on_one_sheet(page: Page, sites: Sites, situation: Situation) -> None:
    """One A4 page for the pin board, without buttons and without the private address."""
    page.set_viewport_size(DESKTOP)
    _open(page, sites, situation)
    assert checks.printed_pages(page) == 1
    assert not checks.printed_words(page)


@pytest.mark.every
@pytest.mark.parametrize("case", CASES)
def test_every_page_of_a_site_is_quiet_whole_and_without_barriers(
    page: Page, sites: Sites, case: str
) -> None:
    """What holds for the sample holds for each step page, each list of changes and each folder."""
    site = sites(case)
    faults = []
    addresses = site.page_addresses()
    assert addresses
    for address in addresses:
        way = f"{address}index.html" if address.endswith("/") else address
        html = (site.folder / way[1:]).read_bytes()
        loaded = [site.folder / need for need in needs_of(way, html) if not need.endswith(".html")]
        content = (html, *(path.read_bytes() for path in loaded if path.is_file()))
        if content in LOOKED_AT:
            continue
        LOOKED_AT.add(content)
        page.set_viewport_size(PHONE)
        seen = visit(page, site, address)
        found = checks.source(page) + checks.structure(page)
        is_neutral = page.locator(".skip").count() == 0
        found += checks.keyboard(page, is_neutral=is_neutral)
        found += _barriers(page, ((PHONE, "light"), (DESKTOP, "dark")))
        found += checks.sideways(page) + checks.silence(seen)
        faults += [f"{address}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)
