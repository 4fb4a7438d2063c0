"""A whole folder of finished pages and files becomes a folder of shells that tell nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.model.page import BOX
from site_builder.seal.envelope import Content, name_of, sealed
from site_builder.seal.links import Place, media_type, resealed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from site_builder.seal.keys import Keys

INDEX = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shells:
    """The documents around the ciphertext; `BOX` stands once in each."""

    landing: str
    beside: str
    """For every other page, one folder further down."""

    def around(self, name: str, box: bytes) -> bytes:
        """Return the page that stands in the folder `name`."""
        before, after = (self.beside if name else self.landing).split(BOX)
        return f"{before}{base64.b64encode(box).decode()}{after}".encode()


def sealed_folder(
    plain: Mapping[str, bytes], file_pages: Mapping[str, str], keys: Keys, shells: Shells
) -> Iterator[tuple[str, bytes]]:
    """Seal everything in a client's folder: each file of the new one, by its way.

    `plain` are the finished pages and files, by their way; `file_pages` the pages that offer a file
    to be saved, by the file's way. A picture that pages only show is inside of them.
    """
    pages = {way.removesuffix(INDEX): text for way, text in plain.items() if way.endswith(INDEX)}
    names = {address: name_of(keys, address) for address in [*pages, *file_pages]}
    linked: set[str] = set()
    for address, text in pages.items():
        page, found = resealed(text.decode(), Place(keys.token, address, names, plain))
        linked |= found
        yield _one(keys, names[address], Content(page=page), shells)
    for address, page in file_pages.items():
        kind = media_type(address)
        if address in linked or not kind.startswith("image/"):
            content = Content(
                page=page, file=plain[address], name=address.rpartition("/")[2], kind=kind
            )
            yield _one(keys, names[address], content, shells)


def _one(keys: Keys, name: str, content: Content, shells: Shells) -> tuple[str, bytes]:
    way = f"{name}/{INDEX}" if name else INDEX
    return way, shells.around(name, sealed(keys, name, content))
