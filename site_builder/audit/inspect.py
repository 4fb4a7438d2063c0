"""One folder, file by file: a quick look at what is ordinary, a thorough one at everything else.

The quick look knows only harmless things (words that find nothing, tags that do nothing, lines that
it has seen): whatever it does not know goes to the thorough look. It decides nothing else.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.audit import names
from site_builder.audit.markup import Block, blocks_of, css_requests, read_markup
from site_builder.audit.needles import Index, Needle, needles_of
from site_builder.audit.quick import Known, is_plain, new_lines, resolved
from site_builder.audit.rules import WORDS, Rule
from site_builder.audit.search import (
    Found,
    canonical,
    find_needles,
    find_pages,
    find_shapes,
    find_sources,
    joined,
    plain_words,
    secrets_of,
)
from site_builder.audit.segments import segments
from site_builder.audit.unpack import PACKED, Layer, Unsearched, layers
from site_builder.errors import Problem, Severity, raise_it, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from site_builder.audit.sought import Hidden, Own, Sought

_TAGS = re.compile(r"<[^<>]*>")
_FOLD = re.compile(rb"\r?\n[ \t]")
"""Where a calendar breaks its lines, in the middle of words."""
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[a-z2-7]{26,}(?![A-Za-z0-9])")
_PAGE_SAYS = (b"noindex", b'content="no-referrer"', b"default-src 'none'")
_MARKUP = frozenset({"html", "htm", "xhtml", "svg"})
_PAGES = frozenset({"html", "htm", "xhtml"})
_TEXTS = frozenset({"html", "json", "txt", "csv", "ics", "xml"})
"""Endings of files that the quick look is for."""
_OUR_NAMES = frozenset({"index.html", "progress.json", "files", "changes", "scope", "start"})
"""Names that every client's folder has."""
_WITH_LINKS = frozenset({"calendar.ics", "feed.xml"})
"""Files that carry their client's own link, to that client only."""
_UNSAID = frozenset(
    {Rule.KEY, Rule.INTERNAL, Rule.DRAFT, Rule.OTHER_LINK, Rule.OWN_LINK, Rule.FORBIDDEN}
)
"""What stands in a file's name and must not be repeated."""
MAX_FINDINGS = 50
"""More findings of one file are not told."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A finding in a file, before it has words."""

    rule: Rule
    line: int = 1
    column: int = 1
    about: str = ""
    way: str = ""


@dataclass(slots=True)
class _Look:
    """What is known while one folder is looked through."""

    own: Own
    secrets: list[tuple[bytes, Hidden]]
    seen: set[bytes] = field(default_factory=set)
    """Lines without anything to find."""
    allowed: list[re.Pattern[str]] | None = None


