"""Find and read the files of a workspace: which there are, and what is wrong with them as files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder import pictures
from site_builder.errors import Problem, visible
from site_builder.model.fields import MILESTONE_FILE, OFFERINGS
from site_builder.source.document import Document, parse_document
from site_builder.source.folders import (
    entries,
    has_proper_id,
    is_system_file,
    listed,
    note_unknown,
    stands_in,
    symlink_problem,
)
from site_builder.source.texts import (
    SourceFile,
    parsed_file,
    read_text,
    read_yaml_file,
    shown_path,
    split_front_matter,
    with_newlines,
)

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_SCOPE = ("extra", "agency")

_UPDATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-(?P<slug>[^/]+)\.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFile:
    """A file that pages may link to or show."""

    path: Path
    size: int
    picture: tuple[int, int] | None
    """Width and height, of pictures that can be shown."""
    unusable: tuple[str, str] | None
    """Why a picture cannot be shown, and what to do."""


@dataclass(slots=True, kw_only=True)
class ProjectSource:
    """The files of one project."""

    id: str
    path: str
    settings: SourceFile | None = None
    milestones: list[SourceFile] = field(default_factory=list)
    updates: list[SourceFile] = field(default_factory=list)
    files: dict[str, DiskFile] = field(default_factory=dict)
    """By their way from the project's folder."""
    refused: set[str] = field(default_factory=set)
    """Names in files/ that are problems already."""


@dataclass(slots=True, kw_only=True)
class ClientSource:
    """The files of one client, and what is wrong with them as files."""

    id: str
    path: str
    settings: SourceFile | None = None
    projects: list[ProjectSource] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class WorkspaceSource:
    """What all clients share."""

    root: Path
    settings: Document
    offerings: list[SourceFile] = field(default_factory=list)
    offering_ids: list[str] = field(default_factory=list)
    """Of all of them, also where the file cannot be read."""
    clients: list[str] = field(default_factory=list)
    """Ids of the client folders, sorted."""
    problems: list[Problem] = field(default_factory=list)


def _milestone(
    text: str, path: str, name: str, order: int, problems: list[Problem]
) -> SourceFile | None:
    parts = split_front_matter(text, path, problems)
    if parts is None:
        return None
    document, body, line = parts
    problems.extend(document.problems())
    return SourceFile(
        path=path, name=name, order=order, document=document, body=body, body_line=line
    )


def _update(text: str, path: str, day: str) -> SourceFile:
    document = Document(path=path)
    return SourceFile(path=path, name=day, order=0, document=document, body=text, body_line=1)


def _read_milestones(
    root: Path, folder: Path, project: ProjectSource, problems: list[Problem]
) -> None:
    orders: dict[int, str] = {}
    for path in entries(root, folder, problems):
        match = MILESTONE_FILE.fullmatch(path.name)
        if not match or not path.is_file():
            hint = "a milestone's name begins with its number, for example 05-page-texts.md"
            if re.match(r"\d+-.", path.name) and path.is_file():
                hint = f"a milestone's name ends with .md: rename it {path.stem}.md"
            note_unknown(root, path, problems, hint)
            continue
        shown = shown_path(root, path)
        order = int(match["number"])
        if order in orders:
            problems.append(
                Problem(
                    path=shown,
                    rule="equal-numbers",
                    message=f"the number {match['number']} stands in front of {visible(orders[order])} too",
                    hint="give each milestone a number of its own: the numbers are the order of the road",
                )
            )
        orders[order] = path.name
        text = read_text(root, path, problems)
        if text is None:
            continue
        if milestone := _milestone(text, shown, match["id"], order, problems):
            project.milestones.append(milestone)
    project.milestones.sort(key=lambda milestone: milestone.order)


def _read_updates(
    root: Path, folder: Path, project: ProjectSource, problems: list[Problem]
) -> None:
    for path in entries(root, folder, problems):
        shown = shown_path(root, path)
        match = _UPDATE.fullmatch(path.name)
        if match and path.is_file():
            text = read_text(root, path, problems)
            if text is not None:
                project.updates.append(_update(text, shown, match["day"]))
        elif pictures.is_picture(path.name) and path.is_file():
            _keep(project, f"updates/{path.name}", path)
        else:
            note_unknown(
                root,
                path,
                problems,
                "an update's name begins with its date, for example 2026-03-02-texts-ready.md",
            )


def _keep(project: ProjectSource, target: str, path: Path) -> None:
    size, unusable = None, None
    if pictures.is_picture(path.name):
        try:
            size = pictures.measure(path)
        except pictures.UnusablePicture as error:
            unusable = (str(error), error.hint)
    project.files[target] = DiskFile(
        path=path, size=path.stat().st_size, picture=size, unusable=unusable
    )


def _read_files(
    root: Path, folder: Path, project: ProjectSource, problems: list[Problem], prefix: str
) -> None:
    refused: list[str] = []
    for path in entries(root, folder, problems, refused):
        if path.is_dir():
            _read_files(root, path, project, problems, f"{prefix}{path.name}/")
        elif path.is_file():
            _keep(project, prefix + path.name, path)
        else:
            note_unknown(root, path, problems, "files/ holds files that pages show or link to")
    project.refused.update(prefix + name for name in refused)


