"""One change in one line, in the words of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.messages.block import Block
from site_builder.model.changes import Change, ChangeKind
from site_builder.model.page import Prose
from site_builder.model.roadmap import Event, EventKind
from site_builder.pages.sentences import closed, finish_word, joined

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.project import Milestone
    from site_builder.pages.pieces import Pieces

_AS_ON_THE_PAGE = {
    ChangeKind.STARTED: EventKind.STARTED,
    ChangeKind.SKIPPED: EventKind.SKIPPED,
    ChangeKind.RECEIVED: EventKind.RECEIVED,
    ChangeKind.UPDATED: EventKind.NOTE,
    ChangeKind.PAUSED: EventKind.PAUSED,
    ChangeKind.CAME_IN: EventKind.CAME_IN,
    ChangeKind.WENT_OUT: EventKind.WENT_OUT,
    ChangeKind.DECLINED: EventKind.DECLINED,
    ChangeKind.MOVED: EventKind.MOVED,
}


def approved(language: Language, step: Milestone) -> str:
    """Say who approved a step, and when."""
    if step.approved is None:
        return ""
    name, day = language.isolated(step.approved.by), language.date(step.approved.on, "plain")
    return f"{language.say('Approved by')} {name}{language.say(', ')}{day}."


def _own_words(pieces: Pieces, change: Change) -> tuple[str, str] | None:
    """Say what the page has no event for: before the step's name, and behind it."""
    language, say = pieces.language, pieces.language.say
    match change.kind:
        case ChangeKind.STARTED if change.on and change.on > pieces.roadmap.today:
            return closed(say("We start on {date}", date=language.date(change.on, "full"))), ""
        case ChangeKind.PAUSED if change.on and change.on > pieces.roadmap.today:
            begins = say("On hold from {date}.", date=language.date(change.on, "full"))
            last = change.pause.to if change.pause else None
            ends = say("We go on after {date}.", date=language.date(last, "full")) if last else ""
            return begins, joined(closed(change.why), ends)
        case ChangeKind.APPROVED if change.milestone:
            return "", approved(language, change.milestone)
        case ChangeKind.ADDED if change.milestone:
            due = change.milestone.due
            planned = f"{say('Planned for')} {language.date(due, 'full')}." if due else ""
            return say("Added to your road:"), planned
        case ChangeKind.AT_RISK:
            return f"{say('Date at risk')}:", closed(change.why)
        case ChangeKind.RESUMED if change.on:
            return say("We go on after {date}.", date=language.date(change.on, "full")), ""
        case ChangeKind.MOVED if change.was is None and change.to:
            return say("Now planned for {date}:", date=language.date(change.to, "plain")), ""
        case _:
            return None


def _event(pieces: Pieces, change: Change) -> Event:
    """Show a change as one of the page's own."""
    return Event(
        on=change.on or pieces.roadmap.today,
        kind=_AS_ON_THE_PAGE[change.kind],
        milestone=change.milestone,
        need=change.need,
        dates=(change.was, change.to) if change.was else None,
        why=change.why,
        effect=change.effect,
        change=change.scope,
    )


def line_of(pieces: Pieces, change: Change) -> Block:
    """Say one change in a line: what it is about in bold, and the rest."""
    language, say = pieces.language, pieces.language.say
    if change.kind is ChangeKind.END_MOVED and change.was and change.to:
        finish = finish_word(language, pieces.roadmap)
        head = say(
            "{finish}: moved to {date}.", finish=finish, date=language.date(change.to, "full")
        )
        was = say("It was {date}.", date=language.date(change.was, "day"))
        return Block(title=head, text=joined(was, closed(change.why), closed(change.effect)))
    if change.note:
        more = change.note.text
        prose = Prose(more, 0) if more else None
        return Block(title=closed(change.note.sentence), prose=prose)
    if change.scope or change.need:
        what = change.scope.what if change.scope else change.need.ask if change.need else ""
        before = pieces.change(_event(pieces, change)).before
        title = joined(before, closed(language.isolated(what)))
        return Block(title=title, text=closed(change.effect))
    label = ""
    if words := _own_words(pieces, change):
        before, after = words
        label = language.isolated(change.milestone.label) if change.milestone else ""
    else:
        shown = pieces.change(_event(pieces, change))
        before, label, after = shown.before, shown.label, shown.after
    if not label:
        return Block(title=before, text=after)
    return Block(title=joined(before, closed(label) if after else label), text=after)
