"""`init`: a workspace that builds at once. `schema`: what its editors know about its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder import __version__
from site_builder.cli.asking import Text, asked, can_ask, refuse, say_made
from site_builder.cli.edge import Exit, config_option, find_settings, read_today, today_option
from site_builder.cli.new import fresh_token
from site_builder.model.hosts import HOST_NAMES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from site_builder.scaffold import Answers

_PROGRAM = "site-builder"
_REQUIREMENTS = "requirements.txt"
_WITH_MAIL = f"{_PROGRAM}[mail]"
"""What pip installs: with all that drafts of e-mails need."""
_EXAMPLE = f"{_WITH_MAIL} @ git+https://git.agency.example/{_PROGRAM}.git@v{__version__}"


def requirement(spec: str | None) -> str:
    """Write what pip installs where CI runs; never a guess, which might be a stranger's program."""
    return "# The program, as pip finds it where CI runs.\n" + (
        spec
        or "# It was not installed from a repository that others reach. Write the address of its repository\n"
        "# into the next line, and take away the # and the space behind it:\n"
        f"# {_EXAMPLE}"
    )


def from_repository(address: str, commit: str) -> str | None:
    """Name a commit of a git repository as pip does; None if others cannot get it there."""
    if ssh := re.fullmatch(r"([\w.-]+@[\w.-]+):(?!/)(.+)", address):
        address = f"ssh://{ssh[1]}/{ssh[2]}"
    if address.startswith("https://"):
        address = re.sub(r"(?<=://)[^/@]+@", "", address)  # a password stays on this machine
    if not address.startswith(("https://", "ssh://")):
        return None
    return f"{_WITH_MAIL} @ git+{address}@{commit}"


def source_of(record: dict[str, Any]) -> str | None:
    """Read how this program was installed (PEP 610): the repository and the commit, if any."""
    from urllib.parse import unquote, urlsplit

    from site_builder import git

    url = str(record.get("url", ""))
    if version := record.get("vcs_info"):
        return from_repository(url, version["commit_id"])
    if url.startswith("file:") and "dir_info" in record:
        folder = Path(re.sub(r"^/(?=[A-Za-z]:)", "", unquote(urlsplit(url).path)))
        commit, address, top = (
            git.ask(folder, *words).output.strip()
            for words in (
                ("rev-parse", "HEAD"),
                ("remote", "get-url", "origin"),
                ("rev-parse", "--show-toplevel"),
            )
        )
        if commit and top and Path(top).samefile(folder):
            return from_repository(address, commit)
    return None


