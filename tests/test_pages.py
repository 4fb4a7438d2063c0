"""The client's pages as strings: headline, verdict, road, needs, changes, addresses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from site_builder.language import load_language
from site_builder.model.page import Assets, Page, Prose
from site_builder.model.parts import Outcome, Risk, Scope
from site_builder.model.project import Deliverable, Project, Update
from site_builder.model.written import AgencyFile
from site_builder.pages import sentences
from site_builder.pages.details import changes_view, scope_view, step_view
from site_builder.pages.overview import overview_view
from site_builder.pages.pieces import Pieces, file_size
from site_builder.pages.progress import progress
from site_builder.pages.project import project_view, road
from site_builder.pages.site import neutral_page, plan
from site_builder.roadmap import draw
from tests.make import (
    MAYA,
    TODAY,
    client,
    day,
    days,
    milestone,
    move,
    need,
    pause,
    project,
    projects,
)
from tests.make import (
    road as steps,
)

ENGLISH = load_language("en")
ASSETS = Assets(
    folder="assets/0123456789abcdef/",
    brand="brand-0b5a6b.css",
    icon="icon-0b5a6b.svg",
    touch_icon="",
    logo="",
    colour_light="0b5a6b",
    colour_dark="7fd0e0",
)
NOW = "approving your page texts"
RISK = Risk(why="The printer is ill.", decision_on=day("03-13"))


def pieces(*milestones: Any, today: str = "03-02", **changes: Any) -> Pieces:
    return Pieces(ENGLISH, draw(project(*milestones, **changes), day(today)), "website/")


def spoken(text: str) -> str:
    return text.replace("\u00a0", " ")


# --- The answer ---


@pytest.mark.parametrize(
    ("milestones", "changes", "headline"),
    [
        (steps("done", "waiting", "planned", now=NOW), {}, f"You’re at step 2 of 3: {NOW}"),
        (steps("done", "waiting", "planned"), {}, "Next: step 2 of 3, S2"),
        (steps("done", "planned", "planned", now=NOW), {}, "Next: step 2 of 3, S2"),
        (steps("done", "done"), {}, "You have s2"),
        (steps("done", "skipped"), {}, "You have s1"),  # the last that was not skipped
        (steps("planned"), {"starts": day("04-06")}, "We start on Monday 6 April 2026"),
        (steps("done", "done"), {"starts": day("04-06")}, "You have s2"),  # finished comes first
        ((), {}, "Your first steps follow here soon"),
        (steps("doing", now=NOW), {}, f"Right now: {NOW}"),
        (steps("planned"), {}, "Next: S1"),
        (steps("done", "doing"), {"pauses": (pause("2026-02-27"),)}, "Paused at step 2 of 2"),
        (steps("doing"), {"pauses": (pause("2026-02-27"),)}, "Paused"),
        (steps("done", "doing", now=NOW), {"is_ongoing": True}, f"March 2026: {NOW}"),
        (steps("done", "planned"), {"is_ongoing": True}, "March 2026, next: S2"),
        (steps("done"), {"is_ongoing": True}, "March 2026: everything planned is finished"),
    ],
)
def test_the_headline_says_where_we_are(
    milestones: Any, changes: dict[str, Any], headline: str
) -> None:
    """In one sentence; the first that applies."""
    assert spoken(sentences.headline(ENGLISH, pieces(*milestones, **changes).roadmap)) == headline


def test_the_place_on_the_road_never_breaks() -> None:
    """`step 5 of 8` stays on one line."""
    found = sentences.headline(ENGLISH, pieces(*steps("done", "doing", now=NOW)).roadmap)
    assert "step\u00a02\u00a0of\u00a02" in found


END: dict[str, Any] = {"due": day("04-24")}
MOVED: dict[str, Any] = {"due": day("05-08"), "moved": (move("2026-04-24", "2026-02-24"),)}
OLD_MOVE: dict[str, Any] = {"due": day("05-08"), "moved": (move("2026-04-24", "2026-01-20"),)}


@pytest.mark.parametrize(
    ("milestones", "changes", "bold", "rest"),
    [
        (
            (milestone("a", "done"), milestone("end", "done", **END | {"done": day("04-24")})),
            {"today": "04-24"},
            "All steps are done.",
            "Launch: Friday 24 April 2026, as first planned.",
        ),
        (
            (milestone("end", "done", **MOVED | {"done": day("05-08")}),),
            {"today": "05-08"},
            "All steps are done.",
            "Launch: Friday 8 May 2026 (first planned for Friday 24 April).",
        ),
        (
            (milestone("end", "done", done=day("02-20")),),
            {},
            "All steps are done.",
            "Launch: Friday 20 February 2026.",
        ),
        (
            (milestone("end", **END),),
            {"starts": day("04-06")},
            "Not started yet.",
            "Launch: planned for Friday 24 April 2026.",
        ),
        (
            (milestone("a", "doing"), milestone("end", **END)),
            {"pauses": (pause("2026-02-27", decision_on="2026-03-20"),)},
            "On hold since Friday 27 February 2026.",
            "Your clinics move house. Launch: new date follows by Friday 20 March 2026.",
        ),
        (
            (milestone("a", "doing"), milestone("end", **END)),
            {"pauses": (pause("2026-02-27"),)},
            "On hold since Friday 27 February 2026.",
            "Your clinics move house. Launch: new date to follow.",
        ),
        (
            (milestone("a", "doing"), milestone("end", **END)),
            {"pauses": (pause("2026-02-27", "2026-03-06"),)},
            "On hold since Friday 27 February 2026.",
            (
                "Your clinics move house. Until Friday 6 March 2026. "
                "Launch: planned for Friday 24 April 2026."
            ),
        ),
        (
            (milestone("a", "doing", at_risk=RISK), milestone("end", **END)),
            {},
            "At risk: step 1, A.",
            (
                "The printer is ill. We will know by Friday 13 March 2026. "
                "Launch: planned for Friday 24 April 2026."
            ),
        ),
        (
            (milestone("a", "doing", due=day("02-27")), milestone("end", **END)),
            {},
            "Step 1 is taking longer than planned.",
            "It was planned for Friday 27 February. Launch: planned for Friday 24 April 2026.",
        ),
        (
            (milestone("a", "doing"), milestone("end", **MOVED)),
            {},
            "Launch: moved to Friday 8 May 2026.",
            "It was Friday 24 April. The calendar company delivers later.",
        ),
        (
            (milestone("a", "done"), milestone("end", **END)),
            {},
            "On course.",
            "Launch: still planned for Friday 24 April 2026.",
        ),
        (
            (milestone("a", "doing"), milestone("end", **END)),  # nothing has held for a while
            {},
            "On course.",
            "Launch: planned for Friday 24 April 2026.",
        ),
        ((), {}, "We started.", ""),
        (
            (milestone("a", "doing"), milestone("end", **OLD_MOVE)),
            {},
            "On course.",
            "Launch: still planned for Friday 8 May 2026 (it was Friday 24 April).",
        ),
        (
            (milestone("a", "doing"), milestone("end")),
            {},
            "On course.",
            "Launch: date to follow.",
        ),
        (
            (milestone("a", "doing", due=day("03-20")), milestone("end", **END)),
            {"is_ongoing": True},
            "On course.",
            "Next step: planned for Friday 20 March 2026.",
        ),
        (
            (milestone("a", "doing"), milestone("end", **END)),
            {"finish": ""},
            "On course.",
            "Last step: planned for Friday 24 April 2026.",
        ),
    ],
)
def test_the_verdict_says_when_the_end_is_planned(
    milestones: Any, changes: dict[str, Any], bold: str, rest: str
) -> None:
    """Every time, with the date before where it moved, and the reason where there is one."""
    found = sentences.verdict(ENGLISH, pieces(*milestones, **changes).roadmap)
    assert tuple(map(spoken, found)) == (bold, rest)


ONE = Decimal(1)


@pytest.mark.parametrize(
    ("milestones", "changes", "sentence"),
    [
        (
            steps("done", "done", "skipped", "waiting", "doing", "planned", "planned"),
            {},
            "2 steps finished, 1 skipped, 1 waiting for you, 1 in progress, 2 to come.",
        ),
        (
            steps("done", "planned", weight=ONE),
            {},
            "About 50% of the work is done: 1 step finished, 1 to come.",
        ),
        (steps("planned", "planned", weight=ONE), {}, "2 to come."),  # never "about 0%"
        (steps("done", "done", weight=ONE), {}, "2 steps finished."),
        (steps("doing"), {}, ""),
        (steps("planned", "planned"), {"starts": day("04-06")}, ""),
        (
            steps("done", "planned", weight=ONE),
            {"is_ongoing": True},
            "1 step finished since January 2026.",
        ),
    ],
)
def test_the_steps_are_counted_in_a_sentence(
    milestones: Any, changes: dict[str, Any], sentence: str
) -> None:
    """It says everything that the bar shows."""
    assert sentences.count_sentence(ENGLISH, pieces(*milestones, **changes).roadmap) == sentence


# --- What we need ---


@pytest.mark.parametrize(
    ("milestones", "changes", "heading", "note"),
    [
        (
            (milestone("a", "waiting", needs=(need(), need())), milestone("b")),
            {},
            "We need 2 things from you",
            "",
        ),
        ((milestone("a", "waiting", needs=(need(),)),), {}, "We need 1 thing from you", ""),
        (
            (milestone("a", needs=(need(),)),),
            {"starts": day("04-06")},
            "Before we start, we need 1 thing from you",
            "",
        ),
        (
            steps("doing", "planned"),
            {},
            "Nothing needed from you right now",
            "We will ask here, with a date, when there is something.",
        ),
        (steps("done"), {}, "Nothing left to do", ""),
    ],
)
def test_the_card_of_needs_has_a_heading_for_every_case(
    milestones: Any, changes: dict[str, Any], heading: str, note: str
) -> None:
    """Also when there is nothing."""
    roadmap = pieces(*milestones, **changes).roadmap
    assert sentences.needs_heading(ENGLISH, roadmap) == heading
    assert sentences.needs_note(ENGLISH, roadmap, None) == note


def test_a_finished_project_says_how_long_its_page_stays() -> None:
    """Until the day before it is closed."""
    roadmap = pieces(*steps("done")).roadmap
    note = sentences.needs_note(ENGLISH, roadmap, day("10-24"))
    assert spoken(note) == "This page stays here until Friday 23 October 2026."


def test_a_need_says_what_until_when_how_long_and_what_for() -> None:
    """And its button leads there; a file of the project is found from the page."""
    wanted = need(
        by="2026-03-06",
        takes="about 40 minutes.",
        protects="With your OK, launch stays",
        link="files/the texts.pdf",
        button="Open the texts",
    )
    made = pieces(milestone("a", "waiting", needs=(wanted,)))
    request = made.request(made.roadmap.needs[0])
    assert request.by
    assert spoken(f"{request.by.before}{request.by.text}") == "By Friday 6 March 2026"
    assert request.details == "Takes about 40 minutes. With your OK, launch stays."
    assert (request.button, request.href) == ("Open the texts", "website/files/the%20texts.pdf")
    assert not request.is_outside


def test_an_overdue_need_is_said_without_blame_and_without_what_it_protects() -> None:
    """That is lost by then."""
    wanted = need(by="2026-02-27", protects="Launch stays.", link="https://docs.example/a?b#c")
    made = pieces(milestone("a", "waiting", needs=(wanted,)))
    request = made.request(made.roadmap.needs[0])
    assert request.by
    said = f"{request.by.before}{request.by.text}{request.by.after}"
    assert spoken(said) == "Was due Friday 27 February. We go on as soon as we have it."
    assert "Launch stays" not in request.details
    assert (request.href, request.button) == ("https://docs.example/a?b#c", "Open it")


# --- The road ---


@pytest.mark.parametrize(
    ("count", "is_wide", "is_folded"),
    [
        (1, False, False),
        (2, True, False),
        (8, True, False),
        (9, False, False),
        (12, False, False),
        (13, False, True),
    ],
)
def test_the_road_is_cut_for_its_length(count: int, *, is_wide: bool, is_folded: bool) -> None:
    """Up to 8 side by side, up to 12 one below the other, more are folded."""
    drawn = road(pieces(*steps("doing", *["planned"] * (count - 1))))
    assert (drawn.is_wide, drawn.finish is not None) == (is_wide, is_folded)


@pytest.mark.parametrize(
    ("done", "before", "shown", "after"),
    [
        (0, 0, [1, 2, 3, 4, 5], 24),
        (1, 0, [1, 2, 3, 4, 5, 6], 23),
        (13, 11, [12, 13, 14, 15, 16, 17, 18], 11),
        (27, 25, [26, 27, 28, 29], 0),
        (29, 27, [28, 29], 0),
        (30, 27, [28, 29], 0),  # all is finished
    ],
)
def test_a_long_road_shows_two_before_here_five_from_here_and_the_finish(
    done: int, before: int, shown: list[int], after: int
) -> None:
    """Every step stands somewhere, once and in order."""
    made = pieces(*steps(*["done"] * done, *["planned"] * (30 - done)))
    drawn = road(made)
    assert len(drawn.before.stops if drawn.before else ()) == before
    assert [stop.number for stop in drawn.stops] == shown
    assert len(drawn.after.stops if drawn.after else ()) == after
    assert drawn.finish
    parts = [drawn.before, drawn, drawn.after]
    numbers = [stop.number for part in parts if part for stop in part.stops]
    assert [*numbers, drawn.finish.number] == list(range(1, 31))
    assert drawn.first == shown[0]


@settings(max_examples=30)
@given(projects(most=16), days)
def test_you_are_here_stands_on_the_page_exactly_once(made: Project, today: Any) -> None:
    """While anything is open, with more than one step, from the first day on; folded or not."""
    roadmap = draw(made, today)
    drawn = road(Pieces(ENGLISH, roadmap, ""))
    parts = [part for part in (drawn, drawn.before, drawn.after, drawn.older) if part]
    stops = [stop for part in parts for stop in part.stops]
    stops += [drawn.finish] if drawn.finish else []
    expected = bool(roadmap.here and roadmap.has_started and len(made.milestones) > 1)
    assert sum(stop.is_pinned for stop in stops) == expected
    project_view(Pieces(ENGLISH, roadmap, ""), None)


def test_a_service_without_an_end_shows_a_window_of_months() -> None:
    """Three months back, two ahead; what is older is folded below, newest first."""
    dated = [
        milestone(f"m{month}", "done", done=day(f"2025-{month:02}-15")) for month in range(9, 13)
    ]
    dated += [milestone("here", "doing", due=day("03-20")), milestone("soon", due=day("05-15"))]
    dated += [milestone("far", due=day("06-15")), milestone("some-day")]
    drawn = road(pieces(*dated, is_ongoing=True))
    assert [stop.label for stop in drawn.stops] == ["M12", "Here", "Soon", "Some day"]
    assert drawn.older
    assert [stop.label for stop in drawn.older.stops] == ["M11", "M10", "M9"]
    assert drawn.older.text == "Earlier: 3 steps, all finished."


def test_what_is_open_never_hides_among_the_finished() -> None:
    """A step that is months late stands on the road, whatever the window of months."""
    late = milestone("late", "doing", due=day("2025-10-28"), now=NOW)
    later = milestone("later", "planned", due=day("2025-11-28"))
    done = milestone("old", "done", done=day("2025-09-28"))
    drawn = road(pieces(done, late, later, is_ongoing=True))
    assert [stop.label for stop in drawn.stops] == ["Late", "Later"]
    assert drawn.older is not None
    assert [stop.label for stop in drawn.older.stops] == ["Old"]


def test_an_end_that_has_passed_is_not_planned_any_more() -> None:
    """The page says what was, and claims nothing."""
    made = pieces(
        milestone("a", "doing", due=day("02-20")), milestone("end", due=day("02-27")), today="03-10"
    )
    _, rest = sentences.verdict(ENGLISH, made.roadmap)
    assert spoken(rest).endswith("Launch: was planned for Friday 27 February 2026.")


def test_what_came_stands_above_the_request_for_it() -> None:
    """Newest first, also on one day."""
    asked = need(asked=day("02-27"), received=day("02-27"))
    made = pieces(milestone("a", "doing", due=day("04-24"), needs=(asked,)))
    kinds = [event.kind.value for event in made.roadmap.events]
    assert kinds.index("received") < kinds.index("asked")


@pytest.mark.parametrize(
    ("step", "changes", "when", "tags"),
    [
        (milestone("a", "done", done=day("02-20")), {}, "20 Feb", ["Just finished"]),
        (milestone("a", "done", done=day("01-20")), {}, "20 Jan", ["Done"]),
        (milestone("a", "waiting", due=day("03-06")), {}, "by 6 Mar", ["Waiting for you"]),
        (milestone("a", due=day("03-06")), {}, "by 6 Mar", ["Next"]),
        (milestone("a", "skipped"), {}, "agreed 3 Feb", ["Skipped"]),
        (milestone("a", "doing"), {}, None, ["In progress"]),
        (
            milestone("a", "doing", due=day("02-27")),
            {},
            "was planned for 27 Feb",
            ["In progress", "Taking longer"],
        ),
        (
            milestone("a", "doing", at_risk=RISK, **MOVED),
            {},
            "by 8 May",
            ["In progress", "Date moved", "Date at risk"],
        ),
        (
            milestone("a", "doing", **MOVED),
            {"pauses": (pause("2026-02-27"),)},
            None,
            ["Paused"],  # no "date moved" while it rests
        ),
    ],
)
def test_each_stop_says_its_date_and_state_in_words(
    step: Any, changes: dict[str, Any], when: str | None, tags: list[str]
) -> None:
    """Nothing depends on a colour."""
    made = pieces(step, milestone("b"), **changes)
    stop = made.stop(made.roadmap.steps[0])
    said = spoken(f"{stop.when.before}{stop.when.text}{stop.when.after}") if stop.when else None
    assert said == when
    assert stop.when_text == ("" if when else "Date to follow")
    assert [tag.text for tag in stop.tags] == tags


def test_a_step_that_moved_shows_its_date_before() -> None:
    """The one before the newest move."""
    made = pieces(milestone("a", "doing"), milestone("b", **MOVED))
    was = made.stop(made.roadmap.steps[1]).was
    assert was
    assert spoken(was.before + was.text) == "was 24 Apr"


# --- What happened ---


def story_of(*milestones: Any, **changes: Any) -> Any:
    return project_view(pieces(*milestones, **changes), None)["story"]


def test_the_story_tells_the_newest_finished_step_and_what_comes_next() -> None:
    """Happened and matters of that step, next of the one that is here."""
    story = story_of(
        milestone(
            "a", "done", happened="We agreed.", matters="So.", next="Of a.", thanks="Thanks."
        ),
        milestone("b", "doing", next="Of b.\n\nSecond."),
    )
    assert (story.is_news, story.heading, story.label) == (True, "What just happened", "A")
    assert (story.happened, story.why) == (Prose("We agreed.", 0), Prose("So.", 0))
    assert (story.next.text, story.next.more) == (
        Prose("Of b.\n\nSecond.", 0),
        Prose("Of b.\n\nSecond.", 1),
    )
    assert story.thanks == "Thanks."


def test_before_anything_is_finished_the_story_tells_what_is_happening() -> None:
    """What is being done, without a celebration; a label would read as if it were done."""
    story = story_of(
        milestone("goals-agreed", "doing", happened="We draw.", now="agreeing your goals"),
        milestone("b"),
    )
    assert (story.is_news, story.heading) == (False, "What is happening now")
    assert (story.label, story.happened) == ("Agreeing your goals", Prose("We draw.", 0))


NOTE = (Update(on=day("02-27"), sentence="The contract is signed.", text=""),)


@pytest.mark.parametrize(
    ("notes", "label", "on"),
    [((), "We started.", "2026-01-05"), (NOTE, "The contract is signed.", "2026-02-27")],
)
@pytest.mark.parametrize("count", [1, 3])
def test_before_anything_has_begun_the_start_is_the_news(
    notes: Any, label: str, on: str, count: int
) -> None:
    """Or the newest note; nothing is said to happen, and no sentence stands there twice."""
    steps = [milestone(f"goals-agreed-{n}", due=day("03-13")) for n in range(count)]
    made = pieces(*steps, notes=notes)
    view: Any = project_view(made, None)
    story, first = view["story"], view["road"].stops[0]
    assert (story.heading, story.label, story.on.iso) == ("What just happened", label, on)
    assert story.why == Prose("It helps you.", 0)
    assert (story.next.text, story.next.more) == ("Goals agreed 0", None)
    assert spoken(story.next.when.before + story.next.when.text) == "by Friday 13 March 2026"
    assert (first.why is None, first.name == "", first.mark) == (
        (True, True, "next") if count == 1 else (False, False, "")
    )
    assert view["meter"] == (), "an empty bar says that nothing was done"


def test_a_step_that_comes_next_and_says_nothing_itself_is_named() -> None:
    """With its date, and why it matters."""
    story = story_of(milestone("a", "done"), milestone("b", matters="You can pay."))
    assert (story.next.text, story.next.href, story.next.when) == ("B", "website/b/", None)
    assert story.next.more == Prose("You can pay.", 0)


def test_after_three_weeks_without_a_step_the_newest_note_is_the_news() -> None:
    """Until then the finished step is."""
    note = (Update(on=day("02-27"), sentence="First drafts are here.", text="More."),)
    old = story_of(milestone("a", "done", done=day("01-20")), milestone("b", "doing"), notes=note)
    assert (old.label, old.is_news) == ("First drafts are here.", False)
    new = story_of(milestone("a", "done", done=day("02-20")), milestone("b", "doing"), notes=note)
    assert new.label == "A"
    when = new.finished
    assert spoken(when.before + when.text + when.after) == "Finished Friday 20 February 2026."


@pytest.mark.parametrize(
    ("paused", "said"),
    [
        (pause("2026-02-27"), "We tell you here how we go on."),
        (
            pause("2026-02-27", decision_on="2026-03-20"),
            "By Friday 20 March 2026 we tell you here how we go on.",
        ),
        (pause("2026-02-27", "2026-03-06"), "We go on after Friday 6 March 2026."),
    ],
)
def test_while_a_project_rests_the_story_says_how_it_goes_on(paused: Any, said: str) -> None:
    """And nothing is celebrated."""
    story = story_of(milestone("a", "done"), milestone("b", "doing", next="x"), pauses=(paused,))
    assert spoken(story.next.text) == said
    assert not story.is_news


def test_before_the_start_there_is_no_story() -> None:
    """What to expect stands in its place."""
    assert story_of(*steps("planned"), starts=day("04-06")) is None


@pytest.mark.parametrize(
    ("changes", "updated", "following", "is_late"),
    [
        ({"next_update": day("03-09")}, "2026-02-20", "2026-03-09", False),
        ({"next_update": TODAY}, "2026-02-20", "2026-03-02", False),
        ({"next_update": day("03-01")}, "2026-02-20", None, True),
        ({}, "2026-02-20", None, False),
        ({"starts": day("04-06")}, "2026-02-20", None, False),
    ],
)
def test_the_page_says_how_fresh_it_is(
    changes: dict[str, Any], updated: str, following: str | None, *, is_late: bool
) -> None:
    """When it was updated, and when the client hears again; late is said as late."""
    view: Any = project_view(pieces(*steps("done", "doing"), **changes), None)
    assert view["updated"].iso == updated
    assert (view["next_update"].iso if view["next_update"] else None) == following
    assert view["is_update_late"] is is_late


def change_lines(*milestones: Any, **changes: Any) -> list[str]:
    made = pieces(*milestones, **changes)
    found = [made.change(event) for event in made.roadmap.events]
    parts = [(change.before, change.label and f"{change.label}.", change.after) for change in found]
    return [spoken(" ".join(part for part in line if part)) for line in parts]


@pytest.mark.parametrize(
    ("milestones", "changes", "line"),
    [
        (steps("done"), {}, "Finished: S1."),
        (
            (milestone("a", due=day("04-10"), moved=(move("2026-03-27", "2026-02-24"),)),),
            {},
            "Moved from 27 March to 10 April: A. The calendar company delivers later.",
        ),
        (
            (milestone("a", moved=(move("2026-03-27", "2026-02-24"),)),),
            {},
            "Moved from 27 March, date to follow: A. The calendar company delivers later.",
        ),
        ((milestone("a", "doing", needs=(need(),)),), {}, "We asked you: Approve the texts."),
        (
            (milestone("a", "doing", needs=(need(received="2026-03-02"),)),),
            {},
            "Thank you, we have it: Approve the texts.",
        ),
        (steps("skipped"), {}, "Taken out, agreed with you: S1. You chose so."),
        (steps("doing"), {"pauses": (pause("2026-02-27"),)}, "On hold. Your clinics move house."),
        (
            steps("doing"),
            {"notes": (Update(on=day("02-27"), sentence="Drafts are here.", text=""),)},
            "Drafts are here.",
        ),
        (steps("planned"), {}, "We started."),
    ],
)
def test_each_change_is_a_sentence(milestones: Any, changes: dict[str, Any], line: str) -> None:
    """The author's words stand behind a colon, or alone."""
    assert line in change_lines(*milestones, **changes)


