"""How one text is worded for the client.

A pure function of the text, its place and what is known around it. What the words of a language
are stands in `lists/`; how texts are held against each other, in `wording`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from site_builder.model.fields import MAX_LABEL
from site_builder.review.known import SILENT, small
from site_builder.review.vocabulary import WORD, is_anywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.review.known import Around
    from site_builder.review.vocabulary import Rule, Vocabulary

MAX_TITLE, MAX_SENTENCE = 30, 40
"""Words of a title, and of any other sentence. Twenty are better; one more stops nobody."""

HEADLINES = frozenset({"label", "title"})
ABOUT_CLIENT = frozenset({"title", "matters"})
"""What must have the client in it."""
UNFINISHED = frozenset({"planned", "doing", "waiting"})

_UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|(?<!`)(`++).{1,500}?(?<!`)\1(?!`)|(?<=\])\([^()]*\)|<[^<>\s]+>|\[\^[^\]]*\]",
    re.DOTALL,
)
"""What no reader sees as words: comments, code, where links lead, tags, footnotes' marks."""
_ENDLESS = re.compile(r"\S{100,}")
"""No word of any language, and slow to look through."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+")
_ENDS = r".!?\u2026\u061f\u06d4"
_SENTENCE = re.compile(
    rf"[^{_ENDS}\n]+"
    rf"(?:[{_ENDS}]+(?!\s|$)[^{_ENDS}\n]*|\n(?!\s*(?:\n|[-*+>|]|\d+\.\s))[^{_ENDS}\n]*)*[{_ENDS}]*"
)
_ABBREVIATION = re.compile(
    r"(?<![\w-])"
    r"(?:[a-z]?[A-Z]{2,}\d*[A-Z]*s?|[A-Z]{1,2}&[A-Z]{1,2}|[A-Z][a-z][A-Z]s?|[A-Z]\d[A-Z]|[A-Z]{2,}-[A-Z]+)"
    r"(?![\w-]*\w)"
)
_LOUD = re.compile(r"(?<![\w&])[A-Z]{4,}(?:\s+[A-Z]{2,})+(?!\w)")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
"""What stands around the words of a text."""
_DOTS = re.compile(r"[?.\u2026\u061f-]+")
_MARKS = re.compile(r"[!\uff01]+")
_NAME = re.compile(r"(?<=[\w,;:)\u2019'] )[^\W\d_a-z][^\W\d_]+")


class Remark(NamedTuple):
    """Words of one text that could be better for the client, and a better wording."""

    rule: str
    message: str
    hint: str
    start: int
    end: int
    is_note: bool = False
    """Whether it is worth knowing only."""


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


@dataclass(frozen=True)
class _Told:
    """A text while it is judged."""

    place: str
    state: str
    seen: str
    """As it is written, without what no reader sees."""
    words: Vocabulary
    around: Around

    @cached_property
    def low(self) -> str:
        """The text in small letters, without addresses."""
        has_address = "@" in self.seen or "://" in self.seen or "www." in self.seen
        return small(_ADDRESS.sub(_blank, self.seen) if has_address else self.seen)

    @cached_property
    def is_suspect(self) -> bool:
        """Whether any words of the lists are in it; most texts have none."""
        return self.words.suspect.search(self.low) is not None

    @cached_property
    def has_client(self) -> bool:
        """Whether the client, or somebody for whom the client works, is in it."""
        text = self.words.hollow.sub(_blank, self.low)
        if self.words.client.search(text) or self.around.people.search(text):
            return True
        return any(
            not self.words.things.fullmatch(match.group())
            for match in self.words.endings.finditer(text)
        )

    @cached_property
    def has_name(self) -> bool:
        """Whether a person is named."""
        if self.around.names.search(self.low):
            return True
        return self.words.has_names and any(
            match.group()[0].isupper() and not self.words.dates.fullmatch(small(match.group()))
            for match in _NAME.finditer(self.seen)
        )

    @cached_property
    def has_date(self) -> bool:
        """Whether it says when."""
        return bool(self.words.dates.search(self.low))

    @cached_property
    def has_number(self) -> bool:
        """Whether it counts something."""
        return bool(self.words.numbers.search(self.low))

    def has(self, kind: str) -> bool:
        """Tell whether a client, name, date or number is in it."""
        return bool(getattr(self, f"has_{kind}"))

    def remark(self, rule: str, span: tuple[int, int], message: str, hint: str) -> Remark:
        """Remark on some of its words, which stand as ``{found}`` in the message."""
        start, end = span
        words = " ".join(self.seen[start:end].split())
        return Remark(rule, message.replace("{found}", words), hint, start, end)

    @property
    def all(self) -> tuple[int, int]:
        """The place of all its words."""
        end = len(self.seen.rstrip())
        return min(end, len(self.seen) - len(self.seen.lstrip())), end


def judge(text: str, place: str, state: str, words: Vocabulary, known: Around) -> list[Remark]:
    """Find what a client will not understand or value in a text, in the order of the text.

    `place` is label, title, now, happened, matters, next, need, reason, thanks, update, outcome or
    scope. `state` is the milestone's; empty where there is none, as in an offering.
    """
    if not SILENT.search(text):
        return _judged(text, place, state, words, known)
    heard = [at for at, letter in enumerate(text) if not SILENT.match(letter)]
    remarks = _judged("".join(text[at] for at in heard), place, state, words, known)
    heard.append(len(text))
    return [each._replace(start=heard[each.start], end=heard[each.end]) for each in remarks]


def _judged(text: str, place: str, state: str, words: Vocabulary, known: Around) -> list[Remark]:
    """Judge a text whose letters are all heard."""
    seen = _ENDLESS.sub(_blank, _UNREAD.sub(_blank, text) if _hides(text) else text)
    told = _Told(place, state, seen, words, known)
    if place != "next" and (says_nothing := _empty(told)):
        return [says_nothing]
    if not WORD.search(told.seen) and place != "next":
        return []
    looks = (_shouting, _by_words, _phases, _jargon)
    kept: list[Remark] = []
    for remark in sorted((each for look in looks for each in look(told)), key=_by_place):
        if all(remark.start >= other.end for other in kept):
            kept.append(remark)
    rules = {remark.rule for remark in kept}
    kept += _length(told)
    kept += () if "internal-title" in rules else _client(told)
    kept += () if "empty-next" in rules else _next(told)
    return sorted(kept, key=_by_place)


def _by_place(remark: Remark) -> tuple[int, int]:
    """Sort by place; of those that begin together, the one about more words comes first."""
    return remark.start, -remark.end


def _hides(text: str) -> bool:
    return "<" in text or "`" in text or "](" in text or "[^" in text


def _by_words(told: _Told) -> Iterator[Remark]:
    """Find what the rules of the language list."""
    for rule in told.words.rules:
        if not rule.counts(told.place, told.state) or (is_anywhere(rule) and not told.is_suspect):
            continue
        spans = _spans(rule, told)
        if spans and not any(told.has(kind) for kind in rule.unless):
            hint = rule.hint.replace("{example}", _example(told))
            for span in spans:
                remark = told.remark(rule.name, span, rule.message, hint)
                yield remark._replace(is_note=rule.is_note)
    for match in told.around.avoided.finditer(told.low):
        hint = f"write instead: {told.around.avoid[match.group()]}"
        message = "your agency does not say '{found}'"
        yield told.remark("avoided-word", match.span(), message, hint)


def _spans(rule: Rule, told: _Told) -> list[tuple[int, int]]:
    """Find the words of a rule, where the rule looks for them."""
    if rule.within == "start":
        text = told.low.rstrip(" .")
        match = rule.pattern.match(text, len(text) - len(text.lstrip()))
        return [match.span()] if match else []
    if rule.within == "main":
        found = (_in_main_clause(rule, told, match) for match in _SENTENCE.finditer(told.low))
        return [match.span() for match in found if match]
    text = told.seen if rule.is_exact else told.low
    return [match.span() for match in rule.pattern.finditer(text)]


def _in_main_clause(rule: Rule, told: _Told, sentence: re.Match[str]) -> re.Match[str] | None:
    """Find a rule's words in the main clause; one that comes second is not judged.

    In "Before they open, you have seen each room" nothing has happened yet.
    """
    text, ends = told.low, told.words.clause
    start, stop = sentence.end() - len(sentence.group().lstrip()), sentence.end()
    if text[start : start + 1].isalpha() and ends.match(text, start):
        return None
    clause = ends.search(text, start + 1, stop)
    return rule.pattern.search(text, start, clause.start() if clause else stop)


def _jargon(told: _Told) -> Iterator[Remark]:
    """Find words of the trade and abbreviations that are not in the glossary."""
    known, words = told.around.known, told.words
    for match in words.jargon.pattern.finditer(told.low) if told.is_suspect else ():
        if match.group() not in known:
            hint = f"write instead: {words.jargon.say(match.group())}"
            yield told.remark("jargon", match.span(), "'{found}' is a word of your trade", hint)
    for match in _ABBREVIATION.finditer(told.seen):
        word = match.group()
        is_explained = f"({word})" in told.seen or f"{word} (" in told.seen
        if not (word in words.abbreviations or small(word) in known or is_explained):
            hint = "write the whole words, or add it to the glossary in mkdocs.yml"
            message = "not every client knows what '{found}' means"
            yield told.remark("abbreviation", match.span(), message, hint)
    together = {
        match.group(): match.span()
        for match in (() if told.has_client else words.together.finditer(told.low))
        if match.group() not in known
    }
    if len(together) >= words.together_number:
        first, *_, last = together.values()
        hint = f"write instead: {words.together_say}"
        message = "so many words of your trade in one sentence: {found}"
        yield told.remark("jargon", (first[0], last[1]), message, hint)


def _phases(told: _Told) -> Iterator[Remark]:
    """Find labels and titles whose main word is the agency's work, or only its status."""
    if told.place not in HEADLINES or told.has_client:
        return
    text = told.low.strip(" .!")
    cut = told.words.breaks.search(text)
    for part in told.words.joints.split(text[: cut.start()] if cut else text):
        kernel = _without_status(part.strip(" :-"), told.words)
        phase = _phase_in(kernel, told.words) if kernel else None
        is_status = kernel and not cut and told.words.status.fullmatch(kernel)
        if phase or is_status:
            message = "'{found}' names your team's work"
            hint = f"say what the client has then, for example: {_example(told)}"
            yield told.remark("internal-title", told.all, message, hint)
            return


