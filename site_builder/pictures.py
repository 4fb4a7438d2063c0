"""Pictures: what they are, how large pages show them, and clean copies without hidden data.

The only module that imports PIL. A camera's picture tells where and when it was taken; a clean
copy holds pixels only.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF"}
MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_WIDTH = 1440
"""Twice the 704 CSS pixels that a text is wide at most, for fine screens."""
MAX_HEIGHT = 3 * MAX_WIDTH
MAX_RATIO = 10
"""Pages show no picture that is narrower than a tenth of its longer side."""
WIDTHS = (720, MAX_WIDTH)
"""How wide copies for screens are: for phones and usual screens, and for fine ones."""
FALLBACK_WIDTH = 960
"""How wide the copy is for browsers, papers and programs that do not choose."""
COPIES = "webp"
FORMAT = 1
"""Counts the ways in which this module has made copies: a new one is made of every picture."""
LOGO_HEIGHT = 84
"""Three times the height at which pages show a logo, for fine screens."""

FEW_COLOURS = 4096
"""Drawn rather than photographed: such pictures are smaller, and sharper, without any loss."""
LEAST_STEP = 1.5
"""Copies whose widths are nearer to each other are one."""
LEAST_GAIN = 0.15
LEAST_BYTES = 4000
"""A copy that saves less than both is not worth a file."""
_DAMAGE = (OSError, ValueError, SyntaxError)


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
    large = UnusablePicture("the picture has more than 40 megapixels", "save it smaller")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(path, formats=sorted(set(SUFFIXES.values())))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise large from error
    except (UnidentifiedImageError, *_DAMAGE) as error:
        raise UnusablePicture(
            "this is not a picture that can be read", "save it as PNG, JPEG or WebP"
        ) from error
    if picture.width * picture.height > MAX_PIXELS:
        picture.close()
        raise large
    if picture.format != SUFFIXES[path.suffix.lower()]:
        picture.close()
        raise UnusablePicture(
            f"the file ends with {path.suffix} but holds a {picture.format} picture",
            "rename it, or save it again",
        )
    return picture


def _shown_size(
    width: int, height: int, *, max_width: int = MAX_WIDTH, is_logo: bool = False
) -> tuple[int, int]:
    max_height = LOGO_HEIGHT if is_logo else MAX_HEIGHT
    scale = min(1.0, max_width / width, max_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def encoder() -> str:
    """Name what copies depend on beside the picture: versions of encoders, and our settings."""
    from PIL import __version__, features

    versions = {name: features.version(name) for name in ("webp", "jpg", "zlib")}
    settings = (WIDTHS, FALLBACK_WIDTH, MAX_HEIGHT, LEAST_STEP, LEAST_GAIN, LEAST_BYTES)
    return f"{FORMAT} {__version__} {versions} {settings}"


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


def is_moving(path: Path) -> bool:
    """Tell whether a picture has several frames: copies hold the first one only.

    Raises:
        UnusablePicture: if it cannot be read.
    """
    with _open(path) as picture:
        return bool(getattr(picture, "is_animated", False))


def verify(path: Path) -> None:
    """Read a picture to its end.

    Raises:
        UnusablePicture: if it is damaged.
    """
    with _open(path) as picture:
        try:
            picture.draft(None, (1, 1))  # a photo is read whole, and kept small
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


def _upright(path: Path, enough: int = 0) -> tuple[Image.Image, str]:
    """Read a picture to its end: turned upright, in common colours; and of what kind it is.

    Of a photo only so much is decoded that both sides keep `enough` pixels; 0: all of it.

    Raises:
        UnusablePicture: if it cannot be read.
    """
    from PIL import ImageOps

    with _open(path) as picture:
        kind = picture.format or "PNG"
        try:
            if enough and kind == "JPEG":
                picture.draft(None, (enough, enough))
            ImageOps.exif_transpose(picture, in_place=True)
            upright: Image.Image = picture
            if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
                upright = upright.convert("RGB")
            return _in_common_colours(upright), kind
        except _DAMAGE as error:
            raise UnusablePicture("the picture is damaged", "export it again") from error


def _bare(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Copy nothing but the pixels, made smaller to `size`."""
    from PIL import Image

    if size != picture.size:
        if picture.mode == "P" or "transparency" in picture.info:
            picture = picture.convert("RGBA")
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    bare = Image.new(picture.mode, picture.size)
    if picture.mode == "P" and (palette := picture.getpalette()):
        bare.putpalette(palette)
    bare.paste(picture)
    if "transparency" in picture.info:
        bare.info["transparency"] = picture.info["transparency"]
    return bare


