"""What a file says in other words: compressed, in base64, with escapes, in UTF-16, inside archives.

Pure functions of bytes, within limits: what is beyond them is said, and never passed over.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from site_builder.audit.segments import segments

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 5
"""So many wrappings around each other are opened."""
MAX_BYTES = 32 * 1024 * 1024
"""So much is unpacked of one file."""
MAX_LAYERS = 4000
MIN_RUN = 12
"""Shorter runs of letters and digits are no base64: they hold less than nine letters."""
RUN = bytes(
    code if code < 128 and (chr(code).isalnum() or chr(code) in "+/-_=") else 32  # noqa: PLR2004 - ASCII
    for code in range(256)
)
"""What may be base64 stays, everything else becomes a space."""
PERCENT = re.compile(rb"%[0-9a-fA-F]{2}")
ESCAPE = re.compile(
    rb"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-9a-fA-F]{1,6})[ \t\n]?)"
)
PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"%PDF")
"""How files begin that are no text."""
_MAGIC = (b"\x1f\x8b", b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_WIDE = re.compile(rb"(?:[\x20-\xff]\x00){5,}|(?:\x00[\x20-\xff]){5,}")
_READABLE = re.compile(rb"(?:[\x09\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){6,}")
_STREAM = re.compile(
    rb"<<((?:[^<>]|<<[^<>]*>>|<[0-9A-Fa-f\s]*>|>(?!>\s*stream))*)>>\s*stream\r?\n", re.DOTALL
)
_PDF_HEX = re.compile(rb"<\s*((?:[0-9A-Fa-f]\s*){6,})>")
_PDF_TEXT = re.compile(rb"\(((?:[^()\\]|\\.|\([^()]*\))*)\)", re.DOTALL)
_PDF_ARRAY = re.compile(rb"\[((?:\((?:[^()\\]|\\.)*\)|[^\]()])*)\]\s*TJ", re.DOTALL)
_PDF_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Layer:
    """One thing that a file says."""

    data: bytes
    """As UTF-8, as far as it is text."""
    way: str = ""
    """How it was wrapped: `compressed`, `in base64`; empty: it stands there openly."""


@dataclass(frozen=True, slots=True)
class Unsearched:
    """Why a part of a file cannot be looked into."""

    reason: str


def inflated(data: bytes, *, window: int, limit: int) -> bytes:
    """Unpack zlib or gzip data, up to a limit; nothing if it is none."""
    try:
        return zlib.decompressobj(window).decompress(data, limit)
    except zlib.error:
        return b""


def is_text(data: bytes) -> bool:
    """Tell readable text from noise: UTF-8 without control characters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) > 0 and all(
        character.isprintable() or character in "\t\r\n" for character in text
    )


def from_run(run: bytes) -> Iterator[bytes]:
    """Read a run of letters and digits as base64, from each of four beginnings, and as hex."""
    if run.isalpha() and (run.islower() or run[1:].islower()):
        return
    plain = run.replace(b"-", b"+").replace(b"_", b"/")
    for part in {plain, *plain.split(b"=")}:
        if len(part) < MIN_RUN:
            continue
        for start in range(4):
            body = part[start:].rstrip(b"=")
            body = body[: len(body) - 1] if len(body) % 4 == 1 else body
            try:
                found = base64.b64decode(body + b"=" * (-len(body) % 4), validate=True)
            except binascii.Error:
                continue
            if found.startswith((*_MAGIC, *_ZLIB)) or is_text(found) or _wide_text(found):
                yield found
    if re.fullmatch(rb"(?:[0-9a-fA-F]{2}){8,}", run):
        found = bytes.fromhex(run.decode())
        if is_text(found):
            yield found


def runs(data: bytes) -> Iterator[bytes]:
    """List what may be base64."""
    return (run for run in data.translate(RUN).split() if len(run) >= MIN_RUN)


def unescaped(data: bytes) -> bytes:
    r"""Resolve the escapes of JSON, scripts and stylesheets: `\u0048`, `\x48`, `\48 `."""

    def character(match: re.Match[bytes]) -> bytes:
        code = int(next(group for group in match.groups() if group), 16)
        return chr(code).encode("utf-8", "ignore") if code < 0x110000 else b""  # noqa: PLR2004

    return ESCAPE.sub(character, data)


