"""Views of the things that stand on several pages: steps, needs, changes, files, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

from site_builder.model.fields import is_web_link
from site_builder.model.page import Prose
from site_builder.model.parts import State
from site_builder.model.roadmap import Event, Look, OpenNeed, Roadmap, Step
from site_builder.pages.news import EVENT_ICONS, words_of
from site_builder.pages.replies import reply
from site_builder.pages.sentences import capital, closed, joined
from site_builder.pages.views import (
    Change,
    Dated,
    Download,
    OutcomeCard,
    Request,
    Stop,
    Tag,
    Tick,
    bare_date,
    dated,
)

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.parts import Outcome
    from site_builder.model.project import Deliverable, Milestone

SHOWN_TICKS = 3

_NODE_ICONS = {
    Look.DONE: "done",
    Look.DOING: "doing",
    Look.WAITING: "waiting",
    Look.SKIPPED: "skipped",
    Look.PAUSED: "pause",
}


def state_word(language: Language, look: Look) -> str:
    """Name a state as the client reads it."""
    words = {
        Look.DONE: language.say("Done"),
        Look.DOING: language.say("In progress"),
        Look.WAITING: language.say("Waiting for you"),
        Look.NEXT: language.say("Next"),
        Look.PLANNED: language.say("Planned"),
        Look.SKIPPED: language.say("Skipped"),
        Look.PAUSED: language.say("Paused"),
    }
    return words[look]


def file_size(language: Language, size: int) -> str:
    """Write a number of bytes as people read it: 320 KB, 1.4 MB."""
    if size < 1_000_000:  # noqa: PLR2004
        return language.say("{size} KB", size=language.number(max(1, round(size / 1000))))
    return language.say("{size} MB", size=language.number(round(Decimal(size) / 1_000_000, 1)))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Makes the views of one project for one page."""

    language: Language
    roadmap: Roadmap
    base: str
    """The way from the page to the project's folder."""
    client: str = ""
    """The client's name, for the subject of replies."""

    @property
    def is_numbered(self) -> bool:
        """Tell whether steps have numbers; a single one and those of a service do not."""
        return len(self.roadmap.steps) > 1 and not self.roadmap.project.is_ongoing

    def step_href(self, milestone: Milestone) -> str:
        """Link to a step's own page."""
        return f"{self.base}{milestone.id}/"

    def step_name(self, step: Step) -> str:
        """Name a step by its number, or by its month in a service without an end."""
        if self.roadmap.project.is_ongoing:
            day = step.milestone.done or step.milestone.due
            words = self.language
            return capital(words.date(day, "month")) if day else words.say("Date to follow")
        return self.language.say("Step {number}", number=step.number) if self.is_numbered else ""

    def tags(self, step: Step) -> tuple[Tag, ...]:
        """Say a step's state, and what is special about it, as icons and words."""
        say = self.language.say
        if step.is_newest:
            tags = [Tag(state="new", icon="done", text=say("Just finished"))]
        else:
            icon = {Look.PAUSED: "pause"}.get(step.look, step.look.value)
            tags = [
                Tag(state=step.look.value, icon=icon, text=state_word(self.language, step.look))
            ]
        if step.is_past:
            tags.append(Tag(state="late", icon="late", text=say("Taking longer")))
        if step.was:
            tags.append(Tag(state="moved", icon="moved", text=say("Date moved")))
        if step.milestone.at_risk and step.milestone.is_open:
            tags.append(Tag(state="at-risk", icon="risk", text=say("Date at risk")))
        if step.milestone.is_draft:
            tags.append(Tag(state="hidden", icon="note", text=say("Draft, not published")))
        elif step.milestone.publish_on:
            day = self.language.date(step.milestone.publish_on, "plain")
            tags.append(Tag(state="hidden", icon="note", text=say("Hidden until {date}", date=day)))
        return tuple(tags)

    def when(self, step: Step, style: str = "short") -> Dated | None:
        """Say a step's date; None where it is to follow."""
        language, milestone = self.language, step.milestone
        if milestone.done:
            return bare_date(language, milestone.done, style)
        if milestone.skipped:
            return dated(language, "agreed {date}", milestone.skipped.on, style)
        if milestone.due is None or not step.has_date:
            return None
        if step.is_past:
            return dated(language, "was planned for {date}", milestone.due, style)
        return dated(language, "by {date}", milestone.due, style)

    def stop(self, step: Step) -> Stop:
        """Show a step on the road."""
        milestone = step.milestone
        when = self.when(step)
        was = None
        if step.was and when and not step.is_past:
            was = dated(self.language, "was {date}", step.was, "short")
        mark = _NODE_ICONS.get(step.look, "")
        if not mark and not self.is_numbered:
            mark = step.look.value
        is_told = len(self.roadmap.steps) == 1 and self.roadmap.has_started  # by the story
        tells_why = (milestone.state is not State.DONE or step.is_newest) and not is_told
        why = Prose(milestone.matters, 0) if tells_why and milestone.matters else None
        return Stop(
            label=self.language.soft(milestone.label),
            href=self.step_href(milestone),
            name=self.step_name(step),
            state=step.look.value,
            mark=mark,
            number=step.number,
            when=when,
            when_text="" if when else self.language.say("Date to follow"),
            was=was,
            tags=self.tags(step),
            why=why,
            is_pinned=step.is_pinned,
            is_newest=step.is_newest,
        )

    def request(self, entry: OpenNeed, project: str = "") -> Request:
        """Show one thing that we need."""
        say, need = self.language.say, entry.need
        takes = say("Takes {takes}.", takes=need.takes.rstrip(".")) if need.takes else ""
        by = None
        if need.by and entry.is_overdue:
            by = dated(
                self.language, "Was due {date}. We go on as soon as we have it.", need.by, "day"
            )
        elif need.by:
            by = dated(self.language, "By {date}", need.by, "full")
        link = need.link or ""
        is_outside = is_web_link(link)
        return Request(
            ask=self.language.soft(need.ask),
            by=by,
            details=joined(takes, "" if entry.is_overdue else closed(need.protects)),
            button=(need.button or say("Open it")) if link else "",
            href=link if is_outside or not link else self.base + quote(link),
            is_outside=is_outside,
            project=self.language.isolated(project),
            step=entry.milestone.id,
            reply=reply(
                self.language,
                self.roadmap.project.contact,
                need,
                (self.client, self.roadmap.project.title, entry.milestone.label),
            ),
        )

    def change(self, event: Event, project: str = "", *, full: bool = False) -> Change:
        """Show one dated sentence; `full` with the text of an update."""
        before, after = words_of(self.language, event)
        named = event.milestone if event.need is None else None
        has_more = event.note is not None and bool(event.note.text)
        more = (
            Prose(event.note.text, name=f"n{event.note.on:%m%d}")
            if full and event.note and event.note.text
            else None
        )
        href = self.step_href(named) if named else ""
        if has_more and not full:
            href = f"{self.base}changes/"
        return Change(
            kind=event.kind.value,
            icon=EVENT_ICONS[event.kind],
            on=bare_date(self.language, event.on, "short"),
            before=before,
            label=self.language.soft(named.label) if named else "",
            href=href,
            after=after,
            project=self.language.isolated(project),
            more=more,
        )

    def download(self, entry: Deliverable, step: Step | None = None) -> Download:
        """Show something that the client has; with the step, on the landing page."""
        language = self.language
        kind = entry.kind
        if entry.size is not None and not kind:
            suffix = entry.target.rpartition(".")[2].upper()
            kind = language.say("{kind}, {size}", kind=suffix, size=file_size(language, entry.size))
        origin = ""
        if step and step.milestone.done:
            on = language.date(step.milestone.done, "short")
            if self.roadmap.project.is_ongoing:
                origin = self.step_name(step)
            elif len(self.roadmap.steps) == 1:
                origin = on
            else:
                origin = language.say("step {number}, {date}", number=step.number, date=on)
        return Download(
            title=language.soft(entry.title),
            href=self.base + quote(entry.target) if entry.is_file else entry.target,
            icon="file" if entry.is_file else "link",
            note=" \u00b7 ".join(part for part in (kind, origin) if part),
            is_outside=not entry.is_file,
        )

    def downloads(self) -> tuple[Download, ...]:
        """Everything that finished steps brought, newest first."""
        finished = [step for step in self.roadmap.steps if step.milestone.done]
        finished.sort(key=lambda step: step.milestone.done or self.roadmap.today, reverse=True)
        return tuple(
            self.download(entry, step) for step in finished for entry in step.milestone.files
        )

    def _tick(self, step: Step, told: set[str] | None = None) -> Tick:
        """Show a step; with `told`, say why it matters unless another outcome has said it."""
        milestone = step.milestone
        is_new = told is not None and milestone.id not in told
        if told is not None:
            told.add(milestone.id)
        return Tick(
            label=self.language.soft(milestone.label),
            href=self.step_href(milestone),
            when=self.when(step),
            why=Prose(milestone.matters, 0) if is_new and milestone.matters else None,
        )

    def _outcome(self, identifier: str, outcome: Outcome, told: set[str]) -> OutcomeCard:
        language = self.language
        serving = [
            step
            for step in self.roadmap.steps
            if identifier in step.milestone.outcomes and step.look is not Look.SKIPPED
        ]
        finished = [step for step in serving if step.milestone.state is State.DONE]
        finished.sort(key=lambda step: step.milestone.done or self.roadmap.today, reverse=True)
        coming = [step for step in serving if step.milestone.is_open]
        measured = ""
        if (
            outcome.now is not None
            and outcome.start is not None
            and outcome.start_on
            and outcome.as_of
        ):
            first, newest = (
                language.date(day, "short-month") for day in (outcome.start_on, outcome.as_of)
            )
            measured = " \u00b7 ".join(
                language.say("{month}: {amount}", month=month, amount=language.number(amount))
                for month, amount in ((first, outcome.start), (newest, outcome.now))
            )

        def more(steps: list[Step]) -> str:
            rest = len(steps) - SHOWN_TICKS
            return (
                language.plural("and {number} more", "and {number} more", rest) if rest > 0 else ""
            )

        def figure(value: Decimal | None) -> str:
            return language.number(value) if value is not None else ""

        start, goal = figure(outcome.start), figure(outcome.goal)
        return OutcomeCard(
            text=language.isolated(outcome.text),
            unit=outcome.unit or "",
            start=start,
            started=language.say("When we started: {amount}", amount=start) if start else "",
            now=figure(outcome.now),
            goal=language.say("Goal: {amount}", amount=goal) if goal else "",
            measured=measured,
            share=_share(outcome),
            finished=tuple(self._tick(step, told) for step in finished[:SHOWN_TICKS]),
            finished_more=more(finished),
            coming=tuple(self._tick(step) for step in coming[:SHOWN_TICKS]),
            coming_more=more(coming),
        )

    def outcomes(self) -> tuple[OutcomeCard, ...]:
        """What the client wants; one that nothing served is left out when all is finished."""
        told: set[str] = set()
        cards = (
            self._outcome(identifier, outcome, told)
            for identifier, outcome in self.roadmap.project.outcomes.items()
        )
        return tuple(card for card in cards if card.finished or not self.roadmap.is_finished)


def _share(outcome: Outcome) -> int | None:
    """Return the part of the way from start to goal, in percent; falling numbers too."""
    if outcome.start is None or outcome.now is None or outcome.goal is None:
        return None
    if outcome.goal == outcome.start:
        return 100 if outcome.now == outcome.goal else None
    part = round(100 * (outcome.now - outcome.start) / (outcome.goal - outcome.start))
    return max(2, min(100, part))
