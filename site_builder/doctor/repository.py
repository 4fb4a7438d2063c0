"""What git holds that it should not, who may read it, and what its history tells."""

from __future__ import annotations

import datetime
import os
import re
import stat
from typing import TYPE_CHECKING

from site_builder import git
from site_builder.doctor.remark import Remark, Weight
from site_builder.model.links import Protection
from site_builder.parse.clients import tokens_in, wanted_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from site_builder.workspace import Workspace

PASSPHRASES = ".passphrases"
NEVER_COMMITTED = ("site", ".cache", "announcements", PASSPHRASES, ".env")
"""What holds pages, letters or secrets: it stays on the machine that made it."""
OLD = datetime.timedelta(days=730)
"""A link that is older may be known to many who are gone."""
_COMMIT = "\x01"


def about_repository(
    workspace: Workspace, today: datetime.date, *, is_public: bool
) -> Iterator[Remark]:
    """Look at the workspace's repository; without one there is a single remark."""
    root = workspace.root
    if is_public:
        yield Remark(
            about="public-repository",
            weight=Weight.MEND,
            message="The CI says that this repository is public: whoever reads it has every page and every link.",
            hint="make it private, then rotate every link: site-builder link rotate CLIENT LABEL",
        )
    if refused := git.refusal(root):
        yield Remark(
            about="repository-unread",
            weight=Weight.RISK,
            message="The workspace's history cannot be read: earlier pages and earlier dates are not known here.",
            hint=refused,
        )
        return
    if not git.ask(root, "rev-parse", "--git-dir").is_ok:
        yield Remark(
            about="no-repository",
            weight=Weight.RISK,
            message="The workspace is in no git repository: nothing is kept of earlier pages and earlier dates.",
            hint="git init, and keep it private",
        )
        return
    yield from _committed(root)
    yield from _words_in_history(root)
    yield from _not_ignored(root)
    if not is_public:
        yield from _readers(root)
    if git.ask(root, "rev-parse", "--is-shallow-repository").output.strip() == "true":
        yield Remark(
            about="shallow-clone",
            weight=Weight.RISK,
            message="This clone has no whole history: the dates that were promised first are not known here.",
            hint="git fetch --unshallow; in CI, fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab, and"
            " clone: depth: full on Bitbucket",
        )
    yield from _history(workspace, today)


def _committed(root: Path) -> Iterator[Remark]:
    listed = git.ask(root, "ls-files", "-z", "--", *NEVER_COMMITTED).output
    found = sorted({name.split("/")[0] for name in listed.split("\0") if name})
    for name in found:
        is_secret = name in {PASSPHRASES, ".env"}
        then = (
            "; then choose new passphrases, for the history keeps the old ones" if is_secret else ""
        )
        yield Remark(
            about="committed",
            weight=Weight.MEND,
            message=f"{name} is in git: {'secrets' if is_secret else 'built pages'} do not belong there.",
            hint=f"git rm -r --cached {name}, add it to .gitignore, and commit{then}",
        )


def _words_in_history(root: Path) -> Iterator[Remark]:
    """Say that words were committed once: whoever has the repository can read them for ever.

    Nobody but a human knows whether they were renewed since, so it is a risk, not a mistake.
    """
    if git.ask(root, "ls-files", "--", PASSPHRASES).output:
        return  # that is said already
    if git.ask(root, "log", "--all", "-1", "--format=%h", "--", PASSPHRASES).output.strip():
        yield Remark(
            about="passphrases-in-history",
            weight=Weight.RISK,
            message=f"{PASSPHRASES} stands in the history of the repository: whoever has it knows the words"
            " that stood there then.",
            hint="site-builder link passphrase CLIENT --renew, for each client whose words have not"
            " been renewed since",
        )


