"""A site into a branch of a git repository, for hosts that follow one: one commit, nothing forced.

The newest state of the branch is unpacked, made like the site as any folder is, and becomes a
commit through ghp-import, the only module that imports it. The user's own branches and files are
left alone: the commit is made on a branch of ours, which is gone at the end, and pushed by its id.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder import git
from site_builder.errors import NotPublished
from site_builder.publish import folder
from site_builder.publish.exchange import MARKER

if TYPE_CHECKING:
    from site_builder.publish.plan import Plan, Rules

MESSAGE = "Publish the progress pages"
IN_THE_MAKING = "site-builder-in-the-making"
"""A branch that stands for a moment, while a commit is made."""
NOBODY = {"user.name": b"site-builder", "user.email": b"site-builder@localhost"}
"""Who commits where git has no name, as in CI."""
PATIENCE = 600
"""Seconds that a host may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Where the pages go."""

    root: Path
    """A folder of the repository whose remotes and settings hold."""
    name: str
    remote: str


def _refusal(answer: git.Answer, what: str) -> NotPublished:
    said = " ".join(answer.complaint.split()).rstrip(".")
    return NotPublished(f"{what}. git says: {said or 'nothing'}")


def _needed(answer: git.Answer, what: str) -> str:
    """Return what git said.

    Raises:
        NotPublished: if it was not well.
    """
    if not answer.is_ok:
        raise _refusal(answer, what)
    return answer.output.strip()


def _refuse(branch: Branch) -> None:
    """Refuse what cannot be a branch of pages."""
    if refused := git.refusal(branch.root):
        raise NotPublished(refused)
    inside = git.ask(branch.root, "rev-parse", "--git-dir")
    _needed(inside, "the workspace is in no git repository: begin with git init")
    known = git.ask(branch.root, "check-ref-format", "--branch", branch.name)
    _needed(known, f"'{branch.name}' cannot be the name of a branch")
    remotes = git.ask(branch.root, "remote").output.split()
    if branch.remote not in remotes and not set(branch.remote) & set("/\\:"):
        raise NotPublished(
            f"this repository has no remote '{branch.remote}': git remote add {branch.remote} ADDRESS,"
            " or name another one with --remote"
        )
    here = git.ask(branch.root, "symbolic-ref", "--quiet", "--short", "HEAD")
    if here.output.strip() == branch.name:
        raise NotPublished(
            f"you are working on '{branch.name}' yourself; name a branch that holds nothing but the pages"
        )


def _newest(branch: Branch) -> str:
    """Fetch the branch, and return its newest commit; nothing where there is no such branch."""
    wanted, unread = (
        f"refs/heads/{branch.name}",
        f"'{git.without_user(branch.remote)}' cannot be read",
    )
    listed = git.ask(branch.root, "ls-remote", branch.remote, wanted, patience=PATIENCE)
    if not _needed(listed, unread):
        return ""
    fetched = git.ask(
        branch.root, "fetch", "--quiet", "--no-tags", branch.remote, wanted, patience=PATIENCE
    )
    _needed(fetched, unread)
    return listed.output.split()[0]


def _unpack(branch: Branch, commit: str, where: Path) -> None:
    if not git.ask(branch.root, "cat-file", "-e", f"{commit}:{MARKER}").is_ok:
        raise NotPublished(
            f"the branch '{branch.name}' holds files that this program did not write; choose another"
        )
    archive = where.with_suffix(".zip")
    # Line ends stay as they are, whatever the user has set.
    packed = git.ask(
        branch.root, "-c", "core.autocrlf=false", "archive", "--format=zip", "-0",
        f"--output={archive}", commit, patience=PATIENCE,
    )  # fmt: skip
    _needed(packed, f"the branch '{branch.name}' cannot be unpacked")
    shutil.unpack_archive(archive, where)


def _commit(branch: Branch, parent: str, pages: Path) -> str:
    """Make a commit of a folder, after `parent`, and return its id."""
    import ghp_import

    class Git(ghp_import.Git):  # type: ignore[misc]
        """Works in the workspace, wherever the program was started."""

        def open(self, *words: str, **more: Any) -> Any:
            return super().open("-C", str(branch.root), *words, **more)

        def get_config(self, key: str) -> bytes:
            known: bytes = super().get_config(key)
            return known or NOBODY[key]

    reference = f"refs/heads/{IN_THE_MAKING}"
    _forget(branch)
    if parent:
        made = git.ask(branch.root, "update-ref", reference, parent)
        _needed(made, "the commit could not be prepared")
    # Where git fails, ghp-import 2.1 means to say so and trips over its own words.
    with contextlib.suppress(TypeError):
        ghp_import.run_import(
            Git(), str(pages), branch=IN_THE_MAKING, mesg=MESSAGE, prefix=None,
            followlinks=False, nojekyll=True, cname=None,
        )  # fmt: skip
    commit = git.ask(branch.root, "rev-parse", "--quiet", "--verify", reference).output.strip()
    _forget(branch)
    if commit in {"", parent}:
        raise NotPublished("git could not make the commit; is there room on the disk?")
    return commit


def _forget(branch: Branch) -> None:
    git.ask(branch.root, "update-ref", "-d", f"refs/heads/{IN_THE_MAKING}")


def publish(site: Path, branch: Branch, rules: Rules, *, is_trial: bool) -> Plan:
    """Make the newest state of a branch like the site, in one commit; a trial pushes nothing.

    Raises:
        NotPublished: if it would take away what people still read, or the host says no.
    """
    _refuse(branch)
    tip, before = _newest(branch), None
    while tip != before:
        with tempfile.TemporaryDirectory() as place:
            pages = Path(place, "pages")
            if tip:
                _unpack(branch, tip, pages)
            planned = folder.publish(site, pages, rules, is_trial=is_trial)
            if is_trial or not planned.is_any:
                return planned
            commit = _commit(branch, tip, pages)
        pushed = git.ask(
            branch.root, "push", "--quiet", branch.remote, f"{commit}:refs/heads/{branch.name}",
            patience=PATIENCE,
        )  # fmt: skip
        if pushed.is_ok:
            return planned
        before, tip = tip, _newest(branch)  # somebody else may have published in between
    raise _refusal(pushed, f"'{git.without_user(branch.remote)}' did not take the pages")
