"""The sentences that clients read, each with its place in the files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenText:
    """One text as a person wrote it."""

    place: str
    """What it is for the client: label, title, now, happened, matters, next, need, reason, thanks,
    update, outcome or scope."""
    text: str
    path: str
    line: int
    """Where the text begins, from 1."""
    column: int
    width: int = 0
    """How many characters the whole of it covers on that line."""
    is_as_written: bool = True
    """Whether its characters stand in the file one by one, so that each of them has a place."""

    def span(self, start: int, end: int) -> tuple[int, int, int]:
        """Say where some of its characters stand: line, column and width on that line."""
        if not self.is_as_written:
            return self.line, self.column, self.width
        before = self.text[:start]
        above = before.count("\n")
        column = start - before.rfind("\n") if above else self.column + start
        return self.line + above, column, len(self.text[start:end].partition("\n")[0])
