"""What the audit looks for in this workspace, and whose each folder of a site is.

Made once a run. `build` looks through each new folder before it takes its place; the command
`audit` looks through any folder.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from site_builder import git
from site_builder.audit import NOBODY, Hidden, Own, Party, Sought, inspector, words_of
from site_builder.errors import InvalidInput, Problem, sorted_problems
from site_builder.parse.clients import parse_client_file, tokens_in
from site_builder.parse.kinds import KINDS
from site_builder.parse.secrecy import Secrecy, keys_in, name_in, sort_texts
from site_builder.publish.exchange import ASIDE, MARKER, STAGED
from site_builder.publish.hosts import KNOWN_FILES
from site_builder.publish.site import CLIENTS
from site_builder.seal.script import NAME, read_script
from site_builder.source.files import read_client

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from site_builder.model.links import Passphrase
    from site_builder.model.written import ClientFile
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
MIN_FILE_NAME = 10
"""Shorter names of files, such as logo.png, are anybody's."""
_EMAIL = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_COMMENT = re.compile(r"(^|\s)#.*", re.MULTILINE)
_ENDS = ".,:;!?"
_TEXT_ENDINGS = (".yml", ".md")


def _domain(address: str) -> str:
    """Return the domain of an e-mail address or a link."""
    if "@" in address and "://" not in address:
        return address.rpartition("@")[2].casefold()
    return (urlsplit(address).hostname or "").removeprefix("www.")


class _Files:
    """What the files of all clients say about them, read once."""

    def __init__(self, root: Path, names: Mapping[str, str]) -> None:
        """Read the files of clients; `names` are theirs, by id."""
        self.domains: dict[str, set[str]] = {}
        self.names: dict[str, set[str]] = {}
        self._uses = Counter[str]()
        words = {word.casefold() for name in names.values() for word in words_of(name)}
        self._words = {word + end: word for word in words for end in ("", *_ENDS)}
        for client in names:
            self._read(root, client)

    def _read(self, root: Path, client: str) -> None:
        self.domains[client], self.names[client] = set(), set()
        used: set[str] = set()
        for parent, folders, names in os.walk(root / "projects" / client):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.endswith(_TEXT_ENDINGS):
                    if _is_telling(name):
                        self.names[client].add(name)
                    continue
                try:
                    text = Path(parent, name).read_text("utf-8", errors="replace")
                except OSError:
                    continue
                used |= self._words.keys() & set(text.split())
                if "@" in text:
                    # An example in a comment, as `new` writes it, is nobody's address.
                    found = _EMAIL.findall(
                        _COMMENT.sub("", text) if name.endswith(".yml") else text
                    )
                    self.domains[client].update(domain.casefold() for domain in found)
        self._uses.update({self._words[word] for word in used})

    @property
    def ordinary(self) -> frozenset[str]:
        """The words of names that several clients' texts use as words, in small letters."""
        return frozenset(word for word, uses in self._uses.items() if uses > 1)


def _of_one(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Keep of each client what no other has, too."""
    owners = Counter(itertools.chain.from_iterable(found.values()))
    return {
        client: frozenset(each for each in own if owners[each] == 1)
        for client, own in found.items()
    }


def _is_telling(name: str) -> bool:
    """Tell a file's name that points to one client from one that anybody may have."""
    stem = name.rpartition(".")[0]
    return len(name) >= MIN_FILE_NAME and len(re.findall(r"[^\W_]+", stem)) > 1


def _authors(root: Path) -> frozenset[str]:
    """Ask git for the addresses of all who wrote here; nothing where there is no git."""
    said = git.ask(root, "log", "--format=%ae%n%ce").output
    return frozenset(address for address in said.casefold().split("\n") if "@" in address)


def look_out(
    workspace: Workspace,
    machine: Iterable[str] = (),
    passphrases: Mapping[str, Passphrase] | None = None,
) -> Sought:
    """Say what must not be found in this workspace's site.

    `machine` are folders of this computer; `passphrases` are those that are known here, by client.
    """
    settings = workspace.agency.settings
    names = {client: name_in(workspace.settings.get(client, "")) for client in workspace.clients}
    files = _Files(workspace.root, names)
    own = {
        _domain(each) for each in (settings.contact.email, settings.url, settings.base_url) if each
    }
    own_domains, own_files = _of_one(files.domains), _of_one(files.names)
    parties = []
    for client, text in sorted(workspace.settings.items()):
        if client in workspace.offerings:
            parties.append(Party(id=client, tokens=tokens_in(text)))
            continue
        parties.append(
            Party(
                id=client,
                name=names[client] or client,
                tokens=tokens_in(text),
                keys=keys_in(text),
                words=passphrases[client].words if passphrases and client in passphrases else "",
                domains=own_domains.get(client, frozenset()) - own - FREE_MAIL,
                files=own_files.get(client, frozenset()),
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
        ordinary=files.ordinary,
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
