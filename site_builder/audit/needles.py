"""Everything that is looked for, in one index: a file is split into words once for all clients.

Each needle is found by one of its words; only where that word stands, the needle itself is looked
for. So the cost of a page hardly grows with the number of clients.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.audit import names
from site_builder.audit.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from site_builder.audit.sought import Party, Sought

PLAIN = bytes(
    code + 32 if 65 <= code <= 90 else code if chr(code).isalnum() and code < 128 else 32  # noqa: PLR2004 - ASCII
    for code in range(256)
)
"""Small letters and digits stay, everything else becomes a space."""
MIN_PIECE = 3
"""Pieces of words of fewer letters find nothing."""
_TAGS = re.compile(rb"<[^<>]*>")
_WIDE = re.compile(rb"[\x80-\xff]+")
_WIDE_MARKS = re.compile(
    rb"\xe2\x80[\x80-\xbf]|\xc2[\x80-\xbf]|\xd8[\x8c\x9b\x9f]|\xe3\x80[\x80-\xbf]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle:
    """One thing to look for; small, because each client has several."""

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
    plain: str = ""
    """How it reads among plain words; empty, where it has letters that those leave out."""
    is_joined: bool = False
    """Whether it is a name that may also be written as one word, or with an "and" in it."""

    @property
    def phrases(self) -> tuple[bytes, ...]:
        """How it reads among plain words; where none of them stands, it does not stand, either."""
        return _phrases(self.plain, joined=self.is_joined)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the text looks like among other texts."""
        if self.words:
            return names.as_written(list(self.words))
        if self.is_joined:
            return names.anywhere(names.words_of(self.text))
        return re.compile(self.source or whole(self.text), re.IGNORECASE)


def whole(text: str) -> str:
    """Match a text that is no part of a longer word."""
    return rf"(?<![^\W_]){re.escape(text)}(?![^\W_])"


def keys_of(
    text: str, common: frozenset[bytes] = frozenset(), uses: Mapping[bytes, int] | None = None
) -> tuple[bytes, ...]:
    """Choose the word by which a text is found: the one that fewest others have, then the longest.

    `common` are words that stand on all pages, `uses` says how many texts have a word.
    """
    data = names.composed(text).encode("utf-8", "surrogatepass")
    known = data.translate(PLAIN).split()
    if any(len(piece) >= MIN_PIECE for piece in known):
        uses = uses or {}
        return (
            max(known, key=lambda piece: (piece not in common, -uses.get(piece, 0), len(piece))),
        )
    spellings = (text, text.lower(), text.upper(), text.title())
    wide = {max(found, key=len) for each in spellings if (found := _WIDE.findall(each.encode()))}
    return tuple(wide) or tuple(known[:1])


def _plain(text: str) -> str:
    """Leave a text that is written in plain words; nothing of one with letters those leave out."""
    return text if text.isascii() else ""


@functools.lru_cache(maxsize=1024)  # the same stand on many pages
def _phrases(text: str, *, joined: bool) -> tuple[bytes, ...]:
    """Write a text as plain words."""
    plain = [word.casefold() for word in names.WORD.findall(text)]
    if not plain:
        return ()
    between = (" ", "", *(f" {word} " for word in names.ANDS)) if joined else (" ",)
    return tuple(f" {each.join(plain)} ".encode() for each in between)


def _name_needle(
    party: Party, uses: Mapping[bytes, int], ordinary: frozenset[str]
) -> Iterator[Needle]:
    words = names.words_of(party.name)
    distinct = [word for word in words if not names.is_ordinary(word, ordinary)]
    if distinct:
        glued = "".join(words).casefold().encode()
        longest = " ".join(distinct)
        yield Needle(
            rule=Rule.OTHER_CLIENT,
            owner=party.id,
            text=party.name,
            keys=(
                *keys_of(longest, uses=uses),
                *([glued] if len(words) > 1 and glued.isascii() else []),
            ),
            plain=_plain(" ".join(words)),
            is_joined=True,
        )
    elif words:
        folded = [word.casefold() for word in words]
        yield Needle(
            rule=Rule.OTHER_CLIENT,
            owner=party.id,
            text=party.name,
            keys=keys_of(" ".join(words), uses=uses),
            plain=_plain(" ".join(words)),
            words=tuple(words),
            is_own_word=all(word in names.page_words() for word in folded),
        )


