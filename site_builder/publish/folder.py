"""A site into another folder: only what changed, each client in one step, deletions last."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from site_builder.errors import raise_it
from site_builder.publish import exchange
from site_builder.publish.plan import Files, Plan, Rules, plan
from site_builder.publish.site import CLIENTS, mend


def read(site: Path) -> Files:
    """Digest every file of a site, but for the marker and what a killed run left behind."""
    found = {}
    for parent, folders, names in os.walk(site, onerror=raise_it):
        folders[:] = [name for name in folders if not _is_left_over(name)]
        for name in names:
            if name != exchange.MARKER and not _is_left_over(name):
                path = Path(parent, name)
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                found[path.relative_to(site).as_posix()] = digest
    return found


def _is_left_over(name: str) -> bool:
    return name.startswith((exchange.STAGED, exchange.ASIDE))


def publish(site: Path, target: Path, rules: Rules, *, is_trial: bool) -> Plan:
    """Make a folder like the site; a trial writes nothing.

    Raises:
        NotPublished: if it would take away what people still read.
        UnsafeTarget: if the folder is not ours.
    """
    exchange.refuse_foreign(target)
    if is_trial:
        return plan(read(site), read(target) if target.is_dir() else {}, rules)
    exchange.claim(target)
    with exchange.locked(target):
        mend(target)
        planned = plan(read(site), read(target), rules)
        for unit in planned.write:
            _write(site / unit, target / unit)
        if planned.remove and (target / CLIENTS).is_dir():
            exchange.settle_names(target / CLIENTS)
        for unit in planned.remove:
            exchange.remove(target / unit)
    return planned


def _write(source: Path, target: Path) -> None:
    if source.is_dir():
        with exchange.exchanged(target) as stage:
            shutil.copytree(source, stage, dirs_exist_ok=True, copy_function=shutil.copyfile)
    else:
        exchange.write_whole(target, source.read_bytes())