def _encoded(bare: Image.Image, kind: str, **settings: Any) -> bytes:
    out = io.BytesIO()
    if "transparency" in bare.info and kind in {"PNG", "GIF"}:
        settings["transparency"] = bare.info["transparency"]
    bare.save(out, format=kind, **settings)
    return out.getvalue()


def clean_copy(path: Path, *, is_given: bool = False, is_logo: bool = False) -> bytes:
    """Encode a picture anew: turned upright, without hidden data, as large as pages show it.

    One that is given to the client as a file keeps its size and gets the best quality. A logo is at
    most 84 pixels high.

    Raises:
        UnusablePicture: if it cannot be read to its end.
    """
    upright, kind = _upright(path)
    size = upright.size if is_given else _shown_size(*upright.size, is_logo=is_logo)
    return _encoded(_bare(upright, size), kind, **_quality(kind, 95 if is_given else 85))


def _quality(kind: str, quality: int) -> dict[str, int]:
    return {"quality": quality} if kind in {"JPEG", "WEBP"} else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What pages show of one picture."""

    fallback: bytes
    """In the picture's own format, for browsers that know no other."""
    others: tuple[tuple[int, bytes], ...]
    """In `COPIES`, with their widths, narrow ones first; none where they save nothing."""


def _webp(bare: Image.Image, *, is_photo: bool) -> bytes:
    # Writing in a screenshot stays sharp where it is coloured.
    lossy = _encoded(bare, "WEBP", quality=80, method=4, use_sharp_yuv=not is_photo)
    if is_photo or not bare.convert("RGB").getcolors(FEW_COLOURS):
        return lossy
    return min(lossy, _encoded(bare, "WEBP", lossless=True, quality=50, method=4), key=len)


def shown_copies(path: Path) -> Copies:
    """Encode the copies that pages show, in the sizes that screens ask for; none is enlarged.

    The same picture always gives the same bytes, with the same version of Pillow.

    Raises:
        UnusablePicture: if it cannot be read to its end.
    """
    upright, kind = _upright(path, MAX_WIDTH)
    widest = _bare(upright, _shown_size(*upright.size))
    fallback = _fallback(widest, kind)
    has_alpha = widest.mode in {"RGBA", "LA", "PA"} or "transparency" in widest.info
    large = widest.convert("RGBA" if has_alpha else "RGB")
    others: list[tuple[int, bytes]] = []
    narrower = (width for width in WIDTHS if width * LEAST_STEP <= large.width)
    for width in (*narrower, large.width):
        bare = _bare(large, _shown_size(*large.size, max_width=width))
        others.append((width, _webp(bare, is_photo=kind == "JPEG")))
    others.sort(key=lambda other: other[0], reverse=True)
    # From the widest down: each further file must save something.
    kept = others[:1]
    for other in others[1:]:
        if _saves(other[1], kept[-1][1]):
            kept.append(other)
    if large.width <= FALLBACK_WIDTH and not _saves(others[0][1], fallback):
        kept = []
    return Copies(fallback=fallback, others=tuple(reversed(kept)))


def _fallback(widest: Image.Image, kind: str) -> bytes:
    small = _bare(widest, _shown_size(*widest.size, max_width=FALLBACK_WIDTH))
    fallback = _encoded(small, kind, **_quality(kind, 80))
    if kind in {"JPEG", "WEBP"} or small.size == widest.size:
        return fallback
    # A drawing with few colours has many once it is made smaller.
    return min(fallback, _encoded(widest, kind), key=len)


def _saves(new: bytes, old: bytes) -> bool:
    return len(old) - len(new) >= max(LEAST_BYTES, LEAST_GAIN * len(old))


def is_narrow(size: tuple[int, int]) -> bool:
    """Tell whether nothing could be seen of a picture of this size on a page."""
    return max(size) > MAX_RATIO * min(size)


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
