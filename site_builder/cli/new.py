"""`new`: the files of a client, a project, a milestone or an update, ready to fill in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from site_builder.cli.asking import Text, asked, can_ask, refuse, say_made
from site_builder.cli.edge import (
    Day,
    chosen_clients,
    config_option,
    opened,
    read_today,
    today_option,
)
from site_builder.cli.offerings import (
    WithPauses,
    as_pauses,
    complete_offering,
    find_offering,
    project_files,
    say_next,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from pathlib import Path

    from site_builder.workspace import Workspace

_LABEL = Text(at_most=28)
_SENTENCE = Text(is_markdown=True)
_WITH_WORDS = "passphrase"
_SEALED = ("sealed", _WITH_WORDS)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def fresh_token(texts: Collection[str]) -> str:
    """Draw a private link that stands in none of the texts."""
    while True:
        token = "".join(secrets.choice(_LETTERS) for _ in range(26))
        if not any(token in text for text in texts):
            return token


class _ClientFirst(click.Group):
    """`new CLIENT …` is short for `new client CLIENT …`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Add the word that may be left out."""
        known = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if {*args[:1]} & known else ["client", *args])


@click.group(cls=_ClientFirst, subcommand_metavar="CLIENT [PROJECT] | milestone ... | update ...")
def new() -> None:
    """Write the files of a new client, project, milestone or update, to fill in.

    `new CLIENT` is short for `new client CLIENT`. No file that is there is changed.
    """


def _write(workspace: Workspace, files: dict[str, str]) -> None:
    from site_builder.errors import NotWritten
    from site_builder.scaffold.disk import write_new

    try:
        write_new(workspace.root, files)
    except (NotWritten, OSError) as error:
        refuse(error)
    say_made(list(files))


def _id(text: str) -> str:
    """Take a way like projects/harbour-physio/ for the id at its end."""
    way = text.replace("\\", "/").removeprefix("./")
    return way.removeprefix("projects/").strip("/") if way.startswith("projects/") else way


def _refuse_known(client: str, name: str | None, protection: str | None) -> None:
    """Refuse to change a client who is there already."""
    if protection:
        raise click.UsageError(
            f"{client} is a client already; write `site-builder link protect {client} {protection}`"
        )
    if name:
        raise click.UsageError(
            f"{client} is a client already; its name stands in projects/{client}/client.yml"
        )


def _fresh_link(workspace: Workspace, protection: str | None) -> str:
    """Draw a link as it is written; with a key where the pages are sealed."""
    from site_builder.cli.link import fresh_key
    from site_builder.model.links import PrivateLink

    key = fresh_key() if protection in _SEALED else ""
    return PrivateLink(fresh_token(workspace.settings.values()), key).written


@new.command(cls=WithPauses)
@click.argument("client", required=False, metavar="CLIENT")
@click.argument("project", required=False, type=Text("Id"))
@click.option("--name", type=Text(), default=None, help="The client's name, as they write it.")
@click.option("--title", type=Text(), default=None, help="What the client calls the project.")
@click.option(
    "--protection",
    type=click.Choice(("link", *_SEALED)),
    default=None,
    help="How the client's pages are protected. By default link: whoever has it reads them.",
)
@click.option(
    "--offering",
    default=None,
    metavar="NAME",
    shell_complete=complete_offering,
    help="The service that the project is: its steps are written, with dates. A file in projects/_offerings/, or one that comes with the program.",
)
@click.option("--start", type=Day(), default=None, help="The first day. By default today.")
@click.option(
    "--pause",
    "pauses",
    type=(Day(), Day(), Text()),
    multiple=True,
    metavar="FROM TO WHY",
    help="Days of an offering on which the project rests: the first one, the last one, and why. May stand several times.",
)
@today_option
@config_option
def client(
    client: str | None,
    project: str | None,
    start: datetime.date | None,
    pauses: tuple[tuple[datetime.date, datetime.date, str], ...],
    today: datetime.date | None,
    settings_file: Path | None,
    **given: str | None,
) -> None:
    """Make a client with a private link and a first project, or a further project.

    CLIENT and PROJECT are ids, and the names of the folders: harbour-physio, website. With
    --offering the project has all steps of that service, each with its day: working days are
    counted, and weekends, holidays and pauses left out.
    """
    from site_builder import scaffold

    name, title, protection = given["name"], given["title"], given["protection"]
    workspace = opened(settings_file, "text", may_be_empty=True)
    day = read_today(today, workspace.agency.settings.timezone)
    kind = Text("Id")
    typed = asked(client, "The client's id, for example harbour-physio", "CLIENT", kind)
    identifier = kind.convert(_id(typed), None, None)
    is_new = not (workspace.root / "projects" / identifier / "client.yml").exists()
    if not is_new:
        _refuse_known(identifier, name, protection)
    has_schema = (workspace.root / "schema" / "client.json").is_file()
    files = {}
    if is_new:
        proposed = identifier.replace("-", " ").title()
        name = asked(name, "The client's name, as they write it", "--name", default=proposed)
        link = _fresh_link(workspace, protection)
        files = scaffold.client_file(
            identifier, name, link, schema=has_schema, protection=protection
        )
    elif not (project or given["offering"] or can_ask()):
        raise click.UsageError(
            f"{identifier} is a client already; for a further project write"
            f" `site-builder new {identifier} PROJECT`"
        )
    is_proposed = title is None and not can_ask()
    offering, brought = find_offering(workspace, given["offering"])
    question = "The project's id, which stands in the address"
    default = offering.id if offering else "project"
    project = asked(project, question, "PROJECT", kind, default=default)
    path = f"{identifier}/{project}"
    _refuse_taken(project)
    if (workspace.root / "projects" / path).exists():
        raise click.UsageError(
            f"there is a project {path} already; nothing was written. Give the new one another id"
        )
    subject = "project" if project == "project" else project.replace("-", " ")
    proposed = scaffold.proposed_title(offering.written.title if offering else subject)
    title = asked(title, "What the client calls it", "--title", default=proposed)
    if offering and start is None and can_ask():
        start = click.prompt("The first day", default=day, type=Day())
    plan = scaffold.Plan(
        path=path,
        title=title,
        start=start or day,
        today=day,
        holidays=workspace.agency.settings.holidays,
        pauses=as_pauses(pauses, offering),
        has_schema=has_schema,
    )
    _write(workspace, {**brought, **files, **project_files(offering, plan)})
    for copied in brought:
        click.echo(f"{copied} came with the program; from now on it is yours to change.")
    if is_proposed:
        click.echo(
            f'The client reads the title "{title}"; it stands in projects/{path}/project.yml.'
        )
    if is_new:
        click.echo(f"{name} has a private link; `site-builder links {identifier}` prints it.")
    if protection == _WITH_WORDS:
        click.echo(f"The words that open it: site-builder link passphrase {identifier}")
    say_next(offering, plan)


def _find_project(workspace: Workspace, typed: str | None) -> str:
    """Find the project that was meant: client/project, or a client that has only one."""
    from site_builder.errors import suggestion

    typed = asked(typed, "Which project, for example harbour-physio/website", "CLIENT/PROJECT")
    client, _, project = _id(typed).partition("/")
    chosen_clients(workspace, [client])
    found = (workspace.root / "projects" / client).glob("*/project.yml")
    names = sorted(path.parent.name for path in found)
    if not project and len(names) == 1:
        (project,) = names
    if not project:
        ways = " or ".join(f"{client}/{name}" for name in names)
        raise click.UsageError(f"which project of {client}? Write {ways or f'{client}/PROJECT'}")
    if project not in names:
        raise click.UsageError(f"{client} has no project '{project}'; {suggestion(project, names)}")
    return f"{client}/{project}"


def _refuse_taken(project: str) -> None:
    from site_builder.model.fields import ANNOUNCED

    if project == ANNOUNCED:
        raise click.UsageError(
            f"'{project}' is where the program keeps what was told; give the project another id"
        )


@new.command()
@click.argument("project", required=False, metavar="CLIENT/PROJECT")
@click.argument("label", required=False, type=_LABEL)
@click.option("--due", type=Day(), default=None, help="The date that holds.")
@click.option(
    "--why",
    type=_SENTENCE,
    default=None,
    help="Why it matters to the client, in a sentence. Without it the milestone is a draft.",
)
@click.option(
    "--before",
    metavar="STEP",
    default=None,
    help="The step that comes after it. By default it is the last one.",
)
@today_option
@config_option
def milestone(
    project: str | None,
    label: str | None,
    due: datetime.date | None,
    why: str | None,
    before: str | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Make a milestone: a planned one, or a draft to write on.

    LABEL says in at most 28 characters what the client has then. The new milestone is the last
    one, or stands before the step that --before names: those behind it then get new numbers where
    they must, and their ids and addresses stay.
    """
    from site_builder import scaffold
    from site_builder.amend import keys_to_offer
    from site_builder.errors import NotWritten
    from site_builder.scaffold.disk import insert_milestone, milestone_names
    from site_builder.scaffold.order import find_place

    workspace = opened(settings_file, "text")
    day = read_today(today, workspace.agency.settings.timezone)
    path = _find_project(workspace, project)
    label = asked(label, "What the client has then, in two to four words", "LABEL", _LABEL)
    if why is None and can_ask():
        why = click.prompt("Why it matters to them (Enter: later)", default="", show_default=False)
        why = why and _SENTENCE.convert(why, None, None)
    folder = f"projects/{path}"
    try:
        names = milestone_names(workspace.root / folder)
        place = find_place(names, scaffold.milestone_id(label), before)
        outcomes, weights = keys_to_offer(workspace.root, *path.split("/"))
        text = scaffold.milestone_text(
            label, due, why or "", day, outcomes=outcomes, weights=weights
        )
        made = insert_milestone(workspace.root, folder, place, text)
    except (NotWritten, OSError) as error:
        refuse(error)
    for old, renamed in reversed(list(place.renames.items())):
        click.echo(f"renamed: {old} is {renamed} now")
    say_made([made])
    if not why:
        click.echo("It is a draft: write why it matters, then delete the line `draft: true`.")
    click.echo(f"\nNext:\n  site-builder check {path.partition('/')[0]}")


@new.command()
@click.argument("project", required=False, metavar="CLIENT/PROJECT")
@click.argument("sentence", required=False, type=_SENTENCE)
@click.option("--on", type=Day(), default=None, help="Its date. By default today.")
@today_option
@config_option
def update(
    project: str | None,
    sentence: str | None,
    on: datetime.date | None,
    today: datetime.date | None,
    settings_file: Path | None,
) -> None:
    """Make a note between milestones: SENTENCE is what the client reads first."""
    from site_builder import scaffold

    workspace = opened(settings_file, "text")
    day = read_today(today, workspace.agency.settings.timezone)
    path = _find_project(workspace, project)
    sentence = asked(sentence, "What happened, in one sentence", "SENTENCE", _SENTENCE)
    _write(workspace, scaffold.update_file(path, sentence, on or day))
    if on and on > day:
        click.echo(f"The client sees it from {on} on.")
    click.echo(f"\nNext:\n  site-builder build {path.partition('/')[0]}")
