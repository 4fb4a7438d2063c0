"""`publish rsync`, with the system's own rsync and a real daemon: whole wherever it is cut."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.outside import MARK, NEW_LINK, States, broken, killed_after, make_states
from tests.rsyncd import Daemon, Wire, running_daemon
from tests.workspace import OTTER, TOKENS, Ran, Workspace, run_on_terminal, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CUTS = 8
"""So many places on the wire, spread evenly over all that is sent."""


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> States:
    """Two states to publish one after the other; for reading only."""
    return make_states(tmp_path_factory.mktemp("states"))


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon with an empty folder."""
    with running_daemon(tmp_path) as running:
        yield running


def publish(workspace: Workspace, target: str, *words: str) -> Ran:
    """Publish a built workspace to a target of rsync."""
    ran = workspace.run("publish", "rsync", target, *words)
    assert not [token for token in (*TOKENS.values(), NEW_LINK) if token in ran.output]
    return ran


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Tell when each file was written, and which it is on the disk."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_first_time_everything_goes(states: States, daemon: Daemon) -> None:
    """The folder is made, and holds what the site holds."""
    ran = publish(states.old, daemon.target())
    assert ran.code == 0
    assert ran.output == (
        f"Published to the server {daemon.target()}:\n- heron-rowing: 13 new files\n"
        "- otter-books: 13 new files\n- pine-bakery: 13 new files\n- shared files: 12 new files\n"
    )
    assert tree(daemon.folder) == tree(states.old.site)


def test_a_folder_of_this_machine_is_a_target_too(states: States, tmp_path: Path) -> None:
    """Such as a drive of the network."""
    assert publish(states.old, str(tmp_path / "drive")).code == 0
    assert tree(tmp_path / "drive") == tree(states.old.site)


def test_only_what_changed_is_written(states: States, daemon: Daemon) -> None:
    """Nothing the second time, however old the files are; then what differs, and no more."""
    publish(states.old, daemon.target())
    before = stamps(daemon.folder)
    for path in states.old.site.rglob("*.html"):
        os.utime(path)
    ran = publish(states.old, daemon.target())
    assert "is up to date.\n- 3 clients unchanged\n" in ran.output
    assert stamps(daemon.folder) == before
    ran = publish(states.new, daemon.target(), "--allow-remove")
    assert "- otter-books: 9 files changed, 3 new, 3 removed\n" in ran.output
    assert "- removed: 2 pages that no link leads to\n" in ran.output
    old, new = tree(states.old.site), tree(states.new.site)
    after = stamps(daemon.folder)
    assert {way for way in after if after[way] != before.get(way)} == {
        way for way in new if old.get(way) != new[way]
    }
    assert tree(daemon.folder) == new


def test_what_is_gone_leaves_no_empty_folder(states: States, daemon: Daemon) -> None:
    """A path with a link in it says that there was one."""
    publish(states.old, daemon.target())
    publish(states.new, daemon.target(), "--allow-remove")
    folders = {path for path in daemon.folder.rglob("*") if path.is_dir()}
    assert all(any(folder.iterdir()) for folder in folders)
    assert TOKENS["heron-rowing"] not in {folder.name for folder in folders}


def test_a_file_that_changed_with_its_size_and_time_kept_is_sent(
    states: States, daemon: Daemon, tmp_path: Path
) -> None:
    """Contents are compared, as everywhere."""
    made = Workspace(tmp_path / "copy")
    shutil.copytree(states.old.root, made.root)
    publish(made, daemon.target())
    page = made.client_dir(OTTER) / "index.html"
    there = daemon.folder / "c" / TOKENS[OTTER] / "index.html"
    page.write_bytes(page.read_bytes().replace(b"Otter", b"Ouzel"))
    os.utime(page, (there.stat().st_atime, there.stat().st_mtime))
    assert "- otter-books: 1 file changed\n" in publish(made, daemon.target()).output
    assert there.read_bytes() == page.read_bytes()


