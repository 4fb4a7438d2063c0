"""Who needs the agency first, and why: situations, their reasons, and the order."""

from __future__ import annotations

import json
import random
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.attention.reasons import NEED_YOU, ORDER, Urgency
from site_builder.attention.rows import Row, in_order, row_from, row_of, totals
from site_builder.errors import Problem, Severity
from site_builder.language import load_language
from site_builder.model.changes import Change, ChangeKind
from site_builder.model.links import PrivateLink
from site_builder.model.parts import Allowance, Cadence, Rhythm, Risk
from site_builder.model.written import ClientFile
from site_builder.pages.progress import progress
from site_builder.roadmap import draw
from site_builder.workspace import ClientReading
from tests.make import TODAY, client, day, milestone, need, pause, project, projects, road
from tests.workspace import ROOT

if TYPE_CHECKING:
    import datetime

    from site_builder.model.project import Project

LINKS = {"everyone": PrivateLink("larkfieldlarkfieldlarkfiel")}
ERROR = Problem(path="projects/a/client.yml", rule="date", message="no")
WARNING = Problem(path="a", rule="gap", message="too wide", severity=Severity.WARNING)
NOTE = Problem(path="a", rule="day-off", message="a Sunday", severity=Severity.NOTE)
WEEKLY = Cadence(every="week", on="Friday")


def row(
    *written: Project,
    name: str = "Larkfield Vets",
    identifier: str = "larkfield-vets",
    problems: tuple[Problem, ...] = (),
    ends: datetime.date | None = None,
    today: datetime.date = TODAY,
    waiting: tuple[Change, ...] = (),
) -> Row:
    """Look at a client with these projects; an error stops it, `waiting` was not told yet."""
    stopped = any(problem.is_error for problem in problems)
    found = client(*written, id=identifier, name=name)
    roadmaps = tuple(draw(each, today) for each in written)
    reading = ClientReading(
        written=ClientFile(name=name, links=LINKS, ends=ends),
        client=None if stopped else found,
        roadmaps=roadmaps,
        problems=problems,
    )
    said = progress(found, load_language("en"), roadmaps, today)
    return row_of(identifier, reading, said, today, waiting)


@dataclass(frozen=True)
class Situation:
    """A client, and what is said of it on 2 March 2026."""

    row: Row
    urgency: str
    reasons: dict[str, int | None]
    """The rules in their order, with their numbers."""
    text: str
    """What the first reason says."""


def meant(rule: str) -> Allowance:
    """Allow a finding of the check."""
    return Allowance(rule=rule, why="The client wants it so.")


def at_work(**changes: Any) -> Project:
    """Make a project with news of yesterday and an end far ahead."""
    open_step = milestone("launch", "doing", due=day("06-01"), now="building")
    known: dict[str, Any] = {
        "updates": Cadence(every="month", on="28"),
    }
    return project(milestone("goals", "done", done=day("03-01")), open_step, **{**known, **changes})


def with_step(**changes: Any) -> Project:
    """Make the same project with another open step."""
    steps = (milestone("goals", "done", done=day("03-01")), milestone("photos", **changes))
    return project(*steps, updates=Cadence(every="month", on="28"))