SCOPE = Scope.model_validate(
    {
        "agreed": "2026-01-05",
        "items": ["Nine page types"],
        "changes": [
            {"on": "2026-02-03", "kind": "out", "what": "Photos", "why": "So.", "effect": "Sooner"},
            {"on": "2026-02-12", "kind": "in", "what": "A page", "why": "So.", "effect": "None."},
            {
                "on": "2026-02-19",
                "kind": "declined",
                "what": "A shop",
                "why": "So.",
                "effect": "None.",
            },
        ],
    }
)


def test_changes_of_the_scope_are_told_and_kept() -> None:
    """Newest first, each with its word."""
    lines = change_lines(*steps("doing"), scope=SCOPE)
    assert lines[:3] == [
        "Not now: A shop. None.",
        "Came in: A page. None.",
        "Went out: Photos. Sooner.",
    ]
    view: Any = scope_view(pieces(*steps("doing"), scope=SCOPE), SCOPE)
    assert [change["tag"].text for change in view["changes"]] == ["Not now", "Came in", "Went out"]
    assert spoken(view["lead"]) == (
        "Agreed on Monday 5 January 2026, 3 changes since. "
        "Every change is agreed with you before we act on it."
    )


def test_all_changes_stand_in_blocks_of_a_month() -> None:
    """Newest first."""
    made = pieces(milestone("a", "done", done=day("01-20")), milestone("b", "done"))
    view: Any = changes_view(made)
    assert [(month, len(changes)) for month, changes in view["months"]] == [
        ("February 2026", 1),
        ("January 2026", 2),
    ]


