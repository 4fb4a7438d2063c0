"""The agency's folder: what all clients share, and the way from one client's files to roadmaps.

`check` ends here; `build` goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import paper
from site_builder.errors import InvalidInput, Problem, Severity, as_errors, sorted_problems
from site_builder.history import silent_moves
from site_builder.parse.clients import (
    Agency,
    parse_agency,
    parse_client,
    parse_client_file,
    shared_tokens,
)
from site_builder.review import review
from site_builder.roadmap import draw
from site_builder.source.files import SETTINGS_SCOPE, read_client, read_workspace
from site_builder.source.texts import read_client_settings

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from site_builder.model.project import Client
    from site_builder.model.roadmap import Roadmap
    from site_builder.model.written import ClientFile
    from site_builder.source.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The agency's folder, as far as all clients share it."""

    root: Path
    agency: Agency
    clients: tuple[str, ...]
    settings: Mapping[str, str]
    """The text of each client.yml that can be read."""
    shared: Mapping[str, tuple[str, ...]]
    """Tokens that several clients have."""
    warnings: tuple[Problem, ...]
    theme_folders: tuple[Path, ...]


def own_theme() -> Path:
    """Find the program's own theme: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    return package / "theme" if (package / "theme").is_dir() else package.parent / "theme"


def open_workspace(settings_file: Path, *, may_be_empty: bool = False) -> Workspace:
    """Read what all clients share; `may_be_empty`: that there is no client yet is no problem.

    Raises:
        FileNotFoundError: if there is no settings file.
        InvalidInput: if the agency's settings or offerings have problems.
    """
    source = read_workspace(settings_file)
    if may_be_empty and not source.clients:
        source.problems = [problem for problem in source.problems if problem.path != "projects"]
    agency, warnings = parse_agency(source)
    if agency.settings.pdf:
        warnings = (*warnings, *_no_pdf(source.settings, (*SETTINGS_SCOPE, "pdf")))
    texts = {
        client: text
        for client in source.clients
        if (text := read_client_settings(source.root, client)) is not None
    }
    changed = source.root / "theme"
    ours = own_theme()
    folders = (changed, ours) if changed.is_dir() and not changed.samefile(ours) else (ours,)
    return Workspace(
        root=source.root,
        agency=agency,
        clients=tuple(source.clients),
        settings=texts,
        shared=shared_tokens(texts),
        warnings=warnings,
        theme_folders=folders,
    )


def _no_pdf(document: Document, loc: tuple[str, ...]) -> Iterator[Problem]:
    """Say why this machine makes no PDF files, if it does not."""
    if lack := paper.missing():
        message = f"no PDF file is made: {lack}"
        yield document.problem(loc, "no-pdf", message, paper.INSTALL, severity=Severity.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How the files of clients are looked at."""

    today: datetime.date
    strict: bool = False
    """Warnings stop a client, too."""
    drafts: bool = False
    """Drafts and steps of a day to come are shown, marked: for previews only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientReading:
    """One client after reading: complete, or with problems that stop it."""

    written: ClientFile | None
    client: Client | None
    roadmaps: tuple[Roadmap, ...]
    problems: tuple[Problem, ...]


def read(
    workspace: Workspace,
    client: str,
    options: ReadOptions,
    *,
    first_dues: Mapping[str, str] | None = None,
) -> ClientReading:
    """Read, check and draw one client: every problem at once.

    `first_dues` are the dates that git saw first: moves that nobody wrote down are findings.
    """
    source = read_client(workspace.root, client)
    if first_dues:
        source.problems.extend(silent_moves(source, first_dues))
    written = parse_client_file(source, workspace.shared, workspace.root)
    if source.settings and written and written.pdf:
        source.problems.extend(_no_pdf(source.settings.document, ("pdf",)))
    roadmaps: tuple[Roadmap, ...] = ()
    parsed = None
    try:
        parsed = parse_client(
            source,
            written,
            workspace.agency,
            options.today,
            root=workspace.root,
            drafts=options.drafts,
        )
        roadmaps = tuple(draw(project, options.today) for project in parsed.client.projects)
        findings = [
            finding
            for roadmap in roadmaps
            for finding in review(roadmap, f"{source.path}/{roadmap.project.id}/project.yml")
        ]
        problems = (*parsed.warnings, *findings)
    except InvalidInput as error:
        problems = error.problems
    if options.strict:
        problems = as_errors(problems)
    problems = sorted_problems(replace(problem, client=client) for problem in problems)
    stopped = any(problem.is_error for problem in problems)
    return ClientReading(
        written=written,
        client=None if stopped or parsed is None else parsed.client,
        roadmaps=roadmaps,
        problems=problems,
    )


def read_links(workspace: Workspace, client: str) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """Return a client's private links, label to token, and what is wrong with its client.yml.

    No links while anything is wrong: a link that two clients share belongs to neither.
    """
    source = read_client(workspace.root, client)
    written = parse_client_file(source, workspace.shared, workspace.root)
    path = f"{source.path}/client.yml"
    wrong = [problem for problem in source.problems if problem.is_error]
    problems = tuple(problem for problem in wrong if problem.path in {path, source.path})
    return (written.links if written and not problems else {}), problems
