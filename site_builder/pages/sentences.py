"""The answer in words: headline, verdict, count, and what stands above the needs."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from site_builder.model.links import Protection
from site_builder.model.parts import State
from site_builder.model.roadmap import Roadmap, Step, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.language import Language

VERDICT_ICONS = {
    Verdict.ON_COURSE: "done",
    Verdict.FINISHED: "done",
    Verdict.NOT_STARTED: "moved",
    Verdict.MOVED: "moved",
    Verdict.AT_RISK: "risk",
    Verdict.LATE: "late",
    Verdict.PAUSED: "pause",
}


def joined(*sentences: str) -> str:
    """Set sentences side by side; empty ones vanish."""
    return " ".join(sentence.strip() for sentence in sentences if sentence.strip())


def closed(sentence: str) -> str:
    """End a sentence with a full stop if it has no end yet."""
    text = sentence.rstrip()
    return text if not text or text[-1] in ".!?\u2026:\u061f" else f"{text}."


def capital(text: str) -> str:
    """Begin a sentence or a heading with a capital letter: most languages write months without."""
    return text[:1].upper() + text[1:]


def held_together(language: Language, number: int, count: int) -> str:
    """Say "step 5 of 8" so that no line breaks inside it."""
    text = language.say("step {number} of {count}", number=number, count=count)
    return text.replace(" ", "\u00a0")


def finish_word(language: Language, roadmap: Roadmap) -> str:
    """Return the agency's word for the end, or ours."""
    return roadmap.project.finish or language.say("Last step")


def headline(language: Language, roadmap: Roadmap) -> str:
    """Answer "where are we" in one line; the first that applies."""
    project, here, count = roadmap.project, roadmap.here, len(roadmap.steps)
    if roadmap.is_finished and roadmap.last:
        return roadmap.last.milestone.title
    if not roadmap.has_started:
        return language.say("We start on {date}", date=language.date(project.starts, "full"))
    if not roadmap.steps:
        return language.say("Your first steps follow here soon")
    if project.is_ongoing:
        return _month_headline(language, roadmap)
    if here is None:
        return project.title
    milestone = here.milestone
    step = held_together(language, here.number, count)
    if roadmap.verdict is Verdict.PAUSED:
        return language.say("Paused") if count == 1 else language.say("Paused at {step}", step=step)
    if count == 1:
        if milestone.now:
            return language.say("Right now: {now}", now=milestone.now)
        return language.say("Next: {label}", label=milestone.label)
    if milestone.state is not State.PLANNED and milestone.now:
        return language.say("You\u2019re at {step}: {now}", step=step, now=milestone.now)
    return language.say("Next: {step}, {label}", step=step, label=milestone.label)


def _month_headline(language: Language, roadmap: Roadmap) -> str:
    month = capital(language.date(roadmap.today, "month"))
    if roadmap.here is None:
        return language.say("{month}: everything planned is finished", month=month)
    milestone = roadmap.here.milestone
    if milestone.now:
        return language.say("{month}: {now}", month=month, now=milestone.now)
    return language.say("{month}, next: {label}", month=month, label=milestone.label)


def _end_sentence(language: Language, roadmap: Roadmap) -> str:
    """Say when the end is planned; without an end, when the step that is here is due."""
    if roadmap.project.is_ongoing:
        here = roadmap.here
        if here is None or here.milestone.due is None or here.is_past:
            return ""
        return language.say(
            "Next step: planned for {date}.", date=language.date(here.milestone.due, "full")
        )
    finish = finish_word(language, roadmap)
    if roadmap.ends is None:
        return language.say("{finish}: date to follow.", finish=finish) if roadmap.steps else ""
    words = {"finish": finish, "date": language.date(roadmap.ends, "full")}
    if roadmap.last and roadmap.last.is_past:
        return language.say("{finish}: was planned for {date}.", **words)
    return language.say("{finish}: planned for {date}.", **words)


