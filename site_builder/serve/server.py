"""The preview's HTTP server: on this machine only, unless somebody names another address.

Whoever can reach it can read all clients' pages. So it answers only to names that lead here on
purpose: a page elsewhere whose own name is made to lead to this machine gets nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from site_builder.serve.answers import EVENTS, Answer, Answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.serve.preview import Preview

KEEP_ALIVE = 10
"""Seconds after which a browser that waits hears that we are still here."""


class PreviewServer(ThreadingHTTPServer):
    """Listens at one address; other ends that go away are nothing to tell."""

    daemon_threads = True
    # Elsewhere this would let two servers share a port.
    allow_reuse_address = os.name == "posix"
    allow_reuse_port = False

    def __init__(self, host: str, port: int) -> None:
        """Take the address.

        Raises:
            OSError: if it is taken, or not one of this machine.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = min(found, key=lambda entry: entry[0] is not socket.AF_INET)
        self.address_family = family
        self.host = host
        self.answers: Answers
        self.preview: Preview
        super().__init__(address[:2], _Handler)  # type: ignore[arg-type]

    def server_bind(self) -> None:
        """Take the address without asking the network for its name, which may take seconds."""
        self.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, int(self.allow_reuse_address)
        )
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    @property
    def port(self) -> int:
        """The port, also where any free one was asked for."""
        return int(self.server_address[1])

    @property
    def is_private(self) -> bool:
        """Tell whether only this machine reaches the server."""
        return ipaddress.ip_address(str(self.server_address[0])).is_loopback

    @property
    def url(self) -> str:
        """The start page's address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    def knows(self, host: str) -> bool:
        """Tell whether the `Host` of a request is ours: no name that anyone can make lead here."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in {"localhost", self.host.lower()} or name.endswith(".localhost"):
            return True
        with contextlib.suppress(ValueError):
            return bool(ipaddress.ip_address(name))
        return False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that left is no error, and bugs are shown as pages."""

    @contextlib.contextmanager
    def serving(self, preview: Preview) -> Iterator[None]:
        """Answer from another thread as long as the body runs."""
        self.preview, self.answers = preview, Answers(preview)
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            preview.close()
            self.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def version_string(self) -> str:
        """Name no program and no version, as the pages do."""
        return "preview"

    def log_message(self, *_: object) -> None:
        """Say nothing: addresses of pages are private links."""

    def do_GET(self) -> None:
        """Answer, or tell what is new as long as the browser listens."""
        address, _, query = self.path.partition("?")
        if not self.server.knows(self.headers.get("Host", "")):
            text = f"This preview answers at {self.server.url} only.\n"
            self._send(Answer(421, {"Content-Type": "text/plain; charset=utf-8"}, text.encode()))
        elif address == EVENTS and self.command == "GET":
            self._tell_news(parse_qs(query).get("at", ["/"])[0])
        else:
            self._send(self.server.answers.at(address))

    do_HEAD = do_GET  # noqa: N815 - the library's names

    def _refuse(self) -> None:
        self.close_connection = True
        self._send(Answer(405, {"Allow": "GET, HEAD", "Connection": "close"}))

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse  # noqa: N815

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def _tell_news(self, address: str) -> None:
        """Send the version of a page at once and whenever there is another one."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 500\n\n")
        known: int | None = None
        while True:
            version = self.server.preview.wait(address, known, KEEP_ALIVE)
            if version is None:
                return
            self.wfile.write(b":\n\n" if version == known else f"data: {version}\n\n".encode())
            known = version
