"""Dates to a calendar file (RFC 5545). The only module that imports icalendar.

All-day entries that calendar programs update in place: an entry keeps its id, and its SEQUENCE is
higher when its date is another one. Nothing in the file is of the clock: the same dates give the
same bytes. Escaping, folding and line ends are the library's.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.model.following import CalendarEntry

MAKER = "-//Progress//Dates//EN"
"""The file must name who made it; this names neither a tool nor a version."""
ASKED_AGAIN = datetime.timedelta(days=1)
"""How often a program that subscribed asks for news."""


def calendar(entries: Sequence[CalendarEntry], *, name: str, address: str = "") -> bytes:
    """Write the dates; with `address`, the client's folder on the web, each leads to its page."""
    from icalendar import Calendar, Event

    file = Calendar()
    file.add("prodid", MAKER)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    # The standard's names (RFC 7986), and those that older programs know.
    file.add("name", name)
    file.add("x-wr-calname", name)
    file.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "P1D")
    for entry in entries:
        event = Event()
        event.add("uid", entry.id)
        midnight = datetime.time(tzinfo=datetime.UTC)
        event.add("dtstamp", datetime.datetime.combine(entry.updated, midnight))
        event.add("sequence", entry.moves)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + datetime.timedelta(days=1))
        event.add("summary", entry.title)
        if entry.text:
            event.add("description", entry.text)
        if address:
            event.add("url", address + entry.way)
        event.add("transp", "TRANSPARENT")  # the day stays free
        file.add_component(event)
    return bytes(file.to_ical())
