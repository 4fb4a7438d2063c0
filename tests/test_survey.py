"""What was found out and still holds is said again, and nobody can tell from what is said."""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import strategies as st
from hypothesis.stateful import rule

from site_builder import cache
from site_builder.survey import CLIENTS_PER_WORKER, survey
from site_builder.workspace import open_workspace
from tests.endurance.edits import Edits, clients, edit, sentences
from tests.repository import git
from tests.workspace import OTTER, PINE, TODAY, TOKENS, Workspace, small_workspace, tree

if TYPE_CHECKING:
    from pathlib import Path

MEMORY = ".cache/check.json"
OPENING = f"projects/{PINE}/shop/milestones/02-open.md"
OFFERING = """\
title: A shop on the web
for: Bakeries that want to sell on the web
promise: Your shop is open
milestones:
  - {id: open, label: The shop is open, day: 20, matters: Guests order from home.}
"""


def said(workspace: Workspace, *options: str, today: str = TODAY) -> list[object]:
    """Let `check` and `overview` say all that they know."""
    day = ("--today", today)
    return [
        workspace.run("check", *day, *options),
        workspace.run("check", *day, "--strict", *options),
        workspace.run("overview", *day, *options),
        workspace.run("overview", *day, "--format", "json", *options),
    ]


def assert_is_remembered_rightly(workspace: Workspace, today: str = TODAY) -> None:
    """Compare what is remembered with what is found anew, once before and once after."""
    anew = said(workspace, "--no-cache", today=today)
    assert said(workspace, today=today) == anew
    assert said(workspace, today=today) == anew


CHANGES = {
    "a word": [("edit", OPENING, "Readers", "Guests")],
    "a mistake": [("edit", OPENING, "2026-04-24", "friday")],
    "an update": [("write", f"projects/{PINE}/shop/updates/2026-03-01-till.md", "It is here.\n")],
    "a file that has no place": [("write", f"projects/{PINE}/shop/notes.txt", "Call.\n")],
    "the agency's glossary": [
        ("edit", "mkdocs.yml", "    name:", "    glossary: [CMS]\n    name:")
    ],
    "the time zone": [
        ("edit", "mkdocs.yml", "    name:", "    timezone: Asia/Tokyo\n    name:"),
    ],
    "an offering": [
        ("write", "projects/_offerings/shop.yml", OFFERING),
        ("edit", f"projects/{PINE}/shop/project.yml", "starts:", "offering: shop\nstarts:"),
    ],
    "the link of another client": [
        ("edit", f"projects/{PINE}/client.yml", TOKENS[PINE], TOKENS[OTTER]),
    ],
    "a client that is gone": [("remove", f"projects/{PINE}")],
    "what is remembered": [("write", MEMORY, "{}")],
    "all that is remembered": [("remove", ".cache")],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_whatever_changed_is_seen(workspace: Workspace, changes: list[tuple[str, ...]]) -> None:
    """In the files of one client, or in what all share."""
    said(workspace)
    for action, path, *rest in changes:
        getattr(workspace, action)(path, *rest)
    assert_is_remembered_rightly(workspace)


def test_what_another_client_does_with_its_name_is_seen(workspace: Workspace) -> None:
    """Two with one name are told so, both of them, and none once they differ again."""
    said(workspace)
    names = [
        yaml.safe_load((workspace.root / f"projects/{client}/client.yml").read_text("utf-8"))[
            "name"
        ]
        for client in (OTTER, PINE)
    ]
    workspace.edit(f"projects/{OTTER}/client.yml", names[0], names[1])
    assert_is_remembered_rightly(workspace)
    assert workspace.run("check", "--today", TODAY).output.count("[same-name]") == 2
    workspace.edit(f"projects/{OTTER}/client.yml", names[1], names[0])
    assert_is_remembered_rightly(workspace)


def test_what_another_client_does_with_a_link_is_seen(workspace: Workspace) -> None:
    """The owner's own files have not changed, and the words name the other one."""
    workspace.add_client("heron-rowing")
    for thief in (OTTER, "heron-rowing"):
        path = f"projects/{thief}/client.yml"
        workspace.edit(path, TOKENS[thief], TOKENS[PINE])
        assert_is_remembered_rightly(workspace)
        workspace.edit(path, TOKENS[PINE], TOKENS[thief])


def test_another_day_is_another_survey(workspace: Workspace) -> None:
    """What is late depends on the day; no day is kept for another."""
    for today in (TODAY, "2026-05-01", TODAY, "2026-04-24"):
        assert_is_remembered_rightly(workspace, today)


def test_a_commit_is_seen(workspace: Workspace) -> None:
    """Git knows of the first date, although the files stay as they are."""
    git(workspace.root, "init", "-q")
    git(workspace.root, "add", "-A")
    git(workspace.root, "commit", "-qm", "First")
    said(workspace)
    workspace.edit(OPENING, "2026-04-24", "2026-05-08")
    assert_is_remembered_rightly(workspace)
    git(workspace.root, "commit", "-qam", "Later")
    assert_is_remembered_rightly(workspace)
    assert "[silent-move]" in workspace.run("check", "--today", TODAY).output
    why = "moved: [{from: 2026-04-24, on: 2026-03-02, why: You asked for it.}]"
    workspace.edit(OPENING, "due: 2026-05-08", f"due: 2026-05-08\n{why}")
    git(workspace.root, "commit", "-qam", "Said")
    assert_is_remembered_rightly(workspace)
    workspace.edit(OPENING, "due: 2026-05-08", "due: 2026-05-15")
    git(workspace.root, "commit", "-qam", "Later again")
    assert_is_remembered_rightly(workspace)
    assert "[silent-move]" in workspace.run("check", "--today", TODAY).output


def test_what_is_remembered_is_said_without_a_look_at_the_files(workspace: Workspace) -> None:
    """Other words in the memory are other words on the screen: it is what is read."""
    workspace.edit(OPENING, "2026-04-24", "friday")
    assert "'friday' is not a date" in workspace.run("check", "--today", TODAY).output
    path = workspace.root / MEMORY
    manifest = cache.load_manifest(path)
    entry = manifest.entries[PINE]
    problems = tuple(replace(problem, message="as remembered") for problem in entry.problems)
    manifest.entries[PINE] = replace(entry, problems=problems)
    path.write_text(manifest.text(), "utf-8")
    assert "as remembered" in workspace.run("check", "--today", TODAY).output
    assert "as remembered" not in workspace.run("check", "--today", TODAY, "--no-cache").output


def test_only_what_was_found_is_written(workspace: Workspace) -> None:
    """The people's files stay as they are; git ignores the memory, and no link stands in it."""
    before = tree(workspace.root)
    workspace.run("check", "--no-cache")
    assert tree(workspace.root) == before
    said(workspace)
    after = tree(workspace.root)
    assert after.keys() - before.keys() == {MEMORY, ".cache/.gitignore"}
    assert not any(token.encode() in after[MEMORY] for token in TOKENS.values())


def test_a_damaged_link_is_not_remembered(workspace: Workspace) -> None:
    """Nearly a link is enough to guess it."""
    damaged = f"{TOKENS[PINE][:-1]}1"
    workspace.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], damaged)
    assert workspace.run("check").code == 1
    assert damaged not in (workspace.root / MEMORY).read_text("utf-8")