def _finished(language: Language, roadmap: Roadmap) -> str:
    last = roadmap.last.milestone if roadmap.last else None
    if last is None or last.done is None:
        return ""
    words = {"finish": finish_word(language, roadmap), "date": language.date(last.done, "full")}
    first = last.first_due
    if first is None:
        return language.say("{finish}: {date}.", **words)
    if first == last.done:
        return language.say("{finish}: {date}, as first planned.", **words)
    return language.say(
        "{finish}: {date} (first planned for {before}).",
        **words,
        before=language.date(first, "day"),
    )


def _paused(language: Language, roadmap: Roadmap) -> tuple[str, str]:
    pause = roadmap.pause
    if pause is None:
        return "", ""
    head = language.say("On hold since {date}.", date=language.date(pause.from_on, "full"))
    if pause.to:
        until = language.say("Until {date}.", date=language.date(pause.to, "full"))
        return head, joined(closed(pause.why), until, _end_sentence(language, roadmap))
    finish = finish_word(language, roadmap)
    if roadmap.project.is_ongoing:
        end = ""
    elif pause.decision_on:
        date = language.date(pause.decision_on, "full")
        end = language.say("{finish}: new date follows by {date}.", finish=finish, date=date)
    else:
        end = language.say("{finish}: new date to follow.", finish=finish)
    return head, joined(closed(pause.why), end)


def _at_risk(language: Language, roadmap: Roadmap, step: Step) -> tuple[str, str]:
    risk = step.milestone.at_risk
    if roadmap.project.is_ongoing or len(roadmap.steps) == 1:
        head = language.say("At risk: {label}.", label=step.milestone.label)
    else:
        head = language.say(
            "At risk: step {number}, {label}.", number=step.number, label=step.milestone.label
        )
    known = ""
    if risk and risk.decision_on:
        known = language.say(
            "We will know by {date}.", date=language.date(risk.decision_on, "full")
        )
    return head, joined(closed(risk.why) if risk else "", known, _end_sentence(language, roadmap))


def _late(language: Language, roadmap: Roadmap, step: Step) -> tuple[str, str]:
    if roadmap.project.is_ongoing or len(roadmap.steps) == 1:
        head = language.say("Taking longer than planned: {label}.", label=step.milestone.label)
    else:
        head = language.say("Step {number} is taking longer than planned.", number=step.number)
    due = step.milestone.due
    was = language.say("It was planned for {date}.", date=language.date(due, "day")) if due else ""
    end = "" if step is roadmap.last else _end_sentence(language, roadmap)
    return head, joined(was, end)


def _on_course(language: Language, roadmap: Roadmap) -> str:
    if roadmap.project.is_ongoing or roadmap.ends is None:
        return _end_sentence(language, roadmap)
    words = {"finish": finish_word(language, roadmap), "date": language.date(roadmap.ends, "full")}
    first = roadmap.last.milestone.first_due if roadmap.last else None
    if first and first != roadmap.ends:
        before = language.date(first, "day")
        return language.say(
            "{finish}: still planned for {date} (it was {before}).", **words, before=before
        )
    if roadmap.newest_done is None:  # "still" is said of what has held for a while
        return _end_sentence(language, roadmap)
    return language.say("{finish}: still planned for {date}.", **words)


def verdict(language: Language, roadmap: Roadmap) -> tuple[str, str]:
    """Say whether the project is on course: the bold words and the rest."""
    step = roadmap.concerned
    if roadmap.verdict is Verdict.FINISHED:
        return language.say("All steps are done."), _finished(language, roadmap)
    if roadmap.verdict is Verdict.NOT_STARTED:
        return language.say("Not started yet."), _end_sentence(language, roadmap)
    if roadmap.verdict is Verdict.PAUSED:
        return _paused(language, roadmap)
    if roadmap.verdict is Verdict.AT_RISK and step:
        return _at_risk(language, roadmap, step)
    if roadmap.verdict is Verdict.LATE and step:
        return _late(language, roadmap, step)
    if roadmap.verdict is Verdict.MOVED and step and roadmap.ends:
        move = step.milestone.moved[-1]
        head = language.say(
            "{finish}: moved to {date}.",
            finish=finish_word(language, roadmap),
            date=language.date(roadmap.ends, "full"),
        )
        was = language.say("It was {date}.", date=language.date(move.was, "day"))
        return head, joined(was, closed(move.why))
    if not roadmap.steps:
        return language.say("We started."), ""
    return language.say("On course."), _on_course(language, roadmap)


