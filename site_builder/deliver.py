"""The last part of the pipeline: a built site goes to where clients find it."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from site_builder.errors import NotPublished
from site_builder.parse.clients import tokens_in
from site_builder.publish import branch as branches
from site_builder.publish import bucket as buckets
from site_builder.publish import deploy, exchange, folder, server
from site_builder.publish.hosts import over_limits
from site_builder.publish.order import Progress
from site_builder.publish.plan import Plan, Rules

__all__ = [
    "Plan",
    "Progress",
    "beyond_limits",
    "to_branch",
    "to_bucket",
    "to_cloudflare",
    "to_folder",
    "to_netlify",
    "to_server",
]

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from site_builder.workspace import Workspace


def _rules(workspace: Workspace, *, allow_remove: bool) -> Rules:
    return Rules(
        owners={
            token: owner for owner, text in workspace.settings.items() for token in tokens_in(text)
        },
        unread=workspace.unread,
        allow_remove=allow_remove,
    )


@contextlib.contextmanager
def _built(site: Path) -> Iterator[None]:
    """Hold the site still while it is published.

    Raises:
        NotPublished: if there is none, or only a part of one.
    """
    if not (site / exchange.MARKER).is_file():
        raise NotPublished(
            f"{site} is no site that this program built: run site-builder build first"
        )
    if exchange.is_part(site):
        raise NotPublished(
            f"{site} is only a part of a site: put all parts together first, with site-builder merge"
        )
    with exchange.locked(site):
        yield


def beyond_limits(workspace: Workspace, site: Path) -> tuple[str, ...]:
    """Say what of a site the workspace's host would not take, in sentences."""
    return tuple(over_limits(site, workspace.agency.settings.host))


def to_folder(
    workspace: Workspace, site: Path, target: Path, *, is_trial: bool, allow_remove: bool
) -> Plan:
    """Publish a site into a folder.

    Raises:
        NotPublished: if there is no site, or it would take away what people still read.
        UnsafeTarget: if the folder is not ours.
    """
    with _built(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return folder.publish(site, target, rules, is_trial=is_trial)


def to_branch(
    workspace: Workspace, site: Path, name: str, remote: str, *, is_trial: bool, allow_remove: bool
) -> Plan:
    """Publish a site into a branch of a remote of the workspace's repository.

    Raises:
        NotPublished: if there is no site, if it would take away what people still read, or the host
            says no.
    """
    branch = branches.Branch(root=workspace.root, name=name, remote=remote)
    with _built(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return branches.publish(site, branch, rules, is_trial=is_trial)


def to_bucket(
    workspace: Workspace,
    site: Path,
    name: str,
    options: Mapping[str, str],
    progress: Progress,
    *,
    is_trial: bool,
    allow_remove: bool,
) -> Plan:
    """Publish a site into a bucket, or into a folder of one: BUCKET/FOLDER.

    Raises:
        NotPublished: if there is no site, if it would take away what people still read, if anybody
            can list the bucket, or the store says no.
    """
    bucket, _, prefix = name.partition("/")
    place = buckets.Bucket(name=bucket, prefix=prefix.strip("/"), options=options)
    with _built(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return buckets.publish(site, place, rules, progress, is_trial=is_trial)


def to_server(
    workspace: Workspace,
    site: Path,
    target: str,
    progress: Progress,
    *,
    is_trial: bool,
    allow_remove: bool,
) -> Plan:
    """Publish a site into a folder of a server, named as rsync names it.

    Raises:
        NotPublished: if there is no site, if it would take away what people still read, or rsync
            says no.
    """
    with _built(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return server.publish(site, target, rules, progress, is_trial=is_trial)


def to_netlify(
    workspace: Workspace,
    site: Path,
    name: str,
    cache: Path,
    *,
    is_trial: bool,
    allow_remove: bool,
) -> Plan:
    """Publish a site to Netlify with netlify-cli, to the site of that name or the one linked.

    Raises:
        NotPublished: if there is no site, if it would take away what people still read, or the
            program says no.
    """
    host = deploy.netlify(workspace.root, _memory_file(cache, "netlify", name), name)
    with _built(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return deploy.publish(site, host, rules, is_trial=is_trial)


def to_cloudflare(
    workspace: Workspace,
    site: Path,
    project: str,
    branch: str,
    cache: Path,
    *,
    is_trial: bool,
    allow_remove: bool,
) -> Plan:
    """Publish a site to a project of Cloudflare Pages with wrangler.

    Raises:
        NotPublished: as `to_netlify` does.
    """
    memory_file = _memory_file(cache, "cloudflare", f"{project} {branch}")
    host = deploy.cloudflare(workspace.root, memory_file, project, branch)
    with _built(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return deploy.publish(site, host, rules, is_trial=is_trial)


def _memory_file(cache: Path, host: str, name: str) -> Path:
    """Name the file that remembers what was sent there last; a name may hold anything."""
    return cache / f"published-{host}-{hashlib.sha256(name.encode()).hexdigest()[:12]}.json"
