"""The review of the movement: what is said of dates, with the right numbers of days."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from site_builder.errors import Severity
from site_builder.model.parts import Allowance, Rhythm
from site_builder.model.project import Place
from site_builder.review import review
from site_builder.review.movement import paused_days
from site_builder.roadmap import draw
from tests.make import TODAY, day, days, milestone, need, pause, project, projects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from site_builder.errors import Problem
    from site_builder.model.parts import Pause
    from site_builder.model.project import Milestone, Project

OTHERS = {
    *("no-outcome", "no-outcomes", "unserved-outcome"),
    *("step-order", "before-start", "silent-end"),
}
"""What the review says of something else than movement."""


def step(name: str, due: str = "", done: str = "", **changes: Any) -> Milestone:
    """Make a step that is finished on a day, or expected on one."""
    dates = {"due": day(due) if due else None, "done": day(done) if done else None}
    return milestone(name, "done" if done else "planned", **dates, **changes)


def rhythm(**days: int) -> Rhythm:
    """Make a rhythm as it is read from a file."""
    return Rhythm.model_validate({name: str(number) for name, number in days.items()})


def findings(
    made: Project, today: str = "03-02", told: Mapping[str, datetime.date] | None = None
) -> list[Problem]:
    """List what the review says of the movement of a project."""
    found = review(draw(made, day(today)), told or {}).problems
    return [problem for problem in found if problem.rule not in OTHERS]


def said(*steps: Milestone, today: str = "03-02", **changes: Any) -> list[str]:
    """List the rules and the numbers of days or steps that the review says of some steps."""
    return [
        f"{problem.rule} {next(word for word in problem.message.split() if word.isdigit())}"
        for problem in findings(project(*steps, **changes), today)
    ]


# --- A project with everything -------------------------------------------------------------------

TROUBLED = (
    step("goals", done="01-08"),
    step("texts", due="02-20"),  # 43 days later, and 10 days ago
    step("look", due="04-07"),  # 46 days later
    step("photos", due="04-08"),
    step("colours", due="04-10"),
    step("logo", due="04-13"),
    step("launch", due="05-29"),  # 46 days later
)


def test_a_troubled_project_hears_of_exactly_its_troubles() -> None:
    """Gaps, a cluster, silence and a step past its date, each with its days and dates."""
    assert [(found.rule, found.message) for found in findings(project(*TROUBLED))] == [
        ("silence", "nothing new for 53 days, since 2026-01-08"),
        ("overdue", "this step is open and its date 2026-02-20 passed 10 days ago"),
        *(
            (
                "gap",
                f"{text}: with more than 28 it looks like nothing happens",
            )
            for text in (
                "43 days between \u201cGoals\u201d (2026-01-08) and \u201cTexts\u201d (2026-02-20)",
                "46 days between \u201cTexts\u201d (2026-02-20) and \u201cLook\u201d (2026-04-07)",
                "46 days between \u201cLogo\u201d (2026-04-13) and \u201cLaunch\u201d (2026-05-29)",
            )
        ),
        (
            "cluster",
            "4 steps within 7 days, from \u201cLook\u201d (2026-04-07) to \u201cLogo\u201d (2026-04-13): none of them stands out",
        ),
    ]


def test_a_declared_pause_takes_away_the_gap_that_it_explains_and_no_other() -> None:
    """Its days do not count; the gap beside it stays what it was."""
    rest = pause("2026-04-16", "2026-05-04")
    said_now = said(*TROUBLED, pauses=(rest,))
    assert said_now == ["silence 53", "overdue 10", "gap 43", "gap 46", "cluster 4"]
    assert len(said(*TROUBLED)) == len(said_now) + 1


# --- Gaps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "expected"), [("03-26", []), ("03-27", ["gap 29"]), ("04-30", ["gap 63"])]
)
def test_a_gap_has_more_days_than_the_rhythm_allows(due: str, expected: list[str]) -> None:
    """28 days from step to step are well; 29 are not."""
    assert said(step("a", done="02-26"), step("b", due=due)) == expected


def test_neighbours_are_neighbours_by_date() -> None:
    """Whatever their order in the folder."""
    steps = step("a", done="02-27"), step("z", due="04-17"), step("b", due="03-20")
    assert said(*steps) == []


@pytest.mark.parametrize(
    "between",
    [step("b", due="03-20", skipped=None), milestone("b", "skipped", due=day("03-20"))],
    ids=["kept", "skipped"],
)
def test_what_was_left_out_fills_no_gap(between: Milestone) -> None:
    """Only steps that come are seen coming."""
    found = said(step("a", done="02-27"), between, step("c", due="04-03"))
    assert found == (["gap 35"] if between.skipped else [])


@pytest.mark.parametrize("hidden", [{"is_draft": True}, {"publish_on": day("03-10")}])
def test_what_the_client_does_not_see_fills_no_gap(hidden: dict[str, Any]) -> None:
    """Also a preview, which shows it, says so; and it says nothing else of hidden steps."""
    steps = step("a", done="02-27"), step("b", due="02-28", **hidden), step("c", due="04-03")
    assert said(*steps) == ["gap 35"]


def test_a_gap_behind_us_is_history() -> None:
    """Between two finished steps nothing can be moved any more."""
    steps = step("a", done="01-08"), step("b", done="02-27")
    assert said(*steps, step("c", due="03-20")) == []


def test_a_project_that_has_not_started_hears_of_its_gaps() -> None:
    """They are planned, so they can be planned better."""
    steps = step("a", due="04-01"), step("b", due="06-01")
    assert said(*steps, starts=day("03-23")) == ["gap 61"]


def test_a_finished_project_hears_nothing() -> None:
    """Neither of gaps nor of clusters nor of silence."""
    steps = [step(f"s{number}", done=f"01-0{number}") for number in range(1, 6)]
    assert said(*steps, step("end", done="02-27"), today="06-01") == []


def test_an_undated_step_between_them_is_named() -> None:
    """Maybe all that is missing is its date."""
    steps = step("a", done="02-27"), milestone("texts"), step("c", due="04-03")
    (found,) = findings(project(*steps))
    assert found.hint == "give \u201cTexts\u201d a date: it stands between them"


def test_a_gap_is_shown_at_the_later_date() -> None:
    """There the step stands that may come earlier."""
    place = Place("projects/acorn/site/milestones/02-b.md", 3, 6, 10)
    made = project(step("a", done="02-27"), step("b", due="04-03"), places={("b", "due"): place})
    (found,) = findings(made)
    assert (found.path, found.line, found.column, found.width) == (place.path, 3, 6, 10)


def test_a_gap_can_be_meant_so() -> None:
    """In the step that ends it, with a reason."""
    meant = Allowance(rule="gap", why="The client renovates until Easter.")
    steps = step("a", done="02-27"), step("b", due="04-03", allow=(meant,))
    assert said(*steps, step("c", due="05-29")) == ["gap 56"]


# --- Pauses --------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(days, st.none() | st.integers(0, 60)), max_size=4).map(
    lambda spans: [
        pause(str(start), None if length is None else str(start + datetime.timedelta(length)))
        for start, length in spans
    ]
)


@given(SPANS, days, days)
def test_each_day_of_a_pause_counts_once(
    pauses: list[Pause], first: datetime.date, last: datetime.date
) -> None:
    """However pauses overlap, whether they have an end, and in whatever order they stand."""
    assume(first <= last)
    span = (
        first + datetime.timedelta(number + 1) for number in range((last - first).days)
    )  # without the first day
    rests = [
        on
        for on in span
        if any(rest.from_on <= on and (rest.to is None or on <= rest.to) for rest in pauses)
    ]
    assert paused_days(pauses, first, last) == len(rests)


@given(projects(), days, st.none() | st.integers(0, 90))
def test_a_pause_never_makes_a_gap(made: Project, start: datetime.date, length: int | None) -> None:
    """Whatever the project: one more pause makes gaps smaller, or leaves them alone."""
    end = None if length is None else str(start + datetime.timedelta(length))
    rests = replace(made, pauses=(*made.pauses, pause(str(start), end)))
    before, after = gaps(made), gaps(rests)
    assert after.keys() <= before.keys()
    assert all(after[between] <= before[between] for between in after)


def gaps(made: Project) -> dict[str, int]:
    """List the days of each gap, by what it lies between."""
    told = (found.message for found in findings(made) if found.rule == "gap")
    return {words.partition("between")[2]: int(words.split()[0]) for words in told}


def test_the_days_of_a_pause_are_said() -> None:
    """What is left is a gap, and the reader can count after us."""
    steps = step("a", done="02-27"), step("b", due="05-08")
    made = project(*steps, pauses=(pause("2026-03-30", "2026-04-12"),))
    (found,) = findings(made)
    assert found.message.startswith("56 days (14 of a pause left out) between")


# --- Clusters ------------------------------------------------------------------------------------


def dense(*dues: str, **changes: Any) -> list[str]:
    """Say what is found in steps on these days; the cluster's place is its last open step."""
    steps = [step(f"s{number}", due=due) for number, due in enumerate(dues, 1)]
    return [
        found.message.partition(":")[0]
        for found in findings(project(*steps, **changes))
        if found.rule == "cluster"
    ]


