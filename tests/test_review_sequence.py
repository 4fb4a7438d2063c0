"""The review of the sequence: dates out of order, work before the start, an end that moved."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.model.project import Place
from site_builder.review import review
from site_builder.review.sequence import longest_rise
from site_builder.roadmap import draw
from tests.make import day, milestone, move, project

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from site_builder.model.project import Milestone, Project

RULES = {"step-order", "before-start", "silent-end"}


def step(name: str, due: str = "", **changes: Any) -> Milestone:
    """Make a planned step, or one of another state."""
    state = changes.pop("state", "planned")
    return milestone(name, state, due=day(due) if due else None, **changes)


def said(
    made: Project,
    today: str = "03-02",
    added: Mapping[str, tuple[int, datetime.date]] | None = None,
) -> list[tuple[str, str]]:
    """List rule and words of what is said of the sequence."""
    found = review(draw(made, day(today)), {}, added=added or {}).problems
    return [(problem.rule, problem.message) for problem in found if problem.rule in RULES]


# --- Out of order --------------------------------------------------------------------------------


def clash(first: str, second: str) -> tuple[str, str]:
    """Say that two steps stand in the wrong order."""
    words = f"{first} stands before {second} on the road, and is due after it"
    return "step-order", words


def test_a_later_step_that_is_due_before_an_earlier_one_is_found() -> None:
    """Both are named with their dates."""
    steps = step("texts", "03-20"), step("look", "03-13"), step("launch", "04-10")
    expected = clash("\u201cTexts\u201d (2026-03-20)", "\u201cLook\u201d (2026-03-13)")
    assert said(project(*steps)) == [expected]


def test_one_step_out_of_order_is_one_finding() -> None:
    """The fewest steps that would have to move are named, not all that stand beside them."""
    steps = step("texts", "05-29"), step("look", "03-13"), step("photos", "03-20")
    expected = clash("\u201cTexts\u201d (2026-05-29)", "\u201cLook\u201d (2026-03-13)")
    assert said(project(*steps)) == [expected]


@pytest.mark.parametrize(
    "other",
    [
        milestone("look", "done", done=day("02-13"), due=day("02-13")),
        milestone("look", "skipped", due=day("03-13")),
        step("look", "03-13", is_draft=True),
        step("look"),
        step("look", "03-20"),
    ],
    ids=["done", "skipped", "draft", "undated", "same-day"],
)
def test_only_open_steps_with_dates_can_be_out_of_order(other: Milestone) -> None:
    """What is finished, left out or not shown has no place to keep."""
    assert said(project(step("texts", "03-20"), other, step("launch", "04-10"))) == []


@given(st.lists(st.integers(0, 6), max_size=8))
def test_the_fewest_numbers_are_left_out_of_a_rise(numbers: list[int]) -> None:
    """What is kept never falls, and no longer rise can be chosen."""
    kept = sorted(longest_rise(numbers))
    assert all(numbers[one] <= numbers[two] for one, two in itertools.pairwise(kept))
    for size in range(len(kept) + 1, len(numbers) + 1):
        for chosen in itertools.combinations(numbers, size):
            assert list(chosen) != sorted(chosen)


# --- Before the start ----------------------------------------------------------------------------


@pytest.mark.parametrize("today", ["01-04", "03-02"])
def test_work_before_the_start_is_found(today: str) -> None:
    """A page cannot say that we start on Monday, and that a step was finished on Friday."""
    made = project(milestone("goals", "done", done=day("01-02")), step("launch", "04-10"))
    words = "\u201cGoals\u201d was finished on 2026-01-02, before the project starts on 2026-01-05"
    assert said(made, today) == [("before-start", words)]


def test_many_early_dates_are_one_mistake() -> None:
    """Then it is the start that is wrong, most likely."""
    done = [milestone(f"s{n}", "done", done=day(f"01-0{n}")) for n in (1, 2, 3)]
    ((_, words),) = said(project(*done, step("launch", "04-10")))
    assert words.startswith("\u201cS1\u201d was finished on 2026-01-01")
    assert words.endswith("and so are 2 more dates")


def test_a_step_in_progress_before_the_start_is_found() -> None:
    """From the first day on it is none any more."""
    made = project(step("goals", "01-12", state="doing"), step("launch", "04-10"))
    assert [rule for rule, _ in said(made, "01-02")] == ["before-start"]
    assert said(made, "01-05") == []


# --- The end -------------------------------------------------------------------------------------

LAUNCH, MORE = step("launch", "04-24"), step("more", "05-15")


def came(**commits: str) -> dict[str, tuple[int, datetime.date]]:
    """Say in which commits the steps came: the first of one day, the second of another."""
    days = list(dict.fromkeys(commits.values()))
    return {f"{name}.md": (days.index(on) + 1, day(on)) for name, on in commits.items()}


def ends(*steps: Milestone, **changes: Any) -> list[str]:
    """List what is said about the end; only `launch` is committed, on 6 January."""
    commits = came(**changes.pop("commits", {"launch": "01-06"}))
    places = {(each.id, ""): Place(f"{each.id}.md") for each in steps}
    found = said(project(*steps, places=places, **changes), added=commits)
    return [words for rule, words in found if rule == "silent-end"]


SILENT = [
    "the end was \u201cLaunch\u201d (2026-04-24) until this step was added, and no move is written down"
]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (MORE, SILENT),
        (step("more"), SILENT),
        (step("more", "04-24"), []),
        (step("more", "05-15", is_draft=True), []),
    ],
    ids=["later", "undated", "same-day", "draft"],
)
def test_a_new_last_step_does_not_move_the_end_in_silence(
    end: Milestone, expected: list[str]
) -> None:
    """Whether its date is another one or none: the page had promised the end for a day."""
    assert ends(LAUNCH, end) == expected


def test_whoever_says_why_the_end_moved_is_not_silent() -> None:
    """A move with the old end is what the page shows."""
    assert ends(LAUNCH, step("more", "05-15", moved=(move("2026-04-24", "2026-03-02"),))) == []


@pytest.mark.parametrize(
    ("commits", "expected"),
    [
        ({"launch": "01-06", "more": "02-10"}, SILENT),
        ({"launch": "01-06", "more": "01-06"}, []),
        ({"launch": "01-02", "more": "01-05"}, []),
        ({}, []),
    ],
    ids=["later", "together", "before-the-start", "no-history"],
)
def test_the_plan_may_grow_until_the_first_day(
    commits: dict[str, str], expected: list[str]
) -> None:
    """What was committed together, or before the project began, was promised together."""
    assert ends(LAUNCH, MORE, commits=commits) == expected


def test_what_has_no_end_moves_none() -> None:
    """A retainer goes on."""
    assert ends(LAUNCH, MORE, is_ongoing=True) == []
