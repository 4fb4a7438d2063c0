"""What lies beside the pages: pictures are encoded once, and what is kept is never trusted."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from site_builder import pictures
from tests.workspace import HERON, OTTER, TOKENS, Workspace, small_workspace, tree

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "A first idea\n\n![Waves](files/a.jpg) and ![the same](<files/b again.jpg>)\n"
TODAY, TOMORROW = "2026-03-02", "2026-03-03"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the pictures that are encoded from here on."""
    found: list[str] = []
    encode = pictures.shown_copies

    def listed(path: Path) -> pictures.Copies:
        found.append(path.name)
        return encode(path)

    monkeypatch.setattr(pictures, "shown_copies", listed)
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two clients that show the same picture, each under two names."""
    workspace = small_workspace(tmp_path / "agency", OTTER, HERON)
    picture = Image.effect_noise((170, 110), 70).resize((1500, 1000)).convert("RGB")
    for client in (OTTER, HERON):
        folder = f"projects/{client}/shop"
        workspace.write(f"{folder}/updates/2026-02-24-idea.md", NOTE)
        (workspace.root / folder / "files").mkdir()
        for name in ("a.jpg", "b again.jpg"):
            picture.save(workspace.root / folder / "files" / name)
    return workspace


def published(workspace: Workspace) -> dict[str, bytes]:
    """Read what lies in the files of one client."""
    return tree(workspace.site / "c" / TOKENS[OTTER] / "shop/files")


def test_the_same_picture_is_encoded_once(workspace: Workspace, made: list[str]) -> None:
    """In one build under four names, on the next day not at all; without a memory once a client."""
    assert workspace.build(today=TODAY).code == 0
    assert len(made) == 1
    before = published(workspace)
    assert set(before) == {
        *("index.html", "a.jpg", "a.jpg.720.webp", "a.jpg.1440.webp"),
        *("b again.jpg", "b again.jpg.720.webp", "b again.jpg.1440.webp"),
    }
    assert workspace.build(today=TOMORROW).code == 0
    assert len(made) == 1
    assert workspace.build("--no-cache", today=TOMORROW).code == 0
    assert len(made) == 3
    assert published(workspace) == before


def test_a_page_shows_what_is_there(workspace: Workspace) -> None:
    """Every address in `src` and `srcset` is a file beside the page."""
    workspace.build()
    page = workspace.page(OTTER, "shop/changes")
    assert 'srcset="../files/a.jpg.720.webp 720w, ../files/a.jpg.1440.webp 1440w"' in page
    assert 'srcset="../files/b%20again.jpg.720.webp 720w, ' in page
    assert 'src="../files/a.jpg" width="1440" height="960"' in page


def test_what_is_linked_keeps_its_size(workspace: Workspace) -> None:
    """The page then shows a smaller copy beside it."""
    note = f"{NOTE}\n[The picture itself](files/a.jpg)\n"
    workspace.write(f"projects/{OTTER}/shop/updates/2026-02-24-idea.md", note)
    workspace.build()
    folder = workspace.client_dir(OTTER) / "shop/files"
    for name, width in (("a.jpg", 1500), ("a.jpg.jpg", pictures.FALLBACK_WIDTH)):
        with Image.open(folder / name) as copy:
            assert copy.width == width
    page = workspace.page(OTTER, "shop/changes")
    assert 'src="../files/a.jpg.jpg"' in page
    assert 'href="../files/a.jpg"' in page


def test_damage_to_what_is_kept_is_a_miss(workspace: Workspace, made: list[str]) -> None:
    """A changed byte, an empty file, a folder that is gone: the picture is encoded again."""
    workspace.build(today=TODAY)
    before = published(workspace)
    (kept,) = (workspace.root / ".cache/pictures").iterdir()
    for damage in (kept.read_bytes()[:-1] + b"x", b"", b"0\n{}\n"):
        kept.write_bytes(damage)
        workspace.build(today=TOMORROW)
        workspace.build(today=TODAY)
        assert published(workspace) == before
    shutil.rmtree(kept.parent)
    workspace.build(today=TOMORROW)
    assert published(workspace) == before
    assert len(made) == 5


def test_what_nobody_uses_is_forgotten(workspace: Workspace) -> None:
    """A build of all clients keeps no picture of one that is gone."""
    workspace.build(today=TODAY)
    assert len([*(workspace.root / ".cache/pictures").iterdir()]) == 1
    for client in (OTTER, HERON):
        workspace.write(f"projects/{client}/shop/updates/2026-02-24-idea.md", "A first idea\n")
    workspace.build(today=TODAY)
    assert [*(workspace.root / ".cache/pictures").iterdir()] == []


def test_a_drawing_to_download_is_written_anew(workspace: Workspace) -> None:
    """Without the notes of the program that made it."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><!-- /home/ada --><path d="M1 1"/></svg>'
    workspace.write(f"projects/{OTTER}/shop/files/mark.svg", drawing)
    note = "A first idea\n\n[Your mark](files/mark.svg)\n"
    workspace.write(f"projects/{OTTER}/shop/updates/2026-02-24-idea.md", note)
    workspace.build()
    assert b"ada" not in published(workspace)["mark.svg"]
