"""Hold a YAML document against its class in `model.written`, and turn what does not fit into problems."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from site_builder.errors import Problem, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from site_builder.source.document import Document, Loc

Kind = TypeVar("Kind", bound=BaseModel)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models_in(part)


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """Find the class that describes the mapping at `loc`."""
    for part in loc:
        for name, field in model.model_fields.items():
            if part in {field.alias, name}:
                model = next(_models_in(field.annotation), model)
    return model


def _keys(model: type[BaseModel]) -> dict[str, str]:
    """List the keys of a class with the first sentence of what they mean."""
    return {
        field.alias or name: (field.description or "").replace("\n", " ")
        for name, field in model.model_fields.items()
    }


def _explain(error: ErrorDetails, model: type[BaseModel], loc: Loc) -> tuple[str, str, str, bool]:
    """Put one of pydantic's errors into our words: rule, message, hint, and whether the key is meant."""
    kind, context = error["type"], error.get("ctx", {})
    if "message" in context:
        message, hint = str(context["message"]), str(context["hint"])
        if kind == "not-yet" and loc:
            message = message.replace("this is", f"'{loc[-1]}' is")
        return kind, message, hint, kind == "not-yet"
    keys = _keys(_model_at(model, loc[:-1]))
    key = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return "unknown-key", f"'{key}' is not a key here", suggestion(key, keys), True
    if kind == "missing":
        return "missing-key", f"'{key}' is missing", f"add {key}: {keys.get(key, '')}", False
    if kind == "enum":
        known = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ", ").split(",")]
        return "unknown-value", f"'{error['input']}' is not known here", suggestion(str(error["input"]), known), False
    if kind in {"too_short"}:
        return "missing-value", f"'{key}' is empty", "add at least one entry", False
    expected = {
        "tuple_type": "a list is expected here: lines that begin with '- '",
        "dict_type": "keys and values are expected here, one on each line",
        "model_type": "keys and values are expected here, one on each line",
        "model_attributes_type": "keys and values are expected here, one on each line",
        "string_type": "text is expected here, not a list or keys",
    }
    return "wrong-shape", expected.get(kind, error["msg"]), keys.get(key, ""), False


def validated(kind: type[Kind], document: Document, problems: list[Problem], scope: Loc = ()) -> Kind | None:
    """Make an instance of `kind` from the part of `document` at `scope`.

    What does not fit is appended to `problems`; then the result is None.
    """
    tree: Any = document.tree
    for part in scope:
        tree = tree.get(part) if isinstance(tree, dict) else tree[part] if isinstance(tree, list) else None
    try:
        return kind.model_validate({} if tree is None else tree)
    except ValidationError as failure:
        for error in failure.errors(include_url=False):
            inner = tuple(part for part in error["loc"] if part != "[key]")
            loc = (*scope, *inner)
            known = {place for place, _ in document.found} | document.empty
            if any(loc[:end] in known for end in range(1, len(loc) + 1)):
                continue
            rule, message, hint, is_key = _explain(error, kind, inner)
            is_key = is_key or "[key]" in error["loc"]
            if rule == "missing-key":
                loc, is_key = loc[:-1], bool(loc[:-1]) and not isinstance(loc[-2], int)
            problems.append(document.problem(loc, rule, message, hint, key=is_key))
        return None
