"""An everyday edit changes the lines that it must, and not one byte beside them."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from site_builder import edits
from site_builder.edits.keys import Keys
from site_builder.errors import NotWritten
from site_builder.language import load_language
from site_builder.model.parts import State
from site_builder.scaffold.texts import one_line, yaml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builder.source.document import Loc

TODAY = datetime.date(2026, 3, 2)
ENGLISH = load_language("en", Path())
CASES = Path(__file__).parent / "edits"
DRESSES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "old mac": lambda text: text.replace("\n", "\r"),
    "bom": lambda text: f"\ufeff{text}",
    "no last line break": lambda text: text.removesuffix("\n"),
}
"""How different editors save the same text."""


def _cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            yield pytest.param(case, id=f"{case['edit']} {case['it']}")


def read(typed: str, path: str, scope: Loc) -> edits.Step:
    """Read a step named a/b/c."""
    return edits.read_step("a/b/c", typed, path, scope, ENGLISH)


def apply(step: edits.Step, edit: str, given: dict[str, Any]) -> str:
    """Carry out an edit as the commands do."""
    edit_of: dict[str, Callable[..., str]] = {
        "done": lambda **rest: edits.finish(step, today=TODAY, **rest),
        "start": lambda **rest: edits.start(step, **rest),
        "move": lambda **rest: edits.move(step, today=TODAY, **rest),
        "ask": lambda **rest: edits.ask(step, today=TODAY, **rest),
        "received": lambda **rest: edits.receive(step, today=TODAY, **rest),
    }
    return edit_of[edit](**given)


def _place(case: dict[str, Any]) -> tuple[str, Loc]:
    if case.get("file") == "project.yml":
        return "project.yml", ("milestones", case.get("step", 0))
    return "milestones/01-c.md", ()


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("case", list(_cases()))
def test_each_edit_changes_these_lines(case: dict[str, Any], dress: str) -> None:
    """The file before, the edit, and the file after, however an editor saved it."""
    saved = DRESSES[dress]
    path, scope = _place(case)
    step = read(saved(case["before"]), path, scope)
    if "refused" in case:
        with pytest.raises(NotWritten) as refused:
            apply(step, case["edit"], case["with"])
        assert str(refused.value) == case["refused"]
    else:
        assert apply(step, case["edit"], case["with"]) == saved(case["after"])


def test_headings_are_written_in_the_language_of_the_page() -> None:
    """Whoever writes German pages reads German headings."""
    before = "---\nlabel: Texte\n---\n## Warum das wichtig ist\nWeniger Anrufe.\n"
    german = load_language("de", Path())
    step = edits.read_step("a/b/c", before, "01-c.md", (), german)
    after = edits.finish(step, TODAY, TODAY, happened="Die Texte sind da.", following="Es folgt.")
    for answer, english in (("happened", "What just happened"), ("next", "What comes next")):
        assert f"\n## {german.say(english)}\n" in after
        assert edits.read_step("a/b/c", after, "01-c.md", (), german).answers[answer]


def test_a_layout_that_cannot_be_changed_safely_is_left_alone() -> None:
    """What would not say the same as before, with the one change, is refused in words."""
    typed = "---\n? state\n: doing\n? due\n: 2026-03-06\n---\n"
    with pytest.raises(NotWritten, match=r"by hand$"):
        edits.finish(read(typed, "01-c.md", ()), TODAY, TODAY)


# --- Every layout --------------------------------------------------------------------------------

texts: st.SearchStrategy[str] = st.text(
    alphabet="ab yn01:#'\"-,[]{}&*!|>%@`?\u00e9\u05d0\U0001f436", min_size=1, max_size=14
).map(lambda text: one_line(text) or "a")
days = st.dates(datetime.date(2026, 1, 1), TODAY)
days_to_come = st.dates(TODAY, datetime.date(2026, 12, 31))


@dataclass(frozen=True)
class Line:
    """A line of a file, and the key that it belongs to; none for comments and other steps."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class File:
    """A file in an odd layout, and which lines belong to which key of the step."""

    path: str
    scope: Loc
    lines: tuple[Line, ...]
    ending: str
    opening: str
    closing: str

    @property
    def typed(self) -> str:
        """The bytes of the file, as text."""
        text = self.ending.join(line.text for line in self.lines)
        return self.opening + text + self.closing


def _scalar(draw: st.DrawFn, value: object, *, in_flow: bool = False) -> str:
    """Write a value in one of the ways in which people write it."""
    text = str(value)
    ways = [yaml.dump(text, default_style='"', allow_unicode=True, width=1000).strip()]
    ways.append("'" + text.replace("'", "''") + "'")
    is_plain = isinstance(value, datetime.date) or yaml_text(text) == text
    if is_plain and not (in_flow and set(text) & set(",[]{}:")):
        ways += [text, text]
    return draw(st.sampled_from(ways))


