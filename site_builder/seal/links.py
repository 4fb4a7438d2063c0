"""The links of a finished page, made to fit the place where the page is sealed.

Only start tags that point somewhere are written anew; every other byte of the page stays.
"""

from __future__ import annotations

import base64
import html
import posixpath
from html.parser import HTMLParser
from mimetypes import MimeTypes
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TYPES = MimeTypes()
_Attributes = list[tuple[str, str | None]]


def media_type(name: str) -> str:
    """Tell the media type of a file from its name, whatever the system knows."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


class Place:
    """Where a page stood in the client's folder, and where it stands when it is sealed."""

    def __init__(
        self, token: str, address: str, names: Mapping[str, str], files: Mapping[str, bytes]
    ) -> None:
        """Take the page's address, the outer name of each address, and the folder's files."""
        self._root = f"/c/{token}/"
        self._names = names
        self._files = files
        self._inner = self._root + address
        self._outer = self._folder(names[address])

    def _folder(self, name: str) -> str:
        return f"{self._root}{name}/" if name else self._root

    def target(self, link: str) -> str | None:
        """Tell which address of the client's folder a link means; None for any other."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = posixpath.normpath(posixpath.join(self._inner, unquote(parts.path)))
        is_folder = parts.path.endswith(("/", "/.", "/..")) or parts.path in {".", ".."}
        path += "/" if is_folder else ""
        return path.removeprefix(self._root) if path.startswith(self._root) else None

    def link(self, link: str) -> str:
        """Return a link as it leads from the sealed page to the same target."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            return link
        target = self.target(link)
        if target is None:  # outside of the client's folder: what all pages share
            path = posixpath.normpath(posixpath.join(self._inner, unquote(parts.path)))
        elif target in self._names:
            path = self._folder(self._names[target])
        else:
            return link
        way = posixpath.relpath(path, self._outer)
        return quote(way) + ("/" if path.endswith("/") else "")

    def picture(self, link: str) -> bytes | None:
        """Return the bytes of a picture of the client's folder; None for any other."""
        target = self.target(link)
        return None if target is None else self._files.get(target)

    def inlined(self, link: str) -> str:
        """Return a picture as part of the page; one that all pages share as a link."""
        content = self.picture(link)
        if content is None:
            return self.link(link)
        return f"data:{media_type(urlsplit(link).path)};base64,{base64.b64encode(content).decode()}"


class _Rewriter(HTMLParser):
    def __init__(self, page: str, place: Place) -> None:
        super().__init__(convert_charrefs=False)
        self._page, self._place = page, place
        self._line_starts = [0]
        for line in page.split("\n"):
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)
        self.pieces: list[str] = []
        self._done = 0
        self.linked: set[str] = set()

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        changed = self._changed(tag, attrs)
        if changed == attrs:
            return
        line, column = self.getpos()
        start = self._line_starts[line - 1] + column
        self.pieces += [self._page[self._done : start], _written(tag, changed) if changed else ""]
        self._done = start + len(self.get_starttag_text() or "")

    handle_startendtag = handle_starttag

    def _changed(self, tag: str, attrs: _Attributes) -> _Attributes:
        """Return the attributes that shall stand there; none for a tag that shall not."""
        known = dict(attrs)
        if tag == "source" and self._is_own(known.get("srcset") or ""):
            return []
        if tag == "img":
            is_own = self._place.picture(known.get("src") or "") is not None
            attrs = [pair for pair in attrs if not is_own or pair[0] not in {"srcset", "sizes"}]
        return [(name, self._value(tag, name, value)) for name, value in attrs]

    def _is_own(self, srcset: str) -> bool:
        return any(self._place.target(link) is not None for link, _ in _candidates(srcset))

    def _value(self, tag: str, name: str, value: str | None) -> str | None:
        if not value:
            return value
        if name == "src":
            return self._place.inlined(value)
        if name == "srcset":
            found = [(self._place.link(link), size) for link, size in _candidates(value)]
            return ", ".join(f"{link} {size}".strip() for link, size in found)
        if name == "href" and tag in {"a", "link"}:
            target = self._place.target(value)
            self.linked |= {target} if target else set()
            return self._place.link(value)
        return value

    def finished(self) -> str:
        self.feed(self._page)
        self.close()
        return "".join([*self.pieces, self._page[self._done :]])


def _candidates(srcset: str) -> Sequence[tuple[str, str]]:
    """Take a `srcset` apart: each picture, and when it is meant."""
    entries = (entry.strip().partition(" ") for entry in srcset.split(","))
    return [(link, size.strip()) for link, _, size in entries if link]


def _written(tag: str, attrs: _Attributes) -> str:
    words = [name if value is None else f'{name}="{html.escape(value)}"' for name, value in attrs]
    return f"<{' '.join([tag, *words])}>"


def resealed(page: str, place: Place) -> tuple[str, frozenset[str]]:
    """Return a page with links and pictures as they are when it is sealed.

    The second part are the addresses in the client's folder that the page leads to.
    """
    rewriter = _Rewriter(page, place)
    text = rewriter.finished()
    return text, frozenset(rewriter.linked)
