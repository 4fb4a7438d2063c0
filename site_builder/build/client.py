"""One client, or the page of one offering: built, kept as it is, or replaced by a neutral page."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import traceback
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from site_builder import cache, lookout, past
from site_builder.build.folders import write_client, write_plain
from site_builder.build.neutral import client_page
from site_builder.digests import client_digest
from site_builder.errors import InvalidInput, Problem, sorted_problems
from site_builder.language import load_language
from site_builder.lastgood import last_good, last_good_offering, own_then
from site_builder.model.links import Protection
from site_builder.pages.prospect import prospect_page
from site_builder.parse.clients import tokens_in, wanted_in
from site_builder.publish import site as whole_site
from site_builder.workspace import (
    ReadOptions,
    Workspace,
    read,
)

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from pathlib import Path

    from site_builder.audit import Own, Sought
    from site_builder.model.page import Assets
    from site_builder.model.written import ClientFile
    from site_builder.traces import Trace
    from site_builder.workspace import ClientReading

DRAWN = 5
"""Whole states of a client that are drawn in search of one in which nothing leaks today."""


class Fate(StrEnum):
    """What became of one client, or one offering, in a build."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    KEPT = "kept"
    UPDATING = "updating"
    RESTORED = "restored"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The last good page of a client, built anew because none stood there."""

    commit: str
    on: datetime.date
    """The day that it shows."""
    folders: frozenset[Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One client, or one offering, after a build."""

    client: str
    """For an offering its way below projects/: `_offerings/website`."""
    problems: tuple[Problem, ...] = ()
    fate: Fate = Fate.NOTHING
    bug: str = ""
    """The traceback of what should never happen."""
    days: tuple[datetime.date, datetime.date] | None = None
    """The first and the last day on which the same would be built; None: it is not remembered."""
    pictures: tuple[str, ...] = ()
    """What was used of the pictures that are kept."""
    entry: cache.Entry | None = None
    """What the next build may rely on."""
    restored: Restored | None = None
    lack: str = ""
    """Why the last good page cannot be looked for, where that is so."""

    @property
    def is_well(self) -> bool:
        """Tell whether the pages are as the files say, and nothing is wrong with these."""
        is_fresh = self.fate in {Fate.BUILT, Fate.UNCHANGED, Fate.CLOSED}
        return is_fresh and not any(problem.is_error for problem in self.problems)


class Ready(Protocol):
    """The pages of one client, built and looked through elsewhere."""

    @property
    def result(self) -> Result | None:
        """What was said of them there; None: no more is known than that they are well."""

    def is_whole(self) -> bool:
        """Tell whether nothing was lost on the way."""

    def put_into(self, clients_folder: Path) -> bool:
        """Let its folders take their places, each in one step; tell whether anything is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker needs to know to build one client, or the page of an offering."""

    workspace: Workspace
    client: str
    options: ReadOptions
    site: Path
    assets: Assets
    common: str = ""
    """Digest of what all clients share; empty: nothing is remembered."""
    key: str = ""
    """Digest of all that goes into this client's pages, but the day."""
    pictures: Path | None = None
    """Where copies of pictures are kept."""
    sought: Sought
    """What must not stand in any folder."""
    entry: cache.Entry | None = None
    """What was built holds still, but must be looked through anew."""
    ready: Ready | None = None
    """What was built elsewhere, and looked through there."""


def targets_of(workspace: Workspace, client: str, site: Path) -> list[Path]:
    """List the folders that a client may have in the site."""
    tokens = sorted(tokens_in(workspace.settings.get(client, "")))
    return [site / whole_site.CLIENTS / token for token in tokens]


def key_of(
    workspace: Workspace,
    client: str,
    common: str,
    seen: MutableMapping[str, Trace] | None = None,
) -> str:
    """Digest all that goes into one client's pages, but the day; `common` is what all share.

    `seen` is what was seen of the clients' files before. Empty where nothing is to be remembered,
    or a file is unreadable.
    """
    files = client_digest(workspace, client, seen) if common else None
    return cache.digest_of(common, files) if files else ""


