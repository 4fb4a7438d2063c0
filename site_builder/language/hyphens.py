"""Soft hyphens: where long words may be broken. The only module that imports pyphen."""

from __future__ import annotations

import functools
import re
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING

from site_builder.language.compiled import compiled

if TYPE_CHECKING:
    from pyphen import Pyphen

DICTIONARIES = {"de": "de_DE", "nl": "nl_NL", "da": "da_DK"}
"""The languages that write compound words as one."""
SOFT_HYPHEN = "\u00ad"
BEFORE, AFTER = 5, 4
"""Letters that stay together at a word's ends; as `hyphenate-limit-chars` in the stylesheet."""
_LONG_WORD = re.compile(r"[^\W\d_]{12,}")


@functools.cache
def _hyphenator(dictionary: str) -> Pyphen:
    """Load a dictionary; reading the German one takes most of a second."""
    import pyphen

    name = f"hyphens-{dictionary}"
    source = version("pyphen")
    found: Pyphen = compiled(
        name, source, lambda: pyphen.Pyphen(lang=dictionary, left=BEFORE, right=AFTER)
    )
    return found


@functools.lru_cache(maxsize=4096)
def _softened(word: str, dictionary: str) -> str:
    places = _hyphenator(dictionary).positions(word)
    # A letter between two places joins words, and belongs to the first: Gemeinschafts|praxis.
    kept = [place for place, following in pairwise([*places, len(word)]) if following - place > 1]
    ends = [0, *kept, len(word)]
    return SOFT_HYPHEN.join(word[start:end] for start, end in pairwise(ends))


def softened(text: str, code: str) -> str:
    """Put soft hyphens into the long words of a text, in languages that need them."""
    dictionary = DICTIONARIES.get(code.partition("-")[0])
    if not dictionary:
        return text
    return _LONG_WORD.sub(lambda match: _softened(match.group(), dictionary), text)
