"""Arithmetic: a project and a day make a roadmap. Every sentence of the rules is a case."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.model.parts import Approval, Cadence, Risk, Scope, Skip
from site_builder.model.project import Update
from site_builder.model.roadmap import EventKind, Look, Roadmap, Step, Verdict
from site_builder.roadmap import draw, next_in_cadence, percent_done, update_lag
from tests.make import (
    TODAY,
    cadences,
    day,
    days,
    milestone,
    move,
    need,
    pause,
    project,
    projects,
    road,
)

if TYPE_CHECKING:
    import datetime

ALL_DONE = road("done", "done")
RISK = Risk(why="The printer is ill.")


def drawn(*states: str, today: str = "03-02", **changes: Any) -> Roadmap:
    return draw(project(*road(*states), **changes), day(today))


def name(step: Step | None) -> str | None:
    return step.milestone.id if step else None


# --- Where we are ---


@pytest.mark.parametrize(
    ("states", "here", "following"),
    [
        (["done", "waiting", "planned"], "s2", "s3"),
        (["done", "doing", "planned"], "s2", "s3"),
        (["done", "planned", "doing", "planned"], "s3", "s4"),  # in progress comes before open
        (["waiting", "doing", "planned"], "s1", "s3"),  # the first of several; next is planned
        (["done", "planned", "planned"], "s2", "s3"),
        (["planned", "planned"], "s1", "s2"),
        (["done", "skipped", "planned"], "s3", None),
        (["planned", "done", "doing"], "s3", None),  # nothing planned follows
        (["done", "doing", "skipped", "planned"], "s2", "s4"),
        (["done", "done"], None, None),
        (["done", "skipped"], None, None),
        ([], None, None),
    ],
)
def test_here_is_the_first_active_step_else_the_first_open_one(
    states: list[str], here: str | None, following: str | None
) -> None:
    """And next is the first planned one after it; none when all are done."""
    roadmap = drawn(*states)
    assert (name(roadmap.here), name(roadmap.next)) == (here, following)


@pytest.mark.parametrize(
    ("done", "today", "expected"),
    [
        (["02-20"], "02-20", "s1"),
        (["02-20"], "03-13", "s1"),  # 21 days old
        (["02-20"], "03-14", None),  # 22 days old
        (["02-20", "02-24"], "03-02", "s2"),
        (["02-24", "02-20"], "03-02", "s1"),  # the newest date, wherever it stands
        (["02-24", "02-24"], "03-02", "s2"),  # on one day: the last of the road
        ([], "03-02", None),
    ],
)
def test_just_finished_is_the_newest_done_for_21_days(
    done: list[str], today: str, expected: str | None
) -> None:
    """What was finished is celebrated for three weeks, then it is one of many."""
    steps = [milestone(f"s{n}", "done", done=day(on)) for n, on in enumerate(done, 1)]
    roadmap = draw(project(*steps, milestone("open")), day(today))
    assert name(roadmap.just_finished) == expected
    assert [name(step) for step in roadmap.steps if step.is_newest] == (
        [expected] if expected else []
    )


def test_the_newest_done_is_known_however_old() -> None:
    """It stays the last thing that happened."""
    roadmap = draw(project(milestone("goals", "done", done=day("01-12")), milestone("open")), TODAY)
    assert name(roadmap.newest_done) == "goals"
    assert roadmap.just_finished is None


@pytest.mark.parametrize(
    ("states", "today", "changes", "pinned"),
    [
        (["done", "waiting", "planned"], "03-02", {}, ["s2"]),
        (["done", "planned"], "03-02", {}, ["s2"]),
        (["done", "doing", "planned"], "03-02", {"pauses": (pause("2026-02-27"),)}, ["s2"]),
        (["done", "doing"], "03-02", {"is_ongoing": True}, ["s2"]),
        (["planned", "planned"], "01-04", {}, []),  # before the start
        (["planned", "planned"], "01-05", {}, ["s1"]),
        (["done", "done"], "03-02", {}, []),
        (["doing"], "03-02", {}, []),  # a single step
        ([], "03-02", {}, []),
    ],
)
def test_you_are_here_stands_on_one_step(
    states: list[str], today: str, changes: dict[str, Any], pinned: list[str]
) -> None:
    """On the step that is here; nowhere before the start, at the end, or with a single step."""
    roadmap = drawn(*states, today=today, **changes)
    assert [name(step) for step in roadmap.steps if step.is_pinned] == pinned


@pytest.mark.parametrize(
    ("states", "changes", "looks"),
    [
        (["done", "waiting", "planned", "planned"], {}, ["done", "waiting", "next", "planned"]),
        (["done", "planned", "planned"], {}, ["done", "next", "planned"]),  # here itself is next
        (["done", "doing", "waiting"], {}, ["done", "doing", "waiting"]),
        (["done", "skipped", "planned"], {}, ["done", "skipped", "next"]),
        (
            ["done", "doing", "planned"],
            {"pauses": (pause("2026-02-27"),)},
            ["done", "paused", "next"],
        ),
    ],
)
def test_each_step_looks_like_its_state(
    states: list[str], changes: dict[str, Any], looks: list[str]
) -> None:
    """The road shows one step as next, and the one that rests as paused."""
    assert [step.look for step in drawn(*states, **changes).steps] == [Look(look) for look in looks]


# --- How far ---


def weighed(*parts: tuple[str, float | None] | tuple[str, float | None, float]) -> int | None:
    steps = [
        milestone(
            f"s{number}",
            part[0],
            weight=None if part[1] is None else Decimal(str(part[1])),
            progress=Decimal(str(part[2])) if len(part) > 2 else None,
        )
        for number, part in enumerate(parts)
    ]
    return percent_done(project(*steps))


@pytest.mark.parametrize(
    ("parts", "percent"),
    [
        ([("done", 1), ("planned", 1)], 50),
        ([("done", 30), ("planned", 70)], 30),
        ([("done", 32), ("planned", 68)], 30),
        ([("done", 33), ("planned", 67)], 35),
        ([("done", 32.5), ("planned", 67.5)], 35),  # halves go up
        ([("done", 37.5), ("planned", 62.5)], 40),  # halves go up here too
        ([("done", 2), ("planned", 98)], 0),
        ([("planned", 1), ("planned", 1)], 0),
        ([("done", 99), ("planned", 1)], 95),  # at most 95 before the end
        ([("done", 99), ("doing", 1, 1)], 95),
        ([("done", 1), ("done", 1)], 100),
        ([("done", 1), ("skipped", None)], 100),  # skipped steps weigh nothing
        ([("done", 1), ("skipped", 8), ("planned", 1)], 50),
        ([("done", 1), ("doing", 1, 0.5)], 75),
        ([("done", 1), ("waiting", 1, 0.5)], 75),
        ([("done", 1), ("doing", 1)], 50),
        ([("done", 1), ("planned", 1, 0.5)], 50),  # only a step in progress counts its part
        ([("done", 1), ("planned", None)], None),  # only where every step has a weight
        ([("done", None), ("planned", 1)], None),
        ([], None),
        ([("skipped", 1)], None),
    ],
)
def test_percent_is_weight_done_of_weight_not_skipped(
    parts: list[tuple[str, float]], percent: int | None
) -> None:
    """Rounded to the nearest 5, halves up; at most 95 before the end, then 100."""
    assert weighed(*parts) == percent


def test_a_service_without_an_end_has_no_percentage() -> None:
    """There is nothing that it could be a part of."""
    steps = road("done", "planned", weight=Decimal(1))
    assert percent_done(project(*steps, is_ongoing=True)) is None


# --- The end ---


@pytest.mark.parametrize(
    ("last", "ends", "before"),
    [
        (milestone("end", due=day("04-24")), day("04-24"), None),
        (milestone("end"), None, None),
        (
            milestone("end", due=day("05-08"), moved=(move("2026-04-24", "2026-02-24"),)),
            day("05-08"),
            day("04-24"),
        ),
        (
            milestone(
                "end",
                due=day("05-22"),
                moved=(move("2026-04-24", "2026-02-10"), move("2026-05-08", "2026-02-24")),
            ),
            day("05-22"),
            day("05-08"),  # before its newest move
        ),
    ],
)
def test_the_end_is_the_date_of_the_last_step_that_is_not_skipped(
    last: Any, ends: datetime.date | None, before: datetime.date | None
) -> None:
    """Whatever was taken out behind it."""
    out = milestone("extras", "skipped", due=day("06-30"))
    roadmap = draw(project(milestone("goals", "done"), last, out), TODAY)
    assert (roadmap.ends, roadmap.ended_before) == (ends, before)
    assert name(roadmap.last) == "end"


def test_the_first_date_of_the_end_is_before_its_oldest_move() -> None:
    """What was promised first is never forgotten."""
    moves = (move("2026-04-24", "2026-02-10"), move("2026-05-08", "2026-02-24"))
    assert milestone("end", due=day("05-22"), moved=moves).first_due == day("04-24")
    assert milestone("end", due=day("05-22")).first_due == day("05-22")


def test_a_service_without_an_end_has_none() -> None:
    """Its last step is only the last one that is planned."""
    steps = (milestone("a", "done"), milestone("b", due=day("04-24")))
    assert draw(project(*steps, is_ongoing=True), TODAY).ends is None


# --- News ---

NEWS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("done", {"state": "done", "done": day("02-20")}, {}),
    ("moved", {"moved": (move("2026-03-27", "2026-02-20"),), "due": day("04-10")}, {}),
    ("asked", {"needs": (need(asked="2026-02-20"),)}, {}),
    ("received", {"needs": (need(asked="2026-02-01", received="2026-02-20"),)}, {}),
    ("skipped", {"state": "skipped", "skipped": Skip(on=day("02-20"), why="So.")}, {}),
    ("approved", {"approved": Approval(by="Priya Nair", on=day("02-20"))}, {}),
    ("a pause begins", {}, {"pauses": (pause("2026-02-20"),)}),
    ("a pause ends", {}, {"pauses": (pause("2026-02-01", "2026-02-20"),)}),
    ("an update", {}, {"notes": (Update(on=day("02-20"), sentence="News.", text=""),)}),
]


@pytest.mark.parametrize(("_kind", "step", "changes"), NEWS, ids=[kind for kind, _, _ in NEWS])
def test_updated_is_the_newest_date_that_the_client_heard_of(
    _kind: str, step: dict[str, Any], changes: dict[str, Any]
) -> None:
    """Each kind of news counts, from its day on."""
    made = project(
        milestone("first", "done", done=day("01-12")), milestone("second", **step), **changes
    )
    assert draw(made, TODAY).updated == day("02-20")
    assert draw(made, day("02-19")).updated < day("02-20"), "not before its day"


def test_without_news_the_project_was_updated_when_it_started() -> None:
    """A date that is planned is no news."""
    made = project(milestone("first", due=day("02-20")), milestone("second", "waiting"))
    assert draw(made, TODAY).updated == made.starts
    assert draw(project(), TODAY).updated == made.starts


@pytest.mark.parametrize(
    ("every", "on", "after", "following"),
    [
        ("week", "Friday", "2026-03-02", "2026-03-06"),
        ("week", "Monday", "2026-03-02", "2026-03-09"),  # after, never on the same day
        ("week", "tuesday", "2026-03-02", "2026-03-03"),
        ("week", "Friday", "2026-12-28", "2027-01-01"),
        ("2 weeks", "Friday", "2026-03-02", "2026-03-13"),  # the one in 4 days is too near
        ("2 weeks", "Monday", "2026-03-02", "2026-03-16"),
        ("2 weeks", "Tuesday", "2026-03-02", "2026-03-10"),  # 8 days later is far enough
        ("2 weeks", "Sunday", "2026-03-02", "2026-03-15"),
        ("month", "1", "2026-03-02", "2026-04-01"),
        ("month", "15", "2026-03-02", "2026-03-15"),
        ("month", "2", "2026-03-02", "2026-04-02"),
        ("month", "1", "2026-12-01", "2027-01-01"),
        ("month", "31", "2026-03-02", "2026-03-31"),
        ("month", "31", "2026-03-31", "2026-04-30"),  # April has 30 days
        ("month", "31", "2026-04-30", "2026-05-31"),
        ("month", "31", "2026-02-15", "2026-02-28"),
        ("month", "31", "2028-01-31", "2028-02-29"),
        ("month", "29", "2026-02-28", "2026-03-29"),
    ],
)
def test_the_next_update_is_the_first_day_of_the_pattern_after(
    every: str, on: str, after: str, following: str
) -> None:
    """For two weeks, the first that is at least 8 days later; a missing day is the month's last."""
    cadence = Cadence(every=every, on=on)
    assert next_in_cadence(cadence, day(after)) == day(following)


