"""The handbook tells the truth: its pages are complete, its examples run, its promises hold."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import click
import mkdocs
import pytest

from site_builder.audit import Rule
from site_builder.cli import cli
from site_builder.model import parts
from site_builder.model.allowed import WORDING
from site_builder.model.meanings import meanings
from site_builder.reference import FILES, PAGES
from site_builder.workspace import own_theme
from tests.workspace import ROOT, SITE, TODAY, Workspace, copy_workspace, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCS = ROOT / "docs"
PLAYED = {"tutorial.md": "harbour-physio", "how-to/finish-a-step.md": "larkfield-vets"}
"""Pages that are gone through word by word, and whose page they look at."""
MONDAY = "1772445600"
"""2 March 2026, as SOURCE_DATE_EPOCH says it."""
READERS_PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FENCE = re.compile(
    r'^(?P<indent> *)```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^(?P=indent)```$',
    re.MULTILINE | re.DOTALL,
)
OTHER_COMMANDS = set(
    "aws cd dask git mkdir netlify npm npx pip python3 source tar wrangler".split()
)
"""Commands of others that the handbook may name."""
HOME = "projects/larkfield-vets"
WEBSITE = "projects/larkfield-vets/website/files"
WOFF2 = Path(mkdocs.__file__).parent / "themes/mkdocs/webfonts/fa-v4compatibility.woff2"
"""A font that every installation has."""
GIVEN = {
    f"{WEBSITE}/three-goals.pdf": f"{WEBSITE}/three-goals.pdf",
    f"{WEBSITE}/message-on-one-page.pdf": f"{WEBSITE}/message-on-one-page.pdf",
    f"{WEBSITE}/home-idea.jpg": f"{WEBSITE}/home-idea.jpg",
    "brand/icon.png": "projects/brightwater-dental/search/files/new-patients-2025.png",
    "brand/text.woff2": str(WOFF2),
    "brand/headings.woff2": str(WOFF2),
}
"""Files that examples may use, and where they come from."""
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
)
SKELETON = {
    "mkdocs.yml": (
        "extra:\n  agency:\n    name: Northlight Studio\n"
        "    contact: {name: Maya Lindqvist, email: maya@northlight.example}\n"
    ),
    f"{HOME}/client.yml": "name: Larkfield Vets\nlinks:\n  everyone: 5mzk3w7q2hxr4tnd6bvyacjpfa\n",
    f"{HOME}/website/project.yml": "title: Your new website\nstarts: 2026-01-05\n",
}
"""What an example stands in, as far as it does not bring it along."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    language: str
    title: str
    text: str
    start: int
    end: int


