"""What git remembers of the milestones: the date that was promised first.

It only makes findings; pages never depend on history.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from site_builder import git
from site_builder.errors import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from site_builder.source.files import ClientSource

RULE = "silent-move"
_DAY = r"\d{4}-\d{2}-\d{2}"
_DUE = re.compile(rf"\+due:\s*[\"']?({_DAY})\b")


def is_shallow(root: Path) -> bool:
    """Tell whether the clone has only the newest commits, so that first dates are unknown."""
    return git.ask(root, "rev-parse", "--is-shallow-repository").output.strip() == "true"


def first_dues(root: Path) -> dict[str, str]:
    """Return the first committed `due` of each milestone's file, followed through renames.

    Paths are from the workspace. Empty where there is no history, or only a part of it.
    """
    if is_shallow(root):
        return {}
    log = git.ask(
        root, "log", "--reverse", "--relative", "--format=", "--patch", "--unified=0", "--no-color",
        "--no-ext-diff", "--no-textconv", "--find-renames", "--", "projects/*/*/milestones/*.md",
    )  # fmt: skip
    found: dict[str, str] = {}
    path = before = ""
    for line in log.output.split("\n") if log.is_ok else ():
        if line.startswith("diff --git "):
            path = before = ""
        elif line.startswith("rename from "):
            before = line.removeprefix("rename from ")
        elif line.startswith("rename to "):
            path = line.removeprefix("rename to ")
            if before in found:
                found.setdefault(path, found[before])
        elif line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/").rstrip("\t")
        elif path and (match := _DUE.match(line)):
            found.setdefault(path, match[1])
    return found


def silent_moves(source: ClientSource, first: Mapping[str, str]) -> Iterator[Problem]:
    """Find dates that differ from the first one promised although no move is written down."""
    for project in source.projects:
        for file in project.milestones:
            tree = file.document.tree
            if not isinstance(tree, dict) or "moved" in tree or "skipped" in tree:
                continue
            due, promised = tree.get("due"), first.get(file.path)
            allowed = tree.get("allow", [])
            is_meant = isinstance(allowed, list) and any(
                isinstance(entry, dict) and entry.get("rule") == RULE for entry in allowed
            )
            is_date = isinstance(due, str) and re.fullmatch(_DAY, due.strip())
            if promised and is_date and due != promised and not is_meant:
                hint = f"add moved: with from: {promised}, on: the day it changed, and why"
                message = f"this date was {promised} at first, and no move is written down"
                yield file.document.problem(
                    ("due",), RULE, message, hint, severity=Severity.WARNING
                )
