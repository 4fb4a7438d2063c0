"""A project and a day make a roadmap: arithmetic only, no words, no clock.

The rules stand in the handbook under "Arithmetic". Every function here is pure.
"""

from __future__ import annotations

import calendar
import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from site_builder.model.fields import WEEKDAYS
from site_builder.model.parts import ScopeKind, State
from site_builder.model.roadmap import (
    Event,
    EventKind,
    Look,
    OpenNeed,
    Roadmap,
    Step,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from site_builder.model.parts import Cadence, Pause
    from site_builder.model.project import Milestone, Project

NEWS_DAYS = 21
"""How long a finished step is celebrated, and a moved end stands in the verdict."""

_SCOPE_EVENTS = {
    ScopeKind.IN: EventKind.CAME_IN,
    ScopeKind.OUT: EventKind.WENT_OUT,
    ScopeKind.DECLINED: EventKind.DECLINED,
}
_EVENT_RANK = {
    EventKind.FINISHED: 0,
    EventKind.MOVED: 1,
    EventKind.RECEIVED: 2,
    EventKind.ASKED: 3,
    EventKind.STARTED: 5,
}
"""The order of what happened on one day, the newest first; a thing is asked for before it comes."""


def _age(day: datetime.date, today: datetime.date) -> int:
    return (today - day).days


def _is_news(milestone: Milestone | None, today: datetime.date) -> bool:
    """Tell whether a step was finished at most 21 days ago."""
    return (
        milestone is not None
        and milestone.done is not None
        and 0 <= _age(milestone.done, today) <= NEWS_DAYS
    )


def _here(milestones: Sequence[Milestone]) -> Milestone | None:
    """The first that is doing or waiting, else the first open one."""
    opened = [milestone for milestone in milestones if milestone.is_open]
    active = (milestone for milestone in opened if milestone.state is not State.PLANNED)
    return next(active, opened[0] if opened else None)


def _next(milestones: Sequence[Milestone], here: Milestone | None) -> Milestone | None:
    """The first planned one after here."""
    if here is None:
        return None
    after = milestones[milestones.index(here) + 1 :]
    return next((milestone for milestone in after if milestone.state is State.PLANNED), None)


def _newest_done(milestones: Sequence[Milestone]) -> Milestone | None:
    """The finished one with the newest date; of several on one day, the last of the road."""
    newest: Milestone | None = None
    for milestone in milestones:
        if milestone.done and (
            newest is None or newest.done is None or milestone.done >= newest.done
        ):
            newest = milestone
    return newest


def running_pause(pauses: Iterable[Pause], today: datetime.date) -> Pause | None:
    """Find the pause that covers today; one without `to` covers every day from its first."""
    for pause in pauses:
        if pause.from_on <= today and (pause.to is None or today <= pause.to):
            return pause
    return None


def percent_done(project: Project) -> int | None:
    """Return the share of the work that is done, in percent, as the page says it.

    Rounded to the nearest 5, halves up; at most 95 before the end, then 100. None for a service
    without an end, and wherever a step that is not skipped has no weight.
    """
    counted = [
        milestone for milestone in project.milestones if milestone.state is not State.SKIPPED
    ]
    if project.is_ongoing or not counted:
        return None
    total = done = Fraction(0)
    for milestone in counted:
        if milestone.weight is None:
            return None
        weight = Fraction(milestone.weight)
        total += weight
        if milestone.state is State.DONE:
            done += weight
        elif milestone.state in {State.DOING, State.WAITING}:
            done += weight * Fraction(milestone.progress or 0)
    if not any(milestone.is_open for milestone in counted):
        return 100
    return min(95, 5 * int(done / total * 20 + Fraction(1, 2)))


def _month_day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def next_in_cadence(cadence: Cadence, after: datetime.date) -> datetime.date:
    """Return the first day of the pattern after a day; for two weeks at least 8 days later.

    A day of the month that a month does not have is its last day.
    """
    if cadence.every == "month":
        wanted = int(cadence.on)
        this = _month_day(after.year, after.month, wanted)
        if this > after:
            return this
        year, month = (after.year + 1, 1) if after.month == 12 else (after.year, after.month + 1)  # noqa: PLR2004
        return _month_day(year, month, wanted)
    first = after + datetime.timedelta(days=8 if cadence.every == "2 weeks" else 1)
    ahead = (WEEKDAYS.index(cadence.on.capitalize()) - first.weekday()) % 7
    return first + datetime.timedelta(days=ahead)


def _news_dates(project: Project) -> Iterable[datetime.date | None]:
    """Every date that is news to the client."""
    for milestone in project.milestones:
        yield milestone.done
        yield milestone.skipped.on if milestone.skipped else None
        yield milestone.approved.on if milestone.approved else None
        yield from (move.on for move in milestone.moved)
        for need in milestone.needs:
            yield from (need.asked, need.received)
    for pause in project.pauses:
        yield from (pause.from_on, pause.to)
    yield from (note.on for note in project.notes)
    if project.scope:
        yield project.scope.agreed
        yield from (change.on for change in project.scope.changes)


def last_news(project: Project, today: datetime.date) -> datetime.date:
    """Return the newest date of the files that is not after today; else the start."""
    known = [day for day in _news_dates(project) if day is not None and day <= today]
    return max(known, default=project.starts)


def next_update(
    project: Project, updated: datetime.date, pause: Pause | None, *, is_finished: bool
) -> datetime.date | None:
    """Return the day on which the client hears again, if it is known."""
    if project.next_update:
        return project.next_update
    if pause and pause.to is None:
        return pause.decision_on
    if is_finished or project.updates is None:
        return None
    # While a project rests, the pattern rests too.
    return next_in_cadence(project.updates, pause.to if pause and pause.to else updated)


def update_lag(done: datetime.date, announced: Iterable[datetime.date]) -> int | None:
    """Return the days from a step's `done` to the announcement that told it, if there was one."""
    told = min((day for day in announced if day >= done), default=None)
    return None if told is None else (told - done).days


def _verdict(
    project: Project,
    today: datetime.date,
    steps: Sequence[Step],
    last: Step | None,
    pause: Pause | None,
) -> tuple[Verdict, Step | None]:
    """The first that applies, and the step that it speaks of."""
    opened = [step for step in steps if step.milestone.is_open]
    if steps and not opened and not project.is_ongoing:
        return Verdict.FINISHED, None
    if project.starts > today:
        return Verdict.NOT_STARTED, None
    if pause:
        return Verdict.PAUSED, None
    risky = next((step for step in opened if step.milestone.at_risk), None)
    if risky:
        return Verdict.AT_RISK, risky
    past = [step for step in opened if step.is_past]
    if past:
        return Verdict.LATE, min(past, key=lambda step: step.milestone.due or today)
    moved = last.milestone.moved if last and last.milestone.is_open else ()
    if moved and not project.is_ongoing and 0 <= _age(moved[-1].on, today) <= NEWS_DAYS:
        return Verdict.MOVED, last
    return Verdict.ON_COURSE, None


def _look(
    milestone: Milestone, here: Milestone | None, following: Milestone | None, pause: Pause | None
) -> Look:
    if pause and milestone is here:
        return Look.PAUSED
    marked = following if here is None or here.state is not State.PLANNED else here
    return Look.NEXT if milestone is marked else Look(milestone.state.value)


def _steps(
    project: Project,
    today: datetime.date,
    pause: Pause | None,
    here: Milestone | None,
    following: Milestone | None,
    newest: Milestone | None,
) -> tuple[Step, ...]:
    milestones = project.milestones
    is_pinned_at_all = project.starts <= today and len(milestones) > 1
    rests = pause is not None and pause.to is None
    steps = []
    for number, milestone in enumerate(milestones, 1):
        steps.append(
            Step(
                milestone=milestone,
                number=number,
                look=_look(milestone, here, following, pause),
                is_pinned=is_pinned_at_all and milestone is here,
                is_newest=milestone is newest and _is_news(newest, today) and pause is None,
                is_past=milestone.is_open
                and milestone.due is not None
                and milestone.due < today
                and pause is None,
                has_date=milestone.due is not None and not rests,
                was=milestone.moved[-1].was
                if milestone.moved and milestone.is_open and pause is None
                else None,
            )
        )
    return tuple(steps)


def _events(project: Project, today: datetime.date) -> tuple[Event, ...]:
    """Everything dated, up to today, newest first."""
    events = [Event(on=project.starts, kind=EventKind.STARTED)]
    skipped_days = set()
    for milestone in project.milestones:
        if milestone.done:
            events.append(Event(on=milestone.done, kind=EventKind.FINISHED, milestone=milestone))
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
        for move, to in zip(milestone.moved, later, strict=False):
            events.append(
                Event(
                    on=move.on,
                    kind=EventKind.MOVED,
                    milestone=milestone,
                    dates=(move.was, to),
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
    return tuple(
        sorted(known, key=lambda event: (-event.on.toordinal(), _EVENT_RANK.get(event.kind, 4)))
    )


def _open_needs(project: Project, today: datetime.date) -> tuple[OpenNeed, ...]:
    """Open needs of open steps: those with a date first, by date."""
    found = [
        OpenNeed(need=need, milestone=milestone, is_overdue=need.by is not None and need.by < today)
        for milestone in project.milestones
        if milestone.is_open
        for need in milestone.needs
        if need.received is None
    ]
    return tuple(sorted(found, key=lambda entry: entry.need.by or datetime.date.max))


def draw(project: Project, today: datetime.date) -> Roadmap:
    """Draw the roadmap of a project as it stands on a day."""
    pause = running_pause(project.pauses, today)
    here = _here(project.milestones)
    following = _next(project.milestones, here)
    newest_done = _newest_done(project.milestones)
    steps = _steps(project, today, pause, here, following, newest_done)
    by_milestone = {step.milestone.id: step for step in steps}

    def step_of(milestone: Milestone | None) -> Step | None:
        return by_milestone[milestone.id] if milestone else None

    last = next(
        (step for step in reversed(steps) if step.milestone.state is not State.SKIPPED), None
    )
    verdict, concerned = _verdict(project, today, steps, last, pause)
    newest = step_of(newest_done)
    updated = last_news(project, today)
    upcoming = next_update(project, updated, pause, is_finished=verdict is Verdict.FINISHED)
    end = last.milestone if last and not project.is_ongoing else None
    return Roadmap(
        project=project,
        today=today,
        steps=steps,
        here=step_of(here),
        next=step_of(following),
        just_finished=newest if _is_news(newest_done, today) else None,
        newest_done=newest,
        last=last,
        ends=end.due or end.done if end else None,
        ended_before=end.moved[-1].was if end and end.moved else None,
        percent=percent_done(project),
        verdict=verdict,
        concerned=concerned,
        pause=pause,
        updated=updated,
        next_update=upcoming,
        # A date that is left over when all is done promises nothing any more.
        is_update_late=upcoming is not None
        and upcoming < today
        and verdict is not Verdict.FINISHED,
        silence=max(0, _age(updated, today)),
        needs=_open_needs(project, today),
        events=_events(project, today),
    )
