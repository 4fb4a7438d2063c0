"""Every client as it stands: its problems, and its row in the agency's overview.

What was found out before is said again while nothing has changed of all that it came of; then no
file is parsed. `check` and `overview` show what comes out, and write nothing but this memory.
"""

from __future__ import annotations

import contextlib
import datetime
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from site_builder import cache, paper
from site_builder.attention.reasons import errors_reason
from site_builder.attention.rows import Row, row_from, row_of
from site_builder.digests import client_digest, shared_digest
from site_builder.errors import sorted_problems
from site_builder.history import Added, Memory, recall
from site_builder.language import load_language
from site_builder.lastgood import last_good
from site_builder.news import untold
from site_builder.pages.progress import SCHEMA, progress
from site_builder.publish.exchange import write_whole
from site_builder.report import discreet
from site_builder.workers import do_all
from site_builder.workspace import ReadOptions, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping, Sequence
    from pathlib import Path
    from typing import Any

    from site_builder.errors import Problem
    from site_builder.model.changes import Change
    from site_builder.traces import Trace
    from site_builder.workspace import ClientReading, Workspace

HISTORY = ""
"""In the manifest: what git said; no client has this name."""
ALWAYS = (datetime.date.min, datetime.date.max)
CLIENTS_PER_WORKER = 20
"""A further process pays only for many clients: it takes half a second to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """One client on one day."""

    client: str
    problems: tuple[Problem, ...]
    row: Row
    allowed: int = 0
    """How many findings are meant so, and left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What a worker needs to know for all clients."""

    workspace: Workspace
    today: datetime.date
    digest: str
    """Of what all clients share; empty: nothing is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What it needs to know for one."""

    client: str
    memory: Memory
    """What git says of this client."""
    key: str = ""
    """Digest of all that the client's problems and its row come of, but the day."""


def _key(common: _Common, job: _Job, seen: MutableMapping[str, Trace] | None = None) -> str:
    """Digest what a client is read from; empty where it is unreadable.

    `seen` is what was seen of the clients' files before.
    """
    files = client_digest(common.workspace, job.client, seen) if common.digest else None
    if files is None:
        return ""
    known = [job.memory.dues, job.memory.moves, job.memory.told, job.memory.added]
    said = json.dumps(known, sort_keys=True, default=str)
    # Whether this machine makes PDF files is a question that takes long, and few clients ask it.
    lack = paper.missing() if "pdf" in common.workspace.settings[job.client] else ""
    return cache.digest_of(common.digest, files, said, lack)


def _progress(common: _Common, client: str, reading: ClientReading) -> Mapping[str, Any]:
    """Say what progress.json would say; without projects for a client that has none to show."""
    agency, root = common.workspace.agency.settings, common.workspace.root
    if reading.client:
        language = load_language(reading.client.language, root)
        return progress(reading.client, language, reading.roadmaps, common.today)
    written = reading.written
    return {
        "schema": SCHEMA,
        "client": written.name if written else client,
        "language": (written and written.language) or agency.language,
        "as_of": common.today.isoformat(),
        "projects": [],
    }


def with_last_good(workspace: Workspace, row: Row, today: datetime.date) -> Row:
    """Say of a client whose files have mistakes which day its page shows: git is asked for it."""
    if not row.errors or row.is_over:
        return row
    options = ReadOptions(today=today, review=False)
    now = read(workspace, row.id, options)
    with contextlib.closing(last_good(workspace, row.id, now, options)) as states:
        shown = next((state.on for state in states), None)
    reasons = tuple(reason for reason in row.reasons if reason.rule != "errors")
    return replace(row, reasons=(*errors_reason(row.id, row.errors, today, shown=shown), *reasons))


