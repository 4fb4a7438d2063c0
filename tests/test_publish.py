"""Publishing that cannot break: every client's page is whole, or neutral, or gone."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from site_builder.errors import system_words
from site_builder.publish import exchange
from tests.workspace import (
    CONTACT_EMAIL,
    HERON,
    NAMES,
    OTTER,
    PINE,
    ROOT,
    TODAY,
    TOKENS,
    Workspace,
    run_apart,
    tree,
)

STEP = f"projects/{OTTER}/shop/milestones/02-open.md"
CLIENT = f"projects/{OTTER}/client.yml"
FRESH = "freshfreshfreshfreshfreshf"
linux = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="needs Linux's list of locks")


def break_client(workspace: Workspace) -> None:
    """Write a mistake into a step of Otter Books."""
    workspace.edit(STEP, "due: 2026-04-24", "due: next friday")


# --- The folder that is ours ---


def test_a_marker_shows_whose_folder_it_is(workspace: Workspace) -> None:
    """It names nothing else."""
    workspace.build()
    text = (workspace.site / ".site-builder").read_text("utf-8")
    assert text == "This folder is written by a program. Do not put files of your own here.\n"


@pytest.mark.parametrize("name", ["thesis.txt", ".git/config", "site.html"])
def test_a_folder_with_files_of_others_is_refused_and_untouched(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    """Whatever is in it."""
    foreign = tmp_path / "documents"
    (foreign / name).parent.mkdir(parents=True)
    (foreign / name).write_text("my thesis", "utf-8")
    ran = workspace.build("-d", str(foreign))
    assert (ran.code, tree(foreign)) == (1, {name: b"my thesis"})
    assert "holds files that this program did not write" in ran.output


def test_an_empty_folder_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    """And one that was begun and never finished."""
    (tmp_path / "public").mkdir()
    assert workspace.build("-d", str(tmp_path / "public")).code == 0
    assert (tmp_path / "public" / "index.html").is_file()


def test_a_file_or_a_link_is_no_folder_to_publish_into(
    workspace: Workspace, tmp_path: Path
) -> None:
    """A link may lead to a folder of others."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert workspace.build("-d", str(tmp_path / "link")).code == 1
    assert tree(tmp_path / "elsewhere") == {}
    (tmp_path / "file").write_text("text", "utf-8")
    assert workspace.build("-d", str(tmp_path / "file")).code == 2


@pytest.mark.parametrize(
    "folder", ["projects", "projects/otter-books", "projects/site", "theme/out", "docs", "."]
)
def test_pages_are_not_written_where_people_write(workspace: Workspace, folder: str) -> None:
    """Wrong usage, and nothing is written."""
    before = tree(workspace.root)
    assert workspace.build("-d", folder).code == 2
    assert tree(workspace.root) == before


@pytest.mark.parametrize("is_full", [True, False], ids=["with pages", "alone"])
def test_a_folder_with_the_name_of_the_marker_is_no_marker(
    workspace: Workspace, *, is_full: bool
) -> None:
    """Said in a sentence, and nothing is touched."""
    workspace.write("site/.site-builder/notes.txt", "mine")
    if is_full:
        workspace.write("site/index.html", "mine")
    before = tree(workspace.site)
    ran = workspace.build()
    assert (ran.code, tree(workspace.site)) == (1, before)
    assert "holds files that this program did not write" in ran.output


def test_a_marker_that_was_cut_off_is_mended(workspace: Workspace) -> None:
    """The folder is ours all the same: the power failed while it was marked."""
    workspace.write("site/.site-builder", "This fol")
    assert workspace.build().code == 0
    assert workspace.build("-d", "other").code == 0
    assert tree(workspace.site) == tree(workspace.root / "other")


@linux
def test_a_marker_that_went_while_one_waited_is_written_anew(tmp_path: Path) -> None:
    """Who had the lock gave the folder back: the lock of a file that is gone locks nothing."""
    with (tmp_path / exchange.MARKER).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = threading.Thread(target=_lock_and_look, args=(tmp_path,))
        waiting.start()
        _wait_for_the_lock(tmp_path)
        (tmp_path / exchange.MARKER).unlink()
    waiting.join()
    assert tree(tmp_path) == {exchange.MARKER: exchange.MARKER_TEXT.encode(), "is": b"ours"}


