"""What git remembers of the milestones: when they came, the first date, and when they were told.

It only makes findings; pages never depend on history.
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from site_builder import git
from site_builder.errors import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from site_builder.source.files import ClientSource

RULE = "silent-move"
_DAY = r"\d{4}-\d{2}-\d{2}"
_ADDED = re.compile(rf"^\+(due|done):\s*[\"']?({_DAY})\b", re.MULTILINE)
_MOVE = re.compile(rf"^([-+])(?!\s*#).*\bfrom[\"']?:\s*[\"']?{_DAY}\b.*", re.MULTILINE)
_FROM = re.compile(rf"\bfrom[\"']?:\s*[\"']?{_DAY}\b")
_COMMIT = "commit at "
_BLOCK = re.compile(rf"^(?={_COMMIT}|diff --git )", re.MULTILINE)
_PATH = re.compile(r"^(?:rename to |\+\+\+ b/)(.+?)\t?$", re.MULTILINE)
_BEFORE = re.compile(r"^rename from (.+)$", re.MULTILINE)
_NEW = re.compile(r"^new file mode ", re.MULTILINE)
_HIDDEN = re.compile(r"^\+draft:\s*true\b", re.MULTILINE)
_SHOWN = re.compile(r"^-draft:\s*true\b", re.MULTILINE)


class Added(NamedTuple):
    """When a step came to the road."""

    commit: int
    """Which commit it was of those that brought or changed milestones, from 1."""
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Memory:
    """What was committed of each milestone's file; paths are from the workspace."""

    dues: dict[str, str] = field(default_factory=dict)
    """What was promised: the `due` that came with the newest entry of `moved`, or the first one."""
    newest: dict[str, str] = field(default_factory=dict)
    """The `due` that was committed last."""
    moves: dict[str, int] = field(default_factory=dict)
    """How many entries `moved` has."""
    told: dict[str, datetime.date] = field(default_factory=dict)
    """The day on which a file that was there before said `done` for the first time."""
    added: dict[str, Added] = field(default_factory=dict)
    """When it came: a draft comes when it is none any more."""
    commits: int = 0
    """How many commits brought or changed milestones."""
    until: str = ""
    """The newest commit, and how its history was read; empty where there is none."""

    def add(self, path: str, change: str, now: Added) -> None:
        """Take what a change of one commit says about a file, unless it is known."""
        if before := _BEFORE.search(change):
            for known in (self.dues, self.newest, self.moves, self.told, self.added):
                _follow(known, before[1], path)
        if _HIDDEN.search(change):
            self.added.pop(path, None)
        elif _NEW.search(change) or _SHOWN.search(change):
            self.added[path] = now
        for key, day in _ADDED.findall(change):
            if key == "due":
                self.dues.setdefault(path, day)
                self.newest[path] = day
            elif not _NEW.search(change):
                self.told.setdefault(path, now.on)
        more = sum(
            len(_FROM.findall(line[0])) * (1 if line[1] == "+" else -1)
            for line in _MOVE.finditer(change)
        )
        if more:
            self.moves[path] = self.moves.get(path, 0) + more
            if path in self.newest:
                self.dues[path] = self.newest[path]


def _follow(known: dict[str, Any], before: str, path: str) -> None:
    if before in known:
        known.setdefault(path, known[before])


def _goes_on(root: Path, old: str, new: str) -> bool:
    """Tell whether one commit follows another in a single line, without a merge."""
    found = git.ask(root, "rev-list", "--reverse", "--parents", f"{old}..{new}")
    followed = [line.split()[1:] for line in found.output.splitlines()]
    return followed[:1] == [[old]] and all(len(parents) == 1 for parents in followed)


def recall(root: Path, timezone: str, known: Memory | None = None) -> Memory:
    """Ask git once for the history of all milestones, followed through renames.

    A file that begins with `done` tells no day: it may come from elsewhere, with all its history.
    Nothing is remembered where there is no history, or only a part of it. Of what was `known`
    before only what came since is read, where that gives the same.
    """
    state = git.ask(root, "rev-parse", "HEAD", "--is-shallow-repository", "--show-prefix")
    head, _, read_so = f"{state.output}{timezone}".partition("\n")
    if not state.is_ok or read_so.startswith("true"):
        return Memory()
    memory, commits = Memory(until=f"{head}\n{read_so}"), head
    if known and known.until == memory.until:
        return known
    if known and known.until.endswith(f"\n{read_so}"):
        old = known.until.partition("\n")[0]
        if _goes_on(root, old, head):
            memory = replace(
                known,
                dues={**known.dues},
                newest={**known.newest},
                moves={**known.moves},
                told={**known.told},
                added={**known.added},
                until=memory.until,
            )
            commits = f"{old}..{head}"
    log = git.ask(
        root, "log", "--reverse", "--relative", f"--format={_COMMIT}%ct", "--patch", "--unified=0",
        "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", commits, "--",
        "projects/*/*/milestones/*.md",
    )  # fmt: skip
    if not log.is_ok:
        return Memory()
    zone = zoneinfo.ZoneInfo(timezone)
    now = Added(memory.commits, datetime.date.min)
    for block in _BLOCK.split(log.output):
        if block.startswith(_COMMIT):
            seconds = int(block.removeprefix(_COMMIT))
            on = datetime.datetime.fromtimestamp(seconds, zone).date()
            now = Added(now.commit + 1, on)
        elif path := _PATH.search(block):
            memory.add(path[1], block, now)
    return replace(memory, commits=now.commit)


def silent_moves(source: ClientSource, memory: Memory) -> Iterator[Problem]:
    """Find dates that differ from the one promised although no move to them is written down.

    Promised is the first date; and where a move is written down, the date that came with it.
    """
    for project in source.projects:
        for file in project.milestones:
            tree = file.document.tree
            if not isinstance(tree, dict) or "skipped" in tree:
                continue
            moved, known = tree.get("moved"), memory.moves.get(file.path, 0)
            if "moved" in tree and not (isinstance(moved, list) and len(moved) <= known):
                continue  # it is being written down
            due, promised = tree.get("due"), memory.dues.get(file.path)
            is_date = isinstance(due, str) and re.fullmatch(_DAY, due.strip())
            if promised and is_date and due != promised:
                hint = f"add moved: with from: {promised}, on: the day it changed, and why"
                message = f"this date was {promised} at first, and no move is written down"
                if moved:
                    hint = f"add to moved: from: {promised}, on: the day it changed, and why"
                    message = f"the last move that is written down was to {promised}, not to this"
                yield file.document.problem(
                    ("due",), RULE, message, hint, severity=Severity.WARNING
                )
