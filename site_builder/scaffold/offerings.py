"""A project from an offering: the same steps, with days instead of numbers of working days."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.scaffold import filled, modeline
from site_builder.scaffold.texts import yaml_text
from site_builder.workdays import WorkingDays

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from site_builder.model.parts import Outcome, Pause
    from site_builder.model.project import Offering
    from site_builder.model.written import OfferingMilestone
    from site_builder.scaffold import Plan

FOLDER = "projects/_offerings"
_ANSWER_LATER = "<!-- What follows, and until when? Not needed before the step begins. -->"
_PAUSES_LATER = "# pauses:\n#   - {from: 2026-12-21, to: 2027-01-03, why: Winter break}"
_OUTCOMES_LATER = "# outcomes:\n#   bookings: Patients book day and night"
_LINKS = re.compile(r"^links:\n(?: .*\n)+", re.MULTILINE)
_HEADING = re.compile(r"^( {0,3})(?=#|[-=]+\s*$)", re.MULTILINE)


def packed_offerings() -> dict[str, Path]:
    """Find the offerings that come with the program, by name: in the wheel, or in a checkout."""
    package = Path(__file__).parents[1]
    packed = package / "offerings"
    folder = packed if packed.is_dir() else package.parent / FOLDER
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def offering_files(names: Sequence[str]) -> dict[str, str]:
    """Take offerings that come with the program for a workspace, without the samples' links."""
    packed = packed_offerings()
    return {
        f"{FOLDER}/{name}.yml": _LINKS.sub("", packed[name].read_text("utf-8")) for name in names
    }


def dates_of(offering: Offering, plan: Plan) -> dict[str, datetime.date]:
    """Find the day of each step, by its id.

    Raises:
        OverflowError: if that is beyond the calendar.
    """
    calendar = WorkingDays(holidays=plan.holidays, pauses=plan.pauses)
    return {step.id: calendar.add(plan.start, step.day) for step in offering.written.milestones}


def dated_project(offering: Offering, plan: Plan) -> dict[str, str]:
    """Fill the files of a project from its offering, the project.yml first.

    Raises:
        OverflowError: if its dates are beyond the calendar.
    """
    written = offering.written
    folder = f"projects/{plan.path}"
    finish = written.finish or "Launch"
    cadence = written.updates
    every, on = (cadence.every, cadence.on) if cadence else ("week", "Friday")
    text = filled(
        "offering/project.yml",
        modeline=modeline("project", 3) if plan.has_schema else "",
        title=yaml_text(plan.title),
        offering=offering.id,
        finish=_maybe(f"finish: {yaml_text(finish)}", is_on=bool(written.finish)),
        start=plan.start.isoformat(),
        updates=f"updates: {{every: {every}, on: {on}}}",
        ongoing=_maybe("ongoing: true", is_on=written.ongoing),
        pauses=_listed("pauses", map(_pause, plan.pauses)) or _PAUSES_LATER,
        outcomes=_listed("outcomes", map(_outcome, written.outcomes.items())) or _OUTCOMES_LATER,
        example=written.milestones[len(written.milestones) // 2].id,
    )
    files = {f"{folder}/project.yml": text}
    dates = dates_of(offering, plan)
    for number, step in enumerate(written.milestones, 1):
        needs = _listed("needs", _needs(offering, plan)) if number == 1 else ""
        name = f"{number:02}-{step.id}.md"
        files[f"{folder}/milestones/{name}"] = _milestone(step, dates[step.id], needs, plan.today)
    return files


def _maybe(line: str, *, is_on: bool) -> str:
    return line if is_on else f"# {line}"


def _listed(key: str, entries: Iterator[str]) -> str:
    """Write a key with its entries, two spaces in; nothing without entries."""
    lines = [f"  {line}" for entry in entries for line in entry.split("\n")]
    return "\n".join([f"{key}:", *lines]) if lines else ""


def _pause(pause: Pause) -> str:
    return f"- {{from: {pause.from_on}, to: {pause.to}, why: {json.dumps(pause.why, ensure_ascii=False)}}}"


def _outcome(named: tuple[str, Outcome]) -> str:
    name, outcome = named
    told = outcome.model_dump(exclude_none=True)
    if told.keys() == {"text"}:
        return f"{name}: {yaml_text(outcome.text)}"
    lines = [
        f"  {key}: {yaml_text(value) if isinstance(value, str) else value}"
        for key, value in told.items()
    ]
    return "\n".join([f"{name}:", *lines])


def _needs(offering: Offering, plan: Plan) -> Iterator[str]:
    """Ask for what the client brings: until the working day before the start, if there is time."""
    calendar = WorkingDays(holidays=plan.holidays, pauses=plan.pauses)
    by = calendar.last_before(plan.start)
    if by <= plan.today:
        by = calendar.add(plan.today, 1)
    for need in offering.written.needs_first:
        lines = [f"- ask: {yaml_text(need.ask)}", f"  asked: {plan.today}", f"  by: {by}"]
        yield "\n".join(lines + ([f"  takes: {yaml_text(need.takes)}"] if need.takes else []))


def _files(step: OfferingMilestone) -> str:
    """List what the client gets; what is a file waits in a comment until it lies there."""
    lines = []
    for entry in step.files:
        told = {"title": entry.title, "file": entry.file, "url": entry.url, "kind": entry.kind}
        first, *more = [f"{key}: {yaml_text(value)}" for key, value in told.items() if value]
        own = [f"  - {first}", *(f"    {key}" for key in more)]
        lines += [f"# {line}" for line in own] if entry.file else own
    if not lines:
        return ""
    is_later = all(entry.file for entry in step.files)
    why = "# What the client gets; without the # as soon as the file lies there:"
    return "\n".join([*([why] if is_later else []), _maybe("files:", is_on=not is_later), *lines])


def _milestone(
    step: OfferingMilestone, due: datetime.date, needs: str, today: datetime.date
) -> str:
    """Fill a planned step; without a reason why it matters it is a draft."""
    outcome = step.outcome[0] if len(step.outcome) == 1 else f"[{', '.join(step.outcome)}]"
    internal = (
        yaml_text(" ".join(step.internal.split()))
        if isinstance(step.internal, str)
        else json.dumps(step.internal, ensure_ascii=False)
    )
    keys = (
        f"title: {yaml_text(step.title)}" if step.title else "",
        f"due: {due}",
        f"outcome: {outcome}" if step.outcome else "",
        f"weight: {step.weight}" if step.weight else "",
        _files(step),
        needs,
        f"internal: {internal}" if step.internal else "",
        ""
        if step.matters
        else "draft: true  # not on the page: delete this line once it is written",
    )
    return filled(
        "offering/milestone.md",
        label=yaml_text(step.shown_label),
        keys="\n".join(filter(None, keys)),
        due=due.isoformat(),
        today=today.isoformat(),
        happened=_commented(step.happened),
        matters=_body(step.matters)
        or "<!-- What does the client gain? One sentence, in their words. -->",
        next=_body(step.next) or _ANSWER_LATER,
    )


def _body(text: str | None) -> str:
    """Write an answer below its heading; no line of it opens another one."""
    return _HEADING.sub(r"\1\\", (text or "").strip())


def _commented(text: str | None) -> str:
    """Write an answer into a comment, as what to say once it is true."""
    said = " ".join((text or "").split()).replace("--", "\N{EN DASH}")
    if said:
        return f"When it is finished, for example: {said}"
    return "What does the client have now? Not needed before the step begins."
