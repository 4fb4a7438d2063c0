"""Clients whose names are words of daily use: no false alarm, and real mentions are found."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING

import pytest

from site_builder.audit import Inspector, names
from site_builder.lookout import look_out, own_of_owner
from site_builder.workspace import open_workspace
from tests.workspace import AGENCY, TODAY, Workspace

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = 300
WHOLE = (
    "Harbour", "Spring", "The Garden", "Launch", "North", "Open Door", "Good Start", "Home", "March", "First Step",
    "The Mill", "Open House", "Next Chapter", "Bright Side", "New Page", "Clear View", "Friday", "Progress", "Road",
    "Everyone", "Plan", "The Studio", "Fresh Bread", "Green Light", "Step by Step", "Summer", "Review", "Page", "Update",
    "The Library", "Market Day",
)  # fmt: skip
FIRST = (
    "Harbour", "Garden", "Spring", "Green", "Silver", "Stone", "River", "Market", "Bridge", "Golden", "Forest", "Summer",
    "Light", "Open", "Blue", "North", "Apple", "Mill",
)  # fmt: skip
SECOND = (
    "House", "Studio", "School", "Kitchen", "Works", "Books", "Lane", "Care", "Garden", "Room", "Press", "Theatre",
    "Hotel", "Clinic", "Bakery",
)  # fmt: skip
SENTENCES = (
    "The harbour is on the first page now.", "Harbour views fill the first screen.",
    "In spring the garden opens, and the page says so.", "Spring brings new visitors.", "Launch stays on 24 April.",
    "Your launch date holds.", "Visitors from the north find you.", "North of the river people look for you.",
    "The open door on your photo says welcome.", "Open door days are on the page.", "A good start for your team.",
    "Good start: the first texts are in.", "The garden has a page of its own.", "Home is where your visitors begin.",
    "In March the next chapter begins.", "On Friday you see the new page.", "First step: we agree on the words.",
    "Fresh bread is on sale from six.", "Green light for the new look.", "Step by step the road gets shorter.",
    "Next chapter: the shop.", "Bright side up, says the new slogan.", "Clear view of all the prices.",
    "Progress is what you see here.", "Everyone can read the plan.", "The mill is on the map.",
    "The Open House on Sunday has a page.", "Your Summer Garden Party has a page.", "See you at the Harbour House Hotel on Friday.",
    "Books for the school are listed.", "The studio sends you the page.", "The kitchen works again.",
    "- Market days\n- Garden care\n- Bridge works", "**Market** and **garden** are two pages.",
    "People come to your Open House in the Market Hall.", "“Spring is here” is the first line.", "Visit us this Summer or next Spring.", "We open in Spring.",
)  # fmt: skip
"""Ordinary sentences: at their beginning, in lists, in titles, in the middle."""
STEP = """\
---
label: {label}
due: 2026-02-{day:02}
done: 2026-02-{day:02}
---
## What just happened
{happened}

## Why it matters
{matters}

## What comes next
On Friday Maya sends you the new page.
"""
LABELS = (
    "Spring pages are live",
    "The garden is online",
    "Harbour photos chosen",
    "Launch day agreed",
    "Home page open",
)


def all_names() -> list[str]:
    """Make the names of all clients."""
    pairs = (f"{first} {second}" for first, second in itertools.product(FIRST, SECOND))
    found = [*WHOLE, *(pair for pair in pairs if len(set(pair.split())) > 1)]
    assert len(found) >= CLIENTS
    return found[:CLIENTS]


def token_of(number: int) -> str:
    """Make a private link."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(letters[(number // 32**place + place * 7) % 32] for place in range(26))


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The clients, built once."""
    found = Workspace(tmp_path_factory.mktemp("crowd") / "agency")
    found.write("mkdocs.yml", AGENCY)
    said = itertools.cycle(SENTENCES)
    for number, name in enumerate(all_names()):
        folder = f"projects/{name.lower().replace(' ', '-')}"
        found.write(
            f"{folder}/client.yml", f"name: {name}\nlinks: {{everyone: {token_of(number)}}}\n"
        )
        finish = ("Launch", "Opening", "Spring")[number % 3]
        found.write(
            f"{folder}/garden/project.yml",
            f"title: {LABELS[number % len(LABELS)]}\nfinish: {finish}\nstarts: 2026-01-05\n"
            "updates: {every: month, on: 15}\noutcomes: {sales: Visitors find the harbour and the garden}\n",
        )
        for step in (1, 2):
            happened, matters = ("\n\n".join(itertools.islice(said, 4)) for _ in range(2))
            found.write(
                f"{folder}/garden/milestones/0{step}-{('spring', 'launch')[step - 1]}.md",
                STEP.format(
                    label=LABELS[(number + step) % len(LABELS)],
                    day=step * 9,
                    happened=happened,
                    matters=matters,
                ),
            )
    return found


def test_ordinary_words_are_no_alarm(crowd: Workspace) -> None:
    """300 clients are built whose names are words of daily use, and whose texts use such words."""
    ran = crowd.build()
    assert "[other-" not in ran.output
    assert f"{CLIENTS} of {CLIENTS} clients built" in ran.output
    assert ran.code == 0
    audited = crowd.run("audit", "--today", TODAY)
    assert audited.output == "No leaks.\n"


MENTIONS = {
    "Harbour": (
        "We showed this to Harbour last week.",
        "It is built like the shop that Harbour has.",
    ),
    "Open Door": ("We showed this to Open Door last week.", "Open Door asked for the same."),
    "The Garden": ("We built it for The Garden before.", "The Garden has the same button."),
    "Silver Works": ("The idea comes from Silver Works.", "Silver Works’ team uses it, too."),
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in MENTIONS.items() for text in texts]
)
def test_a_real_mention_is_found(crowd: Workspace, tmp_path: Path, name: str, text: str) -> None:
    """A name that is written as a name, where no sentence asks for a capital, is a finding."""
    opened = open_workspace(crowd.root / "mkdocs.yml")
    own = own_of_owner(opened, "mill-works", datetime.date.fromisoformat(TODAY))
    (tmp_path / "index.html").write_text(f"<h1>Pages</h1><p>{text}</p>", "utf-8")
    found = Inspector(look_out(opened)).inspect(tmp_path, own, "c")
    assert f"the name of another client, {name.lower().replace(' ', '-')}," in "".join(
        problem.message for problem in found if problem.rule == "other-client"
    )


def test_mentions_may_stand(crowd: Workspace, tmp_path: Path) -> None:
    """What client.yml names under mentions is no finding; other names still are."""
    opened = open_workspace(crowd.root / "mkdocs.yml")
    own = own_of_owner(opened, "mill-works", datetime.date.fromisoformat(TODAY))
    text = "We showed this to Open Door and to Silver Works."
    (tmp_path / "index.html").write_text(f"<p>{text}</p>", "utf-8")
    own = type(own)(id=own.id, tokens=own.tokens, phrases=own.phrases | {"Open Door"})
    found = Inspector(look_out(opened)).inspect(tmp_path, own, "c")
    assert [
        problem.message.split(", ")[1] for problem in found if problem.rule == "other-client"
    ] == ["silver-works"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Larkfield Vets Ltd", ["Larkfield", "Vets"]),
        ("Smith & Sons", ["Smith", "Sons"]),
        ("Möbel Meyer GmbH", ["Möbel", "Meyer"]),
        ("Ltd", ["Ltd"]),
    ],
)
def test_legal_forms_are_no_part_of_a_name(name: str, words: list[str]) -> None:
    """People leave out the Ltd: it need not stand there."""
    assert names.words_of(name) == words
