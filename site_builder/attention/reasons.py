"""A roadmap and a day become reasons: what asks for the agency's attention, and how much.

Arithmetic and English words: nothing here reads a file or a clock. The rules stand in the handbook:
"See who needs you".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from site_builder.language import load_language
from site_builder.model.changes import ChangeKind
from site_builder.model.parts import State

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.model.changes import Change
    from site_builder.model.roadmap import OpenNeed, Roadmap, Step

HORIZON = 14
"""Days ahead that are worth knowing."""


class Urgency(StrEnum):
    """Why a client needs the agency; the most urgent first."""

    MEND = "mend"
    WRITE = "write"
    OVERDUE = "overdue"
    AT_RISK = "at-risk"
    REMIND = "remind"
    TODAY = "today"
    SOON = "soon"
    FINE = "fine"
    OVER = "over"


ORDER = tuple(Urgency)
NEED_YOU = frozenset(ORDER[: ORDER.index(Urgency.SOON)])
"""What asks for something to be done on this very day."""
AHEAD = frozenset({Urgency.AT_RISK, Urgency.TODAY, Urgency.SOON})
"""Here the nearest comes first; everywhere else what is longest ago, or most."""


class Side(StrEnum):
    """One of the two who may wait for the other."""

    AGENCY = "agency"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that asks for attention. Days are written as YYYY-MM-DD."""

    urgency: Urgency
    rule: str
    number: int | None
    """Days ago or ahead, or how many; None for a decision that has no day."""
    text: str
    project: str = ""
    milestone: str = ""
    on: str | None = None
    """The day that it was, or is, due."""
    waits: Side | None = None
    """Who waits for the other."""
    since: str | None = None
    """From which day on."""

    @property
    def rank(self) -> tuple[int, int]:
        """Return what sorts by: the urgency, then the days or the number."""
        if self.urgency in AHEAD:
            return ORDER.index(self.urgency), -1 if self.number is None else self.number
        return ORDER.index(self.urgency), -(self.number or 0)


def written_day(day: datetime.date, today: datetime.date) -> str:
    """Write a day as short as it is clear: with its year only where that is another one."""
    text = load_language("en").date(day, "short").replace("\u00a0", " ")
    return text if day.year == today.year else f"{text} {day.year}"


