"""`publish branch`: one commit on the newest state, nothing forced, nobody else is touched."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from site_builder.publish.branch import IN_THE_MAKING, MESSAGE
from tests.outside import broken, killed_after
from tests.repository import PAGES, Repository, git, make_repository
from tests.workspace import HERON, NAMES, OTTER, PINE, TOKENS, Workspace, run_apart, tree

if TYPE_CHECKING:
    from pathlib import Path

STEP = f"projects/{OTTER}/shop/milestones/02-open.md"


@pytest.fixture
def repository(crew: Workspace) -> Repository:
    """Three short clients under git, pushed to a host, and built."""
    assert crew.build().code == 0
    return make_repository(crew, crew.root.parent / "host.git")


def change(repository: Repository, words: str = "Readers order from everywhere.") -> None:
    """Change one client's step, and build."""
    repository.workspace.edit(STEP, "Readers order from home.", words)
    assert repository.workspace.build().code == 0


def state(repository: Repository) -> dict[str, str]:
    """Tell what people see of their own repository: branches, the index, their files."""
    root = repository.workspace.root
    return {
        "branches": git(root, "for-each-ref", "refs/heads"),
        "here": git(root, "rev-parse", "HEAD"),
        "changes": git(root, "status", "--porcelain"),
    }


def test_the_first_time_makes_the_branch(repository: Repository) -> None:
    """It holds the site, the mark, and what tells GitHub Pages to take it as it is."""
    before = state(repository)
    ran = repository.publish()
    assert ran.code == 0
    assert ran.output.startswith("Published to the branch pages:\n- heron-rowing: 8 new files\n")
    assert set(repository.files()) == {*tree(repository.workspace.site), ".nojekyll"}
    assert git(repository.host, "rev-list", "--count", PAGES) == "1"
    assert state(repository) == before


def test_nothing_changed_makes_no_commit(repository: Repository) -> None:
    """A host that follows the branch has nothing to do."""
    repository.publish()
    before = repository.published()
    ran = repository.publish()
    assert (
        ran.output == "Nothing to publish: the branch pages is up to date.\n- 3 clients unchanged\n"
    )
    assert repository.published() == before


def test_only_the_changed_client_is_in_the_commit(repository: Repository) -> None:
    """One commit more, with the one before as its parent."""
    repository.publish()
    before = repository.published()
    change(repository)
    ran = repository.publish()
    assert "- otter-books: 5 files changed\n- 2 clients unchanged\n" in ran.output
    assert repository.changed(before)
    assert all(name.startswith(f"c/{TOKENS[OTTER]}/") for name in repository.changed(before))
    assert git(repository.host, "rev-parse", f"{PAGES}~1") == before


def test_a_dry_run_changes_nothing(repository: Repository) -> None:
    """Neither at the host nor here."""
    before = state(repository)
    said = repository.publish("--dry-run")
    assert said.code == 0
    assert repository.published() == ""
    assert state(repository) == before
    ran = repository.publish()
    assert said.output == ran.output.replace("Published", "This would be published")


def test_no_client_stands_in_the_history(repository: Repository) -> None:
    """The words of a commit name nobody, and no link."""
    repository.publish()
    change(repository)
    ran = repository.publish()
    log = git(repository.host, "log", "--format=%B", PAGES)
    assert set(log.split("\n")) == {MESSAGE}
    assert not [who for who in (*NAMES.values(), *TOKENS.values()) if who in log + MESSAGE]
    assert not [token for token in TOKENS.values() if token in ran.output]


def test_where_git_has_no_name_the_program_commits(repository: Repository) -> None:
    """As in CI; a name that git knows is taken."""
    nobody = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    root = repository.workspace.root
    assert run_apart(root, "publish", "branch", **nobody).code == 0
    assert git(repository.host, "log", "-1", "--format=%cn", PAGES) == "site-builder"
    git(root, "config", "user.name", "Maya Lindqvist")
    change(repository)
    assert run_apart(root, "publish", "branch", **nobody).code == 0
    assert git(repository.host, "log", "-1", "--format=%cn", PAGES) == "Maya Lindqvist"


def test_the_newest_state_of_the_host_decides(repository: Repository, tmp_path: Path) -> None:
    """Somebody else published from another clone: nothing of it is lost or undone by force."""
    repository.publish()
    other = Workspace(tmp_path / "other")
    git(tmp_path, "clone", "-q", str(repository.host), str(other.root))
    other.edit(STEP, "Readers order from home.", "Readers order by telephone.")
    other.build()
    assert other.run("publish", "branch").code == 0
    theirs = repository.published()
    change(repository)
    assert repository.publish().code == 0
    assert git(repository.host, "rev-parse", f"{PAGES}~1") == theirs
    assert b"everywhere" in b"".join(tree(repository.workspace.site).values())