class Inspector:
    """Looks through folders for what one `Sought` says; it may be asked again and again."""

    def __init__(self, sought: Sought) -> None:
        """Make the index of all that is looked for."""
        self.sought = sought
        self.index = Index(needles_of(sought))
        self._known = Known()

    def inspect(
        self, folder: Path, own: Own, place: str, *, left_out: Collection[str] = ()
    ) -> tuple[Problem, ...]:
        """Look through a folder for what its owner's readers must not get.

        `place` is how the folder is called in findings; ways `left_out` are not looked at.
        """
        found: list[Problem] = []
        look = _Look(own=own, secrets=secrets_of(own))
        for parent, folders, files in os.walk(folder, onerror=raise_it):
            way = Path(parent).relative_to(folder).as_posix()
            way = "" if way == "." else f"{way}/"
            folders[:] = sorted(name for name in folders if way + name not in left_out)
            shown = _shown(way.rstrip("/"))
            if "index.html" not in files:
                where = _Place(Rule.NO_PAGE, about=shown or place)
                found.append(self._problem(where, shown, place, own))
            for name in sorted((*folders, *files)):
                path = Path(parent, name)
                in_name = [*self._in_name(name, look)]
                hidden = any(each.rule in _UNSAID for each in in_name)
                said = f"\u2026{path.suffix}" if hidden else _shown(name)
                here = f"{shown}/{said}" if shown else said
                if path.is_symlink():
                    found.append(self._problem(_Place(Rule.SYMLINK), here, place, own))
                elif name in files:
                    in_name += self._in_file(path, path.read_bytes(), look)
                found += (self._problem(each, here, place, own) for each in in_name)
        return tuple(found)

    def inspect_file(self, name: str, data: bytes, own: Own, place: str) -> tuple[Problem, ...]:
        """Look through one file before it is written."""
        look = _Look(own=own, secrets=secrets_of(own))
        found = (*self._in_name(name, look), *self._in_file(Path(name), data, look))
        return tuple(self._problem(each, _shown(name), place, own) for each in found)

    # --- Words -----------------------------------------------------------------------------------

    def _problem(self, found: _Place, shown: str, place: str, own: Own) -> Problem:
        message, hint = WORDS[found.rule]
        way = f" ({found.way})" if found.way else ""
        whose = f"on the page of {own.id}: " if own.id else ""
        return Problem(
            path=f"{place}/{shown}" if place and shown else shown or place or ".",
            line=max(1, found.line),
            column=max(1, found.column),
            rule=str(found.rule),
            message=f"{whose}{visible(message.format(found.about))}{way}",
            hint=hint,
            severity=Severity.WARNING if found.rule is Rule.UNSEARCHED else Severity.ERROR,
            client=own.id,
        )

    # --- Names -----------------------------------------------------------------------------------

    def _in_name(self, name: str, look: _Look) -> Iterator[_Place]:
        if name in _OUR_NAMES:
            return
        for layer in layers(name.encode("utf-8", "surrogateescape")):
            if isinstance(layer, Layer):
                text = canonical(layer.data)
                for found in self._needles_in(text, (), look):
                    yield _Place(found.rule, about=found.about, way="in its name")
                yield from _hidden_in(text, look, "in its name")

    def _kind_of(self, path: Path) -> Iterator[_Place]:
        name, suffix = path.name.casefold(), path.suffix[1:].casefold()
        if suffix == "map":
            yield _Place(Rule.SOURCE_MAP)
        elif name.startswith("sitemap") and suffix in {"xml", "gz", "txt"}:
            yield _Place(Rule.SITEMAP)
        elif not self.sought.kinds & {path.name, suffix}:
            yield _Place(Rule.KIND, about=_shown(suffix or name))

    # --- The quick look --------------------------------------------------------------------------

    def _concerning(self, data: bytes, own: Own) -> list[Needle]:
        """Return the needles that may stand in a text, without what is the owner's own."""

        def concerns(needle: Needle) -> bool:
            if own.id and needle.owner == own.id:
                return needle.rule in {Rule.OTHER_LINK, Rule.KEY}
            return needle.rule is not Rule.AUTHOR or needle.text not in own.addresses

        return self.index.candidates(data, concerns)

    def _is_ordinary(self, data: bytes, suffix: str, look: _Look) -> bool:
        """Tell a text in which nothing can be found; a doubt is no."""
        if b"\0" in data or data.startswith(PACKED):
            return False
        lines = data.split(b"\n")
        raw = b"\n".join(new_lines(lines, look.seen, self._known.lines))
        try:
            said = resolved(raw)
        except UnicodeDecodeError:
            return False
        is_harmless = (
            not self._concerning(joined(said), look.own)
            and is_plain(raw, said)
            and (suffix not in _PAGES or all(says in data for says in _PAGE_SAYS))
            and (suffix not in _MARKUP or self._known.has_tags(raw))
            and self._known.has_runs(said)
            and not (look.secrets and any(True for _ in _hidden_in(canonical(data), look, "")))
        )
        if is_harmless:
            fresh = set(lines) - look.seen
            self._known.meet(fresh, lambda line: self.index.finds(joined(resolved(line))))
            look.seen.update(lines)
        return is_harmless

    # --- The thorough look -----------------------------------------------------------------------

    def _in_file(self, path: Path, data: bytes, look: _Look) -> list[_Place]:
        """Find what is wrong with one file."""
        found = [*self._kind_of(path)]
        suffix = path.suffix[1:].casefold()
        if suffix == "ics":
            data = _FOLD.sub(b"", data)
        if found or suffix not in _TEXTS or not self._is_ordinary(data, suffix, look):
            found += self._thoroughly(path, data, suffix, look)
        told: dict[tuple[Rule, str, int], _Place] = {}
        for each in found:
            # What stands there openly is told once, and not again for each wrapping.
            if not each.way or not any(key[:2] == (each.rule, each.about) for key in told):
                told.setdefault((each.rule, each.about, each.line), each)
        return list(told.values())[:MAX_FINDINGS]

    def _thoroughly(self, path: Path, data: bytes, suffix: str, look: _Look) -> Iterator[_Place]:
        for part in segments(data) or ():
            if part.kind:
                yield _Place(Rule.PICTURE_DATA, about=part.kind)
            if part.says_where:
                yield _Place(Rule.PICTURE_PLACE)
        if suffix in {"js", "mjs"} and not self._is_known_script(path.name, data):
            yield _Place(Rule.SCRIPT)
        for layer in layers(data):
            if isinstance(layer, Unsearched):
                yield _Place(Rule.UNSEARCHED, about=layer.reason)
            else:
                yield from self._in_layer(layer, path.name, suffix, look)

    def _is_known_script(self, name: str, data: bytes) -> bool:
        return self.sought.scripts.get(name) == hashlib.sha256(data).hexdigest()

    def _in_markup(self, data: bytes, suffix: str) -> tuple[list[_Place], list[Block]]:
        """Read a page or a drawing; return what breaks rules, and its texts."""
        markup = read_markup(
            data.decode("utf-8", "ignore"), is_page=suffix in _PAGES, scripts=self.sought.scripts
        )
        found = [_Place(mark.rule, mark.line, mark.column, mark.about) for mark in markup.marks]
        if not found:
            self._known.remember_tags(data)
        return found, markup.blocks

    def _in_layer(self, layer: Layer, name: str, suffix: str, look: _Look) -> Iterator[_Place]:
        text = canonical(layer.data)
        blocks: list[Block] = []
        if not layer.way and suffix in _MARKUP:
            broken, blocks = self._in_markup(layer.data, suffix)
            yield from broken
        elif not layer.way and suffix == "css":
            requests = (Found(Rule.REQUEST, at, host) for host, at in css_requests(text))
            yield from (_placed(found, text, "") for found in requests)
        blocks = blocks or list(blocks_of(text, suffix))
        if not layer.way and suffix in {"txt", "csv", *_MARKUP} and not look.own.is_known:
            yield from (_placed(found, "", "") for found in find_sources(blocks, look.own))
        is_link_told = False
        for each in (text, _TAGS.sub("", text)) if "<" in text else (text,):
            for leak in self._needles_in(each, blocks, look, with_own_link=name in _WITH_LINKS):
                is_link_told = is_link_told or leak.rule in {Rule.OTHER_LINK, Rule.OWN_LINK}
                yield _placed(leak, each, layer.way)
        shapes = [] if look.own.is_known else [*find_shapes(text, look.own)]
        if not is_link_told and name not in _WITH_LINKS:
            shapes += find_pages(text, look.own)
        yield from (_placed(found, text, layer.way) for found in shapes)
        yield from _hidden_in(text, look, layer.way)

    def _needles_in(
        self, text: str, blocks: Iterable[Block], look: _Look, *, with_own_link: bool = False
    ) -> Iterator[Found]:
        needles = self._concerning(text.encode("utf-8", "ignore"), look.own)
        if not needles:
            return
        if look.allowed is None:
            phrases = {*look.own.phrases, *look.own.addresses, *self.sought.phrases}
            phrases |= self.sought.addresses
            look.allowed = [
                names.anywhere(words)
                for phrase in sorted(phrases)
                if (words := names.words_of(phrase))
            ]
        for found, _ in find_needles(
            text, needles, tuple(blocks), look.own, look.allowed, may_carry_own_link=with_own_link
        ):
            yield found


