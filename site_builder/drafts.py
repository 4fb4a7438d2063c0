"""What is new becomes drafts for people to send: mail, plain text, chat. Nothing is ever sent.

Drafts hold private links, so they are written where nothing publishes them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.brand import derive
from site_builder.errors import InvalidInput, NotAnnounced, UnsafeTarget, suggestion
from site_builder.language import load_language
from site_builder.lookout import own_of_owner, refuse_leaking_files
from site_builder.messages import mail
from site_builder.messages.chat import as_chat, chat_hooks, lines_of, webhooks
from site_builder.messages.letter import Occasion, compose
from site_builder.messages.plain import as_text, clipped
from site_builder.model.page import Prose
from site_builder.news import (
    News,
    Span,
    described,
    find_news,
    read_draft,
    record,
    record_text,
)
from site_builder.parse.clients import tokens_in
from site_builder.publish.exchange import MARKER, write_whole
from site_builder.render import load_theme, to_html
from site_builder.workspace import own_theme, read_links

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence

    from site_builder.audit import Sought
    from site_builder.messages.block import Letter
    from site_builder.workspace import Workspace

RECORD = "record.yml"
MAIL = "message.eml"
DRAFTED = (MAIL, "message.txt", "chat.txt", "slack.json", "teams.json", "webhook.json", RECORD)
"""The files of one draft, in a folder with the client's name."""
LENGTHS = (0, 1500, 400, 100)
"""Characters of each text: all, and less where the mail would be too large."""
NO_ADDRESS = (
    "a message leads to the page, and mkdocs.yml does not say where that is: write under extra:"
    " agency: the address where site/ is published, for example"
    " base_url: https://progress.northlight.example"
)
_MESSAGES = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be drafted, and how."""

    today: datetime.date
    span: Span
    is_week: bool = False
    link: str = ""
    """The label of the link; empty: the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What came of one client."""

    news: News
    label: str
    """Of the link that stands in it."""
    files: Mapping[str, bytes]
    lacks: str = ""
    """Why there is no e-mail, where there is none."""


def _address(workspace: Workspace, client: str, wanted: str) -> tuple[str, str]:
    """Return the label and the whole address of a client's page."""
    base = workspace.agency.settings.base_url
    if not base:
        raise NotAnnounced(NO_ADDRESS)
    links, problems = read_links(workspace, client)
    if problems:
        raise InvalidInput(problems)
    label = wanted or next(iter(links))
    if label not in links:
        raise NotAnnounced(f"{client} has no link '{label}'; {suggestion(label, links)}")
    return label, f"{base.rstrip('/')}/{links[label].address}"


def _shortened(letter: Letter, length: int) -> Letter:
    """Keep of each author's text the first paragraph, and of that so many characters."""

    def short(prose: Prose | None) -> Prose | None:
        if prose is None:
            return None
        first, _, rest = prose.text.strip().partition("\n\n")
        cut = clipped(first, length)
        return Prose(f"{cut} \u2026" if rest and cut == first else cut, 0)

    parts = [
        replace(
            part,
            sections=tuple(
                replace(
                    section,
                    blocks=tuple(
                        replace(block, prose=short(block.prose)) for block in section.blocks
                    ),
                )
                for section in part.sections
            ),
        )
        for part in letter.parts
    ]
    return replace(letter, parts=tuple(parts))


def _mail(letter: Letter, written: Callable[[Prose], str]) -> bytes:
    """Draw the mail; where it would be too large, with shorter texts."""
    template = load_theme((_MESSAGES, own_theme())).environment.get_template("mail.html")
    found = b""
    for length in LENGTHS:
        shown = _shortened(letter, length) if length else letter
        page = template.render(
            letter=shown,
            summary=next(iter(lines_of(letter, written)), ""),
            brand=derive(letter.colour),
            _=letter.language.say,
            files=None,
        )
        page = mail.inlined(page.replace("\u00ad", ""))
        found = mail.as_mail(shown, as_text(shown, written), page)
        if len(found) <= mail.MAX_BYTES:
            return found
    raise NotAnnounced(f"the message to {letter.client} is too large; tell less with --since")


def _refuse_leaks(
    workspace: Workspace,
    sought: Sought,
    client: str,
    choice: Choice,
    letter: Letter,
    written: Callable[[Prose], str],
) -> None:
    """Look through all that a letter says, as `build` does with pages; its link may stand there.

    Raises:
        InvalidInput: if it tells what this client must not read, or not in a message.
    """
    own = own_of_owner(workspace, client, choice.today)
    # How an author's Markdown came out is looked at on the page, where it can be seen.
    own = replace(own, is_known=True)
    # The mail holds authors' texts in full, unlike its plain text.
    text = as_text(letter, written, sys.maxsize).replace(letter.link, "")
    said = f"{text}\n{letter.subject}\n"
    refuse_leaking_files(sought, {"message.txt": said.encode()}, client, own)


