"""A client's private link: where its page stands, and what opens it where it is sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from site_builder.model import editors
from site_builder.model.fields import read_line, refuse

TOKEN_PATTERN = editors.TOKEN_PATTERN


class Protection(StrEnum):
    """How a client's pages are protected."""

    LINK = "link"
    """Whoever has the link reads them, and so does the host."""
    SEALED = "sealed"
    """The host has ciphertext; the key stands behind the link's #."""
    PASSPHRASE = "passphrase"  # noqa: S105 - the word, not one
    """The same, and six words that are sent another way."""


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Words that a client was given; they show up in no log, error or debugger by accident."""

    words: str = field(repr=False)

    def __str__(self) -> str:
        """Say nothing."""
        return "(a passphrase)"


@dataclass(frozen=True, slots=True)
class PrivateLink:
    """One private address, as `client.yml` writes it: `token`, or `token#key` for sealed pages."""

    token: str
    """26 characters of lower-case RFC 4648 base32: 130 random bits, the name of a folder."""
    key: str = field(default="", repr=False)
    """52 characters of the same alphabet, 256 random bits that browsers never send; or nothing."""

    @property
    def address(self) -> str:
        """The way from the site's root to the page; with a key it opens a sealed one."""
        return f"c/{self.token}/" + (f"#{self.key}" if self.key else "")

    @property
    def written(self) -> str:
        """The link as it stands in client.yml."""
        return f"{self.token}#{self.key}" if self.key else self.token


def _private_link(value: object) -> PrivateLink:
    if isinstance(value, PrivateLink):
        return value
    text = read_line(value)
    if not re.fullmatch(editors.PRIVATE_LINK_PATTERN, text):
        # The text is not repeated: it may be a link that was damaged by hand.
        refuse(
            "link-token",
            "this is not a private link of ours",
            f"{editors.TOKEN_HINT}; take the line from an earlier version, or make a new link",
        )
    return PrivateLink(*text.split("#"))


def _open_link(value: object) -> PrivateLink:
    link = _private_link(value)
    if link.key:
        refuse(
            "link-token",
            "this link has a key, but the pages of offerings are never sealed",
            "leave out the # and what follows it",
        )
    return link


Private = Annotated[PrivateLink, BeforeValidator(_private_link), editors.PRIVATE_LINK]
"""26 characters of lower-case RFC 4648 base32, 130 random bits; for sealed pages `#` and a key."""
Open = Annotated[PrivateLink, BeforeValidator(_open_link), editors.OPEN_LINK]
"""The same, without a key."""
