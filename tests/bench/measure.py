"""Measure a command as a whole process, with all processes that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

POLL = 0.03
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took."""

    wall: float
    """Seconds from its start to its end."""
    cpu: float
    """Seconds of processor time, of all its processes."""
    memory: int
    """Bytes at the peak, of all its processes; what they share counts once, where Linux says it."""


def environment() -> dict[str, str]:
    """Take the surroundings as users have them."""
    # Users have compiled modules; some containers forbid them.
    left_out = {"PYTHONDONTWRITEBYTECODE"}
    known = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**known, "NO_MKDOCS_2_WARNING": "1"}


def _start(command: Sequence[str], cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _time(command: Sequence[str], cwd: Path) -> tuple[float, float]:
    before, start = os.times(), time.perf_counter()
    code = _start(command, cwd).wait()
    wall, after = time.perf_counter() - start, os.times()
    if code != 0:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    user = after.children_user - before.children_user
    return wall, user + after.children_system - before.children_system


def _in_use(process: psutil.Process) -> int:
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            full = each.memory_full_info()
            total += getattr(full, "pss", full.rss)
        except psutil.Error:
            continue  # it has just ended
    return total


def _watch(command: Sequence[str], cwd: Path) -> Measured:
    """Run a command and look at its memory meanwhile, which costs it a little."""
    before, start = os.times(), time.perf_counter()
    started = _start(command, cwd)
    peak, done = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        try:
            process = psutil.Process(started.pid)
            while not done.wait(POLL):
                peak = max(peak, _in_use(process))
        except psutil.Error:
            return  # it has ended

    thread = threading.Thread(target=look)
    thread.start()
    started.wait()
    wall, after = time.perf_counter() - start, os.times()
    done.set()
    thread.join()
    user = after.children_user - before.children_user
    return Measured(wall, user + after.children_system - before.children_system, peak)


def measure(*command: str, cwd: Path, prepare: Callable[[], object], runs: int) -> Measured:
    """Run a command some times, prepared each time: the median of time, the memory of one more.

    Of one run both are taken at once.
    """
    if runs == 1:
        prepare()
        return _watch(command, cwd)
    found = []
    for _ in range(runs):
        prepare()
        found.append(_time(command, cwd))
    found.sort()
    wall, cpu = found[len(found) // 2]
    prepare()
    return Measured(wall, cpu, _watch(command, cwd).memory)
