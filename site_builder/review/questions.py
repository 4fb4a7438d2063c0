"""The four questions about each milestone of an offering.

Is it tied to an outcome of the client? Would a client understand it without an explanation? Is the
sequence easy to follow? Is it communicated consistently? Each answer is a verdict with its reason
and, where it is not yes, with what to change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.language import HEADINGS
from site_builder.model.answers import Asked, Doubt, Question, Reviewed, answer
from site_builder.review.conformance import differences
from site_builder.review.known import around
from site_builder.review.vocabulary import vocabulary
from site_builder.review.words import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.model.answers import Answer
    from site_builder.model.parts import Rhythm
    from site_builder.model.project import Offering, Project
    from site_builder.model.written import AgencyFile, OfferingMilestone
    from site_builder.review.conformance import Difference

WORKDAYS = 5 / 7
"""Working days in a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A project of an offering."""

    id: str
    """client/project."""
    project: Project
    same_language: bool
    """Whether its labels can be compared with those of the offering."""


def review_offering(
    offering: Offering, instances: Sequence[Instance], agency: AgencyFile
) -> Reviewed:
    """Answer the four questions for each step of an offering; `instances` are all its projects."""
    steps = offering.written.milestones
    compared = {
        one.id: differences(one.project, offering, same_language=one.same_language)
        for one in instances
    }
    strangers = [name for name, some in compared.items() if any(not one.step for one in some)]
    found = {name: some for name, some in compared.items() if name not in strangers}
    meant = {
        (instance.id, deviation.milestone)
        for instance in instances
        for deviation in instance.project.deviates
    }
    asked = []
    for index, step in enumerate(steps):
        before = steps[index - 1] if index else None
        after = steps[index + 1] if index + 1 < len(steps) else None
        communicated = [
            *_untold(step, is_last=after is None),
            *_deviating(step.id, found, meant),
        ]
        told = f"its three answers stand here; {_agreeing(step.id, found)}"
        answers = (
            _outcome(offering, step),
            answer(
                Question.UNDERSTOOD,
                _worded(offering, step, agency),
                "nothing in its words needs an explanation",
            ),
            answer(
                Question.SEQUENCE,
                _spaced(steps, index, agency.rhythm),
                _following(step, before, after),
            ),
            answer(Question.COMMUNICATED, communicated, told),
        )
        asked.append(
            Asked(
                id=step.id,
                label=step.shown_label,
                when=f"day {step.day}",
                place=offering.places[step.id],
                answers=answers,
            )
        )
    weeks = -(-steps[-1].day // 5)
    return Reviewed(
        kind="offering",
        id=offering.id,
        title=offering.written.title,
        summary=f"{counted(len(steps), 'step')} in about {counted(weeks, 'week')},"
        f" {counted(len(instances), 'project') if instances else 'no project so far'}",
        steps=tuple(asked),
        whole=tuple(
            answer(question, [doubt]) for question, doubt in _whole(offering, found, strangers)
        ),
    )


def counted(number: int, one: str) -> str:
    """Write a number with its word: `1 step`, `8 steps`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _outcome(offering: Offering, step: OfferingMilestone) -> Answer:
    known = offering.written.outcomes
    served = step.outcome or (tuple(known) if len(known) == 1 else ())
    doubts = []
    if not known:
        doubts.append(
            Doubt(
                "the offering names no outcome",
                "add outcomes: with what the client will have at the end, and name one here",
            )
        )
    elif not served:
        doubts.append(
            Doubt(
                "it names none of the outcomes",
                f"add outcome: with one of {', '.join(known)}; if none fits, no client needs this step",
            )
        )
    elif not step.matters:
        doubts.append(
            Doubt(
                "it names an outcome, and nothing says what it does for it",
                "add matters: what changes for the client with this step",
                is_weak=True,
            )
        )
    texts = " and ".join(f"“{known[name].text}”" for name in served if name in known)
    return answer(Question.OUTCOME, doubts, f"it leads to {texts}")


def _worded(offering: Offering, step: OfferingMilestone, agency: AgencyFile) -> Iterator[Doubt]:
    """Doubt what a client would not understand."""
    if step.label is None:
        yield Doubt(
            f"it has no label, so the road says “{step.shown_label}”",
            "add label: in two to four words what the client has then",
        )
    if not step.matters:
        yield Doubt(
            "nothing says why it matters", "add matters: what the client gains, in their words"
        )
    words = vocabulary(agency.language)
    if words is None:
        yield Doubt(
            f"nobody has judged its words: there are no lists of words in '{agency.language}' yet",
            "read it aloud to somebody who is not of your trade",
            is_weak=True,
        )
        return
    surroundings = around(
        outcomes=[outcome.text for outcome in offering.written.outcomes.values()],
        glossary=agency.glossary,
        avoid=agency.avoid,
    )
    for place in ("label", "title", "happened", "matters", "next"):
        text = getattr(step, place)
        for finding in judge(text, place, "", words, surroundings) if text else ():
            yield Doubt(f"in {place}: {finding.message}", finding.hint)


