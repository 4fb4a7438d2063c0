"""What publishing changes, decided before anything is written: the same for all targets.

A site comes in units: a client's folder, a folder of shared assets, and each file around them. A
unit is published whole. Tokens are names of folders only: words are about clients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import NotPublished
from site_builder.model.fields import OFFERINGS
from site_builder.publish.site import ASSETS, CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Files = dict[str, str]
"""A way from the site's root, and a digest of what is there."""

MANY = 10
"""Of so many pages one may go without being asked for."""
NO_LINK = "that no link leads to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the workspace says about pages, and what the user allows."""

    owners: Mapping[str, str]
    """Which client or offering a token belongs to."""
    unread: Sequence[str] = ()
    """Files with links that cannot be read: nobody knows whose an unknown page is."""
    allow_remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, in this order, and what it means for each client."""

    write: tuple[str, ...]
    """Units: assets, then clients' folders, then the files around them."""
    remove: tuple[str, ...]
    """Units: clients' folders, then assets."""
    words: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    """What is not as private at the target as it should be."""

    @property
    def is_any(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.write or self.remove)


def unit_of(way: str) -> str:
    """Tell the unit that a file belongs to; a file around is one of its own."""
    parts = way.split("/")
    is_inside = len(parts) > 2 and parts[0] in {ASSETS, CLIENTS}  # noqa: PLR2004 - assets/<hash>/…
    return "/".join(parts[:2]) if is_inside else way


def _units(files: Mapping[str, str]) -> dict[str, Files]:
    units: dict[str, Files] = {}
    for way, digest in files.items():
        units.setdefault(unit_of(way), {})[way] = digest
    return units


def _token(unit: str, files: Mapping[str, str]) -> str:
    """Return the token of a client's folder, of other units nothing."""
    return unit.partition("/")[2] if unit.startswith(f"{CLIENTS}/") and unit not in files else ""


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _told(was: Files, new: Files) -> str:
    """Say what becomes of some files: `3 files changed, 1 new`."""
    changed = sum(way in was and was[way] != digest for way, digest in new.items())
    added, gone = len(new.keys() - was.keys()), len(was.keys() - new.keys())
    parts = [f"{_counted(changed, 'file')} changed"] if changed else []
    if added:
        parts.append(f"{added} new" if changed else _counted(added, "new file"))
    if gone:
        parts.append(f"{gone} removed" if parts else f"{_counted(gone, 'file')} removed")
    return ", ".join(parts)


def is_client(owner: str) -> bool:
    """Tell a client from an offering, and from the files that belong to nobody."""
    return bool(owner) and not owner.startswith(f"{OFFERINGS}/")


def _pages(number: int) -> str:
    return f"{_counted(number, 'page')} {NO_LINK}"


def _refuse_harm(gone: Sequence[str], there: int, rules: Rules) -> None:
    """Refuse to take away what people still read.

    Raises:
        NotPublished: if a client of the workspace would lose a page, or more than a tenth go.
    """
    reasons = []
    lost = sorted({rules.owners[token] for token in gone if token in rules.owners})
    if lost:
        are = "is" if len(lost) == 1 else "are"
        reasons.append(
            f"{', '.join(lost)} {are} still in the workspace, but the site has no page at a link"
            " that is published: build all clients first"
        )
    if len(gone) > math.ceil(there / MANY):
        unknown = sum(token not in rules.owners for token in gone)
        named = [*lost, *([_pages(unknown)] if unknown else [])]
        reasons.append(
            f"{len(gone)} of {there} published pages would go ({', '.join(named)}): more than a tenth"
        )
    if reasons:
        raise NotPublished(f"{'; '.join(reasons)}. If this is meant, publish with --allow-remove")


def _removed(gone: Iterable[str], rules: Rules) -> Iterator[str]:
    """Say whose pages go, or would go if every client.yml could be read."""
    gone = list(gone)
    named = sorted({rules.owners[token] for token in gone if token in rules.owners})
    unknown = sum(token not in rules.owners for token in gone)
    whose = [f"the page of {client}" for client in named] + ([_pages(unknown)] if unknown else [])
    if whose and rules.unread:
        files = ", ".join(rules.unread)
        yield f"not removed: {', '.join(whose)}; first mend {files}, which cannot be read"
    elif whose:
        yield f"removed: {', '.join(whose)}"


def still_wanted(site: Files, rules: Rules) -> Files:
    """Leave out the pages of links that were revoked since the last build."""

    def is_wanted(way: str) -> bool:
        token = unit_of(way).partition("/")[2]
        is_page = way.startswith(f"{CLIENTS}/") and unit_of(way) != way
        return not is_page or token in rules.owners or bool(rules.unread)

    return {way: digest for way, digest in site.items() if is_wanted(way)}


def plan(site: Files, target: Files, rules: Rules) -> Plan:
    """Compare a site with what is published, and decide what to do.

    Raises:
        NotPublished: if it would take away what people still read.
    """
    wanted = _units(still_wanted(site, rules))
    there = _units(target)
    tokens = {unit: token for unit, files in there.items() if (token := _token(unit, files))}
    old = [
        unit for unit, files in there.items() if unit.startswith(f"{ASSETS}/") and unit not in files
    ]
    gone = {unit: token for unit, token in tokens.items() if unit not in wanted}
    if not rules.unread and not rules.allow_remove:
        _refuse_harm(list(gone.values()), len(tokens), rules)
    remove = [] if rules.unread else [*gone, *(unit for unit in old if unit not in wanted)]

    write = sorted(
        (unit for unit, files in wanted.items() if files != there.get(unit)),
        key=lambda unit: (unit in wanted[unit], not unit.startswith(f"{ASSETS}/"), unit),
    )
    was: dict[str, Files] = {}
    new: dict[str, Files] = {}
    for unit, files in wanted.items():
        token = _token(unit, files)
        whose = rules.owners.get(token, "a page whose client.yml cannot be read") if token else ""
        was.setdefault(whose, {}).update(there.get(unit, {}))
        new.setdefault(whose, {}).update(files)
    for unit in set(remove) - set(tokens):
        was.setdefault("", {}).update(there[unit])
    told = {whose: _told(was.get(whose, {}), files) for whose, files in sorted(new.items())}
    words = [f"{whose}: {changes}" for whose, changes in told.items() if whose and changes]
    if changes := told.get(""):
        words.append(f"shared files: {changes}")
    of_clients = {whose: changes for whose, changes in told.items() if is_client(whose)}
    if same := sum(not changes for changes in of_clients.values()):
        words.append(f"{_counted(same, 'client')} unchanged")
    words += _removed(gone.values(), rules)
    return Plan(write=tuple(write), remove=tuple(remove), words=tuple(words))
