"""What git remembers of the dates: real repositories, real commits."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from site_builder.history import Memory, recall, silent_moves
from site_builder.source.files import read_client
from tests.repository import git
from tests.workspace import run

if TYPE_CHECKING:
    from pathlib import Path

STEP = "projects/acorn/site/milestones/01-live.md"


def commit(folder: Path, path: str, text: str, at: str = "") -> None:
    """Write a file and commit everything."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "A change", at=at)


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
        for found in silent_moves(read_client(workspace, "acorn"), recall(workspace, "UTC"))
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
        "skipped: {on: 2026-03-02, why: You need no site.}\n",
    ],
    ids=["moved", "skipped"],
)
def test_a_move_with_its_reason_is_no_finding(workspace: Path, extra: str) -> None:
    """Whoever says why has not been silent."""
    commit(workspace, STEP, step("2026-05-01", extra))
    assert findings(workspace) == []


MOVED = "moved: [{from: 2026-04-24, on: 2026-03-02, why: You asked for it.}]\n"
MOVED_IN_LINES = """moved:
  - from: 2026-04-24
    on: 2026-03-02
    why: You asked for it.
"""


@pytest.mark.parametrize("moved", [MOVED, MOVED_IN_LINES], ids=["one line", "lines"])
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_second_move_needs_a_word_of_its_own(
    workspace: Path, moved: str, *, is_committed: bool
) -> None:
    """The reason of the first move is no reason for the second one, which its own entry mends."""
    commit(workspace, STEP, step("2026-05-01", moved))
    commit(workspace, STEP, step("2026-05-01", moved.replace("You asked", "Ada asked")))
    assert findings(workspace) == []
    (workspace / STEP).write_text(step("2026-05-08", moved), "utf-8")
    if is_committed:
        commit(workspace, STEP, step("2026-05-08", moved))
    said = "the last move that is written down was to 2026-05-01, not to this"
    assert findings(workspace) == [said]
    second = "moved: [{from: 2026-04-24, on: 2026-03-02, why: You asked.}, {from: 2026-05-01, on: 2026-03-09, why: The paper is late.}]\n"
    (workspace / STEP).write_text(step("2026-05-08", second), "utf-8")
    assert findings(workspace) == []
    commit(workspace, STEP, step("2026-05-08", second))
    assert findings(workspace) == []


def test_a_reason_may_come_after_its_date(workspace: Path) -> None:
    """First the date, then, in another commit, why: together they are one move."""
    commit(workspace, STEP, step("2026-05-01"))
    commit(workspace, STEP, step("2026-05-01", MOVED))
    assert findings(workspace) == []
    commit(workspace, STEP.replace("01-", "02-"), step("2026-06-01", MOVED))
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
    assert (clone / "shallow" / ".git" / "shallow").is_file()
    assert recall(clone / "shallow", "UTC") == Memory()


def test_a_folder_without_git_says_nothing(tmp_path: Path) -> None:
    """Not everybody keeps a history."""
    assert recall(tmp_path, "UTC") == Memory()


def test_a_typing_mistake_is_no_move(workspace: Path) -> None:
    """What is no date has a problem of its own; it does not count as a change of the promise."""
    (workspace / STEP).write_text(step("next friday"), "utf-8")
    assert findings(workspace) == []


# --- When the end of a step was told -------------------------------------------------------------

DONE = "done: 2026-02-20\n"


def told(workspace: Path, timezone: str = "UTC") -> dict[str, datetime.date]:
    """Ask on which day each step was said to be finished."""
    return dict(recall(workspace, timezone).told)


@pytest.mark.parametrize(("timezone", "day"), [("UTC", 2), ("Asia/Tokyo", 3)])
def test_a_step_is_told_on_the_day_of_the_commit(workspace: Path, timezone: str, day: int) -> None:
    """In the agency's time zone: it is the agency that is late."""
    commit(workspace, STEP, step("2026-04-24", DONE), at="2026-03-02T18:00:00+0000")
    assert told(workspace, timezone) == {STEP: datetime.date(2026, 3, day)}


def test_the_first_telling_counts(workspace: Path) -> None:
    """A day that is put right later, and a new name of the file, tell nothing new."""
    commit(workspace, STEP, step("2026-04-24", DONE), at="2026-02-20T12:00:00+0000")
    right = step("2026-04-24", "done: 2026-02-19\n")
    commit(workspace, STEP, right, at="2026-03-02T12:00:00+0000")
    renamed = STEP.replace("01-", "02-")
    git(workspace, "mv", STEP, renamed)
    git(workspace, "commit", "-qm", "Renumber", at="2026-03-03T12:00:00+0000")
    assert told(workspace)[renamed] == datetime.date(2026, 2, 20)


def test_a_file_that_begins_finished_tells_no_day(workspace: Path) -> None:
    """A workspace may come from elsewhere, with all that was done before."""
    other = STEP.replace("01-live", "02-found")
    commit(workspace, other, step("2026-04-24", DONE))
    assert told(workspace) == {}


@pytest.fixture
def shown(workspace: Path) -> Path:
    """The same repository, with all that `check` needs."""
    agency = "extra:\n  agency:\n    name: Northlight Studio\n    contact: {name: Maya, email: m@n.example}\n"
    home = "projects/acorn"
    client = "name: Acorn\nlinks: {everyone: 5mzk3w7q2hxr4tnd6bvyacjpfa}\n"
    commit(workspace, "mkdocs.yml", agency)
    commit(workspace, f"{home}/client.yml", client)
    commit(workspace, f"{home}/site/project.yml", "title: Your site\nstarts: 2026-02-02\n")
    return workspace


