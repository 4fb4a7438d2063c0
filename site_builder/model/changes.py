"""What changed for a client between two states of its files: facts, no words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from site_builder.model.parts import Need, Pause, ScopeChange
    from site_builder.model.project import Milestone, Update


class ChangeKind(StrEnum):
    """What happened; the values stand in the records of what was told. In the order of telling."""

    STARTED = "started"
    FINISHED = "finished"
    APPROVED = "approved"
    END_MOVED = "end-moved"
    MOVED = "moved"
    AT_RISK = "at-risk"
    PAUSED = "paused"
    RESUMED = "resumed"
    SKIPPED = "skipped"
    CAME_IN = "in"
    WENT_OUT = "out"
    DECLINED = "declined"
    RECEIVED = "received"
    ASKED = "asked"
    ADDED = "added"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that the client may want to hear."""

    project: str
    """The project's id."""
    kind: ChangeKind
    on: datetime.date | None = None
    """The day that the files name; None for what is written down without one."""
    milestone: Milestone | None = None
    """As it is after the change."""
    was: datetime.date | None = None
    """Of a move: the date before; None where there was none."""
    to: datetime.date | None = None
    """Of a move: the date after; None where it is to follow."""
    why: str = ""
    effect: str = ""
    need: Need | None = None
    note: Update | None = None
    scope: ScopeChange | None = None
    pause: Pause | None = None

    @property
    def key(self) -> str:
        """Name the change so that it is known again: what a record of what was told lists.

        `finished website/new-look 2026-02-27`; the same thing on another day is another change. Of
        texts only a digest is in it.
        """
        place = f"{self.project}/{self.milestone.id}" if self.milestone else self.project
        days = [day.isoformat() for day in (self.on, self.to) if day]
        text = ""
        if self.need:
            text = self.need.ask
        elif self.note:
            text = self.note.sentence
        elif self.scope:
            text = self.scope.what
        elif self.kind is ChangeKind.AT_RISK:
            text = self.why  # another risk is told, too
        digest = [hashlib.sha256(text.encode()).hexdigest()[:8]] if text else []
        return " ".join([self.kind.value, place, *days, *digest])


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A record of what was told to a client, once."""

    on: datetime.date
    """When it was told."""
    until: str
    """The commit up to which everything was told; empty where there is no git."""
    told: frozenset[str]
    """The keys of the changes."""
    path: str
    """The file, from the workspace's folder."""


def told_days(announced: tuple[Announcement, ...]) -> Mapping[str, datetime.date]:
    """Say when each change was told first, by its key."""
    days: dict[str, datetime.date] = {}
    for record in sorted(announced, key=lambda each: each.on):
        for key in record.told:
            days.setdefault(key, record.on)
    return days
