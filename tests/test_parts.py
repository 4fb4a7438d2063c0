"""A site in parts: built on several machines, and put together as if it had been one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.build.parts import Shard, shard_of
from tests.test_prospects import OFFERING, SHOP
from tests.workspace import (
    CLIENT,
    HERON,
    KEY,
    OTTER,
    PINE,
    PROJECT,
    ROOT,
    TODAY,
    TOKENS,
    Ran,
    Workspace,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ELM, YEW, OAK = "elm-school", "yew-dance", "oak-garden"
LINKS = {ELM: "elmelmelmelmelmelmelmelmel", YEW: "yewyewyewyewyewyewyewyewye"} | {
    OAK: "oakoakoakoakoakoakoakoakoa"
}
MOVED = "ottertwoottertwoottertwoot"
KILL = """\
import os, signal
from site_builder.build import parts
from site_builder.cli import cli

parts.Note.finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
cli()
"""
"""The program, killed when all pages of a part are built."""
KILL_MERGE = """\
import itertools, os, shutil, signal, sys
from site_builder.cli import cli

number, copied, copy = int(sys.argv.pop(1)), itertools.count(1), shutil.copyfile

def counted(*words, **more):
    if next(copied) == 3 * number:
        os.kill(os.getpid(), signal.SIGKILL)
    return copy(*words, **more)

shutil.copyfile = counted
cli()
"""
"""... and when so many files of parts are copied."""
STEP = f"projects/{PINE}/shop/milestones/02-open.md"


def all_kinds(root: Path) -> Workspace:
    """Make a workspace in which everything is that a site can have beside plain clients."""
    made = small_workspace(root, OTTER, PINE, HERON)
    made.edit(
        "mkdocs.yml", "    contact:", '    colour: "#aa3366"\n    host: netlify\n    contact:'
    )
    made.write(OFFERING, SHOP)
    for client, name in ((ELM, "Elm School"), (YEW, "Yew Dance"), (OAK, "Oak Garden")):
        for file in ("shop/project.yml", "shop/milestones/02-open.md"):
            made.write(
                f"projects/{client}/{file}", (root / f"projects/{OTTER}/{file}").read_bytes()
            )
        made.write(f"projects/{client}/client.yml", CLIENT.format(name=name, token=LINKS[client]))
    # One is sealed, one has ended, one is new and broken.
    made.edit(f"projects/{ELM}/client.yml", LINKS[ELM], f"{LINKS[ELM]}#{KEY}\nprotection: sealed")
    made.edit(f"projects/{YEW}/client.yml", "links:", "ends: 2026-02-01\nlinks:")
    made.write(f"projects/{OAK}/shop/project.yml", PROJECT.replace("title", "titel"))
    return made


def busy_day(made: Workspace) -> None:
    """Change what wins over a page that is kept: a link, a client, a protection; break others."""
    made.edit(f"projects/{OTTER}/client.yml", TOKENS[OTTER], MOVED)
    made.edit(STEP, "2026-04-24", "end of April")
    made.remove(f"projects/{HERON}")
    made.write(f"projects/{YEW}/client.yml", f"name: [Yew\nlinks:\n  everyone: {LINKS[YEW]}\n")
    made.write(
        f"projects/{OAK}/client.yml",
        f"name: Oak Garden\nprotection: seeled\nlinks:\n  everyone: {LINKS[OAK]}#{KEY}\n",
    )


def in_parts(made: Workspace, of: int, *more: str) -> list[Ran]:
    """Build all parts."""
    return [
        made.build("--jobs", "1", "--shard", f"{number}/{of}", *more) for number in range(1, of + 1)
    ]


def wrong_lines(said: str) -> list[str]:
    """Take the errors out of what a command says; warnings are said where a part is built."""
    lines = said.splitlines()
    return [line for line in lines if line.startswith("projects/") and ": warning: " not in line]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """All kinds of clients, built in one and in three parts; for copying only."""
    made = all_kinds(tmp_path_factory.mktemp("kinds") / "desk")
    assert made.build("--jobs", "1", "--no-cache").code == 3
    made.site.rename(made.root / "whole")
    assert {ran.code for ran in in_parts(made, 3)} == {0, 3}
    return made


@pytest.fixture
def desk(kinds: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, at the same place for the program: it is the only workspace there."""
    shutil.copytree(kinds.root, tmp_path / "desk")
    return Workspace(tmp_path / "desk")


