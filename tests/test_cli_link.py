"""`link` as people type it: one line changes, the old page goes, and no link is printed unasked."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from site_builder.cli.link import _fresh_link, fresh_key
from site_builder.edits.links import LinkFile
from site_builder.model.hosts import HOSTS
from site_builder.workspace import open_workspace
from tests.repository import git
from tests.workspace import AGENCY, HERON, OTTER, PINE, TOKENS, Workspace, run_apart, tree

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = f"projects/{OTTER}/client.yml"
TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])")
SHOP = """\
title: A shop for readers
milestones:
  - {id: open, day: 5, label: The shop is open, matters: Readers order at midnight.}
"""


def links_of(workspace: Workspace, path: str = CLIENT) -> dict[str, str]:
    """Read the links of a file."""
    found: dict[str, str] = yaml.safe_load((workspace.root / path).read_text("utf-8"))["links"]
    return found


def test_add_rotate_revoke(workspace: Workspace) -> None:
    """The way of a link, with what each step leaves in the file."""
    assert workspace.run("link", "add", OTTER, "board").code == 0
    both = links_of(workspace)
    assert both["everyone"] == TOKENS[OTTER]
    assert TOKEN.fullmatch(both["board"])
    assert workspace.run("link", "rotate", OTTER, "everyone").code == 0
    rotated = links_of(workspace)
    assert rotated["board"] == both["board"]
    assert TOKEN.fullmatch(rotated["everyone"])
    assert rotated["everyone"] not in both.values()
    assert workspace.run("link", "revoke", OTTER, "board").code == 0
    assert links_of(workspace) == {"everyone": rotated["everyone"]}
    assert workspace.run("check").code == 0


@pytest.mark.parametrize(
    "command", [("add", OTTER, "board"), ("rotate", OTTER, "everyone")], ids=["add", "rotate"]
)
def test_a_link_is_printed_only_when_asked_for(
    workspace: Workspace, command: tuple[str, ...]
) -> None:
    """The output may stand in a log or on a shared screen."""
    workspace.edit("mkdocs.yml", "    rhythm", "    base_url: https://p.example/\n    rhythm")
    said = workspace.run("link", *command).output
    assert not TOKEN.search(said)
    assert f"site-builder links {OTTER}" in said
    shown = workspace.run("link", "rotate", OTTER, "everyone", "--show").output
    assert f"https://p.example/c/{links_of(workspace)['everyone']}/\n" in shown


def test_an_offering_gets_its_first_link_and_loses_it(workspace: Workspace) -> None:
    """Named as `_offerings/shop`, or by the way to its file."""
    path = "projects/_offerings/shop.yml"
    workspace.write(path, SHOP)
    ran = workspace.run("link", "add", "_offerings/shop", "fair")
    assert ran.code == 0, ran.output
    (token,) = links_of(workspace, path).values()
    workspace.build()
    assert (workspace.site / "c" / token / "index.html").is_file()
    assert workspace.run("link", "revoke", path, "fair").code == 0
    assert (workspace.root / path).read_text("utf-8") == SHOP


def test_pages_move_with_the_link_and_lead_nowhere(crew: Workspace) -> None:
    """After a build of all clients the old folder is gone, and no file names it."""
    workspace = crew
    workspace.build()
    others = {client: workspace.pages(client) for client in (PINE, HERON)}
    before = workspace.pages(OTTER)
    workspace.run("link", "rotate", OTTER, "everyone")
    assert workspace.build().code == 0
    assert {client: workspace.pages(client) for client in (PINE, HERON)} == others
    assert not workspace.client_dir(OTTER).exists()
    new = workspace.site / "c" / links_of(workspace)["everyone"]
    assert tree(new) == before
    for name, content in tree(workspace.site).items():
        assert TOKENS[OTTER].encode() not in content, name
        assert TOKENS[OTTER] not in name


def test_end_closes_every_link(workspace: Workspace) -> None:
    """On the day itself, on each address, also while the project's files have mistakes."""
    workspace.run("link", "add", OTTER, "board")
    assert workspace.run("link", "end", OTTER, "2026-03-03").code == 0
    assert "ends: 2026-03-03\n" in (workspace.root / CLIENT).read_text("utf-8")
    workspace.build()
    assert b"Your new shop" in workspace.pages(OTTER)["index.html"]
    workspace.write(f"projects/{OTTER}/shop/project.yml", "title: [")
    assert workspace.build(today="2026-03-03").code == 3
    for token in links_of(workspace).values():
        files = tree(workspace.site / "c" / token)
        assert files.keys() == {"index.html"}
        assert b"Otter" not in files["index.html"]
        assert b"shop" not in files["index.html"]
        assert b"Northlight Studio" in files["index.html"]
    assert "already" in workspace.run("link", "end", OTTER, "2026-03-03").output


