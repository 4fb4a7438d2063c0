"""What PyYAML complains about, in our words: where it is, what is wrong, what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_BEGUN = re.compile(r"an alias|an anchor|a tag|a block scalar|a directive")
"""What PyYAML took the first character of a value for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with the YAML itself; line and column from 0."""

    line: int
    column: int
    width: int = 1
    rule: str = "yaml-syntax"
    message: str
    hint: str


def _quoted(text: str) -> str:
    """Put a text in quotes as YAML reads them."""
    if text[:1] == text[-1:] and text[:1] in {"'", '"'} and len(text) > 1:
        text = text[1:-1]
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def in_quotes(line: str) -> str:
    """Say how to write a line with its value in quotes."""
    key, colon, value = line.strip().partition(": ")
    value = value.strip()
    if not colon:
        key, value = ("-", key.removeprefix("- ")) if key.startswith("- ") else ("", key)
    value = re.split(r"[ \t]#", value)[0].strip()
    shown = f"{key}{colon.strip()} {_quoted(value)}".strip()
    return f"put the value in quotes: {shown}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_colon(lines: list[str], number: int) -> Finding:
    """Explain a line that is no key with a value."""
    line = lines[number]
    text = line.strip()
    if glued := re.match(r"(?:- )?([a-z_]+):(?=\S)", text):
        rest = text[glued.end() :]
        return Finding(
            line=number,
            column=_indent(line) + glued.end() - 1,
            message="a space is missing after the colon",
            hint=f"write {glued[1]}: {rest}",
        )
    words = re.fullmatch(r"([a-z_]+)[ \t]+(\S.*)", text)
    return Finding(
        line=number,
        column=_indent(line),
        width=len(text),
        message="this line has no colon after its key",
        hint=f"write {words[1]}: {words[2]}" if words else "write the key, a colon and the value",
    )


def _second_colon(lines: list[str], number: int, column: int) -> Finding:
    """Explain a colon where none can be: in a value, or in a line too far to the right."""
    line = lines[number]
    first = re.search(r":(?=\s|$)", line)
    if first and first.start() < column:
        in_brackets = line[:column].count("{") > line[:column].count("}")
        return Finding(
            line=number,
            column=column,
            rule="yaml-colon",
            message="a colon inside a value needs quotes around the value",
            hint="put the value in quotes, or a comma before the next key"
            if in_brackets
            else in_quotes(line),
        )
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    if above is None or _indent(line) > _indent(lines[above]):
        return Finding(
            line=number,
            column=_indent(line),
            width=len(line.strip()),
            message="this line stands further to the right than the line it belongs to",
            hint="let it begin below the other keys",
        )
    return _without_colon(lines, above)


def _opened_above(lines: list[str], number: int, before: str) -> int | None:
    """Find the line above in which the quote was opened that ends here; None if it is this line.

    A forgotten quote takes everything as its value up to the next one, be it in a comment.
    """
    quote = before[-1]
    begins = re.compile(rf"(?:^|.*?(?::|-|,|\[)[ \t]+|.*?[\[{{]){quote}[^{quote}]*$")
    if re.match(rf"[^#{quote}]*(?::|-)[ \t]+{quote}[^{quote}]+{quote}$", before):
        return None
    return next((n for n in range(number - 1, -1, -1) if begins.match(lines[n])), None)


def _unfitting(lines: list[str], number: int, column: int) -> Finding:
    """Explain a place where a new key was expected."""
    line = lines[number]
    before = line[:column].rstrip()
    if before.endswith(("'", '"')):
        opened = _opened_above(lines, number, before)
        if opened is not None:
            return Finding(
                line=opened,
                column=lines[opened].rindex(before[-1]),
                rule="yaml-quotes",
                message="these quotes are never closed",
                hint="add the closing quote after the value",
            )
        return Finding(
            line=number,
            column=len(before) - 1,
            rule="yaml-quotes",
            message="the value ends at this quote, but more text follows",
            hint=in_quotes(line)
            if ": " in before
            else "check where the quotes open and where they close",
        )
    if before.strip() and line[column - 1 : column] != "-":
        return Finding(
            line=number,
            column=column,
            message="the value has ended, but more text follows",
            hint=in_quotes(line),
        )
    return Finding(
        line=number,
        column=column,
        width=len(line.strip()),
        message="this line does not fit the lines above it",
        hint="check where it begins: what belongs together begins in the same column",
    )


def _place(mark: yaml.Mark | None, lines: list[str]) -> tuple[int, int]:
    """Return line and column of a mark, inside the text."""
    if mark is None:
        return 0, 0
    number = min(mark.line, len(lines) - 1)
    return number, min(mark.column, len(lines[number]))


def _wrong_character(lines: list[str], number: int, column: int) -> Finding:
    """Explain a character that begins something else than text."""
    line = lines[number]
    character = line[column : column + 1]
    if not character:
        message, hint = "a bracket is opened and never closed", "close every { and ["
    elif not line[:column].strip():
        message, hint = f"a line cannot begin with '{character}'", "begin it with a key"
    else:
        message, hint = f"a value cannot begin with '{character}'", in_quotes(line)
    return Finding(line=number, column=column, message=message, hint=hint)


def _in_brackets(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> Finding:
    """Explain what is wrong between { and } or [ and ]."""
    if start[0] == end[0]:
        return Finding(
            line=end[0],
            column=end[1],
            message="a comma is missing here, or a value needs quotes",
            hint="put commas between the entries, and values with ': ' in quotes",
        )
    closing = "}" if lines[start[0]][start[1] : start[1] + 1] == "{" else "]"
    return Finding(
        line=start[0],
        column=start[1],
        message="this bracket is not closed, or a comma is missing behind it",
        hint=f"write {closing} at the end, and commas between the entries",
    )


def _in_quoted(problem: str, start: tuple[int, int], end: tuple[int, int]) -> Finding:
    """Explain what is wrong between quotes."""
    if "unexpected" in problem:
        return Finding(
            line=start[0],
            column=start[1],
            rule="yaml-quotes",
            message="these quotes are never closed",
            hint="add the closing quote after the value",
        )
    return Finding(
        line=end[0],
        column=end[1],
        rule="yaml-quotes",
        message="a backslash in double quotes has a meaning of its own",
        hint="put the value in single quotes: '\u2026'",
    )


def explain(error: yaml.MarkedYAMLError, lines: list[str]) -> Finding:
    """Put PyYAML's words, of both its parsers, into ours."""
    problem, context = str(error.problem or ""), str(error.context or "")
    place = _place(error.problem_mark or error.context_mark, lines)
    start = _place(error.context_mark or error.problem_mark, lines)
    if "mapping values are not allowed" in problem:
        return _second_colon(lines, *place)
    if "quoted" in context:
        return _in_quoted(problem, start, place)
    if "next token" in context or "mapping keys are not allowed" in problem:
        return _wrong_character(lines, *place)
    if _BEGUN.search(context) or "node content" in problem or "tag handle" in problem:
        return _wrong_character(lines, *start)
    if "expected ':'" in problem:
        return _without_colon(lines, start[0])
    if "flow" in context:
        return _in_brackets(lines, start, place)
    if re.search(r"block end|expected key|'-' indicator", problem):
        return _unfitting(lines, *place)
    message = f"this is not valid YAML: {problem}"
    hint, width = "compare the line with the example in the handbook", 1
    if "sequence entries are not allowed" in problem:
        message = "a list cannot begin behind its key"
        hint = "begin it on the next line; put text that begins with - in quotes"
    if "document start" in problem:
        message = "this does not belong to what stands above it"
        hint = "write one key on each line, for example name: Larkfield Vets"
        width = len(lines[place[0]].strip())
    return Finding(line=place[0], column=place[1], width=width, message=message, hint=hint)
