"""Leaks to plant in a built folder: what it says, in which wrapping, in which kind of file."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from PIL import Image, PngImagePlugin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PAGE = "shop/goals-agreed/index.html"
"""The page that leaks are planted in."""


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _bare(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "#0b5a6b").save(out, format=kind)
    return out.getvalue()


def _exif(text: str, *, gps: bool = False) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = text
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif


def _picture(kind: str, **settings: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "#0b5a6b").save(out, format=kind, **settings)
    return out.getvalue()


def _xmp(text: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:li>'
        f"{html.escape(text)}</rdf:li></rdf:RDF></x:xmpmeta>"
    ).encode()


def _jpeg_with(marker: int, body: bytes) -> bytes:
    plain = _bare("JPEG")
    return plain[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + plain[2:]


def _png_with(chunk: bytes) -> bytes:
    plain = _bare("PNG")
    return plain[:33] + chunk + plain[33:]


def _webp_with(name: bytes, body: bytes) -> bytes:
    plain = _bare("WEBP")
    body += b"\0" * (len(body) % 2)
    whole = plain[12:] + name + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def _png_text(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Description", text)
    return _picture("PNG", pnginfo=info)


def _png_packed(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Description", text, zip=True)
    return _picture("PNG", pnginfo=info)


def _png_wide(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Description", text, zip=True)
    return _picture("PNG", pnginfo=info)


def _pdf(stream: bytes, *, packed: bool = False, info: bytes = b"") -> bytes:
    about = b"/Filter /FlateDecode " if packed else b""
    stream = zlib.compress(stream) if packed else stream
    return (
        b"%PDF-1.4\n1 0 obj\n<< " + about + b"/Length " + str(len(stream)).encode()
        + b" >>\nstream\n" + stream + b"\nendstream\nendobj\n2 0 obj\n<< " + info
        + b" >>\nendobj\ntrailer << /Info 2 0 R >>\n%%EOF\n"
    )  # fmt: skip


def _pieces(text: str) -> bytes:
    """Write a text as a PDF does that moves each pair of letters a little."""
    pairs = (text[at : at + 2].replace("(", "").replace(")", "") for at in range(0, len(text), 2))
    return (
        b"BT ["
        + " -12 ".join(f"({pair})" for pair in pairs).encode("latin-1", "replace")
        + b"] TJ ET"
    )


def _archive(text: str, name: str = "notes.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return out.getvalue()


def _locked(archive: bytes) -> bytes:
    """Say of an archive's file that it needs a password."""
    return archive.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")


def _document(text: str) -> bytes:
    """Write a text as a word processor does, which splits it anywhere."""
    half = len(text) // 2
    runs = "".join(
        f"<w:r><w:t>{html.escape(part)}</w:t></w:r>" for part in (text[:half], text[half:])
    )
    return _archive(f"<w:document><w:p>{runs}</w:p></w:document>", "word/document.xml")


def _folded(text: str) -> str:
    """Break a calendar's line as RFC 5545 does, in the middle of a word."""
    half = len(text) // 2
    return f"BEGIN:VCALENDAR\r\nDESCRIPTION:{text[:half]}\r\n {text[half:]}\r\nEND:VCALENDAR\r\n"


