"""The pipeline: a workspace and a day become a site. Many clients, in parallel, each on its own."""

from __future__ import annotations

import contextlib
import datetime
import shutil
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from site_builder import cache, paper, render
from site_builder.assemble import assemble
from site_builder.attachments import attach
from site_builder.build.folders import theme_of, write_plain, write_sealed
from site_builder.errors import InvalidInput, Problem
from site_builder.language import load_language
from site_builder.model.links import Protection
from site_builder.pages.prospect import prospect_page
from site_builder.pages.site import CLIENT_DEPTH, neutral_page, plan
from site_builder.parse.clients import tokens_in
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish import site as whole_site
from site_builder.publish.hosts import write_host_files
from site_builder.seal.script import NAME as SCRIPT_NAME
from site_builder.seal.script import read_script
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

    from site_builder.model.page import Assets, Page
    from site_builder.model.written import ClientFile
    from site_builder.publish.assets import SharedAssets

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
    pictures: tuple[str, ...] = ()
    """What was used of the pictures that are kept."""
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
    pictures: Path | None = None
    """Where copies of pictures are kept."""


def _neutral(job: Job, written: ClientFile, kind: str) -> Page:
    """Make the page of a client that cannot be shown; a closed one names the agency only."""
    agency = job.workspace.agency.settings
    language = load_language(written.language or agency.language, job.workspace.root)
    contact = written.contact or agency.contact
    if kind == "closed":
        contact = agency.contact.model_copy(update={"name": agency.name})
    return neutral_page(language, job.assets, agency, kind, "", CLIENT_DEPTH, contact)


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
        is_offering = job.client in job.workspace.offerings
        result = _build_prospect(job) if is_offering else _build_client(job)
        # A file that was saved meanwhile is built the next time.
        if job.key and result.days and job.key == _key(job):
            targets = _targets(job.workspace, job.client, job.site)
            used = list(result.pictures)
            entry = cache.remember(job.key, result.days, targets, result.problems, used)
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
    write_plain(job, [job.site / whole_site.CLIENTS / token for token in own], [page])
    return Result(client=job.client, fate=Fate.BUILT, days=ALWAYS)


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

    if written and written.ends and written.ends <= job.options.today:
        write_plain(job, own_folders, [_neutral(job, written, "closed")])
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
        if client.protection is Protection.LINK:
            write_plain(job, own_folders, pages, beside.finished, printed)
        else:
            write_sealed(job, client, own_links, pages, beside.finished, printed)
        # The page's data says its day, and most of its sentences depend on it. What is missing
        # for a PDF file may be there the next time. Of a passphrase nothing is remembered, not
        # even a digest: that would be a quick way to try guesses.
        is_known = can_print and client.protection is not Protection.PASSPHRASE
        days = (job.options.today, job.options.today) if is_known else None
        return replace(result(Fate.BUILT), days=days, pictures=tuple(sorted(beside.made)))
    tokens = own or sorted(tokens_in(job.workspace.settings.get(job.client, "")))
    folders = [clients_folder / token for token in tokens]
    kept = [folder for folder in folders if _has_pages(folder)]
    if written and own:
        # That pages are to be protected better wins over keeping those that are not.
        kept = [folder for folder in kept if whole_site.protects(folder, written.protection)]
        empty = [folder for folder in folders if not folder.is_dir() or _has_pages(folder)]
        empty = [folder for folder in empty if folder not in kept]
        if empty:
            write_plain(job, empty, [_neutral(job, written, "updating")])
        return result(Fate.KEPT if kept else Fate.UPDATING)
    there = [folder for folder in folders if folder.is_dir()]
    return result(Fate.KEPT if kept else Fate.UPDATING if there else Fate.NOTHING)


def _has_pages(folder: Path) -> bool:
    """Tell a client's pages, open or sealed, from a neutral one, which stands alone."""
    return folder.is_dir() and any(entry.is_dir() for entry in folder.iterdir())


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


def _write_shared(workspace: Workspace, gathered: SharedAssets, site: Path) -> None:
    """Write what pages share; the script of sealed pages has a folder of its own."""
    shared_assets.write(gathered.links.folder, gathered.files, site)
    if workspace.sealed:
        script = read_script()
        shared_assets.write(script.folder, {SCRIPT_NAME: script.content}, site)


