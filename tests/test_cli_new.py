"""What `new` writes is right at once, in order, and never in the place of something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from site_builder.parse.clients import tokens_in
from tests.workspace import (
    AGENCY,
    OTTER,
    PINE,
    TODAY,
    TOKENS,
    Workspace,
    run_on_terminal,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = "No problems.\n"


def new(workspace: Workspace, *arguments: str) -> str:
    """Run `new` on the day of the samples; it must go well."""
    done = workspace.run("new", *arguments, "--today", TODAY)
    assert done.code == 0, done.output
    return done.output


def checked(workspace: Workspace) -> str:
    """Check everything strictly on that day."""
    return workspace.run("check", "--strict", "--today", TODAY).output


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """A workspace before its first client."""
    workspace = Workspace(tmp_path / "agency")
    workspace.write("mkdocs.yml", AGENCY)
    return workspace


# --- A client, a project -------------------------------------------------------------------------


def test_one_word_makes_a_client_that_builds(empty: Workspace) -> None:
    """It has a name, a link that nobody reads in passing, and a page that makes sense."""
    said = new(empty, "harbour-physio")
    written = yaml.safe_load((empty.root / "projects/harbour-physio/client.yml").read_text("utf-8"))
    assert written["name"] == "Harbour Physio"
    token = written["links"]["everyone"]
    assert re.fullmatch("[a-z2-7]{26}", token)
    assert token not in said
    assert checked(empty) == CLEAN
    assert empty.build("--strict").code == 0
    page = (empty.site / "c" / token / "index.html").read_text("utf-8")
    assert "The steps are being planned." in page
    assert 'site-builder new milestone harbour-physio/project "Goals agreed"' in said


def test_answers_may_be_given(empty: Workspace) -> None:
    """Options stand before or after the names; a folder's way is as good as its name."""
    new(empty, "--name", "Zoë: “Yoga” & more", "projects/zoe-yoga/", "studio",
        "--title", "Your #1 studio", "--start", "2026-04-06")  # fmt: skip
    folder = empty.root / "projects" / "zoe-yoga"
    assert (
        yaml.safe_load((folder / "client.yml").read_text("utf-8"))["name"] == "Zoë: “Yoga” & more"
    )
    project = yaml.safe_load((folder / "studio" / "project.yml").read_text("utf-8"))
    assert (project["title"], str(project["starts"])) == ("Your #1 studio", "2026-04-06")
    assert checked(empty) == CLEAN


def test_a_proposed_title_is_shown_with_its_place(empty: Workspace) -> None:
    """Who gave a title knows it."""
    said = new(empty, "harbour-physio", "booking-system")
    assert (
        'The client reads the title "Your booking system"; it stands in'
        " projects/harbour-physio/booking-system/project.yml.\n"
    ) in said
    assert "reads the title" not in new(empty, "zoe-yoga", "studio", "--title", "Your studio")


def test_each_link_is_new(empty: Workspace) -> None:
    """No two clients share one."""
    for number in range(5):
        new(empty, f"client-{number}")
    texts = [path.read_text("utf-8") for path in empty.root.glob("projects/*/client.yml")]
    assert len(frozenset().union(*map(tokens_in, texts))) == 5


def test_a_further_project_leaves_the_client_alone(workspace: Workspace) -> None:
    """Only its own folder is added."""
    before = tree(workspace.root)
    new(workspace, OTTER, "spring-letter")
    added = tree(workspace.root).items() - before.items()
    assert {name for name, _ in added} == {f"projects/{OTTER}/spring-letter/project.yml"}
    assert checked(workspace) == CLEAN


def test_editors_are_told_where_the_schema_is(workspace: Workspace) -> None:
    """Only in a workspace that has one."""
    new(workspace, "without")
    assert workspace.run("schema").code == 0
    new(workspace, "with")
    for path in (workspace.root / "projects" / "with").rglob("*.yml"):
        (way,) = re.findall(r"\$schema=(\S+)", path.read_text("utf-8"))
        assert (path.parent / way).is_file()
    for path in (workspace.root / "projects" / "without").rglob("*.yml"):
        assert "$schema" not in path.read_text("utf-8")


# --- A milestone ---------------------------------------------------------------------------------


