"""A site onto a server, through the system's own rsync: only what changed, in a safe order.

rsync compares by content, and puts each file in its place whole. One run for each group of files
keeps the order, so a plain host is enough: no shell, no link that is exchanged, no second copy. How
to reach it, the user's own settings for ssh say.
"""

from __future__ import annotations

import itertools
import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from site_builder import programs
from site_builder.errors import NotPublished, without_links
from site_builder.publish import folder
from site_builder.publish.exchange import MARKER
from site_builder.publish.order import Count, in_steps
from site_builder.publish.plan import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from site_builder.publish.order import Progress
    from site_builder.publish.plan import Files, Rules

NEEDED = (3, 1)
"""From this version on rsync deletes what a list names."""
INSTALL = "install it with your system's package manager, as rsync (on macOS: brew install rsync)"
SILENCE = 300
"""Seconds without a byte after which rsync gives up."""
PATIENCE = 6 * 3600
"""Seconds that one run may take."""
FILES = ("--files-from=-", "--from0", "--ignore-times", f"--timeout={SILENCE}")
_NOT_THERE = re.compile(r"\(2\)\s*$", re.MULTILINE)
"""The system's number for "No such file or directory", whatever language it speaks."""
_LISTED = re.compile(r"\S{10}\S*\s+[\d,.]+ \d{4}/\d\d/\d\d \d\d:\d\d:\d\d (.+)")
_ITEM = re.compile(r"(\*deleting  |[<>ch.][fd].{9}) (.+)")
_ESCAPED = re.compile(r"\\#([0-7]{3})")


def _rsync(*words: str, given: Iterable[str] = ()) -> programs.Answer:
    return programs.run(["rsync", *words], given="\0".join(given), patience=PATIENCE)


def _refuse_old() -> None:
    """Refuse where there is no rsync, or one that cannot do the work.

    Raises:
        NotPublished: with words of how to get it.
    """
    said = programs.run(["rsync", "--version"])
    if not said.is_ok:
        raise NotPublished(f"publishing to a server needs rsync, which is not here: {INSTALL}")
    found = re.search(r"rsync\s+version\s+v?(\d+)\.(\d+)", said.output)
    if not found or (int(found[1]), int(found[2])) < NEEDED:
        raise NotPublished(
            f"the rsync of this machine is another one, or too old; 3.1 or newer is needed: {INSTALL}"
        )


def _failed(target: str, answer: programs.Answer) -> NotPublished:
    said = without_links(" ".join(answer.complaint.split())).rstrip(".")
    where = programs.without_user(target)
    return NotPublished(f"'{where}' did not take the pages. rsync says: {said or 'nothing'}")


def _is_new(target: str) -> bool:
    """Look at the top of the target: whether there is nothing yet.

    Raises:
        NotPublished: if it holds files and not our mark, or cannot be read.
    """
    listed = _rsync("--list-only", f"--timeout={SILENCE}", "--", target)
    if not listed.is_ok:
        if _NOT_THERE.search(listed.complaint):
            return True
        raise _failed(target, listed)
    names = {found[1] for line in listed.output.splitlines() if (found := _LISTED.match(line))}
    names.discard(".")
    if names and MARKER not in names:
        raise NotPublished(
            f"'{programs.without_user(target)}' holds files that this program did not write; choose an"
            " empty folder"
        )
    return not names


def _compare(site: Path, target: str) -> Iterator[tuple[str, str]]:
    """Let rsync compare by content: each way with what rsync would do, and nothing is done."""
    compared = _rsync(
        "--recursive", "--checksum", "--delete", "--dry-run", "-ii", "--8-bit-output",
        "--out-format=%i %n", f"--timeout={SILENCE}", "--", f"{site}/", target,
    )  # fmt: skip
    if not compared.is_ok:
        raise _failed(target, compared)
    for line in compared.output.split("\n"):
        if found := _ITEM.fullmatch(line):
            yield _ESCAPED.sub(lambda code: chr(int(code[1], 8)), found[2]), found[1]


def _read(site: Path, target: str, wanted: Files) -> tuple[Files, set[str]]:
    """Tell which files are there, with our digest where they are like ours, and foreign folders."""
    files, folders = {}, set()
    for way, what in _compare(site, target):
        is_foreign = what.startswith("*")
        if way.endswith("/"):
            folders |= {way.rstrip("/")} if is_foreign else set()
        elif is_foreign:
            files[way] = "not in the site"
        elif "+" not in what and way in wanted:
            files[way] = wanted[way] if what.startswith(".") else "different"
    return files, folders


def _left_over(files: Files, wanted: Files) -> set[str]:
    """Find what a killed rsync left beside a file that belongs to no client: `.404.html.x7Yz3A`."""
    return {
        way
        for way in files.keys() - wanted.keys()
        if (found := re.fullmatch(r"((?:.*/)?)\.([^/]+)\.\w{6}", way))
        and found[1] + found[2] in wanted
    }


def _emptied(folders: Iterable[str], gone: set[str], stays: Iterable[str]) -> list[str]:
    """Find the folders in which nothing stays, the outermost of each, but for those at the top."""

    def above(ways: Iterable[str]) -> set[str]:
        return {str(parent) for way in ways for parent in PurePosixPath(way).parents}

    empty = (above(gone) | set(folders)) - above(stays)
    inner = {each for each in empty if "/" in each}
    return sorted(each for each in inner if str(PurePosixPath(each).parent) not in inner)


def publish(site: Path, target: str, rules: Rules, progress: Progress, *, is_trial: bool) -> Plan:
    """Make a folder of a server like the site; a trial writes nothing.

    Raises:
        NotPublished: if it would take away what people still read, the folder holds files of
            others, or rsync or the server says no.
        PartlyPublished: if one of them says no on the way.
    """
    _refuse_old()
    target = target.rstrip("/") + "/"
    is_new = _is_new(target)
    wanted = folder.read(site)
    there, folders = ({}, set[str]()) if is_new else _read(site, target, wanted)
    there.pop(MARKER, None)
    planned = plan(wanted, there, rules)
    steps = in_steps(planned, wanted, there)
    if is_trial:
        return planned
    gone = set(itertools.chain(*steps.deletions)) | _left_over(there, wanted)
    written = set(itertools.chain(*steps.puts))
    empty = _emptied(folders, gone, (there.keys() | written) - gone)
    puts = [*([(MARKER,)] if is_new else []), *steps.puts]
    deletions = [*steps.deletions, sorted(gone - set(itertools.chain(*steps.deletions))), empty]
    count = Count(steps, progress)
    with count.kept():
        for group in puts:
            words = ("--chmod=ugo=rwX", "--", f"{site}/", target)
            _needed(target, _rsync(*FILES, *words, given=group))
            count.add(len(group))
        for ways in filter(None, deletions):
            _delete(target, ways)
            count.add(len(ways))
    return planned


def _delete(target: str, ways: Iterable[str]) -> None:
    """Delete files and folders: those that a folder without them lacks."""
    with tempfile.TemporaryDirectory() as nothing:
        for folder_of in {PurePosixPath(way).parent for way in ways}:
            Path(nothing, folder_of).mkdir(parents=True, exist_ok=True)
        words = ("--delete-missing-args", "--force", "--", f"{nothing}/", target)
        _needed(target, _rsync(*FILES, *words, given=ways))


def _needed(target: str, answer: programs.Answer) -> None:
    """Go on only where rsync did all of it.

    Raises:
        NotPublished: with the words of rsync.
    """
    if not answer.is_ok:
        raise _failed(target, answer)