def page_id(path: Path) -> str:
    """Name a page as a test's id."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[Block]:
    """List the fenced blocks of a page."""
    for match in FENCE.finditer(text):
        yield Block(
            match["language"],
            match["title"] or "",
            dedent(match["text"]),
            match.start(),
            match.end(),
        )


def plain(html: str) -> str:
    """Take the tags out of a page, and no-break spaces."""
    text = re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").replace("&nbsp;", " ")
    return re.sub(r"\s+([.,:])", r"\1", " ".join(text.split()))


# --- The reference -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_pages_are_up_to_date(name: str) -> None:
    """`make reference` writes nothing else than what is committed."""
    assert (DOCS / "reference" / name).read_text("utf-8") == PAGES[name](), "run: make reference"


def commands_of(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """List the commands of a group, and those inside them, by all that is typed."""
    for name, command in group.commands.items():
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", below) for inner, below in commands_of(command))


def test_every_command_and_option_stands_in_the_reference() -> None:
    """Nothing that a person can type is missing from the page of commands."""
    text = (DOCS / "reference" / "commands.md").read_text("utf-8")
    for name, command in commands_of(cli):
        assert f"\n## {name}\n" in text
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(f"`{option}`" in section for option in parameter.opts), parameter.name


def all_models(model: type[parts.Written]) -> Iterator[type[parts.Written]]:
    """List a class and its descendants."""
    yield model
    for child in model.__subclasses__():
        yield from all_models(child)


MODELS = list(all_models(parts.Written))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_stands_in_the_reference(model: type[parts.Written]) -> None:
    """Each key has its row, with what it means."""
    text = (DOCS / "reference" / "files.md").read_text("utf-8")
    for name, field in model.model_fields.items():
        meaning = meanings(model)[name]
        row = f"`{field.alias or name}`"
        assert any(row in line and meaning in line for line in text.splitlines()), name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_that_can_be_used_stands_in_an_example(model: type[parts.Written]) -> None:
    """Nobody has to guess how a key is written."""
    examples = "\n".join(example.text for file in FILES for example in file.examples)
    for name, field in model.model_fields.items():
        key = field.alias or name
        assert re.search(rf"(^|[ {{]){key}: |^ *{key}:$", examples, re.MULTILINE), name


# --- The rules -----------------------------------------------------------------------------------

RULE_NAME = re.compile(r"[a-z]+(-[a-z]+)*")
RULE_ARGUMENTS = {
    "refuse": 0,
    "complain": 0,
    "_about_state": 0,
    "problem": 1,
    "problem_at": 1,
    "_complain": 1,
    "_warn": 1,
    "_note": 2,
    "finding": 2,
    "remark": 0,
}
"""Where the rule stands among the arguments of what makes a problem."""
HARD_TO_BREAK = {
    "late-news",
    "missing-string",
    "more-problems",
    "no-passphrase",
    "no-pdf",
    "no-word-list",
    "passphrase-file",
    "silent-move",
    "silent-end",
    "unannounced",
    "unreadable",
    "unwritable",
    "weak-passphrase",
}
"""Rules that need more than files: a history, a full disk, rights, many mistakes, a bare system.

Those about passphrases are met by `build`, not by `check`: tests/test_sealed_clients.py.

`no-word-list` needs a whole catalogue of another language."""


LEAKS = {rule.value for rule in Rule}
"""Rules about what was built; `test_audit.py` has the cases."""


def named_in(node: ast.AST) -> set[str]:
    """List the strings below a node that may be names of rules."""
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and RULE_NAME.fullmatch(part.value)
    }


def rules_at(node: ast.AST) -> set[str]:
    """List the rules that a piece of the source names."""
    match node:
        case ast.keyword(arg="rule", value=value):
            return named_in(value)
        case ast.AnnAssign(target=ast.Name(id="rule" | "RULE"), value=ast.expr() as value):
            return named_in(value)
        case ast.Assign(targets=[ast.Name(id="rule" | "RULE")], value=value):
            return named_in(value)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments):
            place = RULE_ARGUMENTS.get(name, len(arguments))
            return named_in(arguments[place]) if place + 1 < len(arguments) else set()
        case ast.Tuple(
            elts=[ast.Constant() as first, (ast.Constant() | ast.JoinedStr()) as message, _, *_]
        ):
            words = [part.value for part in ast.walk(message) if isinstance(part, ast.Constant)]
            return named_in(first) if " " in "".join(map(str, words)) else set()
    return set()


def rules_of_source() -> set[str]:
    """List every rule that the program can name."""
    return (
        {
            rule
            for path in (ROOT / "site_builder").rglob("*.py")
            if path.parent.name != "attention"  # reasons of the overview are no problems
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            for rule in rules_at(node)
        }
        | WORDING
        | LEAKS
    )


def test_every_rule_stands_in_the_reference() -> None:
    """Whoever meets a rule finds it in the handbook, and finds no rule that there is not."""
    text = (DOCS / "reference" / "rules.md").read_text("utf-8")
    assert set(re.findall(r"^### `(.+)`$", text, re.MULTILINE)) == rules_of_source()


def test_every_rule_has_a_case() -> None:
    """The words of every rule stand in tests/problems/, as a person reads them."""
    cases = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "problems").glob("*.yml"))
    told = set(re.findall(r"^  \S.* \[([a-z-]+)\]$", cases, re.MULTILINE))
    assert told == rules_of_source() - HARD_TO_BREAK - LEAKS


def test_every_file_of_the_theme_stands_in_the_reference() -> None:
    """With how long an agency's own copy of it holds; and nothing that is not there."""
    text = (DOCS / "reference" / "theme.md").read_text("utf-8")
    told = dict(
        re.findall(r"^\| `([\w./-]+\.(?:html|css))` \|.*\| ([^|]+) \|$", text, re.MULTILINE)
    )
    theme = own_theme()
    files = (path for path in theme.rglob("*") if path.is_file())
    assert set(told) == {path.relative_to(theme).as_posix() for path in files}
    assert all(promise.startswith(("stable", "may change")) for promise in told.values())