def _flow(draw: st.DrawFn, value: object) -> str:
    if isinstance(value, dict):
        space = draw(st.sampled_from(["", " "]))
        inner = (f"{key}: {_flow(draw, entry)}" for key, entry in value.items())
        return f"{{{space}{', '.join(inner)}{space}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(draw, entry) for entry in value)}]"
    return _scalar(draw, value, in_flow=True)


_remarks = st.sampled_from(["", "", "", "  # why: [so], {and} 'so'", " #"])


def _noise(draw: st.DrawFn, indent: int) -> list[str]:
    """Comments and empty lines, as they stand between keys."""
    kinds = ["", " ", " " * indent + "# state: doing", " " * indent + "# - {"]
    return draw(st.lists(st.sampled_from(kinds), max_size=2))


def _entry(draw: st.DrawFn, key: str, value: object, indent: int) -> list[str]:
    """Write a key with its value in a block, on one line or several."""
    lead, gap = " " * indent + f"{key}:", " " * draw(st.integers(1, 3))
    if isinstance(value, list) and value and draw(st.booleans()):
        dash = indent + draw(st.sampled_from([0, 2, 4]))
        lines = [lead + draw(_remarks)]
        for item in value:
            lines += _noise(draw, dash)
            lines += _item(draw, item, dash)
        return lines
    if isinstance(value, dict | list):
        return [lead + gap + _flow(draw, value) + draw(_remarks)]
    if draw(st.integers(0, 4)) == 0 and isinstance(value, str):
        signs = [">-", "|-", ">2-"]
        sign = draw(st.sampled_from([*signs, ">", "|"] if key == "internal" else signs))
        return [f"{lead}{gap}{sign}{draw(_remarks)}", " " * (indent + 2) + value]
    return [lead + gap + _scalar(draw, value) + draw(_remarks)]


