"""JSON Schemas of the files that people write, for their editors; made from the models.

Editors tell numbers and flags from text, and the program does not: where text is expected, a
schema takes all three. What needs the whole project, only `check` can say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from site_builder.model import written
from site_builder.model.meanings import meanings
from site_builder.model.parts import Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MODELS: Mapping[str, type[Written]] = {
    "client": written.ClientFile,
    "project": written.ProjectFile,
    "milestone": written.MilestoneFile,
    "offering": written.OfferingFile,
    "mkdocs": written.AgencyFile,
}
MADE_BY = "Made by `site-builder schema`."
_DIALECT = "http://json-schema.org/draft-07/schema#"
"""The newest one that the YAML extensions of editors know whole."""
_TEXT = ["string", "number", "boolean"]
_NULL = {"type": "null"}


def _tidy(part: Any) -> Any:
    """Keep what helps in an editor, and let text be what looks like a number or a flag."""
    if isinstance(part, list):
        return [_tidy(entry) for entry in part if entry != _NULL]
    if not isinstance(part, dict):
        return part
    kept = {key: _tidy(value) for key, value in part.items() if key not in {"title", "default"}}
    for key in {"properties", "$defs"} & part.keys():
        # Here the keys are names, `title` among them; what is null is not built yet.
        kept[key] = {
            name: _tidy(inner) for name, inner in part[key].items() if inner.get("type") != "null"
        }
    if kept.get("type") == "string" and not kept.keys() & {"pattern", "enum"}:
        kept["type"] = _TEXT
    if len(kept.get("anyOf", ())) == 1:
        kept = {**kept.pop("anyOf")[0], **kept}
    if names := kept.pop("patternProperties", None):
        # A name that does not fit would be let through, as one that nothing is said about.
        ((pattern, value),) = names.items()
        kept |= {"propertyNames": {"pattern": pattern}, "additionalProperties": value}
    return kept


def _classes(parent: type[Written]) -> Iterator[type[Written]]:
    for child in parent.__subclasses__():
        yield child
        yield from _classes(child)


def _explain(part: dict[str, Any], model: type[Written]) -> None:
    """Say what each key of a class means."""
    words = meanings(model)
    for shape in (part, *part.get("anyOf", ())):  # some may also be written as a sentence
        for name, field in model.model_fields.items():
            if name in words and (key := field.alias or name) in shape.get("properties", {}):
                shape["properties"][key]["description"] = words[name]


def schema_of(name: str) -> dict[str, Any]:
    """Make the schema of one kind of file."""
    whole = _tidy(MODELS[name].model_json_schema(ref_template="#/definitions/{model}"))
    definitions = whole.pop("$defs", {})
    _explain(whole, MODELS[name])
    for known in _classes(Written):
        _explain(definitions.get(known.__name__, {}), known)
    if name == "mkdocs":
        inside = {"type": "object", "properties": {"agency": whole}, "required": ["agency"]}
        whole = {"type": "object", "properties": {"extra": inside}, "required": ["extra"]}
    return {"$schema": _DIALECT, "$comment": MADE_BY, **whole, "definitions": definitions}


def schema_files() -> dict[str, str]:
    """Write all schemas, by their files' names."""
    return {
        f"{name}.json": json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
        for name in MODELS
    }
