"""A broken client's last good page, built from git on a machine that has no old page.

Every promise is kept against real repositories and clones of them, and the page is compared, byte
by byte, with what a build of the same files says.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from site_builder.model.links import Passphrase, PrivateLink
from site_builder.past import SHALLOW
from site_builder.seal.envelope import opened
from site_builder.seal.keys import derive
from tests.story import git
from tests.test_prospects import FAIR, OFFERING, SALES, SHOP
from tests.workspace import (
    DONE,
    HERON,
    KEY,
    NAMES,
    OTTER,
    PINE,
    PLANNED,
    TOKENS,
    Ran,
    Workspace,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOME = f"projects/{OTTER}"
FILE = f"{HOME}/client.yml"
STEPS = f"{HOME}/shop/milestones"
DONE_STEP, OPEN_STEP = f"{STEPS}/01-goals-agreed.md", f"{STEPS}/02-open.md"
PROJECT_FILE = f"{HOME}/shop/project.yml"
NEW, SECOND = "newnewnewnewnewnewnewnewne", "secondsecondsecondsecondse"
WORDS = "hangout papyrus demystify bundle sadden copper"
VARIABLE = "SITE_BUILDER_PASSPHRASE_OTTER_BOOKS"
FIRST, CHANGED, BROKEN, TODAY = "2026-02-20", "2026-02-23", "2026-02-27", "2026-03-02"
BETTER = PLANNED.replace("Readers order from home.", "Readers order from home, at any hour.")
UPDATING = "This page is being updated"
TYPO = "due: next friday"
Files = dict[str, str | bytes | None]


def client_file(*links: str, more: str = "", name: str = NAMES[OTTER]) -> str:
    """Write a client.yml with some links."""
    listed = "".join(f"  link-{number}: {link}\n" for number, link in enumerate(links, 1))
    return f"name: {name}\nlinks:\n{listed}{more}"


@dataclass(frozen=True, slots=True)
class Agency:
    """A workspace under git."""

    workspace: Workspace

    @property
    def root(self) -> Path:
        """The folder of the workspace."""
        return self.workspace.root

    def write(self, files: Files) -> None:
        """Write some files, and take away those that have no text."""
        for name, text in files.items():
            if text is None:
                self.workspace.remove(name)
            else:
                self.workspace.write(name, text)

    def commit(self, day: str, files: Files) -> str:
        """Write files and commit them on a day; return the commit."""
        self.write(files)
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", "A change", "--allow-empty", day=day)
        return git(self.root, "rev-parse", "HEAD")

    def clone(self, *words: str, name: str = "clean") -> Agency:
        """Clone it as CI does: nothing is there but what was committed."""
        place = self.root.parent / name
        git(self.root.parent, "clone", "-q", *words, f"file://{self.root}", str(place))
        return Agency(Workspace(place))

    def at(self, commit: str, name: str = "then") -> Agency:
        """Clone it as it was at a commit."""
        found = self.clone(name=name)
        git(found.root, "checkout", "-q", commit)
        return found

    def build(self, *words: str, today: str = TODAY) -> Ran:
        """Build all clients."""
        return self.workspace.build(*words, today=today)

    def pages(self, token: str = TOKENS[OTTER]) -> Mapping[str, bytes]:
        """Read all that stands at a link."""
        return tree(self.workspace.site / "c" / token)

    def shown(self, token: str = TOKENS[OTTER]) -> str:
        """Say in a word what stands at a link: nothing, a neutral page, or pages."""
        found = self.pages(token)
        if not found:
            return "nothing"
        if "progress.json" in found or b'id="box"' in found["index.html"]:
            return "pages"
        return "updating" if UPDATING.encode() in found["index.html"] else "closed"

    def text(self, token: str = TOKENS[OTTER]) -> str:
        """Read all texts that stand at a link, as one."""
        return "\n".join(
            f"{name}\n{content.decode(errors='replace')}"
            for name, content in self.pages(token).items()
        )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    """Three clients, committed twice, all whole; for copying only."""
    agency = Agency(small_workspace(tmp_path_factory.mktemp("told") / "agency", OTTER, PINE, HERON))
    git(agency.root, "init", "-q", "--initial-branch=main")
    agency.commit(FIRST, {".gitignore": "/site/\n/.cache/\n", FILE: client_file(TOKENS[OTTER])})
    agency.commit(CHANGED, {OPEN_STEP: BETTER})
    return agency


@pytest.fixture
def agency(told: Agency, tmp_path: Path) -> Agency:
    """A copy of the agency, to go on from."""
    shutil.copytree(told.root, tmp_path / "agency", symlinks=True)
    return Agency(Workspace(tmp_path / "agency"))


def head(agency: Agency) -> str:
    """Name the newest commit."""
    return git(agency.root, "rev-parse", "HEAD")


# --- The page that comes back --------------------------------------------------------------------


def test_a_clean_machine_shows_the_last_good_page(agency: Agency) -> None:
    """As a build of the last whole files said it until they were broken; all others are built."""
    whole = head(agency)
    agency.commit("2026-02-25", {f"projects/{PINE}/shop/milestones/02-open.md": BETTER})
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    ran = clean.build()
    assert ran.code == 3, ran.output
    words = f"{OTTER} shows its page as of 27 Feb (commit {whole[:10]}) until its files are mended."
    assert words in ran.output
    assert "2 of 3 clients built" in ran.output
    assert "'next friday' is not a date" in ran.output
    then = agency.at(whole)
    assert then.build(today=BROKEN).code == 0
    assert clean.pages() == then.pages()
    assert "at any hour" in clean.text()
    for client in (PINE, HERON):
        assert json.loads(clean.pages(TOKENS[client])["progress.json"])["as_of"] == TODAY


def test_it_is_the_page_that_another_machine_keeps(agency: Agency) -> None:
    """Where a site stands that was built on the day of the mistake, nothing differs."""
    agency.build(today=BROKEN)
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    assert f"{OTTER} keeps the page that was there." in agency.build().output
    clean = agency.clone()
    clean.build()
    assert clean.pages() == agency.pages()


BROKEN_IN: Mapping[str, Files] = {
    "a date": {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)},
    "YAML of a step": {OPEN_STEP: BETTER.replace("label: The shop", "label: 'The shop")},
    "no UTF-8": {OPEN_STEP: b"---\nlabel: Caf\xe9\n---\n"},
    "an unknown key": {FILE: client_file(TOKENS[OTTER], more="lable: x\n")},
    "YAML of client.yml": {FILE: client_file(TOKENS[OTTER], more="contact: {name: Maya\n")},
    "a conflict": {FILE: f"<<<<<<< here\n{client_file(TOKENS[OTTER])}=======\n>>>>>>> there\n"},
    "the name": {FILE: f"links: {{everyone: {TOKENS[OTTER]}}}\n"},
    "no project.yml": {PROJECT_FILE: None},
    "no steps, and a wrong project": {DONE_STEP: None, OPEN_STEP: None, PROJECT_FILE: "title: [\n"},
    "a picture that is none": {
        f"{HOME}/shop/files/look.png": b"no picture",
        OPEN_STEP: BETTER + "\n![The look](files/look.png)\n",
    },
}


@pytest.mark.parametrize("way", BROKEN_IN)
@pytest.mark.parametrize("is_committed", [True, False], ids=["committed", "only on the disk"])
def test_however_the_files_are_broken(agency: Agency, way: str, *, is_committed: bool) -> None:
    """A step or a whole project that is gone is there again; so it is before anything is pushed."""
    whole, until = head(agency), BROKEN if is_committed else TODAY
    clean = agency
    if is_committed:
        agency.commit(BROKEN, BROKEN_IN[way])
        clean = agency.clone()
    else:
        agency.write(BROKEN_IN[way])
    ran = clean.build(OTTER)
    assert ran.code == 3, ran.output
    then = agency.at(whole)
    assert then.build(OTTER, today=until).code == 0
    assert clean.pages() == then.pages(), ran.output


def test_many_broken_commits_in_a_row(agency: Agency) -> None:
    """The page is of the day of the first of them; a commit in between that is whole is newer."""
    broken: Files = {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)}
    agency.commit("2026-02-24", broken)
    whole = agency.commit("2026-02-25", {OPEN_STEP: BETTER, DONE_STEP: DONE + "\nThanks to Ida.\n"})
    agency.commit("2026-02-26", broken)
    agency.commit(BROKEN, {**broken, DONE_STEP: "---\n"})
    clean = agency.clone()
    assert f"as of 26 Feb (commit {whole[:10]})" in clean.build().output
    assert "Thanks to Ida." in clean.text()


def test_what_was_never_published_on_the_branch_is_no_last_good_page(agency: Agency) -> None:
    """Commits of a branch that was merged with a mistake were on no client's page."""
    git(agency.root, "switch", "-qc", "texts")
    agency.commit("2026-02-24", {OPEN_STEP: BETTER + "\nA first sketch, not for you.\n"})
    agency.commit("2026-02-25", {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    git(agency.root, "switch", "-q", "main")
    git(agency.root, "merge", "-q", "--no-ff", "--no-edit", "texts", day=BROKEN)
    clean = agency.clone()
    assert "as of 27 Feb" in clean.build().output
    assert "A first sketch" not in clean.text()
    assert "at any hour" in clean.text()


def test_pictures_and_files_of_then_are_there(agency: Agency) -> None:
    """Also those that have been taken away since, with the mistake."""
    files = f"{HOME}/shop/files"
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(picture, "PNG")
    given = "files:\n  - {title: Prices, file: files/prices.csv}\n"
    whole = agency.commit(
        "2026-02-24",
        {
            f"{files}/look.png": picture.getvalue(),
            f"{files}/prices.csv": "book,price\n",
            DONE_STEP: DONE.replace("label:", f"{given}label:") + "\n![The look](files/look.png)\n",
        },
    )
    agency.commit(BROKEN, {files: None})
    clean, then = agency.clone(), agency.at(whole)
    assert clean.build().code == 3
    then.build(today=BROKEN)
    assert clean.pages() == then.pages()
    assert "shop/files/prices.csv" in clean.pages()
    assert "shop/files/look.png" in clean.pages()


# --- Nothing to find -----------------------------------------------------------------------------


def test_broken_since_ever(tmp_path: Path) -> None:
    """Then the address says that the page is being updated, as without git."""
    agency = Agency(small_workspace(tmp_path / "agency", OTTER, PINE))
    git(agency.root, "init", "-q", "--initial-branch=main")
    agency.commit(FIRST, {OPEN_STEP: PLANNED.replace("due: 2026-04-24", TYPO)})
    agency.commit(CHANGED, {DONE_STEP: DONE + "\nThanks to Ida.\n"})
    clean = agency.clone()
    ran = clean.build()
    assert clean.shown() == "updating"
    assert "until its files are mended" in ran.output
    assert "No earlier page" not in ran.output


def test_a_repository_of_another_user_is_said_with_what_to_type(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is read until git is told to; then the page is there."""
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    settings = clean.root.parent / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    command = f"git config --global --add safe.directory {clean.root}"
    ran = clean.build()
    assert ran.code == 3
    assert f"No earlier page of {OTTER} was found: git reads no repository" in ran.output
    assert f"type `{command}`." in ran.output
    assert clean.shown() == "updating"
    clean.workspace.edit(
        "mkdocs.yml", "  agency:\n", "  agency:\n    base_url: https://p.example\n"
    )
    for other in (("publish", "branch"), ("announce", PINE, "--since", CHANGED), ("doctor",)):
        assert command in " ".join(clean.workspace.run(*other).output.split()), other
    subprocess.run(command.split(), check=True)
    assert "as of 27 Feb" in clean.build().output
    assert clean.shown() == "pages"


def test_a_part_of_the_history_is_said_and_not_guessed_around(agency: Agency) -> None:
    """A clone of one commit finds nothing, and says how to get the rest; with it, all is well."""
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone("--depth", "1")
    ran = clean.build()
    assert ran.code == 3
    assert f"No earlier page of {OTTER} was found: {SHALLOW}." in ran.output
    assert "clone: depth: full on Bitbucket" in SHALLOW
    assert clean.shown() == "updating"
    git(clean.root, "fetch", "-q", "--unshallow")
    ran = clean.build()
    assert "as of 27 Feb" in ran.output
    assert "No earlier page" not in ran.output
    assert clean.shown() == "pages"


def test_as_much_history_as_is_needed_is_enough(agency: Agency) -> None:
    """Two commits hold the page, and nobody complains."""
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    ran = agency.clone("--depth", "2").build()
    assert "as of 27 Feb" in ran.output
    assert "No earlier page" not in ran.output


# --- Who may see it: what was taken back stays taken back ----------------------------------------


@dataclass(frozen=True, slots=True)
class Since:
    """What was written into client.yml since, and what stands at links then."""

    before: str
    after: str
    pages: tuple[str, ...] = ()
    """The links with pages; no other has any."""
    neutral: tuple[str, ...] = ()
    between: str = ""
    """What client.yml said in between, in a commit of its own."""


OLD = TOKENS[OTTER]
WRONG = "lable: x\n"
CUT = "contact: {name: Maya\n"
"""What makes a client.yml no YAML."""
TAKEN_BACK = {
    "nothing": Since(client_file(OLD), client_file(OLD, more=WRONG), (OLD,)),
    "rotated": Since(client_file(OLD), client_file(NEW, more=WRONG), (NEW,)),
    "rotated, no YAML": Since(client_file(OLD), client_file(NEW, more=CUT)),
    "one revoked": Since(client_file(OLD, SECOND), client_file(SECOND, more=WRONG), (SECOND,)),
    "one revoked, no YAML": Since(
        client_file(OLD, SECOND), client_file(SECOND, more=CUT), (SECOND,)
    ),
    "one made a comment, no YAML": Since(
        client_file(OLD, SECOND), f"{client_file(SECOND)}#  old: {OLD}\n{CUT}", (SECOND,)
    ),
    "one added": Since(client_file(OLD), client_file(OLD, SECOND, more=WRONG), (OLD, SECOND)),
    "one added, no YAML": Since(client_file(OLD), client_file(OLD, SECOND, more=CUT), (OLD,)),
    "rotated and back in a conflict": Since(
        client_file(OLD),
        f"<<<<<<< a\n{client_file(OLD)}=======\n{client_file(NEW)}>>>>>>> b\n",
        (NEW,),
        between=client_file(NEW),
    ),
    "rotated while broken, and back in a conflict": Since(
        client_file(OLD),
        f"<<<<<<< a\n{client_file(OLD)}=======\n{client_file(NEW)}>>>>>>> b\n",
        between=client_file(NEW, more=WRONG),
    ),
    "all revoked": Since(client_file(OLD), f"name: {NAMES[OTTER]}\nlinks:\n"),
    "client.yml gone": Since(client_file(OLD), ""),
    "ended": Since(
        client_file(OLD), client_file(OLD, more=f"ends: 2026-02-28\n{WRONG}"), neutral=(OLD,)
    ),
    "ends today": Since(
        client_file(OLD), client_file(OLD, more=f"ends: {TODAY}\n{WRONG}"), neutral=(OLD,)
    ),
    "ends later": Since(
        client_file(OLD), client_file(OLD, more=f"ends: 2026-04-01\n{WRONG}"), (OLD,)
    ),
    "ends later, no YAML": Since(
        client_file(OLD), client_file(OLD, more=f"ends: 2026-04-01\n{CUT}"), (OLD,)
    ),
    "ended, no YAML": Since(client_file(OLD), client_file(OLD, more=f"ends: 2026-02-28\n{CUT}")),
    "ended in words": Since(
        client_file(OLD), client_file(OLD, more="ends: last friday\n"), neutral=(OLD,)
    ),
    "ended under a wrong key": Since(
        client_file(OLD), client_file(OLD, more="end: 2026-02-28\n"), neutral=(OLD,)
    ),
    "was to end, no YAML": Since(
        client_file(OLD, more="ends: 2026-03-01\n"), client_file(OLD, more=CUT)
    ),
    "was to end, and goes on": Since(
        client_file(OLD, more="ends: 2026-03-01\n"), client_file(OLD, more=WRONG), (OLD,)
    ),
    "a link of somebody else": Since(
        client_file(OLD, SECOND), client_file(TOKENS[PINE], SECOND), (SECOND,)
    ),
    "another name": Since(
        client_file(OLD), client_file(OLD, name="Otter Books and Maps", more=WRONG), (OLD,)
    ),
    "another client": Since(
        client_file(OLD), client_file(NEW, name="Quill Stationers", more=WRONG), neutral=(NEW,)
    ),
}


@pytest.mark.parametrize("case", TAKEN_BACK)
def test_links_and_ends_are_those_of_today(agency: Agency, case: str) -> None:
    """A link that was taken back leads nowhere, whatever its pages said once."""
    since = TAKEN_BACK[case]
    agency.commit("2026-02-24", {FILE: since.before})
    step: Files = {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)}
    if since.between:
        agency.commit("2026-02-25", {FILE: since.between})
    agency.commit(BROKEN, {**step, FILE: since.after or None})
    clean = agency.clone()
    ran = clean.build()
    shown = {token: clean.shown(token) for token in (OLD, NEW, SECOND)}
    assert {token for token, what in shown.items() if what == "pages"} == set(since.pages), (
        ran.output
    )
    neutral = {token for token, what in shown.items() if what in {"updating", "closed"}}
    assert neutral == set(since.neutral), ran.output
    assert clean.shown(TOKENS[PINE]) == ("nothing" if "somebody" in case else "pages")
    if since.pages:
        assert f"{OTTER} shows its page as of 27 Feb" in ran.output


# --- How it is protected -------------------------------------------------------------------------

SEALED = f"{NEW}#{KEY}"
PROTECTED = {
    "sealed since": (client_file(OLD), client_file(SEALED, more=f"protection: sealed\n{WRONG}")),
    "sealed, in mistyped words": (
        client_file(OLD),
        client_file(SEALED, more="protection: seald\n"),
    ),
    "sealed, under a mistyped key": (
        client_file(OLD),
        client_file(SEALED, more="protecion: sealed\n"),
    ),
    "sealed ever since": (
        client_file(SEALED, more="protection: sealed\n"),
        client_file(SEALED, more=f"protection: sealed\n{CUT}"),
    ),
    "sealed once, and what client.yml wants is lost": (
        client_file(SEALED, more="protection: sealed\n"),
        client_file(SEALED, more=CUT),
    ),
}


@pytest.mark.parametrize("case", PROTECTED)
def test_what_is_sealed_today_is_sealed(agency: Agency, case: str) -> None:
    """Nothing of the old page can be read without the key of today."""
    before, after = PROTECTED[case]
    agency.commit("2026-02-24", {FILE: before})
    agency.commit(BROKEN, {FILE: after, OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    ran = clean.build(OTTER)
    assert "as of 27 Feb" in ran.output, ran.output
    assert clean.shown(OLD) == "nothing"
    found = clean.pages(NEW)
    assert all(re.fullmatch(r"([a-z2-7]{20}/)?index\.html", name) for name in found)
    box = re.search(rb'<template id="box">([^<]+)</template>', found["index.html"])
    assert box
    keys = derive(PrivateLink(NEW, KEY))
    assert NAMES[OTTER] in opened(keys, "", base64.b64decode(box[1])).page
    script = re.search(rb'<script src="([^"]+)"', found["index.html"])
    assert script
    assert (clean.workspace.site / "c" / NEW / script[1].decode()).is_file()


OTHER_KEY = KEY[::-1]
WAS_SEALED = client_file(SEALED, more="protection: sealed\n")
UNPROTECTED = {
    "a link without a key": (client_file(OLD), client_file(OLD, more="protection: sealed\n")),
    "another key, no YAML": (
        WAS_SEALED,
        client_file(f"{NEW}#{OTHER_KEY}", more=f"protection: sealed\n{CUT}"),
    ),
    "words that nobody knows": (WAS_SEALED, client_file(SEALED, more="protection: passphrase\n")),
    "words, no YAML": (WAS_SEALED, client_file(SEALED, more=f"protection: passphrase\n{CUT}")),
}


@pytest.mark.parametrize("case", UNPROTECTED)
def test_what_cannot_be_protected_as_wanted_is_not_shown(
    agency: Agency, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather a page that says nothing than one that says too much."""
    monkeypatch.delenv(VARIABLE, raising=False)
    before, after = UNPROTECTED[case]
    agency.commit("2026-02-24", {FILE: before})
    agency.commit(BROKEN, {FILE: after})
    clean = agency.clone()
    ran = clean.build(OTTER)
    assert ran.code in {1, 3}
    assert {clean.shown(token) for token in (OLD, NEW)} <= {"nothing", "updating"}, ran.output


def test_words_are_asked_for_only_by_a_file_that_can_be_read(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody knows whether the words are good ones, and whether the client was told them."""
    monkeypatch.setenv(VARIABLE, WORDS)
    agency.commit("2026-02-24", {FILE: WAS_SEALED})
    agency.commit(BROKEN, {FILE: UNPROTECTED["words, no YAML"][1]})
    clean = agency.clone()
    clean.build(OTTER)
    assert clean.shown(NEW) == "nothing"


@pytest.mark.parametrize(("words", "shown"), [(WORDS, "pages"), ("otter otter", "updating")])
def test_the_words_are_those_of_today(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, words: str, shown: str
) -> None:
    """The old page opens with the link and the words that hold now, if they are good ones."""
    monkeypatch.setenv(VARIABLE, words)
    agency.commit(BROKEN, {FILE: client_file(SEALED, more=f"protection: passphrase\n{WRONG}")})
    clean = agency.clone()
    ran = clean.build()
    assert clean.shown(NEW) == shown, ran.output
    assert clean.shown(OLD) == "nothing"
    if shown == "pages":
        box = re.search(rb'<template id="box">([^<]+)</template>', clean.pages(NEW)["index.html"])
        assert box
        keys = derive(PrivateLink(NEW, KEY), Passphrase(WORDS))
        assert NAMES[OTTER] in opened(keys, "", base64.b64decode(box[1])).page


# --- What is hidden today, or was hidden then ----------------------------------------------------

PARTY = f"{STEPS}/03-party.md"
PARTY_TEXT = """\
---
label: A party
due: 2026-05-08
---
## Why it matters
You meet your readers over tea and cake.
"""
LISTED = """\
milestones:
  - {id: goals, label: Goals agreed, due: 2026-02-20, matters: You see which goals each step serves.}
  - {id: party, label: A party, due: 2026-05-08, matters: You meet your readers over tea and cake.}
"""
SHOP_FILE = """\
title: Your new shop
starts: 2026-01-05
updates: {every: month, on: 15}
"""
NOTE = f"{HOME}/shop/updates/2026-02-25-first-drafts.md"
TEA = "readers over tea and cake"
HIDDEN: Mapping[str, tuple[Files, Files]] = {
    "a draft": ({PARTY: PARTY_TEXT}, {PARTY: PARTY_TEXT.replace("due", "draft: true\ndue")}),
    "a draft, mistyped": (
        {PARTY: PARTY_TEXT},
        {PARTY: PARTY_TEXT.replace("due", "draft: yes\ndue")},
    ),
    "a draft that is no YAML": (
        {PARTY: PARTY_TEXT},
        {PARTY: PARTY_TEXT.replace("due", "draft: true\nlabel: 'A\ndue")},
    ),
    "a day to come": (
        {PARTY: PARTY_TEXT},
        {PARTY: PARTY_TEXT.replace("due", "publish_on: 2026-04-01\ndue")},
    ),
    "a day in words": (
        {PARTY: PARTY_TEXT},
        {PARTY: PARTY_TEXT.replace("due", "publish_on: next week\ndue")},
    ),
    "a draft under another number": (
        {PARTY: PARTY_TEXT},
        {
            PARTY: None,
            f"{STEPS}/04-party.md": PARTY_TEXT.replace("due", "draft: true\ndue"),
        },
    ),
    "a draft with an id": (
        {PARTY: PARTY_TEXT},
        {
            PARTY: None,
            f"{STEPS}/04-tea.md": PARTY_TEXT.replace("due", "id: party\ndraft: true\ndue"),
        },
    ),
    "a draft then": ({PARTY: PARTY_TEXT.replace("due", "draft: true\ndue")}, {PARTY: PARTY_TEXT}),
    "a day to come then": (
        {PARTY: PARTY_TEXT.replace("due", "publish_on: 2026-03-01\ndue")},
        {PARTY: PARTY_TEXT},
    ),
    "an entry of a list": (
        {PROJECT_FILE: SHOP_FILE + LISTED, STEPS: None},
        {PROJECT_FILE: SHOP_FILE + LISTED.replace("id: party", "id: party, draft: true")},
    ),
    "an update that is put off": (
        {NOTE: "You meet your readers over tea and cake.\n"},
        {
            NOTE: None,
            NOTE.replace("2026-02-25", "2026-04-01"): "You meet your readers over tea and cake.\n",
        },
    ),
    "a note for the team": (
        {OPEN_STEP: BETTER + "\nYou meet your readers over tea and cake.\n"},
        {
            OPEN_STEP: BETTER.replace(
                "due", "internal: You meet your readers over tea and cake.\ndue"
            )
        },
    ),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_is_hidden_stays_hidden(agency: Agency, case: str) -> None:
    """Hidden then or today: the rest of the page of then is shown without it."""
    then, since = HIDDEN[case]
    agency.commit("2026-02-24", then)
    agency.commit(BROKEN, {**since, FILE: client_file(OLD, more=WRONG)})
    clean = agency.clone()
    ran = clean.build(OTTER)
    assert clean.shown() == "pages", ran.output
    assert TEA not in clean.text()
    assert "Goals agreed" in clean.text()


@pytest.mark.parametrize(
    "case", ["a draft", "an entry of a list", "an update that is put off", "a note for the team"]
)
def test_what_was_shown_then_and_is_not_hidden_today_is_there(agency: Agency, case: str) -> None:
    """The same page, where nothing was hidden since."""
    agency.commit("2026-02-24", HIDDEN[case][0])
    agency.commit(BROKEN, {FILE: client_file(OLD, more=WRONG)})
    clean = agency.clone()
    assert "as of 27 Feb" in clean.build(OTTER).output
    assert TEA in clean.text()


def test_where_nobody_knows_what_is_hidden_nothing_is_shown(agency: Agency) -> None:
    """A list of steps with a draft in it that is no YAML any more."""
    agency.commit("2026-02-24", {PROJECT_FILE: SHOP_FILE + LISTED, STEPS: None})
    cut = LISTED.replace("id: party", "id: party, draft: true").replace(
        "milestones:", "milestones: ["
    )
    agency.commit(BROKEN, {PROJECT_FILE: SHOP_FILE + cut})
    clean = agency.clone()
    assert clean.build().code == 3
    assert clean.shown() == "updating"


# --- What must not be said today -----------------------------------------------------------------


def test_words_that_are_forbidden_today_are_not_published(agency: Agency) -> None:
    """An older page without them is the last good one."""
    older = head(agency)
    agency.commit("2026-02-24", {DONE_STEP: DONE + "\nOur staging server is ready.\n"})
    settings = (agency.root / "mkdocs.yml").read_text("utf-8")
    agency.commit("2026-02-25", {"mkdocs.yml": f"{settings}    forbidden: [staging server]\n"})
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    assert f"as of 24 Feb (commit {older[:10]})" in clean.build().output
    assert "staging" not in clean.text()


def test_a_leak_of_today_brings_the_page_back_from_before(agency: Agency) -> None:
    """What the audit refuses has no page, either; the one before it has."""
    agency.commit(BROKEN, {DONE_STEP: DONE + f"\nAs for {NAMES[HERON]}.\n"})
    clean = agency.clone()
    ran = clean.build()
    assert "other-client" in ran.output
    assert "as of 27 Feb" in ran.output
    assert NAMES[HERON] not in clean.text()


def test_a_copied_client_shows_nothing_of_the_other(agency: Agency) -> None:
    """Its folder began as a copy: what stood there then was never its own."""
    copy = "projects/quill-stationers"
    shutil.copytree(agency.root / HOME, agency.root / copy)
    name = client_file(OLD, name="Quill Stationers")
    agency.commit("2026-02-24", {f"{copy}/client.yml": name})
    agency.commit(
        BROKEN, {f"{copy}/client.yml": client_file(NEW, name="Quill Stationers", more=WRONG)}
    )
    clean = agency.clone()
    assert clean.build().code == 3
    assert clean.shown(NEW) == "updating"
    assert clean.shown(OLD) == "pages"


def test_a_renamed_client_keeps_its_page(agency: Agency) -> None:
    """The folder has another name since, the link is the same."""
    git(agency.root, "mv", HOME, "projects/otter-house")
    agency.commit(
        BROKEN,
        {"projects/otter-house/client.yml": client_file(OLD, name="Otter House", more=WRONG)},
    )
    clean = agency.clone()
    ran = clean.build()
    assert "otter-house shows its page as of 27 Feb" in ran.output
    assert "at any hour" in clean.text()


def test_a_long_way_back(agency: Agency) -> None:
    """Through many broken commits and two new names of the folder."""
    whole, home = head(agency), HOME
    for number in range(12):
        if number in {4, 9}:
            before, home = home, f"projects/otter-{number}"
            git(agency.root, "mv", before, home)
        agency.commit(
            "2026-02-25", {f"{home}/client.yml": client_file(OLD, more=f"n{number}: x\n")}
        )
    clean = agency.clone()
    ran = clean.build()
    assert f"otter-9 shows its page as of 25 Feb (commit {whole[:10]})" in ran.output
    assert "at any hour" in clean.text()


def test_the_workspace_may_be_a_part_of_a_repository(tmp_path: Path) -> None:
    """With the agency's other things beside it; clients and offerings are found."""
    whole = tmp_path / "all"
    agency = Agency(small_workspace(whole / "agency", OTTER))
    git(whole, "init", "-q", "--initial-branch=main")
    agency.commit(FIRST, {OFFERING: SHOP})
    home = "projects/otter-house"
    git(agency.root, "mv", HOME, home)
    agency.commit(
        BROKEN, {f"{home}/client.yml": client_file(OLD, more=WRONG), OFFERING: f"{SHOP}title: ["}
    )
    git(tmp_path, "clone", "-q", f"file://{whole}", "clean")
    clean = Agency(Workspace(tmp_path / "clean" / "agency"))
    ran = clean.build()
    assert "otter-house shows its page as of 27 Feb" in ran.output
    assert "_offerings/shop shows its page as of" in ran.output
    assert clean.shown() == "pages"
    assert "A shop for readers" in clean.text(SALES)


def test_a_folder_that_took_anothers_place_is_no_renamed_client(agency: Agency) -> None:
    """Their files are alike, for they come from one pattern; the links are not."""
    git(agency.root, "mv", HOME, "projects/quill-stationers")
    agency.commit(
        BROKEN,
        {
            "projects/quill-stationers/client.yml": client_file(
                NEW, name="Quill Stationers", more=WRONG
            )
        },
    )
    clean = agency.clone()
    clean.build()
    assert clean.shown(NEW) == "updating"
    assert clean.shown(OLD) == "nothing"


# --- One build after the other -------------------------------------------------------------------


def test_a_page_that_came_back_is_kept_until_the_files_are_mended(agency: Agency) -> None:
    """Nothing is built again meanwhile; the mended page is new, and the next mistake keeps it."""
    broken: Files = {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)}
    agency.commit(BROKEN, broken)
    clean = agency.clone()
    assert "shows its page as of 27 Feb" in clean.build().output
    before, stamp = clean.pages(), (clean.workspace.client_dir(OTTER) / "index.html").stat()
    ran = clean.build(today="2026-03-03")
    assert f"{OTTER} keeps the page that was there." in ran.output
    assert ran.code == 3
    assert (clean.workspace.client_dir(OTTER) / "index.html").stat() == stamp
    clean.write({OPEN_STEP: BETTER})
    assert clean.build().code == 0
    assert json.loads(clean.pages()["progress.json"])["as_of"] == TODAY
    clean.write(broken)
    mended = clean.pages()
    assert "keeps the page" in clean.build().output
    assert clean.pages() == mended != before


def test_mended_files_are_built_even_where_they_are_as_they_were(agency: Agency) -> None:
    """What the cache remembers of the whole files does not make the old page today's."""
    agency.build()
    today = agency.pages()
    shutil.rmtree(agency.workspace.site)
    agency.write({OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    agency.commit(BROKEN, {})
    agency.build()
    assert agency.pages() != today
    agency.write({OPEN_STEP: BETTER})
    assert agency.build().code == 0
    assert agency.pages() == today


def test_a_neutral_page_gives_way_to_the_last_good_one(agency: Agency) -> None:
    """Of two links, the one whose page is gone gets it back; the other page stays as it is."""
    agency.commit("2026-02-24", {FILE: client_file(OLD, SECOND)})
    agency.build()
    kept = agency.pages()
    agency.write({OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    shutil.rmtree(agency.workspace.site / "c" / SECOND)
    agency.build(today="2026-03-05")
    assert agency.pages() == kept
    assert json.loads(agency.pages(SECOND)["progress.json"])["as_of"] == "2026-03-05"


def test_many_processes_find_the_same(agency: Agency) -> None:
    """Each worker asks git for its own clients."""
    for client in (PINE, HERON):
        step = f"projects/{client}/shop/milestones/02-open.md"
        agency.write({step: PLANNED.replace("due: 2026-04-24", TYPO)})
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    ran = agency.clone().build()
    assert ran.output.count("shows its page as of 27 Feb") == 3
    assert ran.code == 3


def test_with_strict_the_last_good_page_had_no_warning(agency: Agency) -> None:
    """What stops a page today stopped it then."""
    agency.commit("2026-02-24", {f"{HOME}/notes.txt": "Call them.\n"})
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    ran = clean.build("--strict")
    assert f"{OTTER} shows its page as of 24 Feb" in ran.output
    assert f"{OTTER} shows its page as of 27 Feb" in agency.clone(name="other").build().output


def test_with_strict_a_day_without_warnings_counts(agency: Agency) -> None:
    """Where an update became late before the mistake, the page is of the day of its commit."""
    whole = head(agency)
    agency.commit("2026-03-20", {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    ran = clean.build(OTTER, "--strict", today="2026-03-25")
    assert f"{OTTER} shows its page as of 23 Feb (commit {whole[:10]})" in ran.output
    shutil.rmtree(clean.workspace.site)
    assert "as of 20 Mar" in clean.build(OTTER, today="2026-03-25").output


# --- Offerings -----------------------------------------------------------------------------------

OFFERING_LINKS = {
    "nothing but a mistake": (SHOP.replace("day: 6", "day: soon"), (SALES,)),
    "no YAML": (SHOP + "title: [", (SALES,)),
    "rotated": (SHOP.replace(SALES, FAIR).replace("day: 6", "day: soon"), ()),
    "revoked": (SHOP.replace(f"links:\n  sales: {SALES}\n", "title: ["), ()),
}


@pytest.mark.parametrize("case", OFFERING_LINKS)
def test_a_broken_offering_shows_its_last_good_page(agency: Agency, case: str) -> None:
    """To those who have a link that stands there still."""
    broken, links = OFFERING_LINKS[case]
    whole = agency.commit("2026-02-24", {OFFERING: SHOP})
    agency.commit(BROKEN, {OFFERING: broken})
    clean, then = agency.clone(), agency.at(whole)
    ran = clean.build()
    assert ran.code == 3
    assert {token for token in (SALES, FAIR) if clean.pages(token)} == set(links), ran.output
    if links:
        assert f"_offerings/shop shows its page as of 27 Feb (commit {whole[:10]})" in ran.output
        then.build()
        assert clean.pages(SALES) == then.pages(SALES)
    assert "3 of 3 clients built" in ran.output


# --- The overview --------------------------------------------------------------------------------


def test_the_overview_says_which_day_their_page_shows(agency: Agency) -> None:
    """In words, as data and on the page; of a client without an old page it says nothing."""
    agency.commit(BROKEN, {OPEN_STEP: BETTER.replace("due: 2026-04-24", TYPO)})
    clean = agency.clone()
    for _ in range(2):
        ran = clean.workspace.run("overview", "--today", TODAY)
        assert "their page is that of 27 Feb" in " ".join(ran.output.split())
    said = json.loads(clean.workspace.run("overview", "--today", TODAY, "--format", "json").output)
    (row,) = (row for row in said if row["id"] == OTTER)
    assert [(reason["rule"], reason["since"]) for reason in row["attention"]] == [
        ("errors", BROKEN)
    ]
    clean.workspace.run("overview", "--today", TODAY, "--format", "html")
    page = (clean.root / ".cache" / "overview.html").read_text("utf-8")
    assert "their page is that of 27 Feb" in page
    shallow = agency.clone("--depth", "1", name="shallow")
    ran = shallow.workspace.run("overview", "--today", TODAY)
    assert "their page is not being updated" in " ".join(ran.output.split())