# --- Outcomes and files ---


def outcome(**numbers: str) -> Any:
    wanted = Outcome.model_validate({"text": "More bookings", **numbers})
    return pieces(*steps("done", "planned"), outcomes={"bookings": wanted}).outcomes()[0]


@pytest.mark.parametrize(
    ("numbers", "share"),
    [
        ({"unit": "a day", "start": "20", "now": "30", "goal": "40"}, 50),
        ({"unit": "a day", "start": "40", "now": "30", "goal": "20"}, 50),  # falling numbers
        ({"unit": "a day", "start": "20", "now": "20", "goal": "40"}, 2),  # never an empty track
        ({"unit": "a day", "start": "20", "now": "10", "goal": "40"}, 2),
        ({"unit": "a day", "start": "20", "now": "90", "goal": "40"}, 100),
        ({"unit": "a day", "start": "20", "now": "30"}, None),
        ({"unit": "a day", "start": "20", "goal": "40"}, None),
        ({"unit": "a day", "start": "20", "now": "20", "goal": "20"}, 100),
        ({}, None),
    ],
)
def test_an_outcome_with_numbers_shows_how_far_it_is(
    numbers: dict[str, str], share: int | None
) -> None:
    """The part of the way from the start to the goal."""
    assert outcome(**numbers).share == share


