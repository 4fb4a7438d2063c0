"""`publish s3`, against a real S3 server: only what changed, and whole wherever it is cut."""

from __future__ import annotations

import json
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest

from site_builder.publish.kinds import KINDS, content_type
from site_builder.publish.site import ASSET_CACHE, PAGE_CACHE
from tests.outside import MARK, NEW_LINK, States, broken, make_states
from tests.stores import REGION, Store, running_store
from tests.workspace import HERON, NAMES, OTTER, TOKENS, Ran, Workspace, run_on_terminal, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUCKETS = [f"pages-{number}" for number in range(30)]
UNUSED = iter(BUCKETS)
STEP = f"projects/{OTTER}/shop/milestones/02-open.md"


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> States:
    """Two states to publish one after the other; for reading only."""
    return make_states(tmp_path_factory.mktemp("states"))


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    """A server that lets nobody in without a key."""
    with running_store(buckets=BUCKETS) as store:
        yield store


@pytest.fixture
def store(server: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """The server, with its key in the environment, and no settings of this machine's own."""
    server.allow()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "no-such-file"))
    for name, value in server.keys.items():
        monkeypatch.setenv(name, value)
    # One request for each file, so that a cut can fall between any two.
    monkeypatch.setenv("AWS_DISABLE_BULK_DELETE", "true")
    return server


@pytest.fixture
def bucket(store: Store) -> str:
    """An empty bucket, used by nobody else."""
    name = next(UNUSED)
    assert not store.files(name)
    return name


def publish(workspace: Workspace, store: Store, bucket: str, *words: str) -> Ran:
    """Publish a built workspace into a bucket."""
    where = ("--endpoint", store.address, "--region", REGION)
    ran = workspace.run("publish", "s3", bucket, *where, *words)
    secrets = (*TOKENS.values(), NEW_LINK, store.keys["AWS_SECRET_ACCESS_KEY"])
    assert not [secret for secret in secrets if secret in ran.output]
    return ran


def expected(workspace: Workspace) -> dict[str, bytes]:
    """Tell what a bucket holds in the end, but for the mark."""
    left_out = {MARK, "_headers"}
    return {way: data for way, data in tree(workspace.site).items() if way not in left_out}


def held(store: Store, bucket: str) -> dict[str, bytes]:
    """Read what a bucket holds, but for the mark."""
    return {way: data for way, data in store.files(bucket).items() if way != MARK}


def test_the_first_time_everything_goes(states: States, store: Store, bucket: str) -> None:
    """In words about clients; the mark comes first."""
    ran = publish(states.old, store, bucket)
    assert ran.code == 0
    assert ran.output == (
        f"Published to the bucket {bucket}:\n- heron-rowing: 13 new files\n"
        "- otter-books: 13 new files\n- pine-bakery: 13 new files\n- shared files: 11 new files\n"
    )
    assert held(store, bucket) == expected(states.old)
    assert store.allow()[0] == ("PUT", f"/{bucket}/{MARK}")


def test_only_what_changed_is_sent(states: States, store: Store, bucket: str) -> None:
    """Nothing at all, the second time; then what differs, and what is no longer wanted goes."""
    publish(states.old, store, bucket)
    store.allow()
    assert "is up to date.\n- 3 clients unchanged\n" in publish(states.old, store, bucket).output
    assert store.allow() == []
    ran = publish(states.new, store, bucket, "--allow-remove")
    assert "- otter-books: 9 files changed, 3 new, 3 removed\n" in ran.output
    assert "- removed: 2 pages that no link leads to\n" in ran.output
    old, new = expected(states.old), expected(states.new)
    written = [way.removeprefix(f"/{bucket}/") for how, way in store.allow() if how == "PUT"]
    assert sorted({*written} - {MARK}) == sorted(way for way in new if old.get(way) != new[way])
    assert held(store, bucket) == new


def test_a_dry_run_says_the_same_and_writes_nothing(
    states: States, store: Store, bucket: str
) -> None:
    """Not even the mark."""
    said = publish(states.old, store, bucket, "--dry-run")
    assert store.files(bucket) == {}
    ran = publish(states.old, store, bucket)
    assert said.output == ran.output.replace("Published", "This would be published")


@pytest.mark.parametrize("way", ["forth", "back"])
def test_after_each_single_write_every_page_is_whole(
    states: States, store: Store, bucket: str, way: str
) -> None:
    """With its look, pictures and files, and no way in that leads nowhere; deletions come last."""
    first, second = (states.old, states.new) if way == "forth" else (states.new, states.old)
    publish(first, store, bucket)
    store.allow()
    assert publish(second, store, bucket, "--allow-remove").code == 0
    content, seen = expected(second), expected(first)
    writes = store.allow()
    for number, (how, name) in enumerate(writes):
        file = name.removeprefix(f"/{bucket}/")
        if how == "DELETE":
            del seen[file]
            assert {later for later, _ in writes[number:]} == {"DELETE"}
        elif file != MARK:
            seen[file] = content[file]
        assert broken(seen) == [], f"after write {number}: {how} {file}"
    assert seen == held(store, bucket) == content
    assert len(writes) > 35