def _lock_and_look(site: Path) -> None:
    with exchange.locked(site) as has_waited:
        assert has_waited
        is_there = (site / exchange.MARKER).is_file()
        (site / "is").write_text("ours" if is_there else "nobody's", "utf-8")


def _wait_for_the_lock(site: Path) -> None:
    """Wait until somebody waits for the lock of a site."""
    inode = (site / exchange.MARKER).stat().st_ino
    for _ in range(600):
        if re.search(rf"-> FLOCK .*:{inode} ", Path("/proc/locks").read_text("utf-8")):
            return
        time.sleep(0.05)
    pytest.fail("nobody waits for the lock")


@linux
def test_what_was_read_before_another_build_is_read_again(workspace: Workspace) -> None:
    """A client and a link that came meanwhile are there, and what went is gone."""
    workspace.build()
    with exchange.locked(workspace.site):
        command = [sys.executable, "-m", "site_builder", "build", "--today", TODAY]
        known = {**os.environ, "PYTHONPATH": str(ROOT)}
        waiting = subprocess.Popen(command, cwd=workspace.root, env=known, stdout=subprocess.PIPE)
        _wait_for_the_lock(workspace.site)
        workspace.add_client(HERON)
        workspace.edit(CLIENT, TOKENS[OTTER], FRESH)
        workspace.edit("mkdocs.yml", "    contact:", '    colour: "#aa3366"\n    contact:')
    said, _ = waiting.communicate()
    assert waiting.returncode == 0, said
    assert b"3 of 3 clients built" in said
    assert workspace.build("--no-cache", "-d", "clean").code == 0
    assert tree(workspace.site) == tree(workspace.root / "clean")


# --- The clock ---


@pytest.mark.parametrize(
    ("day", "code"),
    [("0001-01-01", 3), ("1969-12-31", 3), ("1979-12-31", 3), ("2100-02-28", 0), ("9999-12-31", 0)],
)
def test_a_clock_that_is_wrong_by_years_breaks_nothing(
    workspace: Workspace, day: str, code: int
) -> None:
    """Before all dates the pages are kept; at last they are those of today again."""
    workspace.build()
    before = tree(workspace.site)
    assert workspace.build(today=day).code == code
    assert code == 0 or tree(workspace.site) == before
    assert workspace.build().code == 0
    assert tree(workspace.site) == before


@pytest.mark.parametrize(("epoch", "code"), [("-1", 3), ("0", 3), ("4102444800", 0)])
def test_a_clock_of_another_century_is_no_bug(workspace: Workspace, epoch: str, code: int) -> None:
    """1969, 1970 and 2100, as CI's programs say it."""
    ran = run_apart(workspace.root, "build", SOURCE_DATE_EPOCH=epoch)
    assert ran.code == code, ran.output


# --- A client with problems ---


def test_a_client_with_problems_keeps_its_page(workspace: Workspace) -> None:
    """Byte for byte, while the others are built."""
    workspace.build()
    before = workspace.pages(OTTER)
    break_client(workspace)
    workspace.edit(f"projects/{PINE}/shop/milestones/02-open.md", "Readers", "Bakers")
    ran = workspace.build()
    assert (ran.code, workspace.pages(OTTER)) == (3, before)
    assert "otter-books keeps the page that was there." in ran.output
    assert "Bakers order from home" in workspace.page(PINE)


def test_a_new_client_with_problems_gets_a_neutral_page(workspace: Workspace) -> None:
    """It says whom to ask, and nothing about the client."""
    break_client(workspace)
    ran = workspace.build()
    assert ran.code == 3
    assert list(workspace.pages(OTTER)) == ["index.html"]
    page = workspace.page(OTTER)
    assert "This page is being updated" in page
    assert f"mailto:{CONTACT_EMAIL}" in page
    assert NAMES[OTTER] not in page
    assert "Your new shop" not in page
    assert "Your new shop" in workspace.page(PINE)


def test_a_mended_client_gets_its_page(workspace: Workspace) -> None:
    """In place of the neutral one."""
    break_client(workspace)
    workspace.build()
    workspace.edit(STEP, "next friday", "2026-04-24")
    assert workspace.build().code == 0
    assert NAMES[OTTER] in workspace.page(OTTER)


def test_a_neutral_page_is_not_called_the_page_that_was_there(workspace: Workspace) -> None:
    """The second build of a new client with a mistake says the same as the first."""
    break_client(workspace)
    assert workspace.build("--no-cache").output == workspace.build("--no-cache").output


