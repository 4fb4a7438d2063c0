"""What came of what: an unchanged client is neither built nor checked again.

A key is a digest of the content of everything that goes in, never a time. What was written is
remembered as a digest, too: pages that somebody else changed are built again. Anything that is
wrong with what is remembered is a miss, so `.cache/` can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import stat
import sys
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from site_builder.errors import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FORMAT = 2
LIBRARIES = (
    "mkdocs", "mkdocs-material", "jinja2", "markdown", "pymdown-extensions", "nh3", "babel",
    "pillow", "pydantic", "pyphen", "pyyaml", "holidays", "cryptography", "icalendar", "weasyprint",
)  # fmt: skip
"""Libraries whose version may change a page."""
ALWAYS = (datetime.date.min, datetime.date.max)
"""The days of what does not depend on the day."""
_BLOCK = 1 << 20
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was built: from what, on which days that holds, and what came out."""

    key: str
    """Digest of all that went in, but the day."""
    first_day: str
    last_day: str
    """The days, as YYYY-MM-DD, on which the same would be built."""
    content: str
    """Digest of all that came out."""
    stamps: str
    """Digest of its sizes and times: while they hold, nobody has touched it."""
    problems: tuple[Problem, ...]
    """What was worth saying, to be said again."""
    found: Any = None
    """What else was found out; it is written as JSON."""


def _files(path: str, way: str) -> Iterator[tuple[str, str]]:
    """List the files below a folder, with their ways, and what stands there that is none: no path.

    All are plain strings, because thousands of files are listed at each start.
    """
    with os.scandir(path) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        name = f"{way}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield name, ""
            yield from _files(entry.path, name)
        elif entry.is_file(follow_symlinks=False):
            yield name, entry.path
        else:
            yield name + _leads_to(entry.path), ""


def _leads_to(path: str) -> str:
    """Tell where a link leads; nothing of a thing that is no file."""
    return f" > {os.readlink(path)}" if os.path.islink(path) else ""  # noqa: PTH114, PTH115


def _content(path: str) -> bytes:
    """Digest a file."""
    digest = hashlib.sha256()
    handle = os.open(path, _READ)
    try:
        while block := os.read(handle, _BLOCK):
            digest.update(block)
    finally:
        os.close(handle)
    return digest.digest()


def _stamp(path: str) -> bytes:
    """Tell a file's size and when it was changed last, as git does to see what was touched."""
    found = os.lstat(path)
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}".encode()


def _digest(targets: Sequence[Path], describe: Callable[[str], bytes]) -> str:
    """Digest what stands at and below some paths, with their names."""
    digest = hashlib.sha256()
    for target in targets:
        try:
            mode = target.lstat().st_mode
        except FileNotFoundError:
            continue
        path, name = os.fspath(target), target.name
        listed: Iterable[tuple[str, str]] = [(name, path)]
        if stat.S_ISDIR(mode):
            listed = _files(path, name)
        elif not stat.S_ISREG(mode):
            listed = [(name + _leads_to(path), "")]
        for way, file in listed:
            said, told = os.fsencode(way), describe(file) if file else b""
            digest.update(b"%d %d %b%b" % (len(said), len(told), said, told))
    return digest.hexdigest()


def folder_digest(folder: Path) -> str:
    """Digest the names and contents of everything below a folder.

    Raises:
        OSError: if anything cannot be read.
    """
    return _digest([folder], _content)


