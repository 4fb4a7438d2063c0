"""The pipeline: a workspace and a day become a site. Many clients, in parallel, each on its own."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from site_builder import cache, lookout
from site_builder.build.client import Fate, Job, Result, build_client, key_of, targets_of
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
from site_builder.workers import do_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace

__all__ = ["Fate", "Result", "build", "published"]

ROOT = ""
"""In the manifest: the pages that belong to no client."""
SAID = "said.json"
"""Beside the manifest: what the clients' files say that the audit looks for elsewhere."""
ASSETS = "assets"
"""Beside it: the files that all pages share, as they were drawn last."""
CLIENTS_PER_WORKER = 4
"""A further process pays only for several clients: it takes half a second to start."""


def published(site: Path) -> frozenset[str]:
    """List the private folders that stand in a site."""
    return whole_site.published_tokens(site)


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
        own = [cache.folder_digest(root / file) for file in shared_assets.own_files(agency)]
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
        job = replace(nobody, client=client, key=keys[client])
        targets = targets_of(nobody.workspace, client, nobody.site)
        entry = memory.built.find(client, job.key, nobody.options.today, targets)
        # Of words no digest is kept: where some are known, each folder is looked through again.
        if entry and entry.found["sought"] == nobody.sought.digest and not nobody.sought.words:
            spared.append(Result(client=client, problems=entry.problems, fate=Fate.UNCHANGED))
        else:
            jobs.append(replace(job, entry=entry))
    return spared, jobs


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
        InvalidInput: if the neutral pages have strings without words in the agency's language, or
            something would leak outside of the clients' folders.
        Overtaken: if another build had to be waited for: the workspace must be read again.
        UnsafeTarget: if the site's folder is not ours.
    """
    memory = _load(manifest_file)
    digest = shared_digest(workspace) if manifest_file else ""
    gathered = _gather(
        workspace, digest, manifest_file.with_name(ASSETS) if manifest_file else None
    )
    assets, common = gathered.links, ""
    if manifest_file:
        common = cache.digest_of(digest, assets.folder, f"{options.strict} {options.drafts}")
    keys = {client: key_of(workspace, client, common) for client in {*workspace.clients, *clients}}
    names = lookout.names_of(workspace)
    said = gather_said(workspace.root, names, keys, memory.said)
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
    shared = _shared_files(workspace, gathered)
    shared_key = _check_shared(nobody, shared, memory)
    exchange.claim(site)
    with exchange.locked(site) as has_waited:
        if has_waited:
            raise Overtaken
        was_empty = exchange.is_empty(site)
        whole_site.mend(site)
        for folder, files in shared.items():
            shared_assets.write(folder, files, site)
        spared, jobs = _sort_out(nobody, clients, keys, memory)
        yield from spared
        fates = {result.fate for result in spared}
        for result in do_all(build_client, jobs, min(processes, len(jobs) // CLIENTS_PER_WORKER)):
            fates.add(result.fate)
            if result.entry:
                memory.built.entries[result.client] = result.entry
            yield result
        if fates == {Fate.NOTHING}:
            if was_empty:
                whole_site.give_back(site)
            return
        _write_root(nobody, shared, shared_key, memory)
        # Where a file with links cannot be read nobody knows which pages it means: all stay.
        are_all = {*workspace.clients, *workspace.prospects} <= set(clients)
        if are_all and not workspace.unread:
            wanted = {token for text in workspace.settings.values() for token in tokens_in(text)}
            whole_site.remove_unwanted(site, wanted)
        host = workspace.agency.settings.host
        write_host_files(site, host, with_script=whole_site.has_sealed(site))
        whole_site.remove_stale_assets(site, assets.folder)
        _keep(memory, {*workspace.clients, *workspace.prospects}, pictures if are_all else None)


def _keep(memory: _Memory, known: Collection[str], pictures: Path | None) -> None:
    """Write down what the next build may rely on, and forget the pictures that nobody used."""
    if not memory.file:
        return
    for manifest in (memory.built, memory.said):
        for name in manifest.entries.keys() - {ROOT, *known}:
            del manifest.entries[name]
    if pictures:
        found = (entry.found for entry in memory.built.entries.values() if entry.found)
        used = {key for each in found for key in each["pictures"]}
        cache.forget(pictures, used)
    with contextlib.suppress(OSError):  # then the next build takes longer
        exchange.write_whole(memory.file.with_name(".gitignore"), b"*\n")
        exchange.write_whole(memory.file, memory.built.text().encode())
        exchange.write_whole(memory.file.with_name(SAID), memory.said.text().encode())