def _look(common: _Common, job: _Job) -> tuple[Surveyed, cache.Entry | None]:
    """Read one client, and note what came of it unless a file was saved meanwhile."""
    workspace, today = common.workspace, common.today
    reading = read(workspace, job.client, ReadOptions(today=today), job.memory)
    waiting: tuple[Change, ...] = ()
    if reading.client:
        found, waiting = untold(workspace, reading.client, reading.roadmaps, today)
        reading = replace(reading, problems=sorted_problems((*reading.problems, *found)))
    row = row_of(job.client, reading, _progress(common, job.client, reading), today, waiting)
    # A mistake in a link is quoted, and the memory is kept where links must not stand.
    problems = tuple(discreet(problem) for problem in reading.problems)
    surveyed = Surveyed(client=job.client, problems=problems, row=row, allowed=reading.allowed)
    if not job.key or job.key != _key(common, job):
        return surveyed, None
    days = (today, today)
    noted = {"row": row, "allowed": reading.allowed}
    return surveyed, cache.remember(job.key, days, [], problems, noted)


def _look_at_all(
    common: _Common, jobs: Sequence[_Job], processes: int
) -> Iterator[tuple[Surveyed, cache.Entry | None]]:
    return do_all(partial(_look, common), jobs, min(processes, len(jobs) // CLIENTS_PER_WORKER))


def _recalled(manifest: cache.Manifest, workspace: Workspace, common: str) -> Memory:
    """Ask git what it saw, or only for what came since."""
    known = None
    if entry := manifest.find(HISTORY, common, datetime.date.min, []):
        day = datetime.date.fromisoformat
        told = {path: day(iso) for path, iso in entry.found["told"].items()}
        added = {path: Added(nth, day(iso)) for path, (nth, iso) in entry.found["added"].items()}
        known = Memory(**{**entry.found, "told": told, "added": added})
    memory = recall(workspace.root, workspace.agency.settings.timezone, known)
    if memory != known:
        found = {
            "dues": memory.dues,
            "newest": memory.newest,
            "moves": memory.moves,
            "told": {path: on.isoformat() for path, on in memory.told.items()},
            "added": {path: [nth, on.isoformat()] for path, (nth, on) in memory.added.items()},
            "commits": memory.commits,
            "until": memory.until,
        }
        manifest.entries[HISTORY] = cache.remember(common, ALWAYS, [], found=found)
    return memory


def _by_client(memory: Memory) -> Mapping[str, Memory]:
    """Split what git says: of each client only what its own files are about."""
    found: dict[str, Memory] = defaultdict(Memory)
    for path, due in memory.dues.items():
        found[path.split("/")[1]].dues[path] = due
    for path, number in memory.moves.items():
        found[path.split("/")[1]].moves[path] = number
    for path, day in memory.told.items():
        found[path.split("/")[1]].told[path] = day
    for path, when in memory.added.items():
        found[path.split("/")[1]].added[path] = when
    return found


def survey(
    workspace: Workspace,
    clients: Sequence[str],
    today: datetime.date,
    *,
    processes: int = 1,
    manifest_file: Path | None = None,
) -> tuple[Surveyed, ...]:
    """Look at clients as they stand on a day; without a manifest, at each of them anew."""
    manifest = cache.load_manifest(manifest_file)
    digest = shared_digest(workspace) if manifest_file else ""
    common = _Common(workspace=workspace, today=today, digest=digest)
    said = _by_client(_recalled(manifest, workspace, digest))
    found: dict[str, Surveyed] = {}
    jobs = []
    for client in clients:
        job = _Job(client=client, memory=said.get(client) or Memory())
        job = replace(job, key=_key(common, job, manifest.sources))
        if entry := manifest.find(client, job.key, today, []):
            found[client] = Surveyed(
                client=client,
                problems=entry.problems,
                row=row_from(entry.found["row"]),
                allowed=entry.found["allowed"],
            )
        else:
            jobs.append(job)
    for surveyed, entry in _look_at_all(common, jobs, processes):
        found[surveyed.client] = surveyed
        if entry:
            manifest.entries[surveyed.client] = entry
    manifest.forget_others({HISTORY, *workspace.clients})
    if manifest_file and manifest.has_changed:
        with contextlib.suppress(OSError):  # then the next look takes longer
            write_whole(manifest_file.with_name(".gitignore"), b"*\n")
            write_whole(manifest_file, manifest.text().encode())
    return tuple(found[client] for client in clients)