def test_a_memory_that_cannot_be_written_harms_nothing(workspace: Workspace) -> None:
    """It only takes longer."""
    workspace.write(".cache", "not a folder")
    assert_is_remembered_rightly(workspace)


def test_many_clients_are_looked_at_by_several_processes(tmp_path: Path) -> None:
    """And stand in the order in which they were named."""
    workspace = small_workspace(tmp_path / "agency", OTTER)
    template = tree(workspace.root / "projects" / OTTER)
    names = [f"client-{number:03}" for number in range(2 * CLIENTS_PER_WORKER)]
    for number, name in enumerate(names):
        digits = "".join("abcdefghij"[int(digit)] for digit in f"{number:026}")
        for path, content in template.items():
            text = content.replace(TOKENS[OTTER].encode(), digits.encode())
            workspace.write(f"projects/{name}/{path}", text)
    opened = open_workspace(workspace.root / "mkdocs.yml")
    today = datetime.date.fromisoformat(TODAY)
    memory = workspace.root / MEMORY
    found = survey(opened, names, today, processes=2, manifest_file=memory)
    assert [each.client for each in found] == names
    assert found == survey(opened, names, today)
    assert found == survey(opened, names, today, manifest_file=memory)


class Surveys(Edits):
    """Edits as people do, and commits, and changes what the findings depend on."""

    def prepare(self) -> None:
        """Make a repository of it."""
        git(self.workspace.root, "init", "-q", "-b", "main")
        self.commit(is_aside=False)

    @rule(is_aside=st.booleans())
    def commit(self, *, is_aside: bool) -> None:
        """Commit what there is, at times aside, to be merged."""
        if is_aside:
            git(self.workspace.root, "checkout", "-q", "-B", "aside")
        git(self.workspace.root, "add", "-A")
        git(self.workspace.root, "commit", "-q", "--allow-empty", "-m", "A change")
        if is_aside:
            git(self.workspace.root, "checkout", "-q", "-B", "main")

    @rule(client=clients, words=sentences, days=st.integers(-9, 20))
    def ask(self, client: str, words: str, days: int) -> None:
        """Ask a client for something."""
        by = self.day + datetime.timedelta(days)
        text = f"---\nlabel: {words[:20].strip()}\nstate: waiting\nnow: waiting for the till\ndue: {by}\nneeds:\n  - {{ask: {words}, asked: 2026-02-20, by: {by}}}\n---\n## Why it matters\n{words}\n## What comes next\n{words}\n"
        if self.has(client):
            self.workspace.write(f"projects/{client}/shop/milestones/05-till.md", text)

    @rule()
    def write_offering(self) -> None:
        """Sell the shop as a service, or no longer."""
        path = self.root / "projects/_offerings/shop.yml"
        if path.exists():
            path.unlink()
        else:
            self.workspace.write("projects/_offerings/shop.yml", OFFERING)

    @rule(client=clients)
    def follow_offering(self, client: str) -> None:
        """Say that a project is that service."""
        text = "title: Your shop\nstarts: 2026-01-05\noffering: shop\n"
        if self.has(client):
            self.workspace.write(f"projects/{client}/shop/project.yml", text)

    @rule()
    def look(self) -> None:
        """Say the same problems, the same overview, with the same exit code."""
        for command in (("check",), ("overview", "--format", "json")):
            ran = self.workspace.run(*command, "--today", str(self.day))
            anew = self.workspace.run(*command, "--today", str(self.day), "--no-cache")
            assert ran == anew
        self.told["looks"] += 1


@pytest.mark.parametrize(
    ("sequences", "part"), [(10, 0), pytest.param(300, 1, marks=pytest.mark.endurance)]
)
def test_after_any_edits_the_same_is_said_as_without_a_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sequences: int, part: int
) -> None:
    """Edits, commits, days and damage: the same problems, the same overview, the same exit code."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert edit(Surveys, sequences, part)["looks"] > 2 * sequences
