"""Hold a YAML document against its class in `model.written`; what does not fit is a problem."""

from __future__ import annotations

import re
import typing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from site_builder.errors import MAX_PROBLEMS, Problem, first_problems, nearest, suggestion
from site_builder.model.allowed import IN_A_PROJECT, IN_A_STEP
from site_builder.model.meanings import meanings
from site_builder.model.parts import Cadence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic_core import ErrorDetails

    from site_builder.model.parts import Allowance
    from site_builder.source.document import Document, Loc

Kind = TypeVar("Kind", bound=BaseModel)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
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
    """List the keys of a class, without those that do nothing yet, and what they mean."""
    words = meanings(model)
    return {
        field.alias or name: words.get(name, "").replace("\n", " ")
        for name, field in model.model_fields.items()
        if field.annotation is not type(None)
    }


SECRETS = re.compile(
    r"pass[ _-]?(phrase|word|wort|code)s?|secrets?|kennwort|(\w+[ _-])?(code)?words?", re.IGNORECASE
)
"""Keys under which people write the words of a sealed page."""
_NO_SECRETS = (
    "delete the line; `site-builder link passphrase` makes new words and keeps them outside of git."
    " Once committed, words are known to everybody who has the repository"
)
MOST_WORDS_OF_A_KEY = 2
USUAL_WORDS = {
    "deadline": "due",
    "date": "due",
    "status": "state",
    "finished": "done",
    "completed": "done",
    "reason": "why",
    "in progress": "doing",
    "in-progress": "doing",
    "started": "doing",
    "blocked": "waiting",
}
"""What people write from habit, and the word that is meant."""


def _known_word(word: str, known: Iterable[str]) -> str:
    """Say which known word to write: the one that is meant, or the nearest."""
    usual = USUAL_WORDS.get(word.casefold())
    return f"write '{usual}'" if usual in set(known) else suggestion(word, known)


def _as_hint(description: str) -> str:
    """Continue a hint with what a key means."""
    return description[:1].lower() + description[1:].rstrip(".")


def _explain(error: ErrorDetails, model: type[BaseModel], loc: Loc) -> tuple[str, str, str, bool]:
    """Put one of pydantic's errors into our words; the last part: whether the key is meant."""
    kind, context = error["type"], error.get("ctx", {})
    if "message" in context:
        message, hint = str(context["message"]), str(context["hint"])
        is_key = "{key}" in message or bool(context.get("is_key"))
        return kind, message.replace("{key}", str(loc[-1]) if loc else ""), hint, is_key
    keys = _keys(_model_at(model, loc[:-1]))
    key = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden" and SECRETS.fullmatch(key):
        return "written-secret", "a passphrase must not stand in this file", _NO_SECRETS, True
    if kind == "extra_forbidden":
        # Many words may be a secret that somebody wrote where none belongs.
        shown = "this" if len(key.split()) > MOST_WORDS_OF_A_KEY else f"'{key}'"
        return "unknown-key", f"{shown} is not a key here", _known_word(key, keys), True
    if kind == "missing":
        return (
            "missing-key",
            f"'{key}' is missing",
            f"add {key}: {_as_hint(keys.get(key, ''))}",
            False,
        )
    if kind == "enum":
        known = [
            word.strip(" '") for word in str(context["expected"]).replace(" or ", ", ").split(",")
        ]
        return (
            "unknown-value",
            f"'{error['input']}' is not known here",
            _known_word(str(error["input"]), known),
            False,
        )
    if kind == "too_short":
        return "missing-value", f"'{key}' is empty", "add at least one entry", False
    inner = _model_at(model, loc)
    names = (
        f"its keys are {', '.join(_keys(inner))}" if inner is not _model_at(model, loc[:-1]) else ""
    )
    shapes = {
        "tuple_type": (
            "a list is expected here",
            f"begin each entry with '- ' on its own line{names and '; '}{names}",
        ),
        "dict_type": (
            "a name and a value are expected here, one pair on each line",
            "write a short name, a colon and the value",
        ),
        "string_type": ("text is expected here, not a list or keys", "write one line of text"),
    }
    keyed = ("keys and values are expected here", names or f"its keys are {', '.join(keys)}")
    if inner is Cadence:
        keyed = (keyed[0], "write {every: week, on: Friday}")
    message, hint = shapes.get(kind, keyed)
    return "wrong-shape", message, hint, False


