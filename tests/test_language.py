"""The words of one language: dates, plurals, numbers, and the headings that authors may write."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from site_builder.language import DATE_PATTERNS, load_language

ENGLISH = load_language("en")
MONDAY = datetime.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("full", "Monday 2 March 2026"),
        ("day", "Monday 2 March"),
        ("long", "2 March 2026"),
        ("plain", "2 March"),
        ("short", "2 Mar"),
        ("dated", "2 Mar 2026"),
        ("month", "March 2026"),
        ("short-month", "Mar 2026"),
    ],
)
def test_dates_are_written_in_words(style: str, written: str) -> None:
    """Day before month, never a slash; day and month stay on one line."""
    found = ENGLISH.date(MONDAY, style)
    assert found.replace("\u00a0", " ") == written
    assert style == "month" or "\u00a0" in found


def test_every_style_of_dates_is_tested_here() -> None:
    """A new style is a new row above."""
    assert set(DATE_PATTERNS) == {
        "full",
        "day",
        "long",
        "plain",
        "short",
        "dated",
        "month",
        "short-month",
    }


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0", "0"),
        ("7", "7"),
        ("1000", "1,000"),
        ("1234567", "1,234,567"),
        ("4.50", "4.50"),
        ("640000.5", "640,000.5"),
        ("-40", "-40"),
    ],
)
def test_numbers_keep_their_zeros_and_get_separators(number: str, written: str) -> None:
    """What was typed as 4.50 is not 4.5."""
    assert ENGLISH.number(Decimal(number)) == written


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (1200, "1,200 steps")]
)
def test_counted_things_agree_with_their_number(number: int, written: str) -> None:
    """One step, two steps."""
    assert ENGLISH.plural("{number} step", "{number} steps", number) == written


def test_a_sentence_takes_its_values_by_name() -> None:
    """So that other languages can put them in another order; braces in a value stay as they are."""
    said = ENGLISH.say("{finish}: planned for {date}.", finish="{Launch}", date="Friday")
    assert said == "{Launch}: planned for Friday."


def test_a_sentence_without_values_is_said_as_it_stands() -> None:
    """A percent sign or a brace means nothing then."""
    assert ENGLISH.say("100% {done}") == "100% {done}"


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("What just happened", "happened"),
        ("WHAT JUST HAPPENED?", "happened"),
        ("What is happening now", "happened"),
        ("Why it matters", "matters"),
        ("why  it   matters:", "matters"),
        ("What comes next", "next"),
        ("What comes next …", "next"),
        ("What comes next?!", "next"),
        ("What came next", None),
        ("Why", None),
        ("", None),
    ],
)
def test_headings_are_known_whatever_their_case_and_closing_punctuation(
    heading: str, answer: str | None
) -> None:
    """Nobody has to look them up letter by letter."""
    assert ENGLISH.heading(heading) == answer


def test_english_is_read_from_left_to_right() -> None:
    """The page's `lang` and `dir` come from here."""
    assert (ENGLISH.code, ENGLISH.direction) == ("en", "ltr")
