"""How a client's pages are protected, in client.yml: text in, text out.

The line `protection:` changes, and each link gets the key that it needs; comments, order and quotes
stay. Neither a link nor a key stands in the words of an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.edits.links import without_secrets
from site_builder.errors import NotWritten
from site_builder.model.links import Protection

if TYPE_CHECKING:
    from collections.abc import Callable

    from site_builder.edits.links import LinkFile

_BEFORE_PROTECTION = ("links", "language", "name")
"""The keys behind which the line stands, the nearest first."""


def protect_links(
    file: LinkFile, protection: Protection, draw: Callable[[], str]
) -> tuple[str, int]:
    """Write how pages are protected; `draw` makes a key for each link that needs one.

    The second part is how many links got a key: their addresses are new. A key that is there stays,
    also in links that need it no longer: whoever has the address can go on using it.

    Raises:
        NotWritten: if it stands there already, or the file is an offering's.
    """
    if file.is_offering:
        raise NotWritten(f"{file.owner} is an offering, and its page is never sealed")
    keys = file.keys()
    bare = {label: str(keys.part(("links", label))) for label in file.labels}
    bare = {label: link for label, link in bare.items() if "#" not in link}
    if protection is Protection.LINK:
        bare.clear()
    if not bare and keys.part(()).get("protection", Protection.LINK) == protection:
        raise NotWritten(f"{file.owner} is protected by '{protection}' already")
    with without_secrets(file):
        for label, link in bare.items():
            keys.set(("links",), label, f"{link}#{draw()}")
        keys.set((), "protection", str(protection), after=_BEFORE_PROTECTION)
    return keys.lines.typed, len(bare)
