"""The way of an everyday edit: read, edit, read again as it would be, write, say what is seen.

Nothing is written unless the result is as free of mistakes as what was there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from site_builder import edits
from site_builder.errors import InvalidInput, NotWritten, suggestion
from site_builder.language import load_language
from site_builder.model.fields import ID_PATTERN
from site_builder.pages.glance import glance
from site_builder.scaffold.disk import write_changed
from site_builder.scaffold.texts import short_id
from site_builder.source.files import read_client
from site_builder.workspace import ReadOptions, read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from site_builder.edits import Step
    from site_builder.errors import Problem
    from site_builder.model.roadmap import Roadmap
    from site_builder.pages.glance import Glance
    from site_builder.source.document import Loc
    from site_builder.source.files import ProjectSource
    from site_builder.workspace import ClientReading, Workspace

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
SHOWN = 2
"""Lines that say what the client sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a project is, and what its client sees before the edit."""

    workspace: Workspace
    options: ReadOptions
    client: str
    project: str
    before: ClientReading

    @property
    def folder(self) -> str:
        """The project's folder, from the workspace's."""
        return f"projects/{self.client}/{self.project}"

    def roadmap(self, reading: ClientReading) -> Roadmap | None:
        """Find the project's roadmap; none while its client has mistakes."""
        found = (road for road in reading.roadmaps if road.project.id == self.project)
        return next(found, None) if reading.client else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of an edit."""

    path: str
    lines: tuple[str, ...]
    """What the client sees now: what has changed most; nothing while there are mistakes."""
    findings: tuple[Problem, ...]
    """What the check says now, and did not say before."""
    mistakes: int
    """How many mistakes in other files keep the client's page as it is."""


def _known(identifier: str, known: Sequence[str], missing: str) -> str:
    if identifier not in known:
        raise NotWritten(f"{missing} '{identifier}'; {suggestion(identifier, known)}")
    return identifier


def find_project(
    workspace: Workspace, parts: Sequence[str], today: datetime.date, *, with_step: bool = False
) -> tuple[Place, tuple[str, ...]]:
    """Find a client and a project; the second part of the answer is what else was named.

    The project may be left out where the client has only one, also when a step is named.

    Raises:
        NotWritten: if there is none of the name.
    """
    client = _known(parts[0], workspace.clients, "there is no client")
    source = read_client(workspace.root, client)
    projects = [project.id for project in source.projects]
    rest = tuple(parts[1:])
    if rest and rest[0] in projects:
        project, rest = rest[0], rest[1:]
    elif len(projects) == 1 and len(rest) <= with_step:
        (project,) = projects
    elif rest:
        project = _known(rest[0], projects, f"{client} has no project")
    else:
        ways = " or ".join(f"{client}/{name}" for name in projects)
        raise NotWritten(f"which project of {client}? Write {ways or f'{client}/PROJECT'}")
    options = ReadOptions(today=today)
    place = Place(
        workspace=workspace,
        options=options,
        client=client,
        project=project,
        before=read(workspace, client, options),
    )
    return place, rest


def _steps(project: ProjectSource) -> Iterator[tuple[str, str, str, Loc]]:
    """List the steps of a project: id, the file's name, its path, and the place in its YAML."""
    for file in project.milestones:
        tree = file.document.tree
        identifier = tree.get("id") if isinstance(tree, dict) else None
        name = file.path.rpartition("/")[2]
        yield str(identifier or file.name), name, file.path, ()
    settings = project.settings.document.tree if project.settings else None
    entries = settings.get("milestones") if isinstance(settings, dict) else None
    if project.settings and isinstance(entries, list):
        for index, entry in enumerate(entries):
            if isinstance(entry, dict) and "id" in entry:
                yield str(entry["id"]), "", project.settings.path, ("milestones", index)


def step_names(root: Path, client: str) -> list[str]:
    """Name all steps of a client as people type them: client/project/milestone."""
    return [
        f"{client}/{project.id}/{step[0]}"
        for project in read_client(root, client).projects
        for step in _steps(project)
    ]


def project_names(root: Path, client: str) -> list[str]:
    """Name all projects of a client as people type them: client/project."""
    return [f"{client}/{project.id}" for project in read_client(root, client).projects]


def keys_to_offer(root: Path, client: str, project: str) -> tuple[list[str], list[Decimal]]:
    """Name the outcomes of a project, and list the weights of its steps, whatever else is wrong."""
    source = next(each for each in read_client(root, client).projects if each.id == project)
    settings = source.settings.document.tree if source.settings else None
    named = settings.get("outcomes") if isinstance(settings, dict) else None
    trees = [file.document.tree for file in source.milestones]
    weights = [str(tree.get("weight")) for tree in trees if isinstance(tree, dict)]
    return (
        [name for name in named if re.fullmatch(ID_PATTERN, name)]
        if isinstance(named, dict)
        else [],
        [Decimal(weight) for weight in weights if _NUMBER.fullmatch(weight)],
    )


