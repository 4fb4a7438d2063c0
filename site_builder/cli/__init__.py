"""The command line: the only room that prints, exits, and reads the clock and the environment.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import atexit
import gc
import os
from collections import UserDict
from importlib import import_module
from typing import Any

import click

from site_builder import __version__

PLACES = {
    "init": "init",
    "new": "new",
    "start": "edits",
    "ask": "needs",
    "received": "needs",
    "move": "edits",
    "done": "edits",
    "update": "edits",
    "check": "check",
    "overview": "overview",
    "review": "review",
    "doctor": "doctor",
    "build": "build",
    "merge": "merge",
    "audit": "audit",
    "announce": "announce",
    "link": "protect",  # which adds its own commands to it
    "links": "check",
    "publish": "publish",
    "schema": "init",
    "serve": "serve",
}
"""The module of each command."""


class _Commands(UserDict[str, Any]):
    """Commands that are loaded when they are meant: all together that takes as long as a build."""

    def __getitem__(self, name: str) -> click.Command:
        """Load the module of a command."""
        module = import_module(f"site_builder.cli.{super().__getitem__(name)}")
        command: click.Command = getattr(module, name)
        return command


@click.group(commands=_Commands(PLACES), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", package_name="site-builder")
def cli() -> None:
    """Turn a folder of milestones into private progress pages for clients.

    Each client gets one link. The page behind it says where the project stands, what just
    happened, why it matters and what comes next.
    """


SELDOM = 200_000
"""Things that are made until Python looks for those that only hold each other: never while one
client is built, of which that took a tenth. Who builds many looks more often."""


def main() -> None:
    """Run the command line; a bug of ours keeps its traceback and ends with 70."""
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # at the end all memory is given back: nothing need be looked for
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else all packages are listed
    try:
        cli(prog_name="site-builder")
    except Exception:  # noqa: BLE001 - the last resort, shown in full
        import traceback

        from site_builder.cli.edge import Exit

        click.echo("This is a bug of ours. Please report it with these lines:", err=True)
        click.echo(traceback.format_exc(), err=True)
        raise SystemExit(Exit.BUG) from None
