"""YAML as text with places: every value is a string, a list or a mapping, and knows its line.

Features of YAML that make a file say something else than it seems to (anchors, aliases, merge
keys, tags, duplicate keys) are problems, each with its own words. PyYAML's events are composed
here because its loaders drop places, and merge keys cost a plain load seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from site_builder.errors import Problem, Severity, first_problems, visible
from site_builder.source.dots import CLIENT_FILE, dotted
from site_builder.source.explain import explain, in_quotes

Loc = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top."""
_Event = Any  # which fields an event has depends on its kind; PyYAML's types do not say
Tree = str | list["Tree"] | dict[str, "Tree"]

MAX_DEPTH = 20
MAX_FOUND = 1000
"""YAML with more mistakes than these is not read to its end."""
OPENING_QUOTES = "\u201c\u201e\u201d\u00ab\u2018\u2019\u201a"
CLOSING_QUOTES = "\u201d\u201c\u00bb\u2019\u2018"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_COMMENT = re.compile(r"[ \t]+#\d")
_LOST = re.compile(r"[ \t]+#[^\s#]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: line and column from 1, and how many characters."""

    line: int
    column: int
    width: int = 1


@dataclass(slots=True)
class Document:
    """What one piece of YAML says, and where."""

    path: str
    first_line: int = 1
    """The line of the file on which the YAML begins."""
    tree: Tree = field(default_factory=dict)
    values: dict[Loc, Span] = field(default_factory=dict)
    keys: dict[Loc, Span] = field(default_factory=dict)
    ends: dict[Loc, Span] = field(default_factory=dict)
    """The place behind each value's last character."""
    flow: set[Loc] = field(default_factory=set)
    """Lists and mappings that are written in brackets."""
    empty: set[Loc] = field(default_factory=set)
    """Keys without a value: they are problems already, and absent from `tree`."""
    found: list[tuple[Loc, Problem]] = field(default_factory=list)

    def span(self, loc: Loc, *, key: bool = False) -> Span:
        """Find the place of a value (or its key), or of the nearest thing around it."""
        if key and loc in self.keys:
            return self.keys[loc]
        for end in range(len(loc), 0, -1):
            if loc[:end] in self.values:
                return self.values[loc[:end]]
        return self.values.get((), Span(self.first_line, 1))

    def problem(
        self,
        loc: Loc,
        rule: str,
        message: str,
        hint: str = "",
        *,
        key: bool = False,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Make a problem at the place of a value or of its key."""
        return self.problem_at(self.span(loc, key=key), rule, message, hint, severity=severity)

    def problem_at(
        self,
        span: Span,
        rule: str,
        message: str,
        hint: str = "",
        *,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """Make a problem at a place of this file."""
        return Problem(
            path=self.path,
            line=span.line,
            column=span.column,
            width=max(1, span.width),
            rule=rule,
            message=visible(message),
            hint=visible(hint),
            severity=severity,
        )

    def problems(self, scope: Loc = ()) -> list[Problem]:
        """List what is wrong with the YAML itself at or below `scope`, or breaks all of it."""
        size = len(scope)
        return first_problems(
            problem for loc, problem in self.found if loc[:size] == scope or loc == ("*",)
        )

    @property
    def is_broken(self) -> bool:
        """Tell whether the YAML could not be read to its end."""
        return any(loc == ("*",) for loc, _ in self.found)


class _Unreadable(Exception):
    """The rest of the YAML cannot be read."""


class _Composer:
    """Build a `Document` from the events of one piece of YAML."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        # What YAML takes for further line breaks would shift the lines: LF is the only one here.
        text = re.sub("[\x85\u2028\u2029]", " ", text)
        self.lines = text.split("\n")
        self.events = yaml.parse(text, Loader=_Loader)
        self.end = Span(document.first_line, 1, 0)
        """Behind what was read last, without what follows a block: comments and empty lines."""

    def compose(self) -> None:
        try:
            next(self.events)  # the start of the stream
            event = next(self.events)
            if isinstance(event, yaml.StreamEndEvent):
                return
            self.document.tree = self._value(next(self.events), (), 0)
            next(self.events)  # the end of the document
            event = next(self.events)
            if not isinstance(event, yaml.StreamEndEvent):
                self._note(
                    (),
                    event,
                    "yaml-documents",
                    "a second YAML document begins here",
                    "keep one document: remove the line ---",
                )
        except yaml.MarkedYAMLError as error:
            self._broken(error)
        except yaml.reader.ReaderError as error:
            self._unreadable(error)
        except _Unreadable:
            pass

    def _span(self, event: _Event) -> Span:
        start, end = event.start_mark, event.end_mark
        same_line = start.line == end.line
        width = (
            end.column - start.column if same_line else len(self.lines[start.line]) - start.column
        )
        return Span(self.document.first_line + start.line, start.column + 1, max(1, width))

    def _reach(self, event: _Event) -> None:
        """Remember where something ends; the end of a block is where its last value ends."""
        start, end = event.start_mark, event.end_mark
        line, column = end.line, end.column
        if (start.line, start.column) == (line, column):
            return
        if getattr(event, "style", None) in {"|", ">"}:  # reaches to where the next thing begins
            keeps_blank_lines = "+" in self.lines[start.line][start.column : start.column + 3]
            line -= column == 0
            while line > start.line and not (keeps_blank_lines or self.lines[line].strip()):
                line -= 1
            column = len(self.lines[line])
        self.end = Span(self.document.first_line + line, column + 1, 0)

    def _note(self, loc: Loc, event: _Event, rule: str, message: str, hint: str) -> None:
        problem = self.document.problem_at(self._span(event), rule, message, hint)
        self.document.found.append((loc, problem))
        if len(self.document.found) >= MAX_FOUND:
            self.document.found.append((("*",), problem))
            raise _Unreadable

    def _value(self, event: _Event, loc: Loc, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            self._note(
                ("*",),
                event,
                "yaml-depth",
                f"this is nested more than {MAX_DEPTH} levels deep",
                "write it flatter",
            )
            raise _Unreadable
        self.document.values[loc] = self._span(event)
        if isinstance(event, yaml.AliasEvent):
            self._note(
                loc,
                event,
                "yaml-alias",
                f"'*{event.anchor}' repeats another value",
                "write the value itself; put text that begins with * in quotes",
            )
            return ""
        if event.anchor is not None:
            self._note(
                loc,
                event,
                "yaml-anchor",
                f"'&{event.anchor}' names a value for reuse",
                f"remove &{event.anchor}; put text that begins with & in quotes",
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._note(
                loc,
                event,
                "yaml-tag",
                f"'{tag}' is a YAML tag",
                f"remove {tag}: values are plain text here; put text that begins with ! in quotes",
            )
        if isinstance(event, yaml.ScalarEvent):
            self._reach(event)
            value: Tree = self._scalar(event, loc)
        else:
            if event.flow_style:
                self.document.flow.add(loc)
            is_list = isinstance(event, yaml.SequenceStartEvent)
            value = self._sequence(loc, depth) if is_list else self._mapping(loc, depth)
        self.document.ends[loc] = self.end
        return value

    def _scalar(self, event: _Event, loc: Loc) -> str:
        text: str = event.value
        plain = not event.style
        if plain and len(text) > 1 and text[0] in OPENING_QUOTES and text[-1] in CLOSING_QUOTES:
            self._note(
                loc,
                event,
                "typographic-quotes",
                "these quotes are typographic",
                f'write "{text[1:-1]}"',
            )
        end = event.end_mark
        comment = _COMMENT.match(self.lines[end.line], end.column) if plain and text else None
        if comment:
            span = Span(self.document.first_line + end.line, comment.end() - 1, 1)
            problem = self.document.problem_at(
                span,
                "hash-in-text",
                "the text ends here: ' #' begins a comment",
                "put the value in quotes if the # belongs to it",
                severity=Severity.WARNING,
            )
            self.document.found.append((loc, problem))
        return text

    def _sequence(self, loc: Loc, depth: int) -> list[Tree]:
        items: list[Tree] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                self._reach(event)
                break
            place = (*loc, len(items))
            if self._is_empty(event):
                self._empty(place, event, event, "this entry of the list is empty")
                continue
            items.append(self._value(event, place, depth + 1))
        return items

    def _mapping(self, loc: Loc, depth: int) -> dict[str, Tree]:
        mapping: dict[str, Tree] = {}
        seen: set[str] = set()
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                self._reach(event)
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._note(
                    ("*",),
                    event,
                    "yaml-key",
                    "a key must be a word",
                    "write 'key: value'; put text with { or [ in quotes",
                )
                raise _Unreadable
            key: str = event.value
            place = (*loc, key)
            if event.anchor is not None or event.tag is not None:
                self._note(
                    place,
                    event,
                    "yaml-key",
                    f"the key '{key}' carries an anchor or a tag",
                    f"write only {key}:",
                )
            duplicate = key in seen
            if duplicate:
                first = self.document.keys[place].line
                self._note(
                    place,
                    event,
                    "duplicate-key",
                    f"'{key}' stands here a second time",
                    f"keep one of them: the first is in line {first}",
                )
            elif key == "<<" and not event.style:
                self._note(
                    place,
                    event,
                    "yaml-merge",
                    "'<<' merges other values in",
                    "write the keys themselves",
                )
            span = self._span(event)
            value = next(self.events)
            if self._is_empty(value):
                self._empty(place, event, value, f"'{key}' has no value")
            elif duplicate or key == "<<":
                self._value(value, (*loc, "\0", key), depth + 1)
            else:
                self.document.keys[place] = span
                mapping[key] = self._value(value, place, depth + 1)
            seen.add(key)
            self.document.keys.setdefault(place, span)
        return mapping

    def _empty(self, place: Loc, event: _Event, value: _Event, message: str) -> None:
        """Note a key or an entry without a value; a word that begins with # was meant for one."""
        line, column = value.start_mark.line, value.start_mark.column
        hint = "write a value, or delete the line"
        if _LOST.match(self.lines[line], column):
            message += ", for # begins a comment"
            hint = (
                "put the value in quotes, the # too"
                if self._is_private
                else in_quotes(self.lines[line])
            )
        self._note(place, event, "empty-value", message, hint)
        self.document.empty.add(place)

    @staticmethod
    def _is_empty(event: _Event) -> bool:
        return (
            isinstance(event, yaml.ScalarEvent)
            and event.value == ""
            and not event.style
            and event.tag is None
        )

    def _unreadable(self, error: yaml.reader.ReaderError) -> None:
        code = error.character if isinstance(error.character, int) else ord(error.character)
        before = "\n".join(self.lines).partition(chr(code))[0].split("\n")
        span = Span(self.document.first_line + len(before) - 1, len(before[-1]) + 1)
        message = f"the control character U+{code:04X} stands in this file"
        problem = self.document.problem_at(span, "control-character", message, "delete it")
        self.document.found.append((("*",), problem))

    @property
    def _is_private(self) -> bool:
        """Whether no hint may quote a line: it may hold the words of a sealed page."""
        return self.document.path.endswith(CLIENT_FILE)

    def _broken(self, error: yaml.MarkedYAMLError) -> None:
        lines = [dotted(line) for line in self.lines] if self._is_private else self.lines
        found = explain(error, lines)
        span = Span(self.document.first_line + found.line, found.column + 1, found.width)
        problem = self.document.problem_at(span, found.rule, found.message, found.hint)
        self.document.found.append((("*",), problem))


def parse_document(text: str, path: str, first_line: int = 1) -> Document:
    """Read one piece of YAML that begins at `first_line` of the file `path`.

    Never raises for bad input: `Document.found` holds what is wrong.
    """
    document = Document(path=path, first_line=first_line)
    for number, line in enumerate(text.split("\n")):
        indent = re.match(r"[ ]*\t", line)
        if indent and line.strip():
            span = Span(first_line + number, indent.end())
            problem = document.problem_at(
                span,
                "yaml-tab",
                "a tab stands in the indentation",
                "use spaces: two for each level",
            )
            document.found.append((("*",), problem))
            if len(document.found) >= MAX_FOUND:
                break
    if not document.found:
        _Composer(document, text).compose()
    if document.tree == "":
        document.tree = {}
    return document


def control_characters(text: str, path: str) -> list[Problem]:
    """Find the first control character of a file, if any."""
    match = _CONTROL.search(text)
    if not match:
        return []
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    name = (
        "a NUL byte" if match.group() == "\0" else f"the control character {visible(match.group())}"
    )
    rule = "nul" if match.group() == "\0" else "control-character"
    return [
        Problem(
            path=path,
            line=line,
            column=column,
            width=1,
            rule=rule,
            message=f"{name} stands in this file",
            hint="delete it; save the file as plain UTF-8 text",
        )
    ]
