"""The files that all clients' pages share: stylesheets, the brand's colour, icons.

They stand in one folder named after its content, so that browsers may keep it for ever and a new
theme never meets old pages.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from site_builder import drawings, pictures
from site_builder.brand import WHITE, Brand, derive, stylesheet
from site_builder.fonts import read_font
from site_builder.model.page import Assets
from site_builder.publish.exchange import exchanged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from site_builder.model.written import AgencyFile

LINKS = "links.json"
"""In the cache: what pages say of the files."""
STYLESHEETS = ("progress.css", "more.css", "shell.css")
TOUCH_ICON_SIDE = 180
FAVICON_SIDE = 64
MARK = (
    (16, 5), (18.6, 13.4), (27, 16), (18.6, 18.6), (16, 27), (13.4, 18.6), (5, 16), (13.4, 13.4),
)  # fmt: skip
"""The corners of the neutral mark, a star."""
MARK_SIDE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAssets:
    """The shared files, not yet written."""

    files: Mapping[str, bytes]
    links: Assets

    def packed(self) -> dict[str, bytes]:
        """Put all into files, as the cache keeps it."""
        return {**self.files, LINKS: json.dumps(asdict(self.links)).encode()}


def unpacked(files: Mapping[str, bytes]) -> SharedAssets:
    """Read what `packed` has put into files."""
    links = json.loads(files[LINKS])
    sizes = {name: tuple(links[name]) for name in ("logo_size", "logo_dark_size") if links[name]}
    own = {name: content for name, content in files.items() if name != LINKS}
    return SharedAssets(files=own, links=Assets(**{**links, **sizes}))


def _default_icon(colours: Brand) -> bytes:
    """Draw the neutral mark on a rounded square in the brand's colour."""
    corners = " ".join(f"{x:g} {y:g}" for x, y in MARK)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MARK_SIDE} {MARK_SIDE}">'
        f'<rect width="{MARK_SIDE}" height="{MARK_SIDE}" rx="7" fill="#{colours.light}"/>'
        f'<path fill="#{colours.on_light}" d="M{corners}z"/></svg>\n'
    ).encode()


def _default_touch_icon(colours: Brand) -> bytes:
    """Draw the same mark for a home screen, which rounds the corners itself."""
    corners = [(x / MARK_SIDE, y / MARK_SIDE) for x, y in MARK]
    return pictures.drawn_icon(corners, TOUCH_ICON_SIDE, colours.light, colours.on_light)


def _logo(path: Path) -> tuple[bytes, tuple[int, int] | None]:
    """Read a logo for pages, and its size."""
    if path.suffix.lower() == ".svg":
        drawing = drawings.clean_drawing(path)
        return drawing, drawings.drawing_size(drawing)
    return pictures.clean_copy(path, is_logo=True), pictures.measure(path, is_logo=True)


def stylesheet_text(name: str, theme_folders: Sequence[Path]) -> str:
    """Read a stylesheet of the theme: the agency's own comes first."""
    sources = (folder / "css" / name for folder in theme_folders)
    return _compact_css(next(path for path in sources if path.is_file()).read_text("utf-8"))


def _compact_css(text: str) -> str:
    """Leave out comments and the white space at line ends and starts."""
    while (start := text.find("/*")) >= 0:
        end = text.find("*/", start + 2)
        text = text[:start] + text[end + 2 :] if end >= 0 else text[:start]
    return "\n".join(line.strip() for line in text.split("\n") if line.strip()) + "\n"


def own_files(agency: AgencyFile) -> list[str]:
    """List the agency's files that are read for them, from the workspace."""
    named = (agency.icon, agency.logo, agency.logo_dark)
    fonts = agency.fonts.model_dump().values() if agency.fonts else ()
    return [file for file in (*named, *fonts) if file]


def gather(agency: AgencyFile, workspace: Path, theme_folders: Sequence[Path]) -> SharedAssets:
    """Read everything that all pages share, and name the folder after it.

    The pictures and the fonts are those that `parse_agency` has looked at.
    """
    colours = derive(agency.colour)
    files = {name: stylesheet_text(name, theme_folders).encode() for name in STYLESHEETS}
    own_fonts = {}
    for name, file in (agency.fonts.model_dump() if agency.fonts else {}).items():
        if file:
            font = read_font(workspace / file)
            own_fonts[name] = font.is_variable
            files[f"{name}.woff2"] = font.content
    brand_sheet = f"brand-{agency.colour}.css"
    files[brand_sheet] = stylesheet(colours, own_fonts).encode()
    if agency.icon:
        icon, touch_icon = "icon.png", f"icon-{TOUCH_ICON_SIDE}.png"
        path = workspace / agency.icon
        files[icon] = pictures.square_icon(path, FAVICON_SIDE)
        files[touch_icon] = pictures.square_icon(path, TOUCH_ICON_SIDE, ground=WHITE)
    else:
        icon = f"icon-{agency.colour}.svg"
        touch_icon = f"icon-{agency.colour}-{TOUCH_ICON_SIDE}.png"
        files[icon] = _default_icon(colours)
        files[touch_icon] = _default_touch_icon(colours)
    logos: dict[str, tuple[str, tuple[int, int] | None]] = {}
    for key, named in (("logo", agency.logo), ("logo-dark", agency.logo_dark)):
        logos[key] = ("", None)
        if named:
            name = f"{key}{(workspace / named).suffix.lower()}"
            files[name], size = _logo(workspace / named)
            logos[key] = (name, size)
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    links = Assets(
        folder=f"assets/{digest.hexdigest()[:16]}/",
        brand=brand_sheet,
        icon=icon,
        touch_icon=touch_icon,
        logo=logos["logo"][0],
        logo_size=logos["logo"][1],
        logo_dark=logos["logo-dark"][0],
        logo_dark_size=logos["logo-dark"][1],
        colour_light=colours.light,
        colour_dark=colours.dark,
    )
    return SharedAssets(files=files, links=links)


def _stands(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def write(folder: str, files: Mapping[str, bytes], site: Path) -> None:
    """Put shared files into a folder of the site; one that is there and whole stays as it is."""
    target = site / folder.rstrip("/")
    if all(_stands(target / name, content) for name, content in files.items()):
        return
    with exchanged(target) as stage:
        for name, content in files.items():
            (stage / name).write_bytes(content)
