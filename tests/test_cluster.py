"""Clients built by the workers of a cluster: a real scheduler, real workers, and what may fail."""

from __future__ import annotations

import concurrent.futures
import contextlib
import datetime
import importlib
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from site_builder.build import cluster as clusters
from site_builder.build.client import Fate, Job, Result
from site_builder.build.worker import Parcel
from tests.repository import git, make_repository
from tests.test_parts import LINKS, all_kinds
from tests.workspace import (
    CLIENT,
    HERON,
    KEY,
    OTTER,
    PINE,
    ROOT,
    TOKENS,
    Ran,
    Workspace,
    run_apart,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WORDS = "hangout papyrus demystify bundle sadden copper"
VARIABLE = "SITE_BUILDER_PASSPHRASE_ELM_SCHOOL"
START = 60
"""Seconds in which a busy machine must have started a process."""


def _wait_for(what: Any, seconds: float = START) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


@dataclass(slots=True)
class Process:
    """A part of the cluster."""

    running: subprocess.Popen[bytes]
    folder: Path

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text("utf-8")

    def kill(self) -> None:
        """End it at once, as a lost machine would."""
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()


def _start(folder: Path, kind: str, *words: str, path: Path = ROOT) -> Process:
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words],
            cwd=folder, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(path)},
        )  # fmt: skip
    return Process(running, folder)


@dataclass(slots=True)
class Cluster:
    """A real one, on this machine."""

    folder: Path
    address: str
    scheduler: Process
    workers: list[Process]

    def add_worker(self, *, path: Path = ROOT) -> Process:
        """Start a worker, with one thread and nobody who would start it again."""
        words = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", "desk")
        folder = self.folder / f"worker-{len(self.workers)}"
        made = _start(folder, "worker", self.address, *words, path=path)
        self.workers.append(made)
        _wait_for(lambda: "Registered to:" in made.log)
        return made

    def build(self, workspace: Workspace, *more: str, **environment: str) -> Ran:
        """Build with the cluster, in a process of its own."""
        words = ("--today", "2026-03-02", "--executor", "dask", "--scheduler", self.address)
        return run_apart(workspace.root, "build", *words, *more, **environment)

    def said(self) -> str:
        """All that the cluster wrote down."""
        return "".join(process.log for process in (self.scheduler, *self.workers))


def make_certificates(folder: Path) -> dict[str, str]:
    """Make a certificate that vouches for itself, and name it as dask's settings do."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    found = {f"{tls}CA_FILE": f"{folder}/cert.pem"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        found |= {
            f"{tls}{role}__{part}": f"{folder}/{part.lower()}.pem" for part in ("CERT", "KEY")
        }
    return found


@contextlib.contextmanager
def _running(folder: Path, *, protocol: str = "tcp") -> Iterator[Cluster]:
    folder.mkdir(exist_ok=True)
    file = folder / "scheduler.json"
    words = (
        "--protocol", protocol, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(file),
    )  # fmt: skip
    scheduler = _start(folder / "scheduler", "scheduler", *words)
    workers: list[Process] = []
    try:
        _wait_for(lambda: file.is_file() and file.read_text("utf-8").endswith("}"))
        address = json.loads(file.read_text("utf-8"))["address"]
        yield Cluster(folder, address, scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()


def tells_nobody(cluster: Cluster) -> bool:
    """Tell whether logs and names of tasks are free of clients, links, keys and words."""
    secrets = (*TOKENS, *TOKENS.values(), *LINKS, *LINKS.values(), KEY, WORDS, "a" * 26)
    return not [secret for secret in secrets if secret in cluster.said()]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers that speak TLS; tests that kill one add another."""
    folder = tmp_path_factory.mktemp("cluster")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in make_certificates(folder).items():
            patch.setenv(name, value)
        with _running(folder, protocol="tls") as made:
            assert made.address.startswith("tls://")
            made.add_worker()
            made.add_worker()
            yield made


