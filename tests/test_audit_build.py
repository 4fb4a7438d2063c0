"""The audit stands before every exchange: a leak stops its client, or the build, no one else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.workspace import (
    DONE,
    HERON,
    NAMES,
    OTTER,
    PINE,
    TODAY,
    TOKENS,
    WORKSPACES,
    Workspace,
    copy_workspace,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

STEP = f"projects/{OTTER}/shop/milestones/01-goals-agreed.md"
GOALS = "We agreed on three goals for your shop."
MENTION = "We agreed on three goals for your shop, as with Pine Bakery."


def leak(workspace: Workspace) -> None:
    """Write another client's name into a text."""
    workspace.edit(STEP, GOALS, MENTION)
    workspace.edit(f"projects/{PINE}/client.yml", "Pine Bakery", "Pinewick Bakery")
    workspace.edit(STEP, "Pine Bakery", "Pinewick Bakery")


def test_the_samples_have_no_leak(samples: Workspace) -> None:
    """The samples are looked through, and nothing is found."""
    ran = samples.run("audit", "--today", TODAY)
    assert (ran.output, ran.code) == ("No leaks.\n", 0)


def test_hostile_texts_are_no_leaks(hostile: Workspace) -> None:
    """A client whose every text tries to be markup is published: as text it harms nobody."""
    assert hostile.run("audit", "--today", TODAY).code == 0


def test_a_leak_stops_only_its_client(workspace: Workspace) -> None:
    """The page that was there stays, the others are built; the words say whose it is, and where."""
    assert workspace.build().code == 0
    before = workspace.pages(OTTER)
    leak(workspace)
    workspace.edit(
        f"projects/{PINE}/shop/milestones/01-goals-agreed.md", GOALS, "We agreed on a goal."
    )
    ran = workspace.build()
    assert ran.code == 3
    assert workspace.pages(OTTER) == before
    assert b"We agreed on a goal." in b"".join(workspace.pages(PINE).values())
    assert "[other-client]" in ran.output
    assert (
        "on the page of otter-books: the name of another client, pine-bakery, stands here"
        in ran.output
    )
    assert "otter-books keeps the page that was there." in ran.output
    assert not [token for token in TOKENS.values() if token in ran.output]


def test_mentions_let_it_pass(workspace: Workspace) -> None:
    """A name that client.yml mentions may stand."""
    leak(workspace)
    path = workspace.root / "projects" / OTTER / "client.yml"
    path.write_text(f"{path.read_text('utf-8')}mentions: [Pinewick Bakery]\n", "utf-8")
    assert workspace.build().code == 0


def test_without_an_old_page_a_neutral_one_stands_there(workspace: Workspace) -> None:
    """A first page with a leak is not shown; who has the link reads whom to ask."""
    leak(workspace)
    assert workspace.build().code == 3
    assert "This page is being updated" in workspace.page(OTTER)
    assert "Pinewick" not in workspace.page(OTTER)


def test_a_forbidden_word_stops_its_client(workspace: Workspace) -> None:
    """A word that the agency forbids is not repeated in what is printed."""
    workspace.edit("mkdocs.yml", "    rhythm:", "    forbidden: [three goals]\n    rhythm:")
    ran = workspace.build()
    assert "[forbidden-word]" in ran.output
    assert "three goals" not in ran.output.replace("projects/", "")
    assert ran.code == 3


def test_a_new_client_brings_new_names(workspace: Workspace) -> None:
    """Pages that did not change are looked through again, where they stand, for the new name."""
    workspace.edit(
        STEP, GOALS, f"We agreed on three goals for your shop, as with the {NAMES[HERON]}."
    )
    assert workspace.build().code == 0
    assert "nothing has changed" in workspace.build().output
    workspace.add_client(HERON)
    workspace.edit(f"projects/{HERON}/client.yml", "Heron Rowing", "Heronwick Rowing")
    workspace.edit(STEP, "Heron Rowing", "Heronwick Rowing")
    assert "the name of another client, heron-rowing," in workspace.build().output


def test_unchanged_pages_are_looked_through_where_they_stand(workspace: Workspace) -> None:
    """A name that stands on a page already is found when its client comes, without a new build."""
    workspace.edit(STEP, GOALS, "We agreed on three goals, as with the Heronwick Rowing Club.")
    assert workspace.build().code == 0
    written = (workspace.client_dir(OTTER) / "index.html").stat().st_ino
    workspace.add_client(HERON)
    workspace.edit(f"projects/{HERON}/client.yml", "Heron Rowing", "Heronwick Rowing")
    ran = workspace.build()
    assert "on the page of otter-books: the name of another client, heron-rowing," in ran.output
    assert ran.code == 3
    assert (workspace.client_dir(OTTER) / "index.html").stat().st_ino == written


def test_a_leak_outside_stops_the_build(workspace: Workspace) -> None:
    """A theme that asks another host builds nothing."""
    workspace.write("theme/css/progress.css", "@import url(https://fonts.example/a.css);\n")
    ran = workspace.build()
    assert "[outside-request]" in ran.output
    assert ran.code == 1
    assert not workspace.site.exists()


