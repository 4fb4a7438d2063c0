"""The files of one project: which of them its pages use, and whether they may."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from site_builder import drawings, pictures
from site_builder.errors import Problem, Severity, first_problems, suggestion, visible
from site_builder.model.fields import is_web_link
from site_builder.model.project import Deliverable, PublishedFile
from site_builder.parse import kinds
from site_builder.parse.limits import excess
from site_builder.parse.markdown import Target, targets

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from site_builder.model.parts import FileEntry
    from site_builder.source.document import Document, Loc
    from site_builder.source.files import DiskFile

_WEB_ADDRESS = re.compile(r"www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}/", re.IGNORECASE)
"""What looks like an address without its https:."""


@dataclass(slots=True)
class FileShelf:
    """Collects the files that pages use; everything else stays unpublished."""

    files: dict[str, DiskFile]
    steps: dict[str, str]
    """From a milestone's file to its id."""
    refused: Collection[str] = ()
    """Names that are problems already."""
    used: dict[str, PublishedFile] = field(default_factory=dict)

    def _is_told(self, target: str) -> bool:
        """Tell whether a file, or a folder around it, is a problem already."""
        path = posixpath.normpath(target)
        return any(path == name or path.startswith(f"{name}/") for name in self.refused)

    def _refusal(self, target: str) -> tuple[str, str, str] | None:
        """Say why a file cannot be used: rule, message, hint."""
        path = posixpath.normpath(target)
        if (
            target.startswith(("/", "\\"))
            or path.startswith("..")
            or "\\" in target
            or ":" in target
        ):
            return (
                "outside-path",
                f"'{target}' leaves the project's folder",
                "put the file into files/ and name it from the project's folder",
            )
        disk = self.files.get(path)
        if disk is None:
            if _WEB_ADDRESS.match(target):
                hint = f"write https://{target} if it is an address on the web"
            elif self.files:
                hint = suggestion(path, [*self.files, *self.steps])
            else:
                hint = "put it into files/ of this project"
            return "missing-file", f"there is no file '{target}'", hint
        if unlike := kinds.mismatch(disk.path):
            return unlike
        if disk.unusable:
            return "picture", f"{target}: {disk.unusable[0]}", disk.unusable[1]
        try:
            if path.lower().endswith(".svg"):
                drawings.clean_drawing(disk.path)
            elif disk.picture and path not in self.used:
                pictures.verify(disk.path)
        except pictures.UnusablePicture as error:
            return "picture", f"{target}: {error}", error.hint
        return None

    def _use(self, target: str, *, is_shown: bool = False) -> PublishedFile:
        path = posixpath.normpath(target)
        disk = self.files[path]
        before = self.used.get(path)
        self.used[path] = PublishedFile(
            target=path,
            path=disk.path,
            size=disk.size,
            picture=disk.picture,
            is_given=not is_shown or (before is not None and before.is_given),
            is_shown=is_shown or (before is not None and before.is_shown),
        )
        return self.used[path]

    def check_target(
        self, document: Document, loc: Loc, target: str, problems: list[Problem]
    ) -> None:
        """Check a link or file that stands in YAML."""
        if is_web_link(target) or self._is_told(target):
            return
        if refusal := self._refusal(target):
            problems.append(document.problem(loc, *refusal))
        else:
            self._use(target)

    def deliverables(
        self, document: Document, loc: Loc, entries: Sequence[FileEntry], problems: list[Problem]
    ) -> tuple[Deliverable, ...]:
        """Turn a step's `files` into what the client gets."""
        found = []
        for index, entry in enumerate(entries):
            if entry.url:
                found.append(
                    Deliverable(
                        title=entry.title, target=entry.url, kind=entry.kind or "", size=None
                    )
                )
            elif entry.file:
                self.check_target(document, (*loc, index, "file"), entry.file, problems)
                path = posixpath.normpath(entry.file)
                if path in self.used:
                    found.append(
                        Deliverable(
                            title=entry.title,
                            target=path,
                            kind=entry.kind or "",
                            size=self.used[path].size,
                        )
                    )
        return tuple(found)

    def check_markdown(
        self, path: str, text: str, first_line: int, problems: list[Problem]
    ) -> None:
        """Check every link and picture of a Markdown text; raw HTML only gives warnings."""
        if found := excess(text):
            above = text[: found.start]
            problems.append(
                Problem(
                    path=path,
                    line=first_line + above.count("\n"),
                    column=found.start - above.rfind("\n"),
                    width=1,
                    rule=found.rule,
                    message=found.message,
                    hint=found.hint,
                )
            )
            return
        problems += first_problems(
            problem
            for target in targets(text, first_line)
            if (problem := self._problem(path, target))
        )

    def _problem(self, path: str, target: Target) -> Problem | None:
        found = self._finding(target)
        if found is None:
            return None
        rule, message, hint = found
        is_left_out = target.is_raw or rule in {"link-scheme", "picture-moves"}
        return Problem(
            path=path,
            line=target.line,
            column=target.column,
            width=len(target.text),
            rule=rule,
            message=visible(message),
            hint=visible(hint),
            severity=Severity.WARNING if is_left_out else Severity.ERROR,
        )

    def _finding(self, target: Target) -> tuple[str, str, str] | None:
        """Say what is wrong with a link or picture (rule, message, hint); use a good file."""
        address = html.unescape(target.text)
        if is_web_link(address):
            if target.is_picture:
                return (
                    "outside-picture",
                    "pictures come from the project's own folder only",
                    "save it into files/ and show it from there",
                )
            return None
        name = unquote(address.split("#")[0].split("?")[0])
        if not name:
            return None
        if ":" in address.split("/")[0] or address.startswith("//"):
            return (
                "link-scheme",
                f"'{target.text}' is not a kind of link that pages keep",
                "links begin with https:, http:, mailto: or tel:",
            )
        if posixpath.normpath(name) in self.steps or self._is_told(name):
            return None
        if refusal := self._refusal(name):
            whole = next((file for file in self.files if file.startswith(f"{name} ")), None)
            if whole and refusal[0] == "missing-file":
                return (*refusal[:2], f"a name with spaces stands in < >: write (<{whole}>)")
            return refusal
        used = self._use(name, is_shown=target.is_picture)
        return _picture_finding(name, used, target) if target.is_picture else None


def _picture_finding(name: str, used: PublishedFile, target: Target) -> tuple[str, str, str] | None:
    """Say what is wrong with a picture that is there."""
    if used.picture is None:
        return (
            "picture",
            f"'{name}' is not a picture that pages can show",
            "save it as PNG, JPEG or WebP",
        )
    if pictures.is_narrow(used.picture):
        return (
            "picture",
            f"one side of '{name}' is more than {pictures.MAX_RATIO} times as long as the other",
            "cut out the part that matters, or link to it: [the whole page](\u2026)",
        )
    if not target.alt and not target.is_raw:
        return (
            "alt-text",
            "this picture has no description",
            "write between the brackets what it shows: ![A booking page with three clinics](\u2026)",
        )
    if pictures.is_moving(used.path):
        return (
            "picture-moves",
            f"'{name}' moves, and pages show its first frame only",
            "give a film as a file: MP4, under files:; or choose the frame that says most",
        )
    return None
