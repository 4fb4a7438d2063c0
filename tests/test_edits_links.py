"""A change of a private link changes one line, and no error repeats a link."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.edits.links import LinkFile, add_link, end_links, revoke_link, rotate_link
from site_builder.errors import NotWritten
from site_builder.model.links import PrivateLink

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, OTHER, NEW = "oldoldoldoldoldoldoldoldol", "otherotherotherotherothero", "n" * 26
KEY = "k" * 51 + "q"
LINK, SEALED = PrivateLink(NEW), PrivateLink(NEW, KEY)
DAY = datetime.date(2026, 10, 24)

BLOCK = f"""\
# who reads what
name: "Otter Books"   # as they write it
links:
  # the shop's own people
  everyone: '{OLD}'  # sent on 2 March
  board:    {OTHER}
contact: {{name: Maya, email: maya@northlight.example}}
"""
FLOW = f"name: Otter Books\nlinks: {{everyone: {OLD}, board: {OTHER}}}\n"
ONE = f"name: Otter Books\nlinks:\n    everyone: {OLD}\nprotection: sealed\n"
OFFERING = f"title: A shop\nfor: Bookshops\nlinks:\n  sales: {OLD}\nmilestones: []\n"

CASES: dict[str, tuple[str, Callable[[LinkFile], str], str, str]] = {
    "add": (BLOCK, lambda file: add_link(file, "press", LINK),
            f"  board:    {OTHER}\n", f"  board:    {OTHER}\n  press: {NEW}\n"),
    "add between braces": (FLOW, lambda file: add_link(file, "press", LINK),
                           f"{OTHER}}}", f"{OTHER}, press: {NEW}}}"),
    "add as others are indented": (ONE, lambda file: add_link(file, "press", SEALED),
                                   f"{OLD}\n", f"{OLD}\n    press: {NEW}#{KEY}\n"),
    "rotate": (BLOCK, lambda file: rotate_link(file, "everyone", LINK), OLD, NEW),
    "rotate between braces": (FLOW, lambda file: rotate_link(file, "everyone", SEALED),
                              OLD, f"{NEW}#{KEY}"),
    "rotate the only one": (ONE, lambda file: rotate_link(file, "everyone", SEALED),
                            OLD, f"{NEW}#{KEY}"),
    "revoke": (BLOCK, lambda file: revoke_link(file, "board"), f"  board:    {OTHER}\n", ""),
    "revoke the first": (BLOCK, lambda file: revoke_link(file, "everyone"),
                         f"  everyone: '{OLD}'  # sent on 2 March\n", ""),
    "revoke between braces": (FLOW, lambda file: revoke_link(file, "everyone"),
                              f"everyone: {OLD}, ", ""),
    "revoke an offering's last": (OFFERING, lambda file: revoke_link(file, "sales"),
                                  f"links:\n  sales: {OLD}\n", ""),
    "end": (ONE, lambda file: end_links(file, DAY),
            "protection: sealed\n", "protection: sealed\nends: 2026-10-24\n"),
    "end on another day": (f"{ONE}ends: '2026-09-01'  # agreed\n", lambda file: end_links(file, DAY),
                           "2026-09-01", "2026-10-24"),
}  # fmt: skip


def file_of(typed: str, *, is_offering: bool = False) -> LinkFile:
    """Take a text for the file of Otter Books, or of an offering."""
    owner = "_offerings/shop" if is_offering else "otter-books"
    path = "projects/_offerings/shop.yml" if is_offering else "projects/otter-books/client.yml"
    return LinkFile(owner=owner, path=path, typed=typed, is_offering=is_offering)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES)
def test_one_line_changes_and_not_one_byte_beside_it(case: str, ending: str) -> None:
    """Comments, order, quotes and blanks are the author's."""
    typed, change, old, new = CASES[case]
    assert typed.count(old) == 1
    expected = typed.replace(old, new).replace("\n", ending)
    file = file_of(typed.replace("\n", ending), is_offering=typed is OFFERING)
    assert change(file) == expected


