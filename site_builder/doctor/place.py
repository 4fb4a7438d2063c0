"""What the settings leave open, what the host cannot do, what lies in the site, and until when.

Sentences only; the facts about hosts are those of `model.hosts`.
"""

from __future__ import annotations

import datetime
import os
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from site_builder.doctor.remark import Remark, Weight
from site_builder.model.hosts import HOSTS, NO_HEADERS
from site_builder.parse.clients import tokens_in
from site_builder.publish.exchange import MARKER
from site_builder.publish.hosts import host_files, over_limits
from site_builder.publish.site import has_sealed, published_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from site_builder.workspace import Workspace

MATERIAL_UNTIL = datetime.date(2027, 5, 5)
"""Until when Material for MkDocs gets fixes, as its makers say."""


def about_settings(workspace: Workspace) -> Iterator[Remark]:
    """Look at what mkdocs.yml and the files of links say."""
    settings = workspace.agency.settings
    base, sealed = settings.base_url, workspace.sealed
    if not base:
        yield Remark(
            about="no-base-url",
            weight=Weight.RISK,
            message="base_url is not set: links are printed without the front of their address.",
            hint="write under extra: agency: in mkdocs.yml where the site is published, for example"
            " base_url: https://progress.agency.example",
        )
    elif not base.casefold().startswith("https:"):
        also = (
            f" Browsers do not open sealed pages there at all: {', '.join(sealed)}."
            if sealed
            else ""
        )
        yield Remark(
            about="no-https",
            weight=Weight.MEND,
            message=f"base_url does not begin with https: everybody on the way can read the pages and the links.{also}",
            hint="publish with https, and write that address",
        )
    if not settings.host:
        yield Remark(
            about="no-host",
            weight=Weight.RISK,
            message="host is not set: the site gets a file _headers, which many hosts do not read.",
            hint=f"write under extra: agency: in mkdocs.yml one of {', '.join(HOSTS)}; if yours is none of them,"
            " let it send the headers of _headers",
        )
    owners = sorted({owner for owners in workspace.shared.values() for owner in owners})
    if owners:
        yield Remark(
            about="shared-links",
            weight=Weight.MEND,
            message=f"{', '.join(owners)} have a link together; none of them is built until each has its own.",
            hint="give the copy a new one: site-builder link rotate CLIENT LABEL",
        )
    unread = [
        path for owner, path in workspace.link_files.items() if owner not in workspace.settings
    ]
    if unread:
        yield Remark(
            about="unread-links",
            weight=Weight.MEND,
            message=f"{', '.join(unread)} cannot be read: nobody knows whose pages those are, so no old page is removed.",
            hint="see site-builder check",
        )


def about_host(workspace: Workspace) -> Iterator[Remark]:
    """Say what the host cannot enforce, what is to be set there, and what it keeps."""
    host = HOSTS.get(workspace.agency.settings.host or "")
    if host is None:
        return
    if not host.sets_headers:
        yield Remark(
            about="no-headers", weight=Weight.HOST, message=NO_HEADERS.format(title=host.title)
        )
    if host.follows_branch and workspace.sealed:
        yield Remark(
            about="sealed-beside-sources",
            weight=Weight.HOST,
            message=f"{host.title} may read this repository if it follows a branch of it: the sources and the keys stand"
            f" there, so sealing hides nothing from it: {', '.join(workspace.sealed)}.",
            hint="let it have the built pages only, or choose a host that never sees the repository",
        )
    for sentence in host.cannot:
        yield Remark(about="host", weight=Weight.HOST, message=sentence)
    if host.snippet:
        yield Remark(
            about="snippet",
            weight=Weight.HOST,
            message=f"{host.title} needs {host.snippet}, after each update of this program again.",
            hint="site-builder doctor --snippet prints it",
        )
    if host.old:
        yield Remark(
            about="old-deploys",
            weight=Weight.HOST,
            message=host.old,
            hint="; ".join(host.delete),
        )


def about_site(workspace: Workspace, site: Path) -> Iterator[Remark]:
    """Look at the built pages: what nobody leads to, what the host would not take."""
    if not (site / MARKER).is_file():
        yield Remark(
            about="no-site",
            weight=Weight.KNOW,
            message="No pages are built here, so nothing is said about them.",
            hint="site-builder build",
        )
        return
    known = {token for text in workspace.settings.values() for token in tokens_in(text)}
    if stale := len(published_tokens(site) - known):
        pages = "1 page" if stale == 1 else f"{stale} pages"
        yield Remark(
            about="stale-pages",
            weight=Weight.MEND,
            message=f"The site holds {pages} that no link leads to any more.",
            hint="site-builder build, without naming clients, and publish",
        )
    host = workspace.agency.settings.host
    files = host_files(host, with_script=has_sealed(site))
    wrong = [
        name
        for name, content in files.items()
        if not (site / name).is_file() or (site / name).read_bytes() != content
    ]
    if wrong:
        yield Remark(
            about="stale-host-file",
            weight=Weight.RISK,
            message=f"{', '.join(wrong)} in the site is not what your host would need now.",
            hint="site-builder build, and publish",
        )
    for sentence in over_limits(site, host):
        yield Remark(
            about="limits",
            weight=Weight.MEND,
            message=sentence,
            hint="close the pages of clients who are done, publish smaller files, or choose another host",
        )
    if os.name == "posix" and _is_open_to_all(site):
        yield Remark(
            about="writable-site",
            weight=Weight.RISK,
            message="Everybody on this machine can write into the site.",
            hint=f"chmod o-w {site.name}",
        )


def _is_open_to_all(site: Path) -> bool:
    return bool(site.stat().st_mode & 0o002)


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # pragma: no cover - both are needed to get here
        return ""


def about_support(today: datetime.date) -> Iterator[Remark]:
    """Say how long the parts that assemble the pages are looked after."""
    mkdocs, material = _installed("mkdocs"), _installed("mkdocs-material")
    is_over = today > MATERIAL_UNTIL
    until = f"{MATERIAL_UNTIL.day} {MATERIAL_UNTIL:%B %Y}"
    yield Remark(
        about="support",
        weight=Weight.RISK if is_over else Weight.KNOW,
        message=f"MkDocs {mkdocs} is no longer developed, and Material for MkDocs {material}"
        f" {'has had no fixes since' if is_over else 'gets fixes until'} {until}. They put pages together where you"
        " build; none of their code is in a page.",
        hint="keep this program up to date; its handbook says how it could do without them",
    )
