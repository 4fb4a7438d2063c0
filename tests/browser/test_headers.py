"""The headers that `_headers` publishes, as a web server sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.serve import header_rules, headers_at

if TYPE_CHECKING:
    from tests.browser.conftest import Sites

pytestmark = pytest.mark.browser

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
FOR_PAGES = "private, no-store"
FOR_ASSETS = "public, max-age=31536000, immutable"
MISSING = ("/c/aaaaaaaaaaaaaaaaaaaaaaaaaa/", "/assets/none.css")
OUTSIDE = ("/nothing-here", "/favicon.ico")
"""Rules cannot name these without overlapping; the page that answers carries the policy itself."""
MOST_RULES, LONGEST_LINE = 100, 2000


def test_every_answer_carries_the_whole_set(sites: Sites) -> None:
    """Pages, folders, pictures, downloads, progress.json, stylesheets, and what is not there."""
    site = sites("samples")
    kinds = set()
    for address in (*site.page_addresses(), *site.file_addresses(), *MISSING):
        status, headers, _ = site.get(address)
        assert status == (404 if address in MISSING else 200), address
        for name, value in ALWAYS.items():
            assert headers.get(name) == [value], f"{address}: {name}"
        kinds.add(address.rpartition(".")[2])
    assert {"json", "css", "svg", "pdf", "png", "ics"} <= kinds


def test_pages_are_kept_by_nobody_and_assets_for_ever(sites: Sites) -> None:
    """A revoked link must not live on in a cache; a stylesheet has its content in its address."""
    site = sites("samples")
    for address in (*site.page_addresses(), *site.file_addresses()):
        is_asset = address.startswith("/assets/")
        _, headers, _ = site.get(address)
        assert headers["Cache-Control"] == [FOR_ASSETS if is_asset else FOR_PAGES], address


def test_no_two_rules_meet_at_one_address(sites: Sites) -> None:
    """Some hosts join the values of rules that overlap."""
    site = sites("samples")
    rules = header_rules(site.folder)
    for address in (*site.page_addresses(), *site.file_addresses(), *MISSING):
        assert {len(values) for values in headers_at(rules, address).values()} == {1}, address


def test_the_rules_name_no_client_and_fit_the_hosts(sites: Sites) -> None:
    """The file may be read by anyone, and hosts limit its size."""
    site = sites("samples")
    text = (site.folder / "_headers").read_text("utf-8")
    assert not [token for token in site.tokens.values() if token in text]
    assert len(header_rules(site.folder)) <= MOST_RULES
    assert max(map(len, text.splitlines())) <= LONGEST_LINE


def test_what_is_not_there_gets_the_neutral_page(sites: Sites) -> None:
    """A wrong address tells nothing: neither a client nor a tool."""
    site = sites("samples")
    neutral = (site.folder / "404.html").read_bytes()
    assert b"Content-Security-Policy" in neutral
    assert b"noindex" in neutral
    for address in (*MISSING, *OUTSIDE):
        assert site.get(address)[2] == neutral
