"""In which order files go, where nothing can be exchanged in one step.

Cut anywhere between two files, the rest stays undone, and what is there is whole: a page finds its
shared files, its pictures and its files, and whoever comes from a client's first page finds every
page behind it. So what a page needs goes before it, a new page before those that lead to it, and
nothing is taken away while a page may still need it.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from site_builder.errors import NotPublished, PartlyPublished
from site_builder.publish.plan import unit_of
from site_builder.publish.site import ASSETS, CLIENTS

if TYPE_CHECKING:
    from site_builder.publish.plan import Files, Plan

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many files are done, and how many there are."""


class Count:
    """Counts the files that are done, and is honest about them when something stops the rest."""

    def __init__(self, steps: Steps, progress: Progress) -> None:
        """Begin at nothing; `progress` is told from the first file on."""
        self.total = steps.count
        self.done = 0
        self._progress = progress
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Count some files more; may be told from any thread."""
        with self._lock:
            self.done = min(self.done + number, self.total)
            self._progress(self.done, self.total)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Tell what stopped half way from what never began.

        Raises:
            PartlyPublished: in place of NotPublished, when a file was done before it.
        """
        try:
            yield
        except NotPublished as error:
            if not self.done:
                raise
            raise PartlyPublished(str(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Groups of files; within one the order does not matter, and each waits for the one before."""

    puts: tuple[tuple[str, ...], ...]
    """To be written: shared files, clients' files, new pages, pages that lead to them, the rest."""
    deletions: tuple[tuple[str, ...], ...]
    """To be taken away when all is written: first pages, other pages, then what they needed."""

    @property
    def count(self) -> int:
        """How many files there are in all."""
        return sum(map(len, (*self.puts, *self.deletions)))


def _is_page(way: str) -> bool:
    return way.endswith(".html")


def _is_first_page(way: str) -> bool:
    """Tell the page that a private link opens: the way in to all others of a client."""
    folder, _, name = way.rpartition("/")
    return folder == unit_of(way) and folder.startswith(f"{CLIENTS}/") and name == "index.html"


def _rank_of_put(way: str, target: Files) -> int:
    if unit_of(way) == way:
        return 4  # the files around
    if not _is_page(way):
        return 0 if way.startswith(f"{ASSETS}/") else 1
    return 2 if way not in target and not _is_first_page(way) else 3


def _rank_of_deletion(way: str) -> int:
    return 0 if _is_first_page(way) else 1 if _is_page(way) else 2


def _grouped(ways: Iterable[str], rank: Callable[[str], int]) -> tuple[tuple[str, ...], ...]:
    """Put ways of the same rank together, the lowest rank first."""
    in_order = sorted(ways, key=lambda way: (rank(way), way))
    return tuple(tuple(group) for _, group in itertools.groupby(in_order, rank))


def in_steps(planned: Plan, site: Files, target: Files) -> Steps:
    """Order the files of a plan that differ. A unit is published whole: what left it goes, too."""
    write, remove = set(planned.write), set(planned.remove)
    puts = (
        way for way, digest in site.items() if unit_of(way) in write and target.get(way) != digest
    )
    gone = (
        way
        for way in target
        if unit_of(way) in remove or (unit_of(way) in write and way not in site)
    )
    return Steps(
        puts=_grouped(puts, lambda way: _rank_of_put(way, target)),
        deletions=_grouped(gone, _rank_of_deletion),
    )