# --- The examples --------------------------------------------------------------------------------


def target_of(title: str) -> str:
    """Find the place in the workspace that a block's title names."""
    if title == "client.yml":
        return f"{HOME}/client.yml"
    is_whole = title == "mkdocs.yml" or title.startswith("projects/")
    return title if is_whole else f"{HOME}/website/{title}"


def completed(target: str, text: str) -> str:
    """Add the keys that an example of a part of a file leaves out."""
    needed = SKELETON.get(target, "") if target != "mkdocs.yml" else ""
    missing = [
        part
        for part in re.split(r"^(?=\S)", needed, flags=re.MULTILINE)
        if part and not re.search(rf"^{part.partition(':')[0]}:", text, re.MULTILINE)
    ]
    return "".join(missing) + text


def examples_of(page: Path) -> list[tuple[str, str]]:
    """List the files that a page shows: where they stand, and what is in them."""
    return [
        (target_of(block.title), block.text)
        for block in blocks(page.read_text("utf-8"))
        if block.title and block.language in {"yaml", "markdown"}
    ]


def workspaces_of(examples: Sequence[tuple[str, str]], root: Path) -> Iterator[Workspace]:
    """Make a workspace of a page's examples; a further one where a file is shown again."""
    left = list(examples)
    while left:
        shown = dict(reversed(left))
        left = [example for example in left if shown[example[0]] != example[1]]
        workspace = Workspace(root / str(len(left)))
        for logo in ("logo", "logo-dark"):
            workspace.write(f"brand/{logo}.svg", LOGO)
        for name, given in GIVEN.items():
            workspace.write(name, (ROOT / given).read_bytes())
        for target, text in {**SKELETON, **shown}.items():
            workspace.write(target, completed(target, text))
        yield workspace


@pytest.mark.parametrize("page", [page for page in READERS_PAGES if examples_of(page)], ids=page_id)
def test_the_examples_are_right(page: Path, tmp_path: Path) -> None:
    """Every block whose title is a file is read by the tool without an error."""
    for workspace in workspaces_of(examples_of(page), tmp_path):
        found = workspace.run("check", "--format", "json", "--today", TODAY)
        assert [
            problem for problem in json.loads(found.output) if problem["severity"] == "error"
        ] == []


def test_the_examples_of_the_reference_are_one_workspace(tmp_path: Path) -> None:
    """They fit together, and have warnings only where they say so."""
    (workspace,) = workspaces_of(examples_of(DOCS / "reference" / "files.md"), tmp_path)
    problems = json.loads(workspace.run("check", "--format", "json", "--today", TODAY).output)
    assert {problem["rule"] for problem in problems} <= {
        "partial-weights",
        "no-next-update",
        "no-outcomes",
        "unannounced",
    }


def test_the_example_of_progress_json_is_what_comes_out(samples: Workspace) -> None:
    """Each field stands there with the value that the sample has."""
    (block,) = blocks((DOCS / "reference" / "progress-json.md").read_text("utf-8"))
    token = block.title.split("/")[1]
    shown = json.loads(block.text)
    real = json.loads((samples.site / "c" / token / "progress.json").read_text("utf-8"))
    for name in ("needs", "milestones"):
        real["projects"][0][name] = real["projects"][0][name][:1]
    assert shown == real


