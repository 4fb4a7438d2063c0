"""The page of an offering, for people who may buy it: what it says, and whom it may never harm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from site_builder.language import load_language
from site_builder.model.fields import LANGUAGES
from site_builder.model.page import Assets, Page, Prose
from site_builder.model.written import AgencyFile, OfferingFile
from site_builder.pages.prospect import prospect_page
from site_builder.scaffold.offerings import offering_files, packed_offerings
from site_builder.serve.answers import Answers
from site_builder.source.document import parse_document
from tests.make import MAYA
from tests.preview import preview_of
from tests.workspace import CONTACT_EMAIL, NAMES, OTTER, PINE, TOKENS, Workspace

if TYPE_CHECKING:
    from pathlib import Path

SALES, FAIR = "salessalessalessalessalesa", "fairfairfairfairfairfairfa"
OFFERING = "projects/_offerings/shop.yml"
SHOP = f"""\
title: A shop for readers
for: Bookshops with one or two places
promise: Readers order while you sleep
updates: {{every: week, on: Friday}}
links:
  sales: {SALES}
outcomes:
  orders: Readers order at any hour
needs_first:
  - Send us your list of books
  - {{ask: Name one person who decides, takes: about an hour a week.}}
milestones:
  - id: books-chosen
    day: 5
    label: First books chosen
    happened: You choose 40 books.
    matters: You open with what readers ask for.
    next: You see two ideas for your shop.
    internal: Costs us two days.
  - id: photos
    day: 6
    label: Photos taken
    optional: true
    matters: Readers see the book before they buy it.
  - id: open
    day: 23
    label: The shop is open
    matters: Readers order at midnight, too.
"""
ASSETS = Assets(
    folder="assets/0123456789abcdef/",
    brand="brand.css",
    icon="icon.svg",
    touch_icon="icon.png",
    logo="",
    colour_light="0b5a6b",
    colour_dark="7fd0e0",
)
AGENCY = AgencyFile(name="Northlight Studio", contact=MAYA)


def page_of(text: str, language: str = "en") -> Page:
    """Make the page of an offering."""
    written = OfferingFile.model_validate(parse_document(text, "shop.yml").tree)
    return prospect_page(written, AGENCY, load_language(language), ASSETS)


def view_of(text: str, language: str = "en") -> Any:
    """Tell what the page shows."""
    return page_of(text, language).view


@pytest.fixture
def selling(workspace: Workspace) -> Workspace:
    """Two clients, and an offering with a link; Otter Books is an instance of it."""
    workspace.write(OFFERING, SHOP)
    workspace.edit(f"projects/{OTTER}/shop/project.yml", "starts:", "offering: shop\nstarts:")
    return workspace


def prospect(workspace: Workspace, token: str = SALES) -> Path:
    """Find the folder of the page of an offering."""
    return workspace.site / "c" / token


def main_of(workspace: Workspace) -> str:
    """Read the page of the offering, without its head and foot."""
    text = (prospect(workspace) / "index.html").read_text("utf-8")
    return text.partition("<main")[2].partition("</main>")[0]


# --- What it says ---


def test_weeks_stand_in_place_of_dates() -> None:
    """Five working days are a week, and the sixth begins the second; nothing names a date."""
    view = view_of(SHOP)
    assert [step["stop"].when_text for step in view["steps"]] == ["Week 1", "Week 2", "Week 5"]
    assert view["facts"] == ("3 steps", "About 5 weeks")
    assert not re.search(r"20\d\d", str(view))


def test_each_step_answers_what_is_written() -> None:
    """What happens, why it matters, what comes next; a question without an answer is left out."""
    first, photos, _ = view_of(SHOP)["steps"]
    assert first["answers"] == (
        ("What happens", Prose("You choose 40 books.", 0)),
        ("Why it matters", Prose("You open with what readers ask for.", 0)),
        ("What comes next", Prose("You see two ideas for your shop.", 0)),
    )
    assert [heading for heading, _ in photos["answers"]] == ["Why it matters"]
    assert [tag.text for tag in photos["stop"].tags] == ["If you want it"]


@pytest.mark.parametrize(
    ("updates", "words"),
    [
        ("{every: week, on: Friday}", "every week"),
        ("{every: 2 weeks, on: Friday}", "every two weeks"),
        ("{every: month, on: 1}", "every month"),
    ],
)
def test_it_says_how_often_clients_hear(updates: str, words: str) -> None:
    """As the offering's `updates` say it."""
    view = view_of(SHOP.replace("{every: week, on: Friday}", updates))
    assert any(words in panel.text for panel in view["panels"])


