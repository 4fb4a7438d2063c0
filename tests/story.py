"""A project told commit by commit: a real repository, and by hand what each commit changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests import repository
from tests.workspace import TOKENS, Workspace

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = "otter-books"
HOME = f"projects/{CLIENT}"
SHOP = f"{HOME}/shop"
BASE = "https://progress.northlight.example"
LINK = f"{BASE}/c/{TOKENS[CLIENT]}/"
AGENCY = f"""\
extra:
  agency:
    name: Northlight Studio
    contact: {{name: Maya Lindqvist, role: your project lead, email: maya@northlight.example}}
    timezone: Europe/London
    base_url: {BASE}
    rhythm: {{gap: 90}}
"""
PROJECT = """\
title: Your new shop
finish: Launch
starts: 2026-01-05
updates: {every: week, on: Monday}
outcomes: {sales: Readers order from home}
scope:
  agreed: 2026-01-05
  items: [A shop for three thousand books]
"""
SECRET = "Nobody may read this sentence"  # noqa: S105 - words that must not come out


def step(
    head: str, happened: str = "", why: str = "Readers order from home.", more: str = ""
) -> str:
    """Write a step's file."""
    text = f"---\n{head.strip()}\ninternal: {SECRET} in a team's note.\n---\n"
    if happened:
        text += f"## What just happened\n{happened}\n\n"
    return f"{text}## Why it matters\n{why}\n{more}"


NEXT = "\n## What comes next\nWe draw the first pages.\n"
GOALS = "label: Goals agreed\nnow: agreeing on your goals\ndue: 2026-01-16\n"
GOALS_ASKED = f"""{GOALS}state: doing
needs:
  - {{ask: Tell us your three goals, asked: 2026-01-12, by: 2026-01-15, takes: about 20 minutes}}
"""
GOALS_HERE = GOALS_ASKED.replace("takes:", "received: 2026-01-14, takes:")
GOALS_DONE = (
    GOALS_HERE.replace("state: doing\n", "done: 2026-01-16\n")
    + "approved: {by: Ida Holm, on: 2026-01-16}\n"
)
LOOK = "label: The look is chosen\ndue: 2026-02-06\n"
LOOK_MOVED = """\
label: The look is chosen
now: choosing the look
state: doing
due: 2026-02-13
moved:
  - {from: 2026-02-06, on: 2026-02-02, why: You wanted to see a third idea., effect: Launch does not change.}
"""
LOOK_DONE = LOOK_MOVED.replace("state: doing\n", "done: 2026-02-13\n")
TEXTS = "label: Texts are written\ndue: 2026-02-27\n"
TEXTS_SKIPPED = (
    "label: Texts are written\ndue: 2026-02-27\n"
    "skipped: {on: 2026-02-24, why: You write them yourselves.}\n"
)
GIFTS = "label: Gift cards\ndue: 2026-03-13\n"
GIFTS_ASKED = """\
label: Gift cards
now: making the gift cards
state: doing
due: 2026-03-13
needs:
  - {ask: Send us the drawing for the gift cards, asked: 2026-03-03, by: 2026-03-09}
  - {ask: Choose the three amounts, asked: 2026-03-03, by: 2026-03-09}
"""
GIFTS_REWORDED = GIFTS_ASKED.replace("Choose the three amounts", "Choose three fixed amounts")
GIFTS_DONE = (
    GIFTS_REWORDED.replace("by: 2026-03-09}", "by: 2026-03-09, received: 2026-03-09}")
    .replace("state: doing\n", "done: 2026-03-10\n")
    .replace("label: Gift cards", "label: Gift cards work")
)
FAQ = "label: Questions answered\ndue: 2026-04-10\n"
LAUNCH = "label: The shop is open\ndue: 2026-04-24\n"
FIRST_MOVE = (
    "  - {from: 2026-04-24, on: 2026-03-02, why: The bank needs two more weeks.,"
    " effect: You open on 8 May.}\n"
)
LAUNCH_MOVED = f"label: The shop is open\ndue: 2026-05-08\nmoved:\n{FIRST_MOVE}"
LAUNCH_AT_RISK = f"{LAUNCH_MOVED}at_risk: {{why: The bank has not answered yet.}}\n"
LAUNCH_AGAIN = f"""\
label: The shop is open
due: 2026-05-22
moved:
{FIRST_MOVE}  - {{from: 2026-05-08, on: 2026-03-13, why: The bank answers in May.}}
"""
PAUSE = "pauses:\n  - {from: 2026-02-16, why: Your winter break.}\n"
PAUSE_OVER = "pauses:\n  - {from: 2026-02-16, to: 2026-02-22, why: Your winter break.}\n"
CAME_IN = (
    "  changes:\n    - {on: 2026-01-27, kind: in, what: Gift cards, why: You asked for them.,"
    " effect: Launch does not change.}\n"
)
WENT_OUT = (
    "    - {on: 2026-02-24, kind: out, what: The texts, why: You write them yourselves.,"
    " effect: Saves a week.}\n"
)
APP = "title: Your app\nstarts: 2026-04-01\n"

