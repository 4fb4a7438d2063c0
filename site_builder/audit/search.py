"""Search one text for everything in the index, and for what looks like a source file."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.audit import names
from site_builder.audit.needles import PLAIN
from site_builder.audit.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from site_builder.audit.markup import Block
    from site_builder.audit.needles import Needle
    from site_builder.audit.sought import Hidden, Own

LINK_LENGTH, KEY_LENGTH = 26, 52
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_INVISIBLE_BYTES = (
    b"\xc2\xad",
    b"&shy;",
    b"<wbr>",
    b"\xe2\x80\x8b",
    b"\xe2\x80\x8c",
    b"\xe2\x80\x8d",
    b"\xe2\x81\xa0",
)
_ADDRESS_OF_A_PAGE = re.compile(r"(?<![a-z0-9])c/[a-z2-7]{26}(?![a-z0-9])", re.IGNORECASE)
_ANY_PLACE = re.compile(
    r"(?<![\w/.])(?:/home/|/Users/)[\w.-]+/|\b[A-Z]:\\{1,2}Users\\{1,2}[\w.-]+|\bfile://(?:/|localhost)",
    re.IGNORECASE,
)
_KEYS = re.compile(
    r"^(label|due|done|state|needs|outcome|moved|asked|takes|links|mentions|internal|publish_on|draft|protection|at_risk):"
    r"(?=\s|$)",
    re.MULTILINE,
)
_TELLING_KEYS = frozenset({"internal", "publish_on", "protection", "at_risk"})
"""Keys that no sentence begins with."""
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?:[a-z_]+:.*\n|[ \t#-].*\n)+---[ \t]*(?:\n|\Z)")
_MARKDOWN = re.compile(
    r"^#{2,6} \S.*|\]\((?:https?:|mailto:|\.{1,2}/|[\w-]+/)[^)\s]*\)|^(?:```|~~~)|^\s*[-*] \[[ xX]\] ",
    re.MULTILINE,
)
_TEMPLATE = re.compile(
    r"\{%-?\s*(?:block|include|extends|if|elif|else|for|endfor|endif|endblock|set|macro|endmacro|import|from|call|with)\b"
    r"|\{\{-?\s*[A-Za-z_][\w.]*(?:\([^{}]*\))?\s*(?:\|[^{}]*)?-?\}\}"
)
_SOURCE_MAP = re.compile(r"[#@]\s*sourceMappingURL\s*=")
_SITEMAP = re.compile(r"<(?:urlset|sitemapindex)\b|^\s*sitemap:\s", re.IGNORECASE | re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?\u2026])\s+|\n+")
MIN_WORDS = 4
"""Shorter sentences are said by chance, too."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in a text; `about` is never a secret."""

    rule: Rule
    position: int
    about: str = ""


def canonical(data: bytes) -> str:
    """Return what people read: entities resolved, without invisible characters."""
    text = html.unescape(data.decode("utf-8", "ignore"))
    return INVISIBLE.sub("", names.composed(text))


def joined(data: bytes) -> bytes:
    """Take out what splits words and is not seen."""
    for invisible in _INVISIBLE_BYTES:
        if invisible in data:
            data = data.replace(invisible, b"")
    return data


def plain_words(text: str) -> bytes:
    """Write a text as its words only, to compare sentences by what they say."""
    folded = names.composed(text).casefold().encode("utf-8", "ignore")
    return b" " + b" ".join(folded.translate(PLAIN).split()) + b" "


def secrets_of(own: Own) -> list[tuple[bytes, Hidden]]:
    """Split what is not published into sentences that no published text says."""
    published = plain_words(own.published)
    found: dict[bytes, Hidden] = {}
    for hidden in own.hidden:
        parts = _SENTENCE.split(hidden.text)
        if hidden.is_internal:
            parts.append(hidden.text)
        for part in parts:
            words = plain_words(part)
            count = words.count(b" ") - 1
            is_telling = count >= MIN_WORDS or (hidden.is_internal and count >= 2)  # noqa: PLR2004
            has_mark = any(len(word) >= 12 for word in words.split())  # noqa: PLR2004 - no daily word
            if (is_telling or has_mark) and words not in published:
                found.setdefault(words, hidden)
    return list(found.items())


