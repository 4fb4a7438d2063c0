"""The project's page: the answer, the road, and everything below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.model.page import Prose
from site_builder.model.parts import State
from site_builder.model.roadmap import EventKind, Step, Verdict
from site_builder.pages import sentences
from site_builder.pages.views import Change, Dated, Stop, bare_date

if TYPE_CHECKING:
    import datetime

    from site_builder.language import Language
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

    is_news: bool
    heading: str
    label: str
    href: str
    finished: Dated | None
    happened: Prose | None
    thanks: str
    why: Prose | None
    next: Prose | str
    next_more: Prose | None


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
    if len(steps) >= FOLDED_FROM:
        return _folded_road(pieces)
    one = len(steps) == 1
    return Road(
        title=language.say("What you will get") if one else language.say("Your road, step by step"),
        stops=tuple(map(pieces.stop, steps)),
        first=1,
        is_wide=1 < len(steps) <= WIDE_STOPS,
        has_pin=any(step.is_pinned for step in steps),
    )


def _next_panel(
    pieces: Pieces, here: Step | None, newest: Step
) -> tuple[Prose | str, Prose | None]:
    """What comes next, as the step that is here says it."""
    pause = pieces.roadmap.pause
    say, date = pieces.language.say, pieces.language.date
    if pause and pause.to:
        return say("We go on after {date}.", date=date(pause.to, "full")), None
    if pause and pause.decision_on:
        return say(
            "By {date} we tell you here how we go on.", date=date(pause.decision_on, "full")
        ), None
    if pause:
        return say("We tell you here how we go on."), None
    for step in (here, newest):
        if step and step.milestone.next:
            return Prose(step.milestone.next, 0), Prose(step.milestone.next, 1)
    if here and here.milestone.matters:
        return Prose(here.milestone.matters, 0), None
    return say("Nothing more is planned."), None


def story(pieces: Pieces) -> Story | None:
    """Tell the newest news; None where there is nothing to tell yet."""
    language, roadmap = pieces.language, pieces.roadmap
    told = roadmap.newest_done or roadmap.here
    if told is None or not roadmap.has_started:
        return None
    milestone = told.milestone
    following, following_more = _next_panel(pieces, roadmap.here, told)
    is_news = told.is_newest
    heading = (
        language.say("What just happened")
        if roadmap.newest_done
        else language.say("What is happening now")
    )
    note = next((event for event in roadmap.events if event.kind is EventKind.NOTE), None)
    if (
        roadmap.just_finished is None
        and roadmap.newest_done
        and note
        and note.note
        and milestone.done
        and note.on > milestone.done
    ):
        # Nothing was finished for weeks: the newest note is the news.
        return Story(
            is_news=False,
            heading=heading,
            label=note.note.sentence,
            href=f"{pieces.base}changes/",
            finished=None,
            happened=Prose(note.note.text, 0) if note.note.text else None,
            thanks="",
            why=Prose(roadmap.here.milestone.matters, 0) if roadmap.here else None,
            next=following,
            next_more=following_more,
        )
    return Story(
        is_news=is_news,
        heading=heading,
        label=milestone.label,
        href=pieces.step_href(milestone),
        finished=bare_date(language, milestone.done, "full") if milestone.done else None,
        happened=Prose(milestone.happened, 0) if milestone.happened else None,
        thanks=milestone.thanks,
        why=Prose(milestone.matters, 0) if milestone.matters else None,
        next=following,
        next_more=following_more,
    )


def project_view(pieces: Pieces, ends: datetime.date | None) -> dict[str, object]:
    """Compute everything that the project's page shows."""
    language, roadmap = pieces.language, pieces.roadmap
    project = roadmap.project
    bold, rest = sentences.verdict(language, roadmap)
    changes: tuple[Change, ...] = tuple(
        pieces.change(event) for event in roadmap.events[:SHOWN_CHANGES]
    )
    has_bar = len(roadmap.steps) > 1 and not project.is_ongoing and roadmap.has_started
    any_done = any(step.milestone.state is State.DONE for step in roadmap.steps)
    drawn = road(pieces)
    return {
        "eyebrow": project.title,
        "headline": sentences.headline(language, roadmap),
        "verdict": {
            "state": roadmap.verdict.value,
            "icon": sentences.VERDICT_ICONS[roadmap.verdict],
            "bold": bold,
            "rest": rest,
        },
        "meter": tuple(step.look.value for step in roadmap.steps) if has_bar else (),
        "meter_text": sentences.count_sentence(language, roadmap),
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
        "has_started": roadmap.has_started,
        "is_finished": roadmap.is_finished,
        "story": story(pieces),
        "road": drawn,
        "outcomes": pieces.outcomes(),
        "outcomes_heading": language.say("What this has brought you so far")
        if any_done
        else language.say("What this will bring you"),
        # Results come first where they are the point.
        "outcomes_first": project.is_ongoing or roadmap.is_finished,
        "downloads": pieces.downloads()[:SHOWN_FILES],
        "changes": changes,
        "changes_href": f"{pieces.base}changes/",
        "scope_href": f"{pieces.base}scope/" if project.scope else "",
        "team": project.team,
        "is_paused": roadmap.verdict is Verdict.PAUSED,
    }
