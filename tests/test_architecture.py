"""The house stays as it was drawn: a star of imports, one owner a library, one room that speaks."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[1] / "site_builder"
MODULES = sorted(PACKAGE.rglob("*.py"))

RING = {
    "errors",
    "model",
    "language",
    "pictures",
    "drawings",
    "fonts",
    "brand",
    "git",
    "programs",
    "traces",
    "workdays",
    "workers",
}
"""What every stage may import."""
STAGES = {
    "audit",
    "cache",
    "calendar",
    "edits",
    "feed",
    "source",
    "history",
    "changes",
    "messages",
    "parse",
    "roadmap",
    "review",
    "pages",
    "render",
    "assemble",
    "paper",
    "publish",
    "report",
    "scaffold",
    "schema",
    "seal",
}
"""The stages: they never import each other, but for `ALSO`."""
PIPELINE = {
    "workspace",
    "digests",
    "said",
    "lookout",
    "attention",
    "past",
    "lastgood",
    "news",
    "drafts",
    "survey",
    "advice",
    "amend",
    "attachments",
    "beside",
    "relink",
    "doctor",
    "build",
    "deliver",
}
"""The way through the stages: `survey` serves `check`, `amend` and `relink` change a file, `past`
reads an earlier state, `lastgood` finds a whole one, `news` says what is new since, `drafts` writes
it to the client."""
ABOVE = {"serve"}
"""What asks the pipeline for work again and again: the preview."""
ENTRANCES = {"cli", "reference", "__main__", "__init__"}
"""Where people come in: the command line, and the handbook's pages about it."""
INSIDE: dict[str, set[str]] = {
    "errors": set(),
    "language": {"errors"},  # a string without words is a problem
    "pictures": set(),
    "drawings": {"pictures"},  # what pages cannot show is told in one way
    "fonts": set(),
    "brand": set(),
    "git": {"programs"},  # one of them
    "programs": set(),
    "traces": set(),
    "workers": set(),
    "workdays": {"errors", "model"},  # the pauses of a project take days out
    "model": {"language"},  # the type of a page's language; nothing of it is called
}
"""What the ring imports of itself."""
ALSO: dict[str, dict[str, str]] = {
    "parse": {"source": "it is given the documents that `source` read, with their places"},
    "history": {"source": "it is given the documents that `source` read, with their places"},
    "edits": {
        "source": "it changes files at the places that `source` knows",
        "parse": "it changes answers under the headings that `parse` finds",
        "scaffold": "it writes values as `scaffold` does: there is one way to quote them",
    },
    "messages": {"pages": "it says in a mail what the page says, in the same sentences"},
    "report": {"source": "`line_of` reads the line that a problem is shown with"},
}
"""The few further imports, with their reasons."""

OWNERS = {
    "yaml": {"source"},
    "pydantic": {"model", "parse"},
    "pydantic_core": {"model", "parse"},
    "jinja2": {"render"},
    "markdown": {"render"},
    "nh3": {"render"},
    "markupsafe": {"render"},
    "mkdocs": {"assemble"},
    "babel": {"language"},
    "pyphen": {"language"},
    "PIL": {"pictures"},
    "weasyprint": {"paper"},
    "css_inline": {"messages"},
    "ghp_import": {"publish"},
    "obstore": {"publish"},
    "dask": {"build"},
    "distributed": {"build"},
    "watchfiles": {"serve"},
    "holidays": {"workdays"},
    "cryptography": {"seal"},
    "icalendar": {"calendar"},
    "zxcvbn": {"seal"},
    "dicewarepy": {"cli"},
    "click": {"cli", "reference"},
}
"""Each foreign library can be replaced in one place; pydantic's errors are read in `parse`."""

EXTRAS = {"weasyprint", "obstore", "dask", "distributed"}
"""Libraries that are not there by default."""

PROGRAMS = {
    "git.py": "git",
    "publish/server.py": "rsync",
    "publish/deploy.py": "(netlify|wrangler)",
}
"""The modules that start another program, and which."""

ABOUT_LINES = 375
LONGER = {
    "reference.py": "nearly all of it is the handbook's text around the tables that it makes",
    "source/document.py": "one thing: YAML with places, and words for everything that can be wrong with it",
}
"""Modules that may be longer than the others, with their reasons."""

