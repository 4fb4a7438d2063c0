"""`publish`: the built pages go to where clients find them, and words about what changed."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from site_builder.cli.edge import CACHE, Exit, config_option, opened, refuse_inside, site_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builder.deliver import Plan, Progress
    from site_builder.workspace import Workspace

site_option = click.option(
    "-d",
    "--site-dir",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to read the pages from, as build wrote them. By default site, beside mkdocs.yml.",
)
trial_option = click.option(
    "--dry-run", is_flag=True, help="Say what would change, and change nothing."
)
remove_option = click.option(
    "--allow-remove",
    is_flag=True,
    help="Take pages away even if they are many, or their client is still in the workspace.",
)


def _for_all(command: Callable[..., None]) -> Callable[..., None]:
    """Give a target the options that all have."""
    for option in (config_option, remove_option, trial_option, site_option):
        command = option(command)
    return command


@click.group()
def publish() -> None:
    """Bring the pages that build wrote to where clients find them.

    Only what changed is written, and deletions come last. Deleting more than a tenth of the
    pages, or the page of a client who is still in the workspace, is refused.
    """


@publish.command()
@click.argument("path", type=click.Path(path_type=Path))
@_for_all
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
    _refuse_overlap(target, site, workspace)
    _warn_of_limits(workspace, site)
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
@_for_all
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


@publish.command()
@click.argument("target")
@_for_all
def rsync(
    target: str,
    site_dir: Path | None,
    dry_run: bool,
    allow_remove: bool,
    settings_file: Path | None,
) -> None:
    """Publish onto a server with rsync, to TARGET as rsync names it: user@server:/srv/www/progress.

    Shared files go first, then pages, then deletions: cut at any moment, every page is whole. How
    to reach the server stands in your settings for ssh. A folder that holds anything else is
    refused.
    """
    from site_builder.deliver import to_server

    _refuse_public()
    workspace = opened(settings_file, "text")
    site = site_folder(workspace, site_dir)
    _warn_of_limits(workspace, site)
    if ":" not in target:
        target = str(Path(target).absolute())
        _refuse_overlap(Path(target), site, workspace)
    with _bar() as progress:
        _deliver(
            lambda: to_server(
                workspace, site, target, progress, is_trial=dry_run, allow_remove=allow_remove
            ),
            f"the server {target.rpartition('@')[2]}",
            is_trial=dry_run,
        )


@publish.command()
@click.argument("bucket")
@click.option(
    "--endpoint", default=None, help="The address of a store that is not Amazon's: https://…"
)
@click.option("--region", default=None, help="Where the bucket is, for example eu-west-1.")
@_for_all
def s3(
    bucket: str,
    endpoint: str | None,
    region: str | None,
    site_dir: Path | None,
    dry_run: bool,
    allow_remove: bool,
    settings_file: Path | None,
) -> None:
    """Publish into a bucket of an S3-compatible store, or into a folder of it: BUCKET/FOLDER.

    Keys are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from your AWS files and
    AWS_PROFILE. A bucket that anybody can list, or that holds anything else, is refused.
    """
    from site_builder.cli.storage import NoKeys, storage_options
    from site_builder.deliver import to_bucket

    _refuse_public()
    workspace = opened(settings_file, "text")
    site = site_folder(workspace, site_dir)
    _warn_of_limits(workspace, site)
    bucket = bucket.removeprefix("s3://").strip("/")
    try:
        options = storage_options(os.environ, Path.home(), endpoint=endpoint, region=region)
    except NoKeys as error:
        _end(str(error))
    with _bar() as progress:
        _deliver(
            lambda: to_bucket(
                workspace, site, bucket, options, progress,
                is_trial=dry_run, allow_remove=allow_remove,
            ),
            f"the bucket {bucket}",
            is_trial=dry_run,
        )  # fmt: skip


@publish.command()
@click.option("--site", "name", default="", help="The site's name or id, if it is not linked.")
@_for_all
def netlify(
    name: str,
    site_dir: Path | None,
    dry_run: bool,
    allow_remove: bool,
    settings_file: Path | None,
) -> None:
    """Publish to Netlify with its own program, netlify, installed and logged in.

    What was sent last is remembered in .cache/. In CI, NETLIFY_AUTH_TOKEN logs in.
    """
    from site_builder.deliver import to_netlify

    _refuse_public()
    workspace = opened(settings_file, "text")
    site, cache = site_folder(workspace, site_dir), workspace.root / CACHE
    _warn_of_limits(workspace, site)
    _deliver(
        lambda: to_netlify(
            workspace, site, name, cache, is_trial=dry_run, allow_remove=allow_remove
        ),
        "Netlify",
        is_trial=dry_run,
    )


@publish.command()
@click.argument("project")
@click.option(
    "--branch",
    default="main",
    show_default=True,
    help="The production branch of the project: any other makes a preview only.",
)
@_for_all
def cloudflare(
    project: str,
    branch: str,
    site_dir: Path | None,
    dry_run: bool,
    allow_remove: bool,
    settings_file: Path | None,
) -> None:
    """Publish to a project of Cloudflare Pages with wrangler, installed and logged in.

    What was sent last is remembered in .cache/. In CI, CLOUDFLARE_API_TOKEN and
    CLOUDFLARE_ACCOUNT_ID log in.
    """
    from site_builder.deliver import to_cloudflare

    _refuse_public()
    workspace = opened(settings_file, "text")
    site, cache = site_folder(workspace, site_dir), workspace.root / CACHE
    _warn_of_limits(workspace, site)
    _deliver(
        lambda: to_cloudflare(
            workspace, site, project, branch, cache, is_trial=dry_run, allow_remove=allow_remove
        ),
        f"the project {project}",
        is_trial=dry_run,
    )


def _refuse_overlap(target: Path, site: Path, workspace: Workspace) -> None:
    """Refuse a folder where people write, or that holds the site, or that the site holds."""
    refuse_inside(target, workspace.root, "PATH")
    inner, outer = sorted((site.resolve(), target.resolve()), key=lambda way: -len(way.parts))
    if inner.is_relative_to(outer):
        raise click.UsageError(f"{target} and {site} lie in each other; choose another folder")


@contextlib.contextmanager
def _bar() -> Iterator[Progress]:
    """Show on a terminal how far a publish is, from its first file on."""
    with contextlib.ExitStack() as stack:
        bar = None

        def show(done: int, count: int) -> None:
            nonlocal bar
            if bar is None:
                bar = stack.enter_context(
                    click.progressbar(
                        length=count, label="Publishing", file=sys.stderr,
                        hidden=not sys.stderr.isatty(),
                    )
                )  # fmt: skip
            bar.update(done - bar.pos)

        yield show


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
    from site_builder.errors import NotPublished, PartlyPublished, UnsafeTarget, system_words

    try:
        plan = work()
    except UnsafeTarget as error:
        _end(f"{error}; choose an empty folder")
    except NotPublished as error:
        _end(str(error))
    except PartlyPublished as error:
        click.echo(
            f"Error: {error}. A part is published, and every page is whole; publish again for the rest.",
            err=True,
        )
        raise SystemExit(Exit.PROBLEMS) from None
    except OSError as error:
        click.echo(
            f"Error: {system_words(error)}. Pages that were there are whole;"
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
    for words in plan.warnings:
        click.echo(f"Warning: {words}.", err=True)
