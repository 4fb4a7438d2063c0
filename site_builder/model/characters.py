"""Characters that nobody sees: what they may do to an address, and to what follows a text."""

from __future__ import annotations

import re

_OPENING = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
"""What begins another direction, and what ends it."""
_CLOSING = frozenset(_OPENING.values())
_IN_NAMES = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_IN_TEXTS = re.compile("[\u200b\u202d\u202e\u2060\ufeff]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def hidden_in_name(name: str) -> bool:
    """Tell whether a file's name holds what nobody sees or types; all spaces are seen."""
    return _IN_NAMES.search(name) is not None


def hidden_in_text(text: str) -> int | None:
    """Find the first character that turns letters around or hides between them, if any.

    Marks that languages and emoji need are none: those of a direction, joiners, soft hyphens.
    """
    match = _IN_TEXTS.search(text)
    return match.start() if match else None


def is_clean_address(text: str) -> bool:
    """Tell whether an address holds no white space, nothing invisible and no control character."""
    return text.isprintable() and " " not in text


def closed_directions(text: str) -> str:
    """Close what a text turns around and leaves open, so that what follows it stays as it is.

    Characters that embed, override or isolate a direction reach to their closing one, or to the end
    of the block that a page shows the text in (Unicode Standard Annex 9, "Explicit directional
    formatting characters"). A closing one without its beginning is left out.
    """
    if text.isascii() or not _DIRECTIONS.search(text):
        return text
    open_: list[str] = []
    out: list[str] = []
    for character in text:
        if character in _OPENING:
            open_.append(_OPENING[character])
        elif character in _CLOSING:
            if character not in open_:
                continue
            while open_ and open_[-1] != character:
                out.append(open_.pop())
            open_.pop()
        out.append(character)
    return "".join([*out, *reversed(open_)])
