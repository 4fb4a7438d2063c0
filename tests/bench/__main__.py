"""Measure the build: `make bench`. Figures of one run, and their ratios; machines differ.

The texts are the same for all: CLIENTS clients of twelve milestones, about 200 words each. Plain
MkDocs with Material builds them one client after another in one process, as agencies would without
this program. Each measurement is a process of its own, from its start to its end.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLIENTS = int(os.environ.get("BENCH_CLIENTS", "100"))
COMPARED = min(CLIENTS, 20)
"""So many clients are built by plain MkDocs; its time grows in proportion."""
MILESTONES = 12
WORDS = (
    "visitors find clear answers about every page that you offer and fewer of them call to ask"
    " because the words on the site are the words they use when they look for help near them"
).split()
HERE = 6

PLAIN = """
import sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
for folder in sorted(Path(sys.argv[1]).iterdir()):
    build(load_config(
        str(folder / "mkdocs.yml"), site_name=folder.name,
        docs_dir=str(folder / "docs"), site_dir=str(folder / "site"), theme={"name": "material"},
    ))
"""


def _text(chance: random.Random, words: int) -> str:
    """Write sentences of twelve words."""
    return " ".join(
        " ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(words // 12)
    )


def _milestone(chance: random.Random, number: int) -> str:
    month, day = divmod(number * 14, 28)
    due = f"2026-{month + 1:02}-{day + 1:02}"
    state = (
        f"done: {due}"
        if number < HERE
        else "state: doing\nnow: building your pages"
        if number == HERE
        else ""
    )
    keys = f"label: Step {number} is ready\ndue: {due}\nweight: 10\n{state}".strip()
    return (
        f"---\n{keys}\n---\n## What just happened\n{_text(chance, 60)}\n\n"
        f"## Why it matters\nYou get this: {_text(chance, 60)}\n\n## What comes next\n{_text(chance, 24)}\n\n"
        f"## More about it\n{_text(chance, 60)}\n"
    )


def _generate(root: Path) -> None:
    """Write the workspace, and the same texts as one MkDocs project a client."""
    chance = random.Random(20260302)  # noqa: S311 - the same texts every time
    settings = "site_name: Bench\nextra:\n  agency:\n    name: Northlight Studio\n"
    contact = "    contact: {name: Maya Lindqvist, email: maya@northlight.example}\n"
    (root / "ours").mkdir()
    (root / "ours" / "mkdocs.yml").write_text(settings + contact, "utf-8")
    for number in range(CLIENTS):
        name = f"client-{number:04}"
        project = root / "ours" / "projects" / name / "website"
        (project / "milestones").mkdir(parents=True)
        token = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))
        (project.parent / "client.yml").write_text(
            f"name: Client {number}\nlinks:\n  everyone: {token}\n", "utf-8"
        )
        (project / "project.yml").write_text(
            "title: Your new website\nfinish: Launch\nstarts: 2026-01-05\nupdates: {every: week, on: Monday}\n"
            "outcomes:\n  bookings: People can book online, day and night\n",
            "utf-8",
        )
        docs = root / "plain" / name / "docs"
        if number < COMPARED:
            docs.mkdir(parents=True)
            (docs.parent / "mkdocs.yml").write_text("site_name: Progress\n", "utf-8")
            (docs / "index.md").write_text("# Your new website\n", "utf-8")
        for step in range(MILESTONES):
            text = _milestone(chance, step)
            name = f"{step + 1:02}-step-{step + 1}.md"
            (project / "milestones" / name).write_text(text, "utf-8")
            if number < COMPARED:
                (docs / name).write_text(text.split("---\n", 2)[2], "utf-8")


def _measure(*command: str, cwd: Path) -> tuple[float, float]:
    """Run one process; return wall and CPU seconds, those of its children too."""
    before = os.times()
    start = time.perf_counter()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wall = time.perf_counter() - start
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return wall, cpu


def main() -> None:
    """Measure, and print a table."""
    ours = [sys.executable, "-m", "site_builder", "build", "--today", "2026-03-16"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _generate(root)
        workspace = root / "ours"
        rows = []
        for jobs in ("1", "2"):
            wall, cpu = _measure(*ours, "--jobs", jobs, "-d", f"site-{jobs}", cwd=workspace)
            rows.append((f"site-builder build --jobs {jobs}", CLIENTS, wall, cpu))
        wall, cpu = _measure(
            sys.executable, "-m", "site_builder", "check", "--today", "2026-03-16", cwd=workspace
        )
        rows.append(("site-builder check", CLIENTS, wall, cpu))
        wall, cpu = _measure(sys.executable, "-c", PLAIN, str(root / "plain"), cwd=root)
        rows.append(("plain MkDocs with Material, one process", COMPARED, wall, cpu))
    slowest = rows[-1][2] / rows[-1][1]
    print(f"{'':42}{'clients':>8}{'wall s':>9}{'CPU s':>9}{'ms a client':>13}{'times faster':>14}")
    for name, clients, wall, cpu in rows:
        each = wall / clients
        print(f"{name:42}{clients:8}{wall:9.2f}{cpu:9.2f}{1000 * each:13.1f}{slowest / each:14.1f}")


main()