def test_a_dry_run_says_the_same_and_writes_nothing(states: States, daemon: Daemon) -> None:
    """Not even the folder."""
    said = publish(states.old, daemon.target(), "--dry-run")
    assert not daemon.folder.exists()
    ran = publish(states.old, daemon.target())
    assert said.output == ran.output.replace("Published", "This would be published")
    before = stamps(daemon.folder)
    assert publish(states.new, daemon.target(), "--dry-run", "--allow-remove").code == 0
    assert stamps(daemon.folder) == before


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.every) for part in (1, 2, 3))]
)
def test_cut_anywhere_on_the_wire_it_is_whole_and_the_next_run_completes_it(
    states: States, daemon: Daemon, part: int
) -> None:
    """After so many bytes nothing comes through any more; the folder is looked at each time."""
    sides = (states.new, states.old)
    begun = 0
    with Wire(daemon.port) as wire:
        target = daemon.target(wire.port)
        publish(states.old, target)
        wire.allow()
        publish(states.new, target, "--allow-remove")
        length = wire.allow()
        for number in range(CUTS):
            side = sides[(number + 1) % 2]
            wire.allow(1 + length * (4 * number + part) // (4 * CUTS))
            ran = publish(side, target, "--allow-remove")
            wire.allow()
            assert ran.code == 1, number
            assert "rsync says: " in ran.output
            assert broken(tree(daemon.folder)) == [], f"cut {number}"
            begun += "every page is whole; publish again for the rest" in ran.output
            assert publish(side, target, "--allow-remove").code == 0
            assert tree(daemon.folder) == tree(side.site), f"completed after cut {number}"
    assert begun >= 3


def test_killed_after_each_run_of_rsync_it_is_whole(states: States, daemon: Daemon) -> None:
    """Each run writes one group of files: shared ones, pictures, pages, and deletions last."""
    old, new = tree(states.old.site), tree(states.new.site)
    publish(states.old, daemon.target())
    seen: list[dict[str, bytes]] = []
    for number in range(1, 20):
        words = ("publish", "rsync", daemon.target(), "--allow-remove")
        code = killed_after(number, states.new.root, *words)
        found = tree(daemon.folder)
        assert broken(found) == [], f"killed after run {number}"
        if code == 0:
            break
        if seen[-1:] != [found]:
            seen.append(found)
        publish(states.old, daemon.target(), "--allow-remove")
        assert tree(daemon.folder) == old
    assert found == new
    # Shared files, pictures and files, new pages, changed pages, the rest, and then two deletions.
    assert len(seen) >= 6
    gone = [sorted(old.keys() - state.keys()) for state in seen]
    is_written = [all(state.get(way) == data for way, data in new.items()) for state in seen]
    assert all(is_done or not lost for is_done, lost in zip(is_written, gone, strict=True))


def test_what_a_killed_rsync_left_behind_goes_with_the_next_run(
    states: States, daemon: Daemon
) -> None:
    """Half a file under a hidden name, and an empty folder; what a host keeps at the root stays."""
    publish(states.old, daemon.target())
    inside = daemon.folder / "c" / TOKENS[OTTER]
    for path in (inside / ".index.html.aB3xYz", daemon.folder / ".404.html.Zz9aaa"):
        path.write_text("half of a page", "utf-8")
    (daemon.folder / "c" / NEW_LINK / "shop").mkdir(parents=True)
    (daemon.folder / "CNAME").write_text("progress.agency.example\n", "utf-8")
    assert publish(states.old, daemon.target()).code == 0
    found = tree(daemon.folder)
    assert found.pop("CNAME")
    assert found == tree(states.old.site)
    assert not (daemon.folder / "c" / NEW_LINK).exists()


def test_a_folder_of_others_is_refused(states: States, daemon: Daemon) -> None:
    """It has no mark of ours, and is never emptied."""
    daemon.folder.mkdir()
    (daemon.folder / "thesis.txt").write_text("mine", "utf-8")
    ran = publish(states.old, daemon.target())
    assert ran.code == 1
    assert "holds files that this program did not write; choose an empty folder" in ran.output
    assert tree(daemon.folder) == {"thesis.txt": b"mine"}


def test_the_guard_holds_for_servers_too(states: States, daemon: Daemon) -> None:
    """Many pages need a word."""
    publish(states.old, daemon.target())
    ran = publish(states.new, daemon.target())
    assert ran.code == 1
    assert "2 of 3 published pages would go" in ran.output
    assert tree(daemon.folder) == tree(states.old.site)


def test_nothing_goes_while_a_client_file_cannot_be_read(
    states: States, daemon: Daemon, tmp_path: Path
) -> None:
    """Nobody knows whose a page is then."""
    made = Workspace(tmp_path / "copy")
    shutil.copytree(states.new.root, made.root)
    publish(states.old, daemon.target())
    (made.root / "projects" / OTTER / "client.yml").write_bytes(b"\xff\xfe")
    made.remove(f"projects/{OTTER}/client.yml")
    ran = publish(made, daemon.target(), "--allow-remove")
    assert ran.code == 0, ran.output
    assert "not removed: 2 pages that no link leads to" in ran.output
    for client in TOKENS.values():
        assert (daemon.folder / "c" / client / "index.html").is_file()


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("rsync://127.0.0.1:9/www", "Connection refused"),
        ("rsync://127.0.0.1:{port}/nothing/here", "Unknown module 'nothing'"),
        ("rsync://127.0.0.1:{port}/www/a/b/c", "did not take the pages. rsync says"),
    ],
)
def test_what_rsync_says_is_told(states: States, daemon: Daemon, target: str, says: str) -> None:
    """In its own words, in one line, with exit code 1."""
    ran = publish(states.old, target.format(port=daemon.port))
    assert ran.code == 1
    assert says in ran.output
    assert len(ran.output.splitlines()) == 1