def _empty(told: _Told) -> Remark | None:
    """Find a text that says nothing; what is no headline may be a picture alone."""
    said, is_headline = _AROUND.sub("", told.low), told.place in HEADLINES
    has_no_word = not said and (is_headline or _DOTS.fullmatch(told.seen.strip()))
    if not told.seen.strip() or not (has_no_word or told.words.empty.fullmatch(said)):
        return None
    if is_headline:
        message = "'{found}' says nothing about what the client has then"
        hint = f"say in two to four words what it is, for example: {_example(told)}"
        return told.remark("empty-label", told.all, message, hint)
    hint = "write a sentence, or delete this until there is something to say"
    return told.remark("empty-text", told.all, "'{found}' says nothing", hint)


def _example(told: _Told) -> str:
    """Give an example of what a client has when work of this kind is done."""
    phases = told.words.phases
    match = phases.pattern.search(told.low) if told.place in HEADLINES else None
    return phases.say(match.group()) if match else next(iter(phases.entries.values()))


def _without_status(kernel: str, words: Vocabulary) -> str:
    """Take words such as "complete" and "underway" off the end."""
    while True:
        ends = (match for match in words.status.finditer(kernel) if match.end() == len(kernel))
        match = next(ends, None)
        if match is None or not match.start():
            return kernel
        kernel = kernel[: match.start()].rstrip(" :-")