def find_step(
    workspace: Workspace, parts: Sequence[str], today: datetime.date
) -> tuple[Place, Step]:
    """Find a step by client, project and id, or by the way to its file.

    Raises:
        NotWritten: if there is none of the name, or none was named.
        InvalidInput: with the mistakes of its file, if there are any.
    """
    place, rest = find_project(workspace, parts, today, with_step=True)
    source = read_client(workspace.root, place.client)
    project = next(project for project in source.projects if project.id == place.project)
    steps = list(_steps(project))
    known = [step[0] for step in steps]
    name = f"{place.client}/{place.project}"
    if rest[:1] == ("milestones",) and "milestones" not in known:
        rest = rest[1:]
    if not rest:
        raise NotWritten(f"which step of {name}? {suggestion('', known)}")
    wanted = "/".join(rest)
    identifier, _, path, scope = next(
        (step for step in steps if wanted in {step[0], step[1], step[1].removesuffix(".md")}),
        (wanted, "", f"{place.folder}/milestones/{wanted}", ()),
    )
    mistakes = [found for found in place.before.problems if found.is_error and found.path == path]
    if mistakes:
        raise InvalidInput(mistakes)
    _known(identifier, known, f"{name} has no step")
    language = (place.before.written and place.before.written.language) or None
    words = load_language(language or workspace.agency.settings.language, workspace.root)
    typed = (workspace.root / path).read_bytes().decode()
    return place, edits.read_step(f"{name}/{identifier}", typed, path, scope, words)


def is_last(place: Place, step: Step) -> bool:
    """Tell whether nothing follows a step, so that its end says what comes next."""
    road = place.roadmap(place.before)
    if road is None or road.project.is_ongoing or road.last is None:
        return False
    return road.last.milestone.id == step.name.rpartition("/")[2]


def _kind(problem: Problem) -> tuple[str, str, str]:
    """What makes a problem the same one although its line has moved."""
    return problem.path, problem.rule, problem.message


def _what_changed(before: Glance | None, after: Glance) -> tuple[str, ...]:
    """Choose what to show: what has changed comes first."""
    first = (after.headline, after.verdict)
    was = (before.headline, before.verdict, *before.changes) if before else ()
    news = [line for line in (*first, *after.changes) if line not in was]
    return tuple([*news, *(line for line in first if line in was)][:SHOWN])


def write(place: Place, path: str, text: str) -> Seen:
    """Write a changed file if it makes no new mistake; say what the client sees then.

    Raises:
        NotWritten: with the mistake that it would make.
    """
    options = replace(place.options, instead={path: text})
    after = read(place.workspace, place.client, options)
    known = {_kind(problem) for problem in place.before.problems}
    new = [problem for problem in after.problems if _kind(problem) not in known]
    if wrong := [problem for problem in new if problem.is_error]:
        words = "; ".join(f"{problem.message} ({problem.hint})" for problem in wrong)
        raise NotWritten(f"nothing was written, for {path} would have a mistake: {words}")
    write_changed(place.workspace.root, path, text)
    road, old = place.roadmap(after), place.roadmap(place.before)
    lines: tuple[str, ...] = ()
    if road and after.client:
        language = load_language(after.client.language, place.workspace.root)
        before = glance(language, old) if old else None
        lines = _what_changed(before, glance(language, road))
    return Seen(
        path=path,
        lines=lines,
        findings=tuple(new),
        mistakes=sum(problem.is_error for problem in after.problems),
    )


def old_promise(place: Place, on: datetime.date) -> datetime.date | None:
    """Return the day of `next_update` in project.yml if an update of that day leaves it behind."""
    road = place.roadmap(place.before)
    promised = road.project.next_update if road else None
    return promised if promised and promised <= on else None


def write_note(place: Place, sentence: str, on: datetime.date) -> Seen:
    """Write a note between milestones; a further one of the day gets a name of its own.

    Raises:
        NotWritten: if the same note is there already, or it would be a mistake.
    """
    folder = f"{place.folder}/updates"
    start = f"{folder}/{on.isoformat()}-{short_id(sentence) or 'update'}"
    text = f"{sentence}\n"
    number, path = 1, f"{start}.md"
    while (place.workspace.root / path).exists():
        if (place.workspace.root / path).read_bytes() == text.encode():
            raise NotWritten(f"this note is there already: {path}")
        number += 1
        path = f"{start}-{number}.md"
    return write(place, path, text)
