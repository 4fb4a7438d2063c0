"""What was saved in a workspace. The only user of watchfiles.

Only the folders that people write in are watched, as the system tells of changes there. The few
single files beside them are looked at ten times a second: an editor that puts a new file in the
place of the old one takes a watch on the file away with it, and the same holds for the folders
themselves when git exchanges them.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

FOLDERS = ("projects", "theme")
TICK = 100
"""Milliseconds between two looks at what no watch covers."""
QUIET = 20
"""Milliseconds without a change after which a save is complete."""
PATIENCE = 300
"""Milliseconds after which changes are told although more arrive."""


def _stamp(path: Path) -> tuple[int, ...]:
    """Tell one state of a file or a folder from another, as far as a look from outside can."""
    try:
        found = path.stat()
    except OSError:
        return ()
    if path.is_dir():
        return (found.st_ino,)
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def changes(
    root: Path, singles: Callable[[], Sequence[Path]], stop: threading.Event
) -> Iterator[frozenset[Path] | None]:
    """Tell which paths were changed, until `stop` is set; None is everything, and comes first.

    `singles` are the files outside of the watched folders. Now and then the set is empty: time
    passed.
    """
    while not stop.is_set():
        folders = [root / name for name in FOLDERS]
        there = [folder for folder in folders if folder.is_dir()]
        identities = [_stamp(folder) for folder in folders]
        stamps = {path: _stamp(path) for path in singles()}
        ticks = _ticks(there, stop)
        with contextlib.suppress(FileNotFoundError):  # a folder went away just now
            for number, found in enumerate(ticks):
                before, stamps = stamps, {path: _stamp(path) for path in singles()}
                changed = {
                    path for path in stamps if stamps[path] != before.get(path, stamps[path])
                }
                yield frozenset(changed | found) if number else None
                if identities != [_stamp(folder) for folder in folders]:
                    break


def _ticks(folders: Sequence[Path], stop: threading.Event) -> Iterator[set[Path]]:
    """Tell what was changed below some folders, nothing at first and whenever a tick passes."""
    if not folders:
        while not stop.wait(TICK / 1000):
            yield set()
        return
    for is_polling in (False, True):
        try:
            found = watch(
                *folders,
                debounce=PATIENCE,
                step=QUIET,
                rust_timeout=TICK,
                yield_on_timeout=True,
                stop_event=stop,
                force_polling=is_polling,
            )
            for batch in found:
                yield {Path(path) for _, path in batch}
        except FileNotFoundError:
            raise
        except OSError:
            # The system watches no more folders for us: look at them in turns, which is slower.
            if is_polling:
                raise
        else:
            return
