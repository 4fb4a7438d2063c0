"""Pictures: clean copies without hidden data, and drawings that hold shapes only."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from site_builder.pictures import (
    MAX_SIDE,
    UnusablePicture,
    clean_copy,
    drawing_size,
    drawn_icon,
    is_picture,
    measure,
    safe_svg,
    square_icon,
    verify,
)

if TYPE_CHECKING:
    from pathlib import Path

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{}</svg>'


def exif(turned: int = 1) -> bytes:
    """What a phone writes into its pictures: its maker, and where it stood."""
    data = Image.Exif()
    data[MAKER] = "Phonemaker"
    data[ORIENTATION] = turned
    data.get_ifd(GPS).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return data.tobytes()


def save(path: Path, size: tuple[int, int] = (40, 20), mode: str = "RGB", **settings: Any) -> Path:
    picture = Image.new(mode, size, "teal" if mode == "RGB" else None)
    picture.save(path, **settings)
    return path


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize(("name", "given"), [("a.jpg", False), ("a.jpg", True), ("a.webp", False)])
def test_a_copy_does_not_say_where_it_was_taken(tmp_path: Path, name: str, *, given: bool) -> None:
    """No position, no camera, nothing but pixels; also in a picture that is given as a file."""
    path = save(tmp_path / name, exif=exif())
    assert b"Phonemaker" in path.read_bytes()
    copy = clean_copy(path, is_given=given)
    assert b"Phonemaker" not in copy
    assert b"Exif" not in copy
    assert not opened(copy).getexif()


def test_texts_inside_a_png_are_left_behind(tmp_path: Path) -> None:
    """Programs write names and comments there."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Somebody's name")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Somebody's name</x:xmpmeta>")
    path = save(tmp_path / "a.png", pnginfo=notes)
    assert b"Somebody's name" in path.read_bytes()
    assert b"Somebody's name" not in clean_copy(path, is_given=True)


@pytest.mark.parametrize(
    ("turned", "size"), [(1, (40, 20)), (3, (40, 20)), (6, (20, 40)), (8, (20, 40))]
)
def test_a_turned_picture_is_set_upright(
    tmp_path: Path, turned: int, size: tuple[int, int]
) -> None:
    """And measured as it will be shown, so that nothing moves while it loads."""
    path = save(tmp_path / "a.jpg", exif=exif(turned))
    assert measure(path) == size
    assert opened(clean_copy(path, is_given=False)).size == size


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((1600, 900), (1600, 900)),
        ((3200, 1800), (1600, 900)),
        ((900, 3200), (450, 1600)),
        ((4000, 1), (1600, 1)),
    ],
)
def test_large_pictures_are_made_smaller(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    """At most 1600 pixels on the longer side, unless the client gets it as a file."""
    path = save(tmp_path / "a.png", size)
    assert measure(path) == shown
    assert max(shown) <= MAX_SIDE
    assert opened(clean_copy(path, is_given=False)).size == shown
    assert opened(clean_copy(path, is_given=True)).size == size


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("a.png", "RGBA"),
        ("a.png", "LA"),
        ("a.png", "P"),
        ("a.png", "1"),
        ("a.png", "I;16"),
        ("a.jpg", "L"),
        ("a.jpg", "CMYK"),
        ("a.gif", "P"),
        ("a.webp", "RGBA"),
    ],
)
def test_every_kind_of_picture_is_copied(tmp_path: Path, name: str, mode: str) -> None:
    """With transparency, with a palette, in grey, for print."""
    path = save(tmp_path / name, (64, 32), mode)
    for is_given in (True, False):
        assert opened(clean_copy(path, is_given=is_given)).size == (64, 32)


def test_a_copy_is_the_same_every_time(tmp_path: Path) -> None:
    """Builds are byte-identical."""
    path = save(tmp_path / "a.jpg", (300, 200), exif=exif())
    assert clean_copy(path, is_given=False) == clean_copy(path, is_given=False)


def test_transparency_stays(tmp_path: Path) -> None:
    """A logo keeps its see-through ground."""
    picture = Image.new("RGBA", (4, 4), (0, 128, 128, 0))
    picture.save(tmp_path / "a.png")
    assert opened(clean_copy(tmp_path / "a.png", is_given=True)).getpixel((0, 0)) == (
        0,
        128,
        128,
        0,
    )


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    """The type is read from the bytes, and a damaged file is said to be one."""
    (tmp_path / "a.png").write_bytes(b"<script>alert(1)</script>")
    save(tmp_path / "b.jpg", format="PNG")
    whole = save(tmp_path / "c.png", (400, 400)).read_bytes()
    (tmp_path / "c.png").write_bytes(whole[: len(whole) // 2])
    for name in ("a.png", "b.jpg"):
        with pytest.raises(UnusablePicture):
            measure(tmp_path / name)
    with pytest.raises(UnusablePicture):
        clean_copy(tmp_path / "c.png", is_given=False)


def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    """A small file can hold a picture that fills the memory."""
    save(tmp_path / "a.png", (8000, 5001), "1")
    with pytest.raises(UnusablePicture, match="40 megapixels"):
        measure(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("name", "expected"), [("a.png", True), ("a.JPG", True), ("a.pdf", False), ("png", False)]
)
def test_pictures_are_known_by_their_names(name: str, *, expected: bool) -> None:
    """Whatever their case."""
    assert is_picture(name) is expected


def test_what_others_think_of_damage_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that makes PDF files lets damaged pictures pass, for everybody."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = save(tmp_path / "a.jpg", (300, 200)).read_bytes()
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusablePicture, match="damaged"):
        verify(tmp_path / "half.jpg")


def test_a_damaged_picture_is_known_before_it_is_built(tmp_path: Path) -> None:
    """Its head can be read, its end cannot."""
    whole = save(tmp_path / "a.jpg", (300, 200)).read_bytes()
    path = tmp_path / "half.jpg"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusablePicture, match="damaged"):
        verify(path)
    verify(tmp_path / "a.jpg")


