"""The pipeline: a workspace and a day become a site. Many clients, in parallel, each on its own."""

from __future__ import annotations

import contextlib
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from site_builder import cache, lookout
from site_builder.build.client import (
    ALWAYS,
    Fate,
    Job,
    Result,
    build_client,
    key_of,
    take_ready,
    targets_of,
)
from site_builder.build.neutral import root_files, write_root
from site_builder.digests import shared_digest
from site_builder.parse.clients import tokens_in
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish import site as whole_site
from site_builder.publish.hosts import write_host_files
from site_builder.seal.script import NAME as SCRIPT_NAME
from site_builder.seal.script import read_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from site_builder.build.across import Across
    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace

__all__ = ["Fate", "Result", "build", "published"]

ROOT = ""
"""In the manifest: the pages that belong to no client."""
OWN_OF_A_JOB = ("client", "key", "entry")
"""What differs from one client to the next."""
AT_ONCE = 8
"""So many clients' finished pages take their places at the same time."""
CLIENTS_PER_WORKER = 4
"""A further process pays only for several clients: it takes half a second to start."""


def published(site: Path) -> frozenset[str]:
    """List the private folders that stand in a site."""
    return whole_site.published_tokens(site)


_held: list[Job] = []
"""In a process that helps: what all jobs share. With thousands of clients it is megabytes."""


def _hold(nobody: Job) -> None:
    _held[:] = [nobody]


def _build_own(own: Mapping[str, Any]) -> Result:
    return build_client(replace(_held[0], **own))


