"""What a message says: its parts in order, with every string computed. No markup is made here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from site_builder.messages.block import Block, Letter, Part, Section
from site_builder.messages.events import approved, line_of
from site_builder.model.changes import Change, ChangeKind
from site_builder.model.links import Protection
from site_builder.model.page import Prose
from site_builder.pages import sentences
from site_builder.pages.pieces import Pieces
from site_builder.pages.project import following
from site_builder.pages.sentences import capital, closed, joined

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from site_builder.language import Language
    from site_builder.model.project import Client, Milestone
    from site_builder.model.roadmap import Roadmap
    from site_builder.pages.views import Dated

IN_FULL = 3
"""So many finished steps are told in full; the others by name."""
SHOWN = 12
"""So many lines of one list; the others stand on the page."""
SUBJECT = 120
"""Characters that a subject has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why there is a message."""

    changes: tuple[Change, ...]
    link: str
    """The private address of the client's page."""
    is_first: bool = False
    """Whether the client hears of the page for the first time."""
    is_week: bool = False
    """Whether it tells the week, shortly, and not each thing in full."""


def dated_text(when: Dated | None) -> str:
    """Set the parts of a dated sentence together."""
    return f"{when.before}{when.text}{when.after}" if when else ""


class _Project:
    """Says everything about one project."""

    def __init__(self, language: Language, roadmap: Roadmap, occasion: Occasion) -> None:
        self.language = language
        self.roadmap = roadmap
        self.occasion = occasion
        self.pieces = Pieces(language, roadmap, "")
        mine = [change for change in occasion.changes if change.project == roadmap.project.id]
        self.finished = [
            change.milestone
            for change in mine
            if change.kind is ChangeKind.FINISHED and change.milestone
        ]
        self.finished.sort(key=lambda step: step.done or roadmap.today, reverse=True)
        self.others = [change for change in mine if change.kind is not ChangeKind.FINISHED]
        self.is_closing = bool(self.finished) and roadmap.is_finished

    def label(self, step: Milestone) -> str:
        return self.language.isolated(step.label)

    def _lines(self) -> Iterator[Block]:
        """Say what else changed, a line each."""
        ends = {
            (change.milestone.id, change.to)
            for change in self.others
            if change.kind is ChangeKind.END_MOVED and change.milestone
        }
        for change in self.others:
            step = change.milestone
            is_told = change.kind is ChangeKind.MOVED and step and (step.id, change.to) in ends
            # What is still asked for stands below with its date, an approval at its step.
            is_below = change.kind is ChangeKind.ASKED
            is_above = change.kind is ChangeKind.APPROVED and step in self.finished
            if not (is_told or is_below or is_above):
                yield line_of(self.pieces, change)

    def _step(self, step: Milestone, index: int) -> Block:
        """Tell a finished step: in full, or by name where there are many."""
        say, label = self.language.say, self.label(step)
        if self.occasion.is_week or index >= IN_FULL:
            on = self.language.date(step.done, "full") if step.done else ""
            return Block(title=label, text=say("Finished {date}.", date=on))
        return Block(
            title=label,
            prose=Prose(step.happened, name=f"h{index}"),
            text=joined(step.thanks, approved(self.language, step)),
        )

    def happened(self) -> Iterator[Section]:
        steps = (self._step(step, index) for index, step in enumerate(self.finished))
        if blocks := (*steps, *self._lines()):
            yield Section(heading=self.language.say("What just happened"), blocks=blocks)

    def matters(self) -> Iterator[Section]:
        told = [step for step in self.finished[:IN_FULL] if step.matters]
        if not told or self.occasion.is_week:
            return
        blocks = tuple(
            Block(
                title=self.label(step) if len(told) > 1 else "",
                prose=Prose(step.matters, name=f"m{index}"),
            )
            for index, step in enumerate(told)
        )
        yield Section(heading=self.language.say("Why it matters"), blocks=blocks)

    def comes_next(self) -> Iterator[Section]:
        newest = self.finished[0] if self.finished else None
        if newest and newest.next and not self.roadmap.pause:
            block = Block(prose=Prose(newest.next, name="next"))
        else:
            found = following(self.pieces)
            if isinstance(found.text, Prose):
                block = Block(prose=found.text)
            else:
                block = Block(title=found.text, text=capital(dated_text(found.when)))
        yield Section(heading=self.language.say("What comes next"), blocks=(block,))

    def needs(self) -> Iterator[Section]:
        language, roadmap = self.language, self.roadmap
        blocks = []
        for entry in roadmap.needs:
            request = self.pieces.request(entry)
            text = joined(closed(dated_text(request.by)), request.details)
            is_link = request.is_outside and bool(request.href)
            blocks.append(
                Block(
                    title=request.ask,
                    text=text,
                    href=request.href if is_link else "",
                    button=request.button if is_link else "",
                )
            )
        heading = sentences.needs_heading(language, roadmap)
        if not blocks:
            note = sentences.needs_note(language, roadmap, None)
            blocks = [Block(text=note)] if note else []
        if blocks:
            yield Section(heading=heading, blocks=tuple(blocks))

    def state(self) -> Iterator[Section]:
        """Say whether it is on course, and when the client hears again."""
        language, roadmap = self.language, self.roadmap
        blocks = [Block(text=joined(*sentences.verdict(language, roadmap)))]
        upcoming = roadmap.next_update
        if upcoming and not roadmap.is_update_late and not roadmap.is_finished:
            date = language.date(upcoming, "full")
            blocks.append(Block(text=closed(f"{language.say('Next update:')} {date}")))
        yield Section(heading="", blocks=tuple(block for block in blocks if block.text))

    def record(self, ends: datetime.date | None) -> Iterator[Section]:
        """Say at the end what it brought, what was handed over, and which dates were kept."""
        language, say, roadmap = self.language, self.language.say, self.roadmap
        cards = self.pieces.outcomes()
        if cards:
            brought = tuple(
                Block(
                    title=card.text,
                    text=" \u00b7 ".join(
                        text
                        for text in (card.measured or joined(card.now, card.unit), card.goal)
                        if text
                    ),
                )
                for card in cards
            )
            yield Section(heading=say("What this has brought you"), blocks=brought)
        if given := self.pieces.downloads():
            files = [
                Block(
                    title=entry.title,
                    text=entry.note,
                    href=entry.href if entry.is_outside else "",
                    button=say("Open it") if entry.is_outside else "",
                )
                for entry in given
            ]
            yield Section(heading=say("Everything we handed over to you"), blocks=tuple(files))
        kept = tuple(self._promise(step.milestone) for step in roadmap.steps if step.milestone.done)
        yield Section(heading=say("The dates we promised"), blocks=kept)
        contact = roadmap.project.contact
        reach = " \u00b7 ".join(text for text in (contact.phone, contact.email) if text)
        ask = Block(text=joined(say("Ask {name}.", name=contact.name), reach))
        stays = Block(text=sentences.needs_note(language, roadmap, ends))
        blocks = tuple(block for block in (ask, stays) if block.text)
        yield Section(heading=say("Questions?"), blocks=blocks)

    def _promise(self, step: Milestone) -> Block:
        language, first = self.language, step.first_due
        done = language.date(step.done, "long") if step.done else ""
        if first is None or first == step.done:
            text = language.say("Finished on {date}, as promised.", date=done)
            if first is None:
                text = language.say("Finished {date}.", date=done)
        else:
            before = language.date(first, "long")
            text = language.say(
                "Finished on {date}; first planned for {before}.", date=done, before=before
            )
        return Block(title=self.label(step), text=text)

    def sections(self, ends: datetime.date | None) -> tuple[Section, ...]:
        parts = [*self.happened(), *self.matters()]
        if self.is_closing:
            parts += [*self.comes_next(), *self.state(), *self.record(ends)]
        else:
            parts += [*self.comes_next(), *self.needs(), *self.state()]
        return tuple(self._cut(section) for section in parts)

    def _cut(self, section: Section) -> Section:
        """Leave what is too much for a message to the page, and say how much that is."""
        rest = len(section.blocks) - SHOWN
        if rest <= 0:
            return section
        more = self.language.plural("and {number} more", "and {number} more", rest)
        return replace(section, blocks=(*section.blocks[:SHOWN], Block(text=more)))

    def subject(self) -> str:
        """Name the most important thing in a few words."""
        language, kinds = self.language, [change.kind for change in self.others]
        moved = next((c for c in self.others if c.kind is ChangeKind.END_MOVED), None)
        if self.is_closing:
            head = language.say("All steps are done.")
        elif self.occasion.is_week:
            head = language.say(
                "The week to {date}", date=language.date(self.roadmap.today, "plain")
            )
        elif not self.roadmap.has_started:
            head = sentences.headline(language, self.roadmap)
        elif self.finished:
            head = self.label(self.finished[0])
        elif moved and moved.to:
            finish = sentences.finish_word(language, self.roadmap)
            date = language.date(moved.to, "plain")
            head = language.say("{finish}: moved to {date}.", finish=finish, date=date)
        elif ChangeKind.ASKED in kinds and self.roadmap.needs:
            head = sentences.needs_heading(language, self.roadmap)
        else:
            head = language.say("Latest news")
        return f"{head.rstrip('.')} \u00b7 {language.isolated(self.roadmap.project.title)}"


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "\u2026"