def _phase_in(kernel: str, words: Vocabulary) -> str | None:
    for match in words.phases.pattern.finditer(kernel):
        if not match.start() if words.head_is_first else match.end() == len(kernel):
            return match.group()
    return None


def _length(told: _Told) -> Iterator[Remark]:
    """Find what is too long for its place."""
    if told.place == "label":
        if len(told.seen) > MAX_LABEL:
            message = (
                f"this label has {len(told.seen)} characters; the road has room for {MAX_LABEL}"
            )
            hint = "name in two to four words what the client has then"
            yield told.remark("long-label", (0, len(told.seen)), message, hint)
        return
    is_title = told.place == "title"
    most, what = (MAX_TITLE, "title") if is_title else (MAX_SENTENCE, "sentence")
    if told.seen.count(" ") + told.seen.count("\n") < most:
        return
    for match in _SENTENCE.finditer(told.seen):
        number = len(WORD.findall(match.group()))
        if number > most:
            start = match.end() - len(match.group().lstrip())
            message = f"this {what} has {number} words, which is long for a client on a phone"
            hint = (
                "say in up to 20 words what the client can do then"
                if is_title
                else "make two sentences of it, each with one thought"
            )
            yield told.remark("too-long", (start, match.end()), message, hint)


def _shouting(told: _Told) -> Iterator[Remark]:
    """Find capitals and exclamation marks; one mark in a text is joy, in a headline it shouts."""
    marks = list(_MARKS.finditer(told.seen))
    if told.place in HEADLINES or len(marks) > 1 or (marks and len(marks[0].group()) > 1):
        message, hint = "'{found}' shouts", "write a full stop: good news needs no mark"
        yield from (told.remark("shouting", mark.span(), message, hint) for mark in marks)
    for match in _LOUD.finditer(told.seen):
        yield told.remark("shouting", match.span(), "'{found}' shouts", "write it in small letters")


def _client(told: _Told) -> Iterator[Remark]:
    """Find texts in which the client is not: only the agency, or nobody at all."""
    if told.place not in {*ABOUT_CLIENT, "happened"} or told.has_client:
        return
    we = told.words.we.search(told.low)
    is_ours = we is not None and not told.low[: we.start()].strip()
    is_fact = told.has_number or told.has_date or told.has_name
    if told.place == "happened" and is_fact and not is_ours:
        return
    hint = f"say what it brings to whom, for example: {told.around.better}"
    if we:
        message = "with '{found}' and nobody else, this is about your team"
        yield told.remark("we-only", we.span(), message, hint)
    else:
        yield told.remark("no-client", told.all, "the client is not in this", hint)


def _next(told: _Told) -> Iterator[Remark]:
    """Find a "what comes next" that leaves open when, or who."""
    if told.place != "next" or told.has_date:
        return
    is_someone = told.has_client or told.has_name
    if is_someone or (told.state not in UNFINISHED and told.words.we.search(told.low)):
        return
    someone = told.around.someone
    hint = f"say who does what on which day: {someone} sends you the first texts on Monday 9 March"
    yield told.remark("vague-next", told.all, "this does not say when or who", hint)
