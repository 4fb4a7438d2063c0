"""A project from an offering is right at once, dated, and what the offering sells."""

from __future__ import annotations

import datetime
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import click
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.cli.new import client
from site_builder.cli.offerings import complete_offering
from site_builder.model.parts import Pause
from site_builder.model.project import Offering, Place
from site_builder.model.written import OfferingFile
from site_builder.scaffold import Plan, proposed_title
from site_builder.scaffold.offerings import dated_project, offering_files, packed_offerings
from site_builder.source.document import parse_document
from site_builder.source.texts import split_front_matter
from tests.workspace import AGENCY, OTTER, ROOT, TODAY, Workspace, run_on_terminal, tree

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.errors import Problem

START = "2026-04-27"
SHOP = """\
title: A new shop
finish: Opening day
promise: People buy from you at night, too
updates: {every: 2 weeks, on: Tuesday}
outcomes:
  orders: Readers order at any hour
  calls: {text: Fewer people call to ask, unit: calls a day}
needs_first:
  - Name one person who may decide for you
  - {ask: "Your logo: as a vector file", takes: about 5 minutes}
milestones:
  - id: goals-agreed
    day: 5
    label: Goals agreed
    title: Your goals for the shop are agreed
    outcome: [orders, calls]
    weight: 10
    happened: You choose three goals with us.
    matters: Every later choice can be checked against goals that you chose.
    next: You choose the books that come first.
    files:
      - {title: An example of three goals, url: "https://northlight.example/goals"}
      - {title: Your goals on one page, file: files/goals.pdf}
    internal: Use the form for first meetings.
  - id: first-books
    day: 15
    label: First books chosen
    optional: true
    outcome: orders
    weight: 10
    matters: |
      Your readers find the books that they ask for most.

      # Not a heading
    files:
      - {title: Your list, file: files/list.pdf}
  - id: open
    day: 25
    label: "Open: at last"
    outcome: orders
    weight: 10.5
"""
AT_SHOP = "projects/_offerings/shop.yml"
CLEAN = "No problems.\n"


@pytest.fixture
def agency(tmp_path: Path) -> Workspace:
    """A workspace with an offering and holidays, before its first client."""
    workspace = Workspace(tmp_path / "agency")
    workspace.write("mkdocs.yml", f"{AGENCY}    holidays: DE-BY\n")
    workspace.write(AT_SHOP, SHOP)
    return workspace


def new(workspace: Workspace, *arguments: str, today: str = TODAY) -> str:
    """Run `new` with the shop; it must go well."""
    done = workspace.run("new", *arguments, "--today", today)
    assert done.code == 0, done.output
    return done.output


def front_matter(workspace: Workspace, path: str) -> dict[str, object]:
    """Read the keys of a milestone."""
    found: dict[str, object] = yaml.safe_load(
        (workspace.root / path).read_text("utf-8").split("---\n")[1]
    )
    return found


# --- What comes with the program -----------------------------------------------------------------


def test_five_offerings_come_with_the_program() -> None:
    """The services that most agencies sell."""
    names = {"brand-identity", "campaign", "online-shop", "search-content", "website"}
    assert set(packed_offerings()) == names