# --- What people type ----------------------------------------------------------------------------


def typed_in(page: Path) -> Iterator[str]:
    """List the lines of a page's shell blocks, comments taken off."""
    for block in blocks(page.read_text("utf-8")):
        if block.language == "sh":
            for line in block.text.splitlines():
                if command := re.sub(r"(^|\s+)#.*", "", line).strip():
                    yield command


def targets() -> set[str]:
    """List the targets of the Makefile."""
    return set(
        re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )


@pytest.mark.parametrize(
    "page", [page for page in READERS_PAGES if any(typed_in(page))], ids=page_id
)
def test_what_the_handbook_types_exists(page: Path) -> None:
    """Each command is a target of make, one of ours with its options, or one of a few others."""
    for line in typed_in(page):
        program, *words = shlex.split(line)
        if program == "make":
            assert {word for word in words if "=" not in word} <= targets(), line
        elif program.rpartition("/")[2] == "site-builder":
            # A wrong command, option or value raises; nothing runs.
            context = cli.make_context(program, words)
            while isinstance(context.command, click.Group):
                rest = [*context._protected_args, *context.args]
                name, command, rest = context.command.resolve_command(context, rest)
                assert name
                assert command
                context = command.make_context(name, rest, parent=context)
        else:
            assert program.rpartition("/")[2] in OTHER_COMMANDS | {"mkdocs"}, line


def changed(text: str, hunk: str) -> str:
    """Replace the lines with `-` by those with `+`; the others only say where."""
    old = [line[1:] for line in hunk.splitlines() if not line.startswith("+")]
    new = [line[1:] for line in hunk.splitlines() if not line.startswith("-")]
    before = "\n".join(old) + "\n"
    assert text.count(before) == 1, hunk
    return text.replace(before, "\n".join(new) + "\n")


def said_by(workspace: Workspace, line: str) -> str:
    """Run a line of a tutorial, as far as it ends by itself, and return what ours says."""
    if line == "make site":
        makefile = (ROOT / "Makefile").read_text("utf-8").replace("$(TODAY)", TODAY)
        recipe = re.findall(
            r"^\t@?(?:\$\(BIN\)/)?(.+)",
            makefile.partition("\nsite: ")[2].partition("\n\n")[0],
            re.MULTILINE,
        )
        return "".join(said_by(workspace, part) for part in recipe)
    program, *words = shlex.split(line.partition(" || ")[0])
    if program == "echo":
        return " ".join(words) + "\n"
    if program == "git" and words[0] == "init":
        subprocess.run(["git", *words], cwd=workspace.root, check=True, capture_output=True)
    is_ours = program == "site-builder" and words[0] != "serve"
    return workspace.run(*words).output if is_ours else ""


def assert_shown(phrases: str, shown: str) -> None:
    """Look for the bold words of a part of a tutorial in what its reader sees."""
    for phrase in re.findall(r"\*\*(.+?)\*\*", phrases, re.DOTALL):
        assert " ".join(phrase.split()) in shown


def seen(workspace: Workspace, client: str) -> str:
    """Read what the preview shows: the list of clients, and the page of one."""
    if not (workspace.root / "mkdocs.yml").is_file():
        return ""
    workspace.run("build", "-d", "seen", "--no-cache")
    folders = workspace.root / "seen" / "c"
    names = [
        json.loads(path.read_text("utf-8"))["client"] for path in folders.glob("*/progress.json")
    ]
    token = tokens_of(workspace.root).get(client)
    page = plain((folders / token / "index.html").read_text("utf-8")) if token else ""
    return " ".join([*names, page])