def test_without_a_rhythm_it_says_how_we_ask() -> None:
    """Three panels in any case."""
    view = view_of(SHOP.replace("updates: {every: week, on: Friday}\n", ""))
    headings = [panel.heading for panel in view["panels"]]
    assert headings == ["One page, always current", "We ask in good time", "Nothing moves silently"]


def test_a_retainer_goes_on_after_its_first_weeks() -> None:
    """The facts say so."""
    facts = view_of(f"ongoing: true\n{SHOP}")["facts"]
    assert facts == ("3 steps", "About 5 weeks", "After that, month by month")


def test_what_the_client_brings_says_how_long_it_takes() -> None:
    """Where the offering knows it."""
    assert view_of(SHOP)["needs"] == (
        ("Send us your list of books", ""),
        ("Name one person who decides", "Takes about an hour a week."),
    )


def test_the_shortest_offering_has_a_page() -> None:
    """Its title stands at the top where there is no promise."""
    view = view_of("title: A shop\nmilestones: [{id: open, day: 3}]")
    assert (view["headline"], view["eyebrow"]) == ("A shop", "")
    assert view["steps"][0]["stop"].label == "Open"
    assert view["needs"] == view["outcomes"] == ()


def test_more_than_eight_steps_run_down_the_page_only() -> None:
    """Eight stand side by side as well, where there is room."""
    step = "  - {{id: s{0}, day: {0}}}\n"
    for count, beside in ((8, 8), (9, 0)):
        steps = "".join(step.format(number) for number in range(1, count + 1))
        assert len(view_of(f"title: A shop\nmilestones:\n{steps}")["glance"]) == beside


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_language_of_the_agency(language: str) -> None:
    """Every string of ours has its words."""
    assert page_of(SHOP, language).language.code == language
    assert (view_of(SHOP, language)["facts"][0] == "3 steps") == (language == "en")


# --- How it is built ---


def test_an_offering_with_a_link_has_a_page(selling: Workspace) -> None:
    """At the link's address, beside the clients'; the command says so and `links` lists it."""
    ran = selling.build()
    assert ran.output.endswith("2 of 2 clients and 1 page of offerings built into site.\n")
    text = (prospect(selling) / "index.html").read_text("utf-8")
    assert "<title>A shop for readers · Northlight Studio</title>" in text
    assert '<meta name="robots" content="noindex,nofollow,noarchive">' in text
    assert '<meta name="referrer" content="no-referrer">' in text
    assert f"mailto:{CONTACT_EMAIL}" in text
    assert f"_offerings/shop\tsales\t/c/{SALES}/\n" in selling.run("links").output
    assert SALES not in selling.run("links", OTTER).output
    assert [path.name for path in prospect(selling).iterdir()] == ["index.html"]


def test_no_client_and_no_note_for_the_team_stands_on_it(selling: Workspace) -> None:
    """Nor the other way round: no client's page knows the offering's address."""
    selling.build()
    text = (prospect(selling) / "index.html").read_text("utf-8")
    for word in (*NAMES.values(), *TOKENS.values(), "Costs us", SALES, "Prepared for"):
        assert word not in text
    for client in (OTTER, PINE):
        assert not any(SALES.encode() in data for data in selling.pages(client).values())


def test_each_link_has_a_copy_that_goes_with_it(selling: Workspace) -> None:
    """Two links, two folders; the page of a link that was taken back is gone."""
    selling.edit(OFFERING, "links:\n", f"links:\n  fair: {FAIR}\n")
    selling.build()
    assert (prospect(selling, FAIR) / "index.html").is_file()
    selling.edit(OFFERING, f"  fair: {FAIR}\n", "")
    assert "Removed, because no link leads there any more: 1." in selling.build().output
    assert not prospect(selling, FAIR).exists()
    assert (prospect(selling) / "index.html").is_file()


def test_its_page_stays_while_only_one_client_is_built(selling: Workspace) -> None:
    """Named clients alone are built, and nothing is removed."""
    selling.build()
    before = main_of(selling)
    selling.edit(OFFERING, "Readers order while you sleep", "Readers order at night")
    assert "1 of 1 clients built into site" in selling.build(OTTER).output
    assert main_of(selling) == before
    selling.build()
    assert main_of(selling) != before


