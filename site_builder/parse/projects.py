"""One project: its settings, its milestones in order, its updates."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from statistics import median_low
from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity, suggestion
from site_builder.model.fields import ID_PATTERN, MAX_ID, RESERVED_IDS, proper_id
from site_builder.model.project import Place, Project, Update
from site_builder.model.texts import WrittenText
from site_builder.model.written import ProjectFile
from site_builder.parse.files import FileShelf
from site_builder.parse.markdown import plain_text, with_open_comment, without_comments
from site_builder.parse.milestones import MilestoneParser
from site_builder.parse.offerings import deviation_problems, holiday_problems
from site_builder.parse.texts import PROJECT, texts_of_keys
from site_builder.parse.validate import unknown_rules, validated_partly

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from site_builder.language import Language
    from site_builder.model.parts import Contact
    from site_builder.model.project import Milestone, Offering
    from site_builder.model.written import AgencyFile
    from site_builder.source.document import Document
    from site_builder.source.files import ProjectSource
    from site_builder.source.texts import SourceFile


PLACED: frozenset[tuple[str, ...]] = frozenset({(), ("allow",), ("deviates",), ("needs",)})
"""Whose keys are remembered with their places: of the file itself, and of each entry of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a project takes from its client and the agency."""

    agency: AgencyFile
    offerings: Mapping[str, Offering]
    broken_offerings: frozenset[str]
    contact: Contact
    language: Language
    today: datetime.date
    drafts: bool
    """Steps that are not published yet are read too, marked: for previews only."""
    hidden: Collection[tuple[str, str]] = ()
    """Projects and steps of theirs that are left out, whatever their files say."""


@dataclass(slots=True)
class ProjectParser:
    """Reads one project; problems are collected in `problems`."""

    source: ProjectSource
    around: Surroundings
    problems: list[Problem]
    shelf: FileShelf = field(init=False)
    hidden: list[str] = field(default_factory=list)
    """Ids of the steps that are not built yet."""
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    texts: list[WrittenText] = field(default_factory=list)
    """The sentences of the updates."""
    served: set[str] = field(default_factory=set)
    """Ids of the outcomes that a step serves, built or not."""

    def __post_init__(self) -> None:
        """Begin with every step's file linkable; drafts drop out later."""
        steps = {self._from_project(file.path): file.name for file in self.source.milestones}
        self.shelf = FileShelf(files=self.source.files, steps=steps, refused=self.source.refused)

    def _from_project(self, path: str) -> str:
        return path.removeprefix(f"{self.source.path}/")

    def parse(self) -> Project | None:
        """Return the project, or None if its project.yml says too little."""
        settings = self.source.settings
        written, unfit = None, frozenset[str]()
        if settings and not settings.document.is_broken:
            written, unfit = validated_partly(ProjectFile, settings.document, self.problems)
        milestones = self._milestones(written)
        notes = tuple(note for file in self.source.updates if (note := self._update(file)))
        if written is None or settings is None:
            return None
        self._note_places(settings.document, (), "")
        self._check(written, milestones, settings.document, unfit)
        self.problems += unknown_rules(written.allow, settings.document, (), in_a_step=False)
        return Project(
            id=self.source.id,
            title=written.title,
            finish=written.finish,
            starts=written.starts,
            contact=written.contact or self.around.contact,
            team=written.team,
            updates=written.updates,
            next_update=written.next_update,
            outcomes=written.outcomes,
            is_ongoing=written.ongoing,
            pauses=written.pauses,
            rhythm=written.rhythm or self.around.agency.rhythm,
            scope=written.scope,
            milestones=milestones,
            notes=notes,
            files=self.shelf.used,
            step_links=self.shelf.steps,
            offering=written.offering or "",
            deviates=written.deviates,
            holidays=self.around.agency.holidays if written.holidays is None else written.holidays,
            hidden=self.hidden,
            served=self.served,
            allow=written.allow,
            spent=self._spend(written, settings.document.path),
            texts=(*texts_of_keys(settings.document, (), PROJECT), *self.texts),
            glossary=written.glossary,
            places=self.places,
        )

    def _spend(self, written: ProjectFile, path: str) -> list[str]:
        """Leave out the warnings about project.yml that are meant so, and name their rules."""
        allowed = {allowance.rule for allowance in written.allow}
        meant = [
            problem
            for problem in self.problems
            if problem.path == path and problem.rule in allowed and not problem.is_error
        ]
        self.problems[:] = [problem for problem in self.problems if problem not in meant]
        return [problem.rule for problem in meant]

    def _note_places(self, document: Document, scope: tuple[str | int, ...], step: str) -> None:
        """Remember where the keys of a step stand, or those of project.yml."""
        size = len(scope)
        self.places[step, ""] = Place(document.path, document.span(scope).line)
        for loc, span in document.values.items():
            if loc[:size] == scope and len(loc) > size and loc[size:-2] in PLACED:
                key = ".".join(map(str, loc[size:]))
                at = document.keys.get(loc, span) if key.startswith("outcomes.") else span
                self.places[step, key] = Place(document.path, at.line, at.column, at.width)

    def _warn(self, document: Document, rule: str, message: str, hint: str) -> None:
        self.problems.append(
            Problem(
                path=document.path,
                rule=rule,
                message=message,
                hint=hint,
                severity=Severity.WARNING,
            )
        )

    def _check(
        self,
        written: ProjectFile,
        milestones: Sequence[Milestone],
        document: Document,
        unfit: frozenset[str],
    ) -> None:
        offerings = self.around.offerings
        known = {*offerings, *self.around.broken_offerings}
        if written.offering and written.offering not in known:
            message = f"there is no offering '{written.offering}'"
            self.problems.append(
                document.problem(
                    ("offering",),
                    "unknown-offering",
                    message,
                    suggestion(written.offering, known),
                )
            )
        self.problems += holiday_problems(written.holidays or (), document, ("holidays",))
        steps = {step for step, _ in self.places if step}
        self.problems += deviation_problems(written, document, offerings, steps)
        if (
            not written.updates
            and not written.next_update
            and not unfit & {"updates", "next_update"}
            and any(milestone.is_open for milestone in milestones)
        ):
            self._warn(
                document,
                "no-next-update",
                "the page cannot say when the client hears again",
                "add updates: {every: week, on: Friday}",
            )
        counted = [milestone for milestone in milestones if not milestone.skipped]
        without = [milestone.id for milestone in counted if milestone.weight is None]
        if without and len(without) < len(counted) and not written.ongoing:
            message = (
                f"some steps have a weight and {len(without)} {'has' if len(without) == 1 else 'have'}"
                " none, so no percentage is shown"
            )
            more = " and others" if len(without) > 3 else ""  # noqa: PLR2004 - enough to begin with
            usual = median_low(each.weight for each in counted if each.weight is not None)
            hint = f"add weight: to {', '.join(without[:3])}{more}; the usual one here is {usual}"
            self._warn(document, "partial-weights", message, hint)

    def _parsers(self) -> list[MilestoneParser]:
        """Make a parser for each milestone, from the folder or from the list in project.yml."""
        settings = self.source.settings
        tree = settings.document.tree if settings and not settings.document.is_broken else None
        outcomes = None
        if isinstance(tree, dict):
            listed = tree.get("outcomes", {})
            outcomes = tuple(listed) if isinstance(listed, dict) else None

        def parser(
            document: Document, scope: tuple[str | int, ...], body: str, line: int, name: str
        ) -> MilestoneParser:
            return MilestoneParser(
                document,
                scope,
                body,
                line,
                name,
                self.around.today,
                self.around.language,
                outcomes,
                self.shelf,
            )

        parsers = [
            parser(file.document, (), file.body, file.body_line, file.name)
            for file in self.source.milestones
        ]
        entries = tree.get("milestones") if isinstance(tree, dict) else None
        if settings and isinstance(entries, list):
            document = settings.document
            if parsers:
                message = "milestones stand here and in the folder milestones/ too"
                self.problems.append(
                    document.problem(
                        ("milestones",), "two-places", message, "keep one of the two", key=True
                    )
                )
            else:
                parsers = [
                    parser(document, ("milestones", index), "", 1, "")
                    for index in range(len(entries))
                ]
        return parsers

    def _milestones(self, project: ProjectFile | None) -> tuple[Milestone, ...]:
        """Read all milestones; those that are not built yet are checked and left out."""
        road: list[tuple[MilestoneParser, Milestone | None]] = []
        owners: dict[str, MilestoneParser] = {}
        for parser in self._parsers():
            used = dict(self.shelf.used)
            milestone = None if parser.document.is_broken else parser.parse()
            name = self._from_project(parser.document.path)
            if milestone is None:
                road.append((parser, None))
            else:
                self._check_id(parser, milestone.id, owners)
                self._note_places(parser.document, parser.scope, milestone.id)
                if not milestone.skipped:
                    self.served.update(milestone.outcomes)
                is_hidden = (self.source.id, milestone.id) in self.around.hidden
                if is_hidden or (milestone.is_hidden and not self.around.drafts):
                    self.hidden.append(milestone.id)
                    self.shelf.steps.pop(name, None)
                    self.shelf.used = used  # what only a draft shows is not published either
                else:
                    road.append((parser, milestone))
                    if name in self.shelf.steps:
                        self.shelf.steps[name] = milestone.id
            if not parser.scope:
                self.problems[:] = filter(parser.stands, self.problems)
            self.problems.extend(parser.take_problems())
        counted = [
            (parser, milestone)
            for parser, milestone in road
            if milestone is None or not milestone.skipped
        ]
        if counted and project and not project.ongoing:
            parser, last = counted[-1]
            if last and not last.is_draft:
                parser.require_next(last)
                self.problems.extend(parser.take_problems())
        return tuple(milestone for _, milestone in road if milestone)

    def _check_id(
        self, parser: MilestoneParser, identifier: str, owners: dict[str, MilestoneParser]
    ) -> None:
        loc = (*parser.scope, "id")
        problem = None
        if not identifier:
            problem = parser.document.problem(
                parser.scope,
                "missing-key",
                "'id' is missing",
                "add id: a short name for the address, for example page-texts",
            )
        elif identifier in owners:
            message = f"'{identifier}' is the id of another milestone too, in {owners[identifier].document.path}"
            problem = parser.document.problem(
                loc, "duplicate-id", message, "give one of them another id"
            )
        elif identifier in RESERVED_IDS:
            problem = parser.document.problem(
                loc,
                "id",
                f"'{identifier}' is reserved for pages of ours",
                f"rename the file, or add id: {identifier}-step",
            )
        elif not re.fullmatch(ID_PATTERN, identifier):
            proper = proper_id(identifier) or "step"
            problem = parser.document.problem(
                loc,
                "id",
                f"'{identifier}' cannot stand in the address of a page",
                f"use lower-case letters a to z, digits and single -, at most {MAX_ID}: rename the file, or add id: {proper}",
            )
        if problem and loc not in parser.document.keys and not parser.scope:
            problem = replace(problem, line=1, column=1, width=0)
        if problem:
            self.problems.append(problem)
        owners.setdefault(identifier, parser)

    def _update(self, file: SourceFile) -> Update | None:
        """Read a note between milestones: its first line is the sentence."""

        def complain(rule: str, message: str, hint: str, *, width: int = 0, line: int = 1) -> None:
            self.problems.append(
                Problem(
                    path=file.path, line=line, width=width, rule=rule, message=message, hint=hint
                )
            )

        try:
            on = datetime.date.fromisoformat(file.name)
        except ValueError:
            complain(
                "date",
                f"'{file.name}' in the file's name is not a date",
                "rename it, for example to 2026-03-02-texts-ready.md",
            )
            return None
        lines = without_comments(with_open_comment(file.body)).split("\n")
        first = next((number for number, line in enumerate(lines) if line.strip()), None)
        if first is None:
            complain(
                "empty-update", "this update says nothing", "write one sentence in the first line"
            )
            return None
        if lines[first].strip() == "---":
            complain(
                "front-matter",
                "an update has no keys at the top",
                "remove the lines between --- and ---; the date stands in the file's name",
                line=first + 1,
                width=3,
            )
            return None
        used = dict(self.shelf.used)
        self.shelf.check_markdown(file.path, file.body, 1, self.problems)
        if on > self.around.today:
            self.shelf.used = used  # nor is what a note of a day to come shows
        column = len(lines[first]) - len(lines[first].lstrip())
        told = "\n".join(lines[first:])[column:].rstrip()
        self.texts.append(
            WrittenText(
                place="update", text=told, path=file.path, line=first + 1, column=column + 1
            )
        )
        return Update(
            on=on, sentence=plain_text(lines[first]), text="\n".join(lines[first + 1 :]).strip()
        )