def _item(draw: st.DrawFn, item: object, dash: int) -> list[str]:
    gap = draw(st.integers(1, 3))
    if not isinstance(item, dict) or draw(st.booleans()):
        return [" " * dash + "-" + " " * gap + _flow(draw, item) + draw(_remarks)]
    lines: list[str] = []
    for key, value in item.items():
        written = _entry(draw, key, value, dash + 1 + gap)
        lines += [*(_noise(draw, dash + 1 + gap) if lines else []), *written]
    return [" " * dash + "-" + lines[0][dash + 1 :], *lines[1:]]


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a step says: any open one that its file may hold."""
    needs = [
        {
            "ask": ask,
            "asked": draw(days),
            **({"by": draw(days_to_come)} if draw(st.booleans()) else {}),
        }
        for ask in draw(st.lists(texts, max_size=3, unique_by=str.casefold))
    ]
    moves = draw(
        st.lists(st.fixed_dictionaries({"from": days, "on": days, "why": texts}), max_size=2)
    )
    said: dict[str, Any] = {
        "label": draw(texts),
        "now": draw(texts),
        "state": draw(st.sampled_from(["doing", "waiting", "planned"])),
        "due": draw(days_to_come),
        "progress": "0.5",
        "outcome": draw(st.lists(st.sampled_from(["calls", "trust"]), min_size=1)),
        "needs": needs,
        "moved": moves,
        "internal": draw(texts),
        "matters": draw(texts),
    }
    kept = draw(st.lists(st.sampled_from(sorted(said)), unique=True, min_size=1))
    return {key: said[key] for key in kept}


@st.composite
def files(draw: st.DrawFn) -> File:
    """Draw a file with a step in an odd layout: front matter, or an entry of project.yml."""
    said = draw(steps())
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    opening = draw(st.sampled_from(["", "\ufeff"]))
    closing = draw(st.sampled_from(["", ending]))
    lines: list[Line] = []
    in_project = draw(st.booleans())
    dash = draw(st.sampled_from([0, 2, 3])) if in_project else 0
    indent = dash + 1 + draw(st.integers(1, 3)) if in_project else 0
    if in_project:
        said = {"id": "c", **said}
        lines += [Line("title: 'Your shop'   # theirs"), Line("milestones:")]
        lines += [Line(" " * dash + "- {id: goals, state: doing}  # first"), Line("")]
    if draw(st.booleans()):  # the keys in a block
        for key, value in said.items():
            written = _entry(draw, key, value, indent)
            lines += [Line(text, key) for text in written]
            lines += [Line(text) for text in _noise(draw, indent)]
        if in_project:
            at = next(number for number, line in enumerate(lines) if line.key)
            lines[at] = Line(" " * dash + "-" + lines[at].text[dash + 1 :], "id")
    else:
        lines.append(Line(" " * dash + "- " * in_project + _flow(draw, said) + draw(_remarks), "*"))
    if in_project:
        lines += [Line(" " * dash + "- id: launch"), Line("finish: Launch")]
        return File("project.yml", ("milestones", 1), tuple(lines), ending, opening, closing)
    body = "" if "matters" in said else "## Why it matters\nFewer calls.\n\n\n## state: doing"
    around = [Line("---"), *lines, Line("---"), *map(Line, body.split("\n"))]
    return File("milestones/01-c.md", (), tuple(around), ending, opening, closing)


@st.composite
def edits_of(
    draw: st.DrawFn, step: edits.Step
) -> tuple[str, dict[str, Any], dict[str, Any], set[str]]:
    """Draw an edit: its name, what it is given, what the step says then, the keys concerned."""
    written = step.written
    kinds = ["done", "start", "move", "ask", *(["received"] if written.needs else [])]
    kind = draw(st.sampled_from(kinds))
    text, now = draw(texts), draw(texts)
    if kind == "done":
        with_needs = draw(st.booleans())
        needs = [need.model_copy(update={"received": TODAY}) for need in written.needs]
        changed: dict[str, Any] = {"done": TODAY, "state": None, "now": None, "progress": None}
        changed |= {"needs": tuple(needs)} if with_needs and needs else {}
        return kind, {"on": TODAY, "with_needs": with_needs}, changed, set(changed)
    if kind == "start":
        now = f"{now}." if now == written.now else now
        return kind, {"now": now}, {"state": State.DOING, "now": now}, {"state", "now"}
    if kind == "move":
        to = draw(days_to_come.filter(lambda day: day != written.due))
        move = {"from": written.due, "on": TODAY, "why": text}
        moves = [*written.model_dump(by_alias=True)["moved"], *([move] if written.due else [])]
        return kind, {"to": to, "why": text}, {"due": to, "moved": moves}, {"due", "moved"}
    if kind == "ask":
        ask, by = f"{text} once more, please", draw(days_to_come)
        need = {"ask": ask, "by": by, "takes": now}
        asked = [*written.model_dump()["needs"], {**need, "asked": TODAY}]
        return kind, {"need": need}, {"needs": asked}, {"needs"}
    number = draw(st.integers(1, len(written.needs)))
    closed = [
        need.model_copy(update={"received": TODAY}) if index == number else need
        for index, need in enumerate(written.needs, 1)
    ]
    changed = {"needs": tuple(closed)}
    if edits.ends_waiting(step, number):
        changed["state"] = State.DOING
    return kind, {"number": number, "on": TODAY}, changed, set(changed)


def _is_within(wanted: list[str], found: list[str]) -> bool:
    """Tell whether lines stand among others, in their order."""
    rest = iter(found)
    return all(line in rest for line in wanted)


@given(data=st.data(), file=files())
def test_an_edit_of_any_layout_changes_the_step_and_no_other_line(
    data: st.DataObject, file: File
) -> None:
    """The step says what the edit means, and every line of other keys keeps its bytes and order."""
    step = read(file.typed, file.path, file.scope)
    kind, given_, changed, concerned = data.draw(edits_of(step))
    after = apply(step, kind, given_)
    again = read(after, file.path, file.scope)
    expected = {**step.written.model_dump(by_alias=True), **changed}
    expected = {key: value for key, value in expected.items() if value is not None}
    assert again.written == type(step.written).model_validate(expected)
    before_tree, after_tree = (Keys(text, file.path).document.tree for text in (file.typed, after))
    if file.scope:
        assert isinstance(before_tree, dict)
        assert isinstance(after_tree, dict)
        for tree in (before_tree, after_tree):
            tree["milestones"][1] = {}  # type: ignore[index]
        assert before_tree == after_tree
    kept = [line.text for line in file.lines if line.key not in {*concerned, "*"}]
    found = after.removeprefix("\ufeff").split(file.ending)
    assert _is_within(kept, found)
    new = Counter(found) - Counter(kept) - Counter(line.text for line in file.lines)
    allowed = 3 + 5 + len(step.written.needs) + (file.closing == "")
    assert new.total() <= allowed, new
    assert after.startswith("\ufeff") == file.typed.startswith("\ufeff")
    assert after.endswith(file.ending) == file.typed.endswith(file.ending)
    assert after.count("\r") == (after.count("\n") if file.ending == "\r\n" else 0)