def _hidden_in(text: str, look: _Look, way: str) -> Iterator[_Place]:
    """Find what is not published: in the text, in what tags say, and where tags split words."""
    if not look.secrets:
        return
    said = plain_words(text)
    if "<" in text:
        said += plain_words(_TAGS.sub(" ", text)) + plain_words(_TAGS.sub("", text))
    for secret, hidden in look.secrets:
        if secret in said:
            yield _of_hidden(hidden, way)


def _of_hidden(hidden: Hidden, way: str) -> _Place:
    return _Place(Rule.INTERNAL if hidden.is_internal else Rule.DRAFT, about=hidden.step, way=way)


def _placed(found: Found, text: str, way: str) -> _Place:
    """Turn a position into a line and a column; a negative one is a line already."""
    if way:
        return _Place(found.rule, about=found.about, way=way)
    if found.position < 0:
        return _Place(found.rule, -found.position, about=found.about)
    line = text.count("\n", 0, found.position) + 1
    column = found.position - (text.rfind("\n", 0, found.position) + 1) + 1
    return _Place(found.rule, line, column, found.about)


def _shown(way: str) -> str:
    """Show a way in the site without private links."""
    return visible(_TOKEN.sub("\u2026", way))


@functools.lru_cache(maxsize=2)
def inspector(sought: Sought) -> Inspector:
    """Return the inspector for what is sought: it is made once a process."""
    return Inspector(sought)
