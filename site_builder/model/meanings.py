"""What each key means: the words that stand under it in the classes of `written` and `parts`.

Read only where they are shown, in hints, in the handbook and in editors: reading them takes longer
than reading a client.
"""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
from textwrap import dedent
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _own(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """List the fields that a class adds, each with the text that stands under it."""
    (source,) = ast.parse(dedent(inspect.getsource(model))).body
    for field, text in itertools.pairwise(getattr(source, "body", [])):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(said))),
            ):
                yield name, inspect.cleandoc(said)


@functools.cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """Return what the fields of a class mean, those that it inherits too, by name."""
    classes = [parent for parent in model.__mro__ if issubclass(parent, BaseModel)]
    return {
        name: text
        for parent in reversed(classes)
        if parent is not BaseModel
        for name, text in _own(parent)
    }
