"""Is this the name of another client, or a word of daily use? Judged by how it is written.

The rule is in the decision record "A client's name is judged by how it is written".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

WORD = re.compile(r"[^\W_]+")
SHORT = 3
"""Ids of so few letters stand by chance in other words' company."""
_LEGAL = frozenset(
    "ab ag aps as bv co eg ev gmbh inc kg lda limited llc llp ltd mbh nv oy plc sa sarl sas spa srl ug".split()
)
"""How firms end their names; people leave it out."""
ANDS = ("and", "und", "et", "en", "og", "y", "e", "i")
_AND = rf"(?:(?:{'|'.join(ANDS)})\b)?"
_BETWEEN = rf"(?!\.\s)[\s_&+'\u2019./\u00b7\u2010-\u2015-]{{0,3}}{_AND}[\s_'\u2019-]{{0,2}}"
"""What may stand between the words of a name: Larkfield-Vets, larkfield_vets, Otter and Pine."""
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_CAPITAL_ANYWAY = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december spring summer autumn fall winter north south east west easter christmas"
    " mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec".split()
)
"""Words that many people begin with a capital letter wherever they stand."""
_DETERMINERS = frozenset(
    "the a an this these those your our their his her its my each every any no some next last first second third"
    " new old another both all per early late mid"
    " der die das den dem des ein eine einen einem einer le la les un une des du el los las una il lo gli i o os as um"
    " uma de het een den det en et".split()
)
"""Before a name stands none of these; before a thing there often is one."""
_SENTENCE_ENDS = ".!?:;\u2026\u2022\u00b7|>\u2013\u2014-/=\n"
_OPENING = " \t\u00a0\r\"'\u201c\u201e\u00ab\u2018\u201a([{\u2066\u2067\u2068"


@functools.cache
def ordinary_words() -> frozenset[str]:
    """Read the list of words of daily use that firms choose as names."""
    text = files("site_builder.audit").joinpath("ordinary.txt").read_text("utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


def composed(text: str) -> str:
    """Write each letter as one character, as far as there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def words_of(name: str) -> list[str]:
    """Split a name into words, without the legal form at its end."""
    words = WORD.findall(composed(name))
    while len(words) > 1 and words[-1].casefold() in _LEGAL:
        words.pop()
    return words


@functools.cache
def page_words() -> frozenset[str]:
    """List the words of our own pages, in small letters."""
    from site_builder.language.catalogue import messages

    return frozenset(
        word.casefold() for forms in messages() for text in forms for word in WORD.findall(text)
    )


def is_ordinary(word: str, more: Collection[str] = ()) -> bool:
    """Tell a word that says nothing alone: one of daily use, a number, a letter or two."""
    folded = word.casefold()
    known = ordinary_words()
    return (
        len(folded) < SHORT
        or folded.isdigit()
        or folded in known
        or folded in page_words()
        or folded in more
        or folded.removesuffix("s") in known
    )


def anywhere(words: list[str]) -> re.Pattern[str]:
    """Match a name that is no word of daily use, however it is written."""
    return re.compile(_BEFORE + _BETWEEN.join(map(re.escape, words)) + _AFTER, re.IGNORECASE)


def as_written(words: list[str]) -> re.Pattern[str]:
    """Match a name only in the letters that its client writes."""
    return re.compile(_BEFORE + r"[\s-]+".join(map(re.escape, words)) + _AFTER)


def named_in(
    text: str, words: list[str], pattern: re.Pattern[str], *, language: str, is_own_word: bool
) -> Iterator[re.Match[str]]:
    """Find where words of daily use are a name: by capitals where no sentence needs them.

    `text` is one block of a page, so that it begins a sentence; `is_own_word` says that our pages
    use the word, too.
    """
    if not words[0][:1].isupper() or words[0].isupper():
        return
    capitals = [word for word in words[1:] if word[:1].isupper()]
    is_single = not capitals
    if is_single and (is_own_word or language == "de" or words[0].casefold() in _CAPITAL_ANYWAY):
        return
    for match in pattern.finditer(text):
        before = text[: match.start()].rstrip(_OPENING)
        begins = not before or before[-1] in _SENTENCE_ENDS
        previous = WORD.findall(before[-40:])[-1:] if not begins else []
        is_thing = previous and (
            not previous[0].islower() or previous[0] in _DETERMINERS or before[-1] == ","
        )
        following = re.match(r"[\s\u00a0&]+([^\W_]+)", text[match.end() :])
        is_title = following and following[1][:1].isupper()
        if is_thing or is_title or (begins and (is_single or language == "de")):
            continue
        yield match
