"""What editors are told about the kinds of values in `fields`, as JSON Schema.

Editors take `40` for a number and `no` for a word or not; where a kind allows it, both pass.
"""

from __future__ import annotations

from typing import Any

from pydantic import WithJsonSchema

DATE_HINT = "write it as YYYY-MM-DD, for example 2026-03-06"
EMAIL_HINT = "write it like maya@northlight.example"
COLOUR_HINT = 'write six hexadecimal digits, for example "#0b5a6b"'
LINK_HINT = "write the whole address, for example https://docs.example/texts"
NUMBER_HINT = "write digits only, for example 40"
HOLIDAY_HINT = "write a country such as GB-ENG, or a day as YYYY-MM-DD"
ID_HINT = "use lower-case letters a to z, digits and -"
TOKEN_HINT = "links are 26 characters, a to z and 2 to 7"  # noqa: S105 - words about tokens
MAX_ID = 60
"""Characters of an id: it is a folder of the site, and a part of an address."""
TOKEN_PATTERN = r"[a-z2-7]{26}"  # noqa: S105 - the shape of a token, not a token
KEY_PATTERN = r"[a-z2-7]{52}"
PRIVATE_LINK_PATTERN = rf"{TOKEN_PATTERN}(#{KEY_PATTERN})?"


LANGUAGE_PATTERN = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"


def _written(pattern: str, hint: str, **more: Any) -> WithJsonSchema:
    """Tell how a text is written; VS Code shows the hint."""
    return WithJsonSchema(
        {"type": "string", "pattern": f"^{pattern}$", "patternErrorMessage": hint, **more}
    )


def _number(**limits: Any) -> WithJsonSchema:
    pattern = r"-?\d{1,15}(\.\d{1,6})?"
    return _written(pattern, NUMBER_HINT, type=["number", "string"], **limits)


DAY = _written(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", DATE_HINT, format="date")
NUMBER = _number()
WHOLE = _written(r"\d+", NUMBER_HINT, type=["integer", "string"], minimum=1)
SHARE = _number(minimum=0, maximum=1)
WEIGHT = _number(exclusiveMinimum=0)
LINK = _written(r"[A-Za-z]+:\S+", LINK_HINT)
EMAIL = _written(r"\S+@\S+\.\S+", EMAIL_HINT)
COLOUR = _written("#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", COLOUR_HINT, type=["string", "integer"])
ID = _written("[a-z0-9]+(-[a-z0-9]+)*", ID_HINT, type=["string", "integer"], maxLength=MAX_ID)
PRIVATE_LINK = _written(PRIVATE_LINK_PATTERN, TOKEN_HINT)
OPEN_LINK = _written(TOKEN_PATTERN, TOKEN_HINT)
HOLIDAY = _written(r"([A-Z]{2,3}(-.+)?|\d{4}-\d\d-\d\d)", HOLIDAY_HINT)


def _one_or_more(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [schema, {"type": "array", "items": schema}]})


ONE_OR_MORE = _one_or_more({"type": "string"})
HOLIDAYS = _one_or_more(HOLIDAY.json_schema or {})


def one_of(*values: object) -> WithJsonSchema:
    """Tell all that may be written."""
    return WithJsonSchema({"enum": [*values]})


def one_of_or(pattern: str, *values: object, **numbers: Any) -> WithJsonSchema:
    """Tell what is usually written, how else it may be, and within which numbers."""
    return WithJsonSchema(
        {
            "anyOf": [
                {"enum": [*values]},
                {"type": "string", "pattern": f"^{pattern}$"},
                *([{"type": "integer", **numbers}] if numbers else ()),
            ]
        }
    )


def or_a_sentence(schema: dict[str, Any]) -> None:
    """Tell that a sentence may stand in place of the keys."""
    keys = dict(schema)
    schema.clear()
    schema["anyOf"] = [{"type": "string"}, keys]
