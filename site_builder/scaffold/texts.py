"""The small texts that new files are made of: YAML values, ids, days."""

from __future__ import annotations

import datetime
import json
import re

from site_builder.model.fields import WEEKDAYS, proper_id

_WORDS_OF_YAML = frozenset("y n yes no on off true false null none nan inf".split())
"""What some readers of YAML do not take for text."""
_LOOKS_LIKE_ANOTHER_KIND = re.compile(r"[-+.]?\d[\d_.,:eExXoOa-fA-F+-]*|\d{4}-\d.*")
_UNSAFE_START = frozenset(
    "-?:,[]{}#&*!|>'\"%@`=<~+.\u201c\u201e\u201d\u00ab\u2018\u2019\u201a\ufeff"
)
_UNSAFE_INSIDE = re.compile(r": |:$| #|^\s|\s$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = 40
"""Characters of a name that is made of a sentence."""
_WEEKEND = 5
_HOLIDAYS = frozenset({(12, 24), (12, 25), (12, 26), (1, 1)})
"""Months and days on which no example plans anything."""


def one_line(text: str) -> str | None:
    """Put typed text on one line; None if it cannot stand in a file."""
    line = " ".join(text.split())
    return None if _CONTROL.search(line) else line


def yaml_text(text: str) -> str:
    """Write one line of text as a value in a block of YAML, in quotes only where it needs them."""
    is_plain = (
        text
        and text[0] not in _UNSAFE_START
        and text.casefold() not in _WORDS_OF_YAML
        and not _UNSAFE_INSIDE.search(text)
        and not _LOOKS_LIKE_ANOTHER_KIND.fullmatch(text)
    )
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def short_id(text: str) -> str:
    """Make a short id of a sentence, from its first whole words."""
    whole = proper_id(text)
    return (
        whole
        if len(whole) <= _SHORT
        else (whole[: _SHORT + 1].rpartition("-")[0] or whole[:_SHORT])
    )


def later_workday(day: datetime.date, days: int, *, back: bool = False) -> datetime.date:
    """Return the day so many days later, moved off weekends and holidays: forwards, or back."""
    last = datetime.date.max.toordinal()
    found = datetime.date.fromordinal(max(8, min(day.toordinal() + days, last - 7)))
    while found.weekday() >= _WEEKEND or (found.month, found.day) in _HOLIDAYS:
        found += datetime.timedelta(days=-1 if back else 1)
    return found


def weekday(day: datetime.date) -> str:
    """Name the day's weekday as project.yml writes it."""
    return WEEKDAYS[day.weekday()]
