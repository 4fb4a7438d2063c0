"""`announce`: what is new becomes drafts to send; what was sent is recorded. It sends nothing."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.edge import (
    Exit,
    chosen_clients,
    clients_argument,
    config_option,
    machine_folders,
    opened,
    read_today,
    refuse_inside,
    show,
    site_folder,
    today_option,
)
from site_builder.cli.secrets import read_passphrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.drafts import Choice, Draft
    from site_builder.workspace import Workspace

DRAFTS = Path("announcements")
"""Where drafts are written, from the workspace; git ignores it, and nothing publishes it."""
WEEK = datetime.timedelta(days=7)


def _target(workspace: Workspace, given: Path | None) -> Path:
    """Find the folder of the drafts, unless people would publish or commit it."""
    if given is None:
        return workspace.root / DRAFTS
    folder = given.absolute()
    refuse_inside(folder, workspace.root, "-o")
    if folder.resolve().is_relative_to(site_folder(workspace, None).resolve()):
        raise click.UsageError(
            f"{given} is inside the site, which is published, and drafts hold private links; choose another folder with -o"
        )
    return folder


def _drafted(workspace: Workspace, clients: Sequence[str], choice: Choice) -> dict[str, Draft]:
    """Draft for each client; what stops one of them is said, and stops no other."""
    from site_builder.drafts import draft
    from site_builder.errors import InvalidInput, NotAnnounced
    from site_builder.lookout import look_out

    # What is wrong with the file of the words is said where they are used.
    words, _ = read_passphrases(workspace)
    sought = look_out(workspace, machine_folders(), words)
    found = {}
    for client in clients:
        try:
            found[client] = draft(workspace, client, choice, sought)
        except InvalidInput as error:
            show(error.problems, workspace.root, "text", err=True)
            click.echo(
                f"{client}: nothing is drafted, for its files have mistakes, as said above",
                err=True,
            )
        except NotAnnounced as error:
            click.echo(f"{client}: nothing is drafted: {error}", err=True)
    return found


def _write(
    workspace: Workspace, drafted: dict[str, Draft], folder: Path, shown: Path, *, with_all: bool
) -> None:
    """Write all drafts, and say where they are."""
    from site_builder.drafts import summary, write_draft, write_summary
    from site_builder.errors import UnsafeTarget
    from site_builder.news import described

    lacks = ""
    try:
        for client, each in drafted.items():
            write_draft(folder, client, each.files)
            if not each.files:
                if not with_all:
                    click.echo(f"{client}: nothing new ({each.news.compared}).")
                continue
            lacks = lacks or each.lacks
            click.echo(f"{client}: {described(each.news.changes)} ({each.news.compared}).")
            links = each.news.client.links
            label = f", with the link '{each.label}' of {len(links)}" if len(links) > 1 else ""
            click.echo(f"  drafted: {(shown / client).as_posix()}/{label}")
        if with_all:
            write_summary(folder, summary(workspace, drafted))
        if folder == workspace.root / DRAFTS and folder.is_dir():
            (folder / ".gitignore").write_text("*\n", "utf-8")
    except UnsafeTarget as error:
        raise click.UsageError(f"{error}; choose another folder with -o") from None
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: {error.filename}") from None
    _say_next(drafted, lacks, with_all=with_all)


def _say_next(drafted: dict[str, Draft], lacks: str, *, with_all: bool) -> None:
    new = [client for client, each in drafted.items() if each.files]
    if with_all and not new:
        click.echo("Nothing is new for any client.")
    if not new:
        return
    if lacks:
        click.echo(f"There is no message.eml: {lacks}", err=True)
    what = "message.txt" if lacks else "message.eml, which opens as a draft,"
    click.echo(
        f"\nNothing was sent. Send {what} or paste chat.txt; then write that you did:"
        f" site-builder announce {'--all' if with_all else ' '.join(new)} --sent"
    )


def _record(
    workspace: Workspace, clients: Sequence[str], choice: Choice, folder: Path, *, with_all: bool
) -> int:
    """Record what was sent, and say so; return how many clients it could not be recorded for."""
    from site_builder.drafts import record_sent, untouched
    from site_builder.errors import InvalidInput, NotAnnounced, NotWritten

    failed = 0
    paths = []
    for client in untouched(clients, folder) if with_all else clients:
        try:
            path, told = record_sent(workspace, client, choice, folder)
        except InvalidInput as error:
            show(error.problems, workspace.root, "text", err=True)
            failed += 1
        except (NotAnnounced, NotWritten) as error:
            click.echo(f"{client}: nothing is recorded: {error}", err=True)
            failed += 1
        else:
            count = f"{len(told)} change{'' if len(told) == 1 else 's'}"
            words = f"{count} recorded as told in {path}" if path else "everything was told before"
            click.echo(f"{client}: {words}.")
            paths += [path] if path else []
    if with_all and not paths and not failed:
        click.echo("No draft waits to be recorded.")
    if paths:
        click.echo(
            f'\nCommit it with your other files: git add projects && git commit -m "announced: {", ".join(p.split("/")[1] for p in paths)}"'
        )
    return failed


def _look(drafted: dict[str, Draft]) -> None:
    """Say for whom something is new, and write nothing."""
    from site_builder.news import described

    new = {client: each for client, each in drafted.items() if each.files}
    for client, each in new.items():
        click.echo(f"{client}: {described(each.news.changes)} ({each.news.compared}).")
    if not new:
        click.echo("Nothing is new for any client.")
    else:
        click.echo("\nsite-builder announce CLIENT drafts the message, --all those of all clients.")


@click.command()
@clients_argument
@click.option(
    "-o",
    "--output",
    "target",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the drafts. By default announcements, beside mkdocs.yml, which git ignores.",
)
@click.option("--all", "with_all", is_flag=True, help="Every client with something new.")
@click.option(
    "--since",
    metavar="COMMIT|DATE",
    default=None,
    help="Tell what changed since a commit, or since the end of a day. By default since the last announcement.",
)
@click.option(
    "--until",
    metavar="COMMIT|DATE",
    default=None,
    help="Tell what changed up to a commit, or the end of a day. By default up to the files as they are.",
)
@click.option("--week", is_flag=True, help="Tell the last seven days in short.")
@click.option(
    "--sent", is_flag=True, help="Draft nothing: write into the workspace that the draft was sent."
)
@click.option(
    "--link",
    metavar="LABEL",
    default=None,
    help="The link that the message carries, where a client has several. By default the first.",
)
@today_option
@config_option
def announce(
    clients: tuple[str, ...],
    target: Path | None,
    today: datetime.date | None,
    settings_file: Path | None,
    *,
    with_all: bool,
    week: bool,
    sent: bool,
    **given: str | None,
) -> None:
    """Draft the message that tells a client what is new: as e-mail, plain text and chat text.

    Nothing is ever sent. Send the draft yourself, and then write that you did, with --sent: so
    nothing is told twice or forgotten. Without a client and without --all, it only says for whom
    something is new.
    """
    from site_builder.drafts import NO_ADDRESS, Choice
    from site_builder.news import Span

    if clients and with_all:
        raise click.UsageError("name clients, or write --all; not both")
    if sent and not (clients or with_all):
        raise click.UsageError("whom did you tell? Name the client, or write --all")
    if week and given["since"]:
        raise click.UsageError("--week is since a week ago; leave --since out")
    workspace = opened(settings_file, "text")
    day = read_today(today, workspace.agency.settings.timezone)
    since = str(day - WEEK) if week else given["since"] or ""
    span = Span(since=since, until=given["until"] or "")
    choice = Choice(today=day, span=span, is_week=week, link=given["link"] or "")
    names = chosen_clients(workspace, clients)
    folder = _target(workspace, target)
    if sent:
        failed = _record(workspace, names, choice, folder, with_all=with_all)
        raise SystemExit(Exit.PROBLEMS if failed else Exit.WELL)
    if not workspace.agency.settings.base_url:
        raise click.UsageError(NO_ADDRESS)
    drafted = _drafted(workspace, names, choice)
    if clients or with_all:
        _write(workspace, drafted, folder, target or DRAFTS, with_all=with_all)
    else:
        _look(drafted)
    if len(drafted) < len(names):
        raise SystemExit(Exit.SOME_KEPT if drafted else Exit.PROBLEMS)
