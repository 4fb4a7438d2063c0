"""An offering's page for people who may buy it: weeks instead of dates, and no client's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.page import Assets, Page, Prose
from site_builder.pages import expectations
from site_builder.pages.project import WIDE_STOPS
from site_builder.pages.sentences import closed
from site_builder.pages.site import CLIENT_DEPTH, FURTHER_CSS, contact_view
from site_builder.pages.views import Stop, Tag

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.written import AgencyFile, OfferingFile, OfferingMilestone
    from site_builder.pages.views import Panel

DAYS_OF_A_WEEK = 5
"""Working days."""


def _week(step: OfferingMilestone) -> int:
    return -(-step.day // DAYS_OF_A_WEEK)


def _stop(language: Language, step: OfferingMilestone, number: int) -> Stop:
    """Show a step on the road: its week stands in the place of a date."""
    wanted = Tag(state="planned", icon="planned", text=language.say("If you want it"))
    return Stop(
        label=language.soft(step.shown_label),
        href=f"#step{number}",
        name=language.say("Step {number}", number=number),
        state="skipped" if step.optional else "planned",
        mark="",
        number=number,
        when=None,
        when_text=language.say("Week {number}", number=_week(step)),
        was=None,
        tags=(wanted,) if step.optional else (),
        why=None,
        is_pinned=False,
        is_newest=False,
    )


def _answers(language: Language, step: OfferingMilestone) -> tuple[tuple[str, Prose], ...]:
    """Answer the three questions about a step, as far as they are written."""
    answers = (
        (language.say("What happens"), step.happened),
        (language.say("Why it matters"), step.matters),
        (language.say("What comes next"), step.next),
    )
    return tuple((heading, Prose(text, 0)) for heading, text in answers if text)


def _facts(language: Language, offering: OfferingFile) -> tuple[str, ...]:
    """Say how many steps there are, and how long they take."""
    count, weeks = len(offering.milestones), max(map(_week, offering.milestones))
    return (
        language.plural("{number} step", "{number} steps", count),
        language.plural("About {number} week", "About {number} weeks", weeks),
        *((language.say("After that, month by month"),) if offering.ongoing else ()),
    )


def _panels(language: Language, offering: OfferingFile) -> tuple[Panel, ...]:
    """Say what a client can rely on."""
    text = language.say(
        "From the first day you have a private page that says where we are and what comes next."
    )
    page = expectations.one_page(language, text)
    heard = (
        expectations.hearing(language, offering.updates)
        if offering.updates
        else expectations.asking(language)
    )
    return page, heard, expectations.moving(language)


def _view(language: Language, offering: OfferingFile) -> dict[str, object]:
    stops = [
        _stop(language, step, number) for number, step in enumerate(offering.milestones, start=1)
    ]
    takes = [need.takes.rstrip(".") for need in offering.needs_first]
    return {
        "eyebrow": language.isolated(offering.title) if offering.promise else "",
        "headline": language.soft(offering.promise or offering.title),
        "lead": language.isolated(closed(offering.for_whom)),
        "facts": _facts(language, offering),
        "needs": tuple(
            (language.soft(need.ask), language.say("Takes {takes}.", takes=took) if took else "")
            for need, took in zip(offering.needs_first, takes, strict=True)
        ),
        "outcomes": tuple(language.isolated(item.text) for item in offering.outcomes.values()),
        "panels": _panels(language, offering),
        "glance": tuple(stops) if len(stops) <= WIDE_STOPS else (),
        "steps": tuple(
            {"stop": stop, "answers": _answers(language, step)}
            for stop, step in zip(stops, offering.milestones, strict=True)
        ),
    }


def prospect_page(
    offering: OfferingFile, agency: AgencyFile, language: Language, assets: Assets
) -> Page:
    """Make the page of an offering, in the agency's language."""
    return Page(
        address="",
        template="prospect.html",
        document="prospect-document.html",
        title=f"{offering.title} \u00b7 {agency.name}",
        language=language,
        root="../" * CLIENT_DEPTH,
        assets=assets.folder,
        stylesheets=(*FURTHER_CSS, assets.brand),
        view={
            **_view(language, offering),
            "client": "",
            "agency": language.isolated(agency.name),
            "contact": contact_view(language, agency.contact),
            "brand": assets,
        },
    )
