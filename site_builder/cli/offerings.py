"""What `new` asks and says where a project is made from an offering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from site_builder.cli.asking import can_ask
from site_builder.cli.edge import find_settings

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from site_builder.model.parts import Pause
    from site_builder.model.project import Offering
    from site_builder.scaffold import Plan
    from site_builder.workspace import Workspace


PAUSE = (
    'a pause is the first day, the last one, and why: --pause 2026-12-21 2027-01-03 "Winter break"'
)


class WithPauses(click.Command):
    """A command with `--pause`: whoever leaves one of its three values out hears which they are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of the command line, or say what a pause is made of."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            option = getattr(error, "option_name", None) or getattr(error, "param", None)
            if option != "--pause" and getattr(option, "name", "") != "pauses":
                raise
            said = error.format_message().rstrip(".")
            raise click.UsageError(f"{said}; {PAUSE}", ctx) from None


def complete_offering(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """List the offerings whose names go on like this, those of the program too, for the shell."""
    from site_builder.scaffold.offerings import FOLDER, packed_offerings

    names = set(packed_offerings())
    try:
        folder = find_settings(ctx.params.get("settings_file")).parent / FOLDER
        names |= {path.stem for path in folder.glob("*.yml")}
    except (click.UsageError, OSError):
        pass
    return sorted(name for name in names if name.startswith(incomplete))


def find_offering(
    workspace: Workspace, typed: str | None
) -> tuple[Offering | None, dict[str, str]]:
    """Find the offering that was named; ask for one on a terminal.

    The second part are the files that it needs in the workspace first: its own, if only the program
    has it so far.
    """
    from site_builder.errors import suggestion
    from site_builder.scaffold.offerings import offering_files, packed_offerings
    from site_builder.workspace import read_offering

    packed = packed_offerings()
    names = sorted({*workspace.agency.offerings, *packed})
    if typed is None and can_ask():
        question = f"Which offering it is ({', '.join(names)}; Enter: none)"
        typed = click.prompt(question, default="", show_default=False)
    if not typed:
        return None, {}
    if typed in workspace.agency.offerings:
        return workspace.agency.offerings[typed], {}
    if typed in workspace.agency.broken_offerings:
        raise click.UsageError(
            f"projects/_offerings/{typed}.yml has mistakes; `site-builder check` says which"
        )
    if typed not in packed:
        raise click.UsageError(
            f"there is no offering '{typed}' in projects/_offerings/; {suggestion(typed, names)}"
        )
    return read_offering(packed[typed]), offering_files([typed])


def as_pauses(
    given: Sequence[tuple[datetime.date, datetime.date, str]], offering: Offering | None
) -> list[Pause]:
    """Take pauses as they were typed: the first day, the last one, and why."""
    from site_builder.model.parts import Pause

    if given and offering is None:
        raise click.UsageError("--pause moves the dates of an offering; name one with --offering")
    for first, last, why in given:
        if why.startswith("--"):
            raise click.UsageError(f"the reason of the pause is missing before {why}; {PAUSE}")
        if last < first:
            raise click.UsageError(f"the pause ends on {last}, before it begins on {first}")
    return [
        Pause.model_validate({"from": first, "to": last, "why": why}) for first, last, why in given
    ]


def project_files(offering: Offering | None, plan: Plan) -> dict[str, str]:
    """Fill a project's files: with its offering's steps, or without a step so far."""
    from site_builder.scaffold import project_file
    from site_builder.scaffold.offerings import dated_project

    if offering is None:
        return project_file(plan)
    try:
        return dated_project(offering, plan)
    except OverflowError:
        raise click.UsageError(f"{plan.start} is too far away to plan from") from None


def say_next(offering: Offering | None, plan: Plan) -> None:
    """List the steps with their days, and say what to do now."""
    from site_builder.scaffold.offerings import dates_of

    if offering is None:
        click.echo("\nNext, the first step, named for what the client has then:")
        click.echo(f'  site-builder new milestone {plan.path} "Goals agreed"')
        return
    click.echo(f"\nThe road, from {plan.start:%A} {plan.start}:")
    dates = dates_of(offering, plan)
    for step in offering.written.milestones:
        optional = "  (may be left out: delete its file)" if step.optional else ""
        click.echo(f"  {dates[step.id]:%a} {dates[step.id]}  {step.shown_label}{optional}")
    if not plan.holidays:
        click.echo(
            "Weekends are left out, and no holidays: write for example holidays: GB-ENG into"
            " mkdocs.yml, below agency."
        )
    click.echo("\nNext, make each step this client's own, and look at the page:")
    click.echo(f"  site-builder check {plan.path.partition('/')[0]}")
    click.echo("  site-builder serve --open")