def _part(document: Document, scope: Loc) -> Any:
    tree: Any = document.tree
    for part in scope:
        fits = isinstance(tree, dict if isinstance(part, str) else list)
        tree = tree[part] if fits and (isinstance(part, int) or part in tree) else {}
    return tree


def _problems_of(
    errors: Sequence[ErrorDetails], kind: type[BaseModel], document: Document, scope: Loc
) -> Iterator[Problem]:
    """Turn pydantic's errors into problems; what YAML itself complained about is not said twice."""
    known = {place for place, _ in document.found} | document.empty
    mistyped = _mistyped(errors[:MAX_PROBLEMS], kind)
    for error in errors:
        inner = tuple(part for part in error["loc"] if part != "[key]")
        place = str(error.get("ctx", {}).get("key", ""))
        inner += (place,) if (*scope, *inner, place) in document.keys else ()
        loc = (*scope, *inner)
        if any(loc[:end] in known for end in range(1, len(loc) + 1)):
            continue
        if error["type"] == "missing" and inner in mistyped:
            continue
        if error["type"] == "too_short" and _part(document, loc):
            continue  # its entries have problems of their own
        rule, message, hint, is_key = _explain(error, kind, inner)
        is_key = is_key or "[key]" in error["loc"]
        if rule == "missing-key":
            loc, is_key = loc[:-1], len(loc) > 1 and not isinstance(loc[-2], int)
        problem = document.problem(loc, rule, message, hint, key=is_key)
        is_whole = rule == "missing-key" and not loc
        yield replace(problem, line=1, column=1, width=0) if is_whole else problem


def _mistyped(errors: Sequence[ErrorDetails], kind: type[BaseModel]) -> set[Loc]:
    """Find the keys that unknown ones were most likely meant to be."""
    found: set[Loc] = set()
    for error in errors:
        *around, key = error["loc"] or ("",)
        if error["type"] == "extra_forbidden":
            near = nearest(str(key), _keys(_model_at(kind, tuple(around))))
            found |= {(*around, near)} if near else set()
    return found


def validated(
    kind: type[Kind], document: Document, problems: list[Problem], scope: Loc = ()
) -> Kind | None:
    """Make an instance of `kind` from the part of `document` at `scope`.

    What does not fit is appended to `problems`; then the result is None.
    """
    try:
        return kind.model_validate(_part(document, scope))
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        problems.extend(first_problems(_problems_of(errors, kind, document, scope)))
        return None


def validated_partly(
    kind: type[Kind], document: Document, problems: list[Problem], scope: Loc = ()
) -> tuple[Kind | None, frozenset[str]]:
    """Make an instance from the keys that fit, so that rules about them speak in the same run.

    The second part are the keys that do not fit, or have no value. What does not fit is appended to
    `problems`; the instance is None if too little is left.
    """
    size = len(scope)
    empty = {str(loc[size]) for loc in document.empty if loc[:size] == scope and len(loc) > size}
    tree = _part(document, scope)
    try:
        return kind.model_validate(tree), frozenset(empty)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        problems.extend(first_problems(_problems_of(errors, kind, document, scope)))
        unfit = {str(error["loc"][0]) for error in errors if error["loc"]} | empty
        unfit |= {str(loc[0]) for loc in _mistyped(errors[:MAX_PROBLEMS], kind) if len(loc) == 1}
    try:
        rest = {key: value for key, value in tree.items() if key not in unfit}
        return kind.model_validate(rest), frozenset(unfit)
    except (AttributeError, ValidationError):
        return None, frozenset(unfit)


def unknown_rules(
    allowed: Sequence[Allowance], document: Document, scope: Loc, *, in_a_step: bool
) -> list[Problem]:
    """Find names in the `allow` at `scope` that allow nothing there."""
    known, elsewhere = (IN_A_STEP, IN_A_PROJECT) if in_a_step else (IN_A_PROJECT, IN_A_STEP)
    about, where = (
        ("the project as a whole", "project.yml, above the milestones")
        if in_a_step
        else ("one step", "the step itself, under its label")
    )

    def problem(index: int, rule: str) -> Problem:
        message, hint = f"'{rule}' cannot be allowed", suggestion(rule, known)
        if rule in elsewhere:
            message = f"'{rule}' is about {about}, and cannot be allowed here"
            hint = f"move this entry to allow: in {where}"
        return document.problem((*scope, "allow", index, "rule"), "unknown-rule", message, hint)

    return first_problems(
        problem(index, allowance.rule)
        for index, allowance in enumerate(allowed)
        if allowance.rule not in known
    )
