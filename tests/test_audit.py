"""The audit: every kind of leak in every form is found, and nothing of it is repeated."""

from __future__ import annotations

import datetime
import shutil
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from site_builder.audit import Inspector, Own, Party, Rule, Sought
from site_builder.audit.quick import MAX_KNOWN, Known
from site_builder.lookout import look_out, own_of_owner
from site_builder.model.links import Passphrase
from site_builder.workspace import open_workspace
from tests.planting import FILES, PAGE, WAYS, plant
from tests.repository import git
from tests.workspace import DONE, OTTER, PLANNED, PROJECT, TODAY, TOKENS, Workspace, small_workspace

if TYPE_CHECKING:
    from site_builder.errors import Problem

LEAKS = Path(__file__).parent / "leaks"
TABLE: dict[str, list[dict[str, Any]]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))["forms"]
    for path in sorted(LEAKS.glob("*.yml"))
}
FORMS = [(rule, form) for rule, forms in TABLE.items() for form in forms]
AUTHOR = "tom.hale@northlight.example"
WORDS = Passphrase("amber window ladder quiet maple fossil")
MACHINE = ("/srv/builds/northlight/agency",)
NEIGHBOURS = {
    "kestrel-lowe": ("Kestrel & Lowe Ltd", "kestrelkestrelkestrelkestr"),
    "laerchenfeld": ("Lärchenfeld Möbel GmbH", "larchenlarchenlarchenlarch"),
    "al-waha": ("واحة النخيل", "alwahaalwahaalwahaalwahaal"),
    "harbour": ("Harbour", "harbourharbourharbourharbo"),
    "open-door": ("Open Door", "opendooropendooropendooro2"),
    "the-garden": ("The Garden", "thegardenthegardenthegard2"),
}
KEYS = {
    "kestrel-lowe": "kestrel2kestrel3kestrel4kestrel5kestrel6kestrel7kest",
    OTTER: "otter2otter3otter4otter5otter6otter7otter2otter3otte",
}
SECRET = (
    *TOKENS.values(), *(token for _, token in NEIGHBOURS.values()), *KEYS.values(), AUTHOR,
    "The margin on this step", "second shop opens", "Readers far away", "staging.northlight", "day rate",
    "Their budget", "offeringofferingofferingof", "/srv/builds",
)  # fmt: skip
"""What no finding may repeat."""
OFFERING = """\
title: A new shop
links: {everyone: offeringofferingofferingof}
milestones:
  - {id: open, day: 5, label: The shop is open, matters: Readers order from home.}
"""
NOTES = """\
---
label: Goals agreed
due: 2026-02-20
done: 2026-02-20
internal:
  money: The margin on this step is thin, ask Tom first.
  rate: day rate 940
---
<!-- Their budget ends in May, says Ann. -->
## What just happened
We agreed on three goals for your shop.

## Why it matters
You can see at every later step which of your goals it serves.
"""
DRAFT = """\
---
label: A second shop
due: 2026-05-29
draft: true
---
## Why it matters
The second shop opens in the old mill. Readers order from home.
"""
AHEAD = """\
---
label: Orders by telephone
due: 2026-06-12
publish_on: 2026-05-01
---
## Why it matters
Readers far away can order by telephone.
"""


@dataclass(frozen=True, slots=True)
class Built:
    """A client's folder as it was built, and what is looked for in it."""

    folder: Path
    inspector: Inspector
    own: Own

    def inspect(self, folder: Path) -> tuple[Problem, ...]:
        """Look through a copy of the folder."""
        return self.inspector.inspect(folder, self.own, "c/\u2026")