CLOCK = re.compile(
    r"((datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(?!sleep\b)\w+)$", re.ASCII
)
SURROUNDINGS = {"environ", "environb", "getenv", "putenv", "argv", "stdin", "stdout", "stderr"}
CHANCE = {"random", "secrets", "uuid"}
NETWORK = {
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "ftplib",
    "smtplib",
    "asyncio",
    "requests",
    "httpx",
}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _room(path: Path) -> str:
    """Return the package or module that a file belongs to: `parse/files.py` is `parse`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(path: Path) -> Iterator[str]:
    """Name every module that a file imports, at its top, inside functions and for types only."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)} imports relatively: write the whole name"
            assert node.module
            if node.module == "site_builder":
                yield from (f"site_builder.{alias.name}" for alias in node.names)
            else:
                yield node.module


def _own_rooms(path: Path) -> set[str]:
    """Name the rooms of ours that a file imports, without its own."""
    parts = (name.split(".") for name in _imports(path))
    rooms = {part[1] for part in parts if part[0] == "site_builder" and len(part) > 1}
    return rooms - {_room(path), "__version__"}


def _files_of(*rooms: str) -> list[Path]:
    return [path for path in MODULES if _room(path) in rooms]


every_module = pytest.mark.parametrize("path", MODULES, ids=_name)


@pytest.mark.parametrize("path", _files_of(*RING), ids=_name)
def test_the_ring_imports_nothing_of_the_stages(path: Path) -> None:
    """`errors` and `model` can be read first: they need no other room."""
    assert _own_rooms(path) <= INSIDE[_room(path)]


@pytest.mark.parametrize("path", _files_of(*STAGES), ids=_name)
def test_stages_import_the_ring_and_never_each_other(path: Path) -> None:
    """Imports make a star, not a chain; the exceptions are listed, with reasons."""
    assert _own_rooms(path) <= RING | set(ALSO.get(_room(path), {}))


@pytest.mark.parametrize("path", _files_of(*PIPELINE), ids=_name)
def test_the_pipeline_knows_the_stages_and_not_the_entrances(path: Path) -> None:
    """`workspace` reads, `build` goes on from there, and neither looks back."""
    before = {
        "workspace": set[str](),
        "survey": {"workspace", "attention", "digests", "news", "lastgood"},
        "news": {"workspace", "past"},
        "lastgood": {"workspace", "past", "lookout"},
        "drafts": {"workspace", "news", "lookout"},
        "lookout": {"workspace", "said"},
        "build": {
            *("workspace", "attachments", "beside", "digests", "said", "lookout", "past"),
            "lastgood",
        },
    }
    assert _own_rooms(path) <= RING | STAGES | before.get(_room(path), {"workspace"})


def test_the_preview_stands_above_the_pipeline() -> None:
    """`serve` may use every stage; nobody but the command line knows of it."""
    for path in MODULES:
        if _room(path) == "serve":
            assert _own_rooms(path) <= RING | STAGES | PIPELINE
        else:
            assert _room(path) in ENTRANCES or "serve" not in _own_rooms(path)


def test_the_command_line_knows_the_pipeline_and_not_the_stages() -> None:
    """`cli` asks for work and shows what came of it."""
    for path in _files_of("cli"):
        texts = {"edits", "report", "scaffold", "schema"}
        assert _own_rooms(path) <= RING | PIPELINE | ABOVE | texts


def test_every_room_has_a_place() -> None:
    """A new room is drawn into this plan before it is built."""
    assert {_room(path) for path in MODULES} <= RING | STAGES | PIPELINE | ABOVE | ENTRANCES


@every_module
def test_each_foreign_library_has_one_owner(path: Path) -> None:
    """What may have to be replaced one day is replaced in one room."""
    for name in _imports(path):
        library = name.split(".")[0]
        if library in sys.stdlib_module_names or library == "site_builder":
            continue
        assert _room(path) in OWNERS.get(library, set()), f"{library} in {_name(path)}"


def _calls_exit(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in {"print", "input", "exit", "quit", "SystemExit", "breakpoint"}
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"exit", "_exit", "abort"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"sys", "os"}
    )


