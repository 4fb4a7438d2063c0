"""`review`: the four questions about each milestone, of offerings or of a client's projects."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.edge import (
    Exit,
    complete_client,
    config_option,
    find_settings,
    opened,
    read_today,
    show,
    today_option,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from site_builder.model.answers import Answer, Reviewed
    from site_builder.workspace import Workspace

_WIDTH = 96
_INDENT = 29
"""Where a reason begins, behind its question and its verdict."""
_ARROW = "\u2192 "
_COLOURS = {"yes": "green", "no": "red", "not sure": "yellow"}


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """List the offerings and clients whose names go on like this, for the shell."""
    try:
        folder = find_settings(ctx.params.get("settings_file")).parent / "projects" / "_offerings"
        names = {path.stem for path in folder.glob("*.yml")}
    except (click.UsageError, OSError):
        names = set()
    found = sorted(name for name in names if name.startswith(incomplete))
    return found + complete_client(ctx, parameter, incomplete)


@click.command()
@click.argument("name", required=False, metavar="[OFFERING|CLIENT]", shell_complete=_complete)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the answers are written.",
)
@today_option
@config_option
def review(
    name: str | None, output: str, today: datetime.date | None, settings_file: Path | None
) -> None:
    """Ask four questions about each milestone of an offering, or of a client's projects.

    Is it tied to an outcome of the client? Would they understand it without an explanation? Is the
    sequence easy to follow? Is it communicated consistently, from project to project? Each answer
    has a verdict, a reason, and what to change. Without a name: all offerings, as far as an answer
    is not yes. Writes nothing.
    """
    from site_builder import advice, report
    from site_builder.workspace import ReadOptions

    workspace = opened(settings_file, "text")
    options = ReadOptions(today=read_today(today, workspace.agency.settings.timezone))
    offerings, client = _meant(workspace, name)
    unread: list[str] = []
    if client:
        reviewed, problems = advice.about_client(workspace, client, options)
        if problems:
            show(problems, workspace.root, "text", err=True)
            click.echo(f"{report.summary(problems)} Mend this first, then ask again.", err=True)
            raise SystemExit(Exit.PROBLEMS)
    else:
        reviewed, unread = advice.about_offerings(workspace, offerings, options)
    if output == "json":
        click.echo(json.dumps([_as_object(one) for one in reviewed], ensure_ascii=False, indent=2))
    else:
        told = ("\n".join(_lines(one, only_doubts=name is None)) for one in reviewed)
        click.echo("\n\n".join(told))
        _say_totals(reviewed)
    if unread:
        click.echo(
            f"Not counted, because of mistakes in their files: {', '.join(unread)}."
            " `site-builder check` says which.",
            err=True,
        )


def _meant(workspace: Workspace, name: str | None) -> tuple[list[str], str]:
    """Find the offerings that are meant, or the client; a file or folder is as good as a name."""
    from site_builder.errors import suggestion

    offerings = sorted(workspace.agency.offerings)
    if name is None:
        if not offerings:
            raise click.UsageError(
                "there is no offering in projects/_offerings/; name a client, or take one of the"
                " program's with `site-builder new CLIENT --offering NAME`"
            )
        return offerings, ""
    path = Path(name.replace("\\", "/"))
    plain = path.name.removesuffix(".yml")
    if plain in offerings and (name == plain or path.parent.name == "_offerings"):
        return [plain], ""
    if plain in workspace.clients:
        return [], plain
    if plain in workspace.agency.broken_offerings:
        raise click.UsageError(
            f"projects/_offerings/{plain}.yml has mistakes; `site-builder check` says which"
        )
    known = [*offerings, *workspace.clients]
    raise click.UsageError(f"there is no offering or client '{name}'; {suggestion(plain, known)}")


def _lines(reviewed: Reviewed, *, only_doubts: bool) -> Iterator[str]:
    """Write a review for people: each milestone with its four answers, or with those in doubt."""
    yield click.style(f"{reviewed.title} ({reviewed.id})", bold=True)
    yield f"{reviewed.summary}: {_totals([reviewed])}"
    for number, step in enumerate(reviewed.steps, 1):
        answers = [answer for answer in step.answers if answer.doubts or not only_doubts]
        if answers:
            label = click.style(f"{number}  {step.label}", bold=True)
            yield f"\n{label}  \u00b7  {step.when}  \u00b7  {step.place.path}:{step.place.line}"
        for answer in answers:
            yield from _answer_lines(answer)
    if reviewed.whole:
        yield "\n" + click.style("The whole road", bold=True)
    for answer in reviewed.whole:
        yield from _answer_lines(answer)


def _answer_lines(answer: Answer) -> Iterator[str]:
    """Write an answer: its verdict, and each reason with what to change about it."""
    verdict = click.style(f"{answer.verdict:<8}", fg=_COLOURS[answer.verdict])
    lead, rest = f"   {answer.question:<14}{verdict}    ", " " * _INDENT
    told = [(doubt.reason, doubt.change) for doubt in answer.doubts] or [(answer.yes, "")]
    for reason, change in told:
        for line in textwrap.wrap(reason, _WIDTH - _INDENT):
            yield f"{lead}{line}"
            lead = rest
        for number, line in enumerate(textwrap.wrap(change, _WIDTH - _INDENT - 2)):
            yield f"{rest}{'  ' if number else _ARROW}{line}"


def _totals(reviewed: Sequence[Reviewed]) -> str:
    """Count the answers: `26 yes, 4 no, 2 not sure.`."""
    verdicts = reviewed[0].totals
    counts = {verdict: sum(one.totals[verdict] for one in reviewed) for verdict in verdicts}
    return ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number) + "."


def _say_totals(reviewed: Sequence[Reviewed]) -> None:
    if len(reviewed) > 1:
        steps = sum(len(one.steps) for one in reviewed)
        kind = "offerings" if reviewed[0].kind == "offering" else "projects"
        click.echo(f"\n{len(reviewed)} {kind}, {steps} milestones: {_totals(reviewed)}")


def _as_object(reviewed: Reviewed) -> dict[str, object]:
    """Write a review for programs; the keys are a contract, described in the handbook."""

    def answers(given: Sequence[Answer]) -> list[dict[str, str]]:
        return [
            {
                "question": answer.question.value,
                "verdict": answer.verdict.value,
                "reason": answer.reason,
                "change": answer.change,
            }
            for answer in given
        ]

    return {
        "kind": reviewed.kind,
        "id": reviewed.id,
        "title": reviewed.title,
        "totals": {verdict.value: number for verdict, number in reviewed.totals.items()},
        "milestones": [
            {
                "id": step.id,
                "label": step.label,
                "path": step.place.path,
                "line": step.place.line,
                "answers": answers(step.answers),
            }
            for step in reviewed.steps
        ],
        "whole": answers(reviewed.whole),
    }
