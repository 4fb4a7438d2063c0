"""A workspace to try the whole tool on: files in, what it says and writes out."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from site_builder.cli import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
WORKSPACES = ROOT / "tests" / "workspaces"
TODAY = "2026-03-02"
SITE = "site"
OTTER, PINE, HERON = "otter-books", "pine-bakery", "heron-rowing"
TOKENS = {
    OTTER: "otterotterotterotterottero",
    PINE: "pinepinepinepinepinepinepi",
    HERON: "heronheronheronheronheronh",
}
"""Of the short clients: easy to see in a path."""
NAMES = {OTTER: "Otter Books", PINE: "Pine Bakery", HERON: "Heron Rowing Club"}
KEY = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"
"""A key behind the # of a link, for pages that are sealed."""
CONTACT_EMAIL = "maya@northlight.example"

AGENCY = f"""\
extra:
  agency:
    name: Northlight Studio
    contact: {{name: Maya Lindqvist, email: {CONTACT_EMAIL}}}
    rhythm: {{gap: 90}}
"""
CLIENT = """\
name: {name}
links:
  everyone: {token}
"""
PROJECT = """\
title: Your new shop
starts: 2026-01-05
updates: {every: month, on: 15}
outcomes: {sales: Readers order from home}
"""
DONE = """\
---
label: Goals agreed
due: 2026-02-20
done: 2026-02-20
---
## What just happened
We agreed on three goals for your shop.

## Why it matters
You can see at every later step which of your goals it serves.
"""
PLANNED = """\
---
label: The shop is open
due: 2026-04-24
---
## Why it matters
Readers order from home.
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command said, and how it ended."""

    output: str
    code: int


def run(folder: Path, *arguments: str) -> Ran:
    """Run a command of the tool in this process, as if started in `folder`."""
    with contextlib.chdir(folder):
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    return Ran(result.output, result.exit_code)


def run_apart(folder: Path, *arguments: str, **environment: str) -> Ran:
    """Run a command of the tool in a process of its own, in `folder`."""
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "site_builder", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=known, capture_output=True, text=True, check=False
    )
    return Ran(done.stdout + done.stderr, done.returncode)


def run_on_terminal(folder: Path, typed: str, *arguments: str) -> Ran:
    """Run a command of the tool on a terminal, where somebody types."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "site_builder", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    os.write(here, typed.encode())
    said = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while part := os.read(here, 4096):
            said += part
    os.close(here)
    return Ran(said.decode(), process.wait())


def tree(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, by its way from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tokens_of(folder: Path) -> dict[str, str]:
    """Return the first private link of each client of a workspace, and of each offering."""
    files = {path.parent.name: path for path in sorted(folder.glob("projects/*/client.yml"))}
    for path in sorted(folder.glob("projects/_offerings/*.yml")):
        files[f"_offerings/{path.stem}"] = path
    return {
        owner: found.group()
        for owner, path in files.items()
        if (found := re.search(r"\b[a-z2-7]{26}\b", path.read_text("utf-8", errors="replace")))
    }


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with files that agencies write, and the site that comes out."""

    root: Path

    @property
    def site(self) -> Path:
        """The folder that `build` writes."""
        return self.root / SITE

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file of the workspace."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a text that stands once in a file."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{name} must hold once: {old}"
        path.write_text(text.replace(old, new), "utf-8")

    def remove(self, name: str) -> None:
        """Take a file or a folder away."""
        path = self.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    def add_client(self, client: str) -> None:
        """Write one of the short clients."""
        text = CLIENT.format(name=NAMES[client], token=TOKENS[client])
        self.write(f"projects/{client}/client.yml", text)
        self.write(f"projects/{client}/shop/project.yml", PROJECT)
        self.write(f"projects/{client}/shop/milestones/01-goals-agreed.md", DONE)
        self.write(f"projects/{client}/shop/milestones/02-open.md", PLANNED)

    def run(self, *arguments: str) -> Ran:
        """Run a command of the tool in the workspace."""
        return run(self.root, *arguments)

    def build(self, *arguments: str, today: str = TODAY) -> Ran:
        """Build into site/."""
        return self.run("build", "--today", today, *arguments)

    def page(self, client: str, address: str = "") -> str:
        """Read a page of one of the short clients."""
        return (self.client_dir(client) / address / "index.html").read_text("utf-8")

    def client_dir(self, client: str) -> Path:
        """Find the published folder of one of the short clients."""
        return self.site / "c" / TOKENS[client]

    def pages(self, client: str) -> Mapping[str, bytes]:
        """Read everything that is published for one of the short clients."""
        return tree(self.client_dir(client))


def copy_workspace(case: Path, root: Path) -> Workspace:
    """Copy the workspace of a case, or of the sample clients where it has none, to `root`."""
    given = case / "workspace"
    if given.is_dir():
        shutil.copytree(given, root)
    else:
        root.mkdir(parents=True)
        shutil.copy(ROOT / "mkdocs.yml", root)
        shutil.copytree(ROOT / "projects", root / "projects")
    return Workspace(root)


def small_workspace(root: Path, *clients: str) -> Workspace:
    """Make a workspace of short clients."""
    workspace = Workspace(root)
    workspace.write("mkdocs.yml", AGENCY)
    for client in clients:
        workspace.add_client(client)
    return workspace
