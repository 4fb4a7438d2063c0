"""`build`: the pages, and words about what became of each client."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from site_builder.cli.edge import (
    CACHE,
    Exit,
    all_problems,
    chosen_clients,
    clients_argument,
    config_option,
    machine_folders,
    opened,
    read_today,
    refuse_inside,
    show,
    site_folder,
    strict_option,
    today_option,
)
from site_builder.cli.secrets import read_passphrases
from site_builder.cli.spread import PARTS, keep_out_of_git, read_cluster, spread_options

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping, Sequence

    from site_builder.build import Result
    from site_builder.build.across import Across
    from site_builder.build.parts import Shard
    from site_builder.errors import Problem
    from site_builder.model.links import Passphrase
    from site_builder.workspace import ReadOptions, Workspace


MANIFEST = Path(CACHE, "build.json")
"""What the next build may rely on, from the workspace."""
PICTURES = Path(CACHE, "pictures")
"""The copies of pictures that it need not encode again."""

site_option = click.option(
    "-d",
    "--site-dir",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write the pages into. By default site, beside mkdocs.yml.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="How many processes work at once. By default one a core.",
)


def _say_fates(results: Sequence[Result], offerings: Collection[str], today: datetime.date) -> None:
    """Say in words what became of the clients and offerings whose files have problems."""
    from site_builder.attention.reasons import written_day
    from site_builder.build import Fate
    from site_builder.past import SHORT

    words = {
        Fate.KEPT: "{} keeps the page that was there.",
        Fate.RESTORED: "{} shows its page as of {day} (commit {commit}) until its files are mended.",
        Fate.UPDATING: "{} shows \u201cThis page is being updated\u201d until its files are mended.",
        Fate.NOTHING: "Nothing was written for {}.",
        Fate.CLOSED: "{} shows a closed page.",
    }
    for result in results:
        # What is wrong with an offering is a problem of the workspace, for all to see.
        is_wrong = result.client in offerings or any(found.is_error for found in result.problems)
        if is_wrong and result.fate in words:
            rules = {problem.rule for problem in result.problems}
            # The page at a link of two clients may be the other one's.
            is_nobodys = "shared-link" in rules and not result.restored
            fate = Fate.NOTHING if is_nobodys else result.fate
            found = result.restored
            day, commit = (
                (written_day(found.on, today), found.commit[:SHORT]) if found else ("", "")
            )
            click.echo(words[fate].format(result.client, day=day, commit=commit), err=True)
    for lack in sorted({result.lack for result in results} - {""}):
        those = ", ".join(result.client for result in results if result.lack == lack)
        click.echo(f"No earlier page of {those} was found: {lack}.", err=True)


def _summary(results: Sequence[Result], offerings: Collection[str], site: str, way: str) -> str:
    """Say in a sentence how many pages are new; `way` is what was done: `built into`."""
    from site_builder.build import Fate

    if results and all(result.fate is Fate.UNCHANGED for result in results):
        return f"{site} is up to date: nothing has changed since the last build."
    of_clients = [result.fate for result in results if result.client not in offerings]
    fresh = (Fate.BUILT, Fate.CLOSED)
    built = sum(fate in fresh for fate in of_clients)
    pages = sum(result.fate in fresh for result in results) - built
    more = f" and {pages} {'page' if pages == 1 else 'pages'} of offerings" if pages else ""
    unchanged = of_clients.count(Fate.UNCHANGED)
    rest = f", {unchanged} unchanged" if unchanged else ""
    return f"{built} of {len(of_clients)} clients{more} {way} {site}{rest}."


def _exit_code(
    results: Sequence[Result], problems: Sequence[Problem], *, is_part: bool = False
) -> Exit:
    """Say how it went; a part of a site is always written, be it empty."""
    from site_builder.build import Fate

    if any(result.bug for result in results):
        return Exit.BUG
    if not any(problem.is_error for problem in problems):
        return Exit.WELL
    wrote = is_part or any(result.fate is not Fate.NOTHING for result in results)
    return Exit.SOME_KEPT if wrote else Exit.PROBLEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a command builds, how, and what it calls that."""

    workspace: Workspace
    owners: tuple[str, ...]
    """Clients and offerings."""
    site: Path
    shown: str
    """The site's folder in words."""
    way: str = "built into"
    options: ReadOptions
    processes: int | None
    """None: one a core."""
    remembers: bool
    """Whether what was built before is used, and what is built is noted."""
    across: Across | None = None
    wrong: Sequence[Problem] = ()
    """What is wrong with the passphrases."""


def read_options(
    day: datetime.date, words: Mapping[str, Passphrase], *, strict: bool
) -> ReadOptions:
    """Say how files are read to build pages of a day."""
    from site_builder.workspace import ReadOptions

    return ReadOptions(
        today=day,
        strict=strict,
        review=strict,  # `check` judges the words; only here they could stop a client
        passphrases=words,
        machine=machine_folders(),
    )


