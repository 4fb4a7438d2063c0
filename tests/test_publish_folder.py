"""`publish folder`: only what changed, whole pages, and nothing that people still read is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from site_builder.publish.plan import Rules, plan
from tests.workspace import HERON, NAMES, OTTER, PINE, TOKENS, Ran, Workspace, run_apart, tree

if TYPE_CHECKING:
    from pathlib import Path

STEP = f"projects/{OTTER}/shop/milestones/02-open.md"


@pytest.fixture
def built(crew: Workspace) -> Workspace:
    """Three short clients, built."""
    assert crew.build().code == 0
    return crew


def target_of(workspace: Workspace) -> Path:
    """Name the folder that a web server would show."""
    return workspace.root.parent / "www"


def publish(workspace: Workspace, *words: str) -> Ran:
    """Publish into the folder beside the workspace."""
    return workspace.run("publish", "folder", str(target_of(workspace)), *words)


def times(folder: Path) -> dict[str, int]:
    """Return when each file was written."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_no_token(ran: Ran) -> None:
    """Whatever is said may stand in a log that others read."""
    assert not [token for token in TOKENS.values() if token in ran.output]


def test_the_first_time_everything_goes(built: Workspace) -> None:
    """The folder is made, and holds what the site holds."""
    ran = publish(built)
    assert ran.code == 0
    assert tree(target_of(built)) == tree(built.site)
    lines = ran.output.replace(str(target_of(built)), "www").splitlines()
    assert lines == [
        "Published to the folder www:",
        "- heron-rowing: 8 new files",
        "- otter-books: 8 new files",
        "- pine-bakery: 8 new files",
        f"- shared files: {len(tree(built.site)) - 25} new files",
    ]


def test_nothing_is_touched_when_nothing_changed(built: Workspace) -> None:
    """The second time says so, and writes no file."""
    publish(built)
    before = times(target_of(built))
    ran = publish(built)
    assert ran.code == 0
    assert ran.output.endswith("is up to date.\n- 3 clients unchanged\n")
    assert times(target_of(built)) == before


def test_only_the_changed_client_is_written(built: Workspace) -> None:
    """The others keep even their times."""
    publish(built)
    before = times(target_of(built))
    built.edit(STEP, "Readers order from home.", "Readers order from everywhere.")
    built.build()
    ran = publish(built)
    assert "- otter-books: 5 files changed\n- 2 clients unchanged\n" in ran.output
    after = times(target_of(built))
    assert {name for name in after if after[name] != before[name]} <= {
        name for name in after if name.startswith(f"c/{TOKENS[OTTER]}/")
    }
    assert tree(target_of(built)) == tree(built.site)


def test_a_page_that_is_gone_from_a_client_goes(built: Workspace) -> None:
    """A client's folder is exchanged whole."""
    publish(built)
    built.write(
        f"projects/{OTTER}/shop/milestones/03-gifts.md",
        "---\nlabel: Gifts\n---\n## Why it matters\nYes.\n",
    )
    built.build()
    assert "otter-books: 7 files changed, 1 new" in publish(built).output
    built.remove(f"projects/{OTTER}/shop/milestones/03-gifts.md")
    built.build()
    assert "otter-books: 7 files changed, 1 removed" in publish(built).output
    assert tree(target_of(built)) == tree(built.site)


def test_a_dry_run_says_the_same_and_writes_nothing(built: Workspace) -> None:
    """Also into a folder that is not there yet."""
    said = publish(built, "--dry-run").output
    assert not target_of(built).exists()
    assert publish(built).output == said.replace("This would be published", "Published")
    before = times(target_of(built))
    built.edit(STEP, "Readers order from home.", "Readers order from everywhere.")
    built.build()
    assert "- otter-books: 5 files changed\n" in publish(built, "--dry-run").output
    assert times(target_of(built)) == before


def test_a_revoked_link_disappears(built: Workspace) -> None:
    """One page may go at any time, and its old look with it."""
    publish(built)
    built.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], "pinetwopinetwopinetwopinet")
    built.edit("mkdocs.yml", "    contact:", '    colour: "#aa3366"\n    contact:')
    built.build()
    ran = publish(built)
    assert ran.code == 0
    assert "- removed: 1 page that no link leads to\n" in ran.output
    assert_no_token(ran)
    assert tree(target_of(built)) == tree(built.site)