def test_a_milestone_is_a_draft_until_it_says_why(workspace: Workspace) -> None:
    """It is not on the page; without the line `draft`, check says what is missing."""
    assert "It is a draft" in new(workspace, "milestone", OTTER, "Readers: #1 again")
    step = f"projects/{OTTER}/shop/milestones/03-readers-1-again.md"
    assert checked(workspace) == CLEAN
    workspace.build()
    assert "Readers: #1 again" not in workspace.page(OTTER)
    line = "draft: true  # not on the page: delete this line once it is written\n"
    workspace.edit(step, line, "")
    assert "nothing stands under 'Why it matters'" in checked(workspace)
    hint = "<!-- What does the client gain? One sentence, in their words. -->"
    workspace.edit(step, hint, "Readers find new books without a search.")
    assert checked(workspace) == CLEAN
    workspace.build()
    assert "Readers: #1 again" in workspace.page(OTTER)


def test_a_milestone_that_says_why_is_on_the_page(workspace: Workspace) -> None:
    """With its date, and no comment of ours."""
    new(workspace, "milestone", f"{OTTER}/shop", "First month in numbers",
        "--due", "2026-05-29", "--why", "You see what readers buy.")  # fmt: skip
    assert checked(workspace) == CLEAN
    workspace.build()
    page = workspace.page(OTTER)
    assert "You see what readers buy." in page
    assert "29\N{NO-BREAK SPACE}May" in page
    assert "What follows" not in page


def test_what_the_comments_teach_is_right(workspace: Workspace) -> None:
    """Without the `#` and the space behind it, a file says what it shows."""
    new(
        workspace,
        "milestone",
        f"{OTTER}/shop",
        "Texts approved",
        "--due",
        "2026-05-04",
        "--why",
        "Your readers find what they look for.",
    )
    step = workspace.root / f"projects/{OTTER}/shop/milestones/03-texts-approved.md"
    text = step.read_text("utf-8")
    assert "take away the # and the space behind it" in text
    text = text.replace("# state: doing", "state: waiting")
    for key in ("now:", "needs:", "  - {ask", "moved:", "  - {from"):
        assert text.count(f"# {key}") == 1
        text = text.replace(f"# {key}", key)
    text = text.replace("due: 2026-05-04", "due: 2026-05-06", 1)
    text = text.replace(
        "<!-- What follows, and until when? Not needed before the step begins. -->",
        "On 13 May your readers see them.",
    )
    step.write_text(text, "utf-8")
    assert checked(workspace) == CLEAN


OUTCOMES = "outcomes: {sales: Readers order from home}"


@pytest.mark.parametrize(
    ("outcomes", "weights", "offered"),
    [
        ("", [], []),
        ("outcomes: mistaken", ["plenty", "[1, 2]"], []),
        (OUTCOMES, [], ["outcome: sales  # what it serves"]),
        (
            "outcomes: {sales: Readers order, trust: Readers come back, calls: Fewer ask}",
            [],
            ["outcome: sales  # what it serves: sales, trust, calls; or [sales, trust]"],
        ),
        ("", ["10", ""], ["weight: 10  # its share of the work; the other steps have 10"]),
        ("", ["30", "7.5"], ["weight: 7.5  # its share of the work; the other steps have 7.5 to 30"]),
        (OUTCOMES, ["10", "10"], ["outcome: sales  # what it serves",
                                  "weight: 10  # its share of the work; the other steps have 10"]),
    ],
)  # fmt: skip
def test_keys_that_the_other_steps_have_are_offered(
    outcomes: str, weights: list[str], offered: list[str], workspace: Workspace
) -> None:
    """As comments, with what there is to choose from; a project without them hears nothing."""
    folder = f"projects/{OTTER}/shop"
    workspace.edit(f"{folder}/project.yml", OUTCOMES, outcomes)
    for name, weight in zip(("01-goals-agreed", "02-open"), weights, strict=False):
        line = f"weight: {weight}\n" if weight else ""
        workspace.edit(f"{folder}/milestones/{name}.md", "label:", f"{line}label:")
    new(workspace, "milestone", OTTER, "First month", "--due", "2026-05-29", "--why", "You see it.")
    step = (workspace.root / f"{folder}/milestones/03-first-month.md").read_text("utf-8")
    lines = step.splitlines()
    assert lines[3 : lines.index("#")] == [f"# {line}" for line in offered]
    assert not [line for line in lines if line.startswith(("outcome:", "weight:"))]


