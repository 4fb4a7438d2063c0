"""How a page comes up on a phone far from a mast: `make bench` prints it, the tests hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

BITS_A_SECOND = 1_600_000
LATENCY = 150
"""Milliseconds."""
TIMES_SLOWER = 4
MOST_SECONDS = 1.0
SHIFT_TO_SEE = 0.0005


@dataclass(frozen=True, slots=True)
class Loading:
    """What a reader waits for, and whether anything jumps meanwhile."""

    seconds: float
    """Until the largest text or picture stands there."""
    shift: float
    """How much moved without being asked."""


def measure_loading(page: Page, address: str) -> Loading:
    """Open an address on a slow phone with an empty cache; the page's size is the caller's."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BITS_A_SECOND / 8,
            "uploadThroughput": BITS_A_SECOND / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": TIMES_SLOWER})
    page.goto(address)
    found = page.evaluate(
        """() => new Promise(done => {
            let largest = 0, shift = 0;
            new PerformanceObserver(list => list.getEntries().forEach(e => { largest = e.startTime }))
                .observe({type: 'largest-contentful-paint', buffered: true});
            new PerformanceObserver(list => list.getEntries().forEach(e => { shift += e.value }))
                .observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done([largest / 1000, shift]), 200);
        })"""
    )
    session.detach()
    return Loading(*found)


def jumps(page: Page) -> list[str]:
    """Nothing moves while the page comes up."""
    shift = measure_loading(page, page.url).shift
    return [f"moves while it loads: {shift:.3f}"] if shift > SHIFT_TO_SEE else []


def difference_without_scripts(page: Page) -> list[str]:
    """The page looks the same where no script may run, to the last point."""
    browser, size = page.context.browser, page.viewport_size
    assert browser
    pictures = []
    for is_on in (True, False):
        context = browser.new_context(
            java_script_enabled=is_on, viewport=size, reduced_motion="reduce"
        )
        tab = context.new_page()
        tab.goto(page.url)
        pictures.append(tab.screenshot(full_page=True))
        context.close()
    return [] if pictures[0] == pictures[1] else ["looks different without scripts"]
