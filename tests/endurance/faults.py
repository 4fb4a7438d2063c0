"""Let each call of the file system fail in turn, or die there: a sick disk, a power cut.

Counted is every call about the site's folder, reading ones too, also those inside of `shutil` and
MkDocs: the functions of `os` are replaced, and so are `open` and what it returns.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import signal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from site_builder.publish import exchange
from tests.endurance.states import (
    SAID,
    WORKS,
    check_whole,
    harm,
    in_child,
    make_states,
    rerun,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.endurance.states import State, Work

READS = ("stat", "lstat", "scandir", "listdir", "readlink")
WRITES = ("mkdir", "rename", "replace", "write", "sendfile", "truncate", "fsync")
REMOVES = ("unlink", "remove", "rmdir")
MOST = 20_000
"""More calls than these are no exchange of three clients."""
ALL_CALLS = 99
"""How a run ends that met all its calls before the fault."""
PLAIN_ENDS = {0, 1, 3}
"""How a run may end: well, with words, or with words and some clients kept."""
_OPEN, _OPEN_FILE = os.open, io.open


class Fault(StrEnum):
    """What happens at a call."""

    KILLED = "killed"
    """The process is no more."""
    SICK = "sick"
    """This one call fails."""
    DENIED = "denied"
    """The same, for want of a permission."""
    FULL = "full"
    """From here on nothing more can be written, but files can be removed."""
    READ_ONLY = "read-only"
    """From here on nothing more can be changed."""


_CODES = {
    Fault.SICK: errno.EIO,
    Fault.DENIED: errno.EACCES,
    Fault.FULL: errno.ENOSPC,
    Fault.READ_ONLY: errno.EROFS,
}


class Disk:
    """Counts the calls about a folder; at one of them the fault happens."""

    def __init__(self, folder: Path, fault: Fault, at: int) -> None:
        self.site = folder
        self._inside = os.fspath(folder)
        self.fault = fault
        self.left = at
        self.hit = folder.with_name("hit.txt")
        self._readlink = os.readlink

    def _is_inside(self, place: object) -> bool:
        if isinstance(place, int):
            try:
                place = self._readlink(f"/proc/self/fd/{place}")
            except OSError:
                return False
        return isinstance(place, str | os.PathLike) and os.fspath(place).startswith(self._inside)

    def meet(self, name: str, *places: object) -> None:
        """Take note of a call; fail where the fault is."""
        if not any(map(self._is_inside, places)):
            return
        self.left -= 1
        if self.fault in {Fault.KILLED, Fault.SICK, Fault.DENIED}:
            hits = self.left == 0
        else:
            changes = WRITES if self.fault is Fault.FULL else WRITES + REMOVES
            hits = self.left <= 0 and name in changes
        if hits:
            self.hit.write_text(f"{self.fault} at {name} {places[0]}")
        if hits and self.fault is Fault.KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        if hits:
            code = _CODES[self.fault]
            raise OSError(code, os.strerror(code), str(places[0]))

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **words: Any) -> Any:
            self.meet(name, *arguments[:1], words.get("dir_fd"))
            return call(*arguments, **words)

        return watched

    def _open(self, path: Any, flags: int, *arguments: Any, **words: Any) -> int:
        self.meet("write" if flags & os.O_CREAT else "open", path, words.get("dir_fd"))
        return _OPEN(path, flags, *arguments, **words)

    def _open_file(
        self, path: Any, mode: str = "r", buffering: int = -1, *arguments: Any, **words: Any
    ) -> Any:
        """Open a file; each write that goes to the disk is a call, too."""
        if not set(mode) & set("wax+"):
            self.meet("open", path)
            return _OPEN_FILE(path, mode, buffering, *arguments, **words)
        self.meet("write", path)
        disk = self

        class File(io.FileIO):
            def write(self, data: Any) -> int:
                disk.meet("write", path)
                return super().write(data)

        raw = File(path, mode.replace("b", "").replace("t", ""))
        if buffering == 0:
            return raw
        file = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return file if "b" in mode else io.TextIOWrapper(file, *arguments, **words)

    def fall_ill(self) -> None:
        """Replace what speaks with the file system, in this process."""
        for name in (*READS, *WRITES, *REMOVES):
            setattr(os, name, self._watched(name, getattr(os, name)))
        os.open = self._open
        io.open = builtins.open = self._open_file  # type: ignore[assignment]
        exchange._exchange_at_once = self._watched("rename", exchange._exchange_at_once)
        exchange._settle_at_once = lambda folder: False  # noqa: ARG005


def fail_at_each_call(
    folder: Path, name: str, *, every: int = 1, can_exchange: bool = True
) -> dict[str, object]:
    """Let the runs from an old site to a new one fail at each call, or at one of so many.

    Then look at what readers see, and at what the command said; the next run needs no hand. Without
    an exchange in one step, a page may be away until the next start, which brings it back.
    """
    if not can_exchange:
        exchange._exchange_at_once = lambda *_: False
    states = make_states(folder, name)
    tries = dict.fromkeys(Fault, 0)
    for fault in Fault:
        for at in range(1, MOST, every):
            disk = Disk(folder / "site", fault, at)
            code = _fail(disk, folder, WORKS[name], states)
            if code == ALL_CALLS:
                break
            tries[fault] += 1
            never_away = can_exchange or fault in {Fault.SICK, Fault.DENIED}
            broken = [
                *(_at_its_end(code, fault, folder, states[1])),
                *(check_whole(folder / "site", states) if never_away else ()),
                *harm(folder / SAID),
                *rerun(WORKS[name], states[1], disk.site, folder / SAID),
            ]
            if broken:
                return {"tries": tries, "broken": [f"call {at}: {disk.hit.read_text()}", *broken]}
    return {"tries": tries, "broken": []}


def _fail(disk: Disk, folder: Path, work: Work, states: tuple[State, State]) -> int:
    """Work on a copy of the old site, on a disk that fails; return how it ended."""
    shutil.rmtree(disk.site, ignore_errors=True)
    shutil.copytree(folder / "old-site", disk.site)

    def fail() -> None:
        disk.fall_ill()
        try:
            work(states[1].root, disk.site)
        finally:
            if disk.left > 0:
                os._exit(ALL_CALLS)

    return in_child(fail, folder / SAID)


def _at_its_end(code: int, fault: Fault, folder: Path, new: State) -> Iterator[str]:
    """Say what is wrong with how a run ended: it may say that it failed, and never wrongly not."""
    if code not in ({-signal.SIGKILL} if fault is Fault.KILLED else PLAIN_ENDS):
        yield f"it ended with {code}: {(folder / SAID).read_text()}"
    if code == 0 and (found := shown(folder / "site")) != new.expected:
        different = {way for way, _ in found.items() ^ new.expected.items()}
        yield f"it ended with 0, and these are not the new ones: {different}"
