"""What to expect: the page of a project for day zero, to read, to keep and to print.

It says what happens first, how the client hears and how dates move. It stays at its address and
stays true; the project's page leads to it while it is of use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.page import Prose
from site_builder.model.parts import State
from site_builder.pages import sentences
from site_builder.pages.expectations import asking, hearing, moving, one_page
from site_builder.pages.project import answer, road
from site_builder.pages.views import Following

if TYPE_CHECKING:
    from site_builder.model.roadmap import Step
    from site_builder.pages.pieces import Pieces


def _following(pieces: Pieces, first: Step, second: Step | None) -> Following | None:
    """Say what comes after the first step: in its own words, else by name and date."""
    if first.milestone.next:
        return Following(text=Prose(first.milestone.next, 0), more=Prose(first.milestone.next, 1))
    if second is None:
        return None
    return Following(
        text=pieces.language.soft(second.milestone.label),
        href=pieces.step_href(second.milestone),
        when=pieces.when(second, "full"),
    )


def _first(pieces: Pieces) -> dict[str, object] | None:
    """Show the step with which it begins; None where none is planned yet."""
    steps = [step for step in pieces.roadmap.steps if step.milestone.state is not State.SKIPPED]
    if not steps:
        return None
    first, milestone = steps[0], steps[0].milestone
    return {
        "label": pieces.language.soft(milestone.label),
        "href": pieces.step_href(milestone),
        "when": pieces.when(first, "full"),
        "why": Prose(milestone.matters, 0) if milestone.matters else None,
        "next": _following(pieces, first, steps[1] if len(steps) > 1 else None),
    }


def start_view(pieces: Pieces) -> dict[str, object]:
    """Compute the page "What to expect"."""
    language, roadmap = pieces.language, pieces.roadmap
    project = roadmap.project
    start = language.say("We start on {date}", date=language.date(project.starts, "full"))
    here = language.say(
        "You see here where we are and what comes next. The address stays the same."
    )
    heard = hearing(language, project.updates) if project.updates else one_page(language, here)
    return {
        **answer(pieces),
        "lead": "" if roadmap.has_started else sentences.closed(start),
        "first": _first(pieces),
        "panels": (heard, asking(language), moving(language)),
        "road": road(pieces),
        "team": project.team,
        "scope_href": f"{pieces.base}scope/" if project.scope else "",
    }
