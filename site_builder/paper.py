"""A finished page as a PDF file. The only module that imports weasyprint, and only when asked.

WeasyPrint reads the page's own HTML and its rules for print; what it cannot do stands in the
theme's css/paper.css. Nothing is fetched: the stylesheets, the logo and the fonts are handed over.
The file names no tool, no time and no private address.
"""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

STYLESHEET = "paper.css"
SVG = "{http://www.w3.org/2000/svg}"
KINDS = {"css": "text/css", "svg": "image/svg+xml"}
"""What is not told by the bytes."""
LEADS_OUT = ("https:", "http:", "mailto:", "tel:")
INSTALL = "install both: pip install 'site-builder[pdf]', and Pango (Debian: libpangoft2-1.0-0)"
DRAWN = {
    "fill": "none", "stroke": "currentColor", "stroke-width": "2.25",
    "stroke-linecap": "round", "stroke-linejoin": "round",
}  # fmt: skip
"""How the stylesheet draws every icon."""
FILLED = {"fill": "currentColor", "stroke": "none"}
"""How it draws the agency's mark, and the way to a goal."""
WHOLE_WAY = "track__all"


@functools.cache
def missing() -> str:
    """Say what this machine lacks to make PDF files; empty where nothing is missing."""
    try:
        import weasyprint.html
    except ImportError:
        return "WeasyPrint is not installed"
    except OSError:
        return "WeasyPrint does not find Pango, the system's library that sets text"
    handlers = weasyprint.html.HTML_HANDLERS
    draw = handlers[f"{SVG}svg"]

    def drawn(element: Element, box: Any, *rest: Any) -> Any:
        """Draw an icon in the colour of the text around it, as browsers do."""
        red, green, blue, _ = box.style["color"].to("srgb")
        colour = "".join(f"{round(part * 255):02x}" for part in (red, green, blue))
        for part in element.iter():
            part.set("color", f"#{colour}")
        return draw(element, box, *rest)

    handlers[f"{SVG}svg"] = drawn
    return ""


def _prepare(page: Element, style: str) -> None:
    """Give each icon its drawing; leave out links that lead nowhere from a file on its own."""
    symbols = {symbol.get("id", ""): symbol for symbol in page.iter(f"{SVG}symbol")}
    for drawing in page.iter(f"{SVG}svg"):
        used = drawing.find(f"{SVG}use")
        symbol = None if used is None else symbols.get(used.get("href", "").removeprefix("#"))
        if symbol is not None:
            drawing[:] = [copy.deepcopy(part) for part in symbol]
            drawing.set("viewBox", symbol.get("viewBox", ""))
        for name, value in (FILLED if symbol is None else DRAWN).items():
            drawing.set(name, value)
        for part in drawing.iter(f"{SVG}rect"):
            if part.get("class") == WHOLE_WAY:
                part.set("fill-opacity", ".2")
    for link in page.iter("a"):
        if not link.get("href", "").startswith(LEADS_OUT):
            link.attrib.pop("href", None)
    head = page.find("head")
    sheet = page.makeelement("style", {})
    sheet.text = style
    if head is not None:
        head.append(sheet)


def _without_producer(_document: Any, pdf: Any) -> None:
    pdf.info.pop("Producer", None)


def draw(html: str, style: str, assets: Path) -> bytes:
    """Make the PDF of a page: `assets` is the folder of the shared files, `style` is paper.css."""
    missing()  # sets it up
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Shelf(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.rpartition("/")[2]
            kind = KINDS.get(name.rpartition(".")[2], "")
            headers = {"Content-Type": kind} if kind else None
            return URLFetcherResponse(url, (assets / name).read_bytes(), headers)

    page = HTML(string=html, base_url="file:///", url_fetcher=Shelf())
    _prepare(page.etree_element, style)
    made: bytes = page.write_pdf(finisher=_without_producer, pdf_tags=True)
    return made
