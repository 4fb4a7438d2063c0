"""The way of a changed link: read the file, edit, read it again as it would be, write.

Nothing is written unless the file is free of mistakes then, but for those of other links: a new
link may mend a damaged one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.edits.links import LinkFile
from site_builder.errors import InvalidInput, NotWritten, suggestion
from site_builder.parse.clients import offering_link_problems, parse_client_file, shared_tokens
from site_builder.parse.offerings import parse_offering
from site_builder.scaffold.disk import write_changed
from site_builder.source.files import put_text, read_client
from site_builder.source.texts import parsed_file, read_yaml_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from site_builder.errors import Problem
    from site_builder.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is wrong with a file of links, and whether it is YAML at all."""

    problems: tuple[Problem, ...]
    is_whole: bool


def _look(workspace: Workspace, owner: str, text: str | None = None) -> Found:
    """Look at the file of an owner, as it is or with a text in its place."""
    path = workspace.link_files[owner]
    shared: Mapping[str, tuple[str, ...]] = workspace.shared
    if text is not None:
        shared = shared_tokens({**workspace.settings, owner: text})
    problems: list[Problem] = []
    if owner in workspace.offerings:
        name = owner.rpartition("/")[2]
        file = (
            read_yaml_file(workspace.root, workspace.root / path, problems, name)
            if text is None
            else parsed_file(text, path, problems, name)
        )
        offering = parse_offering(file, problems) if file else None
        if file and offering:
            problems += offering_link_problems([file], {name: offering}, shared)
        document = file.document if file else None
    else:
        source = read_client(workspace.root, owner)
        if text is not None:
            put_text(source, path, text)
        parse_client_file(source, shared, workspace.root)
        document = source.settings.document if source.settings else None
        about = {path} if document else {path, source.path}
        problems = [problem for problem in source.problems if problem.path in about]
    return Found(
        problems=tuple(problem for problem in problems if problem.is_error),
        is_whole=document is not None
        and not document.is_broken
        and isinstance(document.tree, dict)
        and isinstance(document.tree.get("links") or {}, dict),
    )


def find_links(workspace: Workspace, owner: str) -> LinkFile:
    """Find the file with the links of a client or an offering.

    Raises:
        NotWritten: if there is none of the name.
        InvalidInput: with its mistakes, if they are in the way.
    """
    if owner not in workspace.link_files:
        word, known = "client", workspace.clients
        if owner.startswith("_"):
            word, known = "offering", workspace.offerings
        raise NotWritten(f"there is no {word} '{owner}'; {suggestion(owner, known)}")
    found = _look(workspace, owner)
    if not found.is_whole:
        raise InvalidInput(found.problems)
    path = workspace.link_files[owner]
    return LinkFile(
        owner=owner,
        path=path,
        typed=(workspace.root / path).read_bytes().decode(),
        is_offering=owner in workspace.offerings,
    )


def _is_about_a_link(problem: Problem) -> bool:
    return problem.rule in {"shared-link", "link-token"}


def write_links(workspace: Workspace, file: LinkFile, text: str) -> tuple[Problem, ...]:
    """Write a changed file of links; return what is still wrong with other links in it.

    A copied folder has several links that are not its own: they are made anew one by one.

    Raises:
        InvalidInput: with all other mistakes that would be in it; nothing is written then.
    """
    before = {problem.message for problem in _look(workspace, file.owner).problems}
    found = _look(workspace, file.owner, text.removeprefix("\ufeff")).problems
    if any(not _is_about_a_link(problem) or problem.message not in before for problem in found):
        raise InvalidInput(found)
    write_changed(workspace.root, file.path, text)
    return found
