"""What was not changed is not built again, and nobody can tell from the pages."""

from __future__ import annotations

import datetime
import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import cache
from site_builder.errors import Problem, Severity
from tests.workspace import (
    DONE,
    HERON,
    OTTER,
    PINE,
    PLANNED,
    TODAY,
    TOKENS,
    Workspace,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace import Ran

MANIFEST = ".cache/build.json"
UP_TO_DATE = "site is up to date: nothing has changed since the last build.\n"
OPENING = "shop/milestones/02-open.md"
OFFERING = """\
title: A shop on the web
for: Bakeries that want to sell on the web
promise: Your shop is open
milestones:
  - {id: open, label: The shop is open, day: 20, matters: Guests order from home.}
"""


def clean(workspace: Workspace, name: str, *arguments: str, today: str = TODAY) -> dict[str, bytes]:
    """Build everything anew into another folder, and read it."""
    workspace.build("--no-cache", "-d", name, *arguments, today=today)
    return tree(workspace.root / name)


def stamps(folder: Path) -> dict[str, int]:
    """Tell when each file was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


# --- What is built again -------------------------------------------------------------------------


def test_an_unchanged_client_is_not_built_again(workspace: Workspace) -> None:
    """Its files stay as they are on the disk, and the command says so."""
    workspace.build()
    before = {client: stamps(workspace.client_dir(client)) for client in (OTTER, PINE)}
    workspace.edit(f"projects/{OTTER}/{OPENING}", "Readers order", "All readers order")
    ran = workspace.build()
    assert ran.output == "1 of 2 clients built into site, 1 unchanged.\n"
    assert stamps(workspace.client_dir(PINE)) == before[PINE]
    assert stamps(workspace.client_dir(OTTER)) != before[OTTER]
    assert "All readers order" in workspace.page(OTTER)


AT_PINE = f"projects/{PINE}"
PAGES_OF_PINE = f"site/c/{TOKENS[PINE]}"
Change = tuple[str, ...]
CHANGES: dict[str, list[Change]] = {
    "a word": [("edit", f"{AT_PINE}/{OPENING}", "Readers", "Guests")],
    "a name": [("edit", f"{AT_PINE}/client.yml", "Pine", "Oak")],
    "a step more": [
        ("edit", f"{AT_PINE}/{OPENING}", "from home.", "from home.\n## What comes next\nA review."),
        ("write", f"{AT_PINE}/shop/milestones/03-review.md", PLANNED),
    ],
    "a step less": [("remove", f"{AT_PINE}/shop/milestones/01-goals-agreed.md")],
    "the name of a file": [
        ("write", f"{AT_PINE}/shop/milestones/02-launch.md", PLANNED),
        ("remove", f"{AT_PINE}/{OPENING}"),
    ],
    "an update": [("write", f"{AT_PINE}/shop/updates/2026-03-01-till.md", "The till is here.\n")],
    "the colour": [("edit", "mkdocs.yml", "    name:", '    colour: "#7a1f3d"\n    name:')],
    "a contact": [("edit", "mkdocs.yml", "Maya Lindqvist", "Ines Duarte")],
    "an offering": [
        ("write", "projects/_offerings/shop.yml", OFFERING),
        ("edit", f"{AT_PINE}/shop/project.yml", "starts:", "offering: shop\nstarts:"),
    ],
    "a template": [("write", "theme/logo.html", "<b>Our own</b>\n")],
    "a stylesheet": [("write", "theme/css/more.css", "p{color:red}\n")],
    "a page that somebody changed": [("write", f"{PAGES_OF_PINE}/index.html", "<p>Hello</p>\n")],
    "a page that somebody removed": [("remove", f"{PAGES_OF_PINE}/shop/open/index.html")],
    "a file that somebody added": [("write", f"{PAGES_OF_PINE}/shop/notes.html", "Hello\n")],
    "a neutral page that somebody changed": [("write", "site/404.html", "Hello\n")],
    "a stylesheet that somebody changed": [("write", "site/assets/*/progress.css", "")],
    "the whole site": [("remove", "site")],
    "what is remembered": [("write", MANIFEST, "{}")],
    "all that is remembered": [("remove", ".cache")],
}


def apply(workspace: Workspace, change: Change) -> None:
    """Do one change; `*` in its path stands for the one name that is there."""
    action, path, *rest = change
    if "*" in path:
        (found,) = workspace.root.glob(path)
        path = found.relative_to(workspace.root).as_posix()
    getattr(workspace, action)(path, *rest)


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_whatever_changed_the_pages_are_those_of_a_clean_build(
    workspace: Workspace, changes: list[Change]
) -> None:
    """Every way in which a page may become another one is seen."""
    workspace.build()
    for change in changes:
        apply(workspace, change)
    assert workspace.build().code == 0
    assert tree(workspace.site) == clean(workspace, "clean")


@pytest.mark.parametrize("options", [("--strict",), ("--jobs", "2"), ("-f", "mkdocs.yml")])
def test_options_give_the_same_pages(workspace: Workspace, options: tuple[str, ...]) -> None:
    """Only the problems may be told otherwise."""
    workspace.build()
    assert workspace.build(*options).code == 0
    assert tree(workspace.site) == clean(workspace, "clean")


def test_another_day_is_another_page(workspace: Workspace) -> None:
    """What is late or near depends on the day, and the page's data says it."""
    workspace.build()
    ran = workspace.build(today="2026-05-01")
    assert "2 of 2 clients built" in ran.output
    assert tree(workspace.site) == clean(workspace, "clean", today="2026-05-01")


def test_a_closed_page_is_built_once_for_all_days(workspace: Workspace) -> None:
    """Nothing on it depends on the day, but on an earlier one it is open again."""
    workspace.edit(f"projects/{PINE}/client.yml", "links:", "ends: 2026-03-01\nlinks:")
    workspace.build()
    assert "1 unchanged" in workspace.build(today="2027-01-01").output
    assert tree(workspace.site) == clean(workspace, "clean", today="2027-01-01")
    assert "2 of 2 clients built" in workspace.build(today="2026-02-28").output
    assert "Open" in workspace.page(PINE)


def test_warnings_are_told_again(workspace: Workspace) -> None:
    """A client that is not built again has still something to mend."""
    workspace.write(f"projects/{PINE}/notes.txt", "Call them.\n")
    first, second = workspace.build(), workspace.build()
    assert UP_TO_DATE in second.output
    assert "notes.txt" in second.output
    assert second.output.splitlines()[:-1] == first.output.splitlines()[:-1]
    assert workspace.build("--strict").code == 3, "a warning is an error now"


def test_a_client_with_mistakes_is_read_again_each_time(workspace: Workspace) -> None:
    """It is told until it is mended, and the page stays."""
    workspace.build()
    before = workspace.pages(PINE)
    workspace.edit(f"projects/{PINE}/{OPENING}", "2026-04-24", "friday")
    outputs = [workspace.build() for _ in range(2)]
    assert [ran.code for ran in outputs] == [3, 3]
    assert all("'friday' is not a date" in ran.output for ran in outputs)
    assert workspace.pages(PINE) == before
    workspace.edit(f"projects/{PINE}/{OPENING}", "friday", "2026-04-24")
    assert workspace.build().output == UP_TO_DATE


def test_a_link_that_another_client_copied_is_seen(workspace: Workspace) -> None:
    """The owner's own files have not changed, and yet the link is shared now."""
    workspace.build()
    workspace.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], TOKENS[OTTER])
    ran = workspace.build()
    assert ran.code == 3
    assert ran.output.count("[shared-link]") == 2