@pytest.mark.parametrize(
    ("dues", "expected"),
    [
        (["03-09", "03-11", "03-13"], []),
        (["03-09", "03-11", "03-13", "03-16"], []),  # eight days, the first and the last counted
        (
            ["03-09", "03-11", "03-13", "03-15"],
            ["4 steps within 7 days, from “S1” (2026-03-09) to “S4” (2026-03-15)"],
        ),
        (
            ["03-09"] * 4,
            ["4 steps within 1 day, from “S1” (2026-03-09) to “S4” (2026-03-09)"],
        ),
        (
            ["03-09", "03-11", "03-13", "03-15", "03-17"],  # two that overlap are one
            ["5 steps within 9 days, from “S1” (2026-03-09) to “S5” (2026-03-17)"],
        ),
        (
            ["03-09"] * 4 + ["03-16"] * 4,
            [
                "4 steps within 1 day, from “S1” (2026-03-09) to “S4” (2026-03-09)",
                "4 steps within 1 day, from “S5” (2026-03-16) to “S8” (2026-03-16)",
            ],
        ),
    ],
)
def test_a_cluster_is_many_steps_in_few_days(dues: list[str], expected: list[str]) -> None:
    """Four within a week are too many, however many weeks go on like that."""
    assert dense(*dues) == expected


