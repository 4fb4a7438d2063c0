"""Find and read the files of a workspace: which there are, and what is wrong with them as files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder import pictures
from site_builder.errors import Problem, Severity, visible
from site_builder.model.fields import ID_PATTERN, MAX_ID, RESERVED_IDS, proper_id
from site_builder.source.document import Document, Span, control_characters, parse_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_BYTES = 256 * 1024
SETTINGS_FILE = "mkdocs.yml"
SETTINGS_SCOPE = ("extra", "agency")

_SYSTEM_FILES = re.compile(
    r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|\.gitkeep|.*~|.*\.(bak|tmp|swp|swo|orig)|#.*#|\.#.*",
    re.IGNORECASE,
)
_MILESTONE = re.compile(r"(?P<number>\d+)-(?P<id>.+)\.md")
_UPDATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-(?P<slug>[^/]+)\.md")
_CONFLICT = re.compile(r"^(<{7}|>{7})( .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One text file: its YAML with places, and the Markdown below it."""

    path: str
    name: str
    """The id or date that stands in the file's name."""
    order: int
    """The number in front of the name; 0 without one."""
    document: Document
    body: str
    body_line: int
    """The line of the file on which the body begins."""


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
    clients: list[str] = field(default_factory=list)
    """Ids of the client folders, sorted."""
    problems: list[Problem] = field(default_factory=list)


WHOLE_FILE = Span(1, 1, 0)


def _with_newlines(text: str) -> str:
    """End every line as Unix does."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(root: Path, path: Path) -> str:
    return visible(path.relative_to(root).as_posix())


def _read_text(root: Path, path: Path, problems: list[Problem]) -> str | None:
    """Read a text file, or say why it cannot be read."""
    shown = _shown(root, path)

    def refuse(rule: str, message: str, hint: str, span: Span = WHOLE_FILE) -> None:
        problems.append(
            Problem(
                path=shown,
                line=span.line,
                column=span.column,
                width=span.width,
                rule=rule,
                message=message,
                hint=hint,
            )
        )

    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            refuse(
                "file-size",
                f"this file is too large: {-(-size // 1024)} KiB",
                f"keep it below {MAX_BYTES // 1024} KiB; pictures and documents belong in files/",
            )
            return None
        data = path.read_bytes()
    except OSError as error:
        refuse("unreadable", f"this file cannot be read: {error.strerror}", "check its permissions")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = error.object[: error.start].decode("utf-8-sig", "replace")
        *above, last = _with_newlines(readable).split("\n")
        span = Span(len(above) + 1, len(last) + 1)
        refuse("encoding", "this file is not UTF-8 text", "save it with the encoding UTF-8", span)
        return None
    text = _with_newlines(text)
    control = control_characters(text, shown)
    problems.extend(control)
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        refuse(
            "merge-conflict",
            "git left a merge conflict here",
            "keep the lines that are right, and delete the marks <<<<<<<, ======= and >>>>>>>",
            Span(line, 1, len(conflict.group())),
        )
        return None
    return None if control else text


def _front_matter(
    text: str, path: str, problems: list[Problem]
) -> tuple[Document, str, int] | None:
    """Split a milestone into its YAML and its Markdown."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        problems.append(
            Problem(
                path=path,
                rule="front-matter",
                message="a milestone begins with a line ---",
                hint="write ---, then the keys (label, due …), then --- again, then the text",
            )
        )
        return None
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() in {"---", "..."}:
            document = parse_document("\n".join(lines[1 : number - 1]), path, 2)
            return document, "\n".join(lines[number:]), number + 1
        if line.startswith("## "):
            problems.append(
                Problem(
                    path=path,
                    line=number,
                    width=len(line),
                    rule="front-matter",
                    message="the text begins before the keys at the top are closed",
                    hint="write a line --- above this heading",
                )
            )
            return None
    problems.append(
        Problem(
            path=path,
            rule="front-matter",
            message="the keys at the top are never closed",
            hint="write a line --- below them, and then the text",
        )
    )
    return None


def _yaml_file(
    root: Path, path: Path, problems: list[Problem], name: str = ""
) -> SourceFile | None:
    text = _read_text(root, path, problems)
    if text is None:
        return None
    document = parse_document(text, _shown(root, path))
    problems.extend(document.problems())
    return SourceFile(
        path=document.path, name=name, order=0, document=document, body="", body_line=1
    )


