"""What is known of a project when its texts are judged: its client, its people, its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.review.vocabulary import WORD, whole_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MIN_NAME = 3
"""Letters of a word that may be a name, or an actor of an outcome."""
ACTORS = 3
"""So many words of an outcome name whom it is about."""

_STRAIGHT = str.maketrans(
    "\u2019\u2018\u00a0\u202f\u2011\u05f3\u05f4\u05be\u0622\u0623\u0625",
    "''  -'\"-\u0627\u0627\u0627",
)
"""One character for those that people write in its place; of Arabic, the plain alif."""
SILENT = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u200c-\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Points, vowel signs and tatweel of Hebrew and Arabic, and marks of direction: written or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the judgement of a text knows beside the text."""

    people: re.Pattern[str]
    """The client's name, and the people in the project's outcomes."""
    names: re.Pattern[str]
    """People whom the client knows by name."""
    someone: str
    """The first of them."""
    known: frozenset[str]
    """Words that this agency's clients know, in small letters."""
    avoid: Mapping[str, str]
    """What this agency does not say, in small letters, and what to write instead."""
    avoided: re.Pattern[str]
    better: str
    """An outcome of the project: it shows what a sentence for the client looks like."""


def around(
    *,
    client: str = "",
    outcomes: Sequence[str] = (),
    names: Sequence[str] = (),
    glossary: Iterable[str] = (),
    avoid: Mapping[str, str] | None = None,
) -> Around:
    """Gather what is known of a project for the judgement of its texts."""
    people = {small(client)} if client else set()
    for outcome in outcomes:
        first = _words(outcome)[:ACTORS]
        people |= {word for word in first if word.endswith("s") and len(word) > MIN_NAME}
    known = {small(word) for word in glossary}
    known |= {word for text in (client, *outcomes) for word in _words(text)}
    parts = {part for name in names for part in _words(name) if len(part) >= MIN_NAME}
    avoid = {small(words): better for words, better in (avoid or {}).items()}
    return Around(
        people=whole_words(map(re.escape, sorted(people))),
        names=whole_words(map(re.escape, sorted(parts))),
        someone=names[0].split()[0] if names and names[0].strip() else "Tom",
        known=frozenset(known),
        avoid=avoid,
        avoided=whole_words(map(re.escape, sorted(avoid, key=len, reverse=True))),
        better=outcomes[0] if outcomes else "Pet owners can book online, day and night",
    )


def _words(text: str) -> list[str]:
    return WORD.findall(small(SILENT.sub("", text)))


def small(text: str) -> str:
    """Write a text in small letters and with straight apostrophes, each in its place."""
    text = text.translate(_STRAIGHT)
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return lowered