def _chat(part: _Project, sections: Sequence[Section]) -> Iterator[Block]:
    """Say the same in a few lines."""
    language = part.language
    for section in sections[:1]:
        for block in section.blocks[:2]:
            prose = Prose(block.prose.text, 0) if block.prose else None
            yield Block(title=closed(block.title), prose=prose, text="" if prose else block.text)
    for entry in part.roadmap.needs[:2]:
        request = part.pieces.request(entry)
        heading = language.say("We need this from you")
        text = joined(closed(request.ask), closed(dated_text(request.by)))
        yield Block(title=f"{heading}:", text=text)
    upcoming = part.roadmap.next_update
    if upcoming and not part.roadmap.is_finished and not part.roadmap.is_update_late:
        date = language.date(upcoming, "plain")
        yield Block(title=language.say("Next update:"), text=closed(date))


def compose(
    client: Client, language: Language, roadmaps: Sequence[Roadmap], occasion: Occasion
) -> Letter:
    """Say what changed to a client, in the order in which it is read."""
    say = language.say
    concerned = {change.project for change in occasion.changes}
    told = [
        _Project(language, roadmap, occasion)
        for roadmap in roadmaps
        if roadmap.project.id in concerned
    ]
    told.sort(key=lambda part: not part.finished)
    parts = [(part, part.sections(client.ends)) for part in told]
    is_closing = bool(told) and all(part.is_closing for part in told) and len(told) == len(roadmaps)
    begun = any(change.kind is ChangeKind.STARTED for change in occasion.changes)
    first = told[0]
    chat = tuple(line for part, sections in parts for line in _chat(part, sections))
    opening = (
        say("From now on one page tells you where your project stands, whenever you want to know.")
        if occasion.is_first and begun
        else ""
    )
    closing = (
        say(
            "If you liked working with us, would you write us a sentence or two that we may quote"
            " with your name? A reply to this message is enough. Thank you!"
        )
        if is_closing
        else ""
    )
    return Letter(
        language=language,
        client=client.name,
        subject=_clipped(first.subject(), SUBJECT),
        greeting=say("Hello,"),
        opening=opening,
        parts=tuple(
            Part(
                title=language.isolated(part.roadmap.project.title) if len(roadmaps) > 1 else "",
                sections=sections,
            )
            for part, sections in parts
        ),
        button=say("Open your page"),
        note=""
        if is_closing
        else joined(
            sentences.privacy(language, client.protection, roadmaps),
            say("You get the words for it from us separately.")
            if client.protection is Protection.PASSPHRASE
            else "",
        ),
        link=occasion.link,
        closing=closing,
        contact=first.roadmap.project.contact,
        agency=client.agency.name,
        colour=client.agency.colour,
        chat=chat,
    )
