"""Editors say what the program says: its schemas take what it takes, and refuse what it refuses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft7Validator

from site_builder.reference import FILES
from site_builder.schema import MODELS, schema_of
from tests.workspace import ROOT, Workspace, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class EditorsLoader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: no dates, and only true and false are flags."""


EditorsLoader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rpartition(":")[2] not in {"timestamp", "bool"}
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorsLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def kind_of(path: str) -> str | None:
    """Name the schema that a file of a workspace belongs to."""
    kinds = {
        r"mkdocs\.yml": "mkdocs",
        r"projects/_offerings/[^/]+\.yml": "offering",
        r"projects/[^/]+/client\.yml": "client",
        r"projects/[^/]+/[^/]+/project\.yml": "project",
        r"projects/[^/]+/[^/]+/milestones/[^/]+\.md": "milestone",
    }
    return next((kind for way, kind in kinds.items() if re.fullmatch(way, path)), None)


def read_as_editors(text: str) -> Any:
    """Read the YAML of a file; of a milestone, what stands between its lines ---."""
    if text.startswith("---"):
        text = text.split("---\n", 2)[1]
    if "!!python" in text:
        text = text.partition("\nplugins:")[0]
    return yaml.load(text, EditorsLoader)  # noqa: S506 - a SafeLoader with less


def complaints(kind: str, text: str) -> list[str]:
    """Hold a text against a schema."""
    validator = Draft7Validator(schema_of(kind))
    return [error.message for error in validator.iter_errors(read_as_editors(text))]


def valid_files() -> Iterator[tuple[str, str]]:
    """List the samples, and the examples of the reference."""
    for path in [ROOT / "mkdocs.yml", *sorted((ROOT / "projects").rglob("*"))]:
        name = path.relative_to(ROOT).as_posix()
        if kind_of(name):
            yield name, path.read_text("utf-8")
    for file in FILES:
        yield from ((example.path, example.text) for example in file.examples)


@pytest.mark.parametrize(("path", "text"), [*valid_files()])
def test_what_is_right_is_right_in_the_editor(path: str, text: str) -> None:
    """No sample and no example of the handbook is underlined."""
    kind = kind_of(path)
    assert kind is None or complaints(kind, text) == []


