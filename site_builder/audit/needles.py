"""Everything that is looked for, in one index: a file is split into words once for all clients.

Each needle is found by one of its words; only where that word stands, the needle itself is looked
for. So the cost of a page hardly grows with the number of clients.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from site_builder.audit import names
from site_builder.audit.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from site_builder.audit.sought import Party, Sought

PLAIN = bytes(
    code + 32 if 65 <= code <= 90 else code if chr(code).isalnum() and code < 128 else 32  # noqa: PLR2004 - ASCII
    for code in range(256)
)
"""Small letters and digits stay, everything else becomes a space."""
MIN_PIECE = 3
"""Pieces of words of fewer letters find nothing."""
_WIDE = re.compile(rb"[\x80-\xff]+")
_WIDE_MARKS = re.compile(rb"\xe2\x80[\x80-\xbf]|\xc2[\x80-\xbf]|\xd8[\x8c\x9b\x9f]|\xe3\x80[\x80-\xbf]")


@dataclass(frozen=True, kw_only=True)
class Needle:
    """One thing to look for."""

    rule: Rule
    owner: str
    """The client or offering whose it is; empty: it may stand nowhere."""
    text: str
    """What is looked for; it may be a secret."""
    keys: tuple[bytes, ...]
    """The words that find it: where none of them stands, it does not stand, either."""
    source: str = ""
    """A regular expression, where the text alone does not do."""
    words: tuple[str, ...] = ()
    """A name that is made of words of daily use: it is judged by how it is written."""
    is_own_word: bool = False
    """Whether our own pages use that word, too."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the text looks like among other texts."""
        if self.words:
            return names.as_written(list(self.words))
        return re.compile(self.source or whole(self.text), re.IGNORECASE)


def whole(text: str) -> str:
    """Match a text that is no part of a longer word."""
    return rf"(?<![^\W_]){re.escape(text)}(?![^\W_])"


def pieces(data: bytes, *, is_wide: bool) -> set[bytes]:
    """Split bytes of a text into its words, as far as they are ASCII, in small letters.

    With `is_wide` runs of other letters are words, too.
    """
    found = set(data.translate(PLAIN).split())
    if is_wide and not data.isascii():
        found.update(_WIDE.findall(_WIDE_MARKS.sub(b" ", data)))
    return found


def keys_of(text: str, common: frozenset[bytes] = frozenset()) -> tuple[bytes, ...]:
    """Choose the word by which a text is found: the longest that is not common to all pages."""
    data = names.composed(text).encode("utf-8", "surrogatepass")
    known = [piece for piece in data.translate(PLAIN).split() if len(piece) >= MIN_PIECE]
    if known:
        return (max(known, key=lambda piece: (piece not in common, len(piece))),)
    spellings = (text, text.lower(), text.upper(), text.title())
    wide = {max(found, key=len) for each in spellings if (found := _WIDE.findall(each.encode()))}
    return tuple(wide) or tuple(data.translate(PLAIN).split()[:1])


def _name_needle(party: Party, sought: Sought) -> Iterator[Needle]:
    words = names.words_of(party.name)
    distinct = [word for word in words if not names.is_ordinary(word, sought.ordinary)]
    if distinct:
        glued = "".join(words).casefold().encode()
        longest = max(distinct, key=len)
        yield Needle(
            rule=Rule.OTHER_CLIENT,
            owner=party.id,
            text=party.name,
            keys=(*keys_of(longest), *([glued] if len(words) > 1 and glued.isascii() else [])),
            source=names.anywhere(words).pattern,
        )
    elif words:
        folded = [word.casefold() for word in words]
        yield Needle(
            rule=Rule.OTHER_CLIENT,
            owner=party.id,
            text=party.name,
            keys=keys_of(" ".join(words)),
            words=tuple(words),
            is_own_word=all(word in sought.ordinary for word in folded),
        )


