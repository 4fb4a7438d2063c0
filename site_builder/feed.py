"""News to an Atom feed (RFC 4287), escaped by the XML writer.

Ids hold neither link nor host, dates are those of the news: the same news give the same bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from site_builder.model.following import FeedEntry

ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, name, attributes)
    element.text = _NOT_XML.sub("", text) or None
    return element


def _midnight(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def feed(
    entries: Sequence[FeedEntry],
    *,
    identity: str,
    title: str,
    author: str,
    language: str,
    updated: datetime.date,
    address: str,
    file: str,
) -> bytes:
    """Write the news; `address` is the client's folder on the web, `file` the feed's name in it."""
    root = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(root, "id", f"urn:uuid:{identity}")
    _add(root, "title", title)
    _add(root, "updated", _midnight(updated))
    _add(_add(root, "author"), "name", author)
    _add(root, "link", rel="self", type="application/atom+xml", href=address + file)
    _add(root, "link", rel="alternate", type="text/html", href=address)
    for entry in entries:
        item = _add(root, "entry")
        _add(item, "id", f"urn:uuid:{entry.id}")
        _add(item, "title", entry.title)
        _add(item, "published", _midnight(entry.on))
        _add(item, "updated", _midnight(entry.on))
        _add(item, "link", rel="alternate", type="text/html", href=address + entry.way)
        if entry.text:
            _add(item, "summary", entry.text)
    Xml.indent(root, "")
    declaration = '<?xml version="1.0" encoding="utf-8"?>'
    return f"{declaration}\n{Xml.tostring(root, encoding='unicode')}\n".encode()