CLIENT = "name: X\nlinks: {everyone: 5mzk3w7q2hxr4tnd6bvyacjpfa}\n"
PROJECT = "title: X\nstarts: 2026-01-05\n"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("client", "name: no\nlinks: {everyone: 5mzk3w7q2hxr4tnd6bvyacjpfa}\n"),
        ("client", "name: 1860\nlinks: {1: 5mzk3w7q2hxr4tnd6bvyacjpfa}\n"),
        ("project", PROJECT + "updates: {every: month, on: 1}\n"),
        ("project", PROJECT + 'updates: {every: month, on: "31"}\n'),
        ("project", PROJECT + "updates: {every: week, on: friday}\n"),
        ("project", PROJECT + "outcomes: {title: {text: true, unit: 1.10, start: '5'}}\n"),
        ("milestone", "label: 404\nweight: '10'\nprogress: 0.25\noutcome: 2026\n"),
        ("milestone", "internal: {anything: [goes, 1, true]}\n"),
        ("mkdocs", ("site_name: X\ntheme: {name: material}\nextra: {agency: {name: X, "
         "contact: {name: X, email: x@y.example}, colour: '0b5a6b'}, social: []}\n")),
    ],
)  # fmt: skip
def test_text_may_look_like_numbers_and_flags(kind: str, text: str) -> None:
    """What the program takes for text, the editor does not underline."""
    assert complaints(kind, text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("client", CLIENT + "colour: red\n"),
        ("client", "name: X\n"),
        ("client", "name: X\nlinks: {}\n"),
        ("client", "name: X\nlinks: {everyone: larkfield-2026}\n"),
        ("client", CLIENT + "protection: password\n"),
        ("client", CLIENT + "ends: next year\n"),
        ("client", CLIENT + "language: klingon\n"),
        ("client", CLIENT + "contact: {name: X, email: nobody}\n"),
        ("project", "title: X\n"),
        ("project", "title: X\nstarts: 2026-1-5\n"),
        ("project", "title: X\nstarts: 2026-13-01\n"),
        ("project", "title: X\nstarts: 20260105\n"),
        ("project", PROJECT + "updates: {every: fortnight, on: Friday}\n"),
        ("project", PROJECT + "updates: {every: week, on: someday soon}\n"),
        ("project", PROJECT + "updates: {every: month, on: 32}\n"),
        ("project", PROJECT + "updates: weekly\n"),
        ("project", PROJECT + "outcomes: {Not An Id: X}\n"),
        ("project", PROJECT + "rhythm: {gaps: 20}\n"),
        ("project", PROJECT + "holidays: england\n"),
        ("project", PROJECT + "pauses: [{from_on: 2026-01-05, why: X}]\n"),
        ("project", PROJECT + "ongoing: maybe\n"),
        ("milestone", "deadline: 2026-01-05\n"),
        ("milestone", "state: blocked\n"),
        ("milestone", "due: 6/3/2026\n"),
        ("milestone", "title:\n"),
        ("milestone", "moved: [{was: 2026-01-05, on: 2026-01-04, why: X}]\n"),
        ("milestone", "progress: 50\n"),
        ("milestone", "weight: 0\n"),
        ("milestone", "weight: heavy\n"),
        ("milestone", "needs: Your OK\n"),
        ("offering", "title: X\nmilestones: []\n"),
        ("offering", "title: X\nmilestones: [{id: x, day: 0}]\n"),
        ("mkdocs", "site_name: X\n"),
        ("mkdocs", "extra: {agency: {name: X}}\n"),
        ("mkdocs", "extra: {agency: {name: X, contact: {name: X, email: x@y.example}, host: ftp}}\n"),
    ],
)  # fmt: skip
def test_mistakes_are_underlined(kind: str, text: str) -> None:
    """Unknown keys, unknown words, malformed dates and what is not built yet."""
    assert complaints(kind, text)


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """List every part of a schema."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from parts_of(part)


@pytest.mark.parametrize("kind", MODELS)
def test_the_schemas_are_schemas(kind: str) -> None:
    """They are valid, need no other file, and explain every key."""
    schema = schema_of(kind)
    Draft7Validator.check_schema(schema)
    for part in parts_of(schema):
        assert part.get("$ref", "#/definitions/").startswith("#/definitions/")
        keys = part.get("properties")
        if isinstance(keys, dict) and not {"extra", "agency"} & keys.keys():
            assert all(key.get("description") or "$ref" in key for key in keys.values()), keys


def test_schema_writes_beside_the_settings_and_again(workspace: Workspace) -> None:
    """Without a folder they stand in schema/; after an update of the program they are renewed."""
    assert workspace.run("schema").code == 0
    written = tree(workspace.root / "schema")
    assert set(written) == {f"{kind}.json" for kind in MODELS}
    assert json.loads(written["client.json"]) == schema_of("client")
    workspace.edit("schema/client.json", "as they write it", "as they wrote it")
    assert workspace.run("schema").code == 0
    assert tree(workspace.root / "schema") == written


def test_schema_writes_into_any_folder_and_over_nothing_else(tmp_path: Path) -> None:
    """A folder of files that only happen to have these names stays as it is."""
    workspace = Workspace(tmp_path)
    assert workspace.run("schema", "here/and/there").code == 0
    assert (tmp_path / "here/and/there/project.json").is_file()
    workspace.write("mine/project.json", "{}")
    refused = workspace.run("schema", "mine")
    assert refused.code == 2
    assert "is not one of our files" in refused.output
    assert tree(tmp_path / "mine") == {"project.json": b"{}"}