def test_an_outcome_says_its_numbers_in_sentences() -> None:
    """Other languages write a colon in another way."""
    card = outcome(
        unit="a day", start="20", now="30", goal="40", start_on="2026-01-05", as_of="2026-02-28"
    )
    assert (card.started, card.goal) == ("When we started: 20", "Goal: 40")
    assert spoken(card.measured) == "Jan 2026: 20 · Feb 2026: 30"
    assert (outcome().started, outcome().goal) == ("", "")


def test_an_outcome_lists_the_steps_that_serve_it() -> None:
    """The newest three that are finished, the next three to come, and how many more."""
    wanted = {"bookings": Outcome(text="More bookings")}
    made = pieces(
        *steps(*["done"] * 5, "skipped", *["planned"] * 4, outcomes=("bookings",)), outcomes=wanted
    )
    card = made.outcomes()[0]
    assert (len(card.finished), card.finished_more) == (3, "and 2 more")
    assert ([tick.label for tick in card.coming], card.coming_more) == (
        ["S7", "S8", "S9"],
        "and 1 more",
    )


def test_what_is_finished_says_why_it_matters_once() -> None:
    """Under the first outcome that it serves."""
    wanted = {name: Outcome(text=name) for name in ("bookings", "calls")}
    made = pieces(*steps("done", "planned", outcomes=("bookings", "calls")), outcomes=wanted)
    told = [[tick.why for tick in card.finished + card.coming] for card in made.outcomes()]
    assert told == [[Prose("It helps you.", 0), None], [None, None]]


