"""The lists of one language, ready to search with: `lists/<language>.toml`, compiled once.

The handbook's page "Words" explains the keys of such a file.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LISTS = Path(__file__).parent / "lists"
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


_PARTS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def _alternatives(entry: str) -> list[str]:
    """Split an entry at the bars that stand outside of brackets."""
    found, depth = [""], 0
    for part in _PARTS.findall(entry):
        depth += (part == "(") - (part == ")")
        if part == "|" and not depth:
            found.append("")
        else:
            found[-1] += part
    return found


def _opened(alternative: str) -> list[str]:
    """Write an alternative that begins with a group as one for each member of the group."""
    if not alternative.startswith("(?:"):
        return [alternative]
    depth, end = 0, 0
    for part in _PARTS.findall(alternative):
        depth += (part == "(") - (part == ")")
        end += len(part)
        if not depth:
            break
    members, rest = _alternatives(alternative[3 : end - 1]), alternative[end:]
    if rest[:1] in {"*", "+", "{"}:
        return [alternative]
    if rest[:1] == "?":
        rest = rest[1:]
        members.append("")
    return [opened for member in members for opened in _opened(member + rest)]


def _as_tree(alternatives: Iterable[str]) -> str:
    """Join alternatives so that those with the same first letters are tried together.

    A list of hundreds of words is then searched as fast as one of a few.
    """
    groups: dict[str, list[str]] = {}
    for alternative in dict.fromkeys(alternatives):
        first = alternative[:1]
        is_letter = first.isalpha() and alternative[1:2] not in tuple("?*+{")
        groups.setdefault(first if is_letter else alternative, []).append(alternative)
    joined = [
        group[0] if len(group) == 1 else f"{first}{_as_tree(rest[1:] for rest in group)}"
        for first, group in groups.items()
    ]
    return f"(?:{'|'.join(joined)})"


def whole_words(entries: Iterable[str]) -> re.Pattern[str]:
    """Compile entries of a list: each is found as whole words only."""
    found = [
        alternative
        for entry in entries
        for part in _alternatives(entry)
        for alternative in _opened(part)
    ]
    return re.compile(rf"(?<!\w){_as_tree(found)}(?!\w)" if found else r"(?!)")


def _entries(text: str) -> list[str]:
    return [entry.replace(" ", r"\s") for line in text.split("\n") if (entry := line.strip())]


def _pattern(text: str) -> re.Pattern[str]:
    return whole_words(_entries(text))


def _marks(text: str) -> re.Pattern[str]:
    """Compile entries that are no words: each stands for itself."""
    return re.compile("|".join(_entries(text)))


@functools.cache
def _compiled(entry: str) -> re.Pattern[str]:
    return whole_words([entry])


@dataclass(frozen=True)
class Replacement:
    """Words that have a better wording: an entry of a list, and what to write instead."""

    entries: Mapping[str, str]

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds all of them."""
        return whole_words(self.entries)

    def say(self, words: str) -> str:
        """Return what to write instead of words that were found."""
        return next(say for entry, say in self.entries.items() if _compiled(entry).fullmatch(words))


@dataclass(frozen=True)
class Rule:
    """Something that is found by its words alone: one `[[rule]]`."""

    name: str
    entries: tuple[str, ...]
    message: str
    hint: str
    places: frozenset[str]
    """Where it counts; empty: everywhere."""
    states: frozenset[str]
    """In which states it counts; empty: in all."""
    unless: frozenset[str]
    """date, number, name, client: what excuses it in the same text."""
    within: str
    """main: only the main clause of a sentence counts. start: only what a text begins with."""
    is_exact: bool
    """Whether capitals count."""
    is_note: bool
    """Whether it is worth knowing only: nothing to mend, also with `--strict`."""

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it."""
        return whole_words(self.entries)

    def counts(self, place: str, state: str) -> bool:
        """Tell whether it counts at a place of a step in this state."""
        return (not self.places or place in self.places) and (
            not self.states or state in self.states
        )


def _rule(table: Mapping[str, Any]) -> Rule:
    return Rule(
        name=table["name"],
        entries=tuple(_entries(table["find"])),
        message=table["message"],
        hint=table["hint"],
        places=frozenset(table.get("places", ())),
        states=frozenset(table.get("states", ())),
        unless=frozenset(table.get("unless", ())),
        within=table.get("within", ""),
        is_exact=table.get("exact", False),
        is_note=table.get("note", False),
    )


def _replacement(table: Mapping[str, str]) -> Replacement:
    return Replacement({entry.replace(" ", r"\s"): say for entry, say in table.items()})


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """All lists of one language."""

    client: re.Pattern[str]
    """Words for the client and the people behind the client."""
    endings: re.Pattern[str]
    """Words that mean people by their ending."""
    things: re.Pattern[str]
    """Words with such an ending that mean no people."""
    hollow: re.Pattern[str]
    """Phrases that name people and say nothing about the client."""
    we: re.Pattern[str]
    has_names: bool
    """Whether a capital inside of a sentence means a name."""
    dates: re.Pattern[str]
    numbers: re.Pattern[str]
    clause: re.Pattern[str]
    """What ends the main clause."""
    head_is_first: bool
    """Whether the first word of a group says what it is, or the last one."""
    breaks: re.Pattern[str]
    joints: re.Pattern[str]
    empty: re.Pattern[str]
    """Labels and titles that say nothing."""
    status: re.Pattern[str]
    phases: Replacement
    abbreviations: frozenset[str]
    jargon: Replacement
    together: re.Pattern[str]
    """Words that are jargon where several of them stand together."""
    together_number: int
    together_say: str
    rules: tuple[Rule, ...]

    @functools.cached_property
    def suspect(self) -> re.Pattern[str]:
        """What a text has in it if it has any jargon, or any words of rules that hold anywhere.

        Most texts have nothing, and are done after this one search.
        """
        found = [entry for rule in self.rules if is_anywhere(rule) for entry in rule.entries]
        return whole_words((*found, *self.jargon.entries))


def is_anywhere(rule: Rule) -> bool:
    """Tell whether the words of a rule are found in any part of a text, as `suspect` does."""
    return not (rule.within or rule.is_exact or rule.states)


@functools.cache
def vocabulary(language: str) -> Vocabulary | None:
    """Load the lists of a language, or of the one it is a kind of; None where there are none."""
    names = dict.fromkeys((language, language.partition("-")[0]))
    path = next((path for name in names if (path := LISTS / f"{name}.toml").is_file()), None)
    if path is None:
        return None
    table = tomllib.loads(path.read_text("utf-8"))
    who, titles, together = table["who"], table["titles"], table["jargon_together"]
    return Vocabulary(
        client=_pattern(who["client"]),
        endings=_pattern(who["endings"]),
        things=_pattern(who["things"]),
        hollow=_pattern(who["hollow"]),
        we=_pattern(who["we"]),
        has_names=who["names"],
        dates=_pattern(table["when"]["dates"]),
        numbers=_pattern(table["numbers"]["words"]),
        clause=_marks(table["clause"]["ends"]),
        head_is_first=titles["head"] == "first",
        breaks=_pattern(titles["breaks"]),
        joints=_marks(titles["joints"]),
        empty=_pattern(titles["empty"]),
        status=_pattern(titles["status"]),
        phases=_replacement(titles["phases"]),
        abbreviations=frozenset(re.split(r"[|\n]", table["abbreviations"]["known"])),
        jargon=_replacement(table["jargon"]),
        together=_pattern(together["words"]),
        together_number=together["number"],
        together_say=together["say"],
        rules=tuple(_rule(entry) for entry in table["rule"]),
    )
