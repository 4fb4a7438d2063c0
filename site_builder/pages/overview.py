"""Several projects under one link: one answer and one road a project, one list of needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from site_builder.model.roadmap import Roadmap, Step, Verdict
from site_builder.pages import sentences
from site_builder.pages.pieces import Pieces
from site_builder.pages.project import freshness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.language import Language

WORST_FIRST = (
    Verdict.AT_RISK,
    Verdict.LATE,
    Verdict.MOVED,
    Verdict.PAUSED,
    Verdict.NOT_STARTED,
    Verdict.ON_COURSE,
    Verdict.FINISHED,
)
SHOWN_CHANGES = 5
MINI_STOPS = 12


def _short(language: Language, verdict: Verdict, number: int) -> str:
    say = language.say
    words = {
        Verdict.FINISHED: say("finished"),
        Verdict.NOT_STARTED: say("not started"),
        Verdict.PAUSED: say("on hold"),
        Verdict.AT_RISK: say("at risk"),
        Verdict.LATE: say("taking longer"),
        Verdict.MOVED: say("with a new date"),
        Verdict.ON_COURSE: say("on course"),
    }
    return f"{language.number(number)} {words[verdict]}".replace(" ", "\u00a0")


def _headline(language: Language, roadmaps: Sequence[Roadmap]) -> str:
    verdicts = Counter(roadmap.verdict for roadmap in roadmaps)
    number = len(roadmaps)
    if len(verdicts) == 1:
        word = _short(language, roadmaps[0].verdict, number).partition("\u00a0")[2]
        return language.plural(
            "{number} project: {state}", "{number} projects: all {state}", number, state=word
        )
    listed = language.say(", ").join(
        _short(language, verdict, verdicts[verdict])
        for verdict in reversed(WORST_FIRST)
        if verdict in verdicts
    )
    return language.plural(
        "{number} project: {list}", "{number} projects: {list}", number, list=listed
    )


def _trio(pieces: Pieces) -> tuple[dict[str, object], ...]:
    say, roadmap = pieces.language.say, pieces.roadmap
    following = roadmap.next if roadmap.next is not roadmap.here else None
    newest = roadmap.newest_done
    finished = say("Just finished") if newest and newest.is_newest else say("Finished")
    entries: tuple[tuple[str, str, str, Step | None], ...] = (
        ("finished", "done", finished, newest),
        ("here", "pin", say("You are here"), roadmap.here if roadmap.has_started else None),
        ("next", "next", say("Next"), following),
    )
    return tuple(
        {
            "kind": kind,
            "icon": icon,
            "term": term,
            "label": pieces.language.soft(step.milestone.label),
            "href": pieces.step_href(step.milestone),
            "when": pieces.when(step),
        }
        for kind, icon, term, step in entries
        if step
    )


def _card(pieces: Pieces) -> dict[str, object]:
    language, roadmap = pieces.language, pieces.roadmap
    bold, rest = sentences.verdict(language, roadmap)
    is_short = len(roadmap.steps) <= MINI_STOPS
    return {
        "title": roadmap.project.title,
        "href": pieces.base,
        "headline": language.soft(sentences.headline(language, roadmap)),
        "verdict": {
            "state": roadmap.verdict.value,
            "icon": sentences.VERDICT_ICONS[roadmap.verdict],
            "bold": bold,
            "rest": rest,
        },
        "stops": tuple(pieces.stop(step) for step in roadmap.steps) if is_short else (),
        "hidden": tuple(pieces.stop(step) for step in roadmap.steps if step.milestone.is_hidden),
        "count": sentences.count_sentence(language, roadmap),
        "trio": _trio(pieces),
    }


def overview_view(language: Language, roadmaps: Sequence[Roadmap]) -> dict[str, object]:
    """Compute the page that a client with several projects opens; worst verdict first."""
    worst_first = sorted(roadmaps, key=lambda roadmap: WORST_FIRST.index(roadmap.verdict))
    all_pieces = [Pieces(language, roadmap, f"{roadmap.project.id}/") for roadmap in worst_first]
    needs = [(entry, pieces) for pieces in all_pieces for entry in pieces.roadmap.needs]
    needs.sort(key=lambda pair: (pair[0].need.by is None, pair[0].need.by or pair[1].roadmap.today))
    events = [(event, pieces) for pieces in all_pieces for event in pieces.roadmap.events]
    events.sort(key=lambda pair: pair[0].on, reverse=True)
    today = roadmaps[0].today
    updated = [roadmap.updated for roadmap in roadmaps if roadmap.updated <= today] or [
        roadmaps[0].updated
    ]
    upcoming = [
        roadmap.next_update
        for roadmap in roadmaps
        if roadmap.next_update and not roadmap.is_finished
    ]
    return {
        "eyebrow": language.say("Your projects"),
        "headline": _headline(language, roadmaps),
        "cards": tuple(_card(pieces) for pieces in all_pieces),
        **freshness(
            language,
            max(updated),
            min(upcoming, default=None),
            today,
            is_late=any(roadmap.is_update_late for roadmap in roadmaps),
        ),
        "needs": tuple(
            pieces.request(entry, pieces.roadmap.project.title) for entry, pieces in needs
        ),
        "needs_heading": sentences.needed(language, len(needs))
        if needs
        else language.say("Nothing needed from you right now"),
        "needs_note": ""
        if needs
        else language.say("We will ask here, with a date, when there is something."),
        "changes": tuple(
            pieces.change(event, pieces.roadmap.project.title)
            for event, pieces in events[:SHOWN_CHANGES]
        ),
    }
