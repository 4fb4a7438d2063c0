"""The situations that a client's page can be in, and where each is shown."""

from __future__ import annotations

from dataclasses import dataclass

LARKFIELD, HARROWBY, BRIGHTWATER = "larkfield-vets", "harrowby-council", "brightwater-dental"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A page of a case of tests/workspaces/."""

    name: str
    case: str
    client: str = LARKFIELD
    page: str = ""
    today: str = ""
    """Another day than the case's own."""
    current: int = 0
    """How many steps are marked as the current one."""
    headings: tuple[str, ...] = ()
    """The sections, in the order in which they were drawn."""
    is_neutral: bool = False
    """A page without any client."""


STORY = ("What just happened", "Why it matters", "What comes next")
NOW = ("What is happening now", *STORY[1:])
ROAD, MONTHS = "Your road, step by step", "Your road, month by month"
BROUGHT, WILL_BRING = "What this has brought you so far", "What this will bring you"
SO_FAR = ("What you have so far", "What changed recently")
FOOT = ("Questions?", "This page is private")
NOTHING = "Nothing needed from you right now"
IN_THE_MIDDLE = ("We need 2 things from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT)

MAIN = Situation(name="main", case="samples", current=1, headings=IN_THE_MIDDLE)
FINISHED = Situation(
    name="finished",
    case="samples",
    client=HARROWBY,
    headings=("Nothing left to do", *STORY, BROUGHT, ROAD, *SO_FAR, *FOOT),
)
RETAINER = Situation(
    name="retainer",
    case="samples",
    client=BRIGHTWATER,
    current=1,
    headings=("We need 1 thing from you", *STORY, BROUGHT, MONTHS, *SO_FAR, *FOOT),
)
THIRTY = Situation(
    name="thirty",
    case="thirty",
    current=1,
    headings=("We need 1 thing from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
)
NOT_STARTED = Situation(
    name="not-started",
    case="notstarted",
    headings=(
        "Before we start, we need 3 things from you",
        "What to expect",
        ROAD,
        WILL_BRING,
        "Who you will work with",
        *FOOT,
    ),
)
LATE = Situation(name="late", case="late", current=1, headings=IN_THE_MIDDLE)
MOVED = Situation(name="moved", case="moved", current=1, headings=IN_THE_MIDDLE)
HOSTILE = Situation(
    name="hostile",
    case="hostile",
    client="ampers-and-sons",
    current=1,
    headings=("We need 1 thing from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
)
OVERVIEW = Situation(
    name="two-projects",
    case="two-projects",
    headings=(
        "We need 3 things from you",
        "You\u2019re at step 2 of 4: agreeing the price of the check-up",
        "You\u2019re at step 5 of 8: approving your page texts",
        "What changed recently",
        *FOOT,
    ),
)
LANDINGS = (
    MAIN,
    FINISHED,
    RETAINER,
    THIRTY,
    NOT_STARTED,
    LATE,
    MOVED,
    HOSTILE,
    OVERVIEW,
)
STEP = Situation(name="step", case="samples", page="website/page-texts/")
HOSTILE_STEP = Situation(
    name="hostile-step", case="hostile", client="ampers-and-sons", page="portal/raw-html/"
)
CHANGES = Situation(name="changes", case="samples", page="website/changes/")
SCOPE = Situation(name="scope", case="samples", page="website/scope/")
NOT_FOUND = Situation(name="not-found", case="samples", client="", page="404.html", is_neutral=True)
UPDATING = Situation(name="updating", case="broken", client="harbour-physio", is_neutral=True)
CLOSED = Situation(name="closed", case="alldone", today="2026-11-02", is_neutral=True)
BESIDE = (OVERVIEW, CHANGES, SCOPE)
SAMPLE = (*LANDINGS, STEP, HOSTILE_STEP, CHANGES, SCOPE, NOT_FOUND, UPDATING, CLOSED)

FURTHER = (
    Situation(
        name="all-done",
        case="alldone",
        headings=("Nothing left to do", *STORY, BROUGHT, ROAD, *SO_FAR, *FOOT),
    ),
    Situation(name="at-risk", case="risk", current=1, headings=IN_THE_MIDDLE),
    Situation(
        name="zero",
        case="zero",
        current=1,
        headings=(NOTHING, *NOW, ROAD, WILL_BRING, *SO_FAR, *FOOT),
    ),
    Situation(
        name="one", case="one", headings=(NOTHING, *NOW, "What you will get", *SO_FAR, *FOOT)
    ),
    Situation(
        name="paused",
        case="paused",
        current=1,
        headings=(NOTHING, *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
    Situation(
        name="planned",
        case="planned",
        current=1,
        headings=(NOTHING, *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
    Situation(name="nine", case="nine", current=1, headings=IN_THE_MIDDLE),
    Situation(name="twelve", case="twelve", current=1, headings=IN_THE_MIDDLE),
    Situation(
        name="sixty",
        case="sixty",
        current=1,
        headings=("We need 1 thing from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
)
"""Drawn too, and looked at by `make test-all`."""
