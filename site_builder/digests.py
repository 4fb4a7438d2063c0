"""What pages and findings come of, as digests: while they hold, nothing is built or read again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import cache
from site_builder.parse.clients import tokens_in
from site_builder.traces import content_of, files_below, traced

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

    from site_builder.traces import Trace
    from site_builder.workspace import Workspace

LIBRARIES = (
    "mkdocs", "mkdocs-material", "jinja2", "markdown", "pymdown-extensions", "nh3", "babel",
    "pillow", "pydantic", "pyphen", "pyyaml", "holidays", "cryptography", "icalendar", "weasyprint",
)  # fmt: skip
"""Libraries whose version may change a page."""


def shared_digest(workspace: Workspace) -> str:
    """Digest what all clients share: the program, its libraries, theme, settings and offerings."""
    return cache.digest_of(
        _program_digest([Path(__file__).parent, *workspace.theme_folders]),
        workspace.agency.settings.model_dump_json(),
        *(
            f"{name} {offering.written.model_dump_json()}"
            for name, offering in sorted(workspace.agency.offerings.items())
        ),
        *sorted(workspace.agency.broken_offerings),
    )


def client_digest(
    workspace: Workspace, client: str, seen: MutableMapping[str, Trace] | None = None
) -> str | None:
    """Digest the files of a client or an offering, and who has its links; None if unreadable.

    `seen` holds what was seen of these files before; while nobody touched them they are not read.
    """
    text = workspace.settings.get(client)
    if text is None:
        return None
    tokens = tokens_in(text)
    shared = sorted(
        f"{token} {owners}" for token, owners in workspace.shared.items() if token in tokens
    )
    name = f"{client}.yml" if client in workspace.offerings else client
    seen = {} if seen is None else seen
    try:
        files = traced([workspace.root / "projects" / name], seen.get(client))
    except OSError:
        return None
    seen[client] = files
    return cache.digest_of(client, files.content, *workspace.namesakes.get(client, ()), *shared)


def _program_digest(folders: Iterable[Path]) -> str:
    """Digest the program's folders, and the versions of Python and of what makes pages."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update("\n".join(_versions()).encode())
    for folder in folders:
        for way, path in files_below(folder):
            if "__pycache__" not in way:
                digest.update(os.fsencode(way) + content_of(path))
    return digest.hexdigest()


def _versions() -> list[str]:
    """Name the libraries that are installed, each with its version.

    Their folders are called so by the standard; reading what stands in them takes much longer.
    """
    found: set[str] = set()
    for place in sys.path:
        with contextlib.suppress(OSError), os.scandir(place or ".") as entries:
            names = (entry.name for entry in entries)
            found.update(name for name in names if name.endswith((".dist-info", ".egg-info")))
    return sorted(
        name for name in found if name.partition("-")[0].replace("_", "-").lower() in LIBRARIES
    )