def test_a_link_that_was_revoked_after_the_build_is_not_published(built: Workspace) -> None:
    """What client.yml says now counts."""
    built.remove(f"projects/{PINE}")
    assert publish(built).code == 0
    assert not (target_of(built) / "c" / TOKENS[PINE]).exists()


def test_many_deletions_need_a_word(built: Workspace) -> None:
    """More than a tenth, rounded up, is more than somebody meant."""
    publish(built)
    before = tree(target_of(built))
    for client in (OTTER, PINE):
        built.remove(f"projects/{client}")
    built.build()
    for words in ([], ["--dry-run"]):
        ran = publish(built, *words)
        assert ran.code == 1
        assert ran.output == (
            "Error: 2 of 3 published pages would go (2 pages that no link leads to): more than a"
            " tenth. If this is meant, publish with --allow-remove. Nothing was published.\n"
        )
        assert tree(target_of(built)) == before
    ran = publish(built, "--allow-remove")
    assert ran.code == 0
    assert "- removed: 2 pages that no link leads to\n" in ran.output
    assert tree(target_of(built)) == tree(built.site)


@pytest.mark.parametrize(
    ("there", "may_go"), [(1, 1), (10, 1), (11, 2), (20, 2), (21, 3), (300, 30)]
)
def test_a_tenth_is_counted_in_whole_pages(there: int, may_go: int) -> None:
    """Rounded up: so a small agency can take a link back."""
    target = {f"c/{number}/index.html": "same" for number in range(there)}
    for gone in (may_go, may_go + 1):
        site = dict(list(target.items())[gone:])
        owners = {way.split("/")[1]: "client" for way in site}
        if gone == may_go:
            assert len(plan(site, target, Rules(owners=owners)).remove) == gone
        elif gone <= there:
            with pytest.raises(Exception, match="more than a tenth"):
                plan(site, target, Rules(owners=owners))


def test_a_client_who_is_still_there_keeps_the_page(built: Workspace) -> None:
    """A site that lacks a page is not finished: its client is named."""
    publish(built)
    before = tree(target_of(built))
    built.remove(f"site/c/{TOKENS[HERON]}")
    ran = publish(built)
    assert ran.code == 1
    assert "heron-rowing is still in the workspace" in ran.output
    assert_no_token(ran)
    assert tree(target_of(built)) == before
    ran = publish(built, "--allow-remove")
    assert "- removed: the page of heron-rowing\n" in ran.output
    assert_no_token(ran)
    assert tree(target_of(built)) == tree(built.site)


@pytest.mark.parametrize("words", [[], ["--allow-remove"]])
def test_nothing_goes_while_a_client_file_cannot_be_read(
    built: Workspace, words: list[str]
) -> None:
    """Nobody knows whose a page is then."""
    publish(built)
    built.remove(f"projects/{PINE}")
    built.remove(f"projects/{OTTER}/client.yml")
    built.remove("site")
    built.build()
    ran = publish(built, *words)
    assert ran.code == 0
    assert (
        "- not removed: 2 pages that no link leads to; first mend"
        " projects/otter-books/client.yml, which cannot be read\n"
    ) in ran.output
    assert tree(target_of(built)).keys() > tree(built.site).keys()


def test_what_a_killed_build_left_behind_is_not_published(built: Workspace) -> None:
    """Hidden folders and files are nobody's page."""
    built.write(f"site/c/.new-{TOKENS[OTTER]}/index.html", "half of a page")
    built.write("site/assets/.old-0123456789abcdef/more.css", "an older look")
    built.write("site/.new-index.html", "half of a page")
    publish(built)
    assert not [name for name in tree(target_of(built)) if ".new-" in name or ".old-" in name]


def test_files_that_others_put_at_the_root_stay(built: Workspace) -> None:
    """A host may keep its own there, such as the name of a domain."""
    publish(built)
    (target_of(built) / "CNAME").write_text("progress.agency.example\n", "utf-8")
    assert publish(built).code == 0
    assert (target_of(built) / "CNAME").is_file()