def test_a_picture_in_other_colours_is_turned_into_common_ones(tmp_path: Path) -> None:
    """The profile says what the numbers mean; without it, they must mean the usual."""
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    same = save(tmp_path / "same.png", icc_profile=srgb.tobytes())
    copy = opened(clean_copy(same, is_given=False))
    assert "icc_profile" not in copy.info
    assert copy.convert("RGB").getpixel((0, 0)) == (0, 128, 128)
    strange = save(tmp_path / "strange.png", icc_profile=linear.tobytes())
    assert "icc_profile" not in opened(clean_copy(strange, is_given=False)).info


def test_icons_are_square(tmp_path: Path) -> None:
    """Cut from the middle, without hidden data."""
    path = save(tmp_path / "a.jpg", (300, 200), exif=exif())
    icon = square_icon(path, 64)
    assert opened(icon).size == (64, 64)
    assert b"Phonemaker" not in icon


def test_icons_of_home_screens_are_opaque(tmp_path: Path) -> None:
    """Phones would put black behind what is see-through."""
    path = save(tmp_path / "a.png", (200, 200), mode="RGBA")
    icon = opened(square_icon(path, 180, ground="ffffff"))
    assert (icon.mode, icon.size) == ("RGB", (180, 180))
    assert icon.getpixel((90, 90)) == (255, 255, 255)


def test_a_drawn_icon_is_square_opaque_and_always_the_same() -> None:
    """A shape on a ground; its edges are smooth."""
    corners = [(0.5, 0.1), (0.9, 0.9), (0.1, 0.9)]
    drawn = drawn_icon(corners, 180, "0b5a6b", "ffffff")
    icon = opened(drawn)
    assert (icon.mode, icon.size) == ("RGB", (180, 180))
    assert icon.getpixel((2, 2)) == (0x0B, 0x5A, 0x6B)
    assert icon.getpixel((90, 120)) == (255, 255, 255)
    assert len(icon.getcolors() or ()) > 2
    assert drawn == drawn_icon(corners, 180, "0b5a6b", "ffffff")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('viewBox="0 0 120 28"', (12000, 2800)),
        ("viewBox='-2,-2 60.5 14'", (6050, 1400)),
        ('width="3" viewBox="0 0 1e3 7"', None),
        ('viewBox="0 0 0 7"', None),
        ('viewBox="0 0 1.2.3 7"', None),
        ("", None),
    ],
)
def test_a_drawing_says_its_proportions(attributes: str, expected: tuple[int, int] | None) -> None:
    """So that nothing moves when it arrives; where it does not, the page waits for it."""
    assert drawing_size(f"<svg {attributes}><path/></svg>".encode()) == expected


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<SCRIPT >alert(1)</SCRIPT>",
        '<rect onload="alert(1)"/>',
        "<rect\nonclick = 'alert(1)'/>",
        '<a href="https://tracker.example/"/>',
        '<image href="https://tracker.example/a.png"/>',
        '<use xlink:href="https://tracker.example/a.svg#b"/>',
        "<style>@import 'https://tracker.example/a.css'</style>",
        '<rect fill="url(https://tracker.example/a)"/>',
        "<rect fill=\"url( 'https://tracker.example/a' )\"/>",
        "<foreignObject><p>Hi</p></foreignObject>",
        '<animate attributeName="href"/>',
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
        '<?xml-stylesheet href="a.css"?>',
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
    ],
)
def test_a_drawing_that_could_run_or_load_is_refused(tmp_path: Path, inside: str) -> None:
    """Scripts, handlers, references to the outside, entities."""
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(inside), "utf-8")
    with pytest.raises(UnusablePicture):
        safe_svg(path)


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M1 1h6v6z" fill="#0b5a6b"/>',
        '<g fill="url(#shade)"><circle r="3"/></g>',
        "<title>Our mark</title>",
    ],
)
def test_plain_shapes_pass(tmp_path: Path, inside: str) -> None:
    """Byte for byte."""
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(inside), "utf-8")
    assert safe_svg(path) == SVG.format(inside).encode()


def test_what_is_no_drawing_is_refused(tmp_path: Path) -> None:
    """Whatever its name says."""
    path = tmp_path / "a.svg"
    path.write_text("<html></html>", "utf-8")
    with pytest.raises(UnusablePicture):
        safe_svg(path)
