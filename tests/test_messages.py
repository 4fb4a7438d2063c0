"""Messages of every kind: they parse, read well, ask for nothing, and fit."""

from __future__ import annotations

import html.parser
import json
import re
from typing import TYPE_CHECKING

import html5lib
import pytest

from site_builder.language import load_language
from site_builder.messages import mail
from site_builder.messages.plain import clipped, text_of
from site_builder.model.fields import LANGUAGES
from tests.messages import BASE, KINDS, Drafted, draft_all
from tests.story import CLIENT, HOME, PROJECT, SHOP, S, Story, git, step, tell
from tests.workspace import TOKENS, tokens_of

if TYPE_CHECKING:
    from pathlib import Path

LOADING = {"img", "script", "link", "iframe", "object", "embed", "video", "audio", "source", "form"}


@pytest.fixture(scope="module", params=KINDS)
def drafts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Drafted]:
    """All messages of one kind; for reading only."""
    found = draft_all(request.param, tmp_path_factory.mktemp(request.param) / "agency")
    assert found, f"{request.param} has nothing to tell"
    return found


class Reader(html.parser.HTMLParser):
    """Notes what a mail program would load or follow."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_a_mail_opens_as_a_draft(drafts: list[Drafted]) -> None:
    """Plain text and HTML; who sends it, to whom and when is the sender's business."""
    for each in drafts:
        assert not each.mail.defects
        assert each.mail["X-Unsent"] == "1"
        assert each.mail["Subject"]
        assert not {"From", "To", "Date", "Message-ID"} & set(each.mail.keys())
        assert [part.get_content_type() for part in each.mail.iter_parts()] == [
            "text/plain",
            "text/html",
        ]
        assert each.body("plain") == each.read("message.txt")
        assert b"\r\n" in each.raw
        assert max(map(len, each.raw.split(b"\r\n"))) <= 998  # RFC 5322


def test_a_mail_asks_for_nothing_and_is_small(drafts: list[Drafted]) -> None:
    """No picture, no script, nothing that tells when it was opened; at most 60 KB."""
    for each in drafts:
        assert len(each.raw) <= mail.MAX_BYTES
        page = each.body("html")
        reader = Reader()
        reader.feed(page)
        assert not reader.tags & LOADING
        assert not {"src", "srcset", "background"} & reader.attributes
        assert not [name for name in reader.attributes if name.startswith("on")]
        assert not re.search(r"url\(|@import|expression\(", page)
        assert all(link.startswith(("https:", "http:", "mailto:", "tel:")) for link in reader.links)


def test_the_html_of_a_mail_is_well_formed(drafts: list[Drafted]) -> None:
    """As strict as a page."""
    for each in drafts:
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(each.body("html"))


def test_every_message_leads_to_the_client_s_own_page(drafts: list[Drafted]) -> None:
    """Whatever the form; no other client's link stands in it."""
    for each in drafts:
        tokens = tokens_of(each.root)
        link = f"{BASE}/c/{tokens.pop(each.client)}/"
        for path in each.folder.iterdir():
            text = each.body("html") if path.suffix == ".eml" else path.read_text("utf-8")
            assert (link in text) is (path.name != "record.yml"), path.name
            assert not [token for token in tokens.values() if token in text]


def test_plain_text_reads_like_a_letter(drafts: list[Drafted]) -> None:
    """No markup is left, no gap, no line that holds only a sign."""
    for each in drafts:
        text = each.body("plain")
        assert "\n\n\n" not in text
        assert "\u00ad" not in text
        assert not re.search(r"^\s*[-*.,;:\u00b7]\s*$", text, re.MULTILINE)
        if "hostile" not in str(each.root):
            assert not re.search(r"</?[a-z]+>|\*\*|\]\(|&[a-z]+;", text)


def test_the_chat_text_is_short_and_ends_with_the_link(drafts: list[Drafted]) -> None:
    """At most 500 characters; every form for webhooks says the same, and fetches no preview."""
    for each in drafts:
        text = each.read("chat.txt")
        assert len(text.strip()) <= 500
        *lines, link = text.strip().split("\n")
        assert lines
        assert link.startswith(BASE)
        slack = json.loads(each.read("slack.json"))
        assert slack["unfurl_links"] is slack["unfurl_media"] is False
        card = json.loads(each.read("teams.json"))["attachments"][0]["content"]
        assert card["actions"][0]["url"] == link
        assert len(card["body"]) == len(lines) + 1
        assert json.loads(each.read("webhook.json"))["text"] == text.strip()