WEEKLY = Cadence(every="week", on="Friday")
NOTE = (Update(on=day("02-27"), sentence="News.", text=""),)


@pytest.mark.parametrize(
    ("changes", "following", "is_late"),
    [
        ({"updates": WEEKLY, "notes": NOTE}, "03-06", False),
        ({"updates": WEEKLY, "notes": NOTE, "next_update": day("03-04")}, "03-04", False),
        ({"next_update": day("03-04")}, "03-04", False),
        ({"next_update": TODAY}, "03-02", False),  # it has the whole day
        ({"next_update": day("03-01")}, "03-01", True),
        ({"updates": WEEKLY}, "01-09", True),  # nothing since the start
        ({}, None, False),
        ({"pauses": (pause("2026-02-27", decision_on="2026-03-20"),)}, "03-20", False),
        ({"updates": WEEKLY, "pauses": (pause("2026-02-20"),)}, None, False),
        ({"updates": WEEKLY, "pauses": (pause("2026-02-20", "2026-03-11"),)}, "03-13", False),
    ],
)
def test_the_next_update_is_counted_from_the_newest_news(
    changes: dict[str, Any], following: str | None, *, is_late: bool
) -> None:
    """A written date overrides the pattern; a day that is past is late."""
    roadmap = drawn("doing", "planned", **changes)
    assert roadmap.next_update == (day(following) if following else None)
    assert roadmap.is_update_late is is_late


