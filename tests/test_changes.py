"""What changed between two states: the whole story against a table written by hand."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.changes import changes
from site_builder.past import read_past
from site_builder.workspace import open_workspace
from tests.story import CLIENT, COMMITS, TABLE, Story, tell

if TYPE_CHECKING:
    from site_builder.model.changes import Change
    from site_builder.model.project import Client

TODAY = datetime.date(2026, 3, 13)
NUMBERS = range(len(COMMITS))
PAIRS = list(itertools.combinations(NUMBERS, 2))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The repository with all its commits; for reading only."""
    return tell(tmp_path_factory.mktemp("story") / "agency")


@pytest.fixture(scope="module")
def states(story: Story) -> list[Client]:
    """The client as it was at each commit."""
    workspace = open_workspace(story.root / "mkdocs.yml")
    found = []
    for commit in story.commits:
        past = read_past(workspace, CLIENT, commit, TODAY)
        reading = past.reading
        assert reading
        assert not past.instead_of
        assert reading.client, reading.problems
        found.append(reading.client)
    return found


def line(change: Change) -> str:
    """Write a change as the table does."""
    place = f"{change.project}/{change.milestone.id}" if change.milestone else change.project
    text = change.why
    if change.need:
        text = change.need.ask
    elif change.note:
        text = change.note.sentence
    elif change.scope:
        text = change.scope.what
    elif change.to:
        text = f"{change.was} > {change.to}"
    on = f" {change.on}" if change.on else ""
    return f"{change.kind} {place}{on}{': ' if text else ''}{text}"


def expected(old: int, new: int) -> list[str]:
    """Look up what is seen between two commits."""
    return sorted(told.line for told in TABLE if told.is_seen(old, new))


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_changes_between_any_two_commits_are_exactly_right(
    states: list[Client], old: int, new: int
) -> None:
    """Every pair of 18 commits says what the table says, and nothing else."""
    assert sorted(line(change) for change in changes(states[old], states[new])) == expected(
        old, new
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_changes_between_a_state_and_itself(states: list[Client], number: int) -> None:
    """No change without a difference."""
    assert changes(states[number], states[number]) == ()


def test_reasons_and_effects_stand_in_the_client_s_words(states: list[Client]) -> None:
    """A move carries why, and what it changes."""
    (moved,) = (c for c in changes(states[5], states[6]) if c.kind == "moved")
    assert (moved.why, moved.effect) == (
        "You wanted to see a third idea.",
        "Launch does not change.",
    )
    (end,) = (c for c in changes(states[10], states[11]) if c.kind == "end-moved")
    assert (end.why, end.effect) == ("The bank needs two more weeks.", "You open on 8 May.")


def test_where_nothing_was_before_all_that_has_a_day_is_new(states: list[Client]) -> None:
    """A client without a past: the projects begin, and no step was added to anything."""
    found = [line(change) for change in changes(None, states[5])]
    assert found[0] == "started shop 2026-01-05"
    assert "finished shop/goals 2026-01-16" in found
    assert not [text for text in found if text.startswith("added")]


@given(st.lists(st.sampled_from(NUMBERS), min_size=2, max_size=2))
def test_each_change_has_a_name_of_its_own(states: list[Client], pair: list[int]) -> None:
    """In whatever direction: no two changes share a key, and none holds a text."""
    keys = [change.key for change in changes(states[pair[0]], states[pair[1]])]
    assert len(keys) == len(set(keys))
    assert not [key for key in keys if "bank" in key or "goals," in key]
