"""The pieces that templates show: plain values, no choice left to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from site_builder.language import Language
    from site_builder.model.page import Prose


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence around a date, in parts, so that the date can be marked as one."""

    before: str
    iso: str
    text: str
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A state as icon and word."""

    state: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A step on the road."""

    label: str
    href: str
    name: str
    """`Step 5`, or the month of a service without an end; empty for a single step."""
    state: str
    mark: str
    """The icon in the node; empty: the number stands there."""
    number: int
    when: Dated | None
    when_text: str
    """In place of a date."""
    was: Dated | None
    tags: tuple[Tag, ...]
    why: Prose | None
    is_pinned: bool
    is_newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A mail to send back, with its words filled in."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing that we need from the client."""

    ask: str
    by: Dated | None
    details: str
    button: str
    href: str
    is_outside: bool
    project: str
    step: str
    """The id of the step that asks."""
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One dated sentence."""

    kind: str
    icon: str
    on: Dated
    before: str
    label: str
    href: str
    after: str
    project: str = ""
    more: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Something that the client has."""

    title: str
    href: str
    icon: str
    note: str
    is_outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A step in the list of an outcome."""

    label: str
    href: str
    when: Dated | None
    why: Prose | None = None
    """Why it matters, of a finished one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCard:
    """What the client wants, how far it is, and the steps that serve it."""

    text: str
    unit: str
    start: str
    started: str
    """The number at the start, in a sentence."""
    now: str
    goal: str
    """The number to reach, in a sentence."""
    measured: str
    share: int | None
    """Part of the way to the goal, in percent, for the track."""
    finished: tuple[Tick, ...]
    finished_more: str
    coming: tuple[Tick, ...]
    coming_more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a step's facts."""

    term: str
    dates: tuple[Dated, ...] = ()
    texts: tuple[str, ...] = ()
    is_old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What comes next: a text, or a step by its name and date."""

    text: Prose | str
    more: Prose | None = None
    href: str = ""
    when: Dated | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One thing to rely on, in a sentence."""

    icon: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with an author's text."""

    heading: str
    prose: Prose | None = None
    lines: tuple[str, ...] = ()


def dated(language: Language, message: str, day: datetime.date, style: str) -> Dated:
    """Put a day into a sentence of ours that has the place ``{date}``."""
    before, _, after = language.say(message, date="\0").partition("\0")
    return Dated(before, day.isoformat(), language.date(day, style), after)


def bare_date(language: Language, day: datetime.date, style: str) -> Dated:
    """Show a day alone."""
    return Dated("", day.isoformat(), language.date(day, style))
