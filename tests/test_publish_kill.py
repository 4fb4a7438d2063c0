"""A run that is killed, raced or out of room leaves every client's page whole, old or new.

Each promise is kept twice: with a few tries here, and with many in `make endure`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.publish import exchange
from tests.endurance.breaks import break_each
from tests.endurance.disks import CLEAR, can_mount
from tests.endurance.edits import Builds, edit
from tests.workspace import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def often(*arguments: Any) -> Any:
    """Mark what only `make endure` does, because it takes minutes."""
    return pytest.param(*arguments, marks=pytest.mark.endurance)


@pytest.fixture
def quick() -> Iterator[Path]:
    """Give a folder in memory, where there is one: nobody waits for a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def driven(folder: Path, what: str, *before: str, **arguments: Any) -> dict[str, Any]:
    """Run `tests.endurance` in a process of its own, and read what it found."""
    words = [*before, sys.executable, "-m", "tests.endurance", what, str(folder)]
    (folder / "temporary").mkdir()  # a killed process leaves its temporary files behind
    known = {**os.environ, "TMPDIR": str(folder / "temporary")}
    done = subprocess.run(
        [*words, json.dumps(arguments)],
        cwd=ROOT, env=known, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    print(what, arguments, found)  # noqa: T201 - `make endure` shows it
    return found


def can_exchange(folder: Path) -> bool:
    """Tell whether the system swaps two folders in one step here."""
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    return exchange._exchange_at_once(folder / "a", folder / "b")


@pytest.mark.parametrize("work", ["build", "publish"])
@pytest.mark.parametrize(("kills", "seed"), [(20, 20260302), often(125, 8), often(125, 1)])
def test_runs_killed_at_random_moments_leave_every_page_whole(
    quick: Path, work: str, kills: int, seed: int
) -> None:
    """Pages, their shared files, the neutral pages; and the next run needs no hand."""
    if not can_exchange(quick):
        pytest.skip("this file system cannot swap two folders in one step")
    found = driven(quick, "kill", name=work, kills=kills, seed=seed)
    assert found["broken"] == []
    assert found["killed"] == kills


@pytest.mark.parametrize(
    ("work", "every"),
    [
        ("exchange", 19),
        ("build", 599),
        often("exchange", 1),
        often("build", 7),
        often("publish", 7),
    ],
)
def test_a_fault_at_each_call_of_the_file_system_leaves_every_page_whole(
    quick: Path, work: str, every: int
) -> None:
    """Killed there, a sick disk, a permission, no room, nothing to be written any more."""
    if not can_exchange(quick):
        pytest.skip("this file system cannot swap two folders in one step")
    found = driven(quick, "fail", name=work, every=every)
    assert found["broken"] == []
    assert all(tries > 0 for tries in found["tries"].values())


@pytest.mark.parametrize("every", [19, often(1)])
def test_without_one_step_exchange_the_next_start_puts_back_what_stepped_aside(
    quick: Path, every: int
) -> None:
    """A fault before, between and after the two renames, of every folder."""
    found = driven(quick, "fail", name="exchange", every=every, can_exchange=False)
    assert found["broken"] == []
    assert all(tries > 4 for tries in found["tries"].values())


@pytest.mark.parametrize("step", [16, often(1)])
@pytest.mark.parametrize("work", ["build", "publish"])
def test_a_disk_without_room_keeps_every_page_whole(quick: Path, work: str, step: int) -> None:
    """A real one, a little less full each time; then one that can only be read."""
    if not can_mount(quick):
        pytest.skip("this system lets nobody mount a small disk")
    found = driven(quick, "fill", *CLEAR, name=work, step=step)
    assert found["broken"] == []
    assert found["tries"] > 2
    assert (found["code"], found["said"][:30]) == (1, "Error: Read-only file system: ")


@pytest.mark.parametrize("races", [4, often(200)])
def test_two_builds_at_once_never_mix(quick: Path, races: int) -> None:
    """One waits for the other: the site is that of the last one, and whole whenever one looks."""
    found = driven(quick, "race", name="build", races=races, seed=races)
    assert found["broken"] == []


@pytest.mark.parametrize(("clients", "each"), [(4, 2), often(20, 25)])
def test_a_broken_client_harms_nobody_and_keeps_its_page(
    quick: Path, clients: int, each: int
) -> None:
    """Some clients, broken in so many ways each: all pages stay, byte for byte."""
    found = break_each(quick, clients, each)
    print(found)  # noqa: T201 - `make endure` shows it
    assert found["broken"] == []
    assert found["tried"] == clients * each


@pytest.mark.parametrize(("sequences", "part"), [(8, 0), *(often(250, part) for part in range(8))])
def test_after_any_edits_the_pages_are_those_of_a_build_without_a_cache(
    quick: Path, monkeypatch: pytest.MonkeyPatch, sequences: int, part: int
) -> None:
    """After each build: the same bytes, the same problems, the same exit code.

    A client with mistakes keeps its page, so both sites have lived through all edits; where no
    client has a mistake, a site that has lived through none is the same, too.
    """
    monkeypatch.setattr(tempfile, "tempdir", str(quick))
    found = edit(Builds, sequences, part)
    print(found)  # noqa: T201 - `make endure` shows it
    assert found["sequences"] >= sequences
    assert found["spared"] > found["builds"] / 8, "many edits concern one client"
    assert found["clean"] > sequences / 3, "many sequences end without a mistake"