def test_what_has_not_changed_is_not_built_again(selling: Workspace) -> None:
    """On any later day, too: the page has no date in it."""
    selling.build()
    written = (prospect(selling) / "index.html").stat().st_mtime_ns
    assert "is up to date" in selling.build().output
    selling.build(today="2026-03-03")
    assert (prospect(selling) / "index.html").stat().st_mtime_ns == written


def test_a_mistake_in_an_offering_stops_its_own_page_alone(selling: Workspace) -> None:
    """The last page stays, and the client whose project is an instance of it is built anew."""
    selling.build()
    before = main_of(selling)
    selling.edit(OFFERING, "day: 6", "day: soon")
    selling.edit(f"projects/{OTTER}/shop/project.yml", "Your new shop", "Your second shop")
    ran = selling.build()
    assert ran.code == 3
    assert f"{OFFERING}:21:10: 'soon' is not a number [number]" in ran.output
    assert "unknown-offering" not in ran.output
    assert "_offerings/shop keeps the page that was there." in ran.output
    assert "Your second shop" in selling.page(OTTER)
    assert main_of(selling) == before
    assert "'soon' is not a number" in selling.run("links").output
    selling.edit(OFFERING, "day: soon", "day: 12")
    assert selling.build().code == 0
    assert "Week 3" in main_of(selling)


@pytest.mark.parametrize(
    "text", ["title: [", b"\xff\xfe", ""], ids=["no YAML", "no UTF-8", "empty"]
)
def test_a_damaged_offering_harms_no_client(selling: Workspace, text: str | bytes) -> None:
    """Whatever stands in its file: the clients' pages are built, and the check names the file."""
    selling.write(OFFERING, text)
    assert selling.build().code == 3
    assert NAMES[OTTER] in selling.page(OTTER)
    assert NAMES[PINE] in selling.page(PINE)
    ran = selling.run("check", "--today", "2026-03-02")
    assert ran.code == 1
    assert OFFERING in ran.output


def test_a_client_with_a_mistake_harms_no_offering(selling: Workspace) -> None:
    """Its page is built."""
    selling.edit(f"projects/{PINE}/shop/project.yml", "starts:", "strats:")
    assert selling.build().code == 3
    assert "Readers order while you sleep" in main_of(selling)


def test_an_unreadable_offering_removes_no_page(selling: Workspace) -> None:
    """Its links are found in what can be read; nobody removes what they lead to."""
    selling.build()
    selling.write(OFFERING, SHOP.encode().replace(b"sleep", b"sl\xffp"))
    assert "Removed" not in selling.build().output
    assert (prospect(selling) / "index.html").is_file()


def test_the_links_of_the_samples_stay_with_the_samples() -> None:
    """An agency that takes an offering of the program gets no link that others have, too."""
    texts = offering_files(list(packed_offerings()))
    assert len(texts) == 5
    for name, text in texts.items():
        assert not re.search(r"\b[a-z2-7]{26}\b", text), name
        assert OfferingFile.model_validate(yaml.load(text, yaml.BaseLoader)).links == {}  # noqa: S506


def test_a_preview_shows_it_and_lists_it(selling: Workspace) -> None:
    """The state knows the offering; a save of its file builds it."""
    preview = preview_of(selling)
    assert preview.refresh().clients == (OTTER, PINE)
    assert [offering.title for offering in preview.state.offerings] == ["A shop for readers"]
    assert preview.state.is_private(f"/c/{SALES}/")
    page = preview.site / "c" / SALES / "index.html"
    assert "Readers order while you sleep" in page.read_text("utf-8")
    answers = Answers(preview)
    start = answers.at("/").content.decode()
    assert f'<a href="/c/{SALES}/">sales</a>' in start
    assert answers.at(f"/c/{SALES}/").status == 200
    assert answers.at(f"/c/{FAIR}/").status == 404
    selling.edit(OFFERING, "while you sleep", "at midnight")
    preview.refresh([selling.root / OFFERING])
    assert "Readers order at midnight" in page.read_text("utf-8")


def test_publishing_guards_it_like_a_client(selling: Workspace, tmp_path: Path) -> None:
    """A page that is published does not vanish because the site was built without it."""
    selling.build()
    assert selling.run("publish", "folder", str(tmp_path / "www")).code == 0
    for path in prospect(selling).iterdir():
        path.unlink()
    prospect(selling).rmdir()
    ran = selling.run("publish", "folder", str(tmp_path / "www"))
    assert ran.code == 1
    assert "_offerings/shop is still in the workspace" in ran.output
