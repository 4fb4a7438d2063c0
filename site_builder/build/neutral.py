"""Pages that show no project: closed, being updated, and those outside of the clients' folders."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from site_builder import lookout, render
from site_builder.assemble import assemble
from site_builder.build.folders import theme_of
from site_builder.language import load_language
from site_builder.pages.site import CLIENT_DEPTH, neutral_page
from site_builder.publish import exchange
from site_builder.publish import site as whole_site

if TYPE_CHECKING:
    from collections.abc import Collection

    from site_builder.build.client import Job
    from site_builder.model.page import Assets, Page
    from site_builder.model.written import ClientFile
    from site_builder.workspace import Workspace


def client_page(
    workspace: Workspace, assets: Assets, written: ClientFile | None, kind: str
) -> Page:
    """Make the page of a client that cannot be shown; a closed one names the agency only.

    Where its client.yml cannot be read, the page is the agency's.
    """
    agency = workspace.agency.settings
    language = load_language((written and written.language) or agency.language, workspace.root)
    contact = (written and written.contact) or agency.contact
    if kind == "closed":
        contact = agency.contact.model_copy(update={"name": agency.name})
    return neutral_page(language, assets, agency, kind, "", CLIENT_DEPTH, contact)


def root_files(folders: Collection[str]) -> list[str]:
    """List the neutral pages outside of the clients' folders; `folders` are those of assets."""
    return [f"{at}{'' if at.endswith('.html') else 'index.html'}" for at in _addresses(folders)]


def _addresses(folders: Collection[str]) -> tuple[str, ...]:
    return ("", "404.html", f"{whole_site.CLIENTS}/", f"{whole_site.ASSETS}/", *folders)


def write_root(job: Job, folders: Collection[str]) -> None:
    """Write the neutral pages outside of the clients' folders; `folders` are those of assets.

    Raises:
        InvalidInput: if they would leak something; then nothing is written.
    """
    workspace, assets = job.workspace, job.assets
    agency, theme = workspace.agency.settings, theme_of(workspace.theme_folders)
    language = load_language(agency.language, workspace.root)
    pages = [
        neutral_page(language, assets, agency, "notfound", at, 0) for at in _addresses(folders)
    ]
    # A server answers with 404.html at any depth: only a link from the root finds its stylesheet.
    pages = [replace(page, root="/") if page.address == "404.html" else page for page in pages]
    finished = [render.render(page, theme) for page in pages]
    stage = job.site / f"{exchange.STAGED}root"
    try:
        assemble(
            finished, [], stage, theme=workspace.theme_folders[0], environment=theme.environment
        )
        lookout.refuse_leaks(job.sought, stage, lookout.nobodys(workspace))
        for path in sorted(stage.rglob("*.html")):
            exchange.write_whole(job.site / path.relative_to(stage), path.read_bytes())
    finally:
        shutil.rmtree(stage, ignore_errors=True)
