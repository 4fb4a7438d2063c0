"""Parts of a site: which clients are in one, what is noted beside them, whether all fit together.

A part holds clients' folders, and a note of digests that names nobody. It may not be published.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from site_builder import cache
from site_builder.digests import client_digest, shared_digest
from site_builder.errors import NotMerged
from site_builder.parse.clients import tokens_in
from site_builder.publish import assets as shared_assets
from site_builder.publish import exchange
from site_builder.publish.site import CLIENTS
from site_builder.traces import folder_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from site_builder.build.client import Job
    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace

NOTE = ".part.json"
"""In a finished part: what was built, from what."""
FORMAT = 1


def _alias(owner: str) -> str:
    """Call a client or an offering by a name that says nothing."""
    return hashlib.sha256(owner.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One part of a site of several: `3/10` is the third of ten."""

    number: int
    """From 1."""
    of: int

    is_part: ClassVar[bool] = True
    needs_keys: ClassVar[bool] = False

    def chosen(self, owners: Iterable[str]) -> tuple[str, ...]:
        """Choose the clients and offerings of this part.

        Each is chosen by its own name alone: whoever comes or goes moves no other.
        """
        return tuple(owner for owner in owners if shard_of(owner, self.of) == self.number)

    def look(self, root: Path) -> None:
        """Need nobody else."""

    def begin(self, workspace: Workspace, options: ReadOptions, site: Path) -> Note:
        """Note from what the part is made, and that it is not finished yet."""
        (site / NOTE).unlink(missing_ok=True)
        return Note(
            number=self.number,
            of=self.of,
            day=options.today.isoformat(),
            strict=options.strict,
            shared=_shared(workspace),
            clients=_clients(workspace, self),
            pages={},
        )

    def elsewhere(self, nobody: Job, gathered: SharedAssets, jobs: Sequence[Job]) -> Sequence[Job]:  # noqa: ARG002 - as `Across` asks
        """Build all of it here."""
        return jobs


def shard_of(owner: str, of: int) -> int:
    """Say which of so many parts a client or an offering is in, from 1."""
    return int(_alias(owner), 16) % of + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a part remembers of its build: digests, and no name."""

    format: int = FORMAT
    number: int
    of: int
    day: str
    strict: bool
    shared: str
    """Digest of what all clients share."""
    clients: str
    """Digest of the files of the clients in it."""
    pages: Mapping[str, str]
    """Digests of the folders of each client that was well; who is not here is built again."""

    def finish(self, workspace: Workspace, well: Iterable[str], site: Path) -> None:
        """Write the note into the part, with what stands there of the clients that were `well`."""
        pages = {
            _alias(owner): _pages_digest(_folders_of(workspace, owner, site))
            for owner in sorted(well)
        }
        text = json.dumps({**asdict(self), "pages": pages})
        exchange.write_whole(site / NOTE, text.encode())


@dataclass(frozen=True, slots=True)
class PartPages:
    """The pages of one client in a part."""

    folders: tuple[Path, ...]
    digest: str
    result: None = None
    """What was worth saying was said where the part was built."""

    def is_whole(self) -> bool:
        """Tell whether nothing was lost or changed on the way."""
        try:
            return _pages_digest(self.folders) == self.digest
        except OSError:
            return False

    def put_into(self, clients_folder: Path) -> bool:
        """Let the folders take their places in a site, each in one step; tell if one is new."""
        is_new = False
        for folder in self.folders:
            target = clients_folder / folder.name
            if target.is_dir() and folder_digest(target) == folder_digest(folder):
                continue
            is_new = True
            with exchange.exchanged(target) as stage:
                shutil.copytree(folder, stage, dirs_exist_ok=True, copy_function=shutil.copyfile)
        return is_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All parts of a site, that fit together and to the workspace."""

    pages: Mapping[str, PartPages]
    """By client or offering; who is not here is built as always."""
    day: str
    strict: bool
    is_part: ClassVar[bool] = False
    needs_keys: ClassVar[bool] = False

    def look(self, root: Path) -> None:
        """Know all that is needed."""

    def begin(self, workspace: Workspace, options: ReadOptions, site: Path) -> None:
        """Build a whole site."""

    def elsewhere(self, nobody: Job, gathered: SharedAssets, jobs: Sequence[Job]) -> Iterator[Job]:  # noqa: ARG002 - as `Across` asks
        """Give each job the pages that stand in a part."""
        return (replace(job, ready=self.pages.get(job.client)) for job in jobs)


