"""The live preview in a real browser: it follows every save, and says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import checks
from tests.browser.checks import DESKTOP, PHONE, SCHEMES
from tests.preview import running
from tests.workspace import KEY, OTTER, PINE, PLANNED, TOKENS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.preview import Running

pytestmark = pytest.mark.browser

FILE = f"projects/{OTTER}/shop/milestones/02-open.md"
OTTERS, PINES = f"/c/{TOKENS[OTTER]}/", f"/c/{TOKENS[PINE]}/"


@pytest.fixture
def live(workspace: Workspace) -> Iterator[Running]:
    """A preview of two clients that follows every save."""
    with running(workspace.root) as found:
        yield found


def visited(page: Page, live: Running, address: str) -> list[str]:
    """Open a page; the list fills with what the browser says about policies and scripts."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live.url + address)
    return said


def test_a_page_follows_what_is_saved(page: Page, workspace: Workspace, live: Running) -> None:
    """New words appear; a mistake shows its lines; the page comes back when it is mended."""
    said = visited(page, live, OTTERS)
    workspace.edit(FILE, "The shop is open", "The doors open")
    page.get_by_text("The doors open").first.wait_for()
    workspace.edit(FILE, "due: 2026-04-24", "due: 2026-04-31")
    page.get_by_text("'2026-04-31' is not a date: April 2026 has 30 days").wait_for()
    assert "due: 2026-04-31" in page.locator("pre").inner_text()
    assert page.get_by_role("heading", level=1).inner_text() == "1 problem to mend"
    assert page.title() == "Otter Books: 1 problem to mend \u00b7 Preview"
    workspace.edit(FILE, "due: 2026-04-31", "due: 2026-04-30")
    page.get_by_text("The doors open").first.wait_for()
    workspace.write(FILE, PLANNED.replace("label:", "draft: true\nlabel:"))
    page.get_by_text("Draft, not published").first.wait_for()
    assert [text for text in said if "500 (" not in text] == []


def test_a_save_of_another_client_moves_nothing(
    page: Page, workspace: Workspace, live: Running
) -> None:
    """Who reads one page is not thrown back by what happens to another."""
    said = visited(page, live, PINES)
    page.evaluate("window.untouched = true")
    with page.context.expect_page() as opened:
        page.evaluate(f"void open('{OTTERS}', '_blank')")
    beside = opened.value
    workspace.edit(FILE, "The shop is open", "The doors open")
    beside.get_by_text("The doors open").first.wait_for()
    page.bring_to_front()
    assert page.evaluate("window.untouched")
    assert said == []


def test_the_start_page_the_errors_and_the_note_are_without_barriers(
    page: Page, workspace: Workspace, live: Running
) -> None:
    """Large and small, light and dark: nothing is too wide, too small or too faint."""
    workspace.edit(FILE, "label:", "lable:")
    workspace.write(f"projects/{PINE}/shop/notes.txt", "A thought")
    workspace.write(
        f"projects/{PINE}/shop/milestones/02-open.md",
        PLANNED.replace("label:", "draft: true\nlabel:"),
    )
    visited(page, live, "/")
    page.get_by_text("1 client of 2 needs mending.").wait_for()
    page.get_by_text("1 step not published yet").wait_for()
    faults = []
    for address in ("/", OTTERS, PINES):
        page.goto(live.url + address)
        faults += checks.structure(page) + checks.keyboard(page)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                faults += checks.accessibility(page)
            faults += checks.small_targets(page)
        faults += checks.sideways(page)
    assert faults == []


def test_a_page_with_drafts_says_so_on_screen_and_not_on_paper(
    page: Page, workspace: Workspace, live: Running
) -> None:
    """Above everything else of the page; the policy lets its stylesheet pass."""
    workspace.write(FILE, PLANNED.replace("label:", "draft: true\nlabel:"))
    said = visited(page, live, OTTERS)
    note = page.get_by_role("complementary", name="Preview")
    note.get_by_text("Preview with 1 step that is not published yet").wait_for()
    box, header = note.bounding_box(), page.locator("header").bounding_box()
    assert box
    assert header
    assert box["y"] + box["height"] <= header["y"]
    assert note.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(59, 66, 82)"
    page.emulate_media(media="print")
    assert not note.is_visible()
    assert said == []


def test_the_number_of_warnings_leads_to_the_first(
    page: Page, workspace: Workspace, live: Running
) -> None:
    """Enter there opens it."""
    for client in (OTTER, PINE):
        workspace.write(f"projects/{client}/shop/notes.txt", "A thought")
    visited(page, live, "/")
    page.get_by_role("link", name="2 warnings").click()
    page.keyboard.press("Enter")
    assert page.locator("details.warned").first.evaluate("e => e.open")


def test_a_sealed_page_opens_follows_and_keeps_its_note(
    page: Page, workspace: Workspace, live: Running
) -> None:
    """The start page leads to it with its key; what is saved appears, and drafts are told."""
    token = TOKENS[OTTER]
    workspace.write(FILE, PLANNED.replace("label:", "draft: true\nlabel:"))
    workspace.edit(f"projects/{OTTER}/client.yml", token, f"{token}#{KEY}\nprotection: sealed")
    said = visited(page, live, "/")
    page.locator(f"a[href$='#{KEY}']").first.click()
    page.get_by_role("button", name="Lock this page").wait_for()
    note = page.get_by_role("complementary", name="Preview")
    note.get_by_text("Preview with 1 step that is not published yet").wait_for()
    assert note.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(59, 66, 82)"
    workspace.edit(FILE, "The shop is open", "The doors open")
    page.get_by_text("The doors open").first.wait_for()
    assert said == []
