"""Pages that show no project: closed, being updated, and those outside of the clients' folders."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from site_builder import lookout, render
from site_builder.assemble import assemble
from site_builder.errors import InvalidInput
from site_builder.language import load_language
from site_builder.pages.site import CLIENT_DEPTH, neutral_page
from site_builder.publish import exchange
from site_builder.publish import site as whole_site

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.audit import Sought
    from site_builder.model.page import Assets, Page
    from site_builder.model.written import ClientFile
    from site_builder.workspace import Workspace


def client_page(workspace: Workspace, assets: Assets, written: ClientFile, kind: str) -> Page:
    """Make the page of a client that cannot be shown; a closed one names the agency only."""
    agency = workspace.agency.settings
    language = load_language(written.language or agency.language, workspace.root)
    contact = written.contact or agency.contact
    if kind == "closed":
        contact = agency.contact.model_copy(update={"name": agency.name})
    return neutral_page(language, assets, agency, kind, "", CLIENT_DEPTH, contact)


def _addresses(assets: Assets) -> tuple[str, ...]:
    return ("", "404.html", f"{whole_site.CLIENTS}/", "assets/", assets.folder)


def root_files(assets: Assets) -> list[str]:
    """List the neutral pages outside of the clients' folders."""
    return [f"{at}{'' if at.endswith('.html') else 'index.html'}" for at in _addresses(assets)]


def write_root(
    workspace: Workspace, assets: Assets, site: Path, sought: Sought, theme: render.Theme
) -> None:
    """Write the neutral pages outside of the clients' folders.

    Raises:
        InvalidInput: if they would leak something; then nothing is written.
    """
    agency = workspace.agency.settings
    language = load_language(agency.language, workspace.root)
    pages = [neutral_page(language, assets, agency, "notfound", at, 0) for at in _addresses(assets)]
    # A server answers with 404.html at any depth: only a link from the root finds its stylesheet.
    pages = [replace(page, root="/") if page.address == "404.html" else page for page in pages]
    finished = [render.render(page, theme) for page in pages]
    stage = site / f"{exchange.STAGED}root"
    folder = workspace.theme_folders[0]
    assemble(finished, [], stage, theme=folder, environment=theme.environment)
    try:
        lookout.refuse_leaks(sought, stage, lookout.NOBODYS)
    except InvalidInput:
        shutil.rmtree(stage)
        raise
    for path in sorted(stage.rglob("*.html")):
        exchange.write_whole(site / path.relative_to(stage), path.read_bytes())
    shutil.rmtree(stage)
