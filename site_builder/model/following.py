"""What a client can follow outside of the page: dates for a calendar, news for a feed.

Their ids come from the names of folders and steps alone. No link, no host and no date is in them,
so they stay when any of these change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

CALENDAR_FILE = "calendar.ics"
"""In a client's folder: the dates of all projects."""
FEED_FILE = "feed.xml"
"""In a client's folder: the news of all projects, where the agency asks for it."""


def stable_id(*names: str) -> str:
    """Make an id from names: a UUID of version 8 (RFC 9562), whose bits are a digest of them."""
    digest = hashlib.sha256("\0".join(names).encode()).hexdigest()
    variant = "89ab"[int(digest[16], 16) % 4]
    parts = (digest[:8], digest[8:12], f"8{digest[13:16]}", f"{variant}{digest[17:20]}")
    return "-".join((*parts, digest[20:32]))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """A day in the client's calendar."""

    id: str
    on: datetime.date
    title: str
    text: str
    """What is to be said of it; may be empty."""
    moves: int
    """Never lower when the date is another one: calendar programs take the higher one."""
    updated: datetime.date
    """The day of the project's newest news."""
    way: str
    """The page that it leads to, from the client's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One piece of news in the client's feed."""

    id: str
    on: datetime.date
    title: str
    text: str
    """What is to be said beside the title; may be empty."""
    way: str
    """The page that it leads to, from the client's folder."""
