"""The same invented texts for all that are measured: a workspace, MkDocs projects, a Hugo site."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

MILESTONES = 12
FINISHED = 6
"""So many steps are finished; the next one is in progress."""
TODAY = "2026-04-06"
EDITED = "projects/client-0007/website/milestones/09-step-9.md"
"""The milestone that is edited, in the workspace."""
_WORDS = (
    "visitors find clear answers about every page that you offer and fewer of them call to ask"
    " because the words on the site are the words they use when they look for help near them"
).split()
_SETTINGS = """\
extra:
  agency:
    name: Northlight Studio
    contact: {name: Maya Lindqvist, email: maya@northlight.example}
"""
_PROJECT = """\
title: Your new website
finish: Launch
starts: 2026-01-05
updates: {every: week, on: Monday}
outcomes:
  bookings: People can book online, day and night
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone: about 200 words."""

    number: int
    due: str
    happened: str
    matters: str
    next: str
    story: str

    @property
    def name(self) -> str:
        """Name its file, without the ending."""
        return f"{self.number:02}-step-{self.number}"

    @property
    def label(self) -> str:
        """Name it as the client reads it."""
        return f"Step {self.number} is ready"

    @property
    def keys(self) -> dict[str, str]:
        """Say its state."""
        if self.number <= FINISHED:
            return {"done": self.due}
        return (
            {"state": "doing", "now": "building your pages"} if self.number == FINISHED + 1 else {}
        )


def _text(chance: random.Random, words: int) -> str:
    """Write sentences of twelve words."""
    return " ".join(
        " ".join(chance.choices(_WORDS, k=12)).capitalize() + "." for _ in range(words // 12)
    )


def _step(chance: random.Random, number: int) -> Step:
    month, day = divmod(number * 14, 28)
    return Step(
        number=number,
        due=f"2026-{month + 1:02}-{day + 1:02}",
        happened=_text(chance, 60),
        matters=f"You get this: {_text(chance, 60)}",
        next=_text(chance, 24),
        story=_text(chance, 60),
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _write_ours(project: Path, steps: list[Step], client: str, token: str) -> None:
    _write(project.parent / "client.yml", f"name: {client}\nlinks:\n  everyone: {token}\n")
    _write(project / "project.yml", _PROJECT)
    for step in steps:
        keys = {"label": step.label, "due": step.due, "weight": "10", **step.keys}
        front = "".join(f"{key}: {value}\n" for key, value in keys.items())
        _write(
            project / "milestones" / f"{step.name}.md",
            f"---\n{front}---\n## What just happened\n{step.happened}\n\n## Why it matters\n{step.matters}\n\n"
            f"## What comes next\n{step.next}\n\n## More about it\n{step.story}\n",
        )


def _write_plain(folder: Path, steps: list[Step]) -> None:
    _write(folder / "mkdocs.yml", "site_name: Progress\n")
    _write(folder / "docs" / "index.md", "# Your new website\n")
    for step in steps:
        _write(
            folder / "docs" / f"{step.name}.md",
            f"# {step.label}\n\n## What just happened\n{step.happened}\n\n## Why it matters\n{step.matters}\n\n"
            f"## What comes next\n{step.next}\n\n## More about it\n{step.story}\n",
        )


def _write_hugo(folder: Path, steps: list[Step], client: str) -> None:
    # Hugo reads JSON as front matter, too.
    head: dict[str, object] = {"title": client, "outputs": ["html", "progress"]}
    _write(folder / "_index.md", json.dumps(head, indent=1) + "\n")
    _write(folder / "website" / "_index.md", '{\n"title": "Your new website"\n}\n')
    changes = {"title": "All changes", "type": "changes", "weight": 99}
    _write(folder / "website" / "changes.md", json.dumps(changes, indent=1) + "\n")
    for step in steps:
        head = {
            "title": step.label, "step": step.number, "weight": step.number, "due": step.due,
            "happened": step.happened, "matters": step.matters, "next": step.next, **step.keys,
        }  # fmt: skip
        text = f"{json.dumps(head, indent=1)}\n## More about it\n{step.story}\n"
        _write(folder / "website" / f"{step.name}.md", text)


def generate(root: Path, clients: int, compared: int) -> None:
    """Write `ours` and `hugo` with all clients, and `plain` with the first `compared` ones."""
    chance = random.Random(20260302)  # noqa: S311 - the same texts every time
    _write(root / "ours" / "mkdocs.yml", _SETTINGS)
    shutil.copytree(Path(__file__).parent / "hugo", root / "hugo")
    _write(
        root / "hugo" / "content" / "_index.md", '{\n"title": "Nothing here", "type": "root"\n}\n'
    )
    for number in range(clients):
        name, client = f"client-{number:04}", f"Client {number}"
        steps = [_step(chance, step) for step in range(1, MILESTONES + 1)]
        token = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))
        _write_ours(root / "ours" / "projects" / name / "website", steps, client, token)
        _write_hugo(root / "hugo" / "content" / name, steps, client)
        if number < compared:
            _write_plain(root / "plain" / name, steps)
