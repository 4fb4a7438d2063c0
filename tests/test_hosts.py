"""The file that each host reads: the same headers in its own words, and nothing about clients."""

from __future__ import annotations

import fnmatch
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.model.hosts import HOSTS
from site_builder.publish.hosts import host_files, over_limits, snippet, write_host_files
from site_builder.publish.site import headers_for, policy
from tests.workspace import AGENCY, OTTER, PINE, TOKENS, Workspace, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ADDRESSES = (
    "/",
    "/index.html",
    "/404.html",
    "/c/",
    "/c/x/",
    "/c/x/files/a.pdf",
    "/assets/1/a.css",
    "/x",
)
"""One of each kind, and one that no rule of _headers names."""
WITH_CONFIG = {
    "azure": "staticwebapp.config.json",
    "firebase": "firebase.json",
    "vercel": "vercel.json",
}


def expected(address: str, *, with_script: bool) -> dict[str, str]:
    """Tell what an address must have; what is not there has what pages have."""
    return headers_for(address, with_script=with_script) or headers_for("/")


def of_azure(config: dict[str, Any], address: str) -> dict[str, str]:
    """Join the headers for all with those of the first route, as Azure does."""
    headers: dict[str, str] = dict(config["globalHeaders"])
    for route in config["routes"]:
        if fnmatch.fnmatch(address, route["route"]):
            headers |= route["headers"]
            break
    return headers


def of_firebase(config: dict[str, Any], address: str) -> dict[str, str]:
    """Let the last rule that meets win, as Firebase does."""
    headers: dict[str, str] = {}
    for rule in config["hosting"]["headers"]:
        if fnmatch.fnmatch(address, rule["source"].replace("**", "*")):
            headers |= {pair["key"]: pair["value"] for pair in rule["headers"]}
    return headers


def of_vercel(config: dict[str, Any], address: str) -> dict[str, str]:
    """Take the one rule that meets: Vercel's patterns are regular expressions."""
    meeting = [rule for rule in config["headers"] if re.fullmatch(rule["source"], address)]
    assert len(meeting) == 1, address
    return {pair["key"]: pair["value"] for pair in meeting[0]["headers"]}


READ: dict[str, Callable[[dict[str, Any], str], dict[str, str]]] = {
    "azure": of_azure,
    "firebase": of_firebase,
    "vercel": of_vercel,
}


@pytest.mark.parametrize("with_script", [False, True])
@pytest.mark.parametrize("host", WITH_CONFIG)
def test_a_config_gives_each_address_its_headers(host: str, *, with_script: bool) -> None:
    """As the host reads it: the whole set, the script's policy below c/ only."""
    text = host_files(host, with_script=with_script)[WITH_CONFIG[host]]
    config = json.loads(text)
    for address in ADDRESSES:
        assert READ[host](config, address) == expected(address, with_script=with_script), address
    assert len(text) < 20 * 1024, "Azure reads no more"


def test_the_script_of_sealed_pages_is_allowed_where_it_is_needed() -> None:
    """Only for clients' pages, only from the site itself, and only if a client is sealed."""
    assert "script" not in policy()
    assert "script-src 'self'; style-src 'self'" in policy(with_script=True)
    for address in ADDRESSES:
        allowed = "script-src" in headers_for(address, with_script=True).get(
            "Content-Security-Policy", ""
        )
        assert allowed is address.startswith("/c/")
        assert "script-src" not in str(headers_for(address))


def test_cloudfront_gets_all_but_the_times_of_caching() -> None:
    """Those are given to each object when it is sent."""
    written = json.loads(snippet("s3"))
    secure = written["SecurityHeadersConfig"]
    more = written["CustomHeadersConfig"]
    assert more["Quantity"] == len(more["Items"])
    assert all(item["Override"] for item in (*secure.values(), *more["Items"]))
    found = {item["Header"]: item["Value"] for item in more["Items"]} | {
        "Content-Security-Policy": secure["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": secure["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        "Strict-Transport-Security": f"max-age={secure['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
    }
    wanted = dict(headers_for("/c/"))
    del wanted["Cache-Control"]
    assert found == wanted


@pytest.mark.parametrize("host", [None, *HOSTS])
def test_a_build_writes_the_files_of_its_host_and_of_no_other(
    workspace: Workspace, host: str | None
) -> None:
    """Also where another host was named before; none of them names a client or a link."""
    workspace.edit("mkdocs.yml", "    rhythm", "    host: vercel\n    rhythm")
    workspace.build()
    workspace.write("mkdocs.yml", AGENCY + (f"    host: {host}\n" if host else ""))
    assert workspace.build().code == 0
    names = {name for name in tree(workspace.site) if "/" not in name}
    own = HOSTS[host].files if host else ("_headers",)
    assert names == {".site-builder", "index.html", "404.html", *own}
    for name in own:
        text = (workspace.site / name).read_text("utf-8")
        assert not [word for word in (*TOKENS.values(), OTTER, PINE, "Otter") if word in text]


def test_each_host_has_a_way_to_headers_or_says_that_it_has_none() -> None:
    """A file in the site, a snippet, or a sentence in `doctor`."""
    for name, host in HOSTS.items():
        has_way = bool(snippet(name)) or any(text for text in host_files(name).values())
        assert has_way is host.sets_headers
        assert bool(snippet(name)) is bool(host.snippet)
        assert host.cannot, name


def test_rules_fit_cloudflare() -> None:
    """At most 100 rules, and 2,000 characters a line."""
    lines = host_files("cloudflare", with_script=True)["_headers"].decode().splitlines()
    assert sum(not line.startswith(" ") for line in lines) <= 100
    assert max(map(len, lines)) <= 2000


def test_what_a_host_does_not_take_is_said_before(tmp_path: Path) -> None:
    """Too many files, too large a file, too much in all."""
    site = tmp_path / "site"
    site.mkdir()
    write_host_files(site, "cloudflare")
    assert list(over_limits(site, "cloudflare")) == []
    with (site / "film.mp4").open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    for number in range(20_000):
        (site / str(number)).touch()
    assert list(over_limits(site, "cloudflare")) == [
        "The site has 20,002 files; Cloudflare Pages (the free plan) takes 20,000.",
        "A file has 26 MB; Cloudflare Pages (the free plan) takes 25 MB at most.",
    ]
    with (site / "film.mp4").open("wb") as file:
        file.truncate(2**30 + 1)
    assert list(over_limits(site, "github-pages")) == [
        "The site has 1.0 GB; GitHub Pages takes 1.0 GB.",
        "A file has 1.0 GB; GitHub Pages takes 100 MB at most.",
    ]
    assert list(over_limits(site, "nginx")) == list(over_limits(site, None)) == []


def test_one_sealed_client_lets_the_script_of_sealed_pages_run(workspace: Workspace) -> None:
    """In the file of the host, below c/ only; and as long as sealed pages stand in the site."""

    def allowed() -> list[str]:
        workspace.build()
        rules = (workspace.site / "_headers").read_text("utf-8").split("\n/")
        return [rule.partition("\n")[0] for rule in rules if "script-src" in rule]

    assert allowed() == []
    assert workspace.run("link", "protect", PINE, "sealed").code == 0
    assert allowed() == ["c/*"]
    path = f"projects/{PINE}/client.yml"
    workspace.write(path, (workspace.root / path).read_text("utf-8") + "[")
    assert allowed() == ["c/*"]
