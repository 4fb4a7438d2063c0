"""A preview to try: its state alone, or with its server and its watch, as `serve` runs it."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.serve.preview import Preview
from site_builder.serve.server import PreviewServer
from site_builder.serve.watch import changes
from tests.workspace import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.workspace import Workspace

DAY = datetime.date.fromisoformat(TODAY)
PATIENCE = 20
"""Seconds after which a test gives up on what should take a fraction of one."""


def preview_of(workspace: Workspace, *, drafts: bool = True) -> Preview:
    """Make a preview that has built nothing yet, on the day of the samples."""
    return Preview(workspace.root / "mkdocs.yml", "here", lambda _: DAY, drafts=drafts)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True, slots=True)
class Running:
    """A preview that follows every save."""

    preview: Preview
    server: PreviewServer

    @property
    def url(self) -> str:
        """The origin, without a slash at the end."""
        return self.server.url.rstrip("/")

    def connection(self) -> http.client.HTTPConnection:
        """Connect to the server."""
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)

    def ask(self, address: str, method: str = "GET", host: str = "localhost") -> Asked:
        """Send a request, with the path as it is."""
        with contextlib.closing(self.connection()) as connection:
            connection.putrequest(method, address, skip_host=True)
            connection.putheader("Host", host)
            connection.endheaders()
            response = connection.getresponse()
            return Asked(response.status, response.headers, response.read())


@contextlib.contextmanager
def running(root: Path) -> Iterator[Running]:
    """Run a preview on a free port, as the command does."""
    stop = threading.Event()
    with PreviewServer("127.0.0.1", 0) as server:
        preview = Preview(root / "mkdocs.yml", "here", lambda _: DAY)
        stream = changes(root, preview.singles, stop)
        preview.refresh(next(stream))
        follower = threading.Thread(target=lambda: [preview.refresh(found) for found in stream])
        follower.start()
        try:
            with server.serving(preview):
                yield Running(preview, server)
        finally:
            stop.set()
            follower.join()
