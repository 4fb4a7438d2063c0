"""A reply for one tap: the mail that a client sends back, with subject and words filled in.

The words are ours, in the client's language; what the author wrote stands on lines of its own. The
private link is never in it: the mail goes to somebody who has it, and mails are passed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from site_builder.pages.views import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.language import Language
    from site_builder.model.parts import Contact, Need

LONGEST = 2000
"""Characters of a link: older Windows hands no more than 2083 to a mail program."""
SUBJECT = 70
"""Letters of the request that a subject has room for."""
ROOMS = (400, 200, 100, 50, 15)
"""Letters that each text of the author may have; the first with which the link is short enough."""


def shortened(text: str, room: int) -> str:
    """Cut a text at the end of a word, so that it has at most `room` letters."""
    if len(text) <= room:
        return text
    kept = text[: room - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:.") + "\u2026"


def mail_link(email: str, subject: str, lines: Sequence[str]) -> str:
    """Write a `mailto:` link as RFC 6068 has it: all but plain letters encoded, lines by CR LF."""
    body = quote("\r\n".join(lines), safe="")
    return f"mailto:{quote(email, safe='@+')}?subject={quote(subject, safe='')}&body={body}"


def reply(language: Language, contact: Contact, need: Need, about: Sequence[str]) -> Reply:
    """Write the mail that answers a request; `about` says of what: client, project, step."""
    say = language.say
    if need.approval:
        text, word, sentence = (
            say("Give your OK by email"),
            say("Our OK:"),
            say("we give our OK to this:"),
        )
    else:
        text, word, sentence = (
            say("Done? Tell us by email"),
            say("Done:"),
            say("this is done:"),
        )
    link = ""
    for room in ROOMS:
        origin = " \u00b7 ".join(shortened(part, room) for part in about if part)
        asked = shortened(need.ask, room)
        subject = f"{word} {shortened(need.ask, min(SUBJECT, room))}"
        link = mail_link(contact.email, subject, (say("Hello,"), "", sentence, asked, "", origin))
        if len(link) <= LONGEST:
            break
    return Reply(text=text, href=link)
