"""Edit a workspace as people, accidents and clocks do, and build it with and without a cache."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.workspace import (
    DONE,
    HERON,
    OTTER,
    PINE,
    TODAY,
    TOKENS,
    Ran,
    small_workspace,
    tree,
)

CLIENTS = (OTTER, PINE, HERON)
WORDS = "the till counter window rows oven early readers order from home each day".split()
SITES = ("one", "other")
OPENING = "shop/milestones/02-open.md"
YEARS = (1970, 1979, 2025, 2099)
"""Before computers, before zip files, before all of this, and after."""
STEPS = 12

clients = st.sampled_from(CLIENTS)
sentences = st.lists(st.sampled_from(WORDS), min_size=4, max_size=8).map(
    lambda words: " ".join(words).capitalize() + "."
)


class Edits(RuleBasedStateMachine):
    """One sequence of edits, and what `look` compares now and then."""

    told: ClassVar[Counter[str]] = Counter()
    """How often there was what."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.day = datetime.date.fromisoformat(TODAY)
        self.told["sequences"] += 1

    @initialize(count=st.integers(1, 3))
    def begin(self, count: int) -> None:
        """Begin with some clients, each of them well, and their pages."""
        self.workspace = small_workspace(self.folder / "agency", *CLIENTS[:count])
        for client in CLIENTS[:count]:
            path = f"projects/{client}/shop/milestones/01-goals-agreed.md"
            self.workspace.write(path, f"{DONE}## What comes next\nWe open the shop.\n")
        self.root = self.workspace.root
        self.prepare()
        self.look()

    def prepare(self) -> None:
        """Make the workspace ready for what comes."""

    @rule()
    def look(self) -> None:
        """Compare what is made with what is remembered, and without it."""
        raise NotImplementedError

    def teardown(self) -> None:
        """Look once more, and leave nothing."""
        try:
            if hasattr(self, "root"):
                self.look()
                self.end()
        finally:
            shutil.rmtree(self.folder)

    def end(self) -> None:
        """Look at what is only worth it once."""

    def has(self, client: str) -> bool:
        """Tell whether a client is there."""
        return (self.root / "projects" / client / "shop").is_dir()

    # --- What people do ---

    @rule(
        client=clients,
        step=st.sampled_from(["02-open", "03-review", "04-party"]),
        due=st.sampled_from(["2026-04-24", "2026-03-20"] * 5 + ["soon"]),
        key=st.sampled_from(
            ["", "", "", "draft: true\n", "publish_on: 2026-03-10\n"] * 3 + ["colour: red\n"]
        ),
        words=sentences,
    )
    def write_step(self, client: str, step: str, due: str, key: str, words: str) -> None:
        """Write a step, new or not, right or wrong, published or not."""
        if self.has(client):
            self.workspace.write(
                f"projects/{client}/shop/milestones/{step}.md",
                f"---\nlabel: {words[:20].strip()}\ndue: {due}\n{key}---\n## Why it matters\n{words}\n"
                f"## What comes next\n{words}\n",
            )

    @rule(which=st.integers(0, 5))
    def remove_step(self, which: int) -> None:
        """Take a step away, if there is one."""
        steps = sorted(self.root.glob("projects/*/shop/milestones/0[234]*.md"))
        if steps:
            steps[which % len(steps)].unlink()

    @rule(client=clients, ago=st.integers(-3, 30), words=sentences)
    def write_update(self, client: str, ago: int, words: str) -> None:
        """Write an update, with a picture where there is one."""
        if self.has(client):
            has_picture = (self.root / f"projects/{client}/shop/files/till.png").exists()
            picture = "![Our till](files/till.png)\n" if has_picture else ""
            day = self.day - datetime.timedelta(ago)
            path = f"projects/{client}/shop/updates/{day}-news.md"
            self.workspace.write(path, f"{words}\n\n{picture}")

    @rule(client=clients, colour=st.sampled_from(["red", "blue"]))
    def write_picture(self, client: str, colour: str) -> None:
        """Show the picture that some updates name, in one of two versions."""
        from PIL import Image

        if self.has(client):
            folder = self.root / f"projects/{client}/shop/files"
            folder.mkdir(exist_ok=True)
            Image.new("RGB", (40, 30), colour).save(folder / "till.png")

    @rule(
        client=clients,
        words=sentences,
        token=st.sampled_from(["own", "own", "own", "fresh", "fresher", "otter's"]),
        ends=st.sampled_from(["", "", "ends: 2026-03-02\n", "ends: 2026-03-30\n"]),
        protection=st.sampled_from(["", "", "sealed"]),
    )
    def write_client(self, client: str, words: str, token: str, ends: str, protection: str) -> None:
        """Give a client another link, an end, a seal, or the link of another client."""
        if not self.has(client):
            return
        tokens = {"own": TOKENS[client], "otter's": TOKENS[OTTER]}
        link = tokens.get(token, f"{token}{client}".replace("-", "").ljust(26, "a")[:26])
        if protection:
            link = f"{{token: {link}, key: {link * 2}}}"
            ends += f"protection: {protection}\n"
        text = f"name: {words[:12].strip()}\n{ends}links:\n  everyone: {link}\n"
        self.workspace.write(f"projects/{client}/client.yml", text)

    @rule(client=clients)
    def add_or_remove_client(self, client: str) -> None:
        """Begin with a client, or part."""
        folder = self.root / "projects" / client
        if not folder.exists():
            self.workspace.add_client(client)
        elif len(list(folder.parent.iterdir())) > 1:
            shutil.rmtree(folder)

    @rule(name=st.sampled_from(["css/more.css", "logo.html", "shell.html"]), words=sentences)
    def change_theme(self, name: str, words: str) -> None:
        """Add, or remove, a file of the agency's own theme."""
        path = self.root / "theme" / name
        if path.exists():
            path.unlink()
        elif name.endswith(".css"):
            self.workspace.write(f"theme/{name}", f'p::after {{ content: "{words}" }}\n')
        else:
            self.workspace.write(f"theme/{name}", f"<p>{words}</p>\n")

    @rule(colour=st.sampled_from(["0b5a6b", "aa3366", "334455"]))
    def change_settings(self, colour: str) -> None:
        """Choose another colour."""
        path = self.root / "mkdocs.yml"
        text = path.read_text("utf-8").split("    colour:")[0]
        path.write_text(f'{text}    colour: "#{colour}"\n', "utf-8")

    # --- What happens ---

    @rule(days=st.sampled_from([-9000, -1, 1, 1, 7, 9000]))
    def go_on(self, days: int) -> None:
        """Let days pass, or years, or look back."""
        day = self.day + datetime.timedelta(days)
        if 1990 < day.year < 2080:
            self.day = day

    @rule(client=clients)
    def edit_unseen(self, client: str) -> None:
        """Change one letter of a text, and set the file's time back, as some copies do."""
        path = self.root / "projects" / client / OPENING
        if path.exists():
            was = path.stat()
            path.write_bytes(path.read_bytes().swapcase())
            path.write_bytes(path.read_bytes().swapcase().replace(b"home", b"bank"))
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))

    @rule(year=st.sampled_from(YEARS))
    def set_clock(self, year: int) -> None:
        """Let everything be written at another time, the same for all files."""
        moment = datetime.datetime(year, 1, 1, 12, tzinfo=datetime.UTC).timestamp()
        for parent, folders, names in os.walk(self.root):
            for name in (*folders, *names):
                os.utime(Path(parent, name), (moment, moment))

    @rule(at=st.integers(0, 5000), cut=st.booleans())
    def damage_cache(self, at: int, *, cut: bool) -> None:
        """Lose a part of what is remembered, or have one byte of it changed."""
        files = sorted(path for path in self.root.glob(".cache/**/*") if path.is_file())
        if files:
            path = files[at % len(files)]
            data = path.read_bytes() or b"\0"
            at %= len(data)
            rest = b"" if cut else bytes([data[at] ^ 1]) + data[at + 1 :]
            path.write_bytes(data[:at] + rest)

    @rule()
    def keep_cache(self) -> None:
        """Let the CI keep what is remembered now."""
        shutil.rmtree(self.folder / "kept", ignore_errors=True)
        if (self.root / ".cache").exists():
            shutil.copytree(self.root / ".cache", self.folder / "kept")

    @rule()
    def restore_cache(self) -> None:
        """Bring back what was remembered once, by another branch or last week."""
        if (self.folder / "kept").exists():
            shutil.rmtree(self.root / ".cache", ignore_errors=True)
            shutil.copytree(self.folder / "kept", self.root / ".cache")


