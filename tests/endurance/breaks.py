"""Break one client after another, in the ways that `tests/problems` knows; look at all pages."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import yaml

from tests.test_problems import CASES, GOOD, TOKEN, make_mistake
from tests.workspace import Workspace, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = (
    "Aldermoor Braydon Corvale Dunmarsh Eastleaze Farrowby Glenvale Hollinfare Inchbrook Jarrowby"
    " Kelderby Lowmoor Marlhurst Norbeck Oxwich Pellmere Quarrendon Ravensby Stanmarsh Thornaby"
).split()
"""Of clients that there are not."""
TAKES_THE_PAGE_AWAY = {
    "value-links-empty", "value-missing-links", "value-link-token", "link-without-key",
    "value-passphrase-in-yaml", "value-protection-unknown",
    "written-secret", "written-secret-as-protection",
}  # fmt: skip
"""Mistakes with which a link is there no more, or better protection is asked for: that wins."""


def _named(text: str, number: int) -> str:
    """Turn what is written about the good client into the same about another one."""
    name = NAMES[number]
    token = TOKEN[:-1] + "abcdefghijklmnopqrstuvwxyz"[number]
    for old, new in (
        ("Larkfield", name), ("larkfield-vets", f"{name.lower()}-vets"), (TOKEN, token),
    ):  # fmt: skip
        text = text.replace(old, new)
    return text


def make_clients(root: Path, count: int) -> Workspace:
    """Make a workspace of so many clients, each of them well."""
    workspace = Workspace(root)
    for number in range(count):
        for way, data in tree(GOOD).items():
            is_text = way.endswith((".yml", ".md"))
            content = _named(data.decode(), number).encode() if is_text else data
            workspace.write(_named(way, number), content)
    return workspace


def ways() -> list[str]:
    """List the mistakes that stop one client and need no other file than its own."""
    found = []
    for path in CASES:
        case = yaml.safe_load(path.read_text("utf-8"))
        files = [*case.get("edit", {}), *case.get("files", {}), *case.get("symlinks", {})]
        is_own = files and all(way.startswith("projects/larkfield-vets/") for way in files)
        if is_own and case["exit"] == 1 and not {"options", "today"} & case.keys():
            found.append(path.stem)
    return [name for name in found if name not in TAKES_THE_PAGE_AWAY]


def _turns(count: int, each: int) -> Iterator[tuple[int, str]]:
    """Give each client so many ways to be broken, as many different ones as there are."""
    known = ways()
    for number in range(count):
        for turn in range(each):
            yield number, known[(number * each + turn) % len(known)]


def break_each(folder: Path, clients: int, each: int) -> dict[str, Any]:
    """Break each of so many clients in so many ways, one at a time, and build."""
    workspace = make_clients(folder / "agency", clients)
    ran = workspace.build("--jobs", "1")
    assert ran.code == 0, ran.output
    before = tree(workspace.site)
    tried, known, broken = 0, set(), []
    for number, name in _turns(clients, each):
        text = (GOOD.parent / f"{name}.yml").read_text("utf-8")
        client = workspace.root / _named("projects/larkfield-vets", number)
        whole = folder / "whole"
        shutil.copytree(client, whole)
        make_mistake(yaml.safe_load(_named(text, number)), workspace.root)
        ran = workspace.build("--jobs", "1")
        tried += 1
        known.add(name)
        after = tree(workspace.site)
        changed = sorted(
            way for way in before.keys() | after.keys() if before.get(way) != after.get(way)
        )
        shutil.rmtree(client)
        whole.rename(client)
        if ran.code != 3 or changed:
            broken.append(f"{client.name}, {name}: {ran.code}, {changed[:3]} {ran.output}")
            workspace.build("--jobs", "1")
    ran = workspace.build("--jobs", "1")
    if tree(workspace.site) != before:
        broken.append(f"when all were mended: {ran.output}")
    return {"tried": tried, "ways": len(known), "broken": broken}
