"""What a Markdown text may hold, so that making HTML of it takes no longer than a moment.

Python-Markdown reads what stands behind each open bracket to the end of its block, copies a block
for each heading in it, and nests as deep as a text does: pasted data of a few pages could stop a
build. Nobody's text comes near to these limits. And a comment ends, or all text below it would be
lost without a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from site_builder.parse.markdown import open_comment

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TEXT = 64 * 1024
"""Bytes of one text: about twenty pages."""
MAX_OPEN = 100
"""Brackets of one kind that are open at once in one block; of `<` in the whole text."""
MAX_NESTED = 20
"""Quotes and lists inside each other."""
MAX_LINES = 200
"""Lines of one block: of a table, a list, a paragraph."""
MAX_DEFINED = 200
"""Abbreviations, and footnotes, of one text."""

_BLOCK = re.compile(r"\S.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_NESTED = re.compile(
    rf"^(?:[ \t]*(?:>|[-*+:][ \t]|\d+[.)][ \t])){{{MAX_NESTED + 1}}}|^[ \t]{{{MAX_OPEN}}}",
    re.MULTILINE,
)
_DEFINED = re.compile(r"^[ ]{0,3}\*?\[[^\]\n]*\]:", re.MULTILINE)
_BRACKETS = (("[", re.compile(r"[][]")), ("(", re.compile(r"[()]")))
_TAGS = (("<", re.compile(r"[<>]")),)


class Excess(NamedTuple):
    """Where a text is no text for a page, what is wrong, and what to do."""

    rule: str
    start: int
    message: str
    hint: str


def excess(text: str) -> Excess | None:
    """Find the first thing of which a text holds too much, or the comment that takes its rest."""
    size = len(text.encode())
    if size > MAX_TEXT:
        return Excess(
            rule="text-size",
            start=0,
            message=f"this text is too long for a page: {-(-size // 1024)} KiB",
            hint=f"keep it below {MAX_TEXT // 1024} KiB; give the rest as a file",
        )
    if nested := _NESTED.search(text):
        return Excess(
            rule="text-shape",
            start=nested.start(),
            message=f"quotes and lists are nested more than {MAX_NESTED} levels deep here",
            hint="write it flatter; text that is no quote and no list stands between lines with ```",
        )
    for number, defined in enumerate(_DEFINED.finditer(text)):
        if number >= MAX_DEFINED:
            return Excess(
                rule="text-shape",
                start=defined.start(),
                message=f"this text has more than {MAX_DEFINED} footnotes, links and abbreviations to look up",
                hint="write them where they are used, or give a list as a file",
            )
    for block in _BLOCK.finditer(text):
        if block.group().count("\n") >= MAX_LINES:
            return Excess(
                rule="text-shape",
                start=block.start(),
                message=f"more than {MAX_LINES} lines follow each other here without an empty one",
                hint="give a long list or table as a file",
            )
        if found := _open(block.group(), block.start(), _BRACKETS):
            return found
    if (at := open_comment(text)) is not None:
        return Excess(
            rule="open-comment",
            start=at,
            message="this comment is never closed, so it hides everything after it",
            hint="write --> where it ends, or delete <!--",
        )
    return _open(text, 0, _TAGS)


def _open(text: str, start: int, pairs: Sequence[tuple[str, re.Pattern[str]]]) -> Excess | None:
    for opening, signs in pairs:
        depth = 0
        for sign in signs.finditer(text):
            depth = depth + 1 if sign.group() == opening else max(0, depth - 1)
            if depth > MAX_OPEN:
                return Excess(
                    rule="text-shape",
                    start=start + sign.start(),
                    message=f"more than {MAX_OPEN} '{opening}' are open here and not closed",
                    hint="close them; data and program code are better given as a file",
                )
    return None
