"""One page of a client's site: what `pages` decides, `render` draws and `assemble` writes.

Only strings and paths go on from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from site_builder.language import Language


BOX = "\ufffc"
"""What stands in a shell where the ciphertext shall stand: Unicode's sign for an object."""
PDF_FILE = "progress.pdf"
"""In a project's folder: its page on paper, where the agency asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The shared files that pages link to."""

    folder: str
    """From the site's root, with a slash at the end."""
    brand: str
    """The stylesheet with the brand colour."""
    icon: str
    """The favicon; its ending tells its type."""
    touch_icon: str
    """The home-screen icon."""
    logo: str
    """The agency's logo; empty where there is none."""
    logo_size: tuple[int, int] | None = None
    """Its width and height, where they are known."""
    logo_dark: str = ""
    """The logo for dark screens; empty where there is none."""
    logo_dark_size: tuple[int, int] | None = None
    colour_light: str
    colour_dark: str


@dataclass(frozen=True, slots=True)
class Prose:
    """An author's Markdown in the place of a string; `render` makes HTML of it."""

    text: str
    paragraph: int | None = None
    """None: all of it. 0 or 1: only that paragraph, without a block around it."""
    name: str = ""
    """Sets apart the ids of several proses on one page."""

    def __bool__(self) -> bool:
        """Tell whether anything is written."""
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """What pages show of one picture of a project; names are from the project's folder."""

    size: tuple[int, int]
    """Width and height of the widest copy, in pixels."""
    source: str
    """The copy for every browser."""
    copies: tuple[tuple[str, int], ...] = ()
    """Smaller files for most browsers, each with its width; narrow ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiles:
    """What Markdown of one project may point to, from the page's folder."""

    base: str
    """The way from the page to the project's folder: `../`, `website/` …"""
    pictures: Mapping[str, ShownPicture]
    """Pictures that may be shown."""
    files: frozenset[str]
    """Files that may be linked."""
    steps: Mapping[str, str]
    """From a milestone's file to its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page before it is drawn."""

    address: str
    """The folder from the client's folder, empty or ending with `/`."""
    template: str
    """The template of its `<main>`, from theme/."""
    document: str = "document.html"
    """The template around it."""
    title: str
    language: Language
    root: str
    """The way from the page to the site's root."""
    assets: str
    """The folder of shared assets, from the site's root."""
    stylesheets: tuple[str, ...]
    """Files in `assets`, in order."""
    view: Mapping[str, object]
    """What the templates show: strings, Prose, and plain views."""
    files: SiteFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPage:
    """A page whose parts are HTML; `assemble` puts the document around it."""

    address: str
    document: str
    main: str
    """Safe HTML."""
    context: Mapping[str, object]
    """Further safe strings that the document shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedFile:
    """A file beside the pages: its bytes, or where they are."""

    address: str
    """From the client's folder."""
    content: bytes | Path
