"""`audit`: looks for leaks in what would be published, and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.edge import (
    FORMATS,
    Exit,
    config_option,
    machine_folders,
    opened,
    read_today,
    show,
    today_option,
)

if TYPE_CHECKING:
    import datetime


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How findings are written.",
)
@today_option
@config_option
def audit(
    folder: Path | None, output: str, today: datetime.date | None, settings_file: Path | None
) -> None:
    """Look for leaks in what would be published.

    DIR is a site, or one client's folder of it; by default site, beside mkdocs.yml. Each finding
    has its file, its place and its rule, and repeats no secret. `build` looks in the same way,
    before anything takes its place.
    """
    from site_builder import report
    from site_builder.cli.secrets import read_passphrases
    from site_builder.errors import sorted_problems
    from site_builder.lookout import audit_folder

    workspace = opened(settings_file, output)
    day = read_today(today, workspace.agency.settings.timezone)
    found_in = folder or workspace.root / "site"
    if not found_in.is_dir():
        hint = "" if folder else ": build first, or name a folder"
        raise click.UsageError(f"there is no folder {folder or 'site'}{hint}")
    words, wrong = read_passphrases(workspace)
    problems = audit_folder(workspace, found_in.absolute(), day, machine_folders(), words)
    problems = sorted_problems((*wrong, *problems))
    show(problems, workspace.root, output)
    if output == "text":
        errors = sum(problem.is_error for problem in problems)
        click.echo("No leaks." if not errors else report.summary(problems))
    raise SystemExit(Exit.PROBLEMS if any(problem.is_error for problem in problems) else Exit.WELL)
