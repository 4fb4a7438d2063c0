"""What was not changed is not built again, and nobody can tell from the pages."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import cache
from site_builder.errors import Problem, Severity
from site_builder.traces import Trace
from tests.workspace import (
    OTTER,
    PINE,
    PLANNED,
    TODAY,
    TOKENS,
    Workspace,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path


MANIFEST = ".cache/build.json"
UP_TO_DATE = "site is up to date: nothing has changed since the last build.\n"
OPENING = "shop/milestones/02-open.md"
OFFERING = """\
title: A shop on the web
for: Bakeries that want to sell on the web
promise: Your shop is open
milestones:
  - {id: open, label: The shop is open, day: 20, matters: Guests order from home.}
"""


def clean(workspace: Workspace, name: str, *arguments: str, today: str = TODAY) -> dict[str, bytes]:
    """Build everything anew into another folder, and read it."""
    workspace.build("--no-cache", "-d", name, *arguments, today=today)
    return tree(workspace.root / name)


def stamps(folder: Path) -> dict[str, int]:
    """Tell when each file was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


# --- What is built again -------------------------------------------------------------------------


def test_an_unchanged_client_is_not_built_again(workspace: Workspace) -> None:
    """Its files stay as they are on the disk, and the command says so."""
    workspace.build()
    before = {client: stamps(workspace.client_dir(client)) for client in (OTTER, PINE)}
    workspace.edit(f"projects/{OTTER}/{OPENING}", "Readers order", "All readers order")
    ran = workspace.build()
    assert ran.output == "1 of 2 clients built into site, 1 unchanged.\n"
    assert stamps(workspace.client_dir(PINE)) == before[PINE]
    assert stamps(workspace.client_dir(OTTER)) != before[OTTER]
    assert "All readers order" in workspace.page(OTTER)


AT_PINE = f"projects/{PINE}"
PAGES_OF_PINE = f"site/c/{TOKENS[PINE]}"
Change = tuple[str, ...]
CHANGES: dict[str, list[Change]] = {
    "a word": [("edit", f"{AT_PINE}/{OPENING}", "Readers", "Guests")],
    "a name": [("edit", f"{AT_PINE}/client.yml", "Pine", "Oak")],
    "a step more": [
        ("edit", f"{AT_PINE}/{OPENING}", "from home.", "from home.\n## What comes next\nA review."),
        ("write", f"{AT_PINE}/shop/milestones/03-review.md", PLANNED),
    ],
    "a step less": [("remove", f"{AT_PINE}/shop/milestones/01-goals-agreed.md")],
    "the name of a file": [
        ("write", f"{AT_PINE}/shop/milestones/02-launch.md", PLANNED),
        ("remove", f"{AT_PINE}/{OPENING}"),
    ],
    "an update": [("write", f"{AT_PINE}/shop/updates/2026-03-01-till.md", "The till is here.\n")],
    "the colour": [("edit", "mkdocs.yml", "    name:", '    colour: "#7a1f3d"\n    name:')],
    "a contact": [("edit", "mkdocs.yml", "Maya Lindqvist", "Ines Duarte")],
    "an offering": [
        ("write", "projects/_offerings/shop.yml", OFFERING),
        ("edit", f"{AT_PINE}/shop/project.yml", "starts:", "offering: shop\nstarts:"),
    ],
    "a template": [("write", "theme/logo.html", "<b>Our own</b>\n")],
    "a stylesheet": [("write", "theme/css/more.css", "p{color:red}\n")],
    "a page that somebody changed": [("write", f"{PAGES_OF_PINE}/index.html", "<p>Hello</p>\n")],
    "a page that somebody removed": [("remove", f"{PAGES_OF_PINE}/shop/open/index.html")],
    "a file that somebody added": [("write", f"{PAGES_OF_PINE}/shop/notes.html", "Hello\n")],
    "a neutral page that somebody changed": [("write", "site/404.html", "Hello\n")],
    "a stylesheet that somebody changed": [("write", "site/assets/*/progress.css", "")],
    "the whole site": [("remove", "site")],
    "what is remembered": [("write", MANIFEST, "{}")],
    "all that is remembered": [("remove", ".cache")],
}


def apply(workspace: Workspace, change: Change) -> None:
    """Do one change; `*` in its path stands for the one name that is there."""
    action, path, *rest = change
    if "*" in path:
        (found,) = workspace.root.glob(path)
        path = found.relative_to(workspace.root).as_posix()
    getattr(workspace, action)(path, *rest)


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_whatever_changed_the_pages_are_those_of_a_clean_build(
    workspace: Workspace, changes: list[Change]
) -> None:
    """Every way in which a page may become another one is seen."""
    workspace.build()
    for change in changes:
        apply(workspace, change)
    assert workspace.build().code == 0
    assert tree(workspace.site) == clean(workspace, "clean")


@pytest.mark.parametrize("options", [("--strict",), ("--jobs", "2"), ("-f", "mkdocs.yml")])
def test_options_give_the_same_pages(workspace: Workspace, options: tuple[str, ...]) -> None:
    """Only the problems may be told otherwise."""
    workspace.build()
    assert workspace.build(*options).code == 0
    assert tree(workspace.site) == clean(workspace, "clean")


