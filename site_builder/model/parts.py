"""The small things that files are made of: people, dates that moved, requests, outcomes.

The texts under the fields are read by people, as in `written`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from site_builder.model import editors
from site_builder.model.fields import (
    WEEKDAYS,
    Day,
    Email,
    Flag,
    Line,
    Link,
    Number,
    Phone,
    Target,
    Whole,
    refuse,
)


class Written(BaseModel):
    """What every written thing has in common: strict, frozen, documented."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class State(StrEnum):
    """Where a milestone stands. Only a person's commit moves it."""

    PLANNED = "planned"
    DOING = "doing"
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"


class Contact(Written):
    """A person whom the client can ask."""

    name: Line
    """The person's name, as the client calls them."""
    role: Line = ""
    """What they are for this client, for example: your project lead."""
    email: Email
    """The address that the page's mail links open."""
    phone: Phone | None = None
    """The number that the page shows; in quotes if it begins with +."""


class Fonts(Written):
    """The agency's own fonts."""

    text: Line | None = None
    """A WOFF2 file in the workspace for all text, at most 40 KB."""
    headings: Line | None = None
    """A WOFF2 file in the workspace for headings, at most 40 KB."""


class TeamMember(Written):
    """Someone the client will work with; shown before the start."""

    name: Line
    """The person's name."""
    role: Line = ""
    """What they are in the project, for example: texts."""
    what: Line = ""
    """What they do for this client, for example: Writes with you, in your voice."""


def _more_than_one(value: int) -> int:
    if value == 1:
        refuse("number", "one step is no cluster", "write at least 2")
    return value


class Rhythm(Written):
    """When the check speaks up, in days."""

    gap: Whole = 28
    """Between two steps more days than these are too many; those of a pause do not count."""
    cluster: Annotated[Whole, AfterValidator(_more_than_one)] = 4
    """As many steps within `cluster_days` are too many."""
    cluster_days: Whole = 7
    """In how many days so many steps are too many."""
    silence: Whole = 21
    """Days without any news after which the check warns."""
    update_lag: Whole = 1
    """Working days after which a finished step should have been told."""


_EVERY = ("week", "month", "2 weeks")
_WEEKDAY_OR_DAY = editors.one_of_or(
    "([A-Za-z]+day|[12]?[1-9]|[123]0|31)", *WEEKDAYS, minimum=1, maximum=31
)


class Cadence(Written):
    """When the client hears again."""

    every: Annotated[Line, editors.one_of(*_EVERY)]
    """week, 2 weeks or month."""
    on: Annotated[Line, _WEEKDAY_OR_DAY]
    """A weekday for weeks, a day of the month (1 to 31) for months."""

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if self.every not in _EVERY:
            refuse(
                "cadence",
                f"'{self.every}' is not a rhythm of updates",
                "write week, 2 weeks or month",
                key="every",
            )
        if self.every == "month":
            if not (self.on.isascii() and self.on.isdigit() and 1 <= int(self.on) <= 31):  # noqa: PLR2004
                refuse(
                    "cadence",
                    f"'{self.on}' is not a day of the month",
                    "write a number from 1 to 31",
                    key="on",
                )
        elif self.on.capitalize() not in WEEKDAYS:
            refuse("cadence", f"'{self.on}' is not a weekday", "write for example Friday", key="on")
        return self