def test_a_copied_link_is_not_said_to_keep_its_page(workspace: Workspace) -> None:
    """The page at the link is the other client's."""
    workspace.build()
    workspace.write(CLIENT, workspace.root.joinpath(f"projects/{PINE}/client.yml").read_text())
    ran = workspace.build()
    assert "Nothing was written for otter-books." in ran.output
    assert "keeps the page" not in ran.output


def test_what_is_removed_is_said(workspace: Workspace) -> None:
    """A page that vanishes in silence would be missed too late."""
    workspace.build()
    workspace.remove(f"projects/{OTTER}")
    ran = workspace.build()
    assert (ran.code, workspace.client_dir(OTTER).exists()) == (0, False)
    assert "Removed, because no link leads there any more: 1.\n" in ran.output


def test_without_any_client_nothing_is_removed(workspace: Workspace) -> None:
    """Most likely somebody stands in the wrong folder."""
    workspace.build()
    before = tree(workspace.site)
    workspace.remove(f"projects/{OTTER}")
    workspace.remove(f"projects/{PINE}")
    ran = workspace.build()
    assert (ran.code, tree(workspace.site)) == (1, before)
    assert "there is no client in projects/" in ran.output


def test_warnings_stop_a_client_only_when_they_shall(workspace: Workspace) -> None:
    """`--strict` makes errors of them."""
    workspace.edit(STEP, "label: The shop is open", "label: The shop is open at last for everyone")
    assert workspace.build().code == 0
    assert workspace.build("--strict").code == 3


@pytest.mark.parametrize(
    "text",
    [
        b'[client]\nname = "Otter Books"\ntoken = "%s"\n' % TOKENS[OTTER].encode(),
        b"name: Otter Books\nlinks: {everyone: %s\n" % TOKENS[OTTER].encode(),
        b"name: B\xfccher\nlinks:\n  everyone: %s\n" % TOKENS[OTTER].encode(),
        f"name: Otter Books\nlinks:\n  everyone: {TOKENS[OTTER]}\n".encode("utf-16"),
        f"links:\n<<<<<<< ours\n  everyone: {TOKENS[OTTER]}\n=======\n>>>>>>> theirs\n".encode(),
        f"name: Otter Books\nlinks:\n  everyone: {TOKENS[OTTER]}\n# {'x' * 300_000}\n".encode(),
        f"nam: Otter Books\nlinks:\n  everyone: {TOKENS[OTTER]}\n".encode(),
        f"name: Otter Books\nlinks:\n- {TOKENS[OTTER]}\n".encode(),
        f"name: Otter Books\nlinks:\n\teveryone: {TOKENS[OTTER]}\n".encode(),
        b"",
        b"# name: Otter Books\nOtter Books\n- name: Otter Books\n",
    ],
    ids=[
        "no YAML",
        "an open bracket",
        "not UTF-8",
        "UTF-16",
        "a merge conflict",
        "too large",
        "no name",
        "a list",
        "a tab",
        "nothing",
        "no key",
    ],
)
def test_a_client_whose_settings_cannot_be_read_keeps_its_page(
    workspace: Workspace, text: bytes
) -> None:
    """Its link is recognised all the same, or unknown: a typing mistake removes no page."""
    workspace.build()
    before = workspace.pages(OTTER)
    workspace.write(CLIENT, text)
    ran = workspace.build()
    assert ran.code == 3, ran.output
    assert workspace.pages(OTTER) == before


def test_without_a_page_and_without_settings_nothing_is_written(workspace: Workspace) -> None:
    """Nobody knows at which address, or whom to ask."""
    workspace.write(CLIENT, "[client]\n")
    assert workspace.build().code == 3
    assert not workspace.client_dir(OTTER).exists()
    assert workspace.client_dir(PINE).exists()


# --- Links that end ---


def test_an_ended_client_gets_a_closed_page(workspace: Workspace) -> None:
    """From that day on; its pages and files are gone, and nothing names the client."""
    workspace.edit(CLIENT, "name: Otter Books", "name: Otter Books\nends: 2026-03-02")
    assert workspace.build(today="2026-03-01").code == 0
    assert NAMES[OTTER] in workspace.page(OTTER)
    assert workspace.build(today="2026-03-02").code == 0
    assert list(workspace.pages(OTTER)) == ["index.html"]
    page = workspace.page(OTTER)
    assert "This page is closed" in page
    assert "Northlight Studio" in page
    assert NAMES[OTTER] not in page


