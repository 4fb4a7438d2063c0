"""Pictures: clean copies without hidden data, in the sizes that screens ask for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from site_builder.pictures import (
    MAX_HEIGHT,
    MAX_WIDTH,
    SUFFIXES,
    UnusablePicture,
    clean_copy,
    drawn_icon,
    is_moving,
    is_narrow,
    is_picture,
    measure,
    shown_copies,
    square_icon,
    verify,
)

if TYPE_CHECKING:
    from pathlib import Path

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


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
        ((1440, 900), (1440, 900)),
        ((3200, 1800), (1440, 810)),
        ((900, 3200), (900, 3200)),
        ((1000, 8640), (500, 4320)),
        ((4000, 1), (1440, 1)),
    ],
)
def test_large_pictures_are_made_smaller(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    """At most 1440 pixels wide and 4320 high, unless the client gets it as a file."""
    path = save(tmp_path / "a.png", size)
    assert measure(path) == shown
    assert shown[0] <= MAX_WIDTH
    assert shown[1] <= MAX_HEIGHT
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


# --- What pages show ---


def photo(path: Path, size: tuple[int, int], **settings: Any) -> Path:
    """Save a picture with as much in it as a camera sees."""
    noise = Image.effect_noise((size[0] // 9, size[1] // 9), 80).resize(size)
    shade = Image.linear_gradient("L").resize(size)
    Image.merge("RGB", (noise, shade, noise.rotate(180))).save(path, **settings)
    return path


def drawing(path: Path, size: tuple[int, int], mode: str = "RGB") -> Path:
    """Save a picture as programs draw them: few colours, sharp edges."""
    plan = Image.new(mode, size, "white" if mode == "RGB" else None)
    for left in range(0, size[0], 24):
        plan.paste("teal" if mode == "RGB" else 1, (left, left % size[1], left + 9, size[1]))
    plan.save(path)
    return path


@pytest.mark.parametrize(
    ("size", "widths", "fallback"),
    [
        ((3000, 2000), [720, 1440], (960, 640)),
        ((1440, 960), [720, 1440], (960, 640)),
        ((1200, 800), [720, 1200], (960, 640)),
        ((1000, 600), [1000], (960, 576)),
        ((960, 600), [960], (960, 600)),
        ((400, 300), [400], (400, 300)),
    ],
)
def test_a_picture_has_copies_for_small_and_fine_screens(
    tmp_path: Path, size: tuple[int, int], widths: list[int], fallback: tuple[int, int]
) -> None:
    """As wide as they say, never enlarged; and one that every browser shows."""
    path = photo(tmp_path / "a.jpg", size, quality=95)
    copies = shown_copies(path)
    assert opened(copies.fallback).size == fallback
    assert opened(copies.fallback).format == "JPEG"
    assert [width for width, _ in copies.others] == widths
    for width, content in copies.others:
        copy = opened(content)
        assert (copy.format, copy.width) == ("WEBP", width)
        assert copy.height == round(size[1] * width / size[0])
    assert max(widths) == measure(path)[0]


def test_copies_are_made_only_where_they_save_something(tmp_path: Path) -> None:
    """Each further file is smaller by much than what a browser would load in its place."""
    assert not shown_copies(drawing(tmp_path / "a.png", (640, 400))).others
    for path in (photo(tmp_path / "b.jpg", (1440, 900)), photo(tmp_path / "c.png", (900, 600))):
        copies = shown_copies(path)
        sizes = [len(content) for _, content in copies.others]
        assert sizes == sorted(sizes)
        assert sizes[0] < len(copies.fallback)


def test_a_drawing_with_few_colours_is_not_blurred_to_many(tmp_path: Path) -> None:
    """Made smaller it would be larger on disk: then all of it is shown."""
    path = drawing(tmp_path / "a.png", (1400, 900), "P")
    assert opened(shown_copies(path).fallback).size == (1400, 900)


def test_shown_copies_hold_pixels_only(tmp_path: Path) -> None:
    """No position and no camera in any of them; and they are turned upright."""
    path = photo(tmp_path / "a.jpg", (1600, 1000), exif=exif(6))
    copies = shown_copies(path)
    assert measure(path) == (1000, 1600)
    assert opened(copies.others[-1][1]).size == (1000, 1600)
    for content in (copies.fallback, *(content for _, content in copies.others)):
        assert b"Phonemaker" not in content
        assert not {b"EXIF", b"XMP ", b"ICCP"} & {content[at : at + 4] for at in range(64)}
        assert not opened(content).getexif()


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        *(("a.png", mode) for mode in ("RGBA", "LA", "P", "1", "L", "I;16")),
        *(("a.jpg", mode) for mode in ("L", "CMYK")),
        *(("a.gif", "P"), ("a.webp", "RGBA")),
    ],
)
def test_every_kind_of_picture_is_shown(tmp_path: Path, name: str, mode: str) -> None:
    """Whatever its colours are."""
    copies = shown_copies(save(tmp_path / name, (1500, 300), mode))
    assert opened(copies.fallback).format == SUFFIXES[f".{name.partition('.')[2]}"]
    for _, content in copies.others:
        assert opened(content).format == "WEBP"


def test_shown_copies_are_the_same_every_time(tmp_path: Path) -> None:
    """Builds are byte-identical."""
    for path in (photo(tmp_path / "a.jpg", (2000, 900)), drawing(tmp_path / "b.png", (1500, 500))):
        assert shown_copies(path) == shown_copies(path)


def test_see_through_grounds_stay_in_copies(tmp_path: Path) -> None:
    """A drawing lies on the ground of the page, light or dark."""
    picture = Image.new("RGBA", (1000, 400), (0, 128, 128, 0))
    picture.paste(Image.effect_noise((500, 400), 90).convert("RGBA"))
    picture.save(tmp_path / "a.png")
    copies = shown_copies(tmp_path / "a.png")
    assert copies.others
    for content in (copies.fallback, copies.others[0][1]):
        assert opened(content).convert("RGBA").getpixel((900, 100))[3] == 0  # type: ignore[index]


def test_what_hides_behind_a_picture_is_gone(tmp_path: Path) -> None:
    """A ZIP file or a script that hangs at its end is no part of any copy."""
    path = photo(tmp_path / "a.jpg", (800, 500))
    path.write_bytes(path.read_bytes() + b"PK\x03\x04<script>alert(1)</script>")
    copies = shown_copies(path)
    for content in (clean_copy(path, is_given=True), copies.fallback, copies.others[0][1]):
        assert b"<script" not in content


@pytest.mark.parametrize(("size", "expected"), [((900, 91), False), ((900, 89), True)])
def test_a_narrow_picture_is_known(size: tuple[int, int], *, expected: bool) -> None:
    """Nothing could be seen of it on a page."""
    assert is_narrow(size) is expected
    assert is_narrow(size[::-1]) is expected


def test_a_moving_picture_is_known(tmp_path: Path) -> None:
    """Its copies show the first frame."""
    frames = [Image.new("RGB", (80, 40), colour) for colour in ("red", "blue")]
    for name in ("a.gif", "a.webp", "a.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=99)
        assert is_moving(tmp_path / name)
        assert not getattr(opened(shown_copies(tmp_path / name).fallback), "is_animated", False)
    assert not is_moving(save(tmp_path / "b.gif"))


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
