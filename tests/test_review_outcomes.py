"""The outcome trace: each outcome is served by a step, and each step serves one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from site_builder.errors import Severity
from site_builder.model.parts import Allowance, Outcome
from site_builder.model.project import Place
from site_builder.review import review
from site_builder.roadmap import draw
from tests.make import TODAY, day, milestone, project, road

if TYPE_CHECKING:
    from site_builder.errors import Problem
    from site_builder.model.project import Milestone
    from tests.workspace import Workspace

TWO = {
    "bookings": Outcome(text="Pet owners can book online"),
    "calls": Outcome(text="Your front desk answers fewer calls"),
}
RULES = {"no-outcome", "no-outcomes", "unserved-outcome"}


def findings(*steps: Milestone, **changes: Any) -> list[Problem]:
    """List what the trace finds in steps that serve what they say."""
    served = {name for step in steps if not step.skipped for name in step.outcomes}
    made = project(*steps, **{"outcomes": TWO, "served": served, **changes})
    return [found for found in review(draw(made, TODAY), {}).problems if found.rule in RULES]


def serving(*names: str, state: str = "planned", **changes: Any) -> Milestone:
    """Make a step that serves some outcomes."""
    return milestone("-".join(names) or "fonts", state, outcomes=names, **changes)


def rules(*steps: Milestone, **changes: Any) -> list[str]:
    """List the rules that the trace names."""
    return [found.rule for found in findings(*steps, **changes)]


def test_a_project_whose_steps_lead_to_its_outcomes_hears_nothing() -> None:
    """A step may serve several outcomes, and an outcome have several steps."""
    assert rules(serving("bookings", "calls"), serving("calls", state="done")) == []


def test_an_outcome_without_a_step_is_found_where_it_is_named() -> None:
    """A step that was left out serves nothing any more."""
    place = Place("projects/acorn/site/project.yml", 9, 3, 5)
    steps = serving("bookings"), serving("calls", state="skipped")
    (found,) = findings(*steps, places={("", "outcomes.calls"): place})
    assert (found.rule, found.path, found.line, found.column) == (
        "unserved-outcome",
        place.path,
        9,
        3,
    )
    assert found.message == "no step serves the outcome 'calls'"


@pytest.mark.parametrize("state", ["planned", "done"])
def test_a_step_without_an_outcome_is_found(state: str) -> None:
    """Finished or not: the page says of the others where they lead."""
    (found,) = findings(serving("bookings", "calls"), serving(state=state))
    assert found.message == "\u201cFonts\u201d serves none of the project's outcomes"
    assert "bookings, calls" in found.hint


@pytest.mark.parametrize(
    "step",
    [
        serving(state="skipped"),
        serving(is_draft=True),
        serving(publish_on=day("04-01")),
        serving(allow=(Allowance(rule="no-outcome", why="The client asked for it."),)),
    ],
    ids=["skipped", "draft", "later", "meant so"],
)
def test_some_steps_need_no_outcome(step: Milestone) -> None:
    """Those that nobody takes, those that nobody sees yet, and those that are meant so."""
    assert rules(serving("bookings", "calls"), step) == []


def test_many_outcomes_are_not_all_listed() -> None:
    """A few are enough to see how they are written."""
    many = {f"outcome-{number}": TWO["calls"] for number in range(9)}
    (found,) = findings(serving(*many), serving(), outcomes=many)
    assert found.hint.count("outcome-") == 6
    assert "and others" in found.hint


@pytest.mark.parametrize(
    ("states", "expected"), [(["planned"], ["no-outcomes"]), (["done"], []), ([], [])]
)
def test_a_project_without_outcomes_gets_a_note(states: list[str], expected: list[str]) -> None:
    """While it goes on, and once it has a step."""
    found = findings(*road(*states), outcomes={})
    assert [problem.rule for problem in found] == expected
    assert all(problem.severity is Severity.NOTE for problem in found)


def test_hidden_steps_serve_their_outcomes(workspace: Workspace) -> None:
    """Also where `check` does not read them as steps of the road: the files know more."""

    def check() -> str:
        return workspace.run("check", "otter-books", "--today", str(TODAY)).output

    outcomes = "outcomes:\n  sales: Readers order from home\n  calls: Fewer people call you\n"
    shop = "projects/otter-books/shop"
    workspace.edit(f"{shop}/project.yml", "outcomes: {sales: Readers order from home}\n", outcomes)
    for name, old in (("01-goals-agreed", "due: 2026-02-20"), ("02-open", "due: 2026-04-24")):
        workspace.edit(f"{shop}/milestones/{name}.md", f"{old}\n", f"{old}\noutcome: sales\n")
    assert "no step serves the outcome 'calls'" in check()
    hidden = "---\nlabel: Prices found\noutcome: calls\ndraft: true\n---\n"
    workspace.write(f"{shop}/milestones/03-prices.md", hidden)
    assert "serves the outcome" not in check()
