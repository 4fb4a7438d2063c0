"""How words on a command line become a workspace and its clients."""

from __future__ import annotations

import pytest

from tests.workspace import OTTER, PINE, Workspace, run, run_apart

STEP = f"projects/{OTTER}/shop/milestones/02-open.md"


@pytest.mark.parametrize(
    ("here", "name"),
    [
        ("", OTTER),
        ("", f"projects/{OTTER}"),
        ("", f"projects/{OTTER}/"),
        ("", STEP),
        ("", f"{OTTER}/shop"),
        ("projects", OTTER),
        (f"projects/{OTTER}", "."),
        (f"projects/{OTTER}/shop", OTTER),
        (f"projects/{OTTER}/shop/milestones", "02-open.md"),
    ],
)
def test_a_client_is_named_by_its_id_or_any_way_into_its_folder(
    workspace: Workspace, here: str, name: str
) -> None:
    """Shells complete ways, and editors copy them."""
    for client in (OTTER, PINE):
        workspace.edit(f"projects/{client}/shop/milestones/02-open.md", "2026-04-24", "friday")
    ran = run(workspace.root / here, "check", name)
    assert ran.code == 1
    assert ran.output.count("'friday' is not a date") == 1
    assert STEP in ran.output


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("build", "The folder to write the pages into."),
        ("merge", "The folder to write the pages into."),
        ("publish branch", "The folder to read the pages from, as build wrote them."),
        ("publish folder", "The folder to read the pages from, as build wrote them."),
        ("doctor", "The folder to read the pages from, as build wrote them."),
    ],
)
def test_the_folder_of_the_site_is_written_or_read(
    workspace: Workspace, command: str, words: str
) -> None:
    """One option, and each command says what it does with the folder."""
    said = " ".join(workspace.run(*command.split(), "--help").output.split())
    assert f"-d, --site-dir DIRECTORY {words}" in said


@pytest.mark.parametrize("name", ["oter-books", "..", "projects", "mkdocs.yml"])
def test_what_is_no_client_is_wrong_usage(workspace: Workspace, name: str) -> None:
    """With the nearest name, or those that there are."""
    ran = run(workspace.root, "check", name)
    assert ran.code == 2
    assert f"there is no client '{name}' in projects/; " in ran.output


@pytest.mark.parametrize("given", ["agency/mkdocs.yml", "agency"])
def test_the_settings_are_named_by_their_file_or_folder(workspace: Workspace, given: str) -> None:
    """From wherever one stands."""
    ran = run(workspace.root.parent, "check", "-f", given, "--today", "2026-03-02")
    assert (ran.code, ran.output) == (0, "No problems.\n")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("site-builder check ot", [OTTER]),
        ("site-builder links ", [OTTER, PINE]),
        ("site-builder build nobody", []),
        ("site-builder pub", ["publish"]),
    ],
)
def test_the_shell_completes_clients_and_commands(
    workspace: Workspace, typed: str, offered: list[str]
) -> None:
    """As bash asks for it."""
    count = str(len(typed.split(" ")) - 1)
    ran = run_apart(
        workspace.root, _SITE_BUILDER_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=count
    )
    assert [line.partition(",")[2] for line in ran.output.split()] == offered
