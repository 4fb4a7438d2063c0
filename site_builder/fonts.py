"""The agency's own fonts: what a file is, read from its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_KB = 40
"""Two of them, and the page still arrives within a second on a phone."""
OTHER_KINDS = {
    b"wOFF": "a WOFF font of the first version",
    b"\0\1\0\0": "a TrueType font",
    b"true": "a TrueType font",
    b"OTTO": "an OpenType font",
}
_HEADER = 48
_GLYF, _LOCA, _FVAR, _SPELT = 10, 11, 47, 63
"""How WOFF2 numbers the tables that matter here; 63: the name is spelt out."""
_NULL_TRANSFORM = 3


class UnusableFont(Exception):
    """A font that pages cannot use; the text says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Font:
    """A WOFF2 font."""

    content: bytes
    is_variable: bool
    """Whether one file holds all weights."""


def _after_number(data: bytes, at: int) -> int:
    """Step over a number of one to five bytes, each but the last with its highest bit set."""
    while data[at] & 0x80:
        at += 1
    return at + 1


def _has_weights(data: bytes) -> bool:
    """Tell whether the font's directory lists the table of a variable font."""
    at, found = _HEADER, False
    for _ in range(int.from_bytes(data[12:14])):
        flags = data[at]
        table, transform = flags & 0x3F, flags >> 6
        at += 1
        if table == _SPELT:
            found |= data[at : at + 4] == b"fvar"
            at += 4
        found |= table == _FVAR
        at = _after_number(data, at)
        is_plain = _NULL_TRANSFORM if table in {_GLYF, _LOCA} else 0
        if transform != is_plain:
            at = _after_number(data, at)
    return found


def read_font(path: Path) -> Font:
    """Read a font.

    Raises:
        UnusableFont: if pages cannot use it.
    """
    size = path.stat().st_size
    if size > MAX_KB * 1024:
        raise UnusableFont(
            f"the font has {-(-size // 1024)} KB, and pages take at most {MAX_KB} KB",
            "make a subset with the letters of your clients' languages",
        )
    data = path.read_bytes()
    if data[:4] != b"wOF2":
        kind = OTHER_KINDS.get(data[:4], "not a font")
        raise UnusableFont(f"this is {kind}", "ask its maker for a WOFF2 file, or convert it")
    try:
        is_variable = _has_weights(data)
    except IndexError:
        is_variable = None
    if is_variable is None or int.from_bytes(data[8:12]) != len(data):
        raise UnusableFont("the font is damaged", "copy it again from where it came from")
    return Font(data, is_variable)