def counted(number: int, word: str) -> str:
    """Write a number with its word."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@dataclass(frozen=True, slots=True)
class _Day:
    """A day, seen from today."""

    on: datetime.date
    today: datetime.date

    @property
    def passed(self) -> int:
        """Days since then; below 0 for days to come."""
        return (self.today - self.on).days

    @property
    def text(self) -> str:
        return written_day(self.on, self.today)

    @property
    def ago(self) -> str:
        return "today" if not self.passed else f"{counted(self.passed, 'day')} ago"

    @property
    def ahead(self) -> str:
        if not self.passed:
            return "today"
        return f"on {self.text}, in {counted(-self.passed, 'day')}"

    @property
    def is_near(self) -> bool:
        """Tell whether it is today, or one of the days that are worth knowing."""
        return -HORIZON <= self.passed <= 0


def _quoted(text: str) -> str:
    return f"\u201c{text}\u201d"


def _past(urgency: Urgency, rule: str, day: _Day, text: str, **more: Any) -> Reason:
    """Make a reason of a day that has passed."""
    on = day.on.isoformat()
    return Reason(urgency=urgency, rule=rule, number=day.passed, text=text, on=on, **more)


def _ahead(rule: str, day: _Day, what: str, **more: Any) -> Iterator[Reason]:
    """Make a reason of a day to come, if it is near."""
    if day.is_near:
        yield Reason(
            urgency=Urgency.SOON if day.passed else Urgency.TODAY,
            rule=rule,
            number=-day.passed,
            text=f"{what} {day.ahead}",
            on=day.on.isoformat(),
            **more,
        )


def _news(roadmap: Roadmap) -> Iterator[Reason]:
    """Look at what the client hears: too late, for too long not, or soon."""
    project, today, pause = roadmap.project, roadmap.today, roadmap.pause
    waits: dict[str, Any] = {"project": project.id, "waits": Side.CLIENT}
    updated = _Day(roadmap.updated, today)
    is_active = roadmap.has_started and not pause and not roadmap.is_finished
    if is_active and roadmap.silence > project.rhythm.silence:
        text = f"they have heard nothing new for {counted(roadmap.silence, 'day')}, since {updated.text}"
        since = roadmap.updated.isoformat()
        yield _past(Urgency.WRITE, "silence", updated, text, since=since, **waits)
    # The page promises the decision on a pause as its next news: it is told as a decision.
    if roadmap.next_update is None or (pause and roadmap.next_update == pause.decision_on):
        return
    promised = _Day(roadmap.next_update, today)
    if roadmap.is_update_late:
        text = f"they wait for the update of {promised.text}: it is {counted(promised.passed, 'day')} late"
        since = roadmap.next_update.isoformat()
        yield _past(Urgency.WRITE, "late-update", promised, text, since=since, **waits)
    elif not roadmap.is_finished:
        yield from _ahead("update-due", promised, "the next update is due", project=project.id)


def _decision(day: _Day, what: str, place: Mapping[str, Any]) -> Iterator[Reason]:
    """Look at a decision that the page promises."""
    if day.passed > 0:
        text = f"they wait for a decision on {what}: it was promised for {day.text}, {day.ago}"
        waits: dict[str, Any] = {"waits": Side.CLIENT, "since": day.on.isoformat()}
        yield _past(Urgency.OVERDUE, "late-decision", day, text, **waits, **place)
    else:
        yield from _ahead("decision-due", day, f"a decision on {what} is due", **place)


def _risk(step: Step, today: datetime.date, place: Mapping[str, Any]) -> Iterator[Reason]:
    risk, label = step.milestone.at_risk, _quoted(step.milestone.label)
    if risk is None:
        return
    decision = _Day(risk.decision_on, today) if risk.decision_on else None
    if decision and decision.passed > 0:
        yield from _decision(decision, label, place)
        return
    rest = f"a decision is due {decision.ahead}" if decision else "no day is set for a decision"
    yield Reason(
        urgency=Urgency.AT_RISK,
        rule="at-risk",
        number=-decision.passed if decision else None,
        text=f"{label} is at risk; {rest}",
        on=decision.on.isoformat() if decision else None,
        **place,
    )


def _request(entry: OpenNeed, today: datetime.date, place: Mapping[str, Any]) -> Iterator[Reason]:
    """Look at what the client is asked for."""
    need = entry.need
    asked = _Day(need.asked, today)
    what = f"you wait since {asked.text} for {_quoted(need.ask)}"
    waits: dict[str, Any] = {"waits": Side.AGENCY, "since": need.asked.isoformat()}
    by = _Day(need.by, today) if need.by else None
    if by and entry.is_overdue:
        text = f"{what}: it was due on {by.text}, {by.ago}"
        yield _past(Urgency.REMIND, "late-answer", by, text, **waits, **place)
    elif by and by.is_near:
        yield from _ahead("answer-due", by, f"{what}: it is due", **waits, **place)
    else:
        until = by.on.isoformat() if by else None
        yield Reason(
            urgency=Urgency.FINE,
            rule="open-request",
            number=asked.passed,
            text=f"{what}: it is due on {by.text}" if by else what,
            on=until,
            **waits,
            **place,
        )


def _steps(roadmap: Roadmap) -> Iterator[Reason]:
    """Look at open steps, and at what they need from the client."""
    today = roadmap.today
    late_answers = {entry.milestone.id for entry in roadmap.needs if entry.is_overdue}
    for step in roadmap.steps:
        milestone = step.milestone
        place: dict[str, Any] = {"project": roadmap.project.id, "milestone": milestone.id}
        if not milestone.is_open:
            continue
        yield from _risk(step, today, place)
        if milestone.due is None:
            continue
        due = _Day(milestone.due, today)
        label = _quoted(milestone.label)
        # A step in the client's hands is late because the answer is: that is told as such.
        is_theirs = milestone.state is State.WAITING and milestone.id in late_answers
        if step.is_past and not is_theirs:
            text = f"they wait for {label}: it was due on {due.text}, {due.ago}"
            waits: dict[str, Any] = {"waits": Side.CLIENT, "since": milestone.due.isoformat()}
            yield _past(Urgency.OVERDUE, "overdue", due, text, **waits, **place)
        elif step.has_date:
            yield from _ahead("step-due", due, f"{label} is due", **place)
    for entry in roadmap.needs:
        place = {"project": roadmap.project.id, "milestone": entry.milestone.id}
        yield from _request(entry, today, place)


def _frame(roadmap: Roadmap) -> Iterator[Reason]:
    """Look at the start, and at a pause."""
    project, today, pause = roadmap.project, roadmap.today, roadmap.pause
    if not roadmap.has_started:
        yield from _ahead(
            "start", _Day(project.starts, today), "the project starts", project=project.id
        )
    if pause and pause.decision_on and not roadmap.is_finished:
        yield from _decision(_Day(pause.decision_on, today), "the pause", {"project": project.id})
    if pause and pause.to and not roadmap.is_finished:
        yield from _ahead("pause-ends", _Day(pause.to, today), "the pause ends", project=project.id)


def _meant(roadmap: Roadmap) -> frozenset[tuple[str, str]]:
    """List what is allowed with a reason, in the project or in a step."""
    project = roadmap.project
    places = (("", project.allow), *((step.id, step.allow) for step in project.milestones))
    return frozenset((step, each.rule) for step, allowed in places for each in allowed)


def errors_reason(
    client: str,
    errors: int,
    today: datetime.date,
    *,
    is_closed: bool = False,
    shown: datetime.date | None = None,
) -> Iterator[Reason]:
    """Say that a client's files have mistakes, if they have; `shown` is the day of their page."""
    if errors:
        effect = "their page is closed" if is_closed else "their page is not being updated"
        if shown and not is_closed:
            effect = f"their page is that of {written_day(shown, today)}"
        yield Reason(
            urgency=Urgency.OVER if is_closed else Urgency.MEND,
            rule="errors",
            number=errors,
            text=f"{counted(errors, 'problem')} in the files, and {effect}: site-builder check {client}",
            since=shown.isoformat() if shown and not is_closed else None,
        )