def test_nobody_waits_for_news_of_a_finished_project() -> None:
    """Its pattern of updates has ended with it."""
    assert draw(project(*ALL_DONE, updates=WEEKLY), TODAY).next_update is None
    assert not draw(project(*ALL_DONE, next_update=day("03-01")), TODAY).is_update_late


@pytest.mark.parametrize(
    ("today", "silence"), [("02-20", 0), ("02-21", 1), ("03-02", 10), ("03-13", 21)]
)
def test_silence_is_counted_in_days_since_the_newest_news(today: str, silence: int) -> None:
    """From the day that is shown as updated to today."""
    assert drawn("done", "planned", today=today).silence == silence


def test_before_the_start_nothing_is_silent() -> None:
    """A start that is ahead is not a negative silence."""
    assert drawn("planned", "planned", today="01-02").silence == 0


@pytest.mark.parametrize(
    ("done", "announced", "lag"),
    [
        ("02-20", ["02-20"], 0),
        ("02-20", ["02-23"], 3),
        ("02-20", ["02-13", "02-27", "03-06"], 7),  # the first that could tell it
        ("02-20", ["02-13"], None),  # that one was earlier
        ("02-20", [], None),  # nothing was ever announced
    ],
)
def test_the_update_lag_is_counted_to_the_announcement_that_told_it(
    done: str, announced: list[str], lag: int | None
) -> None:
    """In days from a step's `done`."""
    assert update_lag(day(done), [day(on) for on in announced]) == lag