def _allowed_spans(text: str, own_patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    return [match.span() for pattern in own_patterns for match in pattern.finditer(text)]


def _is_covered(match: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= match.start() and match.end() <= end for start, end in spans)


def find_needles(
    text: str,
    needles: Sequence[Needle],
    blocks: Sequence[Block],
    own: Own,
    allowed: Sequence[re.Pattern[str]],
    *,
    may_carry_own_link: bool,
) -> Iterator[tuple[Found, Needle]]:
    """Find needles in a text, and names of ordinary words in its blocks.

    `allowed` are phrases that may stand there; what lies inside one is no finding.
    """
    spans: list[tuple[int, int]] | None = None
    for needle in needles:
        if needle.owner == own.id and own.id:
            is_own_link = needle.rule is Rule.OTHER_LINK and not may_carry_own_link
            if needle.rule is not Rule.KEY and not is_own_link:
                continue
        if needle.rule is Rule.AUTHOR and needle.text in own.addresses:
            continue
        if needle.words:
            yield from _named(needle, blocks, own, allowed)
            continue
        for match in needle.pattern.finditer(text):
            if spans is None:
                spans = _allowed_spans(text, allowed)
            if _is_covered(match, spans):
                continue
            rule = needle.rule
            if rule is Rule.OTHER_LINK and needle.owner == own.id:
                rule = Rule.OWN_LINK
            yield Found(rule, match.start(), needle.owner), needle
            break


def _named(
    needle: Needle, blocks: Sequence[Block], own: Own, allowed: Sequence[re.Pattern[str]]
) -> Iterator[tuple[Found, Needle]]:
    words = list(needle.words)
    for block in blocks:
        for match in names.named_in(
            block.text,
            words,
            needle.pattern,
            language=own.language,
            is_own_word=needle.is_own_word,
        ):
            if not _is_covered(match, _allowed_spans(block.text, allowed)):
                yield Found(needle.rule, -block.line, needle.owner), needle
                return


def find_shapes(text: str, own: Own) -> Iterator[Found]:
    """Find what is wrong by its shape alone, whoever's it is."""
    for place in _ANY_PLACE.finditer(text):
        if place[0] not in own.published:
            yield Found(Rule.MACHINE, place.start())
            break
    if match := _FRONT_MATTER.search(text):
        yield Found(Rule.YAML, match.start())
    if match := _SOURCE_MAP.search(text):
        yield Found(Rule.SOURCE_MAP, match.start())
    if match := _SITEMAP.search(text):
        yield Found(Rule.SITEMAP, match.start())
    for hole in _TEMPLATE.finditer(text):
        if hole[0] not in own.published:
            yield Found(Rule.TEMPLATE, hole.start())
            break


def find_sources(blocks: Sequence[Block], own: Own) -> Iterator[Found]:
    """Find YAML and Markdown among the texts of a page."""
    for block in blocks:
        if block.is_code:
            continue
        keys = {match[1] for match in _KEYS.finditer(block.text)}
        if len(keys) > 1 or keys & _TELLING_KEYS:
            yield Found(Rule.YAML, -block.line)
        match = _MARKDOWN.search(block.text)
        if match and match[0] not in own.plain:
            yield Found(Rule.MARKDOWN, -block.line)


def find_pages(text: str, own: Own) -> Iterator[Found]:
    """Find addresses of private pages that nobody in the workspace has."""
    for match in _ADDRESS_OF_A_PAGE.finditer(text):
        if match[0][2:].casefold() not in own.tokens:
            yield Found(Rule.OTHER_LINK, match.start(), "somebody")
            return
