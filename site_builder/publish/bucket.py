"""A site into a bucket of an S3-compatible store: only what changed, in a safe order.

The list of the bucket says what is there. What it holds, the mark at its root knows: a fingerprint
of each file that a run has written, over its name, the store's own tag, its content and its
headers. It names no client and no link, and is no more than a memory: where it is missing or
behind, files are written again. The only module that imports obstore.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from site_builder.errors import NotPublished, without_links
from site_builder.publish import folder
from site_builder.publish.exchange import MARKER, MARKER_TEXT
from site_builder.publish.hosts import KNOWN_FILES
from site_builder.publish.kinds import content_type
from site_builder.publish.order import Count, in_steps
from site_builder.publish.plan import plan
from site_builder.publish.site import headers_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from obstore.store import S3Config, S3Store

    from site_builder.publish.order import Progress, Steps
    from site_builder.publish.plan import Files, Plan, Rules

INSTALL = "pip install 'site-builder[cloud]' brings it"
AT_ONCE = 16
"""So many files travel at the same time."""
RETRIES = 4
PATIENCE = datetime.timedelta(minutes=2)
"""After so long, nothing is tried again."""
_NO = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken")
_SAID = re.compile(r"<Code>([^<]*)</Code>(?:\s*<Message>([^<]*)</Message>)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where the pages go."""

    name: str
    prefix: str = ""
    """A folder in the bucket; empty for its root."""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """As obstore's S3Config names them: endpoint, region, keys."""

    @property
    def is_in_the_open(self) -> bool:
        """Tell whether pages would travel to another machine without encryption."""
        address = urlsplit(self.options.get("endpoint", ""))
        here = {"localhost", "127.0.0.1", "::1"}
        return address.scheme == "http" and address.hostname not in here


@contextlib.contextmanager
def _in_words(bucket: Bucket) -> Iterator[None]:
    """Make words of what the store or obstore says.

    Raises:
        NotPublished: in place of all that obstore raises.
    """
    from obstore import exceptions

    try:
        yield
    except (exceptions.BaseError, FileNotFoundError) as error:  # the latter is obstore's, too
        said = str(error)
        if found := _SAID.search(said):
            said = ": ".join(part for part in found.groups() if part)
        else:
            said = said.partition("\n\nDebug source")[0]
        said = without_links(" ".join(said.split())).rstrip(".:")
        no = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)
        # Of a list, obstore 0.12 says only that it failed; the store's own word is in the text.
        if isinstance(error, no) or said.startswith(_NO):
            why = f"the store does not let you do this in the bucket '{bucket.name}'"
        elif "NoSuchBucket" in said:
            why = f"there is no bucket '{bucket.name}' there"
        elif "/latest/" in said:  # the last place where obstore looks for credentials
            raise NotPublished(
                "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            ) from None
        else:
            why = f"the bucket '{bucket.name}' cannot be reached"
        raise NotPublished(f"{why}. The store says: {said}") from None


def _open(bucket: Bucket, *, is_anybody: bool = False) -> S3Store:
    """Open the bucket as its owner, or as anybody would who has no key to it."""
    from obstore.store import S3Store

    options = {
        key: value
        for key, value in bucket.options.items()
        if not is_anybody or key in {"endpoint", "region"}
    }
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=cast("S3Config", {**options, "skip_signature": is_anybody}),
        client_options={"allow_http": options.get("endpoint", "").startswith("http://")},
        retry_config={"max_retries": 0 if is_anybody else RETRIES, "retry_timeout": PATIENCE},
    )


def headers(way: str) -> dict[str, str]:
    """Tell what the store sends with a file: its content type, and how long it may be kept.

    A bucket can send no other headers; those are for the CDN before it.
    """
    cache = headers_for(f"/{way}").get("Cache-Control")
    return {"Content-Type": content_type(way), **({"Cache-Control": cache} if cache else {})}


def _wanted(site: Path) -> Files:
    """Digest what a bucket shall hold: each file's content, and the headers that go with it."""
    return {
        way: hashlib.sha256(f"{digest} {sorted(headers(way).items())}".encode()).hexdigest()
        for way, digest in folder.read(site).items()
        if way not in KNOWN_FILES  # nobody reads those there
    }


def _fingerprint(way: str, tag: str, digest: str) -> str:
    return hashlib.blake2b(f"{way}\0{tag}\0{digest}".encode(), digest_size=12).hexdigest()


