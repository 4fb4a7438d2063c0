"""A client with all projects, and what the whole workspace shares."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import InvalidInput, Problem, Severity, suggestion
from site_builder.language import load_language
from site_builder.model.fields import TOKEN_PATTERN
from site_builder.model.project import Client, Project, Update
from site_builder.model.written import AgencyFile, ClientFile, OfferingFile, ProjectFile
from site_builder.parse.files import FileShelf
from site_builder.parse.markdown import plain_text, without_comments
from site_builder.parse.milestones import MilestoneParser
from site_builder.parse.validate import validated
from site_builder.source.files import SETTINGS_SCOPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from site_builder.language import Language
    from site_builder.model.project import Milestone
    from site_builder.source.document import Document
    from site_builder.source.files import ClientSource, ProjectSource, SourceFile, WorkspaceSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """What the workspace says for all clients."""

    settings: AgencyFile
    offerings: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A client, and what is worth saying although nothing is wrong."""

    client: Client
    warnings: tuple[Problem, ...]


def parse_agency(workspace: WorkspaceSource) -> tuple[Agency, tuple[Problem, ...]]:
    """Read the agency's settings and offerings; the second part are warnings.

    Raises:
        InvalidInput: with every problem of mkdocs.yml and the offerings.
    """
    problems = list(workspace.problems)
    document = workspace.settings
    settings = None
    if not document.is_broken:
        extra = document.tree.get("extra") if isinstance(document.tree, dict) else None
        if isinstance(extra, dict) and isinstance(extra.get("agency"), dict):
            settings = validated(AgencyFile, document, problems, SETTINGS_SCOPE)
        elif not any(problem.is_error for problem in problems):
            problems.append(document.problem(("extra",), "missing-key", "the agency's settings are missing", "add extra: with agency: and below it name: and contact:"))
    for file in workspace.offerings:
        if not file.document.is_broken:
            validated(OfferingFile, file.document, problems)
    if settings is None or any(problem.is_error for problem in problems):
        raise InvalidInput(problems)
    offerings = frozenset(file.name for file in workspace.offerings)
    return Agency(settings=settings, offerings=offerings), tuple(problems)


def tokens_in(text: str) -> frozenset[str]:
    """Find everything in a client.yml that looks like one of our private links, even where it is not valid YAML."""
    return frozenset(re.findall(rf"(?<![a-z0-9]){TOKEN_PATTERN}(?![a-z0-9])", text))