def test_the_first_link_of_an_offering_makes_its_place() -> None:
    """An offering has no page until somebody gives it a link."""
    without = "title: A shop\nfor: Bookshops\nmilestones: []\n"
    file = file_of(without, is_offering=True)
    expected = f"title: A shop\nfor: Bookshops\nlinks:\n  fair: {NEW}\nmilestones: []\n"
    assert add_link(file, "fair", LINK) == expected
    assert revoke_link(file_of(expected, is_offering=True), "fair") == without


def test_a_damaged_link_is_made_anew() -> None:
    """Somebody typed over it by hand."""
    damaged = ONE.replace(OLD, "5mzk")
    assert rotate_link(file_of(damaged), "everyone", LINK) == ONE.replace(OLD, NEW)


REFUSED: dict[str, tuple[Callable[[LinkFile], str], str]] = {
    "unknown": (lambda file: rotate_link(file, "bord", LINK), "has no link 'bord'; write 'board'"),
    "unknown to revoke": (lambda file: revoke_link(file, "x"), "known here: board, everyone"),
    "there": (lambda file: add_link(file, "board", LINK), "has a link 'board' already"),
    "no label": (lambda file: add_link(file, "The Board!", LINK), "write the-board"),
    "nothing of ours": (lambda file: add_link(file, "董事", LINK), "write for example board"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_words(case: str) -> None:
    """The words say what to type instead, and repeat no link."""
    change, words = REFUSED[case]
    with pytest.raises(NotWritten) as refusal:
        change(file_of(BLOCK))
    said = str(refusal.value)
    assert words in said
    assert not {token for token in (OLD, OTHER, NEW) if token in said}


def test_the_last_link_of_a_client_stays() -> None:
    """Two ways are named that do what was meant."""
    with pytest.raises(NotWritten, match=r"link rotate otter-books everyone.*link end otter-books"):
        revoke_link(file_of(ONE), "everyone")


def test_an_offering_does_not_end() -> None:
    """Its links are revoked instead."""
    with pytest.raises(NotWritten, match="revoke its links"):
        end_links(file_of(OFFERING, is_offering=True), DAY)


def test_what_cannot_be_changed_safely_is_said_without_the_link() -> None:
    """An error may stand in a log."""
    file = file_of("{links: {}, title: x}\n", is_offering=True)
    with pytest.raises(NotWritten, match="a line of its own below links:") as refusal:
        add_link(file, "fair", LINK)
    assert NEW not in str(refusal.value)


def test_an_empty_mapping_is_no_obstacle() -> None:
    """Somebody meant to write links there, some day."""
    file = file_of("title: x\nlinks: # none yet\n  {}\n", is_offering=True)
    assert add_link(file, "fair", LINK) == f"title: x\nlinks:\n  fair: {NEW}\n"


@given(
    labels=st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=2, unique=True),
    data=st.data(),
)
def test_all_other_links_are_untouched(labels: list[str], data: st.DataObject) -> None:
    """Whatever their number and their labels, `no` and `2026` among them."""
    typed = "links:\n" + "".join(f"  {label}: {OLD}  # {label}\n" for label in labels)
    chosen = data.draw(st.sampled_from(labels))
    lines = typed.splitlines(keepends=True)
    at = labels.index(chosen) + 1
    rotated = rotate_link(file_of(typed), chosen, SEALED)
    assert rotated.splitlines(keepends=True) == [
        *lines[:at], f"  {chosen}: {NEW}#{KEY}  # {chosen}\n", *lines[at + 1 :]
    ]  # fmt: skip
    revoked = revoke_link(file_of(typed), chosen)
    assert revoked.splitlines(keepends=True) == lines[:at] + lines[at + 1 :]


def test_the_samples_can_be_changed() -> None:
    """Every client.yml and offering of the sample workspace."""
    root = Path(__file__).parents[1]
    paths = [*root.glob("projects/*/client.yml"), *root.glob("projects/_offerings/*.yml")]
    assert paths
    for path in paths:
        typed = path.read_text("utf-8")
        file = file_of(typed, is_offering="_offerings" in path.parts)
        assert NEW in add_link(file, "fresh", LINK)
