"""A letter in a few lines for a chat, and the same as the files that webhooks take.

Nothing is sent from here. In every form the programs are told not to fetch the link for a preview.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from site_builder.messages.plain import as_typed, clipped, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from site_builder.messages.block import Letter
    from site_builder.messages.plain import Written

MAX_CHAT = 500
"""Characters of the chat text, with the link."""
SMALLEST = 40
"""A line that is cut to less says nothing."""


def lines_of(letter: Letter, written: Written, room: int = MAX_CHAT) -> list[str]:
    """Take the first lines of a letter for which there is room, without the link."""
    lines: list[str] = []
    left = room - len(letter.link) - 1
    for block in letter.chat:
        prose = " ".join(text_of(written(block.prose)).split()) if block.prose else ""
        line = as_typed(" ".join(part for part in (block.title, prose, block.text) if part))
        if line and left > SMALLEST:
            lines.append(clipped(line, left - 1))
            left -= len(lines[-1]) + 1
    return lines


def as_chat(letter: Letter, written: Written) -> str:
    """Write the letter as a chat text of at most 500 characters, the link on its last line."""
    return "\n".join([*lines_of(letter, written), letter.link]) + "\n"


def _escaped(text: str) -> str:
    """Let no sign of an author's be markup in a card: it reads Markdown."""
    return re.sub(r"([\\`*_\[\]#|<>~])", r"\\\1", text)


def _slack(text: str) -> dict[str, Any]:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": safe, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _teams(title: str, lines: Sequence[str], button: str, link: str) -> dict[str, Any]:
    """Write an Adaptive Card in the form that a workflow of Teams takes."""
    body = [
        {"type": "TextBlock", "text": _escaped(title), "wrap": True, "weight": "Bolder"},
        *({"type": "TextBlock", "text": _escaped(line), "wrap": True} for line in lines),
    ]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": button, "url": link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def as_json(found: Mapping[str, Any]) -> str:
    """Write what a webhook takes."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def webhooks(
    title: str, lines: Sequence[str], more: Mapping[str, str], button: str = "", link: str = ""
) -> dict[str, str]:
    """Write a message in the forms of Slack, Teams and of programs of one's own, by file name."""
    text = "\n".join([*lines, link] if link else lines)
    generic = {"title": title, "text": text, **more, **({"link": link} if link else {})}
    return {
        "slack.json": as_json(_slack(f"{title}\n{text}")),
        "teams.json": as_json(_teams(title, lines, button, link)),
        "webhook.json": as_json(generic),
    }


def chat_hooks(letter: Letter, written: Written) -> dict[str, str]:
    """Write the chat text of a letter in the forms of webhooks."""
    lines = lines_of(letter, written)
    more = {"client": letter.client, "language": letter.language.code}
    return webhooks(as_typed(letter.subject), lines, more, letter.button, letter.link)
