"""Let each call of the file system fail in turn, or die there: what a sick disk or a power cut does.

Counted is every call about the site's folder, reading ones too, also those inside of `shutil` and
MkDocs: the functions of `os` are replaced, and so are `open` and what it returns.
"""

from __future__ import annotations

import builtins
import errno
import functools
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
    shown,
)
from tests.workspace import tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
        self.folder = os.fspath(folder)
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
        return isinstance(place, str | os.PathLike) and os.fspath(place).startswith(self.folder)

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
        """Open a file; each write that goes to the disk is a call, too: buffers write at their end."""
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
        os.open = self._open  # type: ignore[assignment]
        io.open = builtins.open = self._open_file  # type: ignore[assignment]
        exchange._exchange_at_once = self._watched("rename", exchange._exchange_at_once)


def fail_at_each_call(
    folder: Path, name: str, *, every: int = 1, can_exchange: bool = True
) -> dict[str, object]:
    """Let the runs from an old site to a new one fail at each call, or at one of so many.

    Then look at what readers see, and at what the command said; the next run needs no hand. Without
    an exchange in one step, a page may be away until the next start, which brings it back.
    """
    if not can_exchange:
        exchange._exchange_at_once = lambda *_: False
    (old, new), work = make_states(folder, name), WORKS[name]
    site, said = folder / "site", folder / SAID
    tries = dict.fromkeys(Fault, 0)
    broken: list[str] = []
    for fault in Fault:
        at = 1
        while at < MOST and not broken:
            shutil.rmtree(site, ignore_errors=True)
            shutil.copytree(folder / "old-site", site)
            disk = Disk(site, fault, at)

            def fail(disk: Disk = disk) -> None:
                disk.fall_ill()
                try:
                    work(new.root, site)
                finally:
                    if disk.left > 0:
                        os._exit(ALL_CALLS)

            code = in_child(fail, said)
            if code == ALL_CALLS:
                break
            tries[fault] += 1
            if code not in (PLAIN_ENDS if fault is not Fault.KILLED else {-signal.SIGKILL}):
                broken.append(f"it ended with {code}: {said.read_text()}")
            if can_exchange or fault in {Fault.SICK, Fault.DENIED}:
                broken += check_whole(site, (old, new))
            broken += harm(said)
            if code == 0 and shown(site) != new.expected:
                different = {way for way, _ in shown(site).items() ^ new.expected.items()}
                broken.append(f"it ended with 0, and these are not the new ones: {different}")
            code = in_child(functools.partial(work, new.root, site), said)
            if code != 0 or tree(site) != new.expected:
                broken.append(f"the run after it ended with {code}: {said.read_text()}")
            if broken:
                broken.insert(0, f"call {at}: {disk.hit.read_text()}")
            at += every
    return {"tries": tries, "broken": broken}
