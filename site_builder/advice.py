"""The four questions, asked about offerings with all their projects, or about one client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.history import recall
from site_builder.review.project_questions import review_project
from site_builder.review.questions import Instance, review_offering
from site_builder.workspace import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.errors import Problem
    from site_builder.model.answers import Reviewed
    from site_builder.workspace import ReadOptions, Workspace


def about_offerings(
    workspace: Workspace, offerings: Sequence[str], options: ReadOptions
) -> tuple[list[Reviewed], list[str]]:
    """Review offerings; the second part are clients with mistakes, who could not be counted."""
    agency = workspace.agency.settings
    instances: dict[str, list[Instance]] = {name: [] for name in offerings}
    unread = []
    for name in workspace.clients:
        client = read(workspace, name, options).client
        if client is None:
            unread.append(name)
            continue
        for project in client.projects:
            if project.offering in instances:
                instance = Instance(
                    id=f"{name}/{project.id}",
                    project=project,
                    same_language=client.language == agency.language,
                )
                instances[project.offering].append(instance)
    reviewed = [
        review_offering(workspace.agency.offerings[name], instances[name], agency)
        for name in offerings
    ]
    return reviewed, unread


def about_client(
    workspace: Workspace, name: str, options: ReadOptions
) -> tuple[list[Reviewed], tuple[Problem, ...]]:
    """Review all projects of a client; none if there are mistakes, which are the second part."""
    memory = recall(workspace.root, workspace.agency.settings.timezone)
    found = read(workspace, name, options, memory)
    if found.client is None:
        return [], found.problems
    folder = f"projects/{name}"
    return [
        review_project(
            f"{name}/{roadmap.project.id}",
            roadmap,
            [
                one
                for one in found.problems
                if one.path.startswith(f"{folder}/{roadmap.project.id}/")
            ],
        )
        for roadmap in found.roadmaps
    ], ()