def _list(store: S3Store) -> dict[str, str]:
    """List what is there, with the store's own tag of it."""
    return {
        str(found["path"]): str(found["e_tag"] or "") for chunk in store.list() for found in chunk
    }


def _look_from_outside(bucket: Bucket) -> tuple[str, ...]:
    """Look at the bucket as anybody could; what cannot be known is left out.

    Raises:
        NotPublished: if anybody can list it: they would have every link.
    """
    from obstore.exceptions import BaseError

    anybody = _open(bucket, is_anybody=True)
    with contextlib.suppress(BaseError, FileNotFoundError):
        next(iter(anybody.list(chunk_size=1)), None)
        raise NotPublished(
            f"anybody can list the bucket '{bucket.name}', and so has every link. Take away the public"
            " right to list it (s3:ListBucket)"
        )
    with contextlib.suppress(BaseError, FileNotFoundError):
        anybody.get(MARKER)
        public = (
            f"the bucket '{bucket.name}' is public: whoever has a link can read the page past your CDN,"
            " without the headers that keep it from search engines. Let only the CDN read it"
        )
        return (public,)
    return ()


class _Memory:
    """The fingerprints in the mark, as they were and as they become."""

    def __init__(self, store: S3Store, *, is_there: bool) -> None:
        text = bytes(store.get(MARKER).bytes()).decode("utf-8", "replace") if is_there else ""
        self.store = store
        self.known = set(text.split())
        self.fresh: set[str] = set()

    def save(self) -> None:
        lines = [MARKER_TEXT, *(f"{each}\n" for each in sorted(self.fresh))]
        kind = {"Content-Type": content_type("mark.txt"), "Cache-Control": "no-store"}
        self.store.put(MARKER, "".join(lines).encode(), attributes=kind)


def publish(
    site: Path, bucket: Bucket, rules: Rules, progress: Progress, *, is_trial: bool
) -> Plan:
    """Make a bucket like the site; a trial writes nothing.

    Raises:
        NotPublished: if it would take away what people still read, anybody can list the bucket, it
            holds files of others, or the store says no.
        PartlyPublished: if it says no on the way.
    """
    try:
        import obstore  # noqa: F401 - whether it is there
    except ImportError:
        raise NotPublished(f"obstore is not installed: {INSTALL}") from None
    with _in_words(bucket):
        store = _open(bucket)
        tags = _list(store)
        is_ours = MARKER in tags
        if tags and not is_ours:
            raise NotPublished(
                f"the bucket '{bucket.name}' holds files that this program did not write; choose an empty"
                " one, or a folder in it: BUCKET/FOLDER"
            )
        warnings = _look_from_outside(bucket)
        memory = _Memory(store, is_there=is_ours)
        tags.pop(MARKER, None)
        wanted = _wanted(site)
        there = {}
        for way, tag in tags.items():
            print_of = _fingerprint(way, tag, wanted.get(way, ""))
            is_known = print_of in memory.known
            there[way] = wanted[way] if is_known else tag
            memory.fresh |= {print_of} if is_known else set()
        planned = plan(wanted, there, rules)
        steps = in_steps(planned, wanted, there)
    if planned.is_any and not is_trial:
        count = Count(steps, progress)
        with count.kept(), _in_words(bucket):
            if not is_ours:
                memory.save()
                # Whether anybody can read is known only now that there is something to read.
                warnings = _look_from_outside(bucket)
            _carry_out(site, store, wanted, steps, memory, count)
    if bucket.is_in_the_open:
        warnings += ("the pages travel without encryption: write the endpoint with https://",)
    return replace(planned, warnings=warnings)


def _carry_out(
    site: Path, store: S3Store, wanted: Files, steps: Steps, memory: _Memory, count: Count
) -> None:
    """Write and delete; what was written is remembered, however it ends."""
    from obstore.exceptions import BaseError

    def put(way: str) -> None:
        result = store.put(way, site / way, attributes=headers(way))
        memory.fresh.add(_fingerprint(way, str(result["e_tag"] or ""), wanted[way]))
        count.add(1)

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for group in steps.puts:
                list(pool.map(put, group))  # raises what stopped one of them
    finally:
        with contextlib.suppress(BaseError):
            memory.save()
    for group in steps.deletions:
        store.delete(list(group))
        count.add(len(group))
