"""What to expect: the page of a project for day zero, and the way to it."""

from __future__ import annotations

from typing import Any

import pytest

from site_builder.language import load_language
from site_builder.model.page import Prose
from site_builder.model.parts import Cadence, Scope, TeamMember
from site_builder.pages.pieces import Pieces
from site_builder.pages.project import project_view
from site_builder.pages.start import start_view
from site_builder.roadmap import draw
from tests.make import day, milestone, need, project
from tests.make import road as steps
from tests.workspace import OTTER, Workspace

ENGLISH = load_language("en")
STARTS = day("04-06")
FIRST = milestone("goals", due=day("04-13"), matters="You choose three goals.")
SECOND = milestone("message", due=day("05-01"))


def pieces(*milestones: Any, today: str = "03-18", **changes: Any) -> Pieces:
    """Make the pieces of a project that starts on 6 April, for its page inside."""
    changed = {"starts": STARTS, **changes}
    return Pieces(ENGLISH, draw(project(*milestones, **changed), day(today)), "../")


def view(*milestones: Any, **changes: Any) -> Any:
    """Tell what the page shows."""
    return start_view(pieces(*milestones, **changes))


def test_it_says_when_it_begins_and_ends() -> None:
    """The first day stands at the top, and the end in the verdict."""
    shown = view(FIRST, SECOND, finish="Launch")
    assert shown["lead"].replace("\u00a0", " ") == "We start on Monday 6 April 2026."
    assert shown["verdict"]["bold"] == "Not started yet."
    assert view(FIRST, today="04-07")["lead"] == ""


def test_it_says_what_happens_first() -> None:
    """The first step with its date and its reason, and the second after it."""
    first = view(FIRST, SECOND)["first"]
    assert (first["label"], first["href"], first["when"].iso) == (
        "Goals",
        "../goals/",
        "2026-04-13",
    )
    assert first["why"] == Prose("You choose three goals.", 0)
    assert (first["next"].text, first["next"].when.iso) == ("Message", "2026-05-01")


def test_a_step_that_was_left_out_is_not_the_first() -> None:
    """It begins with the first step that is walked."""
    first = view(milestone("photos", "skipped"), FIRST, SECOND)["first"]
    assert (first["label"], first["next"].text) == ("Goals", "Message")


def test_what_follows_the_first_step_is_said_in_its_own_words() -> None:
    """Where they are written."""
    told = milestone("goals", next="You read the texts.\n\nThen we build.")
    following = view(told, SECOND)["first"]["next"]
    assert (following.text, following.more) == (Prose(told.next, 0), Prose(told.next, 1))


def test_a_single_step_and_none_at_all_have_a_page() -> None:
    """Nothing is promised that nobody has planned."""
    assert view(FIRST)["first"]["next"] is None
    assert view()["first"] is None


def test_it_says_how_the_client_hears() -> None:
    """With the rhythm of the project, where it has one."""
    shown = view(FIRST, updates=Cadence(every="2 weeks", on="Friday"))
    headings = [panel.heading for panel in shown["panels"]]
    assert headings[0] == "You always know when you hear again"
    assert "every two weeks" in shown["panels"][0].text
    assert view(FIRST, updates=None)["panels"][0].heading == "One page, always current"


def test_needs_people_and_what_was_agreed_stand_on_it() -> None:
    """The requests with their dates, the team, and the way to the scope."""
    asking = milestone("goals", "waiting", needs=(need(ask="Name one person", by=day("03-27")),))
    team = (TeamMember(name="Tom Hale", role="writes your texts"),)
    scope = Scope(agreed=day("03-16"), items=("Nine pages",))
    shown = view(asking, team=team, scope=scope)
    assert [(each.ask, each.by.iso) for each in shown["needs"]] == [
        ("Name one person", "2026-03-27")
    ]
    assert shown["team"] == team
    assert shown["scope_href"] == "../scope/"
    assert view(FIRST, scope=None)["scope_href"] == ""


@pytest.mark.parametrize(
    ("states", "today", "is_linked"),
    [
        (("planned", "planned"), "03-18", True),
        (("planned", "planned"), "04-06", True),
        (("doing", "planned"), "04-19", True),
        (("doing", "planned"), "04-20", False),
        (("done", "planned"), "04-08", False),
        ((), "03-18", True),
    ],
)
def test_the_projects_page_leads_to_it_while_it_is_of_use(
    states: tuple[str, ...], today: str, *, is_linked: bool
) -> None:
    """Before the start and for two weeks, until the first step is finished."""
    made = pieces(*steps(*states), today=today)
    assert project_view(made, None)["start_href"] == ("../start/" if is_linked else "")


def test_every_project_has_one(workspace: Workspace) -> None:
    """At an address that never changes, whatever the state of the project."""
    workspace.build()
    page = workspace.page(OTTER, "shop/start")
    assert "What to expect · Otter Books</title>" in page
    assert 'href="../../"' in page
    assert "shop/start/" not in workspace.page(OTTER)  # a step is finished
