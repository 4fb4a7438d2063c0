"""The pages around what is sealed: the shell that a host shows, and the page that offers a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.model.page import BOX, Page
from site_builder.pages.pieces import file_size
from site_builder.pages.site import CLIENT_DEPTH, SHELL_CSS

if TYPE_CHECKING:
    from site_builder.language import Language
    from site_builder.model.links import Protection
    from site_builder.model.page import Assets
    from site_builder.model.project import Client
    from site_builder.model.written import AgencyFile


def shell_page(
    agency: AgencyFile,
    language: Language,
    assets: Assets,
    protection: Protection,
    script: tuple[str, str],
    *,
    depth: int,
) -> Page:
    """Make the shell of a sealed page that stands `depth` folders below the site's root.

    It speaks the agency's language: whose page it is must not be guessed from its own. `script` is
    where the script stands, from the site's root, and what it is held against.
    """
    root = "../" * depth
    href, integrity = script
    return Page(
        address="",
        template="sealed.html",
        document="sealed-document.html",
        title=language.say("Locked page"),
        language=language,
        root=root,
        assets=assets.folder,
        stylesheets=(*SHELL_CSS, assets.brand),
        view={
            "mode": str(protection),
            "box": BOX,
            "script": {"href": root + href, "integrity": integrity},
            "agency": language.isolated(agency.name),
            "brand": assets,
        },
    )


def file_page(client: Client, language: Language, assets: Assets, name: str, size: int) -> Page:
    """Make the page that offers a file of a sealed client; `size` is in bytes."""
    return Page(
        address="",
        template="sealed-file.html",
        document="sealed-file-document.html",
        title=name,
        language=language,
        root="../" * (CLIENT_DEPTH + 1),
        assets=assets.folder,
        stylesheets=(*SHELL_CSS, assets.brand),
        view={
            "name": name,
            "size": file_size(language, size),
            "home": "../",
            "agency": language.isolated(client.agency.name),
            "brand": assets,
        },
    )