def test_an_outcome_that_nothing_served_is_left_out_at_the_end() -> None:
    """Nobody looks at an empty promise."""
    wanted = {"bookings": Outcome(text="More bookings"), "calls": Outcome(text="Fewer calls")}
    ended = pieces(*steps("done", outcomes=("bookings",)), outcomes=wanted)
    assert [card.text for card in ended.outcomes()] == ["More bookings"]
    assert len(pieces(*steps("done", "planned"), outcomes=wanted).outcomes()) == 2


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "1 KB"),
        (499, "1 KB"),
        (1500, "2 KB"),
        (320_000, "320 KB"),
        (1_400_000, "1.4 MB"),
        (10_000_000, "10.0 MB"),
    ],
)
def test_sizes_are_written_as_people_read_them(size: int, written: str) -> None:
    """Never as bytes."""
    assert file_size(ENGLISH, size) == written


def test_files_of_finished_steps_are_listed_newest_first() -> None:
    """With their kind, size, step and day; an address says where it leads."""
    paper = Deliverable(title="Goals", target="files/our goals.pdf", kind="", size=320_000)
    design = Deliverable(title="Design", target="https://design.example/", kind="Design", size=None)
    made = pieces(
        milestone("a", "done", done=day("01-20"), files=(paper,)),
        milestone("b", "done", done=day("02-20"), files=(design,)),
        milestone("c", "doing", files=(paper,)),
    )
    found = [(entry.title, entry.href, spoken(entry.note)) for entry in made.downloads()]
    assert found == [
        ("Design", "https://design.example/", "Design · step 2, 20 Feb"),
        ("Goals", "website/files/our%20goals.pdf", "PDF, 320 KB · step 1, 20 Jan"),
    ]


