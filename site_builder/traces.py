"""What stands at and below some paths: its content, and whether anybody has touched it since.

An unchanged folder costs a look at sizes and times, as git looks at its working tree; only where
these differ the content is read.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_BLOCK = 1 << 20
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_SECOND = 1_000_000_000
_BETWEEN = "//"
"""Stands between two ways, and in none."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What stood at and below some paths."""

    content: str
    """Digest of all names and contents."""
    stamps: str
    """Digest of all sizes and times; empty where the disk's clock is too coarse to tell."""
    ways: tuple[str, ...]
    """For each path the ways below it, as one text: there are thousands of clients."""


def traced(targets: Sequence[Path], known: Trace | None = None) -> Trace:
    """Trace what stands at and below some paths; `known` itself comes back while it holds.

    What stands nowhere has no content.

    Raises:
        OSError: if anything cannot be read.
    """
    roots = [os.fspath(target) for target in targets]
    if known and known.stamps and len(known.ways) == len(roots):
        looks = _looks(_paths(roots, known.ways))
        if _stamps(looks) == known.stamps:
            return known
    ways = tuple(_BETWEEN.join(_ways(root)) for root in roots)
    digest = hashlib.sha256()
    looks = []
    for root, below in zip(roots, ways, strict=True):
        paths = [*_paths([root], [below])]
        found = _looks(paths)
        looks += found
        start = len(os.path.dirname(root))  # noqa: PTH120
        for path, look in zip(paths, found, strict=True):
            if look:
                name, said = os.fsencode(path[start:]), _said(path, look.st_mode)
                digest.update(b"%d %d %b%b" % (len(name), len(said), name, said))
    return Trace(digest.hexdigest(), _stamps(looks), ways)


def folder_digest(folder: Path) -> str:
    """Digest the names and contents of everything below a folder.

    Raises:
        OSError: if anything cannot be read.
    """
    return traced([folder]).content


def files_below(folder: Path) -> Iterator[tuple[str, str]]:
    """List the files below a folder, sorted: the way of each, and its path.

    Raises:
        OSError: if a folder cannot be listed.
    """
    for way, entry in _below(os.fspath(folder)):
        if entry.is_file(follow_symlinks=False):
            yield way, entry.path


def content_of(path: str) -> bytes:
    """Digest a file.

    Raises:
        OSError: if it cannot be read.
    """
    digest = hashlib.sha256()
    handle = os.open(path, _READ)
    try:
        while block := os.read(handle, _BLOCK):
            digest.update(block)
    finally:
        os.close(handle)
    return digest.digest()


def _ways(root: str) -> Iterator[str]:
    """List the ways below a path; none where no folder stands."""
    (look,) = _looks([root])
    if look and stat.S_ISDIR(look.st_mode):
        yield from (way for way, _ in _below(root))


def _below(path: str, way: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """List what stands below a folder, sorted, each with its way."""
    with os.scandir(path) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        name = f"{way}{entry.name}"
        yield name, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, f"{name}/")


def _paths(roots: Sequence[str], ways: Sequence[str]) -> Iterator[str]:
    """List the paths, and those below them."""
    for root, below in zip(roots, ways, strict=True):
        yield root
        if below:
            for way in below.split(_BETWEEN):
                yield f"{root}/{way}"


def _looks(paths: Iterable[str]) -> list[os.stat_result | None]:
    """Look at each path; None where nothing stands."""
    found: list[os.stat_result | None] = []
    for path in paths:
        try:
            found.append(os.lstat(path))
        except (FileNotFoundError, NotADirectoryError):
            found.append(None)
    return found


def _stamps(looks: Iterable[os.stat_result | None]) -> str:
    """Digest sizes and times.

    Nothing, where a file's times are whole seconds: on such a disk a second write in the same
    second would not be seen.
    """
    told: list[int | None] = []
    for look in looks:
        if look is None:
            told.append(None)
            continue
        changed, written = look.st_ctime_ns, look.st_mtime_ns
        if max(changed, written) % _SECOND == 0:
            return ""
        told += (look.st_size, changed, written)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _said(path: str, mode: int) -> bytes:
    """Say what stands at a path: a file's digest, where a link leads, or nothing but its kind."""
    if stat.S_ISREG(mode):
        return content_of(path)
    is_link = stat.S_ISLNK(mode)
    return os.fsencode(os.readlink(path)) if is_link else b"%d" % stat.S_IFMT(mode)  # noqa: PTH115
