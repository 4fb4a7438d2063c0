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
HALF: ViewportSize = {"width": 640, "height": 800}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LEAST_TARGET, LEAST_BUTTON = 24, 44
LEAST_CONTRAST, LEAST_OF_TEXT = 3, 4.5
"""Of shapes, icons and large text against their ground; of other text."""
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

    def _failed(self, request: Request) -> None:
        if request.url in self.requests:  # and not by the page that stood here before
            self.faults.append(f"failed: {request.url}")

    def open(self, address: str) -> Visit:
        """Go to the page and listen."""
        page = self.page
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
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


def requests(seen: Visit, most: int) -> list[str]:
    """Few requests, pictures of any size apart; a headless browser leaves the icon out."""
    icons, pictures = seen.page.evaluate(
        """() => [
            [...document.querySelectorAll('link[rel=icon]')].map(e => e.href),
            [...document.querySelectorAll('img, picture source')].flatMap(e =>
                [e.src, ...e.srcset.split(',').map(size => size.trim().split(' ')[0])]
                    .filter(Boolean).map(address => new URL(address, document.baseURI).href)),
        ]"""
    )
    asked = {*seen.requests, *icons} - set(pictures)
    return [] if len(asked) <= most else [f"asks {len(asked)} times: {sorted(asked)}"]


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
    """One h1, no level left out, one `aria-current=step` at most, an h3 a step, nothing empty."""
    seen: dict[str, Any] = page.evaluate(
        """() => ({
            levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.localName[1]),
            current: document.querySelectorAll('[aria-current=step]').length,
            bare: [...document.querySelectorAll('.road__stop')].filter(e => e.querySelectorAll('h3').length !== 1).length,
            empty: [...document.querySelectorAll('main :is(p, ul, ol, dl, li, dt, dd, h1, h2, h3, h4)')]
                .filter(e => !e.textContent.trim() && !e.querySelector('img') && !e.closest('.prose')).map(e => e.outerHTML),
            silent: [...document.querySelectorAll('main section:not(.need)')].map(e => [e, e.querySelector('h2')])
                .filter(([e, h2]) => h2 && e.textContent.trim() === h2.textContent.trim()).map(([, h2]) => h2.textContent),
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
    faults += [f"empty: {html[:80]}" for html in seen["empty"]]
    faults += [f"says nothing: {heading}" for heading in seen["silent"]]
    doubled = {name for name in seen["ids"] if seen["ids"].count(name) > 1}
    return faults + [f"two elements with the id {name}" for name in sorted(doubled)]


def current_steps(page: Page) -> int:
    """Count the steps that are marked as the current one."""
    return page.locator("[aria-current=step]").count()


def open_details(page: Page) -> None:
    """Unfold everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")


def accessibility(page: Page, *, with_colours: bool = True) -> list[str]:
    """Nothing that axe knows as a barrier, with everything unfolded; contrast may be left out."""
    open_details(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        "(options) => axe.run(options).then(found => found.violations)",
        {
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": ACCESSIBILITY_RULES},
            "rules": {"color-contrast": {"enabled": with_colours}},
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
    sizes = ((DESKTOP, 100), (DESKTOP, 200), (HALF, 200), (NARROWEST, 100), (PHONE, 100))
    for size, percent in sizes:
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
        """([least, button]) => [...document.querySelectorAll('a, summary, button')].flatMap(e => {
            if (e.classList.contains('skip') || !e.checkVisibility()) return [];
            const block = e.closest('p, li, td, dd, dt, h3, blockquote');
            const isInSentence = getComputedStyle(e).display === 'inline' && block
                && block.textContent.trim() !== e.textContent.trim();
            const {width, height} = e.getBoundingClientRect();
            return isInSentence || Math.min(width, height) >= (e.matches('.btn, .reply') ? button : least) - 0.01
                ? [] : [`${width.toFixed(1)} x ${height.toFixed(1)}: ${e.textContent.trim()}`];
        })""",
        [LEAST_TARGET, LEAST_BUTTON],
    )
    return [f"too small to press: {target}" for target in found]


def keyboard(page: Page, *, is_neutral: bool = False) -> list[str]:
    """Tab leads to the skip link first, then on in the order of reading, with a ring to see."""
    faults = []
    first = last = -1
    for number in range(MOST_STOPS):
        page.keyboard.down("Tab")
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
        if stop is None or stop["index"] in {first, last}:
            break
        first = stop["index"] if number == 0 else first
        if number == 0 and not stop["isSkip"] and not is_neutral:
            faults.append(f"first stop: {stop['text']}")
        if stop["index"] < last:
            faults.append(f"back to: {stop['text']}")
        if stop["ring"] < LEAST_RING or not stop["isSeen"]:
            faults.append(f"no ring to see: {stop['text']}")
        last = stop["index"]
    page.keyboard.up("Tab")
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


def restless(page: Page) -> list[str]:
    """What moves, moves once and shortly, and can be seen whole in every frame."""
    faults = [
        f"moves too long: {found['what']}"
        for found in motions(page)
        if found["times"] != "1" or found["seconds"] > LONGEST_MOTION
    ]
    hidden: list[str] = page.evaluate(
        """() => document.getAnimations().flatMap(motion => {
            motion.pause();
            const {delay, duration} = motion.effect.getTiming(), e = motion.effect.target;
            return [0, 0.01, 0.25, 0.5, 0.75, 1].filter(part => {
                motion.currentTime = part && delay + part * duration;
                const box = e.getBoundingClientRect();
                return getComputedStyle(e).opacity !== '1' || box.width < 1 || box.height < 1;
            }).map(part => `hidden at ${part}: ${e.localName}`);
        })"""
    )
    return faults + hidden


def faint(page: Page) -> list[str]:
    """Texts, shapes and icons stand out from their ground: at once, where axe takes its time."""
    found: list[str] = page.evaluate(
        """([least, ofText]) => {
            const read = text => text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
            const isSolid = ([, , , opacity = 1]) => opacity > 0.99;
            const light = colour => colour.slice(0, 3).map(part => part / 255)
                .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
            const contrast = (one, other) => {
                const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
                return (high + 0.05) / (low + 0.05);
            };
            const ground = e => {
                const colour = read(getComputedStyle(e).backgroundColor);
                return isSolid(colour) || !e.parentElement ? colour : ground(e.parentElement);
            };
            const strength = e => e ? getComputedStyle(e).opacity * strength(e.parentElement) : 1;
            const texts = [...document.querySelectorAll('body *')]
                .filter(e => [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
                .map(e => {
                    const {color, fontSize, fontWeight} = getComputedStyle(e), back = ground(e), full = read(color);
                    const share = strength(e) * (full[3] ?? 1), isLarge = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
                    const seen = full.slice(0, 3).map((part, n) => part * share + back[n] * (1 - share));
                    return [e, [seen], back, isLarge ? least : ofText];
                });
            const shapes = [...document.querySelectorAll('.road__node, .meter i, .btn, .win__tick, .task')]
                .map(e => {
                    const style = getComputedStyle(e), colours = [read(style.backgroundColor)];
                    if (parseFloat(style.borderTopWidth)) colours.push(read(style.borderTopColor));
                    return [e, colours.filter(isSolid), ground(e.parentElement)];
                });
            const icons = [...document.querySelectorAll('main svg:has(use)')]
                .map(e => [e, [read(getComputedStyle(e).stroke)], ground(e.parentElement)]);
            const tracks = [...document.querySelectorAll('.track__now')]
                .map(e => [e, [read(getComputedStyle(e).fill)], ground(e.closest('li'))]);
            return [...texts, ...shapes, ...icons, ...tracks].filter(([e]) => e.checkVisibility())
                .map(([e, colours, back, wanted = least]) => [e, Math.max(0, ...colours.map(c => contrast(c, back))), wanted])
                .filter(([, best, wanted]) => best < wanted)
                .map(([e, best]) => `faint, ${best.toFixed(2)}: ${e.outerHTML.slice(0, 90)}`);
        }""",
        [LEAST_CONTRAST, LEAST_OF_TEXT],
    )
    return found


def printed_pages(page: Page) -> int:
    """Print to A4 and count the sheets."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def printed_words(page: Page) -> list[str]:
    """On paper stand no buttons and no addresses of ours; dates that were promised before stay."""
    page.emulate_media(media="print")
    buttons = page.evaluate(
        """() => [...document.querySelectorAll('.btn, .reply, .dates, .skip, .back, .neighbours, button')]
            .filter(e => e.checkVisibility()).map(e => e.textContent.trim())"""
    )
    text: str = page.evaluate("document.body.innerText")
    after = page.evaluate(
        """() => [...document.querySelectorAll('a')].map(e => getComputedStyle(e, '::after').content)
            .filter(content => content.includes('/'))"""
    )
    lost = page.evaluate(
        "[...document.querySelectorAll('.was')].filter(e => !e.checkVisibility()).map(e => e.textContent)"
    )
    page.emulate_media(media="screen")
    addresses = re.findall(r"https?://\S+|/c/\S+|\b[a-z2-7]{26}\b", text) + after
    return [
        *(f"printed: {words}" for words in (*buttons, *addresses)),
        *(f"not printed: {date}" for date in lost),
    ]


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


def first_screen(page: Page, size: ViewportSize) -> list[str]:
    """Where we are, on course or not, the next update, what is needed, what happened: at once."""
    page.set_viewport_size(size)
    parts = [".hero h1", ".hero .verdict", ".hero .fresh"]
    parts += [".need h2"] if size == PHONE else [".need h2, .need li:first-child", ".story h2"]
    ends = bottoms(page, *(part for part in parts if page.locator(part).count()))
    return [f"{part} ends at {end:.0f}" for part, end in ends.items() if end > size["height"]]


def road(page: Page) -> list[tuple[float, float]]:
    """Tell where the visible steps of the road stand: left and top of each disc."""
    found = page.evaluate(
        """() => [...document.querySelectorAll('.road__stop > .road__node')]
            .filter(e => e.checkVisibility({contentVisibilityAuto: true}))
            .map(e => e.getBoundingClientRect()).map(box => [Math.round(box.left), Math.round(box.top)])"""
    )
    return [(left, top) for left, top in found]
