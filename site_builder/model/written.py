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
    Host,
    Id,
    LanguageCode,
    Later,
    Line,
    Link,
    Share,
    TimeZone,
    Token,
    Weight,
    Whole,
    refuse,
)
from site_builder.model.parts import (
    Allowance,
    Approval,
    Cadence,
    Contact,
    FileEntry,
    FirstNeed,
    Fonts,
    JudgedRhythm,
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
    """The static host, for the file with its headers."""
    pdf: Flag = False
    """Whether each project's page lies beside it as a PDF file, too."""
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
    protection: Annotated[Line, AfterValidator(_link_only), editors.one_of("link")] = "link"
    """How the pages are protected: link."""
    contact: Contact | None = None
    """Whom this client asks."""
    feed: Annotated[Flag, AfterValidator(_no_feed_yet), editors.NOT_TRUE] = False
    """Whether there is a feed."""
    mentions: Later = None
    """Names of other clients that may stand on this client's pages."""
    pdf: Flag | None = None
    """Whether each project's page lies beside it as a PDF file, too."""
    ends: Day | None = None
    """From that day the address shows a closed page."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


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
    outcomes: dict[Id, Outcome] = Field(default={})
    """What the client will have at the end."""
    needs_first: tuple[FirstNeed, ...] = ()
    """What the client brings on day zero."""
    updates: Cadence | None = None
    """How often the client hears."""
    links: Later = None
    """Private addresses of the prospect page."""
    milestones: Annotated[tuple[OfferingMilestone, ...], Field(min_length=1)]
    """The steps in order."""