def _wide_text(data: bytes) -> bytes:
    """Read UTF-16: a whole file with its mark, or runs of it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "ignore").encode("utf-8", "ignore")
    if b"\0" not in data:
        return b""
    found = []
    for match in _WIDE.finditer(data):
        order = "utf-16-be" if match[0][0] == 0 else "utf-16-le"
        found.append(match[0].decode(order, "ignore").encode("utf-8", "ignore"))
    return b"\n".join(found)


def _pdf_string(text: bytes) -> bytes:
    def character(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) & 255]) if code[:1].isdigit() else code.strip(b"\r\n")

    found = _PDF_ESCAPE.sub(character, text)
    if found.startswith(b"\xfe\xff"):
        return found.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return found


def _pdf_texts(data: bytes) -> bytes:
    """Read the strings of a PDF's page or information: in pieces, in hex, in UTF-16."""
    found = [
        b"".join(_pdf_string(part) for part in _PDF_TEXT.findall(array[1]))
        for array in _PDF_ARRAY.finditer(data)
    ]
    found += (_pdf_string(match[1]) for match in _PDF_TEXT.finditer(data))
    found += (
        _pdf_string(bytes.fromhex(match[1].decode()))
        for match in _PDF_HEX.finditer(data)
        if len(b"".join(match[1].split())) % 2 == 0
    )
    return b"\n".join(text for text in found if len(text) > 2)  # noqa: PLR2004 - says nothing


def _pdf(data: bytes, limit: int) -> Iterator[Layer | Unsearched]:
    if b"/Encrypt" in data:
        yield Unsearched("it is protected with a password")
        return
    outside, end = [], 0
    for match in _STREAM.finditer(data):
        outside.append(data[end : match.end()])
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        about = match[1]
        if b"/Image" in about or b"/FontFile" in about or b"/Length1" in about:
            continue
        stream = data[match.end() : end]
        if b"FlateDecode" in about or stream.startswith(_ZLIB):
            stream = inflated(stream, window=15, limit=limit)
        yield Layer(stream, "compressed")
        if texts := _pdf_texts(stream):
            yield Layer(texts, "in the text of its pages")
    outside.append(data[end:])
    rest = b"\n".join(outside)
    yield Layer(rest)
    if texts := _pdf_texts(rest):
        yield Layer(texts, "in its information")


def _archive(data: bytes, limit: int) -> Iterator[Layer | Unsearched]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = [
                archive.comment,
                *(info.filename.encode("utf-8", "ignore") for info in archive.infolist()),
            ]
            yield Layer(b"\n".join(listed), "inside the archive")
            for info in archive.infolist():
                if info.flag_bits & 1:
                    yield Unsearched("it is protected with a password")
                    continue
                with archive.open(info) as file:
                    content = file.read(limit + 1)
                if len(content) > limit:
                    yield Unsearched("it unpacks to very much")
                    return
                limit -= len(content)
                yield Layer(content, "inside the archive")
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        yield Unsearched("the archive is damaged")


def _packed(data: bytes, limit: int) -> Iterator[Layer | Unsearched] | None:
    """Open a file that is no text; None if it is one."""
    if data.startswith(b"\x1f\x8b"):
        return iter([Layer(inflated(data, window=31, limit=limit), "compressed")])
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, limit)
    if data.startswith(b"%PDF"):
        return _pdf(data, limit)
    if (parts := segments(data)) is not None:
        return _in_picture([part.data for part in parts], limit)
    if data.startswith(_ZLIB) and (found := inflated(data, window=15, limit=limit)):
        return iter([Layer(found, "compressed")])
    if wide := _wide_text(data):
        readable = b"\n".join(_READABLE.findall(data))
        return iter([Layer(wide, "in UTF-16"), Layer(readable)])
    if b"\0" in data:
        return iter([Layer(b"\n".join(_READABLE.findall(data)))])
    return None


def _in_picture(parts: list[bytes], limit: int) -> Iterator[Layer]:
    for part in parts:
        readable = b"\n".join(_READABLE.findall(part))
        yield Layer(readable, "beside the picture")
        if wide := _wide_text(part):
            yield Layer(wide, "beside the picture")
        for start in (found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", part)):
            if text := inflated(part[start:], window=15, limit=limit):
                yield Layer(text, "beside the picture")


def _rewritten(data: bytes) -> Iterator[Layer]:
    """Read a text as programs would that resolve its escapes."""
    if PERCENT.search(data):
        yield Layer(unquote_to_bytes(data), "percent-encoded")
    if ESCAPE.search(data):
        yield Layer(unescaped(data), "escaped")
    for run in set(runs(data)):
        for found in from_run(run):
            yield Layer(found, "in base64")


def layers(data: bytes) -> Iterator[Layer | Unsearched]:
    """List all that a file says, openly and wrapped; openly first."""
    pending: list[tuple[Layer, int]] = [(Layer(data), 0)]
    budget, seen = MAX_BYTES, set[bytes]()
    while pending:
        layer, depth = pending.pop(0)
        if layer.data in seen:
            continue
        seen.add(layer.data)
        opened = _packed(layer.data, budget)
        if opened is None:
            yield layer
            opened = _rewritten(layer.data)
        if depth == MAX_DEPTH or len(seen) > MAX_LAYERS or budget <= 0:
            yield Unsearched("too much is wrapped in it")
            return
        for inner in opened:
            if isinstance(inner, Unsearched):
                yield inner
            elif inner.data:
                budget -= len(inner.data)
                pending.append((Layer(inner.data, inner.way or layer.way), depth + 1))