def count_sentence(language: Language, roadmap: Roadmap) -> str:
    """Say how many steps are in which state, after the percentage where there is one."""
    states = [step.milestone.state for step in roadmap.steps]
    done = states.count(State.DONE)
    if len(states) < 2 or not roadmap.has_started:  # noqa: PLR2004 - a single step needs no count
        return ""
    finished = language.plural("{number} step finished", "{number} steps finished", done)
    if roadmap.project.is_ongoing:
        month = language.date(roadmap.project.starts, "month")
        return language.say("{count} since {month}.", count=finished, month=month)
    plural = language.plural
    skipped, waiting = states.count(State.SKIPPED), states.count(State.WAITING)
    doing, planned = states.count(State.DOING), states.count(State.PLANNED)
    parts = (
        (done, finished),
        (skipped, plural("{number} skipped", "{number} skipped", skipped)),
        (waiting, plural("{number} waiting for you", "{number} waiting for you", waiting)),
        (doing, plural("{number} in progress", "{number} in progress", doing)),
        (planned, plural("{number} to come", "{number} to come", planned)),
    )
    counts = language.say(", ").join(text for number, text in parts if number) + "."
    if roadmap.percent and not roadmap.is_finished:
        return joined(
            language.say(
                "About {percent} of the work is done:", percent=language.percent(roadmap.percent)
            ),
            counts,
        )
    return counts


def needs_heading(language: Language, roadmap: Roadmap) -> str:
    """Say how many things we need from the client."""
    number = len(roadmap.needs)
    if number and not roadmap.has_started:
        return language.plural(
            "Before we start, we need {number} thing from you",
            "Before we start, we need {number} things from you",
            number,
        )
    if number:
        return needed(language, number)
    if roadmap.is_finished:
        return language.say("Nothing left to do")
    return language.say("Nothing needed from you right now")


def needed(language: Language, number: int) -> str:
    """Head the list of what we need."""
    return language.plural(
        "We need {number} thing from you", "We need {number} things from you", number
    )


def privacy(language: Language, protection: Protection, roadmaps: Sequence[Roadmap]) -> str:
    """Say who can open a client's pages, and until when its address stays."""
    say = language.say
    if protection is Protection.PASSPHRASE:
        who = say(
            "Only people with this link and the words for it can open it,"
            " so please share them only inside your team."
        )
    else:
        who = say(
            "Only people with this link can see it, so please share it only inside your team."
        )
    is_over = all(roadmap.is_finished for roadmap in roadmaps)
    stays = say("Bookmark it: the address stays the same until the project ends.")
    return joined(who, "" if is_over else stays)


def needs_note(language: Language, roadmap: Roadmap, ends: datetime.date | None) -> str:
    """Say what stands in place of needs."""
    if roadmap.needs:
        return ""
    if roadmap.is_finished:
        # `ends` is the first day on which the page is closed.
        last_day = ends - datetime.timedelta(days=1) if ends else None
        if last_day is None:
            return ""
        stays = language.say(
            "This page stays here until {date}.", date=language.date(last_day, "full")
        )
        has_files = any(step.milestone.files for step in roadmap.steps)
        save = language.say("Until then, save the files that you want to keep.")
        return joined(stays, save if has_files else "")
    return language.say("We will ask here, with a date, when there is something.")