SITUATIONS = {
    "nothing": Situation(row(at_work()), "fine", {}, ""),
    "an error": Situation(
        row(at_work(), problems=(ERROR, ERROR, WARNING)),
        "mend",
        {"errors": 2},
        "2 problems in the files, and their page is not being updated: site-builder check larkfield-vets",
    ),
    "late update": Situation(
        row(at_work(next_update=day("02-27"))),
        "write",
        {"late-update": 3},
        "they wait for the update of 27 Feb: it is 3 days late",
    ),
    "a finished step that was not told": Situation(
        row(
            at_work(),
            waiting=(
                Change(project="website", kind=ChangeKind.FINISHED, on=day("02-27")),
                Change(project="website", kind=ChangeKind.UPDATED, on=day("03-01")),
            ),
        ),
        "write",
        {"unannounced": 3},
        "not told yet: 1 step finished and 1 other change: site-builder announce larkfield-vets",
    ),
    "a change that was not told": Situation(
        row(at_work(), waiting=(Change(project="website", kind=ChangeKind.UPDATED),)),
        "today",
        {"unannounced": 0},
        "not told yet: 1 change: site-builder announce larkfield-vets",
    ),
    "silence": Situation(
        row(project(*road("doing"), starts=day("02-01"))),
        "write",
        {"silence": 29},
        "they have heard nothing new for 29 days, since 1 Feb",
    ),
    "silence that was agreed": Situation(
        row(
            project(
                *road("doing"), starts=day("02-01"), rhythm=Rhythm.model_validate({"silence": "40"})
            )
        ),
        "fine",
        {},
        "",
    ),
    "silence that is allowed": Situation(
        row(project(*road("doing"), starts=day("02-01"), allow=(meant("silence"),))), "fine", {}, ""
    ),
    "a late step that is allowed": Situation(
        row(with_step(state="doing", due=day("02-28"), allow=(meant("overdue"),))), "fine", {}, ""
    ),
    "no silence in a pause": Situation(
        row(
            project(
                *road("doing", due=day("02-20")),
                starts=day("01-05"),
                pauses=(pause("2026-01-20"),),
            )
        ),
        "fine",
        {},
        "",
    ),
    "no silence at the end": Situation(
        row(project(*road("done", done=day("01-10")))), "over", {}, ""
    ),
    "overdue": Situation(
        row(with_step(state="doing", due=day("02-28"), now="building")),
        "overdue",
        {"overdue": 2},
        "they wait for \u201cPhotos\u201d: it was due on 28 Feb, 2 days ago",
    ),
    "overdue in another year": Situation(
        row(with_step(state="doing", due=day("2025-12-31"), now="building")),
        "overdue",
        {"overdue": 61},
        "they wait for \u201cPhotos\u201d: it was due on 31 Dec 2025, 61 days ago",
    ),
    "at risk": Situation(
        row(
            with_step(
                state="doing", due=day("06-01"), at_risk=Risk(why="Ill.", decision_on=day("03-05"))
            )
        ),
        "at-risk",
        {"at-risk": 3},
        "\u201cPhotos\u201d is at risk; a decision is due on 5 Mar, in 3 days",
    ),
    "at risk, no day": Situation(
        row(with_step(state="doing", due=day("06-01"), at_risk=Risk(why="Ill."))),
        "at-risk",
        {"at-risk": None},
        "\u201cPhotos\u201d is at risk; no day is set for a decision",
    ),
    "a decision too late": Situation(
        row(
            with_step(
                state="doing", due=day("06-01"), at_risk=Risk(why="Ill.", decision_on=day("03-01"))
            )
        ),
        "overdue",
        {"late-decision": 1},
        "they wait for a decision on \u201cPhotos\u201d: it was promised for 1 Mar, 1 day ago",
    ),
    "a late answer": Situation(
        row(
            with_step(
                state="waiting",
                due=day("02-27"),
                needs=(need(ask="Send the photos", asked="2026-02-16", by="2026-02-27"),),
            )
        ),
        "remind",
        {"late-answer": 3},
        "you wait since 16 Feb for \u201cSend the photos\u201d: it was due on 27 Feb, 3 days ago",
    ),
    "an answer in time, a step that is late": Situation(
        row(
            with_step(
                state="waiting",
                due=day("02-27"),
                needs=(need(ask="Send the photos", asked="2026-02-16", by="2026-03-04"),),
            )
        ),
        "overdue",
        {"overdue": 3, "answer-due": 2},
        "they wait for \u201cPhotos\u201d: it was due on 27 Feb, 3 days ago",
    ),
    "due today": Situation(
        row(with_step(state="doing", due=TODAY)),
        "today",
        {"step-due": 0},
        "\u201cPhotos\u201d is due today",
    ),
    "due soon": Situation(
        row(with_step(state="planned", due=day("03-16"))),
        "soon",
        {"step-due": 14},
        "\u201cPhotos\u201d is due on 16 Mar, in 14 days",
    ),
    "due later": Situation(row(with_step(state="planned", due=day("03-17"))), "fine", {}, ""),
    "an update soon": Situation(
        row(at_work(updates=WEEKLY)),
        "soon",
        {"update-due": 4},
        "the next update is due on 6 Mar, in 4 days",
    ),
    "an answer far ahead": Situation(
        row(
            with_step(
                state="waiting",
                due=day("06-01"),
                needs=(need(ask="Send the photos", asked="2026-02-20", by="2026-05-01"),),
            )
        ),
        "fine",
        {"open-request": 10},
        "you wait since 20 Feb for \u201cSend the photos\u201d: it is due on 1 May",
    ),
    "an answer without a day": Situation(
        row(with_step(state="doing", due=day("06-01"), needs=(need(ask="Tell us the hours"),))),
        "fine",
        {"open-request": 0},
        "you wait since 2 Mar for \u201cTell us the hours\u201d",
    ),
    "a pause with a decision": Situation(
        row(at_work(pauses=(pause("2026-02-20", decision_on="2026-03-09"),))),
        "soon",
        {"decision-due": 7},
        "a decision on the pause is due on 9 Mar, in 7 days",
    ),
    "a pause whose decision is late": Situation(
        row(at_work(pauses=(pause("2026-02-20", decision_on="2026-03-01"),))),
        "overdue",
        {"late-decision": 1},
        "they wait for a decision on the pause: it was promised for 1 Mar, 1 day ago",
    ),
    "a pause that ends": Situation(
        row(at_work(pauses=(pause("2026-02-20", "2026-03-03"),))),
        "soon",
        {"pause-ends": 1},
        "the pause ends on 3 Mar, in 1 day",
    ),
    "a start": Situation(
        row(project(*road("planned"), starts=day("03-09"))),
        "soon",
        {"start": 7},
        "the project starts on 9 Mar, in 7 days",
    ),
    "a page that closes": Situation(
        row(at_work(), ends=day("03-06")),
        "soon",
        {"page-closes": 4},
        "their page closes on 6 Mar, in 4 days",
    ),
    "a closed page": Situation(row(at_work(next_update=day("02-01")), ends=TODAY), "over", {}, ""),
    "a closed page with mistakes": Situation(
        row(at_work(), problems=(ERROR,), ends=day("02-01")),
        "over",
        {"errors": 1},
        "1 problem in the files, and their page is closed: site-builder check larkfield-vets",
    ),
    "findings alone": Situation(row(at_work(), problems=(WARNING, NOTE)), "fine", {}, ""),
    "the worst of two projects": Situation(
        row(at_work(updates=WEEKLY), at_work(id="shop", next_update=day("02-27"))),
        "write",
        {"late-update": 3, "update-due": 4},
        "they wait for the update of 27 Feb: it is 3 days late",
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_situation_has_its_reasons(name: str) -> None:
    """The most urgent first, each with a rule, a number, and words."""
    found = SITUATIONS[name]
    assert found.row.urgency == found.urgency
    assert {reason.rule: reason.number for reason in found.row.reasons} == found.reasons
    assert [reason.rule for reason in found.row.reasons] == list(found.reasons)
    assert (found.row.reasons[0].text if found.row.reasons else "") == found.text


def test_every_rule_stands_in_the_reference() -> None:
    """And every rule has a situation here."""
    text = (ROOT / "docs" / "reference" / "overview.md").read_text("utf-8")
    table = text.partition("## JSON")[0]
    documented = {
        rule
        for line in table.splitlines()
        if line.startswith("| `")
        for rule in re.findall(r"`([a-z-]+)`", line.split("|")[1])
    }
    assert documented == {rule for found in SITUATIONS.values() for rule in found.reasons}


@pytest.mark.parametrize(
    ("name", "side", "since"),
    [
        ("late update", "client", "2026-02-27"),
        ("silence", "client", "2026-02-01"),
        ("overdue", "client", "2026-02-28"),
        ("a decision too late", "client", "2026-03-01"),
        ("a late answer", "agency", "2026-02-16"),
        ("an answer far ahead", "agency", "2026-02-20"),
        ("due soon", None, None),
    ],
)
def test_it_is_clear_who_waits_for_whom(name: str, side: str | None, since: str | None) -> None:
    """And since when."""
    reason = SITUATIONS[name].row.reasons[0]
    assert (reason.waits, reason.since) == (side, since)


def test_clients_stand_in_the_order_of_what_is_most_urgent() -> None:
    """Mistakes, who waits for you, for whom you wait, what is ahead; in each the longest first."""
    rows = [found.row for found in SITUATIONS.values()]
    random.Random(7).shuffle(rows)  # noqa: S311 - the same order every time
    found = in_order(rows)
    urgencies = [ORDER.index(each.urgency) for each in found]
    assert urgencies == sorted(urgencies)
    numbers = {
        urgency: [
            each.reasons[0].number for each in found if each.urgency is urgency and each.reasons
        ]
        for urgency in Urgency
    }
    assert numbers[Urgency.WRITE] == [29, 3, 3, 3]
    assert numbers[Urgency.OVERDUE] == [61, 3, 2, 1, 1]
    assert numbers[Urgency.AT_RISK] == [None, 3]
    assert numbers[Urgency.SOON] == [1, 4, 4, 7, 7, 14]


def test_equal_rows_stand_by_name_and_then_by_id() -> None:
    """Two clients of one name keep their places."""
    late = at_work(next_update=day("02-27"))
    rows = [
        row(late, name=name, identifier=identifier)
        for name, identifier in [("pine", "pine-2"), ("Oak", "oak"), ("Pine", "pine-1")]
    ]
    assert [each.id for each in in_order(rows)] == ["oak", "pine-1", "pine-2"]


def test_findings_are_counted_without_errors_and_notes() -> None:
    """They stand beside the reasons, and move nobody."""
    found = row(at_work(), problems=(WARNING, WARNING, NOTE))
    assert found.findings == {"gap": 2}


def test_a_client_with_mistakes_shows_no_project() -> None:
    """What its files say now is not what its page shows."""
    found = row(at_work(), problems=(ERROR,))
    assert (found.errors, found.name, found.progress["projects"]) == (1, "Larkfield Vets", [])


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "There is no client yet: site-builder new CLIENT makes the first one."),
        (["nothing"], "Larkfield Vets does not need you today."),
        (["late update"], "Larkfield Vets needs you today."),
        (["nothing", "a closed page"], "None of 2 clients needs you today."),
        (["nothing", "due soon"], "None of 2 clients needs you today, 1 within 14 days."),
        (["nothing", "overdue"], "1 of 2 clients needs you today."),
        (
            ["overdue", "an error", "due soon"],
            "2 of 3 clients need you today, and 1 more within 14 days.",
        ),
    ],
)
def test_the_total_is_one_sentence(names: list[str], said: str) -> None:
    """It says whether today is a day for anyone."""
    assert totals([SITUATIONS[name].row for name in names]) == said


@given(st.lists(projects(), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_depends_on_nothing_but_the_rows(
    found: list[Project], chance: random.Random
) -> None:
    """However they arrive; and what is remembered of a row is the same row."""
    rows = [row(each, identifier=f"client-{number}") for number, each in enumerate(found)]
    ordered = in_order(rows)
    shuffled = rows[:]
    chance.shuffle(shuffled)
    assert in_order(shuffled) == ordered
    assert len({each.order for each in rows}) == len(rows)
    for each in rows:
        assert row_from(json.loads(json.dumps(asdict(each)))) == each
        assert each.urgency in NEED_YOU or not any(
            reason.urgency in NEED_YOU for reason in each.reasons
        )
        assert all(reason.text and "None" not in reason.text for reason in each.reasons)