def _town(root: Path) -> Workspace:
    """Write a workspace of one client with secrets, and its neighbours."""
    found = small_workspace(root, OTTER)
    found.edit(
        "mkdocs.yml",
        "    rhythm:",
        "    forbidden: [staging.northlight.example, day rate]\n    rhythm:",
    )
    steps = f"projects/{OTTER}/shop/milestones"
    found.write(f"{steps}/01-goals-agreed.md", NOTES)
    found.write(f"{steps}/03-second-shop.md", DRAFT)
    found.write(f"{steps}/04-telephone.md", AHEAD)
    found.write("projects/_offerings/shop.yml", OFFERING)
    for client, (name, token) in NEIGHBOURS.items():
        found.write(
            f"projects/{client}/client.yml", f'name: "{name}"\nlinks:\n  everyone: {token}\n'
        )
        found.write(f"projects/{client}/web/project.yml", PROJECT.replace("shop", "website"))
        found.write(f"projects/{client}/web/milestones/01-goals-agreed.md", DONE)
        found.write(f"projects/{client}/web/milestones/02-open.md", PLANNED)
    found.edit(
        "projects/kestrel-lowe/web/milestones/01-goals-agreed.md",
        "We agreed on three goals for your shop.",
        "Ann (ann@kestrel.example) agreed to the [price list](files/price-list-trade.pdf).",
    )
    found.write("projects/kestrel-lowe/web/files/price-list-trade.pdf", b"%PDF-1.4 prices")
    return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace, built once; then its links get keys, as sealed pages have them."""
    found = _town(tmp_path_factory.mktemp("town") / "agency")
    git(found.root, "init", "-q")
    git(found.root, "add", "-A")
    git(found.root, "-c", f"user.email={AUTHOR}", "commit", "-qm", "All")
    ran = found.build()
    assert ran.code == 0, ran.output
    for client, key in KEYS.items():
        path = found.root / "projects" / client / "client.yml"
        token = TOKENS.get(client) or NEIGHBOURS[client][1]
        path.write_text(path.read_text("utf-8").replace(token, f"{token}#{key}"), "utf-8")
    return found


@pytest.fixture(scope="module")
def built(town: Workspace) -> Built:
    """One client's folder of it."""
    opened = open_workspace(town.root / "mkdocs.yml")
    day = datetime.date.fromisoformat(TODAY)
    return Built(
        town.site / "c" / TOKENS[OTTER],
        Inspector(look_out(opened, MACHINE, {"kestrel-lowe": WORDS})),
        own_of_owner(opened, OTTER, day),
    )


@pytest.fixture
def folder(built: Built, tmp_path: Path) -> Path:
    """A copy of the folder, to plant something in."""
    return shutil.copytree(built.folder, tmp_path / "copy")


def _form_id(given: object) -> str:
    if isinstance(given, dict):
        return "-".join(
            str(given.get(key)) for key in ("as", "file", "named", "put") if key in given
        )[:60]
    return str(given)


def test_what_was_built_has_no_leak(built: Built) -> None:
    """The folder in which leaks are planted is clean before."""
    assert built.inspect(built.folder) == ()
    assert (built.folder / PAGE).is_file()


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=_form_id)
def test_each_planted_leak_is_found(
    built: Built, folder: Path, rule: str, form: dict[str, Any]
) -> None:
    """A leak of every kind is found in every form, under its rule, and no secret is repeated."""
    plant(folder, form)
    found = built.inspect(folder)
    assert rule in {problem.rule for problem in found}
    for problem in found:
        assert problem.client == OTTER
        assert problem.path.startswith("c/\u2026")
        said = f"{problem.path} {problem.message} {problem.hint}"
        assert not [secret for secret in SECRET if secret.casefold() in said.casefold()]


def test_the_table_is_complete() -> None:
    """Each rule of an error has leaks in the table, of all wrappings and kinds of files."""
    assert set(TABLE) == {rule.value for rule in Rule}
    assert len(FORMS) > 120
    listed = [form.get("as", []) for _, form in FORMS]
    used = {way for ways in listed for way in ([ways] if isinstance(ways, str) else ways)}
    assert set(WAYS) <= used
    assert {form["file"] for _, form in FORMS if "file" in form} == set(FILES)


def _parties(clients: range) -> tuple[Party, ...]:
    return tuple(
        Party(
            id=f"harbour-physio-{number}",
            name=f"Harbour Physio{number} Ltd",
            tokens=(f"{number:026}",),
            domains=(f"physio-{number}.example",),
        )
        for number in clients
    )


def test_a_client_more_takes_little_memory() -> None:
    """The audit must know all clients: two kilobytes of each, no more."""
    clients, most = 1000, 2000
    assert Inspector(Sought(parties=_parties(range(1)))).index.finds(b"physio0")  # all is loaded
    tracemalloc.start()
    look = Inspector(Sought(parties=_parties(range(clients))))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert look.index.finds(b"physio999")
    assert taken / clients < most


def test_what_the_quick_look_remembers_has_an_end() -> None:
    """What stands on all pages is learned again, however many were looked at before."""
    known = Known()
    for number in range(5 * MAX_KNOWN):
        known.meet({b"line %d" % number, b"on all pages"}, lambda line: not line)
        known.has_runs(b"run%d" % number)
    assert known.lines == {b"on all pages"}
    with_all = sum(len(getattr(known, name)) for name in ("_met", "_runs", "_judged", "_tags"))
    assert with_all < 3 * MAX_KNOWN
