"""New files are right whatever people type, and stand where no other file is."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.errors import NotWritten
from site_builder.scaffold import milestone_id
from site_builder.scaffold.disk import write_missing, write_new
from site_builder.scaffold.order import Place, find_place, with_new_names
from site_builder.scaffold.texts import later_workday, one_line, short_id, yaml_text
from site_builder.source.document import parse_document
from tests.workspace import tree

if TYPE_CHECKING:
    from pathlib import Path


@given(st.text(min_size=1))
def test_what_people_type_stands_in_yaml_as_they_typed_it(typed: str) -> None:
    """For the program, for MkDocs and for every other reader of YAML."""
    line = one_line(typed)
    if not line:
        return
    text = f"key: {yaml_text(line)}  # a comment\nlist:\n  - {yaml_text(line)}\n"
    assert yaml.safe_load(text) == {"key": line, "list": [line]}
    document = parse_document(text, "client.yml")
    assert document.tree == {"key": line, "list": [line]}
    assert document.problems() == []


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Larkfield Vets", "Larkfield Vets"),
        ("Zoë O’Neill (Berlin), since 1860", "Zoë O’Neill (Berlin), since 1860"),
        ("We're live 🎉", "We're live 🎉"),
        ("24 hours open", "24 hours open"),
        ("https://vets.example/#top", "https://vets.example/#top"),
        ("Ampers & Sons: <Ltd> #1", '"Ampers & Sons: <Ltd> #1"'),
        ("Goal: more calls", '"Goal: more calls"'),
        ("no", '"no"'),
        ("NULL", '"NULL"'),
        ("1.10", '"1.10"'),
        ("2026-03-06", '"2026-03-06"'),
        ("12:30", '"12:30"'),
        ("-dash", '"-dash"'),
        ('"Quoted"', '"\\"Quoted\\""'),
        ("“Quoted”", '"“Quoted”"'),
        ("ends with:", '"ends with:"'),
    ],
)
def test_quotes_stand_only_where_yaml_needs_them(line: str, written: str) -> None:
    """A name stays as people know it."""
    assert yaml_text(line) == written
    assert yaml.safe_load(f"key: {written}") == {"key": line}


@pytest.mark.parametrize("typed", ["bell\a", "a\x00b", "del\x7f", "\ud800", "bom\ufeff"])
def test_control_characters_never_get_into_a_file(typed: str) -> None:
    """Nobody types them on purpose."""
    assert one_line(typed) is None


@given(day=st.dates(), days=st.integers(-400, 400), back=st.booleans())
@example(day=datetime.date(2026, 12, 24), days=0, back=False)
@example(day=datetime.date(2027, 1, 1), days=0, back=True)
@example(day=datetime.date.max, days=0, back=False)
def test_workdays_are_workdays_and_near(
    day: datetime.date,
    days: int,
    back: bool,  # noqa: FBT001 - hypothesis chooses
) -> None:
    """Off weekends and holidays to the side that was asked for; never off the calendar."""
    found = later_workday(day, days, back=back)
    assert found.weekday() < 5
    assert (found.month, found.day) not in {(12, 24), (12, 25), (12, 26), (1, 1)}
    wanted = day.toordinal() + days
    if 8 <= wanted <= datetime.date.max.toordinal() - 7:
        moved = found.toordinal() - wanted
        assert -5 <= moved <= 0 if back else 0 <= moved <= 5


@pytest.mark.parametrize(
    ("label", "identifier"),
    [
        ("Goals agreed", "goals-agreed"),
        ("Café & Straße", "cafe-strasse"),
        ("Start", "start-step"),
        ("目標", "step"),
        ("🎉", "step"),
    ],
)
def test_labels_become_ids(label: str, identifier: str) -> None:
    """Accents go, reserved words get company, and what has no letter of ours is a step."""
    assert milestone_id(label) == identifier


def test_a_sentence_becomes_its_first_words() -> None:
    """The name of an update stays short, and ends with a whole word."""
    sentence = "The texts for your six treatment pages are ready and waiting for your OK"
    assert short_id(sentence) == "the-texts-for-your-six-treatment-pages"
    assert short_id("x" * 99) == "x" * 40


@pytest.mark.parametrize(
    ("names", "before", "name", "renames"),
    [
        ([], None, "01-new.md", {}),
        (["01-a.md", "02-b.md"], None, "03-new.md", {}),
        (["09-a.md"], None, "10-new.md", {}),
        (["99-a.md"], None, "100-new.md", {}),
        (["007-a.md"], None, "008-new.md", {}),
        (["2026-04-report.md"], None, "2027-new.md", {}),
        (["readme.txt", "01-a.md~"], None, "01-new.md", {}),
        (["01-a.md", "02-b.md"], "b", "02-new.md", {"02-b.md": "03-b.md"}),
        (["01-a.md", "02-b.md"], "milestones/02-b.md", "02-new.md", {"02-b.md": "03-b.md"}),
        (["01-a.md", "02-b.md"], "02-b", "02-new.md", {"02-b.md": "03-b.md"}),
        (["01-a.md"], "a", "01-new.md", {"01-a.md": "02-a.md"}),
        (["01-a.md", "03-b.md"], "b", "02-new.md", {}),
        (["10-a.md", "20-b.md"], "b", "15-new.md", {}),
        (["02-a.md"], "a", "01-new.md", {}),
        (["01-a.md", "02-b.md", "04-c.md"], "b", "02-new.md", {"02-b.md": "03-b.md"}),
        (
            ["08-a.md", "09-b.md", "10-c.md"],
            "a",
            "04-new.md",
            {},
        ),
        (
            ["01-a.md", "02-b.md", "03-c.md"],
            "a",
            "01-new.md",
            {"03-c.md": "04-c.md", "02-b.md": "03-b.md", "01-a.md": "02-a.md"},
        ),
    ],
)
def test_a_new_milestone_finds_its_number(
    names: list[str], before: str | None, name: str, renames: dict[str, str]
) -> None:
    """After the last one, or before a step; others move only as far as there is no gap."""
    place = find_place(names, "new", before)
    assert place == Place(name, renames)
    assert list(place.renames) == list(renames), "the last one is renamed first"


@pytest.mark.parametrize(
    ("names", "before", "words"),
    [
        (["01-new.md"], None, "there is a milestone 'new' already: 01-new.md"),
        (["01-launch.md"], "lunch", "there is no step 'lunch'; write 'launch'"),
        (["01-a.md", "01-b.md"], "a", "two milestones have the same number"),
    ],
)
def test_where_the_order_is_not_clear_nothing_is_done(
    names: list[str], before: str | None, words: str
) -> None:
    """The words say what to write."""
    with pytest.raises(NotWritten, match=words):
        find_place(names, "new", before)


def test_links_follow_their_files() -> None:
    """Only whole names of milestones, each once."""
    renames = {"03-c.md": "04-c.md", "02-b.md": "03-b.md"}
    before = b"[b](milestones/02-b.md#x) [c](milestones/03-c.md) 02-b.md [d](milestones/02-b.mdx)"
    after = b"[b](milestones/03-b.md#x) [c](milestones/04-c.md) 02-b.md [d](milestones/02-b.mdx)"
    assert with_new_names(before, renames) == after


def test_files_that_are_there_are_kept(tmp_path: Path) -> None:
    """Also those that are links to nowhere; nothing unfinished is left."""
    (tmp_path / "a").write_text("mine")
    (tmp_path / "b").symlink_to("nowhere")
    made, kept = write_missing(tmp_path, {"a": "ours", "b": "ours", "c/d": "ours"})
    assert (made, kept) == (["c/d"], ["a", "b"])
    assert (tmp_path / "b").is_symlink()
    (tmp_path / "b").unlink()
    assert tree(tmp_path) == {"a": b"mine", "c/d": b"ours"}


@pytest.mark.parametrize("files", [{"new": "x", "a": "x"}, {"new": "x", "a/b": "x"}])
def test_new_files_come_all_or_none(files: dict[str, str], tmp_path: Path) -> None:
    """If one of them cannot be written, no other is."""
    (tmp_path / "a").write_text("mine")
    with pytest.raises(NotWritten):
        write_new(tmp_path, files)
    assert tree(tmp_path) == {"a": b"mine"}