def carry_out(work: Work) -> NoReturn:
    """Build, say what came of it, and end."""
    from site_builder import report
    from site_builder.build import build as build_site
    from site_builder.build import published
    from site_builder.errors import (
        InvalidInput,
        NotBuilt,
        Overtaken,
        UnsafeTarget,
        sorted_problems,
        system_words,
        without_notes,
    )

    workspace, site = work.workspace, work.site
    refuse_inside(site, workspace.root, "-d")
    results: list[Result] = []
    before = published(site)
    try:
        steps = build_site(
            workspace,
            work.owners,
            site,
            work.options,
            processes=work.processes or os.cpu_count() or 1,
            manifest_file=workspace.root / MANIFEST if work.remembers else None,
            pictures=workspace.root / PICTURES if work.remembers else None,
            across=work.across,
        )
        with click.progressbar(
            steps,
            length=len(work.owners),
            label="Building",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as shown:
            results.extend(shown)
    except InvalidInput as error:
        # The words of the neutral pages, which belong to nobody.
        show(error.problems, workspace.root, "text", err=True)
        click.echo(f"{report.summary(error.problems)} Mend this and build again.", err=True)
        raise SystemExit(Exit.PROBLEMS) from None
    except Overtaken:
        context = click.get_current_context()
        context.invoke(context.command, **context.params)
    except UnsafeTarget as error:
        click.echo(
            f"Error: {error}. Nothing was written: choose an empty folder with -d.", err=True
        )
        raise SystemExit(Exit.PROBLEMS) from None
    except NotBuilt as error:
        click.echo(
            f"Error: {error}. Pages that were there are whole; mend this and build again.", err=True
        )
        raise SystemExit(Exit.PROBLEMS) from None
    except OSError as error:
        click.echo(
            f"Error: {system_words(error)}. Pages that were there are whole; mend this and build again.",
            err=True,
        )
        raise SystemExit(Exit.PROBLEMS) from None
    found = without_notes(all_problems(workspace, results, strict=work.options.strict))
    # Words that stand in a file or variable that is refused are not missing.
    is_refused = any(problem.is_error for problem in work.wrong)
    said = (each for each in found if not (is_refused and each.rule == "no-passphrase"))
    problems = sorted_problems((*work.wrong, *said))
    show(problems, workspace.root, "text", err=True)
    if problems:
        click.echo(report.summary(problems), err=True)
    _say_fates(results, workspace.offerings, work.options.today)
    if removed := len(before - published(site)):
        click.echo(f"Removed, because no link leads there any more: {removed}.")
    click.echo(_summary(results, workspace.offerings, work.shown, work.way))
    for result in results:
        if result.bug:
            click.echo(
                f"A bug of ours stopped {result.client}; its page is as it was:\n{result.bug}",
                err=True,
            )
    is_part = bool(work.across and work.across.is_part)
    raise SystemExit(_exit_code(results, problems, is_part=is_part))


@click.command()
@clients_argument
@site_option
@today_option
@jobs_option
@spread_options
@click.option(
    "--no-cache", is_flag=True, help="Build every client anew; the pages are the same either way."
)
@strict_option
@config_option
def build(
    clients: tuple[str, ...],
    site_dir: Path | None,
    today: datetime.date | None,
    jobs: int | None,
    shard: Shard | None,
    no_cache: bool,
    strict: bool,
    settings_file: Path | None,
    **asked: str | None,
) -> None:
    """Build the pages of all clients, or of those named.

    Without a name, offerings with a link get their pages, too. A client whose files have
    problems keeps the page that is there, or gets its last good one from git's history; all
    others are built. Ends with 3 if there was such a client.
    """
    if shard and clients:
        raise click.UsageError(
            "--shard chooses the clients itself; leave out their names, or leave out --shard"
        )
    cluster = read_cluster(**asked)
    if cluster and shard:
        raise click.UsageError("--shard and --executor dask: choose one of them")
    workspace = opened(settings_file, "text")
    day = read_today(today, workspace.agency.settings.timezone)
    chosen = chosen_clients(workspace, clients)
    if not clients:
        chosen += workspace.prospects
    place = Path("site")
    if shard:
        chosen = shard.chosen(chosen)
        place = Path(PARTS, f"{shard.number}-of-{shard.of}")
        if not site_dir:
            keep_out_of_git(workspace.root / PARTS)
    words, wrong = read_passphrases(workspace)
    carry_out(
        Work(
            workspace=workspace,
            owners=chosen,
            site=site_folder(workspace, site_dir or workspace.root / place),
            shown=f"{site_dir or place}",
            options=read_options(day, words, strict=strict),
            processes=jobs,
            remembers=not no_cache,
            across=shard or cluster,
            wrong=wrong,
        )
    )
