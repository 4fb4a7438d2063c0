"""How hard a passphrase is to guess. The only module that imports zxcvbn."""

from __future__ import annotations

import math

from site_builder.seal.keys import normalised

LEAST_BITS = 50
"""What a passphrase must have, beside the link's key; six words of the EFF's list have 77."""
MOST_LOOKED_AT = 72
"""Letters that the estimate takes into account: it is slow for longer texts, and refuses them."""


def bits(words: str) -> float:
    """Estimate how many bits an attacker has to guess who knows how people choose passwords."""
    from zxcvbn import zxcvbn

    text = normalised(words)[:MOST_LOOKED_AT]
    return math.log2(float(zxcvbn(text)["guesses"])) if text else 0
