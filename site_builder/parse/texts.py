"""Gather the sentences that clients read, with their places, for the review of the words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from site_builder.model.texts import WrittenText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from site_builder.parse.markdown import Answers
    from site_builder.source.document import Document, Loc

MILESTONE: Mapping[tuple[str, ...], str] = {
    ("label",): "label",
    ("title",): "title",
    ("now",): "now",
    ("happened",): "happened",
    ("matters",): "matters",
    ("next",): "next",
    ("thanks",): "thanks",
    ("needs", "*", "ask"): "need",
    ("needs", "*", "protects"): "need",
    ("moved", "*", "why"): "reason",
    ("moved", "*", "effect"): "reason",
    ("at_risk", "why"): "reason",
    ("skipped", "why"): "reason",
}
PROJECT: Mapping[tuple[str, ...], str] = {
    ("outcomes", "*"): "outcome",
    ("outcomes", "*", "text"): "outcome",
    ("pauses", "*", "why"): "reason",
    ("scope", "items", "*"): "scope",
    ("scope", "changes", "*", "what"): "scope",
    ("scope", "changes", "*", "why"): "reason",
    ("scope", "changes", "*", "effect"): "scope",
}
"""Which keys hold sentences for the client; a star stands for any name or number."""


def texts_of_keys(
    document: Document, scope: Loc, kinds: Mapping[tuple[str, ...], str]
) -> Iterator[WrittenText]:
    """Find the texts that stand as values of keys at or below `scope`."""
    names = {kind[-1] for kind in kinds} | {kind[0] for kind in kinds}
    shapes: dict[tuple[str, int], list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for kind, meant in kinds.items():
        shapes[kind[0], len(kind)].append((kind, meant))
    for loc, text in _scalars(document, scope, names):
        alike = shapes.get((str(loc[0]), len(loc)), ()) if loc else ()
        place = next((meant for kind, meant in alike if _fits(loc, kind)), None)
        if place is None or not text.strip():
            continue
        span = document.span((*scope, *loc))
        quotes = span.width - len(text)
        yield WrittenText(
            place=place,
            text=text,
            path=document.path,
            line=span.line,
            column=span.column + (quotes == 2),  # noqa: PLR2004 - one on each side
            width=span.width,
            is_as_written=quotes in {0, 2} and "\n" not in text,
        )


def _scalars(document: Document, scope: Loc, names: set[str]) -> Iterator[tuple[Loc, str]]:
    """List the text values below a place, with their way from there."""
    tree = document.tree
    for part in scope:
        tree = tree[part] if isinstance(tree, dict | list) else ""  # type: ignore[index]
    todo: list[tuple[Loc, object]] = [((), tree)]
    while todo:
        loc, value = todo.pop()
        if isinstance(value, str):
            yield loc, value
        elif isinstance(value, list):
            todo += (((*loc, index), inner) for index, inner in enumerate(value))
        elif isinstance(value, dict):
            todo += (((*loc, key), inner) for key, inner in value.items() if loc or key in names)


def _fits(loc: Loc, kind: tuple[str, ...]) -> bool:
    return all(want in ("*", part) for part, want in zip(loc, kind, strict=True))


def texts_of_answers(answers: Answers, path: str) -> Iterator[WrittenText]:
    """Find the three answers that stand under headings."""
    for place, text in answers.texts.items():
        line, column = answers.begins[place]
        yield WrittenText(place=place, text=text, path=path, line=line, column=column)
