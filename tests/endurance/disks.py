"""Run on a real disk that is full, or that can only be read, mounted for this process only."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.endurance.states import (
    SAID,
    WORKS,
    check_whole,
    harm,
    in_child,
    make_states,
    rerun,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.endurance.states import State

SIZE = 2 << 20
PAGE = 4096
"""The least that such a disk gives out, in bytes."""
BALLAST = "ballast"
CLEAR = ("unshare", "--map-root-user", "--mount")
"""The words before a command that may mount what nobody else sees; it is gone with the command."""


def can_mount(place: Path) -> bool:
    """Tell whether this system lets us have a small disk."""
    if not shutil.which(CLEAR[0]):
        return False
    mount = (*CLEAR, "mount", "-t", "tmpfs", "tmpfs", str(place))
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def _mount(options: str, disk: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)


def fill(folder: Path, name: str, *, step: int = 1) -> dict[str, object]:
    """Run without any room, then with some more each time, until there is enough.

    At the end the disk can only be read. Only the site is on it.
    """
    (old, new), work = make_states(folder, name), WORKS[name]
    disk, said = folder / "disk", folder / SAID
    site = disk / "site"
    disk.mkdir()
    _mount(f"size={SIZE}", disk)
    tries, code, broken = 0, 1, list[str]()
    while code != 0 and not broken:
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(folder / "old-site", site)
        _leave(disk, tries * step * PAGE)
        code = in_child(functools.partial(work, new.root, site), said)
        broken = _wrong(code, said, site, (old, new))
        (disk / BALLAST).unlink()
        broken += rerun(work, new, site, said)
        tries += 1
    _mount(f"remount,ro,size={SIZE}", disk)
    code = in_child(functools.partial(work, old.root, site), said)
    broken += _wrong(code, said, site, (new,))
    return {"tries": tries, "code": code, "said": said.read_text(), "broken": broken}


def _leave(disk: Path, room: int) -> None:
    """Fill a disk, but for so many bytes."""
    found = os.statvfs(disk)
    with (disk / BALLAST).open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, max(1, found.f_bavail * found.f_frsize - room))


def _wrong(code: int, said: Path, site: Path, states: Sequence[State]) -> list[str]:
    """Say what is wrong with what a run left, and how it ended."""
    wrong = [*check_whole(site, states), *harm(said)]
    return wrong if code in {0, 1, 3} else [*wrong, f"it ended with {code}: {said.read_text()}"]
