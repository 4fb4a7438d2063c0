"""The last good page of a client whose files have mistakes: asked of git, where none stands here.

Of then are the texts, pictures and files; of today is who may see them, how, and until when: links,
keys, protection and `ends` come from today's client.yml, and what is hidden today stays hidden.
Whatever may be meant to take something away counts, even in mistyped words. Nothing is written.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import tempfile
import zoneinfo
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import git, lookout, past
from site_builder.audit.search import secrets_of
from site_builder.errors import InvalidInput, NotAnnounced
from site_builder.model.fields import MILESTONE_FILE
from site_builder.model.links import Protection
from site_builder.parse.clients import tokens_in, wanted_in
from site_builder.parse.secrecy import keys_in, name_in
from site_builder.source.document import parse_document
from site_builder.source.texts import read_as_it_is
from site_builder.workspace import read, read_offering

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from site_builder.audit import Own
    from site_builder.model.project import Client
    from site_builder.workspace import ClientReading, ReadOptions, Workspace

ALIKE = "-M40%"
"""How much of a file is still there when git calls it renamed."""
FEW = 3
"""Commits that git is asked for at first: in a long history it takes its time to find all."""
PATIENCE = 180
"""Seconds for which it may look: a page is worth waiting for."""
_ENDS = re.compile(
    r"""(?:^|[{,])[ \t]*["']?end\w*["']?[ \t]*:[ \t]*["']?(\d{4}-\d\d-\d\d)?""", re.MULTILINE
)
_HIDING = re.compile(
    r"""(?:^|[{,-])[ \t]*["']?(draft|publish_on)["']?[ \t]*:[ \t]*["']?([^\s,}"'#]*)""",
    re.MULTILINE,
)
_ID = re.compile(r"""^["']?id["']?[ \t]*:[ \t]*["']?([a-z0-9-]+)""", re.MULTILINE)
_WEAK = frozenset({"no-passphrase", "weak-passphrase"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGood:
    """A client as it was when its files were whole, for those who may see it today."""

    commit: str
    on: datetime.date
    """The last day on which its files were like this, as far as they were whole then."""
    client: Client
    reading: ClientReading


def _changed(
    root: Path, path: str, zone: str, start: str = "HEAD", most: int = past.TRIES
) -> Iterator[tuple[str, datetime.date]]:
    """List the commits of this branch that changed a path, newest first, each with its day.

    What another branch said before it was merged has never been on a page.
    """
    words = ("rev-list", "--timestamp", "--first-parent", f"--max-count={most}", start)
    for line in git.ask(root, *words, "--", path, patience=PATIENCE).output.splitlines():
        seconds, commit = line.split()
        moment = datetime.datetime.fromtimestamp(int(seconds), zoneinfo.ZoneInfo(zone))
        yield commit, moment.date()


def _commits(root: Path, client: str, zone: str) -> Iterator[tuple[str, datetime.date, str]]:
    """List the commits that changed a client, through renames, each with its folder's name then."""
    called, commit, start, left, most = client, "", "HEAD", past.TRIES, FEW
    while called and left > 0:
        asked, number = min(most, left), 0
        for commit, on in _changed(root, f"projects/{called}", zone, start, asked):
            number += 1
            yield commit, on, called
        left, most = left - number, most * FEW
        start = f"{commit}^1"
        if number < asked:
            called, commit = _called_before(root, commit, called) if commit else "", ""


def _called_before(root: Path, commit: str, called: str) -> str:
    """Find the folder that a commit renamed to this one; empty if it is new."""
    words = ("-r", ALIKE, "--relative", "--diff-filter=R", "--name-status", f"{commit}^1", commit)
    for line in git.ask(root, "diff-tree", *words, "--", "projects").output.splitlines():
        _, before, after = line.split("\t")
        if after.startswith(f"projects/{called}/") and before.count("/") > 1:
            return before.split("/")[1]
    return ""


def _may_have_ended(text: str, today: datetime.date) -> bool:
    """Tell whether a client.yml says, perhaps in mistyped words, that the page is closed."""
    return any(not day or day <= today.isoformat() for day in _ENDS.findall(text))


def _may_hide(text: str, today: datetime.date) -> bool:
    """Tell whether YAML says, perhaps in mistyped words, that a step is not published."""
    said = _HIDING.findall(text)
    return any(
        value != "false"
        if key == "draft"
        else not (re.fullmatch(r"\d{4}-\d\d-\d\d", value) and value <= today.isoformat())
        for key, value in said
    )


def _hidden_in(settings: str, today: datetime.date) -> frozenset[str] | None:
    """Find the hidden steps among those that a project.yml lists; None if that cannot be known."""
    if not _may_hide(settings, today):
        return frozenset()
    tree = parse_document(settings, "project.yml").tree
    entries = tree.get("milestones") if isinstance(tree, dict) else None
    if not isinstance(entries, list):
        return None
    said = [entry for entry in entries if isinstance(entry, dict)]
    return frozenset(
        str(entry.get("id"))
        for entry in said
        if _may_hide("\n".join(f"{key}: {value}" for key, value in entry.items()), today)
    )


def _hidden_steps(folder: Path, today: datetime.date) -> frozenset[tuple[str, str]] | None:
    """Find the steps of a client that are hidden today; None if that cannot be known."""
    found: set[tuple[str, str]] = set()
    for path in folder.glob("*/milestones/*.md"):
        head = (read_as_it_is(path) or "").partition("\n---")[0]
        name = MILESTONE_FILE.fullmatch(path.name)
        if _may_hide(head, today) and (name or _ID.search(head)):
            own = _ID.search(head)
            step = own[1] if own else name["id"] if name else ""
            found.add((path.parents[1].name, step))
    for path in folder.glob("*/project.yml"):
        listed = _hidden_in(read_as_it_is(path) or "", today)
        if listed is None:
            return None
        found |= {(path.parent.name, step) for step in listed}
    return frozenset(found)


def _hide_updates(then: Path, now: Path, today: datetime.date) -> None:
    """Take away the updates of then whose day has been put off since."""
    for path in now.glob("*/updates/*.md"):
        if path.name[:10] > today.isoformat():
            folder = then / path.parent.relative_to(now)
            for other in folder.glob("*.md"):
                if other.name[10:] == path.name[10:]:
                    other.unlink()


def _strictest(*wanted: Protection) -> Protection:
    return max(wanted, key=list(Protection).index)


def _as_today(
    workspace: Workspace,
    now: ClientReading,
    then: ClientReading,
    options: ReadOptions,
    named: frozenset[str],
) -> Client | None:
    """Give a client of then its links, protection and end of today; None if nobody may see it.

    `named` are the links that stood in its client.yml ever since.
    """
    client = then.client
    if client is None:
        return None
    text = workspace.settings.get(client.id, "")
    if now.written:
        protected, ends, has_feed = now.written.protection, now.written.ends, now.written.feed
        links = {
            label: link
            for label, link in now.written.links.items()
            if link.token not in workspace.shared
        }
    else:
        protected, ends, has_feed = client.protection, client.ends, client.has_feed
        keys = keys_in(text)
        links = {
            label: link
            for label, link in client.links.items()
            if link.token in named and (not link.key or link.key in keys)
        }
    protection = _strictest(protected, wanted_in(text))
    if protection is not Protection.LINK:
        links = {label: link for label, link in links.items() if link.key}
    if protection is Protection.PASSPHRASE:
        is_known = options.passphrases is None or client.id in options.passphrases
        is_weak = any(problem.rule in _WEAK for problem in (*now.problems, *then.problems))
        if protected is not protection or is_weak or not is_known:
            return None
    if not links:
        return None
    return replace(
        client,
        links=links,
        protection=protection,
        ends=ends,
        has_feed=has_feed and protection is Protection.LINK,
    )


def own_then(workspace: Workspace, client: str, now: ClientReading, then: ClientReading) -> Own:
    """Say what may stand on a page of then: nothing that stays with the team today."""
    written = then.written
    if written and now.written:
        written = written.model_copy(update={"mentions": now.written.mentions})
    own = lookout.own_of(workspace, client, written, then.secrecy)
    today = lookout.own_of(workspace, client, now.written, now.secrecy)
    published = own.published
    for words, _ in secrets_of(today):
        said = r"\W+".join(re.escape(word) for word in words.decode().split())
        published = re.sub(said, " ", published, flags=re.IGNORECASE)
    return replace(own, hidden=(*own.hidden, *today.hidden), published=published)


def _is_this_client(text: str, was: str) -> bool:
    """Tell a client from another one that had a folder of this name, by two texts of client.yml."""
    name = name_in(text)
    return bool(tokens_in(text) & tokens_in(was)) or (name != "" and name == name_in(was))


def _is_a_copy(workspace: Workspace, client: str, was: str) -> bool:
    """Tell whether a client had a link, by its client.yml of then, that is another's today."""
    links = tokens_in(was)
    gone = links - tokens_in(workspace.settings[client])
    others = (text for owner, text in workspace.settings.items() if owner != client)
    return not links.isdisjoint(workspace.shared) or (
        bool(gone) and any(token in text for text in others for token in gone)
    )


def last_good(
    workspace: Workspace, client: str, now: ClientReading, options: ReadOptions
) -> Generator[LastGood]:
    """Read a client as it was in each commit in which it was whole, the newest first.

    `now` is the client as it is read today. The day is the last one on which the files were like
    this: that of the commit that changed them. The files lie in a temporary folder until the next
    one is asked for. Nothing comes where there is no git, or nothing that may be seen today.
    """
    text = workspace.settings.get(client, "")
    folder = workspace.root / "projects" / client
    today, zone = options.today, workspace.agency.settings.timezone
    named = tokens_in(text).difference(workspace.shared)
    hidden = _hidden_steps(folder, today)
    if not named or hidden is None or _may_have_ended(text, today):
        return
    options = replace(
        options,
        hidden=hidden,
        instead={},
        passphrases=None if now.written else options.passphrases,
    )
    until = today
    for commit, on, called in _commits(workspace.root, client, zone):
        # With the days only warnings come, which stop a client where it is looked at strictly.
        last, until = min(max(until, on), today), on
        days = (last, min(on, today)) if options.strict else (last,)
        with (
            contextlib.suppress(NotAnnounced),
            past.as_it_was(workspace, commit, client, called) as then,
        ):
            if then is None:
                return
            was = read_as_it_is(then.root / "projects" / client / "client.yml")
            if was is None:
                continue
            is_over = now.written is None and _may_have_ended(was, today)
            if is_over or not _is_this_client(text, was):
                return
            named &= tokens_in(was)
            if _is_a_copy(workspace, client, was):
                continue
            _hide_updates(then.root / "projects" / client, folder, today)
            for day in days:
                reading = read(then, client, replace(options, today=day))
                found = _as_today(workspace, now, reading, options, named)
                if found:
                    yield LastGood(commit=commit, on=day, client=found, reading=reading)
                    break


def last_good_offering(
    workspace: Workspace, way: str, today: datetime.date
) -> Generator[tuple[str, datetime.date, Workspace]]:
    """Read the workspace with a broken offering as it was in each commit in which it was whole.

    The newest comes first, with its commit and the last day on which it was like this. Its links
    are those that have stood there ever since, and nobody else has.
    """
    path, agency = workspace.link_files[way], workspace.agency
    named = tokens_in(workspace.settings.get(way, "")).difference(workspace.shared)
    until = today
    for commit, on in _changed(workspace.root, path, agency.settings.timezone):
        day, until = min(max(until, on), today), on
        said = git.ask(workspace.root, "show", f"{commit}:./{path}")
        if not said.is_ok or not named:
            return
        named &= tokens_in(said.output)
        with tempfile.TemporaryDirectory(prefix="site-builder-") as place:
            file = Path(place, Path(path).name)
            file.write_text(said.output, "utf-8", newline="")
            try:
                offering = read_offering(file)
            except InvalidInput:
                continue
        links = {
            label: link for label, link in offering.written.links.items() if link.token in named
        }
        if links:
            written = offering.written.model_copy(update={"links": links})
            offerings = {**agency.offerings, offering.id: replace(offering, written=written)}
            yield commit, day, replace(workspace, agency=replace(agency, offerings=offerings))
