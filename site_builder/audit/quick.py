"""The quick look: what is known to be harmless. A doubt is no finding, only a reason to look on."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from site_builder.audit.markup import HARMLESS
from site_builder.audit.unpack import ESCAPE, MIN_RUN, PERCENT, RUN, from_run

if TYPE_CHECKING:
    from collections.abc import Callable

_TAG = re.compile(rb"<[^<>]*>?")
_ANY_PAGE = re.compile(rb"(?:^|/)c/[a-z2-7]{26}(?![a-z0-9])", re.IGNORECASE)
_MARKS = tuple(
    mark.encode()
    for mark in (
        "{{", "{%", "---", "sourceMapping", "urlset", "sitemap", "Sitemap", "/home/", "/Users/", ":\\", "file:/", "](",
        "```", "~~~", "## ", "] ",
    )
)  # fmt: skip
"""Where one of these stands, a text may be a source file."""
_KEYS = tuple(
    f"{key}:".encode()
    for key in "label due done state needs outcome moved asked takes links mentions internal publish_on draft"
    " protection at_risk".split()
)
_KEY = re.compile(rb"(?:^|[>\n\"])(?:" + b"|".join(_KEYS) + rb")")
_SPLIT = re.compile(
    rb"[A-Za-z]</?(?:b|i|u|s|em|strong|span|mark|small|wbr|font)(?: [^<>]*)?>[A-Za-z]"
)
"""An element in the middle of a word."""
MAX_KNOWN = 10_000
"""So many tags, runs and lines are remembered, in each process. Half a megabyte or so of each."""


class Known:
    """Tags that do nothing, and runs of letters that say nothing; remembered from page to page."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._tags: set[bytes] = set()
        self._runs: set[bytes] = set()
        self._met: set[int] = set()
        self._judged: set[int] = set()
        self.lines: set[bytes] = set()
        """Lines in which nothing of anybody can be found: they stand on the pages of many."""

    def meet(self, lines: set[bytes], finds: Callable[[bytes], bool]) -> None:
        """Remember those lines of a harmless text that stood in another one, too.

        But for those in which something `finds` what is looked for: whose it is decides there.
        """
        if len(self._met) >= MAX_KNOWN:  # those that stand on the pages of many come again soon
            for some in (self._met, self._judged, self.lines):
                some.clear()
        marks = dict(zip(map(hash, lines), lines, strict=True))
        again = (self._met & marks.keys()) - self._judged
        self._judged |= again
        self.lines.update(line for mark in again if not finds(line := marks[mark]))
        self._met.update(marks)

    def has_tags(self, data: bytes) -> bool:
        """Tell markup in which every tag is harmless."""
        fresh = set(_TAG.findall(data)) - self._tags
        return all(HARMLESS.fullmatch(tag) for tag in fresh)

    def has_runs(self, data: bytes) -> bool:
        """Tell a text in which nothing is wrapped in base64, and no private address stands."""
        fresh = set(data.translate(RUN).split()) - self._runs
        for run in fresh:
            if len(run) >= MIN_RUN and (_ANY_PAGE.search(run) or any(True for _ in from_run(run))):
                return False
        if len(self._runs) >= MAX_KNOWN:
            self._runs.clear()
        self._runs |= fresh
        return True

    def remember_tags(self, data: bytes) -> None:
        """Remember the tags of markup in which nothing was found."""
        if len(self._tags) < MAX_KNOWN:
            self._tags.update(tag for tag in _TAG.findall(data) if _is_whole(tag))


def _is_whole(tag: bytes) -> bool:
    """Tell a tag that may be remembered: what follows it decides about scripts and styles."""
    return tag.endswith(b">") and tag[1:7].lower() != b"script" and tag[1:6].lower() != b"style"


def resolved(data: bytes) -> bytes:
    """Return a text with its entities resolved.

    Raises:
        UnicodeDecodeError: if it is no UTF-8.
    """
    text = data.decode("utf-8")
    return html.unescape(text).encode("utf-8", "ignore") if "&" in text else data


def is_plain(raw: bytes, said: bytes) -> bool:
    """Tell a text without escapes, and without what source files look like."""
    return not (
        any(mark in said for mark in _MARKS)
        or _SPLIT.search(raw)
        or PERCENT.search(raw)
        or ESCAPE.search(raw)
        or (any(key in said for key in _KEYS) and _KEY.search(said))
    )


def new_lines(lines: list[bytes], seen: set[bytes], known: set[bytes]) -> list[bytes]:
    """Leave out lines that were looked at, but for the neighbours of new ones."""
    is_new = [line not in seen and line not in known for line in lines]
    around = zip(lines, is_new, [False, *is_new], [*is_new[1:], False], strict=False)
    return [line for line, new, before, after in around if new or before or after]