def meet(repository: Repository, tmp_path: Path, times: int) -> None:
    """Let somebody else push to the pages so many times, each time just before we do."""
    other = tmp_path / "meanwhile"
    git(tmp_path, "clone", "-q", "-b", PAGES, str(repository.host), str(other))
    hook = repository.workspace.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\n"
        f"cd '{other}'\n"
        f"[ $(git rev-list --count HEAD) -gt {times} ] && exit 0\n"
        "unset GIT_DIR\n"
        "git -c user.name=Other -c user.email=other@agency.example commit -q --allow-empty -m Other\n"
        f"git push -q origin HEAD:{PAGES}\n",
        "utf-8",
    )
    hook.chmod(0o755)


def test_a_push_that_meets_a_newer_state_begins_again(
    repository: Repository, tmp_path: Path
) -> None:
    """The host refuses the first one; the second builds on what is there."""
    repository.publish()
    meet(repository, tmp_path, 1)
    change(repository)
    assert repository.publish().code == 0
    assert git(repository.host, "log", "--format=%s", PAGES).split("\n") == [
        MESSAGE,
        "Other",
        MESSAGE,
    ]


def test_a_host_that_says_no_is_heard(repository: Repository) -> None:
    """The words of the host, exit code 1, and the next run finds nothing in its way."""
    repository.publish()
    before, mine = repository.published(), state(repository)["branches"]
    hook = repository.host / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'the branch is protected' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    change(repository)
    ran = repository.publish()
    assert ran.code == 1
    assert "the branch is protected" in ran.output
    assert ran.output.endswith("Nothing was published.\n")
    assert repository.published() == before
    assert state(repository)["branches"] == mine
    hook.unlink()
    assert "- otter-books: 5 files changed\n" in repository.publish().output


@pytest.mark.parametrize("hook", ["pre-receive", "update", "reference-transaction"])
def test_wherever_the_host_says_no_the_branch_is_as_it_was(
    repository: Repository, hook: str
) -> None:
    """Before it takes anything, at the branch, and in the middle of it; then all comes at once."""
    repository.publish()
    before = repository.published()
    path = repository.host / "hooks" / hook
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    path.chmod(0o755)
    change(repository)
    assert repository.publish().code == 1
    assert repository.published() == before
    path.unlink()
    assert "- otter-books: 5 files changed\n" in repository.publish().output
    assert broken(content(repository)) == []


def content(repository: Repository) -> dict[str, bytes]:
    """Read what a host shows that follows the branch."""
    place = repository.host.with_name("followed")
    shutil.rmtree(place, ignore_errors=True)
    git(repository.host.parent, "clone", "-q", "-b", PAGES, str(repository.host), str(place))
    shutil.rmtree(place / ".git")
    return tree(place)


def test_killed_after_each_call_of_git_the_branch_is_old_or_new(repository: Repository) -> None:
    """The whole commit or nothing, looked at from outside; the next run needs no hand."""
    repository.publish()
    words = ["Readers order from home."]
    is_new = []
    for number in range(1, 30):
        before = repository.published()
        words.append(f"Readers order from town number {number}.")
        repository.workspace.edit(STEP, words[-2], words[-1])
        assert repository.workspace.build().code == 0
        code = killed_after(number, repository.workspace.root, "publish", "branch")
        is_new.append(repository.published() != before)
        seen = b"".join(content(repository).values())
        assert broken(content(repository)) == []
        assert (words[-1].encode() in seen) is is_new[-1]
        if code == 0:
            break
        assert repository.publish().code == 0
        assert words[-1].encode() in b"".join(content(repository).values())
        assert IN_THE_MAKING not in state(repository)["branches"]
    assert is_new == sorted(is_new)  # nothing until the push, everything with it
    assert len(is_new) > 8


def test_what_a_killed_run_left_behind_is_in_nobodys_way(repository: Repository) -> None:
    """Its branch, half made, is made anew."""
    git(repository.workspace.root, "update-ref", f"refs/heads/{IN_THE_MAKING}", "HEAD")
    assert repository.publish().code == 0
    assert git(repository.host, "rev-list", "--count", PAGES) == "1"
    assert IN_THE_MAKING not in state(repository)["branches"]


