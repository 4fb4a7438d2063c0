"""`doctor`: what is risky here and what the host cannot enforce, in sentences."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from site_builder.cli.edge import (
    Exit,
    config_option,
    opened,
    read_today,
    site_folder,
    today_option,
)
from site_builder.cli.publish import is_public, site_option
from site_builder.cli.secrets import read_passphrases

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from site_builder.workspace import Workspace

_HEADINGS = {
    "mend": "To be mended",
    "risk": "Risky",
    "host": "What {host} does not do by itself",
    "know": "Good to know",
}


@click.command()
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@click.option(
    "--snippet",
    "is_snippet",
    is_flag=True,
    help="Print what belongs into the settings of your host, and nothing else.",
)
@site_option
@today_option
@config_option
def doctor(
    output: str,
    is_snippet: bool,
    site_dir: Path | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Say what is risky here, and what your host cannot enforce.

    It looks at your settings, at git and at the built site, changes nothing and asks nobody. It
    ends with 1 if something is to be mended.
    """
    from site_builder.doctor import Weight, examine

    workspace = opened(settings_file, "text", may_be_empty=True)
    if is_snippet:
        _print_snippet(workspace, site_folder(workspace, site_dir))
        return
    day = read_today(today, workspace.agency.settings.timezone)
    site = site_folder(workspace, site_dir)
    remarks = examine(
        workspace, site, day, is_public=is_public(), known=read_passphrases(workspace)[0]
    )
    if output == "json":
        click.echo(json.dumps([asdict(remark) for remark in remarks], ensure_ascii=False, indent=2))
    else:
        host = _title(workspace)
        for number, (weight, group) in enumerate(groupby(remarks, lambda each: each.weight)):
            click.echo(("\n" if number else "") + _HEADINGS[weight].format(host=host) + ":")
            for remark in group:
                click.echo(f"- {remark.message}")
                if remark.hint:
                    click.echo(f"  → {remark.hint}")
        wrong = sum(remark.weight is Weight.MEND for remark in remarks)
        things = "1 thing is" if wrong == 1 else f"{wrong} things are"
        click.echo(f"\n{things if wrong else 'Nothing is'} to be mended.")
    is_wrong = any(remark.weight is Weight.MEND for remark in remarks)
    raise SystemExit(Exit.PROBLEMS if is_wrong else Exit.WELL)


def _title(workspace: Workspace) -> str:
    from site_builder.model.hosts import HOSTS

    host = workspace.agency.settings.host
    return HOSTS[host].title if host else "your host"


def _print_snippet(workspace: Workspace, site: Path) -> None:
    from site_builder.doctor import snippet
    from site_builder.model.hosts import HOSTS

    host = workspace.agency.settings.host
    if not host:
        raise click.UsageError(
            f"no host is named: write host: under extra: agency: in mkdocs.yml, one of {', '.join(HOSTS)}"
        )
    text = snippet(workspace, site)
    if not text:
        where = ", ".join(HOSTS[host].files) or "no file: it has no way to set headers"
        raise click.UsageError(
            f"{HOSTS[host].title} needs no snippet; what it reads is in the site: {where}"
        )
    click.echo(text, nl=False)
