"""Problems as people and programs read them: text with frames, JSON, annotations of a CI."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from site_builder.errors import visible
from site_builder.model.fields import OFFERINGS
from site_builder.source.dots import CLIENT_FILE, DOT, dotted
from site_builder.source.texts import text_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from site_builder.errors import Problem

_NO_YAML = frozenset({"yaml-syntax", "yaml-colon", "yaml-quotes", "written-secret", "unknown-key"})
"""Rules about lines that may be anything."""
MAX_SHOWN = 160
"""Longer lines are cut around the problem."""

MAX_SAID = 300
"""Longer messages and hints are cut: they quote what somebody wrote."""

_LINK = re.compile(r"(?<![A-Za-z0-9])([a-z2-7]{26}){1,2}(?![A-Za-z0-9])")
"""What looks like a private link, or the key of one."""
_DAMAGED_LINK = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{20,}(?![A-Za-z0-9])")
"""What looks like a private link in client.yml, also a damaged one."""


_KEYED = r"""(?:
        (?: pass[ _-]?(?:phrase|word|wort|code)?s? | secrets? | kennw(?:ort|\u00f6rter) | keys? | tokens?
            | (?:\w+[ _-])? (?:code|pass)?[ _-]?words?
        ) ["']? \s* :
        | protection ["']? \s* : (?! \s* (?:link|sealed|passphrase) \s* (?:\#|$)) (?= \s* \S+ [\s:{])
    ) \s* (?P<words> \S.*) $"""
_WORDS = re.compile(rf"(?ix) ^ [\s\-{{]* [\"']? {_KEYED}")
"""What looks like a passphrase in a file where none may stand."""
_SAID_WORDS = re.compile(rf"(?ix) (?: ^ | (?<=\s) ) {_KEYED}")
"""The same, anywhere in a message or a hint: they quote what stands in the file."""


_MANY_WORDS = re.compile(r"""(?<=['"])[^\s'"]+(?:\s+[^\s'"]+){2,}(?=['"])""")
"""Three words or more in quotes."""


@functools.cache
def _client_keys() -> frozenset[str]:
    """List the keys whose values are shown in a frame: the words of no page stand there."""
    from site_builder.model.parts import Contact
    from site_builder.model.written import ClientFile

    return frozenset({*ClientFile.model_fields, *Contact.model_fields})


@functools.lru_cache(maxsize=16)  # many problems may stand in one long line
def _without_links(path: str, text: str, words: re.Pattern[str] = _SAID_WORDS) -> str:
    """Dot out private links and words: what `check` prints ends in logs, and they open the page."""
    pattern = _DAMAGED_LINK if path.endswith(CLIENT_FILE) else _LINK
    said = pattern.sub(lambda match: DOT * len(match.group()), text)
    return words.sub(
        lambda match: match.group().removesuffix(match["words"]) + DOT * len(match["words"]), said
    )


def _discreet_line(problem: Problem, line: str, *, is_marked: bool) -> str:
    """Show a line of a file; of client.yml only what is known to be no secret."""
    text = _without_links(problem.path, line, _WORDS)
    if not problem.path.endswith(CLIENT_FILE):
        return text
    key = re.match(r"""[\s{-]*["']?(\w+)["']?\s*:""", line)
    is_known = key is not None and key[1] in _client_keys()
    return text if is_known and not (is_marked and problem.rule in _NO_YAML) else dotted(text)


def discreet(problem: Problem) -> Problem:
    """Return the problem with words that give no private link away, and of a length to read."""
    texts = [problem.message, problem.hint]
    if problem.path.endswith(CLIENT_FILE):
        texts = [_MANY_WORDS.sub(lambda match: DOT * len(match.group()), each) for each in texts]
    said = (_without_links(problem.path, text) for text in texts)
    message, hint = (text if len(text) <= MAX_SAID else f"{text[:MAX_SAID]}\u2026" for text in said)
    return replace(problem, message=message, hint=hint)


def _shown(text: str) -> str:
    """Show a piece of a line so that everything in it can be seen, tabs as arrows."""
    return visible(text.replace("\t", "\u2192"))


def _frame(problem: Problem, file: Sequence[str]) -> list[str]:
    """Show the line of a problem and the one before it, with the problem marked."""
    if not 1 <= problem.line <= len(file):
        return [f"  {problem.hint}"] if problem.hint else []
    first = max(1, problem.line - 1)
    lines = [
        _discreet_line(problem, line.rstrip(), is_marked=number == problem.line)
        for number, line in enumerate(file[first - 1 : problem.line], first)
    ]
    begin, end = problem.column - 1, problem.column - 1 + problem.width
    if problem.rule == "link-token":
        dots = DOT * len(lines[-1][begin:end])
        lines[-1] = lines[-1][:begin] + dots + lines[-1][end:]
    far = max(0, begin - MAX_SHOWN)
    lines = [line[far : begin + MAX_SHOWN] for line in lines]
    before, marked = _shown(lines[-1][: begin - far]), _shown(lines[-1][begin - far : end - far])
    start = max(0, len(before) - MAX_SHOWN // 2) if len(_shown(lines[-1])) > MAX_SHOWN else 0
    gutter = len(str(problem.line))
    frame = []
    for number, line in enumerate(lines, problem.line - len(lines) + 1):
        cut = _shown(line)[start : start + MAX_SHOWN].rstrip()
        frame.append(f"  {number:>{gutter}} \u2502 {cut}".rstrip())
    indent = len(before) - start
    width = max(1, min(len(marked), MAX_SHOWN - indent))
    mark = f"  {'':>{gutter}} \u2502 {' ' * indent}{'^' * width}"
    frame.append(f"{mark} {problem.hint}" if problem.hint else mark)
    return frame


def as_text(problems: Sequence[Problem], root: Path) -> str:
    """Write every problem with its frame, ready for a terminal."""
    lines_of = functools.cache(functools.partial(text_lines, root))
    blocks = []
    for problem in map(discreet, problems):
        lines = lines_of(problem.path) if problem.width else ()
        kind = "" if problem.is_error else f"{problem.severity}: "
        head = f"{problem.path}:{problem.line}:{problem.column}: {kind}{problem.message} [{problem.rule}]"
        blocks.append("\n".join([head, *_frame(problem, lines)]))
    return "".join(f"{block}\n" for block in blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem in the pieces that a page shows; they give no private link away."""

    place: str
    """The file, and the line where there is one."""
    message: str
    frame: tuple[str, ...]
    """The lines around it, and a last one that marks it; nothing where no line is meant."""
    hint: str
    is_error: bool
    is_note: bool


def told(problem: Problem, root: Path) -> Told:
    """Take a problem apart; its lines are read now."""
    found = discreet(problem)
    lines = text_lines(root, found.path) if found.width else ()
    frame = _frame(replace(found, hint=""), lines)
    return Told(
        place=f"{found.path}, line {found.line}" if frame else found.path,
        message=found.message,
        frame=tuple(frame),
        hint=found.hint,
        is_error=found.is_error,
        is_note=found.is_note,
    )


def as_json(problems: Sequence[Problem]) -> str:
    """Write a list of objects; the keys are a contract, and so are the two severities."""
    return (
        json.dumps(
            [
                {
                    "path": problem.path,
                    "line": problem.line,
                    "column": problem.column,
                    "rule": problem.rule,
                    "severity": "error" if problem.is_error else "warning",
                    "message": problem.message,
                    "hint": problem.hint,
                    "client": visible(problem.client),
                }
                for problem in map(discreet, problems)
            ],
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _escaped(text: str, *, is_property: bool = False) -> str:
    """Escape a text for a workflow command, as GitHub's runner reads it."""
    for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, code)
    if is_property:
        text = text.replace(":", "%3A").replace(",", "%2C")
    return text


def as_github(problems: Sequence[Problem]) -> str:
    """Write workflow annotations, one a line."""
    lines = []
    for problem in map(discreet, problems):
        place = f"file={_escaped(problem.path, is_property=True)},line={problem.line},col={problem.column}"
        title = f"title={_escaped(problem.rule, is_property=True)}"
        text = _escaped(f"{problem.message}. {problem.hint}" if problem.hint else problem.message)
        kind = "notice" if problem.is_note else problem.severity
        lines.append(f"::{kind} {place},{title}::{text}\n")
    return "".join(lines)


def _owner(problem: Problem) -> str:
    """Name the client or the offering that a problem is about; empty where it is neither."""
    folder, _, name = problem.path.partition("/")
    is_offering = folder == "projects" and name.startswith(f"{OFFERINGS}/")
    return name.removesuffix(".yml") if is_offering else problem.client


def summary(problems: Sequence[Problem], allowed: int = 0) -> str:
    """Count errors, warnings and notes: `2 problems in 1 client and 1 offering, 2 notes`.

    `allowed` findings are meant so: they are counted, too.
    """

    def count(number: int, word: str) -> str:
        return f"{number} {word}" if number == 1 else f"{number} {word}s"

    errors = [problem for problem in problems if problem.is_error]
    notes = sum(problem.is_note for problem in problems)
    warnings = len(problems) - len(errors) - notes
    owners = {_owner(problem) for problem in errors} - {""}
    offerings = sum(owner.startswith(OFFERINGS) for owner in owners)
    places = ((len(owners) - offerings, "client"), (offerings, "offering"))
    meant = ""
    if allowed:
        meant = f" {count(allowed, 'finding')} {'is' if allowed == 1 else 'are'} allowed."
    if not problems:
        return f"No problems.{meant}"
    parts = []
    if errors:
        where = " and ".join(count(number, word) for number, word in places if number)
        parts.append(count(len(errors), "problem") + (f" in {where}" if where else ""))
    if warnings:
        parts.append(count(warnings, "warning"))
    if notes:
        parts.append(count(notes, "note"))
    if notes == len(problems):
        parts.insert(0, "No problems")
    return f"{', '.join(parts)}.{meant}"
