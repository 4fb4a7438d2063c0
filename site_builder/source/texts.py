"""Read one text file of a workspace: its encoding, its YAML, and the Markdown below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder.errors import Problem, Severity, visible
from site_builder.model.characters import hidden_in_text
from site_builder.source.document import Document, Span, control_characters, parse_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 256 * 1024
WHOLE_FILE = Span(1, 1, 0)
_CONFLICT = re.compile(r"^(<{7}|>{7})( .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One text file: its YAML with places, and the Markdown below it."""

    path: str
    name: str
    """The id or date that stands in the file's name."""
    order: int
    """The number in front of the name; 0 without one."""
    document: Document
    body: str
    body_line: int
    """The line of the file on which the body begins."""


def with_newlines(text: str) -> str:
    """End every line as Unix does."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shown_path(root: Path, path: Path) -> str:
    """Write a path as problems name it: from the workspace, with forward slashes."""
    return visible(path.relative_to(root).as_posix())


def read_text(root: Path, path: Path, problems: list[Problem]) -> str | None:
    """Read a text file, or say why it cannot be read."""
    shown = shown_path(root, path)

    def refuse(rule: str, message: str, hint: str, span: Span = WHOLE_FILE) -> None:
        problems.append(
            Problem(
                path=shown,
                line=span.line,
                column=span.column,
                width=span.width,
                rule=rule,
                message=message,
                hint=hint,
            )
        )

    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            refuse(
                "file-size",
                f"this file is too large: {-(-size // 1024)} KiB",
                f"keep it below {MAX_BYTES // 1024} KiB; pictures and documents belong in files/",
            )
            return None
        data = path.read_bytes()
    except OSError as error:
        refuse("unreadable", f"this file cannot be read: {error.strerror}", "check its permissions")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = error.object[: error.start].decode("utf-8-sig", "replace")
        *above, last = with_newlines(readable).split("\n")
        span = Span(len(above) + 1, len(last) + 1)
        refuse("encoding", "this file is not UTF-8 text", "save it with the encoding UTF-8", span)
        return None
    text = with_newlines(text)
    control = control_characters(text, shown)
    problems.extend(control or _hidden_characters(text, shown))
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        refuse(
            "merge-conflict",
            "git left a merge conflict here",
            "keep the lines that are right, and delete the marks <<<<<<<, ======= and >>>>>>>",
            Span(line, 1, len(conflict.group())),
        )
        return None
    return None if control else text


def _hidden_characters(text: str, path: str) -> list[Problem]:
    """Warn of the first character that nobody sees, and that does something."""
    at = hidden_in_text(text)
    if at is None:
        return []
    turns = text[at] in "\u202d\u202e"
    does = "turns the letters behind it around" if turns else "hides between letters"
    return [
        Problem(
            path=path,
            line=text.count("\n", 0, at) + 1,
            column=at - text.rfind("\n", 0, at),
            width=1,
            rule="invisible-character",
            message=f"{visible(text[at])} stands in this text: nobody sees it, and it {does}",
            hint="delete the word around it, and type it anew",
            severity=Severity.WARNING,
        )
    ]


def split_front_matter(
    text: str, path: str, problems: list[Problem]
) -> tuple[Document, str, int] | None:
    """Split a milestone into its YAML and its Markdown."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        problems.append(
            Problem(
                path=path,
                rule="front-matter",
                message="a milestone begins with a line ---",
                hint="write ---, then the keys (label, due …), then --- again, then the text",
            )
        )
        return None
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() in {"---", "..."}:
            document = parse_document("\n".join(lines[1 : number - 1]), path, 2)
            return document, "\n".join(lines[number:]), number + 1
        if line.startswith("## "):
            problems.append(
                Problem(
                    path=path,
                    line=number,
                    width=len(line),
                    rule="front-matter",
                    message="the text begins before the keys at the top are closed",
                    hint="write a line --- above this heading",
                )
            )
            return None
    problems.append(
        Problem(
            path=path,
            rule="front-matter",
            message="the keys at the top are never closed",
            hint="write a line --- below them, and then the text",
        )
    )
    return None


def read_yaml_file(
    root: Path, path: Path, problems: list[Problem], name: str = ""
) -> SourceFile | None:
    """Read a YAML file; what is wrong with it as a file joins the problems."""
    text = read_text(root, path, problems)
    if text is None:
        return None
    return parsed_file(text, shown_path(root, path), problems, name)


def parsed_file(text: str, path: str, problems: list[Problem], name: str = "") -> SourceFile:
    """Take a text for a YAML file; what is wrong with it joins the problems."""
    document = parse_document(text, path)
    problems.extend(document.problems())
    return SourceFile(path=path, name=name, order=0, document=document, body="", body_line=1)


def read_as_it_is(path: Path) -> str | None:
    """Read only the text of a file with private links, as far as it can be; None if there is none.

    Its links count even where the file is not UTF-8, so that a typing mistake removes no page.
    """
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        return None


def text_lines(root: Path, path: str) -> Sequence[str]:
    """Return the lines of a file, for the frames of problems; none if it cannot be read."""
    if not (root / path).is_file():
        return ()
    try:
        text = (root / path).read_text("utf-8-sig", errors="replace")
    except OSError:
        return ()
    return with_newlines(text).split("\n")