def _run(nobody: Job, jobs: Sequence[Job], processes: int) -> Iterator[Result]:
    """Build clients in several processes; each gets once what is the same in all jobs."""
    workers = min(processes, len(jobs) // CLIENTS_PER_WORKER)
    if workers <= 1:
        yield from map(build_client, jobs)
        return
    own = [{name: getattr(job, name) for name in OWN_OF_A_JOB} for job in jobs]
    with ProcessPoolExecutor(workers, initializer=_hold, initargs=(nobody,)) as pool:
        yield from pool.map(_build_own, own, chunksize=max(1, min(16, len(jobs) // workers // 4)))


def _taken(coming: Iterable[Job | Result]) -> Iterator[Job | Result]:
    """Let finished pages take their places as they come; who has none comes back as a job.

    Most of it is waiting for the disk, so several do at once; only a few wait in memory.
    """
    waiting = deque[tuple[Job, Future[Result | None]]]()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for each in coming:
            if isinstance(each, Result) or each.ready is None:
                yield each
                continue
            waiting.append((each, threads.submit(take_ready, each)))
            if len(waiting) > AT_ONCE:
                job, taken = waiting.popleft()
                yield taken.result() or replace(job, ready=None)
        for job, taken in waiting:
            yield taken.result() or replace(job, ready=None)


def _write_shared(workspace: Workspace, gathered: SharedAssets, site: Path) -> None:
    """Write what pages share; the script of sealed pages has a folder of its own."""
    shared_assets.write(gathered.links.folder, gathered.files, site)
    if workspace.sealed:
        script = read_script()
        shared_assets.write(script.folder, {SCRIPT_NAME: script.content}, site)


def _write_root(job: Job, manifest: cache.Manifest) -> None:
    """Write the neutral pages outside of the clients' folders, unless they stand as they were."""
    folders = (job.assets.folder, *([read_script().folder] if job.workspace.sealed else []))
    targets = [job.site / way for way in root_files(folders)]
    key = cache.digest_of(job.common, job.sought.digest, *folders) if job.common else ""
    if not (key and manifest.find(ROOT, key, job.options.today, targets)):
        write_root(job, folders)
        manifest.entries[ROOT] = cache.remember(key, ALWAYS, targets)


def _jobs(nobody: Job, clients: Sequence[str], manifest: cache.Manifest) -> Iterator[Job]:
    """Plan the work, with what the manifest remembers of each."""
    for client in clients:
        job = replace(nobody, client=client)
        job = replace(job, key=key_of(job))
        targets = targets_of(job.workspace, client, job.site)
        yield replace(job, entry=manifest.find(client, job.key, job.options.today, targets))


def _results(
    nobody: Job,
    planned: Iterable[Job],
    across: Across | None,
    gathered: SharedAssets,
    processes: int,
) -> Iterator[Result]:
    """Say at once who is unchanged, and build the others, here or on other machines."""
    jobs = []
    for job in planned:
        # Of words no digest is kept: where some are known, each folder is looked through again.
        if job.entry and job.entry.found["sought"] == job.sought.digest and not job.sought.words:
            problems = job.entry.problems
            yield Result(client=job.client, problems=problems, fate=Fate.UNCHANGED)
        else:
            jobs.append(job)
    left = [] if across else jobs
    for each in _taken(across.elsewhere(nobody, gathered, jobs)) if across else ():
        if isinstance(each, Result):
            yield each
        else:
            left.append(each)
    yield from _run(nobody, left, processes)


def _common(workspace: Workspace, assets_folder: str, options: ReadOptions) -> str:
    """Digest what all clients share."""
    seen = f"{options.strict} {options.drafts}"
    return cache.digest_of(shared_digest(workspace), assets_folder, seen)


def build(
    workspace: Workspace,
    clients: Sequence[str],
    site: Path,
    options: ReadOptions,
    *,
    processes: int,
    manifest_file: Path | None = None,
    pictures: Path | None = None,
    across: Across | None = None,
) -> Iterator[Result]:
    """Build the pages of `clients` into `site`, one result for each as it is ready.

    Offerings are built with them if they are named, as `Workspace.prospects` does. All of both:
    what nobody links to any more is removed at the end. What the manifest remembers and nothing has
    touched is not built again; without one all is built. Copies of `pictures` are kept there.
    `across` several machines: `clients` are one part of a site, which stays a part; or parts are
    there, and out of them comes what was well there; or the workers of a cluster build.

    Raises:
        InvalidInput: if the neutral pages have strings without words in the agency's language, or
            something would leak outside of the clients' folders.
        NotBuilt: if a cluster cannot be asked or was lost; pages that are there are whole.
        UnsafeTarget: if the site's folder is not ours.
    """
    if across:
        across.look(workspace.root)
    gathered = shared_assets.gather(
        workspace.agency.settings, workspace.root, workspace.theme_folders
    )
    assets = gathered.links
    sought = lookout.look_out(workspace, options.machine, options.passphrases)
    lookout.refuse_leaking_files(sought, gathered.files, assets.folder, lookout.nobodys(workspace))
    was_ours = exchange.claim(site, as_part=bool(across and across.is_part))
    with exchange.locked(site):
        for folder in ("", whole_site.CLIENTS, whole_site.ASSETS, assets.folder):
            exchange.recover(site / folder)
        note = across.begin(workspace, options, site) if across else None
        _write_shared(workspace, gathered, site)
        manifest = cache.load_manifest(manifest_file)
        is_keyed = manifest_file or (across and across.needs_keys)
        common = _common(workspace, assets.folder, options) if is_keyed else ""
        nobody = Job(
            workspace=workspace,
            client="",
            options=options,
            site=site,
            assets=assets,
            common=common,
            pictures=pictures,
            sought=sought,
        )
        fates, well = set(), set()
        jobs = _jobs(nobody, clients, manifest)
        for result in _results(nobody, jobs, across, gathered, processes):
            fates.add(result.fate)
            if result.is_well:
                well.add(result.client)
            if result.entry:
                manifest.entries[result.client] = result.entry
            yield result
        if note:
            _remove_unwanted(workspace, clients, site)
            note.finish(workspace, well, site)
        elif fates == {Fate.NOTHING}:
            if not was_ours:
                whole_site.give_back(site)
            return
        else:
            _write_around(nobody, manifest, are_all=_are_all(workspace, clients))
        whole_site.remove_stale_assets(site, assets.folder)
        if manifest_file:
            _keep(
                workspace,
                manifest,
                manifest_file,
                pictures if _are_all(workspace, clients) else None,
            )


def _are_all(workspace: Workspace, owners: Iterable[str]) -> bool:
    return {*workspace.clients, *workspace.prospects} <= set(owners)


def _write_around(nobody: Job, manifest: cache.Manifest, *, are_all: bool) -> None:
    """Write what stands around the clients' folders; of `are_all`, remove those of nobody."""
    _write_root(nobody, manifest)
    if are_all:
        _remove_unwanted(nobody.workspace, nobody.workspace.settings, nobody.site)
    host = nobody.workspace.agency.settings.host
    write_host_files(nobody.site, host, with_script=whole_site.has_sealed(nobody.site))


def _remove_unwanted(workspace: Workspace, owners: Iterable[str], site: Path) -> None:
    """Remove the pages that no link of `owners` leads to.

    Where a file with links cannot be read nobody knows which pages it means: all stay.
    """
    if workspace.settings.keys() == workspace.link_files.keys():
        texts = (workspace.settings[owner] for owner in owners)
        whole_site.remove_unwanted(site, {token for text in texts for token in tokens_in(text)})


def _keep(
    workspace: Workspace, manifest: cache.Manifest, manifest_file: Path, pictures: Path | None
) -> None:
    """Write down what the next build may rely on, and forget the pictures that nobody used."""
    known = {ROOT, *workspace.clients, *workspace.prospects}
    manifest.entries = {name: entry for name, entry in manifest.entries.items() if name in known}
    if pictures:
        found = (entry.found for entry in manifest.entries.values() if entry.found)
        used = {key for each in found for key in each["pictures"]}
        cache.forget(pictures, used)
    with contextlib.suppress(OSError):  # then the next build takes longer
        exchange.write_whole(manifest_file.with_name(".gitignore"), b"*\n")
        exchange.write_whole(manifest_file, manifest.text().encode())
