"""Changes of private links, in client.yml and in the files of offerings: text in, text out.

One line changes; comments, order and quotes stay. No link stands in the words of an error.
"""

from __future__ import annotations

import contextlib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.edits.keys import Keys
from site_builder.errors import NotWritten, suggestion
from site_builder.model.fields import MAX_ID, proper_id
from site_builder.parse.clients import is_sealed_in

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from site_builder.model.links import PrivateLink

_BEFORE_LINKS = ("name", "updates", "needs_first", "outcomes", "promise", "for", "title")
"""The keys behind which links stand, the nearest first."""
_BEFORE_ENDS = ("pdf", "protection", "contact", "links")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFile:
    """A file with private links, as it was typed; it is YAML, whatever else may be wrong."""

    owner: str
    """As people type it: a client, or an offering as `_offerings/website`."""
    path: str
    typed: str
    is_offering: bool

    def keys(self) -> Keys:
        """Read the file, to change it."""
        return Keys(self.typed, self.path)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the links in the order of the file, also of those that are damaged."""
        tree = self.keys().document.tree
        links = tree.get("links") if isinstance(tree, dict) else None
        return tuple(map(str, links)) if isinstance(links, dict) else ()

    @property
    def is_sealed(self) -> bool:
        """Tell whether the pages are sealed, so that each link has a key."""
        return is_sealed_in(self.typed)


@contextlib.contextmanager
def without_secrets(file: LinkFile) -> Iterator[None]:
    """Refuse in words of our own what cannot be changed safely: others may repeat the value."""
    try:
        yield
    except NotWritten:
        raise NotWritten(
            f"the links in {file.path} are written in a way that cannot be changed safely; write each"
            " on a line of its own below links:, and try again"
        ) from None


def _known(file: LinkFile, label: str) -> None:
    if label not in file.labels:
        raise NotWritten(f"{file.owner} has no link '{label}'; {suggestion(label, file.labels)}")


def add_link(file: LinkFile, label: str, link: PrivateLink) -> str:
    """Write a further link.

    Raises:
        NotWritten: if the label stands there already, or cannot be one.
    """
    if label in file.labels:
        raise NotWritten(
            f"{file.owner} has a link '{label}' already; choose another label, or make it a new link with:"
            f" site-builder link rotate {file.owner} {shlex.quote(label)}"
        )
    proper = proper_id(label)
    if label != proper:
        hint = f"write {proper}" if proper else "write for example board"
        raise NotWritten(
            f"'{label}' cannot be a label: it has a to z, digits and single -, at most {MAX_ID}; {hint}"
        )
    keys = file.keys()
    with without_secrets(file):
        if file.labels:
            keys.set(("links",), label, link.written)
        else:
            keys.remove((), "links")
            keys.put_mapping("links", {label: link.written}, after=_BEFORE_LINKS)
    return keys.lines.typed


def rotate_link(file: LinkFile, label: str, link: PrivateLink) -> str:
    """Write a new link in place of one that is there, whatever state it is in.

    Raises:
        NotWritten: if there is no such label.
    """
    _known(file, label)
    keys = file.keys()
    with without_secrets(file):
        keys.set(("links",), label, link.written)
    return keys.lines.typed


def revoke_link(file: LinkFile, label: str) -> str:
    """Take a link away with its line.

    Raises:
        NotWritten: if there is no such label, or it is the last one of a client.
    """
    _known(file, label)
    keys, is_last = file.keys(), len(file.labels) == 1
    if is_last and not file.is_offering:
        raise NotWritten(
            f"'{label}' is the only link of {file.owner}, and a client has at least one. Make it a new"
            f" one with `site-builder link rotate {file.owner} {shlex.quote(label)}`, or close the page with"
            f" `site-builder link end {file.owner} DATE`"
        )
    with without_secrets(file):
        if is_last:
            keys.remove((), "links")
        else:
            keys.remove(("links",), label)
    return keys.lines.typed


def end_links(file: LinkFile, on: datetime.date) -> str:
    """Write the day from which all links of a client show a closed page.

    Raises:
        NotWritten: if it is the day that stands there, or the file is an offering's.
    """
    if file.is_offering:
        raise NotWritten(
            f"{file.owner} is an offering, and its page does not end; revoke its links instead"
        )
    keys = file.keys()
    if keys.part(()).get("ends") == str(on):
        raise NotWritten(f"{file.owner} ends on {on} already")
    keys.set((), "ends", on, after=_BEFORE_ENDS)
    return keys.lines.typed