S = f"{SHOP}/milestones/"
Files = dict[str, str]
COMMITS: tuple[tuple[str, Files], ...] = (
    (
        "2026-01-05",
        {
            "mkdocs.yml": AGENCY,
            f"{HOME}/client.yml": f"name: Otter Books\nlinks:\n  everyone: {TOKENS[CLIENT]}\n",
            f"{SHOP}/project.yml": PROJECT,
            f"{S}10-goals.md": step(GOALS),
            f"{S}20-look.md": step(LOOK),
            f"{S}30-texts.md": step(TEXTS),
            f"{S}38-faq.md": step(f"{FAQ}draft: true\n", why=f"{SECRET} in a draft."),
            f"{S}40-launch.md": step(LAUNCH),
        },
    ),
    ("2026-01-12", {f"{S}10-goals.md": step(GOALS_ASKED, more=NEXT)}),
    ("2026-01-14", {f"{S}10-goals.md": step(GOALS_HERE, more=NEXT)}),
    ("2026-01-16", {f"{S}10-goals.md": step(GOALS_DONE, "We agreed on three goals.", more=NEXT)}),
    ("2026-01-20", {f"{SHOP}/updates/2026-01-20-ideas.md": "Two ideas are drawn.\n"}),
    (
        "2026-01-27",
        {f"{SHOP}/project.yml": PROJECT + CAME_IN, f"{S}35-gift-cards.md": step(GIFTS)},
    ),
    ("2026-02-02", {f"{S}20-look.md": step(LOOK_MOVED, more=NEXT)}),
    ("2026-02-13", {f"{S}20-look.md": step(LOOK_DONE, "You chose the *green* one.", more=NEXT)}),
    ("2026-02-16", {f"{SHOP}/project.yml": PROJECT + CAME_IN + PAUSE}),
    ("2026-02-23", {f"{SHOP}/project.yml": PROJECT + CAME_IN + PAUSE_OVER}),
    (
        "2026-02-24",
        {
            f"{SHOP}/project.yml": PROJECT + CAME_IN + WENT_OUT + PAUSE_OVER,
            f"{S}30-texts.md": step(TEXTS_SKIPPED),
        },
    ),
    ("2026-03-02", {f"{S}40-launch.md": step(LAUNCH_MOVED)}),
    (
        "2026-03-03",
        {
            f"{S}40-launch.md": step(LAUNCH_AT_RISK),
            f"{S}35-gift-cards.md": step(GIFTS_ASKED, more=NEXT),
        },
    ),
    ("2026-03-05", {f"{S}35-gift-cards.md": step(GIFTS_REWORDED, more=NEXT)}),
    ("2026-03-06", {f"{S}38-faq.md": step(FAQ, why="Readers find answers at once.")}),
    ("2026-03-10", {f"{S}35-gift-cards.md": step(GIFTS_DONE, "Gift cards can be sold.")}),
    ("2026-03-12", {f"{HOME}/app/project.yml": APP}),
    ("2026-03-13", {f"{S}40-launch.md": step(LAUNCH_AGAIN)}),
)
"""The day of each commit, at noon, and the files that it writes."""


LAST = len(COMMITS)