# --- A step's own page ---


def test_a_step_has_its_own_page() -> None:
    """Its place, its facts, its answers, its neighbours."""
    made = Pieces(
        ENGLISH,
        draw(
            project(
                milestone("a", "done"),
                milestone("b", "doing", happened="We draw.", at_risk=RISK, **MOVED),
                milestone("c"),
            ),
            TODAY,
        ),
        "../",
    )
    view: Any = step_view(made, made.roadmap.steps[1])
    assert spoken(view["eyebrow"]) == "Step 2 of 3 \u00b7 B"
    assert [section.heading for section in view["sections"]] == [
        "What is happening now",
        "Why the date is at risk",
        "Why the date moved",
        "Why it matters",
    ]
    assert [(fact.term, spoken(fact.dates[0].text)) for fact in view["facts"]] == [
        ("Planned for", "Friday 8 May 2026"),
        ("Planned before", "Friday 24 April 2026"),
    ]
    assert [(n["rel"], n["href"]) for n in view["neighbours"]] == [
        ("prev", "../a/"),
        ("next", "../c/"),
    ]


def test_a_skipped_step_says_what_was_decided() -> None:
    """And no more what would have come next."""
    made = pieces(*steps("skipped", "doing", next="x", happened="y"))
    view: Any = step_view(made, made.roadmap.steps[0])
    assert [section.heading for section in view["sections"]] == [
        "What we decided together",
        "Why it matters",
    ]


# --- Several projects ---


def test_several_projects_stand_under_one_link_worst_first() -> None:
    """One headline, one card of needs by date, one card a project."""
    roadmaps = [
        draw(made, TODAY)
        for made in (
            project(milestone("a", "doing", needs=(need(ask="Later"),)), milestone("b"), id="calm"),
            project(
                milestone(
                    "a", "doing", due=day("02-27"), needs=(need(ask="Soon", by="2026-03-04"),)
                ),
                milestone("b"),
                id="late",
                title="Your campaign",
                next_update=day("03-04"),
            ),
            project(*steps("done"), id="over"),
        )
    ]
    view: Any = overview_view(ENGLISH, roadmaps)
    assert spoken(view["headline"]) == "3 projects: 1 finished, 1 on course, 1 taking longer"
    assert [card["href"] for card in view["cards"]] == ["late/", "calm/", "over/"]
    assert [(request.ask, request.project) for request in view["needs"]] == [
        ("Soon", "Your campaign"),
        ("Later", "Your new website"),
    ]
    assert view["next_update"].iso == "2026-03-04"
    assert view["needs_heading"] == "We need 2 things from you"


