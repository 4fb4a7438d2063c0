"""What is new for a client: since the last announcement, a commit or a day.

Reads the workspace and git, and writes only the record of what was told. Told is told: a change
that a record lists is never new again, whichever branch the record came from.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from site_builder import git
from site_builder.changes import changes
from site_builder.errors import InvalidInput, NotAnnounced, Problem, Severity
from site_builder.model.changes import Announcement, Change, ChangeKind, told_days
from site_builder.model.fields import ANNOUNCED
from site_builder.model.written import AnnouncementFile
from site_builder.parse.validate import validated
from site_builder.past import (
    SHORT,
    day_named,
    find_commit,
    head,
    lack,
    read_past,
    resolve,
)
from site_builder.roadmap import draw
from site_builder.scaffold.disk import write_new
from site_builder.source.texts import read_yaml_file
from site_builder.workdays import WorkingDays
from site_builder.workspace import ReadOptions, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from site_builder.model.project import Client
    from site_builder.model.roadmap import Roadmap
    from site_builder.past import Past
    from site_builder.workspace import Workspace

NEWS_DAYS = 21
"""Before anything was announced, what has a day within so many days is news."""
RULE = "unannounced"
WORDS = {
    ChangeKind.STARTED: ("project new", "projects new"),
    ChangeKind.FINISHED: ("step finished", "steps finished"),
    ChangeKind.APPROVED: ("approval", "approvals"),
    ChangeKind.END_MOVED: ("end moved", "ends moved"),
    ChangeKind.MOVED: ("date changed", "dates changed"),
    ChangeKind.AT_RISK: ("date at risk", "dates at risk"),
    ChangeKind.PAUSED: ("pause", "pauses"),
    ChangeKind.RESUMED: ("pause that ends", "pauses that end"),
    ChangeKind.SKIPPED: ("step taken out", "steps taken out"),
    ChangeKind.CAME_IN: ("thing came in", "things came in"),
    ChangeKind.WENT_OUT: ("thing went out", "things went out"),
    ChangeKind.DECLINED: ("thing declined", "things declined"),
    ChangeKind.RECEIVED: ("answer received", "answers received"),
    ChangeKind.ASKED: ("request", "requests"),
    ChangeKind.ADDED: ("step added", "steps added"),
    ChangeKind.UPDATED: ("update", "updates"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is compared, as commits or days; empty ones mean the last announcement, and now."""

    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new for one client."""

    client: Client
    """As it is, or as it was at the end of the span."""
    roadmaps: tuple[Roadmap, ...]
    changes: tuple[Change, ...]
    is_first: bool
    """Whether nothing was announced before."""
    until: str
    """The commit up to which everything is told once this is; empty where none is known."""
    compared: str
    """What it was compared with, in words."""


def described(found: Sequence[Change]) -> str:
    """Count changes in words: 2 steps finished, 1 request."""
    numbers = Counter(change.kind for change in found)
    return ", ".join(
        f"{numbers[kind]} {WORDS[kind][numbers[kind] != 1]}" for kind in ChangeKind if numbers[kind]
    )


def _known_commit(root: Path, announced: Sequence[Announcement]) -> str:
    """Find the commit of the newest record that is still here; else what was there before it."""
    for record in reversed(announced):
        if record.until and (found := find_commit(root, record.until)):
            return found
    # The history was rewritten, or squashed: the record came with the commit that has it now.
    words = ("log", "-1", "--diff-filter=A", "--format=%H", "--", announced[-1].path)
    added = git.ask(root, *words).output.strip()
    return find_commit(root, f"{added}^") if added else ""


def _described_past(past: Past) -> str:
    words = f"compared with {past.commit[:SHORT]} of {past.on}"
    if past.instead_of:
        return f"{words}: at {past.instead_of[:SHORT]} the files had mistakes"
    return words if past.reading else f"{words}, in which the client was not there yet"


def _since(
    workspace: Workspace, now: Client, commit: str, today: datetime.date
) -> tuple[tuple[Change, ...], str]:
    past = read_past(workspace, now.id, commit, today)
    return changes(past.reading.client if past.reading else None, now), _described_past(past)


def _since_last(
    workspace: Workspace, now: Client, today: datetime.date
) -> tuple[tuple[Change, ...], str, str]:
    """Find what is new since the last announcement; also the commit, and what was compared."""
    root, announced = workspace.root, now.announced
    told = told_days(announced)
    first = min((record.on for record in announced), default=today)
    commit = _known_commit(root, announced) if announced else ""
    if commit:
        found, compared = _since(workspace, now, commit, today)
        return tuple(change for change in found if change.key not in told), commit, compared
    if announced and (why := lack(root)):
        raise NotAnnounced(f"what was told to {now.id} cannot be found: {why}")
    start = first - datetime.timedelta(days=NEWS_DAYS)
    found = tuple(
        change
        for change in changes(None, now)
        if change.on and change.on >= start and change.key not in told
    )
    if not announced:
        return found, "", f"nothing was announced before, so this is what is dated since {start}"
    return (
        found,
        "",
        "the commit of the last announcement is not here, so only what has a day is new",
    )


def find_news(workspace: Workspace, client: str, today: datetime.date, span: Span) -> News:
    """Find what is new for a client.

    Raises:
        InvalidInput: with the problems of its files, if they have mistakes.
        NotAnnounced: if it cannot be said, with the reason.
    """
    reading = read(workspace, client, ReadOptions(today=today))
    if reading.client is None:
        raise InvalidInput(problem for problem in reading.problems if problem.is_error)
    root, timezone = workspace.root, workspace.agency.settings.timezone
    now, roadmaps, day = reading.client, reading.roadmaps, today
    is_first = not now.announced
    if span.until:
        end = resolve(root, span.until, timezone)
        past = read_past(workspace, client, end, today) if end else None
        if past is None or past.reading is None or past.reading.client is None:
            raise NotAnnounced(f"{client} was not there yet at {span.until}")
        now, day = replace(past.reading.client, announced=now.announced), min(past.on, today)
        roadmaps = tuple(draw(project, day) for project in now.projects)
    if span.since:
        commit = resolve(root, span.since, timezone)
        on = day_named(span.since)
        if on and not commit:
            found = tuple(each for each in changes(None, now) if each.on and each.on > on)
            compared = f"there is no commit up to {on}, so this is what is dated later"
        else:
            found, compared = _since(workspace, now, commit, today)
        until = (_known_commit(root, now.announced) if now.announced else "") or commit
    else:
        found, until, compared = _since_last(workspace, now, day)
        until = until if span.until else head(root)
    return News(
        client=now,
        roadmaps=roadmaps,
        changes=found,
        is_first=is_first,
        until=until,
        compared=compared,
    )


def record_text(on: datetime.date, until: str, keys: Sequence[str]) -> str:
    """Write a record of what is told."""
    lines = [
        "# What was told to the client, once. Written by: site-builder announce --sent",
        f"on: {on}",
        *([f"until: {until}"] if until else []),
        "told:",
        *(f"  - {key}" for key in keys),
    ]
    return "\n".join(lines) + "\n"


def read_draft(folder: Path, path: Path) -> AnnouncementFile | None:
    """Read the record that lies beside a draft; None where there is none.

    Raises:
        InvalidInput: if it has mistakes.
    """
    if not path.is_file():
        return None
    problems: list[Problem] = []
    file = read_yaml_file(folder, path, problems)
    written = validated(AnnouncementFile, file.document, problems) if file else None
    if written is None or problems:
        raise InvalidInput(problems)
    return written


def record(
    workspace: Workspace, client: Client, on: datetime.date, until: str, told: Sequence[str]
) -> str:
    """Write that these changes were told; return the file, or nothing if all were told before.

    Raises:
        NotWritten: if the file cannot be written.
    """
    known = told_days(client.announced)
    keys = [key for key in dict.fromkeys(told) if key not in known]
    if not keys:
        return ""
    text = record_text(on, until, keys)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    path = f"projects/{client.id}/{ANNOUNCED}/{on}-{digest}.yml"
    write_new(workspace.root, {path: text})
    return path


def _waits_too_long(roadmap: Roadmap, change: Change) -> bool:
    """Tell whether a finished step should have been told by now."""
    project, done = roadmap.project, change.milestone.done if change.milestone else None
    if change.kind is not ChangeKind.FINISHED or done is None or done > roadmap.today:
        return False
    working = WorkingDays(holidays=project.holidays, pauses=project.pauses)
    return working.between(done, roadmap.today) > project.rhythm.update_lag


def untold(
    workspace: Workspace, client: Client, roadmaps: Sequence[Roadmap], today: datetime.date
) -> tuple[tuple[Problem, ...], tuple[Change, ...]]:
    """Say what waits to be announced, where this client's news are announced at all."""
    if not client.announced or (client.ends and client.ends <= today):
        return (), ()
    try:
        found, _, _ = _since_last(workspace, client, today)
    except NotAnnounced as error:
        path = client.announced[-1].path
        note = Problem(path=path, rule=RULE, message=str(error), severity=Severity.NOTE)
        return (replace(note, client=client.id),), ()
    return tuple(_problems(client, roadmaps, found)), found


def _problems(
    client: Client, roadmaps: Sequence[Roadmap], found: Sequence[Change]
) -> Iterator[Problem]:
    """Say for each project what waits; a finished step that waits too long is a warning."""
    for roadmap in roadmaps:
        project = roadmap.project
        waiting = [change for change in found if change.project == project.id]
        if not waiting:
            continue
        late = [change for change in waiting if _waits_too_long(roadmap, change)]
        step = late[0].milestone if late else None
        place = project.place(step.id, "done") if step else project.place("")
        yield Problem(
            path=place.path,
            line=place.line,
            column=place.column,
            width=place.width,
            rule=RULE,
            message=f"not told to the client yet: {described(waiting)}",
            hint=f"site-builder announce {client.id}, send it, and then the same with --sent",
            severity=Severity.WARNING if late else Severity.NOTE,
            client=client.id,
        )
