"""Writes `vectors.json` anew, from the standard library and AES-GCM alone: not from `seal`.

Run it only when the format changes, which is another version. `python -m tests.seal.make_vectors`
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VECTORS = Path(__file__).with_name("vectors.json")
TOKEN, KEY = "otter" * 5 + "o", "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"


def _hkdf(material: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869, for one block."""
    return hmac.digest(hmac.digest(salt, material, "sha256"), info + b"\x01", "sha256")


def vector(
    why: str, typed: str, words: str, address: str, page: str, file: bytes
) -> dict[str, Any]:
    """Make one vector; `words` is `typed` as the decision record normalises it."""
    mode = "passphrase" if typed else "sealed"
    salt = hashlib.sha256(f"sealed page 1 salt {TOKEN}".encode()).digest()
    stretched = hashlib.pbkdf2_hmac("sha256", words.encode(), salt, 1_000_000) if typed else b""
    keys = {
        purpose: _hkdf(KEY.encode() + stretched, salt, f"sealed page 1 {mode} {purpose}".encode())
        for purpose in ("encryption", "nonces", "names")
    }
    named = base64.b32encode(hmac.digest(keys["names"], address.encode(), "sha256"))
    name = named.decode().lower()[:20] if address else ""
    beside = f"sealed page 1\n{mode}\nc/{TOKEN}/{name + '/' if name else ''}".encode()
    parts = {"file": len(file), "kind": "text/csv" if file else ""}
    parts |= {"name": "visits.csv" if file else "", "page": len(page.encode())}
    head = json.dumps(parts, separators=(",", ":"), sort_keys=True).encode()
    text = len(head).to_bytes(4, "big") + head + page.encode() + file
    text += bytes(-len(text) % 4096)
    message = len(beside).to_bytes(8, "big") + beside + len(text).to_bytes(8, "big") + text
    nonce = hmac.digest(keys["nonces"], message, "sha256")[:12]
    box = nonce + AESGCM(keys["encryption"]).encrypt(nonce, text, beside)
    return {
        "why": why, "token": TOKEN, "key": KEY, "mode": mode, "typed": typed, "words": words,
        "stretched": stretched.hex(), **{f"{at} key": key.hex() for at, key in keys.items()},
        "address": address, "name": name, "page": page, "file": file.hex(),
        "box": base64.b64encode(box).decode(),
    }  # fmt: skip


def main() -> None:
    """Write all vectors."""
    page = "<!doctype html><title>Your new shop</title>\n<p>\u201cTexts\u201d for \u00c5sa \u2713"
    exact = "x" * (4096 - 4 - 43)
    found = [
        vector("the landing page, with the key alone", "", "", "", page, b""),
        vector("a page beside it", "", "", "shop/open/", page, b""),
        vector("a file", "", "", "shop/files/visits.csv", page, b"day,visits\r\n1,20\r\n"),
        vector("exactly one step, without padding", "", "", "shop/", exact, b""),
        vector("with words", "amber field", "amber field", "", page, b""),
        vector(
            "words as people type them: capitals, spaces, a ligature, letters with marks",
            "  Amber \t FIELD\u00a0\ufb01sh Cafe\u0301  ",
            "amber field fish caf\u00e9",
            "shop/open/",
            page,
            b"",
        ),
    ]
    VECTORS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
