"""Every answer of every path carries the whole set of headers, from nginx, Apache and Caddy."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import pytest

from site_builder.publish.kinds import KINDS as TYPES
from site_builder.publish.site import headers_for
from tests.browser.servers import KINDS, Answer, Server, find_server, serving
from tests.browser.test_headers import ALWAYS, FOR_ASSETS, FOR_PAGES
from tests.workspace import TODAY, WORKSPACES, copy_workspace, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.workspace import Workspace

pytestmark = pytest.mark.browser
ENDINGS = ("ics", "webp", "avif", "woff2", "xml", "json", "csv", "pdf")
GONE = "/c/goneegoneegoneegoneegoneeg/"
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
TOKEN = re.compile(r"\b[a-z2-7]{26}\b")
LONG = "/" + "a" * 9000
MALFORMED = {
    "no request": b"GARBAGE\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "headers without end": b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 20_000 + b"\r\n\r\n",
}
BEFORE_A_FOLDER = (LONG, "/%00", "/..%2f..%2fetc/passwd", "/../../etc/passwd")
"""What Apache refuses before it reads a file in the site."""


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest, samples: Workspace) -> Iterator[Server]:
    """A server with the samples, and a file of each kind."""
    if not find_server(KINDS[request.param]):
        pytest.skip(f"no {KINDS[request.param]} is installed; `make test` installs it")
    with serving(request.param, samples.site) as running:
        for ending in ENDINGS:
            (running.site / "c" / f"file.{ending}").write_bytes(b"x")
        yield running


def lacking(answer: Answer, cache: str = FOR_PAGES) -> list[str]:
    """List the headers that an answer has not, or not once, or otherwise."""
    wanted = {**ALWAYS, "Cache-Control": cache}
    return [name for name, value in wanted.items() if answer.one(name) != value]


def addresses(server: Server) -> list[str]:
    """List all pages, as clients see them, and all files; hidden ones are none of them."""
    files = (path for path in server.site.rglob("*") if path.is_file())
    names = sorted(path.relative_to(server.site).as_posix() for path in files)
    shown = [name for name in names if not name.startswith((".", "_"))]
    return [f"/{name.removesuffix('index.html')}" for name in shown]


def kept(address: str) -> str:
    """Tell how long an address may be kept."""
    return FOR_ASSETS if address.startswith("/assets/") else FOR_PAGES


def test_everything_that_is_published(server: Server) -> None:
    """Asked for, asked about, and asked for again: 200, and 304 where it is still the same."""
    asked = addresses(server)
    assert len(asked) > 100
    for address in asked:
        answer = server.ask(address)
        assert (answer.status, lacking(answer, kept(address))) == (200, []), address
        assert answer.body == (server.site / address[1:] / _index(address)).read_bytes()
        head = server.ask(address, "HEAD")
        assert (head.status, lacking(head, kept(address)), head.body) == (200, [], b""), address
        again = server.ask(address, If_None_Match=answer.one("ETag"))
        assert (again.status, lacking(again, kept(address))) == (304, []), address


def _index(address: str) -> str:
    return "index.html" if address.endswith("/") else ""


def test_what_is_not_there_says_nothing(server: Server) -> None:
    """A revoked link, a missing asset, hidden files, ways out of the folder: the neutral page."""
    neutral = (server.site / "404.html").read_bytes()
    for address in (GONE, GONE[:-1], "/assets/none.css", "/c/none.ics", "/.site-builder", "/.git/config",
                    "/.htaccess", "/c/.new-x/"):  # fmt: skip
        answer = server.ask(address)
        assert answer.status in {400, 403, 404}, address
        assert "location" not in answer.headers
        assert lacking(answer) == [], address
        assert answer.body == neutral
        assert answer.one("Content-Type") == "text/html; charset=utf-8"


def test_what_proves_an_address_is_not_hidden(server: Server) -> None:
    """Certificates are given to whoever can show a file there."""
    proof = server.site / ".well-known" / "acme-challenge" / "token"
    proof.parent.mkdir(parents=True, exist_ok=True)
    proof.write_text("proof", "utf-8")
    answer = server.ask("/.well-known/acme-challenge/token")
    assert lacking(answer) == []
    # Caddy answers these by itself, before it looks into the folder.
    assert answer.body == b"proof" or server.kind == "caddy"


def test_a_folder_without_its_slash_leads_to_itself(server: Server) -> None:
    """The way names no other machine and no port, and is never kept."""
    for folder in ("c", "assets"):
        answer = server.ask(f"/{folder}")
        assert answer.status in {301, 308}
        where = answer.one("Location").removeprefix("http://progress.example")
        assert where == f"/{folder}/"
        assert lacking(answer) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_other_methods(server: Server, method: str) -> None:
    """Nothing can be sent here, and the answer says so with all headers."""
    for address in ("/", GONE, "/assets/"):
        answer = server.ask(address, method)
        assert answer.status in {200, 403, 404, 405, 501}, address
        assert lacking(answer, answer.one("Cache-Control")) == [], address
        assert answer.one("Cache-Control") in {FOR_PAGES, kept(address)}


@pytest.mark.parametrize("address", BEFORE_A_FOLDER)
def test_addresses_that_cannot_be(server: Server, address: str) -> None:
    """Too long, with a zero, or out of the folder; Apache sends what its virtual host says."""
    answer = server.ask(address)
    assert answer.status in {400, 403, 404, 414, 500}
    if server.kind != "htaccess":
        assert lacking(answer) == []


@pytest.mark.parametrize("case", MALFORMED)
def test_requests_that_are_none(server: Server, case: str) -> None:
    """Only what a server refuses before it knows whose site is meant lacks anything."""
    answer = server.send(MALFORMED[case])
    if server.kind in {"nginx", "apache"}:
        assert answer.status == 400
        assert lacking(answer) == []
    else:
        assert len(answer.body) < 1000 or lacking(answer) == []


def test_a_part_of_a_file(server: Server) -> None:
    """A part that is there, and one that is not: nginx forgets all headers of the second."""
    (sheet,) = (address for address in addresses(server) if address.endswith("/shell.css"))
    for part in ("bytes=0-9", "bytes=99999999-"):
        answer = server.ask(sheet, Range=part)
        assert answer.status in {200, 206, 416}
        assert lacking(answer, FOR_ASSETS) == []


def test_a_condition_that_does_not_hold(server: Server) -> None:
    """412 is an answer, too."""
    answer = server.ask("/", If_Match='"other"')
    assert answer.status == 412
    assert lacking(answer) == []


def test_each_kind_of_file_has_its_type(server: Server) -> None:
    """Browsers are told not to guess."""
    for ending in ENDINGS:
        found = server.ask(f"/c/file.{ending}").one("Content-Type")
        assert found.partition(";")[0] == TYPES[ending], ending
    assert server.ask("/c/file.ics").one("Content-Type") == "text/calendar; charset=utf-8"


def test_no_answer_tells_a_version(server: Server) -> None:
    """Nor a list of what is in a folder."""
    for address in ("/", GONE, "/c", "/c/", "/assets/"):
        answer = server.ask(address)
        assert not re.search(r"\d", "".join(answer.headers.get("server", [])))
        assert b"Index of" not in answer.body


@pytest.mark.parametrize("kind", KINDS)
def test_the_script_of_sealed_pages_runs_below_c_only(kind: str, samples: Workspace) -> None:
    """Nothing that is not there may run it, and all else stays as it was."""
    if not find_server(KINDS[kind]):
        pytest.skip(f"no {KINDS[kind]} is installed; `make test` installs it")
    with serving(kind, samples.site, with_script=True) as server:
        for address in addresses(server):
            answer = server.ask(address)
            is_client = address.startswith("/c/")
            policy = answer.one("Content-Security-Policy")
            assert policy == headers_for(address, with_script=True)["Content-Security-Policy"]
            assert ("script-src 'self'" in policy) is is_client
            assert lacking(answer, kept(address)) == (["Content-Security-Policy"] * is_client)
        assert lacking(server.ask("/nothing")) == []


def _with_links_of_its_own(text: str, number: int) -> str:
    """Shift the letters of each link, by another number for each copy."""
    shifted = str.maketrans(LETTERS, LETTERS[number:] + LETTERS[:number])
    return TOKEN.sub(lambda found: found[0].translate(shifted), text)


def fourteen(root: Path) -> Workspace:
    """Make a workspace of fourteen clients: the samples, and copies with links of their own."""
    workspace = copy_workspace(WORKSPACES / "samples", root)
    clients = [name for name in sorted(tokens_of(root)) if not name.startswith("_")]
    for number in range(14 - len(clients)):
        source = root / "projects" / clients[number % len(clients)]
        for path in source.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                if path.name == "client.yml":
                    content = _with_links_of_its_own(content.decode(), number + 1).encode()
                workspace.write(f"projects/copy-{number}/{path.relative_to(source)}", content)
    return workspace


def test_rotating_one_of_fourteen_clients(tmp_path: Path) -> None:
    """Thirteen stay as they are, byte for byte; the old path is gone, and leads nowhere."""
    workspace = fourteen(tmp_path / "agency")
    built = workspace.build(today=TODAY)
    assert built.code == 0, built.output
    before = _folders(workspace)
    owners = {owner: token for owner, token in tokens_of(workspace.root).items() if owner[0] != "_"}
    assert len(owners) == 14
    old = owners["copy-3"]
    assert workspace.run("link", "rotate", "copy-3", "everyone").code == 0
    assert workspace.build(today=TODAY).code == 0
    after = _folders(workspace)
    new = tokens_of(workspace.root)["copy-3"]
    assert before.keys() - after.keys() == {old}
    assert after.keys() - before.keys() == {new}
    others = set(owners.values()) - {old}
    assert len(others) == 13
    assert {token: after[token] for token in others} == {token: before[token] for token in others}
    with contextlib.ExitStack() as stack:
        for kind, program in KINDS.items():
            if find_server(program):
                server = stack.enter_context(serving(kind, workspace.site))
                for address in (f"/c/{old}/", f"/c/{old}", f"/c/{old}/progress.json"):
                    answer = server.ask(address)
                    assert (answer.status, lacking(answer)) == (404, [])
                    assert "location" not in answer.headers
                assert server.ask(f"/c/{new}/").status == 200


def _folders(workspace: Workspace) -> dict[str, dict[str, bytes]]:
    """Read the folder of each link."""
    found: dict[str, dict[str, bytes]] = {}
    for path in sorted((workspace.site / "c").rglob("*")):
        if path.is_file() and path.parent.name != "c":
            token, _, way = path.relative_to(workspace.site / "c").as_posix().partition("/")
            found.setdefault(token, {})[way] = path.read_bytes()
    return found
