"""How well the review of the words tells good sentences from bad ones: recall and precision.

The sentences of `tests/words/` stand alone: of each, only its trade, its place and the state of its
step are known. A sentence counts as found if the review says anything about it at all.

`python -m tests.bench.words known` shows one set; without a name, all but what is held out.
`--misses` lists what was judged wrongly, of sets that rules may be learned from only.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from site_builder.review.known import around
from site_builder.review.vocabulary import vocabulary
from site_builder.review.words import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SETS = Path(__file__).parents[1] / "words"
HELD_OUT = "held_out_fresh"


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, and which rules spoke."""

    trade: str
    is_good: bool
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Recall: the share of bad sentences that are found. Precision: how many found are bad."""

    sentences: int
    recall: float
    precision: float


@cache
def sentences(name: str, language: str = "en") -> tuple[Judged, ...]:
    """Judge every sentence of a set."""
    written: Mapping[str, Any] = yaml.safe_load(
        (SETS / language / f"{name}.yml").read_text("utf-8")
    )
    words = vocabulary(language)
    assert words is not None
    trades = {
        trade: around(client=known["client"], outcomes=known["outcomes"])
        for trade, known in written["trades"].items()
    }
    return tuple(
        Judged(
            trade=each["trade"],
            is_good=each["is_good"],
            text=each["text"],
            rules=tuple(
                remark.rule
                for remark in judge(
                    each["text"], each["place"], each["state"], words, trades[each["trade"]]
                )
                if not remark.is_note
            ),
        )
        for each in written["sentences"]
    )


def score(judged: Iterable[Judged]) -> Score:
    """Count what was found of what."""
    judged = tuple(judged)
    found = [each for each in judged if each.rules]
    bad = sum(not each.is_good for each in judged)
    right = sum(not each.is_good for each in found)
    return Score(
        sentences=len(judged),
        recall=right / bad if bad else 1.0,
        precision=right / len(found) if found else 1.0,
    )


def by_trade(name: str, language: str = "en") -> dict[str, Score]:
    """Score each trade of a set by itself."""
    judged = sentences(name, language)
    trades = dict.fromkeys(each.trade for each in judged)
    return {trade: score(each for each in judged if each.trade == trade) for trade in trades}


def sets() -> list[tuple[str, str]]:
    """List all sets: language and name."""
    return sorted((path.parent.name, path.stem) for path in SETS.glob("*/*.yml"))


def show(names: Iterable[tuple[str, str]]) -> None:
    """Print a table of sets, with the lowest trade of each."""
    print("\n| words | sentences | recall | precision | lowest trade: recall | precision |")
    print("|---|---:|---:|---:|---:|---:|")
    for language, name in names:
        whole, trades = score(sentences(name, language)), by_trade(name, language)
        recall = min(each.recall for each in trades.values())
        precision = min(each.precision for each in trades.values())
        print(
            f"| {language}, {name} | {whole.sentences} | {whole.recall:.3f} |"
            f" {whole.precision:.3f} | {recall:.2f} | {precision:.2f} |"
        )


def main(arguments: list[str]) -> None:
    """Print the sets that are named, or all but those held out."""
    wanted = [word for word in arguments if not word.startswith("-")]
    names = [
        (language, name)
        for language, name in sets()
        if (name in wanted if wanted else name != HELD_OUT)
    ]
    show(names)
    for language, name in names if "--misses" in arguments else ():
        for each in sentences(name, language) if name != HELD_OUT else ():
            if each.is_good == bool(each.rules):
                what = "found" if each.is_good else "missed"
                print(f"- {what} {', '.join(each.rules)} in {each.trade}: {each.text}")


if __name__ == "__main__":
    main(sys.argv[1:])
