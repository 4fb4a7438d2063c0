"""The pipeline: a workspace and a day become a site. Many clients, in parallel, each on its own."""

from __future__ import annotations

import contextlib
import datetime
import functools
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from site_builder import cache, lookout, paper, render
from site_builder.assemble import assemble
from site_builder.beside import PROGRESS_FILE, files_beside
from site_builder.errors import InvalidInput, Problem, sorted_problems
from site_builder.language import load_language
from site_builder.model.page import PDF_FILE, FinishedFile
from site_builder.neutral import client_page, root_files, write_root
from site_builder.pages.prospect import prospect_page
from site_builder.pages.site import plan
from site_builder.parse.clients import tokens_in
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish import site as whole_site
from site_builder.workspace import (
    ReadOptions,
    Workspace,
    client_digest,
    read,
    shared_digest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from site_builder.audit import Own, Sought
    from site_builder.model.page import Assets, Page

ROOT = ""
"""In the manifest: the pages that belong to no client."""
ALWAYS = (datetime.date.min, datetime.date.max)
CLIENTS_PER_WORKER = 4
"""A further process pays only for several clients: it takes half a second to start."""


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
    entry: cache.Entry | None = None
    """What the next build may rely on."""


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
    sought: Sought
    """What must not stand in any folder."""
    entry: cache.Entry | None = None
    """What was built holds still, but must be looked through anew."""


@functools.cache
def _theme(folders: tuple[Path, ...]) -> render.Theme:
    return render.load_theme(folders)


def forget_theme() -> None:
    """Let the next build in this process read the templates anew: a preview's may change."""
    _theme.cache_clear()


def _write(
    job: Job,
    targets: Sequence[Path],
    pages: Sequence[Page],
    files: Sequence[FinishedFile],
    own: Own,
    printed: Sequence[str] = (),
) -> list[Problem]:
    """Draw the pages once; build each folder beside the old one, and exchange them.

    What the audit finds worth knowing comes back.

    `printed` are the projects whose pages lie beside them on paper, too.

    Raises:
        InvalidInput: if something would leak; then nothing is exchanged.
    """
    folders = job.workspace.theme_folders
    theme = _theme(folders)
    finished = [render.render(page, theme) for page in pages]
    papers: dict[str, bytes] = {}
    warnings: list[Problem] = []
    for target in targets:
        with exchange.exchanged(target) as stage:
            assemble(finished, files, stage, theme=folders[0], environment=theme.environment)
            for project in printed:
                if project not in papers:
                    html = (stage / project / "index.html").read_text("utf-8")
                    style = shared_assets.stylesheet_text(paper.STYLESHEET, folders)
                    papers[project] = paper.draw(html, style, job.site / job.assets.folder)
                (stage / project / PDF_FILE).write_bytes(papers[project])
            warnings += lookout.refuse_leaks(job.sought, stage, own)
    return warnings


def _targets(workspace: Workspace, client: str, site: Path) -> list[Path]:
    """List the folders that a client may have in the site."""
    tokens = sorted(tokens_in(workspace.settings.get(client, "")))
    return [site / whole_site.CLIENTS / token for token in tokens]


def _key(job: Job) -> str:
    """Digest all that goes into one client's pages, but the day; empty where it is unreadable."""
    files = client_digest(job.workspace, job.client) if job.common else None
    return cache.digest_of(job.common, files) if files else ""


def build_client(job: Job) -> Result:
    """Build every copy of the folder of one client or offering, or keep what is there.

    A bug of ours is caught here, so that it harms no other client; it comes back as `Result.bug`.
    """
    try:
        if job.entry:
            targets = _targets(job.workspace, job.client, job.site)
            lookout.look_again(job.workspace, job.client, job.options.today, job.sought, targets)
            entry = replace(job.entry, found=job.sought.digest)
            return Result(
                client=job.client, problems=entry.problems, fate=Fate.UNCHANGED, entry=entry
            )
        is_offering = job.client in job.workspace.offerings
        result = _build_prospect(job) if is_offering else _build_client(job)
        # A file that was saved meanwhile is built the next time.
        if job.key and result.days and job.key == _key(job):
            targets = _targets(job.workspace, job.client, job.site)
            entry = cache.remember(
                job.key, result.days, targets, result.problems, job.sought.digest
            )
            return replace(result, entry=entry)
        return result  # noqa: TRY300 - all of it may fail
    except InvalidInput as error:  # a template of theirs says what no catalogue knows
        problems = tuple(replace(problem, client=job.client) for problem in error.problems)
        return Result(client=job.client, problems=problems, fate=Fate.KEPT)
    except OSError as error:
        reason = f"the page could not be written: {error.strerror or error}"
        hint = (
            "the page that was there is whole; make room or mend the permissions, and build again"
        )
        path = f"projects/{job.client}"
        problem = Problem(
            path=path, rule="unwritable", message=reason, hint=hint, client=job.client
        )
        return Result(client=job.client, problems=(problem,), fate=Fate.KEPT)
    except Exception:  # noqa: BLE001 - reported with its traceback, exit code 70
        return Result(client=job.client, bug=traceback.format_exc())


def _build_prospect(job: Job) -> Result:
    """Build the page of an offering at its links; where it is broken, the last one stays."""
    workspace, settings = job.workspace, job.workspace.agency.settings
    offering = workspace.offering_at(job.client)
    if offering is None:
        is_there = any(folder.is_dir() for folder in _targets(workspace, job.client, job.site))
        return Result(client=job.client, fate=Fate.KEPT if is_there else Fate.NOTHING)
    own = [link.token for link in offering.links.values() if link.token not in workspace.shared]
    language = load_language(settings.language, workspace.root)
    page = prospect_page(offering, settings, language, job.assets)
    targets = [job.site / whole_site.CLIENTS / token for token in own]
    _write(job, targets, [page], [], lookout.own_of_offering(workspace, job.client))
    return Result(client=job.client, fate=Fate.BUILT, days=ALWAYS)


def _build_client(job: Job) -> Result:
    clients_folder = job.site / whole_site.CLIENTS
    found = read(job.workspace, job.client, job.options)
    written, shared = found.written, job.workspace.shared
    links = written.links.values() if written else ()
    own = [link.token for link in links if link.token not in shared]

    own_folders = [clients_folder / token for token in own]

    def result(fate: Fate) -> Result:
        return Result(client=job.client, problems=found.problems, fate=fate)

    mine = lookout.own_of(
        job.workspace, job.client, written, found.secrecy, drafts=job.options.drafts
    )
    if written and written.ends and written.ends <= job.options.today:
        _write(
            job, own_folders, [client_page(job.workspace, job.assets, written, "closed")], [], mine
        )
        # A page that is closed has nothing to warn of.
        errors = tuple(problem for problem in found.problems if problem.is_error)
        days = None if errors else (written.ends, datetime.date.max)
        return replace(result(Fate.CLOSED), problems=errors, days=days)
    if found.client:
        can_print = not (found.client.pdf and paper.missing())
        client = replace(found.client, pdf=found.client.pdf and can_print)
        language = load_language(client.language, job.workspace.root)
        pages = plan(client, found.roadmaps, language, job.assets)
        files = list(files_beside(client, found.roadmaps, language, job.options.today))
        printed = [project.id for project in client.projects] if client.pdf else []
        try:
            warnings = _write(job, own_folders, pages, files, mine, printed)
        except InvalidInput as error:  # a leak, or a string of their theme that has no words
            leaks = (replace(problem, client=job.client) for problem in error.problems)
            found = replace(found, problems=sorted_problems((*found.problems, *leaks)))
        else:
            found = replace(found, problems=sorted_problems((*found.problems, *warnings)))
            # The page's data says its day, and most of its sentences depend on it. What is
            # missing for a PDF file may be there the next time.
            days = (job.options.today, job.options.today) if can_print else None
            return replace(result(Fate.BUILT), days=days)
    tokens = own or sorted(tokens_in(job.workspace.settings.get(job.client, "")))
    folders = [clients_folder / token for token in tokens]
    # A neutral page has no data beside it.
    kept = [folder for folder in folders if (folder / PROGRESS_FILE).is_file()]
    if written and own:
        empty = [folder for folder in folders if not folder.is_dir()]
        if empty:
            _write(
                job, empty, [client_page(job.workspace, job.assets, written, "updating")], [], mine
            )
        return result(Fate.KEPT if kept else Fate.UPDATING)
    there = [folder for folder in folders if folder.is_dir()]
    return result(Fate.KEPT if kept else Fate.UPDATING if there else Fate.NOTHING)


def published(site: Path) -> frozenset[str]:
    """List the private folders that stand in a site."""
    return whole_site.published_tokens(site)


def _run(jobs: Sequence[Job], processes: int) -> Iterator[Result]:
    workers = min(processes, len(jobs) // CLIENTS_PER_WORKER)
    if workers <= 1:
        yield from map(build_client, jobs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(
            build_client, jobs, chunksize=max(1, min(16, len(jobs) // workers // 4))
        )


def _write_root(job: Job, manifest: cache.Manifest) -> None:
    """Write the neutral pages outside of the clients' folders, unless they stand as they were."""
    targets = [job.site / way for way in root_files(job.assets)]
    key = cache.digest_of(job.common, job.sought.digest) if job.common else ""
    if not (key and manifest.find(ROOT, key, job.options.today, targets)):
        write_root(
            job.workspace, job.assets, job.site, job.sought, _theme(job.workspace.theme_folders)
        )
        manifest.entries[ROOT] = cache.remember(key, ALWAYS, targets)


def build(
    workspace: Workspace,
    clients: Sequence[str],
    site: Path,
    options: ReadOptions,
    *,
    processes: int,
    manifest_file: Path | None = None,
) -> Iterator[Result]:
    """Build the pages of `clients` into `site`, one result for each as it is ready.

    Offerings are built with them if they are named, as `Workspace.prospects` does. All of both:
    what nobody links to any more is removed at the end. What the manifest remembers and nothing has
    touched is not built again; without one all is built.

    Raises:
        InvalidInput: if the neutral pages have strings without words in the agency's language, or
            something would leak outside of the clients' folders.
        UnsafeTarget: if the site's folder is not ours.
    """
    gathered = shared_assets.gather(
        workspace.agency.settings, workspace.root, workspace.theme_folders
    )
    assets = gathered.links
    sought = lookout.look_out(workspace, options.machine)
    lookout.refuse_leaking_files(sought, gathered.files, assets.folder)
    was_ours = exchange.claim(site)
    with exchange.locked(site):
        for folder in ("", whole_site.CLIENTS, whole_site.ASSETS, assets.folder):
            exchange.recover(site / folder)
        shared_assets.write(gathered, site)
        manifest = cache.load_manifest(manifest_file)
        common = (
            cache.digest_of(
                shared_digest(workspace), assets.folder, f"{options.strict} {options.drafts}"
            )
            if manifest_file
            else ""
        )
        nobody = Job(
            workspace=workspace,
            client="",
            options=options,
            site=site,
            assets=assets,
            common=common,
            sought=sought,
        )
        fates, jobs = set(), []
        for client in clients:
            job = replace(nobody, client=client)
            job = replace(job, key=_key(job))
            entry = manifest.find(client, job.key, options.today, _targets(workspace, client, site))
            if entry and entry.found == sought.digest:
                fates.add(Fate.UNCHANGED)
                yield Result(client=client, problems=entry.problems, fate=Fate.UNCHANGED)
            else:
                jobs.append(replace(job, entry=entry))
        for result in _run(jobs, processes):
            fates.add(result.fate)
            if result.entry:
                manifest.entries[result.client] = result.entry
            else:
                manifest.entries.pop(result.client, None)
            yield result
        if fates == {Fate.NOTHING}:
            if not was_ours:
                whole_site.give_back(site)
            return
        _write_root(nobody, manifest)
        whole_site.write_headers(site)
        # Where a file with links cannot be read nobody knows which pages it means: all stay.
        are_all = {*workspace.clients, *workspace.prospects} <= set(clients)
        if are_all and workspace.settings.keys() == workspace.link_files.keys():
            wanted = {token for text in workspace.settings.values() for token in tokens_in(text)}
            whole_site.remove_unwanted(site, wanted)
        whole_site.remove_stale_assets(site, assets.folder)
        if manifest_file:
            known = {ROOT, *workspace.clients, *workspace.prospects}
            manifest.entries = {
                name: entry for name, entry in manifest.entries.items() if name in known
            }
            with contextlib.suppress(OSError):  # then the next build takes longer
                exchange.write_whole(manifest_file.with_name(".gitignore"), b"*\n")
                exchange.write_whole(manifest_file, manifest.text().encode())
