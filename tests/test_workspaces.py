"""The whole tool: the files of a case in; what commands say, progress.json and pages out.

A case is a folder of tests/workspaces/. `pytest --update-golden` writes its `expected/` anew.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.workspace import WORKSPACES, Workspace, copy_workspace, tokens_of

if TYPE_CHECKING:
    from pathlib import Path

CASES = sorted(path.parent for path in WORKSPACES.glob("*/case.yml"))
VOID = frozenset({"br", "hr", "img", "input", "source", "wbr"})
HIDDEN = ' aria-hidden="true"'


class _Outline(HTMLParser):
    """Write a page's `<main>` with one tag a line, indented, texts behind their tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.depth = 0
        self.is_inside = False
        self.is_fresh = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_inside = self.is_inside or tag == "main"
        if not self.is_inside:
            return
        written = "".join(
            f" {name}" if value is None else f' {name}="{html.escape(value)}"'
            for name, value in attrs
        )
        # Icons are many: they take one line, without what all of them have.
        written = written.replace(HIDDEN, "")
        if tag == "use":
            self.lines[-1] += f" {dict(attrs)['href']}"
            return
        self.lines.append(f"{'  ' * self.depth}<{tag}{written}>")
        self.is_fresh = tag not in VOID
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag != "use" and tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.is_inside or tag in VOID or tag == "use":
            return
        self.depth -= 1
        self.is_fresh = False
        self.is_inside = tag != "main"

    def handle_data(self, data: str) -> None:
        text = " ".join(data.replace("\u00a0", "~").split())
        if not self.is_inside or not text:
            return
        if self.is_fresh:
            self.lines[-1] += f" {text}"
        else:
            self.lines.append(f"{'  ' * self.depth}{text}")
        self.is_fresh = False


def outline(page: str) -> str:
    """Write a page's `<main>` so that people can read it; `~` keeps words together."""
    parser = _Outline()
    parser.feed(page)
    parser.close()
    return "".join(f"{line}\n" for line in parser.lines)


def _results(case: Path, workspace: Workspace) -> dict[str, str]:
    """Run the commands of a case; return its expected files' names and contents."""
    wanted = yaml.safe_load((case / "case.yml").read_text("utf-8"))
    transcript = []
    for command in wanted["commands"]:
        name, *options = command.split()
        dated = [] if name == "links" else ["--today", str(wanted["today"])]
        ran = workspace.run(name, *options, *dated)
        transcript.append(f"$ site-builder {command}\n{ran.output}exit {ran.code}\n")
    results = {"transcript.txt": "\n".join(transcript)}
    tokens = tokens_of(workspace.root)
    pages = wanted["pages"]
    if isinstance(pages, list):
        pages = dict.fromkeys(tokens, pages)
    for client, addresses in pages.items():
        folder = workspace.site / "c" / tokens[client]
        data = folder / "progress.json"
        if data.is_file():  # the page of an offering has none
            read = json.loads(data.read_text("utf-8"))
            shown = json.dumps(read, ensure_ascii=False, indent=1)
            results[f"{client}/progress.json"] = f"{shown}\n"
        for address in addresses:
            name = address.strip("/").replace("/", ".") or "index"
            page = (folder / address / "index.html").read_text("utf-8")
            results[f"{client}/{name}.txt"] = outline(page)
    return results


def _expected(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_workspace_gives_what_is_expected(
    case: Path, tmp_path: Path, *, update_golden: bool
) -> None:
    """The same files and the same day give the same words, data and pages."""
    found = _results(case, copy_workspace(case, tmp_path / "agency"))
    folder = case / "expected"
    if update_golden:
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text.encode())
        return
    expected = _expected(folder)
    assert sorted(found) == sorted(expected), "run `make golden`, and read the diff"
    for name, text in found.items():
        assert text == expected[name], f"{case.name}/expected/{name}"


def _with_mistakes() -> list[tuple[Path, dict[str, Any]]]:
    read = ((path, yaml.safe_load((path / "case.yml").read_text("utf-8"))) for path in CASES)
    return [(path, case) for path, case in read if "mistakes" in case]


@pytest.mark.parametrize(
    ("path", "case"), _with_mistakes(), ids=lambda value: getattr(value, "name", "")
)
def test_each_mistake_is_one_error_at_its_line(
    path: Path, case: dict[str, Any], tmp_path: Path
) -> None:
    """So many mistakes in so many files are so many errors in one run, no more and no fewer."""
    workspace = copy_workspace(path, tmp_path / "agency")
    ran = workspace.run("check", "--format", "json", "--today", str(case["today"]))
    found = [
        f"{problem['path']}:{problem['line']} {problem['rule']}"
        for problem in json.loads(ran.output)
        if problem["severity"] == "error"
    ]
    assert sorted(found) == sorted(case["mistakes"])
    assert ran.code == 1


def test_what_may_not_act_stands_on_no_page(hostile: Workspace) -> None:
    """Scripts, styles, handlers, drafts and notes for the team reach no file that is published."""
    case = yaml.safe_load((WORKSPACES / "hostile" / "case.yml").read_text("utf-8"))
    for path in sorted(hostile.site.rglob("*")):
        if path.is_file():
            text = path.read_bytes().lower()
            for words in case["never"]:
                is_data = path.suffix in {".json", ".ics"} and words.startswith(("<", "=", " "))
                assert is_data or words.lower().encode() not in text, f"{path.name}: {words}"


def test_what_looks_like_markup_is_read_as_it_was_written(hostile: Workspace) -> None:
    """Names, titles and labels arrive letter by letter, whatever they try to be."""
    folder = hostile.site / "c" / tokens_of(hostile.root)["ampers-and-sons"]
    landing = (folder / "index.html").read_text("utf-8")
    texts = html.unescape(re.sub(r"<[^>]*>", "\0", landing))
    for words in (
        "Ampers & Sons <Ltd>",
        "</title><script>alert(1)</script>",
        "Said \"yes\" & 'no' <b>",
        '🎉 Party <3 & "links" 🐈',
        "&lt;b&gt; stays as it is",
        "אישור העיצוב, step 4",
        '"><img src=x onerror=alert(2)>',
        'Read "all" of it & say <b>yes</b>',
        "ليلى حداد",
    ):
        assert words in texts, words
    data = json.loads((folder / "progress.json").read_text("utf-8"))
    assert data["client"] == "Ampers & Sons <Ltd>"
    assert data["projects"][0]["title"] == "</title><script>alert(1)</script>"
    attributes = (folder / "portal" / "attributes" / "index.html").read_text("utf-8")
    assert "{{ 7 * 7 }}" in attributes, "no template of ours runs an author's braces"
    assert "site_name: " not in attributes, "no file is pasted in"