# --- The verdict ---

LATE = milestone("texts", "waiting", due=day("03-01"))
MOVED_END = milestone("end", due=day("05-08"), moved=(move("2026-04-24", "2026-02-24"),))
PAUSE = pause("2026-02-27")


@pytest.mark.parametrize(
    ("steps", "changes", "verdict"),
    [
        # All that could be said at once: the first of the list wins, then the next …
        (ALL_DONE, {"starts": day("03-09"), "pauses": (PAUSE,)}, Verdict.FINISHED),
        (
            (milestone("a", "waiting", due=day("03-01"), at_risk=RISK), MOVED_END),
            {"starts": day("03-09"), "pauses": (PAUSE,)},
            Verdict.NOT_STARTED,
        ),
        (
            (milestone("a", "waiting", due=day("03-01"), at_risk=RISK), MOVED_END),
            {"pauses": (PAUSE,)},
            Verdict.PAUSED,
        ),
        (
            (milestone("a", "waiting", due=day("03-01"), at_risk=RISK), MOVED_END),
            {},
            Verdict.AT_RISK,
        ),
        ((LATE, MOVED_END), {}, Verdict.LATE),
        ((milestone("a", "doing", due=TODAY), MOVED_END), {}, Verdict.MOVED),
        ((milestone("a", "doing", due=TODAY), milestone("end")), {}, Verdict.ON_COURSE),
        # … and what does not count.
        (road("done", "skipped"), {}, Verdict.FINISHED),
        (ALL_DONE, {"is_ongoing": True}, Verdict.ON_COURSE),  # it only waits for new steps
        ((), {}, Verdict.ON_COURSE),
        (road("doing"), {"pauses": (pause("2026-03-03"),)}, Verdict.ON_COURSE),
        (road("doing"), {"pauses": (pause("2026-02-20", "2026-03-01"),)}, Verdict.ON_COURSE),
        (road("doing"), {"pauses": (pause("2026-02-20", "2026-03-02"),)}, Verdict.PAUSED),
        (
            (milestone("a", "done", at_risk=RISK), milestone("b", "doing")),
            {},
            Verdict.ON_COURSE,
        ),
        (
            (milestone("a", "done", due=day("02-10")), milestone("b", "doing")),
            {},
            Verdict.ON_COURSE,
        ),
        (
            (milestone("a", due=day("04-10"), moved=MOVED_END.moved), milestone("end")),
            {},
            Verdict.ON_COURSE,  # another step moved, not the end
        ),
        ((milestone("a", "doing"), MOVED_END), {"is_ongoing": True}, Verdict.ON_COURSE),
    ],
)
def test_the_verdict_is_the_first_that_applies(
    steps: Any, changes: dict[str, Any], verdict: Verdict
) -> None:
    """Finished, not started, paused, at risk, late, moved, on course: in this order."""
    assert draw(project(*steps, **changes), TODAY).verdict is verdict


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        ("02-24", Verdict.MOVED),
        ("03-17", Verdict.MOVED),  # 21 days ago
        ("03-18", Verdict.ON_COURSE),
    ],
)
def test_a_moved_end_is_said_for_21_days(today: str, verdict: Verdict) -> None:
    """Then the end is as planned as any other, with its date before in brackets."""
    roadmap = draw(project(milestone("a", "doing"), MOVED_END), day(today))
    assert roadmap.verdict is verdict
    assert roadmap.ended_before == day("04-24")