def test_one_manifest_serves_several_sites(workspace: Workspace) -> None:
    """A copy of the site, as CI restores it, has other times and the same content."""
    workspace.build()
    shutil.copytree(workspace.site, workspace.root / "restored")
    ran = workspace.build("-d", "restored")
    assert ran.output == UP_TO_DATE.replace("site", "restored")


def test_a_cache_that_cannot_be_written_harms_nothing(workspace: Workspace) -> None:
    """It only takes longer."""
    workspace.write(".cache", "not a folder")
    assert [workspace.build().code for _ in range(2)] == [0, 0]


def test_no_link_stands_in_what_is_remembered(workspace: Workspace) -> None:
    """CI keeps it between its jobs."""
    workspace.build()
    text = (workspace.root / MANIFEST).read_text("utf-8")
    assert OTTER in text
    assert not any(token in text for token in TOKENS.values())


# --- What is remembered --------------------------------------------------------------------------

PROBLEM = Problem(path="a.md", rule="date", message="no", severity=Severity.WARNING, client="a")
NOTE = replace(PROBLEM, rule="day-off", severity=Severity.NOTE)
ENTRY = cache.Entry(
    key="k", first_day=TODAY, last_day=TODAY, content="c", stamps="s", problems=(PROBLEM, NOTE)
)
TEXT = cache.Manifest({"a": ENTRY}).text()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Problems are problems again."""
    path = tmp_path / "build.json"
    path.write_text(TEXT, "utf-8")
    assert cache.load_manifest(path).entries == {"a": ENTRY}


@given(at=st.integers(0, len(TEXT) - 1), what=st.integers(1, 255), cut=st.booleans())
def test_damage_is_a_miss(
    tmp_path_factory: pytest.TempPathFactory, at: int, what: int, *, cut: bool
) -> None:
    """One wrong byte anywhere, or a torn end, and nothing is believed."""
    data = bytearray(TEXT.encode())
    if cut:
        del data[at:]
    else:
        data[at] ^= what
    path = tmp_path_factory.mktemp("manifest") / "build.json"
    path.write_bytes(data)
    assert cache.load_manifest(path).entries == {}


def test_nothing_is_remembered_where_there_is_no_file(tmp_path: Path) -> None:
    """A first build, a folder in its place, or no manifest at all."""
    assert cache.load_manifest(tmp_path / "none").entries == {}
    assert cache.load_manifest(tmp_path).entries == {}
    assert cache.load_manifest(None).entries == {}


# --- Editing at random ---------------------------------------------------------------------------

CLIENTS = (OTTER, PINE, HERON)
EDITS = 50
WORDS = "the till counter window rows oven early readers order from home each day".split()


class Editor:
    """Edits a workspace as people and accidents do; the same way for the same seed."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self.workspace = workspace
        self.chance = random.Random(seed)  # noqa: S311 - the same edits every time
        self.day = datetime.date.fromisoformat(TODAY)
        for client in CLIENTS:
            path = f"projects/{client}/shop/milestones/01-goals-agreed.md"
            self.workspace.write(path, f"{DONE}## What comes next\nWe open the shop.\n")

    @property
    def client(self) -> str:
        """Choose a client that is there."""
        found = sorted(path.name for path in (self.workspace.root / "projects").glob("[a-z]*"))
        return self.chance.choice(found)

    def sentence(self) -> str:
        """Say something."""
        return " ".join(self.chance.choices(WORDS, k=8)).capitalize() + "."

    def write_step(self) -> None:
        """Write a step, new or not, right or wrong, published or not."""
        number, name = self.chance.choice([(2, "open"), (3, "review"), (4, "party")])
        due = self.chance.choice(["2026-04-24", "2026-03-20"] * 5 + ["soon"])
        keys = ["", "", "", "draft: true\n", "publish_on: 2026-03-10\n"] * 3 + ["colour: red\n"]
        key = self.chance.choice(keys)
        text = f"---\nlabel: {self.sentence()[:20]}\ndue: {due}\n{key}---\n## Why it matters\n{self.sentence()}\n## What comes next\n{self.sentence()}\n"
        self.workspace.write(f"projects/{self.client}/shop/milestones/0{number}-{name}.md", text)

    def remove_step(self) -> None:
        """Take a step away, if there is one."""
        steps = sorted(self.workspace.root.glob("projects/*/shop/milestones/0[234]*.md"))
        if steps:
            self.chance.choice(steps).unlink()

    def write_update(self) -> None:
        """Write an update, some with a picture."""
        day = self.day - datetime.timedelta(self.chance.randrange(-3, 30))
        client = self.client
        has_picture = (self.workspace.root / f"projects/{client}/shop/files/till.png").exists()
        picture = "![Our till](files/till.png)" if has_picture else ""
        text = f"{self.sentence()}\n\n{picture}\n"
        self.workspace.write(f"projects/{client}/shop/updates/{day}-news.md", text)

    def write_picture(self) -> None:
        """Show the picture that some updates name, in one of two versions."""
        from PIL import Image

        folder = self.workspace.root / f"projects/{self.client}/shop/files"
        folder.mkdir(exist_ok=True)
        colour = self.chance.choice(["red", "blue"])
        Image.new("RGB", (40, 30), colour).save(folder / "till.png")

    def write_client(self) -> None:
        """Give a client another link, an end, or the link of another client."""
        client = self.client
        fresh = "".join(self.chance.choices("abcdefgh2345", k=26))
        token = self.chance.choice([TOKENS[client]] * 4 + [fresh] * 2 + [TOKENS[OTTER]])
        ends = self.chance.choice(["", "", f"ends: {self.day}\n", "ends: 2026-03-30\n"])
        text = f"name: {self.sentence()[:12]}\n{ends}links:\n  everyone: {token}\n"
        self.workspace.write(f"projects/{client}/client.yml", text)

    def add_or_remove_client(self) -> None:
        """Begin with a client, or part."""
        client = self.chance.choice(CLIENTS)
        folder = self.workspace.root / "projects" / client
        if folder.exists() and len(list(folder.parent.iterdir())) > 1:
            shutil.rmtree(folder)
        else:
            self.workspace.add_client(client)

    def change_theme(self) -> None:
        """Add, change or remove a file of the agency's own theme."""
        name = self.chance.choice(["css/more.css", "logo.html", "shell.html"])
        path = self.workspace.root / "theme" / name
        if path.exists():
            path.unlink()
        else:
            template, sheet = "<p>{}</p>\n", 'p::after {{ content: "{}" }}\n'
            text = sheet if name.endswith(".css") else template
            self.workspace.write(f"theme/{name}", text.format(self.sentence()))

    def change_settings(self) -> None:
        """Choose another colour."""
        path = self.workspace.root / "mkdocs.yml"
        text = path.read_text("utf-8").split("    colour:")[0]
        path.write_text(f'{text}    colour: "#{self.chance.randrange(1 << 24):06x}"\n', "utf-8")

    def go_on(self) -> None:
        """Let days pass, or look back."""
        self.day += datetime.timedelta(self.chance.choice([-1, 1, 1, 7]))

    def meddle(self) -> None:
        """Change, remove or add a file of a client, in both sites alike."""
        pages = sorted(self.workspace.root.glob("one/c/*/**/*.html"))
        if not pages:
            return
        path, word = self.chance.choice(pages), self.sentence()
        kind = self.chance.choice(["change", "remove", "add"])
        for site in ("one", "other"):
            at = self.workspace.root / site / path.relative_to(self.workspace.root / "one")
            if kind == "add":
                at.with_name("added.txt").write_text(word, "utf-8")
            elif kind == "change":
                at.write_text(word, "utf-8")
            else:
                at.unlink()

    def damage_cache(self) -> None:
        """Lose what is remembered, or some of it."""
        path = self.workspace.root / MANIFEST
        if path.exists():
            data = path.read_bytes()
            path.write_bytes(data[: self.chance.randrange(len(data))])

    def edit(self) -> None:
        """Do one of these; everyday edits more often."""
        everyday = [self.write_step] * 6 + [self.write_update] * 3 + [self.remove_step] * 2
        rare = [
            self.write_picture, self.write_client, self.add_or_remove_client, self.change_theme,
            self.change_settings, self.go_on, self.meddle, self.damage_cache,
        ]  # fmt: skip
        self.chance.choice([*everyday, *rare])()

    def build(self, site: str, *arguments: str) -> Ran:
        """Build the state that the workspace is in."""
        return self.workspace.build("-d", site, "--jobs", "1", *arguments, today=str(self.day))


@pytest.mark.parametrize("seed", range(10))
def test_after_any_edits_the_pages_are_those_of_a_build_without_a_cache(
    tmp_path: Path, seed: int
) -> None:
    """Ten times fifty edits: after each, the same bytes, the same problems, the same exit code.

    A client with mistakes keeps its page, so both sites have lived through all edits; where no
    client has a mistake, a site that has lived through none is the same, too.
    """
    editor = Editor(small_workspace(tmp_path / "agency", *CLIENTS), seed)
    root = editor.workspace.root
    spared = 0
    for number in range(EDITS):
        editor.edit()
        ran, other = editor.build("one"), editor.build("other", "--no-cache")
        spared += "unchanged" in ran.output or "up to date" in ran.output
        assert ran.code == other.code, ran.output
        assert ran.output.splitlines()[:-1] == other.output.splitlines()[:-1]
        assert tree(root / "one") == tree(root / "other"), f"edit {number}"
    assert spared > EDITS / 3, "most edits concern one client"
    if ran.code == 0:
        editor.build("fresh", "--no-cache")
        assert tree(root / "one") == tree(root / "fresh")
