"""What follows from a project on a given day: numbers, dates and states, no words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from site_builder.model.parts import Need, Pause, ScopeChange
    from site_builder.model.project import Milestone, Project, Update


class Verdict(StrEnum):
    """Whether the project is on course; the values stand in progress.json."""

    FINISHED = "finished"
    NOT_STARTED = "not-started"
    PAUSED = "paused"
    AT_RISK = "at-risk"
    LATE = "late"
    MOVED = "moved"
    ON_COURSE = "on-course"


class Look(StrEnum):
    """How a step is drawn: its state, or what the road makes of it."""

    DONE = "done"
    DOING = "doing"
    WAITING = "waiting"
    NEXT = "next"
    PLANNED = "planned"
    SKIPPED = "skipped"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A milestone on the road, on this day."""

    milestone: Milestone
    number: int
    """From 1, skipped steps counted."""
    look: Look
    is_pinned: bool
    """Whether "You are here" stands on it."""
    is_newest: bool
    """Whether it is the newest finished one and still news."""
    is_past: bool
    """Whether it is open and past its date."""
    has_date: bool
    """Whether its date is known and holds; never while the project rests without an end."""
    was: datetime.date | None
    """The date before the newest move, where the page still says so."""


class EventKind(StrEnum):
    """What happened on a day."""

    FINISHED = "finished"
    APPROVED = "approved"
    MOVED = "moved"
    ASKED = "asked"
    RECEIVED = "received"
    SKIPPED = "skipped"
    NOTE = "note"
    PAUSED = "paused"
    STARTED = "started"
    CAME_IN = "in"
    WENT_OUT = "out"
    DECLINED = "declined"


_EVENT_RANK = {
    EventKind.FINISHED: 0,
    EventKind.APPROVED: 1,
    EventKind.MOVED: 1,
    EventKind.RECEIVED: 2,
    EventKind.ASKED: 3,
    EventKind.STARTED: 5,
}
"""The order of what happened on one day, the newest first; a thing is asked for before it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One dated thing for "What changed"."""

    on: datetime.date
    kind: EventKind
    milestone: Milestone | None = None
    need: Need | None = None
    dates: tuple[datetime.date, datetime.date | None] | None = None
    """Of a move: the date before and the date after."""
    is_of_end: bool = False
    """Whether what moved is the end of the project."""
    why: str = ""
    effect: str = ""
    note: Update | None = None
    change: ScopeChange | None = None

    @property
    def newest_first(self) -> tuple[int, int, bool]:
        """Say where an event stands among others, also those of other projects."""
        # Where a page shows only some, the move of the end, which its verdict names, is among them.
        is_lesser_move = self.kind is EventKind.MOVED and not self.is_of_end
        return -self.on.toordinal(), _EVENT_RANK.get(self.kind, 4), is_lesser_move


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """Something that the client is asked for and has not given yet."""

    need: Need
    milestone: Milestone
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Roadmap:
    """A project on a given day. Rules: "Arithmetic" in the handbook."""

    project: Project
    today: datetime.date
    steps: tuple[Step, ...]
    here: Step | None
    """The first step that is doing or waiting, else the first open one."""
    next: Step | None
    """The first planned step after here."""
    just_finished: Step | None
    """The newest finished step, while at most 21 days old."""
    newest_done: Step | None
    """The newest finished step, however old."""
    last: Step | None
    """The last step that is not skipped: the end."""
    ends: datetime.date | None
    ended_before: datetime.date | None
    """The end's date before its newest move."""
    percent: int | None
    verdict: Verdict
    concerned: Step | None
    """The step that the verdict speaks of: at risk, or late."""
    pause: Pause | None
    """The pause that is running."""
    updated: datetime.date
    next_update: datetime.date | None
    is_update_late: bool
    silence: int
    """Days from `updated` to today."""
    needs: tuple[OpenNeed, ...]
    """Open ones of open steps, by date."""
    events: tuple[Event, ...]
    """Up to today, newest first."""

    @property
    def has_started(self) -> bool:
        """Tell whether the first day has come."""
        return self.project.starts <= self.today

    @property
    def is_finished(self) -> bool:
        """Tell whether the project has come to its end."""
        return self.verdict is Verdict.FINISHED
