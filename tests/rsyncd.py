"""A real rsync daemon on this machine, and a way to it that can be cut."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE = "www"


@dataclass(frozen=True, slots=True)
class Daemon:
    """A daemon, and the folder that it shows."""

    port: int
    folder: Path

    def target(self, port: int | None = None) -> str:
        """Name the folder as rsync does; by another port, through something between."""
        return f"rsync://127.0.0.1:{port or self.port}/{MODULE}/progress"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@contextlib.contextmanager
def running_daemon(place: Path, *more: str) -> Iterator[Daemon]:
    """Start a daemon whose module is a folder below `place`; `more` are lines for the module."""
    (place / "www").mkdir()
    owner = [f"  uid = {os.getuid()}", f"  gid = {os.getgid()}"] if os.getuid() == 0 else []
    lines = ["use chroot = no", f"[{MODULE}]", f"  path = {place / 'www'}", "  read only = no"]
    (place / "rsyncd.conf").write_text("\n".join([*lines, *owner, *more]) + "\n", "utf-8")
    port = _free_port()
    process = subprocess.Popen(
        ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}",
         f"--config={place / 'rsyncd.conf'}", f"--log-file={place / 'rsyncd.log'}"],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield Daemon(port, place / "www" / "progress")
    finally:
        process.terminate()
        process.wait()


class Wire:
    """Passes on what is sent to a daemon, and counts it; after so many bytes the wire is cut."""

    def __init__(self, port: int) -> None:
        """Listen on a port of our own."""
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.left: float = float("inf")
        self.sent = 0
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # who waits for somebody to come, goes
        self._accepting.join()
        self._listening.close()

    def allow(self, count: float = float("inf")) -> int:
        """Let so many bytes more to the daemon; return how many there were since the last time."""
        sent, self.sent, self.left = self.sent, 0, count
        return sent

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()
                del client

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._to)) as daemon:
            back = threading.Thread(target=self._pass_on, args=(daemon, client, False), daemon=True)
            back.start()
            self._pass_on(client, daemon, True)  # noqa: FBT003 - only this way is counted
            back.join()

    def _pass_on(self, one: socket.socket, other: socket.socket, is_counted: bool) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while data := one.recv(4096):
                if is_counted:
                    data = data[: int(min(self.left, len(data)))]
                    self.left -= len(data)
                    self.sent += len(data)
                other.sendall(data)
                if self.left <= 0:
                    one.shutdown(socket.SHUT_RDWR)
                    break
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR if self.left <= 0 else socket.SHUT_WR)
