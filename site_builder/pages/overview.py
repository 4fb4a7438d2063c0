"""Several projects under one link: one answer and one road a project, one list of needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from site_builder.model.roadmap import Roadmap, Step, Verdict
from site_builder.pages import sentences
from site_builder.pages.pieces import Pieces
from site_builder.pages.project import freshness

if TYPE_CHECKING:
    import datetime
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
UNBROKEN = 18
"""So many letters of a headline fit into a line of the smallest screen."""


def _counted(language: Language, verdict: Verdict, number: int) -> str:
    """Count the projects with a verdict, beside others; a short count stays on one line."""
    plural = language.plural
    words = {
        Verdict.FINISHED: plural("{number} finished", "{number} finished", number),
        Verdict.NOT_STARTED: plural("{number} not started", "{number} not started", number),
        Verdict.PAUSED: plural("{number} on hold", "{number} on hold", number),
        Verdict.AT_RISK: plural("{number} at risk", "{number} at risk", number),
        Verdict.LATE: plural("{number} taking longer", "{number} taking longer", number),
        Verdict.MOVED: plural("{number} with a new date", "{number} with a new date", number),
        Verdict.ON_COURSE: plural("{number} on course", "{number} on course", number),
    }
    said = words[verdict]
    return said.replace(" ", "\u00a0", -1 if len(said) <= UNBROKEN else 1)


def _all(language: Language, verdict: Verdict, number: int) -> str:
    """Say the verdict that all projects share."""
    plural = language.plural
    words = {
        Verdict.FINISHED: plural(
            "{number} project: finished", "{number} projects: all finished", number
        ),
        Verdict.NOT_STARTED: plural(
            "{number} project: not started", "{number} projects: none started yet", number
        ),
        Verdict.PAUSED: plural(
            "{number} project: on hold", "{number} projects: all on hold", number
        ),
        Verdict.AT_RISK: plural(
            "{number} project: at risk", "{number} projects: all at risk", number
        ),
        Verdict.LATE: plural(
            "{number} project: taking longer", "{number} projects: all taking longer", number
        ),
        Verdict.MOVED: plural(
            "{number} project: with a new date", "{number} projects: all with a new date", number
        ),
        Verdict.ON_COURSE: plural(
            "{number} project: on course", "{number} projects: all on course", number
        ),
    }
    return words[verdict]


def _headline(language: Language, roadmaps: Sequence[Roadmap]) -> str:
    verdicts = Counter(roadmap.verdict for roadmap in roadmaps)
    number = len(roadmaps)
    if len(verdicts) == 1:
        return _all(language, roadmaps[0].verdict, number)
    listed = language.say(", ").join(
        _counted(language, verdict, verdicts[verdict])
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
        "title": language.isolated(roadmap.project.title),
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


def overview_view(
    language: Language,
    roadmaps: Sequence[Roadmap],
    client: str = "",
    *,
    ends: datetime.date | None = None,
) -> dict[str, object]:
    """Compute the page that a client with several projects opens; worst verdict first."""
    worst_first = sorted(roadmaps, key=lambda roadmap: WORST_FIRST.index(roadmap.verdict))
    all_pieces = [
        Pieces(language, roadmap, f"{roadmap.project.id}/", client) for roadmap in worst_first
    ]
    needs = [(entry, pieces) for pieces in all_pieces for entry in pieces.roadmap.needs]
    needs.sort(key=lambda pair: (pair[0].need.by is None, pair[0].need.by or pair[1].roadmap.today))
    events = [(event, pieces) for pieces in all_pieces for event in pieces.roadmap.events]
    events.sort(key=lambda pair: pair[0].newest_first)
    today = roadmaps[0].today
    updated = [roadmap.updated for roadmap in roadmaps if roadmap.updated <= today] or [
        roadmaps[0].updated
    ]
    upcoming = [
        roadmap.next_update
        for roadmap in roadmaps
        if roadmap.next_update and not roadmap.is_finished
    ]
    # Once all are finished, what is said of a finished one holds for the whole.
    quiet = next((roadmap for roadmap in roadmaps if not roadmap.is_finished), roadmaps[0])
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
        else sentences.needs_heading(language, quiet),
        "needs_note": "" if needs else sentences.needs_note(language, quiet, ends),
        "is_finished": quiet.is_finished,
        "changes": tuple(
            pieces.change(event, pieces.roadmap.project.title)
            for event, pieces in events[:SHOWN_CHANGES]
        ),
    }
