"""Working days: neither a weekend nor a holiday, nor a day of a pause.

The only room that imports holidays. The library takes a twentieth of a second to load, so it is
loaded when a country is asked for, and of its countries only that one.
"""

from __future__ import annotations

import datetime
import functools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.model.parts import Pause

SATURDAY = 5
_DAY = datetime.timedelta(days=1)


@functools.cache
def _countries() -> dict[str, list[str]]:
    """List the countries that the library knows, each with its parts."""
    import holidays

    return holidays.list_supported_countries()


@functools.cache
def _holidays(country: str, year: int) -> frozenset[datetime.date]:
    """List the holidays of one year in a country, or in a part of it."""
    import holidays

    code, _, part = country.partition("-")
    with warnings.catch_warnings():  # about years whose moon was not foretold
        warnings.simplefilter("ignore")
        return frozenset(holidays.country_holidays(code, subdiv=part or None, years=year))


@functools.cache
def _names() -> dict[str, str]:
    """List what people call countries, with the codes that are meant."""
    from holidays.registry import COUNTRIES

    return {name.replace("_", " ").title(): codes[1] for name, codes in COUNTRIES.items()}


@functools.cache
def _parts(code: str) -> dict[str, str]:
    """List what people call the parts of a country, with the codes that are meant."""
    import holidays

    codes = {part: part for part in _countries()[code]}
    return {**holidays.country_holidays(code).subdivisions_aliases, **codes}


def unknown_country(country: str) -> tuple[str, str] | None:
    """Say what is wrong with the name of a country, and what to write; None if it is known."""
    known = _countries()
    code, dash, part = country.partition("-")
    if code not in known:
        upper = code.upper()
        near = upper if upper in known else _names().get(nearest(code, _names()) or "")
        example = "write its two letters, for example GB-ENG or DE-BY, or the days themselves"
        return f"nobody knows the holidays of '{code}'", f"write '{near}'" if near else example
    if dash and part not in known[code]:
        near = _parts(code).get(nearest(part, _parts(code)) or "")
        some = [f"{code}-{name}" for name in known[code]]
        hint = f"write '{code}-{near}'" if near else suggestion("", some or [code])
        return f"the country {code} has no part '{part}' with holidays of its own", hint
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """The days on which somebody works: what `holidays` and `pauses` of a project leave."""

    holidays: Sequence[datetime.date | str] = ()
    """Countries, as the holidays package names them, and days."""
    pauses: Sequence[Pause] = ()
    """Those without an end take no days out: nobody knows yet which."""

    def is_working_day(self, day: datetime.date) -> bool:
        """Tell whether somebody works on that day."""
        return not (
            day.weekday() >= SATURDAY
            or day in self.holidays
            or any(
                day in _holidays(country, day.year)
                for country in self.holidays
                if isinstance(country, str)
            )
            or any(pause.to and pause.from_on <= day <= pause.to for pause in self.pauses)
        )

    def add(self, start: datetime.date, days: int) -> datetime.date:
        """Return the day so many working days after the start.

        Day 0 is the start itself, or where nobody works then, the first working day behind it.

        Raises:
            OverflowError: if that is beyond the calendar.
        """
        day = self._first(start)
        for _ in range(days):
            day = self._first(day + _DAY)
        return day

    def last_before(self, day: datetime.date) -> datetime.date:
        """Return the last working day before a day."""
        day -= _DAY
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def between(self, first: datetime.date, last: datetime.date) -> int:
        """Count the working days after the first day, up to the last and with it."""
        span = range(first.toordinal() + 1, last.toordinal() + 1)
        return sum(self.is_working_day(datetime.date.fromordinal(day)) for day in span)

    def _first(self, day: datetime.date) -> datetime.date:
        """Return the first working day on or after a day."""
        while not self.is_working_day(day):
            day += _DAY
        return day
