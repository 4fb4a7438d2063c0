"""Projects made in code, and every kind of project that hypothesis can think of."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from site_builder.model.links import Protection
from site_builder.model.parts import (
    Approval,
    Cadence,
    Contact,
    Move,
    Need,
    Pause,
    Rhythm,
    Risk,
    Skip,
    State,
)
from site_builder.model.project import Client, Milestone, Project, Update
from site_builder.model.written import AgencyFile

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime.date(2026, 1, 5)
TODAY = datetime.date(2026, 3, 2)
MAYA = Contact(name="Maya Lindqvist", role="your project lead", email="maya@northlight.example")


def day(text: str) -> datetime.date:
    """Read a day: `2026-03-02`, or `03-02` of 2026."""
    return datetime.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def milestone(identifier: str = "goals", state: str = "planned", **changes: Any) -> Milestone:
    """Make a step; a finished one has a day, whatever else is said."""
    known: dict[str, Any] = {
        "id": identifier,
        "label": identifier.replace("-", " ").capitalize(),
        "title": f"You have {identifier}",
        "state": State(state),
        "now": "",
        "due": None,
        "done": day("02-20") if state == "done" else None,
        "moved": (),
        "at_risk": None,
        "skipped": Skip(on=day("02-03"), why="You chose so.") if state == "skipped" else None,
        "outcomes": (),
        "needs": (),
        "approved": None,
        "thanks": "",
        "files": (),
        "weight": None,
        "progress": None,
        "happened": "",
        "matters": "It helps you.",
        "next": "",
        "story": "",
        "is_draft": False,
        "publish_on": None,
    }
    return Milestone(**{**known, **changes})


def road(*states: str, **changes: Any) -> tuple[Milestone, ...]:
    """Make steps named s1, s2 … in these states."""
    return tuple(
        milestone(f"s{number}", state, **changes) for number, state in enumerate(states, 1)
    )


def project(*milestones: Milestone, **changes: Any) -> Project:
    """Make a project that started on 5 January 2026."""
    known: dict[str, Any] = {
        "id": "website",
        "title": "Your new website",
        "finish": "Launch",
        "starts": START,
        "contact": MAYA,
        "team": (),
        "updates": None,
        "next_update": None,
        "outcomes": {},
        "is_ongoing": False,
        "pauses": (),
        "rhythm": Rhythm(),
        "scope": None,
        "milestones": milestones,
        "notes": (),
        "files": {},
        "step_links": {},
    }
    return Project(**{**known, **changes})


def client(*projects: Project, **changes: Any) -> Client:
    """Make a client of Northlight Studio."""
    known: dict[str, Any] = {
        "id": "larkfield-vets",
        "name": "Larkfield Vets",
        "language": "en",
        "links": {"everyone": "larkfieldlarkfieldlarkfiel"},
        "protection": Protection.LINK,
        "contact": MAYA,
        "ends": None,
        "pdf": False,
        "projects": projects,
        "agency": AgencyFile(name="Northlight Studio", contact=MAYA),
    }
    return Client(**{**known, **changes})


def move(was: str, on: str, why: str = "The calendar company delivers later.") -> Move:
    """Make a move: the date before, and when it changed."""
    return Move.model_validate({"from": was, "on": on, "why": why})


def pause(start: str, to: str | None = None, **changes: Any) -> Pause:
    """Make a pause; one without an end is still running."""
    known = {"from": start, "why": "Your clinics move house.", **changes}
    return Pause.model_validate(known if to is None else {**known, "to": to})


def need(**changes: Any) -> Need:
    """Make an open request of 2 March."""
    return Need.model_validate({"ask": "Approve the texts", "asked": "2026-03-02", **changes})


# --- Every kind of project ---

days = st.dates(datetime.date(2025, 6, 1), datetime.date(2026, 12, 31))
shares = st.decimals(0, 1, places=2).map(Decimal)
weights = st.integers(1, 400).map(Decimal)


@st.composite
def milestones(draw: st.DrawFn, number: int) -> Milestone:
    """Any step that `parse` lets through, as far as arithmetic cares."""
    state = draw(st.sampled_from(sorted(State)))
    needs = draw(st.lists(st.tuples(days, st.none() | days, st.none() | days), max_size=2))
    moves = draw(st.lists(st.tuples(days, days), max_size=3))
    moves.sort(key=lambda pair: pair[1])
    return milestone(
        f"s{number}",
        state.value,
        due=draw(st.none() | days),
        done=draw(days) if state is State.DONE else None,
        skipped=Skip(on=draw(days), why="You chose so.") if state is State.SKIPPED else None,
        moved=tuple(
            Move.model_validate({"from": was, "on": on, "why": "Rain."}) for was, on in moves
        ),
        at_risk=draw(st.none() | st.just(Risk(why="The printer is ill."))),
        approved=draw(st.none() | days.map(lambda on: Approval(by="Priya Nair", on=on))),
        needs=tuple(
            Need(ask="Send the logo", asked=asked, by=by, received=received)
            for asked, by, received in needs
        ),
        weight=draw(st.none() | weights) if draw(st.booleans()) else draw(weights),
        progress=draw(st.none() | shares),
        now=draw(st.sampled_from(["", "approving your page texts"])),
        next=draw(st.sampled_from(["", "We go on."])),
    )


cadences = st.one_of(
    st.builds(
        Cadence,
        every=st.sampled_from(["week", "2 weeks"]),
        on=st.sampled_from(["Monday", "Friday", "sunday"]),
    ),
    st.builds(Cadence, every=st.just("month"), on=st.integers(1, 31).map(str)),
)


@st.composite
def projects(draw: st.DrawFn, most: int = 9) -> Project:
    """Any project: none to many steps, pauses, notes, with an end or without."""
    steps: Sequence[Milestone] = [
        draw(milestones(number)) for number in range(1, draw(st.integers(0, most)) + 1)
    ]
    spans = draw(st.lists(st.tuples(days, st.none() | st.integers(0, 60)), max_size=2))
    return project(
        *steps,
        starts=draw(days),
        is_ongoing=draw(st.booleans()),
        updates=draw(st.none() | cadences),
        next_update=draw(st.none() | days),
        pauses=tuple(
            Pause.model_validate(
                {
                    "from": start,
                    "why": "A break.",
                    **({} if length is None else {"to": start + datetime.timedelta(length)}),
                }
            )
            for start, length in spans
        ),
        notes=tuple(
            Update(on=on, sentence="We wrote a note.", text="")
            for on in sorted(draw(st.lists(days, max_size=3)))
        ),
    )