def many(root: Path) -> Workspace:
    """Make a workspace of all kinds of clients, and of enough plain ones for several batches."""
    made = all_kinds(root)
    made.edit("projects/elm-school/client.yml", "protection: sealed", "protection: passphrase")
    for number in range(18):
        for file in ("shop/project.yml", "shop/milestones/02-open.md"):
            same = (root / "projects" / OTTER / file).read_bytes()
            made.write(f"projects/client-{number:02}/{file}", same)
        letter = "abcdefghijklmnopqrstuvwxyz234567"[number]
        text = CLIENT.format(name=f"Client {number} of ours", token=letter * 26)
        made.write(f"projects/client-{number:02}/client.yml", text)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace, built on this machine alone; for copying only."""
    made = many(tmp_path_factory.mktemp("many") / "desk")
    ran = run_apart(made.root, "build", "--today", "2026-03-02", **{VARIABLE: WORDS})
    assert ran.code == 3, ran.output
    made.site.rename(made.root / "whole")
    return made


@pytest.fixture
def desk(built: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, without anything that was remembered."""
    shutil.copytree(built.root, tmp_path / "desk", ignore=shutil.ignore_patterns(".cache"))
    return Workspace(tmp_path / "desk")


def test_workers_build_the_site_of_one_machine(cluster: Cluster, desk: Workspace) -> None:
    """Byte for byte, with sealed, closed and broken clients; what nobody changed stays after."""
    ran = cluster.build(desk, **{VARIABLE: WORDS})
    assert ran.code == 3, ran.output
    assert tree(desk.site) == tree(desk.root / "whole")
    assert tells_nobody(cluster)
    assert "without encryption" not in ran.output
    assert "projects/oak-garden/shop/project.yml:1:1: " in ran.output
    assert "23 of 24 clients and 1 page of offerings built into site." in ran.output
    for worker in cluster.workers:
        assert not list(worker.folder.glob("desk/*/*/pages-*/site/c/*"))
        assert list(worker.folder.glob("desk/**/pages-*/site/assets")), "both were at work"
    # What they built is remembered here, and the words of sealed pages are in no cache.
    again = desk.build("--jobs", "1")
    assert "0 of 24 clients built into site, 22 unchanged." in again.output, again.output
    for path in desk.root.glob(".cache/**/*"):
        assert not path.is_file() or WORDS.encode() not in path.read_bytes()


def test_a_worker_that_is_killed_loses_nothing(cluster: Cluster, desk: Workspace) -> None:
    """Another one builds what it had begun, and the site is the same."""
    victim = cluster.add_worker()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(cluster.build, desk, "--no-cache", **{VARIABLE: WORDS})
        _wait_for(lambda: list(victim.folder.glob("desk/**/pages-*/site/c/*")) or running.done())
        assert not running.done()
        victim.kill()
        ran = running.result()
    assert ran.code == 3, ran.output
    assert tree(desk.site) == tree(desk.root / "whole")


def test_workers_fetch_the_commit_with_git(cluster: Cluster, tmp_path: Path) -> None:
    """Where they share no folder: once a worker, at the commit that is checked out here."""
    desk = small_workspace(tmp_path / "agency" / "desk", OTTER, PINE, HERON)
    host = make_repository(Workspace(desk.root.parent), tmp_path / "host.git").host
    ran = cluster.build(desk, "--from-git", f"file://{host}")
    assert ran.code == 0, ran.output
    desk.site.rename(desk.root / "there")
    assert desk.build("--no-cache", "--jobs", "1").code == 0
    assert tree(desk.site) == tree(desk.root / "there")
    shutil.rmtree(desk.root / "there")
    fetched = [
        found
        for worker in cluster.workers
        for found in worker.folder.glob("desk/**/workspace/desk/mkdocs.yml")
    ]
    assert fetched
    desk.edit(f"projects/{PINE}/shop/milestones/02-open.md", "from home", "from everywhere")
    ran = cluster.build(desk, "--from-git", f"file://{host}")
    assert ran.code == 1
    assert "files of the workspace are not committed (" in ran.output
    git(desk.root, "commit", "-qam", "Everywhere")
    ran = cluster.build(desk, "--from-git", f"file://{host}")
    assert ran.code == 1
    assert "a worker cannot fetch the commit " in ran.output
    assert "push it first" in ran.output
    assert "Compute Failed" in cluster.said(), "a failure is logged, with its arguments"
    assert tells_nobody(cluster)


