"""Mistakes in files, and the exact words that `check` answers: one mistake a file in problems/."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder.errors import InvalidInput
from site_builder.report import as_text
from site_builder.survey import survey
from site_builder.workspace import open_workspace
from tests.workspace import TODAY, WORKSPACES, Ran, copy_workspace, run, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from site_builder.errors import Problem

PROBLEMS = Path(__file__).parent / "problems"
GOOD = PROBLEMS / "good"
CASES = sorted(PROBLEMS.glob("*.yml"))
TOKEN = "5mzk3w7q2hxr4tnd6bvyacjpfa"  # noqa: S105 - the private link of the good workspace
PROJECT = "projects/larkfield-vets/website"
CLIENT_FILE = "projects/larkfield-vets/client.yml"
PROJECT_FILE = f"{PROJECT}/project.yml"
MILESTONE = f"{PROJECT}/milestones/02-page-texts.md"
UPDATE = f"{PROJECT}/updates/2026-02-27-first-texts.md"
FILES = sorted(tree(GOOD))
TEXT_FILES = [name for name in FILES if name.endswith((".yml", ".md"))]
KEYS = ("path", "line", "column", "rule", "severity", "message", "hint", "client")


def check(root: Path, *options: str, today: str = TODAY) -> Ran:
    """Run `check` in a workspace, in this process."""
    return run(root, "check", "--today", today, *options)


def problems(root: Path, *options: str) -> list[dict[str, Any]]:
    """Return what `check --format json` finds."""
    found: list[dict[str, Any]] = json.loads(check(root, "--format", "json", *options).output)
    return found


# --- One mistake a file --------------------------------------------------------------------------


def _content(written: Any) -> bytes:
    """Turn what a case says about a file into its bytes: text, `hex`, or `text` so many `times`."""
    if isinstance(written, str):
        return written.encode()
    if "hex" in written:
        return bytes.fromhex(written["hex"])
    text: str = written["text"] * written["times"]
    return text.encode()


def make(case: Mapping[str, Any], root: Path) -> None:
    """Make the good workspace with the mistake of a case in it."""
    shutil.copytree(GOOD, root, dirs_exist_ok=True)
    make_mistake(case, root)


def make_mistake(case: Mapping[str, Any], root: Path) -> None:
    """Write the mistake of a case into a good workspace.

    `edit` replaces texts that stand once in a file, `files` writes files (null removes one),
    `symlinks` makes links.
    """
    for name, changes in case.get("edit", {}).items():
        text = (root / name).read_text("utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, f"{name} must hold once: {old}"
            text = text.replace(old, new)
        (root / name).write_bytes(text.encode())
    for name, written in case.get("files", {}).items():
        path = root / name
        if written is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_content(written))
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for name, target in case.get("symlinks", {}).items():
        (root / name).symlink_to(target)


def _with_expected(text: str, ran: Ran) -> str:
    """Write what a case expects anew, below everything else that it says."""
    kept = text.partition("\nexit: ")[0].rstrip("\n")
    lines = "".join(f"  {line}\n" if line else "\n" for line in ran.output.splitlines())
    return f"{kept}\nexit: {ran.code}\noutput: |\n{lines}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_mistake_has_its_words(path: Path, tmp_path: Path, *, update_golden: bool) -> None:
    """A mistake is answered with its place, its line and what to write instead, no more."""
    text = path.read_text("utf-8")
    case = yaml.safe_load(text)
    make(case, tmp_path)
    ran = check(tmp_path, *case.get("options", []), today=str(case.get("today", TODAY)))
    if update_golden:
        path.write_bytes(_with_expected(text, ran).encode())
    else:
        assert ran == Ran(case["output"], case["exit"])


# --- All at once, for people and programs --------------------------------------------------------


def test_twelve_mistakes_are_twelve_errors(tmp_path: Path) -> None:
    """Twelve mistakes in five files of one client are told in one run."""
    broken = copy_workspace(WORKSPACES / "broken", tmp_path / "agency").root
    found = problems(broken, "harbour-physio")
    assert [problem["severity"] for problem in found] == ["error"] * 12
    assert len({problem["path"] for problem in found}) == 5


@pytest.fixture
def two_mistakes(tmp_path: Path) -> Path:
    """The good workspace with an error and a warning."""
    edit = {
        "state: waiting": "state: wating",
        "label: Page texts approved": "label: Page texts approved #1",
    }
    make({"edit": {MILESTONE: edit}}, tmp_path)
    return tmp_path


def test_json_is_a_contract(two_mistakes: Path) -> None:
    """Programs get a list of objects with these keys, in the order of the files."""
    label = {
        "path": MILESTONE,
        "line": 2,
        "column": 28,
        "rule": "hash-in-text",
        "severity": "warning",
        "message": "the text ends here: ' #' begins a comment",
        "hint": "put the value in quotes if the # belongs to it",
        "client": "larkfield-vets",
    }
    state = {
        "path": MILESTONE,
        "line": 4,
        "column": 8,
        "rule": "unknown-value",
        "severity": "error",
        "message": "'wating' is not known here",
        "hint": "write 'waiting'",
        "client": "larkfield-vets",
    }
    found = problems(two_mistakes)
    assert found == [label, state]
    assert tuple(found[0]) == KEYS


def test_no_problems_are_an_empty_list(tmp_path: Path) -> None:
    """A good workspace gives an empty list, and no annotations."""
    make({}, tmp_path)
    assert check(tmp_path, "--format", "json") == Ran("[]\n", 0)
    assert check(tmp_path, "--format", "github") == Ran("", 0)


def test_github_shows_annotations(two_mistakes: Path) -> None:
    """A CI marks each problem at its line; what its format reserves is escaped."""
    place = f"file={MILESTONE}"
    assert check(two_mistakes, "--format", "github") == Ran(
        f"::warning {place},line=2,col=28,title=hash-in-text::"
        "the text ends here: ' #' begins a comment. "
        "put the value in quotes if the # belongs to it\n"
        f"::error {place},line=4,col=8,title=unknown-value::"
        "'wating' is not known here. write 'waiting'\n",
        1,
    )
    path = two_mistakes / PROJECT / "files/100%, or: more.txt"
    path.write_text("A file that nothing shows is no problem.", "utf-8")
    (two_mistakes / PROJECT / "100%, or: more.txt").write_text("It has no place.", "utf-8")
    shown = check(two_mistakes, "--format", "github").output
    assert f"::warning file={PROJECT}/100%25%2C or%3A more.txt,line=1,col=1," in shown


def test_a_note_is_no_problem_in_any_format(tmp_path: Path) -> None:
    """Worth knowing, and harmless: JSON knows two severities, and a CI takes note of it."""
    make({"edit": {f"{PROJECT}/milestones/04-launch.md": {"2026-04-24": "2026-04-25"}}}, tmp_path)
    (found,) = problems(tmp_path, "--strict")
    assert (found["rule"], found["severity"]) == ("day-off", "warning")
    shown = check(tmp_path, "--strict", "--format", "github")
    assert shown.output.startswith(f"::notice file={PROJECT}/milestones/04-launch.md,line=3,col=6,")
    assert shown.code == 0
    assert check(tmp_path, "--strict").output.endswith("No problems, 1 note.\n")


def test_who_builds_is_spared_the_notes(tmp_path: Path) -> None:
    """Only `check` is asked for advice."""
    make({"edit": {f"{PROJECT}/milestones/04-launch.md": {"2026-04-24": "2026-04-25"}}}, tmp_path)
    assert run(tmp_path, "build", "--strict", "--today", TODAY) == Ran(
        "1 of 1 clients built into site.\n", 0
    )


def test_broken_settings_are_told_in_every_format(tmp_path: Path) -> None:
    """What stops all clients is told as JSON and annotations, too."""
    make({"edit": {"mkdocs.yml": {"Europe/London": "London"}}}, tmp_path)
    assert [problem["rule"] for problem in problems(tmp_path)] == ["timezone"]
    assert check(tmp_path, "--format", "github").output.startswith("::error file=mkdocs.yml,line=6")


def test_exit_codes_of_check(two_mistakes: Path) -> None:
    """0 with warnings, 1 with errors, 1 with warnings and --strict, 2 for wrong usage."""
    assert check(two_mistakes).code == 1
    path = two_mistakes / MILESTONE
    path.write_text(path.read_text("utf-8").replace("wating", "waiting"), "utf-8")
    assert check(two_mistakes).code == 0
    assert check(two_mistakes, "--strict").code == 1
    assert check(two_mistakes, "larkfield").code == 2
    assert check(two_mistakes, today="2.3.2026").code == 2


def test_only_named_clients_are_checked(tmp_path: Path) -> None:
    """Whoever asks about one client hears nothing about the others."""
    broken = copy_workspace(WORKSPACES / "broken", tmp_path / "agency").root
    assert {problem["client"] for problem in problems(broken)} >= {"harbour-physio"}
    assert check(broken, "larkfield-vets").code == 0
    assert {problem["client"] for problem in problems(broken, "larkfield-vets")} == {
        "larkfield-vets"
    }


def test_check_writes_nothing(tmp_path: Path) -> None:
    """After a check the workspace is what it was; what it remembers is no part of it."""
    make({}, tmp_path)
    check(tmp_path)
    shutil.rmtree(tmp_path / ".cache")
    assert tree(tmp_path) == tree(GOOD)


SECRETS = (
    f"links:\n  everyone: {TOKEN}\nname: [",
    f"name: Larkfield Vets\nlinks:\n  everyone: {TOKEN}x\n",
    f"name: Larkfield Vets\nlinks:\n  everyone: {TOKEN[:20]} {TOKEN[20:]}\n",
    f"name: Larkfield Vets\nlinks:\n  everyone: {TOKEN.upper()}\n",
    f"name: Larkfield Vets\nlinks:\n  {TOKEN}: everyone\n",
    f"name: Larkfield Vets\nlinks:\n  everyone: [{TOKEN}]\n",
    f"name: Larkfield Vets\nlinks: {TOKEN}\n",
    f"name: Larkfield Vets\nlinks: [{TOKEN}]\n",
    f"name: Larkfield Vets\n{TOKEN}: everyone\n",
    f"name: {TOKEN}: x\nlinks:\n  everyone: {TOKEN}\n",
    f"name: Larkfield Vets\nlinks: {{everyone: {TOKEN}, everyone: {TOKEN}}}\n",
    f"name: Larkfield Vets\nends: {TOKEN}\nlinks:\n  everyone: {TOKEN}\n",
    f"name: Larkfield Vets\nlinks:\n\teveryone: {TOKEN}\n",
    f"name: Larkfield Vets\nlinks:\n  everyone:{TOKEN}\n",
    f"name: Larkfield Vets\nlinks:\n  everyone: &{TOKEN} {TOKEN}\n  board: *{TOKEN}\n",
    f"name: Larkfield Vets\nlinks:\n  everyone: !{TOKEN} {TOKEN}\n",
)


@pytest.mark.parametrize("text", SECRETS)
def test_private_links_are_never_repeated(text: str, tmp_path: Path) -> None:
    """Whatever is wrong with a client.yml, its link stays out of logs, even damaged."""
    make({"files": {CLIENT_FILE: text}}, tmp_path)
    for form in ("text", "json", "github"):
        ran = check(tmp_path, "--format", form)
        assert ran.code == 1
        assert TOKEN[:20] not in ran.output.casefold()


def test_private_links_in_other_files_are_never_repeated(tmp_path: Path) -> None:
    """A link that somebody pasted into a milestone or an update stays out of logs, too."""
    address = f"files/c/{TOKEN}/index.html"
    make({"files": {UPDATE: f"Your page: [look]({address}) and ![]({address})\n"}}, tmp_path)
    for form in ("text", "json", "github"):
        ran = check(tmp_path, "--format", form)
        assert ran.code == 1
        assert TOKEN not in ran.output


# --- Whatever stands in a file -------------------------------------------------------------------


@pytest.fixture(scope="session")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good workspace for tests that put back what they change."""
    root = tmp_path_factory.mktemp("playground")
    make({}, root)
    return root


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig", errors="replace")
    return re.split(r"\r\n|\r|\n", text)