def test_an_end_wins_over_problems(workspace: Workspace) -> None:
    """The last good page does not stay for ever because of a mistake."""
    workspace.build()
    break_client(workspace)
    workspace.edit(CLIENT, "name: Otter Books", "name: Otter Books\nends: 2026-03-02")
    ran = workspace.build()
    assert ran.code == 3
    assert "otter-books shows a closed page." in ran.output
    assert "This page is closed" in workspace.page(OTTER)


def _share(workspace: Workspace) -> None:
    workspace.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], TOKENS[OTTER])


def test_a_link_of_two_clients_shows_neither(workspace: Workspace) -> None:
    """A copied folder must not show one client's page to another."""
    _share(workspace)
    ran = workspace.build()
    assert ran.code == 1
    assert ran.output.count("[shared-link]") == 2
    assert not workspace.client_dir(OTTER).exists()
    assert not workspace.client_dir(PINE).exists()


def test_a_page_that_was_there_first_stays_when_its_link_is_copied(workspace: Workspace) -> None:
    """The copy gets nothing; the page that stood there does not change hands."""
    workspace.build()
    before = workspace.pages(OTTER)
    _share(workspace)
    ran = workspace.build()
    assert (ran.code, workspace.pages(OTTER)) == (3, before)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"everyone: {TOKENS[OTTER]}", f"everyone: {FRESH}"),
        (f"  everyone: {TOKENS[OTTER]}", f"  everyone: {FRESH}\n#  everyone: {TOKENS[OTTER]}"),
        (f"everyone: {TOKENS[OTTER]}", f"everyone: {FRESH}  # was {TOKENS[OTTER]}"),
    ],
    ids=["replaced", "made a comment", "kept in a comment"],
)
def test_a_revoked_link_shows_nothing(workspace: Workspace, old: str, new: str) -> None:
    """Its folder is removed: absent, never a redirect."""
    workspace.build()
    workspace.edit(CLIENT, old, new)
    ran = workspace.build()
    assert ran.code == 0, ran.output
    assert not workspace.client_dir(OTTER).exists()
    assert (workspace.site / "c" / FRESH / "index.html").is_file()


def test_a_revoked_link_of_a_client_with_problems_shows_nothing(workspace: Workspace) -> None:
    """Revoking wins over keeping the last good page."""
    workspace.build()
    break_client(workspace)
    workspace.edit(CLIENT, TOKENS[OTTER], FRESH)
    assert workspace.build().code == 3
    assert not workspace.client_dir(OTTER).exists()
    assert "This page is being updated" in (workspace.site / "c" / FRESH / "index.html").read_text(
        "utf-8"
    )


def test_a_client_who_left_is_removed(workspace: Workspace) -> None:
    """With everything that was published for them."""
    workspace.build()
    workspace.remove(f"projects/{OTTER}")
    assert workspace.build().code == 0
    assert not workspace.client_dir(OTTER).exists()
    assert workspace.client_dir(PINE).exists()


def test_naming_clients_builds_only_theirs(workspace: Workspace) -> None:
    """And removes nobody else's."""
    workspace.build()
    workspace.edit(STEP, "Readers", "Bookworms")
    workspace.edit(f"projects/{PINE}/client.yml", "name: Pine Bakery", "name: Pine and Sons")
    assert workspace.build(OTTER).code == 0
    assert "Bookworms" in workspace.page(OTTER)
    assert "Pine Bakery" in workspace.page(PINE)


# --- Shared files ---


def test_shared_files_stay_while_a_page_needs_them(workspace: Workspace) -> None:
    """And go when none does."""
    workspace.build()
    (first,) = [path.name for path in (workspace.site / "assets").iterdir() if path.is_dir()]
    workspace.edit("mkdocs.yml", "    contact:", '    colour: "#aa3366"\n    contact:')
    break_client(workspace)
    workspace.build()
    names = {path.name for path in (workspace.site / "assets").iterdir() if path.is_dir()}
    assert first in names
    assert len(names) == 2
    assert first in workspace.page(OTTER), "the page that was kept still finds its style"
    workspace.edit(STEP, "next friday", "2026-04-24")
    workspace.build()
    names = {path.name for path in (workspace.site / "assets").iterdir() if path.is_dir()}
    assert first not in names
    assert len(names) == 1


