"""Kill runs at random moments, as a power cut or an impatient CI does."""

from __future__ import annotations

import functools
import random
import signal
import time
from typing import TYPE_CHECKING

from tests.endurance.states import SAID, WORKS, check_whole, in_child, make_states, rerun

if TYPE_CHECKING:
    from pathlib import Path

CLEAN_EVERY = 20
"""After so many kills the next run is left alone: it needs no hand."""


def kill(folder: Path, name: str, kills: int, seed: int) -> dict[str, object]:
    """Kill so many runs; stops at the first broken page."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    states, work = make_states(folder, name), WORKS[name]
    site, said = folder / "site", folder / SAID
    in_child(functools.partial(work, states[0].root, site), said)
    started = time.perf_counter()
    in_child(functools.partial(work, states[1].root, site), said)
    longest = time.perf_counter() - started
    killed = tried = 0
    while killed < kills and tried < 4 * kills:
        state = states[tried % 2]
        seconds = chance.random() * longest
        code = in_child(functools.partial(work, state.root, site), said, seconds)
        tried += 1
        killed += code == -signal.SIGKILL
        if code > 0:
            return {
                "killed": killed,
                "broken": [f"run {tried} ended with {code}", said.read_text()],
            }
        # However busy the machine is: about one build in seven comes to its end before its kill,
        # so that kills spread over the whole length of a build.
        longest *= 0.85 if code == 0 else 1.03
        broken = check_whole(site, states)
        if not broken and tried % CLEAN_EVERY == 0:
            broken = rerun(work, state, site, said)
        if broken:
            return {"killed": killed, "run": tried, "seconds": seconds, "broken": broken}
    return {"killed": killed, "tried": tried, "broken": []}