def _found(root: Path) -> Sequence[Problem]:
    """Find what `check` prints, read once for all formats."""
    try:
        workspace = open_workspace(root / "mkdocs.yml")
    except InvalidInput as error:
        return error.problems
    results = survey(workspace, workspace.clients, datetime.date.fromisoformat(TODAY))
    return [*workspace.warnings, *(problem for result in results for problem in result.problems)]


def _assert_is_told_well(root: Path, name: str, content: bytes) -> None:
    """Check a workspace with one file changed: no bug, and every problem has its place."""
    path = root / name
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        found = _found(root)
        assert as_text(found, root).count("\n") >= len(found)
        for problem in found:
            place = root / problem.path
            assert place.exists(), problem
            lines = _lines(place.read_bytes()) if place.is_file() else [""]
            assert 1 <= problem.line <= len(lines), problem
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
            assert problem.message, problem
            assert problem.hint, problem
    finally:
        path.write_bytes(before)


PIECES = (
    *(": ", ":", "- ", "\n", "\n\n", " ", "  ", "\t", "---\n", "...\n", "? ", "|\n", ">-\n", "#"),
    *("{", "}", "[", "]", ",", "'", '"', "\u201c", "\u201d", "&a ", "*a", "<<: ", "!!str ", "%"),
    *("\\", "\x85", "\u2028", "\ufeff", "\u202e", "\0", "\x1b", "\r", "`", "```\n", "<!--", "-->"),
    *("![](", "](", "<img src=", "## ", "## Why it matters\n", "6/3/2026", "2026-02-30", "true"),
    *(
        "null",
        "~",
        "0",
        "-1",
        "1e99",
        "\U0001f436",
        "../",
        "https://",
        "javascript:",
        "state: done\n",
    ),
)
"""What a slip of the hand, another editor or bad will may leave in a file."""


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a file of the good workspace with a few pieces put in, cut out or doubled."""
    name = draw(st.sampled_from(TEXT_FILES))
    text = (GOOD / name).read_text("utf-8")
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES) | st.text(max_size=5))
        middle = draw(st.sampled_from((piece, "", text[begin:end] * 2, piece + text[begin:end])))
        text = text[:begin] + middle + text[end:]
    return name, text.encode("utf-8", errors="replace")


SCALARS = st.sampled_from(
    (
        *("", "no", "true", "week", "Friday", "done", "waiting", "2026-03-06", "2026-13-99", "0.5"),
        *(
            "-3",
            "12,400",
            "files/goals.pdf",
            "../x",
            "https://docs.example/",
            "a\nb",
            "\u202e",
            "x" * 300,
        ),
    )
) | st.text(max_size=8)
NAMES = st.sampled_from(
    (
        *(
            "name",
            "links",
            "contact",
            "email",
            "title",
            "starts",
            "updates",
            "every",
            "on",
            "outcomes",
        ),
        *(
            "pauses",
            "from",
            "to",
            "why",
            "scope",
            "agreed",
            "items",
            "changes",
            "kind",
            "milestones",
        ),
        *("id", "label", "state", "due", "done", "moved", "skipped", "needs", "ask", "asked", "by"),
        *(
            "files",
            "file",
            "url",
            "weight",
            "progress",
            "draft",
            "publish_on",
            "allow",
            "rule",
            "team",
        ),
        *(
            "rhythm",
            "silence",
            "ends",
            "next_update",
            "ongoing",
            "matters",
            "happened",
            "next",
            "text",
        ),
    )
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(name=st.sampled_from(FILES), content=st.binary(max_size=200))
@example(name=PROJECT_FILE, content=b"a: b\xe2\x80\xa8c: d\n\x85: e\n")
@example(name=MILESTONE, content=b"---\n\xff")
@example(name=CLIENT_FILE, content=b"\xef\xbb\xbf\xef\xbb\xbfname: a")
def test_random_bytes_are_no_bug(playground: Path, name: str, content: bytes) -> None:
    """Whatever bytes stand in a file: no traceback, and each problem is in a line that exists."""
    _assert_is_told_well(playground, name, content)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(changed=mutations())
def test_damaged_files_are_no_bug(playground: Path, changed: tuple[str, bytes]) -> None:
    """A good file that was damaged somewhere: no traceback, and each problem has its place."""
    _assert_is_told_well(playground, *changed)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    name=st.sampled_from([name for name in TEXT_FILES if name != UPDATE]),
    tree=st.dictionaries(NAMES, TREES, max_size=8),
)
def test_random_trees_are_no_bug(playground: Path, name: str, tree: dict[str, Any]) -> None:
    """Good YAML that says anything: no traceback, and each problem has its place."""
    if name == "mkdocs.yml":
        text = yaml.safe_dump({"extra": {"agency": tree}}, allow_unicode=True)
    elif name.endswith(".md"):
        text = (
            f"---\n{yaml.safe_dump(tree, allow_unicode=True)}---\n## Why it matters\nYou see it.\n"
        )
    else:
        text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=len(tree) % 2 == 0)
    _assert_is_told_well(playground, name, text.encode("utf-8", errors="replace"))


# --- Whatever stands in a folder -----------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize(
    "name",
    [
        b"projects/\xff.txt",
        b"projects/\xffx/client.yml",
        b"projects/_offerings/\xff.yml",
        b"projects/larkfield-vets/\xfe/project.yml",
        b"projects/larkfield-vets/website/\xe2\x80\xae.txt",
        b"projects/larkfield-vets/website/milestones/05-\xff.md",
        b"projects/larkfield-vets/website/milestones/05-a\nb.md",
        b"projects/larkfield-vets/website/updates/2026-02-28-\xff.md",
    ],
)
def test_strange_names_are_shown_plainly(name: bytes, tmp_path: Path) -> None:
    """A name that is no text, or that turns the line around, is told in characters that print."""
    make({}, tmp_path)
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - a Path holds text
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"---\n")
    for form in ("text", "json", "github"):
        ran = check(tmp_path, "--format", form)
        assert "U+" in ran.output
        assert ran.output.replace("\n", "").isprintable()
        assert ran.code in {0, 1}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize(
    "name",
    [CLIENT_FILE, PROJECT_FILE, MILESTONE, UPDATE, f"{PROJECT}/files/home-idea.png"],
)
def test_nothing_waits_for_what_is_no_file(name: str, tmp_path: Path) -> None:
    """A pipe where a file belongs has no place here; reading it would never end."""
    make({"files": {name: None}}, tmp_path)
    os.mkfifo(tmp_path / name)
    rules = {problem["rule"] for problem in problems(tmp_path) if problem["path"] == name}
    assert rules == {"unknown-file"}
    assert check(tmp_path).code in {0, 1}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user"
)
@pytest.mark.parametrize(
    "name", [CLIENT_FILE, MILESTONE, f"{PROJECT}/milestones", PROJECT, "projects/larkfield-vets"]
)
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    """A file or folder that is closed to us is a problem, not a bug."""
    make({}, tmp_path)
    (tmp_path / name).chmod(0)
    found = problems(tmp_path)
    (tmp_path / name).chmod(0o700)
    assert (name, "unreadable") in {(problem["path"], problem["rule"]) for problem in found}


@pytest.mark.parametrize(
    "content", [None, f"everyone: {TOKEN}\n{'x' * 300_000}"], ids=["none", "too large"]
)
def test_a_client_without_its_settings_loses_no_page(content: str | None, tmp_path: Path) -> None:
    """A client.yml that went missing, or grew too large, takes no page away."""
    make({}, tmp_path)
    assert run(tmp_path, "build", "--today", TODAY).code == 0
    page = tmp_path / "site" / "c" / TOKEN / "index.html"
    before = page.read_bytes()
    (tmp_path / CLIENT_FILE).unlink()
    if content:
        (tmp_path / CLIENT_FILE).write_text(content, "utf-8")
    other = tmp_path / "projects/harbour-physio"
    shutil.copytree(tmp_path / "projects/larkfield-vets", other)
    text = "name: Harbour Physio\nlinks:\n  everyone: nq4x2v7tz6hb3wkd5mrycpjgfa\n"
    (other / "client.yml").write_text(text, "utf-8")
    assert run(tmp_path, "build", "--today", TODAY).code == 3
    assert page.read_bytes() == before


# --- Files that try to take for ever -------------------------------------------------------------

SIZE = 256 * 1024 - 200
HEAD = "---\nlabel: Your website is live\noutcome: calls\n"
BODY = f"{HEAD}---\n## Why it matters\n"


def _filled(unit: str, *, before: str = "", after: str = "") -> str:
    """Repeat a piece up to the size that a file may have."""
    room = SIZE - len(before.encode()) - len(after.encode())
    return before + unit * (room // len(unit.encode())) + after


def _bombs() -> Iterator[tuple[str, str, str]]:
    """Name files that are small enough, and cost much where reading is careless."""
    merges = "".join(f"a{n}: &a{n} {{<<: [{f'*a{n - 1}, ' * 20}]}}\n" for n in range(1, 60))
    yield "merge-keys", PROJECT_FILE, f"a0: &a0 {{x: y}}\n{merges}"
    aliases = "".join(f"b{n}: &b{n} [{f'*b{n - 1}, ' * 9}]\n" for n in range(1, 2000))
    yield "aliases", PROJECT_FILE, f"b0: &b0 [x, x]\n{aliases}"
    yield "brackets", PROJECT_FILE, "[" * 100_000
    yield "braces", PROJECT_FILE, _filled("{a: ")
    yield "dashes", PROJECT_FILE, _filled("- ")
    yield "question-marks", PROJECT_FILE, _filled("? ")
    yield "tabs", PROJECT_FILE, _filled("\ta\n")
    yield "garbage", PROJECT_FILE, _filled("\u00e9\u2028{[:- #\x85")
    yield "unknown-keys", PROJECT_FILE, "".join(f"k{n}: v\n" for n in range(22_000))
    yield "equal-keys", PROJECT_FILE, _filled("a: b\n")
    yield "empty-values", PROJECT_FILE, _filled("a:\n")
    yield "one-long-line", PROJECT_FILE, _filled("a, ", before="title: [", after="]")
    yield "one-long-word", MILESTONE, _filled("a", before="---\nstate: ", after="\n---\n")
    yield "one-long-number", MILESTONE, _filled("1", before="---\ndue: ", after="\n---\n")
    yield "many-outcomes", MILESTONE, _filled("x, ", before="---\noutcome: [", after="]\n---\n")
    yield "many-needs", MILESTONE, _filled("  - a: b\n", before="---\nneeds:\n", after="---\n")
    yield "many-links", CLIENT_FILE, _filled(f"  l: {TOKEN}\n", before="name: a\nlinks:\n")
    pieces = ["[", "![", "[\n", "<a ", "<img src ", "`a``", "<!---->", "<!--", "[](a)", "[a](b)\n"]
    pieces += ["<", "{", "](", "[a](", "![a](x.png)\n", "## a\n", "```\n", "_a", "&amp;", "<<<<<<<"]
    for number, piece in enumerate(pieces):
        yield f"text-{number}", UPDATE, _filled(piece)
        yield f"answer-{number}", MILESTONE, _filled(piece, before=BODY)
    yield "spaces-in-heading", MILESTONE, _filled(" ", before=f"{BODY}\n## a", after="x\n")
    yield "signs-in-heading", MILESTONE, _filled(" #", before=f"{BODY}\n## a", after="x\n")
    yield "back-ticks", MILESTONE, BODY + "`" * 130_000 + "a" * 120_000
    yield "runs-of-back-ticks", MILESTONE, BODY + "a".join("`" * n for n in range(1, 700))
    yield "spaces-in-tag", MILESTONE, _filled(" ", before=f"{BODY}<a ")
    yield "attributes-in-tag", MILESTONE, _filled("src ", before=f"{BODY}<a ")


def test_many_mistakes_are_told_in_parts(tmp_path: Path) -> None:
    """Of very many mistakes the first fifty are told, and that there are more."""
    keys = "".join(f"k{number}: v\n" for number in range(200))
    make(
        {"files": {PROJECT_FILE: f"title: Your new website\nstarts: 2026-01-05\n{keys}"}}, tmp_path
    )
    rules = [problem["rule"] for problem in problems(tmp_path) if problem["path"] == PROJECT_FILE]
    assert rules.count("unknown-key") == 50
    assert rules.count("more-problems") == 1


@pytest.mark.parametrize(("name", "text"), [pytest.param(n, t, id=i) for i, n, t in _bombs()])
def test_no_file_takes_for_ever(name: str, text: str, tmp_path: Path) -> None:
    """A file as large as is read is checked in less than two seconds, and told in few words.

    Where others use the machine, too, even time of the processor is counted up to double: so the
    best of three counts.
    """
    make({"files": {name: text}}, tmp_path)
    took: list[float] = []
    while not took or (took[-1] >= 2 and len(took) < 3):
        begun = time.process_time()
        ran = check(tmp_path, "--no-cache")
        took.append(time.process_time() - begun)
    assert min(took) < 2, took
    assert ran.code in {0, 1}
    assert len(ran.output) < 100_000
