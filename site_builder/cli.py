"""The command line: the only module that prints, exits, and reads the clock and the environment.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import datetime
import os
import sys
import traceback
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.build import Result
    from site_builder.errors import Problem
    from site_builder.workspace import Workspace

FORMATS = ("text", "json", "github")


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
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings of the workspace. By default mkdocs.yml here, or in the nearest folder above.",
)
today_option = click.option(
    "--today", type=Day(), default=None, help="Take this day for today (YYYY-MM-DD)."
)
strict_option = click.option("--strict", is_flag=True, help="Let warnings stop a client, too.")
clients_argument = click.argument("clients", nargs=-1, metavar="[CLIENT]...")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", package_name="site-builder")
def cli() -> None:
    """Turn a folder of milestones into private progress pages for clients.

    Each client gets one link. The page behind it says where the project stands, what just
    happened, why it matters and what comes next.
    """


def _settings_file(given: Path | None) -> Path:
    """Find mkdocs.yml here or in the nearest folder above."""
    if given is not None:
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


def _today(given: datetime.date | None, timezone: str) -> datetime.date:
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


def _open(settings_file: Path | None, output: str) -> Workspace:
    """Open the workspace, or show what is wrong with its settings and end."""
    from site_builder.errors import InvalidInput
    from site_builder.workspace import open_workspace

    path = _settings_file(settings_file)
    try:
        return open_workspace(path)
    except InvalidInput as error:
        from site_builder import report

        _show(error.problems, path.parent, output)
        if output == "text":
            count = report.summary(error.problems)
            click.echo(f"{count} No client can be read before that is mended.", err=True)
        raise SystemExit(Exit.PROBLEMS) from None


def _chosen(workspace: Workspace, clients: Sequence[str]) -> tuple[str, ...]:
    """Check the clients that were named; none means all."""
    from site_builder.errors import suggestion

    projects = (workspace.root / "projects").resolve()
    paths = {name: Path(name).resolve() for name in clients}
    names = [path.name if path.parent == projects else name for name, path in paths.items()]
    for name in names:
        if name not in workspace.clients:
            raise click.UsageError(
                f"there is no client '{name}' in projects/; {suggestion(name, workspace.clients)}"
            )
    return tuple(dict.fromkeys(names)) or workspace.clients


def _show(problems: Sequence[Problem], root: Path, output: str, *, err: bool = False) -> None:
    """Print problems in the format that was asked for."""
    from site_builder import report

    if output == "json":
        click.echo(report.as_json(problems), nl=False, err=err)
    elif output == "github":
        click.echo(report.as_github(problems), nl=False, err=err)
    else:
        click.echo(report.as_text(problems, root), nl=False, err=err)


def _all_problems(
    workspace: Workspace, results: Sequence[Result], *, strict: bool
) -> tuple[Problem, ...]:
    from site_builder.errors import as_errors, sorted_problems

    own = as_errors(workspace.warnings) if strict else workspace.warnings
    return sorted_problems([*own, *(problem for result in results for problem in result.problems)])


@cli.command()
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
@config_option
def check(
    clients: tuple[str, ...],
    output: str,
    strict: bool,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Find every problem in the files of all clients, or of those named.

    Writes nothing. Each problem has its file, line and column, and what to write instead.
    """
    from site_builder import report
    from site_builder.build import check as check_clients

    workspace = _open(settings_file, output)
    day = _today(today, workspace.agency.settings.timezone)
    results = list(check_clients(workspace, _chosen(workspace, clients), day, strict=strict))
    problems = _all_problems(workspace, results, strict=strict)
    _show(problems, workspace.root, output)
    if output == "text":
        click.echo(report.summary(problems))
    raise SystemExit(Exit.PROBLEMS if any(problem.is_error for problem in problems) else Exit.WELL)


def _say_fates(results: Sequence[Result]) -> None:
    """Say in words what became of the clients whose files have problems."""
    from site_builder.build import Fate

    words = {
        Fate.KEPT: "{} keeps the page that was there.",
        Fate.UPDATING: "{} shows \u201cThis page is being updated\u201d until its files are mended.",
        Fate.NOTHING: "Nothing was written for {}.",
        Fate.CLOSED: "{} shows a closed page.",
    }
    for result in results:
        if any(problem.is_error for problem in result.problems) and result.fate in words:
            rules = {problem.rule for problem in result.problems}
            # The page at a link of two clients may be the other one's.
            fate = Fate.NOTHING if "shared-link" in rules else result.fate
            click.echo(words[fate].format(result.client), err=True)