def test_the_verdict_names_the_step_that_it_speaks_of() -> None:
    """The first at risk; of several that are late, the one that waits longest."""
    risky = project(
        milestone("a", "doing"), milestone("b", at_risk=RISK), milestone("c", at_risk=RISK)
    )
    assert name(draw(risky, TODAY).concerned) == "b"
    late = project(milestone("a", "doing", due=day("02-27")), milestone("b", due=day("02-20")))
    assert name(draw(late, TODAY).concerned) == "b"


def test_a_date_is_past_from_the_day_after() -> None:
    """The step has all of its day; while the project rests, nothing is late."""
    late = project(milestone("a", "doing", due=day("03-02")), milestone("b"))
    assert not draw(late, day("03-02")).steps[0].is_past
    assert draw(late, day("03-03")).steps[0].is_past
    resting = project(*late.milestones, pauses=(PAUSE,))
    assert not draw(resting, day("03-09")).steps[0].is_past


def test_no_date_is_promised_while_a_project_rests_without_an_end() -> None:
    """Dates hold again once the pause has an end."""
    steps = (milestone("a", "doing", due=day("04-10")), milestone("b", due=day("04-24")))
    resting = draw(project(*steps, pauses=(PAUSE,)), TODAY)
    assert not any(step.has_date for step in resting.steps)
    short = draw(project(*steps, pauses=(pause("2026-02-27", "2026-03-06"),)), TODAY)
    assert all(step.has_date for step in short.steps)


# --- What changed, what we need ---