def shared_tokens(settings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Find tokens that more than one client has: from the text of each client.yml to the clients' ids.

    A copied folder must not show one client's page to another.
    """
    owners: dict[str, list[str]] = {}
    for client, text in settings.items():
        for token in tokens_in(text):
            owners.setdefault(token, []).append(client)
    return {token: tuple(sorted(clients)) for token, clients in owners.items() if len(clients) > 1}


def _check_links(source: ClientSource, document: Document, written: ClientFile, shared: Mapping[str, tuple[str, ...]]) -> None:
    seen: dict[str, str] = {}
    for label, token in written.links.items():
        others = [client for client in shared.get(token, ()) if client != source.id]
        if others:
            message = f"this link belongs to {', '.join(others)} too"
            source.problems.append(document.problem(("links", label), "shared-link", message, "a copied client.yml needs a link of its own: delete this line, then make a new link"))
        elif token in seen:
            source.problems.append(document.problem(("links", label), "shared-link", f"'{seen[token]}' has the same link", "each label needs a link of its own"))
        seen[token] = label


class _ProjectParser:
    """Reads one project of a client."""

    def __init__(self, source: ProjectSource, agency: Agency, language: Language, today: datetime.date, problems: list[Problem]) -> None:
        self.source = source
        self.agency = agency
        self.language = language
        self.today = today
        self.problems = problems
        steps = {file.path.removeprefix(source.path + "/"): file.name for file in source.milestones}
        self.shelf = FileShelf(files=source.files, steps=steps)

    def parse(self) -> tuple[ProjectFile, Project] | None:
        settings = self.source.settings
        written = None
        if settings and not settings.document.is_broken:
            written = validated(ProjectFile, settings.document, self.problems)
            self._check(written, settings.document)
        milestones = self._milestones(written)
        notes = tuple(note for file in self.source.updates if (note := self._update(file)))
        if written is None or settings is None:
            return None
        self._check_weights(written, milestones, settings.document)
        if not written.updates and not written.next_update and any(milestone.is_open for milestone in milestones):
            self.problems.append(settings.document.problem((), "no-next-update", "the page cannot say when the client hears again", "add updates: {every: week, on: Friday}", severity=Severity.WARNING))
        project = Project(
            id=self.source.id,
            title=written.title,
            finish=written.finish,
            starts=written.starts,
            contact=written.contact or self.agency.settings.contact,
            team=written.team,
            updates=written.updates,
            next_update=written.next_update,
            outcomes=written.outcomes,
            is_ongoing=written.ongoing,
            pauses=written.pauses,
            scope=written.scope,
            milestones=milestones,
            notes=notes,
            files=self.shelf.used,
            step_links=self.shelf.steps,
        )
        return written, project

    def _check(self, written: ProjectFile | None, document: Document) -> None:
        tree = document.tree
        if isinstance(tree, dict) and "milestones" in tree and self.source.milestones:
            self.problems.append(document.problem(("milestones",), "two-places", "milestones stand here and in the folder milestones/ too", "keep one of the two", key=True))
        if written is None:
            return
        if written.offering and written.offering not in self.agency.offerings:
            self.problems.append(document.problem(("offering",), "unknown-offering", f"there is no offering '{written.offering}'", suggestion(written.offering, self.agency.offerings)))

    def _parsers(self) -> list[tuple[MilestoneParser, str]]:
        settings = self.source.settings
        outcomes = None
        if settings and isinstance(settings.document.tree, dict) and not settings.document.is_broken:
            listed = settings.document.tree.get("outcomes", {})
            outcomes = tuple(listed) if isinstance(listed, dict) else None
        parsers = []
        for file in self.source.milestones:
            parsers.append((MilestoneParser(file.document, (), file.body, file.body_line, file.name, self.today, self.language, outcomes, self.shelf), file.name))
        tree = settings.document.tree if settings else {}
        entries = tree.get("milestones", []) if isinstance(tree, dict) else []
        if settings and isinstance(entries, list) and not self.source.milestones:
            for index, entry in enumerate(entries):
                if isinstance(entry, dict):
                    name = str(entry.get("id", ""))
                    parsers.append((MilestoneParser(settings.document, ("milestones", index), "", 1, name, self.today, self.language, outcomes, self.shelf), name))
        return parsers

    def _milestones(self, project: ProjectFile | None) -> tuple[Milestone, ...]:
        kept: list[tuple[MilestoneParser, Milestone]] = []
        places: dict[str, MilestoneParser] = {}
        for parser, _ in self._parsers():
            found = None if parser.document.is_broken else parser.parse()
            if found:
                written, milestone = found
                self._check_id(parser, milestone.id, places)
                if parser.document.path.endswith(".md"):
                    name = parser.document.path.removeprefix(self.source.path + "/")
                    self.shelf.steps[name] = milestone.id
                is_built = not written.draft and not (written.publish_on and written.publish_on > self.today)
                if is_built:
                    kept.append((parser, milestone))
                else:
                    self.shelf.steps.pop(parser.document.path.removeprefix(self.source.path + "/"), None)
            self.problems.extend(parser.problems)
            parser.problems = []
        if kept and not (project and project.ongoing):
            parser, last = kept[-1]
            parser.require_next(last)
            self.problems.extend(parser.problems)
        return tuple(milestone for _, milestone in kept)

    def _check_id(self, parser: MilestoneParser, identifier: str, places: dict[str, MilestoneParser]) -> None:
        loc = (*parser.scope, "id")
        if not identifier:
            self.problems.append(parser.document.problem(parser.scope, "missing-key", "'id' is missing", "add id: a short name for the address, for example page-texts"))
        elif identifier in places:
            other = places[identifier].document
            self.problems.append(parser.document.problem(loc, "duplicate-id", f"'{identifier}' is the id of another milestone too, in {other.path}", "give one of them another id"))
        elif not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier) or identifier in {"files", "assets", "changes", "scope", "start"}:
            proper = re.sub(r"[^a-z0-9]+", "-", identifier.casefold()).strip("-")
            self.problems.append(parser.document.problem(loc, "id", f"'{identifier}' cannot be an id", f"rename the file, or add id: {proper}-step" if proper == identifier else f"rename the file, or add id: {proper}"))
        places.setdefault(identifier, parser)

    def _check_weights(self, written: ProjectFile, milestones: tuple[Milestone, ...], document: Document) -> None:
        counted = [milestone for milestone in milestones if not milestone.skipped]
        without = [milestone for milestone in counted if milestone.weight is None]
        if without and len(without) < len(counted) and not written.ongoing:
            names = ", ".join(milestone.id for milestone in without[:3])
            self.problems.append(document.problem((), "partial-weights", f"some steps have a weight and {len(without)} have none, so no percentage is shown", f"add weight: to {names}", severity=Severity.WARNING))

    def _update(self, file: SourceFile) -> Update | None:
        try:
            on = datetime.date.fromisoformat(file.name)
        except ValueError:
            self.problems.append(Problem(path=file.path, rule="date", message=f"'{file.name}' in the file's name is not a date", hint="rename it YYYY-MM-DD-slug.md"))
            return None
        lines = without_comments(file.body).split("\n")
        first = next((number for number, line in enumerate(lines) if line.strip()), None)
        if first is None:
            self.problems.append(Problem(path=file.path, rule="empty-update", message="this update says nothing", hint="write one sentence in the first line"))
            return None
        if lines[first].strip() == "---":
            self.problems.append(Problem(path=file.path, line=first + 1, rule="front-matter", message="an update has no keys at the top", hint="remove the lines between --- and ---; the date stands in the file's name"))
            return None
        self.shelf.check_markdown(file.path, file.body, 1, self.problems)
        return Update(on=on, sentence=plain_text(lines[first]), text="\n".join(lines[first + 1 :]).strip())


def parse_client(source: ClientSource, agency: Agency, today: datetime.date, shared: Mapping[str, tuple[str, ...]]) -> Parsed:
    """Check everything that one client's files say.

    Raises:
        InvalidInput: with every problem, warnings included, if there is an error.
    """
    written = None
    if source.settings and not source.settings.document.is_broken:
        written = validated(ClientFile, source.settings.document, source.problems)
        if written:
            _check_links(source, source.settings.document, written, shared)
    language = load_language((written and written.language) or agency.settings.language)
    projects = []
    for project_source in source.projects:
        found = _ProjectParser(project_source, agency, language, today, source.problems).parse()
        if found:
            projects.append(found)
    if written is None or any(problem.is_error for problem in source.problems):
        raise InvalidInput(source.problems)
    contact = written.contact or agency.settings.contact
    client = Client(
        id=source.id,
        name=written.name,
        language=language.code,
        links=dict(written.links),
        contact=contact,
        ends=written.ends,
        projects=tuple(_with_contact(file, project, contact) for file, project in projects),
        agency=agency.settings,
    )
    return Parsed(client=client, warnings=tuple(source.problems))


def _with_contact(written: ProjectFile, project: Project, contact: object) -> Project:
    """Let the client's contact answer for projects that name none."""
    from dataclasses import replace

    return project if written.contact else replace(project, contact=contact)  # type: ignore[arg-type]
