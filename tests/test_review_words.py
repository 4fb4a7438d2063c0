"""The review of the words: what it finds and what not, where it points, what is allowed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import site_builder
from site_builder.model.allowed import IN_A_PROJECT, IN_A_STEP, WORDING
from site_builder.model.parts import State
from site_builder.model.texts import WrittenText
from site_builder.review.known import around, small
from site_builder.review.vocabulary import LISTS, Vocabulary, vocabulary, whole_words
from site_builder.review.words import judge
from tests.bench.words import by_trade, score, sentences, sets
from tests.test_problems import CLIENT_FILE, MILESTONE, PROJECT_FILE, check, make, problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.review.words import Remark

LANGUAGES = sorted(path.stem for path in LISTS.glob("*.toml"))
PLACES = (
    *("label", "title", "now", "happened", "matters", "next"),
    *("need", "reason", "thanks", "update", "outcome", "scope"),
)
CASES = sorted((Path(__file__).parent / "review").glob("*.yml"))
KNOWN = around(
    client="Larkfield Vets",
    outcomes=["Pet owners can book online, day and night"],
    names=["Maya Lindqvist"],
)
ESSAY = (
    "Your messaging and positioning are now defined, which means every piece of content moving"
    " forward will be aligned and consistent."
)


def lists(language: str = "en") -> Vocabulary:
    """Return the lists of a language that has some."""
    words = vocabulary(language)
    assert words
    return words


def judged(text: str, place: str, state: str = "done", language: str = "en") -> list[Remark]:
    """Judge a text for Larkfield Vets."""
    return judge(text, place, state, lists(language), KNOWN)


# --- The sets ------------------------------------------------------------------------------------

LEARNED = [name for language, name in sets() if language == "en" and name.startswith("learned")]


def test_good_and_bad_sentences_are_told_apart() -> None:
    """Nearly every bad sentence of the known set is found, and nearly no good one."""
    whole = score(sentences("known"))
    assert whole.recall >= 0.9
    assert whole.precision >= 0.97
    for trade, each in by_trade("known").items():
        assert each.recall >= 0.7, trade
        assert each.precision >= 0.7, trade


@pytest.mark.parametrize("name", LEARNED)
def test_what_was_learned_stays(name: str) -> None:
    """Sets that were new to the rules once, written by people who had seen the essay only."""
    whole = score(sentences(name))
    assert whole.recall >= 0.8
    assert whole.precision >= 0.95


def _cases() -> Iterator[Any]:
    for path in CASES:
        for rule, both in yaml.safe_load(path.read_text("utf-8")).items():
            for kind in ("found", "good"):
                for case in both[kind]:
                    name = f"{path.stem}-{rule}-{kind}-{case[2][:30]}"
                    yield pytest.param(path.stem, rule, *(*case, "")[:4], id=name)


@pytest.mark.parametrize(("language", "rule", "place", "state", "text", "marked"), list(_cases()))
def test_each_rule_finds_its_words(
    language: str, rule: str, place: str, state: str, text: str, marked: str
) -> None:
    """A rule marks exactly the words that are meant; a good text has no finding of any rule."""
    found = judged(text, place, state, language)
    if marked:
        assert [text[each.start : each.end] for each in found if each.rule == rule] == [marked]
    else:
        assert found == []


@pytest.mark.parametrize("place", ["title", "matters"])
def test_the_rewritten_sentence_has_no_finding(place: str) -> None:
    """The sentence that the whole product follows passes, wherever it may stand."""
    assert judged(ESSAY, place) == []


# --- Promises for every text ---------------------------------------------------------------------

texts = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [*ESSAY.split(), "TBD", "`x`", "<!--", "](", "HARR-7", "!", ".", "\n", "İ", "ß"]
    ),
    max_size=40,
).map(" ".join)


@given(texts, st.sampled_from(PLACES), st.sampled_from(["", *State]), st.sampled_from(LANGUAGES))
@settings(max_examples=150, deadline=None)
def test_every_text_can_be_judged(text: str, place: str, state: str, language: str) -> None:
    """No text breaks the review; findings lie in the text, in order, and are the same each time."""
    found = judged(text, place, state, language)
    assert found == judged(text, place, state, language)
    assert all(0 <= each.start <= each.end <= len(text) for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(each.rule in WORDING and each.message and each.hint for each in found)


@given(st.text())
def test_small_letters_keep_their_places(text: str) -> None:
    """Capitals whose small letters are two characters move nothing."""
    assert len(small(text)) == len(text)


@given(st.text(min_size=1), st.data())
def test_a_text_knows_where_its_characters_stand(text: str, data: st.DataObject) -> None:
    """Each character of a text has its line and column in the file."""
    at = data.draw(st.integers(0, len(text) - 1))
    file = f"---\n---\n  {text}"
    written = WrittenText(place="next", text=text, path="x.md", line=3, column=3)
    line, column, _ = written.span(at, at + 1)
    if text[at] != "\n":
        assert file.split("\n")[line - 1][column - 1] == text[at]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_fit_together(language: str) -> None:
    """No entry is empty by mistake, each rule can be allowed, and each place and state exists."""
    words = lists(language)
    for rule in words.rules:
        assert rule.name in WORDING
        assert rule.places <= set(PLACES)
        assert rule.states <= {state.value for state in State}
        assert rule.unless <= {"client", "name", "date", "number"}
        assert rule.within in {"", "main", "start"}
        assert not rule.pattern.fullmatch("")
    for pattern in (words.client, words.hollow, words.we, words.dates, words.suspect):
        assert not pattern.search("")


@given(st.lists(st.from_regex(r"[a-c]{1,4}( [a-c]{1,3})?", fullmatch=True), max_size=8))
def test_many_words_are_found_as_one_by_one(words: list[str]) -> None:
    """The tree in which words are searched finds the same words as a plain list."""
    tree = whole_words(words)
    for text in ("a b c", "ab abc", "aaa bb cc a", "abca c", *words):
        plain = any(re.search(rf"(?<!\w)(?:{word})(?!\w)", text) for word in words)
        assert bool(tree.search(text)) == plain


# --- In the files --------------------------------------------------------------------------------

NEXT = "After your OK we build the pages; you can click through them on 20 March."


def found(root: Path, edit: dict[str, dict[str, str]]) -> list[tuple[str, int, int, str]]:
    """Return file, line, column and rule of what `check` finds after an edit."""
    make({"edit": edit}, root)
    return [
        (Path(each["path"]).name, each["line"], each["column"], each["rule"])
        for each in problems(root)
        if each["rule"] in WORDING | {"unused-allow", "no-word-list"}
    ]


def _line_of(root: Path, words: str) -> tuple[int, int]:
    lines = (root / MILESTONE).read_text("utf-8").split("\n")
    number = next(number for number, line in enumerate(lines) if words in line)
    return number + 1, lines[number].index(words) + 1


def test_a_finding_points_at_the_word_under_a_heading(tmp_path: Path) -> None:
    """In the text of an answer, line and column are those of the word itself."""
    text = (Path(__file__).parent / "problems" / "good" / MILESTONE).read_text("utf-8")
    first = next(
        line
        for line in text.split("\n")
        if line and not line.startswith(("#", "-")) and line in text.partition("## ")[2]
    )
    place = found(tmp_path, {MILESTONE: {first: f"{first}\nYour stakeholders say yes."}})
    assert [each[3] for each in place] == ["jargon"]
    assert place[0][1:3] == _line_of(tmp_path, "stakeholders")


@pytest.mark.parametrize("quotes", ["", '"', "'"])
def test_a_finding_points_at_the_word_in_a_key(tmp_path: Path, quotes: str) -> None:
    """In a value of one line, plain or in quotes, too."""
    label = f"label: {quotes}Your KPI is set{quotes}"
    place = found(tmp_path, {MILESTONE: {"label: Page texts approved": label}})
    assert [each[3] for each in place] == ["jargon"]
    assert place[0][1:3] == _line_of(tmp_path, "KPI")


def test_code_links_and_comments_are_no_words(tmp_path: Path) -> None:
    """What no reader reads as words is not judged."""
    text = "Your page `staging backlog` and [your texts](https://backlog.example) <!-- backlog --> are ready for 12 people."
    assert judged(text, "happened") == []
    assert found(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("language", "bare", "written"),
    [("ar", "اكتمال التصميم", "اكْتِمَالُ التَّصـمِيمِ"), ("he", "העיצוב הושלם", "הָעִיצוּב הוּשְׁלַם")],
)
def test_vowel_signs_change_nothing(language: str, bare: str, written: str) -> None:
    """Points, vowel signs and tatweel hide no words; the finding marks them as they are written."""
    for text in (bare, written):
        marks = [
            (each.rule, text[each.start : each.end])
            for each in judged(text, "label", "done", language)
        ]
        assert ("internal-title", text) in marks


def test_a_small_letter_begins_no_name() -> None:
    """A word such as "świeże" is no name, though its first letter is not among a to z."""
    found = judged("Następnie powstaną świeże szkice.", "next", "doing", "pl")
    assert [each.rule for each in found] == ["vague-next"]


def test_the_same_words_twice(tmp_path: Path) -> None:
    """An answer that repeats another one is found, and so is a title that repeats the label."""
    edit = {"label: Page texts approved": "label: Page texts approved\ntitle: Page texts approved"}
    assert "repeats" in {each[3] for each in found(tmp_path, {MILESTONE: edit})}


ALLOWED = "label: Page texts approved\ntitle: The texts are chosen\nallow:\n  - {rule: no-client, why: The client calls it so}"


def test_a_finding_that_is_meant_so_is_counted(tmp_path: Path) -> None:
    """`allow` leaves a finding out, and the summary says so; the list for programs has none."""
    place = found(tmp_path, {MILESTONE: {"label: Page texts approved": ALLOWED}})
    assert place == []
    assert check(tmp_path).output == "No problems. 1 finding is allowed.\n"


def test_what_is_allowed_for_nothing_is_noted(tmp_path: Path) -> None:
    """An `allow` that leaves nothing out would hide what comes later."""
    text = "label: Page texts approved\nallow:\n  - {rule: blame, why: The client calls it so}"
    place = found(tmp_path, {MILESTONE: {"label: Page texts approved": text}})
    assert [each[3] for each in place] == ["unused-allow"]


def test_words_that_the_clients_know(tmp_path: Path) -> None:
    """The agency's glossary and the project's are no jargon."""
    label = {"label: Page texts approved": "label: Your KPI is set"}
    glossary = {"finish: Launch": "finish: Launch\nglossary: [KPI]"}
    assert found(tmp_path / "with", {MILESTONE: label, PROJECT_FILE: glossary}) == []
    assert found(tmp_path / "without", {MILESTONE: label}) != []


def test_words_that_the_agency_avoids(tmp_path: Path) -> None:
    """A word in `avoid` is found, with what to write instead."""
    settings_file = (Path(__file__).parent / "problems" / "good" / "mkdocs.yml").read_text("utf-8")
    name = next(line for line in settings_file.split("\n") if line.startswith("    name:"))
    edit = {
        "mkdocs.yml": {name: f"{name}\n    avoid: {{page texts: words}}"},
    }
    make({"edit": edit}, tmp_path)
    hints = {each["hint"] for each in problems(tmp_path) if each["rule"] == "avoided-word"}
    assert hints == {"write instead: words"}


def test_a_language_without_lists_is_noted_once(tmp_path: Path) -> None:
    """Where there are no lists yet, `check` says so once; it is no problem, even with --strict."""
    make({"edit": {CLIENT_FILE: {"links:": "language: sv\nlinks:"}}}, tmp_path)
    words = tmp_path / "theme" / "locale" / "sv.po"
    words.parent.mkdir(parents=True)
    words.write_bytes((Path(site_builder.__file__).parent / "locale" / "de.po").read_bytes())
    copy = tmp_path / "projects" / "second"
    shutil.copytree(tmp_path / "projects" / "larkfield-vets", copy)
    settings_file = copy / "client.yml"
    settings_file.write_text(settings_file.read_text().replace("5mzk", "6mzk"), "utf-8")
    noted = [each for each in problems(tmp_path, "--strict") if each["rule"] == "no-word-list"]
    assert [(each["path"], each["client"]) for each in noted] == [("mkdocs.yml", "")]


def test_what_can_be_allowed_exists() -> None:
    """Findings of words can be allowed in a step and in project.yml."""
    assert WORDING <= IN_A_STEP & IN_A_PROJECT