def _folders_of(workspace: Workspace, owner: str, site: Path) -> tuple[Path, ...]:
    tokens = sorted(tokens_in(workspace.settings.get(owner, "")))
    folders = (site / CLIENTS / token for token in tokens if token not in workspace.shared)
    return tuple(folder for folder in folders if folder.is_dir())


def _pages_digest(folders: Sequence[Path]) -> str:
    return cache.digest_of(*(f"{folder.name} {folder_digest(folder)}" for folder in folders))


def _shared(workspace: Workspace) -> str:
    gathered = shared_assets.gather(
        workspace.agency.settings, workspace.root, workspace.theme_folders
    )
    return cache.digest_of(shared_digest(workspace), gathered.links.folder)


def _clients(workspace: Workspace, shard: Shard) -> str:
    owners = shard.chosen((*workspace.clients, *workspace.prospects))
    return cache.digest_of(*(f"{owner} {client_digest(workspace, owner)}" for owner in owners))


def _read_note(part: Path) -> Note:
    """Read the note of a part.

    Raises:
        ValueError: with a sentence, if the folder is no finished part.
    """
    if not part.is_dir():
        raise ValueError(f"{part} is no folder.")
    if not exchange.is_part(part):
        whole = (part / exchange.MARKER).is_file()
        what = "a whole site, and no part of one" if whole else "no part of a site"
        raise ValueError(f"{part} is {what}: only what build --shard wrote can be put together.")
    try:
        found: dict[str, Any] = json.loads((part / NOTE).read_text("utf-8"))
        if found["format"] == FORMAT:
            return Note(**found)
    except (OSError, ValueError, TypeError, KeyError):
        pass
    raise ValueError(f"{part} was not finished: build this part again.")


def _told(shards: Sequence[int]) -> str:
    """Say which parts: `part 4`, `parts 4, 7 and 9`."""
    *first, last = map(str, shards)
    return f"parts {', '.join(first)} and {last}" if first else f"part {last}"


def _misfits(notes: Mapping[Path, Note]) -> Iterator[str]:
    """Say how parts do not fit together."""
    (first, one), *others = notes.items()
    for part, note in others:
        if note.of != one.of:
            yield (
                f"{part} is part {note.number} of {note.of}, but {first} is part {one.number} of"
                f" {one.of}: build all with the same number of parts."
            )
        elif (note.day, note.strict) != (one.day, one.strict):
            yield f"{part} was built for {_way(note)}, but {first} for {_way(one)}: build both alike."
    if any(note.of != one.of for note in notes.values()):
        return
    by_number = defaultdict(list)
    for part, note in notes.items():
        by_number[note.number].append(part)
    for number, same in sorted(by_number.items()):
        if len(same) > 1:
            yield f"{' and '.join(map(str, same))} are all part {number}: leave out all but one."
    if missing := sorted({*range(1, one.of + 1)} - by_number.keys()):
        yield f"Of {one.of} parts {_told(missing)} {'is' if len(missing) == 1 else 'are'} missing."


def _way(note: Note) -> str:
    return f"{note.day}{' with --strict' if note.strict else ''}"


def _others(workspace: Workspace, notes: Mapping[Path, Note]) -> Iterator[str]:
    """Say which parts are of another state of the workspace."""
    shared = _shared(workspace)
    for part, note in notes.items():
        if note.shared != shared:
            yield (
                f"{part} was built with other settings, offerings or looks than are here, or by"
                " another version of the program or of Python: build it again."
            )
        elif note.clients != _clients(workspace, Shard(number=note.number, of=note.of)):
            yield f"{part} was built from other files of clients than are here: build it again."


def open_parts(workspace: Workspace, folders: Sequence[Path]) -> Parts:
    """Look whether parts fit together, and to the workspace as it is here.

    Raises:
        NotMerged: with all that does not fit.
    """
    notes, reasons = {}, []
    for folder in dict.fromkeys(folders):
        try:
            notes[folder] = _read_note(folder)
        except ValueError as error:
            reasons.append(str(error))
    if notes and not reasons:
        reasons += _misfits(notes)
    if not reasons:
        reasons += _others(workspace, notes)
    if reasons:
        raise NotMerged(reasons)
    of = len(notes)
    by_number = {note.number: (folder, note) for folder, note in notes.items()}
    pages = {}
    for owner in (*workspace.clients, *workspace.prospects):
        folder, note = by_number[shard_of(owner, of)]
        if digest := note.pages.get(_alias(owner)):
            pages[owner] = PartPages(_folders_of(workspace, owner, folder), digest)
    any_note = next(iter(notes.values()))
    return Parts(pages=pages, day=any_note.day, strict=any_note.strict)
