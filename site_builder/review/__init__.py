"""What a roadmap says about the way a project is told: findings, never errors.

Each part looks at one thing; `review` gathers what they find, without what is meant so. Nothing
here reads a clock, or a file but the word lists.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from site_builder.errors import Severity
from site_builder.review.finding import finding
from site_builder.review.movement import movement
from site_builder.review.outcomes import outcomes
from site_builder.review.sequence import sequence
from site_builder.review.wording import unjudged, wording

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.errors import Problem
    from site_builder.model.parts import Allowance
    from site_builder.model.project import Client, Project
    from site_builder.model.roadmap import Roadmap
    from site_builder.review.finding import Finding


__all__ = ["Review", "review", "unjudged"]


@dataclass(frozen=True, slots=True)
class Review:
    """What was found in a project."""

    problems: tuple[Problem, ...]
    allowed: int
    """How many findings are meant so, with a reason."""


def review(
    roadmap: Roadmap,
    told: Mapping[str, datetime.date],
    client: Client | None = None,
    added: Mapping[str, tuple[int, datetime.date]] = MappingProxyType({}),
) -> Review:
    """Find what could be told better and is not meant so.

    `told` are the days on which it was committed that a step is finished, by the step's file;
    `added` are the commits in which the steps came, by number, and their days.
    Without the client, for whom they are, the words are not judged.
    """
    project = roadmap.project
    allowances = {"": project.allow, **{step.id: step.allow for step in project.milestones}}
    spent = {"": [*project.spent], **{step.id: [*step.spent] for step in project.milestones}}
    allowed = {step: {each.rule for each in some} for step, some in allowances.items()}
    problems = []
    for found in itertools.chain(
        movement(roadmap, told),
        sequence(roadmap, added),
        outcomes(roadmap),
        wording(project, client) if client else (),
    ):
        step = found.step if found.step in allowed else ""
        if found.problem.rule in allowed[step]:
            spent[step].append(found.problem.rule)
        else:
            problems.append(found.problem)
    problems += (unused.problem for unused in _unused(project, allowances, spent) if client)
    return Review(tuple(problems), sum(map(len, spent.values())))


def _unused(
    project: Project,
    allowances: Mapping[str, Sequence[Allowance]],
    spent: Mapping[str, Sequence[str]],
) -> Iterator[Finding]:
    """Find what is allowed although nothing asks for it."""
    for step, some in allowances.items():
        for index, allowance in enumerate(some):
            if allowance.rule not in spent[step]:
                place = project.place(step, f"allow.{index}.rule")
                message = f"nothing here needs '{allowance.rule}' to be allowed"
                hint = "remove this entry: then a new finding is seen"
                yield finding(step, place, "unused-allow", message, hint, severity=Severity.NOTE)
