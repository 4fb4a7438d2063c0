"""What the audit looks for in this workspace, and whose each folder of a site is.

Made once a run. `build` looks through each new folder before it takes its place; the command
`audit` looks through any folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from site_builder import git
from site_builder.audit import NOBODY, Hidden, Own, Party, Sought, inspector
from site_builder.errors import InvalidInput, Problem, sorted_problems
from site_builder.parse.clients import parse_client_file, tokens_in
from site_builder.parse.kinds import KINDS
from site_builder.parse.secrecy import Secrecy, keys_in, name_in, sort_texts
from site_builder.publish.exchange import ASIDE, MARKER, STAGED
from site_builder.publish.hosts import KNOWN_FILES
from site_builder.publish.site import CLIENTS
from site_builder.said import gather_said, of_one, ordinary_words
from site_builder.seal.script import NAME, read_script
from site_builder.source.files import read_client

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from site_builder.model.links import Passphrase
    from site_builder.model.written import ClientFile
    from site_builder.said import Said
    from site_builder.workspace import Workspace

PLACE = f"{CLIENTS}/\u2026"
"""How findings call a client's folder: the link is not told."""
OUR_KINDS = KNOWN_FILES | {"html", "css", "js", "json", "ics", "xml", "woff2", "ico", MARKER}
"""Endings and names of the files that we write ourselves."""
FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.de ymail.com icloud.com"
    " me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de posteo.de mailbox.org proton.me"
    " protonmail.com tutanota.com tuta.io fastmail.com zoho.com yandex.com mail.com orange.fr free.fr laposte.net wanadoo.fr"
    " sfr.fr libero.it virgilio.it tiscali.it alice.it wp.pl o2.pl onet.pl interia.pl ziggo.nl kpnmail.nl xs4all.nl planet.nl"
    " telefonica.net terra.es sapo.pt btinternet.com sky.com talktalk.net virginmedia.com comcast.net verizon.net"
    " walla.co.il walla.com".split()
)
"""Domains that belong to no client."""


def _domain(address: str) -> str:
    """Return the domain of an e-mail address or a link."""
    if "@" in address and "://" not in address:
        return address.rpartition("@")[2].casefold()
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _authors(root: Path) -> frozenset[str]:
    """Ask git for the addresses of all who wrote here; nothing where there is no git."""
    said = git.ask(root, "log", "--format=%ae%n%ce").output
    return frozenset(address for address in said.casefold().split("\n") if "@" in address)


def names_of(workspace: Workspace) -> dict[str, str]:
    """Return the clients' names, by id."""
    return {client: name_in(workspace.settings.get(client, "")) for client in workspace.clients}


def look_out(
    workspace: Workspace,
    machine: Iterable[str] = (),
    passphrases: Mapping[str, Passphrase] | None = None,
    said: Mapping[str, Said] | None = None,
) -> Sought:
    """Say what must not be found in this workspace's site.

    `machine` are folders of this computer; `passphrases` are those that are known here, by client;
    `said` is what the clients' files say, where that is known.
    """
    settings = workspace.agency.settings
    names = names_of(workspace)
    said = gather_said(workspace.root, names) if said is None else said
    own = {
        _domain(each) for each in (settings.contact.email, settings.url, settings.base_url) if each
    }
    own_domains = of_one(said, lambda each: each.domains)
    own_files = of_one(said, lambda each: each.files)
    parties = []
    for client, text in sorted(workspace.settings.items()):
        if client in workspace.offerings:
            parties.append(Party(id=client, tokens=tuple(tokens_in(text))))
            continue
        parties.append(
            Party(
                id=client,
                name=names[client] or client,
                tokens=tuple(tokens_in(text)),
                keys=tuple(keys_in(text)),
                words=passphrases[client].words if passphrases and client in passphrases else "",
                domains=tuple(own_domains.get(client, frozenset()) - own - FREE_MAIL),
                files=tuple(own_files.get(client, frozenset())),
            )
        )
    shown = frozenset({settings.contact.email.casefold()})
    return Sought(
        parties=tuple(parties),
        forbidden=settings.forbidden,
        authors=_authors(workspace.root) - shown,
        paths=(str(workspace.root), *sorted(machine)),
        phrases=frozenset({settings.name, settings.contact.name, *own} - {""}),
        addresses=shown,
        ordinary=ordinary_words(said),
        kinds=OUR_KINDS | frozenset(KINDS),
        scripts={NAME: hashlib.sha256(read_script().content).hexdigest()},
    )


def nobodys(workspace: Workspace) -> Own:
    """Say what may stand outside of the clients' folders: the agency's words, and no client's."""
    settings = workspace.agency.settings
    own = "\n".join((settings.name, settings.contact.name, settings.contact.role or ""))
    return Own(id=NOBODY, plain=own, published=own)


# --- Whose a folder is ---------------------------------------------------------------------------