EVERY_FOURTH = [0, *(pytest.param(part, marks=pytest.mark.every) for part in (1, 2, 3))]


@pytest.mark.parametrize("part", EVERY_FOURTH)
def test_cut_after_any_number_of_writes_it_is_whole_and_the_next_run_completes_it(
    states: States, store: Store, bucket: str, part: int
) -> None:
    """The key is taken away after so many; what is there is looked at from outside, each time."""
    sides = (states.old, states.new)
    publish(sides[0], store, bucket)
    cuts = 0
    for after in range(part, 60, 4):
        side = sides[(cuts + 1) % 2]
        store.allow(after)
        ran = publish(side, store, bucket, "--allow-remove")
        store.allow()
        assert broken(store.files(bucket)) == [], f"cut after {after}"
        if ran.code == 0:
            break
        assert "the store does not let you do this" in ran.output
        words = "every page is whole; publish again for the rest" if after else "Nothing was"
        assert words in ran.output
        assert publish(side, store, bucket, "--allow-remove").code == 0
        assert held(store, bucket) == expected(side), f"completed after {after}"
        cuts += 1
    assert cuts >= 9


def test_a_page_of_a_cut_run_that_was_revoked_since_goes(
    states: States, store: Store, bucket: str
) -> None:
    """What no mark knows is on the list, and so nothing stays behind unseen."""
    store.allow(30)
    assert publish(states.old, store, bucket).code == 1
    store.allow()
    assert any(f"c/{TOKENS[HERON]}/" in way for way in store.files(bucket))
    assert publish(states.new, store, bucket, "--allow-remove").code == 0
    assert held(store, bucket) == expected(states.new)


def test_every_file_has_its_type_and_how_long_it_may_be_kept(
    states: States, store: Store, bucket: str
) -> None:
    """Without a type, a browser would save a page instead of showing it."""
    publish(states.old, store, bucket)
    opened = store.open(bucket)
    for way in expected(states.old):
        sent = opened.get(way).attributes
        assert sent["Content-Type"] == content_type(way) != "application/octet-stream"
        wanted = ASSET_CACHE if way.startswith("assets/") else PAGE_CACHE
        assert sent["Cache-Control"] == wanted, way
    page = opened.get(f"c/{TOKENS[OTTER]}/index.html").attributes
    assert page["Content-Type"] == "text/html; charset=utf-8"


def test_every_kind_of_file_that_authors_may_add_has_a_type() -> None:
    """The table knows whatever `check` lets through."""
    from site_builder.parse.kinds import KINDS as OF_AUTHORS

    assert KINDS.keys() >= OF_AUTHORS
    assert content_type("c/x/OFFER.PDF") == "application/pdf"
    assert content_type("no-ending") == content_type("a.unknown") == "application/octet-stream"


def test_the_mark_names_nobody(states: States, store: Store, bucket: str) -> None:
    """Whoever can read the bucket by address learns how many files there are, and nothing else."""
    publish(states.old, store, bucket)
    mark = store.files(bucket)[MARK].decode()
    first, *lines = mark.splitlines()
    assert first.startswith("This folder is written by a program.")
    assert len(lines) == len(expected(states.old))
    assert all(len(line) == 24 and set(line) <= set("0123456789abcdef") for line in lines)
    assert not [word for word in (*TOKENS.values(), *NAMES.values(), *TOKENS) if word in mark]


def test_without_the_mark_s_memory_everything_is_sent_again(
    states: States, store: Store, bucket: str
) -> None:
    """It is a memory, no truth: damage costs time only."""
    publish(states.old, store, bucket)
    store.open(bucket).put(MARK, b"\xff\xfe damaged")
    assert publish(states.old, store, bucket).code == 0
    assert "is up to date" in publish(states.old, store, bucket).output


def test_what_somebody_else_changed_is_put_right(states: States, store: Store, bucket: str) -> None:
    """The store's own tag tells."""
    publish(states.old, store, bucket)
    store.open(bucket).put("index.html", b"Something else")
    assert "- shared files: 1 file changed\n" in publish(states.old, store, bucket).output
    assert held(store, bucket) == expected(states.old)


def test_a_folder_of_a_bucket_is_a_target_too(states: States, store: Store, bucket: str) -> None:
    """What stands beside it is not ours, and stays."""
    store.open(bucket).put("taxes.pdf", b"mine")
    assert publish(states.old, store, f"s3://{bucket}/progress/").code == 0
    files = store.files(bucket)
    assert files.pop("taxes.pdf") == b"mine"
    assert {way for way in files if not way.startswith("progress/")} == set()
    assert files[f"progress/c/{TOKENS[OTTER]}/index.html"]


