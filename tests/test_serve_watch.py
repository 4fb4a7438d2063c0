"""What is noticed in a workspace, however an editor saves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from site_builder.serve.watch import changes
from tests.workspace import OTTER, Workspace, small_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILE = f"projects/{OTTER}/shop/project.yml"
MILESTONE = f"projects/{OTTER}/shop/milestones/03-new.md"


@pytest.fixture
def stream(workspace: Workspace) -> Iterator[Iterator[frozenset[Path] | None]]:
    """What is told of a workspace with mkdocs.yml as its only single file; it runs already."""
    stop = threading.Event()
    found = changes(workspace.root, lambda: [workspace.root / "mkdocs.yml"], stop)
    assert next(found) is None
    yield found
    stop.set()
    assert list(found) == []


def in_place(workspace: Workspace, name: str) -> None:
    """Save as most programs do."""
    workspace.write(name, "new")


def by_renaming(workspace: Workspace, name: str) -> None:
    """Save as careful programs do: a whole new file takes the old one's place."""
    workspace.write(f"{name}.tmp", "new")
    (workspace.root / f"{name}.tmp").replace(workspace.root / name)


def by_stepping_aside(workspace: Workspace, name: str) -> None:
    """Save as vim does: the old file becomes a copy, a new one is written, the copy goes."""
    path = workspace.root / name
    path.rename(f"{path}~")
    workspace.write(name, "new")
    workspace.remove(f"{name}~")


@pytest.mark.parametrize("save", [in_place, by_renaming, by_stepping_aside])
@pytest.mark.parametrize("name", [FILE, "mkdocs.yml"])
def test_a_save_is_noticed_twice_in_a_row(
    workspace: Workspace,
    stream: Iterator[frozenset[Path] | None],
    save: Callable[[Workspace, str], None],
    name: str,
) -> None:
    """Also the second one: a file that was exchanged is still watched."""
    for _ in range(2):
        save(workspace, name)
        assert any(found and workspace.root / name in found for found in stream)


def test_new_folders_and_removed_ones_are_noticed(
    workspace: Workspace, stream: Iterator[frozenset[Path] | None]
) -> None:
    """A client that is added, and one that is taken away."""
    workspace.write("projects/new-client/client.yml", "name: New")
    assert any(found and workspace.root / "projects/new-client" in found for found in stream)
    workspace.remove(f"projects/{OTTER}")
    assert any(found and workspace.root / f"projects/{OTTER}" in found for found in stream)


def test_folders_that_are_exchanged_are_watched_again(
    workspace: Workspace, stream: Iterator[frozenset[Path] | None]
) -> None:
    """As when git changes branches, or a theme appears: then everything is looked at."""
    other = small_workspace(workspace.root / "other", OTTER)
    workspace.remove("projects")
    (other.root / "projects").rename(workspace.root / "projects")
    assert any(found is None for found in stream)
    workspace.write(MILESTONE, "new")
    assert any(found and workspace.root / MILESTONE in found for found in stream)
    workspace.write("theme/css/more.css", "new")
    assert any(found is None for found in stream)


def test_a_preview_does_not_hear_itself(
    workspace: Workspace, stream: Iterator[frozenset[Path] | None]
) -> None:
    """What is built, and what git and editors keep for themselves, is no save."""
    for name in (
        ".cache/preview/x",
        "site/index.html",
        ".git/index",
        f"{FILE}~",
        ".mkdocs.yml.swp",
    ):
        workspace.write(name, "new")
    workspace.write(FILE, "last")
    told = next(found for found in stream if found)
    assert told == {workspace.root / FILE}
