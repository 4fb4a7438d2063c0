"""The record that a project's page becomes at its end: dates, files, and what to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.model.parts import State
from site_builder.pages.views import Dated, Download, bare_date, dated

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.project import Milestone
    from site_builder.model.roadmap import Step
    from site_builder.pages.pieces import Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A step in the table of what was promised and what came."""

    label: str
    href: str
    approved: str
    """Who said yes, and when, in a sentence; empty if nobody did."""
    promised: tuple[Dated, ...]
    """Every date that was promised, the first one first; none if none was."""
    finished: Dated
    """The day on which it was finished, or on which it was agreed to leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What one step brought."""

    label: str
    href: str
    when: Dated | None
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the client keeps."""

    steps: tuple[Kept, ...]
    files: tuple[HandedOver, ...]


def _promised(language: Language, milestone: Milestone) -> tuple[Dated, ...]:
    """List the dates that held one after the other."""
    days = [day for day in (*(move.was for move in milestone.moved), milestone.due) if day]
    first = (bare_date(language, day, "dated") for day in days[:1])
    return (*first, *(dated(language, "then {date}", day, "dated") for day in days[1:]))


def _kept(pieces: Pieces, step: Step) -> Kept | None:
    language, milestone = pieces.language, step.milestone
    skipped = milestone.skipped if milestone.state is State.SKIPPED else None
    on = skipped.on if skipped else milestone.done
    if on is None:
        return None
    approved = milestone.approved
    return Kept(
        label=language.soft(milestone.label),
        href=pieces.step_href(milestone),
        approved=language.say("Approved by {name}.", name=approved.by) if approved else "",
        promised=_promised(language, milestone),
        finished=dated(language, "Left out, agreed {date}", on, "dated")
        if skipped
        else bare_date(language, on, "dated"),
    )


def record(pieces: Pieces) -> Record | None:
    """Put together what stays of a project; None while something is still to be done."""
    roadmap = pieces.roadmap
    if not roadmap.is_finished:
        return None
    return Record(
        steps=tuple(kept for step in roadmap.steps if (kept := _kept(pieces, step))),
        files=tuple(
            HandedOver(
                label=pieces.language.soft(step.milestone.label),
                href=pieces.step_href(step.milestone),
                when=pieces.when(step, "dated"),
                downloads=tuple(pieces.download(entry) for entry in step.milestone.files),
            )
            for step in roadmap.steps
            if step.milestone.done and step.milestone.files
        ),
    )
