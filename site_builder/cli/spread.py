"""How `build` is spread over several machines: the words for parts of a site, and for clusters."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from site_builder.build.cluster import Cluster
    from site_builder.build.parts import Shard

PARTS = "parts"
"""Where parts of a site are built, from the workspace."""
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/@]+:\d+/?")
_HAS_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")
_Command = TypeVar("_Command", bound="Callable[..., None]")


class Part(click.ParamType["Shard"]):
    """Which part of how many: K/N."""

    name = "K/N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Shard:
        """Read it, or say how to write it."""
        from site_builder.build.parts import Shard

        number, slash, of = str(value).partition("/")
        is_right = slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)
        if not is_right:
            self.fail(f"{str(value)!r} is no part; the third of ten parts is 3/10", param, ctx)
        return Shard(number=int(number), of=int(of))


_OPTIONS = (
    click.option(
        "--shard",
        type=Part(),
        default=None,
        help="Build only this part of the site: 3/10 is the third of ten, into parts/3-of-10. Then put all together with merge.",
    ),
    click.option(
        "--executor",
        type=click.Choice(("processes", "dask")),
        default="processes",
        show_default=True,
        help="Who builds: processes of this machine, or the workers of a cluster.",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        default=None,
        help="The scheduler of the cluster: tls://HOST:8786, or tcp:// where nobody else listens.",
    ),
    click.option(
        "--from-git",
        "repository",
        metavar="URL",
        default=None,
        help="Let workers fetch the workspace there, at the commit that is checked out here. Without it they see its folder at the same path.",
    ),
)


def spread_options(command: _Command) -> _Command:
    """Give a command the options of this module."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def keep_out_of_git(folder: Path) -> None:
    """Let git ignore a folder of pages, in whatever workspace."""
    with contextlib.suppress(OSError):  # building says what is wrong there
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", "utf-8")


def read_cluster(
    executor: str | None, scheduler: str | None, repository: str | None
) -> Cluster | None:
    """Say which cluster is asked, if any, and what its network sees."""
    if executor != "dask":
        for given, option in ((scheduler, "--scheduler"), (repository, "--from-git")):
            if given:
                raise click.UsageError(f"{option} is for a cluster: say --executor dask, too")
        return None
    from site_builder.build.cluster import Cluster

    if not scheduler:
        raise click.UsageError(
            "--executor dask needs the address of the scheduler: --scheduler tls://HOST:8786"
        )
    if not _ADDRESS.fullmatch(scheduler):
        raise click.UsageError(
            f"{scheduler!r} is no address of a scheduler; write tls://HOST:8786, or tcp://HOST:8786"
        )
    if repository and (repository.startswith("-") or _HAS_PASSWORD.search(repository)):
        raise click.UsageError(
            "--from-git takes an address without a password; git finds those in its own settings"
        )
    cluster = Cluster(scheduler=scheduler, repository=repository or "")
    if cluster.is_in_the_open:
        click.echo(
            "Warning: pages, links and passphrases travel to the workers without encryption; let the"
            " cluster speak TLS, and write the address with tls://.",
            err=True,
        )
    return cluster
