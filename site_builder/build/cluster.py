"""Clients built by the workers of a cluster, through dask.distributed.

Workers read the workspace from a folder that all see, or fetch its commit with git. They build
into a folder of their own and send finished pages back; only the machine that asked writes into
the site. A batch whose worker dies goes to another one: building it twice does no harm. Whoever
cannot be built there, because of mistakes in the files, is built here, beside the last good page.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import logging
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from site_builder import git
from site_builder.build.client import Fate, Job, Result, targets_of
from site_builder.build.worker import Commit, Common, Parcel, build_batch, take_parcel
from site_builder.digests import shared_digest
from site_builder.errors import NotBuilt, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from site_builder.build.worker import Asked, Built
    from site_builder.publish.assets import SharedAssets
    from site_builder.workspace import ReadOptions, Workspace

INSTALL = "pip install 'site-builder[cluster]' brings it"
CONNECTING = 10
"""Seconds in which a scheduler must answer."""
PATIENCE = 30
"""Seconds in which there must be a worker, at the start and later."""
TICK = 5
"""Seconds after which it is asked whether there still is one."""
SOURCES = ("mkdocs.yml", "projects", "theme")
"""What pages are made of, from the workspace."""
RETRIES = 2
BATCH = 16
"""So many clients at most travel together."""
BATCHES_PER_THREAD = 3
"""So many wait at the workers: enough to keep them busy, few enough for flat memory."""
_LOCAL = re.compile(r"\w+://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Whom to ask, and where workers find the workspace."""

    scheduler: str
    """An address as dask writes it: tcp://host:8786 or tls://host:8786."""
    repository: str = field(default="", repr=False)
    """What workers fetch the workspace from; empty: they see its folder at the same path."""
    is_part: ClassVar[bool] = False
    needs_keys: ClassVar[bool] = True

    @property
    def is_in_the_open(self) -> bool:
        """Tell whether pages would travel to other machines without encryption."""
        return not self.scheduler.startswith("tls://") and not _LOCAL.match(self.scheduler)

    def look(self, root: Path) -> None:
        """Look whether it can be asked, before anything is written.

        Raises:
            NotBuilt: if it cannot; the words say what to do.
        """
        _commit_of(self, root)
        with _connected(self):
            pass

    def begin(self, workspace: Workspace, options: ReadOptions, site: Path) -> None:
        """Build a whole site."""

    def elsewhere(
        self, nobody: Job, gathered: SharedAssets, jobs: Sequence[Job]
    ) -> Iterator[Job | Result]:
        """Let workers build all but what stands, and is only looked through again.

        Raises:
            NotBuilt: if the cluster is lost, or a worker does not fit.
        """
        yield from (job for job in jobs if job.entry)
        if there := [job for job in jobs if not job.entry]:
            yield from built_there(self, nobody, gathered, there)


