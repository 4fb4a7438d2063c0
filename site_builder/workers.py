"""Several processes that do the same work; none outlives this one, whose lock they hold."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_SHARE = 16
"""Jobs that a process takes at once: of more, too few results would be there to show."""
LOOK_EVERY = 0.3
"""Seconds from one look for the process that is worked for to the next."""
MANY_THINGS = 10_000
"""Things that are made until Python looks for those that only hold each other, and many jobs leave
many: with twenty times as many a build takes half as much memory again."""

Job = TypeVar("Job")
Result = TypeVar("Result")


_work: list[Callable[[Any], Any]] = []
"""In a process that helps: what it does with each job."""


def do_all(work: Callable[[Job], Result], jobs: Sequence[Job], processes: int) -> Iterator[Result]:
    """Do all jobs in so many processes, and give their results in the same order.

    Each process gets `work` once, with all that is bound to it: what is the same in all jobs. Where
    processes begin as copies of this one, the first job is done here: what it loads and makes is
    there for all, and takes time and memory only once. Where a process is killed, for want of
    memory perhaps, this one does what is left.
    """
    done = 0
    if jobs and (processes <= 1 or _are_copies()):
        yield work(jobs[0])
        done = 1
    if done == len(jobs):
        return
    with _settled_memory():
        if processes > 1:
            from concurrent.futures import ProcessPoolExecutor
            from concurrent.futures.process import BrokenProcessPool

            share = max(1, min(LARGEST_SHARE, len(jobs) // processes // 4))
            pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=(work,))
            with contextlib.suppress(BrokenProcessPool), pool:
                for result in pool.map(_do, jobs[done:], chunksize=share):
                    yield result
                    done += 1
        yield from map(work, jobs[done:])


def _are_copies() -> bool:
    """Tell whether further processes begin as copies of this one."""
    from multiprocessing import get_start_method

    return get_start_method() == "fork"


@contextlib.contextmanager
def _settled_memory() -> Iterator[None]:
    """Let Python look often for rings of new things, and no more through what is there now.

    That takes long, and in a process that began as a copy of this one it makes copies of it.
    """
    gc.set_threshold(MANY_THINGS)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _begin(work: Callable[[Any], Any]) -> None:
    _end_with_parent()
    _work[:] = [work]


def _do(job: Any) -> Any:
    return _work[0](job)


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
