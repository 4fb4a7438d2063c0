"""The outcome trace: what the client wants at the end, and which steps lead there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.errors import Severity
from site_builder.review.finding import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.model.roadmap import Roadmap
    from site_builder.review.finding import Finding

MAX_NAMED = 6
"""More outcomes than these are not listed."""


def outcomes(roadmap: Roadmap) -> Iterator[Finding]:
    """Find outcomes that no step serves, and steps that serve none.

    Skipped steps serve nothing; hidden ones do, although the client does not see them yet. Where a
    project has one outcome, every step serves it. That there is none is a note: the shortest
    project that is worth reading has none. One that has no steps yet is not asked for any.
    """
    project = roadmap.project
    if not project.outcomes:
        if project.milestones and not roadmap.is_finished:
            message = "this project names no outcome, so no step can say where it leads"
            hint = "add outcomes: and a sentence on what the client wants to have at the end"
            place = project.place("")
            yield finding("", place, "no-outcomes", message, hint, severity=Severity.NOTE)
        return
    for name in project.outcomes:
        if name not in project.served:
            message = f"no step serves the outcome '{name}'"
            hint = f"write outcome: {name} in the step that brings it, or add such a step"
            place = project.place("", f"outcomes.{name}")
            yield finding("", place, "unserved-outcome", message, hint)
    named = [*project.outcomes][:MAX_NAMED]
    known = ", ".join(named) + (" and others" if len(project.outcomes) > len(named) else "")
    for milestone in project.milestones:
        if not (milestone.outcomes or milestone.skipped or milestone.is_hidden):
            message = f"\u201c{milestone.label}\u201d serves none of the project's outcomes"
            hint = f"add outcome: and one of {known}, or ask whether the client needs this step"
            place = project.place(milestone.id, "label")
            yield finding(milestone.id, place, "no-outcome", message, hint)
