"""A site through the host's own program, which sends what the host lacks and shows all at once.

These programs do not say what a host shows, so what was sent last is remembered on this machine.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder import programs
from site_builder.errors import NotPublished, without_links
from site_builder.publish import exchange, folder
from site_builder.publish.plan import Plan, is_client, plan, still_wanted, unit_of
from site_builder.publish.site import CLIENTS

if TYPE_CHECKING:
    from site_builder.publish.plan import Files, Rules

MESSAGE = "Publish the progress pages"
"""Of a deployment; else the programs take the newest commit's words, which may name a client."""
PATIENCE = 3600
"""Seconds that a host may take."""
LAST_WORDS = 400
"""So many characters of what a program says at its end are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host, and how its own program is called there."""

    program: str
    words: tuple[str, ...]
    """What stands behind the program's name; `{}` is the folder."""
    install: str
    root: Path
    """The workspace: the program may have its settings there, and itself in node_modules/."""
    memory_file: Path
    """What was sent last."""


def netlify(root: Path, memory_file: Path, site: str) -> Host:
    """Call netlify-cli, 21 or newer; without a site's id it takes the one that it is linked to."""
    words = ("deploy", "--prod", "--no-build", "--dir", "{}", "--message", MESSAGE)
    return Host(
        program="netlify",
        words=(*words, "--site", site) if site else words,
        install="npm install --global netlify-cli",
        root=root,
        memory_file=memory_file,
    )


def cloudflare(root: Path, memory_file: Path, project: str, branch: str) -> Host:
    """Call wrangler; the branch is the project's production branch, or it makes a preview only."""
    return Host(
        program="wrangler",
        words=(
            "pages", "deploy", "{}", "--project-name", project, "--branch", branch,
            "--commit-message", MESSAGE, "--commit-dirty=true",
        ),
        install="npm install --global wrangler",
        root=root,
        memory_file=memory_file,
    )  # fmt: skip


def _remembered(memory_file: Path) -> Files | None:
    """Read what was sent last; damage is no memory."""
    try:
        found: Any = json.loads(memory_file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    is_whole = isinstance(found, dict) and all(isinstance(each, str) for each in found.values())
    return found if is_whole else None


def _refuse_harm(site: Files, before: Files | None, rules: Rules) -> None:
    """Refuse what the guard of a plan cannot: a host shows what is sent now, and nothing else.

    Raises:
        NotPublished: if pages would go that nobody knows, or a client of the workspace has none.
    """
    if before is None and not rules.allow_remove:
        # Nobody knows what is there. It may be every page that has a link.
        owners = {token: who for token, who in rules.owners.items() if is_client(who)}
        assumed = {f"{CLIENTS}/{token}/index.html": "" for token in owners}
        plan(site, assumed, replace(rules, unread=()))
    gone = {unit_of(way) for way in before or {}} - {unit_of(way) for way in site}
    if rules.unread and (before is None or any(each.startswith(f"{CLIENTS}/") for each in gone)):
        raise NotPublished(
            f"pages would go, and nobody knows whose they are: first mend {', '.join(rules.unread)},"
            " which cannot be read"
        )


def publish(site: Path, host: Host, rules: Rules, *, is_trial: bool) -> Plan:
    """Let a host show the site; a trial sends nothing.

    Raises:
        NotPublished: if it would take away what people still read, the program is not there, or it
            says no: then the host shows what it showed before.
    """
    program = programs.find(host.program, host.root / "node_modules" / ".bin")
    if program is None:
        raise NotPublished(
            f"the program {host.program} is not here: {host.install}. Or publish into a branch that the"
            " host follows: site-builder publish branch"
        )
    wanted = still_wanted(folder.read(site), rules)
    before = _remembered(host.memory_file)
    _refuse_harm(wanted, before, rules)
    planned = plan(wanted, before or {}, rules)
    if planned.remove:
        warning = (
            "earlier deployments stay open at addresses of their own, with the pages that were taken away:"
            " delete them at the host"
        )
        planned = replace(planned, warnings=(warning,))
    if is_trial or not planned.is_any:
        return planned
    with tempfile.TemporaryDirectory() as place:
        for way in wanted:
            Path(place, way).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(site / way, Path(place, way))
        words = (place if word == "{}" else word for word in host.words)
        said = programs.run([program, *words], folder=host.root, patience=PATIENCE)
    if not said.is_ok:
        told = without_links(" ".join((said.complaint or said.output).split()))[-LAST_WORDS:]
        raise NotPublished(f"{host.program} could not publish. It says: {told.rstrip('.')}")
    host.memory_file.parent.mkdir(parents=True, exist_ok=True)
    exchange.write_whole(host.memory_file, json.dumps(wanted, indent=0).encode())
    return planned
