"""The site around the clients' folders: headers, and what is no longer wanted."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

from site_builder.model.links import Protection
from site_builder.publish.exchange import MARKER, is_empty, recover, remove, settle_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

CLIENTS = "c"
ASSETS = "assets"
SCRIPT = "script-src 'self'; "
"""What a shell adds to the policy: the one script that opens sealed pages."""


def policy(*, with_script: bool = False) -> str:
    """Say what a page may load: nothing from elsewhere, and no script but for sealed pages."""
    script = SCRIPT if with_script else ""
    return (
        f"default-src 'none'; {script}style-src 'self'; img-src 'self' data:; font-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


POLICY = policy()
COMMON_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
PAGE_CACHE = "private, no-store"
ASSET_CACHE = "public, max-age=31536000, immutable"
# Some hosts join the values of rules that overlap: each address meets exactly one of these. What
# meets none is the answer "not found", whose page carries the policy itself.
RULES = (
    ("/", PAGE_CACHE),
    ("/index.html", PAGE_CACHE),
    ("/404.html", PAGE_CACHE),
    ("/c/*", PAGE_CACHE),
    ("/assets/*", ASSET_CACHE),
)

_HEAD = 16384
"""Bytes of a page that hold its policy, and the mode of a shell."""
_MODE = re.compile(rb' data-mode="(sealed|passphrase)">')
_ASSET_FOLDER = re.compile(rb"assets/([0-9a-f]{16})/")


def headers_for(address: str, *, with_script: bool = False) -> dict[str, str]:
    """Tell what a host sends with an address; nothing where no rule names it.

    `with_script`: some client's pages are sealed, and need the script that opens them.
    """
    for pattern, cache in RULES:
        if address == pattern or (pattern.endswith("*") and address.startswith(pattern[:-1])):
            may_run = with_script and address.startswith(f"/{CLIENTS}/")
            own = {"Content-Security-Policy": policy(with_script=may_run), "Cache-Control": cache}
            return {**COMMON_HEADERS, **own}
    return {}


def is_shell(page: bytes) -> bool:
    """Tell whether a page is sealed: its own policy names the script."""
    return SCRIPT.encode() in page[:_HEAD]


def protects(folder: Path, wanted: Protection) -> bool:
    """Tell whether a client's published pages are protected as wanted, or better."""
    with (folder / "index.html").open("rb") as file:
        head = file.read(_HEAD)
    found = _MODE.search(head)
    mode = Protection(found[1].decode()) if found else Protection.LINK
    order = list(Protection)
    return order.index(mode) >= order.index(wanted)


def has_sealed(site: Path) -> bool:
    """Tell whether any client's pages in a site are sealed."""
    if not any((site / ASSETS).glob("*/*.js")):  # without its script no shell could open
        return False
    for page in (site / CLIENTS).glob("*/index.html"):
        with page.open("rb") as file:
            if is_shell(file.read(_HEAD)):
                return True
    return False


def _folders(place: Path) -> set[str]:
    """Name the folders that stand in a place, but those that are hidden."""
    if not place.is_dir():
        return set()
    with os.scandir(place) as entries:
        return {entry.name for entry in entries if entry.is_dir() and entry.name[0] != "."}


def published_tokens(site: Path) -> frozenset[str]:
    """List the client folders that stand in the site."""
    return frozenset(_folders(site / CLIENTS))


def remove_unwanted(site: Path, wanted: Collection[str]) -> int:
    """Remove client folders whose token nobody has any more; return how many."""
    unwanted = published_tokens(site) - set(wanted)
    for token in sorted(unwanted):
        remove(site / CLIENTS / token)
    return len(unwanted)


def mend(site: Path) -> None:
    """Mend a site after a killed run, wherever something is exchanged or written whole."""
    for folder in (site, site / CLIENTS, site / ASSETS):
        recover(folder)
    for folder in (site / ASSETS).glob("*/"):
        recover(folder)


def _pages(site: Path) -> Iterator[Path]:
    """List all pages, the clients' first ones first: mostly they say what all of them need."""
    yield from site.glob("*.html")
    yield from (site / CLIENTS).glob("*.html")
    folders = [site / CLIENTS / token for token in published_tokens(site)]
    for deep in ("index.html", "*/**/index.html"):
        for folder in folders:
            yield from folder.glob(deep)


def give_back(site: Path) -> None:
    """Leave a folder that was empty as empty as it was: no client's page could be written."""
    for name in (ASSETS, CLIENTS):
        shutil.rmtree(site / name, ignore_errors=True)
    if is_empty(site):  # without its marker, what is left would be somebody else's
        (site / MARKER).unlink()


def remove_stale_assets(site: Path, current: str) -> None:
    """Remove asset folders that no page refers to; `current` always stays."""
    folder = site / ASSETS
    candidates = _folders(folder) - {current.split("/")[1]}
    pages = _pages(site)
    while candidates and (page := next(pages, None)):
        candidates -= {found.decode() for found in _ASSET_FOLDER.findall(page.read_bytes())}
    if not candidates:
        return
    if (site / CLIENTS).is_dir():  # a part of a site may have no page at all
        settle_names(site / CLIENTS)
    for name in sorted(candidates):
        remove(folder / name)
