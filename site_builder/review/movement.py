"""How a project moves for the client: gaps, clusters, silence, late news, dates that have passed.

What lies behind cannot be moved any more, so gaps and clusters are looked for only where a step is
still open: from the last finished one on. A gap between two finished steps is never told, nor
anything about a project that is finished. Steps that are skipped or hidden are no part of the road,
and the days of a pause do not count.
"""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING

from site_builder.errors import Severity
from site_builder.model.fields import WEEKDAYS
from site_builder.review.finding import finding
from site_builder.workdays import SATURDAY, WorkingDays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from site_builder.model.parts import Pause
    from site_builder.model.project import Milestone, Place
    from site_builder.model.roadmap import Roadmap
    from site_builder.review.finding import Finding

LONG_ROAD = 12
"""More steps than these are folded on the page, and hard to keep in mind."""
MANY_REQUESTS = 3
"""More open requests than these at once are hard to answer."""
NEWS_DAYS = 21
"""How long it is worth saying that a step was told late."""
NEWS_HINT = "write an update, even a short one: updates/YYYY-MM-DD-slug.md"


def movement(roadmap: Roadmap, told: Mapping[str, datetime.date]) -> Iterator[Finding]:
    """Find where the client hears too little, too late or too much at once.

    `told` are the days on which the client heard that a step is finished, by the step's id.
    """
    yield from _silence(roadmap)
    yield from _overdue(roadmap)
    yield from _gaps(roadmap)
    yield from _clusters(roadmap)
    yield from _late_news(roadmap, told)
    yield from _length(roadmap)
    yield from _days_off(roadmap)


def paused_days(pauses: Iterable[Pause], after: datetime.date, until: datetime.date) -> int:
    """Count the days of pauses after one day and up to another, each once."""
    counted, last, total = after.toordinal(), until.toordinal(), 0
    for pause in sorted(pauses, key=lambda pause: pause.from_on):
        begin = max(pause.from_on.toordinal(), counted + 1)
        end = min((pause.to or until).toordinal(), last)
        if begin <= end:
            total += end - begin + 1
            counted = end
    return total


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _weekday(on: datetime.date) -> str:
    return f"{WEEKDAYS[on.weekday()]} {on}"


def _key(milestone: Milestone) -> str:
    """Name the key that holds the date of a step."""
    return "due" if milestone.is_open else "done"


def _date(milestone: Milestone) -> datetime.date | None:
    """Return the day on which a step is expected, or was finished."""
    return milestone.due if milestone.is_open else milestone.done


def _said(milestone: Milestone) -> str:
    return f"\u201c{milestone.label}\u201d ({_date(milestone)})"


def _road(roadmap: Roadmap) -> Iterator[Milestone]:
    """List the steps that the client sees, without those left out."""
    for milestone in roadmap.project.milestones:
        if not (milestone.skipped or milestone.is_hidden):
            yield milestone


def _dated(roadmap: Roadmap) -> list[tuple[datetime.date, Milestone]]:
    """List the steps that have a date, by it."""
    found = ((_date(milestone), milestone) for milestone in _road(roadmap))
    return sorted(((on, step) for on, step in found if on), key=lambda pair: pair[0])


def _silence(roadmap: Roadmap) -> Iterator[Finding]:
    """Find days without news: the end of a pause is news, so a pause is never silence."""
    project = roadmap.project
    is_active = roadmap.has_started and not roadmap.pause and not roadmap.is_finished
    if is_active and roadmap.silence > project.rhythm.silence:
        message = f"nothing new for {_days(roadmap.silence)}, since {roadmap.updated}"
        yield finding("", project.place(""), "silence", message, NEWS_HINT)
    elif roadmap.is_update_late:
        message = f"the client expected news on {roadmap.next_update}, and the page says it is late"
        place = project.place("", "next_update" if project.next_update else "updates")
        yield finding("", place, "late-update", message, NEWS_HINT)


def _overdue(roadmap: Roadmap) -> Iterator[Finding]:
    """Find open steps past their date."""
    for step in roadmap.steps:
        milestone = step.milestone
        if step.is_past and milestone.due and not milestone.is_hidden:
            ago = _days((roadmap.today - milestone.due).days)
            message = f"this step is open and its date {milestone.due} passed {ago} ago"
            hint = "write the new date in due:, and the old one with the reason in moved:"
            place = roadmap.project.place(milestone.id, "due")
            yield finding(milestone.id, place, "overdue", message, hint)


def _gaps(roadmap: Roadmap) -> Iterator[Finding]:
    """Find neighbours that are too far apart, the later one still open."""
    project, road = roadmap.project, [*_road(roadmap)]
    for (before, first), (after, second) in itertools.pairwise(_dated(roadmap)):
        paused = paused_days(project.pauses, before, after)
        days = (after - before).days - paused
        if not second.is_open or days <= project.rhythm.gap:
            continue
        rest = f" ({paused} of a pause left out)" if paused else ""
        message = (
            f"{_days(days)}{rest} between {_said(first)} and {_said(second)}: "
            f"with more than {project.rhythm.gap} it looks like nothing happens"
        )
        between = road[road.index(first) + 1 : road.index(second)]
        undated = next((step.label for step in between if _date(step) is None), "")
        hint = (
            f"give \u201c{undated}\u201d a date: it stands between them"
            if undated
            else "add a step between them, or write down the pause that explains it"
        )
        yield finding(second.id, project.place(second.id, _key(second)), "gap", message, hint)


