"""What must hold on a page, whoever wrote it: each check lists what it finds wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

    from tests.browser.serve import Site

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
TABLET: ViewportSize = {"width": 768, "height": 1024}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LEAST_TARGET = 24
LEAST_RING = 3
LONGEST_MOTION = 0.7
MOST_STOPS = 200
ACCESSIBILITY_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Visit:
    """A page that was opened: what it asked for, and what the browser said about it."""

    page: Page
    site: Site
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((f"{self.site.url}/", "data:")):
            self.faults.append(f"asks another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.status}: {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        self.faults.append(f"console: {message.text}")

    def open(self, address: str) -> Visit:
        """Go to the page and listen."""
        page = self.page
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url}"))
        page.goto(self.site.url + address)
        return self


def visit(page: Page, site: Site, address: str) -> Visit:
    """Open a page of a site."""
    return Visit(page, site).open(address)


def silence(seen: Visit) -> list[str]:
    """No word in the console, no request to others, and nothing left on the reader's device."""
    kept = seen.page.evaluate(
        """async () => [
            ...Object.keys(localStorage), ...Object.keys(sessionStorage),
            ...(await indexedDB.databases()).map(found => found.name),
        ]"""
    )
    kept += [cookie.get("name") for cookie in seen.page.context.cookies()]
    return [*seen.faults, *(f"kept on the device: {name}" for name in kept)]


def request_count(seen: Visit) -> int:
    """Count what a browser asks for, pictures apart; a headless one leaves the icon out."""
    icons, pictures = seen.page.evaluate(
        "['link[rel=icon]', 'img'].map(s => [...document.querySelectorAll(s)].map(e => e.href ?? e.src))"
    )
    return len({*seen.requests, *icons} - set(pictures))


def source(page: Page) -> list[str]:
    """No script, no style outside of the stylesheets."""
    found = page.evaluate(
        """() => [...document.querySelectorAll('script, style, [style], iframe, form, object, embed')]
            .map(e => e.outerHTML.slice(0, 80))
            .concat([...document.querySelectorAll('*')].flatMap(e =>
                [...e.attributes].filter(a => a.name.startsWith('on')).map(a => `${a.name} on ${e.localName}`)))"""
    )
    return [f"not allowed: {html}" for html in found]


def structure(page: Page) -> list[str]:
    """One h1, no level left out, one `aria-current=step` at most, an h3 for each step."""
    seen: dict[str, Any] = page.evaluate(
        """() => ({
            levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.localName[1]),
            current: document.querySelectorAll('[aria-current=step]').length,
            bare: [...document.querySelectorAll('.road__stop')].filter(e => e.querySelectorAll('h3').length !== 1).length,
            ids: [...document.querySelectorAll('[id]')].map(e => e.id),
        })"""
    )
    levels: list[int] = seen["levels"]
    faults = []
    if levels.count(1) != 1:
        faults.append(f"{levels.count(1)} h1")
    previous = levels[0] if levels else 0
    for level in levels:
        if level > previous + 1:
            faults.append(f"h{level} follows h{previous}")
        previous = level
    if seen["current"] > 1:
        faults.append(f"{seen['current']} current steps")
    if seen["bare"]:
        faults.append(f"{seen['bare']} steps without their h3")
    doubled = {name for name in seen["ids"] if seen["ids"].count(name) > 1}
    return faults + [f"two elements with the id {name}" for name in sorted(doubled)]


def current_steps(page: Page) -> int:
    """Count the steps that are marked as the current one."""
    return page.locator("[aria-current=step]").count()