def test_a_week_is_told_in_short(tmp_path: Path) -> None:
    """What happened in a line each, and where it stands."""
    (each,) = draft_all("german", tmp_path / "agency")
    whole = each.body("plain")
    story = tell(tmp_path / "story")
    story.back_to(7)
    ran = story.workspace.run("announce", CLIENT, "--week", "--today", "2026-02-13")
    assert "1 step finished (compared with" in ran.output
    text = (story.root / "announcements" / CLIENT / "message.txt").read_text("utf-8")
    assert "Finished Friday 13 February 2026." in text
    assert "green" not in text
    assert "On course. Launch: still planned for Friday 24 April 2026." in text
    subject = (story.root / "announcements" / CLIENT / "webhook.json").read_text("utf-8")
    assert "The week to 13 February \u00b7 Your new shop" in subject
    assert "Guten Tag," in whole


# --- The words of each kind ----------------------------------------------------------------------


def test_a_finished_step_is_told_in_the_author_s_words(tmp_path: Path) -> None:
    """The three answers in order, then what is needed, and when they hear again."""
    drafted = {each.client: each for each in draft_all("samples", tmp_path / "agency")}
    text = drafted["larkfield-vets"].body("plain")
    parts = (
        "What just happened\n------------------\n\nNew look approved\nYou approved the design",
        "Approved by Priya Shah, 27 February.",
        "Moved from 27 March to 10 April: Online booking works.\nThe calendar company delivers",
        "Why it matters\n--------------\n\nEverything we build from now on",
        "What comes next\n---------------\n\nNext we need your OK on the page texts",
        "We need 2 things from you\n-------------------------\n\nRead and approve the texts",
        "By Friday 6 March 2026. Takes about 40 minutes.",
        "Open the texts: https://docs.example/texts",
        "On course. Launch: still planned for Friday 24 April 2026.",
        "Next update: Monday 9 March 2026.",
        "Open your page:\nhttps://",
        "Maya Lindqvist\nyour project lead, Northlight Studio\n",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert drafted["larkfield-vets"].mail["Subject"] == "New look approved \u00b7 Your new website"
    assert "Fewer words" not in text


def test_at_the_end_the_message_closes_the_project(tmp_path: Path) -> None:
    """Outcomes, what was handed over, promised dates, whom to call, until when, and a word."""
    drafted = {each.client: each for each in draft_all("samples", tmp_path / "agency")}
    each = drafted["harrowby-council"]
    text = each.body("plain")
    parts = (
        "What this has brought you",
        "Oct 2025: 0 \u00b7 Feb 2026: 143 \u00b7 Goal: 120",
        "Everything we handed over to you",
        "Accessibility statement\nPDF, 4 KB",
        "The dates we promised",
        "Goals agreed\nFinished on 17 October 2025, as promised.",
        "Usable by everyone\nFinished on 6 February 2026; first planned for 30 January 2026.",
        "Questions?",
        "Ask Ruth Adeyemi. +44 20 7946 0142",
        "This page stays here until Monday 31 August 2026.",
        "would you write us a sentence or two that we may quote with your name?",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert str(each.mail["Subject"]).startswith("All steps are done \u00b7 ")
    assert "Next update" not in text


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """The whole story."""
    return tell(tmp_path / "agency")


def text_at(story: Story, number: int) -> str:
    """Draft what a commit changed, and read it."""
    story.back_to(number)
    day = git(story.root, "log", "-1", "--format=%cs")
    since = story.commits[number - 1]
    ran = story.workspace.run("announce", CLIENT, "--since", since, "--today", day)
    assert ran.code == 0, ran.output
    path = story.root / "announcements" / CLIENT / "message.txt"
    return path.read_text("utf-8")


def test_each_kind_of_change_has_its_words(story: Story) -> None:
    """In the page's own sentences."""
    expected = {
        1: "We need 1 thing from you\n------------------------\n\nTell us your three goals\n"
        "By Thursday 15 January 2026. Takes about 20 minutes.",
        2: "Thank you, we have it: Tell us your three goals.",
        3: "Goals agreed\nWe agreed on three goals.\nApproved by Ida Holm, 16 January.",
        4: "Two ideas are drawn.",
        5: "Came in: Gift cards.\nLaunch does not change.\n\nAdded to your road: Gift cards.\n"
        "Planned for Friday 13 March 2026.",
        6: "Moved from 6 February to 13 February: The look is chosen.\n"
        "You wanted to see a third idea. Launch does not change.",
        7: "The look is chosen\nYou chose the green one.",
        8: "On hold.\nYour winter break.",
        9: "We go on after Sunday 22 February 2026.",
        10: "Taken out, agreed with you: Texts are written.\nYou write them yourselves.",
        11: "Launch: moved to Friday 8 May 2026.\nIt was Friday 24 April."
        " The bank needs two more weeks. You open on 8 May.",
        12: "Date at risk: The shop is open.\nThe bank has not answered yet.",
        14: "Added to your road: Questions answered.\nPlanned for Friday 10 April 2026.",
        15: "Thank you, we have it: Choose three fixed amounts.",
        16: "We start on Wednesday 1 April 2026.",
        17: "Launch: moved to Friday 22 May 2026.\nIt was Friday 8 May. The bank answers in May.",
    }
    for number in sorted(expected, reverse=True):
        assert expected[number] in text_at(story, number), number


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_has_all_words(story: Story, code: str) -> None:
    """And the direction of its letters."""
    text = (story.root / HOME / "client.yml").read_text("utf-8")
    story.commit("2026-03-13", {f"{HOME}/client.yml": f"{text}language: {code}\n"})
    story.workspace.run("announce", CLIENT, "--since", "2026-01-06", "--today", "2026-03-13")
    each = Drafted(CLIENT, story.root / "announcements" / CLIENT, story.root)
    language = load_language(code)
    page = each.body("html")
    assert f'<html lang="{code}" dir="{language.direction}">' in page
    assert language.say("Hello,") in each.body("plain")
    assert each.mail["Content-Language"] == code
    assert len(each.read("chat.txt").strip()) <= 500


def test_very_long_texts_are_told_in_short(story: Story) -> None:
    """The mail stays below 60 KB, and begins as the author began."""
    long = "\n\n".join(f"Paragraph {number} says **much** of it. " * 40 for number in range(20))
    head = "label: The look is chosen\ndue: 2026-02-13\ndone: 2026-03-12\n"
    story.commit("2026-03-13", {f"{S}20-look.md": step(head, long, long)})
    story.workspace.run("announce", CLIENT, "--since", "2026-01-06", "--today", "2026-03-13")
    each = Drafted(CLIENT, story.root / "announcements" / CLIENT, story.root)
    assert len(each.raw) <= mail.MAX_BYTES
    assert "Paragraph 0 says much of it." in each.body("plain")
    assert "\u2026" in each.body("plain")


def test_without_the_package_for_mails_the_rest_is_drafted(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it says how to install it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ran = story.workspace.run("announce", CLIENT, "--today", "2026-03-13")
    assert ran.code == 0
    assert "pip install 'site-builder[mail]'" in ran.output
    folder = story.root / "announcements" / CLIENT
    assert not (folder / "message.eml").exists()
    assert (folder / "message.txt").is_file()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One <em>two</em></p>\n<p>three</p>", "One two\n\nthree"),
        ("<ul>\n<li>one</li>\n<li>two</li>\n</ul>", "- one\n- two"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ('<p><a href="https://a.example/x">here</a>.</p>', "here (https://a.example/x)."),
        ('<p><a href="https://a.example/">https://a.example/</a></p>', "https://a.example/"),
        ('<p><a href="mailto:m@a.example">Maya</a></p>', "Maya (m@a.example)"),
        ("<p><a>no link</a> &amp; more &lt;</p>", "no link & more <"),
        ("<table><tr><th>Page</th><th>Pages</th></tr><tr><td>Home</td><td>1</td></tr></table>",
         "Page  Pages\n\nHome  1"),
        ("<p>one<br>two</p>", "one\ntwo"),
    ],
)  # fmt: skip
def test_html_is_read_as_a_person_would(markup: str, text: str) -> None:
    """Lists, tables and links in plain text."""
    assert text_of(markup) == text


def test_a_text_is_cut_at_a_space() -> None:
    """And never longer than asked."""
    assert clipped("one two three", 13) == "one two three"
    assert clipped("one two three", 10) == "one two\u2026"
    assert len(clipped("x" * 50, 10)) == 10


def test_a_pause_that_lies_ahead_is_no_pause_yet(story: Story) -> None:
    """It is told with its days; from its first day on the page says that it is on hold."""
    story.back_to(7)
    story.workspace.write(
        f"{SHOP}/project.yml",
        PROJECT + "pauses:\n  - {from: 2026-03-02, to: 2026-03-08, why: Your fair.}\n",
    )
    ran = story.workspace.run("announce", CLIENT, "--since", "HEAD", "--today", "2026-02-13")
    assert ran.code == 0, ran.output
    text = (story.root / "announcements" / CLIENT / "message.txt").read_text("utf-8")
    assert (
        "On hold from Monday 2 March 2026.\nYour fair. We go on after Sunday 8 March 2026." in text
    )
    assert "On hold.\n" not in text


@pytest.mark.parametrize(
    ("protection", "said"),
    [
        ("sealed", "Only people with this link can see it, so please share it only inside"),
        ("passphrase", "Only people with this link and the words for it can open it"),
    ],
)
def test_a_message_says_how_the_page_is_protected(story: Story, protection: str, said: str) -> None:
    """Who needs words reads that they come another way."""
    story.back_to(7)
    link = f"{TOKENS[CLIENT]}#{'k' * 52}"
    story.workspace.write(
        f"{HOME}/client.yml",
        f"name: Otter Books\nprotection: {protection}\nlinks:\n  everyone: {link}\n",
    )
    ran = story.workspace.run("announce", CLIENT, "--today", "2026-02-13")
    assert ran.code == 0, ran.output
    text = (story.root / "announcements" / CLIENT / "message.txt").read_text("utf-8")
    assert said in text
    words = "You get the words for it from us separately."
    assert (words in text) is (protection == "passphrase")
