"""Write new files: all or none of a client's, and never over one that is there."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

from site_builder.errors import NotWritten
from site_builder.scaffold.order import with_new_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from site_builder.scaffold.order import Place


def _put(path: Path, data: bytes) -> None:
    """Write a file whole: it appears in one step, with the permissions of the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}~")
    try:
        unfinished.write_bytes(data)
        if path.exists():
            shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _refuse_obstacles(root: Path, paths: Iterable[str]) -> None:
    """Find files that stand where a folder is needed."""
    for path in paths:
        for folder in (root / path).parents:
            if os.path.lexists(folder) and not folder.is_dir():
                raise NotWritten(f"{folder} is no folder and stands in the way of {path}; move it")
            if folder == root:
                break


def write_missing(root: Path, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Write the files that are not there yet; return which were made and which were kept.

    Raises:
        NotWritten: before anything is written, if something stands in the way.
    """
    _refuse_obstacles(root, files)
    kept = [path for path in files if os.path.lexists(root / path)]
    made = [path for path in files if path not in kept]
    for path in made:
        _put(root / path, files[path].encode())
    return made, kept


def write_new(root: Path, files: Mapping[str, str]) -> None:
    """Write files none of which may be there yet.

    Raises:
        NotWritten: before anything is written, if one is, or something stands in the way.
    """
    _refuse_obstacles(root, files)
    for path in files:
        if os.path.lexists(root / path):
            raise NotWritten(f"{path} is there already; nothing was written")
    for path, text in files.items():
        _put(root / path, text.encode())


def write_changed(root: Path, path: str, text: str) -> None:
    """Write a file in place of the one that is there, or a new one."""
    _put(root / path, text.encode())


def milestone_names(project: Path) -> list[str]:
    """List the names in a project's folder of milestones.

    Raises:
        NotWritten: if the project keeps its milestones in project.yml.
    """
    settings = (project / "project.yml").read_bytes()
    if re.search(rb"^[\"']?milestones[\"']?\s*:", settings, re.MULTILINE):
        raise NotWritten(
            "this project's milestones stand in its project.yml; add the new one there"
        )
    folder = project / "milestones"
    return [path.name for path in folder.glob("*.md") if path.is_file()]


def insert_milestone(root: Path, project: str, place: Place, text: str) -> str:
    """Write a milestone at its place; return its path.

    Those behind it get their new numbers first, the last one first, so that at each moment every
    number stands once; the links of the project's texts follow.

    Raises:
        NotWritten: before anything is changed, if a name is taken.
    """
    folder = root / project / "milestones"
    path = f"{project}/milestones/{place.name}"
    for name in (place.name, *place.renames.values()):
        if name not in place.renames and os.path.lexists(folder / name):
            raise NotWritten(f"{project}/milestones/{name} stands in the way; nothing was changed")
    _refuse_obstacles(root, [path])
    for old, new in place.renames.items():
        (folder / old).rename(folder / new)
    if place.renames:
        updates = (root / project / "updates").glob("*.md")
        for file in (root / project / "project.yml", *folder.glob("*.md"), *updates):
            before = file.read_bytes()
            after = with_new_names(before, place.renames)
            if after != before:
                _put(file, after)
    _put(root / path, text.encode())
    return path


def write_again(root: Path, files: Mapping[str, str], mark: str) -> None:
    """Write files, also over earlier ones of ours: they bear the mark.

    Raises:
        NotWritten: before anything is written, if another file is in the way.
    """
    _refuse_obstacles(root, files)
    for path in files:
        there = root / path
        if os.path.lexists(there) and not (there.is_file() and mark.encode() in there.read_bytes()):
            raise NotWritten(f"{there} is not one of our files; move it, or choose another folder")
    for path, text in files.items():
        _put(root / path, text.encode())