def _id_needle(party: Party, sought: Sought) -> Iterator[Needle]:
    words = party.id.split("-")
    shape = re.escape(party.id).replace(r"\-", "[-_]")
    if len(party.id) > names.SHORT and not all(
        names.is_ordinary(word, sought.ordinary) for word in words
    ):
        source = rf"(?<![\w-]){shape}(?![\w-])"
    else:
        source = rf"projects[\\/]{shape}(?![\w-])"
    yield Needle(
        rule=Rule.OTHER_ID, owner=party.id, text=party.id, keys=keys_of(party.id), source=source
    )


def _of_party(party: Party, sought: Sought, common: frozenset[bytes]) -> Iterator[Needle]:
    if party.name:
        yield from _name_needle(party, sought)
        yield from _id_needle(party, sought)
    for rule, texts in (
        (Rule.OTHER_LINK, party.tokens),
        (Rule.KEY, party.keys),
        (Rule.OTHER_FILE, party.files),
    ):
        for text in sorted(texts):
            yield Needle(rule=rule, owner=party.id, text=text, keys=keys_of(text, common))
    for domain in sorted(party.domains):
        source = rf"(?<![\w-])(?:[\w-]+\.)*{re.escape(domain)}(?![\w-])"
        yield Needle(
            rule=Rule.OTHER_DOMAIN,
            owner=party.id,
            text=domain,
            keys=keys_of(domain, common),
            source=source,
        )


def _path_needle(path: str) -> Iterator[Needle]:
    parts = [part for part in re.split(r"[\\/]+", path) if part]
    if not parts or len(path) < 5:  # noqa: PLR2004 - "/" alone says nothing
        return
    shape = r"[\\/]{1,2}".join(map(re.escape, parts))
    root = r"(?<![\w.:/\\-])[\\/]{1,2}" if path.startswith("/") else r"(?<!\w)"
    yield Needle(
        rule=Rule.MACHINE,
        owner="",
        text=path,
        keys=keys_of(" ".join(parts)),
        source=f"{root}{shape}(?![\\w-])",
    )


def needles_of(sought: Sought) -> Iterator[Needle]:
    """Make everything that is looked for."""
    common = frozenset(
        piece
        for text in (*sought.phrases, *sought.addresses, "example com net org www http https")
        for piece in text.encode().translate(PLAIN).split()
    )
    for party in sought.parties:
        yield from _of_party(party, sought, common)
    for word in sought.forbidden:
        shape = re.sub(r"(\\\s|\s)+", r"\\s+", re.escape(names.composed(word)))
        source = rf"(?<![^\W_]){shape}(?![^\W_])"
        yield Needle(
            rule=Rule.FORBIDDEN, owner="", text=word, keys=keys_of(word, common), source=source
        )
    for address in sorted(sought.authors):
        yield Needle(
            rule=Rule.AUTHOR,
            owner="",
            text=address,
            keys=keys_of(address, common),
            source=rf"(?<![\w.+-]){re.escape(address)}(?![\w-])",
        )
    for path in sought.paths:
        yield from _path_needle(path)


class Index:
    """Needles by the words that find them."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        """Sort the needles into the index."""
        by_key: dict[bytes, list[Needle]] = defaultdict(list)
        for needle in needles:
            for key in needle.keys:
                by_key[key].append(needle)
        self.by_key: dict[bytes, Sequence[Needle]] = dict(by_key)
        self.keys = frozenset(by_key)
        self.is_wide = any(not key.isascii() for key in by_key)

    def hits(self, data: bytes) -> frozenset[bytes]:
        """Return the words of a text that may belong to a needle."""
        return self.keys & pieces(data, is_wide=self.is_wide)

    def needles(self, hits: Iterable[bytes]) -> list[Needle]:
        """Return the needles that these words may belong to, each once."""
        found = {id(needle): needle for key in hits for needle in self.by_key[key]}
        return list(found.values())
