"""The four questions about a milestone, and their answers: verdict, reason, what to change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from site_builder.model.project import Place


class Question(StrEnum):
    """What is asked about each milestone; the values stand in the JSON."""

    OUTCOME = "outcome"
    UNDERSTOOD = "understood"
    SEQUENCE = "sequence"
    COMMUNICATED = "communicated"


class Verdict(StrEnum):
    """The answer in a word."""

    YES = "yes"
    NO = "no"
    UNSURE = "not sure"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason against a yes, and what to change."""

    reason: str
    change: str
    is_weak: bool = False
    """Whether it is only a reason to look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question, answered."""

    question: Question
    yes: str
    """What speaks for a yes."""
    doubts: tuple[Doubt, ...] = ()
    """What speaks against it, the strong ones first."""

    @property
    def verdict(self) -> Verdict:
        """Say no for a doubt, not sure for a weak one, else yes."""
        if not self.doubts:
            return Verdict.YES
        return Verdict.UNSURE if self.doubts[0].is_weak else Verdict.NO

    @property
    def reason(self) -> str:
        """Say why in one text."""
        return "; ".join(doubt.reason for doubt in self.doubts) or self.yes

    @property
    def change(self) -> str:
        """Say what to do in one text; empty where the answer is yes."""
        return "; ".join(dict.fromkeys(doubt.change for doubt in self.doubts if doubt.change))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A milestone, or the whole, with its answers."""

    id: str
    """The milestone's; empty for the whole."""
    label: str
    when: str
    """Its day: of an offering as a number of working days."""
    place: Place
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An offering or a project with all answers."""

    kind: str
    """offering or project."""
    id: str
    """NAME, or client/project."""
    title: str
    summary: str
    """How long the road is, and who walks it."""
    steps: tuple[Asked, ...]
    whole: tuple[Answer, ...]
    """What concerns no single milestone, as far as it is not yes."""

    @property
    def totals(self) -> Mapping[Verdict, int]:
        """Count the answers by their verdicts."""
        answers = [answer for step in self.steps for answer in step.answers]
        found = Counter(answer.verdict for answer in (*answers, *self.whole))
        return {verdict: found[verdict] for verdict in Verdict}


def answer(question: Question, doubts: Iterable[Doubt], yes: str = "") -> Answer:
    """Answer a question with all doubts, each once; without one, `yes` says why."""
    found = sorted(dict.fromkeys(doubts), key=lambda doubt: doubt.is_weak)
    return Answer(question=question, yes=yes, doubts=tuple(found))
