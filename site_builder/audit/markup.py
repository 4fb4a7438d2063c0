"""What stands in a page's markup: scripts, styles, requests, comments, and its texts in blocks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from site_builder.audit.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_TAGS = re.compile(r"<[^<>]*>")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time u"
    " var wbr".split()
)
"""Elements that do not end a sentence."""
_ACTIVE = frozenset("iframe frame frameset object embed applet base portal".split())
_CODE = frozenset({"code", "pre", "kbd", "samp"})
_LOADS = frozenset(
    "src srcset imagesrcset poster data background action formaction ping manifest dynsrc lowsrc".split()
)
"""Attributes whose address is asked for without a click, on any element."""
_LINKS = frozenset({"a", "area"})
"""Elements whose href waits for a click."""
_SAID = frozenset("alt title content aria-label placeholder label summary value".split())
"""Attributes that people read or hear."""
_AWAY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}|(?:https?|ftp|wss?):", re.IGNORECASE)
_RUNS = re.compile(r"(?:java|vb|live)script:|data:(?!image/|font/)", re.IGNORECASE)
_IGNORED_IN_URL = re.compile(r"[\x00-\x20\u00a0]+")
_CSS_ADDRESS = re.compile(
    r"url\(\s*['\"]?([^'\")]*)|@import\s+(?:url\()?\s*['\"]?([^'\")\s;]+)|image-set\(\s*['\"]([^'\"]*)",
    re.IGNORECASE,
)
_NONE = re.compile(r"default-src\s+'none'")
_WEAK = re.compile(r"unsafe-|https?:|\*|\bblob:")

_KNOWN_ADDRESS = rb"(?:#|\.{0,2}/(?!/)|\.\./?|mailto:|tel:|https?://|[\w%-]+/(?!/)|[\w%.-]+(?=\"))[^\"<>\\\x00-\x20]*"
HARMLESS = re.compile(
    rb"</[a-z][a-z0-9]*>|<!doctype html>|<a(?: (?:href=\""
    + _KNOWN_ADDRESS
    + rb"\"|(?:class|rel|id|aria-[a-z]+)=\"[^\"<>&\\(]*\"))*>"
    rb"|<(?!a |script|style|meta|base|link|iframe|object|embed|portal|applet|frame|animate|set|use)[a-z][a-z0-9]*"
    rb"(?: (?!on|style|src|href|action|poster|ping|background|formaction|manifest|xlink|dynsrc|lowsrc|imagesrc|data[=> ])"
    rb"[a-z][a-zA-Z-]*(?:=\"[^\"<>&\\(]*\")?)*>"
)
"""Tags of ordinary pages that need no closer look: with nothing that runs, loads or is styled."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in the markup that breaks a rule."""

    rule: Rule
    line: int
    column: int
    about: str = ""
    """An element, an attribute or a host; never a text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text between two elements that end sentences, or in an attribute."""

    text: str
    line: int
    is_code: bool = False


@dataclass(slots=True)
class Markup:
    """What one page says."""

    marks: list[Mark] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def host_of(address: str) -> str:
    """Return the host of an address that leaves the site; empty if it stays."""
    bare = _IGNORED_IN_URL.sub("", address)
    match = _AWAY.match(bare)
    if not match:
        return ""
    return re.split(r"[/\\?#]", bare[match.end() :].lstrip("/\\"), maxsplit=1)[0][:80] or "?"


def css_requests(text: str) -> Iterator[tuple[str, int]]:
    """Find the hosts that a stylesheet asks, each with its place in the text."""
    for match in _CSS_ADDRESS.finditer(text):
        if host := host_of(next(group for group in match.groups() if group is not None)):
            yield host, match.start()


