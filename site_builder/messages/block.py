"""The parts of a message: plain values and an author's Markdown, no choice left to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.page import Prose
    from site_builder.model.parts import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing that is said."""

    title: str = ""
    prose: Prose | None = None
    """An author's Markdown."""
    text: str = ""
    href: str = ""
    """Where its button leads; never to a file of the page."""
    button: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Blocks under a heading; without one they stand alone."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is said about one project."""

    title: str
    """Empty where the client has only one."""
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message, complete."""

    language: Language
    client: str
    """The client's name."""
    subject: str
    greeting: str
    opening: str
    parts: tuple[Part, ...]
    button: str
    note: str
    """What stands below the link."""
    link: str
    closing: str
    contact: Contact
    agency: str
    colour: str
    chat: tuple[Block, ...]
    """The same in a few lines, the most important first."""