@dataclass(frozen=True, slots=True)
class Told:
    """A change that is seen between two commits: from any before `at` to that one or a later."""

    at: int
    line: str
    old: range = range(LAST)
    """The commits from which it is seen, where it is not from all before."""
    new: range = range(LAST)
    """The commits up to which it is seen, where it is not up to all from `at` on."""

    def is_seen(self, old: int, new: int) -> bool:
        """Tell whether it is a change between two commits."""
        return old < self.at <= new and old in self.old and new in self.new


# By hand. A step that was added and finished since was finished; a pause that began and ended since
# is a pause; however often the end moved, it moved from where it was to where it is; and a request
# is told in its newest words.
TABLE = (
    Told(1, "asked shop/goals 2026-01-12: Tell us your three goals"),
    Told(2, "received shop/goals 2026-01-14: Tell us your three goals"),
    Told(3, "finished shop/goals 2026-01-16"),
    Told(3, "approved shop/goals 2026-01-16"),
    Told(4, "updated shop 2026-01-20: Two ideas are drawn."),
    Told(5, "in shop 2026-01-27: Gift cards"),
    Told(5, "added shop/gift-cards", new=range(5, 15)),
    Told(6, "moved shop/look 2026-02-02: 2026-02-06 > 2026-02-13"),
    Told(7, "finished shop/look 2026-02-13"),
    Told(8, "paused shop 2026-02-16: Your winter break."),
    Told(9, "resumed shop 2026-02-22: Your winter break.", old=range(8, 9)),
    Told(10, "skipped shop/texts 2026-02-24: You write them yourselves."),
    Told(11, "moved shop/launch 2026-03-02: 2026-04-24 > 2026-05-08"),
    Told(11, "end-moved shop/launch 2026-03-02: 2026-04-24 > 2026-05-08", new=range(11, 17)),
    Told(12, "at-risk shop/launch: The bank has not answered yet.", new=range(12, 17)),
    Told(12, "asked shop/gift-cards 2026-03-03: Send us the drawing for the gift cards"),
    Told(12, "asked shop/gift-cards 2026-03-03: Choose the three amounts", new=range(12, 13)),
    Told(12, "asked shop/gift-cards 2026-03-03: Choose three fixed amounts", new=range(13, 18)),
    Told(14, "added shop/faq"),
    Told(15, "finished shop/gift-cards 2026-03-10"),
    Told(15, "received shop/gift-cards 2026-03-09: Send us the drawing for the gift cards"),
    Told(15, "received shop/gift-cards 2026-03-09: Choose three fixed amounts"),
    Told(16, "started app 2026-04-01"),
    Told(17, "moved shop/launch 2026-03-13: 2026-05-08 > 2026-05-22"),
    Told(17, "end-moved shop/launch 2026-03-13: 2026-04-24 > 2026-05-22", old=range(11)),
    Told(17, "end-moved shop/launch 2026-03-13: 2026-05-08 > 2026-05-22", old=range(11, 17)),
)


def git(folder: Path, *words: str, day: str = "2026-03-13", time: str = "12:00:00+0000") -> str:
    """Run git on a day of the story, and return what it says."""
    return repository.git(folder, *words, at=f"{day}T{time}")


@dataclass(frozen=True, slots=True)
class Story:
    """The repository, and its commits in order."""

    workspace: Workspace
    commits: tuple[str, ...]

    @property
    def root(self) -> Path:
        """The folder of the workspace."""
        return self.workspace.root

    def commit(self, day: str, files: Files, time: str = "12:00:00+0000") -> str:
        """Write files and commit them; return the commit."""
        for name, text in files.items():
            self.workspace.write(name, text)
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", "A change", day=day, time=time)
        return git(self.root, "rev-parse", "HEAD")

    def back_to(self, number: int) -> None:
        """Let the files be as they were at a commit, with nothing after it."""
        git(self.root, "reset", "-q", "--hard", self.commits[number])


def tell(root: Path) -> Story:
    """Make the repository with all its commits."""
    root.mkdir(parents=True)
    git(root, "init", "-q", "--initial-branch=main")
    story = Story(Workspace(root), ())
    story.workspace.write(".gitignore", "/site/\n/.cache/\n/announcements/\n")
    return Story(story.workspace, tuple(story.commit(day, files) for day, files in COMMITS))
