"""Write one of a milestone's answers: under its heading, or as a key where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.language import HEADINGS, Language
from site_builder.parse.markdown import Answers, split_answers, without_comments
from site_builder.source.texts import split_front_matter

if TYPE_CHECKING:
    from site_builder.edits.keys import Keys
    from site_builder.edits.lines import Lines
    from site_builder.source.document import Loc

_BEHIND = ("matters", "happened", "title", "label", "id")
"""The keys behind which an answer stands, where answers are keys."""


def _body(text: str, path: str) -> tuple[str, int]:
    """Return the Markdown below the keys, and the line on which it begins."""
    parts = split_front_matter(text, path, []) if path.endswith(".md") else None
    return parts[1:] if parts else ("", 1)


def read_answers(text: str, path: str, language: Language) -> Answers:
    """Find the answers below a milestone's keys; none in a file that is all YAML."""
    body, first_line = _body(text, path)
    return split_answers(body, path, first_line, language, [])


def put_answer(
    keys: Keys, path: str, scope: Loc, answer: str, sentence: str, language: Language
) -> None:
    """Let an answer say a sentence, in place of what stands there; comments stay."""
    answers = read_answers(keys.lines.text, path, language)
    if answer in answers.lines:
        body, first_line = _body(keys.lines.text, path)
        words = ["", *without_comments(body).split("\n")]
        filled = [number for number, line in enumerate(words, first_line - 1) if line.strip()]
        _replace(keys.lines, answers, answers.lines[answer], filled, sentence)
    elif scope or answer in keys.part(scope):
        keys.set(scope, answer, sentence, after=_BEHIND)
    else:
        _add(keys.lines, answers, answer, [f"## {language.say(HEADINGS[answer])}", sentence])


def _replace(
    lines: Lines, answers: Answers, heading: int, filled: list[int], sentence: str
) -> None:
    """Write a sentence under a heading; `filled` are the lines that hold more than comments."""
    behind = next((start for start in answers.starts if start > heading), lines.count + 1)
    old = [number for number in filled if heading < number < behind]
    if old:
        lines.delete(old[0], old[-1])
    place = old[0] if old else heading + 1
    is_close = not old and behind == place
    lines.insert(place - 1, [sentence, ""] if is_close else [sentence])


def _add(lines: Lines, answers: Answers, answer: str, part: list[str]) -> None:
    """Add an answer with its heading, in the order in which the page shows them."""
    index = list(HEADINGS).index(answer)
    places = [answers.lines.get(name) for name in HEADINGS]
    before = max(filter(None, places[:index]), default=0)
    later = [place for place in places[index + 1 :] if place]
    following = min(later or [start for start in answers.starts if start > before], default=None)
    last = (following or lines.count + 1) - 1
    while following is None and not lines.line(last).strip():
        last -= 1
    gap = [] if lines.line(last).strip() in {"", "---", "..."} else [""]
    lines.insert(last, [*gap, *part] if following is None else [*gap, *part, ""])
