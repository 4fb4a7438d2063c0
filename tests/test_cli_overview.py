"""`overview`: a table, data, and a page, for the agency's eyes only."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.workspace import (
    HERON,
    NAMES,
    OTTER,
    PINE,
    TODAY,
    TOKENS,
    run,
    run_on_terminal,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace import Ran, Workspace

PAGE = ".cache/overview.html"
OPENING = "shop/milestones/02-open.md"
WAITING = """\
---
label: The shop is open
state: waiting
now: waiting for your prices
due: 2026-03-06
needs:
  - {ask: Send us the prices of your bread, asked: 2026-02-16, by: 2026-02-27}
---
## Why it matters
Readers order from home.
## What comes next
We put the prices on the pages by Friday.
"""


def overview(workspace: Workspace, *options: str, today: str = TODAY) -> Ran:
    """Look at all clients on a day."""
    return workspace.run("overview", "--today", today, *options)


def data(workspace: Workspace, *options: str, today: str = TODAY) -> list[dict[str, Any]]:
    """Look at all clients as data."""
    found = json.loads(overview(workspace, "--format", "json", *options, today=today).output)
    assert isinstance(found, list)
    return found


def without_findings(output: str) -> str:
    """Leave out what the check has to say."""
    return re.sub(r"    check: .*\n", "", output)


# --- The table -----------------------------------------------------------------------------------


def test_the_table_says_who_needs_you_and_why(crew: Workspace) -> None:
    """A heading for each kind of attention, reasons in words, and one line of totals."""
    crew.write(f"projects/{PINE}/{OPENING}", WAITING)
    crew.edit(f"projects/{HERON}/{OPENING}", "2026-04-24", "friday")
    ran = overview(crew)
    assert ran.code == 1, "a page is not being updated"
    assert without_findings(ran.output) == (
        "CLIENT              STEP  STATE        LAST NEWS  NEXT NEWS\n"
        "\n"
        "TO BE MENDED: THEIR PAGE IS NOT BEING UPDATED\n"
        "Heron Rowing Club\n"
        "    1 problem in the files, and their page is not being updated: site-builder\n"
        "      check heron-rowing\n"
        "\n"
        "YOU WAIT FOR THEM\n"
        "Pine Bakery          2/2  on course     10 d ago  15 Mar\n"
        "    you wait since 16 Feb for \u201cSend us the prices of your bread\u201d: it was due on\n"
        "      27 Feb, 3 days ago\n"
        "    \u201cThe shop is open\u201d is due on 6 Mar, in 4 days\n"
        "    the next update is due on 15 Mar, in 13 days\n"
        "\n"
        "COMING UP WITHIN 14 DAYS\n"
        "Otter Books          2/2  on course     10 d ago  15 Mar\n"
        "    the next update is due on 15 Mar, in 13 days\n"
        "\n"
        "2 of 3 clients need you today, and 1 more within 14 days.\n"
    )


def test_what_the_check_has_to_say_is_named(workspace: Workspace) -> None:
    """By its rules, with their numbers; `site-builder check` says more."""
    for name in ("notes.txt", "calls.txt"):
        workspace.write(f"projects/{PINE}/{name}", "Call them.\n")
    assert "2 \u00d7 unknown-file" in overview(workspace, PINE).output
    assert data(workspace, PINE)[0]["findings"]["unknown-file"] == 2


@pytest.mark.parametrize("columns", [80, 100, 140, 200])
def test_lines_fit_the_terminal(
    samples: Workspace, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Where there is room, the reasons stand beside the facts."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = overview(samples, today="2026-03-20").output.splitlines()
    assert max(map(len, lines)) <= columns
    assert ("WHY" in lines[0]) == (columns >= 140)


def test_names_are_whole_and_clear(crew: Workspace) -> None:
    """Nobody is cut short, and of two clients with one name each has its id beside it."""
    long = "The Northern Lighthouse Preservation Society of Whitby"
    crew.edit(f"projects/{PINE}/client.yml", NAMES[PINE], NAMES[OTTER])
    crew.edit(f"projects/{HERON}/client.yml", NAMES[HERON], long)
    lines = overview(crew).output.splitlines()
    assert long in lines
    for client in (PINE, OTTER):
        assert any(line.startswith(f"{NAMES[OTTER]} ({client})") for line in lines)


def test_characters_of_terminals_are_shown(workspace: Workspace) -> None:
    """No text of a client gives the terminal a command, or turns the line around."""
    step = WAITING.replace("Send us", "Send \u202e us")
    workspace.write(f"projects/{PINE}/{OPENING}", step)
    output = overview(workspace).output
    assert "\u202e" not in output
    assert "U+202E" in output


def test_colours_are_for_terminals_only(workspace: Workspace) -> None:
    """What goes into a file or a mail is plain."""
    assert "\x1b" not in overview(workspace).output
    shown = run_on_terminal(workspace.root, "", "overview", "--today", TODAY)
    assert "\x1b[34m" in shown.output


def test_each_project_of_a_client_has_its_line(crew: Workspace) -> None:
    """The client stands where its most urgent project belongs."""
    for path, content in tree(crew.root / f"projects/{PINE}/shop").items():
        text = content.decode().replace("Your new shop", "Your new van")
        crew.write(f"projects/{PINE}/van/{path}", text)
    crew.write(f"projects/{PINE}/van/milestones/02-open.md", WAITING)
    output = overview(crew).output
    place = output.index("\nPine Bakery\n")
    assert place < output.index("COMING UP")
    assert "\n  Your new shop " in output[place:]
    assert "\n  Your new van " in output[place:]


# --- Data ----------------------------------------------------------------------------------------


def test_data_is_a_list_in_the_same_order(crew: Workspace) -> None:
    """With the reasons, and all that progress.json says."""
    crew.write(f"projects/{PINE}/{OPENING}", WAITING)
    crew.build()
    rows = data(crew)
    assert [row["id"] for row in rows] == [PINE, HERON, OTTER]
    first = rows[0]
    assert first["attention"][0] == {
        "urgency": "remind",
        "rule": "late-answer",
        "number": 3,
        "text": "you wait since 16 Feb for \u201cSend us the prices of your bread\u201d: it was due on 27 Feb, 3 days ago",
        "project": "shop",
        "milestone": "open",
        "on": "2026-02-27",
        "waits": "agency",
        "since": "2026-02-16",
    }
    assert (first["urgency"], first["links"], first["ends"]) == ("remind", ["everyone"], None)
    assert first["projects"][0].pop("silence") == 10
    published = json.loads((crew.client_dir(PINE) / "progress.json").read_text("utf-8"))
    assert published == {key: first[key] for key in published}


def test_a_client_that_cannot_be_read_is_a_row(crew: Workspace) -> None:
    """Whatever is wrong: it stands first, by its id, with no project."""
    crew.write(f"projects/{PINE}/client.yml", b"\xff\xfe: broken")
    crew.write(f"projects/{HERON}/shop/project.yml", "{{{")
    crew.edit(f"projects/{OTTER}/{OPENING}", "label:", "labl:")
    rows = data(crew)
    assert {row["urgency"] for row in rows} == {"mend"}
    assert {row["client"] for row in rows} == {PINE, NAMES[HERON], NAMES[OTTER]}
    assert all(row["projects"] == [] for row in rows)
    assert overview(crew).code == 1
    assert overview(crew, "--format", "html").code == 1


def test_a_closed_client_stands_last(crew: Workspace) -> None:
    """Nobody expects anything of it."""
    crew.edit(f"projects/{HERON}/client.yml", "links:", "ends: 2026-02-01\nlinks:")
    assert [row["id"] for row in data(crew)] == [OTTER, PINE, HERON]
    assert "their page has been closed since 1 Feb" in overview(crew).output


def test_clients_can_be_named(crew: Workspace) -> None:
    """By their ids, as for the other commands."""
    assert [row["id"] for row in data(crew, PINE)] == [PINE]
    assert overview(crew, PINE).output.endswith("Pine Bakery does not need you today.\n")
    assert overview(crew, "nobody").code == 2


def test_a_workspace_without_clients_is_no_mistake(tmp_path: Path) -> None:
    """Its first day."""
    workspace = small_workspace(tmp_path / "agency")
    (workspace.root / "projects").mkdir()
    said = "There is no client yet: site-builder new CLIENT makes the first one.\n"
    assert overview(workspace) == run(workspace.root, "overview")
    assert (overview(workspace).code, overview(workspace).output) == (0, said)
    assert data(workspace) == []
    assert overview(workspace, "--format", "html").code == 0


def test_settings_with_a_mistake_stop_it(workspace: Workspace) -> None:
    """They concern everybody."""
    workspace.edit("mkdocs.yml", "    name:", "    nme:")
    assert overview(workspace).code == 1


# --- The page ------------------------------------------------------------------------------------


def test_the_page_is_one_file_without_links(crew: Workspace) -> None:
    """No script, no other file, no private link, even where somebody wrote one into a text."""
    crew.write(f"projects/{PINE}/{OPENING}", WAITING.replace("prices of", f"{TOKENS[PINE]} of"))
    ran = overview(crew, "--format", "html")
    assert ran.code == 0
    assert f"Open {crew.root / PAGE} in your browser." in ran.output
    page = (crew.root / PAGE).read_text("utf-8")
    assert "You wait since 16 Feb for" in page
    assert not re.search(r"<script|<link|<img|\ssrc=|https?:|url\(|@import", page)
    assert not any(token in page for token in TOKENS.values())
    assert (crew.root / ".cache/.gitignore").read_text("utf-8") == "*\n"


def test_texts_of_clients_are_escaped(workspace: Workspace) -> None:
    """A name is never markup."""
    workspace.edit(f"projects/{PINE}/client.yml", NAMES[PINE], "</style><b>Pine</b>")
    overview(workspace, "--format", "html")
    page = (workspace.root / PAGE).read_text("utf-8")
    assert "&lt;/style&gt;&lt;b&gt;Pine" in page


@pytest.mark.parametrize(
    "path",
    ["site/overview.html", "built/c/overview.html", "projects/overview.html", "docs/overview.html"],
)
def test_the_page_never_stands_among_pages(workspace: Workspace, path: str) -> None:
    """It names every client: not in the site, nor where other pages are made of."""
    workspace.build("-d", "built")
    before = tree(workspace.root)
    ran = overview(workspace, "--format", "html", "-o", path)
    assert ran.code == 2, ran.output
    assert tree(workspace.root).keys() - before.keys() <= {".cache/check.json"}


def test_the_page_goes_where_it_is_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    """In another folder, too; `-o` is for the page only."""
    target = tmp_path / "today" / "clients.html"
    assert overview(workspace, "--format", "html", "-o", str(target)).code == 0
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert overview(workspace, "-o", str(target)).code == 2


@pytest.mark.parametrize("ahead", [0, 30, 400])
def test_the_samples_can_be_looked_at_on_any_day(samples: Workspace, ahead: int) -> None:
    """In all three formats, with the same totals."""
    today = str(datetime.date.fromisoformat(TODAY) + datetime.timedelta(ahead))
    total = overview(samples, today=today).output.splitlines()[-1]
    assert overview(samples, "--format", "html", today=today).output.startswith(total)
    assert len(data(samples, today=today)) == 3