@every_module
def test_only_the_command_line_prints_or_ends_the_program(path: Path) -> None:
    """Everything else returns values or raises: it can be used from anywhere."""
    if _room(path) not in ENTRANCES:
        found = [ast.unparse(node) for node in ast.walk(_tree(path)) if _calls_exit(node)]
        assert not found, f"{_name(path)}: {found}"


@every_module
def test_clock_chance_and_surroundings_are_read_at_the_edge(path: Path) -> None:
    """The day and the environment are arguments; nothing is drawn by chance."""
    if _room(path) in ENTRANCES:
        return
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute):
            words = ast.unparse(node)
            assert not CLOCK.match(words), f"{_name(path)}:{node.lineno} reads the clock"
            # MkDocs and Material read two variables; the room that owns them sets them.
            if _room(path) != "assemble" and isinstance(node.value, ast.Name):
                is_outside = node.value.id in {"os", "sys"} and node.attr in SURROUNDINGS
                assert not is_outside, f"{_name(path)}:{node.lineno} reads its surroundings"
    assert not {name.split(".")[0] for name in _imports(path)} & CHANCE


def test_the_owner_of_mkdocs_only_sets_the_variables_that_silence_it() -> None:
    """`assemble` sets two variables before MkDocs is imported, and reads none."""
    (path,) = _files_of("assemble")
    used = [
        ast.unparse(node)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and "environ" in ast.unparse(node.func)
    ]
    assert used == [
        "os.environ.setdefault('NO_MKDOCS_2_WARNING', '1')",
        "os.environ.setdefault('DISABLE_MKDOCS_2_WARNING', 'true')",
    ]


@every_module
def test_no_module_makes_a_connection(path: Path) -> None:
    """Builds need none but that of a cluster, the preview listens, `publish` reaches hosts."""
    imported = set(_imports(path))
    assert not imported & NETWORK or _name(path) == "serve/server.py"
    if any(name.split(".")[0] == "obstore" for name in imported):
        assert _name(path) == "publish/bucket.py"
    if any(name.split(".")[0] in {"dask", "distributed"} for name in imported):
        assert _name(path) in {"build/cluster.py", "build/worker.py"}


@every_module
def test_only_one_room_starts_programs_and_few_ask_it(path: Path) -> None:
    """git, and what carries pages away; nothing else is ever started."""
    imported = set(_imports(path))
    started = {"subprocess", "multiprocessing", "pty", "asyncio.subprocess"} & imported
    # `workers` asks Python how it starts its own processes.
    allowed = {"programs.py": started, "workers.py": {"multiprocessing"}}
    assert not started - allowed.get(_name(path), set())
    calls = [ast.unparse(node.func) for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    starters = re.compile(r"os\.(system|popen|posix_spawnp?|startfile|(spawn|exec)[lv]p?e?)")
    assert not [call for call in calls if starters.fullmatch(call)]
    if "site_builder.programs" in imported:
        assert _name(path) in PROGRAMS, f"{_name(path)} starts programs: which, and why?"


def test_every_module_that_starts_programs_says_which() -> None:
    """The list names the programs, and is true."""
    for name, program in PROGRAMS.items():
        path = PACKAGE / name
        assert "site_builder.programs" in set(_imports(path))
        assert re.search(rf"\b{program}\b", path.read_text("utf-8")), f"{name}: {program}"


@every_module
def test_what_is_an_extra_is_imported_where_it_is_used(path: Path) -> None:
    """A module can be read without it: the words of what to install come from us."""
    top = {
        name.split(".")[0]
        for node in _tree(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert not top & EXTRAS


@every_module
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """The docstring at the top says the purpose, and what the module may not do."""
    assert ast.get_docstring(_tree(path))


@every_module
def test_modules_fit_into_a_head(path: Path) -> None:
    """About 350 lines at most; a longer one has a reason in this file."""
    lines = len(path.read_text("utf-8").splitlines())
    if _name(path) in LONGER:
        assert lines > ABOUT_LINES, f"{_name(path)} needs no exception any more"
    else:
        assert lines <= ABOUT_LINES, f"{_name(path)} has {lines} lines"


def test_no_module_is_named_after_nothing() -> None:
    """A name says what is inside."""
    empty = {"utils", "helpers", "common", "base", "misc"}
    assert not {path.stem for path in MODULES} & empty
