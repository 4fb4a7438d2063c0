"""What a build asks of whoever helps on other machines: a part of a site, all parts, a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from site_builder.build.client import Job, Result
    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace


class Note(Protocol):
    """What is noted beside a part while it is built."""

    def finish(self, workspace: Workspace, well: Iterable[str], site: Path) -> None:
        """Note that it is finished, and whose pages are well."""


class Across(Protocol):
    """How the work is spread over several machines."""

    @property
    def is_part(self) -> bool:
        """Tell whether what is built is only a part of a site."""

    @property
    def needs_keys(self) -> bool:
        """Tell whether jobs must carry the digest of their files also where nothing is kept."""

    def look(self, root: Path) -> None:
        """Look whether the others can be asked, before anything is written.

        Raises:
            NotBuilt: if they cannot; the words say what to do.
        """

    def begin(self, workspace: Workspace, options: ReadOptions, site: Path) -> Note | None:
        """Begin a part; None, where a whole site is built."""

    def elsewhere(
        self, nobody: Job, gathered: SharedAssets, jobs: Sequence[Job]
    ) -> Iterable[Job | Result]:
        """Give each job back, with the pages that were built elsewhere or as it is, or a result.

        Raises:
            NotBuilt: if the others are lost.
        """
