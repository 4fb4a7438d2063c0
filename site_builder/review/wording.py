"""How the sentences of a project are worded: each by itself, and held against the others."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity
from site_builder.model.fields import LANGUAGES
from site_builder.model.project import Place
from site_builder.review.finding import finding
from site_builder.review.known import around, small
from site_builder.review.vocabulary import WORD, vocabulary
from site_builder.review.words import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from site_builder.model.project import Client, Milestone, Project
    from site_builder.model.texts import WrittenText
    from site_builder.review.finding import Finding
    from site_builder.review.known import Around
    from site_builder.review.vocabulary import Vocabulary

ALIKE = 0.75
"""Share of common words from which two texts say the same."""
SHORT = 3
"""Words with so few letters say little; texts with so few words are alike by chance."""
_NAMES = {"happened": "what just happened", "matters": "why it matters"}
COMPARED = ("title", "happened", "matters", "next")
"""Answers that should differ from step to step, and from each other."""


def wording(project: Project, client: Client) -> Iterator[Finding]:
    """Find sentences that a client will not understand or value."""
    words = vocabulary(client.language)
    if words is None:
        return
    known = _surroundings(project, client)
    steps = [milestone for milestone in project.milestones if not milestone.is_draft]
    for step in steps:
        yield from _judged(step.id, step.state.value, step.texts, words, known)
        yield from _repeats(step)
    yield from _judged("", "", project.texts, words, known)
    yield from _same_texts(steps)


def unjudged(language: str, path: str) -> Iterator[Problem]:
    """Say that the words of a language are not judged, if they are not."""
    if vocabulary(language) is None:
        name = LANGUAGES.get(language, f"'{language}'")
        message = f"there are no lists of words in {name}, so texts in it are not judged"
        hint = "read them once as your client would, on a phone, in forty seconds"
        yield Problem(
            path=path, rule="no-word-list", message=message, hint=hint, severity=Severity.NOTE
        )


def _surroundings(project: Project, client: Client) -> Around:
    people = [project.contact.name, client.contact.name, *(each.name for each in project.team)]
    return around(
        client=client.name,
        outcomes=[outcome.text for outcome in project.outcomes.values()],
        names=[name for name in people if name],
        glossary=(*client.agency.glossary, *project.glossary),
        avoid=client.agency.avoid,
    )


def _judged(
    step: str, state: str, texts: Sequence[WrittenText], words: Vocabulary, known: Around
) -> Iterator[Finding]:
    for text in texts:
        for remark in judge(text.text, text.place, state, words, known):
            place = Place(text.path, *text.span(remark.start, remark.end))
            severity = Severity.NOTE if remark.is_note else Severity.WARNING
            message, hint = remark.message, remark.hint
            yield finding(step, place, remark.rule, message, hint, severity=severity)


def _whole(text: WrittenText) -> Place:
    return Place(text.path, *text.span(0, len(text.text)))


def _meaning(text: WrittenText) -> frozenset[str]:
    return frozenset(word for word in WORD.findall(small(text.text)) if len(word) > SHORT)


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return min(len(one), len(other)) > SHORT and len(one & other) >= ALIKE * len(one | other)


def _repeats(step: Milestone) -> Iterator[Finding]:
    """Find answers of a step that say what another one says already."""
    texts = {text.place: text for text in step.texts}
    label, title = texts.get("label"), texts.get("title")
    if label and title and small(label.text) == small(title.text):
        message = "the title repeats the label"
        hint = "say in the title what the client can do then, or delete the line: the page takes the first sentence of why it matters"
        yield finding(step.id, _whole(title), "repeats", message, hint)
    answers = [(place, texts[place]) for place in COMPARED[1:] if place in texts]
    meanings = {place: _meaning(text) for place, text in answers}
    for (first, _), (second, text) in itertools.combinations(answers, 2):
        if _are_alike(meanings[first], meanings[second]):
            message = f"this repeats {_NAMES[first]}"
            hint = {
                "matters": "say what it is good for: what the client can do now, or need no longer do",
                "next": "say what the client sees next, and on which day",
            }[second]
            yield finding(step.id, _whole(text), "repeats", message, hint)


def _same_texts(steps: Sequence[Milestone]) -> Iterator[Finding]:
    """Find steps that say the same as an earlier one."""
    labels: dict[str, str] = {}
    earlier: list[tuple[str, str, frozenset[str]]] = []
    for step in steps:
        for text in step.texts:
            meaning = _meaning(text)
            if text.place == "label":
                same = labels.get(small(text.text))
                labels.setdefault(small(text.text), step.id)
            elif text.place in COMPARED[:-1]:
                same = next(
                    (
                        name
                        for name, place, other in earlier
                        if place == text.place and name != step.id and _are_alike(meaning, other)
                    ),
                    None,
                )
                earlier.append((step.id, text.place, meaning))
            else:
                continue
            if same:
                message = f"the step '{same}' says the same"
                hint = (
                    "say what is new with this step: what the client has now and did not have then"
                )
                yield finding(step.id, _whole(text), "same-text", message, hint)
