"""`serve` on the command line: its address, its words, its end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import click
import pytest

from site_builder.cli import cli
from tests.workspace import OTTER, PLANNED, ROOT, TODAY, TOKENS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def served(workspace: Workspace, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "site_builder", "serve", "--today", TODAY, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    # Tests that a script runs in the background have it ignored, and so would what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command, cwd=workspace.root, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def test_it_says_where_it_is_follows_a_save_and_ends_well(workspace: Workspace) -> None:
    """One line for each save, problems with their lines, no private link, exit code 0."""
    name = f"projects/{OTTER}/shop/milestones/01-goals-agreed.md"
    with served(workspace, "-a", "0") as process:
        assert process.stdout
        said = [process.stdout.readline(), process.stdout.readline()]
        assert said[0].startswith("2 clients: ")
        url = said[1].removeprefix("Preview of all clients: ").split()[0]
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}c/{TOKENS[OTTER]}/") as page:  # noqa: S310 - ours
            assert b"Your new shop" in page.read()
        workspace.edit(name, "label:", "lable:")
        said += [process.stdout.readline() for _ in range(5)]
        assert said[2].startswith(f"{OTTER}: ")
        assert "1 problem in 1 client" in said[2]
        assert said[3].startswith(f"{name}:2:1: 'lable' is not a key here")
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in rest
        assert TOKENS[OTTER] not in "".join(said) + rest


def test_without_drafts_it_shows_what_clients_see(workspace: Workspace) -> None:
    """The option reaches the pages."""
    name = f"projects/{OTTER}/shop/milestones/03-party.md"
    workspace.write(name, PLANNED.replace("label: The shop", "draft: true\nlabel: The party"))
    with served(workspace, "-a", "0", "--no-drafts") as process:
        assert process.stdout
        process.stdout.readline()
        url = process.stdout.readline().removeprefix("Preview of all clients: ").split()[0]
        with urllib.request.urlopen(f"{url}c/{TOKENS[OTTER]}/") as page:  # noqa: S310 - ours
            shown = page.read()
    assert b"The shop is open" in shown
    assert b"The party is open" not in shown
    assert b"preview-note" not in shown


def test_a_port_that_is_taken_is_said_in_one_sentence(workspace: Workspace) -> None:
    """With what to do, and without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = workspace.run("serve", "-a", str(port))
    assert ran.code == 1
    assert ran.output.count("\n") == 1
    assert f"127.0.0.1:{port} is taken" in ran.output
    assert f"-a localhost:{port + 1}" in ran.output


def test_a_host_of_others_is_refused(workspace: Workspace) -> None:
    """One cannot listen at an address that is not one's own."""
    ran = workspace.run("serve", "-a", "192.0.2.1:8000")
    assert ran.code == 1
    assert "is no address of this machine" in ran.output


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost:8001", ("localhost", 8001)),
        ("8001", ("127.0.0.1", 8001)),
        ("localhost", ("localhost", 8000)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),  # noqa: S104 - that is what is tested
        ("[::1]:8001", ("::1", 8001)),
        ("[::1]", ("::1", 8000)),
    ],
)
def test_an_address_may_be_short(text: str, address: tuple[str, int]) -> None:
    """Host and port, or one of both."""
    context = cli.commands["serve"].make_context("serve", ["-a", text])
    assert context.params["address"] == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        ":8000",
        "host:",
        "host:x",
        "host:70000",
        "::1",
        "[::1]:",
        "[]:1",
        "a b:1",
        "http://a:1",
    ],
)
def test_an_address_that_is_none_is_refused_with_an_example(text: str) -> None:
    """What is wrong, and what to write instead."""
    with pytest.raises(click.UsageError, match="write localhost:8001"):
        cli.commands["serve"].make_context("serve", ["-a", text])
