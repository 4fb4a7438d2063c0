"""The files as people write them: one class a file, every key with its meaning.

A key that is not here is an error. The texts under the fields are read by people: the handbook's
reference and the editors' schema are made from them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from site_builder.model.fields import (
    WEEKDAYS,
    Colour,
    Day,
    Email,
    Flag,
    Host,
    Id,
    LanguageCode,
    Later,
    Line,
    Link,
    Number,
    Phone,
    Share,
    Target,
    TimeZone,
    Token,
    Weight,
    Whole,
    refuse,
)


class Written(BaseModel):
    """What every written thing has in common: strict, frozen, documented."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


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


class TeamMember(Written):
    """Someone the client will work with; shown before the start."""

    name: Line
    """The person's name."""
    role: Line = ""
    """What they are in the project, for example: texts."""
    what: Line = ""
    """What they do for this client, for example: Writes with you, in your voice."""


def _silence_only(value: Rhythm) -> Rhythm:
    later = sorted(value.model_fields_set - {"silence"})
    if later:
        refuse(
            "not-yet",
            f"'{later[0]}' is not judged yet",
            f"remove {later[0]}: only silence counts so far",
            key=later[0],
            is_key=True,
        )
    return value


class Rhythm(Written):
    """When the check speaks up, in days."""

    gap: Whole = 28
    """Days between two steps that are too many."""
    cluster: Whole = 4
    """Steps that are too many within `cluster_days`."""
    cluster_days: Whole = 7
    """The days of a cluster."""
    silence: Whole = 21
    """Days without any news after which the check warns."""
    update_lag: Whole = 1
    """Days after which a finished step should have been announced."""


JudgedRhythm = Annotated[Rhythm, AfterValidator(_silence_only)]


class AgencyFile(Written):
    """`extra.agency` in mkdocs.yml: what holds for all clients."""

    name: Line
    """The agency's name, on every page."""
    contact: Contact
    """Whom clients ask when neither the client nor the project names somebody."""
    colour: Colour = "3b4252"
    """One brand colour, in quotes; light and dark variants with enough contrast are derived."""
    logo: Line | None = None
    """A picture file in the workspace (PNG, JPEG, WebP or SVG), shown at the top of each page."""
    icon: Line | None = None
    """A square picture file (PNG, JPEG or WebP) for the favicon and the home-screen icon."""
    language: LanguageCode = "en"
    """The language of the pages where the client names none."""
    timezone: TimeZone = "UTC"
    """Where the agency's days begin."""
    url: Link | None = None
    """The agency's own website; a closed page leads there."""
    base_url: Link | None = None
    """Where the site is published; for printed links only, never in pages."""
    host: Host | None = None
    """The static host, for the file with its headers."""
    rhythm: JudgedRhythm = Rhythm()
    """When the check speaks up about silence."""
    holidays: Later = None
    """Days on which nobody works."""
    glossary: Later = None
    """Words that the agency's clients know."""
    forbidden: Later = None
    """Words that must never be published."""


def _link_only(value: str) -> str:
    if value in {"sealed", "passphrase"}:
        refuse(
            "not-yet",
            f"'{value}' pages are not built yet",
            "write link, or keep this client out of the workspace",
        )
    if value != "link":
        refuse("unknown-value", f"'{value}' is not a protection", "write link")
    return value


def _no_feed_yet(value: bool) -> bool:  # noqa: FBT001 - a validator's shape
    if value:
        refuse("not-yet", "feeds are not built yet", "write false, or remove the line")
    return value


class ClientFile(Written):
    """`client.yml`: one client, whatever the number of projects."""

    name: Line
    """The client's name, as they write it."""
    links: Annotated[dict[str, Token], Field(min_length=1)]
    """The private addresses: a label and 26 characters each."""
    language: LanguageCode | None = None
    """The language of this client's pages."""
    protection: Annotated[Line, AfterValidator(_link_only)] = "link"
    """How the pages are protected: link."""
    contact: Contact | None = None
    """Whom this client asks."""
    feed: Annotated[Flag, AfterValidator(_no_feed_yet)] = False
    """Whether there is a feed."""
    mentions: Later = None
    """Names of other clients that may stand on this client's pages."""
    ends: Day | None = None
    """From that day the address shows a closed page."""