def test_sources_are_never_overwritten(repository: Repository) -> None:
    """A branch that holds anything else is refused, wherever one works just now."""
    before = git(repository.host, "rev-parse", "main")
    ran = repository.publish("main")
    assert ran.code == 1
    assert "you are working on 'main' yourself" in ran.output
    git(repository.workspace.root, "checkout", "-q", "--detach")
    ran = repository.publish("main")
    assert ran.code == 1
    assert "holds files that this program did not write" in ran.output
    assert git(repository.host, "rev-parse", "main") == before


def test_the_guard_holds_for_branches_too(repository: Repository) -> None:
    """Many pages, or the page of a client who is still there, need a word."""
    repository.publish()
    before = repository.published()
    shutil.rmtree(repository.workspace.client_dir(HERON))
    ran = repository.publish()
    assert ran.code == 1
    assert "heron-rowing is still in the workspace" in ran.output
    for client in (OTTER, PINE):
        repository.workspace.remove(f"projects/{client}")
    repository.workspace.build()
    assert "2 of 3 published pages would go" in repository.publish().output
    assert repository.published() == before
    assert repository.publish("--allow-remove").code == 0
    assert {name.split("/")[1] for name in repository.files() if name.startswith("c/")} == {
        TOKENS[HERON],
        "index.html",
    }


def test_what_a_host_wrote_at_the_root_stays(repository: Repository, tmp_path: Path) -> None:
    """GitHub Pages keeps the name of a domain in the branch."""
    repository.publish()
    git(tmp_path, "clone", "-q", "-b", PAGES, str(repository.host), "theirs")
    (tmp_path / "theirs" / "CNAME").write_text("progress.agency.example\n", "utf-8")
    git(tmp_path / "theirs", "add", "-A")
    git(tmp_path / "theirs", "commit", "-qm", "Domain")
    git(tmp_path / "theirs", "push", "-q")
    change(repository)
    repository.publish()
    assert "CNAME" in repository.files()


def test_a_workspace_may_be_a_part_of_the_repository(tmp_path: Path, crew: Workspace) -> None:
    """And the remote may be a folder, named from where one is."""
    root = tmp_path / "repository"
    crew.root.rename(root)
    inner = Workspace(root / "clients")
    inner.root.mkdir()
    for entry in list(root.iterdir()):
        if entry.name != "clients":
            entry.rename(inner.root / entry.name)
    git(root, "init", "-q")
    git(tmp_path, "init", "-q", "--bare", "host.git")
    inner.build()
    assert inner.run("publish", "branch", "live", "--remote", "../../host.git").code == 0
    assert "c/index.html" in git(tmp_path / "host.git", "ls-tree", "-r", "--name-only", "live")


def test_file_names_of_all_kinds_arrive(repository: Repository) -> None:
    """Letters with accents too, whatever git is told about line ends."""
    root = repository.workspace.root
    git(root, "config", "core.autocrlf", "true")
    name = f"site/c/{TOKENS[OTTER]}/shop/files/été à la mer.csv"
    repository.workspace.write(name, b"a,b\r\nc,d\n")
    repository.publish()
    change(repository)
    repository.workspace.write(name, b"a,b\r\nc,d\n")
    repository.publish()
    stored = git(repository.host, "rev-parse", f"{PAGES}:{name.removeprefix('site/')}")
    assert stored == git(root, "hash-object", "--no-filters", name)


@pytest.mark.parametrize("name", ["-x", "a b", "..", "pages.lock"])
def test_a_name_that_is_no_branch_is_refused(repository: Repository, name: str) -> None:
    """Before anything is asked of the host."""
    ran = repository.publish("--", name)
    assert ran.code == 1
    assert "cannot be the name of a branch" in ran.output


def test_without_a_repository_or_remote_it_says_what_is_missing(crew: Workspace) -> None:
    """In the words of git."""
    crew.build()
    ran = run_apart(crew.root, "publish", "branch", GIT_CEILING_DIRECTORIES=str(crew.root.parent))
    assert ran.code == 1
    assert "in no git repository" in ran.output
    git(crew.root, "init", "-q")
    ran = crew.run("publish", "branch")
    assert ran.code == 1
    assert "has no remote 'origin': git remote add origin ADDRESS" in ran.output


def test_no_password_of_an_address_is_shown(repository: Repository) -> None:
    """An address with a token in it is said without."""
    address = "https://maya:geheim@127.0.0.1:9/pages.git"
    ran = repository.publish("--remote", address)
    assert ran.code == 1
    assert "geheim" not in ran.output
