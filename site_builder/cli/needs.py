"""The everyday edits `ask` and `received`: what is needed from the client."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from site_builder.cli.asking import Text, asked, can_ask
from site_builder.cli.edge import Day, config_option, today_option
from site_builder.cli.steps import (
    asked_day,
    carry_out,
    find_step,
    hidden,
    in_progress,
    may_ask,
    next_option,
    now_option,
    on_option,
    step_argument,
    tell,
)

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from site_builder.edits import Step


@click.command()
@step_argument
@click.argument("text", required=False, type=Text())
@click.option("--by", type=Day(), default=None, help="Until when you need it.")
@click.option("--takes", type=Text(), default=None, help="How long it takes: about 40 minutes.")
@click.option(
    "--protects", type=Text(), default=None, help="What a timely answer is good for, in a sentence."
)
@click.option("--link", type=Text("Target"), default=None, help="Where it is done.")
@click.option("--button", type=Text(), default=None, help="What stands on the link's button.")
@click.option(
    "--approval", is_flag=True, default=None, help="It asks for an OK: the reply gives one."
)
@click.option(
    "--waiting",
    is_flag=True,
    help="Nothing goes on before: the step is in the client's hands.",
)
@now_option
@next_option
@today_option
@config_option
def ask(
    step: str | None,
    text: str | None,
    by: datetime.date | None,
    waiting: bool,
    now: str | None,
    following: str | None,
    today: datetime.date | None,
    settings_file: Path | None,
    **given: str | bool | None,
) -> None:
    """Ask the client for something.

    STEP is client/project/milestone; TEXT begins with a verb: read, send, choose, tell us. It
    stands first on the page until you write that you have it. The step stays what it is, in
    progress or planned, unless you say --waiting.
    """
    from site_builder import edits

    place, found, day = find_step(step, today, settings_file)
    text = asked(text, "What do you need, beginning with a verb", "TEXT")
    need: dict[str, str | bool | datetime.date] = {
        "ask": text,
        "by": asked_day(by, "Until when, YYYY-MM-DD", "--by"),
    }
    need |= {key: value for key, value in given.items() if value}

    def more() -> dict[str, object]:
        return in_progress(found, now, following, is_needed=waiting)

    edit = partial(edits.ask, found, need, day, is_waiting=waiting)
    seen = carry_out(place, found, edit, more)
    tell(place, seen, f"ask: {found.name}", hidden(found, day))


def _which_need(step: Step) -> int:
    """Choose the only thing that is open, or ask which one has come."""
    from site_builder.edits import listed_needs, open_needs

    needs = open_needs(step)
    if len(needs) <= 1:
        return next(iter(needs), 1)
    if not can_ask():
        raise click.UsageError(f"N is missing: which one has come? {listed_needs(step)}")
    for number, wanted in needs.items():
        click.echo(f"{number}  {wanted}")
    chosen = click.Choice([str(number) for number in needs])
    return int(click.prompt("Which one has come", type=chosen, show_choices=False))


@click.command()
@step_argument
@click.argument("number", required=False, type=int, metavar="[N]")
@on_option
@now_option
@today_option
@config_option
def received(
    step: str | None,
    number: int | None,
    on: datetime.date | None,
    now: str | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Write that something has come that you asked the client for.

    STEP is client/project/milestone; N counts what the step asks for, from 1, and may be left out
    where only one thing is open. A step that waited for nothing else is in progress then.
    """
    from site_builder import edits

    place, found, day = find_step(step, today, settings_file)
    which = _which_need(found) if number is None else number
    goes_on = edits.ends_waiting(found, which)

    def more() -> dict[str, object]:
        doing = now
        if goes_on and doing is None and can_ask():
            click.echo(
                f"Nobody waits for the client any more. The headline says: {found.written.now}"
            )
            doing = may_ask("What is being done now (Enter: the same)", Text())
        return {"now": doing or ""}

    edit = partial(edits.receive, found, which, on or day, day)
    seen = carry_out(place, found, edit, more)
    notes = hidden(found, day)
    if goes_on:
        notes.append(
            "Nobody waits for the client any more: the step is in progress."
            f" Is it finished? site-builder done {found.name}"
        )
    tell(place, seen, f"received: {found.name}", notes)