def test_how_dense_is_too_dense_is_the_project_s_choice() -> None:
    """A campaign of four weeks has another rhythm than a website."""
    dues = ["03-09", "03-11", "03-13", "03-15"]
    assert dense(*dues, rhythm=rhythm(cluster=5)) == []
    assert dense(*dues, rhythm=rhythm(cluster=4, cluster_days=6)) == []
    assert len(dense("03-09", "03-10", rhythm=rhythm(cluster=2, cluster_days=2))) == 1


def test_a_cluster_counts_while_one_of_its_steps_is_open() -> None:
    """Three finished steps and one to come: that one can still be moved."""
    steps = [step(f"s{number}", done="03-02") for number in range(3)]
    assert said(*steps, step("open", due="03-06")) == ["cluster 4"]
    assert said(*steps, step("last", done="03-02"), step("open", due="03-20")) == []


@given(st.lists(days, max_size=9), st.integers(2, 5), st.integers(1, 10))
def test_clusters_are_what_a_reader_would_count(
    dues: list[datetime.date], cluster: int, length: int
) -> None:
    """A step is in a cluster if some window of so many days around it holds so many steps."""
    steps = [milestone(f"s{number}", due=due) for number, due in enumerate(dues)]
    found = [
        found
        for found in findings(
            project(*steps, rhythm=rhythm(cluster=cluster, cluster_days=length)), "01-01"
        )
        if found.rule == "cluster"
    ]
    counted = sum(
        any(
            first <= due
            and sum(first <= other < first + datetime.timedelta(length) for other in dues)
            >= cluster
            and due < first + datetime.timedelta(length)
            for first in dues
        )
        for due in dues
    )
    assert sum(int(problem.message.split()[0]) for problem in found) == counted


# --- Silence and dates that have passed ----------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"), [("03-21", []), ("03-22", ["silence 22"]), ("05-01", ["silence 62"])]
)
def test_silence_counts_the_days_since_the_newest_news(today: str, expected: list[str]) -> None:
    """Three weeks are well; one day more is not."""
    made = step("a", done="02-28"), milestone("b")
    assert said(*made, today=today) == expected


def test_a_retainer_without_a_next_step_is_silent_too() -> None:
    """A service without an end is never finished."""
    assert said(step("a", done="01-28"), is_ongoing=True) == ["silence 33"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pauses": (pause("2026-03-01", "2026-03-09"),)}, []),
        ({"pauses": (pause("2026-02-10", "2026-02-27"),)}, ["overdue 2"]),
        ({"starts": day("03-09")}, ["overdue 2"]),
        ({}, ["silence 56", "overdue 2"]),
    ],
    ids=["paused", "pause is over", "not started", "running"],
)
def test_while_a_project_rests_nothing_is_late(
    changes: dict[str, Any], expected: list[str]
) -> None:
    """A pause stops the clock; its end is news."""
    assert said(step("a", due="02-28"), **changes) == expected


# --- News that came late -------------------------------------------------------------------------

FILE = "projects/acorn/site/milestones/01-a.md"


def late(done: str, told: str, today: str = "03-06", **changes: Any) -> list[str]:
    """Say what is found in a step that was finished on one day and committed on another."""
    places = {("a", "done"): Place(FILE, 4, 7, 10)}
    made = project(step("a", done=done), step("b", due="03-20"), places=places, **changes)
    found = findings(made, today, {FILE: day(told)})
    return [problem.message for problem in found if problem.rule == "late-news"]