@pytest.mark.parametrize(("name", "client"), PLAYED.items(), ids=PLAYED)
def test_a_tutorial_happens_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, client: str
) -> None:
    """Its commands say what stands under them, and the page says what stands there in bold."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MONDAY)
    text = (DOCS / name).read_text("utf-8")
    workspace = Workspace(tmp_path / "agency")
    if "make site" in text:
        copy_workspace(ROOT / "tests" / "workspaces" / "samples", workspace.root)
    else:
        workspace.root.mkdir()
    told, last, said = 0, 0, ""
    for block in blocks(text):
        assert_shown(text[last : block.start], seen(workspace, client))
        last = block.end
        if block.language == "sh":
            said = "".join(said_by(workspace, line) for line in block.text.splitlines())
        elif block.language == "text":
            assert said == block.text
            told += 1
        else:
            path = workspace.root / block.title
            path.write_text(changed(path.read_text("utf-8"), block.text), "utf-8")
    assert told >= 1


def test_the_page_of_offerings_happens_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command comes after what it needs, and says what stands under it, day by day."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MONDAY)
    workspace, said, told = Workspace(tmp_path), "", 0
    for block in blocks((DOCS / "how-to" / "offerings.md").read_text("utf-8")):
        if block.title.startswith("projects/_offerings/"):
            workspace.write(block.title, block.text.replace("day: 20", "day: 40"))
        elif block.title == "mkdocs.yml":
            workspace.write(block.title, block.text)
        elif block.language == "sh":
            said = "".join(said_by(workspace, line) for line in block.text.splitlines())
        elif block.language == "text":
            assert block.text in said
            told += 1
    assert told >= 3


def test_the_readme_happens_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its commands make what it names, and its mistake is shown as it says."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MONDAY)
    shown = list(blocks((ROOT / "README.md").read_text("utf-8")))
    (frame,) = (block.text for block in shown if block.language == "text")
    (made,) = (block.text for block in shown if "site-builder new" in block.text)
    workspace = Workspace(tmp_path)
    answers = ("--name", "Alder", "--contact", "Ines", "--email", "ines@alder.example")
    assert workspace.run("init", "--ci", "github", *answers).code == 0
    for line in made.splitlines():
        assert said_by(workspace, line).startswith("made: ")
    workspace.edit(frame.partition(":")[0], "due: 2026-03-06\n", "due: friday\n")
    assert said_by(workspace, "site-builder check") == frame


# --- The handbook itself -------------------------------------------------------------------------


def test_the_handbook_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    """Every page, link and anchor is found; reading about privacy tells nobody that you do."""
    # With --quiet, --strict would not hear the warnings.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loading = re.compile(
        r"<(?:script|img|iframe)[^>]*\ssrc=[\"']?([^\"'\s>]+)"
        r"|<link[^>]*rel=[\"']?(?:stylesheet|icon|preload|preconnect)\b[^>]*href=[\"']?([^\"'\s>]+)"
    )
    for page in tmp_path.rglob("*.html"):
        loaded = {"".join(found) for found in loading.findall(page.read_text("utf-8"))}
        assert loaded
        assert {address for address in loaded if "//" in address} == set()


# --- What the pages about publishing promise -----------------------------------------------------


@pytest.mark.parametrize(
    "mistake",
    [b"contct: nobody\n", b"# caf\xe9\n", b"links: {}\n", b"\x00\n", b"a: [\n"],
    ids=["a key", "the encoding", "a key twice", "a control character", "not YAML"],
)
def test_a_mistake_in_client_yml_keeps_the_page(mistake: bytes, workspace: Workspace) -> None:
    """However client.yml is broken, the links that stand in it stay open."""
    client = min((workspace.root / "projects").iterdir())
    assert workspace.build().code == 0
    before = workspace.pages(client.name)
    settings = client / "client.yml"
    settings.write_bytes(settings.read_bytes() + mistake)
    built = workspace.build()
    assert built.code == 3
    assert f"{client.name} keeps the page that was there." in built.output
    assert workspace.pages(client.name) == before
    assert (workspace.root / SITE / "index.html").is_file()