@pytest.mark.parametrize(
    ("done", "changes", "term"),
    [
        ("02-20", {}, "Just finished"),
        ("01-20", {}, "Finished"),
        ("02-20", {"pauses": (pause("2026-02-27"),)}, "Finished"),
    ],
)
def test_an_overview_celebrates_no_longer_than_the_page(
    done: str, changes: dict[str, Any], term: str
) -> None:
    """Three weeks, and not while the project rests."""
    shown = project(milestone("a", "done", done=day(done)), milestone("b", "doing"), **changes)
    view: Any = overview_view(ENGLISH, [draw(shown, TODAY), draw(shown, TODAY)])
    assert view["cards"][0]["trio"][0]["term"] == term


def test_an_overview_that_shows_only_some_changes_shows_the_move_of_an_end() -> None:
    """On one day the projects are mixed as one project's changes are: what a card names is told."""
    texts = tuple(need(ask=f"Text {number}", asked="2026-03-02") for number in range(9))
    twice = (move("2026-04-10", "2026-03-02"), move("2026-04-17", "2026-03-02"))
    busy = project(milestone("a", "doing", due=day("02-27"), needs=texts), milestone("b"))
    moved = project(
        milestone("c", "done", done=day("03-02")),
        milestone("d", due=day("03-20"), moved=(move("2026-03-13", "2026-03-02"),)),
        milestone("end", due=day("04-24"), moved=twice),
        id="moved",
    )
    view: Any = overview_view(ENGLISH, [draw(made, TODAY) for made in (busy, moved)])
    assert [(spoken(change.before), change.label) for change in view["changes"]] == [
        ("Finished:", "C"),
        ("Moved from 17 April to 24 April:", "End"),
        ("Moved from 10 April to 17 April:", "End"),
        ("Moved from 13 March to 20 March:", "D"),
        ("We asked you:", ""),
    ]


def test_projects_that_are_all_alike_are_said_in_one_word() -> None:
    """`2 projects: all on course`."""
    roadmaps = [draw(project(*steps("doing", "planned"), id=name), TODAY) for name in ("a", "b")]
    assert spoken(str(overview_view(ENGLISH, roadmaps)["headline"])) == "2 projects: all on course"


def test_an_overview_names_the_steps_that_are_not_published() -> None:
    """In a preview; for clients there are none."""
    shown = project(*steps("done", "planned"), id="calm")
    party = milestone("party", is_draft=True)
    roadmaps = [draw(shown, TODAY), draw(project(*steps("done"), party, id="late"), TODAY)]
    view: Any = overview_view(ENGLISH, roadmaps)
    found = {
        card["href"]: [(s.href, s.tags[-1].text) for s in card["hidden"]] for card in view["cards"]
    }
    assert found == {"calm/": [], "late/": [("late/party/", "Draft, not published")]}


# --- Addresses and titles ---


def pages_of(*made: Project, **changes: Any) -> dict[str, Page]:
    whole = client(*made, **changes)
    roadmaps = [draw(each, TODAY) for each in made]
    return {page.address: page for page in plan(whole, roadmaps, ENGLISH, ASSETS, {})}


def test_addresses_stay_when_a_second_project_comes() -> None:
    """A step's page never moves; only the landing page becomes an overview."""
    one = pages_of(project(*steps("done", "doing"), scope=SCOPE))
    two = pages_of(
        project(*steps("done", "doing"), scope=SCOPE), project(*steps("planned"), id="campaign")
    )
    assert sorted(one) == [
        "",
        "website/",
        "website/changes/",
        "website/s1/",
        "website/s2/",
        "website/scope/",
        "website/start/",
    ]
    assert set(one) < set(two)
    assert (one[""].template, two[""].template) == ("project.html", "overview.html")


def test_what_is_over_promises_no_more() -> None:
    """Neither that its address stays until it ends, nor that it brought this only so far."""
    promise = "Bookmark it: the address stays the same until the project ends."
    over, open_ = project(*steps("done")), project(*steps("planned"), id="campaign")
    whole: Any = pages_of(over)[""].view
    assert (promise in whole["privacy"], whole["outcomes_heading"]) == (
        False,
        "What this has brought you",
    )
    assert whole["privacy"].startswith("Only people with this link")
    both = pages_of(over, open_)
    assert all(promise in str(page.view["privacy"]) for page in both.values())


def test_titles_are_stable() -> None:
    """No state, no number, nothing that changes when somebody has bookmarked the page."""
    before = pages_of(project(*steps("done", "doing")))
    after = pages_of(project(*steps("done", "done")))
    assert [page.title for page in before.values()] == [page.title for page in after.values()]
    assert before[""].title == "Progress: Your new website · Larkfield Vets"
    assert before["website/s1/"].title == "S1 · Larkfield Vets"


@pytest.mark.parametrize(
    ("address", "root", "back"),
    [
        ("", "../../", None),
        ("website/", "../../../", None),
        ("website/s1/", "../../../../", "../../"),
        ("website/changes/", "../../../../", "../../"),
    ],
)
def test_with_one_project_every_page_leads_back_to_the_bookmark(
    address: str, root: str, back: str | None
) -> None:
    """And finds the shared files from where it stands."""
    page = pages_of(project(*steps("done", "doing")))[address]
    found: Any = page.view.get("back")
    assert page.root == root
    assert (found["href"] if found else None) == back


