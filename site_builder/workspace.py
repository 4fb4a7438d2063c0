"""The agency's folder: what all clients share, and the way from one client's files to roadmaps.

`check` ends here; `build` goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import paper
from site_builder.errors import InvalidInput, Problem, Severity, as_errors, sorted_problems
from site_builder.history import Memory, silent_moves
from site_builder.model.changes import Change, ChangeKind, told_days
from site_builder.model.fields import OFFERINGS
from site_builder.model.links import Protection
from site_builder.parse.clients import (
    Agency,
    is_sealed_in,
    offering_link_problems,
    parse_agency,
    parse_client,
    parse_client_file,
    same_name_problems,
    shared_names,
    shared_tokens,
    tokens_in,
)
from site_builder.parse.offerings import parse_offering
from site_builder.parse.secrecy import Secrecy, is_blank, keys_in, sort_texts
from site_builder.roadmap import draw
from site_builder.seal import strength
from site_builder.source.files import SETTINGS_SCOPE, put_text, read_client, read_workspace
from site_builder.source.texts import read_as_it_is, read_yaml_file

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.model.links import Passphrase, PrivateLink
    from site_builder.model.project import Client, Offering, Project
    from site_builder.model.roadmap import Roadmap
    from site_builder.model.written import ClientFile, OfferingFile
    from site_builder.source.document import Document
    from site_builder.source.files import ClientSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The agency's folder, as far as all clients share it."""

    root: Path
    agency: Agency
    clients: tuple[str, ...]
    offerings: tuple[str, ...]
    """The way of each offering below projects/, `_offerings/website`, also where it is broken."""
    link_files: Mapping[str, str]
    """The files that hold private links, by client or way: each client.yml and each offering."""
    settings: Mapping[str, str]
    """The texts of those that can be read."""
    shared: Mapping[str, tuple[str, ...]]
    """Tokens that several clients or offerings have."""
    namesakes: Mapping[str, tuple[str, ...]]
    """Clients whose name others have, too, with all of that name."""
    warnings: tuple[Problem, ...]
    """What stops no client: warnings, and mistakes in offerings."""
    theme_folders: tuple[Path, ...]

    @property
    def prospects(self) -> tuple[str, ...]:
        """The offerings that have a page of their own: those with a private link."""
        return tuple(way for way in self.offerings if tokens_in(self.settings.get(way, "")))

    @property
    def sealed(self) -> tuple[str, ...]:
        """The clients whose pages are, or may be, sealed: each needs the script that opens them.

        Where the word for it is mistyped or lost, the key of a link tells.
        """
        return tuple(
            owner
            for owner, text in self.settings.items()
            if owner in self.clients and (is_sealed_in(text) or keys_in(text))
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """The files with links that cannot be read, or hold nothing: whose pages go is unknown."""
        return tuple(
            path
            for owner, path in self.link_files.items()
            if is_blank(self.settings.get(owner, ""))
        )

    def offering_at(self, way: str) -> OfferingFile | None:
        """Return the offering at a way of `offerings`; None where it is broken."""
        offering = self.agency.offerings.get(way.removeprefix(f"{OFFERINGS}/"))
        return offering.written if offering else None


def own_theme() -> Path:
    """Find the program's own theme: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    return package / "theme" if (package / "theme").is_dir() else package.parent / "theme"


def theme_folders(root: Path) -> tuple[Path, ...]:
    """List where the files of the look are: the agency's own theme first, where it has one."""
    changed, ours = root / "theme", own_theme()
    return (changed, ours) if changed.is_dir() and not changed.samefile(ours) else (ours,)


def open_workspace(settings_file: Path, *, may_be_empty: bool = False) -> Workspace:
    """Read what all clients share; `may_be_empty`: that there is no client yet is no problem.

    Raises:
        FileNotFoundError: if there is no settings file.
        InvalidInput: if the agency's settings or the folder of clients have problems.
    """
    source = read_workspace(settings_file)
    if may_be_empty and not source.clients:
        source.problems = [problem for problem in source.problems if problem.path != "projects"]
    agency, warnings = parse_agency(source)
    if agency.settings.pdf:
        warnings = (*warnings, *_no_pdf(source.settings, (*SETTINGS_SCOPE, "pdf")))
    offerings = [f"{OFFERINGS}/{name}" for name in source.offering_ids]
    files = {client: f"projects/{client}/client.yml" for client in source.clients}
    files |= {way: f"projects/{way}.yml" for way in offerings}
    texts = {
        owner: text
        for owner, path in files.items()
        if (text := read_as_it_is(source.root / path)) is not None
    }
    shared = shared_tokens(texts)
    warnings = (
        *warnings,
        *offering_link_problems(source.offerings, agency.offerings, shared),
    )
    return Workspace(
        root=source.root,
        agency=agency,
        clients=tuple(source.clients),
        offerings=tuple(offerings),
        link_files=files,
        settings=texts,
        shared=shared,
        namesakes=shared_names(
            {client: texts[client] for client in source.clients if client in texts}
        ),
        warnings=warnings,
        theme_folders=theme_folders(source.root),
    )


def _no_pdf(document: Document, loc: tuple[str, ...]) -> Iterator[Problem]:
    """Say why this machine makes no PDF files, if it does not."""
    if lack := paper.missing():
        message = f"no PDF file is made: {lack}"
        yield document.problem(loc, "no-pdf", message, paper.INSTALL, severity=Severity.WARNING)


def _passphrase_problems(
    workspace: Workspace,
    source: ClientSource,
    document: Document,
    written: ClientFile,
    words: Passphrase | None,
) -> Iterator[Problem]:
    """Refuse to build pages that need words, without any or with some that are guessed soon."""
    client = source.id
    how = f"`site-builder link passphrase {client}` makes six words and keeps them"
    if written.protection is not Protection.PASSPHRASE:
        return
    if words is None:
        message = "the passphrase of this client is not known here"
        hint = f"{how}; to bring words that exist already, see the handbook, Seal a page"
        yield document.problem(("protection",), "no-passphrase", message, hint)
    elif strength.bits(words.words, _known_texts(workspace, source, written)) < strength.LEAST_BITS:
        message = "the passphrase of this client is too easy to guess"
        yield document.problem(("protection",), "weak-passphrase", message, how)


def _known_texts(workspace: Workspace, source: ClientSource, written: ClientFile) -> Iterator[str]:
    """List the names that come to mind first when somebody guesses this client's passphrase."""
    agency = workspace.agency.settings
    yield from (written.name, source.id, agency.name, agency.contact.name)
    if written.contact:
        yield written.contact.name
    for project in source.projects:
        yield project.id
        tree = project.settings.document.tree if project.settings else None
        if isinstance(tree, dict) and isinstance(title := tree.get("title"), str):
            yield title


def read_offering(path: Path) -> Offering:
    """Read an offering that stands outside of a workspace.

    Raises:
        InvalidInput: if it has problems.
    """
    problems: list[Problem] = []
    file = read_yaml_file(path.parent, path, problems, path.stem)
    offering = parse_offering(file, problems) if file else None
    if offering is None or problems:
        raise InvalidInput(problems)
    return offering


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How the files of clients are looked at."""

    today: datetime.date
    strict: bool = False
    """Warnings stop a client, too."""
    review: bool = True
    """The words and the movement are judged, too, and not only what a page needs."""
    drafts: bool = False
    """Drafts and steps of a day to come are shown, marked: for previews only."""
    hidden: frozenset[tuple[str, str]] = frozenset()
    """Projects and steps of theirs that are left out, whatever their files say."""
    machine: tuple[str, ...] = ()
    """Folders of this computer, such as the home folder: no page may name one."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Texts of files as they would be, by their way from the workspace: to look before writing."""
    passphrases: Mapping[str, Passphrase] | None = None
    """The words of the clients whose pages are sealed with some; None: nothing is sealed now."""

    def passphrase_of(self, client: Client) -> Passphrase | None:
        """Return the words that a client's pages are sealed with; None where the key is enough.

        Raises:
            KeyError: if there must be words, and there are none.
        """
        if client.protection is not Protection.PASSPHRASE:
            return None
        return (self.passphrases or {})[client.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientReading:
    """One client after reading: complete, or with problems that stop it."""

    written: ClientFile | None
    client: Client | None
    roadmaps: tuple[Roadmap, ...]
    problems: tuple[Problem, ...]
    allowed: int = 0
    """How many findings are meant so, and left out."""
    secrecy: Secrecy = field(default_factory=Secrecy)
    """Which of its texts the client's readers may get."""


def read(
    workspace: Workspace,
    client: str,
    options: ReadOptions,
    memory: Memory | None = None,
) -> ClientReading:
    """Read, check and draw one client: every problem at once.

    `memory` is what git saw: moves that nobody wrote down, and news that came late, are findings.
    """
    memory = memory or Memory()
    source = read_client(workspace.root, client)
    for path, text in options.instead.items():
        put_text(source, path, text)
    source.problems.extend(silent_moves(source, memory))
    source.problems.extend(same_name_problems(source, workspace.namesakes))
    written = parse_client_file(source, workspace.shared, workspace.root)
    if source.settings and written and options.passphrases is not None:
        words = options.passphrases.get(client)
        document = source.settings.document
        source.problems.extend(_passphrase_problems(workspace, source, document, written, words))
    if source.settings and written and written.pdf:
        source.problems.extend(_no_pdf(source.settings.document, ("pdf",)))
    roadmaps: tuple[Roadmap, ...] = ()
    parsed, allowed = None, 0
    findings: tuple[Problem, ...] = ()
    try:
        parsed = parse_client(
            source,
            written,
            workspace.agency,
            options.today,
            root=workspace.root,
            drafts=options.drafts,
            hidden=options.hidden,
        )
        roadmaps = tuple(draw(project, options.today) for project in parsed.client.projects)
        problems = parsed.warnings
        if options.review:
            findings, allowed = _reviewed(workspace, parsed.client, roadmaps, memory)
    except InvalidInput as error:
        problems = error.problems
    problems = (*(replace(problem, client=client) for problem in problems), *findings)
    problems = sorted_problems(as_errors(problems) if options.strict else problems)
    stopped = any(problem.is_error for problem in problems)
    return ClientReading(
        written=written,
        client=None if stopped or parsed is None else parsed.client,
        roadmaps=roadmaps,
        problems=problems,
        allowed=allowed,
        secrecy=sort_texts(source, options.today),
    )


def _reviewed(
    workspace: Workspace, client: Client, roadmaps: Sequence[Roadmap], memory: Memory
) -> tuple[tuple[Problem, ...], int]:
    """Judge how a client's projects are told; return what is found, and how much is meant so."""
    from site_builder.review import review, unjudged
    from site_builder.review.conformance import conformance

    reviews = [
        review(roadmap, _told(client, roadmap.project, memory), client, memory.added)
        for roadmap in roadmaps
    ]
    same_language = client.language == workspace.agency.settings.language
    problems = [finding for each in reviews for finding in each.problems]
    for project in client.projects:
        if offering := workspace.agency.offerings.get(project.offering):
            problems += conformance(project, offering, same_language=same_language)
    found = (replace(problem, client=client.id) for problem in problems)
    # That a language has no lists of words is said once for all clients.
    return (*found, *unjudged(client.language, "mkdocs.yml")), sum(each.allowed for each in reviews)


def _told(client: Client, project: Project, memory: Memory) -> Mapping[str, datetime.date]:
    """Say when the client heard of each finished step, by its id.

    Where news are announced, the announcements say it; else the commit that said `done`.
    """
    days = told_days(client.announced)
    found = {}
    for step in project.milestones:
        if client.announced:
            key = Change(
                project=project.id, kind=ChangeKind.FINISHED, on=step.done, milestone=step
            ).key
            on = days.get(key)
        else:
            on = memory.told.get(project.place(step.id, "done").path)
        if on:
            found[step.id] = on
    return found


def read_links(
    workspace: Workspace, client: str
) -> tuple[Mapping[str, PrivateLink], tuple[Problem, ...]]:
    """Return a client's private links by label, and what is wrong with its client.yml.

    No links while anything is wrong: a link that two clients share belongs to neither.
    """
    source = read_client(workspace.root, client)
    written = parse_client_file(source, workspace.shared, workspace.root)
    path = f"{source.path}/client.yml"
    wrong = [problem for problem in source.problems if problem.is_error]
    problems = tuple(problem for problem in wrong if problem.path in {path, source.path})
    return (written.links if written and not problems else {}), problems


def read_offering_links(
    workspace: Workspace, way: str
) -> tuple[Mapping[str, PrivateLink], tuple[Problem, ...]]:
    """Return an offering's private links by label, and what is wrong with its file."""
    path = workspace.link_files[way]
    problems = tuple(found for found in workspace.warnings if found.path == path and found.is_error)
    offering = workspace.offering_at(way)
    return (offering.links if offering and not problems else {}), problems
