"""What stands at each address of a preview: the built site, and pages of its own around it.

The files that were built go out as they are; only HTML gets the script that reloads it, a policy
that lets this one script run, and a note at the top where clients will see less. All other headers
are those of the real host.
"""

from __future__ import annotations

import html
import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from site_builder.brand import derive, stylesheet
from site_builder.language import load_language
from site_builder.pages.sentences import VERDICT_ICONS
from site_builder.publish.kinds import content_type
from site_builder.publish.site import CLIENTS, COMMON_HEADERS, SCRIPT, headers_for, is_shell
from site_builder.render import load_theme
from site_builder.workspace import own_theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from site_builder.serve.preview import Preview
    from site_builder.serve.state import Seen, State

OWN = "/_preview/"
"""Where the preview's own files are; no client's address begins so."""
EVENTS = f"{OWN}events"
_PAGES = Path(__file__).parent / "pages"
_OWN_FILES = {
    "reload.js": _PAGES / "reload.js",
    "preview.css": _PAGES / "preview.css",
    "note.css": _PAGES / "note.css",
    "icon.svg": _PAGES / "icon.svg",
    "progress.css": own_theme() / "css" / "progress.css",
}
_ALLOWED = "script-src 'nonce-preview'; connect-src 'self'; "
_ALLOWED_SEALED = _ALLOWED.replace(";", " 'self';", 1)
_META_POLICY = re.compile(rb'(<meta\b[^>]*content-security-policy[^>]*\bcontent=")', re.IGNORECASE)
_HEAD_END = re.compile(rb"</head>|\Z", re.IGNORECASE)
_BODY_BEGIN = re.compile(rb"<body\b[^>]*>|\Z", re.IGNORECASE)
_HTTPS_ONLY = "Strict-Transport-Security"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sends."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""


def _headers(address: str, kind: str, *, is_page: bool, is_sealed: bool = False) -> dict[str, str]:
    """Take the real host's headers, but for what only holds with https or stops our script."""
    headers = {"Content-Type": kind, **headers_for(address)}
    headers.pop(_HTTPS_ONLY, None)
    policy = headers.get("Content-Security-Policy")
    if is_page and policy:
        headers["Content-Security-Policy"] = _allowed(is_sealed=is_sealed) + policy
    return headers


def _allowed(*, is_sealed: bool) -> str:
    """Allow our script; where a page is sealed, also the one that opens it."""
    return _ALLOWED_SEALED if is_sealed else _ALLOWED


def _listening(content: bytes, version: int) -> bytes:
    """Let a page ask for its next version."""
    script = f'<script nonce="preview" src="{OWN}reload.js" data-version="{version}"></script>'
    is_sealed = is_shell(content)
    allowed = _allowed(is_sealed=is_sealed).encode()
    if is_sealed:  # browsers warn of what stands there twice
        content = content.replace(SCRIPT.encode(), b"", 1)
    content = _META_POLICY.sub(rb"\g<1>" + allowed, content)
    return _HEAD_END.sub(lambda end: script.encode() + end.group(), content, count=1)


def _noted(content: bytes, note: str) -> bytes:
    """Put a note at the top of a page."""
    style = f'<link rel="stylesheet" href="{OWN}note.css" data-stays>'.encode()
    content = _BODY_BEGIN.sub(lambda begin: begin.group() + note.encode(), content, count=1)
    return _HEAD_END.sub(lambda end: style + end.group(), content, count=1)


