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

from tests.endurance.states import (
    NOTHING,
    WORKS,
    check_whole,
    harm,
    make_states,
    start,
)
from tests.workspace import tree

if TYPE_CHECKING:
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
        if number % FRESH_EVERY == 0:
            shutil.rmtree(site, ignore_errors=True)
        before = NOTHING if number % FRESH_EVERY == 0 else states[0]
        order = chance.sample([0, 1], 2)
        running = {}
        for which in order:
            said = folder / f"said-{which}.txt"
            running[start(functools.partial(work, states[which].root, site), said)] = said
            time.sleep(chance.random() * PAUSE / 4)
        codes = []
        while running:
            time.sleep(chance.random() * PAUSE)
            for child in list(running):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGSTOP)
            for child in list(running):
                _, status = os.waitpid(child, os.WUNTRACED)
                if not os.WIFSTOPPED(status):
                    codes.append(os.waitstatus_to_exitcode(status))
                    broken = harm(running.pop(child))
                    if broken or codes[-1] != 0:
                        return {"race": number, "broken": [*broken, f"it ended with {codes}"]}
            looks += 1
            if broken := check_whole(site, [before, *states]):
                return {"race": number, "look": looks, "broken": broken}
            for child in running:
                os.kill(child, signal.SIGCONT)
        found = [tree(site) == state.expected for state in states]
        if not any(found):
            return {"race": number, "broken": ["the site is neither the old nor the new one"]}
        last[found.index(True)] += 1
    return {"races": races, "looks": looks, "last": last, "broken": []}
