"""Read the Markdown below a milestone's keys: the three answers, the story, and what they point to.

It finds places only; `render` makes the HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder.errors import Problem, nearest
from site_builder.language import HEADINGS, Language

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
# None of these patterns reads a place more than a few times: texts of 256 KiB take no longer than
# a moment, whatever they hold.
_CODE = re.compile(r"(?<!`)(`++).{1,500}?(?<!`)\1(?!`)")
_TARGETS = re.compile(
    r"(?:(?P<picture>!?)\[(?P<text>[^\[\]]*))?\]\([ \t]*\n?[ \t]*<?(?P<inline>(?<=<)[^>\n]*|[^)\s>]*)"
    r"|^[ ]{0,3}\[[^\[\]^\n]+\]:[ \t]*<?(?P<reference>[^\s>]+)"
    r"|<(?P<tag>img|a)\b[^<>]*?\s(?:src|href)[ \t\n]*=[ \t\n]*[\"']?(?P<raw>[^\"'\s>]+)",
    re.MULTILINE | re.IGNORECASE,
)


_MARKS = re.compile(r"[\[\]<]")
"""Without one of these a text links to nothing."""
ANSWER_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Something that Markdown links to or shows."""

    text: str
    line: int
    column: int
    is_picture: bool
    alt: str
    is_raw: bool
    """Whether it stands in raw HTML, of which pages keep only what is safe."""


@dataclass(slots=True)
class Answers:
    """The body of a milestone, taken apart."""

    texts: dict[str, str] = field(default_factory=dict)
    """happened, matters and next, as far as they are written."""
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each answer's heading."""
    begins: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column of each answer's first word."""
    story: str = ""
    other_headings: dict[str, int] = field(default_factory=dict)
    """Headings that are no answers, with their lines."""
    starts: list[int] = field(default_factory=list)
    """The lines on which a part begins, whatever its heading."""

    def lookalike(self, answer: str, language: Language) -> tuple[str, int, str] | None:
        """Find a heading that was probably meant to be this answer, and what it should be."""
        proper = {HEADINGS[answer], language.say(HEADINGS[answer])}
        for heading, line in self.other_headings.items():
            if meant := nearest(heading, proper):
                return heading, line, meant
        return None


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _heading(line: str) -> tuple[int, str] | None:
    """Return level and words of a heading."""
    level = len(line) - len(line.lstrip("#"))
    words = line[level:].strip(" \t")
    if words.endswith("}") and "{" in words:
        words = words[: words.rindex("{")].rstrip(" \t")
    words = words.rstrip("#").rstrip(" \t")
    return (level, words) if 1 <= level <= 6 and words else None  # noqa: PLR2004 - as in HTML


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _code_lines(lines: list[str]) -> set[int]:
    """Number the lines that stand in fenced code."""
    inside: set[int] = set()
    fence = ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if fence:
            inside.add(number)
            if match and match[1].startswith(fence):
                fence = ""
        elif match:
            inside.add(number)
            fence = match[1]
    return inside