def build_client(job: Job) -> Result:
    """Build every copy of the folder of one client or offering, or keep what is there.

    A bug of ours is caught here, so that it harms no other client; it comes back as `Result.bug`.
    """
    try:
        if job.entry:
            return _look_again(job, job.entry)
        is_offering = job.client in job.workspace.offerings
        result = _build_prospect(job) if is_offering else _build_client(job)
        # A file that was saved meanwhile is built the next time.
        if job.key and result.days and job.key == key_of(job.workspace, job.client, job.common):
            targets = targets_of(job.workspace, job.client, job.site)
            entry = cache.remember(
                job.key, result.days, targets, result.problems, _noted(job, result.pictures)
            )
            return replace(result, entry=entry)
        return result  # noqa: TRY300 - all of it may fail
    except InvalidInput as error:  # a template of theirs says what no catalogue knows
        problems = tuple(replace(problem, client=job.client) for problem in error.problems)
        return Result(client=job.client, problems=problems, fate=Fate.KEPT)
    except OSError as error:
        return _unwritable(job, error)
    except Exception:  # noqa: BLE001 - reported with its traceback, exit code 70
        return Result(client=job.client, bug=traceback.format_exc())


def _unwritable(job: Job, error: OSError) -> Result:
    reason = f"the page could not be written: {error.strerror or error}"
    hint = "the page that was there is whole; make room or mend the permissions, and build again"
    path = f"projects/{job.client}"
    problem = Problem(path=path, rule="unwritable", message=reason, hint=hint, client=job.client)
    return Result(client=job.client, problems=(problem,), fate=Fate.KEPT)


def take_ready(job: Job) -> Result | None:
    """Let pages that were built elsewhere take their places; None, if they are not whole.

    May be called in several threads, each for another client.
    """
    if job.ready is None or not job.ready.is_whole():
        return None
    try:
        is_new = job.ready.put_into(job.site / whole_site.CLIENTS)
    except OSError as error:
        return _unwritable(job, error)
    fate = Fate.BUILT if is_new else Fate.UNCHANGED
    return job.ready.result or Result(client=job.client, fate=fate)


def _noted(job: Job, used: Sequence[str]) -> dict[str, object]:
    """Note what an entry holds for: what was looked for, and which pictures were used."""
    return {"sought": job.sought.digest, "pictures": list(used)}


def _look_again(job: Job, entry: cache.Entry) -> Result:
    """Look through what stands as it was built for what came to be looked for since."""
    targets = targets_of(job.workspace, job.client, job.site)
    lookout.look_again(job.workspace, job.client, job.options.today, job.sought, targets)
    entry = replace(entry, found=_noted(job, entry.found["pictures"]))
    return Result(client=job.client, problems=entry.problems, fate=Fate.UNCHANGED, entry=entry)


def _build_prospect(job: Job) -> Result:
    """Build the page of an offering at its links; where it is broken, the last one stays."""
    workspace, settings = job.workspace, job.workspace.agency.settings
    offering = workspace.offering_at(job.client)
    if offering is None:
        folders = targets_of(workspace, job.client, job.site)
        if any(folder.is_dir() for folder in folders):
            return Result(client=job.client, fate=Fate.KEPT)
        return _restore_prospect(job, folders)
    own = [link.token for link in offering.links.values() if link.token not in workspace.shared]
    language = load_language(settings.language, workspace.root)
    page = prospect_page(offering, settings, language, job.assets)
    targets = {job.site / whole_site.CLIENTS / token: () for token in own}
    write_plain(job, lookout.own_of_offering(workspace, job.client), targets, [page])
    return Result(client=job.client, fate=Fate.BUILT, days=cache.ALWAYS)


def _restore_prospect(job: Job, folders: Sequence[Path]) -> Result:
    """Build the last good page of a broken offering anew; nothing if git knows none."""
    if not job.options.drafts:
        states = last_good_offering(job.workspace, job.client, job.options.today)
        for commit, on, workspace in itertools.islice(states, DRAWN):
            try:
                _build_prospect(replace(job, workspace=workspace))
            except InvalidInput:  # what leaks today was not good
                continue
            done = frozenset(folder for folder in folders if folder.is_dir())
            restored = Restored(commit=commit, on=on, folders=done)
            return Result(client=job.client, fate=Fate.RESTORED, restored=restored)
    return Result(client=job.client, fate=Fate.NOTHING, lack=past.lack(job.workspace.root))