def open_details(page: Page) -> None:
    """Unfold everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")


def accessibility(page: Page) -> list[str]:
    """Nothing that axe knows as a barrier, with everything unfolded."""
    open_details(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        "(options) => axe.run(options).then(found => found.violations)",
        {
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": ACCESSIBILITY_RULES},
        },
    )
    return [
        f"{found['id']}: {node['html'][:120]} {node['failureSummary'].splitlines()[-1].strip()}"
        for found in violations
        for node in found["nodes"]
    ]


def enlarge_text(page: Page, percent: int) -> None:
    """Make all text larger, as readers can."""
    page.evaluate("(size) => { document.documentElement.style.fontSize = size }", f"{percent}%")


def sideways(page: Page) -> list[str]:
    """No scrolling to the side: on the narrowest screen, on others, with text twice as large."""
    open_details(page)
    faults = []
    for size, percent in ((NARROWEST, 100), (PHONE, 100), (DESKTOP, 100), (DESKTOP, 200)):
        page.set_viewport_size(size)
        enlarge_text(page, percent)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            faults.append(f"{over} px too wide at {size['width']} px, text at {percent}%")
    page.evaluate("document.documentElement.removeAttribute('style')")
    return faults


def small_targets(page: Page) -> list[str]:
    """Whatever can be pressed is large enough; links in a sentence are as high as its lines."""
    found = page.evaluate(
        """(least) => [...document.querySelectorAll('a, summary, button')].flatMap(e => {
            if (e.classList.contains('skip') || !e.checkVisibility()) return [];
            const block = e.closest('p, li, td, dd, dt, h3, blockquote');
            const isInSentence = getComputedStyle(e).display === 'inline' && block
                && block.textContent.trim() !== e.textContent.trim();
            const {width, height} = e.getBoundingClientRect();
            return isInSentence || Math.min(width, height) >= least - 0.01
                ? [] : [`${width.toFixed(1)} x ${height.toFixed(1)}: ${e.textContent.trim()}`];
        })""",
        LEAST_TARGET,
    )
    return [f"too small to press: {target}" for target in found]


def keyboard(page: Page, *, is_neutral: bool = False) -> list[str]:
    """Tab leads to the skip link first, then on in the order of reading, with a ring to see."""
    faults = []
    last = -1
    for number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (!e || e === document.body) return null;
                const style = getComputedStyle(e), box = e.getBoundingClientRect();
                return {
                    index: [...document.querySelectorAll('*')].indexOf(e), isSkip: e.classList.contains('skip'),
                    ring: style.outlineStyle === 'solid' ? parseFloat(style.outlineWidth) : 0,
                    isSeen: box.bottom > 0 && box.top < innerHeight && box.width > 0, text: e.textContent.trim(),
                };
            }"""
        )
        if stop is None or stop["index"] == last:
            break
        if number == 0 and not stop["isSkip"] and not is_neutral:
            faults.append(f"first stop: {stop['text']}")
        if stop["index"] < last:
            faults.append(f"back to: {stop['text']}")
        if stop["ring"] < LEAST_RING or not stop["isSeen"]:
            faults.append(f"no ring to see: {stop['text']}")
        last = stop["index"]
    return faults


def motions(page: Page) -> list[dict[str, Any]]:
    """List what moves: seconds, and how often."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(e => {
            const style = getComputedStyle(e);
            return style.animationName === 'none' && parseFloat(style.transitionDuration) === 0 ? [] : [{
                what: e.localName, seconds: parseFloat(style.animationDuration), times: style.animationIterationCount,
            }];
        })"""
    )
    return found


def printed_pages(page: Page) -> int:
    """Print to A4 and count the sheets."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def printed_words(page: Page) -> list[str]:
    """On paper stand no buttons and no addresses of ours."""
    page.emulate_media(media="print")
    buttons = page.evaluate(
        """() => [...document.querySelectorAll('.btn, .skip, .back, .neighbours, button')]
            .filter(e => e.checkVisibility()).map(e => e.textContent.trim())"""
    )
    text: str = page.evaluate("document.body.innerText")
    after = page.evaluate(
        """() => [...document.querySelectorAll('a')].map(e => getComputedStyle(e, '::after').content)
            .filter(content => content.includes('/'))"""
    )
    page.emulate_media(media="screen")
    addresses = re.findall(r"https?://\S+|/c/\S+|\b[a-z2-7]{26}\b", text) + after
    return [f"printed: {words}" for words in (*buttons, *addresses)]


def headings(page: Page) -> list[str]:
    """List the page's sections, in the order of reading."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('h2')].map(e => e.textContent.replace(/\\s+/g, ' ').trim())"
    )
    return found


def bottoms(page: Page, *selectors: str) -> dict[str, float]:
    """Tell where the last element of each selector ends, from the top of the page."""
    page.evaluate("scrollTo(0, 0)")
    found: dict[str, float] = page.evaluate(
        """(selectors) => Object.fromEntries(selectors.map(s => {
            const all = [...document.querySelectorAll(s)];
            return [s, all.length ? Math.max(...all.map(e => e.getBoundingClientRect().bottom)) : Infinity];
        }))""",
        list(selectors),
    )
    return found


def road(page: Page) -> list[tuple[float, float]]:
    """Tell where the visible steps of the road stand: left and top of each disc."""
    found = page.evaluate(
        """() => [...document.querySelectorAll('.road__stop > .road__node')]
            .filter(e => e.checkVisibility({contentVisibilityAuto: true}))
            .map(e => e.getBoundingClientRect()).map(box => [Math.round(box.left), Math.round(box.top)])"""
    )
    return [(left, top) for left, top in found]