def test_changes_are_listed_newest_first_and_none_from_the_future() -> None:
    """Everything dated that the client may know; on one day, what was finished comes first."""
    made = project(
        milestone("goals", "done", done=day("01-12")),
        milestone(
            "texts",
            "waiting",
            due=day("03-06"),
            needs=(need(asked="2026-02-24"), need(ask="Send the logo", asked="2026-03-05")),
        ),
        milestone("look", "done", done=day("02-24")),
        milestone("photos", "skipped"),
        milestone("end", due=day("05-08"), moved=(move("2026-04-24", "2026-02-24"),)),
        notes=(Update(on=day("03-09"), sentence="Not yet.", text=""),),
    )
    events = [(f"{event.on:%m-%d}", event.kind) for event in draw(made, TODAY).events]
    assert events == [
        ("02-24", EventKind.FINISHED),
        ("02-24", EventKind.MOVED),
        ("02-24", EventKind.ASKED),
        ("02-03", EventKind.SKIPPED),
        ("01-12", EventKind.FINISHED),
        ("01-05", EventKind.STARTED),
    ]


def test_a_move_is_told_to_the_date_before_the_next_one() -> None:
    """Not to the date that holds today, which nobody knew then."""
    moves = (move("2026-04-24", "2026-02-10"), move("2026-05-08", "2026-02-24"))
    made = project(milestone("a", "doing"), milestone("end", due=day("05-22"), moved=moves))
    told = [event.dates for event in draw(made, TODAY).events if event.kind is EventKind.MOVED]
    assert told == [(day("05-08"), day("05-22")), (day("04-24"), day("05-08"))]


def test_of_moves_on_one_day_the_last_comes_first_and_that_of_the_end_before_all() -> None:
    """A page that shows only some shows the one that its verdict names."""
    twice = (move("2026-03-31", "2026-02-24"), move("2026-04-14", "2026-02-24"))
    made = project(
        milestone("a", "doing", due=day("03-20"), moved=(move("2026-03-13", "2026-02-24"),)),
        milestone("end", due=day("04-21"), moved=twice),
        milestone("extra", "skipped"),
    )
    told = [event.dates for event in draw(made, TODAY).events if event.kind is EventKind.MOVED]
    assert told == [
        (day("04-14"), day("04-21")),
        (day("03-31"), day("04-14")),
        (day("03-13"), day("03-20")),
    ]


def test_what_was_skipped_is_not_told_twice() -> None:
    """A change of the scope on the day of a skipped step is that step."""
    scope = Scope.model_validate(
        {
            "agreed": "2026-01-05",
            "items": ["Nine page types"],
            "changes": [
                {"on": on, "kind": kind, "what": "New photos", "why": "So.", "effect": "None."}
                for on, kind in (("2026-02-03", "out"), ("2026-02-10", "in"))
            ],
        }
    )
    kinds = [event.kind for event in drawn("done", "skipped", "planned", scope=scope).events]
    assert kinds.count(EventKind.SKIPPED) == 1
    assert EventKind.WENT_OUT not in kinds
    assert EventKind.CAME_IN in kinds


def test_needs_are_the_open_ones_of_open_steps_by_date() -> None:
    """What came, and what belongs to a finished or skipped step, is not asked for any more."""
    made = project(
        milestone("a", "done", needs=(need(ask="Of a finished step"),)),
        milestone("b", "skipped", needs=(need(ask="Of a skipped step"),)),
        milestone(
            "c",
            "waiting",
            needs=(
                need(ask="Some day"),
                need(ask="Later", by="2026-03-13"),
                need(ask="Here already", by="2026-03-01", received="2026-03-01"),
                need(ask="Overdue", by="2026-03-01"),
            ),
        ),
        milestone("d", needs=(need(ask="Today", by="2026-03-02"),)),
    )
    needs = [(entry.need.ask, entry.is_overdue) for entry in draw(made, TODAY).needs]
    assert needs == [("Overdue", True), ("Today", False), ("Later", False), ("Some day", False)]


