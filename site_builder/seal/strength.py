"""How hard a passphrase is to guess. The only module that imports zxcvbn."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from site_builder.seal.keys import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_BITS = 50
"""What a passphrase must have, beside the link's key; six words of the EFF's list have 77."""
MOST_LOOKED_AT = 72
"""Letters that the estimate takes into account: it is slow for longer texts, and refuses them."""


def bits(words: str, known: Iterable[str] = ()) -> float:
    """Estimate how many bits an attacker has to guess who knows how people choose passwords.

    `known` are texts that anybody knows who knows the client: their words count for little.
    """
    from zxcvbn import zxcvbn

    text = normalised(words)[:MOST_LOOKED_AT]
    told = [normalised(each) for each in known]
    parts = {*told, *(word for each in told for word in re.findall(r"[^\W_]+", each))}
    return math.log2(float(zxcvbn(text, user_inputs=sorted(parts))["guesses"])) if text else 0
