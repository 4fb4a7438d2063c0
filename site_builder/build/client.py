"""One client, or the page of one offering: built, kept as it is, or replaced by a neutral page."""

from __future__ import annotations

import datetime
import traceback
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from site_builder import cache, lookout, paper
from site_builder.attachments import attach
from site_builder.beside import followed_files
from site_builder.build.folders import write_plain, write_sealed
from site_builder.build.neutral import client_page
from site_builder.digests import client_digest
from site_builder.errors import InvalidInput, Problem, sorted_problems
from site_builder.language import load_language
from site_builder.model.links import Protection
from site_builder.pages.prospect import prospect_page
from site_builder.pages.site import plan
from site_builder.parse.clients import tokens_in, wanted_in
from site_builder.publish import site as whole_site
from site_builder.workspace import (
    ReadOptions,
    Workspace,
    read,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from site_builder.audit import Sought
    from site_builder.model.page import Assets
    from site_builder.model.written import ClientFile


class Fate(StrEnum):
    """What became of one client, or one offering, in a build."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    KEPT = "kept"
    UPDATING = "updating"
    NOTHING = "nothing"


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


def key_of(workspace: Workspace, client: str, common: str) -> str:
    """Digest all that goes into one client's pages, but the day; `common` is what all share.

    Empty where nothing is to be remembered, or a file is unreadable.
    """
    files = client_digest(workspace, client) if common else None
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
        is_there = any(folder.is_dir() for folder in targets_of(workspace, job.client, job.site))
        return Result(client=job.client, fate=Fate.KEPT if is_there else Fate.NOTHING)
    own = [link.token for link in offering.links.values() if link.token not in workspace.shared]
    language = load_language(settings.language, workspace.root)
    page = prospect_page(offering, settings, language, job.assets)
    targets = {job.site / whole_site.CLIENTS / token: () for token in own}
    write_plain(job, lookout.own_of_offering(workspace, job.client), targets, [page])
    return Result(client=job.client, fate=Fate.BUILT, days=cache.ALWAYS)


def _build_client(job: Job) -> Result:
    clients_folder = job.site / whole_site.CLIENTS
    found = read(job.workspace, job.client, job.options)
    written, shared = found.written, job.workspace.shared
    links = written.links.values() if written else ()
    own_links = [link for link in links if link.token not in shared]
    own = [link.token for link in own_links]
    own_folders = [clients_folder / token for token in own]

    def result(fate: Fate) -> Result:
        return Result(client=job.client, problems=found.problems, fate=fate)

    mine = lookout.own_of(
        job.workspace, job.client, written, found.secrecy, drafts=job.options.drafts
    )

    def write_neutral(folders: Sequence[Path], written: ClientFile | None, kind: str) -> None:
        if folders:
            page = client_page(job.workspace, job.assets, written, kind)
            write_plain(job, mine, dict.fromkeys(folders, ()), [page])

    if written and written.ends and written.ends <= job.options.today:
        write_neutral(own_folders, written, "closed")
        # A page that is closed has nothing to warn of.
        errors = tuple(problem for problem in found.problems if problem.is_error)
        days = None if errors else (written.ends, datetime.date.max)
        return replace(result(Fate.CLOSED), problems=errors, days=days)
    if found.client:
        can_print = not (found.client.pdf and paper.missing())
        client = replace(found.client, pdf=found.client.pdf and can_print)
        language = load_language(client.language, job.workspace.root)
        beside = attach(client, found.roadmaps, language, job.options.today, job.pictures)
        pages = plan(client, found.roadmaps, language, job.assets, beside.shown)
        printed = [project.id for project in client.projects] if client.pdf else []
        try:
            if client.protection is Protection.LINK:
                followed = {
                    clients_folder / link.token: list(
                        followed_files(client, language, found.roadmaps, link)
                    )
                    for link in own_links
                }
                found_there = write_plain(job, mine, followed, pages, beside.finished, printed)
            else:
                found_there = write_sealed(
                    job, mine, client, own_links, pages, beside.finished, printed
                )
        except InvalidInput as error:  # a leak, or a string of their theme that has no words
            leaks = (replace(problem, client=job.client) for problem in error.problems)
            found = replace(found, problems=sorted_problems((*found.problems, *leaks)))
        else:
            found = replace(found, problems=sorted_problems((*found.problems, *found_there)))
            # The page's data says its day, and most of its sentences depend on it. What is missing
            # for a PDF file may be there the next time. Of a passphrase nothing is remembered, not
            # even a digest: that would be a quick way to try guesses.
            is_known = can_print and client.protection is not Protection.PASSPHRASE
            days = (job.options.today, job.options.today) if is_known else None
            return replace(result(Fate.BUILT), days=days, pictures=tuple(sorted(beside.made)))
    tokens = own or sorted(tokens_in(job.workspace.settings.get(job.client, "")))
    folders = [clients_folder / token for token in tokens]
    kept = [folder for folder in folders if _has_pages(folder)]
    bare = _less_protected(job, kept)
    kept = [folder for folder in kept if folder not in bare]
    write_neutral(bare, written, "updating")
    if written and own:
        empty = [folder for folder in folders if not folder.is_dir() or _has_pages(folder)]
        empty = [folder for folder in empty if folder not in kept]
        write_neutral(empty, written, "updating")
        return result(Fate.KEPT if kept else Fate.UPDATING)
    there = [folder for folder in folders if folder.is_dir()]
    return result(Fate.KEPT if kept else Fate.UPDATING if there else Fate.NOTHING)


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
