"""What a client can rely on, in three panels: before the start, and for people who may buy."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from site_builder.pages.views import Panel

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.parts import Cadence
    from site_builder.model.roadmap import Roadmap

FIRST_DAYS = datetime.timedelta(days=14)
"""So long after the start, the project's page leads to "What to expect"."""


def is_of_use(roadmap: Roadmap) -> bool:
    """Tell whether "What to expect" is of use: nothing is finished, and the start is not far."""
    is_new = roadmap.today < roadmap.project.starts + FIRST_DAYS
    return is_new and not any(step.milestone.done for step in roadmap.steps)


def one_page(language: Language, text: str) -> Panel:
    """Say that one page is always current."""
    return Panel("note", language.say("One page, always current"), text)


def hearing(language: Language, cadence: Cadence) -> Panel:
    """Say how often the client hears."""
    often = {
        "week": language.say("You hear from us every week, always on the same day."),
        "2 weeks": language.say("You hear from us every two weeks, always on the same day."),
        "month": language.say("You hear from us every month, always on the same date."),
    }
    heading = language.say("You always know when you hear again")
    return Panel("late", heading, often[cadence.every])


def asking(language: Language) -> Panel:
    """Say how we ask."""
    text = language.say("Each request says what, by when, and how many minutes it takes.")
    return Panel("waiting", language.say("We ask in good time"), text)


def moving(language: Language) -> Panel:
    """Say how dates move."""
    text = language.say("If a date moves, you see the old date, the new date and the reason.")
    return Panel("moved", language.say("Nothing moves silently"), text)


def expectations(language: Language) -> tuple[Panel, ...]:
    """Say what a client can rely on, before the start."""
    here = language.say(
        "You see here where we are and what comes next. The address stays the same."
    )
    return one_page(language, here), asking(language), moving(language)