def test_a_folder_of_others_is_refused(built: Workspace) -> None:
    """It has no mark of ours, and is never emptied."""
    target_of(built).mkdir()
    (target_of(built) / "index.html").write_text("Another site", "utf-8")
    ran = publish(built)
    assert ran.code == 1
    assert "holds files that this program did not write" in ran.output
    assert tree(target_of(built)) == {"index.html": b"Another site"}


@pytest.mark.parametrize("path", ["projects/www", "site", "site/inside", ".", ".."])
def test_a_folder_inside_what_people_write_is_wrong_usage(built: Workspace, path: str) -> None:
    """Nor does a site go into itself."""
    before = tree(built.root)
    assert built.run("publish", "folder", path).code == 2
    assert tree(built.root) == before


def test_without_a_site_there_is_nothing_to_publish(crew: Workspace) -> None:
    """It says what to do first; so does a folder that somebody else wrote."""
    ran = publish(crew)
    assert ran.code == 1
    assert "run site-builder build first" in ran.output
    crew.write("site/index.html", "Another site")
    assert publish(crew).code == 1
    assert not target_of(crew).exists()


def test_another_site_folder_can_be_named(crew: Workspace) -> None:
    """As in `build`."""
    crew.build("-d", "elsewhere")
    assert publish(crew, "-d", "elsewhere").code == 0
    assert tree(target_of(crew)) == tree(crew.root / "elsewhere")


def test_broken_settings_publish_nothing(built: Workspace) -> None:
    """Nobody knows who the clients are."""
    built.edit("mkdocs.yml", "    contact:", "    contct:")
    assert publish(built).code == 1
    assert not target_of(built).exists()


GITHUB = {"repository": {"private": True, "visibility": "private"}}


@pytest.mark.parametrize(
    ("event", "environment", "is_refused"),
    [
        (GITHUB, {}, False),
        ({"repository": {"private": True, "visibility": "internal"}}, {}, False),
        ({"repository": {"private": False, "visibility": "public"}}, {}, True),
        ({"repository": {"private": False}}, {}, True),
        ({"schedule": "17 2 * * *"}, {}, False),
        ([], {}, False),
        (None, {}, False),
        (None, {"CI_PROJECT_VISIBILITY": "public"}, True),
        (None, {"CI_PROJECT_VISIBILITY": "internal"}, False),
        (None, {"CI_PROJECT_VISIBILITY": "private"}, False),
        (None, {"BITBUCKET_REPO_IS_PRIVATE": "false"}, True),
        (None, {"BITBUCKET_REPO_IS_PRIVATE": "true"}, False),
    ],
)
def test_a_public_repository_publishes_nothing(
    built: Workspace,
    event: object,
    environment: dict[str, str],
    is_refused: bool,  # noqa: FBT001 - a case
) -> None:
    """Whoever reads it would have every link; the CI says whether it is."""
    payload = built.root.parent / "event.json"
    if event is not None:
        payload.write_text(json.dumps(event), "utf-8")
    known = {
        "GITHUB_EVENT_PATH": str(payload),
        "CI_PROJECT_VISIBILITY": "",
        "BITBUCKET_REPO_IS_PRIVATE": "",
        **environment,
    }
    ran = run_apart(built.root, "publish", "folder", str(target_of(built)), **known)
    assert ran.code == int(is_refused), ran.output
    assert target_of(built).exists() is not is_refused
    assert ("this repository is public" in ran.output) is is_refused


def test_names_of_clients_stand_in_no_marker_or_path(built: Workspace) -> None:
    """What is published besides their own pages says nothing of them."""
    publish(built)
    for name, data in tree(target_of(built)).items():
        if not name.startswith("c/") or name == "c/index.html":
            assert not [who for who in NAMES.values() if who.encode() in data], name


def test_what_the_host_does_not_take_is_said_before(workspace: Workspace, tmp_path: Path) -> None:
    """A warning: a paid plan may take it, and the pages are published."""
    workspace.edit("mkdocs.yml", "    rhythm", "    host: cloudflare\n    rhythm")
    workspace.build()
    with (workspace.client_dir(OTTER) / "film.mp4").open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    ran = workspace.run("publish", "folder", str(tmp_path / "target"))
    assert ran.code == 0
    assert ran.output.startswith(
        "Warning: A file has 26 MB; Cloudflare Pages (the free plan) takes"
    )