def _exit_code(results: Sequence[Result], problems: Sequence[Problem]) -> Exit:
    from site_builder.build import Fate

    if any(result.bug for result in results):
        return Exit.BUG
    if not any(problem.is_error for problem in problems):
        return Exit.WELL
    wrote = any(result.fate is not Fate.NOTHING for result in results)
    return Exit.SOME_KEPT if wrote else Exit.PROBLEMS


@cli.command()
@clients_argument
@click.option(
    "-d",
    "--site-dir",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to publish. By default site, beside mkdocs.yml.",
)
@today_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="How many processes work at once. By default one a core.",
)
@strict_option
@config_option
def build(
    clients: tuple[str, ...],
    site_dir: Path | None,
    today: datetime.date | None,
    jobs: int | None,
    strict: bool,
    settings_file: Path | None,
) -> None:
    """Build the pages of all clients, or of those named.

    A client whose files have problems keeps the page that is there; all others are built. Ends
    with 3 if there was such a client.
    """
    from site_builder import report
    from site_builder.build import Fate, published
    from site_builder.build import build as build_site
    from site_builder.errors import UnsafeTarget

    workspace = _open(settings_file, "text")
    day = _today(today, workspace.agency.settings.timezone)
    chosen = _chosen(workspace, clients)
    site = site_dir.absolute() if site_dir else workspace.root / "site"
    _refuse_inside(site, workspace.root)
    results: list[Result] = []
    before = published(site)
    try:
        steps = build_site(
            workspace, chosen, site, day, processes=jobs or os.cpu_count() or 1, strict=strict
        )
        with click.progressbar(
            steps,
            length=len(chosen),
            label="Building",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as shown:
            results.extend(shown)
    except UnsafeTarget as error:
        click.echo(
            f"Error: {error}. Nothing was written: choose an empty folder with -d.", err=True
        )
        raise SystemExit(Exit.PROBLEMS) from None
    except OSError as error:
        click.echo(
            f"Error: {error.strerror}: {error.filename}. Pages that were there are whole; mend this and build again.",
            err=True,
        )
        raise SystemExit(Exit.PROBLEMS) from None
    problems = _all_problems(workspace, results, strict=strict)
    _show(problems, workspace.root, "text", err=True)
    if problems:
        click.echo(report.summary(problems), err=True)
    _say_fates(results)
    built = sum(result.fate in {Fate.BUILT, Fate.CLOSED} for result in results)
    if removed := len(before - published(site)):
        click.echo(f"Removed, because no link leads there any more: {removed}.")
    click.echo(f"{built} of {len(results)} clients built into {site_dir or 'site'}.")
    for result in results:
        if result.bug:
            click.echo(
                f"A bug of ours stopped {result.client}; its page is as it was:\n{result.bug}",
                err=True,
            )
    raise SystemExit(_exit_code(results, problems))


def _refuse_inside(site: Path, root: Path) -> None:
    """Refuse to write pages where people write their files."""
    resolved = site.resolve()
    for name in ("projects", "theme", "docs"):
        if resolved.is_relative_to((root / name).resolve()):
            raise click.UsageError(
                f"{site} is inside {name}/, where your own files stand; choose another folder with -d"
            )
    if root.resolve().is_relative_to(resolved):
        raise click.UsageError(f"{site} holds the workspace itself; choose another folder with -d")


@cli.command()
@click.argument("client", required=False)
@click.option(
    "--base-url",
    default=None,
    help="Where the site stands, in place of base_url in the settings; for a look on this machine.",
)
@config_option
def links(client: str | None, base_url: str | None, settings_file: Path | None) -> None:
    """Print the private address of each client, or of the one named.

    Whoever has an address can read the page: send it to the client only.
    """
    from site_builder.errors import sorted_problems
    from site_builder.workspace import read_links

    workspace = _open(settings_file, "text")
    base = (base_url or workspace.agency.settings.base_url or "").rstrip("/")
    problems: list[Problem] = []
    for name in _chosen(workspace, [client] if client else []):
        labels, found = read_links(workspace, name)
        problems += found
        for label, token in labels.items():
            click.echo(f"{name}\t{label}\t{base}/c/{token}/")
    if problems:
        _show(sorted_problems(problems), workspace.root, "text", err=True)
    raise SystemExit(Exit.PROBLEMS if problems else Exit.WELL)


def main() -> None:
    """Run the command line; a bug of ours keeps its traceback and ends with 70."""
    try:
        cli(prog_name="site-builder")
    except Exception:  # noqa: BLE001 - the last resort, shown in full
        click.echo("This is a bug of ours. Please report it with these lines:", err=True)
        click.echo(traceback.format_exc(), err=True)
        raise SystemExit(Exit.BUG) from None
