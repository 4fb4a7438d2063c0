"""What pages and findings come of, as digests: while they hold, nothing is built or read again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import cache
from site_builder.parse.clients import tokens_in

if TYPE_CHECKING:
    from site_builder.workspace import Workspace


def shared_digest(workspace: Workspace) -> str:
    """Digest what all clients share: the program, its libraries, theme, settings and offerings."""
    return cache.digest_of(
        cache.program_digest([Path(__file__).parent, *workspace.theme_folders]),
        workspace.agency.settings.model_dump_json(),
        *(
            f"{name} {offering.written.model_dump_json()}"
            for name, offering in sorted(workspace.agency.offerings.items())
        ),
        *sorted(workspace.agency.broken_offerings),
    )


def client_digest(workspace: Workspace, client: str) -> str | None:
    """Digest the files of a client or an offering, and who has its links; None if unreadable."""
    text = workspace.settings.get(client)
    if text is None:
        return None
    tokens = tokens_in(text)
    shared = sorted(
        f"{token} {owners}" for token, owners in workspace.shared.items() if token in tokens
    )
    name = f"{client}.yml" if client in workspace.offerings else client
    try:
        files = cache.folder_digest(workspace.root / "projects" / name)
    except OSError:
        return None
    return cache.digest_of(client, files, *workspace.namesakes.get(client, ()), *shared)
