"""The pipeline: a workspace and a day become a site. Many clients, in parallel, each on its own."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from site_builder import cache, lookout
from site_builder.build.client import ALWAYS, Fate, Job, Result, build_client, key_of, targets_of
from site_builder.build.neutral import root_files, write_root
from site_builder.digests import shared_digest
from site_builder.errors import Overtaken
from site_builder.parse.clients import tokens_in
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish import site as whole_site
from site_builder.publish.hosts import write_host_files
from site_builder.seal.script import NAME as SCRIPT_NAME
from site_builder.seal.script import read_script
from site_builder.workers import do_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace

__all__ = ["Fate", "Result", "build", "published"]

ROOT = ""
"""In the manifest: the pages that belong to no client."""
CLIENTS_PER_WORKER = 4
"""A further process pays only for several clients: it takes half a second to start."""


def published(site: Path) -> frozenset[str]:
    """List the private folders that stand in a site."""
    return whole_site.published_tokens(site)


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
    gathered = shared_assets.gather(
        workspace.agency.settings, workspace.root, workspace.theme_folders
    )
    assets = gathered.links
    sought = lookout.look_out(workspace, options.machine, options.passphrases)
    lookout.refuse_leaking_files(sought, gathered.files, assets.folder, lookout.nobodys(workspace))
    exchange.claim(site)
    with exchange.locked(site) as has_waited:
        if has_waited:
            raise Overtaken
        was_empty = exchange.is_empty(site)
        whole_site.mend(site)
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
            sought=sought,
        )
        fates, jobs = set(), []
        for client in clients:
            job = replace(nobody, client=client)
            job = replace(job, key=key_of(job))
            entry = manifest.find(
                client, job.key, options.today, targets_of(workspace, client, site)
            )
            # Of words no digest is kept: where some are known, each folder is looked through again.
            if entry and entry.found["sought"] == sought.digest and not sought.words:
                fates.add(Fate.UNCHANGED)
                yield Result(client=client, problems=entry.problems, fate=Fate.UNCHANGED)
            else:
                jobs.append(replace(job, entry=entry))
        for result in do_all(build_client, jobs, min(processes, len(jobs) // CLIENTS_PER_WORKER)):
            fates.add(result.fate)
            if result.entry:
                manifest.entries[result.client] = result.entry
            yield result
        if fates == {Fate.NOTHING}:
            if was_empty:
                whole_site.give_back(site)
            return
        _write_root(nobody, manifest)
        # Where a file with links cannot be read, nobody knows which pages it means: all stay.
        are_all = {*workspace.clients, *workspace.prospects} <= set(clients)
        if are_all and not workspace.unread:
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
        found = (entry.found for entry in manifest.entries.values() if entry.found)
        used = {key for each in found for key in each["pictures"]}
        cache.forget(pictures, used)
    with contextlib.suppress(OSError):  # then the next build takes longer
        exchange.write_whole(manifest_file.with_name(".gitignore"), b"*\n")
        exchange.write_whole(manifest_file, manifest.text().encode())