def _without_code(text: str) -> str:
    """Blank out code, so that places stay."""
    lines = text.split("\n")
    code = _code_lines(lines)
    return "\n".join(
        " " * len(line) if number in code else _CODE.sub(_blank, line)
        for number, line in enumerate(lines)
    )


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Find the comments outside of code; one that is never closed reaches to the end."""
    bare = _without_code(text) if "<!--" in text else ""
    end = 0
    while (start := bare.find("<!--", end)) >= 0:
        closed = text.find("-->", start + 4)
        end = closed + 3 if closed >= 0 else len(text)
        yield start, end


def without_comments(text: str) -> str:
    """Blank out HTML comments outside of code, so that line numbers stay."""
    parts, done = [], 0
    for start, end in _comments(text):
        parts += [text[done:start], re.sub(r"[^\n]", " ", text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def open_comment(text: str) -> int | None:
    """Find where a comment begins that is never closed; None where there is none."""
    return next((at for at, _ in _comments(text) if text.find("-->", at + 4) < 0), None)


def with_open_comment(text: str) -> str:
    """Take the mark of a comment that is never closed away: what it hides is no mistake besides."""
    at = open_comment(text)
    return text if at is None else f"{text[:at]}    {text[at + 4 :]}"


def split_answers(
    body: str, path: str, first_line: int, language: Language, problems: list[Problem]
) -> Answers:
    """Take a milestone's body apart at its level-two headings."""
    answers = Answers()
    whole = with_open_comment(body)
    lines = without_comments(whole).split("\n")
    code = _code_lines(lines)
    parts: dict[str, list[str]] = {}
    current: str | None = None
    before: int | None = None
    for number, line in enumerate(lines):
        level, words = (number not in code and _heading(line)) or (0, "")
        answer = language.heading(words) if level else None
        place = first_line + number
        if answer and level != ANSWER_LEVEL:
            hint = f"write ## {words}"
            problems.append(
                Problem(
                    path=path,
                    line=place,
                    rule="heading-level",
                    message="an answer's heading begins with two #",
                    hint=hint,
                    width=len(line),
                )
            )
        if answer or level == ANSWER_LEVEL:
            current = answer or "story"
            answers.starts.append(place)
            if answer and answer in answers.lines:
                first = answers.lines[answer]
                problems.append(
                    Problem(
                        path=path,
                        line=place,
                        rule="answer-twice",
                        message=f"'{words}' stands here a second time",
                        hint=f"put both texts under the heading in line {first}",
                        width=len(line),
                    )
                )
            elif answer:
                answers.lines[answer] = place
            else:
                answers.other_headings[words] = place
                parts.setdefault("story", []).append(line)
        elif current:
            if line.strip() and current not in answers.begins:
                answers.begins[current] = (place, len(line) - len(line.lstrip()) + 1)
            parts.setdefault(current, []).append(line)
        elif line.strip() and before is None:
            before = place
    if before is not None and whole == body:
        text = lines[before - first_line]
        hint = f"put a heading above it, for example ## {HEADINGS['happened']}, ## {HEADINGS['matters']} or ## {HEADINGS['next']}"
        problems.append(
            Problem(
                path=path,
                line=before,
                rule="text-before-heading",
                message="this text stands before the first heading",
                hint=hint,
                width=len(text),
            )
        )
    answers.texts = {
        name: text
        for name, part in parts.items()
        if name != "story" and (text := "\n".join(part).strip())
    }
    answers.story = "\n".join(parts.get("story", [])).strip()
    return answers


def targets(text: str, first_line: int) -> Iterator[Target]:
    """Find what a Markdown text links to or shows, with places; code is passed over."""
    if not _MARKS.search(text):
        return
    whole = without_comments(text)
    bare = _without_code(whole)
    starts = _line_starts(bare)
    for match in _TARGETS.finditer(bare):
        group = match.lastgroup if match.lastgroup in {"inline", "reference", "raw"} else "inline"
        start = match.start(group)
        line = bisect_right(starts, start) - 1
        if match[group]:
            yield Target(
                text=match[group],
                line=first_line + line,
                column=start - starts[line] + 1,
                is_picture=match["picture"] == "!" or (match["tag"] or "").lower() == "img",
                alt=whole[slice(*match.span("text"))].strip() if match["text"] else "",
                is_raw=group == "raw",
            )


def plain_text(markdown: str) -> str:
    """Take the marks out of a line of Markdown: its words only."""
    text = re.sub(r"!?\[([^\[\]]*)\](\([^()]*\)|\[[^\[\]]*\])", r"\1", markdown)
    text = re.sub(r"\[\^[^\[\]]*\]|<[^<>]+>|\{[^{}]*\}", "", text)
    text = re.sub(r"(\*\*|__|\*|`|(?<!\w)_|_(?!\w))", "", text)
    text = re.sub(r"^[ \t]*(#+|[-*+>]|\d+\.)[ \t]+", "", text)
    return " ".join(text.split())


def first_sentence(markdown: str) -> str:
    """Return the first sentence of a text as plain words, without its full stop."""
    paragraph = markdown.strip().split("\n\n", 1)[0]
    text = plain_text(" ".join(paragraph.split("\n")))
    # "am 2. März": a full stop behind one or two digits makes an ordinal of them.
    match = re.match(r".+?(?:(?<!\b\d)(?<!\b\d\d)\.|[!?\u2026\u061f])(?=\s|$)", text)
    return (match.group() if match else text).rstrip(".")
