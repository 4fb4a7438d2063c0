"""From what a reader has, the key of a link and perhaps a passphrase, to the keys of one folder.

The only module, with `envelope`, that imports cryptography.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from site_builder.model.links import Protection

if TYPE_CHECKING:
    from site_builder.model.links import Passphrase, PrivateLink

VERSION = "sealed page 1"
"""Stands in everything that is derived or authenticated: another format is another version."""
ROUNDS = 1_000_000
"""Of PBKDF2-SHA256; OWASP asks for 600,000 or more (Password Storage Cheat Sheet)."""
KEY_BYTES = 32

_SPACES = re.compile("[\t\n\v\f\r ]+")
_CAPITALS = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of one link's folder."""

    token: str
    mode: Protection
    encryption: bytes = field(repr=False)
    nonces: bytes = field(repr=False)
    names: bytes = field(repr=False)


def normalised(words: str) -> str:
    """Return a passphrase as it is stretched, however it was typed.

    NFKC; runs of ASCII white space are one space, none at the ends; A to Z are small. The browser
    does exactly the same.
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", words))
    return text.strip(" ").translate(_CAPITALS)


def salt_of(token: str) -> bytes:
    """Derive the salt of a link: 32 bytes that no other link has."""
    return hashlib.sha256(f"{VERSION} salt {token}".encode()).digest()


def stretched(passphrase: Passphrase, token: str) -> bytes:
    """Stretch a passphrase for one link; this takes a few tenths of a second."""
    words = normalised(passphrase.words).encode()
    return hashlib.pbkdf2_hmac("sha256", words, salt_of(token), ROUNDS, KEY_BYTES)


def derive(link: PrivateLink, passphrase: Passphrase | None = None) -> Keys:
    """Derive the keys of a link's folder; with a passphrase, nobody gets them without it.

    Raises:
        ValueError: if the link has no key: what it protected could be opened by anybody.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    if not link.key:
        raise ValueError("a link without a key cannot be sealed")
    mode = Protection.PASSPHRASE if passphrase else Protection.SEALED
    # Both parts have a fixed length: no two pairs give the same text.
    material = link.key.encode() + (stretched(passphrase, link.token) if passphrase else b"")

    def key(purpose: str) -> bytes:
        info = f"{VERSION} {mode} {purpose}".encode()
        derivation = HKDF(SHA256(), length=KEY_BYTES, salt=salt_of(link.token), info=info)
        return derivation.derive(material)

    return Keys(
        token=link.token,
        mode=mode,
        encryption=key("encryption"),
        nonces=key("nonces"),
        names=key("names"),
    )
