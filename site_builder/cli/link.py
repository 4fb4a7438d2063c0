"""`link`: private links are added, made anew, taken back and closed, one line of a file each.

A link is drawn here and stands in no output unless somebody asks for it with --show.
"""

from __future__ import annotations

import base64
import secrets
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.asking import refuse
from site_builder.cli.edge import (
    Day,
    Exit,
    complete_client,
    config_option,
    find_settings,
    opened,
    show,
)
from site_builder.cli.new import fresh_token
from site_builder.cli.steps import commit_command, git_command

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from site_builder.edits.links import LinkFile
    from site_builder.model.links import PrivateLink
    from site_builder.workspace import Workspace

_KEY_BYTES = 32


def _complete_label(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """List the labels of the client that was named, for the shell."""
    from site_builder.errors import SiteBuilderError
    from site_builder.relink import find_links
    from site_builder.workspace import open_workspace

    try:
        workspace = open_workspace(find_settings(ctx.params.get("settings_file")))
        labels = find_links(workspace, _owner(workspace, str(ctx.params["client"]))).labels
    except (click.UsageError, SiteBuilderError, OSError, KeyError):
        return []
    return [label for label in labels if label.startswith(incomplete)]


client_argument = click.argument("client", shell_complete=complete_client)
label_argument = click.argument("label", shell_complete=_complete_label)
show_option = click.option(
    "--show", "is_shown", is_flag=True, help="Print the new link; else `links` does."
)


@click.group()
def link() -> None:
    """Add, renew, take back or close private links.

    Each changes one line of the client's client.yml, or of an offering that is named as
    `_offerings/website`, and says what else is to be done.
    """


def fresh_key() -> str:
    """Draw the key of a link to sealed pages: 256 random bits as 52 characters of base32."""
    return base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode().lower().rstrip("=")


def _fresh_link(workspace: Workspace, file: LinkFile) -> PrivateLink:
    """Draw a link that nobody has; with a key if the client's pages are sealed."""
    from site_builder.model.links import PrivateLink

    token = fresh_token(workspace.settings.values())
    return PrivateLink(token, fresh_key() if file.is_sealed else "")


def _owner(workspace: Workspace, typed: str) -> str:
    """Take a way to a client's folder or file, or to an offering's, for its name."""
    projects = (workspace.root / "projects").resolve()
    for path in (Path(typed).resolve(), (projects / typed).resolve()):
        if path.is_relative_to(projects) and path != projects and path.exists():
            parts = path.relative_to(projects).parts
            if parts[0] in workspace.clients:
                return parts[0]
            return "/".join(parts).removesuffix(".yml")
    return typed


def change(
    client: str,
    settings_file: Path | None,
    edit: Callable[[Workspace, LinkFile], str],
) -> tuple[Workspace, LinkFile]:
    """Change the file of a client's links and write it, or end with what is wrong."""
    from site_builder.errors import InvalidInput, NotWritten
    from site_builder.relink import find_links, write_links

    workspace = opened(settings_file, "text")
    try:
        file = find_links(workspace, _owner(workspace, client))
        left = write_links(workspace, file, edit(workspace, file))
    except (NotWritten, OSError) as error:
        refuse(error)
    except InvalidInput as error:
        show(error.problems, workspace.root, "text")
        click.echo("Nothing was written: mend this first.", err=True)
        raise SystemExit(Exit.PROBLEMS) from None
    click.echo(f"changed: {file.path}")
    if left:
        click.echo("\nStill to be mended there:")
        show(left, workspace.root, "text")
    return workspace, file


def next_steps(
    workspace: Workspace, file: LinkFile, what: str, *, sends: bool, removes: bool
) -> None:
    """Say what is to be done now; `removes`: an old link must go wherever it still opens a page."""
    from site_builder.model.hosts import HOSTS

    host = HOSTS.get(workspace.agency.settings.host or "")
    click.echo("\nNext:")
    if git := git_command(workspace.root):
        click.echo(f"  {commit_command(git, shlex.quote(what), file.path)}")
    one = "" if removes or file.is_offering else f" {file.owner}"
    why = "   # all clients: only then the old address is removed" if removes else ""
    click.echo(f"  site-builder build{one}{why}")
    click.echo(f"  {host.publish if host else 'site-builder publish branch'}   # or push, with CI")
    if sends:
        named = "" if file.is_offering else f" {file.owner}"
        click.echo(f"  site-builder links{named}   # prints the address to send")
    if removes and host and host.old:
        click.echo(f"\n{host.old}")
        if host.delete:
            click.echo("Once the new pages are published, delete the old ones:")
        _say(host.delete)
    elif removes and not host:
        click.echo(
            "\nSome hosts keep earlier deploys open at addresses of their own, with the old link in them:"
            " delete those. With extra.agency.host in mkdocs.yml you are told how."
        )


def _say(commands: Sequence[str]) -> None:
    for command in commands:
        click.echo(f"  {command}")


def _show(workspace: Workspace, drawn: PrivateLink, *, is_shown: bool) -> None:
    if is_shown:
        base = (workspace.agency.settings.base_url or "").rstrip("/")
        click.echo(f"{base}/{drawn.address}")


@link.command()
@client_argument
@click.argument("label")
@show_option
@config_option
def add(client: str, label: str, is_shown: bool, settings_file: Path | None) -> None:
    """Add a further private link.

    CLIENT is a client's folder, or an offering as `_offerings/website`. LABEL is for you: the
    client never sees it. Each link is a whole copy of the pages, which can be taken back alone.
    """
    from site_builder.edits.links import add_link

    drawn: list[PrivateLink] = []

    def edit(workspace: Workspace, file: LinkFile) -> str:
        drawn.append(_fresh_link(workspace, file))
        return add_link(file, label, drawn[0])

    workspace, file = change(client, settings_file, edit)
    click.echo(f"\n{file.owner} has a further link, '{label}'. It opens the page once you publish.")
    _show(workspace, drawn[0], is_shown=is_shown)
    what = f"link: add {label} for {file.owner}"
    next_steps(workspace, file, what, sends=not is_shown, removes=False)


@link.command()
@client_argument
@label_argument
@show_option
@config_option
def rotate(client: str, label: str, is_shown: bool, settings_file: Path | None) -> None:
    """Make a link anew: whoever has the old one finds nothing any more.

    The old address does not lead to the new one. All other links stay as they are.
    """
    from site_builder.edits.links import rotate_link

    drawn: list[PrivateLink] = []

    def edit(workspace: Workspace, file: LinkFile) -> str:
        drawn.append(_fresh_link(workspace, file))
        return rotate_link(file, label, drawn[0])

    workspace, file = change(client, settings_file, edit)
    click.echo(
        f"\n'{label}' of {file.owner} is a new link. The old one opens the page until you publish, and then"
        " nothing; it leads nowhere else."
    )
    _show(workspace, drawn[0], is_shown=is_shown)
    what = f"link: rotate {label} of {file.owner}"
    next_steps(workspace, file, what, sends=not is_shown, removes=True)


@link.command()
@client_argument
@label_argument
@config_option
def revoke(client: str, label: str, settings_file: Path | None) -> None:
    """Take a link back: whoever has it finds nothing any more.

    The last link of a client cannot be taken back: make it anew, or close the page.
    """
    from site_builder.edits.links import revoke_link

    workspace, file = change(client, settings_file, lambda _, file: revoke_link(file, label))
    click.echo(
        f"\n{file.owner} has no link '{label}' any more. It opens the page until you publish, and then nothing."
    )
    what = f"link: revoke {label} of {file.owner}"
    next_steps(workspace, file, what, sends=False, removes=True)


@link.command()
@client_argument
@click.argument("date", type=Day(), metavar="DATE")
@config_option
def end(client: str, date: datetime.date, settings_file: Path | None) -> None:
    """Close a client's pages from a day on: each link shows a closed page then.

    The page names your agency and whom to ask, and nothing about the project. The day before DATE
    is the last one on which the client can read it. To open it again, delete `ends` in client.yml.
    """
    from site_builder.edits.links import end_links

    workspace, file = change(client, settings_file, lambda _, file: end_links(file, date))
    click.echo(f"\nFrom {date} on, every link of {file.owner} shows a closed page.")
    what = f"link: end {file.owner} on {date}"
    next_steps(workspace, file, what, sends=False, removes=False)
