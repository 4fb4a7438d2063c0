"""What a worker of a cluster does: it builds clients at a desk of its own, and packs their pages.

Its arguments and answers say nothing of themselves: what a scheduler or a worker shows or logs
tells no client, no link and no words.
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
import threading
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from site_builder import git
from site_builder.build.client import Job, Result, build_client, key_of, targets_of
from site_builder.digests import shared_digest
from site_builder.errors import NotBuilt
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.workspace import theme_folders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from site_builder.publish.assets import SharedAssets

FETCHING = 600
"""Seconds in which a worker must have fetched the workspace."""
Content = TypeVar("Content")
Asked: TypeAlias = "tuple[tuple[str, str], ...]"
"""Clients, each with the digest of all that goes into its pages."""
Built: TypeAlias = "dict[str, Packed]"
"""The clients among them that are well."""
_LOCK = threading.Lock()
"""A worker may have several threads; pages are built by one at a time."""


@dataclass(frozen=True, slots=True, repr=False)
class Parcel(Generic[Content]):
    """Bytes that say nothing of themselves in a log; the scheduler does not look into them."""

    content: bytes

    @classmethod
    def of(cls, what: Content) -> Parcel[Content]:
        """Pack anything."""
        return cls(zlib.compress(pickle.dumps(what), 1))

    def unpacked(self) -> Content:
        """Unpack it. Only what came from the cluster, whose machines trust each other."""
        found: Content = pickle.loads(zlib.decompress(self.content))  # noqa: S301 - as dask itself does
        return found

    @property
    def name(self) -> str:
        """Call what is in it."""
        return hashlib.sha256(self.content).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The workspace in git."""

    repository: str
    name: str
    below: str
    """Where the workspace stands in the repository; empty: at its root."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Common:
    """What a worker needs to know for all clients; it gets it once."""

    nobody: Job
    gathered: SharedAssets
    commit: Commit | None
    shared: str
    """Digest of the program, its libraries, the settings and the look."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Packed:
    """The pages of one client that a worker has built."""

    result: Result
    folders: Mapping[str, Parcel[dict[str, bytes]]]
    """The files of each folder, by token and by their way."""

    def is_whole(self) -> bool:
        """Tell whether it can be used: what arrives is what was sent."""
        return True

    def put_into(self, clients_folder: Path) -> bool:
        """Let the folders take their places in a site, each in one step."""
        for token, files in self.folders.items():
            with exchange.exchanged(clients_folder / token) as stage:
                made = {stage}
                for way, content in files.unpacked().items():
                    path = stage / way
                    if path.parent not in made:
                        path.parent.mkdir(parents=True, exist_ok=True)
                        made.add(path.parent)
                    path.write_bytes(content)
        return True


@dataclass(slots=True)
class _Desk:
    """The place of a worker process: where it reads, and where it builds."""

    name: str
    folder: Path
    nobody: Job


_desks: list[_Desk] = []
"""The one of the newest build."""


def _fetch(commit: Commit, folder: Path) -> Path:
    """Bring the workspace of a commit into a folder, and return its root there.

    Raises:
        NotBuilt: if it cannot be had.
    """
    folder.mkdir(parents=True)
    only = ("-c", "protocol.ext.allow=never", "-c", "core.autocrlf=false")
    git.ask(folder, "init", "--quiet")
    fetch = (*only, "fetch", "--quiet", "--no-tags")
    said = git.ask(
        folder, *fetch, "--depth=1", "--", commit.repository, commit.name, patience=FETCHING
    )
    if not said.is_ok:  # not every server gives a commit by its name
        every = "+refs/heads/*:refs/remotes/origin/*"
        said = git.ask(folder, *fetch, "--", commit.repository, every, patience=FETCHING)
    checkout = (*only, "checkout", "--quiet", "--detach", commit.name, "--")
    if not (said.is_ok and (said := git.ask(folder, *checkout, patience=FETCHING)).is_ok):
        where = git.without_user(commit.repository)
        raise NotBuilt(
            f"a worker cannot fetch the commit {commit.name[:10]} from {where}; push it first, and let"
            f" workers read there. git says: {said.complaint}"
        )
    return folder / commit.below


def _desk_for(parcel: Parcel[Common]) -> _Desk:
    """Make the place for a build, or find it."""
    from distributed import get_worker

    if _desks and _desks[0].name == parcel.name:
        return _desks[0]
    while _desks:
        shutil.rmtree(_desks.pop().folder, ignore_errors=True)
    worker = get_worker()
    folder = Path(worker.local_directory, f"pages-{parcel.name}")
    shutil.rmtree(folder, ignore_errors=True)
    common = parcel.unpacked()
    nobody = common.nobody
    sought, root, pictures = nobody.sought, nobody.workspace.root, nobody.pictures
    if common.commit:
        root, pictures = _fetch(common.commit, folder / "workspace"), folder / "pictures"
        sought = replace(sought, paths=(*sought.paths, str(root)))
    elif not (root / "mkdocs.yml").is_file():
        raise NotBuilt(
            f"the worker {worker.address} does not see {root}; share that folder with all workers at the same"
            " path, or let them fetch the workspace with --from-git"
        )
    workspace = replace(nobody.workspace, root=root, theme_folders=theme_folders(root))
    if shared_digest(workspace) != common.shared:
        raise NotBuilt(
            f"the worker {worker.address} has another version of site-builder, of its libraries, of Python or of"
            " the theme than this machine; install the same on all machines"
        )
    site = folder / "site"
    shared_assets.write(common.gathered.links.folder, common.gathered.files, site)
    nobody = replace(nobody, workspace=workspace, sought=sought, pictures=pictures, site=site)
    _desks.append(_Desk(parcel.name, folder, nobody))
    return _desks[0]


def take_parcel(parcel: Parcel[Common]) -> Parcel[Common]:
    """Hold what all clients share; a worker that is new or was lost gets it again."""
    return parcel


def build_batch(common: Parcel[Common], batch: Parcel[Asked]) -> Parcel[Built]:
    """Build some clients, given with their digests; come back with those that are well.

    Raises:
        NotBuilt: if this worker cannot build at all.
    """
    wanted = batch.unpacked()
    with _LOCK:
        desk = _desk_for(common)
        found = {}
        for client, key in wanted:
            job = replace(desk.nobody, client=client, key=key)
            # A folder of the network may lag behind.
            if key_of(job.workspace, client, job.common) == key and (packed := _build(job)):
                found[client] = packed
        return Parcel.of(found)


def _build(job: Job) -> Packed | None:
    """Build one client, and pack its pages; nothing, where anything is wrong with it."""
    folders = targets_of(job.workspace, job.client, job.site)
    try:
        result = build_client(job)
        if not result.is_well:
            return None
        if result.entry:  # the times are those of the folder here: the next build looks at contents
            made = replace(result.entry.made, stamps="")
            result = replace(result, entry=replace(result.entry, made=made))
        return Packed(
            result=result,
            folders={
                folder.name: Parcel.of(_files(folder)) for folder in folders if folder.is_dir()
            },
        )
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> dict[str, bytes]:
    """Read a folder. Its pages are much alike, so they are packed together."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
