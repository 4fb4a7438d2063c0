"""What came of what: an unchanged client is neither built nor checked again.

A key is a digest of the content of everything that goes in. What was written is remembered as a
digest, too: pages that somebody else changed are built again. Anything that is wrong with what is
remembered is a miss, so `.cache/` can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import json
import os
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from site_builder.errors import Problem, Severity
from site_builder.traces import Trace, traced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

FORMAT = 3
ALWAYS = (datetime.date.min, datetime.date.max)
"""The days of what does not depend on the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was built: from what, on which days that holds, and what came out."""

    key: str
    """Digest of all that went in, but the day."""
    first_day: str
    last_day: str
    """The days, as YYYY-MM-DD, on which the same would be built."""
    made: Trace
    """What came out, where it stands."""
    problems: tuple[Problem, ...]
    """What was worth saying, to be said again."""
    found: Any = None
    """What else was found out; it is written as JSON."""


def digest_of(*parts: str) -> str:
    """Digest texts, each as a whole."""
    return hashlib.sha256(
        "".join(f"{len(part)} {part}" for part in parts).encode("utf-8", "surrogatepass")
    ).hexdigest()


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
        made=traced(targets),
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
    return {name: getattr(found, name) for name in _names_of(type(found))}  # type: ignore[arg-type]


@functools.cache
def _names_of(kind: Any) -> tuple[str, ...]:
    """Name the fields of a dataclass: thousands of a few kinds are taken apart."""
    return tuple(each.name for each in fields(kind))


@dataclass(slots=True)
class Manifest:
    """All entries, by client; kept in one file."""

    entries: dict[str, Entry] = field(default_factory=dict)
    sources: dict[str, Trace] = field(default_factory=dict)
    """The files that clients are read from: while nobody touches them, they are not read again."""
    _read: tuple[dict[str, Entry], dict[str, Trace]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Know what it began with."""
        self._read = (dict(self.entries), dict(self.sources))

    @property
    def has_changed(self) -> bool:
        """Tell whether anything is remembered otherwise than at the beginning."""
        return (self.entries, self.sources) != self._read

    def forget_others(self, known: Collection[str]) -> None:
        """Keep what is remembered under these names only."""
        self.entries = {name: entry for name, entry in self.entries.items() if name in known}
        self.sources = {name: trace for name, trace in self.sources.items() if name in known}

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
        made = traced(targets, entry.made)
        if made.content != entry.made.content:
            return None
        if made is not entry.made:  # copied or checked out anew, with the same content
            entry = self.entries[name] = replace(entry, made=made)
        return entry

    def text(self) -> str:
        """Write all of it, with a digest of it in front."""
        found = {
            "entries": dict(sorted(self.entries.items())),
            "sources": dict(sorted(self.sources.items())),
        }
        body = json.dumps(found, default=_fields)
        return f"{FORMAT} {digest_of(body)}\n{body}"


def _trace(found: dict[str, Any]) -> Trace:
    return Trace(**{**found, "ways": tuple(found["ways"])})


def _entry(found: dict[str, Any]) -> Entry:
    problems = tuple(
        Problem(**{**problem, "severity": Severity(problem["severity"])})
        for problem in found["problems"]
    )
    return Entry(**{**found, "made": _trace(found["made"]), "problems": problems})


def load_manifest(path: Path | None) -> Manifest:
    """Read what was remembered; nothing, where the file is missing or damaged."""
    try:
        head, _, body = path.read_text("utf-8").partition("\n") if path else ("", "", "")
        if head != f"{FORMAT} {digest_of(body)}":
            return Manifest()
        found = json.loads(body)
        return Manifest(
            {name: _entry(entry) for name, entry in found["entries"].items()},
            {name: _trace(trace) for name, trace in found["sources"].items()},
        )
    except (OSError, ValueError):
        return Manifest()
