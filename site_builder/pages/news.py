"""What happened, in words: for "What changed", and for the feed of those who ask for one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from site_builder.model.following import FeedEntry, stable_id
from site_builder.model.roadmap import Event, EventKind, Roadmap
from site_builder.pages.sentences import closed, joined

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from site_builder.language import Language
    from site_builder.model.project import Client

NEWEST = 20
"""So many entries a feed has."""
EVENT_ICONS = {
    EventKind.FINISHED: "done",
    EventKind.APPROVED: "done",
    EventKind.MOVED: "moved",
    EventKind.ASKED: "waiting",
    EventKind.RECEIVED: "done",
    EventKind.SKIPPED: "skipped",
    EventKind.NOTE: "note",
    EventKind.PAUSED: "pause",
    EventKind.STARTED: "note",
    EventKind.CAME_IN: "in",
    EventKind.WENT_OUT: "out",
    EventKind.DECLINED: "no",
}


def words_of(language: Language, event: Event) -> tuple[str, str]:
    """Say what stands before and after the step's name (or alone)."""
    say = language.say
    approved = event.milestone.approved if event.milestone else None
    who = approved.by if approved and approved.on == event.on else ""
    if event.dates and event.dates[1]:
        before, after = (language.date(day, "plain") for day in event.dates if day)
        return say("Moved from {before} to {after}:", before=before, after=after), joined(
            closed(event.why), closed(event.effect)
        )
    if event.dates:
        before = language.date(event.dates[0], "plain")
        return say("Moved from {before}, date to follow:", before=before), joined(
            closed(event.why), closed(event.effect)
        )
    if event.change:
        head = {
            EventKind.CAME_IN: say("Came in:"),
            EventKind.WENT_OUT: say("Went out:"),
            EventKind.DECLINED: say("Not now:"),
        }[event.kind]
        return head, joined(closed(event.change.what), closed(event.change.effect))
    if event.need:
        asked = event.kind is EventKind.ASKED
        return (say("We asked you:") if asked else say("Thank you, we have it:")), closed(
            event.need.ask
        )
    return {
        EventKind.FINISHED: (
            say("Finished:"),
            say("Approved by {name}.", name=who) if who else "",
        ),
        EventKind.APPROVED: (say("Approved by {name}:", name=who), ""),
        EventKind.SKIPPED: (say("Taken out, agreed with you:"), closed(event.why)),
        EventKind.PAUSED: (say("On hold."), closed(event.why)),
        EventKind.STARTED: (say("We started."), ""),
        EventKind.NOTE: ("", event.note.sentence if event.note else ""),
    }[event.kind]


def _identified(client: Client, roadmap: Roadmap) -> list[tuple[str, Event]]:
    """Give each event, newest first, an id that stays when its words or a step's day are mended.

    Events of one kind are counted: those of a step by themselves, all others by their day.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[int, str] = {}

    def oldest_first(place: tuple[int, Event]) -> tuple[datetime.date, int]:
        # Moves of one day stand newest first; all else of a day stays as it stands in the files.
        index, event = place
        return event.on, -index if event.kind is EventKind.MOVED else index

    for index, event in sorted(enumerate(roadmap.events), key=oldest_first):
        step = event.milestone
        names = (event.kind.value, f"step {step.id}" if step else f"day {event.on}")
        number = seen[names]
        seen[names] += 1
        found[index] = stable_id(client.id, roadmap.project.id, *names, str(number))
    return [(found[index], event) for index, event in enumerate(roadmap.events)]


def _entry(
    language: Language, roadmap: Roadmap, identity: str, event: Event, *, is_one_of_many: bool
) -> FeedEntry:
    before, after = words_of(language, event)
    step = event.milestone
    label = step.label if step and event.need is None else ""
    project = roadmap.project
    head = joined(before, closed(label)) if label else before
    # What is asked, a note and a change of the scope are said by what follows.
    title, text = (head, after) if label else (joined(before, after), "")
    if is_one_of_many:
        title = f"{title} \u00b7 {project.title}"
    return FeedEntry(
        id=identity,
        on=event.on,
        title=title,
        text=text,
        way=f"{project.id}/{step.id}/" if step else f"{project.id}/changes/",
    )


def news(client: Client, language: Language, roadmaps: Sequence[Roadmap]) -> tuple[FeedEntry, ...]:
    """List the newest of what the pages say under "What changed", newest first."""
    found = [
        (event, roadmap, identity)
        for roadmap in roadmaps
        for identity, event in _identified(client, roadmap)
        if not (event.milestone and event.milestone.is_hidden)
    ]
    found.sort(key=lambda each: each[0].newest_first)
    return tuple(
        _entry(language, roadmap, identity, event, is_one_of_many=len(roadmaps) > 1)
        for event, roadmap, identity in found[:NEWEST]
    )
