"""A file as lines that can be changed one by one: every other one keeps its bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.source.document import Span

_MARK = "\ufeff"
"""What some editors put at the beginning of a file."""


class Lines:
    """The lines of a file; numbers and columns count from 1, as in problems."""

    def __init__(self, typed: str) -> None:
        """Take the text apart; each line remembers how it ended."""
        self._mark = _MARK if typed.startswith(_MARK) else ""
        pieces = re.split("(\r\n|\r|\n)", typed.removeprefix(_MARK))
        self._lines = pieces[::2]
        self._endings = [*pieces[1::2], ""]

    @property
    def typed(self) -> str:
        """The text with each line's own ending."""
        lines = zip(self._lines, self._endings, strict=True)
        return self._mark + "".join(line + ending for line, ending in lines)

    @property
    def text(self) -> str:
        """The text as it is parsed."""
        return "\n".join(self._lines)

    @property
    def count(self) -> int:
        """How many lines there are; behind a last line break stands an empty one."""
        return len(self._lines)

    def line(self, number: int) -> str:
        """Return a line without its ending."""
        return self._lines[number - 1]

    def between(self, start: Span, end: Span) -> str:
        """Return what stands between two places."""
        lines = self._lines[start.line - 1 : end.line]
        lines[-1] = lines[-1][: end.column - 1]
        lines[0] = lines[0][start.column - 1 :]
        return "\n".join(lines)

    def put(self, start: Span, end: Span, words: str) -> None:
        """Write words in place of what stands between two places."""
        before = self.line(start.line)[: start.column - 1]
        after = self.line(end.line)[end.column - 1 :]
        self._lines[start.line - 1 : end.line] = [before + words + after]
        del self._endings[start.line - 1 : end.line - 1]

    def insert(self, after: int, lines: Sequence[str]) -> None:
        """Write lines behind a line; 0 is the top of the file."""
        ending = self._endings[max(after, 1) - 1]
        if ending:
            endings = [ending] * len(lines)
        else:  # the file does not end with a line break, and still does not
            ending = self._endings[0] or "\n"
            self._endings[-1] = ending
            endings = [*[ending] * (len(lines) - 1), ""]
        self._lines[after:after] = lines
        self._endings[after:after] = endings

    def delete(self, first: int, last: int) -> None:
        """Take lines away."""
        del self._lines[first - 1 : last]
        del self._endings[first - 1 : last]
