"""The four questions about each milestone of a project, answered from what the check found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.answers import Asked, Doubt, Question, Reviewed, answer
from site_builder.model.parts import State
from site_builder.review.questions import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from site_builder.errors import Problem
    from site_builder.model.project import Project
    from site_builder.model.roadmap import Roadmap

_ASKS = {
    Question.OUTCOME: ("no-outcome", "unserved-outcome"),
    Question.SEQUENCE: ("gap", "cluster", "long-road", "reordered-step", "day-off", "step-order"),
    Question.COMMUNICATED: (
        *("silence", "late-update", "late-news", "silent-move", "overdue", "many-requests"),
        *(
            "no-next-update",
            "partial-weights",
            "missing-step",
            "added-step",
            "renamed-step",
            "unused-deviation",
            "silent-end",
            "before-start",
        ),
    ),
}
_QUESTION_OF = {rule: question for question, rules in _ASKS.items() for rule in rules}
"""Which question a finding of the check answers; the others are about being understood."""


def review_project(name: str, roadmap: Roadmap, findings: Iterable[Problem]) -> Reviewed:
    """Answer the four questions for each step of a project, from what the check found in it.

    `name` is client/project. Steps that were left out are no part of it.
    """
    project = roadmap.project
    steps = [step for step in project.milestones if step.state is not State.SKIPPED]
    by_step: dict[str, list[Problem]] = {}
    for finding in findings:
        by_step.setdefault(_step_at(project, finding), []).append(finding)
    asked = []
    for index, milestone in enumerate(steps):
        texts = " and ".join(f"“{project.outcomes[name].text}”" for name in milestone.outcomes)
        after = steps[index + 1] if index + 1 < len(steps) else None
        reasons = {
            Question.OUTCOME: f"it leads to {texts}",
            Question.UNDERSTOOD: "nothing in its words needs an explanation",
            Question.SEQUENCE: f"it leads to “{after.label}”" if after else "it is the end",
            Question.COMMUNICATED: "its dates and answers are told",
        }
        found = [*_doubts(by_step.get(milestone.id, ()))]
        if not project.outcomes:
            none = Doubt("the project names no outcome", "add outcomes: to project.yml")
            found.append((Question.OUTCOME, none))
        answers = tuple(
            answer(question, [doubt for about, doubt in found if about is question], yes)
            for question, yes in reasons.items()
        )
        day = milestone.done or milestone.due
        asked.append(
            Asked(
                id=milestone.id,
                label=milestone.label,
                when=f"{milestone.state}, {day}" if day else milestone.state,
                place=project.place(milestone.id),
                answers=answers,
            )
        )
    service = f", an instance of {project.offering}" if project.offering else ""
    return Reviewed(
        kind="project",
        id=name,
        title=project.title,
        summary=f"{counted(len(steps), 'step')}{service}",
        steps=tuple(asked),
        whole=tuple(answer(question, [doubt]) for question, doubt in _doubts(by_step.get("", ()))),
    )


def _step_at(project: Project, finding: Problem) -> str:
    """Find the step in whose lines a problem stands; empty for project.yml itself."""
    begins = [
        (place.line, step)
        for (step, key), place in project.places.items()
        if step and not key and place.path == finding.path and place.line <= finding.line
    ]
    return max(begins, default=(0, ""))[1]


def _doubts(findings: Iterable[Problem]) -> Iterator[tuple[Question, Doubt]]:
    for finding in findings:
        question = _QUESTION_OF.get(finding.rule, Question.UNDERSTOOD)
        yield question, Doubt(finding.message, finding.hint, is_weak=finding.is_note)
