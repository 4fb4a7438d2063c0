"""What kind of file a name stands for: the one table of content types.

Not asked of the system: its list differs from machine to machine, and Python's own knows neither
calendars nor fonts.
"""

from __future__ import annotations

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
KINDS = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "xml": "application/atom+xml",  # the only one is the feed
    "ics": "text/calendar",
    "txt": "text/plain",
    "csv": "text/csv",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "woff2": "font/woff2",
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
    "zip": "application/zip",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}
"""By the last part of a name: whatever pages are made of, and what authors may add to them."""
UNKNOWN = "application/octet-stream"
_AS_TEXT = ("text/", "application/json", "application/atom+xml", "image/svg+xml")


def content_type(name: str) -> str:
    """Tell what to send as the content type of a file; its text is always UTF-8."""
    kind = KINDS.get(name.rpartition("/")[2].rpartition(".")[2].lower(), UNKNOWN)
    return f"{kind}; charset=utf-8" if kind.startswith(_AS_TEXT) else kind