def digest_of(*parts: str) -> str:
    """Digest texts, each as a whole."""
    return hashlib.sha256(
        "".join(f"{len(part)} {part}" for part in parts).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _versions() -> list[str]:
    """Name the libraries that are installed, each with its version.

    Their folders are called so by the standard; reading what stands in them takes much longer.
    """
    found: set[str] = set()
    for place in sys.path:
        with contextlib.suppress(OSError), os.scandir(place or ".") as entries:
            names = (entry.name for entry in entries)
            found.update(name for name in names if name.endswith((".dist-info", ".egg-info")))
    return sorted(
        name for name in found if name.partition("-")[0].replace("_", "-").lower() in LIBRARIES
    )


def program_digest(folders: Sequence[Path]) -> str:
    """Digest the program's folders, and the versions of Python and of what makes pages."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update("\n".join(_versions()).encode())
    for folder in folders:
        for way, file in _files(os.fspath(folder), ""):
            if file and "__pycache__" not in way:
                digest.update(os.fsencode(way) + _content(file))
    return digest.hexdigest()


def remember(
    key: str,
    days: tuple[datetime.date, datetime.date],
    targets: Sequence[Path],
    problems: tuple[Problem, ...] = (),
    found: Any = None,
) -> Entry:
    """Note what came of `key`, and what was written into `targets`; it holds for some days."""
    first, last = days
    return Entry(
        key=key,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        content=_digest(targets, _content),
        stamps=_digest(targets, _stamp),
        problems=problems,
        found=found,
    )


def kept(
    folder: Path | None, key: str, make: Callable[[], Mapping[str, bytes]]
) -> Mapping[str, bytes]:
    """Return what was made of `key` before, out of `folder`; else make it, and keep it there.

    A damaged file is a miss; one that cannot be written is made again the next time.
    """
    path = folder / key if folder else None
    if path and (found := _read_kept(path)) is not None:
        return found
    made = make()
    if path:
        sizes = json.dumps({name: len(content) for name, content in made.items()})
        body = f"{sizes}\n".encode() + b"".join(made.values())
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{key}.{os.getpid()}")
            fresh.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            fresh.replace(path)
    return made


def _read_kept(path: Path) -> dict[str, bytes] | None:
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if head != hashlib.sha256(body).hexdigest().encode():
        return None
    sizes, _, rest = body.partition(b"\n")
    found, start = {}, 0
    for name, size in json.loads(sizes).items():
        found[name] = rest[start : start + size]
        start += size
    return found


def forget(folder: Path, wanted: Collection[str]) -> None:
    """Remove what `kept` wrote into a folder and nobody wants any more."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def _fields(found: Any) -> dict[str, Any]:
    """Take a dataclass apart, without the copies that `asdict` makes."""
    return {field.name: getattr(found, field.name) for field in fields(found)}


@dataclass(slots=True)
class Manifest:
    """All entries, by client; kept in one file."""

    entries: dict[str, Entry]

    def find(
        self, name: str, key: str, today: datetime.date, targets: Sequence[Path]
    ) -> Entry | None:
        """Return the entry if the same would be built again, and what was built is untouched."""
        entry = self.entries.get(name)
        if (
            entry is None
            or entry.key != key
            or not entry.first_day <= today.isoformat() <= entry.last_day
        ):
            return None
        stamps = _digest(targets, _stamp)
        if stamps != entry.stamps:
            if _digest(targets, _content) != entry.content:
                return None
            # Copied or checked out anew, with the same content.
            entry = self.entries[name] = replace(entry, stamps=stamps)
        return entry

    def text(self) -> str:
        """Write all entries, with a digest of them in front."""
        body = json.dumps(dict(sorted(self.entries.items())), default=_fields)
        return f"{FORMAT} {digest_of(body)}\n{body}"


def _entry(found: dict[str, Any]) -> Entry:
    problems = tuple(
        Problem(**{**problem, "severity": Severity(problem["severity"])})
        for problem in found["problems"]
    )
    return Entry(**{**found, "problems": problems})


def load_manifest(path: Path | None) -> Manifest:
    """Read what was remembered; nothing, where the file is missing or damaged."""
    try:
        head, _, body = path.read_text("utf-8").partition("\n") if path else ("", "", "")
        if head != f"{FORMAT} {digest_of(body)}":
            return Manifest({})
        return Manifest({name: _entry(found) for name, found in json.loads(body).items()})
    except (OSError, ValueError):
        return Manifest({})
