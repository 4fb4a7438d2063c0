"""The four questions: each milestone gets a verdict, a reason and what to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.scaffold.offerings import packed_offerings
from tests.workspace import AGENCY, OTTER, PINE, ROOT, TODAY, Workspace, copy_workspace

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
title: A new shop
finish: Opening
updates: {every: week, on: Friday}
outcomes:
  orders: Readers order at any hour
  calls: Fewer people call to ask
milestones:
  - id: goals-agreed
    day: 5
    label: Goals agreed
    outcome: [orders, calls]
    happened: You choose three goals with us.
    matters: Every later choice can be checked against goals that you chose.
    next: You choose the books that come first.
  - id: first-books
    day: 15
    label: First books chosen
    outcome: orders
    happened: You choose the books that readers ask for most.
    matters: Your readers find the books that they ask for most.
    next: You try to order one of them yourself.
  - id: open
    day: 25
    label: The shop is open
    outcome: orders
    happened: You open the shop.
    matters: Your readers order at any hour, from home.
    next: We look at your first orders with you.
"""
AT_SHOP = "projects/_offerings/shop.yml"


@pytest.fixture
def agency(workspace: Workspace) -> Workspace:
    """Two clients, and an offering that neither names."""
    workspace.edit("mkdocs.yml", "    rhythm: {gap: 90}\n", "")
    workspace.write(AT_SHOP, GOOD)
    return workspace


def asked(workspace: Workspace, *arguments: str) -> list[dict[str, Any]]:
    """Ask for JSON; it must go well."""
    done = workspace.run("review", *arguments, "--format", "json", "--today", TODAY)
    assert done.code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.output)
    return found


def answers(reviewed: dict[str, Any], verdict: str = "") -> dict[tuple[str, str], str]:
    """List answers by milestone and question, as far as they are not yes, or have a verdict."""
    entries = [*reviewed["milestones"], {"id": "", "answers": reviewed["whole"]}]
    return {
        (entry["id"], answer["question"]): f"{answer['reason']} -> {answer['change']}"
        for entry in entries
        for answer in entry["answers"]
        if (answer["verdict"] == verdict if verdict else answer["verdict"] != "yes")
    }


# --- An offering ---------------------------------------------------------------------------------


def test_a_good_offering_gets_four_times_yes_for_each_milestone(agency: Workspace) -> None:
    """And a reason for each."""
    (shop,) = asked(agency, "shop")
    assert answers(shop) == {}
    assert shop["totals"] == {"yes": 12, "no": 0, "not sure": 0}
    questions = [answer["question"] for answer in shop["milestones"][0]["answers"]]
    assert questions == ["outcome", "understood", "sequence", "communicated"]
    assert all(answer["reason"] for step in shop["milestones"] for answer in step["answers"])


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("outcome: [orders, calls]\n    ", "", ("goals-agreed", "outcome"),
         "it names none of the outcomes -> add outcome: with one of orders, calls"),
        ("label: First books chosen", "label: Strategy complete", ("first-books", "understood"), "Strategy complete"),
        ("label: First books chosen", "label: First books chosen by all of you", ("first-books", "understood"),
         "in label: this label has 32 characters; the road has room for 28 -> name in two to four words"),
        ("label: First books chosen\n    ", "", ("first-books", "understood"),
         "it has no label, so the road says “First books” -> add label:"),
        ("day: 25", "day: 55", ("open", "sequence"),
         "40 working days after “First books chosen”: with more than 20 it looks like nothing happens"),
        ("day: 25", "day: 14", ("open", "sequence"), "day 14 is before day 15 of “First books chosen”"),
        ("day: 5", "day: 30", ("goals-agreed", "sequence"), "30 working days after the start"),
        ("    next: You choose the books that come first.\n", "", ("goals-agreed", "sequence"),
         "it does not lead to “First books chosen” -> add next:"),
        ("    happened: You open the shop.\n", "", ("open", "communicated"),
         "“What just happened” is left to each project -> add happened:"),
        ("updates: {every: week, on: Friday}\n", "", ("", "communicated"),
         "clients do not know when they hear from you -> add updates:"),
        ("[orders, calls]", "orders", ("", "outcome"), "no step leads to calls -> name it in the step"),
    ],
)  # fmt: skip
def test_what_is_not_yes_has_a_reason_and_a_change(
    old: str, new: str, where: tuple[str, str], words: str, agency: Workspace
) -> None:
    """Each question is asked of the milestone that it is about."""
    agency.edit(AT_SHOP, old, new)
    (shop,) = asked(agency, "shop")
    assert words in answers(shop, "no")[where]


