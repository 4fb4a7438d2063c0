"""The command line: the only room that prints, exits, and reads the clock and the environment.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import atexit
import gc
import os

import click

from site_builder import __version__
from site_builder.cli.announce import announce
from site_builder.cli.audit import audit
from site_builder.cli.build import build
from site_builder.cli.check import check, links
from site_builder.cli.doctor import doctor
from site_builder.cli.edge import Exit
from site_builder.cli.edits import done, move, start, update
from site_builder.cli.init import init, schema
from site_builder.cli.link import link
from site_builder.cli.merge import merge
from site_builder.cli.needs import ask, received
from site_builder.cli.new import new
from site_builder.cli.overview import overview
from site_builder.cli.protect import passphrase, protect
from site_builder.cli.publish import publish
from site_builder.cli.review import review
from site_builder.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", package_name="site-builder")
def cli() -> None:
    """Turn a folder of milestones into private progress pages for clients.

    Each client gets one link. The page behind it says where the project stands, what just
    happened, why it matters and what comes next.
    """


SELDOM = 200_000
"""Things that are made until Python looks for those that only hold each other: never while one
client is built, of which that took a tenth. Who builds many looks more often."""
_EVERYDAY = (start, ask, received, move, done, update)
_LOOKS = (check, overview, review, doctor)

_SENDS = (announce, link, links, publish)

for _command in (init, new, *_EVERYDAY, *_LOOKS, build, merge, audit, *_SENDS, schema, serve):
    cli.add_command(_command)


link.add_command(protect)
link.add_command(passphrase)


def main() -> None:
    """Run the command line; a bug of ours keeps its traceback and ends with 70."""
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # at the end all memory is given back: nothing need be looked for
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else all packages are listed
    try:
        cli(prog_name="site-builder")
    except Exception:  # noqa: BLE001 - the last resort, shown in full
        import traceback

        click.echo("This is a bug of ours. Please report it with these lines:", err=True)
        click.echo(traceback.format_exc(), err=True)
        raise SystemExit(Exit.BUG) from None
