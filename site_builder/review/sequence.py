"""Dates that a client cannot follow: steps out of order, work before the start, a new end.

They are held against each other and against what git saw; whether they suit the days of a week, or
are too far apart, is the matter of `movement`.
"""

from __future__ import annotations

import bisect
import sys
from typing import TYPE_CHECKING

from site_builder.model.parts import State
from site_builder.review.finding import finding

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.model.project import Milestone
    from site_builder.model.roadmap import Roadmap
    from site_builder.review.finding import Finding

NOT_COMMITTED = sys.maxsize
"""The number of a commit that is still to come."""


def sequence(roadmap: Roadmap, added: Mapping[str, tuple[int, datetime.date]]) -> Iterator[Finding]:
    """Find dates that contradict each other or what the client was told.

    `added` are the commits in which the steps came, by number, and their days, by the step's file.
    """
    yield from _out_of_order(roadmap)
    yield from _before_the_start(roadmap)
    yield from _silent_end(roadmap, added)


def longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """Choose the most numbers that never fall from the first to the last; return their positions.

    Of several choices, it is the one that keeps the earlier numbers.
    """
    heads: list[int] = []  # where the best rise of each length begins, counted from the end
    falls: list[int] = []  # the number there, turned round so that the list rises
    following: dict[int, int | None] = {}
    for position in reversed(range(len(numbers))):
        length = bisect.bisect_right(falls, -numbers[position])
        following[position] = heads[length - 1] if length else None
        heads[length : length + 1] = [position]
        falls[length : length + 1] = [-numbers[position]]
    kept, at = set[int](), heads[-1] if heads else None
    while at is not None:
        kept.add(at)
        at = following[at]
    return frozenset(kept)


def _said(milestone: Milestone) -> str:
    return f"\u201c{milestone.label}\u201d ({milestone.due or milestone.done})"


def _out_of_order(roadmap: Roadmap) -> Iterator[Finding]:
    """Find the fewest open steps whose dates do not fit their places on the road.

    What is finished may have been finished in another order: that cannot be changed any more.
    """
    project = roadmap.project
    steps = [step for step in project.milestones if step.is_open and not step.is_hidden]
    dated = [(step.due, step) for step in steps if step.due]
    kept = longest_rise([due.toordinal() for due, _ in dated])
    for position, (due, step) in enumerate(dated):
        if position in kept:
            continue
        other = next(at for at in sorted(kept) if (at < position) == (dated[at][0] > due))
        first, second = sorted((position, other))
        message = (
            f"{_said(dated[first][1])} stands before {_said(dated[second][1])} on the road,"
            " and is due after it"
        )
        hint = "change one of the dates, or the order: the numbers in front of the files' names"
        yield finding(step.id, project.place(step.id, "due"), "step-order", message, hint)


def _work(roadmap: Roadmap) -> Iterator[tuple[datetime.date, str, str, str]]:
    """List what is done of the project: day, step, key, and words.

    Requests, moves and notes are no work: what the client brings to the start is asked for before.
    """
    for step in roadmap.project.milestones:
        name, done, today = f"\u201c{step.label}\u201d", step.done, roadmap.today
        if step.is_hidden:
            continue
        if done:
            yield done, step.id, "done", f"{name} was finished on {done}"
        if step.approved:
            on = step.approved.on
            yield on, step.id, "approved", f"{name} was approved on {on}"
        if step.state is State.DOING:
            yield today, step.id, "state", f"{name} is in progress on {today}"


def _before_the_start(roadmap: Roadmap) -> Iterator[Finding]:
    """Find work before the first day: one finding a project, for it is most likely one mistake."""
    project = roadmap.project
    early = sorted(each for each in _work(roadmap) if each[0] < project.starts)
    if early and not roadmap.is_finished:
        _, step, key, words = early[0]
        others = len(early) - 1
        more = f", and so {'is 1 more date' if others == 1 else f'are {others} more dates'}"
        message = f"{words}, before the project starts on {project.starts}"
        message += more if others else ""
        hint = "correct this, or starts: in project.yml; the page says both"
        yield finding(step, project.place(step, key), "before-start", message, hint)


def _silent_end(
    roadmap: Roadmap, added: Mapping[str, tuple[int, datetime.date]]
) -> Iterator[Finding]:
    """Find an end that is another day since a step was added behind it, without a word.

    Before the first day the plan may still grow.
    """
    project = roadmap.project
    shown = [step for step in project.milestones if not step.is_hidden]
    road = [step for step in shown if not step.skipped]
    if not road or road[-1].moved or project.is_ongoing or roadmap.is_finished:
        return

    def came(step: Milestone) -> tuple[int, datetime.date]:
        return added.get(project.place(step.id).path, (NOT_COMMITTED, roadmap.today))

    end = road[-1]
    commit, on = came(end)
    before = [
        step
        for step in shown
        if came(step)[0] < commit and not (step.skipped and step.skipped.on < on)
    ]
    was = (before[-1].due or before[-1].done) if before else None
    if was and on > project.starts and was != (end.due or end.done):
        message = (
            f"the end was {_said(before[-1])} until this step was added,"
            " and no move is written down"
        )
        hint = f"add moved: with from: {was}, on: {on}, and why; the page then says it, too"
        yield finding(end.id, project.place(end.id, "due"), "silent-end", message, hint)