def _build_client(job: Job) -> Result:
    found = read(job.workspace, job.client, job.options)
    written, shared = found.written, job.workspace.shared
    links = written.links.values() if written else ()
    own = [link for link in links if link.token not in shared]
    mine = lookout.own_of(
        job.workspace, job.client, written, found.secrecy, drafts=job.options.drafts
    )
    result = Result(client=job.client, problems=found.problems)
    if written and written.ends and written.ends <= job.options.today:
        folders = [job.site / whole_site.CLIENTS / link.token for link in own]
        _write_neutral(job, mine, folders, written, "closed")
        # A page that is closed has nothing to warn of.
        errors = tuple(problem for problem in found.problems if problem.is_error)
        days = None if errors else (written.ends, datetime.date.max)
        return replace(result, fate=Fate.CLOSED, problems=errors, days=days)
    if found.client:
        try:
            done = write_client(job, mine, found.client, found.roadmaps, own)
        except InvalidInput as error:  # a leak, or a string of their theme that has no words
            leaks = (replace(problem, client=job.client) for problem in error.problems)
            result = replace(result, problems=sorted_problems((*found.problems, *leaks)))
        else:
            # The page's data says its day, and most of its sentences depend on it. What is missing
            # for a PDF file may be there the next time. Of a passphrase nothing is remembered, not
            # even a digest: that would be a quick way to try guesses.
            is_known = done.is_lasting and found.client.protection is not Protection.PASSPHRASE
            return replace(
                result,
                fate=Fate.BUILT,
                problems=sorted_problems((*found.problems, *done.found)),
                days=(job.options.today, job.options.today) if is_known else None,
                pictures=done.pictures,
            )
    return _keep(job, replace(found, problems=result.problems), mine, [link.token for link in own])


def _keep(job: Job, now: ClientReading, mine: Own, own: Sequence[str]) -> Result:
    """Keep the last good page; build it anew where none stands, or say that it is being updated.

    `own` are the client's links that can be read, and are no other client's.
    """
    written, result = now.written, Result(client=job.client, problems=now.problems)
    tokens = own or sorted(tokens_in(job.workspace.settings.get(job.client, "")))
    folders = [job.site / whole_site.CLIENTS / token for token in tokens]
    kept = [folder for folder in folders if _has_pages(folder)]
    bare = _less_protected(job, kept)
    missing = [folder for folder in folders if folder in bare or folder not in kept]
    restored = _restore(job, now, missing)
    if restored:
        missing = [folder for folder in missing if folder not in restored.folders]
    can_say = written is not None and bool(own)
    fresh = [folder for folder in missing if folder in bare or (can_say and not folder.is_dir())]
    _write_neutral(job, mine, fresh, written, "updating")
    if restored:
        return replace(result, fate=Fate.RESTORED, restored=restored)
    if len(missing) < len(folders):
        return replace(result, fate=Fate.KEPT)
    is_there = any(folder.is_dir() for folder in folders)
    fate = Fate.UPDATING if is_there else Fate.NOTHING
    return replace(result, fate=fate, lack=past.lack(job.workspace.root))


def _restore(job: Job, now: ClientReading, missing: Sequence[Path]) -> Restored | None:
    """Build the last good page anew where none stands; None if git knows none that may be seen."""
    if not missing or job.options.drafts:  # a preview shows what lies on the disk
        return None
    with contextlib.closing(last_good(job.workspace, job.client, now, job.options)) as states:
        for state in itertools.islice(states, DRAWN):
            links = {
                folder: link
                for link in state.client.links.values()
                if (folder := job.site / whole_site.CLIENTS / link.token) in missing
            }
            then = replace(job, options=replace(job.options, today=state.on))
            mine = own_then(job.workspace, job.client, now, state.reading)
            roadmaps = state.reading.roadmaps
            try:
                write_client(then, mine, state.client, roadmaps, [*links.values()])
            except InvalidInput:  # what leaks today was not good
                continue
            if links:
                return Restored(commit=state.commit, on=state.on, folders=frozenset(links))
    return None


def _write_neutral(
    job: Job, mine: Own, folders: Sequence[Path], written: ClientFile | None, kind: str
) -> None:
    if folders:
        page = client_page(job.workspace, job.assets, written, kind)
        write_plain(job, mine, dict.fromkeys(folders, ()), [page])


def _less_protected(job: Job, kept: Sequence[Path]) -> list[Path]:
    """Find pages that their client.yml wants to be protected better, even in mistyped words.

    That wins over keeping them. A folder that two clients have may be the other one's.
    """
    wanted = wanted_in(job.workspace.settings.get(job.client, ""))
    own = (folder for folder in kept if folder.name not in job.workspace.shared)
    return [folder for folder in own if not whole_site.protects(folder, wanted)]


def _has_pages(folder: Path) -> bool:
    """Tell a client's pages, open or sealed, from a neutral one, which stands alone."""
    return folder.is_dir() and any(entry.is_dir() for entry in folder.iterdir())
