"""`merge`: the parts that `build --shard` wrote become one site."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from site_builder.cli.build import Work, carry_out, jobs_option, read_options, site_option
from site_builder.cli.edge import Exit, config_option, opened, site_folder
from site_builder.cli.secrets import read_passphrases
from site_builder.cli.spread import PARTS


@click.command()
@click.argument("parts", nargs=-1, metavar="[PART]...", type=click.Path(path_type=Path))
@site_option
@jobs_option
@config_option
def merge(
    parts: tuple[Path, ...], site_dir: Path | None, jobs: int | None, settings_file: Path | None
) -> None:
    """Put the parts of a site together that build --shard wrote.

    PART is the folder of one; by default all that stand in parts/, beside mkdocs.yml. They must be
    all parts of one site, and of the workspace as it is here. What comes out is what one build
    would have written into the same site: a client whose files have problems keeps the page that
    is there. Ends with 3 if there was such a client.
    """
    from site_builder.build.parts import open_parts
    from site_builder.errors import NotMerged

    workspace = opened(settings_file, "text")
    default = workspace.root / PARTS
    if not parts and default.is_dir():
        parts = tuple(sorted(path for path in default.iterdir() if path.is_dir()))
    if not parts:
        raise click.UsageError(
            f"there are no parts in {PARTS}/; write them with build --shard, or name their folders"
        )
    try:
        fitting = open_parts(workspace, parts)
    except NotMerged as error:
        for reason in error.reasons:
            click.echo(f"Error: {reason}", err=True)
        click.echo("Nothing was written.", err=True)
        raise SystemExit(Exit.PROBLEMS) from None
    words, wrong = read_passphrases(workspace)
    carry_out(
        Work(
            workspace=workspace,
            owners=(*workspace.clients, *workspace.prospects),
            site=site_folder(workspace, site_dir),
            shown=f"{site_dir or 'site'}",
            way="merged into",
            options=read_options(
                datetime.date.fromisoformat(fitting.day), words, strict=fitting.strict
            ),
            processes=jobs,
            remembers=False,
            across=fitting,
            wrong=wrong,
        )
    )