def test_a_cluster_that_is_of_no_use_is_said(
    workspace: Workspace, desk: Workspace, tmp_path: Path
) -> None:
    """Without a worker, with one whose pages could differ, and lost in the middle: in words."""
    other = tmp_path / "other"
    for name in ("site_builder", "theme"):
        shutil.copytree(ROOT / name, other / name)
    with (other / "theme" / "css" / "progress.css").open("a", encoding="utf-8") as file:
        file.write(".road { color: red }\n")
    with _running(tmp_path / "apart") as cluster:
        ran = run_impatient(workspace, cluster.address)
        assert ran.code == 1
        assert "has had no worker for 2 seconds: start some with: dask worker tcp://" in ran.output
        assert not workspace.site.exists()

        stranger = cluster.add_worker(path=other)
        ran = run_impatient(workspace, cluster.address)
        assert ran.code == 1
        assert "has another version of site-builder, of its libraries, of Python or " in ran.output
        stranger.kill()

        cluster.add_worker()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            running = pool.submit(run_impatient, desk, cluster.address)
            _wait_for(lambda: list(desk.site.glob("c/*/index.html")) or running.done())
            cluster.scheduler.kill()
            ran = running.result()
        assert ran.code == 1, ran.output
        assert ran.output.endswith("mend this and build again.\n")
        assert "Traceback" not in ran.output
    assert run_apart(desk.root, "build", "--today", "2026-03-02", **{VARIABLE: WORDS}).code == 3
    assert tree(desk.site) == tree(desk.root / "whole")


IMPATIENT = """\
from site_builder.build import cluster
from site_builder.cli import main

cluster.CONNECTING, cluster.PATIENCE, cluster.TICK = 1, 2, 1
main()
"""


def run_impatient(workspace: Workspace, address: str) -> Ran:
    """Build with a cluster, in a process of its own that does not wait as long."""
    done = subprocess.run(
        [sys.executable, "-c", IMPATIENT, "build", "--today", "2026-03-02",
         "--executor", "dask", "--scheduler", address],
        cwd=workspace.root, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return Ran(done.stdout, done.returncode)


def test_without_a_scheduler_it_is_said_soon(workspace: Workspace) -> None:
    """In one sentence, and nothing is written."""
    ran = run_impatient(workspace, "tcp://127.0.0.1:9")
    assert ran.code == 1
    assert ran.output.startswith("Error: the scheduler tcp://127.0.0.1:9 cannot be reached: ")
    assert ran.output.endswith("mend this and build again.\n")
    assert ran.output.count("\n") == 1
    assert not workspace.site.exists()


def test_without_certificates_tls_is_refused(workspace: Workspace) -> None:
    """With the names of the settings that are missing."""
    importlib.import_module(
        "distributed"
    )  # its own settings come first, or those below stand alone
    from dask import config

    missing = {"distributed.comm.tls.ca-file": None, "distributed.comm.tls.client.cert": None}
    with config.set(missing):
        ran = workspace.build("--executor", "dask", "--scheduler", "tls://127.0.0.1:9")
    assert ran.code == 1
    assert "as DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in ran.output
    assert not workspace.site.exists()


def test_without_the_extra_it_says_what_to_install(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence, and nothing is written."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = workspace.build("--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert ran.code == 1
    assert "pip install 'site-builder[cluster]' brings it" in ran.output
    assert not workspace.site.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--executor", "dask"), "needs the address of the scheduler: --scheduler tls://HOST"),
        (("--executor", "dask", "--scheduler", "a:1"), "'a:1' is no address of a scheduler"),
        (("--executor", "dask", "--scheduler", "ws://a:1"), "write tls://HOST:8786, or tcp://"),
        (("--scheduler", "tcp://a:1"), "--scheduler is for a cluster: say --executor dask, too"),
        (("--from-git", "git@host:a.git"), "--from-git is for a cluster: say --executor dask"),
        (
            ("--executor", "dask", "--scheduler", "tcp://a:1", "--shard", "1/2"),
            "choose one of them",
        ),
        (
            (
                "--executor",
                "dask",
                "--scheduler",
                "tcp://a:1",
                "--from-git",
                "https://me:pw@host/a",
            ),
            "takes an address without a password",
        ),
    ],
)
def test_words_that_make_no_sense_are_refused_as_usage(
    words: Sequence[str], said: str, workspace: Workspace
) -> None:
    """With the sentence that helps, and no password repeated."""
    ran = workspace.build(*words)
    assert (ran.code, said in ran.output) == (2, True), ran.output
    assert "pw" not in ran.output


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("tcp://127.0.0.1:8786", False), ("tcp://localhost:8786", False), ("tls://far:8786", False),
        ("tcp://far:8786", True), ("tcp://127.0.0.1.far:8786", True),
    ],
)  # fmt: skip
def test_pages_that_travel_in_the_open_are_warned_of(address: str, is_open: bool) -> None:  # noqa: FBT001 - of the data
    """Between machines, without TLS."""
    assert clusters.Cluster(scheduler=address).is_in_the_open is is_open