def _commit_of(cluster: Cluster, root: Path) -> Commit | None:
    """Name the commit that workers fetch: the one that is checked out here.

    Raises:
        NotBuilt: if what is here is in no commit.
    """
    if not cluster.repository:
        return None
    head = git.ask(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if not head.is_ok:
        raise NotBuilt("--from-git needs a workspace in git, with a commit")
    changed = git.ask(root, "status", "--porcelain", "--", *SOURCES).output.splitlines()
    if changed:
        raise NotBuilt(
            f"files of the workspace are not committed ({changed[0][3:]}{', …' if len(changed) > 1 else ''}), so"
            " workers would fetch other ones; commit and push them first"
        )
    below = git.ask(root, "rev-parse", "--show-prefix").output.strip()
    return Commit(repository=cluster.repository, name=head.output.strip(), below=below)


@contextlib.contextmanager
def _connected(cluster: Cluster) -> Iterator[Any]:
    """Speak with the scheduler, and see to it that there is a worker.

    Raises:
        NotBuilt: if there is none, or no dask.distributed.
    """
    try:
        import distributed
        from dask import config
    except ImportError:
        raise NotBuilt(f"dask.distributed is not installed: {INSTALL}") from None
    _refuse_without_certificates(cluster)
    connect: Any = distributed.Client  # it has no types
    for name in list(logging.root.manager.loggerDict):  # we say ourselves what is wrong
        if name.partition(".")[0] in {"distributed", "tornado", "asyncio"}:
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with config.set({"distributed.admin.large-graph-warning-threshold": "10GB"}):
        try:
            client = connect(cluster.scheduler, timeout=CONNECTING, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise NotBuilt(
                f"the scheduler {cluster.scheduler} cannot be reached: {_first_line(error)}"
            ) from None
        try:
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except (TimeoutError, OSError):
                raise NotBuilt(
                    f"the scheduler {cluster.scheduler} has had no worker for {PATIENCE} seconds: start some"
                    f" with: dask worker {cluster.scheduler}"
                ) from None
            yield client
        finally:
            with contextlib.suppress(Exception):  # it may be gone, and nothing depends on it
                client.close(timeout=TICK)


def _refuse_without_certificates(cluster: Cluster) -> None:
    """Look whether dask knows certificates, where the address asks for TLS.

    Raises:
        NotBuilt: if it does not.
    """
    from distributed.security import Security

    security: Any = Security  # it has no types
    asked = cluster.scheduler.startswith("tls://")
    if asked and security().get_connection_args("client").get("ssl_context") is None:
        raise NotBuilt(
            "dask knows no certificates for tls:// here: name their files in its settings, as DASK_DISTRIBUTED__COMM__TLS__CA_FILE,"
            " DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY"
        )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _batches(jobs: Sequence[Job], threads: int) -> Iterator[Sequence[Job]]:
    size = max(1, min(BATCH, len(jobs) // (threads * BATCHES_PER_THREAD)))
    return (jobs[start : start + size] for start in range(0, len(jobs), size))


def built_there(
    cluster: Cluster, nobody: Job, gathered: SharedAssets, jobs: Sequence[Job]
) -> Iterator[Job | Result]:
    """Let workers build; each job comes back with its finished pages, or as it was.

    Of a client that killed every worker that tried, a result comes instead.

    Raises:
        NotBuilt: if the cluster is lost, or a worker does not fit.
    """
    common = Common(
        nobody=nobody,
        gathered=gathered,
        commit=_commit_of(cluster, nobody.workspace.root),
        shared=shared_digest(nobody.workspace),
    )
    with _connected(cluster) as client:
        executor = client.get_executor(pure=False, retries=RETRIES)
        parcel = client.submit(take_parcel, Parcel.of(common), pure=False)
        waiting: dict[concurrent.futures.Future[Parcel[Built]], Sequence[Job]] = {}
        threads = sum(client.nthreads().values()) or 1
        batches = _batches(jobs, threads)
        lonely = 0
        try:
            while True:
                while len(waiting) < threads * BATCHES_PER_THREAD and (batch := next(batches, ())):
                    waiting[executor.submit(build_batch, parcel, _asked(batch))] = batch
                if not waiting:
                    return
                done, _ = concurrent.futures.wait(waiting, TICK, concurrent.futures.FIRST_COMPLETED)
                now = _threads(client)
                threads, lonely = now or threads, 0 if done or now else lonely + TICK
                if lonely > PATIENCE:
                    raise NotBuilt(f"the scheduler {cluster.scheduler} or its last worker was lost")
                for future in done:
                    batch = waiting.pop(future)
                    if (answer := _answer(future, cluster)) is not None:
                        yield from _with_pages(batch, answer)
                    elif len(batch) > 1:  # one of them kills workers: each alone, to find it
                        for job in batch:
                            waiting[executor.submit(build_batch, parcel, _asked([job]))] = [job]
                    else:
                        yield _deadly(batch[0])
        finally:
            with contextlib.suppress(Exception):
                executor.shutdown(wait=False)


def _asked(batch: Sequence[Job]) -> Parcel[Asked]:
    return Parcel.of(tuple((job.client, job.key) for job in batch))


def _threads(client: Any) -> int:
    """Count the threads of all workers; none, where the scheduler does not answer."""
    try:
        return sum(client.nthreads().values()) if client.status == "running" else 0
    except (OSError, TimeoutError):
        return 0


def _answer(future: concurrent.futures.Future[Parcel[Built]], cluster: Cluster) -> Built | None:
    """Take the pages of a batch; None, if every worker that tried was killed.

    Raises:
        NotBuilt: if something else went wrong.
    """
    from distributed import KilledWorker

    try:
        answer = future.result().unpacked()
    except KilledWorker:
        return None
    except NotBuilt:
        raise
    except concurrent.futures.CancelledError:
        raise NotBuilt(f"the scheduler {cluster.scheduler} was lost") from None
    except ImportError as error:
        raise NotBuilt(
            f"a worker cannot load the program ({_first_line(error)}); install site-builder[cluster] on all machines"
        ) from None
    except Exception as error:
        raise NotBuilt(f"a worker failed with {type(error).__name__}; its log says more") from error
    return answer


def _with_pages(batch: Sequence[Job], answer: Built) -> Iterator[Job]:
    for job in batch:
        packed = answer.get(job.client)
        if packed and (entry := packed.result.entry):
            found = {**entry.found, "sought": job.sought.digest}
            result = replace(packed.result, entry=replace(entry, found=found))
            packed = replace(packed, result=result)
        yield replace(job, ready=packed)


def _deadly(job: Job) -> Result:
    """Say that no worker survived a client; the page that is there stays."""
    problem = Problem(
        path=f"projects/{job.client}",
        rule="unwritable",
        message="the page could not be built: every worker that tried was killed",
        hint="most likely it needs more memory than a worker may take; see the logs of the workers",
        client=job.client,
    )
    is_there = any(folder.is_dir() for folder in targets_of(job.workspace, job.client, job.site))
    fate = Fate.KEPT if is_there else Fate.NOTHING
    return Result(client=job.client, problems=(problem,), fate=fate)