def test_the_package_brings_the_offerings_of_the_repository(tmp_path: Path) -> None:
    """Byte for byte, in the folder where an installed program looks for them."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        inside = {
            name.rpartition("/")[2]: packed.read(name)
            for name in packed.namelist()
            if name.startswith("site_builder/offerings/")
        }
    assert inside == tree(ROOT / "projects" / "_offerings")


@pytest.mark.parametrize("name", packed_offerings())
def test_each_of_them_makes_a_project_without_a_finding(name: str, tmp_path: Path) -> None:
    """The copy in the workspace, its project and its page: all right, even strictly."""
    workspace = Workspace(tmp_path / "agency")
    workspace.write("mkdocs.yml", f"{AGENCY}    holidays: GB-ENG\n")
    said = new(workspace, "harbour-physio", "--offering", name, "--start", "2026-03-16")
    assert f"made: projects/_offerings/{name}.yml\n" in said
    assert f"projects/_offerings/{name}.yml came with the program" in said
    checked = workspace.run("check", "--strict", "--today", TODAY)
    assert checked.code == 0, checked.output
    assert workspace.build("--strict").code == 0
    (page,) = workspace.site.glob("c/*/index.html")
    assert "Before we start" in page.read_text("utf-8")


# --- A dated project -----------------------------------------------------------------------------


def test_a_project_has_the_steps_of_its_offering_with_dates(agency: Workspace) -> None:
    """Counted by hand: without 1 May, Ascension Day, Whit Monday and Corpus Christi."""
    said = new(agency, "otter-books", "--offering", "shop", "--start", START)
    folder = agency.root / "projects/otter-books/shop"
    project = yaml.safe_load((folder / "project.yml").read_text("utf-8"))
    assert project["title"] == "Your new shop"
    assert project["offering"] == "shop"
    assert project["finish"] == "Opening day"
    assert str(project["starts"]) == START
    assert "updates: {every: 2 weeks, on: Tuesday}" in (folder / "project.yml").read_text("utf-8")
    assert project["outcomes"] == {
        "orders": "Readers order at any hour",
        "calls": {"text": "Fewer people call to ask", "unit": "calls a day"},
    }
    steps = {path.name: path for path in sorted((folder / "milestones").iterdir())}
    assert list(steps) == ["01-goals-agreed.md", "02-first-books.md", "03-open.md"]
    dates = [
        str(front_matter(agency, f"projects/otter-books/shop/milestones/{name}")["due"])
        for name in steps
    ]
    assert dates == ["2026-05-05", "2026-05-20", "2026-06-05"]
    assert (
        "The road, from Monday 2026-04-27:\n"
        "  Tue 2026-05-05  Goals agreed\n"
        "  Wed 2026-05-20  First books chosen  (may be left out: delete its file)\n"
        "  Fri 2026-06-05  Open: at last\n"
    ) in said


def test_a_step_brings_what_the_offering_says_of_it(agency: Workspace) -> None:
    """Keys above, answers below; what is true only later waits in a comment."""
    new(agency, "otter-books", "--offering", "shop", "--start", START)
    road = "projects/otter-books/shop/milestones"
    first = front_matter(agency, f"{road}/01-goals-agreed.md")
    assert first["title"] == "Your goals for the shop are agreed"
    assert first["outcome"] == ["orders", "calls"]
    assert first["weight"] == 10
    assert first["internal"] == "Use the form for first meetings."
    assert first["files"] == [
        {"title": "An example of three goals", "url": "https://northlight.example/goals"}
    ]
    text = (agency.root / road / "01-goals-agreed.md").read_text("utf-8")
    assert "#     file: files/goals.pdf" in text
    assert "<!-- When it is finished, for example: You choose three goals with us. -->" in text
    assert "Every later choice can be checked against goals that you chose.\n" in text
    assert "You choose the books that come first.\n" in text
    assert "draft" in front_matter(agency, f"{road}/03-open.md"), "nothing says why it matters"


def test_what_the_client_brings_is_asked_for_before_the_start(agency: Workspace) -> None:
    """Until the last working day before, as the page before the start shows it."""
    new(agency, "otter-books", "--offering", "shop", "--start", "2026-05-04", today="2026-04-20")
    first = front_matter(agency, "projects/otter-books/shop/milestones/01-goals-agreed.md")
    needs = first["needs"]
    assert isinstance(needs, list)
    assert [(need["ask"], str(need["by"])) for need in needs] == [
        ("Name one person who may decide for you", "2026-04-30"),  # 1 May is a holiday
        ("Your logo: as a vector file", "2026-04-30"),
    ]
    assert needs[1]["takes"] == "about 5 minutes"
    assert agency.build(today="2026-04-20").code == 0
    (page,) = agency.site.glob("c/*/index.html")
    assert "Before we start, we need 2 things from you" in page.read_text("utf-8")


def test_who_starts_today_has_until_tomorrow(agency: Workspace) -> None:
    """Nobody is asked for something by a day that has passed."""
    new(agency, "otter-books", "--offering", "shop", "--start", "2026-02-02")
    first = front_matter(agency, "projects/otter-books/shop/milestones/01-goals-agreed.md")
    needs = first["needs"]
    assert isinstance(needs, list)
    assert {str(need["by"]) for need in needs} == {"2026-03-03"}


def test_a_pause_moves_what_comes_after_it(agency: Workspace) -> None:
    """It stands in project.yml, too, where the page and the check find it."""
    pause = ("--pause", "2026-05-04", "2026-05-08", "Your shop is: moving")
    new(agency, "otter-books", "--offering", "shop", "--start", START, *pause)
    road = "projects/otter-books/shop/milestones"
    assert str(front_matter(agency, f"{road}/01-goals-agreed.md")["due"]) == "2026-05-12"
    project = yaml.safe_load((agency.root / "projects/otter-books/shop/project.yml").read_text())
    assert [(str(entry["to"]), entry["why"]) for entry in project["pauses"]] == [
        ("2026-05-08", "Your shop is: moving")
    ]


def test_it_checks_without_an_error(agency: Workspace) -> None:
    """Whatever the offering holds; a step that does not say why is a draft."""
    new(agency, "otter-books", "--offering", "shop", "--start", START)
    assert agency.run("check", "--today", TODAY).code == 0


def test_a_further_project_leaves_the_client_alone(workspace: Workspace) -> None:
    """Without an id it has the name of its offering."""
    workspace.write("projects/_offerings/letters.yml", SHOP)
    before = tree(workspace.root)
    said = new(workspace, OTTER, "--offering", "letters", "--title", "Your letters")
    added = {name for name, _ in tree(workspace.root).items() - before.items()}
    assert {name.rpartition("/")[0] for name in added} == {
        f"projects/{OTTER}/letters",
        f"projects/{OTTER}/letters/milestones",
    }
    assert "Weekends are left out, and no holidays" in said


def test_what_the_comments_teach_is_right(agency: Workspace) -> None:
    """Without the `#` and the space behind it, the files say what they show."""
    new(agency, "otter-books", "--offering", "shop", "--start", START)
    folder = "projects/otter-books/shop"
    project = f"{folder}/project.yml"
    for key in ("team:", "  - {name", "deviates:", "  - {milestone", "pauses:", "  - {from"):
        agency.edit(project, f"# {key}", key)
    step = f"{folder}/milestones/02-first-books.md"
    agency.write(f"{folder}/files/list.pdf", b"%PDF-1.4\n")
    keys = ("files:", "  - title", "    file", "now:", "moved:", "  - {from")
    for key in keys:
        agency.edit(step, f"# {key}", key)
    agency.edit(step, "# state: doing", "state: doing")
    agency.edit(step, "due: 2026-05-20", "due: 2026-05-22")
    agency.edit(step, "<!-- What follows", "On Friday 5 June you open. <!-- What follows")
    checked = agency.run("check", "--today", TODAY)
    assert checked.code == 0, checked.output


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("A new website", "Your new website"),
        ("Online shop launch", "Your online shop launch"),
        ("The yearly report", "Your yearly report"),
        ("SEO in a month", "Your SEO in a month"),
        ("project", "Your project"),
        ("An", "Your an"),
    ],
)
def test_a_title_is_proposed_in_the_clients_words(subject: str, title: str) -> None:
    """They have not bought "a website", but get theirs."""
    assert proposed_title(subject) == title


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=40
)
lines = words.map(lambda text: " ".join(text.split()))
answers = st.none() | st.lists(words, max_size=3).map("\n".join)


@settings(max_examples=60)
@given(
    labels=st.lists(lines, min_size=1, max_size=3),
    answers=st.lists(answers, min_size=3, max_size=3),
    why=lines,
    internal=st.none() | lines | st.lists(lines, max_size=2),
)
def test_any_words_become_files_that_can_be_read(
    labels: list[str], answers: list[str | None], why: str, internal: object
) -> None:
    """Whatever people write in an offering, each file holds its keys and its three headings."""
    happened, matters, then = answers
    steps = [
        {"id": f"s{number}", "day": str(number), "label": label, "happened": happened,
         "matters": matters, "next": then, "internal": internal}
        for number, label in enumerate(labels, 1)
    ]  # fmt: skip
    told = [{key: value for key, value in step.items() if value is not None} for step in steps]
    written = OfferingFile.model_validate(
        {
            "title": why or "X",
            "outcomes": {"o": why or "X"},
            "needs_first": [why or "X"],
            "milestones": told,
        }
    )
    offering = Offering(id="any", written=written, places={"": Place("any.yml")})
    pause = Pause.model_validate({"from": START, "to": "2026-04-28", "why": why})
    day = datetime.date.fromisoformat(START)
    plan = Plan(path="c/p", title=why or "X", start=day, today=day, pauses=[pause])
    project, *milestones = dated_project(offering, plan).values()
    document = parse_document(project, "project.yml")
    assert document.problems() == []
    for number, (text, label) in enumerate(zip(milestones, labels, strict=True), 1):
        problems: list[Problem] = []
        parts = split_front_matter(text, "01-s1.md", problems)
        assert parts
        front, body, _ = parts
        assert problems + front.problems() == []
        assert isinstance(front.tree, dict)
        assert front.tree["label"] == (label or f"S{number}")
        headings = [line for line in body.split("\n") if line.startswith("#")]
        assert headings == ["## What just happened", "## Why it matters", "## What comes next"]


# --- What cannot be done -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--offering", "shp"], "there is no offering 'shp' in projects/_offerings/; write 'shop'"),
        (["--offering", "broken"], "projects/_offerings/broken.yml has mistakes; `site-builder check` says which"),
        (["--offering", "shop", "--start", "9999-12-31"], "9999-12-31 is too far away to plan from"),
        (["--offering", "shop", "--pause", "2026-03-09", "2026-03-02", "x"], "the pause ends on 2026-03-02, before"),
        (["--offering", "shop", "--pause", "2026-03-09"], "a pause is the first day, the last one, and why"),
        (["--pause", "2026-03-09", "--start", "2026-03-02"], "'--start' is not a date; write it as YYYY-MM-DD"),
        (["--pause", "2026-03-09", "--start", "2026-03-02"], "the last one, and why: --pause 2026-12-21"),
        (["--offering", "shop", "--pause", "2026-03-02", "2026-03-09"], "the reason of the pause is missing before --today"),
        (["--pause", "2026-03-02", "2026-03-09", "x"], "--pause moves the dates of an offering"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    arguments: list[str], words: str, agency: Workspace
) -> None:
    """Wrong usage ends with 2 and names what to type."""
    agency.write("projects/_offerings/broken.yml", "titel: X\n")
    before = tree(agency.root)
    done = agency.run("new", "otter-books", *arguments, "--today", TODAY)
    assert done.code == 2, done.output
    assert words in " ".join(done.output.split())
    assert tree(agency.root) == before


def test_a_workspaces_own_offering_is_taken_before_the_programs(agency: Workspace) -> None:
    """An agency that changed `website` gets its own, and nothing is copied."""
    agency.write("projects/_offerings/website.yml", SHOP)
    said = new(agency, "otter-books", "--offering", "website")
    assert "came with the program" not in said
    assert "First books chosen" in said


def test_on_a_terminal_it_asks_for_what_is_missing(agency: Workspace) -> None:
    """For the offering by name, and for the first day."""
    typed = f"otter-books\nOtter Books\nshop\n\nYour shop\n{START}\n"
    done = run_on_terminal(agency.root, typed, "new", "--today", TODAY)
    assert done.code == 0, done.output
    assert "Which offering it is (brand-identity, campaign" in done.output
    assert "  Tue 2026-05-05  Goals agreed" in done.output
    assert (
        "title: Your shop " in (agency.root / "projects/otter-books/shop/project.yml").read_text()
    )


def test_the_shell_completes_offerings(agency: Workspace) -> None:
    """Those of the workspace and those of the program."""
    context = click.Context(client)
    context.params["settings_file"] = agency.root / "mkdocs.yml"
    parameter = client.params[0]
    assert complete_offering(context, parameter, "sh") == ["shop"]
    assert "website" in complete_offering(context, parameter, "")


def test_init_brings_the_offerings_once(tmp_path: Path) -> None:
    """What an agency has taken away stays away."""
    workspace = Workspace(tmp_path)
    flags = ("--name", "N", "--contact", "M", "--email", "m@n.example", "--today", TODAY)
    assert workspace.run("init", *flags).code == 0
    texts = offering_files(list(packed_offerings()))
    found = tree(tmp_path / "projects" / "_offerings")
    assert {f"projects/_offerings/{name}": data.decode() for name, data in found.items()} == texts
    assert workspace.run("check", "--strict", "--today", TODAY).output == CLEAN
    workspace.remove("projects/_offerings/campaign.yml")
    assert workspace.run("init", *flags).code == 0
    assert not (tmp_path / "projects/_offerings/campaign.yml").exists()
