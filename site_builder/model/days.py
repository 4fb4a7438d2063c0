"""What people write for a date in place of YYYY-MM-DD, and which day they may mean."""

from __future__ import annotations

import calendar
import re

from site_builder.model.editors import DATE_HINT

_SLASHED_DATE = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
LOOSE_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def meant_day(text: str) -> str | None:
    """Say what to write in place of a date with slashes, dots, long dashes or words, as a hint."""
    if _DATE.fullmatch(text):
        return None  # nearly all are right
    return _slashed_hint(text) or _meant_hint(text)


def _written_days(year: int, first: int, second: int) -> list[str]:
    """List the readings of a date with slashes, day first, as hints."""
    readings = []
    for day, month in ((first, second), (second, first)):
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:  # noqa: PLR2004
            name = calendar.month_name[month]
            reading = f"{year:04}-{month:02}-{day:02} for {day} {name}"
            if reading not in readings:
                readings.append(reading)
    return readings


def _slashed_hint(text: str) -> str | None:
    begins_with_day = re.match(r"\d{1,2}-", text)
    match = _SLASHED_DATE.fullmatch(text.replace("-", "/") if begins_with_day else text)
    if not match:
        return None
    first, second, third = (int(part) for part in match.groups())
    year, day, month = (first, third, second) if first > 31 else (third, first, second)  # noqa: PLR2004
    if not 1900 <= year <= 2999:  # noqa: PLR2004
        return DATE_HINT
    readings = _written_days(year, day, month)
    return "write it as YYYY-MM-DD: " + ", or ".join(readings) if readings else DATE_HINT


def _meant_hint(text: str) -> str | None:
    """Read a date with long dashes, or with the month as a word: there is one reading only."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    loose = LOOSE_DATE.fullmatch(plain) if plain != text else None
    if loose:
        year, month, day = (int(part) for part in loose.groups())
    else:
        words = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[.,]", " ", text.casefold()).split()
        names = [name.casefold() for name in calendar.month_name]
        said = {
            number
            for word in words
            if len(word) > 2  # noqa: PLR2004 - Jan is a month
            for number, name in enumerate(names)
            if name.startswith(word)
        }
        numbers = [int(word) for word in words if re.fullmatch(r"\d{1,4}", word)]
        if len(said) != 1 or len(words) != 3 or len(numbers) != 2:  # noqa: PLR2004
            return None
        (month,), (day, year) = said, sorted(numbers)
    if not 1900 <= year <= 2999 or not 1 <= month <= 12:  # noqa: PLR2004
        return None
    last = calendar.monthrange(year, month)[1]
    return f"write {year:04}-{month:02}-{day:02}" if 1 <= day <= last else None