def _is_system_file(name: str) -> bool:
    return _SYSTEM_FILES.fullmatch(name) is not None


def _linked(root: Path, path: Path) -> Problem:
    return Problem(
        path=_shown(root, path),
        rule="symlink",
        message="this is a symbolic link",
        hint="put the file or the folder itself here",
    )


def _listed(root: Path, folder: Path, problems: list[Problem]) -> list[Path]:
    """List a folder by name, or say why it cannot be read."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        for entry in entries[:1]:
            entry.lstat()  # a folder can show its names and still be closed
    except OSError as error:
        problems.append(
            Problem(
                path=_shown(root, folder),
                rule="unreadable",
                message=f"this folder cannot be read: {error.strerror}",
                hint="check its permissions",
            )
        )
        return []
    return entries


def _entries(
    root: Path, folder: Path, problems: list[Problem], refused: list[str] | None = None
) -> Iterator[Path]:
    """List a folder without what systems leave there; links and names that clash are problems.

    The names of those join `refused`.
    """
    seen: dict[str, str] = {}
    for path in _listed(root, folder, problems):
        if _is_system_file(path.name):
            continue
        folded = path.name.casefold()
        problem = None
        if path.is_symlink():
            problem = _linked(root, path)
        elif folded in seen:
            problem = Problem(
                path=_shown(root, path),
                rule="name-case",
                message=f"'{visible(path.name)}' and '{visible(seen[folded])}' differ only in case",
                hint="rename one of them",
            )
        if problem:
            problems.append(problem)
            if refused is not None:
                refused.append(path.name)
            continue
        seen[folded] = path.name
        yield path


def _unknown(root: Path, path: Path, problems: list[Problem], hint: str) -> None:
    what = "folder" if path.is_dir() else "file"
    problems.append(
        Problem(
            path=_shown(root, path),
            rule="unknown-file",
            message=f"this {what} has no place here; it is ignored",
            hint=hint,
            severity=Severity.WARNING,
        )
    )


def _check_id(root: Path, path: Path, problems: list[Problem], what: str, ending: str = "") -> bool:
    name = path.name.removesuffix(ending)
    if name in RESERVED_IDS:
        problems.append(
            Problem(
                path=_shown(root, path),
                rule="id",
                message=f"'{name}' is reserved for pages of ours",
                hint=f"rename it, for example to our-{name}",
            )
        )
        return False
    if re.fullmatch(ID_PATTERN, name):
        return True
    proper = proper_id(name)
    allowed = f"lower-case letters a to z, digits and single -, at most {MAX_ID}"
    problems.append(
        Problem(
            path=_shown(root, path),
            rule="id",
            message=f"'{visible(name)}' cannot be the name of {what}",
            hint=f"rename it to {proper}{ending}: only {allowed}"
            if proper
            else f"use only {allowed}",
        )
    )
    return False


def _read_milestones(
    root: Path, folder: Path, project: ProjectSource, problems: list[Problem]
) -> None:
    orders: dict[int, str] = {}
    for path in _entries(root, folder, problems):
        match = _MILESTONE.fullmatch(path.name)
        if not match or not path.is_file():
            _unknown(
                root,
                path,
                problems,
                "a milestone's name begins with its number, for example 05-page-texts.md",
            )
            continue
        shown = _shown(root, path)
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
        text = _read_text(root, path, problems)
        parts = _front_matter(text, shown, problems) if text is not None else None
        if parts is None:
            continue
        document, body, line = parts
        problems.extend(document.problems())
        project.milestones.append(
            SourceFile(
                path=shown,
                name=match["id"],
                order=order,
                document=document,
                body=body,
                body_line=line,
            )
        )
    project.milestones.sort(key=lambda milestone: milestone.order)


def _read_updates(
    root: Path, folder: Path, project: ProjectSource, problems: list[Problem]
) -> None:
    for path in _entries(root, folder, problems):
        shown = _shown(root, path)
        match = _UPDATE.fullmatch(path.name)
        if match and path.is_file():
            text = _read_text(root, path, problems)
            if text is not None:
                document = Document(path=shown)
                project.updates.append(
                    SourceFile(
                        path=shown,
                        name=match["day"],
                        order=0,
                        document=document,
                        body=text,
                        body_line=1,
                    )
                )
        elif pictures.is_picture(path.name) and path.is_file():
            _keep(project, f"updates/{path.name}", path)
        else:
            _unknown(
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
    for path in _entries(root, folder, problems, refused):
        if path.is_dir():
            _read_files(root, path, project, problems, f"{prefix}{path.name}/")
        elif path.is_file():
            _keep(project, prefix + path.name, path)
        else:
            _unknown(root, path, problems, "files/ holds files that pages show or link to")
    project.refused.update(prefix + name for name in refused)


def _stands_in(folder: Path, name: str) -> bool:
    """Tell whether a file is there, or there is a problem with it already."""
    path = folder / name
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return True


def _read_project(root: Path, folder: Path, problems: list[Problem]) -> ProjectSource:
    project = ProjectSource(id=folder.name, path=_shown(root, folder))
    for path in _entries(root, folder, problems):
        if path.name == "project.yml" and path.is_file():
            project.settings = _yaml_file(root, path, problems, folder.name)
        elif path.name == "milestones" and path.is_dir():
            _read_milestones(root, path, project, problems)
        elif path.name == "updates" and path.is_dir():
            _read_updates(root, path, project, problems)
        elif path.name == "files" and path.is_dir():
            _read_files(root, path, project, problems, "files/")
        else:
            _unknown(
                root, path, problems, "a project has project.yml, milestones/, updates/ and files/"
            )
    if not _stands_in(folder, "project.yml"):
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
    source = ClientSource(id=client, path=_shown(root, folder))
    if folder.is_symlink():
        source.problems.append(_linked(root, folder))
        return source
    _check_id(root, folder, source.problems, "a client's folder")
    for path in _entries(root, folder, source.problems):
        if path.name == "client.yml" and path.is_file():
            source.settings = _yaml_file(root, path, source.problems, client)
        elif path.is_dir() and not path.name.startswith("."):
            if _check_id(root, path, source.problems, "a project's folder"):
                source.projects.append(_read_project(root, path, source.problems))
        else:
            _unknown(
                root, path, source.problems, "a client has client.yml and a folder for each project"
            )
    if not _stands_in(folder, "client.yml"):
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


def read_client_settings(root: Path, client: str) -> str | None:
    """Read only the text of a client's client.yml, as far as it can be read; None if there is none.

    Its links count even where the file is not UTF-8, so that a typing mistake removes no page.
    """
    path = root / "projects" / client / "client.yml"
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        return None


def read_workspace(settings_file: Path) -> WorkspaceSource:
    """Read the agency's settings and offerings, and list the clients.

    Raises:
        FileNotFoundError: if there is no such settings file.
    """
    root = settings_file.parent
    problems: list[Problem] = []
    if not settings_file.is_file():
        raise FileNotFoundError(settings_file)
    text = _read_text(root, settings_file, problems)
    settings = parse_document(text or "", _shown(root, settings_file))
    problems.extend(settings.problems(SETTINGS_SCOPE))
    workspace = WorkspaceSource(root=root, settings=settings, problems=problems)
    projects = root / "projects"
    if not projects.is_dir():
        problems.append(
            Problem(
                path="projects",
                rule="missing-file",
                message="there is no folder projects/ beside mkdocs.yml",
                hint="make it, with one folder for each client",
            )
        )
        return workspace
    entries = _listed(root, projects, problems)
    if not entries:
        return workspace
    for path in entries:
        if path.is_dir() and not path.name.startswith(("_", ".")):
            workspace.clients.append(path.name)
        elif not path.is_dir() and not _is_system_file(path.name):
            _unknown(root, path, problems, "projects/ has a folder for each client")
    _read_offerings(root, projects / "_offerings", workspace)
    return workspace


def _read_offerings(root: Path, folder: Path, workspace: WorkspaceSource) -> None:
    problems = workspace.problems
    if folder.is_symlink():
        problems.append(_linked(root, folder))
    elif folder.is_dir():
        for path in _entries(root, folder, problems):
            if path.suffix != ".yml" or not path.is_file():
                _unknown(root, path, problems, "an offering is a file NAME.yml")
            elif _check_id(root, path, problems, "an offering", ".yml"):
                file = _yaml_file(root, path, problems, path.stem)
                if file is not None:
                    workspace.offerings.append(file)


def text_lines(root: Path, path: str) -> Sequence[str]:
    """Return the lines of a file, for the frames of problems; none if it cannot be read."""
    if not (root / path).is_file():
        return ()
    try:
        text = (root / path).read_text("utf-8-sig", errors="replace")
    except OSError:
        return ()
    return _with_newlines(text).split("\n")