class Outcome(Written):
    """What the client wants to have at the end: a sentence, or with numbers."""

    model_config = ConfigDict(json_schema_extra=editors.or_a_sentence)

    text: Line
    """The outcome as a sentence."""
    unit: Line | None = None
    """What is counted, for example: new patients a month."""
    start: Number | None = None
    """The number at the start."""
    start_on: Day | None = None
    """When the start was measured."""
    now: Number | None = None
    """The newest number."""
    as_of: Day | None = None
    """When the newest number was measured."""
    goal: Number | None = None
    """The number that the client wants to reach."""

    @model_validator(mode="before")
    @classmethod
    def _sentence(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _numbers_with_unit(self) -> Self:
        if self.unit is None and any(
            number is not None for number in (self.start, self.now, self.goal)
        ):
            refuse(
                "outcome-numbers",
                "numbers need a 'unit'",
                "say what is counted, for example unit: new patients a month",
            )
        if self.now is not None and self.start is None:
            refuse(
                "outcome-numbers",
                "'now' needs a 'start' to compare it with",
                "add start: and the number at the beginning",
                key="now",
                is_key=True,
            )
        return self


class Pause(Written):
    """A time in which the project rests, as agreed."""

    from_on: Day = Field(alias="from")
    """The first day of the pause."""
    to: Day | None = None
    """The last day; a pause without it is running now."""
    why: Line
    """The reason, in the client's words."""
    decision_on: Day | None = None
    """Until when it is decided how to go on."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to is not None and self.to < self.from_on:
            refuse("order", "the pause ends before it begins", "swap 'from' and 'to'", key="to")
        return self


class ScopeKind(StrEnum):
    """What a change did to the scope."""

    IN = "in"
    OUT = "out"
    DECLINED = "declined"


class ScopeChange(Written):
    """One change of what was agreed."""

    on: Day
    """When it was agreed."""
    kind: ScopeKind
    """in, out or declined."""
    what: Line
    """The thing itself."""
    why: Line
    """The reason."""
    effect: Line
    """What it changes, for example: No change to launch."""


class Scope(Written):
    """What was agreed, and what changed since."""

    agreed: Day
    """When it was agreed."""
    items: Annotated[tuple[Line, ...], Field(min_length=1)]
    """The things agreed, one line each."""
    changes: tuple[ScopeChange, ...] = ()
    """What came in, went out or was declined since."""


class Move(Written):
    """One time that a date moved."""

    was: Day = Field(alias="from")
    """The date before."""
    on: Day
    """When it changed."""
    why: Line
    """The reason, in the client's words."""
    effect: Line = ""
    """What it changes for the client."""


class Risk(Written):
    """Why a date may not hold."""

    why: Line
    """The reason, in the client's words."""
    decision_on: Day | None = None
    """When it is known."""


class Skip(Written):
    """A step that was left out, as agreed with the client."""

    on: Day
    """When it was agreed."""
    why: Line
    """The reason, in the client's words."""


class Need(Written):
    """Something that the client is asked for; open while `received` is missing."""

    ask: Line
    """What to do, beginning with a verb."""
    asked: Day
    """When it was asked."""
    by: Day | None = None
    """Until when it is needed."""
    takes: Line = ""
    """How long it takes, for example: about 40 minutes."""
    protects: Line = ""
    """What it protects, as a sentence."""
    link: Target | None = None
    """Where it is done."""
    button: Line | None = None
    """What stands on the button, for example: Open the texts."""
    approval: Flag = False
    """Whether it asks for an OK, which you note as `approved` when you have it."""
    received: Day | None = None
    """When it came; from then on the need is closed."""

    @model_validator(mode="after")
    def _button_with_link(self) -> Self:
        if self.button and not self.link:
            refuse(
                "button-without-link",
                "a button needs a 'link'",
                "add link: and where it leads, or remove the button",
                key="button",
                is_key=True,
            )
        return self


class Approval(Written):
    """Who said yes."""

    by: Line
    """The person's name."""
    on: Day
    """When."""


class FileEntry(Written):
    """Something that the client gets: a file of the project, or an address."""

    title: Line
    """What it is, as the client calls it."""
    file: Line | None = None
    """A file, from the project's folder."""
    url: Link | None = None
    """An address instead of a file."""
    kind: Line | None = None
    """What opens behind an address, for example: opens in the browser."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.file is None) == (self.url is None):
            refuse(
                "file-or-url",
                "'file' and 'url' exclude each other" if self.url else "'file' or 'url' is missing",
                "keep one of the two"
                if self.url
                else "add file: and its name, or url: and an address",
                key="url",
                is_key=True,
            )
        return self


class Allowance(Written):
    """A finding of the check that is meant so here."""

    rule: Line
    """The rule's name."""
    why: Line
    """Why it is meant so."""


class FirstNeed(Written):
    """What a new client brings on day zero."""

    model_config = ConfigDict(json_schema_extra=editors.or_a_sentence)

    ask: Line
    """What to bring."""
    takes: Line = ""
    """How long it takes."""

    @model_validator(mode="before")
    @classmethod
    def _sentence(cls, value: Any) -> Any:
        return {"ask": value} if isinstance(value, str) else value
