"""`check` and `links`: what looks and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from site_builder.cli.edge import (
    FORMATS,
    Exit,
    all_problems,
    chosen_clients,
    clients_argument,
    complete_client,
    config_option,
    no_cache_option,
    opened,
    read_today,
    show,
    strict_option,
    surveyed,
    today_option,
)

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from site_builder.errors import Problem


@click.command()
@clients_argument
@click.option(
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How problems are written.",
)
@strict_option
@today_option
@no_cache_option
@config_option
def check(
    clients: tuple[str, ...],
    output: str,
    strict: bool,
    today: datetime.date | None,
    no_cache: bool,
    settings_file: Path | None,
) -> None:
    """Find every problem in the files of all clients, or of those named.

    Your files and the site stay as they are; only what was found is remembered, in .cache/. Each
    problem has its file, line and column, and what to write instead.
    """
    from site_builder import report

    workspace = opened(settings_file, output)
    day = read_today(today, workspace.agency.settings.timezone)
    found = surveyed(workspace, chosen_clients(workspace, clients), day, no_cache=no_cache)
    problems = all_problems(workspace, found, strict=strict)
    show(problems, workspace.root, output)
    if output == "text":
        click.echo(report.summary(problems, sum(each.allowed for each in found)))
    raise SystemExit(Exit.PROBLEMS if any(problem.is_error for problem in problems) else Exit.WELL)


@click.command()
@click.argument("client", required=False, shell_complete=complete_client)
@click.option(
    "--base-url",
    metavar="URL",
    default=None,
    help="Where the site stands, in place of base_url in the settings; for a look on this machine.",
)
@config_option
def links(client: str | None, base_url: str | None, settings_file: Path | None) -> None:
    """Print the private address of each client, or of the one named.

    Whoever has an address can read the page: send it to the client only. Without a name, the
    addresses of offerings follow.
    """
    from site_builder.errors import sorted_problems
    from site_builder.workspace import read_links, read_offering_links

    workspace = opened(settings_file, "text")
    base = (base_url or workspace.agency.settings.base_url or "").rstrip("/")
    problems: list[Problem] = []
    for name in chosen_clients(workspace, [client] if client else []):
        labels, found = read_links(workspace, name)
        problems += found
        for label, link in labels.items():
            click.echo(f"{name}\t{label}\t{base}/{link.address}")
    for way in () if client else workspace.prospects:
        labels, found = read_offering_links(workspace, way)
        problems += found
        for label, link in labels.items():
            click.echo(f"{way}\t{label}\t{base}/{link.address}")
    if problems:
        show(sorted_problems(problems), workspace.root, "text", err=True)
    raise SystemExit(Exit.PROBLEMS if problems else Exit.WELL)