def _write_root(job: Job, manifest: cache.Manifest) -> None:
    """Write the neutral pages outside of the clients' folders, unless they stand as they were."""
    own = (job.assets.folder, *([read_script().folder] if job.workspace.sealed else []))
    addresses = ("", "404.html", f"{whole_site.CLIENTS}/", "assets/", *own)
    targets = [job.site / at / ("" if at.endswith(".html") else "index.html") for at in addresses]
    key = cache.digest_of(job.common, *addresses) if job.common else ""
    if key and manifest.find(ROOT, key, job.options.today, targets):
        return
    language = load_language(job.workspace.agency.settings.language, job.workspace.root)
    theme = theme_of(job.workspace.theme_folders)
    agency = job.workspace.agency.settings
    pages = [neutral_page(language, job.assets, agency, "notfound", at, 0) for at in addresses]
    # A server answers with 404.html at any depth: only a link from the root finds its stylesheet.
    pages = [replace(page, root="/") if page.address == "404.html" else page for page in pages]
    finished = [render.render(page, theme) for page in pages]
    stage = job.site / f"{exchange.STAGED}root"
    assemble(
        finished, [], stage, theme=job.workspace.theme_folders[0], environment=theme.environment
    )
    for path in sorted(stage.rglob("*.html")):
        exchange.write_whole(job.site / path.relative_to(stage), path.read_bytes())
    shutil.rmtree(stage)
    manifest.entries[ROOT] = cache.remember(key, ALWAYS, targets)


def build(
    workspace: Workspace,
    clients: Sequence[str],
    site: Path,
    options: ReadOptions,
    *,
    processes: int,
    manifest_file: Path | None = None,
    pictures: Path | None = None,
) -> Iterator[Result]:
    """Build the pages of `clients` into `site`, one result for each as it is ready.

    Offerings are built with them if they are named, as `Workspace.prospects` does. All of both:
    what nobody links to any more is removed at the end. What the manifest remembers and nothing has
    touched is not built again; without one all is built. Copies of `pictures` are kept there.

    Raises:
        InvalidInput: if the neutral pages have strings without words in the agency's language.
        UnsafeTarget: if the site's folder is not ours.
    """
    gathered = shared_assets.gather(
        workspace.agency.settings, workspace.root, workspace.theme_folders
    )
    assets = gathered.links
    was_ours = exchange.claim(site)
    with exchange.locked(site):
        for folder in ("", whole_site.CLIENTS, whole_site.ASSETS, assets.folder):
            exchange.recover(site / folder)
        _write_shared(workspace, gathered, site)
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
            pictures=pictures,
        )
        fates, jobs = set(), []
        for client in clients:
            job = replace(nobody, client=client)
            job = replace(job, key=_key(job))
            targets = _targets(workspace, client, site)
            if entry := manifest.find(client, job.key, options.today, targets):
                fates.add(Fate.UNCHANGED)
                yield Result(client=client, problems=entry.problems, fate=Fate.UNCHANGED)
            else:
                jobs.append(job)
        for result in _run(jobs, processes):
            fates.add(result.fate)
            if result.entry:
                manifest.entries[result.client] = result.entry
            yield result
        if fates == {Fate.NOTHING}:
            if not was_ours:
                whole_site.give_back(site)
            return
        _write_root(nobody, manifest)
        # Where a file with links cannot be read nobody knows which pages it means: all stay.
        are_all = {*workspace.clients, *workspace.prospects} <= set(clients)
        if are_all and workspace.settings.keys() == workspace.link_files.keys():
            wanted = {token for text in workspace.settings.values() for token in tokens_in(text)}
            whole_site.remove_unwanted(site, wanted)
        host = workspace.agency.settings.host
        write_host_files(site, host, with_script=whole_site.has_sealed(site))
        whole_site.remove_stale_assets(site, assets.folder)
        if manifest_file:
            known = {ROOT, *workspace.clients, *workspace.prospects}
            manifest.entries = {
                name: entry for name, entry in manifest.entries.items() if name in known
            }
            _keep(manifest, manifest_file, pictures if are_all else None)


def _keep(manifest: cache.Manifest, manifest_file: Path, pictures: Path | None) -> None:
    """Write down what the next build may rely on, and forget the pictures that nobody used."""
    if pictures:
        used = {key for entry in manifest.entries.values() for key in entry.found or ()}
        cache.forget(pictures, used)
    with contextlib.suppress(OSError):  # then the next build takes longer
        exchange.write_whole(manifest_file.with_name(".gitignore"), b"*\n")
        exchange.write_whole(manifest_file, manifest.text().encode())
