"""The files as people write them: one class a file, every key with its meaning.

A key that is not here is an error. The texts under the fields are read by people: the handbook's
reference and the editors' schema are made from them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from site_builder.model import editors
from site_builder.model.fields import (
    Colour,
    Day,
    Flag,
    Holiday,
    Host,
    Id,
    LanguageCode,
    Line,
    Link,
    Share,
    TimeZone,
    Weight,
    Whole,
    read_line,
    refuse,
)
from site_builder.model.links import Open, Private, Protection
from site_builder.model.parts import (
    Allowance,
    Approval,
    Cadence,
    Contact,
    FileEntry,
    FirstNeed,
    Fonts,
    Move,
    Need,
    Outcome,
    Pause,
    Rhythm,
    Risk,
    Scope,
    Skip,
    State,
    TeamMember,
    Written,
)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Holidays = Annotated[tuple[Holiday, ...], BeforeValidator(_as_list), editors.HOLIDAYS]


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
    logo_dark: Line | None = None
    """The same logo for dark screens: a picture file, too."""
    icon: Line | None = None
    """A square picture file (PNG, JPEG or WebP) for the favicon and the home-screen icon."""
    fonts: Fonts | None = None
    """Your own fonts, as WOFF2 files in the workspace."""
    language: LanguageCode = "en"
    """The language of the pages where the client names none."""
    timezone: TimeZone = "UTC"
    """Where the agency's days begin."""
    url: Link | None = None
    """The agency's own website; a closed page leads there."""
    base_url: Link | None = None
    """Where the site is published; for printed links only, never in pages."""
    host: Host | None = None
    """Where the pages are published, for the file with its headers."""
    pdf: Flag = False
    """Whether each project's page lies beside it as a PDF file, too."""
    rhythm: Rhythm = Rhythm()
    """When the check speaks up about the way projects move."""
    holidays: Holidays = ()
    """Days on which nobody works: a country, days, or a list of both."""
    glossary: tuple[Line, ...] = ()
    """Words and abbreviations that the agency's clients know: none of them is jargon."""
    avoid: dict[Line, Line] = Field(default={})
    """Words that the agency does not say to clients, each with what to write instead."""
    forbidden: tuple[Line, ...] = ()
    """Words that must never be published: rates, test servers, names of tools."""


def _protection(value: object) -> Protection:
    text = read_line(value)
    if text not in set(Protection):
        # It may be the words themselves, which are never repeated.
        what = f"'{text}'" if " " not in text else "this"
        refuse("unknown-value", f"{what} is not a protection", "write link, sealed or passphrase")
    return Protection(text)


def _no_feed_yet(value: bool) -> bool:  # noqa: FBT001 - a validator's shape
    if value:
        refuse("not-yet", "feeds are not built yet", "write false, or remove the line")
    return value


class ClientFile(Written):
    """`client.yml`: one client, whatever the number of projects."""

    name: Line
    """The client's name, as they write it."""
    links: Annotated[dict[str, Private], Field(min_length=1)]
    """The private addresses: a label and 26 characters each."""
    language: LanguageCode | None = None
    """The language of this client's pages."""
    protection: Annotated[
        Protection, BeforeValidator(_protection), editors.one_of(*map(str, Protection))
    ] = Protection.LINK
    """How the pages are protected: link, sealed or passphrase."""
    contact: Contact | None = None
    """Whom this client asks."""
    feed: Annotated[Flag, AfterValidator(_no_feed_yet), editors.NOT_TRUE] = False
    """Whether there is a feed."""
    mentions: tuple[Line, ...] = ()
    """Names of other clients, or their domains, that may stand on this client's pages."""
    pdf: Flag | None = None
    """Whether each project's page lies beside it as a PDF file, too."""
    ends: Day | None = None
    """From that day the address shows a closed page."""


def label_of(identifier: str) -> str:
    """Make the label of a step that has none from its id."""
    return identifier.replace("-", " ").capitalize()


class MilestoneFields(Written):
    """What a milestone of a project and one of an offering share."""

    label: Line | None = None
    """Short name, at most 28 characters: what the client has when it is done."""
    title: Line | None = None
    """The outcome in one sentence, heading of its own page."""
    outcome: Annotated[tuple[Line, ...], BeforeValidator(_as_list), editors.ONE_OR_MORE] = ()
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


class Deviation(Written):
    """A step in which a project means to differ from its offering."""

    milestone: Line
    """The step's id: one that the project leaves out, adds, renames or moves."""
    why: Line
    """The reason, for the team; it stands on no page."""


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
    outcomes: dict[Id, Outcome] = Field(default={})
    """What the client wants to have at the end, by id."""
    ongoing: Flag = False
    """true for a retainer: no end, no percentage, months instead of a road with an end."""
    pauses: tuple[Pause, ...] = ()
    """Times in which the project rests."""
    rhythm: Rhythm | None = None
    """When the check speaks up about the way this project moves."""
    holidays: Holidays | None = None
    """Days on which nobody works, when they differ: a country, days, or a list of both."""
    deviates: tuple[Deviation, ...] = ()
    """Where the project means to differ from its offering."""
    scope: Scope | None = None
    """What was agreed, and what changed since."""
    glossary: tuple[Line, ...] = ()
    """Words and abbreviations that this client knows, beside the agency's."""
    allow: tuple[Allowance, ...] = ()
    """Findings of the check about the whole project that are meant so."""
    milestones: tuple[MilestoneFile, ...] = ()
    """The steps, for those who prefer one file to a folder."""


MAX_DAYS = 1000
"""Working days of an offering: about four years."""


def _within_years(value: int) -> int:
    if value > MAX_DAYS:
        refuse(
            "number",
            f"{value} working days after the start are too far away",
            f"write at most {MAX_DAYS}: about four years",
        )
    return value


class OfferingMilestone(MilestoneFields):
    """A step of an offering: working days instead of dates."""

    id: Id
    """The step's address in each project."""
    day: Annotated[Whole, AfterValidator(_within_years)]
    """Working days after the start: with 5, a week later."""
    optional: Flag = False
    """Whether a project may leave it out."""

    @property
    def shown_label(self) -> str:
        """The label, or what the id says in its place."""
        return self.label or label_of(self.id)


class OfferingFile(Written):
    """`_offerings/NAME.yml`: a service that the agency sells, as milestones."""

    title: Line
    """The service."""
    for_whom: Line = Field(default="", alias="for")
    """Who buys it."""
    promise: Line = ""
    """What it gives, in one sentence."""
    finish: Line = ""
    """The agency's word for the end, for example: Launch."""
    ongoing: Flag = False
    """true for a retainer: its projects have no end, and months instead of a road with an end."""
    outcomes: dict[Id, Outcome] = Field(default={})
    """What the client will have at the end."""
    needs_first: tuple[FirstNeed, ...] = ()
    """What the client brings on day zero."""
    updates: Cadence | None = None
    """How often the client hears."""
    links: dict[str, Open] = Field(default={})
    """Private addresses of the page for people who may buy it: a label and 26 characters each."""
    milestones: Annotated[tuple[OfferingMilestone, ...], Field(min_length=1)]
    """The steps in order."""
