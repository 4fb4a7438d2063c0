"""A private link is one value: where the page stands, and what opens it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from site_builder.model.links import Open, Private, PrivateLink
from tests.workspace import KEY

TOKEN = "5mzk3w7q2hxr4tnd6bvyacjpfa"  # noqa: S105 - made up


@pytest.mark.parametrize(
    ("written", "link", "address"),
    [
        (TOKEN, PrivateLink(TOKEN), f"c/{TOKEN}/"),
        (f"{TOKEN}#{KEY}", PrivateLink(TOKEN, KEY), f"c/{TOKEN}/#{KEY}"),
    ],
)
def test_a_link_is_read_as_it_is_written(written: str, link: PrivateLink, address: str) -> None:
    """The key stands behind a `#`, in the file as in the address."""
    read: PrivateLink = TypeAdapter(Private).validate_python(written)
    assert (read, read.address, read.written) == (link, address, written)


@pytest.mark.parametrize(
    "written", [TOKEN[1:], f"{TOKEN}#", f"{TOKEN}#{KEY[1:]}", f"{TOKEN}#{KEY.upper()}", f"#{KEY}"]
)
def test_a_damaged_link_is_refused_and_not_repeated(written: str) -> None:
    """What is left of it may still open a page."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Private).validate_python(written)
    (error,) = caught.value.errors()
    assert error["type"] == "link-token"
    assert written not in str(error["ctx"])


def test_the_page_of_an_offering_has_no_key() -> None:
    """It is never sealed: a key there would promise what is not kept."""
    with pytest.raises(ValidationError):
        TypeAdapter(Open).validate_python(f"{TOKEN}#{KEY}")


def test_a_key_is_not_shown_by_chance() -> None:
    """A link in a traceback or a log does not open a sealed page."""
    assert KEY not in repr(PrivateLink(TOKEN, KEY))