def own_of(
    workspace: Workspace,
    client: str,
    written: ClientFile | None,
    secrecy: Secrecy,
    *,
    drafts: bool = False,
) -> Own:
    """Say what is a client's own, and what of it stays with the team.

    With `drafts` steps that are not published yet may be seen.
    """
    text = workspace.settings.get(client, "")
    hidden = [Hidden(text=note, is_internal=True, step=path) for path, note in secrecy.internal]
    shown = [*secrecy.values, *secrecy.bodies]
    if drafts:
        shown += (draft for _, draft in secrecy.drafts)
    else:
        hidden += (Hidden(text=said, is_internal=False, step=path) for path, said in secrecy.drafts)
    language = (written and written.language) or workspace.agency.settings.language
    return Own(
        id=client,
        tokens=tokens_in(text),
        phrases=frozenset(
            {
                name_in(text),
                *secrecy.people,
                *secrecy.titles,
                *(written.mentions if written else ()),
            }
            - {""}
        ),
        addresses=frozenset(secrecy.addresses),
        hidden=tuple(hidden),
        language=language.partition("-")[0],
        plain="\n".join(secrecy.values),
        published="\n".join(shown),
    )


def _texts(written: object) -> Iterator[str]:
    """List all texts that stand in something written, at any depth."""
    if isinstance(written, str):
        yield written
    elif isinstance(written, Mapping):
        for value in written.values():
            yield from _texts(value)
    elif isinstance(written, list | tuple):
        for value in written:
            yield from _texts(value)


def own_of_offering(workspace: Workspace, way: str) -> Own:
    """Say what is an offering's own: its links, and what its file and the agency say."""
    offering = workspace.offering_at(way)
    said = "\n".join(
        (nobodys(workspace).plain, *(_texts(offering.model_dump()) if offering else ()))
    )
    return Own(
        id=way,
        plain=said,
        published=said,
        tokens=tokens_in(workspace.settings.get(way, "")),
        language=workspace.agency.settings.language.partition("-")[0],
    )


def own_of_owner(workspace: Workspace, owner: str, today: datetime.date) -> Own:
    """Read a client's files for what is its own; what is wrong with them is another matter."""
    if owner in workspace.offerings:
        return own_of_offering(workspace, owner)
    source = read_client(workspace.root, owner)
    written = parse_client_file(source, workspace.shared, workspace.root)
    return own_of(workspace, owner, written, sort_texts(source, today))


# --- Looking -------------------------------------------------------------------------------------


def refuse_leaks(sought: Sought, folder: Path, own: Own) -> tuple[Problem, ...]:
    """Look through a folder before it takes its place; return what is only worth knowing.

    Raises:
        InvalidInput: if there is a leak.
    """
    found = inspector(sought).inspect(folder, own, PLACE if own.id else "")
    if any(problem.is_error for problem in found):
        raise InvalidInput(found)
    return found


def look_again(
    workspace: Workspace,
    client: str,
    today: datetime.date,
    sought: Sought,
    folders: Iterable[Path],
) -> None:
    """Look through folders that stand as they were for what came to be looked for since.

    Raises:
        InvalidInput: if there is a leak.
    """
    own = replace(own_of_owner(workspace, client, today), is_known=True)
    for folder in folders:
        refuse_leaks(sought, folder, own)


def refuse_leaking_files(sought: Sought, files: Mapping[str, bytes], folder: str, own: Own) -> None:
    """Look through files before they are written: those that all clients share, or one owner's.

    Raises:
        InvalidInput: if there is a leak.
    """
    look = inspector(sought)
    found = [
        problem
        for name, content in files.items()
        for problem in look.inspect_file(name, content, own, folder.rstrip("/"))
    ]
    if any(problem.is_error for problem in found):
        raise InvalidInput(found)


def _owner_of(workspace: Workspace, folder: Path) -> str | None:
    """Find the client or offering whose folder this is: by its name; None if it is nobody's."""
    return next(
        (owner for owner, text in workspace.settings.items() if folder.name in tokens_in(text)),
        None,
    )


def _inside(
    workspace: Workspace, sought: Sought, folder: Path, today: datetime.date
) -> Iterator[Problem]:
    look = inspector(sought)
    left_over = {path.name for path in folder.glob(".*") if path.name.startswith((STAGED, ASIDE))}
    clients = folder / CLIENTS
    if not clients.is_dir():
        owner = _owner_of(workspace, folder)
        own = own_of_owner(workspace, owner, today) if owner else nobodys(workspace)
        yield from look.inspect(folder, own, "c/\u2026" if owner else folder.name)
        return
    tokens = {
        token: owner for owner, text in workspace.settings.items() for token in tokens_in(text)
    }
    folders = sorted(path for path in clients.iterdir() if path.is_dir())
    owners: dict[str, Own] = {}
    left_out = {f"{CLIENTS}/{path.name}" for path in folders} | left_over
    yield from look.inspect(folder, nobodys(workspace), folder.name, left_out=left_out)
    for path in folders:
        if path.name.startswith((STAGED, ASIDE)):
            continue
        owner = tokens.get(path.name, NOBODY)
        if owner and owner not in owners:
            owners[owner] = own_of_owner(workspace, owner, today)
        own = owners.get(owner, nobodys(workspace))
        yield from look.inspect(path, own, f"{folder.name}/{CLIENTS}/\u2026")


def audit_folder(
    workspace: Workspace,
    folder: Path,
    today: datetime.date,
    machine: Iterable[str] = (),
    passphrases: Mapping[str, Passphrase] | None = None,
) -> tuple[Problem, ...]:
    """Look for leaks in a site, in one client's folder of it, or in any other folder."""
    sought = look_out(workspace, machine, passphrases)
    return sorted_problems(_inside(workspace, sought, folder, today))
