"""The pipeline: a workspace and a day become a site. Many clients, in parallel, each on its own."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from site_builder import cache, lookout
from site_builder.build.client import (
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
from site_builder.errors import Overtaken
from site_builder.parse.clients import tokens_in
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish import site as whole_site
from site_builder.publish.hosts import write_host_files
from site_builder.said import gather_said
from site_builder.seal.script import NAME as SCRIPT_NAME
from site_builder.seal.script import read_script
from site_builder.traces import folder_digest
from site_builder.workers import do_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from site_builder.build.across import Across
    from site_builder.model.page import Assets
    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace

__all__ = ["Fate", "Result", "build", "published"]

ROOT = ""
"""In the manifest: the pages that belong to no client."""
SAID = "said.json"
"""Beside the manifest: what the clients' files say that the audit looks for elsewhere."""
ASSETS = "assets"
"""Beside it: the files that all pages share, as they were drawn last."""
AT_ONCE = 8
"""So many clients' finished pages take their places at the same time."""
CLIENTS_PER_WORKER = 4
"""A further process pays only for several clients: it takes half a second to start."""


def published(site: Path) -> frozenset[str]:
    """List the private folders that stand in a site."""
    return whole_site.published_tokens(site)


def _build_own(nobody: Job, own: tuple[str, str, cache.Entry | None]) -> Result:
    client, key, entry = own
    return build_client(replace(nobody, client=client, key=key, entry=entry))