REFUSALS = {
    "unknown client": (("rotate", "oter-books", "everyone"), f"write '{OTTER}'"),
    "unknown offering": (("rotate", "_offerings/shop", "fair"), "there is no offering"),
    "unknown label": (("rotate", OTTER, "evryone"), "write 'everyone'"),
    "label exists": (("add", OTTER, "everyone"), "choose another label"),
    "last link": (("revoke", OTTER, "everyone"), f"link end {OTTER} DATE"),
    "no date": (("end", OTTER, "tomorrow"), "write it as YYYY-MM-DD"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_change_nothing(workspace: Workspace, case: str) -> None:
    """Each is a sentence that says what to type instead."""
    arguments, words = REFUSALS[case]
    before = tree(workspace.root)
    ran = workspace.run("link", *arguments)
    assert ran.code == 2
    assert words in ran.output
    assert not TOKEN.search(ran.output)
    assert tree(workspace.root) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: Otter\nlinks: [\n", "Nothing was written: mend this first."),
        ("name: Otter\nlinks: everyone\n", "Nothing was written: mend this first."),
        (f"nome: Otter\nlinks:\n  everyone: {TOKENS[OTTER]}\n", "write 'name'"),
        (b"name: Caf\xe9\nlinks:\n  everyone: x\n", "UTF-8"),
    ],
)
def test_a_file_with_mistakes_is_mended_first(
    workspace: Workspace, text: str | bytes, words: str
) -> None:
    """The mistakes are shown as `check` shows them, and nothing is written."""
    workspace.write(CLIENT, text)
    before = tree(workspace.root)
    ran = workspace.run("link", "rotate", OTTER, "everyone")
    assert ran.code == 1
    assert words in ran.output
    assert tree(workspace.root) == before


def test_a_copied_folder_gets_a_link_of_its_own(workspace: Workspace) -> None:
    """`shared-link` says so, and this is the command that does it; the original keeps its link."""
    workspace.run("link", "add", OTTER, "board")
    own = links_of(workspace)
    copied = (workspace.root / CLIENT).read_text("utf-8")
    workspace.write(f"projects/{PINE}/client.yml", copied)
    assert workspace.run("check").output.count("shared-link") == 4
    first = workspace.run("link", "rotate", PINE, "everyone")
    assert first.code == 0
    assert f"projects/{PINE}/client.yml:4:" in first.output.partition("Still to be mended")[2]
    second = workspace.run("link", "rotate", PINE, "board")
    assert (second.code, "Still to be mended" in second.output) == (0, False)
    assert workspace.run("check").code == 0
    assert links_of(workspace) == own


@pytest.mark.parametrize("host", HOSTS)
def test_each_host_is_told_what_else_to_do(workspace: Workspace, host: str) -> None:
    """Where earlier deploys stay open, the commands that delete them are printed, not run."""
    workspace.edit("mkdocs.yml", "    rhythm", f"    host: {host}\n    rhythm")
    said = workspace.run("link", "rotate", OTTER, "everyone").output
    assert "site-builder build   # all clients" in said
    assert HOSTS[host].old in said
    assert all(command in said for command in HOSTS[host].delete)
    added = workspace.run("link", "add", OTTER, "board").output
    assert not HOSTS[host].old or HOSTS[host].old not in added


def test_in_a_repository_the_commit_is_named(workspace: Workspace) -> None:
    """It is about the client and the label, and holds no link."""
    git(workspace.root, "init", "-q")
    said = workspace.run("link", "rotate", OTTER, "everyone").output
    assert f"git commit -m 'link: rotate everyone of {OTTER}' {CLIENT}" in said


def test_sealed_pages_get_a_key_with_each_link(workspace: Workspace) -> None:
    """256 bits that no other link has, in the way that base32 writes 32 bytes."""
    opened = open_workspace(workspace.root / "mkdocs.yml")
    drawn = []
    for protection, length in (("link", 0), ("sealed", 52), ("passphrase", 52)):
        typed = f"name: x\nlinks: {{}}\nprotection: {protection}\n"
        file = LinkFile(owner=OTTER, path=CLIENT, typed=typed, is_offering=False)
        drawn.append(_fresh_link(opened, file))
        assert len(drawn[-1].key) == length
    keys = {fresh_key() for _ in range(200)}
    assert len(keys) == 200
    for key in keys:
        assert re.fullmatch("[a-z2-7]{52}", key)
        content = base64.b32decode(key.upper() + "====")
        assert len(content) == 32
        assert base64.b32encode(content).decode().lower().rstrip("=") == key


def test_rotating_a_sealed_link_makes_both_halves_new(workspace: Workspace) -> None:
    """Whoever kept the ciphertext and the old link cannot open the new page with it."""
    assert workspace.run("link", "protect", OTTER, "sealed").code == 0
    old_token, _, old_key = links_of(workspace)["everyone"].partition("#")
    said = workspace.run("link", "rotate", OTTER, "everyone").output
    token, _, key = links_of(workspace)["everyone"].partition("#")
    assert token != old_token
    assert key not in {"", old_key}
    assert key not in said
    assert workspace.build().code == 0
    assert (workspace.site / "c" / token / "index.html").is_file()
    assert not (workspace.site / "c" / old_token).exists()
    for content in tree(workspace.site).values():
        assert key.encode() not in content


def test_the_shell_completes_clients_and_labels(workspace: Workspace) -> None:
    """Whoever takes a link back need not look up its name."""
    ran = run_apart(
        workspace.root,
        COMP_WORDS=f"site-builder link rotate {OTTER} ev",
        COMP_CWORD="4",
        _SITE_BUILDER_COMPLETE="bash_complete",
    )
    assert ran.output == "plain,everyone\n"


def test_without_a_host_old_deploys_are_spoken_of_in_general(tmp_path: Path) -> None:
    """Without a host, whoever takes a link back is told that hosts may keep old pages."""
    workspace = Workspace(tmp_path)
    workspace.write("mkdocs.yml", AGENCY)
    workspace.add_client(OTTER)
    said = workspace.run("link", "rotate", OTTER, "everyone").output
    assert "extra.agency.host" in said
