"""progress.json: the page as data, for the agency's own programs. `schema` is its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.pages import sentences

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from site_builder.language import Language
    from site_builder.model.project import Client
    from site_builder.model.roadmap import Roadmap, Step

SCHEMA = 1


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _id(step: Step | None) -> str | None:
    return step.milestone.id if step else None


def _milestone(step: Step, project: str) -> dict[str, object]:
    milestone = step.milestone
    return {
        "id": milestone.id,
        "number": step.number,
        "label": milestone.label,
        "title": milestone.title,
        "state": milestone.state.value,
        "due": _iso(milestone.due),
        "done": _iso(milestone.done),
        "was": _iso(milestone.moved[-1].was) if milestone.moved else None,
        "url": f"{project}/{milestone.id}/",
    }


def _project(language: Language, roadmap: Roadmap) -> dict[str, object]:
    project = roadmap.project
    bold, rest = sentences.verdict(language, roadmap)
    return {
        "id": project.id,
        "title": project.title,
        "headline": sentences.headline(language, roadmap).replace("\u00a0", " "),
        "verdict": {
            "state": roadmap.verdict.value,
            "text": sentences.joined(bold, rest).replace("\u00a0", " "),
        },
        "here": _id(roadmap.here),
        "next": _id(roadmap.next),
        "just_finished": _id(roadmap.just_finished),
        "percent": roadmap.percent,
        "ends": _iso(roadmap.ends),
        "ended_before": _iso(roadmap.ended_before),
        "updated": roadmap.updated.isoformat(),
        "next_update": _iso(roadmap.next_update),
        "needs": [
            {
                "milestone": entry.milestone.id,
                "ask": entry.need.ask,
                "by": _iso(entry.need.by),
                "overdue": entry.is_overdue,
            }
            for entry in roadmap.needs
        ],
        "milestones": [_milestone(step, project.id) for step in roadmap.steps],
    }


def progress(
    client: Client, language: Language, roadmaps: Sequence[Roadmap], today: datetime.date
) -> dict[str, object]:
    """Return the content of progress.json."""
    return {
        "schema": SCHEMA,
        "client": client.name,
        "language": language.code,
        "as_of": today.isoformat(),
        "projects": [_project(language, roadmap) for roadmap in roadmaps],
    }
