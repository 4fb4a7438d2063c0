"""Our headers in the words of nginx, Apache and Caddy: every answer carries the whole set.

That holds for errors and redirects, too: each server has its own way to lose a header there.
"""

from __future__ import annotations

from site_builder.publish.kinds import KINDS
from site_builder.publish.site import ASSETS, CLIENTS, headers_for

_TEXTS = ("html", "css", "js", "json", "xml", "ics", "txt", "csv", "svg")
_ERRORS = (400, 403, 404, 405, 408, 410, 412, 413, 414, 429, 500, 501, 502, 503, 504)
"""What is answered with the neutral page: a server's own pages tell which one it is."""
_HIDDEN = r"/\.(?!well-known/)"
"""Files that nobody asks for, but for those that prove whose the address is."""
_LEAD = """\
# The headers of all answers, for {server}. Made by: site-builder doctor --snippet
# {where}
"""


def _zones(*, with_script: bool) -> dict[str, dict[str, str]]:
    """Return the folders that differ from the rest, with all headers of each."""
    usual = headers_for("/", with_script=with_script)
    zones = {zone: headers_for(f"/{zone}/", with_script=with_script) for zone in (ASSETS, CLIENTS)}
    return {zone: headers for zone, headers in zones.items() if headers != usual}


def nginx(*, with_script: bool = False) -> str:
    """Write a snippet for a `server` block.

    A `location` with an `add_header` drops all those around it: so each has the whole set. Errors
    are answered outside of the folders, and so nobody keeps one for ever.
    """

    def add(headers: dict[str, str], indent: str = "") -> list[str]:
        return [f'{indent}add_header {name} "{value}" always;' for name, value in headers.items()]

    texts = sorted({KINDS[ending] for ending in _TEXTS} - {"text/html"})
    lines = [
        "server_tokens off;",
        "absolute_redirect off;",
        "autoindex off;",
        "max_ranges 0;",
        "charset utf-8;",
        f"charset_types {' '.join(texts)};",
        "index index.html;",
        f"error_page {' '.join(map(str, _ERRORS))} /404.html;",
        "default_type application/octet-stream;",
        "types {",
        *(f"    {kind} {ending};" for ending, kind in KINDS.items()),
        "}",
        *add(headers_for("/", with_script=with_script)),
    ]
    for zone, headers in _zones(with_script=with_script).items():
        lines += [f"location /{zone}/ {{", *add(headers, "    "), "}"]
    lines += [f"location ~ {_HIDDEN} {{", "    return 404;", "}"]
    where = "Include it in the server block that has listen, server_name and root."
    return _LEAD.format(server="nginx", where=where) + "\n".join(lines) + "\n"


def apache(*, with_script: bool = False) -> str:
    """Write a file that is `.htaccess` in the site, or is included in a virtual host.

    Without mod_headers there is an error, and no page without its headers.
    """
    usual = headers_for("/", with_script=with_script)
    lines = [
        "Options -Indexes -MultiViews",
        "DirectoryIndex index.html",
        "ServerSignature Off",
        *(f"ErrorDocument {status} /404.html" for status in _ERRORS),
        f'RedirectMatch 404 "{_HIDDEN}"',
        *(f"AddType {kind} .{ending}" for ending, kind in KINDS.items()),
        f"AddCharset utf-8 {' '.join(f'.{ending}' for ending in _TEXTS)}",
        *(f'Header always set {name} "{value}"' for name, value in usual.items()),
    ]
    for zone, headers in _zones(with_script=with_script).items():
        lines.append(f'SetEnvIf Request_URI "^/{zone}/" in_{zone}')
        lines += [
            f'Header always set {name} "{value}" env=in_{zone}'
            for name, value in headers.items()
            if usual[name] != value
        ]
    where = "It is .htaccess in the site (AllowOverride All), or included in the virtual host."
    return _LEAD.format(server="Apache", where=where) + "\n".join(lines) + "\n"


def caddy(*, with_script: bool = False) -> str:
    """Write a snippet for a site block.

    Conditions do not overlap, for versions of Caddy differ in which of two comes first.
    """
    usual = headers_for("/", with_script=with_script)
    zones = _zones(with_script=with_script)
    differing = {
        name for headers in zones.values() for name in headers if headers[name] != usual[name]
    }
    lines = [
        "header {",
        "\t-Server",
        *(f'\t{name} "{value}"' for name, value in usual.items() if name not in differing),
        "}",
        f"@elsewhere not path {' '.join(f'/{zone}/*' for zone in zones)}",
        *(f'header @elsewhere {name} "{usual[name]}"' for name in sorted(differing)),
    ]
    for zone, headers in zones.items():
        lines += [f'header /{zone}/* {name} "{headers[name]}"' for name in sorted(differing)]
    for ending, kind in KINDS.items():
        charset = "; charset=utf-8" if ending in _TEXTS else ""
        lines += [f"@{ending} path *.{ending}", f'header @{ending} Content-Type "{kind}{charset}"']
    lines += [
        f"@hidden path_regexp {_HIDDEN.replace('(?!well-known/)', '')}",
        "error @hidden 404",
        "@unsafe not method GET HEAD",
        "error @unsafe 405",
        "file_server",
        "handle_errors {",
        "\theader {",
        "\t\t-Server",
        *(f'\t\t{name} "{value}"' for name, value in usual.items()),
        '\t\tContent-Type "text/html; charset=utf-8"',
        "\t}",
        "\t@wrong not method GET HEAD",
        "\tmethod @wrong GET",
        "\trewrite * /404.html",
        "\tfile_server",
        "}",
    ]
    where = "Import it in the site block that has the address and root."
    return _LEAD.format(server="Caddy", where=where) + "\n".join(lines) + "\n"