def test_a_server_that_may_not_be_written_says_so(states: States, tmp_path: Path) -> None:
    """And keeps what it has."""
    with running_daemon(tmp_path, "  read only = yes") as daemon:
        ran = publish(states.old, daemon.target())
        assert ran.code == 1
        assert "read only" in ran.output
        assert not daemon.folder.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (None, "needs rsync, which is not here: install it with"),
        ("openrsync: protocol version 29", "3.1 or newer is needed"),
        ("rsync  version 3.0.9  protocol version 30", "3.1 or newer is needed"),
    ],
)
def test_without_a_fit_rsync_it_says_how_to_get_one(
    states: States, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, told: str
) -> None:
    """Before anything is asked of the server."""
    programs = tmp_path / "bin"
    programs.mkdir()
    if said:
        (programs / "rsync").write_text(f"#!/bin/sh\necho '{said}'\n", "utf-8")
        (programs / "rsync").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    ran = publish(states.old, str(tmp_path / "www"))
    assert ran.code == 1
    assert told in ran.output
    assert not (tmp_path / "www").exists()


@pytest.mark.parametrize("path", ["projects/www", "site", "site/inside", "."])
def test_a_folder_inside_what_people_write_is_wrong_usage(states: States, path: str) -> None:
    """As for `publish folder`."""
    assert publish(states.old, path).code == 2


def test_new_files_can_be_read_by_the_web_server(
    states: States, daemon: Daemon, tmp_path: Path
) -> None:
    """Whatever the machine that built them lets others see."""
    made = Workspace(tmp_path / "copy")
    shutil.copytree(states.old.root, made.root)
    for path in made.site.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    publish(made, daemon.target())
    for path in daemon.folder.rglob("*"):
        assert path.stat().st_mode & 0o444 == 0o444, path


def test_on_a_terminal_a_bar_shows_how_far_it_is(states: States, daemon: Daemon) -> None:
    """And nowhere else: a log stays short."""
    ran = run_on_terminal(states.old.root, "", "publish", "rsync", daemon.target())
    assert ran.code == 0
    assert re.search(r"Publishing .*100%", ran.output, re.DOTALL)
    assert (daemon.folder / MARK).is_file()
