"""The kinds of files that clients may get, and whether a file is what its name says.

Browsers believe the name, people too: a page or a program in the guise of a document is refused.
Pictures and drawings are looked at where they are made anew: in `pictures` and `drawings`.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from site_builder import pictures

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 65_536
"""So many bytes from the beginning say what a file is."""
OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
"""The folder that each kind of Office document has inside."""
OPEN_DOCUMENT = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
TEXTS = frozenset({"csv", "txt"})
DRAWINGS = frozenset({"svg"})
KINDS = (
    frozenset({"pdf", "zip", "mp3", "mp4"})
    | OFFICE.keys()
    | OPEN_DOCUMENT.keys()
    | TEXTS
    | DRAWINGS
    | {suffix.removeprefix(".") for suffix in pictures.SUFFIXES}
)

_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"MZ", "a program for Windows"),
    (b"\x7fELF", "a program for Linux"),
    (b"\xcf\xfa\xed\xfe", "a program for macOS"),
    (b"#!", "a script"),
    (b"\xd0\xcf\x11\xe0", "an Office document of the old kind, or one with a password"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"Rar!", "a RAR file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"ID3", "an MP3 file"),
)
_MARKUP = re.compile(
    rb"\s*(<\?xml|<!doctype|<!--|<(html|head|body|script|svg|iframe|title)\b)", re.IGNORECASE
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS = (b"\xff\xfe", b"\xfe\xff")
"""Office programs save tables as such text, too: two bytes for each letter."""


def mismatch(path: Path) -> tuple[str, str, str] | None:
    """Say why a file is not published: rule, message, hint; None if its kind is all right."""
    kind = path.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        return (
            "file-kind",
            f"files like '{path.name}' are not published",
            "export it as PDF, or put it into a ZIP file",
        )
    if kind in DRAWINGS or pictures.is_picture(path.name):
        return None
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if _is(kind, head, path):
            return None
    except OSError as error:
        return "unreadable", f"this file cannot be read: {error.strerror}", "check its permissions"
    hint = f"export it again as {kind.upper()}"
    if kind == "zip":
        hint = "make the ZIP file again"
    elif head:
        hint += "; to give it as it is, put it into a ZIP file"
    return "file-content", f"'{path.name}' ends with .{kind}, but {_looks_like(head)}", hint


def _looks_like(head: bytes) -> str:
    if not head:
        return "is empty"
    for beginning, name in _BEGINNINGS:
        if head.startswith(beginning):
            return f"holds {name}"
    if _MARKUP.match(head):
        return "holds a web page"
    return "holds something else, or is damaged"


def _is(kind: str, head: bytes, path: Path) -> bool:
    """Tell whether a file is of the kind that its name says."""
    if kind == "pdf":
        return head.startswith(b"%PDF-")
    if kind == "mp3":
        return head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
    if kind == "mp4":
        return head[4:8] == b"ftyp"
    if kind in TEXTS:
        is_text = head.startswith(_BOMS) or not _BINARY.search(head)
        return is_text and not _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf"))
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and _is_package(kind, path)


def _is_package(kind: str, path: Path) -> bool:
    """Tell whether a ZIP file is whole, and is the kind of document that its name says."""
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if kind in OFFICE:
                return any(name.startswith(OFFICE[kind]) for name in names)
            if kind in OPEN_DOCUMENT:
                with package.open("mimetype") as file:
                    told = file.read(100).decode("ascii", "replace")
                return told.endswith(OPEN_DOCUMENT[kind])
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError):
        return False
    return True
