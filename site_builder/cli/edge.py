"""What all commands share: the way from words on a command line to a workspace, and to words again.

Only here the clock and the environment are read.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.build import Result
    from site_builder.errors import Problem
    from site_builder.survey import Surveyed
    from site_builder.workspace import Workspace

FORMATS = ("text", "json", "github")
CACHE = ".cache"
"""What the program remembers between its runs, from the workspace; git ignores it."""


class Exit(IntEnum):
    """What the exit code says."""

    WELL = 0
    PROBLEMS = 1
    USAGE = 2
    SOME_KEPT = 3
    BUG = 70


class Day(click.ParamType[datetime.date]):
    """A day on the command line: YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.date:
        """Read the day, or say how to write it."""
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"{str(value)!r} is not a date; write it as YYYY-MM-DD, for example 2026-03-06",
                param,
                ctx,
            )


config_option = click.option(
    "-f",
    "--config-file",
    "settings_file",
    default=None,
    type=click.Path(path_type=Path),
    help="The settings of the workspace, or their folder. By default mkdocs.yml here, or in the nearest folder above.",
)
today_option = click.option(
    "--today", type=Day(), default=None, help="Take this day for today (YYYY-MM-DD)."
)
strict_option = click.option("--strict", is_flag=True, help="Let warnings stop a client, too.")
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Look at every client anew; what is found is the same."
)


def find_settings(given: Path | None) -> Path:
    """Find mkdocs.yml here or in the nearest folder above."""
    if given is not None:
        given = given / "mkdocs.yml" if given.is_dir() else given
        if not given.is_file():
            raise click.UsageError(f"there is no file {given}")
        return given.absolute()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "mkdocs.yml").is_file():
            return folder / "mkdocs.yml"
    raise click.UsageError(
        "there is no mkdocs.yml here or in a folder above; go to your workspace, or name the file with -f"
    )


def complete_client(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """List the clients whose names go on like this, for the shell."""
    try:
        projects = find_settings(ctx.params.get("settings_file")).parent / "projects"
        names = sorted(path.name for path in projects.iterdir() if path.is_dir())
    except (click.UsageError, OSError):
        return []
    return [name for name in names if name.startswith(incomplete) and name[0] not in "._"]


clients_argument = click.argument(
    "clients", nargs=-1, metavar="[CLIENT]...", shell_complete=complete_client
)


def read_today(given: datetime.date | None, timezone: str) -> datetime.date:
    """Read the day once: the option, else SOURCE_DATE_EPOCH, else today where the agency is."""
    from zoneinfo import ZoneInfo

    if given is not None:
        return given
    zone = ZoneInfo(timezone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return datetime.datetime.fromtimestamp(int(epoch), zone).date()
        except (ValueError, OverflowError, OSError) as error:
            raise click.UsageError(
                f"SOURCE_DATE_EPOCH is '{epoch}'; it must be a number of seconds"
            ) from error
    return datetime.datetime.now(zone).date()


def machine_folders() -> tuple[str, ...]:
    """List folders of this computer that no page may name."""
    import tempfile

    folders = {Path(tempfile.gettempdir()).resolve()}
    with contextlib.suppress(RuntimeError):  # somebody without a home
        folders.add(Path.home().resolve())
    return tuple(sorted(str(folder) for folder in folders if folder != Path(folder.anchor)))


def opened(settings_file: Path | None, output: str, *, may_be_empty: bool = False) -> Workspace:
    """Open the workspace, or show what is wrong with its settings and end."""
    from site_builder.errors import InvalidInput
    from site_builder.workspace import open_workspace

    path = find_settings(settings_file)
    try:
        return open_workspace(path, may_be_empty=may_be_empty)
    except InvalidInput as error:
        from site_builder import report

        show(error.problems, path.parent, output)
        if output == "text":
            count = report.summary(error.problems)
            click.echo(f"{count} No client can be read before that is mended.", err=True)
        raise SystemExit(Exit.PROBLEMS) from None


def site_folder(workspace: Workspace, given: Path | None) -> Path:
    """Find the folder of the site: the one that was named, else site, beside mkdocs.yml."""
    return given.absolute() if given else workspace.root / "site"


def refuse_inside(folder: Path, root: Path, how: str) -> None:
    """Refuse to write pages where people write their files; `how` names another folder."""
    resolved = folder.resolve()
    for name in ("projects", "theme", "docs"):
        if resolved.is_relative_to((root / name).resolve()):
            raise click.UsageError(
                f"{folder} is inside {name}/, where your own files stand; choose another folder with {how}"
            )
    if root.resolve().is_relative_to(resolved):
        raise click.UsageError(
            f"{folder} holds the workspace itself; choose another folder with {how}"
        )


def chosen_clients(workspace: Workspace, clients: Sequence[str]) -> tuple[str, ...]:
    """Check the clients that were named; none means all."""
    from site_builder.errors import suggestion

    projects = (workspace.root / "projects").resolve()

    def meant(name: str) -> str:
        """Take a way into a client's folder, from here or from projects/, for the client."""
        for path in (Path(name).resolve(), (projects / name).resolve()):
            if path.is_relative_to(projects) and path != projects and path.exists():
                return path.relative_to(projects).parts[0]
        return name

    names = [meant(name) for name in clients]
    for name in names:
        if name not in workspace.clients:
            raise click.UsageError(
                f"there is no client '{name}' in projects/; {suggestion(name, workspace.clients)}"
            )
    return tuple(dict.fromkeys(names)) or workspace.clients


def show(problems: Sequence[Problem], root: Path, output: str, *, err: bool = False) -> None:
    """Print problems in the format that was asked for."""
    from site_builder import report

    if output == "json":
        click.echo(report.as_json(problems), nl=False, err=err)
    elif output == "github":
        click.echo(report.as_github(problems), nl=False, err=err)
    else:
        click.echo(report.as_text(problems, root), nl=False, err=err)


def surveyed(
    workspace: Workspace, clients: Sequence[str], today: datetime.date, *, no_cache: bool
) -> tuple[Surveyed, ...]:
    """Look at clients on a day, with what is remembered of the last time."""
    from site_builder.survey import survey

    return survey(
        workspace,
        clients,
        today,
        processes=os.cpu_count() or 1,
        manifest_file=None if no_cache else workspace.root / CACHE / "check.json",
    )


def all_problems(
    workspace: Workspace, results: Sequence[Result | Surveyed], *, strict: bool
) -> tuple[Problem, ...]:
    """Gather the problems of the workspace and of its clients, sorted."""
    from site_builder.errors import as_errors, sorted_problems

    found = [*workspace.warnings, *(problem for result in results for problem in result.problems)]
    return sorted_problems(as_errors(found) if strict else found)