class Cadence(Written):
    """When the client hears again."""

    every: Line
    """week, 2 weeks or month."""
    on: Line
    """A weekday for weeks, a day of the month (1 to 31) for months."""

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if self.every not in {"week", "2 weeks", "month"}:
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


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class MilestoneFields(Written):
    """What a milestone of a project and one of an offering share."""

    label: Line | None = None
    """Short name, at most 28 characters: what the client has when it is done."""
    title: Line | None = None
    """The outcome in one sentence, heading of its own page."""
    outcome: Annotated[tuple[Line, ...], BeforeValidator(_as_list)] = ()
    """One id of the project's outcomes, or a list."""
    happened: str | None = None
    """The answer "What just happened", in place of the heading."""
    matters: str | None = None
    """The answer "Why it matters", in place of the heading."""
    next: str | None = None
    """The answer "What comes next", in place of the heading."""
    files: tuple[FileEntry, ...] = ()
    """What the client gets with this step."""
    weight: Weight | None = None
    """Share of the work, compared with the other steps."""
    internal: Any = None
    """Notes for the team; never built."""


class MilestoneFile(MilestoneFields):
    """A milestone: the front matter of `milestones/NN-id.md`, or an entry of `milestones:`."""

    id: Id | None = None
    """The step's address; from the file's name if missing."""
    state: State | None = None
    """doing or waiting; the others follow from `done` and `skipped`."""
    now: Line | None = None
    """What is being done, as the end of a sentence: You're at step 5 of 8: …"""
    due: Day | None = None
    """The date that holds today."""
    done: Day | None = None
    """The day it was finished."""
    moved: tuple[Move, ...] = ()
    """Each time the date moved, with the reason."""
    at_risk: Risk | None = None
    """Why the date may not hold."""
    skipped: Skip | None = None
    """When and why it was left out, as agreed with the client."""
    needs: tuple[Need, ...] = ()
    """What the client is asked for."""
    approved: Approval | None = None
    """Who said yes, and when."""
    thanks: Line | None = None
    """One sentence of thanks."""
    progress: Share | None = None
    """Part done, 0 to 1, of a step in progress."""
    draft: Flag = False
    """true: not built."""
    publish_on: Day | None = None
    """Not built before that day."""
    allow: tuple[Allowance, ...] = ()
    """Findings of the check that are meant so here."""


class ProjectFile(Written):
    """`project.yml`: one engagement with its own road."""

    title: Line
    """The project as the client calls it."""
    starts: Day
    """The first day of the project."""
    finish: Line = ""
    """The agency's word for the end, for example: Launch."""
    offering: Id | None = None
    """The service that this is an instance of: a file in projects/_offerings/."""
    contact: Contact | None = None
    """Whom the client asks about this project, when it differs."""
    team: tuple[TeamMember, ...] = ()
    """Who the client will work with; shown before the start."""
    updates: Cadence | None = None
    """How often the client hears, and on which day."""
    next_update: Day | None = None
    """The next update, only to override the rhythm."""
    outcomes: dict[Id, Outcome] = {}
    """What the client wants to have at the end, by id."""
    ongoing: Flag = False
    """true for a retainer: no end, no percentage, months instead of a road with an end."""
    pauses: tuple[Pause, ...] = ()
    """Times in which the project rests."""
    rhythm: JudgedRhythm | None = None
    """When the check speaks up about this project."""
    holidays: Later = None
    """Days on which nobody works."""
    deviates: Later = None
    """Where the project means to differ from its offering."""
    scope: Scope | None = None
    """What was agreed, and what changed since."""
    milestones: tuple[MilestoneFile, ...] = ()
    """The steps, for those who prefer one file to a folder."""


class FirstNeed(Written):
    """What a new client brings on day zero."""

    ask: Line
    """What to bring."""
    takes: Line = ""
    """How long it takes."""

    @model_validator(mode="before")
    @classmethod
    def _sentence(cls, value: Any) -> Any:
        return {"ask": value} if isinstance(value, str) else value


class OfferingMilestone(MilestoneFields):
    """A step of an offering: working days instead of dates."""

    id: Id
    """The step's address in each project."""
    day: Whole
    """Working days after the start."""
    optional: Flag = False
    """Whether a project may leave it out."""


class OfferingFile(Written):
    """`_offerings/NAME.yml`: a service that the agency sells, as milestones."""

    title: Line
    """The service."""
    for_whom: Line = Field(default="", alias="for")
    """Who buys it."""
    promise: Line = ""
    """What it gives, in one sentence."""
    outcomes: dict[Id, Outcome] = {}
    """What the client will have at the end."""
    needs_first: tuple[FirstNeed, ...] = ()
    """What the client brings on day zero."""
    updates: Cadence | None = None
    """How often the client hears."""
    links: Later = None
    """Private addresses of the prospect page."""
    milestones: Annotated[tuple[OfferingMilestone, ...], Field(min_length=1)]
    """The steps in order."""
