"""Put a folder in the place of another in one step, and mend what a killed run left behind.

The new folder is built beside the old one under a hidden name. Linux exchanges both in one system
call; elsewhere the old one steps aside first, and the next start puts it back if nothing took its
place.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

from site_builder.errors import UnsafeTarget, raise_it

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

MARKER = ".site-builder"
MARKER_TEXT = "This folder is written by a program. Do not put files of your own here.\n"
PART_TEXT = "This folder is a part of a site: put all parts together with site-builder merge.\n"
STAGED = ".new-"
ASIDE = ".old-"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}
"""What the system, the file system or a container answers that knows no exchange in one step."""


def _exchange_at_once(one: Path, other: Path) -> bool:
    """Swap two folders in one step, and return True; False where the system cannot.

    Raises:
        OSError: if it can, and something else is wrong: stepping aside would only be a risk more.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    ways = os.fsencode(one), os.fsencode(other)
    if rename(_AT_FDCWD, ways[0], _AT_FDCWD, ways[1], _RENAME_EXCHANGE) == 0:
        return True
    if (code := ctypes.get_errno()) in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), os.fspath(other))


def _settle_at_once(folder: Path) -> bool:
    """Write all that waits for a folder's disk in one call, where the system can; tell whether.

    One by one, twenty small files take twenty times as long as that.
    """
    if not sys.platform.startswith("linux"):
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        return bool(ctypes.CDLL(None, use_errno=True).syncfs(handle) == 0)
    except (AttributeError, OSError):
        return False
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    """Ask the system to write a folder's files to the disk before the exchange."""
    if _settle_at_once(folder):
        return
    for parent, _, names in os.walk(folder, onerror=raise_it):
        for path in [os.path.join(parent, name) for name in names] + [parent]:  # noqa: PTH118 - plain strings are faster here
            settle_names(path)


def settle_names(path: str | os.PathLike[str]) -> None:
    """Ask the system to write a file, or the names in a folder, to the disk before what follows.

    So pages never reach the disk before what they need, should the power fail in between.
    """
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def exchanged(target: Path) -> Iterator[Path]:
    """Give a fresh folder to build in; it takes the place of `target` when the body succeeds.

    When the body fails, `target` stays as it was and the fresh folder is removed.
    """
    stage = target.with_name(f"{STAGED}{target.name}")
    aside = target.with_name(f"{ASIDE}{target.name}")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        yield stage
        _settle(stage)
        if not target.exists():
            stage.rename(target)
        elif not _exchange_at_once(stage, target):
            target.rename(aside)
            stage.rename(target)
    finally:
        if aside.exists() and not target.exists():
            aside.rename(target)  # nothing took its place
        shutil.rmtree(stage, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)


def remove(target: Path) -> None:
    """Take a folder away in one step: it is hidden first, then emptied."""
    aside = target.with_name(f"{STAGED}{target.name}")
    shutil.rmtree(aside, ignore_errors=True)
    target.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def recover(parent: Path) -> None:
    """Mend a folder of folders after a killed run: nothing hidden stays, nothing is missing."""
    if not parent.is_dir():
        return
    for entry in parent.iterdir():
        if entry.name.startswith(ASIDE):
            target = entry.with_name(entry.name.removeprefix(ASIDE))
            if target.exists():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.rename(target)
        elif entry.name.startswith(STAGED) and entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name.startswith(STAGED):
            entry.unlink()


def is_part(site: Path) -> bool:
    """Tell a part of a site from a whole one, and from what is not ours."""
    return _says(site, PART_TEXT)


def _says(site: Path, text: str) -> bool:
    marker = site / MARKER
    return marker.is_file() and marker.read_text("utf-8", errors="replace") == text


def refuse_foreign(site: Path, *, as_part: bool = False) -> None:
    """Look whether a folder is ours to write into, or empty, or not there.

    Raises:
        UnsafeTarget: if it holds anything and our marker is not there, or a part of a site where a
            whole one is wanted, or the other way round.
    """
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise UnsafeTarget(f"{site} is not a folder")
    # In this order: another build may begin just now, and its marker is its first file.
    if site.is_dir() and not is_empty(site) and not (site / MARKER).is_file():
        raise UnsafeTarget(f"{site} holds files that this program did not write")
    if as_part and _says(site, MARKER_TEXT):
        raise UnsafeTarget(f"{site} holds a whole site, and no part of one")
    if not as_part and is_part(site):
        raise UnsafeTarget(f"{site} holds only a part of a site")


def is_empty(site: Path) -> bool:
    """Tell whether a folder holds nothing, or nothing but our marker."""
    return all(entry.name == MARKER and entry.is_file() for entry in site.iterdir())


def claim(site: Path, *, as_part: bool = False) -> None:
    """Make sure that a folder is ours to write into, and there; `locked` marks it.

    Raises:
        UnsafeTarget: as `refuse_foreign` does.
    """
    refuse_foreign(site, as_part=as_part)
    site.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def locked(site: Path, *, as_part: bool = False) -> Iterator[bool]:
    """Let one at a time work on a site, and mark it; tell whether somebody had to be waited for.

    The system frees the lock of a killed process. The marker is written in place: another file of
    its name would be another lock.
    """
    has_waited, text = False, (PART_TEXT if as_part else MARKER_TEXT).encode()
    while True:
        with (site / MARKER).open("a+b") as marker:
            has_waited |= _lock(marker)
            # Who had the lock may have given the folder back, and its marker with it.
            if not _is_at(marker, site / MARKER):
                continue
            marker.seek(0)
            if marker.read() != text:
                marker.truncate(0)
                marker.write(text)
                marker.flush()
            yield has_waited
            return


def _lock(file: IO[bytes]) -> bool:
    """Lock a file for this process and those that it starts; tell whether it had to wait."""
    if os.name == "nt":  # pragma: no cover - tried by hand only
        import msvcrt

        has_waited = False
        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            except OSError:
                has_waited = True
                time.sleep(0.1)
            else:
                return has_waited
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
    return False


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that readers see whole, old or new; an unchanged one is not touched."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{STAGED}{path.name}")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
