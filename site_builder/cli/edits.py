"""The everyday edits `done`, `start`, `move` and `update`.

Each changes a line or two of a file and says what the client sees then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from site_builder.cli.asking import Text, asked, can_ask, refuse
from site_builder.cli.edge import Day, config_option, opened, read_today, today_option
from site_builder.cli.steps import (
    SENTENCE,
    asked_day,
    carry_out,
    complete_project,
    find_step,
    hidden,
    in_progress,
    may_ask,
    next_option,
    now_option,
    on_option,
    parts,
    step_argument,
    tell,
)

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

_WHICH_PROJECT = "Which project, for example larkfield-vets/website"
_HAPPENED = "What just happened: what does the client have now, in one sentence"


@click.command()
@step_argument
@on_option
@click.option(
    "--happened",
    type=SENTENCE,
    default=None,
    help="What just happened, in one sentence: what the client has now.",
)
@next_option
@click.option(
    "--received",
    "with_needs",
    is_flag=True,
    default=None,
    help="What the step asked for has come, too.",
)
@today_option
@config_option
def done(
    step: str | None,
    on: datetime.date | None,
    happened: str | None,
    following: str | None,
    with_needs: bool | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Write that a step is done.

    STEP is client/project/milestone. The keys of a step in progress go: state, now, progress. A
    finished step must say what just happened; --happened replaces what stands there. What it asked
    for and has not got is asked for no more, and stays open in the file unless you say --received.
    """
    from site_builder import amend, edits

    place, found, day = find_step(step, today, settings_file)
    needs = edits.open_needs(found)
    before = found.answers["happened"]
    answers: dict[str, object] = {}

    def more() -> dict[str, object]:
        said, come = happened, with_needs
        if said is None and not before:
            said = asked(None, _HAPPENED, "--happened, what the client has now,", SENTENCE)
        elif said is None and can_ask():
            click.echo(f"What just happened says: {before}")
            said = may_ask("What it shall say (Enter: the same)", SENTENCE)
        then = following
        if then is None and not found.answers["next"] and amend.is_last(place, found):
            name = "--next, what remains and whom to ask,"
            then = asked(None, "What remains, and whom to ask, in one sentence", name, SENTENCE)
        if come is None and needs and can_ask():
            come = click.confirm(f"Has it come: {'; '.join(needs.values())}?", default=True)
        answers.update(happened=said or "", following=then or "", with_needs=bool(come))
        return answers

    edit = partial(edits.finish, found, on or day, day)
    seen = carry_out(place, found, edit, more)
    notes = hidden(found, day)
    if before and not answers["happened"]:
        notes.append(f"What just happened still says: {before}")
    if needs and not answers["with_needs"]:
        notes.append(
            f"Open, and asked for no more: {'; '.join(needs.values())}."
            f" If it came: site-builder received {found.name}"
        )
    tell(place, seen, f"done: {found.name}", notes)


@click.command()
@step_argument
@now_option
@next_option
@today_option
@config_option
def start(
    step: str | None,
    now: str | None,
    following: str | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Write that a step is in progress.

    STEP is client/project/milestone. A step in progress says what is being done (--now), why it
    matters and what comes next (--next), and has a date.
    """
    from site_builder import edits

    place, found, day = find_step(step, today, settings_file)

    def more() -> dict[str, object]:
        return in_progress(found, now, following, is_needed=True)

    edit = partial(edits.start, found, now=now or "", following=following or "")
    seen = carry_out(place, found, edit, more)
    tell(place, seen, f"start: {found.name}", hidden(found, day))


@click.command()
@step_argument
@click.argument("date", required=False, type=Day(), metavar="DATE")
@click.option("--why", type=Text(), default=None, help="The reason, in the client's words.")
@click.option("--effect", type=Text(), default=None, help="What it changes for the client.")
@today_option
@config_option
def move(
    step: str | None,
    date: datetime.date | None,
    why: str | None,
    effect: str | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Move a step's date openly, with the reason.

    STEP is client/project/milestone. DATE is written into due, and the date before into moved: the
    page shows both. A step that had no date gets one, and needs no reason.
    """
    from site_builder import edits

    place, found, day = find_step(step, today, settings_file)
    to = asked_day(date, "The new date, YYYY-MM-DD", "DATE")

    def more() -> dict[str, object]:
        question = "Why it moves, in the client's words"
        return {"why": asked(why, question, "--why") if found.written.due else ""}

    edit = partial(edits.move, found, to, day, why="", effect=effect or "")
    seen = carry_out(place, found, edit, more)
    tell(place, seen, f"move: {found.name} to {to}", hidden(found, day))


@click.command()
@click.argument("project", required=False, metavar="PROJECT", shell_complete=complete_project)
@click.argument("text", required=False, type=SENTENCE)
@on_option
@today_option
@config_option
def update(
    project: str | None,
    text: str | None,
    on: datetime.date | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Tell the client something between two steps.

    PROJECT is client/project; TEXT is one sentence. It becomes a file in updates/, to which more
    may be added: see `site-builder new update`.
    """
    from site_builder.amend import find_project, old_promise, write_note
    from site_builder.errors import NotWritten

    workspace = opened(settings_file, "text")
    day = read_today(today, workspace.agency.settings.timezone)
    typed = asked(project, _WHICH_PROJECT, "PROJECT")
    try:
        place, _ = find_project(workspace, parts(workspace, typed), day)
        text = asked(text, "What happened, in one sentence", "TEXT", SENTENCE)
        seen = write_note(place, text, on or day)
    except (NotWritten, OSError) as error:
        refuse(error)
    notes = [f"The client sees it from {on} on."] if on and on > day else []
    if promised := old_promise(place, on or day):
        notes.append(
            f"The page still promises the next update for {promised}: change next_update in"
            f" {place.folder}/project.yml, or delete the line."
        )
    tell(place, seen, f"update: {place.client}/{place.project}", notes, is_new=True)
