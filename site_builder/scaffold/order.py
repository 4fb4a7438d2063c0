"""Where a new milestone stands: the numbers in front of the files' names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import NotWritten, suggestion
from site_builder.model.fields import MILESTONE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """A free place on the road."""

    name: str
    """The new file's name."""
    renames: Mapping[str, str]
    """What the files behind it are called then, the last one first."""


@dataclass(frozen=True, slots=True)
class _Step:
    number: int
    width: int
    id: str
    name: str


def _steps(names: Iterable[str]) -> list[_Step]:
    """List the milestones of a folder in order."""
    found = [
        _Step(int(match["number"]), len(match["number"]), match["id"], match.string)
        for name in names
        if (match := MILESTONE_FILE.fullmatch(name))
    ]
    found.sort(key=lambda step: step.number)
    return found


def _numbered(number: int, width: int, identifier: str) -> str:
    return f"{number:0{max(2, width)}}-{identifier}.md"


def find_place(names: Iterable[str], identifier: str, before: str | None = None) -> Place:
    """Find the place after the last milestone, or before the one named.

    Those behind are moved on by one, only as far as there is no free number.

    Raises:
        NotWritten: if there is no such step, or the order is not clear.
    """
    steps = _steps(names)
    if same := next((step for step in steps if step.id == identifier), None):
        raise NotWritten(
            f"there is a milestone '{identifier}' already: {same.name}; give this one another label"
        )
    if not before:
        last = steps[-1] if steps else _Step(0, 2, "", "")
        return Place(_numbered(last.number + 1, last.width, identifier), {})
    wanted = before.rpartition("/")[2].removesuffix(".md")
    at = next(
        (index for index, step in enumerate(steps) if wanted in {step.id, step.name[:-3]}), None
    )
    if at is None:
        raise NotWritten(
            f"there is no step '{before}'; {suggestion(wanted, (step.id for step in steps))}"
        )
    numbers = [step.number for step in steps]
    if len(set(numbers)) < len(numbers):
        raise NotWritten("two milestones have the same number; `site-builder check` says which")
    here, previous = numbers[at], numbers[at - 1] if at else 0
    if here - previous > 1:
        return Place(_numbered((previous + here) // 2, steps[at].width, identifier), {})
    behind = [
        step for index, step in enumerate(steps) if index >= at and step.number - here == index - at
    ]
    renames = {
        step.name: _numbered(step.number + 1, step.width, step.id) for step in reversed(behind)
    }
    return Place(_numbered(here, steps[at].width, identifier), renames)


def with_new_names(data: bytes, renames: Mapping[str, str]) -> bytes:
    """Let links to milestones follow their files, in the bytes of a text of the same project."""
    known = {old.encode(): new.encode() for old, new in renames.items()}
    names = b"|".join(re.escape(old) for old in known)
    return re.sub(
        rb"(?<=milestones/)(" + names + rb")(?![\w.-])", lambda match: known[match[1]], data
    )