def untold_reason(client: str, waiting: Sequence[Change], today: datetime.date) -> Iterator[Reason]:
    """Say that something waits to be announced, if it does."""
    days = [change.on for change in waiting if change.on and change.on <= today]
    if waiting:
        since = min(days, default=today)
        finished = sum(change.kind is ChangeKind.FINISHED for change in waiting)
        number = len(waiting) - finished
        parts = [
            *([f"{counted(finished, 'step')} finished"] if finished else []),
            *([counted(number, "other change" if finished else "change")] if number else []),
        ]
        yield Reason(
            urgency=Urgency.WRITE if finished else Urgency.TODAY,
            rule="unannounced",
            number=(today - since).days,
            text=f"not told yet: {' and '.join(parts)}: site-builder announce {client}",
            on=since.isoformat(),
        )


def closing_reason(ends: datetime.date, today: datetime.date) -> Iterator[Reason]:
    """Say that a page closes soon, if it does."""
    yield from _ahead("page-closes", _Day(ends, today), "their page closes")


def reasons_of(roadmap: Roadmap) -> Iterator[Reason]:
    """Say why a project asks for attention, without what is meant so."""
    meant = _meant(roadmap)
    for part in (_news, _steps, _frame):
        for reason in part(roadmap):
            if (reason.milestone, reason.rule) not in meant:
                yield reason