def _record_of_installation() -> dict[str, Any]:
    """Read how this program was installed, as far as pip wrote it down."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        record = json.loads(distribution(_PROGRAM).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _zone_of_this_machine() -> str:
    """Find the name of the time zone that this machine lives in, else UTC."""
    from site_builder.model import fields

    way = Path("/etc/localtime").resolve().as_posix()
    zone = way.partition("zoneinfo/")[2]
    is_named = zone not in {"", "Etc/UTC"} and not fields.refusal(fields.TimeZone, zone)
    return zone if is_named else "UTC"


def _answers(given: dict[str, str | None], folder: Path, *, is_new: bool) -> Answers:
    """Take the answers of the command line, and ask for what is missing."""
    from site_builder import git
    from site_builder.scaffold import CI_HOSTS, Answers, ci_host_of

    missing = [f"--{key}" for key in ("name", "contact", "email") if given[key] is None]
    if is_new and missing and not can_ask():
        raise click.UsageError(
            f"nobody can be asked here, so a new workspace needs {', '.join(missing)}"
        )
    name, contact, email = (
        asked(given[key], question, f"--{key}", Text(kind)) if is_new else ""
        for question, key, kind in (
            ("Your agency's name", "name", "Line"),
            ("Whom clients ask: the person's name", "contact", "Line"),
            ("Their e-mail address", "email", "Email"),
        )
    )
    question = "Where the repository will be"
    guessed = (
        ci_host_of(git.ask(folder, "remote", "get-url", "origin").output) if is_new else "none"
    )
    ci = asked(given["ci"], question, "--ci", click.Choice(CI_HOSTS, case_sensitive=False), guessed)
    return Answers(
        name=name,
        contact=contact,
        email=email,
        timezone=given["timezone"] or _zone_of_this_machine(),
        colour="#" + (given["colour"] or "0b5a6b").removeprefix("#"),
        host=given["host"] or "",
        ci=ci,
        requirement=requirement(given["program"] or source_of(_record_of_installation())),
    )


def _refuse_inside_workspace(folder: Path) -> None:
    """Refuse a folder below a workspace, however wrong the settings of that one are."""
    for up in folder.parents:
        settings = up / "mkdocs.yml"
        if settings.is_file() and (up / "projects").is_dir():
            text = settings.read_text("utf-8", "replace")
            if re.search(r"^extra:.*\bagency:", text, re.MULTILINE | re.DOTALL):
                raise click.UsageError(
                    f"{folder} is inside the workspace {up}, and none can stand in another; choose"
                    " a folder outside. If you want a new client, write `site-builder new`"
                )


def _repository_of(folder: Path) -> Path | None:
    """Find the top of the git repository that a folder is in."""
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), None)


@click.command()
@click.argument(
    "folder",
    default=".",
    metavar="[DIR]",
    type=click.Path(path_type=Path, file_okay=False),
)
@click.option("--name", type=Text(), default=None, help="The agency's name.")
@click.option("--contact", type=Text(), default=None, help="Whom clients ask: a person's name.")
@click.option("--email", type=Text("Email"), default=None, help="That person's e-mail address.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "bitbucket", "none"], case_sensitive=False),
    default=None,
    help="Where the repository is: the file for its CI is written. By default as the remote origin says.",
)
@click.option(
    "--host",
    type=click.Choice(HOST_NAMES, case_sensitive=False),
    default=None,
    help="Where the pages are published.",
)
@click.option(
    "--timezone",
    type=Text("TimeZone"),
    default=None,
    help="Where your days begin, for example Europe/London. By default this machine's.",
)
@click.option(
    "--colour", type=Text("Colour"), default=None, help="The brand colour, six hexadecimal digits."
)
@click.option(
    "--program",
    metavar="SPEC",
    type=Text(),
    default=None,
    help="What CI installs with pip. By default the repository that this program was installed from.",
)
@today_option
def init(folder: Path, today: datetime.date | None, **given: str | None) -> None:
    """Make a workspace: settings, a sample client, editor schemas, the CI file.

    It builds at once. Files that are there stay as they are, so it can be run again. On a
    terminal it asks for what is not given.
    """
    from site_builder import scaffold
    from site_builder.errors import NotWritten
    from site_builder.scaffold.disk import write_missing
    from site_builder.scaffold.offerings import FOLDER, offering_files, packed_offerings
    from site_builder.schema import schema_files

    root = folder.resolve()
    is_new = not (root / "mkdocs.yml").exists()
    if is_new:
        _refuse_inside_workspace(root)
    answers = _answers(given, root, is_new=is_new)
    files = scaffold.workspace_files(answers)
    files |= {f"schema/{name}": text for name, text in schema_files().items()}
    if not (root / FOLDER).exists():  # what was taken away stays away
        files |= offering_files(list(packed_offerings()))
    clients = {path.parent.name for path in root.glob("projects/*/client.yml")}
    if not clients:
        files |= scaffold.sample_files(read_today(today, answers.timezone), fresh_token(()))
    try:
        made, kept = write_missing(root, files)
    except (NotWritten, OSError) as error:
        refuse(error)
    say_made(made, kept)
    if not is_new:
        _look_at_settings(root)
    repository = _repository_of(root)
    _say_what_ci_needs(root, repository or root, made, given["program"])
    if not clients:
        click.echo(
            f"\nprojects/{scaffold.SAMPLE} is a sample: look at it, copy from it, and delete the folder when you"
            " have a client of your own."
        )
    click.echo(
        "\nThe links to the pages stand in these files: keep the repository private.\n\nNext:"
    )
    if root != Path.cwd():
        click.echo(f"  cd {folder}")
    if not repository:
        click.echo("  git init")
    click.echo("  site-builder serve --open")
    if clients <= {scaffold.SAMPLE}:
        click.echo("  site-builder new your-first-client")
    click.echo("  site-builder check")


def _say_what_ci_needs(root: Path, repository: Path, made: Sequence[str], line: str | None) -> None:
    """Say what is still to do before a push publishes; `line` is the program, if it was given."""
    from site_builder.scaffold import CI_FILES

    text = (root / _REQUIREMENTS).read_text("utf-8", "replace")
    is_named = re.search(r"^[^#\n]*site[-_]builder", text, re.MULTILINE)
    if {_REQUIREMENTS, *CI_FILES} & {*made} and not is_named:
        click.echo(
            f"\nCI cannot install the program until {_REQUIREMENTS} names it. Write this line there"
            f"{'' if line else ', with the address of its repository'}: {line or _EXAMPLE}"
        )
    if not any((place / path).exists() for place in (root, repository) for path in CI_FILES):
        click.echo(
            "\nThere is no CI file, so a push publishes nothing. `site-builder init --ci github`, or gitlab,"
            " or bitbucket, adds it later."
        )
    if repository != root and {*CI_FILES} & {*made}:
        click.echo(
            f"\nYour repository begins above, in {repository}: the CI file counts only there. Move it, and let"
            " it work in this folder."
        )


def _look_at_settings(root: Path) -> None:
    """Say what mkdocs.yml lacks if it was there before."""
    from site_builder import report
    from site_builder.errors import InvalidInput
    from site_builder.workspace import open_workspace

    try:
        open_workspace(root / "mkdocs.yml")
    except InvalidInput as error:
        click.echo("\nmkdocs.yml was there already, and something is missing in it:", err=True)
        click.echo(report.as_text(error.problems, root), nl=False, err=True)
        raise SystemExit(Exit.PROBLEMS) from None


@click.command()
@click.argument(
    "folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False)
)
@config_option
def schema(folder: Path | None, settings_file: Path | None) -> None:
    """Write the JSON Schemas of all files, for editors; after an update of the program, again.

    DIR is schema, beside mkdocs.yml, if it is not named.
    """
    from site_builder.errors import NotWritten
    from site_builder.scaffold.disk import write_again
    from site_builder.schema import MADE_BY, schema_files

    root = folder or find_settings(settings_file).parent / "schema"
    files = schema_files()
    try:
        write_again(root, files, MADE_BY)
    except (NotWritten, OSError) as error:
        refuse(error)
    say_made([(root / name).as_posix() for name in files])
