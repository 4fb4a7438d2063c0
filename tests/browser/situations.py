"""The situations that a client's page can be in, and where each is shown."""

from __future__ import annotations

from dataclasses import dataclass

LARKFIELD, HARROWBY, BRIGHTWATER = "larkfield-vets", "harrowby-council", "brightwater-dental"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A page of a case of tests/workspaces/."""

    name: str
    what: str
    """One sentence about it, for the gallery."""
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
    """A page without any client or offering."""


STORY = ("What just happened", "Why it matters", "What comes next")
NOW = ("What is happening now", *STORY[1:])
ROAD, MONTHS = "Your road, step by step", "Your road, month by month"
BROUGHT, WILL_BRING = "What this has brought you so far", "What this will bring you"
SO_FAR = ("What you have so far", "What changed recently")
FOOT = ("Questions?", "This page is private")
NOTHING = "Nothing needed from you right now"
RECORD = (
    "What was promised, and when it was finished",
    "Everything that you have",
    "What changed recently",
)
AT_THE_END = ("Nothing left to do", *STORY, "What this has brought you", ROAD, *RECORD, *FOOT)
IN_THE_MIDDLE = ("We need 2 things from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT)

MAIN = Situation(
    name="main",
    what="In the middle: one step waits for the client, one was left out, and one moved while the end is safe.",
    case="samples",
    current=1,
    headings=IN_THE_MIDDLE,
)
FINISHED = Situation(
    name="finished",
    what="All finished: a record of what came of it, when, and how long the page stays.",
    case="samples",
    client=HARROWBY,
    headings=AT_THE_END,
)
RETAINER = Situation(
    name="retainer",
    what="A service without an end: months in place of numbered steps, and no percentage.",
    case="samples",
    client=BRIGHTWATER,
    current=1,
    headings=("We need 1 thing from you", *STORY, BROUGHT, MONTHS, *SO_FAR, *FOOT),
)
THIRTY = Situation(
    name="thirty",
    what="Thirty steps: what lies far behind and far ahead is folded.",
    case="thirty",
    current=1,
    headings=("We need 1 thing from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
)
NOT_STARTED = Situation(
    name="not-started",
    what="Not started: the first day, what is needed before it, and who the client will work with.",
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
LATE = Situation(
    name="late",
    what="An open step, a request and the next update are all past their dates, said without blame.",
    case="late",
    current=1,
    headings=IN_THE_MIDDLE,
)
MOVED = Situation(
    name="moved",
    what="The end has moved: the old date, the new date and the reason.",
    case="moved",
    current=1,
    headings=IN_THE_MIDDLE,
)
HOSTILE = Situation(
    name="hostile",
    what="Names and texts with signs, emoji and other scripts, read as they were written.",
    case="hostile",
    client="ampers-and-sons",
    current=1,
    headings=("We need 1 thing from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
)
OVERVIEW = Situation(
    name="two-projects",
    what="Two projects under one link, and one list of what is needed.",
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
STEP = Situation(
    name="step",
    what="The page of a step that waits for the client.",
    case="samples",
    page="website/page-texts/",
)
HOSTILE_STEP = Situation(
    name="hostile-step",
    what="The page of a step whose text tries to be more than text.",
    case="hostile",
    client="ampers-and-sons",
    page="portal/raw-html/",
)
CHANGES = Situation(
    name="changes",
    what="Everything that changed, month by month, with the picture of an update.",
    case="samples",
    page="website/changes/",
)
SCOPE = Situation(
    name="scope",
    what="What was agreed, what came in, went out or was declined, and what that changed.",
    case="samples",
    page="website/scope/",
)
NOT_FOUND = Situation(
    name="not-found",
    what="An address that leads nowhere: no client is named.",
    case="samples",
    client="",
    page="404.html",
    is_neutral=True,
)
UPDATING = Situation(
    name="updating",
    what="A page whose files have a mistake and that was never built before.",
    case="broken",
    client="harbour-physio",
    is_neutral=True,
)
CLOSED = Situation(
    name="closed",
    what="A project that has ended: a closed page at the same address.",
    case="alldone",
    today="2026-11-02",
    is_neutral=True,
)
WHAT_TO_EXPECT = Situation(
    name="what-to-expect",
    what="What to expect, for day zero: what happens first, how the client hears, and how dates move.",
    case="notstarted",
    page="website/start/",
    headings=(
        "Before we start, we need 3 things from you",
        "What happens first",
        *STORY[1:],
        "How we work with you",
        ROAD,
        "Who you will work with",
        *FOOT,
    ),
)
PROSPECT = Situation(
    name="prospect",
    what="An offering, for people who may buy it: the same road in weeks, and no client.",
    case="samples",
    client="_offerings/website",
    headings=("What we need from you first", WILL_BRING, ROAD, "How we work with you", *FOOT),
)
LONG_PROSPECT = Situation(
    name="prospect-nine",
    what="An offering of nine steps: its road runs down the page.",
    case="samples",
    client="_offerings/campaign",
    headings=PROSPECT.headings,
)
PROSPECTS = (PROSPECT, LONG_PROSPECT)
BESIDE = (OVERVIEW, CHANGES, SCOPE, *PROSPECTS)
SAMPLE = (
    *(*LANDINGS, STEP, HOSTILE_STEP, CHANGES, SCOPE, WHAT_TO_EXPECT, *PROSPECTS),
    *(NOT_FOUND, UPDATING, CLOSED),
)

FURTHER = (
    Situation(
        name="record",
        what="The record of twelve steps, some of whose dates moved.",
        case="record",
        headings=AT_THE_END,
    ),
    Situation(
        name="all-done",
        what="All finished on the day that was planned first.",
        case="alldone",
        headings=AT_THE_END,
    ),
    Situation(
        name="at-risk",
        what="A date is at risk: which one, why, and when it is decided.",
        case="risk",
        current=1,
        headings=IN_THE_MIDDLE,
    ),
    Situation(
        name="zero",
        what="Nothing finished yet: the first step is in progress.",
        case="zero",
        current=1,
        headings=(NOTHING, *NOW, ROAD, WILL_BRING, *SO_FAR, *FOOT),
    ),
    Situation(
        name="one",
        what="A single step: no numbers and no bar.",
        case="one",
        headings=(NOTHING, *NOW, "What you will get", *SO_FAR, *FOOT),
    ),
    Situation(
        name="paused",
        what="On hold: no date is promised until the day of the decision.",
        case="paused",
        current=1,
        headings=(NOTHING, *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
    Situation(
        name="planned",
        what="Everything open is still planned; the next step is named.",
        case="planned",
        current=1,
        headings=(NOTHING, *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
    Situation(
        name="nine",
        what="Nine steps: the road runs down the page.",
        case="nine",
        current=1,
        headings=IN_THE_MIDDLE,
    ),
    Situation(
        name="twelve",
        what="Twelve steps: the longest road that is shown whole.",
        case="twelve",
        current=1,
        headings=IN_THE_MIDDLE,
    ),
    Situation(
        name="sixty",
        what="Sixty steps, and a bar that can still be read.",
        case="sixty",
        current=1,
        headings=("We need 1 thing from you", *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
    Situation(
        name="day-one",
        what="The first day: everything is planned and nothing has begun.",
        case="dayone",
        client="copper-kettle",
        current=1,
        headings=(NOTHING, *STORY, ROAD, WILL_BRING, *SO_FAR, *FOOT),
    ),
    Situation(
        name="one-planned",
        what="A single step that has not begun, without a date.",
        case="empty",
        client="juniper-books",
        headings=(NOTHING, *STORY, "What you will get", *SO_FAR, *FOOT),
    ),
    Situation(
        name="no-steps",
        what="A project whose steps are still being planned.",
        case="empty",
        client="hillside-bakery",
        headings=(NOTHING, ROAD, *SO_FAR, *FOOT),
    ),
    Situation(
        name="quiet",
        what="Nothing finished for five weeks, dates to follow, nothing to download, no phone.",
        case="quiet",
        client="otter-and-pike",
        current=1,
        headings=(NOTHING, *STORY, ROAD, BROUGHT, *SO_FAR, *FOOT),
    ),
    Situation(
        name="update-missed",
        what="The update that was promised has not come: whom to ask.",
        case="one",
        today="2026-03-12",
        headings=(NOTHING, *NOW, "What you will get", *SO_FAR, *FOOT),
    ),
    Situation(
        name="step-moved",
        what="The page of a step whose date moved.",
        case="samples",
        page="website/online-booking/",
    ),
    Situation(
        name="step-left-out",
        what="The page of a step that was left out together.",
        case="samples",
        page="website/new-photos/",
    ),
    Situation(
        name="german",
        what="In German: long words, which break where German breaks them.",
        case="german",
        client="laerchenfeld",
        current=1,
        headings=(
            "Wir brauchen 2 Dinge von Ihnen",
            "Was gerade passiert ist",
            "Warum das wichtig ist",
            "Was als Nächstes kommt",
            "Ihr Weg, Schritt für Schritt",
            "Was Ihnen das bisher gebracht hat",
            "Was Sie schon haben",
            "Was sich zuletzt geändert hat",
            "Fragen?",
            "Diese Seite ist privat",
        ),
    ),
    Situation(
        name="right-to-left",
        what="In Arabic: read from right to left, with Latin names among the words.",
        case="rtl",
        client="alwaha",
        current=1,
        headings=(
            "نحتاج منكم شيئين",
            "ماذا حدث للتو",
            "لماذا هذا مهم",
            "ماذا بعد ذلك",
            "طريقكم، خطوة بخطوة",
            "ما الذي حققه لكم هذا حتى الآن",
            "ما لديكم حتى الآن",
            "ما الذي تغيّر مؤخرًا",
            "هل لديكم أسئلة؟",
            "هذه الصفحة خاصة",
        ),
    ),
)
"""Drawn too, and looked at by `make test-all`."""
EVERY = (*SAMPLE, *FURTHER)
