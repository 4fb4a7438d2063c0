"""The Markdown of milestones: the three answers, the story, comments, links, first sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.language import HEADINGS, load_language
from site_builder.parse.markdown import (
    Answers,
    first_sentence,
    open_comment,
    plain_text,
    split_answers,
    targets,
    without_comments,
)

if TYPE_CHECKING:
    from site_builder.errors import Problem

ENGLISH = load_language("en")
THREE = """
## What just happened
We wrote the texts.

They are short.

## Why it matters
Fewer people call.

## What comes next
You read them.
"""


def split(body: str) -> tuple[Answers, list[Problem]]:
    problems: list[Problem] = []
    return split_answers(body, "05-page-texts.md", 10, ENGLISH, problems), problems


def test_three_headings_hold_the_three_answers() -> None:
    """Each with all of its paragraphs, and the line of its heading in the file."""
    answers, problems = split(THREE)
    assert answers.texts == {
        "happened": "We wrote the texts.\n\nThey are short.",
        "matters": "Fewer people call.",
        "next": "You read them.",
    }
    assert answers.lines == {"happened": 11, "matters": 16, "next": 19}
    assert (answers.story, problems) == ("", [])


def test_everything_under_further_headings_is_the_story() -> None:
    """With its headings, wherever they stand."""
    answers, problems = split(
        "## How we did it\nSlowly.\n\n## Why it matters\nSo.\n\n## And then\nMore."
    )
    assert answers.story == "## How we did it\nSlowly.\n\n## And then\nMore."
    assert answers.texts == {"matters": "So."}
    assert problems == []


def test_deeper_headings_belong_to_their_answer() -> None:
    """Only the second level divides."""
    answers, _ = split("## Why it matters\nSo.\n\n### In numbers\nTen.")
    assert answers.texts["matters"] == "So.\n\n### In numbers\nTen."


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("Hello.\n\n## Why it matters\nSo.", "text-before-heading", 10),
        ("\n# Why it matters\nSo.", "heading-level", 11),
        ("### What comes next\nSo.", "heading-level", 10),
        ("## Why it matters\nA.\n\n## why it matters!\nB.", "answer-twice", 13),
    ],
)
def test_what_cannot_be_meant_so_is_said_with_its_line(body: str, rule: str, line: int) -> None:
    """Text before the first heading, a heading of another level, an answer that stands twice."""
    _, problems = split(body)
    assert [(problem.rule, problem.line) for problem in problems] == [(rule, line)]


def test_headings_in_code_are_code() -> None:
    """An example of a milestone is no milestone."""
    body = "## Why it matters\n```\n## What comes next\n```\n\n~~~\n# Why it matters\n~~~"
    answers, problems = split(body)
    assert list(answers.texts) == ["matters"]
    assert "## What comes next" in answers.texts["matters"]
    assert problems == []


@pytest.mark.parametrize(
    ("heading", "answer"),
    [("What just happend", "happened"), ("Why this matters", "matters"), ("What's next", "next")],
)
def test_a_heading_that_is_nearly_an_answer_is_found(heading: str, answer: str) -> None:
    """So that the error can say which heading was meant."""
    answers, _ = split(f"## {heading}\nText.")
    assert answers.lookalike(answer, ENGLISH) == (heading, 10, HEADINGS[answer])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a <!-- secret --> b", "a                 b"),
        ("a\n<!-- one\ntwo -->\nb", "a\n        \n       \nb"),  # lines keep their numbers
        ("a <!-- never closed\nb", "a                  \n "),
        ("```\n<!-- shown -->\n```", "```\n<!-- shown -->\n```"),
        ("`<!--` begins one <!-- x -->\nb", "`<!--` begins one           \nb"),
        ("<!-- a ``` b -->\nc <!-- d -->", "                \nc           "),
        ("no comment", "no comment"),
        ("<!---->a", "       a"),
    ],
)
def test_comments_are_blanked_out_except_in_code(text: str, left: str) -> None:
    """Nothing of them goes on from here, and every line keeps its number."""
    assert without_comments(text) == left


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a <!-- never closed\nb", 2),
        ("<!-- closed --> b <!-- open -- > c", 18),
        ("<!-->", 0),
        ("<!-- a <!-- b -->", None),
        ("`<!--` begins one", None),
        ("```\n<!--\n```\n", None),
        ("<!-- ``` -->", None),
        ("a --> b", None),
    ],
)
def test_a_comment_that_is_never_closed_has_a_place(text: str, at: int | None) -> None:
    """Code is no comment, and what stands in a comment opens none."""
    assert open_comment(text) == at


@given(st.text(alphabet="ab<!->\n `#", max_size=60))
def test_no_text_loses_a_line(text: str) -> None:
    """Whatever stands in it."""
    assert without_comments(text).count("\n") == text.count("\n")
    split(text)
    list(targets(text, 1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](files/a.pdf)", [("files/a.pdf", 1, 5, False)]),
        ("\n  ![A page](files/a.png)", [("files/a.png", 2, 13, True)]),
        ("[a](<files/a b.pdf>)", [("files/a b.pdf", 1, 6, False)]),
        ("[a]\n\n[a]: files/a.pdf", [("files/a.pdf", 3, 6, False)]),
        ('<img src="files/a.png" alt="A">', [("files/a.png", 1, 11, True)]),
        ("<a href='https://docs.example/'>x</a>", [("https://docs.example/", 1, 10, False)]),
        ("`[a](files/a.pdf)`", []),
        ("```\n[a](files/a.pdf)\n```", []),
        ("<!-- [a](files/a.pdf) -->", []),
        ("[a]()", []),
        ("[a](b.pdf) and [c](d.pdf)", [("b.pdf", 1, 5, False), ("d.pdf", 1, 20, False)]),
    ],
)
def test_links_and_pictures_are_found_with_their_places(
    text: str, found: list[tuple[str, int, int, bool]]
) -> None:
    """Inline, by reference and in raw HTML; never in code or comments."""
    assert [
        (target.text, target.line, target.column, target.is_picture) for target in targets(text, 1)
    ] == found


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Bold** and *soft* and `code`", "Bold and soft and code"),
        ("a [link](https://docs.example/) here", "a link here"),
        ("![A page](files/a.png) shown", "A page shown"),
        ("snake_case stays, _soft_ goes", "snake_case stays, soft goes"),
        ("- a list", "a list"),
        ("## a heading", "a heading"),
        ("1. first", "first"),
        ("a note[^1]{: .x }", "a note"),
        ("<b>raw</b> text", "raw text"),
    ],
)
def test_marks_are_taken_out_of_plain_text(markdown: str, plain: str) -> None:
    """Titles and sentences are words only."""
    assert plain_text(markdown) == plain


@pytest.mark.parametrize(
    ("markdown", "sentence"),
    [
        ("Fewer people call. They book.", "Fewer people call"),
        ("Do they call? They book.", "Do they call?"),
        ("It costs 4.50 a month, all in.", "It costs 4.50 a month, all in"),
        ("Ab dem 2. März hilft es. Immer.", "Ab dem 2. März hilft es"),
        ("لماذا؟ لأن ذلك مهم.", "لماذا؟"),
        ("One line\nand the next.", "One line and the next"),
        ("First\n\nSecond.", "First"),
        ("No end", "No end"),
        ("", ""),
    ],
)
def test_the_first_sentence_becomes_a_title(markdown: str, sentence: str) -> None:
    """Without its full stop; a question keeps its mark."""
    assert first_sentence(markdown) == sentence
