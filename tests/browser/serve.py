"""A built site behind a real web server, with the headers that its `_headers` file publishes."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from click.testing import CliRunner

from site_builder.cli import Exit, cli
from site_builder.publish.site import HEADERS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
WORKSPACES = ROOT / "tests" / "workspaces"
SAMPLES = "samples"
"""The workspace of the project's own sample clients."""
SAMPLE_DAY = datetime.date(2026, 3, 2)
SECONDS_TO_START = 10
TOKEN = re.compile(r"\b[a-z2-7]{26}\b")

TYPES = {
    "html": "text/html",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv",
}


def find_nginx() -> str | None:
    """Debian keeps it where only root's path leads."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def day_of(workspace: str) -> datetime.date:
    if workspace == SAMPLES:
        return SAMPLE_DAY
    case = yaml.safe_load((WORKSPACES / workspace / "case.yml").read_text("utf-8"))
    day = case["today"]
    assert isinstance(day, datetime.date)
    return day


def build_site(workspace: str, day: datetime.date | None, folder: Path) -> Mapping[str, str]:
    """Build a workspace's site into `folder`; return the token of each client."""
    root = ROOT if workspace == SAMPLES else WORKSPACES / workspace / "workspace"
    command = ["build", "-f", str(root / "mkdocs.yml"), "-d", str(folder)]
    result = CliRunner().invoke(cli, [*command, "--today", str(day or day_of(workspace))])
    assert result.exit_code in {Exit.WELL, Exit.SOME_KEPT}, result.output
    return {
        client: found.group()
        for client in sorted(path.name for path in (root / "projects").iterdir())
        if (found := TOKEN.search((root / "projects" / client / "client.yml").read_text("utf-8")))
    }


def header_rules(site: Path) -> dict[str, dict[str, str]]:
    """Read `_headers`: a pattern for addresses, then its headers, indented."""
    rules: dict[str, dict[str, str]] = {}
    pattern = ""
    for line in (site / HEADERS_FILE).read_text("utf-8").splitlines():
        if not line.startswith(" "):
            pattern = line
            rules[pattern] = {}
        else:
            name, value = line.strip().split(": ", 1)
            rules[pattern][name] = value
    return rules


def headers_at(rules: Mapping[str, Mapping[str, str]], address: str) -> dict[str, list[str]]:
    """Collect the headers that a host would send at an address, as the rules ask for them."""
    headers: dict[str, list[str]] = {}
    for pattern, values in rules.items():
        if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), address):
            for name, value in values.items():
                headers.setdefault(name, []).append(value)
    return headers


def _configuration(site: Path, rules: Mapping[str, Mapping[str, str]], port: int) -> str:
    """Write the web server's configuration: each header is looked up by the address asked for."""
    names = sorted({name for values in rules.values() for name in values})
    maps, headers = [], []
    for name in names:
        variable = "$header_" + name.lower().replace("-", "_")
        maps.append(f"map $request_uri {variable} {{ default '';")
        for pattern, values in rules.items():
            if name in values:
                address = re.escape(pattern).replace(r"\*", "[^?]*")
                maps.append(f'  "~^{address}(?:[?]|$)" "{values[name]}";')
        maps.append("}")
        headers.append(f"  add_header {name} {variable} always;")
    types = "\n".join(f"  {kind} {ending};" for ending, kind in TYPES.items())
    folders = "\n".join(
        f"  {kind}_temp_path temp-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return "\n".join(
        [
            "daemon off; master_process off; pid nginx.pid; error_log stderr error;",
            "events { worker_connections 256; }",
            "http {",
            "  access_log off; server_tokens off; charset utf-8; default_type application/octet-stream;",
            "  variables_hash_max_size 2048; variables_hash_bucket_size 128;",
            folders,
            "  types {",
            types,
            "  }",
            *maps,
            "  server {",
            f"  listen 127.0.0.1:{port}; root {site}; index index.html; error_page 404 /404.html;",
            "  location ~ /[._] { return 404; }",
            *headers,
            "  }",
            "}",
            "",
        ]
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise RuntimeError(f"nginx did not start (exit code {server.poll()})")


@contextlib.contextmanager
def served(site: Path, folder: Path) -> Iterator[int]:
    """Run nginx for one site; gives the port on the loopback address."""
    program = find_nginx()
    assert program
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    settings = folder / "nginx.conf"
    settings.write_text(_configuration(site, header_rules(site), port), "utf-8")
    server = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(settings), "-e", "stderr"],
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "")},
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A built site and where it can be reached."""

    folder: Path
    tokens: Mapping[str, str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, client: str, page: str) -> str:
        """Tell a page's address; without a client, it is one of the site's own pages."""
        return f"/c/{self.tokens[client]}/{page}" if client else f"/{page}"

    def get(self, address: str) -> tuple[int, dict[str, list[str]], bytes]:
        """Ask the server itself: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", address)
            response = connection.getresponse()
            headers: dict[str, list[str]] = {}
            for name, value in response.getheaders():
                headers.setdefault(name, []).append(value)
            return response.status, headers, response.read()
        finally:
            connection.close()