def test_another_day_is_another_page(workspace: Workspace) -> None:
    """What is late or near depends on the day, and the page's data says it."""
    workspace.build()
    ran = workspace.build(today="2026-05-01")
    assert "2 of 2 clients built" in ran.output
    assert tree(workspace.site) == clean(workspace, "clean", today="2026-05-01")


def test_a_closed_page_is_built_once_for_all_days(workspace: Workspace) -> None:
    """Nothing on it depends on the day, but on an earlier one it is open again."""
    workspace.edit(f"projects/{PINE}/client.yml", "links:", "ends: 2026-03-01\nlinks:")
    workspace.build()
    assert "1 unchanged" in workspace.build(today="2027-01-01").output
    assert tree(workspace.site) == clean(workspace, "clean", today="2027-01-01")
    assert "2 of 2 clients built" in workspace.build(today="2026-02-28").output
    assert "Open" in workspace.page(PINE)


def test_warnings_are_told_again(workspace: Workspace) -> None:
    """A client that is not built again has still something to mend."""
    workspace.write(f"projects/{PINE}/notes.txt", "Call them.\n")
    first, second = workspace.build(), workspace.build()
    assert UP_TO_DATE in second.output
    assert "notes.txt" in second.output
    assert second.output.splitlines()[:-1] == first.output.splitlines()[:-1]
    assert workspace.build("--strict").code == 3, "a warning is an error now"


def test_a_client_with_mistakes_is_read_again_each_time(workspace: Workspace) -> None:
    """It is told until it is mended, and the page stays."""
    workspace.build()
    before = workspace.pages(PINE)
    workspace.edit(f"projects/{PINE}/{OPENING}", "2026-04-24", "friday")
    outputs = [workspace.build() for _ in range(2)]
    assert [ran.code for ran in outputs] == [3, 3]
    assert all("'friday' is not a date" in ran.output for ran in outputs)
    assert workspace.pages(PINE) == before
    workspace.edit(f"projects/{PINE}/{OPENING}", "friday", "2026-04-24")
    assert workspace.build().output == UP_TO_DATE


def test_a_link_that_another_client_copied_is_seen(workspace: Workspace) -> None:
    """The owner's own files have not changed, and yet the link is shared now."""
    workspace.build()
    workspace.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], TOKENS[OTTER])
    ran = workspace.build()
    assert ran.code == 3
    assert ran.output.count("[shared-link]") == 2


def test_one_manifest_serves_several_sites(workspace: Workspace) -> None:
    """A copy of the site, as CI restores it, has other times and the same content."""
    workspace.build()
    shutil.copytree(workspace.site, workspace.root / "restored")
    ran = workspace.build("-d", "restored")
    assert ran.output == UP_TO_DATE.replace("site", "restored")


def test_a_cache_that_cannot_be_written_harms_nothing(workspace: Workspace) -> None:
    """It only takes longer."""
    workspace.write(".cache", "not a folder")
    assert [workspace.build().code for _ in range(2)] == [0, 0]


def test_no_link_stands_in_what_is_remembered(workspace: Workspace) -> None:
    """CI keeps it between its jobs."""
    workspace.build()
    text = (workspace.root / MANIFEST).read_text("utf-8")
    assert OTTER in text
    assert not any(token in text for token in TOKENS.values())


# --- What is remembered --------------------------------------------------------------------------

PROBLEM = Problem(path="a.md", rule="date", message="no", severity=Severity.WARNING, client="a")
NOTE = replace(PROBLEM, rule="day-off", severity=Severity.NOTE)
TRACE = Trace(content="c", stamps="s", ways=("index.html//shop",))
ENTRY = cache.Entry(key="k", first_day=TODAY, last_day=TODAY, made=TRACE, problems=(PROBLEM, NOTE))
REMEMBERED = cache.Manifest({"a": ENTRY}, {"a": TRACE})
TEXT = REMEMBERED.text()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Problems are problems again."""
    path = tmp_path / "build.json"
    path.write_text(TEXT, "utf-8")
    assert cache.load_manifest(path) == REMEMBERED


@given(at=st.integers(0, len(TEXT) - 1), what=st.integers(1, 255), cut=st.booleans())
def test_damage_is_a_miss(
    tmp_path_factory: pytest.TempPathFactory, at: int, what: int, *, cut: bool
) -> None:
    """One wrong byte anywhere, or a torn end, and nothing is believed."""
    data = bytearray(TEXT.encode())
    if cut:
        del data[at:]
    else:
        data[at] ^= what
    path = tmp_path_factory.mktemp("manifest") / "build.json"
    path.write_bytes(data)
    assert cache.load_manifest(path) == cache.Manifest()


def test_nothing_is_remembered_where_there_is_no_file(tmp_path: Path) -> None:
    """A first build, a folder in its place, or no manifest at all."""
    assert cache.load_manifest(tmp_path / "none") == cache.Manifest()
    assert cache.load_manifest(tmp_path) == cache.Manifest()
    assert cache.load_manifest(None) == cache.Manifest()
