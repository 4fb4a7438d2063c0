"""`serve`: the live preview, and what it says on the terminal."""

from __future__ import annotations

import errno
import os
import threading
import time
from typing import TYPE_CHECKING

import click

from site_builder.cli.edge import (
    Exit,
    config_option,
    find_settings,
    read_today,
    show,
    today_option,
)
from site_builder.cli.secrets import read_passphrases

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from site_builder.serve.preview import Preview, Round
    from site_builder.serve.server import PreviewServer

HOST, PORT = "127.0.0.1", 8000
LAST_PORT = 65535


class Address(click.ParamType[tuple[str, int]]):
    """Where to listen: HOST:PORT, PORT or HOST; an IPv6 address stands in brackets."""

    name = "address"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Read the address, or say how to write it."""
        if isinstance(value, tuple):
            return value
        text = str(value)
        host, colon, port = text.rpartition(":")
        if text.isascii() and text.isdigit():
            host, port = HOST, text
        elif not colon or text.endswith("]"):
            host, port = text, str(PORT)
        is_bracketed = host.startswith("[") and host.endswith("]")
        bare = host[1:-1] if is_bracketed else host
        is_port = port.isascii() and port.isdigit() and int(port) <= LAST_PORT
        if not bare or not is_port or (":" in bare) != is_bracketed or set(bare) & set("[]/@ "):
            self.fail(
                f"'{text}' is not an address; write localhost:8001, 8001, or [::1]:8001", param, ctx
            )
        return bare, int(port)


@click.command()
@click.option(
    "-a",
    "--dev-addr",
    "address",
    type=Address(),
    default=f"{HOST}:{PORT}",
    show_default=True,
    help="Where the preview answers: HOST:PORT, or one of both.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open the start page in your browser.")
@click.option(
    "--no-drafts",
    "has_drafts",
    flag_value=False,
    default=True,
    help="Leave out drafts and steps of a day to come: exactly what clients see.",
)
@today_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="How many processes work at once at the start. By default one a core.",
)
@config_option
def serve(
    address: tuple[str, int],
    is_opened: bool,
    has_drafts: bool,
    today: datetime.date | None,
    jobs: int | None,
    settings_file: Path | None,
) -> None:
    """Show all clients' pages in your browser, and follow every save.

    Drafts and steps of a day to come are shown, marked; with --no-drafts they are left out.
    Nothing is published and site/ is not touched. Only this machine can open the preview, unless
    you name another address.
    """
    from site_builder.serve.preview import Preview
    from site_builder.serve.watch import changes

    settings = find_settings(settings_file)
    read_today(today, "UTC")  # wrong surroundings end here, not in the middle
    server = _listening(*address)
    name = "".join(letter if letter.isalnum() else "-" for letter in f"{server.host}-{server.port}")
    preview = Preview(
        settings,
        name,
        lambda zone: read_today(today, zone),
        version=time.time_ns() // 1_000_000,
        drafts=has_drafts,
        passphrases=lambda workspace: read_passphrases(workspace)[0],
    )
    stream = changes(settings.parent, preview.singles, threading.Event())
    try:
        _look(preview, next(stream), jobs or os.cpu_count() or 1)
        with server.serving(preview):
            click.echo(f"Preview of all clients: {server.url}   (Ctrl+C ends it)")
            if not server.is_private:
                click.echo(
                    "Anyone who can reach this address can read the pages of all clients.", err=True
                )
            if is_opened:
                click.launch(server.url)
            for paths in stream:
                _look(preview, paths)
    except KeyboardInterrupt:
        click.echo("\nThe preview has ended.")
    finally:
        server.server_close()


def _listening(host: str, port: int) -> PreviewServer:
    """Take the address, or say in one sentence why that cannot be."""
    from site_builder.serve.server import PreviewServer

    try:
        return PreviewServer(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"{host}:{port} is taken, perhaps by another preview; choose another address, for example -a localhost:{port % LAST_PORT + 1}"
        elif error.errno in {errno.EACCES, errno.EPERM}:
            reason = f"you may not listen at port {port}; choose one from 1024 on, for example -a localhost:8001"
        else:
            reason = f"{host}:{port} is no address of this machine ({error.strerror}); write -a localhost:8001"
        click.echo(f"Error: {reason}", err=True)
        raise SystemExit(Exit.PROBLEMS) from None


def _look(preview: Preview, paths: frozenset[Path] | None, processes: int = 1) -> None:
    """Build what a save concerns, and say how long it took."""
    begun = time.perf_counter()
    found = preview.refresh(paths, processes=processes)
    took = round(1000 * (time.perf_counter() - begun))
    _say(found, took, preview.root)


def _say(found: Round, took: int, root: Path) -> None:
    """Say in one line what was built, and below it what is wrong."""
    from site_builder import report
    from site_builder.errors import without_notes

    names, problems = found.clients, without_notes(found.problems)
    who = names[0] if len(names) == 1 else f"{len(names)} clients"
    if found.is_stopped:
        click.echo("No page can be shown before this is mended.")
    elif names:
        said = f" {report.summary(problems)}" if problems else ""
        click.echo(f"{who}: {took} ms.{said}")
    if problems:
        show(problems, root, "text")
    if found.bug:
        click.echo(f"A bug of ours; please report it with these lines:\n{found.bug}", err=True)
