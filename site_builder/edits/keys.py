"""Change keys of a YAML file so that only the lines concerned change.

A change is made on the text, at the places that `source` knows; then the text is read again. If it
does not say exactly what it said before with this one change, nothing is changed.
"""

from __future__ import annotations

import copy
import datetime
import json
import re
from typing import TYPE_CHECKING, Any

from site_builder.edits.lines import Lines
from site_builder.errors import NotWritten
from site_builder.scaffold.texts import yaml_text
from site_builder.source.document import Document, Span, parse_document
from site_builder.source.texts import split_front_matter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from site_builder.source.document import Loc

Value = str | datetime.date

_SIGNS_OF_FLOW = re.compile(r"[,:\[\]{}]")
"""What ends a text without quotes inside of brackets, or may."""
_HEAD_OF_A_BLOCK = re.compile(r"[|>][-+0-9]*(?P<comment>[ \t]+#[^\n]*)?")


def _written(value: Value, *, quote: str = "", in_flow: bool = False) -> str:
    """Write a value on one line, in the quotes that it had or needs."""
    text = str(value)
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    if quote or (in_flow and _SIGNS_OF_FLOW.search(text)):
        return json.dumps(text, ensure_ascii=False)
    return text if isinstance(value, datetime.date) else yaml_text(text)


def _bracketed(fields: Mapping[str, Value]) -> str:
    return f"{{{', '.join(f'{key}: {_written(value, in_flow=True)}' for key, value in fields.items())}}}"


