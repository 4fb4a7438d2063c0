"""A built site behind a real web server, with the headers that its `_headers` file publishes."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from site_builder.publish.hosts import HEADERS_FILE
from tests.workspace import WORKSPACES, copy_workspace, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECONDS_TO_START = 10
TYPES = {
    "html": "text/html",
    "webp": "image/webp",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv",
    "woff2": "font/woff2",
}

Headers = dict[str, list[str]]
Rules = dict[str, dict[str, str]]


def find_nginx() -> str | None:
    """Find the web server; Debian keeps it where only root's path leads."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A site on disk."""

    folder: Path
    tokens: Mapping[str, str]


def build_site(case: str, root: Path, today: str | None = None) -> Built:
    """Build the site of a case of tests/workspaces/ at its day, or at `today`."""
    folder = WORKSPACES / case
    workspace = copy_workspace(folder, root)
    settings = yaml.safe_load((folder / "case.yml").read_text("utf-8"))
    ran = workspace.build(today=today or str(settings["today"]))
    assert ran.code in {0, 3}, ran.output
    return Built(folder=workspace.site, tokens=tokens_of(root))


def header_rules(site: Path) -> Rules:
    """Read `_headers`: a pattern for addresses, then its headers, indented."""
    rules: Rules = {}
    pattern = ""
    for line in (site / HEADERS_FILE).read_text("utf-8").splitlines():
        if line.startswith(" "):
            name, value = line.strip().split(": ", 1)
            rules[pattern][name] = value
        else:
            pattern = line
            rules[pattern] = {}
    return rules


def _pattern(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", "[^?]*")


def headers_at(rules: Rules, address: str) -> Headers:
    """Collect the values that a host finds for each header at an address."""
    headers: Headers = {}
    for pattern, values in rules.items():
        if re.fullmatch(_pattern(pattern), address):
            for name, value in values.items():
                headers.setdefault(name, []).append(value)
    return headers


def _configuration(site: Path, rules: Rules, port: int) -> str:
    """Write the web server's configuration: each header is looked up by the address asked for."""
    maps, headers = [], []
    for name in sorted({name for values in rules.values() for name in values}):
        variable = "$header_" + name.lower().replace("-", "_")
        maps.append(f"map $request_uri {variable} {{ default '';")
        maps += [
            f'"~^{_pattern(pattern)}([?]|$)" "{values[name]}";'
            for pattern, values in rules.items()
            if name in values
        ]
        maps.append("}")
        headers.append(f"add_header {name} {variable} always;")
    own_folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n".join(
        [
            "daemon off; master_process off; pid nginx.pid; error_log stderr crit;",
            "events { worker_connections 256; }",
            "http { access_log off; server_tokens off; charset utf-8;",
            "default_type application/octet-stream;",
            "gzip on; gzip_types text/css image/svg+xml application/json;",
            "variables_hash_max_size 2048; variables_hash_bucket_size 128;",
            *(f"{kind}_temp_path temp-{kind};" for kind in own_folders),
            "types {",
            *(f"{kind} {ending};" for ending, kind in TYPES.items()),
            "}",
            *maps,
            f"server {{ listen 127.0.0.1:{port}; root {site};",
            "index index.html; error_page 404 /404.html;",
            "location ~ /[._] { return 404; }",
            *headers,
            "} }\n",
        ]
    )


def free_port() -> int:
    """Find a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server that was started takes connections."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise RuntimeError(f"the server did not start (exit code {server.poll()})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A built site, and where the web server shows it."""

    folder: Path
    tokens: Mapping[str, str]
    port: int

    @property
    def url(self) -> str:
        """The site's origin, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def address(self, client: str, page: str = "") -> str:
        """Tell a page's address; without a client, it is one of the site's own pages."""
        return f"/c/{self.tokens[client]}/{page}" if client else f"/{page}"

    def page_addresses(self) -> list[str]:
        """List the address of every page, as clients see it."""
        pages = sorted(path.relative_to(self.folder).as_posix() for path in self._files(".html"))
        return ["/" + page.removesuffix("index.html") for page in pages]

    def file_addresses(self) -> list[str]:
        """List the address of everything that is published."""
        return ["/" + path.relative_to(self.folder).as_posix() for path in self._files("")]

    def _files(self, ending: str) -> list[Path]:
        return sorted(
            path
            for path in self.folder.rglob(f"*{ending}")
            if path.is_file() and not path.name.startswith((".", "_"))
        )

    def get(self, address: str) -> tuple[int, Headers, bytes]:
        """Ask the server: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", address)
            response = connection.getresponse()
            headers: Headers = {}
            for name, value in response.getheaders():
                headers.setdefault(name, []).append(value)
            return response.status, headers, response.read()


@contextlib.contextmanager
def served(built: Built, folder: Path) -> Iterator[Site]:
    """Run nginx for one site, on a free port of the loopback address."""
    program = find_nginx()
    assert program, "the callers skip where there is no nginx"
    folder.mkdir()
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(_configuration(built.folder, header_rules(built.folder), port), "utf-8")
    command = [program, "-p", str(folder), "-c", str(settings), "-e", "stderr"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield Site(folder=built.folder, tokens=built.tokens, port=port)
        finally:
            server.terminate()
