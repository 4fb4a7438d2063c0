"""Problems as people and programs read them: text with frames, JSON, annotations of a CI."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from site_builder.errors import visible
from site_builder.source.files import line_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from site_builder.errors import Problem

MAX_SHOWN = 160
"""Longer lines are cut around the problem."""

_LINK = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{20,}(?![A-Za-z0-9])")
"""What looks like a private link in client.yml, also a damaged one."""


def _without_links(problem: Problem, text: str) -> str:
    """Dot out private links: what `check` prints ends in logs, and who has a link can read the page."""
    if not problem.path.endswith("client.yml"):
        return text
    return _LINK.sub(lambda match: "\u2022" * len(match.group()), text)


def _discreet(problem: Problem) -> Problem:
    """Return the problem with words that give no private link away."""
    message, hint = (_without_links(problem, text) for text in (problem.message, problem.hint))
    return replace(problem, message=message, hint=hint)


def _frame(problem: Problem, root: Path) -> list[str]:
    """Show the line of a problem and the one before it, with the problem marked."""
    lines = line_of(root, problem.path, problem.line)
    gutter = len(str(problem.line))
    if not lines:
        return [f"  {problem.hint}"] if problem.hint else []
    start = max(0, problem.column - MAX_SHOWN // 2) if len(lines[-1]) > MAX_SHOWN else 0
    frame = []
    for number, line in enumerate(lines, problem.line - len(lines) + 1):
        bare = _without_links(problem, line.replace("\t", " "))
        shown = visible(bare)[start : start + MAX_SHOWN].rstrip()
        frame.append(f"  {number:>{gutter}} \u2502 {shown}".rstrip())
    before = visible(lines[-1][: problem.column - 1].replace("\t", " "))[start:]
    room = max(1, len(lines[-1].rstrip()) - problem.column + 1)
    width = max(1, min(problem.width, room, MAX_SHOWN - len(before)))
    mark = f"  {'':>{gutter}} \u2502 {' ' * len(before)}{'^' * width}"
    frame.append(f"{mark} {problem.hint}" if problem.hint else mark)
    return frame


def as_text(problems: Sequence[Problem], root: Path) -> str:
    """Write every problem with its frame, ready for a terminal."""
    blocks = []
    for problem in map(_discreet, problems):
        kind = "" if problem.is_error else "warning: "
        head = f"{problem.path}:{problem.line}:{problem.column}: {kind}{problem.message} [{problem.rule}]"
        blocks.append("\n".join([head, *_frame(problem, root)]))
    return "".join(f"{block}\n" for block in blocks)


def as_json(problems: Sequence[Problem]) -> str:
    """Write a list of objects; the keys are a contract."""
    return (
        json.dumps(
            [
                {
                    "path": problem.path,
                    "line": problem.line,
                    "column": problem.column,
                    "rule": problem.rule,
                    "severity": problem.severity.value,
                    "message": problem.message,
                    "hint": problem.hint,
                    "client": problem.client,
                }
                for problem in map(_discreet, problems)
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
    for problem in map(_discreet, problems):
        place = f"file={_escaped(problem.path, is_property=True)},line={problem.line},col={problem.column}"
        title = f"title={_escaped(problem.rule, is_property=True)}"
        text = _escaped(f"{problem.message}. {problem.hint}" if problem.hint else problem.message)
        lines.append(f"::{problem.severity.value} {place},{title}::{text}\n")
    return "".join(lines)


def summary(problems: Sequence[Problem]) -> str:
    """Count errors and warnings: `1 problem in 1 client.`."""

    def count(number: int, word: str) -> str:
        return f"{number} {word}" if number == 1 else f"{number} {word}s"

    errors = [problem for problem in problems if problem.is_error]
    warnings = len(problems) - len(errors)
    clients = {problem.client for problem in errors if problem.client}
    if not problems:
        return "No problems."
    parts = []
    if errors:
        where = f" in {count(len(clients), 'client')}" if clients else ""
        parts.append(count(len(errors), "problem") + where)
    if warnings:
        parts.append(count(warnings, "warning"))
    return ", ".join(parts) + "."