def _id_needle(
    party: Party, uses: Mapping[bytes, int], ordinary: frozenset[str]
) -> Iterator[Needle]:
    words = party.id.split("-")
    shape = re.escape(party.id).replace(r"\-", "[-_]")
    if len(party.id) > names.SHORT and not all(names.is_ordinary(word, ordinary) for word in words):
        source, around = rf"(?<![\w-]){shape}(?![\w-])", ""
    else:
        source, around = rf"projects[\\/]{shape}(?![\w-])", "projects "
    yield Needle(
        rule=Rule.OTHER_ID,
        owner=party.id,
        text=party.id,
        keys=keys_of(party.id, uses=uses),
        source=source,
        plain=_plain(around + party.id),
    )


def _of_party(
    party: Party,
    common: frozenset[bytes],
    uses: Mapping[bytes, int],
    ordinary: frozenset[str],
) -> Iterator[Needle]:
    if party.name:
        yield from _name_needle(party, uses, ordinary)
        yield from _id_needle(party, uses, ordinary)
    for rule, texts in (
        (Rule.OTHER_LINK, party.tokens),
        (Rule.KEY, {*party.keys, party.words} - {""}),
        (Rule.OTHER_FILE, party.files),
    ):
        for text in sorted(texts):
            source = r"[\W_]+".join(map(whole, text.split())) if rule is Rule.KEY else ""
            yield Needle(
                rule=rule,
                owner=party.id,
                text=text,
                keys=keys_of(text, common, uses),
                source=source,
                plain=_plain(text),
            )
    for domain in sorted(party.domains):
        source = rf"(?<![\w-])(?:[\w-]+\.)*{re.escape(domain)}(?![\w-])"
        yield Needle(
            rule=Rule.OTHER_DOMAIN,
            owner=party.id,
            text=domain,
            keys=keys_of(domain, common, uses),
            plain=_plain(domain),
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
        plain=_plain(path),
        source=f"{root}{shape}(?![\\w-])",
    )


def needles_of(sought: Sought) -> Iterator[Needle]:
    """Make everything that is looked for."""
    common = frozenset(
        piece
        for text in (*sought.phrases, *sought.addresses, "example com net org www http https")
        for piece in text.encode().translate(PLAIN).split()
    )
    uses = Counter(
        piece
        for party in sought.parties
        for text in (party.name, party.id, *party.files)
        for piece in names.composed(text).encode("utf-8", "ignore").translate(PLAIN).split()
    )
    for party in sought.parties:
        yield from _of_party(party, common, uses, sought.ordinary)
    for word in sought.forbidden:
        shape = re.sub(r"(\\\s|\s)+", r"\\s+", re.escape(names.composed(word)))
        source = rf"(?<![^\W_]){shape}(?![^\W_])"
        yield Needle(
            rule=Rule.FORBIDDEN,
            owner="",
            text=word,
            keys=keys_of(word, common),
            source=source,
            plain=_plain(word),
        )
    for address in sorted(sought.authors):
        yield Needle(
            rule=Rule.AUTHOR,
            owner="",
            text=address,
            keys=keys_of(address, common),
            plain=_plain(address),
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
        self.by_key = {key: tuple(found) for key, found in by_key.items()}
        self.is_wide = any(not key.isascii() for key in by_key)

    def _hits(self, data: bytes, listed: list[bytes]) -> set[bytes]:
        found = set(listed)
        if self.is_wide and not data.isascii():
            found.update(_WIDE.findall(_WIDE_MARKS.sub(b" ", data)))
        return self.by_key.keys() & found

    def finds(self, data: bytes) -> bool:
        """Tell whether a word of a text finds any needle, whether that stands there or not."""
        return bool(self._hits(data, data.translate(PLAIN).split()))

    def candidates(self, data: bytes, concerns: Callable[[Needle], bool]) -> list[Needle]:
        """Return the needles of concern that may stand in a text: few, and none too few."""
        listed = data.translate(PLAIN).split()
        hits = self._hits(data, listed)
        if not hits:
            return []
        found = {id(needle): needle for key in hits for needle in self.by_key[key]}
        needles = [needle for needle in found.values() if concerns(needle)]
        if not needles:
            return []
        said = b" ".join((b"", *listed, b""))
        if b"<" in data:
            said += b" ".join((b"", *_TAGS.sub(b" ", data).translate(PLAIN).split(), b""))
        return [
            needle
            for needle in needles
            if not needle.phrases or any(phrase in said for phrase in needle.phrases)
        ]
