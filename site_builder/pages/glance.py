"""A project's page in a few plain lines, for the agency: as the client reads it, without a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.pages.pieces import Pieces
from site_builder.pages.sentences import closed, headline, joined, verdict

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.roadmap import Roadmap
    from site_builder.pages.views import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the client reads first."""

    headline: str
    verdict: str
    changes: tuple[str, ...]
    """What changed, newest first, each with its day."""


def _plain(text: str) -> str:
    """Take out what only holds lines together or lets them break."""
    return text.replace("\u00a0", " ").replace("\u00ad", "")


def glance(language: Language, roadmap: Roadmap) -> Glance:
    """Say what a project's page says first."""
    pieces = Pieces(language, roadmap, "")

    def told(change: Change) -> str:
        label = closed(change.label) if change.after else change.label
        return _plain(f"{change.on.text}: {joined(change.before, label, change.after)}")

    return Glance(
        headline=_plain(headline(language, roadmap)),
        verdict=_plain(joined(*verdict(language, roadmap))),
        changes=tuple(told(pieces.change(event)) for event in roadmap.events),
    )
