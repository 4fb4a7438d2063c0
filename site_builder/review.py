"""What a roadmap says about the way a project is told: findings, never errors.

So far it hears silence; wording, spacing and outcomes join it as they are built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.model.roadmap import Roadmap


def review(roadmap: Roadmap, path: str) -> Iterator[Problem]:
    """Find where the client hears too little; `path` is the project's project.yml."""
    project = roadmap.project
    is_active = roadmap.has_started and roadmap.pause is None and roadmap.here is not None
    if is_active and roadmap.silence > project.rhythm.silence:
        yield Problem(
            path=path,
            rule="silence",
            message=f"nothing new for {roadmap.silence} days, since {roadmap.updated}",
            hint="write an update, even a short one: updates/YYYY-MM-DD-slug.md",
            severity=Severity.WARNING,
        )
    elif roadmap.is_update_late:
        yield Problem(
            path=path,
            rule="late-update",
            message=f"the client expected news on {roadmap.next_update}, and the page says it is late",
            hint="write an update, even a short one: updates/YYYY-MM-DD-slug.md",
            severity=Severity.WARNING,
        )