def test_a_request_that_nobody_waits_for_any_more_is_no_news() -> None:
    """With its step, what was never received is settled; it takes no other news its place."""
    answered = need(ask="Send the logo", asked="2026-02-24", received="2026-02-25")
    never = need(ask="Send the photos", asked="2026-02-26")
    made = project(
        milestone("a", "done", done=day("02-27"), needs=(answered, never)),
        milestone("b", "skipped", needs=(never,)),
        milestone("c", "waiting", due=day("03-06"), needs=(need(asked="2026-02-28"),)),
    )
    kinds = [event.kind for event in draw(made, TODAY).events]
    assert kinds[:4] == [
        EventKind.ASKED,
        EventKind.FINISHED,
        EventKind.RECEIVED,
        EventKind.ASKED,
    ]
    assert kinds.count(EventKind.ASKED) == 2


# --- For every project ---


@given(projects(), days)
def test_there_is_exactly_one_here_while_anything_is_open(made: Any, today: datetime.date) -> None:
    """And it is pinned exactly when the project has started and has more than one step."""
    roadmap = draw(made, today)
    is_open = any(step.milestone.is_open for step in roadmap.steps)
    assert (roadmap.here is not None) is is_open
    pinned = [step for step in roadmap.steps if step.is_pinned]
    should_be = is_open and made.starts <= today and len(made.milestones) > 1
    assert pinned == ([roadmap.here] if should_be else [])
    assert sum(step.look is Look.NEXT for step in roadmap.steps) <= 1
    assert sum(step.is_newest for step in roadmap.steps) <= 1


@given(projects(), days)
def test_the_percentage_is_a_multiple_of_5_and_100_only_at_the_end(
    made: Any, today: datetime.date
) -> None:
    """Never above 95 before; never said of a service without an end."""
    percent = draw(made, today).percent
    counted = [step for step in made.milestones if step.state != "skipped"]
    if made.is_ongoing or not counted or any(step.weight is None for step in counted):
        assert percent is None
    else:
        assert percent is not None
        assert percent in range(0, 101, 5)
        assert (percent == 100) is not any(step.is_open for step in counted)


@given(projects(), days)
def test_every_project_has_a_verdict_on_every_day(made: Any, today: datetime.date) -> None:
    """What the verdict says is true."""
    roadmap = draw(made, today)
    opened = [step for step in roadmap.steps if step.milestone.is_open]
    if roadmap.verdict is Verdict.FINISHED:
        assert not opened
    elif roadmap.verdict is Verdict.NOT_STARTED:
        assert today < made.starts
    elif roadmap.verdict is Verdict.PAUSED:
        assert roadmap.pause
    elif roadmap.verdict is Verdict.AT_RISK:
        assert roadmap.concerned in opened
    elif roadmap.verdict is Verdict.LATE:
        assert roadmap.concerned in opened
        assert roadmap.concerned is not None
        assert roadmap.concerned.is_past
    elif roadmap.verdict is Verdict.MOVED:
        assert roadmap.concerned is roadmap.last
    else:
        assert not any(step.is_past for step in opened)


@given(projects(), days)
def test_no_news_comes_from_the_future(made: Any, today: datetime.date) -> None:
    """Events are sorted, newest first, and end today; the update follows the news."""
    roadmap = draw(made, today)
    told = [event.on for event in roadmap.events]
    assert told == sorted(told, reverse=True)
    assert all(on <= today for on in told)
    assert roadmap.updated <= today or roadmap.updated == made.starts
    assert roadmap.silence >= 0
    assert [entry.need.by for entry in roadmap.needs if entry.need.by] == sorted(
        entry.need.by for entry in roadmap.needs if entry.need.by
    )


@given(projects(), days)
def test_the_same_project_and_day_give_the_same_roadmap(made: Any, today: datetime.date) -> None:
    """Nothing else goes in."""
    assert draw(made, today) == draw(made, today)


@given(cadences, days)
def test_the_next_update_is_always_ahead_and_never_far(
    cadence: Cadence, after: datetime.date
) -> None:
    """Within a week, within a fortnight and its margin, within a month."""
    longest = {"week": 7, "2 weeks": 14, "month": 31}[cadence.every]
    gap = (next_in_cadence(cadence, after) - after).days
    assert (8 if cadence.every == "2 weeks" else 1) <= gap <= longest


@given(st.lists(days), days)
def test_an_update_lag_is_never_negative(
    announced: list[datetime.date], done: datetime.date
) -> None:
    """Nobody tells a step before it is done."""
    lag = update_lag(done, announced)
    assert lag is None or lag >= 0
