"""`doctor` says what is risky, once for each thing that is, and nothing where all is well."""

from __future__ import annotations

import datetime
import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.doctor.repository import _days_of_tokens
from site_builder.model.hosts import HOSTS
from tests.repository import git
from tests.workspace import OTTER, PINE, TODAY, TOKENS, Workspace, run_apart, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])")
IGNORED = "/site/\n/.cache/\n/announcements/\n.passphrases\n.env\n"
SETTINGS = "    base_url: https://p.example/\n    host: nginx\n    rhythm"


@pytest.fixture
def well(workspace: Workspace) -> Workspace:
    """A workspace in which nothing is to be mended or risky."""
    workspace.edit("mkdocs.yml", "    rhythm", SETTINGS)
    workspace.write(".gitignore", IGNORED)
    git(workspace.root, "init", "-q", "-b", "main")
    commit(workspace)
    workspace.build()
    return workspace


def commit(workspace: Workspace, day: str = TODAY) -> None:
    """Commit everything on a day."""
    git(workspace.root, "add", "-A")
    git(workspace.root, "commit", "-q", "--allow-empty", "-m", "x", "--date", f"{day}T12:00:00Z")


def remarks(workspace: Workspace, today: str = TODAY) -> dict[str, dict[str, Any]]:
    """Return what `doctor` says, by topic, heavy things only where there are several."""
    ran = workspace.run("doctor", "--format", "json", "--today", today)
    found: list[dict[str, Any]] = json.loads(ran.output)
    assert ran.code == any(remark["weight"] == "mend" for remark in found)
    assert not TOKEN.search(ran.output)
    return {remark["about"]: remark for remark in reversed(found)}


def test_where_all_is_well_nothing_is_to_be_mended(well: Workspace) -> None:
    """What is left is about the host and about support; the workspace stays as it was."""
    before = tree(well.root)
    ran = well.run("doctor", "--today", TODAY)
    assert ran.code == 0
    assert ran.output.endswith("Nothing is to be mended.\n")
    assert {remark["weight"] for remark in remarks(well).values()} == {"host", "know"}
    assert tree(well.root) == before


def set_base(workspace: Workspace, line: str) -> None:
    workspace.edit("mkdocs.yml", "    base_url: https://p.example/\n", line)


def commit_site(workspace: Workspace) -> None:
    workspace.write(".gitignore", "")
    commit(workspace)


def sealed_on_a_branch(workspace: Workspace) -> None:
    """Seal a page for a host that may read the sources beside it."""
    workspace.edit("mkdocs.yml", "host: nginx", "host: netlify")
    path = f"projects/{PINE}/client.yml"
    workspace.write(path, (workspace.root / path).read_text("utf-8") + "protection: sealed\n")


def sealed_over_http(workspace: Workspace) -> None:
    set_base(workspace, "    base_url: http://p.example/\n")
    path = f"projects/{PINE}/client.yml"
    workspace.write(path, (workspace.root / path).read_text("utf-8") + "protection: sealed\n")


def passphrases(workspace: Workspace) -> None:
    workspace.write(".passphrases", "otter-books: six words of no meaning here")
    (workspace.root / ".passphrases").chmod(0o640)


def wordless(workspace: Workspace) -> None:
    path = f"projects/{PINE}/client.yml"
    workspace.write(path, (workspace.root / path).read_text("utf-8") + "protection: passphrase\n")


def passphrases_once_committed(workspace: Workspace) -> None:
    passphrases(workspace)
    (workspace.root / ".passphrases").chmod(0o600)
    git(workspace.root, "add", "--force", ".passphrases")
    commit(workspace)
    git(workspace.root, "rm", "--quiet", "--cached", ".passphrases")
    commit(workspace)


def passphrases_unignored(workspace: Workspace) -> None:
    workspace.write(".passphrases", "x")
    (workspace.root / ".passphrases").chmod(0o600)
    workspace.edit(".gitignore", ".passphrases\n", "")