def test_what_kills_every_worker_harms_nobody_else(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its batch is taken apart until it stands alone; then it is said, and its page stays."""
    from distributed.scheduler import KilledWorker

    class Executor:
        """Loses its worker whenever Otter Books is to be built."""

        def submit(self, _: Any, __: Any, batch: Parcel[Any]) -> Any:
            future = concurrent.futures.Future[Any]()
            if OTTER in dict(batch.unpacked()):
                worker: Any = None
                future.set_exception(KilledWorker("task", worker, 3))
            else:
                future.set_result(Parcel.of({}))
            return future

        def shutdown(self, **_: Any) -> None:
            return

    class Client:
        """As much of one as is asked for."""

        status = "running"

        def get_executor(self, **_: Any) -> Executor:
            return Executor()

        def submit(self, *_: Any, **__: Any) -> None:
            return

        def nthreads(self) -> dict[str, int]:
            return {"here": 1}

    @contextlib.contextmanager
    def connected(_: Any) -> Iterator[Client]:
        yield Client()

    monkeypatch.setattr(clusters, "_connected", connected)
    monkeypatch.setattr(clusters, "BATCHES_PER_THREAD", 1)
    monkeypatch.setattr(clusters, "shared_digest", lambda _: "")
    nobody = _nobody(workspace)
    jobs = [_job(nobody, client) for client in (OTTER, PINE, HERON)]
    nothing: Any = None
    asked = clusters.Cluster(scheduler="tcp://a:1")
    found = list(clusters.built_there(asked, nobody, nothing, jobs))
    (lost,) = (each for each in found if isinstance(each, Result))
    assert (lost.client, lost.fate) == (OTTER, Fate.NOTHING)
    assert "every worker that tried was killed" in lost.problems[0].message
    assert {each.client for each in found if isinstance(each, Job)} == {PINE, HERON}


def _nobody(workspace: Workspace) -> Job:
    from site_builder.lookout import look_out
    from site_builder.publish.assets import gather
    from site_builder.workspace import ReadOptions, open_workspace

    opened = open_workspace(workspace.root / "mkdocs.yml")
    links = gather(opened.agency.settings, opened.root, opened.theme_folders).links
    return Job(
        workspace=opened,
        client="",
        options=ReadOptions(today=datetime.date(2026, 3, 2)),
        site=workspace.site,
        assets=links,
        sought=look_out(opened),
    )


def _job(nobody: Job, client: str) -> Job:
    from dataclasses import replace

    return replace(nobody, client=client)
