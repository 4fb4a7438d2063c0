"""Working days: neither a weekend nor a holiday, nor a day of a pause.

The only room that imports holidays. The library takes a twentieth of a second to load, so it is
loaded when a country is asked for, and of its countries only that one.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import re
import unicodedata
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.model.parts import Pause

SATURDAY = 5
ALIKE = 0.85
"""How much of a mistyped name must be right: a wrong country would be believed."""
MIN_NAME = 3
"""Shorter codes of parts are too many countries' to mean one."""
MANY = 3
"""More countries than these are not proposed for one name."""
_DAY = datetime.timedelta(days=1)


_ALSO_CALLED = {
    "UK": "GB",
    "Britain": "GB",
    "Great Britain": "GB",
    "America": "US",
    "Czech Republic": "CZ",
    "Holland": "NL",
    "Nederland": "NL",
    "Deutschland": "DE",
    "Österreich": "AT",
    "Schweiz": "CH",
    "Suisse": "CH",
    "Danmark": "DK",
    "España": "ES",
    "Italia": "IT",
    "Polska": "PL",
    "Türkiye": "TR",
    "Bavaria": "DE-BY",
    "Hesse": "DE-HE",
    "Lower Saxony": "DE-NI",
    "NRW": "DE-NW",
    "North Rhine-Westphalia": "DE-NW",
    "Rhineland-Palatinate": "DE-RP",
    "Saxony": "DE-SN",
    "Saxony-Anhalt": "DE-ST",
    "Thuringia": "DE-TH",
    "Carinthia": "AT-2",
    "Styria": "AT-6",
    "Tyrol": "AT-7",
    "Vienna": "AT-9",
    "Geneva": "CH-GE",
    "Lucerne": "CH-LU",
    "Catalonia": "ES-CT",
}
"""What people write where the library has another name, with the codes that are meant."""


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


def _plain(name: str) -> str:
    """Write a name as it is compared: small letters without accents, and blanks between words."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"[^\W_]+", re.sub("[\u0300-\u036f]", "", letters))
    return " ".join(words).removeprefix("the ")


@functools.cache
def _parts(code: str) -> dict[str, str]:
    """List what people call the parts of a country, with the codes that are meant."""
    import holidays

    codes = {part: part for part in _countries()[code]}
    ours = (full.partition("-") for full in _ALSO_CALLED.values())
    named = dict(zip(_ALSO_CALLED, ours, strict=True))
    also = {name: part for name, (country, _, part) in named.items() if part and country == code}
    return {**holidays.country_holidays(code).subdivisions_aliases, **also, **codes}


@functools.cache
def _meanings() -> dict[str, list[str]]:
    """List what people call countries and their parts, in plain words, with what may be meant."""
    from holidays.registry import COUNTRIES

    countries = {name: codes[1] for name, codes in COUNTRIES.items()}
    named = [*countries.items(), *_ALSO_CALLED.items()]
    named += [(code, codes[1]) for codes in COUNTRIES.values() for code in codes[1:3]]
    for code in countries.values():
        for name, part in _parts(code).items():
            full = f"{code}-{part}"
            named.append((f"{code} {name}", full))
            if len(name) >= MIN_NAME and not name.isdigit():
                named.append((name, full))
    found: dict[str, list[str]] = {}
    for name, code in named:
        codes = found.setdefault(_plain(name), [])
        if code not in codes:
            codes.append(code)
    return found


def unknown_country(country: str) -> tuple[str, str] | None:
    """Say what is wrong with the name of a country, and what to write; None if it is known."""
    known = _countries()
    code, dash, part = country.partition("-")
    if code in known and (not dash or part in known[code]):
        return None
    if code in known:
        near = _parts(code).get(nearest(part, _parts(code)) or "")
        some = [f"{code}-{name}" for name in known[code]]
        hint = f"write '{code}-{near}'" if near else suggestion("", some or [code])
        return f"the country {code} has no part '{part}' with holidays of its own", hint
    meanings, typed = _meanings(), _plain(country)
    close = difflib.get_close_matches(typed, meanings, n=1, cutoff=ALIKE)
    meant = meanings.get(typed) or (meanings[close[0]] if close else [])
    example = "write its two letters, for example GB-ENG or DE-BY, or the days themselves"
    hint = f"write {' or '.join(map(repr, meant[:MANY]))}" if meant else example
    return f"nobody knows the holidays of '{country}'", hint


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
