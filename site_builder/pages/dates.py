"""The days that a client may want in a calendar: starts, steps, requests, updates, the end.

What has no date, or a date that does not hold while a project rests, is no entry; neither is what
is finished or left out, but for the end itself. Every project has at least its first day, because
a calendar without any entry is none (RFC 5545, 3.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.following import CalendarEntry, stable_id
from site_builder.pages.sentences import closed, finish_word, joined

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from site_builder.language import Language
    from site_builder.model.project import Client, Milestone
    from site_builder.model.roadmap import OpenNeed, Roadmap, Step


class _Dates:
    """Makes the entries of one project."""

    def __init__(self, client: Client, language: Language, roadmap: Roadmap) -> None:
        """Keep what each entry needs."""
        self.client, self.language, self.roadmap = client, language, roadmap

    def _entry(
        self,
        names: Sequence[str],
        on: datetime.date,
        title: str,
        *,
        text: str = "",
        moves: int = 0,
        step: Milestone | None = None,
    ) -> CalendarEntry:
        project = self.roadmap.project
        return CalendarEntry(
            id=stable_id(self.client.id, project.id, *names),
            on=on,
            title=title,
            text=text,
            moves=moves,
            updated=self.roadmap.updated,
            way=f"{project.id}/{step.id}/" if step else f"{project.id}/",
        )

    def _titled(self, word: str, text: str) -> str:
        """Say in a calendar full of other things what this is, and of which project."""
        colon = self.language.say(": ")
        project = self.roadmap.project.title
        return f"{word}{colon}{text} \u00b7 {project}" if text else f"{word}{colon}{project}"

    def _step(self, step: Step) -> CalendarEntry | None:
        language, roadmap, milestone = self.language, self.roadmap, step.milestone
        is_end = step is roadmap.last and not roadmap.project.is_ongoing
        moves = len(milestone.moved)
        if milestone.is_open and step.has_date:
            on = milestone.due
        elif is_end and roadmap.is_finished:
            on = milestone.done
            moves += milestone.done != milestone.due
        else:
            on = None
        if on is None:
            return None
        text = ""
        if milestone.is_open and milestone.moved:
            move = milestone.moved[-1]
            was = language.say("It was {date}.", date=language.date(move.was, "full"))
            text = joined(was, closed(move.why), closed(move.effect))
        word = finish_word(language, roadmap) if is_end else language.say("Planned")
        title = self._titled(word, milestone.label)
        return self._entry(
            ("step", milestone.id), on, title, text=text, moves=moves, step=milestone
        )

    def _need(self, entry: OpenNeed, by: datetime.date) -> CalendarEntry:
        say, need, milestone = self.language.say, entry.need, entry.milestone
        takes = say("Takes {takes}.", takes=need.takes.rstrip(".")) if need.takes else ""
        return self._entry(
            ("need", milestone.id, str(milestone.needs.index(need))),
            by,
            self._titled(say("Your turn"), need.ask),
            text=joined(takes, closed(need.protects)),
            # Nobody writes down how often this date moved; a later one has a higher number.
            moves=max(0, (by - need.asked).days),
            step=milestone,
        )

    def all(self) -> Iterator[CalendarEntry]:
        """List the entries; steps that the client does not see yet have none."""
        say, roadmap = self.language.say, self.roadmap
        project = roadmap.project
        yield self._entry(("start",), project.starts, self._titled(say("First day"), ""))
        for step in roadmap.steps:
            if not step.milestone.is_hidden and (entry := self._step(step)):
                yield entry
        for wanted in roadmap.needs:
            if wanted.need.by and not wanted.milestone.is_hidden:
                yield self._need(wanted, wanted.need.by)
        if roadmap.next_update and not roadmap.is_finished:
            on = roadmap.next_update
            title = self._titled(say("Next update"), "")
            yield self._entry(("update",), on, title, moves=max(0, (on - project.starts).days))


def dates(
    client: Client, language: Language, roadmaps: Sequence[Roadmap]
) -> tuple[CalendarEntry, ...]:
    """List the days of all projects, by date."""
    entries = [entry for roadmap in roadmaps for entry in _Dates(client, language, roadmap).all()]
    return tuple(sorted(entries, key=lambda entry: (entry.on, entry.id)))