WAYS: Mapping[str, Callable[[str], str]] = {
    "entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "hex entities": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "escaped": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "css escapes": lambda text: "".join(f"\\{ord(letter):x} " for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 inside": lambda text: base64.b64encode(f"x; {text}".encode()).decode().rstrip("="),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 of gzip": lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
    "hex": lambda text: text.encode().hex(),
    "small": str.lower,
    "capitals": str.upper,
    "soft hyphens": "\u00ad".join,
    "soft hyphen entities": "&shy;".join,
    "zero width": "\u200b".join,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "hyphens": lambda text: text.replace(" ", "-"),
    "underscores": lambda text: text.replace(" ", "_"),
    "two lines": lambda text: text.replace(" ", "\n"),
    "first half bold": lambda text: f"<b>{text[: len(text) // 2]}</b>{text[len(text) // 2 :]}",
    "first word bold": lambda text: "<strong>{}</strong> {}".format(*text.split(" ", 1)),
    "in an attribute": lambda text: f'<span title="{text}">x</span>',
    "in a data address": lambda text: (
        f'<img alt="" src="data:image/png;base64,{base64.b64encode(_png_text(text)).decode()}">'
    ),
    "backslashes": lambda text: text.replace("/", "\\\\"),
}
"""Ways to write a text in a page."""
FILES: Mapping[str, tuple[str, Callable[[str], bytes]]] = {
    "text": ("shop/files/note.txt", str.encode),
    "text in utf-16": ("shop/files/note.txt", lambda text: text.encode("utf-16")),
    "text in utf-16 without a mark": ("shop/files/note.txt", lambda text: text.encode("utf-16-be")),
    "table": ("shop/files/list.csv", lambda text: f"Name;Town\n{text};York\n".encode()),
    "json": ("shop/data.json", lambda text: json.dumps({"a": [text]}).encode()),
    "json in ascii": ("shop/data.json", lambda text: json.dumps({text: "\u00e9"}).encode()),
    "calendar": ("calendar.ics", lambda text: _folded(text).encode()),
    "stylesheet": ("shop/files/a.css", str.encode),
    "drawing": (
        "shop/files/a.svg",
        lambda text: (
            f'<svg xmlns="http://www.w3.org/2000/svg"><title>{text}</title></svg>'.encode()
        ),
    ),
    "archive": ("shop/files/all.zip", _archive),
    "archive in an archive": (
        "shop/files/all.zip",
        lambda text: _archive(base64.b64encode(_archive(text)).decode()),
    ),
    "name inside an archive": ("shop/files/all.zip", lambda text: _archive("x", f"{text}.txt")),
    "locked archive": ("shop/files/all.zip", lambda text: _locked(_archive(text))),
    "locked pdf": ("shop/files/a.pdf", lambda _: _pdf(b"x", info=b"/Encrypt 3 0 R")),
    "damaged archive": ("shop/files/all.zip", lambda text: _archive(text)[:30]),
    "word document": ("shop/files/a.docx", _document),
    "pdf": (
        "shop/files/a.pdf",
        lambda text: _pdf(f"BT ({text}) Tj ET".encode("latin-1", "replace")),
    ),
    "compressed pdf": (
        "shop/files/a.pdf",
        lambda text: _pdf(f"BT ({text}) Tj ET".encode("latin-1", "replace"), packed=True),
    ),
    "pdf in pieces": ("shop/files/a.pdf", lambda text: _pdf(_pieces(text), packed=True)),
    "pdf author": (
        "shop/files/a.pdf",
        lambda text: _pdf(
            b"", info=b"/Author <" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode() + b">"
        ),
    ),
    "gzip": ("shop/files/a.txt", lambda text: gzip.compress(text.encode())),
    "exif": ("shop/files/a.jpg", lambda text: _picture("JPEG", exif=_exif(text))),
    "exif with a place": (
        "shop/files/a.jpg",
        lambda text: _picture("JPEG", exif=_exif(text, gps=True)),
    ),
    "exif in webp": ("shop/files/a.webp", lambda text: _picture("WEBP", exif=_exif(text))),
    "exif in png": ("shop/files/a.png", lambda text: _picture("PNG", exif=_exif(text))),
    "exif in avif": (
        "shop/files/a.avif",
        lambda text: _picture("AVIF", exif=_exif(text).tobytes()),
    ),
    "xmp in jpeg": (
        "shop/files/a.jpg",
        lambda text: _jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp(text)),
    ),
    "xmp with a place": (
        "shop/files/a.jpg",
        lambda text: _jpeg_with(
            0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp(f"exif:GPSLatitude {text}")
        ),
    ),
    "xmp in webp": ("shop/files/a.webp", lambda text: _webp_with(b"XMP ", _xmp(text))),
    "xmp in png": (
        "shop/files/a.png",
        lambda text: _png_with(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _xmp(text))),
    ),
    "iptc": (
        "shop/files/a.jpg",
        lambda text: _jpeg_with(
            0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x20\x1c\x02\x78\0\x10" + text.encode()
        ),
    ),
    "jpeg comment": ("shop/files/a.jpg", lambda text: _jpeg_with(0xFE, text.encode())),
    "gif comment": ("shop/files/a.gif", lambda text: _picture("GIF", comment=text.encode())),
    "png text": ("shop/files/a.png", _png_text),
    "packed png text": ("shop/files/a.png", _png_packed),
    "packed png text of any language": ("shop/files/a.png", _png_wide),
    "behind a jpeg": ("shop/files/a.jpg", lambda text: _bare("JPEG") + text.encode()),
    "behind a png": ("shop/files/a.png", lambda text: _bare("PNG") + text.encode()),
}
"""Files that say a text: where they stand, and what is in them."""


def plant(folder: Path, form: Mapping[str, Any]) -> None:
    """Plant one form of a leak in a client's folder.

    `put` stands in a page, `head` in its head, `replace` changes it; `as` wraps what is put. `say`
    stands in a `file` of some kind, or in a file that is `named` so; `remove` takes a file away.
    """
    text = str(form.get("put", form.get("say", form.get("head", ""))))
    for way in [form["as"]] if isinstance(form.get("as"), str) else form.get("as", []):
        text = WAYS[way](text)
    page = folder / PAGE
    if "put" in form:
        page.write_text(page.read_text("utf-8").replace("</main>", f"{text}\n</main>"), "utf-8")
    if "head" in form:
        page.write_text(page.read_text("utf-8").replace("</head>", f"{text}\n</head>"), "utf-8")
    for old, new in form.get("replace", {}).items():
        said = page.read_text("utf-8")
        assert old in said, f"the page must hold: {old}"
        page.write_text(said.replace(old, new), "utf-8")
    if "file" in form:
        name, write = FILES[form["file"]]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(write(text))
    if "named" in form:
        path = folder / form["named"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(form.get("holds", "x")), "utf-8")
    if "symlink" in form:
        (folder / form["symlink"]).symlink_to("index.html")
    if "remove" in form:
        (folder / form["remove"]).unlink()
