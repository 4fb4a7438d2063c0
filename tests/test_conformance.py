"""How projects are compared with their offering. The words stand in problems/conformance-*.yml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.model.project import Offering, Place
from site_builder.model.written import Deviation, OfferingFile
from site_builder.review.conformance import conformance, differences
from tests.make import milestone, project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.model.project import Project

ROAD = ("goals", "look", "texts", "booking", "launch")


def offering(*steps: str, optional: Sequence[str] = ()) -> Offering:
    """Make an offering of these steps, a week each."""
    entries = [
        {"id": step, "day": str(5 * number), "optional": "true" if step in optional else "false"}
        for number, step in enumerate(steps, 1)
    ]
    written = OfferingFile.model_validate({"title": "A website", "milestones": entries})
    places = {step: Place("projects/_offerings/website.yml") for step in ("", *steps)}
    return Offering(id="website", written=written, places=places)


def walk(*steps: str, **changes: object) -> Project:
    """Make a project with these steps."""
    return project(*(milestone(step) for step in steps), offering="website", **changes)


def found(walked: Project, sold: Offering, *, same_language: bool = True) -> set[tuple[str, str]]:
    """List the rules and steps of all differences."""
    return {(one.rule, one.step) for one in differences(walked, sold, same_language=same_language)}


def test_the_same_steps_in_the_same_order_differ_in_nothing() -> None:
    """Labels are compared without their case."""
    assert found(walk(*ROAD), offering(*ROAD)) == set()


@pytest.mark.parametrize(
    ("steps", "moved"),
    [
        (("look", "goals", "texts", "booking", "launch"), {"goals"}),
        (("goals", "look", "launch", "texts", "booking"), {"launch"}),
        (("texts", "goals", "look", "booking", "launch"), {"texts"}),
        (("launch", "booking", "texts", "look", "goals"), {"booking", "texts", "look", "goals"}),
    ],
)
def test_only_the_steps_that_must_move_are_named(steps: tuple[str, ...], moved: set[str]) -> None:
    """One step in a wrong place is one finding, not one for each step behind it."""
    assert {step for rule, step in found(walk(*steps), offering(*ROAD))} == moved


def test_a_step_that_is_optional_may_be_missing() -> None:
    """The others may not."""
    sold = offering(*ROAD, optional=["look"])
    assert found(walk("goals", "texts", "booking", "launch"), sold) == set()
    assert found(walk("goals", "look", "booking", "launch"), sold) == {("missing-step", "texts")}


def test_a_step_that_was_left_out_is_no_finding() -> None:
    """Whatever it is called, and wherever it stands: the client agreed."""
    steps = [milestone(step) for step in ("goals", "texts", "booking", "launch")]
    out = milestone("look", "skipped", label="No new look")
    assert found(project(*steps, out), offering(*ROAD)) == set()
    extra = milestone("photos", "skipped")
    assert found(project(*steps, out, extra), offering(*ROAD)) == set()


def test_a_draft_is_there() -> None:
    """It is only not built yet."""
    walked = walk("goals", "texts", "booking", "launch", hidden=["look"])
    assert found(walked, offering(*ROAD)) == set()


def test_a_project_that_only_just_began_gets_one_finding() -> None:
    """Not one for each step."""
    assert found(walk(), offering(*ROAD)) == {("missing-step", "")}
    assert found(walk("something", "else"), offering(*ROAD)) == {("missing-step", "")}


def test_a_retainer_may_go_on_and_need_not_be_there_yet() -> None:
    """What lies between two steps that are there is missing all the same."""
    assert found(walk("goals", "look", "prices", is_ongoing=True), offering(*ROAD)) == set()
    walked = walk("goals", "booking", "prices", is_ongoing=True)
    assert {step for _, step in found(walked, offering(*ROAD))} == {"look", "texts"}


def test_labels_of_another_language_are_not_compared() -> None:
    """A German page has German labels."""
    german = project(milestone("goals", label="Ziele vereinbart"), milestone("look"))
    sold = offering("goals", "look")
    assert found(german, sold) == {("renamed-step", "goals")}
    assert found(german, sold, same_language=False) == set()


@given(st.permutations(ROAD), st.sets(st.sampled_from([*ROAD, "photos"])))
def test_each_difference_can_be_meant(steps: list[str], kept: set[str]) -> None:
    """With a reason for each, nothing is left to say; a reason for nothing is said."""
    walked = walk(*(step for step in (*steps, "photos") if step in kept))
    sold = offering(*ROAD)
    differing = sorted({one.step for one in differences(walked, sold, same_language=True)} - {""})
    reasons = [Deviation(milestone=step, why="The client asked for it.") for step in differing]
    explained = walk(*(step.id for step in walked.milestones), deviates=reasons)
    left = [one.rule for one in conformance(explained, sold, same_language=True)]
    assert left == ([] if kept & set(ROAD) else ["missing-step"])
    if kept & set(ROAD):
        idle = walk(*ROAD, deviates=reasons)
        rules = [one.rule for one in conformance(idle, sold, same_language=True)]
        assert rules == ["unused-deviation"] * len(differing)
