"""The files that all clients' pages share: stylesheets, the brand's colour, icons.

They stand in one folder named after its content, so that browsers may keep it for ever and a new
theme never meets old pages.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder import pictures
from site_builder.brand import Brand, derive, stylesheet
from site_builder.publish.exchange import exchanged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from site_builder.model.written import AgencyFile

STYLESHEETS = ("progress.css", "more.css", "shell.css")
TOUCH_ICON_SIDE = 180
FAVICON_SIDE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAssets:
    """The shared files, not yet written."""

    folder: str
    """From the site's root, with a slash at the end."""
    files: Mapping[str, bytes]
    brand: str
    icon: str
    touch_icon: str
    logo: str
    colours: Brand


def _default_icon(colours: Brand) -> bytes:
    """Draw the neutral mark on a rounded square in the brand's colour."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="#{colours.light}"/>'
        f'<path fill="#{colours.on_light}" d="M16 5 18.6 13.4 27 16 18.6 18.6 16 27 13.4 18.6 5 16 13.4 13.4z"/></svg>\n'
    ).encode()


def _compact_css(text: str) -> str:
    """Leave out comments and the white space at line ends and starts."""
    while (start := text.find("/*")) >= 0:
        end = text.find("*/", start + 2)
        text = text[:start] + text[end + 2 :] if end >= 0 else text[:start]
    return "\n".join(line.strip() for line in text.split("\n") if line.strip()) + "\n"


def gather(agency: AgencyFile, workspace: Path, theme_folders: Sequence[Path]) -> SharedAssets:
    """Read everything that all pages share, and name the folder after it.

    The logo and the icon are those that `parse_agency` has looked at.
    """
    colours = derive(agency.colour)
    files: dict[str, bytes] = {}
    for name in STYLESHEETS:
        source = next(
            folder / "css" / name for folder in theme_folders if (folder / "css" / name).is_file()
        )
        files[name] = _compact_css(source.read_text("utf-8")).encode()
    brand_sheet = f"brand-{agency.colour}.css"
    files[brand_sheet] = stylesheet(colours).encode()
    icon, touch_icon, logo = f"icon-{agency.colour}.svg", "", ""
    if agency.icon:
        icon, touch_icon = "icon.png", f"icon-{TOUCH_ICON_SIDE}.png"
        files[icon] = pictures.square_icon(workspace / agency.icon, FAVICON_SIDE)
        files[touch_icon] = pictures.square_icon(workspace / agency.icon, TOUCH_ICON_SIDE)
    else:
        files[icon] = _default_icon(colours)
    if agency.logo:
        picture = workspace / agency.logo
        logo = f"logo{picture.suffix.lower()}"
        files[logo] = (
            pictures.safe_svg(picture)
            if picture.suffix.lower() == ".svg"
            else pictures.clean_copy(picture, is_given=False)
        )
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return SharedAssets(
        folder=f"assets/{digest.hexdigest()[:16]}/",
        files=files,
        brand=brand_sheet,
        icon=icon,
        touch_icon=touch_icon,
        logo=logo,
        colours=colours,
    )


def _stands(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def write(assets: SharedAssets, site: Path) -> None:
    """Put the shared files into the site; a folder that is there and whole stays as it is."""
    target = site / assets.folder.rstrip("/")
    if all(_stands(target / name, content) for name, content in assets.files.items()):
        return
    with exchanged(target) as stage:
        for name, content in assets.files.items():
            (stage / name).write_bytes(content)
