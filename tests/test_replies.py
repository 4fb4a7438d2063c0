"""The mail that a client sends back with one tap: what it says, in every language, however long."""

from __future__ import annotations

import email
import re
from email.policy import default
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.language import load_language
from site_builder.model.fields import LANGUAGES
from site_builder.pages.pieces import Pieces
from site_builder.pages.replies import LONGEST, reply, shortened
from site_builder.roadmap import draw
from tests.make import MAYA, TODAY, milestone, need, project

if TYPE_CHECKING:
    from site_builder.model.parts import Contact
    from site_builder.pages.views import Request

ASK = {
    "ar": "اقرأوا نصوص صفحات العلاج الست & اعتمدوها",
    "he": "קראו ואשרו את הטקסטים של ששת דפי הטיפול? 100%",
}
PLAIN = "Read & approve the texts: “six pages”, 100% + 1 = all?"
ABOUT = ("Larkfield Vets", "Your new website", "Page texts approved")
WORDS = {
    "en": ("Done:", "Hello,", "this is done:", "Our OK:", "we give our OK to this:"),
    "de": ("Erledigt:", "Guten Tag,", "dies ist erledigt:", "Freigegeben:", "wir geben dies frei:"),
    "nl": ("Klaar:", "Hallo,", "dit is klaar:", "Ons akkoord:", "wij gaan hiermee akkoord:"),
    "fr": (
        *("Fait\u00a0:", "Bonjour,", "ceci est fait\u00a0:", "Notre accord\u00a0:"),
        "nous donnons notre accord pour ceci\u00a0:",
    ),
    "es": (
        *("Hecho:", "Hola:", "esto está hecho:", "Nuestro visto bueno:"),
        "damos nuestro visto bueno a esto:",
    ),
    "it": (
        "Fatto:",
        "Buongiorno,",
        "questo è fatto:",
        "Il nostro OK:",
        "diamo il nostro OK a questo:",
    ),
    "pt": ("Feito:", "Olá,", "isto está feito:", "O nosso OK:", "damos o nosso OK a isto:"),
    "da": ("Færdig:", "Hej,", "dette er klaret:", "Vores OK:", "vi giver vores OK til dette:"),
    "pl": ("Zrobione:", "Dzień dobry,", "to jest gotowe:", "Akceptujemy:", "akceptujemy to:"),
    "ar": ("تم:", "مرحبًا،", "أُنجز ما يلي:", "موافقتنا:", "نوافق على ما يلي:"),
    "he": ("בוצע:", "שלום,", "זה הושלם:", "האישור שלנו:", "אנחנו מאשרים את זה:"),
}
"""The subject's word, the greeting and the sentence; then word and sentence of an OK."""


def read(link: str) -> tuple[str, str, str]:
    """Read a mail link as a mail program does: to whom, subject and body."""
    parts = urlsplit(link)
    assert parts.scheme == "mailto"
    fields = parse_qs(parts.query.replace("+", "%2B"), strict_parsing=True)
    assert sorted(fields) == ["body", "subject"]
    return unquote(parts.path), fields["subject"][0], fields["body"][0]


def write(code: str, ask: str, *, is_approval: bool = False, contact: Contact = MAYA) -> str:
    wanted = need(ask=ask, approval="true" if is_approval else "false")
    return reply(load_language(code), contact, wanted, ABOUT).href


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("is_approval", [False, True], ids=["done", "ok"])
def test_the_mail_says_exactly_this_in_each_language(code: str, *, is_approval: bool) -> None:
    """To the contact; our words in the client's language, the author's as they were written."""
    ask = ASK.get(code, PLAIN)
    done, hello, is_done, our_ok, is_ok = WORDS[code]
    word, sentence = (our_ok, is_ok) if is_approval else (done, is_done)
    to, subject, body = read(write(code, ask, is_approval=is_approval))
    assert to == MAYA.email
    assert subject == f"{word} {ask}"
    about = "Larkfield Vets \u00b7 Your new website \u00b7 Page texts approved"
    assert body == f"{hello}\r\n\r\n{sentence}\r\n{ask}\r\n\r\n{about}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_only_plain_letters_stand_in_the_link(code: str) -> None:
    """No mail program has to guess: blanks are %20, lines end with %0D%0A, + is %2B."""
    link = write(code, ASK.get(code, PLAIN))
    assert re.fullmatch(r"mailto:[\w.@-]+\?subject=[\w.~%-]+&body=[\w.~%-]+", link, re.ASCII)
    assert link.count("%0D%0A") == 5
    assert not re.search("%0A(?<!%0D%0A)|%0D(?!%0A)", link)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=3000),
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300), max_size=3),
    st.sampled_from(sorted(LANGUAGES)),
    st.sampled_from(["true", "false"]),
)
def test_no_text_makes_a_link_too_long_or_a_further_field(
    ask: str, about: list[str], code: str, approval: str
) -> None:
    """Old mail programs take about 2000 characters; nobody is sent a copy, whatever is asked."""
    wanted = need(ask=ask if ask.strip() else "?", approval=approval)
    link = reply(load_language(code), MAYA, wanted, about).href
    assert len(link) <= LONGEST
    _, subject, body = read(link)
    assert "\n" not in subject
    assert body.count("\r\n") == 5


def test_a_mail_made_of_the_link_is_one_that_programs_read() -> None:
    """Subject and body survive the way through a message."""
    to, subject, body = read(write("ar", ASK["ar"]))
    message = email.message.EmailMessage(policy=default)
    message["To"], message["Subject"] = to, subject
    message.set_content(body)
    again = email.message_from_bytes(bytes(message), policy=default)
    assert again["Subject"] == subject
    assert again.get_content().splitlines() == body.splitlines()


@pytest.mark.parametrize(
    ("text", "room", "short"),
    [
        ("Send the logo", 13, "Send the logo"),
        ("Send the logo", 12, "Send the…"),
        ("Send, the logo", 9, "Send…"),
        ("Unbreakable", 5, "Unbr…"),
    ],
)
def test_a_text_is_cut_between_words(text: str, room: int, short: str) -> None:
    """And says that it was."""
    assert shortened(text, room) == short


def _request(**changes: Any) -> Request:
    made = project(milestone("texts", "waiting", needs=(need(**changes),)))
    roadmap = draw(made, TODAY)
    return Pieces(load_language("en"), roadmap, "", "Larkfield Vets").request(roadmap.needs[0])


def test_the_reply_goes_to_the_project_s_contact_and_says_of_whom() -> None:
    """The agency sees at once which client, project and step it is about."""
    to, subject, body = read(_request().reply.href)
    assert to == MAYA.email
    assert subject == "Done: Approve the texts"
    assert body.endswith("Larkfield Vets \u00b7 Your new website \u00b7 Texts")


@pytest.mark.parametrize(
    ("approval", "text"), [("false", "Done? Tell us by email"), ("true", "Give your OK by email")]
)
def test_who_asks_for_an_ok_gets_one(approval: str, text: str) -> None:
    """The words on the link say what the mail will say."""
    assert _request(approval=approval).reply.text == text
