"""What pictures hold beside their pixels: segments of JPEG, PNG, WebP, GIF and AVIF files.

Read byte by byte, without the library that wrote them: the audit trusts nobody.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GPS_TAG = 0x8825
_XMP = (b"http://ns.adobe.com/x", b"<x:xmpmeta", b"<?xpacket", b"<rdf:RDF")
_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = {
    b"IDAT",
    b"PLTE",
    b"IHDR",
    b"tRNS",
    b"IEND",
    b"fdAT",
    b"VP8 ",
    b"VP8L",
    b"VP8X",
    b"ALPH",
    b"ANIM",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a picture that shows nothing."""

    kind: str
    """EXIF, XMP, IPTC, text, comment, or data behind its end; empty: technical."""
    data: bytes

    @property
    def says_where(self) -> bool:
        """Tell whether it says where the picture was taken."""
        return (self.kind == "EXIF" and _has_gps(self.data)) or b"GPSLat" in self.data


def _has_gps(exif: bytes) -> bool:
    """Look for the place in the first list of an EXIF block."""
    start = exif.find(b"II*\0") if b"II*\0" in exif else exif.find(b"MM\0*")
    if start < 0:
        return False
    order = "<" if exif[start : start + 2] == b"II" else ">"
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, start + 4)
        (count,) = struct.unpack_from(f"{order}H", exif, start + at)
        tags = (
            struct.unpack_from(f"{order}H", exif, start + at + 2 + 12 * number)[0]
            for number in range(count)
        )
        is_there = _GPS_TAG in tags
    except struct.error:
        return False
    return is_there


def _kind(data: bytes) -> str:
    """Tell the kind of a segment by how it begins."""
    if data.startswith((b"Exif\0", b"II*\0", b"MM\0*")):
        return "EXIF"
    if any(mark in data[:200] for mark in _XMP):
        return "XMP"
    if data.startswith(b"Photoshop 3.0") or b"8BIM" in data[:40]:
        return "IPTC"
    return ""


def _jpeg(data: bytes) -> Iterator[Segment]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - the mark of a segment
        marker = data[at + 1]
        if marker in {0xD9, 0xFF} or 0xD0 <= marker <= 0xD8:  # noqa: PLR2004 - marks without data
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker == 0xFE:  # noqa: PLR2004 - a comment
            yield Segment("comment", body)
        elif 0xE0 <= marker <= 0xEF:  # noqa: PLR2004 - APP0 to APP15
            yield Segment(_kind(body), body)
        at += 2 + length
        if marker == 0xDA:  # noqa: PLR2004 - the pixels follow, to the next segment
            found = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(data, at)
            at = found.start() if found else len(data)
            if found and data[at + 1] == 0xD9:  # noqa: PLR2004 - the end
                yield Segment("data behind its end", data[at + 2 :])
                return


def _png(data: bytes) -> Iterator[Segment]:
    at = len(_PNG)
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if name in {b"tEXt", b"zTXt", b"iTXt"}:
            is_xmp = body.startswith(b"XML:com.adobe.xmp")
            yield Segment("XMP" if is_xmp else "text", body)
        elif name == b"eXIf":
            yield Segment("EXIF", body)
        elif name not in _PIXELS:
            yield Segment("" if name[:1].islower() and name.isalpha() else "text", body)
        if name == b"IEND":
            yield Segment("data behind its end", data[at:])
            return


def _webp(data: bytes) -> Iterator[Segment]:
    end = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    while at + 8 <= min(end, len(data)):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
        if name == b"EXIF":
            yield Segment("EXIF", body)
        elif name == b"XMP ":
            yield Segment("XMP", body)
        elif name not in _PIXELS and name not in {b"ANMF", b"ICCP"}:
            yield Segment("text", body)
    yield Segment("data behind its end", data[end:])


def _is_readable(data: bytes) -> bool:
    return bool(data) and sum(chr(byte).isprintable() for byte in data) > len(data) * 0.8


def _gif(data: bytes) -> Iterator[Segment]:
    for match in re.finditer(rb"\x21(\xfe|\xff\x0b(?!NETSCAPE2\.0|ANIMEXTS1\.0))", data):
        at, body = match.end(), bytearray()
        if match[1] != b"\xfe":
            body += data[at : at + 11]
            at += 11
        while at < len(data) and data[at]:
            body += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
        text = bytes(body)
        if match[1] != b"\xfe":
            yield Segment("XMP", text)
        elif _is_readable(text):  # the two bytes may be pixels, too
            yield Segment("comment", text)
    yield Segment("data behind its end", data[data.rfind(b"\x3b") + 1 :])


def _avif(data: bytes) -> Iterator[Segment]:
    """Find the items of an AVIF file that are no pictures; their data has no place of its own."""
    meta = data[:65536]
    if b"Exif" in meta:
        yield Segment("EXIF", data[data.find(b"Exif", data.find(b"Exif") + 4) :][:65536])
    for mark in _XMP:
        if mark in data:
            yield Segment("XMP", data[data.find(mark) :][:65536])
            return


def segments(data: bytes) -> list[Segment] | None:
    """Take a picture apart, without its pixels; None if it is none of those that we know."""
    reader = None
    if data.startswith(b"\xff\xd8\xff"):
        reader = _jpeg
    elif data.startswith(_PNG):
        reader = _png
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        reader = _webp
    elif data[:6] in {b"GIF87a", b"GIF89a"}:
        reader = _gif
    elif data[4:12] in {b"ftypavif", b"ftypavis", b"ftypheic", b"ftypmif1"}:
        reader = _avif
    return None if reader is None else [found for found in reader(data) if found.data]