# --- Together ------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [1, 3, 11])
def test_parts_put_together_are_the_site_of_one_build(desk: Workspace, of: int) -> None:
    """Byte for byte, with sealed, closed and broken clients, offerings, host files; some empty."""
    if of != 3:
        shutil.rmtree(desk.root / "parts")
        codes = [ran.code for ran in in_parts(desk, of)]
        assert codes.count(3) == 1
        assert set(codes) <= {0, 3}
    ran = desk.run("merge", "--jobs", "1")
    assert ran.code == 3, ran.output
    assert tree(desk.site) == tree(desk.root / "whole")
    assert wrong_lines(ran.output)[0].startswith(f"projects/{OAK}/shop/project.yml:1:1: ")
    assert f"{OAK} shows \u201cThis page is being updated\u201d" in ran.output
    assert "merged into site" in ran.output


def test_a_site_that_is_there_keeps_what_one_build_would_keep(
    kinds: Workspace, tmp_path: Path
) -> None:
    """Pages of broken clients stay; links taken back, protection and removed clients win."""
    one, several = (Workspace(tmp_path / name / "desk") for name in ("one", "several"))
    said = []
    for made in (one, several):
        shutil.copytree(kinds.root, made.root)
        shutil.rmtree(made.root / "parts")
        made.write(f"projects/{OAK}/shop/project.yml", PROJECT)
        assert made.build("--jobs", "1").code == 0
        busy_day(made)
        if made is one:
            said.append(made.build("--jobs", "1"))
        else:
            # On clean machines: nothing of the site is there.
            made.site.rename(made.root / "aside")
            assert 3 in {ran.code for ran in in_parts(made, 3, "--no-cache")}
            (made.root / "aside").rename(made.site)
            said.append(made.run("merge", "--jobs", "1"))
    assert tree(one.site) == tree(several.site)
    assert [ran.code for ran in said] == [3, 3]
    assert wrong_lines(said[0].output) == wrong_lines(said[1].output)
    pages = tree(several.site)
    assert b"Readers order from home" in pages[f"c/{TOKENS[PINE]}/shop/open/index.html"]
    assert f"c/{MOVED}/index.html" in pages
    assert f"c/{TOKENS[OTTER]}/index.html" not in pages
    assert f"c/{TOKENS[HERON]}/index.html" not in pages
    assert [way for way in pages if LINKS[OAK] in way] == [f"c/{LINKS[OAK]}/index.html"]
    assert "Removed, because no link leads there any more: 2." in said[1].output


def test_a_second_merge_changes_nothing(desk: Workspace) -> None:
    """Not even the times of files."""
    assert desk.run("merge", "--jobs", "1").code == 3
    before = {path: path.stat().st_mtime_ns for path in desk.site.rglob("index.html")}
    assert desk.run("merge", "--jobs", "1").code == 3
    still = {path: path.stat().st_mtime_ns for path in desk.site.rglob("index.html")}
    assert {path for path in before if before[path] != still.get(path)} <= {
        desk.site / "c" / LINKS[OAK] / "index.html"
    }


def test_a_page_that_was_damaged_on_the_way_is_built_again(desk: Workspace) -> None:
    """Half a part that somebody copied harms nobody."""
    for folder in desk.root.glob(f"parts/*/c/{TOKENS[PINE]}"):
        shutil.rmtree(folder / "shop")
    for page in desk.root.glob(f"parts/*/c/{TOKENS[OTTER]}/index.html"):
        page.write_text("half", "utf-8")
    assert desk.run("merge", "--jobs", "1").code == 3
    assert tree(desk.site) == tree(desk.root / "whole")


def test_a_part_is_built_again_only_where_something_changed(desk: Workspace) -> None:
    """It remembers as a site does; and who leaves the workspace leaves the part."""
    shard = f"{shard_of(PINE, 3)}/3"
    part = desk.root / "parts" / shard.replace("/", "-of-") / "c"
    before = {path: path.stat().st_mtime_ns for path in part.rglob("*.html")}
    desk.edit(STEP, "from home", "from everywhere")
    assert desk.build("--jobs", "1", "--shard", shard).code in {0, 3}
    changed = {path for path in before if path.stat().st_mtime_ns != before[path]}
    assert {path.relative_to(part).parts[0] for path in changed} - {LINKS[OAK]} == {TOKENS[PINE]}
    desk.remove(f"projects/{PINE}")
    desk.build("--jobs", "1", "--shard", shard)
    assert not (part / TOKENS[PINE]).exists()


# --- Refused -------------------------------------------------------------------------------------


def _take_away(desk: Workspace) -> None:
    shutil.rmtree(desk.root / "parts" / "2-of-3")


def _copy(desk: Workspace) -> None:
    shutil.copytree(desk.root / "parts" / "2-of-3", desk.root / "parts" / "copy")


def _add_foreign(desk: Workspace) -> None:
    desk.write("parts/notes/mine.txt", "Do not touch.\n")


def _add_whole(desk: Workspace) -> None:
    shutil.copytree(desk.root / "whole", desk.root / "parts" / "whole")