@pytest.mark.parametrize(
    ("done", "told", "expected"),
    [
        ("02-19", "02-20", []),  # the next day
        ("02-20", "02-23", []),  # Friday and Monday
        ("02-20", "02-24", ["finished on 2026-02-20, told on 2026-02-24: 4 days later"]),
        ("02-20", "03-02", ["finished on 2026-02-20, told on 2026-03-02: 10 days later"]),
        ("02-20", "02-18", []),  # written before it was true
        (
            "02-20",
            "03-09",
            [],
        ),  # on a day that is still ahead: the question is about an earlier one
    ],
)
def test_a_step_is_told_the_next_working_day(done: str, told: str, expected: list[str]) -> None:
    """Otherwise the days between are said, all of them."""
    assert late(done, told) == expected


def test_how_late_is_too_late_is_the_project_s_choice() -> None:
    """And days on which nobody works do not count."""
    assert late("02-20", "02-24", rhythm=rhythm(update_lag=2)) == []
    assert late("02-20", "02-24", holidays=(day("02-23"),)) == []


def test_late_news_is_old_after_three_weeks() -> None:
    """Nobody can mend it, so it does not nag for ever."""
    assert len(late("02-20", "03-02", today="03-13")) == 1
    assert late("02-20", "03-02", today="03-14") == []


# --- What is much, and days on which nobody works ------------------------------------------------


def test_more_than_three_open_requests_are_many() -> None:
    """Those of finished steps, and those that have come, do not count."""
    asked = [need(asked="2026-02-27", received=received) for received in (None, None, "2026-03-01")]
    steps = step("a", due="03-06", needs=tuple(asked)), step("b", due="03-13", needs=(need(),))
    assert said(*steps) == []
    more = step("c", due="03-20", needs=(need(ask="Send the logo"),))
    assert said(*steps, more) == ["many-requests 4"]


@pytest.mark.parametrize(
    ("number", "ongoing", "expected"),
    [(12, False, []), (13, False, ["long-road 13"]), (13, True, [])],
)
def test_a_road_has_at_most_twelve_steps(
    number: int, expected: list[str], *, ongoing: bool
) -> None:
    """A retainer has as many as it has months."""
    dues = [TODAY + datetime.timedelta(weeks=week) for week in range(1, number + 1)]
    steps = [milestone(f"s{index}", due=due) for index, due in enumerate(dues)]
    assert said(*steps, starts=TODAY, is_ongoing=ongoing) == expected


def off(*steps: Milestone, **changes: Any) -> list[tuple[str, str]]:
    """List what is noted of days on which nobody works."""
    found = findings(project(*steps, **{"starts": TODAY, **changes}))
    assert {problem.severity for problem in found} <= {Severity.NOTE}
    return [(problem.message, problem.hint) for problem in found]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("03-06", []),
        (
            "03-07",
            [("“A” is due on Saturday 2026-03-07", "the working day before is Friday 2026-03-06")],
        ),
        (
            "04-06",  # Easter Monday, after Good Friday
            [
                (
                    "“A” is due on Monday 2026-04-06, a holiday",
                    "the working day before is Thursday 2026-04-02",
                )
            ],
        ),
        ("03-01", []),  # a Sunday that has passed
    ],
)
def test_a_date_on_which_nobody_works_is_noted(due: str, expected: list[tuple[str, str]]) -> None:
    """With the working day before it; what has passed is no news."""
    changes: dict[str, Any] = {"holidays": ("GB-ENG",)}
    if due < "03-02":
        changes["pauses"] = (pause("2026-03-02", "2026-03-03"),)  # else it is late
    assert off(step("a", due=due), **changes) == expected


def test_requests_and_updates_are_promises_too() -> None:
    """Each is noted where it stands; what has come or is finished is none."""
    asked = need(by="2026-03-07"), need(by="2026-03-08", received="2026-03-02")
    steps = step("a", due="03-09", needs=asked), step("b", done="03-02", needs=asked[:1])
    (request, update) = off(*steps, next_update=day("03-08"))
    assert request[0] == "this is asked for by Saturday 2026-03-07"
    assert update[0] == "the next update is promised for Sunday 2026-03-08"


def test_while_dates_are_to_follow_none_is_noted() -> None:
    """A pause without an end says that no date holds."""
    assert off(step("a", due="03-07"), pauses=(pause("2026-03-02"),)) == []


@given(projects(), days)
def test_whatever_the_project_the_review_comes_to_its_end(
    made: Project, today: datetime.date
) -> None:
    """Every finding has a place, a message and a hint, and stops nobody by itself."""
    for found in review(draw(made, today), {}).problems:
        assert found.path
        assert found.message
        assert found.hint
        assert not found.is_error
