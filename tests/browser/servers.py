"""nginx, Apache and Caddy on a free port of this machine, each with the snippet that we write."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.publish.hosts import snippet
from tests.browser.serve import free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.serve import Headers

KINDS = {"nginx": "nginx", "htaccess": "apache2", "apache": "apache2", "caddy": "caddy"}
"""How a site is served, and the program for it: Apache reads its file in the site, or elsewhere."""
_SBIN = "/usr/sbin:/usr/local/sbin"
_MODULES = "mpm_event authz_core unixd dir mime headers setenvif alias autoindex"
_OF_APACHE = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))


def find_server(program: str) -> str | None:
    """Find a web server; Debian keeps some where only root's path leads."""
    return shutil.which(program) or shutil.which(program, path=_SBIN)


def _nginx(folder: Path, site: Path, port: int) -> list[str]:
    own_folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (folder / "nginx.conf").write_text(
        "daemon off; master_process off; pid nginx.pid; error_log stderr crit;\n"
        "events { worker_connections 64; }\nhttp { access_log off;\n"
        + "".join(f"{kind}_temp_path temp-{kind};\n" for kind in own_folders)
        + f"server {{ listen 127.0.0.1:{port}; server_name progress.example; root {site};\n"
        "include snippet;\n} }\n",
        "utf-8",
    )
    return ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def _apache(folder: Path, site: Path, port: int, *, in_site: bool) -> list[str]:
    modules = next(path for path in _OF_APACHE if path.is_dir())
    if in_site:
        (folder / "snippet").rename(site / ".htaccess")
    override, include = ("All", "") if in_site else ("None", f"Include {folder}/snippet")
    user = "User nobody\nGroup nogroup\n" if os.geteuid() == 0 else ""
    (folder / "httpd.conf").write_text(
        "".join(
            f"LoadModule {name}_module {modules}/mod_{name}.so\n"
            for name in _MODULES.split()
            if (modules / f"mod_{name}.so").is_file()
        )
        + f"ServerRoot {folder}\nServerName progress.example\nListen 127.0.0.1:{port}\n{user}"
        f"PidFile {folder}/pid\nErrorLog {folder}/errors\nLogLevel crit\nTraceEnable Off\n"
        f"TypesConfig /dev/null\nDefaultRuntimeDir {folder}\nStartServers 1\nServerTokens Prod\n"
        f"<VirtualHost 127.0.0.1:{port}>\nServerName http://progress.example:80\nDocumentRoot {site}\n"
        f"<Directory {site}>\nRequire all granted\nAllowOverride {override}\n</Directory>\n"
        f"{include}\n</VirtualHost>\n",
        "utf-8",
    )
    return ["-f", str(folder / "httpd.conf"), "-D", "FOREGROUND"]


def _caddy(folder: Path, site: Path, port: int) -> list[str]:
    (folder / "Caddyfile").write_text(
        "{\n\tadmin off\n\tauto_https off\n\tlog {\n\t\toutput discard\n\t}\n}\n"
        f"http://:{port} {{\n\tbind 127.0.0.1\n\troot * {site}\n\timport snippet\n}}\n",
        "utf-8",
    )
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said."""

    status: int
    headers: Headers
    body: bytes

    def one(self, name: str) -> str:
        """Return a header that is there once; it says so where it is not."""
        found = self.headers.get(name.lower(), [])
        return found[0] if len(found) == 1 else f"{len(found)} values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server, and the folder that it shows."""

    kind: str
    site: Path
    port: int

    def ask(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """Ask with a method and headers; `_` in their names stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, address, headers={"Host": "progress.example", **own})
            return _read(connection.getresponse())

    def send(self, request: bytes) -> Answer:
        """Send what is no proper request."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as line:
            line.sendall(request)
            response = http.client.HTTPResponse(line)
            response.begin()
            return _read(response)


def _read(response: http.client.HTTPResponse) -> Answer:
    headers: Headers = {}
    for name, value in response.getheaders():
        headers.setdefault(name.lower(), []).append(value)
    return Answer(status=response.status, headers=headers, body=response.read())


@contextlib.contextmanager
def serving(kind: str, site: Path, *, with_script: bool = False) -> Iterator[Server]:
    """Serve a copy of a site, where a server that gives up root's rights can read it."""
    program = find_server(KINDS[kind])
    assert program, "the callers skip where there is none"
    with tempfile.TemporaryDirectory() as place:
        folder, copy = Path(place), Path(place, "www")
        folder.chmod(0o755)
        shutil.copytree(site, copy)
        port = free_port()
        name = "nginx" if kind == "nginx" else "caddy" if kind == "caddy" else "apache"
        (folder / "snippet").write_text(snippet(name, with_script=with_script), "utf-8")
        arguments = {
            "nginx": lambda: _nginx(folder, copy, port),
            "htaccess": lambda: _apache(folder, copy, port, in_site=True),
            "apache": lambda: _apache(folder, copy, port, in_site=False),
            "caddy": lambda: _caddy(folder, copy, port),
        }[kind]()
        environment = {**os.environ, "HOME": place, "XDG_DATA_HOME": place}
        command = [program, *arguments]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment) as server:
            try:
                wait_for(port, server)
                yield Server(kind=kind, site=copy, port=port)
            finally:
                server.terminate()
