"""The files and snippets that make each host send our headers with every answer.

One policy for all, `publish.site.headers_for`; here it is only put into the words of each host.
None of it names a client.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from site_builder.model.hosts import GB, HOSTS, MB
from site_builder.publish import servers
from site_builder.publish.exchange import write_whole
from site_builder.publish.kinds import KINDS
from site_builder.publish.site import ASSETS, CLIENTS, RULES, headers_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HEADERS_FILE = "_headers"
_ANY_HOST = (HEADERS_FILE,)
"""What is written where no host is named: several read it."""
KNOWN_FILES = frozenset(file for host in HOSTS.values() for file in host.files)


def _as_json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"


def _headers(*, with_script: bool) -> str:
    """Write the rules as Netlify and Cloudflare Pages read them."""
    lines = []
    for pattern, _ in RULES:
        headers = headers_for(pattern, with_script=with_script)
        lines += [pattern, *(f"  {name}: {value}" for name, value in headers.items())]
    return "\n".join(lines) + "\n"


def _different(address: str, *, with_script: bool) -> dict[str, str]:
    """Return the headers of an address that are not those of the front page."""
    usual = headers_for("/", with_script=with_script)
    here = headers_for(address, with_script=with_script)
    return {name: value for name, value in here.items() if usual[name] != value}


def _azure(*, with_script: bool) -> str:
    zones = {
        f"/{zone}/*": headers
        for zone in (ASSETS, CLIENTS)
        if (headers := _different(f"/{zone}/", with_script=with_script))
    }
    return _as_json(
        {
            "globalHeaders": headers_for("/", with_script=with_script),
            "routes": [{"route": zone, "headers": headers} for zone, headers in zones.items()],
            "responseOverrides": {"404": {"rewrite": "/404.html"}},
            "trailingSlash": "always",
            "mimeTypes": {f".{ending}": kind for ending, kind in KINDS.items()},
        }
    )


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in headers.items()]


def _firebase(*, with_script: bool) -> str:
    """Write what `firebase deploy` reads in the site; of rules that meet the last one counts."""
    zones = {"**": headers_for("/", with_script=with_script)}
    for zone in (ASSETS, CLIENTS):
        if headers := _different(f"/{zone}/", with_script=with_script):
            zones[f"/{zone}/**"] = headers
    hosting = {
        "public": ".",
        "ignore": ["firebase.json", "firebase-debug.log", "**/.*"],
        "headers": [
            {"source": zone, "headers": _pairs(headers)} for zone, headers in zones.items()
        ],
    }
    return _as_json({"hosting": hosting})


def _vercel(*, with_script: bool) -> str:
    zones = {
        f"/((?!{ASSETS}/|{CLIENTS}/).*)": "/",
        f"/{ASSETS}/(.*)": f"/{ASSETS}/",
        f"/{CLIENTS}/(.*)": f"/{CLIENTS}/",
    }
    return _as_json(
        {
            "$schema": "https://openapi.vercel.sh/vercel.json",
            "framework": None,
            "outputDirectory": ".",
            "cleanUrls": False,
            "trailingSlash": True,
            "headers": [
                {"source": zone, "headers": _pairs(headers_for(address, with_script=with_script))}
                for zone, address in zones.items()
            ],
        }
    )


def _cloudfront(*, with_script: bool) -> str:
    """Write a response headers policy; the times of caching are given to each object instead."""
    headers = headers_for(f"/{CLIENTS}/", with_script=with_script)
    del headers["Cache-Control"]
    seconds = int(headers.pop("Strict-Transport-Security").removeprefix("max-age="))
    del headers["X-Content-Type-Options"]
    secure = {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": headers.pop("Content-Security-Policy"),
            "Override": True,
        },
        "ContentTypeOptions": {"Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": headers.pop("Referrer-Policy"), "Override": True},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": seconds,
            "IncludeSubdomains": False,
            "Preload": False,
            "Override": True,
        },
    }
    more = [{"Header": name, "Value": value, "Override": True} for name, value in headers.items()]
    return _as_json(
        {
            "Name": "progress-pages",
            "Comment": "The headers of all answers. Made by: site-builder doctor --snippet",
            "SecurityHeadersConfig": secure,
            "CustomHeadersConfig": {"Quantity": len(more), "Items": more},
            "RemoveHeadersConfig": {"Quantity": 1, "Items": [{"Header": "Server"}]},
        }
    )


def _nothing(*, with_script: bool) -> str:  # noqa: ARG001 - written as the others are
    return ""


_FILES: dict[str, Callable[..., str]] = {
    "_headers": _headers,
    ".nojekyll": _nothing,
    "staticwebapp.config.json": _azure,
    "firebase.json": _firebase,
    "vercel.json": _vercel,
    ".htaccess": servers.apache,
}
_SNIPPETS: dict[str, Callable[..., str]] = {
    "s3": _cloudfront,
    "nginx": servers.nginx,
    "apache": servers.apache,
    "caddy": servers.caddy,
}


def host_files(host: str | None, *, with_script: bool = False) -> dict[str, bytes]:
    """Return the host's own files by their way from the site's root; None is any host."""
    names = HOSTS[host].files if host else _ANY_HOST
    return {name: _FILES[name](with_script=with_script).encode() for name in names}


def snippet(host: str, *, with_script: bool = False) -> str:
    """Return what belongs into the host's own settings; nothing if all of it is in the site."""
    return _SNIPPETS[host](with_script=with_script) if host in _SNIPPETS else ""


def write_host_files(site: Path, host: str | None, *, with_script: bool = False) -> None:
    """Put the host's files into the site, and take away those of another one."""
    files = host_files(host, with_script=with_script)
    for name, content in files.items():
        write_whole(site / name, content)
    for name in KNOWN_FILES - files.keys():
        (site / name).unlink(missing_ok=True)


def size_words(number: int) -> str:
    """Say how many bytes these are, as people do."""
    return f"{number / GB:.1f} GB" if number >= GB else f"{number / MB:.0f} MB"


def over_limits(site: Path, host: str | None) -> Iterator[str]:
    """Say in sentences what of a site its host would not take."""
    if not host:
        return
    known = HOSTS[host]
    sizes = {
        path.relative_to(site).as_posix(): path.stat().st_size
        for path in site.rglob("*")
        if path.is_file()
    }
    where = f"{known.title}{f' ({known.plan})' if known.plan else ''}"
    if known.most_files and len(sizes) > known.most_files:
        yield f"The site has {len(sizes):,} files; {where} takes {known.most_files:,}."
    total = sum(sizes.values())
    if known.most_bytes and total > known.most_bytes:
        yield f"The site has {size_words(total)}; {where} takes {size_words(known.most_bytes)}."
    large = sorted(size for size in sizes.values() if size > known.largest_file)
    if known.largest_file and large:
        files = "A file has" if len(large) == 1 else f"{len(large)} files have up to"
        yield f"{files} {size_words(large[-1])}; {where} takes {size_words(known.largest_file)} at most."
