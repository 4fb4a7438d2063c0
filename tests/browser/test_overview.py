"""The agency's overview as a page: a file that a browser opens from the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import checks
from tests.browser.checks import DESKTOP, PHONE, SCHEMES
from tests.workspace import HERON, OTTER, PINE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.checks import Scheme
    from tests.workspace import Workspace

pytestmark = pytest.mark.browser

WAITING = """\
---
label: The shop is open
state: waiting
now: waiting for your prices
due: 2026-03-06
at_risk: {why: The oven is late.}
needs:
  - {ask: Send us the prices of your bread, asked: 2026-02-16, by: 2026-02-27}
---
## Why it matters
Readers order from home.
## What comes next
We put the prices on the pages by Friday.
"""


@pytest.fixture
def overview(crew: Workspace) -> Path:
    """A page with a client to mend, one that is waited for, and one with two projects."""
    step = "shop/milestones/02-open.md"
    crew.write(f"projects/{PINE}/{step}", WAITING)
    crew.edit(f"projects/{HERON}/{step}", "2026-04-24", "friday")
    for path in (crew.root / f"projects/{OTTER}/shop").rglob("*.*"):
        name = path.relative_to(crew.root).as_posix().replace("/shop/", "/van/")
        crew.write(name, path.read_bytes())
    crew.run("overview", "--format", "html", "--today", "2026-03-02")
    return crew.root / ".cache/overview.html"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_read_the_page(page: Page, overview: Path, scheme: Scheme) -> None:
    """No barrier, nothing too wide, nothing that the browser complains about or asks for."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url))
    page.emulate_media(color_scheme=scheme)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        page.goto(overview.as_uri())
        assert checks.accessibility(page) == []
    assert checks.sideways(page) == []
    assert set(said) == {overview.as_uri()}


def test_it_can_be_printed(page: Page, overview: Path) -> None:
    """For the meeting: one sheet for a handful of clients."""
    page.goto(overview.as_uri())
    assert checks.printed_pages(page) == 1
    assert checks.headings(page)[:2] == [
        "To be mended: their page is not being updated (1)",
        "At risk (1)",
    ]