def _spaced(steps: Sequence[OfferingMilestone], index: int, rhythm: Rhythm) -> Iterator[Doubt]:
    """Doubt steps out of order, too far apart or too close together, and without a next one."""
    step = steps[index]
    before = steps[index - 1].day if index else 0
    gap = step.day - before
    most = round(rhythm.gap * WORKDAYS)
    name = f"“{steps[index - 1].shown_label}”" if index else "the start"
    if gap < 0:
        yield Doubt(
            f"day {step.day} is before day {before} of {name}, which stands above it",
            "give it a later day, or move it up",
        )
    elif gap > most:
        yield Doubt(
            f"{gap} working days after {name}: with more than {most} it looks like nothing happens",
            "add a step between them that the client can see",
        )
    days = round(rhythm.cluster_days * WORKDAYS)
    close = [other for other in steps if step.day - days < other.day <= step.day]
    if len(close) >= rhythm.cluster and step is close[-1]:
        yield Doubt(
            f"{len(close)} steps within {counted(days, 'working day')}: none of them stands out",
            "make one step of some, or spread them",
        )
    if not step.next and index + 1 < len(steps):
        yield Doubt(
            f"it does not lead to “{steps[index + 1].shown_label}”",
            "add next: what follows, and who does it",
        )


def _following(
    step: OfferingMilestone, before: OfferingMilestone | None, after: OfferingMilestone | None
) -> str:
    days = step.day - (before.day if before else 0)
    begins = f"“{before.shown_label}”" if before else "the start"
    leads = f", and it leads to “{after.shown_label}”" if after else ", and it is the end"
    return f"{counted(days, 'working day')} after {begins}{leads}"


def _untold(step: OfferingMilestone, *, is_last: bool) -> Iterator[Doubt]:
    """Doubt steps that leave an answer to each project."""
    needed = ("happened", "matters", *(() if is_last else ("next",)))
    missing = [answer for answer in needed if not getattr(step, answer)]
    if missing:
        named = " and ".join(f"“{HEADINGS[answer]}”" for answer in missing)
        yield Doubt(
            f"{named} {'is' if len(missing) == 1 else 'are'} left to each project",
            f"add {' and '.join(f'{answer}:' for answer in missing)} as an example to start from",
        )


def _deviating(
    step: str, found: Mapping[str, Sequence[Difference]], meant: set[tuple[str, str]]
) -> Iterator[Doubt]:
    """Doubt steps that projects do in another way."""
    differing = {
        name: [one for one in all_of if one.step == step] for name, all_of in found.items()
    }
    unexplained = [name for name, some in differing.items() if some and (name, step) not in meant]
    explained = [name for name, some in differing.items() if some and (name, step) in meant]
    if unexplained:
        yield Doubt(
            f"{', '.join(unexplained)} {'does' if len(unexplained) == 1 else 'do'} it in another way",
            "`site-builder check` says how; take the offering's step over, or write deviates: with the reason",
        )
    if 2 * len(explained) > len(found):
        yield Doubt(
            f"{len(explained)} of {counted(len(found), 'project')} mean to do it in another way",
            "ask whether the offering should change, or let the step be optional",
            is_weak=True,
        )


def _agreeing(step: str, found: Mapping[str, Sequence[Difference]]) -> str:
    same = sum(all(one.step != step for one in some) for some in found.values())
    if same == len(found):
        return {0: "no project has it yet", 1: "its only project follows it"}.get(
            same, f"all {same} projects follow it"
        )
    return f"{same} of {counted(len(found), 'project')} follow it"


def _whole(
    offering: Offering, found: Mapping[str, Sequence[Difference]], strangers: Sequence[str]
) -> Iterator[tuple[Question, Doubt]]:
    """Doubt what concerns no single step."""
    written = offering.written
    served = {name for step in written.milestones for name in step.outcome}
    idle = [name for name in written.outcomes if len(written.outcomes) > 1 and name not in served]
    if idle:
        yield (
            Question.OUTCOME,
            Doubt(
                f"no step leads to {', '.join(idle)}",
                "name it in the step that brings it, or promise less",
            ),
        )
    if not written.updates:
        yield (
            Question.COMMUNICATED,
            Doubt(
                "between the steps, clients do not know when they hear from you",
                "add updates: {every: week, on: Friday}",
            ),
        )
    if strangers:
        yield (
            Question.COMMUNICATED,
            Doubt(
                f"{', '.join(strangers)}: named after this offering, without one of its steps",
                "name another offering there, or take the steps over",
            ),
        )
    known = {step.id for step in written.milestones}
    added = Counter(one.step for some in found.values() for one in some if one.step not in known)
    often = [step for step, number in added.items() if number > 1]
    if often:
        yield (
            Question.COMMUNICATED,
            Doubt(
                f"several projects add the same step: {', '.join(often)}",
                "if every client needs it, add it to the offering",
                is_weak=True,
            ),
        )