def draft(workspace: Workspace, client: str, choice: Choice, sought: Sought) -> Draft:
    """Draft the message to a client; without files where nothing is new.

    Raises:
        InvalidInput: with the problems of its files, if they have mistakes, or of the draft, if it
            holds what is sought.
        NotAnnounced: if what is new cannot be said, with the reason.
    """
    news = find_news(workspace, client, choice.today, choice.span)
    if news.client.ends and news.client.ends <= choice.today:
        raise NotAnnounced(f"the page of {client} has been closed since {news.client.ends}")
    label, link = _address(workspace, client, choice.link)
    if not news.changes:
        return Draft(news=news, label=label, files={})
    language = load_language(news.client.language, workspace.root)
    occasion = Occasion(
        changes=news.changes, link=link, is_first=news.is_first, is_week=choice.is_week
    )
    letter = compose(news.client, language, news.roadmaps, occasion)
    words = (language.say("Done:"), language.say("Open:"))

    def written(prose: Prose) -> str:
        text = prose.text.strip()
        shown = text if prose.paragraph is None else text.partition("\n\n")[0]
        return to_html(shown, prose.name, None, words)

    _refuse_leaks(workspace, sought, client, choice, letter, written)
    keys = [change.key for change in news.changes]
    files = {
        "message.txt": as_text(letter, written),
        "chat.txt": as_chat(letter, written),
        **chat_hooks(letter, written),
        RECORD: record_text(choice.today, news.until, keys),
    }
    lacks = f"{lack}; {mail.INSTALL}" if (lack := mail.missing()) else ""
    drawn = {} if lacks else {MAIL: _mail(letter, written)}
    return Draft(
        news=news,
        label=label,
        files=drawn | {name: text.encode() for name, text in files.items()},
        lacks=lacks,
    )


def write_draft(folder: Path, client: str, files: Mapping[str, bytes]) -> None:
    """Write a client's draft in place of an earlier one; without files the earlier one goes.

    Raises:
        UnsafeTarget: if it would stand among pages that are published.
        OSError: if it cannot be written.
    """
    for above in (folder.resolve(), *folder.resolve().parents):
        if (above / MARKER).is_file():
            raise UnsafeTarget(f"{folder} is inside a built site, and drafts hold private links")
    for name in DRAFTED:
        if name in files:
            write_whole(folder / client / name, files[name])
        else:
            (folder / client / name).unlink(missing_ok=True)


def record_sent(
    workspace: Workspace, client: str, choice: Choice, folder: Path
) -> tuple[str, tuple[str, ...]]:
    """Record that a client was told what the draft says, or without a draft all that is new.

    Returns the record's file (empty if all was told before), and what was told.

    Raises:
        InvalidInput: with the problems of its files, if they have mistakes.
        NotAnnounced: if what is new cannot be said, with the reason.
        NotWritten: if the record cannot be written.
    """
    news = find_news(workspace, client, choice.today, choice.span)
    drafted = read_draft(folder, folder / client / RECORD)
    until = drafted.until if drafted else news.until
    told = drafted.told if drafted else tuple(change.key for change in news.changes)
    path = record(workspace, news.client, choice.today, until, told)
    (folder / client / RECORD).unlink(missing_ok=True)
    return path, told if path else ()


def summary(workspace: Workspace, drafted: Mapping[str, Draft]) -> Mapping[str, bytes]:
    """Say for the team what waits to be announced: as Markdown and for webhooks, without links."""
    told = {name: each for name, each in drafted.items() if each.files}
    lines = [f"{each.news.client.name}: {described(each.news.changes)}" for each in told.values()]
    title = f"To announce: {len(told)} client{'' if len(told) == 1 else 's'}"
    if not told:
        title = "Nothing new to announce"
    hidden = tokens_in("\n".join(workspace.settings.values()))

    def discreet(text: str) -> str:
        for token in hidden:
            text = text.replace(token, "\u2026")
        return text

    listed = [f"- {line.replace('<', '&lt;')}" for line in lines]
    page = "\n".join([f"## {title}", "", *listed, *([""] if listed else [])])
    files = {"summary.md": page, **webhooks(title, lines, {})}
    return {name: discreet(text).encode() for name, text in files.items()}


def write_summary(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the summary beside the drafts."""
    for name, content in files.items():
        write_whole(folder / name, content)


def untouched(clients: Sequence[str], folder: Path) -> Sequence[str]:
    """List the clients whose draft was not recorded yet."""
    return [client for client in clients if (folder / client / RECORD).is_file()]
