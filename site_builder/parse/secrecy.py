"""Which texts of a client its readers may get, and which stay with the team.

For the audit of what was built: it looks for the ones, and knows the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from site_builder.source.files import ClientSource
    from site_builder.source.texts import SourceFile

TEAM_ONLY = frozenset({"internal", "allow", "deviates"})
"""Keys whose texts no page shows."""
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class Secrecy:
    """All texts of one client, sorted by who may read them."""

    internal: list[tuple[str, str]] = field(default_factory=list)
    """A file from the workspace, and a note in it for the team."""
    drafts: list[tuple[str, str]] = field(default_factory=list)
    """A file, and a text of a step that is not published yet."""
    values: list[str] = field(default_factory=list)
    """What YAML says to readers: no Markdown, though it may look like it."""
    bodies: list[str] = field(default_factory=list)
    """What Markdown says to readers."""
    people: set[str] = field(default_factory=set)
    """Names of contacts and of the team."""
    addresses: set[str] = field(default_factory=set)
    """E-mail addresses of contacts, in small letters."""
    titles: set[str] = field(default_factory=set)
    """How the client's projects are called, and their ends."""


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for inner in tree.values():
            yield from _texts(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _texts(inner)


def _is_hidden(tree: Mapping[str, object], today: datetime.date) -> bool:
    day = tree.get("publish_on")
    is_ahead = isinstance(day, str) and day > today.isoformat()
    return tree.get("draft") == "true" or is_ahead


def _sort(tree: object, path: str, today: datetime.date, found: Secrecy, *, is_draft: bool) -> None:
    """Sort the texts below a piece of YAML."""
    if isinstance(tree, dict):
        is_draft = is_draft or _is_hidden(tree, today)
        for key, inner in tree.items():
            if key in TEAM_ONLY:
                found.internal += ((path, text) for text in _texts(inner))
            else:
                _sort(inner, path, today, found, is_draft=is_draft)
    elif isinstance(tree, list):
        for inner in tree:
            _sort(inner, path, today, found, is_draft=is_draft)
    elif isinstance(tree, str) and is_draft:
        found.drafts.append((path, tree))
    elif isinstance(tree, str):
        found.values.append(tree)


def _sort_file(file: SourceFile, today: datetime.date, found: Secrecy, *, is_step: bool) -> None:
    tree = file.document.tree
    is_draft = is_step and isinstance(tree, dict) and _is_hidden(tree, today)
    _sort(tree, file.path, today, found, is_draft=False)
    found.internal += ((file.path, text) for text in _COMMENT.findall(file.body))
    body = _COMMENT.sub("", file.body)
    if is_draft:
        found.drafts.append((file.path, body))
    else:
        found.bodies.append(body)


def _know_project(file: SourceFile, found: Secrecy) -> None:
    """Note who works on a project or for a client, and how it is called."""
    tree = file.document.tree
    if not isinstance(tree, dict):
        return
    found.titles.update(
        text for key in ("title", "finish") if isinstance(text := tree.get(key), str)
    )
    team = tree.get("team")
    for person in (tree.get("contact"), *(team if isinstance(team, list) else ())):
        if isinstance(person, dict):
            if isinstance(name := person.get("name"), str):
                found.people.add(name)
            if isinstance(address := person.get("email"), str):
                found.addresses.add(address.casefold())


def sort_texts(source: ClientSource, today: datetime.date) -> Secrecy:
    """Sort all texts of a client, also of one whose files have mistakes."""
    found = Secrecy()
    if source.settings:
        _sort_file(source.settings, today, found, is_step=False)
        _know_project(source.settings, found)
    for project in source.projects:
        if project.settings:
            _sort_file(project.settings, today, found, is_step=False)
            _know_project(project.settings, found)
        for step in project.milestones:
            _sort_file(step, today, found, is_step=True)
        for update in project.updates:
            _sort_file(update, today, found, is_step=False)
    return found


def name_in(text: str) -> str:
    """Find the client's name in a client.yml, even in one that is not YAML."""
    match = re.search(r"^name:[ \t]*(.*(?:\n[ \t]+\S.*)*)", text.replace("\0", ""), re.MULTILINE)
    if match is None:
        return ""
    said = re.sub(r"(^|\s)#.*", "", match[1], flags=re.MULTILINE)
    said = re.sub(r"\A[>|][+-]?", "", said)
    return " ".join(said.split()).strip("\"'")


def keys_in(text: str) -> frozenset[str]:
    """Find the keys of sealed pages in a client.yml, even in one that is not YAML."""
    return frozenset(re.findall(r"(?<=#)[a-z2-7]{52}(?![a-z0-9])", text.replace("\0", "")))


def is_blank(text: str) -> bool:
    """Tell whether a client.yml has no key at all: that is an accident, and takes no link back."""
    return not re.search(r"^\s*[\w\"']+\s*:", text.replace("\0", ""), flags=re.MULTILINE)