def test_an_offered_key_is_right_without_its_mark(workspace: Workspace) -> None:
    """A step that takes what is offered is like the others."""
    for name in ("01-goals-agreed", "02-open"):
        path = f"projects/{OTTER}/shop/milestones/{name}.md"
        workspace.edit(path, "label:", "weight: 20\noutcome: sales\nlabel:")
    new(workspace, "milestone", OTTER, "First month", "--due", "2026-05-29", "--why", "You see it.")
    assert "some steps have a weight" in checked(workspace)
    path = f"projects/{OTTER}/shop/milestones/03-first-month.md"
    workspace.edit(path, "# weight:", "weight:")
    workspace.edit(path, "# outcome:", "outcome:")
    assert checked(workspace) == CLEAN


def test_before_the_end_is_a_place(workspace: Workspace) -> None:
    """The launch moves on by one, with the links to it; addresses and all other files stay."""
    road = f"projects/{OTTER}/shop/milestones"
    note = f"projects/{OTTER}/shop/updates/2026-02-25-soon.md"
    workspace.write(note, "Soon\n\nThen comes [the day](milestones/02-open.md).\n")
    workspace.build()
    before = tree(workspace.root / "projects")
    said = new(
        workspace,
        "milestone",
        OTTER,
        "Books are in",
        "--before",
        "open",
        "--why",
        "You can send them.",
    )
    assert "renamed: 02-open.md is 03-open.md now" in said
    after = tree(workspace.root / "projects")
    names = [path.name for path in sorted((workspace.root / road).iterdir())]
    assert names == ["01-goals-agreed.md", "02-books-are-in.md", "03-open.md"]
    assert (
        after[f"{OTTER}/shop/milestones/03-open.md"]
        == before[f"{OTTER}/shop/milestones/02-open.md"]
    )
    assert b"(milestones/03-open.md)" in after[note.removeprefix("projects/")]
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {f"{OTTER}/shop/milestones/02-open.md", note.removeprefix("projects/")}
    assert checked(workspace) == CLEAN
    workspace.build()
    assert "The shop is open" in workspace.page(OTTER, "shop/open")


# --- An update -----------------------------------------------------------------------------------


def test_an_update_is_its_sentence(workspace: Workspace) -> None:
    """Dated today, or on the day that is named."""
    new(workspace, "update", OTTER, "Your first drafts: here they are 🎉")
    said = new(workspace, "update", f"projects/{OTTER}/shop", "See you soon", "--on", "2026-03-09")
    assert "The client sees it from 2026-03-09 on." in said
    names = [
        path.name for path in sorted((workspace.root / f"projects/{OTTER}/shop/updates").iterdir())
    ]
    assert names == ["2026-03-02-your-first-drafts-here-they-are.md", "2026-03-09-see-you-soon.md"]
    assert checked(workspace) == CLEAN
    workspace.build()
    assert "Your first drafts: here they are 🎉" in workspace.page(OTTER)
    assert "The line above" not in workspace.page(OTTER, "shop/changes")