def test_a_logo_that_is_missing_stops_the_build_before_it_writes(workspace: Workspace) -> None:
    """Every page would be without it."""
    workspace.build()
    before = tree(workspace.site)
    workspace.edit("mkdocs.yml", "    contact:", "    logo: logo.png\n    contact:")
    ran = workspace.build()
    assert (ran.code, tree(workspace.site)) == (1, before)
    assert "logo.png" in ran.output


# --- How it ends ---


def test_when_all_is_well_a_build_ends_with_0(workspace: Workspace) -> None:
    """With the number of clients, in a sentence."""
    ran = workspace.build()
    assert (ran.code, ran.output) == (0, "2 of 2 clients built into site.\n")


def test_when_nothing_could_be_written_a_build_ends_with_1(workspace: Workspace) -> None:
    """No client could be read, or the settings could not."""
    for client in (OTTER, PINE):
        workspace.write(f"projects/{client}/client.yml", "[client]\n")
    assert workspace.build().code == 1
    assert tree(workspace.site) == {}
    workspace.edit("mkdocs.yml", "name: Northlight Studio", "nam: Northlight Studio")
    assert workspace.build().code == 1
    assert workspace.run("check", "--today", "2026-03-02").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "nobody"],
        ["build", "--today", "tomorrow"],
        ["build", "--jobs", "0"],
        ["build", "--colour"],
        ["build", "-f", "missing.yml"],
        ["publisch"],
        ["check", "--format", "xml"],
    ],
)
def test_wrong_usage_ends_with_2(workspace: Workspace, arguments: list[str]) -> None:
    """And says what is possible; nothing is written."""
    assert workspace.run(*arguments).code == 2
    assert not workspace.site.exists()


def test_check_ends_with_1_on_errors_and_writes_nothing(workspace: Workspace) -> None:
    """And with 0 when all is well."""
    assert workspace.run("check", "--today", "2026-03-02").code == 0
    break_client(workspace)
    workspace.remove(".cache")
    before = tree(workspace.root)
    assert workspace.run("check", "--today", "2026-03-02").code == 1
    workspace.remove(".cache")
    assert tree(workspace.root) == before


def test_a_bug_ends_with_70_and_its_traceback(workspace: Workspace) -> None:
    """The page that was there stays, and so do those of all others."""
    workspace.build()
    before = tree(workspace.site)
    workspace.write("theme/step.html", "{{ 1 // 0 }}")
    ran = workspace.build()
    assert ran.code == 70
    assert "ZeroDivisionError" in ran.output
    assert tree(workspace.site) == before


def test_a_bug_of_one_client_does_not_harm_another(workspace: Workspace) -> None:
    """It is built, and the run ends with 70."""
    workspace.write("theme/scope.html", "{{ 1 // 0 }}")
    workspace.edit(
        f"projects/{OTTER}/shop/project.yml",
        "title:",
        "scope: {agreed: 2026-01-05, items: [A shop]}\ntitle:",
    )
    ran = workspace.build()
    assert ran.code == 70
    assert f"A bug of ours stopped {OTTER}" in ran.output
    assert NAMES[PINE] in workspace.page(PINE)


def test_a_bug_outside_of_all_clients_ends_with_70_too(workspace: Workspace) -> None:
    """The command line is the one place that catches."""
    workspace.write("theme/shell.html", "{{ 1 // 0 }}")
    ran = run_apart(workspace.root, "build", "--today", "2026-03-02")
    assert ran.code == 70
    assert "This is a bug of ours" in ran.output
    assert "ZeroDivisionError" in ran.output
    assert NAMES[OTTER] in workspace.page(OTTER)


def test_a_full_disk_is_said_in_words(workspace: Workspace) -> None:
    """No traceback: it is no bug, and the pages are whole."""
    workspace.build()
    shutil.rmtree(workspace.site / "c" / TOKENS[PINE])
    (workspace.site / "404.html").unlink()
    (workspace.site / "404.html").mkdir()  # a file cannot be written there
    ran = run_apart(workspace.root, "build", "--today", "2026-03-02")
    assert ran.code == 1
    assert "Traceback" not in ran.output
    assert NAMES[OTTER] in workspace.page(OTTER)


