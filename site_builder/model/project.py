"""Client, project and milestone: what was written, checked and complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder.model.parts import State

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from site_builder.model.links import PrivateLink, Protection
    from site_builder.model.parts import (
        Allowance,
        Approval,
        Cadence,
        Contact,
        Move,
        Need,
        Outcome,
        Pause,
        Rhythm,
        Risk,
        Scope,
        Skip,
        TeamMember,
    )
    from site_builder.model.texts import WrittenText
    from site_builder.model.written import AgencyFile, Deviation, OfferingFile


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, line and column from 1, and how many characters."""

    path: str
    line: int = 1
    column: int = 1
    width: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """A service that the agency sells, as milestones."""

    id: str
    written: OfferingFile
    places: Mapping[str, Place]
    """Where each step begins, by its id; the file itself under the empty name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """Something that the client gets."""

    title: str
    target: str
    """A file from the project's folder, or a link."""
    kind: str
    """What the author says of an address; empty for files."""
    size: int | None
    """Bytes of the file; None for an address."""

    @property
    def is_file(self) -> bool:
        """Tell a file of ours from an address elsewhere."""
        return self.size is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step of a project. The answers are Markdown as it was written."""

    id: str
    label: str
    title: str
    state: State
    now: str
    due: datetime.date | None
    done: datetime.date | None
    moved: tuple[Move, ...]
    """Oldest first."""
    at_risk: Risk | None
    skipped: Skip | None
    outcomes: tuple[str, ...]
    """Ids of the project's outcomes."""
    needs: tuple[Need, ...]
    approved: Approval | None
    thanks: str
    files: tuple[Deliverable, ...]
    weight: Decimal | None
    progress: Decimal | None
    happened: str
    matters: str
    next: str
    story: str
    """What stands under further headings, with the headings."""
    is_draft: bool
    publish_on: datetime.date | None
    """The day from which it is published, while that is ahead."""
    allow: Sequence[Allowance] = ()
    """Findings of the check that are meant so here."""
    spent: Sequence[str] = field(default=(), compare=False)
    """The rules of those that are left out already."""
    texts: Sequence[WrittenText] = field(default=(), compare=False)
    """Its sentences for the client, each with its place."""

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done."""
        return self.state not in {State.DONE, State.SKIPPED}

    @property
    def is_hidden(self) -> bool:
        """Tell whether the client does not see it yet."""
        return self.is_draft or self.publish_on is not None

    @property
    def first_due(self) -> datetime.date | None:
        """The date that was promised first."""
        return self.moved[0].was if self.moved else self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A note between milestones."""

    on: datetime.date
    sentence: str
    """Plain text for "What changed recently"."""
    text: str
    """The rest, as Markdown; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file of a project that its pages link to or show."""

    target: str
    """From the project's folder, with forward slashes."""
    path: Path
    size: int
    picture: tuple[int, int] | None
    """Width and height in pixels of a picture that pages may show."""
    is_given: bool
    """Whether pages link to it: then a picture keeps its full size."""
    is_shown: bool
    """Whether pages show it as a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One engagement with its own road."""

    id: str
    title: str
    finish: str
    starts: datetime.date
    contact: Contact
    team: tuple[TeamMember, ...]
    updates: Cadence | None
    next_update: datetime.date | None
    outcomes: Mapping[str, Outcome]
    is_ongoing: bool
    pauses: tuple[Pause, ...]
    rhythm: Rhythm
    scope: Scope | None
    milestones: tuple[Milestone, ...]
    notes: tuple[Update, ...]
    """The updates between milestones, oldest first."""
    files: Mapping[str, PublishedFile]
    """By target."""
    step_links: Mapping[str, str]
    """From a milestone's file to its id, for links between milestones."""
    offering: str = ""
    """The id of the service that this is an instance of, if any."""
    deviates: Sequence[Deviation] = ()
    """Where it means to differ from that."""
    holidays: Sequence[datetime.date | str] = ()
    """Countries, as the holidays package names them, and days."""
    hidden: Sequence[str] = ()
    """Ids of the steps that are not built yet."""
    served: Collection[str] = ()
    """Ids of the outcomes that a step serves, built or not; skipped ones serve none."""
    allow: Sequence[Allowance] = ()
    """Findings of the check about the whole project that are meant so."""
    spent: Sequence[str] = field(default=(), compare=False)
    """The rules of those that are left out already."""
    texts: Sequence[WrittenText] = field(default=(), compare=False)
    """The sentences for the client in project.yml and in the updates, each with its place."""
    glossary: Sequence[str] = ()
    """Words that this project's client knows."""
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    """Where keys stand: ("page-texts", "label") of a step, ("", "offering") of project.yml.

    Below a key stand ("page-texts", "needs.0.by") and ("", "outcomes.bookings").

    Under ("page-texts", "") stands where the step begins, hidden or not.
    """

    def place(self, step: str, key: str = "") -> Place:
        """Find where a key stands, or what is around it."""
        for near in ((step, key), (step, ""), ("", "")):
            if near in self.places:
                return self.places[near]
        return Place(f"{self.id}/project.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client with all projects."""

    id: str
    name: str
    language: str
    links: Mapping[str, PrivateLink]
    """By label."""
    protection: Protection
    contact: Contact
    ends: datetime.date | None
    pdf: bool
    """Whether each project's page lies beside it as a PDF file, too."""
    projects: tuple[Project, ...]
    agency: AgencyFile
