"""What a preview knows: each client as it was built last, and what is wrong with it.

`Preview.refresh` is told which files changed and builds what that concerns. All that readers see
of it is one `State` at a time, which never changes; so a server may ask from any thread. Nothing
here knows HTTP.
"""

from __future__ import annotations

import threading
import traceback
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from site_builder.build import Fate, Result, build
from site_builder.build.folders import forget_theme
from site_builder.errors import (
    InvalidInput,
    Overtaken,
    Problem,
    Severity,
    UnsafeTarget,
    without_links,
)
from site_builder.language import load_language
from site_builder.model.fields import OFFERINGS
from site_builder.pages.progress import progress
from site_builder.parse.clients import tokens_in
from site_builder.publish.exchange import write_whole
from site_builder.report import told
from site_builder.serve.state import Seen, State, Trouble
from site_builder.workspace import ReadOptions, Workspace, open_workspace, read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from site_builder.model.links import Passphrase
    from site_builder.workspace import ClientReading

CACHE = ".cache"
FOLDER = f"{CACHE}/preview"
"""Where previews are built, from the workspace; never in `site/`: they show drafts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one look at the files brought, to be said on a terminal."""

    clients: tuple[str, ...] = ()
    """Who was built, or could not be."""
    problems: tuple[Problem, ...] = ()
    bug: str = ""
    is_stopped: bool = False
    """Nobody could be built."""


