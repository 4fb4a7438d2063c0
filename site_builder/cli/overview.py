"""`overview`: all clients, who needs the agency first; a table, data or a page."""

from __future__ import annotations

import datetime
import shutil
import textwrap
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.edge import (
    CACHE,
    Exit,
    chosen_clients,
    clients_argument,
    config_option,
    no_cache_option,
    opened,
    read_today,
    refuse_inside,
    show,
    site_folder,
    surveyed,
    today_option,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.attention.reasons import Reason
    from site_builder.attention.rows import Row
    from site_builder.workspace import Workspace

PAGE = Path(CACHE, "overview.html")
"""Where the page is written, from the workspace: git ignores it, and nothing publishes it."""
NAME_WIDTH = 28
BESIDE = 46
"""So much room must be left beside the table for reasons to stand there."""
SHOWN_AHEAD = 2
"""So many things that are ahead are told; the others are counted."""
GAP = "  "
NONE = "\u2013"
COLOURS = {
    "mend": "red", "write": "red", "overdue": "red", "at-risk": "magenta", "remind": "yellow",
    "today": "yellow", "soon": "blue", "fine": "green", "over": "bright_black",
}  # fmt: skip


def _width(text: str) -> int:
    """Count the columns that a text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _filled(text: str, width: int) -> str:
    return text + " " * max(0, width - _width(text))


def _names(rows: Sequence[Row]) -> Mapping[str, str]:
    """Name each client so that it is clear who is meant."""
    from site_builder.errors import visible

    often = Counter(row.name for row in rows)
    return {
        row.id: visible(row.name if often[row.name] == 1 else f"{row.name} ({row.id})")
        for row in rows
    }


def _facts(project: Mapping[str, Any], today: datetime.date) -> tuple[str, ...]:
    """Say where a project stands, in one word a column."""
    from site_builder.attention.reasons import written_day
    from site_builder.attention.rows import STATES

    steps = project["milestones"]
    here = next((step["number"] for step in steps if step["id"] == project["here"]), len(steps))
    silence, following = project["silence"], project["next_update"]
    return (
        f"{here}/{len(steps)}" if steps else NONE,
        STATES[project["verdict"]["state"]],
        f"{silence} d ago" if silence else "today",
        written_day(datetime.date.fromisoformat(following), today) if following else NONE,
    )


def _line(name: str, facts: Sequence[str], width: int) -> str:
    step, state, last, following = facts
    return f"{_filled(name, width)}  {step:>5}  {state:<11}  {last:>9}  {following:<11}"


def _why(reasons: Sequence[Reason]) -> Iterator[str]:
    """Say what asks for attention; of what is ahead, the nearest."""
    from site_builder.attention.reasons import NEED_YOU
    from site_builder.errors import visible

    urgent = [reason for reason in reasons if reason.urgency in NEED_YOU]
    ahead = [reason for reason in reasons if reason.urgency not in NEED_YOU]
    yield from (visible(reason.text) for reason in [*urgent, *ahead[:SHOWN_AHEAD]])
    if len(ahead) > SHOWN_AHEAD:
        yield f"and {len(ahead) - SHOWN_AHEAD} more"


def _block(
    name: str, facts: Sequence[str], why: Sequence[str], name_width: int, width: int
) -> Iterator[str]:
    """Write a line with facts, and the reasons beside it or below."""
    head = _line("" if _width(name) > name_width else name, facts, name_width)
    if _width(name) > name_width:
        yield click.style(name, bold=True)
    beside = width - _width(head) - len(GAP)
    if beside >= BESIDE:
        lines = [
            line for text in why for line in textwrap.wrap(text, beside, subsequent_indent="  ")
        ]
        for number, line in enumerate(lines or [""]):
            start = _bold(head, name) if number == 0 else " " * _width(head)
            yield f"{start}{GAP}{line}".rstrip()
        return
    yield _bold(head, name).rstrip()
    for text in why:
        yield from textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="      ")


def _bold(line: str, name: str) -> str:
    return click.style(name, bold=True) + line.removeprefix(name) if line.startswith(name) else line


def _row(row: Row, name: str, today: datetime.date, widths: tuple[int, int]) -> Iterator[str]:
    """Write all lines of one client."""
    from site_builder.attention.reasons import written_day
    from site_builder.attention.rows import findings_text
    from site_builder.errors import visible

    projects = row.progress["projects"]
    own = [reason for reason in row.reasons if not reason.project]
    rest = [findings_text(row)] if findings_text(row) else []
    if row.ends and not projects and row.is_over:
        closed_on = datetime.date.fromisoformat(row.ends)
        rest.append(f"their page has been closed since {written_day(closed_on, today)}")
    if len(projects) == 1:
        yield from _block(name, _facts(projects[0], today), [*_why(row.reasons), *rest], *widths)
        return
    yield from _block(name, ("", "", "", ""), [*_why(own), *rest], *widths)
    for project in projects:
        reasons = [reason for reason in row.reasons if reason.project == project["id"]]
        title = f"  {visible(project['title'])}"
        yield from _block(title, _facts(project, today), [*_why(reasons)], *widths)


def _table(rows: Sequence[Row], today: datetime.date, width: int) -> Iterator[str]:
    """Write the table: a heading for each kind of attention, and the clients below it."""
    from site_builder.attention.reasons import NEED_YOU
    from site_builder.attention.rows import HEADINGS, totals
    from site_builder.errors import visible

    names = _names(rows)
    titles = [
        f"  {project['title']}"
        for row in rows
        if len(row.progress["projects"]) > 1
        for project in row.progress["projects"]
    ]
    name_width = min(NAME_WIDTH, max(map(_width, [*names.values(), *titles, "CLIENT"])))
    if rows:
        head = _line("CLIENT", ("STEP", "STATE", "LAST NEWS", "NEXT NEWS"), name_width)
        has_room = width - _width(head) - len(GAP) >= BESIDE
        yield click.style(f"{head}{GAP}WHY" if has_room else head.rstrip(), dim=True)
    urgency = None
    for row in rows:
        if row.urgency is not urgency:
            urgency = row.urgency
            colour = COLOURS[urgency.value]
            yield ""
            yield click.style(HEADINGS[urgency].upper(), fg=colour, bold=urgency in NEED_YOU)
        yield from _row(row, names[row.id], today, (name_width, width))
    yield from ["", visible(totals(rows))] if rows else [totals(rows)]


def _write_page(
    workspace: Workspace, rows: Sequence[Row], today: datetime.date, target: Path | None
) -> Path:
    """Write the page where nothing publishes it."""
    from site_builder.attention.page import write_page
    from site_builder.errors import UnsafeTarget

    path = target.absolute() if target else workspace.root / PAGE
    if target:
        refuse_inside(path, workspace.root, "-o")
    if path.resolve().is_relative_to(site_folder(workspace, None).resolve()):
        raise click.UsageError(
            f"{path} is inside the site, which is published: this page names every client; choose another file with -o"
        )
    try:
        write_page(path, workspace, rows, today)
    except UnsafeTarget as error:
        raise click.UsageError(f"{error}; choose another file with -o") from None
    except OSError as error:
        click.echo(f"Error: {path} cannot be written: {error.strerror}", err=True)
        raise SystemExit(Exit.PROBLEMS) from None
    return path


@click.command()
@clients_argument
@click.option(
    "--format",
    "output",
    type=click.Choice(("text", "json", "html")),
    default="text",
    show_default=True,
    help="A table, data for programs, or a page for your browser.",
)
@click.option(
    "-o",
    "--output",
    "target",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --format html: the file to write. By default .cache/overview.html, which git ignores.",
)
@today_option
@no_cache_option
@config_option
def overview(
    clients: tuple[str, ...],
    output: str,
    target: Path | None,
    today: datetime.date | None,
    no_cache: bool,
    settings_file: Path | None,
) -> None:
    """Show all clients, or those named, in the order of who needs you first, and why.

    Who waits for whom and since when, who has heard nothing for long, what is overdue and what is
    coming up within 14 days. Ends with 1 if the files of a client have problems.
    """
    import json

    from site_builder.attention.rows import in_order, totals
    from site_builder.errors import visible
    from site_builder.survey import with_last_good

    if target and output != "html":
        raise click.UsageError("-o is for the page: write --format html, too")
    workspace = opened(settings_file, "json" if output == "json" else "text", may_be_empty=True)
    day = read_today(today, workspace.agency.settings.timezone)
    found = surveyed(workspace, chosen_clients(workspace, clients), day, no_cache=no_cache)
    rows = in_order(with_last_good(workspace, each.row, day) for each in found)
    if output == "json":
        click.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1))
    elif output == "html":
        path = _write_page(workspace, rows, day, target)
        click.echo(f"{visible(totals(rows))} Open {path} in your browser.")
    else:
        width = shutil.get_terminal_size().columns
        click.echo("\n".join(_table(rows, day, width)))
    shared = [problem for problem in workspace.warnings if problem.is_error]
    show(shared, workspace.root, "text", err=True)
    problems = shared or any(row.errors for row in rows)
    raise SystemExit(Exit.PROBLEMS if problems else Exit.WELL)