class Builds(Edits):
    """Two sites that live through the same edits; one of them is built without a cache."""

    @rule(
        which=st.integers(0, 20),
        what=st.sampled_from(["change", "swap", "remove", "add"]),
        words=sentences,
    )
    def meddle(self, which: int, what: str, words: str) -> None:
        """Change, remove or add a file of a client, in both sites alike."""
        pages = sorted(self.root.glob("one/c/*/**/*.html"))
        if not pages:
            return
        way = pages[which % len(pages)].relative_to(self.root / "one")
        for site in SITES:
            path = self.root / site / way
            if what == "add":
                path.with_name("added.txt").write_text(words, "utf-8")
            elif what == "change":
                path.write_text(words, "utf-8")
            elif what == "swap":  # as many bytes as before, and the same time
                was = path.stat()
                path.write_bytes(path.read_bytes().swapcase())
                os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
            else:
                path.unlink()

    def build(self, site: str, *arguments: str) -> Ran:
        """Build the state that the workspace is in."""
        return self.workspace.build("-d", site, "--jobs", "1", *arguments, today=str(self.day))

    @rule()
    def look(self) -> None:
        """Build with and without what is remembered: the same bytes, problems and exit code."""
        ran, other = self.build("one"), self.build("other", "--no-cache")
        self.told["builds"] += 1
        self.told["spared"] += "unchanged" in ran.output or "up to date" in ran.output
        assert ran.code in {0, 1, 3}, ran.output
        assert ran.code == other.code, f"{ran.output}\n{other.output}"
        assert ran.output.splitlines()[:-1] == other.output.splitlines()[:-1]
        one, two = (tree(self.root / site) for site in SITES)
        assert one == two, sorted(way for way, _ in one.items() ^ two.items())
        self.is_well = ran.code == 0

    def end(self) -> None:
        """Where no client has a mistake, a site without a past is the same."""
        if self.is_well:
            self.build("fresh", "--no-cache")
            assert tree(self.root / "one") == tree(self.root / "fresh")
            self.told["clean"] += 1


def edit(machine: type[Edits], sequences: int, part: int) -> dict[str, int]:
    """Try so many sequences of edits, the same for the same part; return what was done."""
    # Hypothesis takes its chances from the name of what it tries.
    told: Counter[str] = Counter()
    named = type(f"{machine.__name__}{part}", (machine,), {"told": told})
    run_state_machine_as_test(
        named,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            # The steps are few, and to make them fewer would take minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return dict(told)
