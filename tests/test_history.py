"""What git remembers of the dates: real repositories, real commits."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from site_builder.history import first_dues, is_shallow, silent_moves
from site_builder.source.files import read_client

if TYPE_CHECKING:
    from pathlib import Path

STEP = "projects/acorn/site/milestones/01-live.md"


def git(folder: Path, *words: str) -> None:
    """Run git as an author whom the machine need not know."""
    author = ["-c", "user.name=Author", "-c", "user.email=author@agency.example"]
    subprocess.run(["git", *author, "-C", str(folder), *words], check=True, capture_output=True)


def commit(folder: Path, path: str, text: str) -> None:
    """Write a file and commit everything."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "A change")


def step(due: str, extra: str = "") -> str:
    """Write a planned milestone."""
    return f"---\nlabel: Site is live\ndue: {due}\n{extra}---\n## Why it matters\nYou are found.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A repository with one milestone, promised for 24 April."""
    git(tmp_path, "init", "-q")
    commit(tmp_path, STEP, step("2026-04-24"))
    return tmp_path


def findings(workspace: Path) -> list[str]:
    """List what is said about dates."""
    return [
        found.message
        for found in silent_moves(read_client(workspace, "acorn"), first_dues(workspace))
    ]


def test_a_date_that_never_changed_is_no_finding(workspace: Path) -> None:
    """A promise that holds needs no word."""
    commit(workspace, STEP, step("2026-04-24", "weight: 3\n"))
    assert findings(workspace) == []


def test_a_changed_date_without_a_word_is_found(workspace: Path) -> None:
    """The first date counts, however many changes came after it."""
    commit(workspace, STEP, step("2026-05-01"))
    commit(workspace, STEP, step("'2026-05-08'"))
    assert findings(workspace) == ["this date was 2026-04-24 at first, and no move is written down"]


def test_a_change_that_is_not_committed_yet_is_found(workspace: Path) -> None:
    """The file on disk is compared, not the newest commit."""
    (workspace / STEP).write_text(step("2026-05-01"), "utf-8")
    assert len(findings(workspace)) == 1


@pytest.mark.parametrize(
    "extra",
    [
        "moved: [{from: 2026-04-24, on: 2026-03-02, why: You asked for it.}]\n",
        "allow: [{rule: silent-move, why: It was a typing error.}]\n",
        "skipped: {on: 2026-03-02, why: You need no site.}\n",
    ],
    ids=["moved", "allowed", "skipped"],
)
def test_a_move_with_its_reason_is_no_finding(workspace: Path, extra: str) -> None:
    """Whoever says why has not been silent."""
    commit(workspace, STEP, step("2026-05-01", extra))
    assert findings(workspace) == []


def test_a_renamed_milestone_keeps_its_first_date(workspace: Path) -> None:
    """A new number in front of the name is no new promise."""
    renamed = STEP.replace("01-", "02-")
    git(workspace, "mv", STEP, renamed)
    git(workspace, "commit", "-qm", "Renumber")
    commit(workspace, renamed, step("2026-05-01"))
    assert len(findings(workspace)) == 1


def test_a_workspace_below_the_repository_is_understood(tmp_path: Path) -> None:
    """Paths are the workspace's, wherever the repository begins."""
    git(tmp_path, "init", "-q")
    workspace = tmp_path / "agency"
    commit(tmp_path, f"agency/{STEP}", step("2026-04-24"))
    commit(tmp_path, f"agency/{STEP}", step("2026-05-01"))
    assert len(findings(workspace)) == 1


def test_half_a_history_says_nothing(
    workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A shallow clone does not know the first date, and does not guess."""
    commit(workspace, STEP, step("2026-05-01"))
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", workspace.as_uri(), "shallow")
    assert is_shallow(clone / "shallow")
    assert first_dues(clone / "shallow") == {}


def test_a_folder_without_git_says_nothing(tmp_path: Path) -> None:
    """Not everybody keeps a history."""
    assert first_dues(tmp_path) == {}


def test_a_typing_mistake_is_no_move(workspace: Path) -> None:
    """What is no date has a problem of its own; it does not count as a change of the promise."""
    (workspace / STEP).write_text(step("next friday"), "utf-8")
    assert findings(workspace) == []