def _read_project(root: Path, folder: Path, problems: list[Problem]) -> ProjectSource:
    project = ProjectSource(id=folder.name, path=shown_path(root, folder))
    for path in entries(root, folder, problems):
        if path.name == "project.yml" and path.is_file():
            project.settings = read_yaml_file(root, path, problems, folder.name)
        elif path.name == "milestones" and path.is_dir():
            _read_milestones(root, path, project, problems)
        elif path.name == "updates" and path.is_dir():
            _read_updates(root, path, project, problems)
        elif path.name == "files" and path.is_dir():
            _read_files(root, path, project, problems, "files/")
        else:
            note_unknown(
                root, path, problems, "a project has project.yml, milestones/, updates/ and files/"
            )
    if not stands_in(folder, "project.yml"):
        problems.append(
            Problem(
                path=project.path,
                rule="missing-file",
                message="this project has no project.yml",
                hint="add one, with at least title and starts",
            )
        )
    return project


def read_client(root: Path, client: str) -> ClientSource:
    """Read every file of one client; problems with the files are collected, never raised."""
    folder = root / "projects" / client
    source = ClientSource(id=client, path=shown_path(root, folder))
    if folder.is_symlink():
        source.problems.append(symlink_problem(root, folder))
        return source
    has_proper_id(root, folder, source.problems, "a client's folder")
    for path in entries(root, folder, source.problems):
        if path.name == "client.yml" and path.is_file():
            source.settings = read_yaml_file(root, path, source.problems, client)
        elif path.is_dir() and not path.name.startswith("."):
            if has_proper_id(root, path, source.problems, "a project's folder"):
                source.projects.append(_read_project(root, path, source.problems))
        else:
            note_unknown(
                root, path, source.problems, "a client has client.yml and a folder for each project"
            )
    if not stands_in(folder, "client.yml"):
        source.problems.append(
            Problem(
                path=source.path,
                rule="missing-file",
                message="this client has no client.yml",
                hint="add one with name and links; if this is no client, let the folder's name begin with _",
            )
        )
    elif not source.projects and not any(problem.is_error for problem in source.problems):
        source.problems.append(
            Problem(
                path=source.path,
                rule="missing-project",
                message="this client has no project yet",
                hint="add a folder with a project.yml",
            )
        )
    return source


def put_text(source: ClientSource, path: str, text: str) -> None:
    """Let a text stand for a file of a client's, not the disk's: YAML, a milestone or an update.

    What was wrong with the file as it lies on the disk is forgotten; a new file may only be an
    update.
    """
    text = with_newlines(text.removeprefix("\ufeff"))
    source.problems[:] = [problem for problem in source.problems if problem.path != path]
    if path == f"{source.path}/client.yml":
        source.settings = parsed_file(text, path, source.problems, source.id)
        return
    project = next(project for project in source.projects if path.startswith(f"{project.path}/"))
    folder, _, name = path.removeprefix(f"{project.path}/").rpartition("/")
    if folder == "updates" and (update := _UPDATE.fullmatch(name)):
        kept = [file for file in project.updates if file.path != path]
        project.updates = [*kept, _update(text, path, update["day"])]
        project.updates.sort(key=lambda file: file.path)
    elif folder == "milestones":
        for index, file in enumerate(project.milestones):
            if file.path == path:
                milestone = _milestone(text, path, file.name, file.order, source.problems)
                project.milestones[index] = milestone or file
    elif name == "project.yml":
        project.settings = parsed_file(text, path, source.problems, project.id)


def read_workspace(settings_file: Path) -> WorkspaceSource:
    """Read the agency's settings and offerings, and list the clients.

    Raises:
        FileNotFoundError: if there is no such settings file.
    """
    root = settings_file.parent
    problems: list[Problem] = []
    if not settings_file.is_file():
        raise FileNotFoundError(settings_file)
    text = read_text(root, settings_file, problems)
    settings = parse_document(text or "", shown_path(root, settings_file))
    problems.extend(settings.problems(SETTINGS_SCOPE))
    workspace = WorkspaceSource(root=root, settings=settings, problems=problems)
    projects = root / "projects"
    if not projects.is_dir():
        problems.append(
            Problem(
                path="projects",
                rule="missing-file",
                message="there is no folder projects/ beside mkdocs.yml",
                hint="make it with the first client in it: site-builder new CLIENT",
            )
        )
        return workspace
    for path in listed(root, projects, problems):
        if path.is_dir() and not path.name.startswith(("_", ".")):
            workspace.clients.append(path.name)
        elif not path.is_dir() and not is_system_file(path.name):
            note_unknown(root, path, problems, "projects/ has a folder for each client")
    _read_offerings(root, projects / OFFERINGS, workspace)
    if not workspace.clients:
        problems.append(
            Problem(
                path="projects",
                rule="missing-file",
                message="there is no client in projects/",
                hint="make the first one: site-builder new CLIENT; to take a last page away, give its client.yml an ends: instead",
            )
        )
    return workspace


def _read_offerings(root: Path, folder: Path, workspace: WorkspaceSource) -> None:
    problems = workspace.problems
    if folder.is_symlink():
        problems.append(symlink_problem(root, folder))
    elif folder.is_dir():
        for path in entries(root, folder, problems):
            if path.suffix != ".yml" or not path.is_file():
                note_unknown(root, path, problems, "an offering is a file NAME.yml")
            elif has_proper_id(root, path, problems, "an offering", ".yml"):
                workspace.offering_ids.append(path.stem)
                file = read_yaml_file(root, path, problems, path.stem)
                if file is not None:
                    workspace.offerings.append(file)
