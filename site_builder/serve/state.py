"""What is known of all clients at one moment, for the preview's pages; it never changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from site_builder.model.links import PrivateLink
    from site_builder.model.written import OfferingFile
    from site_builder.report import Told
    from site_builder.workspace import Workspace

_CLIENT_ADDRESS = re.compile(r"/c/([a-z2-7]{26})(?=/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One client, as the preview shows it."""

    id: str
    name: str
    version: int
    """Another number after each build."""
    links: Mapping[str, PrivateLink] = field(default_factory=dict)
    """Label to private link."""
    tokens: frozenset[str] = frozenset()
    """All that may be the client's links, also in a client.yml that cannot be read."""
    progress: Mapping[str, Any] = field(default_factory=dict)
    """What progress.json says; empty for a client that is closed or has never been built."""
    hidden: int = 0
    """How many steps its pages show that clients do not see yet."""
    problems: tuple[Told, ...] = ()
    bug: str = ""
    is_closed: bool = False

    @property
    def errors(self) -> tuple[Told, ...]:
        """What stops the client."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[Told, ...]:
        """What is worth a look and stops nothing."""
        return tuple(
            problem for problem in self.problems if not (problem.is_error or problem.is_note)
        )

    @property
    def notes(self) -> tuple[Told, ...]:
        """What is only worth knowing."""
        return tuple(problem for problem in self.problems if problem.is_note)

    @property
    def is_stopped(self) -> bool:
        """Tell whether the files of now could not become pages."""
        return bool(self.errors or self.bug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What stops all clients: problems of the workspace, or a bug of ours."""

    problems: tuple[Told, ...] = ()
    bug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All clients at one moment."""

    version: int
    """Another number after each round."""
    today: datetime.date | None = None
    workspace: Workspace | None = None
    clients: Mapping[str, Seen] = field(default_factory=dict)
    trouble: Trouble | None = None
    warnings: tuple[Told, ...] = ()

    def clients_at(self, address: str) -> tuple[Seen, ...]:
        """Find the clients that an address belongs to: one, or those that share a link."""
        match = _CLIENT_ADDRESS.match(address)
        return tuple(seen for seen in self.clients.values() if match and match[1] in seen.tokens)

    @property
    def offerings(self) -> tuple[OfferingFile, ...]:
        """The offerings that have a page for people who may buy them."""
        known = self.workspace
        found = [known.offering_at(way) for way in known.prospects] if known else []
        return tuple(offering for offering in found if offering and offering.links)

    def is_private(self, address: str) -> bool:
        """Tell whether an address begins with the link of a client, or of an offering."""
        match = _CLIENT_ADDRESS.match(address)
        if match and any(
            match[1] == link.token
            for offering in self.offerings
            for link in offering.links.values()
        ):
            return True
        return bool(self.clients_at(address))

    def version_at(self, address: str) -> int:
        """Tell a number that is another one once the page at this address may be."""
        clients = () if self.trouble else self.clients_at(address)
        return max((seen.version for seen in clients), default=self.version)
