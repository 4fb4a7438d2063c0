"""What lies beside a client's pages: their data, the files they link to, and copies of pictures.

A picture is encoded once: what came of the same bytes before is read again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder import cache, drawings, pictures
from site_builder.model.page import FinishedFile, ShownPicture
from site_builder.pages.progress import progress

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from site_builder.language import Language
    from site_builder.model.project import Client, PublishedFile
    from site_builder.model.roadmap import Roadmap

PROGRESS_FILE = "progress.json"
FALLBACK = "fallback"
"""What the copy for browsers that know no other is called, in the store."""


@dataclass(slots=True)
class Attachments:
    """What is published beside the pages of one client."""

    store: Path | None
    """Where copies of pictures are kept from one build to the next; None: nowhere."""
    files: dict[str, bytes | Path] = field(default_factory=dict)
    """By their addresses, from the client's folder."""
    shown: dict[str, dict[str, ShownPicture]] = field(default_factory=dict)
    """By project and file: what pages show of its pictures."""
    made: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    """The copies that were needed, by their key in the store."""

    @property
    def finished(self) -> list[FinishedFile]:
        """The files as they are written."""
        return [FinishedFile(address=name, content=told) for name, told in self.files.items()]

    def _once(
        self, kind: str, path: Path, make: Callable[[Path], Mapping[str, bytes]]
    ) -> Mapping[str, bytes]:
        """Encode a picture, unless the same bytes have been before."""
        key = cache.digest_of(
            pictures.encoder(), kind, hashlib.sha256(path.read_bytes()).hexdigest()
        )
        if key not in self.made:
            self.made[key] = cache.kept(self.store, key, lambda: make(path))
        return self.made[key]

    def add(self, project: str, file: PublishedFile) -> None:
        """Publish a file of a project, and what its pages show of it."""
        folder = f"{project}/"
        if file.target.lower().endswith(".svg"):
            self.files[folder + file.target] = drawings.clean_drawing(file.path)
        elif not file.picture:
            self.files[folder + file.target] = file.path
        elif file.is_given:
            self.files[folder + file.target] = self._once("given", file.path, _given)[FALLBACK]
        if file.picture and file.is_shown:
            self.shown.setdefault(project, {})[file.target] = self._show(folder, file)

    def _show(self, folder: str, file: PublishedFile) -> ShownPicture:
        made = self._once("shown", file.path, _shown)
        source = f"{file.target}.{file.target.rpartition('.')[2]}" if file.is_given else file.target
        self.files[folder + source] = made[FALLBACK]
        copies = []
        for width in sorted(map(int, made.keys() - {FALLBACK})):
            name = f"{file.target}.{width}.{pictures.COPIES}"
            self.files[folder + name] = made[str(width)]
            copies.append((name, width))
        return ShownPicture(size=file.picture or (1, 1), source=source, copies=tuple(copies))


def _given(path: Path) -> dict[str, bytes]:
    return {FALLBACK: pictures.clean_copy(path, is_given=True)}


def _shown(path: Path) -> dict[str, bytes]:
    copies = pictures.shown_copies(path)
    return {FALLBACK: copies.fallback, **{str(width): told for width, told in copies.others}}


def attach(
    client: Client,
    roadmaps: Sequence[Roadmap],
    language: Language,
    today: datetime.date,
    store: Path | None,
) -> Attachments:
    """Gather what lies beside the pages of a client.

    Raises:
        UnusablePicture: if a picture was changed since it was looked at.
    """
    found = Attachments(store)
    data = json.dumps(progress(client, language, roadmaps, today), ensure_ascii=False)
    found.files[PROGRESS_FILE] = f"{data}\n".encode()
    for project in client.projects:
        for _, file in sorted(project.files.items()):
            found.add(project.id, file)
    return found