# --- What cannot be done -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "CLIENT is missing"),
        (["Harbour Physio"], "'Harbour Physio' cannot be an id; write harbour-physio"),
        (["../out"], "'../out' cannot be an id; write out"),
        (["harbour", "files"], "'files' is reserved for pages of ours; write for example files-page"),
        ([OTTER], f"{OTTER} is a client already; for a further project write `site-builder new {OTTER} PROJECT`"),
        ([OTTER, "shop"], f"there is a project {OTTER}/shop already; nothing was written"),
        ([OTTER, "spring", "--name", "X"], "its name stands in"),
        (["harbour", "--name", "bell\a"], "a control character"),
        (["harbour", "--start", "friday"], "'friday' is not a date; write it as YYYY-MM-DD"),
        (["milestone"], "CLIENT/PROJECT is missing"),
        (["milestone", OTTER], "LABEL is missing"),
        (["milestone", "oter-books", "X"], f"there is no client 'oter-books' in projects/; write '{OTTER}'"),
        (["milestone", f"{OTTER}/shp", "X"], f"{OTTER} has no project 'shp'; write 'shop'"),
        (["milestone", OTTER, "All of the first month in numbers"], "there is room for 28: name in two to four words"),
        (["milestone", OTTER, "Goals agreed"], "there is a milestone 'goals-agreed' already: 01-goals-agreed.md"),
        (["milestone", OTTER, "X", "--before", "opn"], "there is no step 'opn'; write 'open'"),
        (["milestone", OTTER, "X", "--why", "<!-- x"], "is not a plain sentence; begin with a word"),
        (["milestone", OTTER, "X", "--due", "2026-02-30"], "'2026-02-30' is not a date"),
        (["update", OTTER], "SENTENCE is missing"),
        (["update", OTTER, "# Done"], "is not a plain sentence; begin with a word"),
        (["update", OTTER, "Hello"], "2026-03-02-hello.md is there already; nothing was written"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    arguments: list[str], words: str, workspace: Workspace
) -> None:
    """Wrong usage ends with 2 and names what to type."""
    workspace.write(f"projects/{OTTER}/shop/updates/2026-03-02-hello.md", "Hello\n")
    before = tree(workspace.root)
    done = workspace.run("new", *arguments, *(["--today", TODAY] if arguments else []))
    assert done.code == 2
    assert words in " ".join(done.output.split())
    assert tree(workspace.root) == before


def test_a_client_with_two_projects_is_not_guessed_at(workspace: Workspace) -> None:
    """The words name both."""
    new(workspace, OTTER, "letter")
    done = workspace.run("new", "update", OTTER, "Hello")
    assert done.code == 2
    assert f"Write {OTTER}/letter or {OTTER}/shop" in done.output


def test_milestones_in_project_yml_stay_there(workspace: Workspace) -> None:
    """A folder beside them would be an error."""
    workspace.remove(f"projects/{OTTER}/shop/milestones")
    settings = workspace.root / f"projects/{OTTER}/shop/project.yml"
    settings.write_text(
        settings.read_text() + "milestones:\n  - {id: open, matters: Readers order.}\n"
    )
    done = workspace.run("new", "milestone", OTTER, "Goals agreed")
    assert done.code == 2
    assert "stand in its project.yml; add the new one there" in done.output


def test_a_name_in_the_way_stops_the_renaming_before_it_begins(workspace: Workspace) -> None:
    """Whatever stands there, the road stays as it is."""
    workspace.write(f"projects/{OTTER}/shop/milestones/03-open.md/mine.txt", "mine")
    before = tree(workspace.root)
    done = workspace.run("new", "milestone", OTTER, "Books are in", "--before", "open")
    assert done.code == 2
    assert tree(workspace.root) == before


def test_no_link_is_shown_when_settings_are_wrong(workspace: Workspace) -> None:
    """Mistakes in mkdocs.yml come first, with their lines."""
    workspace.edit("mkdocs.yml", "name: Northlight", "nam: Northlight")
    done = workspace.run("new", "harbour")
    assert done.code == 1
    assert "mkdocs.yml:3:5" in done.output
    assert not any(token in done.output for token in TOKENS.values())


def test_other_clients_may_be_broken(workspace: Workspace) -> None:
    """A mistake somewhere else stops nobody from writing a note."""
    workspace.write(f"projects/{PINE}/client.yml", b"\xff\xfe broken")
    new(workspace, "update", OTTER, "Your photos are ready")
    new(workspace, "harbour")


def test_on_a_terminal_it_asks_for_what_is_missing(workspace: Workspace) -> None:
    """A label that is too long is explained and asked for again."""
    typed = f"{OTTER}\nAll of the first month in numbers\nFirst month\nYou see what sells.\n"
    done = run_on_terminal(workspace.root, typed, "new", "milestone", "--today", TODAY)
    assert done.code == 0, done.output
    assert "there is room for 28" in done.output
    assert checked(workspace) == CLEAN
    text = (workspace.root / f"projects/{OTTER}/shop/milestones/03-first-month.md").read_text(
        "utf-8"
    )
    assert "You see what sells." in text