def _not_ignored(root: Path) -> Iterator[Remark]:
    ways = [
        f"{name}/x" if not name.startswith(".p") and name != ".env" else name
        for name in NEVER_COMMITTED
    ]
    answer = git.ask(root, "check-ignore", "--no-index", "--", *ways)
    ignored = set(answer.output.splitlines())
    lacking = [name for name, way in zip(NEVER_COMMITTED, ways, strict=True) if way not in ignored]
    # The cache keeps itself out of git, as soon as it is there.
    lacking = [name for name in lacking if name != ".cache"]
    if lacking:
        has_secret = PASSPHRASES in lacking and (root / PASSPHRASES).exists()
        yield Remark(
            about="not-ignored",
            weight=Weight.MEND if has_secret else Weight.RISK,
            message=f"git does not ignore {', '.join(lacking)}: the next `git add .` would commit them.",
            hint=f"write into .gitignore, a line each: {' '.join(f'/{name}' for name in lacking)}",
        )


def _readers(root: Path) -> Iterator[Remark]:
    remotes = git.ask(root, "remote").output.split()
    for remote in remotes:
        address = git.ask(root, "remote", "get-url", remote).output.strip()
        if not address or os.path.isabs(address):  # noqa: PTH117 - it may be an address
            continue
        yield Remark(
            about="unknown-readers",
            weight=Weight.KNOW,
            message=f"Whether {git.without_user(address)} is private cannot be seen from here. Whoever reads it has every link.",
            hint="look at its settings, and at the list of its members",
        )


def _history(workspace: Workspace, today: datetime.date) -> Iterator[Remark]:
    """Say which links of the history are gone, and which are old."""
    added = _days_of_tokens(workspace.root)
    now = {token: owner for owner, text in workspace.settings.items() for token in tokens_in(text)}
    if gone := added.keys() - now.keys():
        is_one = len(gone) == 1
        links = (
            "1 link that was taken back stands"
            if is_one
            else f"{len(gone)} links that were taken back stand"
        )
        they = "It opens" if is_one else "They open"
        yield Remark(
            about="links-in-history",
            weight=Weight.KNOW,
            message=f"{links} in the history of the repository. {they} nothing, but the history"
            " says who was a client: it is as private as the repository.",
        )
    old = sorted({now[token] for token, day in added.items() if token in now and today - day > OLD})
    if old:
        yield Remark(
            about="old-links",
            weight=Weight.KNOW,
            message=f"Links of {', '.join(old)} are older than two years; some who know them may have left.",
            hint="site-builder link rotate CLIENT LABEL makes one anew",
        )


def _days_of_tokens(root: Path) -> dict[str, datetime.date]:
    """Find the day on which each link was committed first."""
    log = git.ask(
        root, "log", f"--format={_COMMIT}%as", "--patch", "--unified=0", "--no-color", "--no-ext-diff",
        "--no-renames", "--", "projects/*/client.yml", "projects/_offerings/*.yml",
    ).output  # fmt: skip
    days: dict[str, datetime.date] = {}
    for commit in log.split(_COMMIT)[1:]:
        day, _, changes = commit.partition("\n")
        lines = "\n".join(re.findall(r"^\+(?!\+\+ )(.*)", changes, re.MULTILINE))
        for token in tokens_in(lines):
            days[token] = datetime.date.fromisoformat(day)  # the newest comes first
    return days


def about_passphrases(workspace: Workspace, known: Collection[str]) -> Iterator[Remark]:
    """Look who can read the file of passphrases on this machine, and whose are `known`."""
    lacking = [
        client
        for client in workspace.sealed
        if client not in known and wanted_in(workspace.settings[client]) is Protection.PASSPHRASE
    ]
    if lacking:
        yield Remark(
            about="no-passphrase",
            weight=Weight.MEND,
            message=f"The passphrase is not known here of {', '.join(lacking)}: build cannot make these pages.",
            hint="site-builder link passphrase CLIENT; to bring words that exist already, see the handbook, Seal a page",
        )
    path = workspace.root / PASSPHRASES
    if path.is_file() and os.name == "posix":
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield Remark(
                about="passphrases-mode",
                weight=Weight.MEND,
                message=f"{PASSPHRASES} can be read by others on this machine (mode {mode:04o}).",
                hint=f"chmod 600 {PASSPHRASES}",
            )
