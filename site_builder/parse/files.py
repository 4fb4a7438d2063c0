"""The files of one project: which of them its pages use, and whether they may."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from site_builder import pictures
from site_builder.errors import Problem, Severity, suggestion, visible
from site_builder.model.fields import is_web_link
from site_builder.model.project import Deliverable, PublishedFile
from site_builder.parse.markdown import targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.model.written import FileEntry
    from site_builder.source.document import Document, Loc
    from site_builder.source.files import DiskFile

KINDS = frozenset(
    {"pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "zip", "mp3", "mp4", "svg"}
) | {suffix.removeprefix(".") for suffix in pictures.SUFFIXES}


@dataclass(slots=True)
class FileShelf:
    """Collects the files that pages use; everything else stays unpublished."""

    files: dict[str, DiskFile]
    steps: dict[str, str]
    """From a milestone's file to its id."""
    used: dict[str, PublishedFile] = field(default_factory=dict)

    def _refusal(self, target: str) -> tuple[str, str, str] | None:
        """Say why a file cannot be used: rule, message, hint."""
        path = posixpath.normpath(target)
        if target.startswith(("/", "\\")) or path.startswith("..") or "\\" in target or ":" in target:
            return "outside-path", f"'{target}' leaves the project's folder", "put the file into files/ and name it from the project's folder"
        disk = self.files.get(path)
        if disk is None:
            return "missing-file", f"there is no file '{target}'", suggestion(path, self.files) if self.files else "put it into files/ of this project"
        if path.rpartition(".")[2].lower() not in KINDS:
            return "file-kind", f"files like '{posixpath.basename(path)}' are not published", "export it as PDF, or put it into a ZIP file"
        if disk.unusable:
            return "picture", f"{target}: {disk.unusable[0]}", disk.unusable[1]
        if path.lower().endswith(".svg"):
            try:
                pictures.safe_svg(disk.path)
            except pictures.UnusablePicture as error:
                return "picture", f"{target}: {error}", error.hint
        return None

    def _use(self, target: str, *, is_given: bool = False) -> PublishedFile:
        path = posixpath.normpath(target)
        disk = self.files[path]
        before = self.used.get(path)
        is_given = is_given or (before is not None and before.is_given)
        self.used[path] = PublishedFile(target=path, path=disk.path, size=disk.size, picture=disk.picture, is_given=is_given)
        return self.used[path]

    def check_target(self, document: Document, loc: Loc, target: str, problems: list[Problem], *, is_given: bool = False) -> None:
        """Check a link or file that stands in YAML."""
        if is_web_link(target):
            return
        if refusal := self._refusal(target):
            problems.append(document.problem(loc, *refusal))
        else:
            self._use(target, is_given=is_given)

    def deliverables(self, document: Document, loc: Loc, entries: Sequence[FileEntry], problems: list[Problem]) -> tuple[Deliverable, ...]:
        """Turn a step's `files` into what the client gets."""
        found = []
        for index, entry in enumerate(entries):
            if entry.url:
                found.append(Deliverable(title=entry.title, target=entry.url, kind=entry.kind or "", size=None))
            elif entry.file:
                self.check_target(document, (*loc, index, "file"), entry.file, problems, is_given=True)
                path = posixpath.normpath(entry.file)
                if path in self.used:
                    found.append(Deliverable(title=entry.title, target=path, kind=entry.kind or "", size=self.used[path].size))
        return tuple(found)

    def check_markdown(self, path: str, text: str, first_line: int, problems: list[Problem]) -> None:
        """Check every link and picture of a Markdown text."""
        for target in targets(text, first_line):
            name = unquote(target.text.split("#")[0].split("?")[0])
            if not name or (is_web_link(target.text) and not target.is_picture):
                continue

            def complain(rule: str, message: str, hint: str, severity: Severity = Severity.ERROR, at: tuple[int, int, int] = (target.line, target.column, len(target.text))) -> None:
                line, column, width = at
                problems.append(Problem(path=path, line=line, column=column, width=width, rule=rule, message=visible(message), hint=visible(hint), severity=severity))

            if target.is_picture and is_web_link(target.text):
                complain("outside-picture", "pictures come from the project's own folder only", "save it into files/ and show it from there")
            elif ":" in name.split("/")[0] or name.startswith("//"):
                complain("link-scheme", f"'{target.text}' is not a kind of link that pages keep", "links begin with https:, http:, mailto: or tel:", Severity.WARNING)
            elif posixpath.normpath(name) in self.steps:
                continue
            elif refusal := self._refusal(name):
                complain(*refusal)
            else:
                used = self._use(name)
                if target.is_picture and used.picture is None:
                    complain("picture", f"'{name}' is not a picture that pages can show", "save it as PNG, JPEG or WebP")
                elif target.is_picture and not target.alt:
                    complain("alt-text", "this picture has no description", "write what it shows between the brackets: ![A booking page with three clinics](…)")