def share(workspace: Workspace) -> None:
    workspace.edit(f"projects/{PINE}/client.yml", TOKENS[PINE], TOKENS[OTTER])


def unreadable(workspace: Workspace) -> None:
    workspace.remove(f"projects/{PINE}/client.yml")


def rotate(workspace: Workspace) -> None:
    assert workspace.run("link", "rotate", PINE, "everyone").code == 0


def other_host(workspace: Workspace) -> None:
    workspace.edit("mkdocs.yml", "host: nginx", "host: vercel")


def film(workspace: Workspace) -> None:
    other_host(workspace)
    workspace.build()
    with (workspace.site / "c" / TOKENS[PINE] / "film.mp4").open("wb") as file:
        file.truncate(101 * 1024 * 1024)


def remote(workspace: Workspace) -> None:
    git(workspace.root, "remote", "add", "origin", "https://me:secret@git.example/a.git")


def writable(workspace: Workspace) -> None:
    workspace.site.chmod(0o777)


RISKS: Mapping[str, tuple[Callable[[Workspace], None], str, str]] = {
    "no-base-url": (lambda w: set_base(w, ""), "risk", "base_url: https://"),
    "no-https": (lambda w: set_base(w, "    base_url: http://p.example\n"), "mend", "https"),
    "sealed-beside-sources": (
        sealed_on_a_branch,
        "host",
        f"sealing hides nothing from it: {PINE}",
    ),
    "no-https sealed": (sealed_over_http, "mend", f"sealed pages there at all: {PINE}"),
    "no-host": (lambda w: w.edit("mkdocs.yml", "    host: nginx\n", ""), "risk", "netlify"),
    "committed": (commit_site, "mend", "git rm -r --cached site"),
    "not-ignored": (lambda w: w.edit(".gitignore", "/site/\n", ""), "risk", "/site"),
    "not-ignored secret": (passphrases_unignored, "mend", "/.passphrases"),
    "no-repository": (lambda w: w.remove(".git"), "risk", "git init"),
    "passphrases-in-history": (passphrases_once_committed, "risk", "CLIENT --renew"),
    "no-passphrase": (wordless, "mend", f"not known here of {PINE}"),
    "passphrases-mode": (passphrases, "mend", "chmod 600 .passphrases"),
    "shared-links": (share, "mend", f"{OTTER}, {PINE}"),
    "unread-links": (unreadable, "mend", f"projects/{PINE}/client.yml"),
    "stale-pages": (rotate, "mend", "1 page that no link leads to"),
    "links-in-history": (rotate, "know", "1 link that was taken back stands"),
    "stale-host-file": (other_host, "risk", "vercel.json"),
    "limits": (film, "mend", "A file has 101 MB; Vercel (the free plan) takes 100 MB"),
    "no-site": (lambda w: w.remove("site"), "know", "site-builder build"),
    "writable-site": (writable, "risk", "chmod o-w site"),
    "unknown-readers": (
        remote,
        "know",
        "https://git.example/a.git",
    ),
}  # fmt: skip


FOLLOWING = {
    "no-host": ["stale-host-file"],
    "sealed-beside-sources": ["stale-host-file"],
    "shared-links": ["stale-pages"],
    "unread-links": ["stale-pages"],
    "links-in-history": ["stale-pages"],
    "committed": ["not-ignored"],
}
"""What else follows from some of them."""


@pytest.mark.parametrize("case", RISKS)
def test_each_risk_is_named_with_what_to_do(well: Workspace, case: str) -> None:
    """And only that one: nothing else is heavier than before."""
    make, weight, words = RISKS[case]
    about = case.split(maxsplit=1)[0]
    assert about not in remarks(well)
    make(well)
    found = remarks(well)
    assert found[about]["weight"] == weight
    assert words in found[about]["message"] + found[about]["hint"]
    assert "secret@" not in str(found)
    heavy = {name for name, each in found.items() if each["weight"] in {"mend", "risk"}}
    assert heavy <= {about, *FOLLOWING.get(about, ())}


