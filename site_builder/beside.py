"""What a client can follow, beside the pages of each link: the calendar and the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.calendar import calendar
from site_builder.model.following import CALENDAR_FILE, FEED_FILE, stable_id
from site_builder.model.page import FinishedFile
from site_builder.pages.dates import dates
from site_builder.pages.news import news
from site_builder.pages.site import client_title
from site_builder.publish.site import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from site_builder.language import Language
    from site_builder.model.links import PrivateLink
    from site_builder.model.project import Client
    from site_builder.model.roadmap import Roadmap


def followed_files(
    client: Client, language: Language, roadmaps: Sequence[Roadmap], link: PrivateLink
) -> Iterator[FinishedFile]:
    """Make the calendar and the feed of one link: they alone may name its whole address."""
    base = (client.agency.base_url or "").rstrip("/")
    address = f"{base}/{CLIENTS}/{link.token}/" if base else ""
    title = client_title(client, language, roadmaps)
    if client.has_calendar:
        entries = dates(client, language, roadmaps)
        content = calendar(entries, name=title, address=address)
        yield FinishedFile(address=CALENDAR_FILE, content=content)
    if client.has_feed:
        from site_builder.feed import feed

        told = news(client, language, roadmaps)
        content = feed(
            told,
            identity=stable_id(client.id),
            title=title,
            author=client.agency.name,
            language=language.code,
            updated=max(
                (entry.on for entry in told),
                default=min(roadmap.project.starts for roadmap in roadmaps),
            ),
            address=address,
            file=FEED_FILE,
        )
        yield FinishedFile(address=FEED_FILE, content=content)