def test_the_command_looks_at_any_folder(workspace: Workspace, tmp_path: Path) -> None:
    """A site, one client's folder, or anything else; as text, as JSON and as annotations."""
    assert workspace.build().code == 0
    page = workspace.client_dir(OTTER) / "index.html"
    page.write_text(page.read_text("utf-8").replace("</main>", "<!-- x --></main>"), "utf-8")
    for folder in ("site", f"site/c/{TOKENS[OTTER]}"):
        ran = workspace.run("audit", folder, "--today", TODAY)
        assert "[html-comment]" in ran.output
        assert TOKENS[OTTER] not in ran.output
        assert ran.code == 1
    (found,) = json.loads(workspace.run("audit", "--format", "json", "--today", TODAY).output)
    assert (found["rule"], found["client"], found["severity"]) == ("html-comment", OTTER, "error")
    assert found["path"] == "site/c/\u2026/index.html"
    github = workspace.run("audit", "--format", "github", "--today", TODAY).output
    assert github.startswith("::error file=site/c/\u2026/index.html,line=")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "index.html").write_text("<p>Otter Books</p>", "utf-8")
    assert workspace.run("audit", str(tmp_path / "empty")).code == 1
    assert workspace.run("audit", "nowhere").code == 2


# --- Fifty clients with marks --------------------------------------------------------------------

CLIENTS = 50
FIELDS = (
    "name",
    "title",
    "finish",
    "label",
    "happened",
    "matters",
    "next",
    "update",
    "internal",
    "draft",
    "file",
)


def mark(field: str, number: int) -> str:
    """Make a word that stands in one field of one client."""
    return f"{field}mark{number:02}x"


def token_of(number: int) -> str:
    """Make a private link."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(letters[(number // 32**place + place * 7) % 32] for place in range(26))


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Fifty clients with a word of their own in every field, built once."""
    found = small_workspace(tmp_path_factory.mktemp("fifty") / "agency")
    for number in range(CLIENTS):
        of = {field: mark(field, number) for field in FIELDS}
        folder = f"projects/{mark('id', number)}"
        found.write(
            f"{folder}/client.yml",
            f"name: {of['name']} Books\nlinks: {{everyone: {token_of(number)}}}\n",
        )
        found.write(
            f"{folder}/shop/project.yml",
            f"title: Your {of['title']}\nfinish: {of['finish']}\nstarts: 2026-01-05\n"
            "updates: {every: month, on: 15}\noutcomes: {sales: Readers order from home}\n",
        )
        step = DONE.replace("Goals agreed", f"{of['label']} ready").replace(
            GOALS, f"We agreed on {of['happened']}."
        )
        step = step.replace("You can see at", f"Your {of['matters']}: you can see at")
        step = step.replace(
            "---\n## What", f"internal: {of['internal']} for the team\n---\n## What", 1
        )
        step += f"\n## What comes next\nOn Friday Maya sends you {of['next']}.\n"
        found.write(f"{folder}/shop/milestones/01-goals.md", step)
        draft = DONE.replace(
            "---\nlabel: Goals agreed", f"---\ndraft: true\nlabel: {of['draft']}", 1
        )
        found.write(f"{folder}/shop/milestones/02-draft.md", draft)
        note = f"The {of['update']} is [here](files/{of['file']}.txt).\n"
        found.write(f"{folder}/shop/updates/2026-02-25-news.md", note)
        found.write(f"{folder}/shop/files/{of['file']}.txt", f"A list for {of['name']}.\n")
    ran = found.build()
    assert ran.code == 0, ran.output[-2000:]
    return found


def test_no_client_sees_a_mark_of_another(fifty: Workspace) -> None:
    """Of 2,450 pairs none leaks, in bytes or names; notes and drafts leak to nobody."""
    pairs = 0
    for reader in range(CLIENTS):
        files = tree(fifty.site / "c" / token_of(reader))
        said = b"\n".join([*files.values(), *(name.encode() for name in files)]).lower()
        assert mark("happened", reader).encode() in said
        assert mark("internal", reader).encode() not in said
        assert mark("draft", reader).encode() not in said
        for other in range(CLIENTS):
            if other != reader:
                pairs += 1
                marks = [mark(field, other) for field in (*FIELDS, "id")] + [token_of(other)]
                assert not [each for each in marks if each.encode() in said]
    assert pairs == 2450


def test_the_audit_sees_the_same_in_every_wrapping(fifty: Workspace) -> None:
    """It looks into encodings, archives and pictures, too, and finds nothing."""
    assert fifty.run("audit", "--today", TODAY).output == "No leaks.\n"


def test_it_would_see_each_of_them(fifty: Workspace, tmp_path: Path) -> None:
    """Whoever gets another client's page gets a finding for it: none of the 49 is overlooked."""
    page = (fifty.site / "c" / token_of(0) / "index.html").read_text("utf-8")
    names = "".join(f"<p>{mark('name', number)} Books</p>" for number in range(CLIENTS))
    folder = tmp_path / token_of(0)
    folder.mkdir()
    (folder / "index.html").write_text(page.replace("</main>", f"{names}</main>"), "utf-8")
    found = json.loads(fifty.run("audit", str(folder), "--format", "json", "--today", TODAY).output)
    seen = {
        problem["message"].split(", ")[1] for problem in found if problem["rule"] == "other-client"
    }
    assert seen == {mark("id", number) for number in range(1, CLIENTS)}


def test_samples_stay_clean_after_a_second_build(tmp_path: Path) -> None:
    """Looking again finds nothing new."""
    found = copy_workspace(WORKSPACES / "samples", tmp_path / "agency")
    assert found.build().code == 0
    assert found.build().code == 0
