"""A real S3 server in a process of its own, which can be told to stop taking anything.

`python -m tests.stores` serves moto on a free port of this machine, and prints the port. Beside
what S3 has, it answers `/-/allow/N`: N more writes are let through and all others refused, or
`/-/allow/all`. The answer lists the writes since the last time, in their order. After `/-/hide`
nobody lists a bucket without a signature.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.workspace import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from obstore.store import S3Store

REGION = "eu-west-1"
WRITES = {"PUT", "POST", "DELETE"}


class Gate:
    """Stands before the server: counts the writes, and refuses them from some number on."""

    def __init__(self, inside: Callable[..., Iterable[bytes]]) -> None:
        self.inside = inside
        self.left: float = float("inf")
        self.done: list[str] = []
        self.hides_lists = False
        self.lock = threading.Lock()

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as a WSGI application does."""
        path, is_write = str(environ["PATH_INFO"]), environ["REQUEST_METHOD"] in WRITES
        with self.lock:
            if path.startswith("/-/allow/"):
                done, self.done = self.done, []
                self.left = float(path.rpartition("/")[2].replace("all", "inf"))
                start("200 OK", [("Content-Type", "application/json")])
                return [json.dumps(done).encode()]
            if path == "/-/hide":
                self.hides_lists = True
                return self.refuse(start)
            is_list = path.strip("/").count("/") == 0 and not is_write
            if self.hides_lists and is_list and "HTTP_AUTHORIZATION" not in environ:
                return self.refuse(start)
            if not is_write:
                return self.inside(environ, start)
            self.left -= 1
            if self.left < 0:
                return self.refuse(start)
            # One at a time, so that the list tells the order.
            self.done.append(f"{environ['REQUEST_METHOD']} {path.encode('latin-1').decode()}")
            return list(self.inside(environ, start))

    @staticmethod
    def refuse(start: Callable[..., Any]) -> Iterable[bytes]:
        """Say no as S3 does."""
        start("403 Forbidden", [("Content-Type", "application/xml")])
        return [b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"]


def serve() -> None:
    """Serve until the end, and print the port first."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = Gate(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


@dataclass(frozen=True, slots=True)
class Store:
    """The server, as its owner sees it."""

    address: str
    keys: Mapping[str, str]
    """For the environment."""
    known: dict[str, bytes] = field(default_factory=dict)
    """What was read before."""

    def ask(self, method: str, way: str, body: bytes | None = None) -> bytes:
        """Ask without a signature, as anybody may."""
        kind = {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(f"{self.address}/{way}", body, kind, method=method)  # noqa: S310 - of this machine
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            said: bytes = answer.read()
        return said

    def allow(self, writes: int | None = None) -> list[tuple[str, str]]:
        """Let so many more writes through, or all; list those since the last time."""
        said = json.loads(self.ask("GET", f"-/allow/{'all' if writes is None else writes}"))
        return [(method, way) for method, _, way in (line.partition(" ") for line in said)]

    def open(self, bucket: str) -> S3Store:
        """Open a bucket as its owner."""
        from obstore.store import S3Store

        return S3Store(
            bucket,
            endpoint=self.address,
            region=REGION,
            access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
            secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
            client_options={"allow_http": True},
        )

    def files(self, bucket: str) -> dict[str, bytes]:
        """Read everything that a bucket holds, each content once: its tag is made of it."""
        store = self.open(bucket)
        held = {
            found["path"]: str(found["e_tag"])
            for found in itertools.chain.from_iterable(store.list())
        }
        for name, tag in held.items():
            if tag not in self.known:
                self.known[tag] = bytes(store.get(name).bytes())
        return {name: self.known[tag] for name, tag in held.items()}


@contextlib.contextmanager
def running_store(
    *, buckets: Iterable[str], is_guarded: bool = True, is_hidden: bool = False
) -> Iterator[Store]:
    """Start a server with some buckets; unguarded, it does whatever anybody asks, but for lists."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stores"], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout
        address = f"http://127.0.0.1:{int(process.stdout.readline())}"
        store = Store(
            address, {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "anything"}
        )
        place = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
        for bucket in buckets:
            store.ask("PUT", bucket, place.encode())
        if is_hidden:
            with contextlib.suppress(urllib.error.HTTPError):
                store.ask("GET", "-/hide")
        yield _guarded(store) if is_guarded else store
    finally:
        process.kill()
        process.communicate()


def _guarded(store: Store) -> Store:
    """Make one user with all rights, and let nobody in without a key from now on."""
    import boto3

    iam = boto3.client(
        "iam", endpoint_url=store.address, region_name=REGION,
        aws_access_key_id="anybody", aws_secret_access_key="anything",  # noqa: S106 - of no use elsewhere
    )  # fmt: skip
    iam.create_user(UserName="ci")
    rights = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    iam.put_user_policy(UserName="ci", PolicyName="pages", PolicyDocument=document)
    key = iam.create_access_key(UserName="ci")["AccessKey"]
    store.ask("POST", "moto-api/reset-auth", b"0")
    known = {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }
    return Store(store.address, known)


if __name__ == "__main__":
    serve()
