"""The last part of the pipeline: a built site goes to where clients find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.errors import NotPublished
from site_builder.parse.clients import tokens_in
from site_builder.publish import branch as branches
from site_builder.publish import exchange, folder
from site_builder.publish.hosts import over_limits
from site_builder.publish.plan import Plan, Rules

__all__ = ["Plan", "beyond_limits", "to_branch", "to_folder"]

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.workspace import Workspace


def _rules(workspace: Workspace, *, allow_remove: bool) -> Rules:
    return Rules(
        owners={
            token: owner for owner, text in workspace.settings.items() for token in tokens_in(text)
        },
        unread=[
            path for owner, path in workspace.link_files.items() if owner not in workspace.settings
        ],
        allow_remove=allow_remove,
    )


def _refuse_unbuilt(site: Path) -> None:
    if not (site / exchange.MARKER).is_file():
        raise NotPublished(
            f"{site} is no site that this program built: run site-builder build first"
        )


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
    _refuse_unbuilt(site)
    with exchange.locked(site):
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
    _refuse_unbuilt(site)
    branch = branches.Branch(root=workspace.root, name=name, remote=remote)
    with exchange.locked(site):
        rules = _rules(workspace, allow_remove=allow_remove)
        return branches.publish(site, branch, rules, is_trial=is_trial)