def test_steps_that_crowd_are_named_once(agency: Workspace) -> None:
    """Four of them within a week are too many; the last one says so."""
    steps = "".join(
        f"  - {{id: s{day}, day: {day}, label: Step {day}, outcome: calls}}\n"
        for day in (26, 27, 28)
    )
    agency.write(AT_SHOP, GOOD + steps)
    (shop,) = asked(agency, "shop")
    crowded = [
        where
        for where, said in answers(shop, "no").items()
        if "steps within 5 working days" in said
    ]
    assert crowded == [("s28", "sequence")]


def test_an_outcome_without_a_why_is_not_sure(agency: Workspace) -> None:
    """It is named, and nothing says what the step does for it."""
    agency.edit(AT_SHOP, "    matters: Your readers order at any hour, from home.\n", "")
    (shop,) = asked(agency, "shop")
    assert ("open", "outcome") in answers(shop, "not sure")
    assert ("open", "understood") in answers(shop, "no")


def test_projects_that_differ_are_named(agency: Workspace) -> None:
    """Without a reason: no. With one, most of them: should the offering change?"""
    for client in (OTTER, PINE):
        agency.edit(f"projects/{client}/shop/project.yml", "starts:", "offering: shop\nstarts:")
    (shop,) = asked(agency, "shop")
    told = answers(shop, "no")
    assert told["first-books", "communicated"].startswith(
        f"{OTTER}/shop, {PINE}/shop do it in another way -> `site-builder check` says how"
    )
    assert ("goals-agreed", "communicated") not in told
    for client in (OTTER, PINE):
        reason = "deviates: [{milestone: first-books, why: They are chosen.}]\nstarts:"
        agency.edit(f"projects/{client}/shop/project.yml", "starts:", reason)
    (shop,) = asked(agency, "shop")
    said = answers(shop, "not sure")["first-books", "communicated"]
    assert said.startswith(
        "2 of 2 projects mean to do it in another way -> ask whether the offering"
    )


def test_a_project_with_other_steps_is_no_example(agency: Workspace) -> None:
    """It is named once, and not with each step."""
    agency.edit(f"projects/{OTTER}/shop/project.yml", "starts:", "offering: shop\nstarts:")
    agency.write(
        AT_SHOP, GOOD.replace("id: goals-agreed", "id: aims").replace("id: open", "id: end")
    )
    (shop,) = asked(agency, "shop")
    assert list(answers(shop)) == [("", "communicated")]
    assert "without one of its steps" in answers(shop)["", "communicated"]


def test_a_client_with_mistakes_is_not_counted_and_said(agency: Workspace) -> None:
    """The answers about everybody else come all the same."""
    agency.edit(f"projects/{PINE}/shop/project.yml", "starts:", "sarts:")
    done = agency.run("review", "shop", "--today", TODAY)
    assert done.code == 0
    assert f"Not counted, because of mistakes in their files: {PINE}." in done.output


@pytest.mark.parametrize("name", packed_offerings())
def test_the_offerings_of_the_program_pass(name: str, tmp_path: Path) -> None:
    """Models of what they teach: four times yes for each milestone."""
    workspace = Workspace(tmp_path)
    workspace.write("mkdocs.yml", AGENCY)
    workspace.edit("mkdocs.yml", "    rhythm: {gap: 90}\n", "")
    workspace.write(f"projects/_offerings/{name}.yml", packed_offerings()[name].read_bytes())
    workspace.add_client(OTTER)
    (reviewed,) = asked(workspace, name)
    assert answers(reviewed) == {}


# --- A client ------------------------------------------------------------------------------------


def test_a_clients_projects_are_asked_the_same(workspace: Workspace) -> None:
    """What the check finds in a step is what speaks against it."""
    workspace.edit(
        f"projects/{OTTER}/shop/milestones/02-open.md", "due: 2026-04-24", "due: 2026-02-27"
    )
    (shop,) = asked(workspace, OTTER)
    assert (shop["kind"], shop["id"]) == ("project", f"{OTTER}/shop")
    assert [step["id"] for step in shop["milestones"]] == ["goals-agreed", "open"]
    assert "passed 3 days ago" in answers(shop, "no")["open", "communicated"]


