"""What is risky in a workspace, and what its host cannot enforce: remarks, sorted by their weight.

It looks at files, at git and at the built site. It changes nothing and makes no connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.doctor.place import about_host, about_settings, about_site, about_support
from site_builder.doctor.remark import Remark, Weight
from site_builder.doctor.repository import about_passphrases, about_repository
from site_builder.publish.hosts import snippet as _snippet
from site_builder.publish.site import has_sealed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from pathlib import Path

    from site_builder.workspace import Workspace

__all__ = ["Remark", "Weight", "examine", "snippet"]


def examine(
    workspace: Workspace,
    site: Path,
    today: datetime.date,
    *,
    is_public: bool,
    known: Collection[str],
) -> tuple[Remark, ...]:
    """Look at everything; what is to be mended comes first.

    `is_public`: the CI says that everybody can read the repository. `known`: the clients whose
    passphrases are known here.
    """
    remarks = [
        *about_repository(workspace, today, is_public=is_public),
        *about_passphrases(workspace, known),
        *about_settings(workspace),
        *about_site(workspace, site),
        *about_host(workspace),
        *about_support(today),
    ]
    return tuple(sorted(remarks, key=lambda remark: list(Weight).index(remark.weight)))


def snippet(workspace: Workspace, site: Path) -> str:
    """Return what belongs into the settings of the workspace's host; nothing if nothing does.

    The script of sealed pages may run where a client is to be sealed, or is still.
    """
    host = workspace.agency.settings.host
    with_script = bool(workspace.sealed) or has_sealed(site)
    return _snippet(host, with_script=with_script) if host else ""
