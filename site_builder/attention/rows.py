"""A client's reasons become its row; all rows stand in the order of who needs the agency first.

Nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from site_builder.attention.reasons import (
    HORIZON,
    NEED_YOU,
    ORDER,
    Reason,
    Side,
    Urgency,
    closing_reason,
    errors_reason,
    reasons_of,
    untold_reason,
)
from site_builder.model.roadmap import Verdict

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from site_builder.model.changes import Change
    from site_builder.workspace import ClientReading

HEADINGS = {
    Urgency.MEND: "To be mended: their page is not being updated",
    Urgency.WRITE: "They expect to hear from you",
    Urgency.OVERDUE: "They wait for you",
    Urgency.AT_RISK: "At risk",
    Urgency.REMIND: "You wait for them",
    Urgency.TODAY: "Due today",
    Urgency.SOON: f"Coming up within {HORIZON} days",
    Urgency.FINE: "Nothing due",
    Urgency.OVER: "Finished or closed",
}

STATES = {
    Verdict.FINISHED: "finished",
    Verdict.NOT_STARTED: "not started",
    Verdict.PAUSED: "paused",
    Verdict.AT_RISK: "at risk",
    Verdict.LATE: "late",
    Verdict.MOVED: "moved",
    Verdict.ON_COURSE: "on course",
}
TOLD = frozenset({"silence", "late-update", "overdue", "unannounced"})
"""Rules of the check that are reasons here, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One client on one day; its private links are no part of it."""

    id: str
    reasons: tuple[Reason, ...]
    """The most urgent first."""
    progress: Mapping[str, Any]
    """What progress.json says, and of each project its silence; no projects while it has errors."""
    findings: Mapping[str, int] = field(default_factory=dict)
    """How often each rule of the check has something to say, errors and notes apart."""
    links: Sequence[str] = ()
    """The labels of its private links."""
    ends: str | None = None
    """From that day the page is closed."""
    is_over: bool = False
    """Whether nothing is left to do: the page is closed, or every project has come to its end."""

    @property
    def name(self) -> str:
        """Return the client's name; of one that cannot be read, its id."""
        return str(self.progress["client"])

    @property
    def urgency(self) -> Urgency:
        """Return the most urgent of all reasons."""
        found = Urgency.OVER if self.is_over else Urgency.FINE
        return min((found, *(reason.urgency for reason in self.reasons)), key=ORDER.index)

    @property
    def errors(self) -> int:
        """Count the problems that stop the client's page."""
        return sum(reason.number or 0 for reason in self.reasons if reason.rule == "errors")

    @property
    def order(self) -> tuple[tuple[int, int], str, str]:
        """Return the key that sorts rows: who needs the agency first, then by name."""
        first = self.reasons[0].rank if self.reasons else (0, 0)
        return (ORDER.index(self.urgency), first[1]), self.name.casefold(), self.id

    def as_json(self) -> dict[str, Any]:
        """Return what programs read: `attention`, and the fields of progress.json."""
        return {
            "id": self.id,
            "client": self.name,
            "urgency": self.urgency.value,
            "attention": [asdict(reason) for reason in self.reasons],
            "findings": dict(self.findings),
            "links": list(self.links),
            "ends": self.ends,
            **{key: value for key, value in self.progress.items() if key != "client"},
        }


def row_from(found: Mapping[str, Any]) -> Row:
    """Make a row again of its fields, as JSON has kept them."""
    reasons = (
        Reason(
            **{
                **reason,
                "urgency": Urgency(reason["urgency"]),
                "waits": reason["waits"] and Side(reason["waits"]),
            }
        )
        for reason in found["reasons"]
    )
    return Row(**{**found, "reasons": tuple(reasons)})


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Put those first who need the agency first."""
    return tuple(sorted(rows, key=lambda row: row.order))


def row_of(
    client: str,
    reading: ClientReading,
    progress: Mapping[str, Any],
    today: datetime.date,
    waiting: Sequence[Change] = (),
) -> Row:
    """Say how a client stands on a day, and why it needs the agency; `waiting` was not told yet.

    `progress` is what progress.json would say; its projects are those of the reading's roadmaps.
    """
    ends = reading.written.ends if reading.written else None
    is_closed = ends is not None and ends <= today
    roadmaps = reading.roadmaps if reading.client and not is_closed else ()
    errors = sum(problem.is_error for problem in reading.problems)
    reasons = [*errors_reason(client, errors, today, is_closed=is_closed)]
    for roadmap in roadmaps:
        reasons += reasons_of(roadmap)
    reasons += untold_reason(client, waiting, today)
    if ends and not is_closed:
        reasons += closing_reason(ends, today)
    silences = {roadmap.project.id: roadmap.silence for roadmap in roadmaps}
    projects = [
        {**project, "silence": silences[project["id"]]}
        for project in progress["projects"]
        if project["id"] in silences
    ]
    findings = Counter(
        problem.rule
        for problem in reading.problems
        if not (is_closed or problem.is_error or problem.is_note)
    )
    verdicts = {roadmap.verdict for roadmap in roadmaps}
    return Row(
        id=client,
        reasons=tuple(sorted(reasons, key=lambda reason: reason.rank)),
        progress={**progress, "projects": projects},
        findings=dict(sorted(findings.items())),
        links=list(reading.written.links) if reading.written else [],
        ends=ends.isoformat() if ends else None,
        is_over=is_closed or verdicts == {Verdict.FINISHED},
    )


def findings_text(row: Row) -> str:
    """Name the rules with which the check has something more to say: "check: gap, 2 x jargon"."""
    rules = (
        rule if number == 1 else f"{number} \u00d7 {rule}"
        for rule, number in row.findings.items()
        if rule not in TOLD
    )
    said = ", ".join(rules)
    return f"check: {said}" if said else ""


def totals(rows: Sequence[Row]) -> str:
    """Say in one line how many clients need the agency."""
    urgent = sum(row.urgency in NEED_YOU for row in rows)
    soon = sum(row.urgency is Urgency.SOON for row in rows)
    need = "needs" if urgent == 1 else "need"
    if not rows:
        return "There is no client yet: site-builder new CLIENT makes the first one."
    if len(rows) == 1:
        return f"{rows[0].name} {'needs you today' if urgent else 'does not need you today'}."
    more = f", and {soon} more within {HORIZON} days" if soon and urgent else ""
    if not urgent:
        more = f", {soon} within {HORIZON} days" if soon else ""
        return f"None of {len(rows)} clients needs you today{more}."
    return f"{urgent} of {len(rows)} clients {need} you today{more}."
