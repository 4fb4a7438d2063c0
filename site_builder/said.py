"""What the files of each client say that points to it: the audit looks for it on others' pages.

A client's files are read again only when they changed, or when a name among the clients did.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import cache
from site_builder.audit import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MIN_FILE_NAME = 10
"""Shorter names of files, such as logo.png, are anybody's."""
_EMAIL = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_COMMENT = re.compile(r"(^|\s)#.*", re.MULTILINE)
_ENDS = ".,:;!?"
_TEXT_ENDINGS = (".yml", ".md")


@dataclass(frozen=True, slots=True)
class Said:
    """What the files of one client say."""

    domains: frozenset[str]
    """Domains of the e-mail addresses in them."""
    files: frozenset[str]
    """Names of files that not everybody has."""
    words: frozenset[str]
    """Words of clients' names that they use as words, in small letters."""


def read_said(root: Path, client: str, words: Mapping[str, str]) -> Said:
    """Read the files of one client; `words` are those of all names, by how they may be written."""
    domains, files, used = set[str](), set[str](), set[str]()
    for parent, folders, names in os.walk(root / "projects" / client):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.endswith(_TEXT_ENDINGS):
                if _is_telling(name):
                    files.add(name)
                continue
            try:
                text = Path(parent, name).read_text("utf-8", errors="replace")
            except OSError:
                continue
            used |= words.keys() & set(text.split())
            if "@" in text:
                # An example in a comment, as `new` writes it, is nobody's address.
                found = _EMAIL.findall(_COMMENT.sub("", text) if name.endswith(".yml") else text)
                domains.update(domain.casefold() for domain in found)
    return Said(frozenset(domains), frozenset(files), frozenset(words[word] for word in used))


def gather_said(
    root: Path,
    names: Mapping[str, str],
    keys: Mapping[str, str] | None = None,
    remembered: cache.Manifest | None = None,
) -> dict[str, Said]:
    """Say what the files of all clients say; `names` are theirs, by id.

    What is `remembered` of the same files is not read again: `keys` are digests of them, by client.
    """
    known = {word.casefold() for name in names.values() for word in words_of(name)}
    words = {word + end: word for word in known for end in ("", *_ENDS)}
    version = cache.digest_of(*sorted(known))
    found = {}
    for client in names:
        key = cache.digest_of(keys[client], version) if keys and keys.get(client) else ""
        entry = remembered.entries.get(client) if key and remembered else None
        if entry and entry.key == key:
            found[client] = Said(*map(frozenset, entry.found))
            continue
        said = found[client] = read_said(root, client, words)
        if key and remembered:
            noted = [sorted(each) for each in (said.domains, said.files, said.words)]
            remembered.entries[client] = cache.remember(key, cache.ALWAYS, [], found=noted)
    return found


def ordinary_words(found: Mapping[str, Said]) -> frozenset[str]:
    """Return the words of names that several clients' texts use as words, in small letters."""
    uses = Counter(word for said in found.values() for word in said.words)
    return frozenset(word for word, count in uses.items() if count > 1)


def of_one(
    found: Mapping[str, Said], what: Callable[[Said], Iterable[str]]
) -> dict[str, frozenset[str]]:
    """Keep of each client what no other has, too."""
    owners = Counter(each for said in found.values() for each in what(said))
    return {
        client: frozenset(each for each in what(said) if owners[each] == 1)
        for client, said in found.items()
    }


def _is_telling(name: str) -> bool:
    """Tell a file's name that points to one client from one that anybody may have."""
    stem = name.rpartition(".")[0]
    return len(name) >= MIN_FILE_NAME and len(re.findall(r"[^\W_]+", stem)) > 1