class Preview:
    """Builds what changed, and knows the state of all clients.

    One thread calls `refresh`; any may read `state` and `wait`.
    """

    def __init__(
        self,
        settings: Path,
        name: str,
        day: Callable[[str], datetime.date],
        *,
        version: int = 0,
        drafts: bool = True,
        passphrases: Callable[[Workspace], Mapping[str, Passphrase]] = lambda _: {},
    ) -> None:
        """Begin with nothing built.

        `name` sets apart the folders of several previews; `day` tells today in a time zone;
        `version` should be larger than those of an earlier preview at the same address; with
        `drafts`, steps that are not published yet are shown, marked.
        """
        self.settings = settings
        self.root = settings.parent
        self.drafts = drafts
        if not drafts:
            name += "-no-drafts"  # what stands there never holds a draft, whoever ran before
        self.site = self.root / FOLDER / name
        self._manifest = self.root / FOLDER / f"{name}.json"
        self.state = State(version=version)
        self._day = day
        self._passphrases = passphrases
        self._count = version
        self._is_whole = True
        """Whether the next round is about everything."""
        self._news = threading.Condition()
        self._open: Counter[str] = Counter()
        self._is_closed = False

    # --- For the server ---

    def wait(self, address: str, known: int | None, seconds: float) -> int | None:
        """Wait until the page at an address has another version than `known`; None at the end."""
        with self._news:
            self._open[address] += 1
            try:
                self._news.wait_for(
                    lambda: self._is_closed or self.state.version_at(address) != known, seconds
                )
            finally:
                self._open -= Counter((address,))
            return None if self._is_closed else self.state.version_at(address)

    def close(self) -> None:
        """Let everyone go who waits."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()

    # --- For the watcher ---

    def singles(self) -> Sequence[Path]:
        """List the files that concern everybody and stand in no folder of theirs."""
        agency = self.state.workspace and self.state.workspace.agency.settings
        pictures = (agency.logo, agency.icon) if agency else ()
        return [self.settings, *(self.root / name for name in pictures if name)]

    def refresh(self, paths: Collection[Path] | None = None, *, processes: int = 1) -> Round:
        """Build whom a change of these paths concerns, or everybody; never raises."""
        if paths is not None and not paths and not self._is_another_day():
            return Round()
        try:
            return self._refresh(paths, processes)
        except InvalidInput as error:
            return self._stop(error.problems)
        except Overtaken:
            return self.refresh(processes=processes)
        except (OSError, UnsafeTarget) as error:
            if not self.settings.is_file():
                return self._stop(
                    [self._problem("missing-file", "this file is gone", "put it back")]
                )
            message = f"the preview could not be written: {without_links(str(error))}"
            hint = f"make room or mend the permissions of {FOLDER}/, then save any file"
            return self._stop([self._problem("unwritable", message, hint)])
        except Exception:  # noqa: BLE001 - a bug of ours is shown, and the preview lives on
            return self._stop((), traceback.format_exc())

    def _problem(self, rule: str, message: str, hint: str) -> Problem:
        return Problem(path=self.settings.name, rule=rule, message=message, hint=hint)

    def _is_another_day(self) -> bool:
        known = self.state.workspace
        return known is not None and self._today(known) != self.state.today

    def _today(self, workspace: Workspace) -> datetime.date:
        return self._day(workspace.agency.settings.timezone)

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _show(self, state: State) -> None:
        with self._news:
            self.state = state
            self._news.notify_all()

    def _stop(self, problems: Sequence[Problem], bug: str = "") -> Round:
        self._is_whole = True
        shown = tuple(told(problem, self.root) for problem in problems)
        trouble = Trouble(problems=shown, bug=bug)
        self._show(replace(self.state, version=self._next(), trouble=trouble))
        return Round(problems=tuple(problems), bug=bug, is_stopped=True)

    def _refresh(self, paths: Collection[Path] | None, processes: int) -> Round:
        write_whole(self.root / CACHE / ".gitignore", b"*\n")
        before = self.state
        workspace = open_workspace(self.settings)
        today = self._today(workspace)
        named = self._named(paths) if paths is not None else None
        if self._is_whole or named is None or today != before.today:
            forget_theme()
            chosen, manifest = {*workspace.clients, *workspace.prospects}, self._manifest
        else:
            chosen = (named | _touched(before.workspace, workspace)) & set(workspace.clients)
            manifest = None  # reading what is remembered takes as long as building one
        self._is_whole = True  # until this round is through
        warnings = tuple(told(problem, self.root) for problem in workspace.warnings)
        clients = {name: seen for name, seen in before.clients.items() if name in workspace.clients}
        state = replace(
            before, today=today, workspace=workspace, clients=clients, warnings=warnings
        )
        built: list[str] = []
        problems = list(workspace.warnings) if manifest else []
        bugs: list[str] = []
        words = self._passphrases(workspace)
        options = ReadOptions(today=today, drafts=self.drafts, passphrases=words)
        steps = build(
            workspace,
            self._by_interest(chosen),
            self.site,
            options,
            processes=processes,
            manifest_file=manifest,
            pictures=self.root / FOLDER / "pictures",
        )
        for result in steps:
            if result.client in workspace.offerings:  # what is wrong with it is a warning already
                problems += result.problems
                bugs += [result.bug] if result.bug else []
                continue
            seen, found = self._look(workspace, result, options)
            built.append(seen.id)
            problems += found
            bugs += [result.bug] if result.bug else []
            state = replace(state, clients={**state.clients, seen.id: seen}, trouble=None)
            self._show(state)
        self._show(replace(state, version=self._next(), trouble=None))
        self._is_whole = False
        return Round(
            clients=tuple(built),
            problems=tuple(problems),
            bug="\n".join(bugs),
        )

    def _named(self, paths: Iterable[Path]) -> set[str] | None:
        """Name the clients whose files these are; None for what concerns everybody."""
        names: set[str] = set()
        for path in paths:
            parts = path.relative_to(self.root).parts if path.is_relative_to(self.root) else ()
            if parts[:1] != ("projects",) or parts[1:2] == (OFFERINGS,):
                return None
            names.update(parts[1:2])
        return names

    def _by_interest(self, chosen: Collection[str]) -> list[str]:
        """Put those first whose pages are open in a browser."""
        with self._news:
            addresses = list(self._open)
        looked_at = {seen.id for address in addresses for seen in self.state.clients_at(address)}
        return sorted(chosen, key=lambda client: (client not in looked_at, client))

    def _look(
        self, workspace: Workspace, result: Result, options: ReadOptions
    ) -> tuple[Seen, tuple[Problem, ...]]:
        """Gather what the start page says of a client that was just built, and its problems."""
        client = result.client
        before = self.state.clients.get(client)
        if before and not before.is_stopped and result.fate is Fate.UNCHANGED:
            return before, result.problems
        tokens = tokens_in(workspace.settings.get(client, ""))
        seen = replace(
            before or Seen(id=client, name=client, version=0),
            version=self._next(),
            problems=tuple(told(problem, self.root) for problem in result.problems),
            bug=result.bug,
        )
        found = None if result.bug else read(workspace, client, options)
        written = found.written if found else None
        name = written.name if written else seen.name
        if found is None or written is None or seen.is_stopped:
            # Whoever has the page open sees what is wrong, even where its link cannot be read now.
            links = written.links if written else seen.links
            seen = replace(seen, name=name, links=links, tokens=tokens | seen.tokens)
            return seen, result.problems
        projects = found.client.projects if found.client else ()
        hidden = sum(step.is_hidden for project in projects for step in project.milestones)
        problems = result.problems
        if hidden:
            problems += _without_hidden(workspace, client, options, problems)
        is_closed = written.ends is not None and written.ends <= options.today
        seen = replace(
            seen,
            name=name,
            links=written.links,
            tokens=frozenset(link.token for link in written.links.values()),
            progress={} if is_closed else _progress(workspace, found, options),
            hidden=0 if is_closed else hidden,
            problems=tuple(told(problem, self.root) for problem in problems),
            is_closed=is_closed,
        )
        return seen, problems


def _progress(
    workspace: Workspace, found: ClientReading, options: ReadOptions
) -> Mapping[str, Any]:
    """Say of a client what progress.json does: where its pages are sealed, nobody can read it."""
    if not found.client:
        return {}
    language = load_language(found.client.language, workspace.root)
    return progress(found.client, language, found.roadmaps, options.today)


def _without_hidden(
    workspace: Workspace, client: str, options: ReadOptions, known: Collection[Problem]
) -> tuple[Problem, ...]:
    """Find what is wrong with the page that clients will see: hidden steps may hide it."""
    published = read(workspace, client, replace(options, drafts=False)).problems
    return tuple(
        replace(
            problem,
            message=f"without the hidden steps: {problem.message}",
            severity=Severity.WARNING,
        )
        for problem in published
        if problem.is_error and problem not in known
    )


def _touched(before: Workspace | None, now: Workspace) -> set[str]:
    """Name the clients that a change of another one's client.yml concerns, and the new ones."""
    old = before.shared if before else {}
    known = before.clients if before else ()
    shared = {
        client
        for token in {*old, *now.shared}
        if old.get(token) != now.shared.get(token)
        for client in (*old.get(token, ()), *now.shared.get(token, ()))
    }
    called = before.namesakes if before else {}
    named = {
        client
        for client in {*called, *now.namesakes}
        if called.get(client) != now.namesakes.get(client)
    }
    return shared | named | (set(now.clients) - set(known))