class Keys:
    """The keys of one file: front matter, or a file that is all YAML."""

    def __init__(self, typed: str, path: str) -> None:
        """Read the file; it must be one without errors."""
        self.lines = Lines(typed)
        self._path = path
        self.document = self._read()

    def _read(self) -> Document:
        text = self.lines.text
        if not self._path.endswith(".md"):
            return parse_document(text, self._path)
        parts = split_front_matter(text, self._path, [])
        return parts[0] if parts else Document(path=self._path)

    def part(self, scope: Loc, document: Document | None = None) -> Any:
        """Return what stands at a place, as text."""
        found: Any = (document or self.document).tree
        for step in scope:
            found = found[step]
        return found

    def _settle(self, expected: Any, change: str) -> None:
        """Read the text again.

        Raises:
            NotWritten: if it says anything but what is expected.
        """
        self.document = self._read()
        if self.document.tree != expected or self.document.is_broken:
            raise NotWritten(
                f"{self._path} is written in a way that cannot be changed safely here; {change} by hand"
            )

    def _expected(self, scope: Loc) -> tuple[Any, Any]:
        """Copy what the file says; the second part is what stands at the scope."""
        document = copy.copy(self.document)
        document.tree = copy.deepcopy(document.tree)
        return document.tree, self.part(scope, document)

    def set(self, scope: Loc, key: str, value: Value, *, after: Iterable[str] = ()) -> None:
        """Give a key a value; a new one stands behind the first of `after` that is there."""
        tree, part = self._expected(scope)
        if part.get(key) == str(value):
            return
        part[key] = str(value)
        if (*scope, key) in self.document.values:
            self._replace((*scope, key), value, in_flow=scope in self.document.flow)
        else:
            written = _written(value, in_flow=scope in self.document.flow)
            self._insert(scope, [f"{key}: {written}"], after)
        self._settle(tree, f"write {key}: {value}")

    def put_mapping(self, key: str, fields: Mapping[str, Value], *, after: Iterable[str]) -> None:
        """Give the file a new key with keys of its own; `after` is meant as in `set`."""
        tree, part = self._expected(())
        part[key] = {name: str(value) for name, value in fields.items()}
        entries = [f"  {name}: {_written(value)}" for name, value in fields.items()]
        self._insert((), [f"{key}:", *entries], after)
        self._settle(tree, f"write {key}")

    def remove(self, scope: Loc, key: str) -> None:
        """Take a key away with its value; one that is not there is no mistake."""
        tree, part = self._expected(scope)
        if part.pop(key, None) is None:
            return
        if scope in self.document.flow:
            self._cut_from_brackets(scope, key)
        else:
            self._cut_lines(scope, key)
        self._settle(tree, f"remove {key}")

    def append(
        self, scope: Loc, key: str, fields: Mapping[str, Value], *, after: Iterable[str] = ()
    ) -> None:
        """Add an entry to a list of entries, in the manner of those that are there."""
        tree, part = self._expected(scope)
        part.setdefault(key, []).append({name: str(value) for name, value in fields.items()})
        place = (*scope, key)
        document, count = self.document, len(part[key]) - 1
        if place in document.flow:
            start, end = document.values[place], document.ends[place]
            if count:
                start = end = document.ends[*place, count - 1]
            words = f", {_bracketed(fields)}" if count else f"[{_bracketed(fields)}]"
            self.lines.put(start, end, words)
        elif place in document.values:
            last = (*place, count - 1)
            indent = document.values[place].column - 1
            entry = self._entry(fields, self._offset(last, indent), is_flow=last in document.flow)
            self.lines.insert(document.ends[last].line, [" " * indent + line for line in entry])
        elif scope in document.flow:
            self._insert(scope, [f"{key}: [{_bracketed(fields)}]"], after)
        else:
            indent = self._indent_of_lists(scope)
            entry = [" " * indent + line for line in self._entry(fields, 2)]
            self._insert(scope, [f"{key}:", *entry], after)
        self._settle(tree, f"add an entry to {key}")

    @staticmethod
    def _entry(fields: Mapping[str, Value], offset: int, *, is_flow: bool = False) -> list[str]:
        """Write an entry of a list whose dash stands `offset` columns before its keys."""
        if is_flow:
            return ["-".ljust(offset) + _bracketed(fields)]
        lines = [f"{key}: {_written(value)}" for key, value in fields.items()]
        lead = ["-".ljust(offset), *[" " * offset] * (len(lines) - 1)]
        return [space + line for space, line in zip(lead, lines, strict=True)]

    def _offset(self, entry: Loc, dash: int) -> int:
        """Tell how far an entry's keys stand from its dash."""
        start = self.document.values[entry]
        before = self.lines.line(start.line)[: start.column - 1]
        return start.column - 1 - dash if before.strip() == "-" else 2

    def _indent_of_lists(self, scope: Loc) -> int:
        """Tell how far the dashes of a list stand from its key: as in the lists that are there."""
        document = self.document
        for key in self._siblings(scope):
            place = (*scope, key)
            if isinstance(self.part(place), list) and place not in document.flow:
                return document.values[place].column - document.keys[place].column
        return 2

    def _siblings(self, scope: Loc) -> list[str]:
        """List the keys of a mapping in the order of the file."""
        return list(self.part(scope))

    def _insert(self, scope: Loc, lines: Sequence[str], after: Iterable[str]) -> None:
        siblings = self._siblings(scope)
        if not siblings:
            self.lines.insert(self.document.first_line - 1, lines)
            return
        near = (*scope, next((key for key in after if key in siblings), siblings[-1]))
        end = self.document.ends[near]
        if scope in self.document.flow:
            self.lines.put(end, end, f", {lines[0]}")
        else:
            indent = " " * (self.document.keys[near].column - 1)
            self.lines.insert(end.line, [indent + line for line in lines])

    def _replace(self, place: Loc, value: Value, *, in_flow: bool) -> None:
        start, end = self.document.values[place], self.document.ends[place]
        old = self.lines.between(start, end)
        words = _written(value, quote=old[0] if old[0] in "\"'" else "", in_flow=in_flow)
        if head := _HEAD_OF_A_BLOCK.match(old):
            words += head["comment"] or ""
        self.lines.put(start, end, words)

    def _cut_lines(self, scope: Loc, key: str) -> None:
        """Take a key away that has lines of its own, or begins behind the dash of an entry."""
        siblings = self._siblings(scope)
        start, end = self.document.keys[*scope, key], self.document.ends[*scope, key]
        before = self.lines.line(start.line)[: start.column - 1]
        following = siblings[siblings.index(key) + 1 :]
        if not before.strip():
            self.lines.delete(start.line, end.line)
        elif following and self.document.keys[*scope, following[0]].line == end.line + 1:
            self.lines.put(start, self.document.keys[*scope, following[0]], "")
        else:  # a comment stands between the dash and the next key
            self.lines.put(Span(start.line, len(before.rstrip()) + 1), self._line_end(end.line), "")

    def _line_end(self, number: int) -> Span:
        return Span(number, len(self.lines.line(number)) + 1)

    def _cut_from_brackets(self, scope: Loc, key: str) -> None:
        """Take a key away between braces, with one of the commas around it."""
        siblings, document = self._siblings(scope), self.document
        index = siblings.index(key)
        start, end = document.keys[*scope, key], document.ends[*scope, key]
        if index:
            previous = document.ends[*scope, siblings[index - 1]]
            if "#" not in self.lines.between(previous, start):
                self.lines.put(previous, end, "")
                return
        if index + 1 < len(siblings):
            following = document.keys[*scope, siblings[index + 1]]
            if "#" not in self.lines.between(end, following):
                self.lines.put(start, following, "")
                return
        # Comments stand on both sides: they stay, and the comma goes with the key.
        rest = self.lines.between(end, self._line_end(end.line))
        comma = re.match(r"[ \t]*,", rest)
        self.lines.put(start, Span(end.line, end.column + (comma.end() if comma else 0)), "")
        if not self.lines.line(start.line).strip():
            self.lines.delete(start.line, start.line)
