"""A folder that nobody touched is not read again, and every touch is seen."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.traces import files_below, folder_digest, traced

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE, NOTE = "shop/index.html", "shop/steps/note.md"
IN_2100 = 4_102_444_800
TICK = 0.02
"""Seconds after which the clock of any disk but the coarsest has moved; a build takes longer."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files, one of them two folders down, and a link."""
    root = tmp_path / "client"
    (root / "shop" / "steps").mkdir(parents=True)
    (root / PAGE).write_text("Open", "utf-8")
    (root / NOTE).write_text("Soon", "utf-8")
    (root / "link").symlink_to("shop")
    return root


def _edit_unnoticed(root: Path) -> None:
    """Write as many letters, and set the clock of the file back."""
    look = (root / PAGE).stat()
    (root / PAGE).write_text("Shut", "utf-8")
    os.utime(root / PAGE, ns=(look.st_atime_ns, look.st_mtime_ns))


def _relink(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").symlink_to("nowhere")


def _folder_for_file(root: Path) -> None:
    (root / NOTE).unlink()
    (root / NOTE).mkdir()


TOUCHES: dict[str, Callable[[Path], object]] = {
    "another text": lambda root: (root / PAGE).write_text("Closed", "utf-8"),
    "as long a text, with the old time": _edit_unnoticed,
    "a file more": lambda root: (root / "shop" / "steps" / "new.md").write_text("", "utf-8"),
    "a file less": lambda root: (root / NOTE).unlink(),
    "another name": lambda root: (root / NOTE).rename(root / "shop" / "steps" / "memo.md"),
    "a folder more": lambda root: (root / "shop" / "empty").mkdir(),
    "a link that leads elsewhere": _relink,
    "a folder for a file": _folder_for_file,
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_every_touch_is_seen(folder: Path, touch: Callable[[Path], object]) -> None:
    """The content is another one, and it is that of a fresh look."""
    before = traced([folder])
    time.sleep(TICK)
    touch(folder)
    after = traced([folder], before)
    assert after.content != before.content
    assert after == traced([folder])


def test_what_nobody_touched_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes and times are enough."""
    before = traced([folder])
    monkeypatch.setattr("site_builder.traces.content_of", None)
    assert traced([folder], before) is before


def test_a_copy_has_the_same_content(folder: Path) -> None:
    """And other times, which the next look knows."""
    before = traced([folder])
    shutil.copytree(folder, folder.parent / "copy", symlinks=True)
    shutil.rmtree(folder)
    (folder.parent / "copy").rename(folder)
    after = traced([folder], before)
    assert after.content == before.content
    assert after.stamps != before.stamps
    assert traced([folder], after) is after


def test_times_of_whole_seconds_prove_nothing(folder: Path) -> None:
    """On such a disk a file may change twice in a second, and look the same."""
    os.utime(folder / PAGE, (IN_2100, IN_2100))
    before = traced([folder])
    assert not before.stamps
    after = traced([folder], before)
    assert after is not before
    assert after == before


def test_several_paths_are_one_trace(folder: Path, tmp_path: Path) -> None:
    """Folders, files, and what is not there, which may come."""
    paths = [folder, folder / PAGE, tmp_path / "to-come"]
    before = traced(paths)
    assert traced(paths, before) is before
    (tmp_path / "to-come").write_text("Here", "utf-8")
    assert traced(paths, before).content != before.content


def test_a_folder_that_a_link_leads_to_is_not_entered(folder: Path) -> None:
    """Nobody knows where it ends."""
    assert traced([folder / "link"]).ways == ("",)
    assert [way for way, _ in files_below(folder)] == [PAGE, NOTE]


def test_names_that_no_encoding_knows_are_traced(folder: Path) -> None:
    """Disks of Linux hold any bytes."""
    name = os.fsdecode(b"\xff\n")
    (folder / name).write_text("One", "utf-8")
    before = traced([folder])
    assert traced([folder], before) is before
    time.sleep(TICK)
    (folder / name).write_text("Two", "utf-8")
    assert traced([folder], before).content != before.content


NAMES = st.sampled_from(["a", "b", "a b", "a/c", "b/c/d"])
EDITS = st.lists(st.tuples(NAMES, st.sampled_from(["x", "y", "xy", None])), max_size=8)


def _apply(root: Path, edits: list[tuple[str, str | None]]) -> None:
    for name, text in edits:
        path = root / name
        if text is None:
            if path.exists():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            continue
        for parent in path.parents:
            if parent.is_file():
                parent.unlink()
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@settings(max_examples=50)
@given(rounds=st.lists(EDITS, min_size=1, max_size=3))
def test_after_any_edits_the_content_is_that_of_a_fresh_look(
    rounds: list[list[tuple[str, str | None]]],
) -> None:
    """What was known before changes nothing but the time it takes."""
    with TemporaryDirectory() as place:
        root = Path(place, "client")
        root.mkdir()
        known = traced([root])
        for edits in rounds:
            time.sleep(TICK)
            _apply(root, edits)
            known = traced([root], known)
            assert known.content == folder_digest(root)
