"""What happened in a project, by the dates in its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.parts import ScopeKind, State
from site_builder.model.roadmap import Event, EventKind

if TYPE_CHECKING:
    import datetime

    from site_builder.model.project import Milestone, Project

_SCOPE_EVENTS = {
    ScopeKind.IN: EventKind.CAME_IN,
    ScopeKind.OUT: EventKind.WENT_OUT,
    ScopeKind.DECLINED: EventKind.DECLINED,
}


def _approval(milestone: Milestone) -> list[Event]:
    """Tell who said yes; on the day on which a step is finished that is told with it."""
    said = milestone.approved
    if said is None or said.on == milestone.done:
        return []
    return [Event(on=said.on, kind=EventKind.APPROVED, milestone=milestone)]


def _end_of(project: Project) -> Milestone | None:
    """Return the step that the end of a project is; a service has none."""
    if project.is_ongoing:
        return None
    steps = (step for step in reversed(project.milestones) if step.state is not State.SKIPPED)
    return next(steps, None)


def events_until(project: Project, today: datetime.date) -> tuple[Event, ...]:
    """Everything dated, up to today, newest first."""
    end = _end_of(project)
    events = [Event(on=project.starts, kind=EventKind.STARTED)]
    skipped_days = set()
    for milestone in project.milestones:
        if milestone.done:
            events.append(Event(on=milestone.done, kind=EventKind.FINISHED, milestone=milestone))
        events += _approval(milestone)
        if milestone.skipped:
            skipped_days.add(milestone.skipped.on)
            events.append(
                Event(
                    on=milestone.skipped.on,
                    kind=EventKind.SKIPPED,
                    milestone=milestone,
                    why=milestone.skipped.why,
                )
            )
        # A move goes to the date before the next one, not to today's date.
        later = [move.was for move in milestone.moved[1:]] + [milestone.due]
        # The file lists them oldest first.
        for move, to in reversed(list(zip(milestone.moved, later, strict=False))):
            events.append(
                Event(
                    on=move.on,
                    kind=EventKind.MOVED,
                    milestone=milestone,
                    dates=(move.was, to),
                    is_of_end=milestone is end,
                    why=move.why,
                    effect=move.effect,
                )
            )
        for need in milestone.needs:
            # With its step, what was never received is settled: nobody waits for it any more.
            if milestone.is_open or need.received:
                events.append(
                    Event(on=need.asked, kind=EventKind.ASKED, milestone=milestone, need=need)
                )
            if need.received:
                events.append(
                    Event(on=need.received, kind=EventKind.RECEIVED, milestone=milestone, need=need)
                )
    events += [Event(on=note.on, kind=EventKind.NOTE, note=note) for note in project.notes]
    events += [
        Event(on=pause.from_on, kind=EventKind.PAUSED, why=pause.why) for pause in project.pauses
    ]
    for change in project.scope.changes if project.scope else ():
        if change.kind is not ScopeKind.OUT or change.on not in skipped_days:
            events.append(
                Event(
                    on=change.on,
                    kind=_SCOPE_EVENTS[change.kind],
                    change=change,
                    effect=change.effect,
                )
            )
    known = [event for event in events if event.on <= today]
    return tuple(sorted(known, key=lambda event: event.newest_first))
