"""The project's page: the answer, the road, and everything below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.model.page import Prose
from site_builder.model.parts import State
from site_builder.model.roadmap import EventKind, Look, Step, Verdict
from site_builder.pages import sentences
from site_builder.pages.expectations import expectations, is_of_use
from site_builder.pages.record import record
from site_builder.pages.views import Change, Dated, Following, Stop, bare_date, dated

if TYPE_CHECKING:
    import datetime

    from site_builder.language import Language
    from site_builder.model.project import Milestone
    from site_builder.model.roadmap import Roadmap
    from site_builder.pages.pieces import Pieces

WIDE_STOPS = 8
"""Up to so many steps stand side by side on wide screens."""
FOLDED_FROM = 13
"""From so many steps on the road is folded."""
BEFORE_HERE, FROM_HERE = 2, 5
PAST_MONTHS, COMING_MONTHS = 3, 2
SHOWN_FILES, SHOWN_CHANGES = 5, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Steps that stand closed in a `<details>`."""

    text: str
    stops: tuple[Stop, ...]
    first: int
    """The number of the first, for the list's `start`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The road, cut for its length."""

    title: str
    stops: tuple[Stop, ...]
    first: int
    is_wide: bool
    has_pin: bool
    before: Fold | None = None
    after: Fold | None = None
    finish: Stop | None = None
    older: Fold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The three panels: what just happened, why it matters, what comes next."""

    heading: str
    label: str
    href: str
    next: Following
    is_news: bool = False
    finished: Dated | None = None
    on: Dated | None = None
    """The day of what is no step."""
    happened: Prose | None = None
    thanks: str = ""
    why: Prose | None = None


def freshness(
    language: Language,
    updated: datetime.date,
    upcoming: datetime.date | None,
    today: datetime.date,
    *,
    is_late: bool,
) -> dict[str, object]:
    """Say when the page was updated, and when the client hears again."""
    is_ahead = upcoming is not None and upcoming >= today
    return {
        "updated": bare_date(language, updated, "full") if updated <= today else None,
        "next_update": bare_date(language, upcoming, "full") if upcoming and is_ahead else None,
        "is_update_late": is_late,
    }


def _month_number(day: datetime.date) -> int:
    return day.year * 12 + day.month


def _month_road(pieces: Pieces) -> Road:
    """Show a window of months; what is older is folded under it, newest first."""
    language, roadmap = pieces.language, pieces.roadmap
    now = _month_number(roadmap.today)
    window: list[Step] = []
    older: list[Step] = []
    for step in roadmap.steps:
        day = step.milestone.done or step.milestone.due
        distance = _month_number(day) - now if day else COMING_MONTHS
        # What is still open never hides among the finished ones, however old its date.
        if distance < -PAST_MONTHS and not step.milestone.is_open:
            older.append(step)
        elif step is roadmap.here or distance <= COMING_MONTHS:
            window.append(step)
    fold = None
    if older:
        text = language.plural(
            "Earlier: {number} step, finished.",
            "Earlier: {number} steps, all finished.",
            len(older),
        )
        fold = Fold(text=text, stops=tuple(pieces.stop(step) for step in reversed(older)), first=1)
    return Road(
        title=language.say("Your road, month by month"),
        stops=tuple(pieces.stop(step) for step in window),
        first=window[0].number if window else 1,
        is_wide=1 < len(window) <= WIDE_STOPS,
        has_pin=any(step.is_pinned for step in window),
        older=fold,
    )


def _folded_road(pieces: Pieces) -> Road:
    """Show two steps before here, here and four after it, and the finish; fold the rest."""
    language, steps = pieces.language, pieces.roadmap.steps
    here = pieces.roadmap.here
    position = here.number - 1 if here else len(steps) - 1
    low = max(0, position - BEFORE_HERE)
    high = min(len(steps) - 1, position + FROM_HERE)
    early, late = steps[:low], steps[high:-1]
    before = after = None
    if early:
        are_done = all(not step.milestone.is_open for step in early)
        text = (
            language.plural(
                "{number} earlier step, finished.",
                "{number} earlier steps, all finished.",
                len(early),
            )
            if are_done
            else language.plural("{number} earlier step.", "{number} earlier steps.", len(early))
        )
        before = Fold(text=text, stops=tuple(map(pieces.stop, early)), first=1)
    if late:
        are_planned = all(step.milestone.state is State.PLANNED for step in late)
        text = (
            language.plural(
                "{number} later step, planned.", "{number} later steps, all planned.", len(late)
            )
            if are_planned
            else language.plural("{number} later step.", "{number} later steps.", len(late))
        )
        after = Fold(text=text, stops=tuple(map(pieces.stop, late)), first=late[0].number)
    return Road(
        title=language.say("Your road, step by step"),
        stops=tuple(map(pieces.stop, steps[low:high])),
        first=low + 1,
        is_wide=False,
        has_pin=False,
        before=before,
        after=after,
        finish=pieces.stop(steps[-1]),
    )


def road(pieces: Pieces) -> Road:
    """Cut the road for its length and kind."""
    language, steps = pieces.language, pieces.roadmap.steps
    if pieces.roadmap.project.is_ongoing:
        return _month_road(pieces)
    # At the end the record names every step: a road that runs down the page would say it twice.
    is_told = pieces.roadmap.is_finished and len(steps) > WIDE_STOPS
    if len(steps) >= FOLDED_FROM or is_told:
        return _folded_road(pieces)
    one = len(steps) == 1
    return Road(
        title=language.say("What you will get") if one else language.say("Your road, step by step"),
        stops=tuple(map(pieces.stop, steps)),
        first=1,
        is_wide=1 < len(steps) <= WIDE_STOPS,
        has_pin=any(step.is_pinned for step in steps),
    )


def following(pieces: Pieces) -> Following:
    """Say what comes next, as the step that is here says it; else which step it is."""
    roadmap, say, date = pieces.roadmap, pieces.language.say, pieces.language.date
    pause, here, newest = roadmap.pause, roadmap.here, roadmap.newest_done
    if pause and pause.to:
        return Following(text=say("We go on after {date}.", date=date(pause.to, "full")))
    if pause and pause.decision_on:
        day = date(pause.decision_on, "full")
        return Following(text=say("By {date} we tell you here how we go on.", date=day))
    if pause:
        return Following(text=say("We tell you here how we go on."))
    for step in (here, newest):
        if step and step.milestone.next:
            told = step.milestone.next
            return Following(text=Prose(told, 0), more=Prose(told, 1))
    if here is None:
        return Following(text=say("Nothing more is planned."))
    return Following(
        text=pieces.language.soft(here.milestone.label),
        href=pieces.step_href(here.milestone),
        when=pieces.when(here, "full"),
        # Where nothing is finished, this stands beside it already.
        more=_why(here) if newest else None,
    )


def _why(step: Step | None) -> Prose | None:
    return Prose(step.milestone.matters, 0) if step and step.milestone.matters else None


def _told(milestone: Milestone) -> Prose | None:
    return Prose(milestone.happened, 0) if milestone.happened else None


def story(pieces: Pieces) -> Story | None:
    """Tell the newest news; None where there is nothing to tell yet."""
    language, roadmap = pieces.language, pieces.roadmap
    newest, here = roadmap.newest_done, roadmap.here
    if not roadmap.has_started or not (newest or here):
        return None
    coming, just_happened = following(pieces), language.say("What just happened")
    note = next((event for event in roadmap.events if event.kind is EventKind.NOTE), None)
    if newest:
        # Where nothing was finished for weeks, a newer note is the news.
        done = newest.milestone.done
        is_overtaken = note and done and note.on > done and not roadmap.just_finished
    else:
        is_overtaken = here is not None and here.milestone.state is State.PLANNED
    if newest and not is_overtaken:
        milestone = newest.milestone
        return Story(
            heading=just_happened,
            label=language.soft(milestone.label),
            href=pieces.step_href(milestone),
            is_news=newest.is_newest,
            finished=dated(language, "Finished {date}.", milestone.done, "full")
            if milestone.done
            else None,
            happened=_told(milestone),
            thanks=milestone.thanks,
            why=_why(newest),
            next=coming,
        )
    if here and not newest and not is_overtaken:
        # Its label says what will be true at the end, so `now` stands here.
        milestone = here.milestone
        doing = milestone.now or milestone.label
        return Story(
            heading=language.say("What is happening now"),
            label=language.soft(sentences.capital(doing)),
            href=pieces.step_href(milestone),
            happened=_told(milestone),
            why=_why(here),
            next=coming,
        )
    return Story(
        heading=just_happened,
        label=note.note.sentence if note and note.note else language.say("We started."),
        href=f"{pieces.base}changes/",
        on=bare_date(language, note.on if note else roadmap.project.starts, "full"),
        happened=Prose(note.note.text, 0) if note and note.note and note.note.text else None,
        why=_why(here),
        next=coming,
    )


def answer(pieces: Pieces, ends: datetime.date | None = None) -> dict[str, object]:
    """Say whether it is on course, when the client hears again, and what we need."""
    language, roadmap = pieces.language, pieces.roadmap
    bold, rest = sentences.verdict(language, roadmap)
    return {
        "eyebrow": language.isolated(roadmap.project.title),
        "verdict": {
            "state": roadmap.verdict.value,
            "icon": sentences.VERDICT_ICONS[roadmap.verdict],
            "bold": bold,
            "rest": rest,
        },
        **freshness(
            language,
            roadmap.updated,
            roadmap.next_update,
            roadmap.today,
            is_late=roadmap.is_update_late,
        ),
        "needs": tuple(pieces.request(entry) for entry in roadmap.needs),
        "needs_heading": sentences.needs_heading(language, roadmap),
        "needs_note": sentences.needs_note(language, roadmap, ends),
    }


def _outcomes_heading(language: Language, roadmap: Roadmap) -> str:
    if roadmap.is_finished:
        return language.say("What this has brought you")
    if any(step.milestone.state is State.DONE for step in roadmap.steps):
        return language.say("What this has brought you so far")
    return language.say("What this will bring you")


def project_view(pieces: Pieces, ends: datetime.date | None) -> dict[str, object]:
    """Compute everything that the project's page shows."""
    language, roadmap = pieces.language, pieces.roadmap
    project = roadmap.project
    changes: tuple[Change, ...] = tuple(
        pieces.change(event) for event in roadmap.events[:SHOWN_CHANGES]
    )
    # An empty bar says that nothing was done; the start is told instead.
    has_begun = any(step.look not in {Look.NEXT, Look.PLANNED} for step in roadmap.steps)
    has_bar = pieces.is_numbered and has_begun and roadmap.has_started
    drawn = road(pieces)
    return {
        **answer(pieces, ends),
        "headline": language.soft(sentences.headline(language, roadmap)),
        "meter": tuple(step.look.value for step in roadmap.steps) if has_bar else (),
        "meter_text": sentences.count_sentence(language, roadmap),
        "has_started": roadmap.has_started,
        "is_finished": roadmap.is_finished,
        "record": record(pieces),
        "story": story(pieces),
        "panels": expectations(language),
        "start_href": f"{pieces.base}start/" if is_of_use(roadmap) else "",
        "road": drawn,
        "outcomes": pieces.outcomes(),
        "outcomes_heading": _outcomes_heading(language, roadmap),
        # Results come first where they are the point.
        "outcomes_first": project.is_ongoing or roadmap.is_finished,
        "downloads": pieces.downloads()[:SHOWN_FILES],
        "changes": changes,
        "changes_href": f"{pieces.base}changes/",
        "scope_href": f"{pieces.base}scope/" if project.scope else "",
        "team": project.team,
        "is_paused": roadmap.verdict is Verdict.PAUSED,
    }
