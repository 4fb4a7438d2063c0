"""Several processes that do the same work; none outlives this one, whose lock they hold."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_SHARE = 16
"""Jobs that a process takes at once: of more, too few results would be there to show."""
LOOK_EVERY = 0.3
"""Seconds from one look for the process that is worked for to the next."""

Job = TypeVar("Job")
Result = TypeVar("Result")


def do_all(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    processes: int,
    begin: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """Do all jobs in so many processes, and give their results in the same order.

    Each process does `begin` once, this one too: it brings what is the same in all jobs. Where
    processes begin as copies of this one, the first job is done here: what it loads and makes is
    there for all, and takes time and memory only once. Where a process is killed, for want of
    memory perhaps, this one does what is left.
    """
    begin()
    done = 0
    if processes > 1:
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_start_method

        if get_start_method() == "fork" and jobs:
            yield work(jobs[0])
            done = 1
        share = max(1, min(LARGEST_SHARE, len(jobs) // processes // 4))
        pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=(begin,))
        with _shared_memory(), pool:
            try:
                for result in pool.map(work, jobs[done:], chunksize=share):
                    yield result
                    done += 1
            except BrokenProcessPool:
                pass
    yield from map(work, jobs[done:])


@contextlib.contextmanager
def _shared_memory() -> Iterator[None]:
    """Leave out what is there now when Python looks for what is not needed: looking makes copies."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _begin(begin: Callable[[], None]) -> None:
    _end_with_parent()
    begin()


def _end_with_parent() -> None:
    """Let this process end soon after the one that it works for, however that ends.

    Left alone it would wait for ever: Python tells it nothing when the other one is killed.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