def _runs(
    dated: Sequence[tuple[datetime.date, Milestone]], size: int, days: int
) -> list[list[Milestone]]:
    """Find all windows of some days that hold `size` steps or more, joined where they overlap."""
    runs: list[range] = []
    for last, (on, _) in enumerate(dated):
        first = next(index for index, (day, _) in enumerate(dated) if (on - day).days < days)
        if last - first + 1 < size:
            continue
        if runs and first in runs[-1]:
            first = runs.pop().start
        runs.append(range(first, last + 1))
    return [[dated[index][1] for index in run] for run in runs]


def _clusters(roadmap: Roadmap) -> Iterator[Finding]:
    """Find steps that stand too close together, one of them still open."""
    rhythm = roadmap.project.rhythm
    for run in _runs(_dated(roadmap), rhythm.cluster, rhythm.cluster_days):
        still_open = [milestone for milestone in run if milestone.is_open]
        first, last = _date(run[0]), _date(run[-1])
        if not still_open or not first or not last:
            continue
        message = (
            f"{len(run)} steps within {_days((last - first).days + 1)}, "
            f"from {_said(run[0])} to {_said(run[-1])}: none of them stands out"
        )
        hint = f"make one step of some, or spread them: {rhythm.cluster} within {_days(rhythm.cluster_days)} are too many"
        step = still_open[-1]
        yield finding(step.id, roadmap.project.place(step.id, "due"), "cluster", message, hint)


def _late_news(roadmap: Roadmap, told: Mapping[str, datetime.date]) -> Iterator[Finding]:
    """Find steps of the last weeks that were finished long before it was committed.

    Days on which nobody works do not count: Monday is early enough for what was done on Friday.
    """
    project, today = roadmap.project, roadmap.today
    for milestone in _road(roadmap):
        place = project.place(milestone.id, "done")
        on, done = told.get(milestone.id), milestone.done
        if not on or not done or on > today or (today - done).days > NEWS_DAYS:
            continue
        working = WorkingDays(holidays=project.holidays, pauses=project.pauses)
        if working.between(done, on) > project.rhythm.update_lag:
            message = f"finished on {done}, told on {on}: {_days((on - done).days)} later"
            hint = "write done: and publish on the day itself; the client hears it then"
            yield finding(milestone.id, place, "late-news", message, hint)


def _length(roadmap: Roadmap) -> Iterator[Finding]:
    """Find roads that are too long to keep in mind, and too many requests at once."""
    project = roadmap.project
    steps = len([*_road(roadmap)])
    if steps > LONG_ROAD and not project.is_ongoing and not roadmap.is_finished:
        message = f"this road has {steps} steps; clients can keep about {LONG_ROAD} in mind"
        hint = "make one step of those that only the team needs"
        place = project.place("")
        yield finding("", place, "long-road", message, hint, severity=Severity.NOTE)
    asked = [found for found in roadmap.needs if not found.milestone.is_hidden]
    if len(asked) > MANY_REQUESTS:
        newest = max(asked, key=lambda found: found.need.asked)
        place = _place_of_need(roadmap, newest.milestone, newest.milestone.needs.index(newest.need))
        message = f"{len(asked)} requests are open at once"
        hint = f"ask for the {MANY_REQUESTS} that matter most now, and for the others later"
        yield finding(newest.milestone.id, place, "many-requests", message, hint)


def _place_of_need(roadmap: Roadmap, milestone: Milestone, index: int, key: str = "ask") -> Place:
    return roadmap.project.place(milestone.id, f"needs.{index}.{key}")


def _promised(roadmap: Roadmap) -> Iterator[tuple[str, Place, datetime.date, str]]:
    """List the days ahead that the page names: whose, where, when, and what is promised."""
    project = roadmap.project
    for step in roadmap.steps:
        milestone = step.milestone
        if not milestone.is_open or milestone.is_hidden:
            continue
        if milestone.due and step.has_date:
            due = project.place(milestone.id, "due")
            yield milestone.id, due, milestone.due, f"\u201c{milestone.label}\u201d is due on"
        for index, need in enumerate(milestone.needs):
            if need.by and not need.received:
                place = _place_of_need(roadmap, milestone, index, "by")
                yield milestone.id, place, need.by, "this is asked for by"
    if project.next_update and not roadmap.is_finished:
        place = project.place("", "next_update")
        yield "", place, project.next_update, "the next update is promised for"


def _days_off(roadmap: Roadmap) -> Iterator[Finding]:
    """Note days to come on which nobody works."""
    working = WorkingDays(holidays=roadmap.project.holidays)
    for step, place, on, what in _promised(roadmap):
        if on < roadmap.today or working.is_working_day(on):
            continue
        before = on
        while not working.is_working_day(before):
            before -= datetime.timedelta(days=1)
        kind = "" if on.weekday() >= SATURDAY else ", a holiday"
        message = f"{what} {_weekday(on)}{kind}"
        hint = f"the working day before is {_weekday(before)}"
        yield finding(step, place, "day-off", message, hint, severity=Severity.NOTE)
