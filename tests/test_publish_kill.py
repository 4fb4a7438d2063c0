"""A run that is killed at any moment leaves every client's page whole, old or new."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.publish import exchange
from tests.workspace import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 200
SEEDS = (20260302, 8)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def driven(folder: Path, *arguments: str | int) -> dict[str, Any]:
    """Run `tests.kill` in a process of its own, and read what it found."""
    command = [sys.executable, "-m", "tests.kill", str(folder), *map(str, arguments)]
    (folder / "temporary").mkdir()  # a killed process leaves its temporary files behind
    known = {**os.environ, "TMPDIR": str(folder / "temporary")}
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def can_exchange(folder: Path) -> bool:
    """Tell whether the system swaps two folders in one step here."""
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    return exchange._exchange_at_once(folder / "a", folder / "b")


@pytest.mark.parametrize("work", ["build", "publish"])
@pytest.mark.parametrize("seed", SEEDS)
def test_runs_killed_at_random_moments_leave_every_page_whole(
    tmp_path: Path, seed: int, work: str
) -> None:
    """Pages, their shared files, the neutral pages; and the next run needs no hand."""
    if not can_exchange(tmp_path):
        pytest.skip("this file system cannot swap two folders in one step")
    found = driven(tmp_path, work, KILLS // len(SEEDS), seed)
    print(f"{work}, seed {seed}: {found}")  # noqa: T201 - shown when it fails
    assert found["broken"] == []
    assert found["killed"] == KILLS // len(SEEDS)


@pytest.mark.parametrize("work", ["build", "publish"])
def test_without_one_step_exchange_the_next_start_puts_back_what_stepped_aside(
    tmp_path: Path, work: str
) -> None:
    """Killed before and after each of the two renames, of every folder."""
    found = driven(tmp_path, work)
    assert found["broken"] == []
    assert found["steps"] > 6, "two renames a client, at least"
    assert found["aside"] >= 3, "each client's folder was away once"
