"""`link protect` and `link passphrase`: how pages are protected, and the words that open them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from site_builder.cli import secrets
from site_builder.cli.asking import refuse
from site_builder.cli.edge import chosen_clients, config_option, opened
from site_builder.cli.link import change, client_argument, fresh_key, link, next_steps

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.edits.links import LinkFile
    from site_builder.workspace import Workspace

MODES = ("link", "sealed", "passphrase")
_SAID = {
    "link": "whoever has the link can read the pages, and so can your host",
    "sealed": "the pages that are published are ciphertext; the whole link opens them",
    "passphrase": "the pages that are published are ciphertext; the whole link and six words open them",
}


@link.command()
@client_argument
@click.argument("protection", type=click.Choice(MODES))
@config_option
def protect(client: str, protection: str, settings_file: Path | None) -> None:
    """Choose how a client's pages are protected: link, sealed or passphrase.

    Sealed pages are ciphertext on your host. What opens them stands behind the # of the link, and
    for passphrase also in six words that you send another way. Each link that has no key gets one;
    its address is a new one then, which you send again.
    """
    from site_builder.edits.protection import protect_links
    from site_builder.model.hosts import HOSTS
    from site_builder.model.links import Protection

    drawn: list[int] = []

    def edit(_: Workspace, file: LinkFile) -> str:
        text, count = protect_links(file, Protection(protection), fresh_key)
        drawn.append(count)
        return text

    workspace, file = change(client, settings_file, edit)
    click.echo(f"\n{file.owner}: {_SAID[protection]}. So it is once you publish.")
    if drawn[0]:
        click.echo(
            "The old address shows only that it is incomplete then: send the new one, as `links` prints it."
        )
    host = HOSTS.get(workspace.agency.settings.host or "")
    if protection != "link" and host and host.follows_branch:
        click.echo(
            f"If {host.title} follows a branch of this repository, it can still read the sources there."
        )
    if protection == "passphrase":
        click.echo(f"The words: site-builder link passphrase {file.owner}")
    what = f"link: protect {file.owner} by {protection}"
    next_steps(workspace, file, what, sends=bool(drawn[0]), removes=False)


@link.command()
@client_argument
@click.option(
    "--renew", is_flag=True, help="Replace words that are there: they open nothing any more."
)
@config_option
def passphrase(client: str, renew: bool, settings_file: Path | None) -> None:
    """Draw the six words that open a client's sealed pages, keep them, and show them once.

    They are kept in .passphrases, which only you can read and git ignores. A CI gets them as the
    variable SITE_BUILDER_PASSPHRASE_ and the client's id in capitals, with _ for -; on GitHub the
    CI file must name it, too.
    """
    from site_builder.errors import NotWritten

    workspace = opened(settings_file, "text")
    (owner,) = chosen_clients(workspace, [client])
    name = secrets.variable(owner)
    if os.environ.get(name):
        raise click.UsageError(
            f"{name} is set here and comes before the file; take it away first, or change it where it is set"
        )
    known, wrong = secrets.read_file(workspace.root, workspace.clients)
    if owner in known and not renew:
        raise click.UsageError(
            f"{owner} has words already, in {secrets.FILE}; with --renew new ones take their place"
        )
    words = secrets.drawn_words()
    try:
        for problem in wrong:
            if problem.is_error:
                refuse(NotWritten(f"{secrets.FILE}: {problem.message}. {problem.hint}"))
        if secrets.keep_out_of_git(workspace.root):
            click.echo(f"changed: .gitignore, so that git never takes {secrets.FILE}")
        secrets.keep(workspace.root, owner, words)
    except (NotWritten, OSError) as error:
        refuse(error)
    click.echo(f"The words for {owner} are kept in {secrets.FILE}, which only you can read:")
    click.echo(f"\n  {words.words}\n")
    click.echo("Tell them by phone or in a chat, never in the message that has the link.")
    click.echo(f"Where a CI builds the pages, it needs them as the secret {name}.")
    click.echo(f"On GitHub its file must name that, too: {name}: ${{{{ secrets.{name} }}}}")
    click.echo(f"\nNext:\n  site-builder build {owner}")
