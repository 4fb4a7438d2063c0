"""`publish`: the built pages go to where clients find them, and words about what changed."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from site_builder.cli.edge import Exit, config_option, opened, refuse_inside, site_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from site_builder.deliver import Plan
    from site_builder.workspace import Workspace

site_option = click.option(
    "-d",
    "--site-dir",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder that build wrote. By default site, beside mkdocs.yml.",
)
trial_option = click.option(
    "--dry-run", is_flag=True, help="Say what would change, and change nothing."
)
remove_option = click.option(
    "--allow-remove",
    is_flag=True,
    help="Take pages away even if they are many, or their client is still in the workspace.",
)


@click.group()
def publish() -> None:
    """Bring the pages that build wrote to where clients find them.

    Only what changed is written, and deletions come last. Deleting more than a tenth of the
    pages, or the page of a client who is still in the workspace, is refused.
    """


@publish.command()
@click.argument("path", type=click.Path(path_type=Path))
@site_option
@trial_option
@remove_option
@config_option
def folder(
    path: Path,
    site_dir: Path | None,
    dry_run: bool,
    allow_remove: bool,
    settings_file: Path | None,
) -> None:
    """Publish into a folder, such as the one that a web server shows.

    Each client's folder is exchanged in one step. A folder that holds anything else is refused.
    """
    from site_builder.deliver import to_folder

    _refuse_public()
    workspace = opened(settings_file, "text")
    site = site_folder(workspace, site_dir)
    target = path.absolute()
    refuse_inside(target, workspace.root, "PATH")
    _warn_of_limits(workspace, site)
    inner, outer = sorted((site.resolve(), target.resolve()), key=lambda way: -len(way.parts))
    if inner.is_relative_to(outer):
        raise click.UsageError(f"{path} and {site} lie in each other; choose another folder")
    _deliver(
        lambda: to_folder(workspace, site, target, is_trial=dry_run, allow_remove=allow_remove),
        f"the folder {path}",
        is_trial=dry_run,
    )


@publish.command()
@click.argument("name", default="pages")
@click.option(
    "--remote",
    default="origin",
    show_default=True,
    help="The remote to push to: its name, an address or a folder.",
)
@site_option
@trial_option
@remove_option
@config_option
def branch(
    name: str,
    remote: str,
    site_dir: Path | None,
    dry_run: bool,
    allow_remove: bool,
    settings_file: Path | None,
) -> None:
    """Publish into a branch of the repository, by default pages, for hosts that follow one.

    The newest state of the branch gets one commit more; nothing is forced. A branch that holds
    anything else is refused.
    """
    from site_builder.deliver import to_branch

    _refuse_public()
    workspace = opened(settings_file, "text")
    site = site_folder(workspace, site_dir)
    _warn_of_limits(workspace, site)
    where = str(Path(remote).absolute()) if "/" in remote and Path(remote).is_dir() else remote
    _deliver(
        lambda: to_branch(
            workspace, site, name, where, is_trial=dry_run, allow_remove=allow_remove
        ),
        f"the branch {name}",
        is_trial=dry_run,
    )


def is_public() -> bool:
    """Tell whether the CI says that everybody can read the repository, and so the links."""
    event: object = None
    with contextlib.suppress(KeyError, OSError, ValueError):
        event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    repository = event.get("repository") if isinstance(event, dict) else None
    says = repository if isinstance(repository, dict) else {}
    return (
        says.get("private") is False
        or says.get("visibility") == "public"
        or os.environ.get("CI_PROJECT_VISIBILITY") == "public"
        or os.environ.get("BITBUCKET_REPO_IS_PRIVATE", "").lower() == "false"
    )


def _refuse_public() -> None:
    if is_public():
        _end(
            "this repository is public: whoever reads it has every page and every link. Make it private"
        )


def _warn_of_limits(workspace: Workspace, site: Path) -> None:
    """Say before what the host would refuse; a paid plan may take it."""
    from site_builder.deliver import beyond_limits

    for sentence in beyond_limits(workspace, site):
        click.echo(f"Warning: {sentence}", err=True)


def _end(why: str) -> NoReturn:
    click.echo(f"Error: {why}. Nothing was published.", err=True)
    raise SystemExit(Exit.PROBLEMS)


def _deliver(work: Callable[[], Plan], where: str, *, is_trial: bool) -> None:
    """Publish, and say in sentences what became of it; a CI shows them as its summary."""
    from site_builder.errors import NotPublished, UnsafeTarget

    try:
        plan = work()
    except UnsafeTarget as error:
        _end(f"{error}; choose an empty folder")
    except NotPublished as error:
        _end(str(error))
    except OSError as error:
        click.echo(
            f"Error: {error.strerror}: {error.filename}. Pages that were there are whole;"
            " mend this and publish again.",
            err=True,
        )
        raise SystemExit(Exit.PROBLEMS) from None
    if not plan.is_any:
        click.echo(f"Nothing to publish: {where} is up to date.")
    elif is_trial:
        click.echo(f"This would be published to {where}:")
    else:
        click.echo(f"Published to {where}:")
    for words in plan.words:
        click.echo(f"- {words}")
