"""One page, perhaps with a file, becomes one box of ciphertext, and back.

A box is 12 bytes of nonce, the ciphertext of AES-256-GCM, and its tag of 16 bytes. The nonce is
derived from all that is encrypted and authenticated, so builds are byte-identical, and two
different texts never share one but by a chance of 2 to the 96.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.seal.keys import VERSION

if TYPE_CHECKING:
    from site_builder.seal.keys import Keys

STEP = 4096
"""Ciphertext comes in steps of so many bytes: its length tells little about the text."""
NONCE_BYTES = 12
NAME_LETTERS = 20
"""100 bits: names of pages never meet."""


class Unopened(Exception):
    """The box was not made with these keys for this address, or somebody changed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one box holds: a page, and the file that it offers."""

    page: str
    """HTML of the whole document."""
    file: bytes = b""
    name: str = ""
    """The file's name; empty where there is none."""
    kind: str = ""
    """Its media type."""


def name_of(keys: Keys, address: str) -> str:
    """Name the folder that holds a page; nothing for the landing page, whose address is empty."""
    if not address:
        return ""
    digest = hmac.digest(keys.names, address.encode(), "sha256")
    return base64.b32encode(digest).decode().lower()[:NAME_LETTERS]


def associated(keys: Keys, name: str) -> bytes:
    """Return what is authenticated beside the text: format, mode, and where the box stands."""
    place = f"c/{keys.token}/{name}/" if name else f"c/{keys.token}/"
    return f"{VERSION}\n{keys.mode}\n{place}".encode()


def _with_length(part: bytes, size: int) -> bytes:
    return len(part).to_bytes(size, "big") + part


def framed(content: Content) -> bytes:
    """Write a content as bytes: head with its length, page, file, zeros up to a whole step."""
    page = content.page.encode()
    head = {
        "page": len(page),
        "file": len(content.file),
        "name": content.name,
        "kind": content.kind,
    }
    text = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    whole = _with_length(text, 4) + page + content.file
    return whole + bytes(-len(whole) % STEP)


def unframed(whole: bytes) -> Content:
    """Read what `framed` wrote."""
    end = 4 + int.from_bytes(whole[:4], "big")
    head = json.loads(whole[4:end])
    page_end = end + head["page"]
    return Content(
        page=whole[end:page_end].decode(),
        file=whole[page_end : page_end + head["file"]],
        name=head["name"],
        kind=head["kind"],
    )


def nonce_of(key: bytes, beside: bytes, text: bytes) -> bytes:
    """Derive the nonce from all that is authenticated; lengths keep the two parts apart."""
    message = _with_length(beside, 8) + _with_length(text, 8)
    return hmac.digest(key, message, "sha256")[:NONCE_BYTES]


def sealed(keys: Keys, name: str, content: Content) -> bytes:
    """Encrypt what stands in the folder `name`, for this place only."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    beside, text = associated(keys, name), framed(content)
    nonce = nonce_of(keys.nonces, beside, text)
    return nonce + AESGCM(keys.encryption).encrypt(nonce, text, beside)


def opened(keys: Keys, name: str, box: bytes) -> Content:
    """Decrypt what `sealed` made for the same place.

    Raises:
        Unopened: if a single bit of the box, its place or the keys is another.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        text = AESGCM(keys.encryption).decrypt(
            box[:NONCE_BYTES], box[NONCE_BYTES:], associated(keys, name)
        )
    except (InvalidTag, ValueError):
        raise Unopened("the box cannot be opened") from None
    return unframed(text)