def test_a_bucket_of_others_is_refused(states: States, store: Store, bucket: str) -> None:
    """It has no mark of ours, and is never emptied."""
    store.open(bucket).put("taxes.pdf", b"mine")
    ran = publish(states.old, store, bucket)
    assert ran.code == 1
    assert "holds files that this program did not write; choose an empty one" in ran.output
    assert store.files(bucket) == {"taxes.pdf": b"mine"}


def test_the_guard_holds_for_buckets_too(states: States, store: Store, bucket: str) -> None:
    """Many pages need a word."""
    publish(states.old, store, bucket)
    ran = publish(states.new, store, bucket)
    assert ran.code == 1
    assert "2 of 3 published pages would go" in ran.output
    assert held(store, bucket) == expected(states.old)


def test_a_bucket_that_anybody_can_list_is_refused(
    states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lists it has every link; nothing is written."""
    with running_store(buckets=["open"], is_guarded=False) as store:
        for name, value in store.keys.items():
            monkeypatch.setenv(name, value)
        ran = publish(states.old, store, "open")
        assert ran.code == 1
        assert "anybody can list the bucket 'open', and so has every link" in ran.output
        assert store.files("open") == {}


def test_a_bucket_that_anybody_can_read_is_warned_about(
    states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published all the same: the links are still needed. The CDN's headers are missing."""
    with running_store(buckets=["open"], is_guarded=False, is_hidden=True) as store:
        for name, value in store.keys.items():
            monkeypatch.setenv(name, value)
        says = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
        policy = {
            "Version": "2012-10-17",
            "Statement": [says | {"Resource": "arn:aws:s3:::open/*"}],
        }
        store.ask("PUT", "open?policy", json.dumps(policy).encode())
        ran = publish(states.old, store, "open")
        assert ran.code == 0
        assert "Warning: the bucket 'open' is public: whoever has a link" in ran.output
        address = f"{store.address}/open/c/{TOKENS[OTTER]}/index.html"
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - of this machine
            assert page.headers["Content-Type"] == "text/html; charset=utf-8"
            assert page.headers["Cache-Control"] == PAGE_CACHE


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIAWRONG"}, "does not let you do this in the bucket"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "does not let you do this in the bucket"),
        ({"bucket": "no-such-bucket"}, "there is no bucket 'no-such-bucket' there"),
        ({"endpoint": "http://127.0.0.1:9"}, "cannot be reached. The store says:"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "there are no credentials: set"),
        ({"AWS_PROFILE": "nobody", "AWS_ACCESS_KEY_ID": ""}, "the profile 'nobody' has no keys"),
    ],
)
def test_what_the_store_says_is_told_in_a_sentence(
    states: States,
    store: Store,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str],
    says: str,
) -> None:
    """Never a traceback, a key or a link, and exit code 1."""
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")  # no machine of a cloud
    monkeypatch.setattr("site_builder.publish.bucket.RETRIES", 0)
    for name, value in change.items():
        if name.startswith("AWS_") and value:
            monkeypatch.setenv(name, value)
        elif name.startswith("AWS_"):
            monkeypatch.delenv(name)
    elsewhere = Store(change.get("endpoint", store.address), store.keys)
    ran = publish(states.old, elsewhere, change.get("bucket", bucket))
    assert ran.code == 1
    assert says in ran.output
    assert "Debug" not in ran.output
    assert len(ran.output.splitlines()) == 1


def test_keys_may_stand_in_the_usual_files(
    states: States, store: Store, bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the profile that AWS_PROFILE names, with the store's address."""
    keys = store.keys
    (tmp_path / "credentials").write_text(
        f"[agency]\naws_access_key_id = {keys['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {keys['AWS_SECRET_ACCESS_KEY']}\n",
        "utf-8",
    )
    (tmp_path / "config").write_text(
        f"[profile agency]\nregion = {REGION}\nendpoint_url = {store.address}\n", "utf-8"
    )
    for name in keys:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_PROFILE", "agency")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    ran = states.old.run("publish", "s3", bucket)
    assert ran.code == 0, ran.output
    assert held(store, bucket) == expected(states.old)


def test_without_the_library_it_says_how_to_get_it(
    states: States, store: Store, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who publishes elsewhere needs no library for it."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    ran = publish(states.old, store, bucket)
    assert ran.code == 1
    assert "pip install 'site-builder[cloud]' brings it" in ran.output


def test_on_a_terminal_a_bar_shows_how_far_it_is(states: States, store: Store, bucket: str) -> None:
    """And nowhere else: a log stays short."""
    where = ("--endpoint", store.address, "--region", REGION)
    ran = run_on_terminal(states.old.root, "", "publish", "s3", bucket, *where)
    assert ran.code == 0
    assert "Publishing" in ran.output
    assert "100%" in ran.output
