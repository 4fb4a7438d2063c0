"""A client with all projects, and what the whole workspace shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import InvalidInput, Problem, Severity
from site_builder.language import load_language, own_words
from site_builder.model.changes import Announcement
from site_builder.model.fields import LANGUAGES, OFFERINGS
from site_builder.model.links import TOKEN_PATTERN, Protection
from site_builder.model.project import Client
from site_builder.model.written import AgencyFile, AnnouncementFile, ClientFile
from site_builder.parse.brand import brand_problems
from site_builder.parse.offerings import holiday_problems, parse_offering
from site_builder.parse.projects import ProjectParser, Surroundings
from site_builder.parse.validate import validated, validated_partly
from site_builder.source.files import SETTINGS_SCOPE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from site_builder.model.links import PrivateLink
    from site_builder.model.project import Offering
    from site_builder.source.document import Document
    from site_builder.source.files import ClientSource, WorkspaceSource
    from site_builder.source.texts import SourceFile


_COMMENT = re.compile(r"(^|\s)#.*", re.MULTILINE)
_TOKEN = re.compile(rf"(?<![a-z0-9]){TOKEN_PATTERN}(?![a-z0-9])")
_SEALED = re.compile(
    r"""(?:^|[{,]\s*)["']?protection["']?\s*:\s*["']?(?:sealed|passphrase)\b""", re.MULTILINE
)
_MAY_PROTECT = re.compile(
    r"""(?:^|[{,])[ \t]*["']?(?:(?:protection|prot\w*(?=["']?[ \t]*:[ \t]*["']?(?:sealed|passphrase)))["']?[ \t]*:?(.*)|pass[ _-]?phrase\b.*)$""",
    re.MULTILINE | re.IGNORECASE,
)
"""A line that asks for protection, perhaps not in words that are known."""
_IS_LINK = re.compile(r"""[ \t]*["']?link["']?[ \t\r]*(?:[,}#].*)?""")
_NAME = re.compile(r"^name:[ \t]+(.*?)(?:[ \t]#.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """What the workspace says for all clients."""

    settings: AgencyFile
    offerings: Mapping[str, Offering]
    broken_offerings: frozenset[str]
    """Ids of those whose files have mistakes; only their own pages wait for that to be mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A client, and what is worth saying although nothing is wrong."""

    client: Client
    warnings: tuple[Problem, ...]


def parse_agency(workspace: WorkspaceSource) -> tuple[Agency, tuple[Problem, ...]]:
    """Read the agency's settings and offerings; the second part stops no client.

    Raises:
        InvalidInput: with every problem, if one of them stops all clients.
    """
    of_offerings = [problem for problem in workspace.problems if _is_of_offering(problem)]
    problems = [problem for problem in workspace.problems if not _is_of_offering(problem)]
    document = workspace.settings
    settings = None
    if not document.is_broken:
        extra = document.tree.get("extra") if isinstance(document.tree, dict) else None
        if isinstance(extra, dict) and isinstance(extra.get("agency"), dict):
            settings = validated(AgencyFile, document, problems, SETTINGS_SCOPE)
            if settings:
                problems += brand_problems(settings, document, workspace.root)
                loc = (*SETTINGS_SCOPE, "language")
                problems += _language_problems(settings.language, document, loc, workspace.root)
                loc = (*SETTINGS_SCOPE, "holidays")
                problems += holiday_problems(settings.holidays, document, loc)
        elif not any(problem.is_error for problem in problems):
            problems.append(
                Problem(
                    path=document.path,
                    rule="missing-key",
                    message="the agency's settings are missing",
                    hint="add extra: with agency: and below it name: and contact:",
                )
            )
    read = [(file, parse_offering(file, of_offerings)) for file in workspace.offerings]
    wrong = {problem.path for problem in of_offerings if problem.is_error}
    offerings = {
        file.name: offering for file, offering in read if offering and file.path not in wrong
    }
    found = (*problems, *of_offerings)
    if settings is None or any(problem.is_error for problem in problems):
        raise InvalidInput(found)
    broken = frozenset(workspace.offering_ids) - offerings.keys()
    return Agency(settings=settings, offerings=offerings, broken_offerings=broken), found


def _is_of_offering(problem: Problem) -> bool:
    """Tell whether a problem is about the offerings' folder, or a file in it."""
    return f"{problem.path}/".startswith(f"projects/{OFFERINGS}/")


def _language_problems(
    code: str, document: Document, loc: tuple[str, ...], root: Path
) -> Iterator[Problem]:
    """Look for the words of a language: ours, the workspace's, or both."""
    if code not in LANGUAGES and not own_words(code, root).is_file():
        near = code.partition("-")[0]
        known = near if near in LANGUAGES else f"one of {', '.join(LANGUAGES)}"
        hint = (
            f"write {known}, or add the file {own_words(code, root).relative_to(root).as_posix()}"
        )
        yield document.problem(loc, "language", f"there are no words in '{code}'", hint)
        return
    try:
        yield from load_language(code, root).warnings
    except InvalidInput as error:
        yield from error.problems


def tokens_in(text: str) -> frozenset[str]:
    """Find all that looks like a private link in a client.yml, even in one that is not YAML.

    A link that was made a comment is revoked. Text that was saved as UTF-16 arrives with NULs.
    """
    return frozenset(_TOKEN.findall(_COMMENT.sub("", text.replace("\0", ""))))


def is_sealed_in(text: str) -> bool:
    """Tell whether a client.yml says that its pages are sealed, even one that is not YAML."""
    return bool(_SEALED.search(text))


def wanted_in(text: str) -> Protection:
    """Tell how a client.yml wants its pages to be protected, even one that is full of mistakes.

    Whatever is not exactly `link` may be meant to be more: it counts as `sealed`.
    """
    lines = list(_MAY_PROTECT.finditer(text.replace("\0", "")))
    if any(re.match(r"""[ \t]*["']?passphrase\b""", line[1] or "") for line in lines):
        return Protection.PASSPHRASE
    is_open = all(line[1] is not None and _IS_LINK.fullmatch(line[1]) for line in lines)
    return Protection.LINK if is_open else Protection.SEALED


def shared_tokens(settings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Find tokens that have more than one owner, from the text of each client.yml and offering.

    A copied folder must not show one client's page to another, nor the page of an offering.
    """
    owners: dict[str, list[str]] = {}
    for owner, text in settings.items():
        for token in tokens_in(text):
            owners.setdefault(token, []).append(owner)
    return {token: tuple(sorted(names)) for token, names in owners.items() if len(names) > 1}


def _name_in(text: str) -> str:
    """Find the name in a client.yml as far as it tells clients apart; empty where there is none."""
    said = _NAME.search(text)
    return " ".join(said[1].strip("\"' ").casefold().split()) if said else ""


def shared_names(settings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Find clients who have the same name, from the text of each client.yml.

    The audit looks for other clients' names in a client's pages: it cannot tell these apart.
    """
    owners: dict[str, list[str]] = {}
    for owner, text in settings.items():
        if name := _name_in(text):
            owners.setdefault(name, []).append(owner)
    same = [tuple(sorted(names)) for names in owners.values() if len(names) > 1]
    return {owner: names for names in same for owner in names}


def same_name_problems(
    source: ClientSource, namesakes: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """Find that a client has the name of another one, as `shared_names` found them."""
    others = [other for other in namesakes.get(source.id, ()) if other != source.id]
    if others and source.settings and not source.settings.document.is_broken:
        yield source.settings.document.problem(
            ("name",),
            "same-name",
            f"{', '.join(others)} has this name, too: no audit can tell whose texts stand there",
            "in a copied folder write this client's name, and go through all texts; two parts of"
            " one client say which, for example Larkfield Vets, Leeds",
            severity=Severity.WARNING,
        )


def _named(owner: str) -> str:
    """Name the owner of a link."""
    name = owner.removeprefix(f"{OFFERINGS}/")
    return owner if name == owner else f"the offering {name}"


def _link_problems(
    owner: str,
    links: Mapping[str, PrivateLink],
    document: Document,
    shared: Mapping[str, tuple[str, ...]],
) -> Iterator[Problem]:
    """Find links that somebody else has too, or that stand there twice."""
    seen: dict[str, str] = {}
    for label, link in links.items():
        token = link.token
        others = [other for other in shared.get(token, ()) if other != owner]
        if others:
            yield document.problem(
                ("links", label),
                "shared-link",
                f"this link belongs to {', '.join(map(_named, others))} too",
                f"if this is the copy, write `site-builder link rotate {owner} {label}`; the original"
                " keeps its link",
            )
        elif token in seen:
            yield document.problem(
                ("links", label),
                "shared-link",
                f"'{seen[token]}' has the same link",
                "each label needs a link of its own",
            )
        seen[token] = label


def _keyless(client: str, written: ClientFile, document: Document) -> Iterator[Problem]:
    """Find links that could not open what is sealed: they have no key."""
    if written.protection is not Protection.LINK:
        for label, link in written.links.items():
            if not link.key:
                yield document.problem(
                    ("links", label),
                    "link-without-key",
                    f"{written.protection} pages need a link with a key",
                    f"write `site-builder link protect {client} {written.protection}`: it gives"
                    " each link a key, and the addresses become new ones",
                )


def offering_link_problems(
    files: Iterable[SourceFile],
    offerings: Mapping[str, Offering],
    shared: Mapping[str, tuple[str, ...]],
) -> Iterator[Problem]:
    """Find links of offerings that somebody else has too; they open no page."""
    for file in files:
        if offering := offerings.get(file.name):
            owner, links = f"{OFFERINGS}/{file.name}", offering.written.links
            yield from _link_problems(owner, links, file.document, shared)


def parse_client_file(
    source: ClientSource, shared: Mapping[str, tuple[str, ...]], root: Path
) -> ClientFile | None:
    """Check client.yml alone: what is right of it, as far as its name and links are.

    What is wrong joins the source's problems.

    `shared` are the tokens that several clients have, as `shared_tokens` finds them; `root` is the
    workspace's folder, where words of its own may stand.
    """
    if source.settings is None or source.settings.document.is_broken:
        return None
    written, _ = validated_partly(ClientFile, source.settings.document, source.problems)
    if written:
        document = source.settings.document
        source.problems += _link_problems(source.id, written.links, document, shared)
        source.problems += _keyless(source.id, written, document)
        if written.language:
            found = [*_language_problems(written.language, document, ("language",), root)]
            source.problems += found
            if any(problem.is_error for problem in found):
                written = written.model_copy(update={"language": None})
    return written


def _announcements(source: ClientSource) -> tuple[Announcement, ...]:
    """Read the records of what was told, oldest first."""
    found = []
    for file in source.announced:
        written = validated(AnnouncementFile, file.document, source.problems)
        if written:
            record = Announcement(
                on=written.on, until=written.until, told=frozenset(written.told), path=file.path
            )
            found.append(record)
    return tuple(sorted(found, key=lambda record: (record.on, record.path)))


def _feed_problems(
    written: ClientFile, document: Document, settings: AgencyFile
) -> Iterator[Problem]:
    """A feed names whole addresses, and whoever has its own can read it."""
    if not written.feed:
        return
    if written.protection is not Protection.LINK:
        yield document.problem(
            ("feed",),
            "feed",
            "a feed can be read without what opens these pages",
            "remove the line, or protect the pages by their link alone",
        )
    elif settings.base_url is None:
        yield document.problem(
            ("feed",),
            "feed",
            "a feed must name the whole address of each page, and nobody said where the site is",
            "add base_url: to mkdocs.yml, for example base_url: https://progress.agency.example",
        )


def parse_client(
    source: ClientSource,
    written: ClientFile | None,
    agency: Agency,
    today: datetime.date,
    *,
    root: Path,
    drafts: bool = False,
    hidden: Collection[tuple[str, str]] = (),
) -> Parsed:
    """Check everything that one client's files say; `written` is what `parse_client_file` made.

    With `drafts`, steps that are not published yet are part of it, marked. Those that are `hidden`,
    by project and id, are no part of it, whatever their files say.

    Raises:
        InvalidInput: with every problem, warnings included, if there is an error.
    """
    language = load_language((written and written.language) or agency.settings.language, root)
    contact = (written and written.contact) or agency.settings.contact
    around = Surroundings(
        agency=agency.settings,
        offerings=agency.offerings,
        broken_offerings=agency.broken_offerings,
        contact=contact,
        language=language,
        today=today,
        drafts=drafts,
        hidden=hidden,
    )
    parsers = [ProjectParser(project, around, source.problems) for project in source.projects]
    projects = tuple(project for parser in parsers if (project := parser.parse()))
    announced = _announcements(source)
    if written and source.settings:
        found = _feed_problems(written, source.settings.document, agency.settings)
        source.problems += found
    if written is None or any(problem.is_error for problem in source.problems):
        raise InvalidInput(source.problems)
    client = Client(
        id=source.id,
        name=written.name,
        language=language.code,
        links=dict(written.links),
        protection=written.protection,
        contact=contact,
        ends=written.ends,
        pdf=agency.settings.pdf if written.pdf is None else written.pdf,
        has_feed=written.feed,
        projects=projects,
        agency=agency.settings,
        announced=announced,
    )
    return Parsed(client=client, warnings=tuple(source.problems))
