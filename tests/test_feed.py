"""The feed beside a client's page: what is news, and whether readers can read it."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as Xml
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import InvalidInput
from site_builder.feed import feed
from site_builder.language import load_language
from site_builder.model.following import FeedEntry, stable_id
from site_builder.model.parts import Approval
from site_builder.model.project import Update
from site_builder.pages.news import NEWEST, news
from site_builder.parse.clients import parse_agency, parse_client, parse_client_file
from site_builder.roadmap import draw
from site_builder.source.files import read_client, read_workspace
from tests.make import TODAY, client, day, days, milestone, move, need, project, projects
from tests.workspace import OTTER, PINE, TOKENS, Workspace

if TYPE_CHECKING:
    from site_builder.model.project import Project

ENGLISH = load_language("en")
BASE = "https://progress.northlight.example"
ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
STEP = "projects/otter-books/shop/milestones/02-open.md"
DATE = r"\d{4}-\d\d-\d\dT00:00:00Z"
URN = r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def parsed(content: bytes) -> Xml.Element:
    return Xml.fromstring(content)  # noqa: S314 - our own


def _child_faults(child: Xml.Element) -> list[str]:
    """Texts are plain, dates are dates, ids are ids, and links are whole."""
    name, text = child.tag.removeprefix(ATOM), child.text or ""
    is_right = {
        "title": bool(text.strip()) and not len(child) and not child.attrib,
        "summary": bool(text.strip()) and not len(child) and not child.attrib,
        "updated": bool(re.fullmatch(DATE, text)),
        "published": bool(re.fullmatch(DATE, text)),
        "id": bool(re.fullmatch(URN, text)),
        "link": str(child.get("href")).startswith("https://"),
        "author": bool((child.findtext(f"{ATOM}name") or "").strip()),
    }
    return [] if is_right.get(name, True) else [f"{name}: {text or child.attrib}"]


def _element_faults(element: Xml.Element) -> list[str]:
    """RFC 4287, 4.1.1 and 4.1.2: what must be there once, and what may be."""
    is_feed = element.tag == f"{ATOM}feed"
    names = [child.tag.removeprefix(ATOM) for child in element]
    once = {"id", "title", "updated"} | ({"author"} if is_feed else set())
    known = {*once, "link"} | ({"entry"} if is_feed else {"summary", "published"})
    relations = [link.get("rel") for link in element.findall(f"{ATOM}link")]
    # An entry without content must have a page to lead to; a feed should say where it is.
    expected = ["self", "alternate"] if is_feed else ["alternate"]
    return [
        *(f"{name} stands {names.count(name)} times" for name in once if names.count(name) != 1),
        *(f"{name} stands twice" for name in ("published", "summary") if names.count(name) > 1),
        *(f"unknown: {name}" for name in names if name not in known),
        *([] if relations == expected else [f"links: {relations}"]),
        *(fault for child in element for fault in _child_faults(child)),
    ]


def faults(content: bytes) -> list[str]:
    """Say what RFC 4287 does not allow in a feed of this kind; nothing for a valid one."""
    root = parsed(content)
    elements = [root, *root.findall(f"{ATOM}entry")]
    ids = [element.findtext(f"{ATOM}id") for element in elements]
    return [
        *([] if root.tag == f"{ATOM}feed" else [f"the root is {root.tag}"]),
        *([] if root.get(f"{XML}lang") else ["no language"]),
        *([] if len(set(ids)) == len(ids) else ["an id stands twice"]),
        *(fault for element in elements for fault in _element_faults(element)),
    ]


def test_the_check_of_feeds_finds_what_is_wrong() -> None:
    """What is checked with can fail."""
    wrong = b'<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><entry><id>x</id></entry></feed>'
    assert len(faults(wrong)) > 8


def entries_of(*made: Project, today: datetime.date = TODAY) -> tuple[FeedEntry, ...]:
    return news(client(*made), ENGLISH, [draw(one, today) for one in made])


def test_the_news_are_what_the_page_says_under_what_changed() -> None:
    """Newest first, each with the page it is about."""
    steps = (
        milestone("goals", "done", approved=Approval(by="Priya Shah", on=day("02-20"))),
        milestone(
            "texts",
            "waiting",
            needs=(need(asked="2026-03-01"),),
            approved=Approval(by="Tom Ellery", on=day("02-28")),
        ),
        milestone("end", due=day("05-08"), moved=(move("2026-04-24", "2026-02-24"),)),
    )
    notes = (Update(on=day("02-26"), sentence="Three first ideas", text="You **chose** one."),)
    told = [
        (f"{entry.on:%m-%d}", entry.title.replace("\u00a0", " "), entry.text, entry.way)
        for entry in entries_of(project(*steps, notes=notes))
    ]
    assert told == [
        ("03-01", "We asked you: Approve the texts.", "", "website/texts/"),
        ("02-28", "Approved by Tom Ellery: Texts.", "", "website/texts/"),
        ("02-26", "Three first ideas", "", "website/changes/"),
        (
            "02-24",
            "Moved from 24 April to 8 May: End.",
            "The calendar company delivers later.",
            "website/end/",
        ),
        ("02-20", "Finished: Goals.", "Approved by Priya Shah.", "website/goals/"),
        ("01-05", "We started.", "", "website/changes/"),
    ]


def test_a_feed_of_several_projects_names_each() -> None:
    """And mixes them by day."""
    made = project(milestone("a", "done")), project(id="care", title="Care", starts=day("02-01"))
    assert [entry.title for entry in entries_of(*made)] == [
        "Finished: A. \u00b7 Your new website",
        "We started. \u00b7 Care",
        "We started. \u00b7 Your new website",
    ]


def test_on_one_day_the_news_stand_in_the_order_of_the_page() -> None:
    """Of moves the last one first, that of the end before all others, whatever the project."""
    twice = (move("2026-04-10", "2026-02-24"), move("2026-04-17", "2026-02-24"))
    made = (
        project(milestone("a", "doing", needs=(need(asked="2026-02-24"),)), starts=day("02-24")),
        project(
            milestone("b", "done", done=day("02-24")),
            milestone("c", due=day("03-20"), moved=(move("2026-03-13", "2026-02-24"),)),
            milestone("end", due=day("04-24"), moved=twice),
            id="care",
        ),
    )
    told = [entry.title.split(" \u00b7 ")[0].replace("\u00a0", " ") for entry in entries_of(*made)]
    assert told[:6] == [
        "Finished: B.",
        "Moved from 17 April to 24 April: End.",
        "Moved from 10 April to 17 April: End.",
        "Moved from 13 March to 20 March: C.",
        "We asked you: Approve the texts.",
        "We started.",
    ]


def test_only_the_newest_are_in_it() -> None:
    """Readers keep what they have seen."""
    notes = tuple(
        Update(on=day("01-05") + datetime.timedelta(number), sentence=f"Note {number}", text="")
        for number in range(30)
    )
    entries = entries_of(project(notes=notes))
    assert len(entries) == NEWEST
    assert [entries[0].title, entries[-1].title] == ["Note 29", "Note 10"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The words were mended.
        (milestone("a", "done", label="Gaols"), milestone("a", "done", label="Goals")),
        # The day was mended.
        (milestone("a", "done"), milestone("a", "done", done=day("02-21"))),
        # Something was asked after it, on the same day.
        (
            milestone("a", "doing", needs=(need(), need(ask="Send"))),
            milestone("a", "doing", needs=(need(), need(ask="Send"), need(ask="Choose"))),
        ),
        # It moved once more, on the same day.
        (
            milestone("a", due=day("04-10"), moved=(move("2026-03-27", "2026-02-24"),)),
            milestone(
                "a",
                due=day("05-01"),
                moved=(move("2026-03-27", "2026-02-24"), move("2026-04-10", "2026-02-24")),
            ),
        ),
        # It moved once more.
        (
            milestone("a", due=day("04-10"), moved=(move("2026-03-27", "2026-02-24"),)),
            milestone(
                "a",
                due=day("05-01"),
                moved=(move("2026-03-27", "2026-02-24"), move("2026-04-10", "2026-03-01")),
            ),
        ),
    ],
)
def test_news_keep_their_ids(before: Any, after: Any) -> None:
    """Readers show what they know as read, and the new one as new."""
    old, new = entries_of(project(before)), entries_of(project(after))
    assert {entry.id for entry in old} <= {entry.id for entry in new}


@given(projects(), days)
def test_each_piece_of_news_has_an_id_of_its_own(made: Project, today: datetime.date) -> None:
    """Whatever happened, and nothing that has not happened yet."""
    entries = entries_of(made, today=today)
    assert len({entry.id for entry in entries}) == len(entries)
    assert all(entry.on <= today and entry.title for entry in entries)


def written(*entries: FeedEntry, title: str = "Progress", author: str = "Northlight") -> bytes:
    return feed(
        entries,
        identity=stable_id("larkfield-vets"),
        title=title,
        author=author,
        language="en",
        updated=TODAY,
        address=f"{BASE}/c/token/",
        file="feed.xml",
    )


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cn"]), min_size=1)


@given(texts, texts, texts)
def test_every_text_comes_back_as_it_was_written(title: str, text: str, author: str) -> None:
    """Whatever looks like markup is text, and the feed stays valid."""
    entry = FeedEntry(id=stable_id("a"), on=TODAY, title=title, text=text, way="website/a/")
    content = written(entry, title=title, author=author)
    assert faults(content) == []
    root = parsed(content)
    found = root.find(f"{ATOM}entry")
    assert found is not None
    assert (found.findtext(f"{ATOM}title"), found.findtext(f"{ATOM}summary")) == (title, text)


@given(st.text(), st.text())
def test_no_character_breaks_a_feed(title: str, text: str) -> None:
    """Characters that XML cannot write are left out."""
    entry = FeedEntry(id=stable_id("a"), on=TODAY, title=f"A{title}", text=text, way="website/a/")
    assert parsed(written(entry)).tag == f"{ATOM}feed"


# --- In a site ---


@pytest.fixture
def followed(workspace: Workspace) -> Workspace:
    """A workspace whose first client has a feed."""
    workspace.edit("mkdocs.yml", "    rhythm:", f"    base_url: {BASE}\n    rhythm:")
    workspace.edit(f"projects/{OTTER}/client.yml", "links:", "feed: true\nlinks:")
    return workspace


def _feed(workspace: Workspace) -> bytes:
    return (workspace.client_dir(OTTER) / "feed.xml").read_bytes()


def test_a_feed_is_valid_and_readers_understand_it(followed: Workspace) -> None:
    """By the rules of RFC 4287, and as feedparser reads it."""
    assert followed.build().code == 0
    content = _feed(followed)
    assert faults(content) == []
    read = feedparser.parse(content)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "Progress: Your new shop \u00b7 Otter Books"
    assert read.feed.language == "en"
    assert read.feed.author == "Northlight Studio"
    assert read.feed.link == f"{BASE}/c/{TOKENS[OTTER]}/"
    assert [(entry.title, entry.updated, entry.link) for entry in read.entries] == [
        (
            "Finished: Goals agreed.",
            "2026-02-20T00:00:00Z",
            f"{BASE}/c/{TOKENS[OTTER]}/shop/goals-agreed/",
        ),
        ("We started.", "2026-01-05T00:00:00Z", f"{BASE}/c/{TOKENS[OTTER]}/shop/changes/"),
    ]
    assert "token" not in read.feed.id
    assert TOKENS[OTTER] not in "".join(entry.id for entry in read.entries)


def test_a_page_leads_to_its_feed_only_where_there_is_one(followed: Workspace) -> None:
    """In its head for readers, once, and in plain words; nothing for the other client."""
    assert followed.build().code == 0
    alternate = '<link rel="alternate" type="application/atom+xml" href="feed.xml"'
    assert followed.page(OTTER).count(alternate) == 1
    assert '<a href="feed.xml" type="application/atom+xml">' in followed.page(OTTER)
    assert '<a href="../feed.xml" type="application/atom+xml">' in followed.page(OTTER, "shop")
    assert "alternate" not in followed.page(OTTER, "shop/open")
    assert not [name for name in followed.pages(PINE) if name.endswith(".xml")]
    assert b"atom" not in b"".join(followed.pages(PINE).values())


def test_the_same_build_gives_the_same_feed(followed: Workspace) -> None:
    """Twice, and on another day without news."""
    assert followed.build().code == 0
    first = _feed(followed)
    assert followed.build("--no-cache").code == 0
    assert _feed(followed) == first
    assert followed.build(today="2026-03-04").code == 0
    assert _feed(followed) == first


def test_nothing_that_is_hidden_or_another_s_stands_in_a_feed(followed: Workspace) -> None:
    """No draft, no note for the team, no word and no link of another client."""
    followed.edit(
        STEP, "label: The shop is open\n", "label: The shop is open\ninternal: Zanzibar\n"
    )
    followed.write(
        f"projects/{OTTER}/shop/milestones/03-secret.md",
        "---\nlabel: Zanzibar draft\ndue: 2026-05-01\ndraft: true\n"
        "needs: [{ask: Zanzibar, asked: 2026-02-27}]\n---\n## Why it matters\nReaders find Zanzibar.\n",
    )
    followed.write(f"projects/{OTTER}/shop/updates/2026-04-01-later.md", "Zanzibar comes later\n")
    followed.edit(f"projects/{PINE}/client.yml", "Pine Bakery", "Zanzibar Bakery")
    assert followed.build().code == 0
    for word in (b"Zanzibar", b"Bakery", TOKENS[PINE].encode(), b"pine"):
        assert word not in _feed(followed)


def test_a_preview_with_drafts_tells_none_in_what_can_be_followed() -> None:
    """A draft that was asked for something is not told."""
    step = milestone("a", "doing", is_draft=True, needs=(need(),))
    assert [entry.title for entry in entries_of(project(step))] == ["We started."]


def test_a_page_that_needs_more_than_its_link_has_no_feed(followed: Workspace) -> None:
    """Asked for one, the check says so at its line; and neither has it a calendar."""
    source = read_workspace(followed.root / "mkdocs.yml")
    agency, _ = parse_agency(source)
    found = read_client(followed.root, OTTER)
    written_file = parse_client_file(found, {}, followed.root)
    assert written_file
    sealed = written_file.model_copy(update={"protection": "sealed"})
    with pytest.raises(InvalidInput) as raised:
        parse_client(found, sealed, agency, TODAY, root=followed.root)
    (problem,) = raised.value.problems
    assert (problem.rule, problem.line) == ("feed", 2)
    again = read_client(followed.root, OTTER)
    without = sealed.model_copy(update={"feed": False})
    parsed = parse_client(again, without, agency, TODAY, root=followed.root)
    assert (parsed.client.has_calendar, parsed.client.has_feed) == (False, False)