class Answers:
    """Tells what stands at an address. May be asked from any thread."""

    def __init__(self, preview: Preview) -> None:
        """Read our own templates; an agency's changed theme may be what is broken."""
        self.preview = preview
        self._environment = load_theme((_PAGES, own_theme())).environment

    def at(self, address: str) -> Answer:
        """Answer for the path of an address, as it was sent."""
        state = self.preview.state
        try:
            return self._at(address, state)
        except Exception:  # noqa: BLE001 - shown, and the server lives on
            text = html.escape(traceback.format_exc())
            page = f"<!doctype html><title>A bug of ours</title><h1>A bug of ours</h1><pre>{text}</pre>"
            return Answer(500, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    def _at(self, address: str, state: State) -> Answer:
        if address.startswith(OWN):
            return self._own(address.removeprefix(OWN), state)
        if state.trouble:
            return self._stopped(state, address)
        if address == "/":
            known = {"clients": _sorted(state), "offerings": state.offerings}
            return self._page(state, address, 200, "start.html", **known)
        if stopped := [seen for seen in state.clients_at(address) if seen.is_stopped]:
            return self._stopped(state, address, *stopped)
        path = self._published(address, state)
        if path is None:
            return self._missing(address, state)
        if path.is_dir():
            # Without the slash, links of the page would start one folder too high.
            return Answer(
                301,
                {
                    **_headers(address, "text/plain", is_page=False),
                    "Location": quote(unquote(address)) + "/",
                },
            )
        hidden = sum(seen.hidden for seen in state.clients_at(address))
        return self._file(path, address, state, hidden=hidden)

    def _published(self, address: str, state: State) -> Path | None:
        """Find what a host would publish at an address: never anything outside of the site."""
        text = unquote(address)
        if not headers_for(text):
            return None
        parts = text.split("/")[1:]
        names = parts[:-1] if parts[-1] == "" else parts
        if any(not name or name.startswith(".") for name in names):
            return None
        # A link that was taken back is gone, although its folder may wait to be removed.
        if (
            names[:1] == [CLIENTS]
            and names[1:]
            and names[1] != "index.html"
            and not state.is_private(text)
        ):
            return None
        site = self.preview.site.resolve()
        try:
            path = site.joinpath(*names).resolve()
            if not path.is_relative_to(site):
                return None
            if path.is_dir() and parts[-1] == "":
                path /= "index.html"
            elif parts[-1] == "":
                return None
            return path if path.exists() else None
        except (OSError, ValueError):
            return None

    def _file(
        self, path: Path, address: str, state: State, status: int = 200, *, hidden: int = 0
    ) -> Answer:
        kind = content_type(path.name)
        is_page = kind.startswith("text/html")
        content = path.read_bytes()
        is_sealed = is_page and is_shell(content)
        if is_page:
            if hidden:
                note = self._environment.get_template("note.html").render(hidden=hidden)
                content = _noted(content, note)
            content = _listening(content, state.version_at(address))
        headers = _headers(address, kind, is_page=is_page, is_sealed=is_sealed)
        return Answer(status, headers, content)

    def _missing(self, address: str, state: State) -> Answer:
        page = self.preview.site / "404.html"
        if page.is_file():
            return self._file(page, address, state, 404)
        lead = "No client could be built so far."
        words = {"owner": "", "heading": "There is no page here", "lead": lead}
        return self._page(state, address, 404, "stopped.html", **words)

    def _stopped(self, state: State, address: str, *clients: Seen) -> Answer:
        trouble = state.trouble
        problems = trouble.problems if trouble else [p for seen in clients for p in seen.errors]
        bug = trouble.bug if trouble else "\n".join(seen.bug for seen in clients if seen.bug)
        owner = "" if trouble else " and ".join(seen.name for seen in clients)
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'} to mend"
        view = {"owner": owner, "heading": "A bug of ours" if bug else count}
        return self._page(state, address, 500, "stopped.html", problems=problems, bug=bug, **view)

    def _page(self, state: State, address: str, status: int, name: str, **view: object) -> Answer:
        """Draw a page of the preview itself."""
        agency = state.workspace.agency.settings if state.workspace else None
        day = load_language("en").date(state.today, "long") if state.today else ""
        known = {
            "agency": agency.name if agency else "Preview",
            "brand": {"logo": ""},
            "today": day,
            "drafts": self.preview.drafts,
            "warnings": state.warnings,
            "verdict_icons": VERDICT_ICONS,
        }
        text = self._environment.get_template(name).render({**known, **view})
        content = _listening(text.encode(), state.version_at(address))
        # Also where no host would send any: these pages are ours.
        return Answer(status, _headers("/", "text/html; charset=utf-8", is_page=True), content)

    def _own(self, name: str, state: State) -> Answer:
        headers = {
            **COMMON_HEADERS,
            "Cache-Control": "no-store",
            "Content-Type": content_type(name),
        }
        headers.pop(_HTTPS_ONLY)
        if name == "brand.css":
            agency = state.workspace.agency.settings if state.workspace else None
            text = stylesheet(derive(agency.colour)) if agency else ""
            return Answer(200, headers, text.encode())
        if name in _OWN_FILES:
            return Answer(200, headers, _OWN_FILES[name].read_bytes())
        return self._missing(OWN + name, state)


def _sorted(state: State) -> list[Seen]:
    """Put first what needs mending, then the rest by name."""
    return sorted(
        state.clients.values(),
        key=lambda seen: (not seen.is_stopped, seen.name.casefold(), seen.id),
    )