def test_milestones_in_project_yml_get_what_is_theirs(workspace: Workspace) -> None:
    """A finding belongs to the step in whose lines it stands."""
    workspace.remove(f"projects/{OTTER}/shop/milestones")
    settings = f"projects/{OTTER}/shop/project.yml"
    steps = (
        "milestones:\n"
        "  - {id: goals, label: Goals, due: 2026-03-06, matters: Readers get what they want.}\n"
        "  - {id: open, label: A label that is much too long for the road, due: 2026-03-27, matters: Readers order.}\n"
    )
    workspace.write(settings, (workspace.root / settings).read_text("utf-8") + steps)
    (shop,) = asked(workspace, OTTER)
    assert "room for 28" in answers(shop)["open", "understood"]
    assert ("goals", "understood") not in answers(shop)


def test_a_project_without_outcomes_leads_nowhere(workspace: Workspace) -> None:
    """Each of its steps says so."""
    workspace.edit(
        f"projects/{OTTER}/shop/project.yml", "outcomes: {sales: Readers order from home}\n", ""
    )
    (shop,) = asked(workspace, OTTER)
    assert "the project names no outcome" in answers(shop, "no")["open", "outcome"]


def test_mistakes_come_first(workspace: Workspace) -> None:
    """Nobody judges what cannot be read; they are shown, and the command ends with 1."""
    workspace.edit(f"projects/{OTTER}/shop/project.yml", "starts:", "sarts:")
    done = workspace.run("review", OTTER, "--today", TODAY)
    assert done.code == 1
    assert "write 'starts'" in done.output
    assert "Mend this first" in done.output


# --- The command ---------------------------------------------------------------------------------


def test_without_a_name_all_offerings_are_asked_about(agency: Workspace) -> None:
    """Only what is not yes is told, and all is counted in a last line."""
    agency.write("projects/_offerings/letters.yml", GOOD.replace("day: 25", "day: 55"))
    said = agency.run("review", "--today", TODAY).output
    assert "(letters)" in said
    assert "(shop)" in said
    assert said.count("sequence") == 1
    assert said.endswith("\n2 offerings, 6 milestones: 23 yes, 1 no.\n")


def test_a_person_reads_each_answer_with_its_change(agency: Workspace) -> None:
    """The place to change stands beside the milestone."""
    agency.edit(AT_SHOP, "day: 25", "day: 55")
    said = agency.run("review", "projects/_offerings/shop.yml", "--today", TODAY).output
    assert said.startswith(
        "A new shop (shop)\n3 steps in about 11 weeks, no project so far: 11 yes, 1 no.\n"
    )
    assert (
        "\n3  The shop is open  \N{MIDDLE DOT}  day 55  \N{MIDDLE DOT}  projects/_offerings/shop.yml:22\n"
        "   outcome       yes         it leads to “Readers order at any hour”\n"
        "   understood    yes         nothing in its words needs an explanation\n"
        "   sequence      no          40 working days after “First books chosen”: with more than 20 it\n"
        "                             looks like nothing happens\n"
        "                             → add a step between them that the client can see\n"
        "   communicated  yes         its three answers stand here; no project has it yet\n"
    ) in said
    assert max(map(len, said.splitlines())) <= 96


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shp"], "there is no offering or client 'shp'; write 'shop'"),
        (
            ["broken"],
            "projects/_offerings/broken.yml has mistakes; `site-builder check` says which",
        ),
        (["oter-books"], f"there is no offering or client 'oter-books'; write '{OTTER}'"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    arguments: list[str], words: str, agency: Workspace
) -> None:
    """Wrong usage ends with 2; so does an offering that cannot be read."""
    agency.write("projects/_offerings/broken.yml", "titel: X\n")
    done = agency.run("review", *arguments)
    assert done.code == 2
    assert words in " ".join(done.output.split())


def test_without_offerings_it_says_how_to_get_one(workspace: Workspace) -> None:
    """A client can be asked about all the same."""
    done = workspace.run("review")
    assert done.code == 2
    assert "site-builder new CLIENT --offering NAME" in done.output
    assert workspace.run("review", f"projects/{OTTER}/", "--today", TODAY).code == 0


def test_the_samples_can_be_asked_about(tmp_path: Path) -> None:
    """Every question has an answer, whatever the project is like."""
    workspace = copy_workspace(ROOT / "tests" / "workspaces" / "samples", tmp_path / "agency")
    for client in ("larkfield-vets", "brightwater-dental", "harrowby-council"):
        for project in asked(workspace, client):
            assert project["milestones"]
            assert all(len(step["answers"]) == 4 for step in project["milestones"])
