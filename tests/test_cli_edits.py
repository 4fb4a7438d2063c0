"""Everyday edits as commands: they change a line or two, and say what the client sees then."""

from __future__ import annotations

import difflib
import json
import re
import shlex
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.repository import git
from tests.test_docs import blocks, changed
from tests.workspace import (
    OTTER,
    PINE,
    ROOT,
    TODAY,
    WORKSPACES,
    Ran,
    Workspace,
    copy_workspace,
    run,
    run_apart,
    run_on_terminal,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
SHOP = f"{OTTER}/shop"
FOLDER = f"projects/{SHOP}/milestones"
TEXTS = f"{FOLDER}/02-texts.md"
OPEN = f"{FOLDER}/03-open.md"
WAITING = """\
---
label: Your texts approved   # theirs
now: approving your texts
state: waiting
due: 2026-03-06

needs:
  - ask: Read the texts
    asked: 2026-02-27
    by: 2026-03-06
  - ask: Send us your opening hours   # for the footer
    asked: 2026-02-27
---
## What just happened
Your texts are ready.

## Why it matters
Readers find what they look for.

## What comes next
We build the pages with you.
"""


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """Otter Books with a step in the client's hands."""
    workspace.remove(f"{FOLDER}/02-open.md")
    workspace.write(TEXTS, WAITING)
    workspace.write(
        OPEN,
        "---\r\nlabel: The shop is open\r\ndue: 2026-04-24\r\n---\r\n"
        "## Why it matters\r\nReaders order from home.\r\n",
    )
    return workspace


def edit(shop: Workspace, *arguments: str) -> Ran:
    """Run a command on the day of the samples."""
    return shop.run(*arguments, "--today", TODAY)


def changed_lines(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """List the lines that differ between two states of a folder, as `diff` marks them."""
    found = []
    for name in sorted({*before, *after}):
        old, new = (state.get(name, b"").decode().splitlines() for state in (before, after))
        found += [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
    return found


def seen(ran: Ran) -> list[str]:
    """Return what the client sees, as a command said it."""
    said = ran.output.partition("The client will now see:\n")[2]
    return [line.strip() for line in said.partition("\n\n")[0].splitlines()]


EDITS = {
    "done": (
        ("done", f"{SHOP}/texts", "--happened", "You approved: all of them.", "--received"),
        [
            "- now: approving your texts",
            "- state: waiting",
            "+ done: 2026-03-02",
            "+     received: 2026-03-02",
            "+     received: 2026-03-02",
            "- Your texts are ready.",
            "+ You approved: all of them.",
        ],
        ["Next: step 3 of 3, The shop is open", "2 Mar: Finished: Your texts approved"],
    ),
    "start": (
        ("start", f"{SHOP}/texts", "--now", "putting your texts in"),
        [
            "- now: approving your texts",
            "+ now: putting your texts in",
            "- state: waiting",
            "+ state: doing",
        ],
        [
            "You’re at step 2 of 3: putting your texts in",
            "On course. Last step: still planned for Friday 24 April 2026.",
        ],
    ),
    "move": (
        ("move", f"{SHOP}/open", "2026-05-08", "--why", "The card reader comes later",
         "--effect", "Your reading on 9 May is not touched."),
        [
            "- due: 2026-04-24",
            "+ due: 2026-05-08",
            "+ moved:",
            "+   - from: 2026-04-24",
            "+     on: 2026-03-02",
            "+     why: The card reader comes later",
            "+     effect: Your reading on 9 May is not touched.",
        ],
        [
            "Last step: moved to Friday 8 May 2026. It was Friday 24 April. The card reader comes later.",
            "2 Mar: Moved from 24 April to 8 May: The shop is open. The card reader comes later. Your reading on 9 May is not touched.",
        ],
    ),
    "ask": (
        ("ask", f"{SHOP}/open", "Choose: red, or green", "--by", "2026-03-13",
         "--takes", "5 minutes", "--link", "https://docs.example/colours"),
        [
            "+ needs:",
            '+   - ask: "Choose: red, or green"',
            "+     asked: 2026-03-02",
            "+     by: 2026-03-13",
            "+     takes: 5 minutes",
            "+     link: https://docs.example/colours",
        ],
        [
            "2 Mar: We asked you: Choose: red, or green.",
            "You’re at step 2 of 3: approving your texts",
        ],
    ),
    "received": (
        ("received", f"{SHOP}/texts", "1", "--on", "2026-03-01", "--now", "putting them in"),
        [
            "- now: approving your texts",
            "+ now: putting them in",
            "- state: waiting",
            "+ state: doing",
            "+     received: 2026-03-01",
        ],
        [
            "You’re at step 2 of 3: putting them in",
            "1 Mar: Thank you, we have it: Read the texts.",
        ],
    ),
    "update": (
        ("update", SHOP, "Your café: three ideas"),
        ["+ Your café: three ideas"],
        ["2 Mar: Your café: three ideas", "You’re at step 2 of 3: approving your texts"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_each_command_changes_its_lines_and_says_what_the_client_sees(
    shop: Workspace, name: str
) -> None:
    """Nothing else in the workspace is touched, and the check has nothing against it."""
    arguments, lines, client_sees = EDITS[name]
    before = tree(shop.root)
    ran = edit(shop, *arguments)
    assert ran.code == 0, ran.output
    assert sorted(changed_lines(before, tree(shop.root))) == sorted(lines)
    assert seen(ran) == client_sees
    assert ran.output.endswith(f"Next:\n  site-builder build {OTTER}\n")
    assert edit(shop, "check", OTTER).code == 0


@pytest.mark.parametrize("name", EDITS)
def test_what_is_said_is_what_the_page_says(shop: Workspace, name: str) -> None:
    """Headline and verdict are the page's own, and changes stand on it."""
    ran = edit(shop, *EDITS[name][0])
    shop.build()
    progress = json.loads((shop.client_dir(OTTER) / "progress.json").read_text("utf-8"))
    (project,) = progress["projects"]
    answers = {project["headline"], project["verdict"]["text"]}
    for line in seen(ran):
        # A change is told as date, words and a link: its words all stand on the page.
        end = line.rpartition(": ")[2].rstrip(".")
        assert line in answers or end.partition(".")[0] in shop.page(OTTER)


REFUSED = {
    "no step": (("done",), "STEP is missing"),
    "a typing mistake": (("done", f"{SHOP}/textts"), f"{SHOP} has no step 'textts'; write 'texts'"),
    "a project alone": (("done", SHOP), f"which step of {SHOP}? known here: goals-agreed, open, texts"),
    "another project": (("done", f"{OTTER}/shopp/texts"), f"{OTTER} has no project 'shopp'; write 'shop'"),
    "another client": (("done", "oter-books/shop/texts"), f"there is no client 'oter-books'; write '{OTTER}'"),
    "too much": (("done", f"{SHOP}/texts/open"), f"{SHOP} has no step 'texts/open'"),
    "no news": (("done", f"{SHOP}/open"), "--happened, what the client has now, is missing"),
    "no farewell": (("done", f"{SHOP}/open", "--happened", "It is open."), "--next, what remains and whom to ask, is missing"),
    "done twice": (("done", f"{SHOP}/goals-agreed"), "is done since 2026-02-20"),
    "done to come": (("done", f"{SHOP}/texts", "--on", "2026-03-09"), "2026-03-09 is after today"),
    "no plain sentence": (("done", f"{SHOP}/texts", "--happened", "## Done"), "is not a plain sentence"),
    "no date": (("move", f"{SHOP}/open"), "DATE is missing"),
    "no reason": (("move", f"{SHOP}/open", "2026-05-08"), "--why is missing"),
    "the same date": (("move", f"{SHOP}/open", "2026-04-24"), "is planned for 2026-04-24 already"),
    "no such date": (("move", f"{SHOP}/open", "2026-02-30"), "'2026-02-30' is not a date"),
    "moved when done": (("move", f"{SHOP}/goals-agreed", "2026-05-08"), "its date does not move any more"),
    "nothing asked": (("ask", f"{SHOP}/open"), "TEXT is missing"),
    "no end": (("ask", f"{SHOP}/open", "Choose"), "--by is missing"),
    "asked twice": (("ask", f"{SHOP}/texts", "read the texts", "--by", "2026-03-06"), "asks for that already: 1 Read the texts"),
    "a button alone": (("ask", f"{SHOP}/texts", "Choose", "--by", "2026-03-06", "--button", "Choose"), "nothing was written, for"),
    "a lost file": (("ask", f"{SHOP}/texts", "Choose", "--by", "2026-03-06", "--link", "files/x.pdf"), "there is no file 'files/x.pdf'"),
    "waiting for what": (("ask", f"{SHOP}/open", "Choose", "--by", "2026-03-06", "--waiting"), "--now is missing"),
    "which one": (("received", f"{SHOP}/texts"), "N is missing: which one has come? open are: 1 Read the texts, 2 Send us your opening hours"),
    "not asked": (("received", f"{SHOP}/texts", "3"), "has no need 3"),
    "nothing to get": (("received", f"{SHOP}/open"), "asks for nothing"),
    "work without words": (("start", f"{SHOP}/open"), "--now is missing"),
    "no project": (("update",), "PROJECT is missing"),
    "no note": (("update", SHOP), "TEXT is missing"),
    "a note of another project": (("update", f"{OTTER}/shopp", "Hello."), f"{OTTER} has no project 'shopp'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_in_words(shop: Workspace, name: str) -> None:
    """Wrong usage: nothing is written, and the words say what is meant."""
    arguments, words = REFUSED[name]
    before = tree(shop.root)
    ran = edit(shop, *arguments)
    assert ran.code == 2
    assert words in ran.output
    assert (
        ran.output.startswith(f"Usage: site-builder {arguments[0]} ") or "Usage: cli" in ran.output
    )
    assert tree(shop.root) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (TEXTS, "due: 2026-03-06", "due: friday"),
        (f"{FOLDER}/04-late.md", "---\nlabel", "label"),
    ],
)
def test_a_file_with_mistakes_is_mended_first(
    shop: Workspace, file: str, old: str, new: str
) -> None:
    """Its mistakes are shown as `check` shows them, and nothing is written."""
    shop.write(file, WAITING.replace(old, new))
    before = tree(shop.root)
    ran = edit(shop, "done", file)
    assert ran.code == 1
    assert f"{file}:" in ran.output
    assert "Nothing was written: mend this first." in ran.output
    assert tree(shop.root) == before


def test_mistakes_elsewhere_do_not_stop_the_edit(shop: Workspace) -> None:
    """The step is changed, and that the client does not see it yet is said."""
    shop.edit(f"{FOLDER}/01-goals-agreed.md", "due: 2026-02-20", "due: friday")
    ran = edit(shop, "move", f"{SHOP}/open", "2026-05-08", "--why", "It rains.")
    assert ran.code == 0
    assert b"due: 2026-05-08\r\n" in tree(shop.root)[OPEN]
    assert (
        f"The client sees nothing of it before a mistake in other files of {OTTER} is mended:"
        f" site-builder check {OTTER}\n"
    ) in ran.output


@pytest.mark.parametrize(
    ("here", "name"),
    [
        ("", f"{SHOP}/texts"),
        ("", f"{SHOP}/02-texts"),
        ("", f"{OTTER}/texts"),
        ("", TEXTS),
        ("", f"projects/{SHOP}/texts"),
        ("projects", f"{SHOP}/milestones/02-texts.md"),
        (FOLDER, "02-texts.md"),
        (f"projects/{PINE}", f"{SHOP}/texts"),
    ],
)
def test_a_step_is_named_by_its_ids_or_the_way_to_its_file(
    shop: Workspace, here: str, name: str
) -> None:
    """Shells complete ways, and editors copy them."""
    ran = run(shop.root / here, "done", name, "--today", TODAY)
    assert ran.code == 0, ran.output
    assert ran.output.startswith(f"changed: {TEXTS}\n")


def test_steps_of_project_yml_are_edited_there(shop: Workspace) -> None:
    """Whoever prefers one file keeps it, with its comments."""
    project = f"projects/{PINE}/shop/project.yml"
    shop.remove(f"projects/{PINE}/shop/milestones")
    steps = "milestones:  # in order\n  - {id: open, label: The shop is open, due: 2026-04-24, matters: Bread.}\n"
    shop.write(project, f"# ours\ntitle: Your shop\nstarts: 2026-01-05\n{steps}")
    ran = edit(shop, "done", f"{PINE}/open", "--happened", "It is open.", "--next", "Ask Maya.")
    assert ran.code == 0, ran.output
    assert tree(shop.root)[project].decode() == (
        "# ours\ntitle: Your shop\nstarts: 2026-01-05\nmilestones:  # in order\n"
        "  - {id: open, label: The shop is open, due: 2026-04-24, done: 2026-03-02, matters: Bread.,"
        " next: Ask Maya., happened: It is open.}\n"
    )


def test_what_stays_open_or_unsaid_is_told(shop: Workspace) -> None:
    """A finished step asks for nothing on the page: whoever forgets `received` reads it."""
    ran = edit(shop, "done", f"{SHOP}/texts")
    assert "What just happened still says: Your texts are ready.\n" in ran.output
    assert (
        "Open, and asked for no more: Read the texts; Send us your opening hours. If it came:"
        f" site-builder received {SHOP}/texts\n"
    ) in ran.output
    assert edit(shop, "received", f"{SHOP}/texts", "2").code == 0
    assert edit(shop, "received", f"{SHOP}/texts").code == 0
    assert "nothing is open" in edit(shop, "received", f"{SHOP}/texts", "2").output


def test_a_step_that_waited_for_nothing_else_goes_on(shop: Workspace) -> None:
    """Somebody who waits for nobody is a mistake; what to do when it is finished is said."""
    assert "in progress" not in edit(shop, "received", f"{SHOP}/texts", "2").output
    ran = edit(shop, "received", f"{SHOP}/texts")
    assert f"the step is in progress. Is it finished? site-builder done {SHOP}/texts" in ran.output
    assert b"state: doing\n" in tree(shop.root)[TEXTS]


def test_a_date_may_move_and_come_back_on_one_day(shop: Workspace) -> None:
    """Both moves stay: the list tells the whole story."""
    for date in ("2026-05-08", "2026-04-24"):
        ran = edit(shop, "move", f"{SHOP}/open", date, "--why", "The card reader.")
        assert ran.code == 0, ran.output
    assert edit(shop, "check", OTTER).code == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("draft: true", "The step is a draft: the client does not see it."),
        ("publish_on: 2026-04-01", "The client does not see the step before 2026-04-01."),
    ],
)
def test_a_hidden_step_is_edited_and_that_it_is_hidden_is_said(
    shop: Workspace, line: str, words: str
) -> None:
    """The page stays as it is."""
    shop.edit(TEXTS, "state: waiting", f"state: waiting\n{line}")
    ran = edit(shop, "ask", f"{SHOP}/texts", "Choose a colour", "--by", "2026-03-13")
    assert ran.code == 0, ran.output
    assert words in ran.output
    assert "colour" not in "".join(seen(ran))


def test_notes_of_one_day_get_names_of_their_own(shop: Workspace) -> None:
    """The same note twice is a slip, and another one that begins alike is not."""
    start = "Three first ideas for the look of your home page"
    for sentence in (start, f"{start}, drawn by Leila", f"{start}, drawn by Tom"):
        assert edit(shop, "update", OTTER, sentence).code == 0
    again = edit(shop, "update", SHOP, start)
    assert again.code == 2
    assert "this note is there already" in again.output
    names = sorted(path.name for path in (shop.root / f"projects/{SHOP}/updates").iterdir())
    slug = "2026-03-02-three-first-ideas-for-the-look-of-your"
    assert names == [f"{slug}-2.md", f"{slug}-3.md", f"{slug}.md"]


def test_a_note_of_a_day_to_come_waits_for_it(shop: Workspace) -> None:
    """It is said when the client will see it; the page of today stays."""
    ran = edit(shop, "update", SHOP, "We are back on Monday.", "--on", "2026-03-09")
    assert "The client sees it from 2026-03-09 on.\n" in ran.output
    assert "back" not in "".join(seen(ran))


def test_a_promise_that_the_note_leaves_behind_is_told(shop: Workspace) -> None:
    """From tomorrow on the page would say that the update is late."""
    shop.edit(f"projects/{SHOP}/project.yml", "starts:", "next_update: 2026-03-02\nstarts:")
    ran = edit(shop, "update", SHOP, "The first ideas are there.")
    assert (
        "The page still promises the next update for 2026-03-02: change next_update in"
        in ran.output
    )


def test_findings_that_an_edit_brings_are_shown(shop: Workspace) -> None:
    """Those that were there before are not."""
    shop.edit(TEXTS, "Your texts approved   #", "All of your texts are approved   #")
    ran = edit(shop, "update", SHOP, "See [our plans](ftp://plans.example/a).")
    assert "[link-scheme]" in ran.output
    assert "[long-label]" not in ran.output


def test_in_a_repository_the_next_thing_is_a_commit(shop: Workspace) -> None:
    """The line can be typed as it stands, also from a folder below."""
    git(shop.root, "init", "--quiet", "--initial-branch=main")
    git(shop.root, "add", "--all")
    git(shop.root, "commit", "--quiet", "--message=First")
    said = edit(shop, "update", SHOP, "Your texts are ready.").output
    path = f"projects/{SHOP}/updates/2026-03-02-your-texts-are-ready.md"
    assert said.endswith(f'  git add {path} && git commit -m "update: {SHOP}" {path}\n')
    said = run(shop.root / FOLDER, "done", "02-texts.md", "--today", TODAY).output
    at = f"git -C {shop.root}"
    assert said.endswith(f'  {at} add {TEXTS} && {at} commit -m "done: {SHOP}/texts" {TEXTS}\n')


def test_the_line_works_for_a_file_that_git_does_not_know_yet(shop: Workspace) -> None:
    """A step that `new` has just made is in no commit."""
    git(shop.root, "init", "--quiet", "--initial-branch=main")
    git(shop.root, "config", "user.name", "Maya")
    git(shop.root, "config", "user.email", "maya@northlight.example")
    said = edit(shop, "done", f"{SHOP}/texts").output
    subprocess.run(["/bin/sh", "-ec", said.rpartition("Next:\n")[2]], cwd=shop.root, check=True)
    assert git(shop.root, "ls-files").splitlines() == [TEXTS]


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such permissions there")
def test_a_changed_file_keeps_its_permissions(shop: Workspace) -> None:
    """Whoever could read and write it still can, and nothing is left beside it."""
    path = shop.root / TEXTS
    path.chmod(0o640)
    assert edit(shop, "done", f"{SHOP}/texts").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "01-goals-agreed.md",
        "02-texts.md",
        "03-open.md",
    ]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("done ", [f"{OTTER}/", f"{PINE}/"]),
        ("done ot", [f"{SHOP}/goals-agreed", f"{SHOP}/texts", f"{SHOP}/open"]),
        (f"move {SHOP}/t", [f"{SHOP}/texts"]),
        ("ask nobody/", []),
        ("received pi", [f"{PINE}/shop/goals-agreed", f"{PINE}/shop/open"]),
        ("update pi", [f"{PINE}/shop"]),
    ],
)
def test_the_shell_completes_steps_and_projects(
    shop: Workspace, typed: str, offered: list[str]
) -> None:
    """Clients first, and their steps as soon as one is meant."""
    words = f"site-builder {typed}"
    ran = run_apart(
        shop.root,
        _SITE_BUILDER_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
    )
    assert [line.partition(",")[2] for line in ran.output.split()] == offered


ASKED = {
    "done": (("done", f"{SHOP}/texts"), "\ny\n", "Has it come: Read the texts; Send us your opening hours?", "received: 2026-03-02"),
    "news": (("done", f"{SHOP}/texts"), "They are in.\nn\n", "What just happened says: Your texts are ready.", "They are in."),
    "last": (("done",), f"{SHOP}/open\nIt is open.\nAsk Maya.\n", "What remains, and whom to ask", "Ask Maya."),
    "start": (("start", f"{SHOP}/open"), "opening it\nIt opens on 24 April.\n", "What is being done", "now: opening it"),
    "move": (("move", f"{SHOP}/open"), "soon\n2026-05-08\nThe card reader.\n", "'soon' is not a date", "why: The card reader."),
    "ask": (("ask", f"{SHOP}/open"), "Choose a colour\n2026-03-13\n", "Until when", "ask: Choose a colour"),
    "received": (("received", f"{SHOP}/texts"), "1\nputting them in\n", "2  Send us your opening hours", "now: putting them in"),
    "update": (("update",), f"{SHOP}\nWe are back.\n", "What happened", "We are back."),
}  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals there")
@pytest.mark.parametrize("name", ASKED)
def test_what_is_missing_is_asked_for_on_a_terminal(shop: Workspace, name: str) -> None:
    """Question by question, with the answer in the file at the end."""
    arguments, typed, question, line = ASKED[name]
    ran = run_on_terminal(shop.root, typed, *arguments, "--today", TODAY)
    assert ran.code == 0, ran.output
    assert question in ran.output
    assert any(line in data.decode() for data in tree(shop.root / "projects" / SHOP).values())


def test_what_the_client_sees_is_said_in_their_language(shop: Workspace) -> None:
    """What is printed is what the page says, in its language."""
    shop.edit(f"projects/{OTTER}/client.yml", "links:", "language: de\nlinks:")
    ran = edit(shop, "done", f"{SHOP}/texts", "--happened", "Ihre Texte sind freigegeben.")
    assert seen(ran)[1] == "2. März: Fertig: Your texts approved"


def test_a_file_that_cannot_be_written_is_named(shop: Workspace) -> None:
    """A full or closed disk is no bug, and the step stays as it was."""
    (shop.root / FOLDER / ".02-texts.md~").mkdir()
    ran = edit(shop, "done", f"{SHOP}/texts")
    assert ran.code == 1
    assert "02-texts.md" in ran.output
    assert tree(shop.root)[TEXTS] == WAITING.encode()


def test_the_command_does_what_the_handbook_does_by_hand(tmp_path: Path) -> None:
    """`done` makes the same of the sample's file as the first three changes of "Finish a step"."""
    path = "projects/larkfield-vets/website/milestones/05-page-texts.md"
    samples = copy_workspace(WORKSPACES / "samples", tmp_path / "agency")
    by_hand = (samples.root / path).read_text("utf-8")
    page = (ROOT / "docs" / "how-to" / "finish-a-step.md").read_text("utf-8")
    shown = list(blocks(page))
    for hunk in [block.text for block in shown if block.language == "diff"][:3]:
        by_hand = changed(by_hand, hunk)
    (command,) = re.findall(r"^\.venv/bin/site-builder (done .+)$", page, re.MULTILINE)
    assert edit(samples, *shlex.split(command)).code == 0
    assert (samples.root / path).read_text("utf-8") == by_hand
