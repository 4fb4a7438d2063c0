"""Let two runs write into one site at the same time, and stop both now and then to look."""

from __future__ import annotations

import contextlib
import functools
import os
import random
import shutil
import signal
import time
from typing import TYPE_CHECKING

from tests.endurance.states import NOTHING, WORKS, check_whole, harm, make_states, start
from tests.workspace import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRESH_EVERY = 5
"""After so many races the next two runs find no site at all."""
PAUSE = 0.2
"""At most so many seconds from one look to the next."""


def race(folder: Path, name: str, races: int, seed: int) -> dict[str, object]:
    """Run so many races of an old and a new state; stops at the first broken page."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    states, work = make_states(folder, name), WORKS[name]
    site = folder / "site"
    looks, last = 0, [0, 0]
    for number in range(races):
        is_fresh = number % FRESH_EVERY == 0
        if is_fresh:
            shutil.rmtree(site, ignore_errors=True)
        running = {}
        for which in chance.sample([0, 1], 2):
            said = folder / f"said-{which}.txt"
            running[start(functools.partial(work, states[which].root, site), said)] = said
            time.sleep(chance.random() * PAUSE / 4)
        broken: list[str] = []
        while running and not broken:
            time.sleep(chance.random() * PAUSE)
            broken += _stopped(running)
            broken += check_whole(site, [*states, *([NOTHING] if is_fresh else [])])
            looks += 1
            for child in running:
                os.kill(child, signal.SIGCONT)
        found = [tree(site) == state.expected for state in states]
        if broken or not any(found):
            return {"race": number, "broken": broken or ["the site is of neither state"]}
        last[found.index(True)] += 1
    return {"races": races, "looks": looks, "last": last, "broken": []}


def _stopped(running: dict[int, Path]) -> Iterator[str]:
    """Stop processes where they are, and take out those that have ended; say what went wrong."""
    for child in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGSTOP)
    for child in list(running):
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            said = running.pop(child)
            yield from harm(said)
            if (code := os.waitstatus_to_exitcode(status)) != 0:
                yield f"it ended with {code}: {said.read_text()}"
