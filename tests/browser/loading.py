"""How a page comes up: soon on a phone far from a mast, which `make bench` measures, and still."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

BITS_A_SECOND = 1_600_000
LATENCY = 150
"""Milliseconds."""
TIMES_SLOWER = 4
SHIFT_TO_SEE = 0.0005
LATE = re.compile(r"\.(jpe?g|png|webp|gif|svg|woff2)$")
"""What a slow line brings after the words."""


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
    """Nothing moves when pictures and fonts come after the words, however late."""
    held: list[Route] = []
    page.route(LATE, lambda route: held.append(route))  # noqa: PLW0108 - the handler is given an attribute
    page.goto(page.url, wait_until="domcontentloaded")
    page.evaluate(
        "new Promise(done => new PerformanceObserver(done).observe({type: 'paint', buffered: true}))"
        ".then(() => null)"
    )
    for route in held:
        route.continue_()
    page.unroute(LATE)
    shift = page.evaluate(
        """async () => {
            let shift = 0;
            const add = list => list.getEntries().forEach(e => { shift += e.value });
            const observer = new PerformanceObserver(add);
            observer.observe({type: 'layout-shift', buffered: true});
            const pictures = [...document.images].map(image => image.complete
                || new Promise(done => { image.onload = image.onerror = done; image.loading = 'eager' }));
            await Promise.all([...pictures, document.fonts.ready]);
            for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
            add({getEntries: () => observer.takeRecords()});
            return shift;
        }"""
    )
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
