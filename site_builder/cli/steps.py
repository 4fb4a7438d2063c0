"""What the everyday edits share: which step is meant, what else it must say, what came of it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.asking import Text, asked, can_ask, refuse
from site_builder.cli.edge import (
    Day,
    Exit,
    complete_client,
    find_settings,
    opened,
    read_today,
    show,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence

    from site_builder.amend import Place, Seen
    from site_builder.edits import Step
    from site_builder.workspace import Workspace

SENTENCE = Text(is_markdown=True)
_WHICH_STEP = "Which step, for example larkfield-vets/website/page-texts"
_NEXT = "What comes next, and until when, in one sentence"
_NOW = "What is being done, as the end of a sentence: You're at step 5 of 8: …"


def _completed(
    ctx: click.Context,
    param: click.Parameter,
    incomplete: str,
    names_of: Callable[[Path, str], Sequence[str]],
) -> list[str]:
    """List clients, and as soon as only one is meant, what `names_of` finds below it."""
    clients = complete_client(ctx, param, incomplete.partition("/")[0])
    if "/" in incomplete:
        clients = [client for client in clients if incomplete.startswith(f"{client}/")]
    if len(clients) != 1:
        return [f"{client}/" for client in clients]
    root = find_settings(ctx.params.get("settings_file")).parent
    return [name for name in names_of(root, clients[0]) if name.startswith(incomplete)]


def _complete_step(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from site_builder.amend import step_names

    return _completed(ctx, param, incomplete, step_names)


def complete_project(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """List the projects whose names go on like this, for the shell."""
    from site_builder.amend import project_names

    return _completed(ctx, param, incomplete, project_names)


step_argument = click.argument(
    "step", required=False, metavar="STEP", shell_complete=_complete_step
)
on_option = click.option("--on", type=Day(), default=None, help="The day. By default today.")
now_option = click.option(
    "--now",
    type=Text(),
    default=None,
    help="What is being done, as the end of the headline: approving your page texts.",
)
next_option = click.option(
    "--next", "following", type=SENTENCE, default=None, help="What comes next, in one sentence."
)


def parts(workspace: Workspace, typed: str) -> tuple[str, ...]:
    """Take `client/project/milestone`, or a way to a file or folder, apart."""
    projects = (workspace.root / "projects").resolve()
    for path in (Path(typed).resolve(), (projects / typed).resolve()):
        if path.is_relative_to(projects) and path != projects and path.exists():
            return path.relative_to(projects).parts
    way = typed.replace("\\", "/").removeprefix("./").removeprefix("projects/")
    return tuple(part for part in way.split("/") if part) or (typed,)


def find_step(
    typed: str | None, today: datetime.date | None, settings_file: Path | None
) -> tuple[Place, Step, datetime.date]:
    """Find the step that was meant, or end with the mistakes of its file."""
    from site_builder import amend
    from site_builder.errors import InvalidInput, NotWritten

    workspace = opened(settings_file, "text")
    day = read_today(today, workspace.agency.settings.timezone)
    typed = asked(typed, _WHICH_STEP, "STEP")
    try:
        return *amend.find_step(workspace, parts(workspace, typed), day), day
    except NotWritten as error:
        refuse(error)
    except InvalidInput as error:
        show(error.problems, workspace.root, "text")
        click.echo("Nothing was written: mend this first.", err=True)
        raise SystemExit(Exit.PROBLEMS) from None


def carry_out(
    place: Place, step: Step, edit: Callable[..., str], more: Callable[[], Mapping[str, object]]
) -> Seen:
    """Edit the step's file with what else is asked for; what cannot be is refused before."""
    from site_builder.amend import write
    from site_builder.errors import NotWritten

    try:
        edit()
        return write(place, step.path, edit(**more()))
    except (NotWritten, OSError) as error:
        refuse(error)


def may_ask(question: str, kind: Text) -> str:
    """Ask for one line on a terminal; Enter alone is an answer, too."""
    answer: str = click.prompt(
        question,
        default="",
        show_default=False,
        value_proc=lambda typed: kind.convert(typed, None, None) if typed else "",
    )
    return answer


def asked_day(given: datetime.date | None, question: str, name: str) -> datetime.date:
    """Take the day that was given, or ask for it on a terminal."""
    if given is None and not can_ask():
        raise click.UsageError(f"{name} is missing")
    answer: datetime.date = given or click.prompt(question, type=Day())
    return answer


def in_progress(
    step: Step, now: str | None, following: str | None, *, is_needed: bool
) -> dict[str, object]:
    """Ask for what a step must say from the moment on which work begins."""
    if is_needed and now is None and not step.written.now:
        now = asked(None, _NOW, "--now")
    if is_needed and following is None and not step.answers["next"]:
        following = asked(None, _NEXT, "--next", SENTENCE)
    return {"now": now or "", "following": following or ""}


def git_command(root: Path) -> str:
    """Tell how to call git for a workspace from here; nothing if it is in no repository."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return ""
    return "git" if Path.cwd() == root else f"git -C {shlex.quote(str(root))}"


def commit_command(git: str, what: str, path: str) -> str:
    """Write the command that commits a file, which git may not know yet; `what` is quoted."""
    return f"{git} add {path} && {git} commit -m {what} {path}"


def tell(
    place: Place, seen: Seen, what: str, notes: Sequence[str] = (), *, is_new: bool = False
) -> None:
    """Say what was written, what the client sees then, what else matters, and what to do next."""
    root = place.workspace.root
    click.echo(f"{'made' if is_new else 'changed'}: {seen.path}")
    if seen.mistakes:
        count = "a mistake" if seen.mistakes == 1 else f"{seen.mistakes} mistakes"
        click.echo(
            f"\nThe client sees nothing of it before {count} in other files of {place.client}"
            f" {'is' if seen.mistakes == 1 else 'are'} mended: site-builder check {place.client}"
        )
    else:
        click.echo("\nThe client will now see:")
        for line in seen.lines:
            click.echo(f"  {line}")
    for note in notes:
        click.echo(f"\n{note}")
    if seen.findings:
        click.echo("\nThe check says of it:")
        show(seen.findings, root, "text")
    click.echo("\nNext:")
    if git := git_command(root):
        click.echo("  " + commit_command(git, f'"{what}"', seen.path))
    else:
        click.echo(f"  site-builder build {place.client}")


def hidden(step: Step, day: datetime.date) -> list[str]:
    """Say it where the client does not see the step at all."""
    until = step.written.publish_on
    if step.written.draft:
        return ["The step is a draft: the client does not see it."]
    if until and until > day:
        return [f"The client does not see the step before {until}."]
    return []
