"""List the folders of a workspace safely: no links, no clashes, nothing that systems leave."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity, visible
from site_builder.model.characters import hidden_in_name
from site_builder.model.fields import ID_PATTERN, MAX_ID, RESERVED_IDS, proper_id
from site_builder.source.texts import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SYSTEM_FILES = re.compile(
    r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|\.gitkeep|.*~|.*\.(bak|tmp|swp|swo|orig)|#.*#|\.#.*",
    re.IGNORECASE,
)


def is_system_file(name: str) -> bool:
    """Tell what only a system or an editor leaves behind."""
    return _SYSTEM_FILES.fullmatch(name) is not None


def symlink_problem(root: Path, path: Path) -> Problem:
    """Refuse a symbolic link: it may lead out of the client's folder."""
    return Problem(
        path=shown_path(root, path),
        rule="symlink",
        message="this is a symbolic link",
        hint="put the file or the folder itself here",
    )


def listed(root: Path, folder: Path, problems: list[Problem]) -> list[Path]:
    """List a folder by name, or say why it cannot be read."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        for entry in entries[:1]:
            entry.lstat()  # a folder can show its names and still be closed
    except OSError as error:
        problems.append(
            Problem(
                path=shown_path(root, folder),
                rule="unreadable",
                message=f"this folder cannot be read: {error.strerror}",
                hint="check its permissions",
            )
        )
        return []
    return entries


def entries(
    root: Path, folder: Path, problems: list[Problem], refused: list[str] | None = None
) -> Iterator[Path]:
    """List a folder without what systems leave there; links and names that clash are problems.

    The names of those join `refused`.
    """
    seen: dict[str, str] = {}
    for path in listed(root, folder, problems):
        if is_system_file(path.name):
            continue
        folded = path.name.casefold()
        problem = None
        if path.is_symlink():
            problem = symlink_problem(root, path)
        elif hidden_in_name(path.name):
            problem = Problem(
                path=shown_path(root, path),
                rule="invisible-character",
                message=f"the name '{visible(path.name)}' holds a character that nobody sees",
                hint="rename it: delete the name, and type it anew",
            )
        elif folded in seen:
            problem = Problem(
                path=shown_path(root, path),
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


def note_unknown(root: Path, path: Path, problems: list[Problem], hint: str) -> None:
    """Warn of a file or folder that has no place where it stands."""
    what = "folder" if path.is_dir() else "file"
    problems.append(
        Problem(
            path=shown_path(root, path),
            rule="unknown-file",
            message=f"this {what} has no place here; it is ignored",
            hint=hint,
            severity=Severity.WARNING,
        )
    )


def has_proper_id(
    root: Path, path: Path, problems: list[Problem], what: str, ending: str = ""
) -> bool:
    """Tell whether a name can be an id; if it cannot, that is a problem."""
    name = path.name.removesuffix(ending)
    if name in RESERVED_IDS:
        problems.append(
            Problem(
                path=shown_path(root, path),
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
            path=shown_path(root, path),
            rule="id",
            message=f"'{visible(name)}' cannot be the name of {what}",
            hint=f"rename it to {proper}{ending}: only {allowed}"
            if proper
            else f"use only {allowed}",
        )
    )
    return False


def stands_in(folder: Path, name: str) -> bool:
    """Tell whether a file is there, or there is a problem with it already."""
    path = folder / name
    try:
        return path.is_file() or path.is_symlink()
    except OSError:
        return True
