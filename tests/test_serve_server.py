"""The preview's server as browsers and strangers meet it: over HTTP, on a real port."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from site_builder.serve.server import PreviewServer
from tests.preview import Running, running
from tests.workspace import OTTER, TOKENS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT_FILE = f"projects/{OTTER}/shop/project.yml"
OTTERS = f"/c/{TOKENS[OTTER]}/"


@pytest.fixture
def live(workspace: Workspace) -> Iterator[Running]:
    """A preview of two clients that follows every save."""
    with running(workspace.root) as found:
        yield found


def test_pages_come_with_their_headers(live: Running) -> None:
    """Of the real host, and nothing that names a program."""
    asked = live.ask(OTTERS)
    assert asked.status == 200
    assert asked.headers["Cache-Control"] == "private, no-store"
    assert asked.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert asked.headers["Strict-Transport-Security"] is None
    assert asked.headers["Server"] == "preview"
    assert b"Your new shop" in asked.body


def test_what_comes_after_a_question_mark_changes_nothing(live: Running) -> None:
    """Mail programs add things to links."""
    assert live.ask(f"{OTTERS}?utm_source=mail").status == 200


def test_head_sends_no_body_and_everything_else_is_refused(live: Running) -> None:
    """A preview is only to be read."""
    head = live.ask(OTTERS, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) > 1000
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        refused = live.ask(OTTERS, method)
        assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:1", "[::1]:8000", "a.localhost"]
)
def test_names_that_lead_here_on_purpose_are_answered(live: Running, host: str) -> None:
    """Numbers, and what every system keeps for itself."""
    assert live.ask("/", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "", "["]
)
def test_a_name_that_anyone_could_make_lead_here_gets_nothing(live: Running, host: str) -> None:
    """A page elsewhere could read all clients' pages through the reader's browser."""
    for address in ("/", OTTERS, f"/_preview/events?at={OTTERS}"):
        asked = live.ask(address, host=host)
        assert asked.status == 421
        assert TOKENS[OTTER].encode() not in asked.body


def test_a_browser_hears_of_a_save(workspace: Workspace, live: Running) -> None:
    """First the version that is there, then another one, which is that of the new page."""
    with contextlib.closing(live.connection()) as connection:
        connection.request("GET", f"/_preview/events?at={OTTERS}", headers={"Host": "localhost"})
        events = connection.getresponse()
        assert events.headers["Content-Type"] == "text/event-stream"
        lines = (line.decode().strip() for line in events)
        versions = (line.removeprefix("data: ") for line in lines if line.startswith("data: "))
        first = next(versions)
        assert f'data-version="{first}"'.encode() in live.ask(OTTERS).body
        workspace.edit(PROJECT_FILE, "Your new shop", "Your second shop")
        second = next(versions)
        assert second != first
        page = live.ask(OTTERS).body
        assert b"Your second shop" in page
        assert f'data-version="{second}"'.encode() in page


def test_only_this_machine_is_meant(live: Running) -> None:
    """The loopback address, unless somebody names another one."""
    assert live.server.is_private
    with PreviewServer("0.0.0.0", 0) as wide:  # noqa: S104 - that is what is tested
        assert not wide.is_private
    with PreviewServer("localhost", 0) as named:
        assert named.is_private
        assert named.url == f"http://localhost:{named.port}/"


def test_an_address_is_taken_once(live: Running) -> None:
    """Two previews never answer at the same one."""
    with pytest.raises(OSError, match="in use"):
        PreviewServer("127.0.0.1", live.server.port)
