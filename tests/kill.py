"""Build or publish again and again, and kill it: `python -m tests.kill FOLDER WORK [KILLS SEED]`.

A process of its own, with one thread: after a fork the child builds at once, with everything
imported, so that a kill costs a twentieth of a second.
"""

from __future__ import annotations

import datetime
import functools
import json
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from site_builder.build import build
from site_builder.deliver import to_folder
from site_builder.publish import exchange
from site_builder.workspace import ReadOptions, open_workspace
from tests.workspace import HERON, OTTER, PINE, TOKENS, small_workspace, tree

DAY = datetime.date(2026, 3, 2)
CLEAN_EVERY = 20
"""After so many kills the next run is left alone: it needs no hand."""

Site = dict[str, bytes]
Work = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class State:
    """One state of the workspace, and the site that comes of it."""

    root: Path
    expected: Site


def write_site(root: Path, site: Path) -> None:
    """Build a workspace's site; raises where anything is wrong."""
    workspace = open_workspace(root / "mkdocs.yml")
    for result in build(
        workspace, workspace.clients, site, ReadOptions(today=DAY, strict=True), processes=1
    ):
        if result.bug or result.problems:
            raise RuntimeError(f"{result.client}: {result.bug}{result.problems}")


def publish_site(root: Path, target: Path) -> None:
    """Publish the site of a state into a folder; raises where anything is wrong."""
    workspace = open_workspace(root / "mkdocs.yml")
    site = root.with_name(f"{root.name}-site")
    to_folder(workspace, site, target, is_trial=False, allow_remove=False)


WORKS = {"build": write_site, "publish": publish_site}
"""What is killed."""


def make_states(folder: Path) -> tuple[State, State]:
    """Make two states of three clients: other words, another colour, a further step."""
    states = []
    for name in ("old", "new"):
        made = small_workspace(folder / name, OTTER, PINE, HERON)
        if name == "new":
            made.edit("mkdocs.yml", "    contact:", '    colour: "#aa3366"\n    contact:')
            for client in (OTTER, PINE, HERON):
                step = f"projects/{client}/shop/milestones/02-open.md"
                made.edit(step, "Readers order from home.", "Readers order from everywhere.")
                made.write(
                    f"projects/{client}/shop/milestones/03-gift-cards.md",
                    "---\nlabel: Gift cards\n---\n## Why it matters\nReaders give books.\n",
                )
        site = folder / f"{name}-site"
        write_site(made.root, site)
        states.append(State(made.root, tree(site)))
    old, new = states
    return old, new


def in_child(work: Callable[[], None], seconds: float | None = None) -> int:
    """Do work in a process of its own, and kill it after so many seconds; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - a child never returns
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def check_whole(site: Path, states: tuple[State, State]) -> list[str]:
    """Find what a reader would see broken: a folder or page that is neither old nor new."""
    found = tree(site)
    broken = []
    for client, token in TOKENS.items():
        inside = f"c/{token}/"
        pages = {name: data for name, data in found.items() if name.startswith(inside)}
        wanted = [
            {name: data for name, data in state.expected.items() if name.startswith(inside)}
            for state in states
        ]
        if pages not in wanted:
            broken.append(f"{client}: {sorted(pages)}")
        for name, data in pages.items():
            sheets = [sheet.decode() for sheet in re.findall(rb'"[./]*(assets/[^"]+)"', data)]
            broken += [f"{name} needs {sheet}" for sheet in sheets if sheet not in found]
    broken += [
        name
        for name in ("index.html", "404.html", "_headers", "c/index.html")
        if found.get(name) not in {state.expected[name] for state in states}
    ]
    return broken


def kill_at_random(folder: Path, work: Work, kills: int, seed: int) -> dict[str, object]:
    """Kill so many runs; stops at the first broken page."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    states = make_states(folder)
    site = folder / "site"
    work(states[0].root, site)
    started = time.perf_counter()
    work(states[1].root, site)
    longest = time.perf_counter() - started
    killed = tried = 0
    while killed < kills and tried < 4 * kills:
        state = states[tried % 2]
        seconds = chance.random() * longest
        code = in_child(functools.partial(work, state.root, site), seconds)
        tried += 1
        killed += code == -signal.SIGKILL
        if code > 0:
            return {"killed": killed, "broken": [f"run {tried} ended with {code}"]}
        # However busy the machine is: about one build in seven comes to its end before its kill,
        # so that kills spread over the whole length of a build.
        longest *= 0.85 if code == 0 else 1.03
        if broken := check_whole(site, states):
            return {"killed": killed, "run": tried, "seconds": seconds, "broken": broken}
        if tried % CLEAN_EVERY == 0:
            ended = in_child(functools.partial(work, state.root, site))
            if ended != 0 or tree(site) != state.expected:
                return {"killed": killed, "broken": [f"the run after kill {killed}: {ended}"]}
    return {"killed": killed, "tried": tried, "broken": []}


def kill_at_each_rename(folder: Path, work: Work) -> dict[str, object]:
    """Kill runs on a system without one-step exchange, before and after each rename."""
    exchange._exchange_at_once = lambda *_: False
    states = make_states(folder)
    site = folder / "site"
    rename = Path.rename

    def killed_at(step: int, state: State) -> int:
        left = step

        def counted(path: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return rename(path, target)

        def killed() -> None:
            Path.rename = counted  # type: ignore[assignment,method-assign]
            work(state.root, site)

        return in_child(killed)

    step = aside = 0
    broken: list[str] = []
    while not broken:
        step += 1
        work(states[0].root, site)
        code = killed_at(step, states[1])
        if code == 0:
            break  # there are no more renames than that
        aside += any(name.startswith("c/.old-") for name in tree(site))
        for parent in ("", "c", "assets"):
            exchange.recover(site / parent)
        broken = check_whole(site, states)
        work(states[1].root, site)
        if tree(site) != states[1].expected:
            broken.append(f"the run after a kill at rename {step}")
    return {"steps": step, "aside": aside, "broken": broken}


if __name__ == "__main__":
    where, what = Path(sys.argv[1]), WORKS[sys.argv[2]]
    result = (
        kill_at_random(where, what, int(sys.argv[3]), int(sys.argv[4]))
        if len(sys.argv) > 3
        else kill_at_each_rename(where, what)
    )
    sys.stdout.write(json.dumps(result))