@pytest.mark.parametrize("name", ["c/.new-{}", "c/.old-{}"])
def test_what_cannot_be_mended_is_said_without_a_link(workspace: Workspace, name: str) -> None:
    """The log of a CI is read by many."""
    workspace.build()
    workspace.write(f"site/{name.format(TOKENS[OTTER])}", "a file, and no folder")
    shutil.rmtree(workspace.client_dir(OTTER))
    workspace.write(f"site/c/{TOKENS[OTTER]}", "a file, too")
    said = workspace.build().output + workspace.run("publish", "folder", "www").output
    assert TOKENS[OTTER] not in said
    assert system_words(OSError(28, "No room", f"/site/c/{FRESH}/index.html")) == (
        "No room: /site/c/…/index.html"
    )


# --- One step ---


def folder(path: Path, text: str) -> None:
    path.mkdir(parents=True)
    (path / "index.html").write_text(text, "utf-8")


def fill(target: Path, text: str) -> None:
    with exchange.exchanged(target) as stage:
        (stage / "index.html").write_text(text, "utf-8")


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Whole, and nothing hidden is left."""
    target = tmp_path / "page"
    for text in ("old", "new", "newer"):
        fill(target, text)
        assert tree(tmp_path) == {"page/index.html": text.encode()}


def test_when_the_body_fails_the_old_folder_stays(tmp_path: Path) -> None:
    """And the fresh one is removed."""
    target = tmp_path / "page"
    fill(target, "old")
    with pytest.raises(ZeroDivisionError), exchange.exchanged(target) as stage:
        (stage / "index.html").write_text(str(1 // 0), "utf-8")
    assert tree(tmp_path) == {"page/index.html": b"old"}


def test_a_folder_that_cannot_be_exchanged_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one-step exchange, the old one is put back when the new one cannot come."""
    monkeypatch.setattr(exchange, "_exchange_at_once", lambda *_: False)
    target = tmp_path / "page"
    fill(target, "old")
    with pytest.raises(FileNotFoundError), exchange.exchanged(target) as stage:
        stage.rename(tmp_path / "stolen")
    assert tree(target) == {"index.html": b"old"}


def test_where_the_system_can_exchange_nothing_steps_aside(tmp_path: Path) -> None:
    """What it answers is raised: the two renames would show no page for a moment."""
    target = tmp_path / "page"
    fill(target, "old")
    (tmp_path / "file").write_text("text", "utf-8")
    with pytest.raises(OSError, match=re.escape(os.strerror(errno.ENOENT))):
        exchange._exchange_at_once(tmp_path / "none", target)
    assert tree(target) == {"index.html": b"old"}


@pytest.mark.parametrize(
    ("left", "mended"),
    [
        ({"page": "old", ".new-page": "half"}, {"page": b"old"}),
        ({"page": "new", ".new-page": "old"}, {"page": b"new"}),
        ({".new-page": "half"}, {}),
        ({".old-page": "old", ".new-page": "new"}, {"page": b"old"}),
        ({".old-page": "old"}, {"page": b"old"}),
        ({".old-page": "old", "page": "new"}, {"page": b"new"}),
    ],
)
def test_what_a_killed_run_left_is_mended(
    tmp_path: Path, left: dict[str, str], mended: dict[str, bytes]
) -> None:
    """What stepped aside comes back, what was not finished goes, what is hidden goes."""
    for name, text in left.items():
        folder(tmp_path / name, text)
    (tmp_path / ".new-index.html").write_text("half", "utf-8")
    exchange.recover(tmp_path)
    assert tree(tmp_path) == {f"{name}/index.html": text for name, text in mended.items()}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """And one that is the same already is not touched."""
    path = tmp_path / "deep" / "index.html"
    exchange.write_whole(path, b"one")
    before = path.stat().st_mtime_ns
    exchange.write_whole(path, b"one")
    assert path.stat().st_mtime_ns == before
    exchange.write_whole(path, b"two")
    assert tree(tmp_path) == {"deep/index.html": b"two"}


def test_nothing_hidden_is_left_in_a_site(workspace: Workspace) -> None:
    """Also after a run that was killed in the middle of writing."""
    workspace.build()
    before = tree(workspace.site)
    (shared,) = [path for path in (workspace.site / "assets").iterdir() if path.is_dir()]
    for name in (".new-root", f"c/.new-{TOKENS[OTTER]}", "assets/.new-0123456789abcdef"):
        folder(workspace.site / name, "half")
    for path in (workspace.site, workspace.site / "c", workspace.site / "assets", shared):
        (path / ".new-index.html").write_text("half", "utf-8")
    assert workspace.build().code == 0
    assert tree(workspace.site) == before
    assert not re.search(r"\.(new|old)-", "\n".join(tree(workspace.site)))