def test_a_public_repository_is_the_first_thing_to_mend(well: Workspace) -> None:
    """As far as the CI says so; the output holds no link."""
    ran = run_apart(well.root, "doctor", "--today", TODAY, CI_PROJECT_VISIBILITY="public")
    assert ran.code == 1
    assert ran.output.startswith("To be mended:\n- The CI says that this repository is public")


WHOLE_HISTORY = ("--unshallow", "fetch-depth: 0", "GIT_DEPTH: 0", "clone: depth: full")


def test_a_shallow_clone_is_named(well: Workspace) -> None:
    """Most CI makes one; each has a setting of its own against it."""
    commit(well)
    git(well.root.parent, "clone", "-q", "--depth", "1", f"file://{well.root}", "clone")
    found = remarks(Workspace(well.root.parent / "clone"))
    for setting in WHOLE_HISTORY:
        assert setting in found["shallow-clone"]["hint"]


def test_old_links_are_named_by_client(well: Workspace) -> None:
    """The day of a link is the one on which it was committed first."""
    assert "old-links" not in remarks(well, "2028-03-01")
    well.run("link", "rotate", PINE, "everyone")
    commit(well, "2028-03-02")
    old = remarks(well, "2028-03-03")["old-links"]["message"]
    assert OTTER in old
    assert PINE not in old
    days = _days_of_tokens(well.root)
    assert days[TOKENS[OTTER]] == days[TOKENS[PINE]] == datetime.date.fromisoformat(TODAY)
    assert len(days) == 3


@pytest.mark.parametrize("host", HOSTS)
def test_each_host_says_what_it_cannot_do(well: Workspace, host: str) -> None:
    """In its own name, with the commands that take old pages away."""
    well.edit("mkdocs.yml", "host: nginx", f"host: {host}")
    well.build()
    said = well.run("doctor", "--today", TODAY).output
    assert f"What {HOSTS[host].title} does not do by itself:" in said
    for sentence in (*HOSTS[host].cannot, HOSTS[host].old, *HOSTS[host].delete):
        assert sentence in said
    assert ("sends no headers of ours" in said) is not HOSTS[host].sets_headers
    printed = well.run("doctor", "--snippet")
    if HOSTS[host].snippet:
        assert printed.code == 0
        assert "no-referrer" in printed.output
        assert "site-builder doctor --snippet" in said
    else:
        assert printed.code == 2
        assert "needs no snippet" in printed.output


def test_a_snippet_needs_a_host(workspace: Workspace) -> None:
    """The settings say which."""
    ran = workspace.run("doctor", "--snippet")
    assert ran.code == 2
    assert "one of netlify" in ran.output


def test_support_ends_on_a_day(well: Workspace) -> None:
    """From then on it is a risk."""
    assert "gets fixes until 5 May 2027" in remarks(well, "2027-05-05")["support"]["message"]
    after = remarks(well, "2027-05-06")["support"]
    assert after["weight"] == "risk"
    assert "no fixes since 5 May 2027" in after["message"]


def test_a_workspace_without_clients_is_looked_at_too(well: Workspace) -> None:
    """Whoever begins may ask first."""
    for client in (OTTER, PINE):
        well.remove(f"projects/{client}")
    assert well.run("doctor", "--today", TODAY).code == 1  # their pages still stand in the site
    well.remove("site")
    assert well.run("doctor", "--today", TODAY).code == 0


@pytest.mark.skipif(os.name != "posix", reason="there are no modes")
def test_passphrases_of_mode_0600_are_well(well: Workspace) -> None:
    """Nothing is said where nothing is wrong."""
    passphrases(well)
    (well.root / ".passphrases").chmod(0o600)
    assert "passphrases-mode" not in remarks(well)
