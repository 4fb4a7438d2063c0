"""What the audit looks for, and what one folder may hold: values, made once a run by the pipeline.

They hold secrets (links, keys, texts that are not published). Nothing of them is ever shown: a
finding says whose it is, and where it stands.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NOBODY = ""
"""The owner of what stands outside of the clients' folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A client, or an offering with a page: what nobody else's folder may hold of it."""

    id: str
    """The client's folder below projects/; of an offering its way, `_offerings/website`."""
    name: str = ""
    """The client's name; empty for offerings, which are no secret."""
    tokens: Collection[str] = ()
    keys: Collection[str] = ()
    """Keys of sealed pages."""
    words: str = field(default="", repr=False)
    """The passphrase, where it is known; no part of the digest, which would help to guess it."""
    domains: Collection[str] = ()
    """Domains of e-mail addresses that stand in this client's files, and in no one else's."""
    files: Collection[str] = ()
    """Names of files that this client has, and no one else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A text of a client that is not published."""

    text: str
    is_internal: bool
    """Whether it stands under `internal`; else it belongs to a step that is not published yet."""
    step: str
    """The step's file, from the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The owner of a folder: what is its own, and may stand there."""

    id: str = NOBODY
    tokens: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    """Its name, its titles, the names of its contacts, and `mentions`."""
    addresses: frozenset[str] = frozenset()
    """E-mail addresses of its contacts."""
    hidden: tuple[Hidden, ...] = ()
    language: str = "en"
    is_known: bool = False
    """Whether its folder was looked through before: then only others' names are looked for."""
    plain: str = ""
    """What its YAML files say: texts that are no Markdown, though they may look like it."""
    published: str = ""
    """All that its files say and pages may show: no such sentence is a secret."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What must not be found, and what may stand in every folder."""

    parties: tuple[Party, ...] = ()
    forbidden: tuple[str, ...] = ()
    """Words that must never be published."""
    authors: frozenset[str] = frozenset()
    """E-mail addresses of those who wrote in git."""
    paths: tuple[str, ...] = ()
    """Folders of the machine that builds: the home folder, the workspace, for temporary files."""
    phrases: frozenset[str] = frozenset()
    """The agency's own names."""
    addresses: frozenset[str] = frozenset()
    """The agency's own e-mail addresses that pages show."""
    ordinary: frozenset[str] = frozenset()
    """Words of clients' names that this workspace's texts use as words, in small letters."""
    kinds: frozenset[str] = frozenset()
    """Endings of files that a site may hold, without the dot."""
    scripts: Mapping[str, str] = field(default_factory=dict)
    """The scripts that pages may run: a file's name, and the SHA-256 digest of what is in it."""

    @cached_property
    def digest(self) -> str:
        """Tell whether two runs look for the same."""
        parts = (
            *(
                f"{party.id}\n{party.name}\n"
                f"{[sorted(some) for some in (party.tokens, party.keys, party.domains, party.files)]}"
                for party in self.parties
            ),
            repr((self.forbidden, sorted(self.authors), self.paths, sorted(self.scripts.items()))),
            repr(
                [sorted(some) for some in (self.phrases, self.addresses, self.ordinary, self.kinds)]
            ),
        )
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def __eq__(self, other: object) -> bool:
        """Compare by digest: there may be thousands of clients; words are in none."""
        return (
            isinstance(other, Sought) and self.digest == other.digest and self.words == other.words
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """The passphrases that are known here; never kept."""
        return frozenset(party.words for party in self.parties) - {""}

    def __hash__(self) -> int:
        """Find what was made for the same values before."""
        return hash(self.digest)
