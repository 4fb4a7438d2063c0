"""Several processes do the work of one, and nothing is lost with any of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from site_builder.workers import do_all
from tests.workspace import OTTER, ROOT, TODAY, TOKENS, Workspace, small_workspace, tree

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = os.getpid()
SECONDS = 30
"""The longest that anything may take here, however busy the machine is."""


def _twice(number: int) -> int:
    return 2 * number


def _twice_or_killed(number: int) -> int:
    if number == 5 and os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


class Unsendable:
    """Something that no other process can get, but as a copy of this one."""

    def __reduce__(self) -> NoReturn:
        """Refuse."""
        raise TypeError("it was sent")


def _twice_at(_: Unsendable, number: int) -> int:
    return 2 * number


_seen: list[int] = []


def _first_seen(number: int) -> int:
    _seen.append(number)
    return _seen[0]


forked = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="processes begin empty here"
)


@pytest.mark.parametrize("processes", [0, 1, 2])
@pytest.mark.parametrize("work", [_twice, _twice_or_killed])
def test_every_job_is_done_once_and_in_its_place(
    processes: int, work: Callable[[int], int]
) -> None:
    """Also where a process is killed in the middle: the others' work is not lost."""
    if processes < 2 and work is _twice_or_killed:
        pytest.skip("nobody else is there to be killed")
    assert list(do_all(work, range(40), processes)) == list(range(0, 80, 2))


@forked
def test_what_is_the_same_in_all_jobs_is_sent_with_none() -> None:
    """With thousands of clients it is megabytes."""
    work = partial(_twice_at, Unsendable())
    assert list(do_all(work, range(40), 2)) == list(range(0, 80, 2))


@forked
def test_what_the_first_job_has_loaded_is_there_for_all() -> None:
    """It takes time and memory once, and not in each process."""
    assert set(do_all(_first_seen, range(40), 2)) == {0}


def _many_clients(root: Path) -> Workspace:
    workspace = small_workspace(root, OTTER)
    template = tree(root / "projects" / OTTER)
    for number in range(40):
        token = "".join("abcdefghij"[int(digit)] for digit in f"{number:026}")
        for path, content in template.items():
            text = content.replace(TOKENS[OTTER].encode(), token.encode())
            text = text.replace(b"Otter Books", b"Bookshop Number %d" % number)
            workspace.write(f"projects/client-{number}/{path}", text)
    return workspace


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's list of processes")
def test_a_killed_build_leaves_no_process_behind_that_holds_its_lock(tmp_path: Path) -> None:
    """The next build need not wait for one that nobody will ever end."""
    workspace = _many_clients(tmp_path / "agency")
    command = [sys.executable, "-m", "site_builder", "build", "--today", TODAY, "--jobs", "2"]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    build = subprocess.Popen(command, cwd=workspace.root, env=known, stdout=subprocess.DEVNULL)
    children = Path(f"/proc/{build.pid}/task/{build.pid}/children")
    _wait_until(lambda: len(list(workspace.site.glob("c/*/index.html"))) > 2)
    workers = children.read_text().split()
    build.kill()
    build.wait()
    assert len(workers) == 2
    _wait_until(lambda: not any(Path("/proc", worker, "cwd").exists() for worker in workers))
    assert workspace.build().code == 0
    assert workspace.build("--no-cache", "-d", "clean").code == 0
    assert tree(workspace.site) == tree(workspace.root / "clean")