def _of_another_number(desk: Workspace) -> None:
    desk.build("--jobs", "1", "--shard", "1/2")


def _of_another_day(desk: Workspace) -> None:
    desk.build("--jobs", "1", "--shard", "2/3", today="2026-03-03")


def _strictly(desk: Workspace) -> None:
    desk.build("--jobs", "1", "--shard", "2/3", "--strict")


def _with_other_words(desk: Workspace) -> None:
    desk.edit(STEP, "from home", "from everywhere")


def _with_another_client(desk: Workspace) -> None:
    desk.write("projects/ash-bikes/client.yml", CLIENT.format(name="Ash Bikes", token="a" * 26))


def _with_another_colour(desk: Workspace) -> None:
    desk.edit("mkdocs.yml", "#aa3366", "#0b5a6b")


def _cut(desk: Workspace) -> None:
    (desk.root / "parts" / "2-of-3" / ".part.json").unlink()


def _garbled(desk: Workspace) -> None:
    desk.write("parts/2-of-3/.part.json", '{"format": 1, "number": ')


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_take_away, "Of 3 parts part 2 is missing."),
        (_copy, "2-of-3 and {root}/parts/copy are all part 2: leave out all but one."),
        (_add_foreign, "notes is no part of a site: only what build --shard wrote can be"),
        (_add_whole, "whole is a whole site, and no part of one"),
        (_of_another_number, "is part 1 of 2: build all with the same number of parts."),
        (_of_another_day, "was built for 2026-03-03, but "),
        (_strictly, "was built for 2026-03-02 with --strict, but "),
        (_with_other_words, "was built from other files of clients than are here: build it again."),
        (_with_another_client, "was built from other files of clients than are here"),
        (_with_another_colour, "was built with other settings, offerings or looks than are here"),
        (_cut, "2-of-3 was not finished: build this part again."),
        (_garbled, "2-of-3 was not finished: build this part again."),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_parts_that_do_not_fit_are_refused(
    desk: Workspace, harm: Callable[[Workspace], None], words: str
) -> None:
    """With the part that is meant; nothing is written, no client named, no link told."""
    harm(desk)
    ran = desk.run("merge", "--jobs", "1")
    assert ran.code == 1, ran.output
    assert words.format(root=desk.root) in ran.output
    assert ran.output.endswith("Nothing was written.\n")
    assert not desk.site.exists()
    for secret in (OTTER, PINE, OAK, *TOKENS.values(), *LINKS.values()):
        assert secret not in ran.output


def test_all_that_is_wrong_is_said_at_once(desk: Workspace) -> None:
    """A sentence each."""
    _take_away(desk)
    _add_foreign(desk)
    _add_whole(desk)
    ran = desk.run("merge", "--jobs", "1")
    assert ran.output.count("Error: ") == 2
    assert desk.run("merge", "parts/1-of-3", "parts/3-of-3").output.count("Error: ") == 1


def test_a_part_is_never_published(desk: Workspace, tmp_path: Path) -> None:
    """Its other clients would lose their pages."""
    ran = desk.run("publish", "folder", str(tmp_path / "www"), "-d", "parts/1-of-3")
    assert ran.code == 1
    assert (
        "only a part of a site: put all parts together first, with site-builder merge" in ran.output
    )
    assert not (tmp_path / "www").exists()


def test_a_part_and_a_whole_site_never_take_each_others_place(desk: Workspace) -> None:
    """A site stays a site, a part stays a part."""
    part, whole = tree(desk.root / "parts" / "1-of-3"), tree(desk.root / "whole")
    for words, said in (
        (("build", "-d", "parts/1-of-3"), "holds only a part of a site"),
        (("merge", "-d", "parts/1-of-3"), "holds only a part of a site"),
        (("publish", "folder", "parts/1-of-3", "-d", "whole"), "holds only a part of a site"),
        (("build", "--shard", "1/3", "-d", "whole"), "holds a whole site, and no part of one"),
    ):
        ran = desk.run(*words)
        assert ran.code == 1, words
        assert said in ran.output
    assert (tree(desk.root / "parts" / "1-of-3"), tree(desk.root / "whole")) == (part, whole)


def test_a_foreign_folder_is_no_target(desk: Workspace) -> None:
    """Neither for a part nor for the whole."""
    desk.write("mine/notes.txt", "Do not touch.\n")
    for words in (("merge",), ("build", "--shard", "1/3", "--today", TODAY)):
        ran = desk.run(*words, "-d", "mine")
        assert ran.code == 1
        assert "holds files that this program did not write" in ran.output
    assert tree(desk.root / "mine") == {"notes.txt": b"Do not touch.\n"}


