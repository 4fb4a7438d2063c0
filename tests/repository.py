"""Real git for tests: a workspace under git, and a host that is a bare folder."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.workspace import TOKENS, Ran, Workspace

if TYPE_CHECKING:
    from pathlib import Path

PAGES = "pages"


def git(folder: Path, *words: str, at: str = "") -> str:
    """Run git, at some time, as an author whom the machine need not know; return what it says."""
    author = ["-c", "user.name=Author", "-c", "user.email=author@agency.example"]
    done = subprocess.run(
        ["git", *author, "-C", str(folder), *words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), at)}
        if at
        else None,
    )
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Repository:
    """A workspace under git, with a host that it is pushed to."""

    workspace: Workspace
    host: Path

    def push(self) -> None:
        """Commit everything and push it, as people do."""
        git(self.workspace.root, "add", "-A")
        git(self.workspace.root, "commit", "-qm", "A change")
        git(self.workspace.root, "push", "-q", "origin", "HEAD:main")

    def publish(self, *words: str) -> Ran:
        """Run `publish branch`."""
        return self.workspace.run("publish", "branch", *words)

    def published(self, branch: str = PAGES) -> str:
        """Return the newest commit of the pages; nothing where there are none."""
        return git(self.host, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def files(self, branch: str = PAGES) -> dict[str, str]:
        """List what is published, each file with its digest."""
        listed = git(self.host, "ls-tree", "-r", "-z", branch).rstrip("\0").split("\0")
        return {line.partition("\t")[2]: line.split()[2] for line in listed}

    def page(self, client: str) -> dict[str, str]:
        """List what is published for one of the short clients."""
        inside = f"c/{TOKENS[client]}/"
        return {name: blob for name, blob in self.files().items() if name.startswith(inside)}

    def changed(self, before: str) -> set[str]:
        """List the files that differ between an earlier published commit and the newest."""
        return set(git(self.host, "diff", "--name-only", "--no-renames", before, PAGES).split())


def make_repository(workspace: Workspace, host: Path) -> Repository:
    """Put a workspace under git, and push it to a host of its own."""
    git(host.parent, "init", "-q", "--bare", "--initial-branch=main", str(host))
    git(workspace.root, "init", "-q", "--initial-branch=main")
    git(workspace.root, "remote", "add", "origin", str(host))
    workspace.write(".gitignore", "/site/\n/.cache/\n")
    repository = Repository(workspace, host)
    repository.push()
    git(workspace.root, "fetch", "-q")
    return repository