def said_on(workspace: Path, today: str) -> str:
    """Say what `check` says on a day."""
    return run(workspace, "check", "--today", today).output


def test_a_silent_move_can_be_meant_so(shown: Path) -> None:
    """A typing error was no promise."""
    commit(shown, STEP, step("2026-05-01"))
    assert "[silent-move]" in said_on(shown, "2026-03-06")
    meant = "allow: [{rule: silent-move, why: It was a typing error.}]\n"
    commit(shown, STEP, step("2026-05-01", meant))
    assert "[silent-move]" not in said_on(shown, "2026-03-06")


def test_check_says_how_late_the_news_was(shown: Path) -> None:
    """From a commit to the words that a person reads."""
    happened = "## What just happened\nIt is live.\n## What comes next\nWe stay in touch.\n"
    text = step("2026-02-20", DONE) + happened
    commit(shown, STEP, text, at="2026-03-02T12:00:00+0000")
    commit(shown, "projects/acorn/site/milestones/02-next.md", step("2026-03-20"))
    said = said_on(shown, "2026-03-06")
    assert f"{STEP}:4:7: warning: finished on 2026-02-20, told on 2026-03-02: 10 days later" in said
    allowed = text.replace(DONE, f"{DONE}allow: [{{rule: late-news, why: We told it by phone.}}]\n")
    commit(shown, STEP, allowed)
    assert "late-news" not in said_on(shown, "2026-03-06")


def test_a_new_last_step_moves_the_end_in_silence(shown: Path) -> None:
    """Committed or not; and a step that was a draft comes when it is none any more."""
    after = STEP.replace("01-live", "02-taught")
    draft, planned = step("2026-05-15", "draft: true\n"), step("2026-05-15")
    (shown / after).write_text(planned, "utf-8")
    expected = (
        f"{after}:3:6: warning: the end was \u201cSite is live\u201d (2026-04-24) until this step"
        " was added, and no move is written down [silent-end]"
    )
    assert expected in said_on(shown, "2026-03-06")
    commit(shown, after, draft)
    assert "silent-end" not in said_on(shown, "2026-03-06")
    commit(shown, after, planned)
    assert expected in said_on(shown, "2026-03-06")
    told = "moved: [{from: 2026-04-24, on: 2026-03-06, why: You asked for a lesson.}]\n"
    commit(shown, after, step("2026-05-15", told))
    assert "silent-end" not in said_on(shown, "2026-03-06")


def test_a_road_that_is_committed_at_once_has_one_end(shown: Path) -> None:
    """Also where its steps have new numbers later."""
    other = STEP.replace("acorn", "birch")
    for name in ("client.yml", "site/project.yml"):
        text = (shown / "projects/acorn" / name).read_text("utf-8")
        (shown / "projects/birch" / name).parent.mkdir(parents=True, exist_ok=True)
        (shown / "projects/birch" / name).write_text(text.replace("5mzk", "6mzk"), "utf-8")
    (shown / other.replace("01-live", "02-taught")).parent.mkdir(parents=True)
    (shown / other.replace("01-live", "02-taught")).write_text(step("2026-05-15"), "utf-8")
    commit(shown, other, step("2026-04-24"))
    git(shown, "mv", other.replace("01-live", "02-taught"), other.replace("01-live", "03-taught"))
    git(shown, "commit", "-qm", "Renumber")
    assert "silent-end" not in said_on(shown, "2026-03-06")


# --- What was known before -----------------------------------------------------------------------


def test_what_came_since_is_added_to_what_was_known(workspace: Path) -> None:
    """Commits and renames in one line: the same as reading all of it."""
    known = recall(workspace, "UTC")
    assert recall(workspace, "UTC", known) is known
    renamed = STEP.replace("01-", "02-")
    commit(workspace, STEP, step("2026-04-24", DONE), at="2026-03-02T12:00:00+0000")
    git(workspace, "mv", STEP, renamed)
    git(workspace, "commit", "-qm", "Renumber")
    commit(workspace, renamed.replace("live", "found"), step("2026-05-01"))
    assert recall(workspace, "UTC", known) == recall(workspace, "UTC") != known
    marked = replace(known, dues={"projects/a/b/milestones/01-c.md": "2026-01-01"})
    assert "projects/a/b/milestones/01-c.md" in recall(workspace, "UTC", marked).dues


@pytest.mark.parametrize("change", ["merge", "amend", "timezone", "gone"])
def test_where_it_may_not_go_on_all_is_read_anew(workspace: Path, change: str) -> None:
    """After a merge, in a rewritten history or another time zone, what was known does not count."""
    known = replace(recall(workspace, "UTC"), dues={STEP: "2020-01-01"})
    timezone = "Asia/Tokyo" if change == "timezone" else "UTC"
    if change == "merge":
        git(workspace, "checkout", "-qb", "aside", "HEAD")
        commit(workspace, STEP, step("2026-05-01"))
        git(workspace, "checkout", "-q", "-")
        commit(workspace, "readme.md", "Hello\n")
        git(workspace, "merge", "-q", "--no-edit", "aside")
    elif change == "amend":
        git(workspace, "commit", "-q", "--amend", "-m", "Another")
    elif change == "gone":
        known = replace(known, until=known.until.replace(known.until[:7], "0000000"))
    assert recall(workspace, timezone, known) == recall(workspace, timezone)
