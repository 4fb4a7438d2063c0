"""A letter as plain text: for mail programs that show no HTML, and to copy from."""

from __future__ import annotations

import html.parser
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builder.messages.block import Block, Letter
    from site_builder.model.page import Prose

    Written = Callable[[Prose], str]
    """Makes safe HTML of an author's Markdown."""

MAX_TEXT = 8000
"""Characters of one author's text; who wrote more is read on the page."""
_BLOCKS = frozenset(
    "blockquote dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr ol p pre summary table tr ul".split()
)
_SOFT_HYPHEN = "\u00ad"


class _Reader(html.parser.HTMLParser):
    """Writes down what a person would read in a piece of HTML, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.lists: list[int | None] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"ol", "ul"}:
            self.lists.append(1 if tag == "ol" else None)
        if tag == "li":
            number = self.lists[-1] if self.lists else None
            self.parts.append("\n- " if number is None else f"\n{number}. ")
            if number is not None:
                self.lists[-1] = number + 1
        elif tag in {"td", "th"}:
            self.parts.append("  ")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag == "tr" else "\n\n")
        elif tag == "a":
            self.links.append(given.get("href") or "")
            self.parts.append("\0")  # where the text of the link begins

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        if tag == "a" and self.links:
            link = self.links.pop()
            begin = len(self.parts) - 1 - self.parts[::-1].index("\0")
            self.parts[begin] = ""
            if link.startswith(("http", "mailto:", "tel:")):
                address = link.removeprefix("mailto:").removeprefix("tel:")
                if address not in "".join(self.parts[begin:]):
                    self.parts.append(f" ({address})")
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag == "tr" else "\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


def text_of(markup: str) -> str:
    """Read a piece of safe HTML aloud: paragraphs, lists and tables as lines, links in brackets."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = [
        re.sub(r" {2,}", "  ", line).strip()
        for line in "".join(reader.parts).replace("\0", "").split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clipped(text: str, length: int) -> str:
    """Cut a text at a space so that it has at most so many characters."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[length // 2 :] else cut}\u2026".strip()


def as_typed(text: str) -> str:
    """Take out what only lets words break on a page, or holds them together."""
    return text.replace(_SOFT_HYPHEN, "").replace("\u00a0", " ")


def _block(block: Block, written: Written, length: int) -> Iterator[str]:
    prose = clipped(text_of(written(block.prose)), length) if block.prose else ""
    yield from (text for text in (block.title, prose, block.text) if text)
    if block.href:
        yield f"{block.button}: {block.href}"


def _paragraphs(letter: Letter, written: Written, length: int) -> Iterator[str]:
    yield letter.greeting
    yield letter.opening
    for part in letter.parts:
        if part.title:
            yield f"{part.title}\n{'=' * min(len(part.title), 60)}"
        for section in part.sections:
            if section.heading:
                yield f"{section.heading}\n{'-' * min(len(section.heading), 60)}"
            for block in section.blocks:
                yield "\n".join(_block(block, written, length))
    yield f"{letter.button}:\n{letter.link}"
    yield letter.note
    yield letter.closing
    contact = letter.contact
    role = letter.language.say(", ").join(text for text in (contact.role, letter.agency) if text)
    reach = " \u00b7 ".join(text for text in (contact.email, contact.phone) if text)
    yield f"{contact.name}\n{role}\n{reach}"


def as_text(letter: Letter, written: Written, length: int = MAX_TEXT) -> str:
    """Write a letter as plain text; no author's text is longer than `length`."""
    paragraphs = (text.strip() for text in _paragraphs(letter, written, length))
    return as_typed("\n\n".join(text for text in paragraphs if text)) + "\n"
