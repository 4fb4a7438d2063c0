"""What a part of the review says: a problem, and the step whose file may allow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity, visible

if TYPE_CHECKING:
    from site_builder.model.project import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that could be told better."""

    step: str
    """The id of the milestone that it is about; empty for the project as a whole."""
    problem: Problem


def finding(
    step: str,
    place: Place,
    rule: str,
    message: str,
    hint: str,
    *,
    severity: Severity = Severity.WARNING,
) -> Finding:
    """Make a finding at a place of the files."""
    problem = Problem(
        path=place.path,
        line=place.line,
        column=place.column,
        width=place.width,
        rule=rule,
        message=visible(message),
        hint=visible(hint),
        severity=severity,
    )
    return Finding(step=step, problem=problem)