def test_words_that_make_no_sense_are_refused_as_usage(workspace: Workspace) -> None:
    """With the sentence that helps."""
    for words, said in (
        (("--shard", "1/2", OTTER), "--shard chooses the clients itself; leave out their names"),
        (("--shard", "0/2"), "'0/2' is no part; the third of ten parts is 3/10"),
        (("--shard", "3/2"), "'3/2' is no part"),
        (("--shard", "3"), "'3' is no part"),
        (("--shard", "\u00b2/\u00b3"), "is no part"),
    ):
        ran = workspace.build(*words)
        assert (ran.code, said in ran.output) == (2, True), ran.output
    ran = workspace.run("merge")
    assert ran.code == 2
    assert "there are no parts in parts/; write them with build --shard" in ran.output


# --- A part by itself ----------------------------------------------------------------------------


def test_a_part_holds_its_clients_and_names_nobody(desk: Workspace) -> None:
    """Only their folders; its own notes say no name and no link, and git ignores it all."""
    for number in (1, 2, 3):
        part = desk.root / "parts" / f"{number}-of-3"
        mine = Shard(number=number, of=3).chosen((*TOKENS, *LINKS))
        links = {(TOKENS | LINKS)[client] for client in mine}
        found = {folder.name for folder in part.glob("c/*")}
        assert found >= links
        assert not found & ({*TOKENS.values(), *LINKS.values()} - links)
        assert {path.name for path in part.iterdir()} - {"c"} == {
            ".site-builder", ".part.json", "assets",
        }  # fmt: skip
        said = (part / ".part.json").read_text("utf-8") + (part / ".site-builder").read_text(
            "utf-8"
        )
        for secret in (*TOKENS, *LINKS, *TOKENS.values(), *LINKS.values(), "Otter"):
            assert secret not in said
    assert (desk.root / "parts" / ".gitignore").read_text("utf-8") == "*\n"


def test_each_part_looks_for_the_names_of_all_clients(workspace: Workspace) -> None:
    """A page that names a client of another part is refused there."""
    of = next(of for of in range(2, 20) if shard_of(OTTER, of) != shard_of(PINE, of))
    workspace.edit(STEP, "Readers order from home.", "Readers order as at Otter Books.")
    ran = workspace.build("--shard", f"{shard_of(PINE, of)}/{of}")
    assert ran.code == 3
    assert "[other-client]" in ran.output


def test_a_part_that_was_killed_is_not_finished(desk: Workspace) -> None:
    """Its note goes before anything is built, and comes last."""
    desk.write("kill.py", KILL)
    done = subprocess.run(
        [sys.executable, "kill.py", "build", "--no-cache", "--shard", "1/3", "--today", TODAY],
        cwd=desk.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    ran = desk.run("merge")
    assert ran.code == 1
    assert "1-of-3 was not finished: build this part again." in ran.output
    assert desk.build("--shard", "1/3").code in {0, 3}
    assert desk.run("merge", "--jobs", "1").code == 3
    assert tree(desk.site) == tree(desk.root / "whole")


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_merge_that_is_killed_leaves_every_page_whole(desk: Workspace, number: int) -> None:
    """Old or new, and the next one needs no hand."""
    for client in (OTTER, PINE, HERON):  # a site of the day before is there
        shutil.copytree(desk.root / "whole" / "c" / TOKENS[HERON], desk.client_dir(client))
    shutil.copy(desk.root / "whole" / ".site-builder", desk.site)
    old = {client: desk.pages(client) for client in (OTTER, PINE, HERON)}
    desk.write("kill.py", KILL_MERGE)
    done = subprocess.run(
        [sys.executable, "kill.py", str(number), "merge"],
        cwd=desk.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    for client, pages in old.items():
        new = tree(desk.root / "whole" / "c" / TOKENS[client])
        assert desk.pages(client) in (pages, new)
    assert desk.run("merge", "--jobs", "1").code == 3
    assert tree(desk.site) == tree(desk.root / "whole")


@given(
    owners=st.sets(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), min_size=1),
    of=st.integers(1, 40),
    new=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
)
def test_everybody_is_in_one_part_and_newcomers_move_nobody(
    owners: set[str], of: int, new: str
) -> None:
    """For any names and any number of parts."""
    parts = [set(Shard(number=number, of=of).chosen(owners)) for number in range(1, of + 1)]
    assert sorted(owner for part in parts for owner in part) == sorted(owners)
    for number, part in enumerate(parts, 1):
        assert set(Shard(number=number, of=of).chosen(owners | {new})) - {new} == part - {new}


def test_parts_are_of_about_one_size() -> None:
    """A thousand clients in ten parts: none is half or twice another."""
    names = [f"client-{number:04}" for number in range(1000)]
    sizes = [len(Shard(number=number, of=10).chosen(names)) for number in range(1, 11)]
    assert min(sizes) > 70
    assert max(sizes) < 130