def _run(nobody: Job, jobs: Sequence[Job], processes: int) -> Iterator[Result]:
    """Build clients in several processes; each gets once what is the same in all jobs."""
    own = [(job.client, job.key, job.entry) for job in jobs]
    workers = min(processes, len(jobs) // CLIENTS_PER_WORKER)
    yield from do_all(partial(_build_own, nobody), own, workers)


def _taken(coming: Iterable[Job | Result]) -> Iterator[Job | Result]:
    """Let finished pages take their places as they come; who has none comes back as a job.

    Most of it is waiting for the disk, so several do at once; only a few wait in memory.
    """
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[tuple[Job, Future[Result | None]]] = deque()
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


def _gather(workspace: Workspace, shared: str, folder: Path | None) -> SharedAssets:
    """Gather what pages share, or take it from `folder` where nothing of it has changed.

    `shared` is the digest of all that they come of, but the agency's own files.
    """
    agency, root = workspace.agency.settings, workspace.root

    def fresh() -> Mapping[str, bytes]:
        return shared_assets.gather(agency, root, workspace.theme_folders).packed()

    if not folder:
        return shared_assets.unpacked(fresh())
    try:
        own = [folder_digest(root / file) for file in shared_assets.own_files(agency)]
    except OSError:
        return shared_assets.unpacked(fresh())
    key = cache.digest_of(shared, *own)
    found = cache.kept(folder, key, fresh)
    cache.forget(folder, {key})
    return shared_assets.unpacked(found)


def _shared_files(workspace: Workspace, gathered: SharedAssets) -> dict[str, Mapping[str, bytes]]:
    """Gather what pages share, by folder; the script of sealed pages has one of its own."""
    found: dict[str, Mapping[str, bytes]] = {gathered.links.folder: gathered.files}
    if workspace.sealed:
        script = read_script()
        found[script.folder] = {SCRIPT_NAME: script.content}
    return found


@dataclass(slots=True)
class _Memory:
    """What is remembered from run to run; nothing where no file is given."""

    file: Path | None
    built: cache.Manifest
    said: cache.Manifest


def _load(manifest_file: Path | None) -> _Memory:
    said = manifest_file.with_name(SAID) if manifest_file else None
    return _Memory(manifest_file, cache.load_manifest(manifest_file), cache.load_manifest(said))


def _check_shared(nobody: Job, shared: Mapping[str, Mapping[str, bytes]], memory: _Memory) -> str:
    """Look through what all clients share, unless that was done; return its key.

    Raises:
        InvalidInput: if something would leak.
    """
    key = cache.digest_of(nobody.common, nobody.sought.digest, *shared) if nobody.common else ""
    entry = memory.built.entries.get(ROOT)
    if not (key and entry and entry.key == key) or nobody.sought.words:
        own = lookout.nobodys(nobody.workspace)
        folder = nobody.assets.folder
        lookout.refuse_leaking_files(nobody.sought, shared[folder], folder, own)
    return key


def _write_root(nobody: Job, folders: Collection[str], key: str, memory: _Memory) -> None:
    """Write the neutral pages outside of the clients' folders, unless they stand as they were."""
    targets = [nobody.site / way for way in root_files(folders)]
    if not (key and memory.built.find(ROOT, key, nobody.options.today, targets)):
        write_root(nobody, folders)
        memory.built.entries[ROOT] = cache.remember(key, cache.ALWAYS, targets)


def _sort_out(
    nobody: Job, clients: Sequence[str], keys: Mapping[str, str], memory: _Memory
) -> tuple[list[Result], list[Job]]:
    """Tell the clients that stand as they would be built from those that are to be built."""
    spared, jobs = [], []
    for client in clients:
        targets = targets_of(nobody.workspace, client, nobody.site)
        entry = memory.built.find(client, keys[client], nobody.options.today, targets)
        # Of words no digest is kept: where some are known, each folder is looked through again.
        if entry and entry.found["sought"] == nobody.sought.digest and not nobody.sought.words:
            spared.append(Result(client=client, problems=entry.problems, fate=Fate.UNCHANGED))
        else:
            jobs.append(replace(nobody, client=client, key=keys[client], entry=entry))
    return spared, jobs


def _common(digest: str, assets: Assets, options: ReadOptions) -> str:
    """Digest what goes into all pages; nothing, where `digest` is nothing."""
    seen = f"{options.strict} {options.drafts}"
    return cache.digest_of(digest, assets.folder, seen) if digest else ""


def _results(
    nobody: Job,
    jobs: Sequence[Job],
    across: Across | None,
    gathered: SharedAssets,
    processes: int,
) -> Iterator[Result]:
    """Build clients, here or on other machines."""
    left = [] if across else [*jobs]
    for each in _taken(across.elsewhere(nobody, gathered, jobs)) if across else ():
        if isinstance(each, Result):
            yield each
        else:
            left.append(each)
    yield from _run(nobody, left, processes)


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
        Overtaken: if another build had to be waited for: the workspace must be read again.
        UnsafeTarget: if the site's folder is not ours.
    """
    if across:
        across.look(workspace.root)
    memory = _load(manifest_file)
    is_keyed = manifest_file or (across and across.needs_keys)
    digest = shared_digest(workspace) if is_keyed else ""
    gathered = _gather(
        workspace, digest, manifest_file.with_name(ASSETS) if manifest_file else None
    )
    assets = gathered.links
    common = _common(digest, assets, options)
    seen = memory.built.sources
    keys = {
        client: key_of(workspace, client, common, seen) for client in {*workspace.clients, *clients}
    }
    said = gather_said(workspace.root, lookout.names_of(workspace), keys, memory.said)
    nobody = Job(
        workspace=workspace,
        client="",
        options=options,
        site=site,
        assets=assets,
        common=common,
        pictures=pictures,
        sought=lookout.look_out(workspace, options.machine, options.passphrases, said),
    )
    del said  # with many clients it is megabytes
    shared = _shared_files(workspace, gathered)
    shared_key = _check_shared(nobody, shared, memory)
    as_part = bool(across and across.is_part)
    exchange.claim(site, as_part=as_part)
    with exchange.locked(site, as_part=as_part) as has_waited:
        if has_waited:
            raise Overtaken
        was_empty = exchange.is_empty(site)
        whole_site.mend(site)
        note = across.begin(workspace, options, site) if across else None
        for folder, files in shared.items():
            shared_assets.write(folder, files, site)
        spared, jobs = _sort_out(nobody, clients, keys, memory)
        yield from spared
        fates, well = {result.fate for result in spared}, {result.client for result in spared}
        for result in _results(nobody, jobs, across, gathered, processes):
            fates.add(result.fate)
            if result.is_well:
                well.add(result.client)
            if result.entry:
                memory.built.entries[result.client] = result.entry
            yield result
        are_all = {*workspace.clients, *workspace.prospects} <= set(clients)
        if note:
            _remove_unwanted(workspace, clients, site)
            note.finish(workspace, well, site)
        elif fates == {Fate.NOTHING}:
            if was_empty:
                whole_site.give_back(site)
            return
        else:
            _write_root(nobody, shared, shared_key, memory)
            _write_around(workspace, site, are_all=are_all)
        whole_site.remove_stale_assets(site, assets.folder)
        _keep(memory, {*workspace.clients, *workspace.prospects}, pictures if are_all else None)


def _write_around(workspace: Workspace, site: Path, *, are_all: bool) -> None:
    """Write the host's files; where `are_all` pages were built, remove those of nobody."""
    if are_all:
        _remove_unwanted(workspace, workspace.settings, site)
    host = workspace.agency.settings.host
    write_host_files(site, host, with_script=whole_site.has_sealed(site))


def _remove_unwanted(workspace: Workspace, owners: Iterable[str], site: Path) -> None:
    """Remove the pages that no link of `owners` leads to.

    Where a file with links cannot be read nobody knows which pages it means: all stay.
    """
    if not workspace.unread:
        texts = (workspace.settings[owner] for owner in owners)
        whole_site.remove_unwanted(site, {token for text in texts for token in tokens_in(text)})


def _keep(memory: _Memory, known: Collection[str], pictures: Path | None) -> None:
    """Write down what the next build may rely on, and forget the pictures that nobody used."""
    if not memory.file:
        return
    for manifest in (memory.built, memory.said):
        manifest.forget_others({ROOT, *known})
    if pictures:
        found = (entry.found for entry in memory.built.entries.values() if entry.found)
        used = {key for each in found for key in each["pictures"]}
        cache.forget(pictures, used)
    with contextlib.suppress(OSError):  # then the next build takes longer
        exchange.write_whole(memory.file.with_name(".gitignore"), b"*\n")
        for file, manifest in (
            (memory.file, memory.built),
            (memory.file.with_name(SAID), memory.said),
        ):
            if manifest.has_changed:
                exchange.write_whole(file, manifest.text().encode())
