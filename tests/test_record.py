"""The record that a page becomes at its end: what was promised, what came, and who said yes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from site_builder.language import load_language
from site_builder.model.parts import Approval
from site_builder.model.project import Deliverable
from site_builder.pages.overview import overview_view
from site_builder.pages.pieces import Pieces
from site_builder.pages.project import project_view
from site_builder.pages.record import Record, record
from site_builder.roadmap import draw
from tests.make import TODAY, day, days, milestone, move, project, projects
from tests.workspace import WORKSPACES, Workspace, copy_workspace, tokens_of

ENGLISH = load_language("en")


def of(*milestones: Any, **changes: Any) -> Record | None:
    return record(Pieces(ENGLISH, draw(project(*milestones, **changes), TODAY), "website/"))


def said(found: Any) -> str:
    return f"{found.before}{found.text}{found.after}".replace("\u00a0", " ")


def rows(*milestones: Any) -> list[tuple[str, list[str], str]]:
    found = of(*milestones)
    assert found
    return [(step.label, [*map(said, step.promised)], said(step.finished)) for step in found.steps]


DONE: dict[str, Any] = {"done": day("02-20")}


@pytest.mark.parametrize(
    ("step", "promised", "finished"),
    [
        (milestone("a", "done", due=day("02-20")), ["20 Feb 2026"], "20 Feb 2026"),
        (milestone("a", "done", due=day("02-18")), ["18 Feb 2026"], "20 Feb 2026"),
        (milestone("a", "done"), [], "20 Feb 2026"),
        (
            milestone("a", "done", due=day("02-20"), moved=(move("2026-02-13", "2026-02-10"),)),
            ["13 Feb 2026", "then 20 Feb 2026"],
            "20 Feb 2026",
        ),
        # Back to where it was is said, too.
        (
            milestone(
                "a",
                "done",
                due=day("02-13"),
                moved=(move("2026-02-13", "2026-02-02"), move("2026-02-20", "2026-02-09")),
            ),
            ["13 Feb 2026", "then 20 Feb 2026", "then 13 Feb 2026"],
            "20 Feb 2026",
        ),
        (
            milestone("a", "skipped", due=day("03-20")),
            ["20 Mar 2026"],
            "Left out, agreed 3 Feb 2026",
        ),
    ],
)
def test_each_step_says_what_was_promised_and_when_it_came(
    step: Any, promised: list[str], finished: str
) -> None:
    """Every date that was promised, in order, and the day; what was left out stands there, too."""
    assert rows(step, milestone("end", "done"))[0] == ("A", promised, finished)


def test_who_said_yes_stands_beside_the_step() -> None:
    """By name; nobody looks for a mail months later."""
    said_yes = Approval(by="Priya Shah", on=day("02-20"))
    found = of(milestone("a", "done", approved=said_yes), milestone("b", "done"))
    assert found
    assert [step.approved for step in found.steps] == ["Approved by Priya Shah.", ""]


def test_all_files_stand_in_one_list_by_step() -> None:
    """In the order of the road, however many, each with kind and size."""

    def file(name: str) -> Deliverable:
        return Deliverable(title=name, target=f"files/{name}.pdf", kind="", size=320_000)

    link = Deliverable(title="Design", target="https://design.example", kind="Opens", size=None)
    found = of(
        milestone("a", "done", files=tuple(file(f"f{number}") for number in range(7))),
        milestone("b", "done"),
        milestone("c", "skipped", files=(file("never"),)),
        milestone("d", "done", files=(link,)),
    )
    assert found
    assert [(group.label, len(group.downloads)) for group in found.files] == [("A", 7), ("D", 1)]
    assert [file.note for group in found.files for file in group.downloads][::7] == [
        "PDF, 320 KB",
        "Opens",
    ]


@pytest.mark.parametrize(
    ("milestones", "changes"),
    [
        ((milestone("a", "done"), milestone("b")), {}),
        ((milestone("a", "done"),), {"is_ongoing": True}),
        ((), {}),
    ],
)
def test_there_is_no_record_before_the_end(milestones: Any, changes: dict[str, Any]) -> None:
    """Nor ever of a service without one."""
    assert of(*milestones, **changes) is None


@given(projects(), days)
def test_a_record_names_every_step_of_a_finished_project(made: Any, today: Any) -> None:
    """Exactly where all is finished, and nowhere else."""
    roadmap = draw(made, today)
    found = record(Pieces(ENGLISH, roadmap, ""))
    assert bool(found) == roadmap.is_finished
    assert not found or len(found.steps) == len(roadmap.steps)


@pytest.mark.parametrize(("count", "is_folded"), [(8, False), (9, True), (12, True)])
def test_a_long_road_is_folded_where_the_record_says_the_same(
    count: int, *, is_folded: bool
) -> None:
    """Side by side it stays whole."""
    steps = [milestone(f"s{number}", "done") for number in range(count)]
    view = project_view(Pieces(ENGLISH, draw(project(*steps), TODAY), ""), None)
    road: Any = view["road"]
    assert bool(road.before) == is_folded


def test_the_page_says_to_save_the_files_while_it_stays() -> None:
    """If there are any, and if it ends."""
    file = Deliverable(title="F", target="files/f.pdf", kind="", size=1)
    steps = milestone("a", "done", files=(file,))
    pieces = Pieces(ENGLISH, draw(project(steps), TODAY), "")
    stays = "This page stays here until Sunday 31 May 2026."
    view = project_view(pieces, day("06-01"))
    assert str(view["needs_note"]).replace("\u00a0", " ") == (
        f"{stays} Until then, save the files that you want to keep."
    )
    assert project_view(pieces, None)["needs_note"] == ""
    without = project_view(
        Pieces(ENGLISH, draw(project(milestone("a", "done")), TODAY), ""), day("06-01")
    )
    assert str(without["needs_note"]).replace("\u00a0", " ") == stays


def test_an_overview_of_finished_projects_says_that_nothing_is_left() -> None:
    """While one goes on, it says what it says of that one."""
    over, open_one = project(milestone("a", "done")), project(milestone("a"), id="care")
    both = [draw(over, TODAY), draw(project(milestone("a", "done"), id="shop"), TODAY)]
    assert overview_view(ENGLISH, both)["needs_heading"] == "Nothing left to do"
    mixed = [draw(over, TODAY), draw(open_one, TODAY)]
    view = overview_view(ENGLISH, mixed)
    assert view["needs_heading"] == "Nothing needed from you right now"
    assert view["needs_note"] == "We will ask here, with a date, when there is something."


# --- In a site ---


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Twelve steps, finished on 8 May 2026; for reading only."""
    root = tmp_path_factory.mktemp("record") / "agency"
    workspace = copy_workspace(WORKSPACES / "record", root)
    assert workspace.build(today="2026-05-11").code == 0
    return workspace


def test_the_record_says_whom_to_call_and_stays_neutral(finished: Workspace) -> None:
    """A person with mail and phone beside "Nothing left to do"; no red, nothing "late"."""
    (token,) = tokens_of(finished.root).values()
    page = (finished.site / "c" / token / "index.html").read_text("utf-8")
    card = page[page.index("Nothing left to do") :].partition("</section>")[0]
    for part in (
        "If you need us later:",
        "Maya Lindqvist",
        "mailto:maya@northlight.example",
        "tel:",
    ):
        assert part in card
    table = page[page.index("<table") : page.index("</table>")]
    assert table.count("<tr>") == 13
    assert "data-state" not in table
    assert "Approved by Priya Shah." in table
