"""A client's files as they were at a commit, read in the same way as today's.

The workspace stays as it is: git writes the old files into a temporary folder. The agency's
settings and offerings are today's; the day is that of the commit, so that what was hidden then is
hidden here.
"""

from __future__ import annotations

import contextlib
import datetime
import tempfile
import zipfile
import zoneinfo
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import git
from site_builder.errors import NotAnnounced
from site_builder.language.catalogue import THEIRS
from site_builder.workspace import ReadOptions, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.workspace import ClientReading, Workspace

SHALLOW = (
    "this clone holds only a part of the history; bring the rest with `git fetch --unshallow`"
    " (in CI: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab, clone: depth: full on Bitbucket)"
)
TRIES = 50
"""Older commits that are read in search of one in which a client was whole."""
SHORT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A client as it was at a commit."""

    commit: str
    on: datetime.date
    """The day of the commit, where the agency is."""
    reading: ClientReading | None
    """None where the client was not there yet."""
    instead_of: str = ""
    """The commit that was asked for, where the client's files had mistakes in it."""


def head(root: Path) -> str:
    """Return the newest commit; empty where there is no git, or nothing committed."""
    return git.ask(root, "rev-parse", "--verify", "--quiet", "HEAD").output.strip()


def is_shallow(root: Path) -> bool:
    """Tell whether only a part of the history is here."""
    return git.ask(root, "rev-parse", "--is-shallow-repository").output.strip() == "true"


def lack(root: Path) -> str:
    """Say why git does not tell all that was, and what to do; empty where it does."""
    return SHALLOW if is_shallow(root) else git.refusal(root)


def find_commit(root: Path, name: str) -> str:
    """Return the whole name of a commit that is here; empty if it is not."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return git.ask(root, *words).output.strip()


def _at_end_of(root: Path, on: datetime.date, timezone: str) -> str:
    """Return the last commit before the end of a day, where the agency is; empty if none."""
    morning = datetime.datetime.combine(
        on + datetime.timedelta(days=1), datetime.time(), zoneinfo.ZoneInfo(timezone)
    )
    before = f"--before=@{int(morning.timestamp()) - 1}"
    return git.ask(root, "rev-list", "-1", before, "HEAD").output.strip()


def day_named(name: str) -> datetime.date | None:
    """Read a day; None if it is the name of a commit."""
    try:
        return datetime.date.fromisoformat(name)
    except ValueError:
        return None


def resolve(root: Path, name: str, timezone: str) -> str:
    """Return the commit that is meant: by its name, or the last one of a day, YYYY-MM-DD.

    Nothing, where the whole history is here and younger than that day.

    Raises:
        NotAnnounced: if it is not known which one is meant.
    """
    on = day_named(name)
    found = _at_end_of(root, on, timezone) if on else find_commit(root, name)
    if found or (on and not lack(root)):
        return found
    what = (
        f"there is no commit up to {name}"
        if on
        else f"{name} is neither a date (YYYY-MM-DD) nor a commit"
    )
    why = lack(root)
    raise NotAnnounced(f"{what} here: {why}" if why else f"{what} here")


def _day_of(root: Path, commit: str, timezone: str) -> datetime.date:
    seconds = git.ask(root, "log", "-1", "--format=%ct", commit).output.strip()
    return datetime.datetime.fromtimestamp(int(seconds), zoneinfo.ZoneInfo(timezone)).date()


def _is_as_now(root: Path, folder: str, commit: str) -> bool:
    """Tell whether the files of a folder are today what they were."""
    others = git.ask(root, "ls-files", "--others", "--", folder)
    same = git.ask(root, "diff", "--quiet", commit, "--", folder)
    return same.is_ok and others.is_ok and not others.output


def _unpack(root: Path, commit: str, folder: str, target: Path) -> bool:
    """Write the files of a folder, and the agency's own words, as they were; False: none there."""
    listed = git.ask(root, "ls-tree", "--name-only", commit, "--", folder, THEIRS)
    there = listed.output.splitlines()
    if folder not in there:
        return False
    packed = target / "then.zip"
    words = ("archive", "--format=zip", f"--output={packed}", commit, "--", *there)
    done = git.ask(root, *words)
    if not done.is_ok:
        raise NotAnnounced(f"git cannot read {commit[:SHORT]}: {done.complaint}")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(target)
    return True


def _older(root: Path, commit: str, folder: str) -> Iterator[str]:
    """List the commits before that changed a folder, newest first."""
    words = ("rev-list", f"--max-count={TRIES}", commit, "--", folder)
    for found in git.ask(root, *words).output.split():
        if found != commit:
            yield found


@contextlib.contextmanager
def as_it_was(
    workspace: Workspace, commit: str, client: str, called: str = ""
) -> Iterator[Workspace | None]:
    """Let a client's files lie in a temporary folder as they were; None: they were not there.

    `called` is the name of its folder at that commit, where it was another one.

    Raises:
        NotAnnounced: if git cannot say how they were.
    """
    folder = f"projects/{client}"
    with tempfile.TemporaryDirectory(prefix="site-builder-") as place:
        root = Path(place)
        before = f"projects/{called or client}"
        is_there = _unpack(workspace.root, commit, before, root)
        if is_there and before != folder:
            (root / before).rename(root / folder)
        yield replace(workspace, root=root) if is_there else None


def _read_at(workspace: Workspace, client: str, commit: str, today: datetime.date) -> Past:
    timezone = workspace.agency.settings.timezone
    on = _day_of(workspace.root, commit, timezone)
    options = ReadOptions(today=min(on, today))
    folder = f"projects/{client}"
    if _is_as_now(workspace.root, folder, commit):
        reading: ClientReading | None = read(workspace, client, options)
        return Past(commit=commit, on=on, reading=reading)
    with as_it_was(workspace, commit, client) as then:
        reading = read(then, client, options) if then else None
    return Past(commit=commit, on=on, reading=reading)


def read_past(workspace: Workspace, client: str, commit: str, today: datetime.date) -> Past:
    """Read a client as it was at a commit; if it had mistakes, at the newest before without any.

    Raises:
        NotAnnounced: if there is none in which the client was whole.
    """
    past = _read_at(workspace, client, commit, today)
    if past.reading is None or past.reading.client:
        return past
    for older in _older(workspace.root, commit, f"projects/{client}"):
        whole = _read_at(workspace, client, older, today)
        if whole.reading is None or whole.reading.client:
            return replace(whole, instead_of=commit)
    why = lack(workspace.root) or "name another with --since"
    raise NotAnnounced(
        f"the files of {client} had mistakes at {commit[:SHORT]}, and in every commit before: {why}"
    )