def test_with_several_projects_steps_lead_back_to_theirs() -> None:
    """And projects to all of them."""
    pages = pages_of(project(*steps("done", "doing")), project(*steps("planned"), id="campaign"))
    backs: dict[str, Any] = {address: page.view.get("back") for address, page in pages.items()}
    assert backs[""] is None
    assert backs["website/"]["href"] == "../"
    assert backs["website/s1/"]["href"] == "../"


@pytest.mark.parametrize("kind", ["notfound", "updating", "closed"])
def test_neutral_pages_name_no_client(kind: str) -> None:
    """Only the agency, and whom to ask."""
    agency = AgencyFile(name="Northlight Studio", contact=MAYA)
    page = neutral_page(ENGLISH, ASSETS, agency, kind, "", 2, MAYA)
    contact: Any = page.view["contact"]
    assert contact["ask"] == "Ask Maya."
    assert "Larkfield" not in repr(page.view)


# --- progress.json ---


def test_progress_json_says_what_the_page_says() -> None:
    """With the keys of the contract, and plain spaces."""
    made = project(
        milestone("goals", "done", done=day("02-20"), due=day("02-20"), weight=ONE),
        milestone(
            "texts",
            "waiting",
            due=day("03-06"),
            now=NOW,
            needs=(need(by="2026-03-01"),),
            weight=ONE,
        ),
        milestone("end", weight=ONE, **MOVED),
        next_update=day("03-09"),
    )
    data = progress(client(made), ENGLISH, [draw(made, TODAY)], TODAY)
    assert data == {
        "schema": 1,
        "client": "Larkfield Vets",
        "language": "en",
        "as_of": "2026-03-02",
        "projects": [
            {
                "id": "website",
                "title": "Your new website",
                "headline": f"You’re at step 2 of 3: {NOW}",
                "verdict": {
                    "state": "moved",
                    "text": "Launch: moved to Friday 8 May 2026. It was Friday 24 April. "
                    "The calendar company delivers later.",
                },
                "here": "texts",
                "next": "end",
                "just_finished": "goals",
                "percent": 35,
                "ends": "2026-05-08",
                "ended_before": "2026-04-24",
                "updated": "2026-03-02",
                "next_update": "2026-03-09",
                "needs": [
                    {
                        "milestone": "texts",
                        "ask": "Approve the texts",
                        "by": "2026-03-01",
                        "overdue": True,
                    }
                ],
                "milestones": [
                    {
                        "id": identifier,
                        "number": number,
                        "label": label,
                        "title": f"You have {identifier}",
                        "state": state,
                        "due": due,
                        "done": done,
                        "was": was,
                        "url": f"website/{identifier}/",
                    }
                    for number, (identifier, label, state, due, done, was) in enumerate(
                        (
                            ("goals", "Goals", "done", "2026-02-20", "2026-02-20", None),
                            ("texts", "Texts", "waiting", "2026-03-06", None, None),
                            ("end", "End", "planned", "2026-05-08", None, "2026-04-24"),
                        ),
                        1,
                    )
                ],
            }
        ],
    }


def _states(made: Project, today: Any) -> Any:
    """Everything on a road that only a person may move."""
    roadmap = draw(made, today)
    view: Any = project_view(Pieces(ENGLISH, roadmap, ""), None)
    return (
        [(step.milestone.id, step.look) for step in roadmap.steps],
        [step and step.milestone.id for step in (roadmap.here, roadmap.next, roadmap.newest_done)],
        (roadmap.percent, roadmap.ends, roadmap.ended_before),
        [entry.need.ask for entry in roadmap.needs],
        [tag.text for step in roadmap.steps for tag in Pieces(ENGLISH, roadmap, "").tags(step)[1:]
         if tag.state != "late"],
        view["downloads"],
        [(card.finished_more, card.coming_more, card.share) for card in view["outcomes"]],
    )  # fmt: skip


@given(projects(), days, days)
def test_no_state_moves_with_the_clock(made: Project, one: Any, other: Any) -> None:
    """The same files say the same about every step on any two days; pauses have their own days."""
    made = replace(made, pauses=())
    assert _states(made, one) == _states(made, other)


def test_the_clock_moves_only_what_the_handbook_names() -> None:
    """From a day to the next nothing does; later a date passes, news get old, an update is late."""
    made = project(
        milestone("a", "done", done=day("02-20")),
        milestone(
            "b", "doing", due=day("03-06"), now=NOW, next="x", needs=(need(by="2026-03-06"),)
        ),
        milestone("c", due=day("04-24")),
        next_update=day("03-09"),
    )
    known: dict[str, Any] = project_view(Pieces(ENGLISH, draw(made, TODAY), ""), None)
    moved = {}
    for today in ("03-03", "03-07", "03-10", "03-14"):
        view = project_view(Pieces(ENGLISH, draw(made, day(today)), ""), None)
        moved[today] = {key for key in view if view[key] != known[key]}
        known = view
    assert moved == {
        "03-03": set(),
        "03-07": {"verdict", "needs", "road"},
        "03-10": {"next_update", "is_update_late"},
        "03-14": {"story", "road"},
    }


@settings(max_examples=30)
@given(projects(), days)
def test_every_project_can_be_shown_on_every_day(made: Project, today: Any) -> None:
    """No combination of dates and states has no words."""
    whole = client(made)
    roadmap = draw(made, today)
    assert plan(whole, [roadmap], ENGLISH, ASSETS, {})
    assert plan(
        client(made, project(id="other")), [roadmap, draw(project(), today)], ENGLISH, ASSETS, {}
    )
    progress(whole, ENGLISH, [roadmap], today)
