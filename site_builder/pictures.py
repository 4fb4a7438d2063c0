"""Pictures: what they are, how large pages show them, and clean copies without hidden data.

The only module that imports PIL. A camera's picture tells where and when it was taken; a clean
copy holds pixels only.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF"}
MAX_BYTES = 10_000_000
MAX_DRAWING_BYTES = 60_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
"""Larger pictures are made smaller: pages are at most 1152 CSS pixels wide."""
LOGO_HEIGHT = 84
"""Three times the height at which pages show a logo, for fine screens."""

_VIEW_BOX = re.compile(
    rb"<svg\b[^>]*?\bviewBox\s*=\s*['\"]\s*(?:[-\d.eE]+[\s,]+){2}([\d.]+)[\s,]+([\d.]+)\s*['\"]"
)
_UNSAFE_SVG = re.compile(
    rb"<\s*(script|foreignObject|iframe|embed|object|image|use|a|style|animate|set)\b|\son\w+\s*="
    rb"|<!(DOCTYPE|ENTITY)|<\?xml-stylesheet|url\s*\(\s*['\"]?[^#'\"\s)]|href\s*=\s*['\"]?[^#'\"\s]|javascript:",
    re.IGNORECASE,
)


class UnusablePicture(Exception):
    """A picture that pages cannot show; the text says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.hint = hint


def _open(path: Path) -> Image.Image:
    from PIL import Image, ImageFile, UnidentifiedImageError

    # WeasyPrint lets damaged pictures pass, in the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    if path.stat().st_size > MAX_BYTES:
        raise UnusablePicture("the picture is larger than 10 MB", "save it smaller")
    try:
        picture = Image.open(path, formats=sorted(set(SUFFIXES.values())))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise UnusablePicture(
            "this is not a picture that can be read", "save it as PNG, JPEG or WebP"
        ) from error
    if picture.width * picture.height > MAX_PIXELS:
        picture.close()
        raise UnusablePicture("the picture has more than 40 megapixels", "save it smaller")
    if picture.format != SUFFIXES[path.suffix.lower()]:
        picture.close()
        raise UnusablePicture(
            f"the file ends with {path.suffix} but holds a {picture.format} picture",
            "rename it, or save it again",
        )
    return picture


def _shown_size(width: int, height: int, *, is_logo: bool = False) -> tuple[int, int]:
    scale = min(1.0, MAX_SIDE / max(width, height), LOGO_HEIGHT / height if is_logo else 1.0)
    return max(1, round(width * scale)), max(1, round(height * scale))


def is_picture(name: str) -> bool:
    """Tell from its name whether a file should be a picture that pages show."""
    return "." in name and "." + name.rpartition(".")[2].lower() in SUFFIXES


def measure(path: Path, *, is_logo: bool = False) -> tuple[int, int]:
    """Return width and height of a picture as pages will show it, in pixels.

    Raises:
        UnusablePicture: if pages cannot show it.
    """
    with _open(path) as picture:
        turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
        size = picture.size[::-1] if turned else picture.size
        return _shown_size(*size, is_logo=is_logo)


def verify(path: Path) -> None:
    """Read a picture to its end.

    Raises:
        UnusablePicture: if it is damaged.
    """
    with _open(path) as picture:
        try:
            picture.load()
        except (OSError, ValueError, SyntaxError) as error:
            raise UnusablePicture("the picture is damaged", "export it again") from error


def _in_common_colours(picture: Image.Image) -> Image.Image:
    """Turn a picture with a colour profile of its own into sRGB: the profile does not go on."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def clean_copy(path: Path, *, is_given: bool = False, is_logo: bool = False) -> bytes:
    """Encode a picture anew: turned upright, without hidden data, at most 1600 pixels long.

    One that is given to the client as a file keeps its size and gets the best quality. A logo is at
    most 84 pixels high.

    Raises:
        UnusablePicture: if it cannot be read to its end.
    """
    from PIL import Image, ImageOps

    with _open(path) as picture:
        kind = picture.format or "PNG"
        try:
            upright = ImageOps.exif_transpose(picture)
            if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
                upright = upright.convert("RGB")
            upright = _in_common_colours(upright)
            shown = _shown_size(*upright.size, is_logo=is_logo)
            size = upright.size if is_given else shown
            if size != upright.size:
                if upright.mode == "P":
                    upright = upright.convert("RGBA")
                upright = upright.resize(size, Image.Resampling.LANCZOS)
            bare = Image.new(upright.mode, upright.size)
            if upright.mode == "P" and (palette := upright.getpalette()):
                bare.putpalette(palette)
            bare.paste(upright)
        except (OSError, ValueError, SyntaxError) as error:
            raise UnusablePicture("the picture is damaged", "export it again") from error
        out = io.BytesIO()
        quality = 95 if is_given else 85
        settings: dict[str, object] = {"quality": quality} if kind in {"JPEG", "WEBP"} else {}
        if "transparency" in upright.info and kind in {"PNG", "GIF"}:
            settings["transparency"] = upright.info["transparency"]
        bare.save(out, format=kind, **settings)
        return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()


def square_icon(path: Path, side: int, *, ground: str = "") -> bytes:
    """Make a square PNG of `side` pixels from a picture; on a `ground` it is opaque.

    Raises:
        UnusablePicture: if it cannot be read.
    """
    from PIL import Image, ImageOps

    with _open(path) as picture:
        icon = ImageOps.fit(picture.convert("RGBA"), (side, side), Image.Resampling.LANCZOS)
    if ground:
        icon = Image.alpha_composite(Image.new("RGBA", icon.size, f"#{ground}"), icon)
        icon = icon.convert("RGB")
    return _png(icon)


def drawn_icon(corners: Sequence[tuple[float, float]], side: int, ground: str, ink: str) -> bytes:
    """Draw a shape on a square, opaque PNG; its corners are given as shares of the side."""
    from PIL import Image, ImageDraw

    large = side * 4  # made smaller again, its edges are smooth
    icon = Image.new("RGB", (large, large), f"#{ground}")
    ImageDraw.Draw(icon).polygon([(x * large, y * large) for x, y in corners], fill=f"#{ink}")
    return _png(icon.resize((side, side), Image.Resampling.LANCZOS))


def safe_svg(path: Path) -> bytes:
    """Read a drawing that holds shapes only.

    Raises:
        UnusablePicture: if it has scripts, styles, references or anything that moves.
    """
    data = path.read_bytes()
    if b"<svg" not in data[:2000] or len(data) > MAX_DRAWING_BYTES:
        raise UnusablePicture(
            "this is not an SVG drawing of at most 60 KB", "export it again, or use a PNG"
        )
    found = _UNSAFE_SVG.search(data)
    if found:
        words = found.group().decode("ascii", "replace").strip()
        raise UnusablePicture(
            f"the drawing holds '{words}', which may run or load things",
            "export plain shapes, or use a PNG",
        )
    return data


def drawing_size(drawing: bytes) -> tuple[int, int] | None:
    """Tell width and height of an SVG drawing, in hundredths of its units, where it says them."""
    box = _VIEW_BOX.search(drawing)
    try:
        width, height = (round(float(part) * 100) for part in box.groups()) if box else (0, 0)
    except ValueError:
        return None
    return (width, height) if width and height else None