class _Reader(HTMLParser):
    """Reads a page as a browser would, and keeps what breaks rules."""

    def __init__(self, scripts: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self.scripts = scripts
        self.metas: dict[str, str] = {}
        self._text: list[str] = []
        self._line = 1
        self._inside: list[str] = []

    def mark(self, rule: Rule, about: str = "") -> None:
        line, column = self.getpos()
        self.found.marks.append(Mark(rule, line, column + 1, about))

    def end_block(self) -> None:
        text = "".join(self._text)
        if text.strip():
            is_code = any(tag in _CODE for tag in self._inside)
            self.found.blocks.append(Block(text, self._line, is_code))
        self._text = []

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] in {"script", "style"}:
            return
        if not self._text:
            self._line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self.mark(Rule.COMMENT)
        self.found.blocks.append(Block(data, self.getpos()[0]))

    def handle_pi(self, data: str) -> None:
        if not data.startswith("xml "):
            self.mark(Rule.COMMENT)

    def unknown_decl(self, data: str) -> None:
        self.mark(Rule.COMMENT)
        self.found.blocks.append(Block(data, self.getpos()[0]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, {name: value or "" for name, value in attrs})
        if tag not in _INLINE or tag in _CODE:
            self.end_block()
        if tag in _CODE or tag in {"script", "style"}:
            self._inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE or tag in _CODE:
            self.end_block()
        if tag in self._inside:
            self._inside.remove(tag)

    def _element(self, tag: str, attrs: Mapping[str, str]) -> None:
        if tag == "script" and attrs.get("src", "").rpartition("/")[2] not in self.scripts:
            self.mark(Rule.SCRIPT)
        elif tag == "style":
            self.mark(Rule.STYLE, "<style>")
        elif tag in _ACTIVE:
            self.mark(Rule.ACTIVE, f"<{tag}>")
        elif tag == "meta":
            self._meta(attrs)
        for name, value in attrs.items():
            self._attribute(tag, name, value)
            if name in _SAID and value:
                self.found.blocks.append(Block(value, self.getpos()[0]))

    def _meta(self, attrs: Mapping[str, str]) -> None:
        name = (attrs.get("name") or attrs.get("http-equiv") or "").casefold()
        self.metas.setdefault(name, attrs.get("content", "").casefold())
        if name == "generator":
            self.mark(Rule.GENERATOR)
        if name == "refresh" and (host := host_of(attrs.get("content", "").partition("=")[2])):
            self.mark(Rule.REQUEST, host)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        local = name.rpartition(":")[2]
        if re.fullmatch(r"on[a-z]+", name):
            self.mark(Rule.HANDLER, name)
        elif name == "style":
            self.mark(Rule.STYLE, f"as an attribute of <{tag}>")
        if _RUNS.match(_IGNORED_IN_URL.sub("", value)) and (
            local in {"href", *_LOADS} or tag in {"animate", "set"}
        ):
            self.mark(Rule.SCRIPT)
        elif local in {"srcset", "imagesrcset"}:
            for candidate in value.split(","):
                if host := host_of(candidate.strip()):
                    self.mark(Rule.REQUEST, host)
        elif (local in _LOADS or (local == "href" and tag not in _LINKS)) and (
            host := host_of(value)
        ):
            self.mark(Rule.REQUEST, host)
        elif local in {"style", "fill", "filter", "mask", "clip-path"}:
            for host, _ in css_requests(value):
                self.mark(Rule.REQUEST, host)


def _page_marks(reader: _Reader) -> Iterator[Mark]:
    """Say what a whole page lacks."""
    metas = reader.metas
    if "noindex" not in metas.get("robots", ""):
        yield Mark(Rule.NO_INDEX, 1, 1)
    if metas.get("referrer", "").strip() != "no-referrer":
        yield Mark(Rule.NO_REFERRER, 1, 1)
    policy = metas.get("content-security-policy", "")
    if not _NONE.search(policy) or _WEAK.search(policy):
        yield Mark(Rule.NO_POLICY, 1, 1)


def read_markup(text: str, *, is_page: bool, scripts: Collection[str]) -> Markup:
    """Read markup; of a page also what it must say about itself."""
    reader = _Reader(scripts)
    reader.feed(text)
    reader.close()
    reader.end_block()
    for match in re.finditer(r"<style\b[^>]*>(.*?)(?:</style|\Z)", text, re.DOTALL | re.IGNORECASE):
        line = text.count("\n", 0, match.start()) + 1
        reader.found.marks += (
            Mark(Rule.REQUEST, line, 1, host) for host, _ in css_requests(match[1])
        )
    if is_page:
        reader.found.marks += _page_marks(reader)
    return reader.found


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def blocks_of(text: str, suffix: str) -> Iterator[Block]:
    """Split a text that is no markup where sentences end for sure."""
    if suffix == "json":
        try:
            yield from (Block(each, 1) for each in _strings(json.loads(text)))
        except (ValueError, RecursionError):
            pass
        else:
            return
    plain = _TAGS.sub("\n\n", text)
    line = 1
    for part in re.split(r"(\n\s*\n)", plain):
        if part.strip():
            yield Block(part, line)
        line += part.count("\n")
