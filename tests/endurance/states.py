"""Two states of a workspace, their sites, and a look at whether a site is whole."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.cli import cli
from site_builder.publish import folder as folders
from site_builder.publish.plan import Rules
from tests.workspace import HERON, OTTER, PINE, TODAY, TOKENS, Workspace, small_workspace, tree

if TYPE_CHECKING:
    from collections.abc import Sequence

Site = dict[str, bytes]
Work = Callable[[Path, Path], None]
"""From a state's folder into a site."""
CLIENTS = (OTTER, PINE, HERON)
AROUND = ("index.html", "404.html", "_headers", "c/index.html")
SAID = "said.txt"


@dataclass(frozen=True, slots=True)
class State:
    """One state of the workspace, and the site that comes of it."""

    root: Path
    expected: Site


NOTHING = State(Path(), {})
"""Before the first build."""


def build(root: Path, site: Path) -> None:
    """Build a workspace's site, as the command does."""
    cli.main(["build", "-f", str(root), "-d", str(site), "--today", TODAY, "--jobs", "1"])


def publish(root: Path, target: Path) -> None:
    """Publish the site of a state into a folder, as the command does."""
    site = root.with_name(f"{root.name}-site")
    cli.main(["publish", "folder", str(target), "-f", str(root), "-d", str(site)])


def exchange(root: Path, target: Path) -> None:
    """Publish without the command and the workspace around it: nothing but the exchange."""
    owners = {token: client for client, token in TOKENS.items()}
    site = root.with_name(f"{root.name}-site")
    try:
        folders.publish(site, target, Rules(owners=owners, allow_remove=True), is_trial=False)
    except OSError:
        sys.exit(1)


WORKS = {"build": build, "publish": publish, "exchange": exchange}
"""What is disturbed."""


def make_states(folder: Path, work: str) -> tuple[State, State]:
    """Make two states of three clients: other words, another colour, a further step."""
    make = _small_sites if work == "exchange" else _workspaces
    return make(folder, "old"), make(folder, "new")


def _workspaces(folder: Path, name: str) -> State:
    made = small_workspace(folder / name, *CLIENTS)
    if name == "new":
        made.edit("mkdocs.yml", "    contact:", '    colour: "#aa3366"\n    contact:')
        for client in CLIENTS:
            step = f"projects/{client}/shop/milestones/02-open.md"
            made.edit(step, "Readers order from home.", "Readers order from everywhere.")
            made.write(
                f"projects/{client}/shop/milestones/03-gift-cards.md",
                "---\nlabel: Gift cards\n---\n## Why it matters\nReaders give books.\n",
            )
    # In this process: those that are forked from it have everything imported and warm.
    ran = made.run("build", "-d", str(folder / f"{name}-site"), "--today", TODAY, "--jobs", "1")
    assert ran.code == 0, ran.output
    return State(made.root, tree(folder / f"{name}-site"))


def _small_sites(folder: Path, name: str) -> State:
    """Write a site as small as one can be, without building it."""
    sheet = f"assets/{'01' if name == 'old' else '89'}abcdef01234567/progress.css"
    site = Workspace(folder / f"{name}-site")
    site.write(sheet, f"/* {name} */\n")
    site.write(
        ".site-builder", "This folder is written by a program. Do not put files of your own here.\n"
    )
    for way in AROUND:
        site.write(way, f"{name} {way}\n")
    for token in TOKENS.values():
        site.write(f"c/{token}/index.html", f'{name} "../../{sheet}"\n')
        site.write(f"c/{token}/shop/index.html", f'{name} "../../../{sheet}"\n')
    return State(folder / name, tree(site.root))


def start(work: Callable[[], None], said: Path) -> int:
    """Begin work in a process of its own, with everything imported; return its id."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        with said.open("w", encoding="utf-8") as file:
            sys.stdout = sys.stderr = file
            try:
                work()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
            except BaseException:  # noqa: BLE001 - a child never returns
                sys.excepthook(*sys.exc_info())
            file.flush()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a process; return its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_child(work: Callable[[], None], said: Path, seconds: float | None = None) -> int:
    """Do work in a process of its own, and kill it after so many seconds; return how it ended."""
    child = start(work, said)
    if seconds is not None:
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return ended(child)


def shown(site: Path) -> Site:
    """Read what readers can see of a site; what is hidden, nobody links to."""
    return {
        name: data for name, data in tree(site).items() if not re.search(r"(^|/)\.(new|old)-", name)
    }


def check_whole(site: Path, states: Sequence[State]) -> list[str]:
    """Find what a reader would see broken: a folder or page that is of none of these states."""
    found = shown(site)
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
        for name in AROUND
        if found.get(name) not in {state.expected.get(name) for state in states}
    ]
    return broken


def harm(said: Path) -> list[str]:
    """Find in what a command said what must never stand there: a traceback, or a private link."""
    text = said.read_text("utf-8", errors="replace")
    wrong = ["Traceback", "bug of ours", *TOKENS.values()]
    return [f"it said: {text}" for each in wrong if each in text][:1]


def rerun(work: Work, state: State, site: Path, said: Path) -> list[str]:
    """Run once more with nothing in the way; say what is wrong then: it needs no hand."""
    code = in_child(functools.partial(work, state.root, site), said)
    if code == 0 and tree(site) == state.expected:
        return []
    return [f"the run after it ended with {code}: {said.read_text()}"]
