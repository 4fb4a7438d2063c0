"""What a font is, its bytes say."""

from __future__ import annotations

import functools
import io
from pathlib import Path

import mkdocs
import pytest
from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont

from site_builder.fonts import MAX_KB, UnusableFont, read_font

THEMES = Path(mkdocs.__file__).parent / "themes"
SLAB = THEMES / "readthedocs" / "css" / "fonts" / "Roboto-Slab-Regular.woff2"


def woff2(font: TTFont) -> bytes:
    """Save a font as WOFF2."""
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()


@functools.cache
def small_font(letters: str) -> bytes:
    """Make a font of a few letters."""
    font = TTFont(SLAB)
    cut = subset.Subsetter()
    cut.populate(text=letters)
    cut.subset(font)
    return woff2(font)


def variable_font() -> bytes:
    """Make a font whose weights stand in one file."""
    made = FontBuilder(unitsPerEm=1000)
    made.setupGlyphOrder([".notdef"])
    made.setupCharacterMap({})
    made.setupGlyf({".notdef": TTFont(SLAB)["glyf"][".notdef"]})
    made.setupHorizontalMetrics({".notdef": (500, 0)})
    made.setupHorizontalHeader()
    made.setupNameTable({"familyName": "Northlight"})
    made.setupFvar([("wght", 400, 400, 700, "Weight")], [])
    made.setupPost()
    return woff2(made.font)


def test_a_font_is_read_whole(tmp_path: Path) -> None:
    """Its bytes go to the pages as they are."""
    path = tmp_path / "northlight.woff2"
    path.write_bytes(content := small_font("Northlight"))
    assert read_font(path).content == content


@pytest.mark.parametrize(("made", "expected"), [(small_font("A"), False), (variable_font(), True)])
def test_a_variable_font_is_told_from_a_plain_one(
    tmp_path: Path, made: bytes, *, expected: bool
) -> None:
    """Only then pages may ask it for every weight."""
    path = tmp_path / "northlight.woff2"
    path.write_bytes(made)
    assert read_font(path).is_variable is expected


WOFF2 = small_font("A")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\1\0\0" + bytes(60), "this is a TrueType font"),
        (b"OTTO" + bytes(60), "this is an OpenType font"),
        (SLAB.with_suffix(".woff").read_bytes()[: MAX_KB * 1024], "this is a WOFF font of the first"),
        (b"%PDF-1.7", "this is not a font"),
        (b"", "this is not a font"),
        (WOFF2[:-1], "the font is damaged"),
        (WOFF2[:50], "the font is damaged"),
        (WOFF2 + b"\0", "the font is damaged"),
        (SLAB.read_bytes(), f"the font has 65 KB, and pages take at most {MAX_KB} KB"),
    ],
    ids=["truetype", "opentype", "woff", "pdf", "empty", "cut", "head-only", "longer", "large"],
)  # fmt: skip
def test_what_is_no_font_for_pages_is_refused_in_words(
    tmp_path: Path, content: bytes, words: str
) -> None:
    """With what to do about it."""
    path = tmp_path / "northlight.woff2"
    path.write_bytes(content)
    with pytest.raises(UnusableFont) as refused:
        read_font(path)
    assert str(refused.value).startswith(words)
    assert refused.value.hint
