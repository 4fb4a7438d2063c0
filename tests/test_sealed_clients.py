"""Clients whose pages are sealed, from their files to what a host gets."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from site_builder.cache import load_manifest
from site_builder.model.links import Passphrase, PrivateLink
from site_builder.seal.envelope import Content, name_of, opened
from site_builder.seal.keys import derive
from tests.workspace import KEY, NAMES, OTTER, PINE, TOKENS, run_apart, tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from site_builder.seal.keys import Keys
    from tests.workspace import Workspace

LINK = PrivateLink(TOKENS[OTTER], KEY)
FILE = f"projects/{OTTER}/client.yml"
STEP = f"projects/{OTTER}/shop/milestones/01-goals-agreed.md"
WORDS = "hangout papyrus demystify bundle sadden copper"
VARIABLE = "SITE_BUILDER_PASSPHRASE_OTTER_BOOKS"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def protect(workspace: Workspace, how: str) -> None:
    """Ask for sealed pages in the file, as `link protect` writes it."""
    workspace.edit(FILE, TOKENS[OTTER], f"{LINK.written}\nprotection: {how}")


def opened_pages(workspace: Workspace, keys: Keys) -> Mapping[str, Content]:
    """Open everything in the client's folder, by its way."""
    return {
        way: opened(keys, way.rpartition("/")[0], base64.b64decode(_box(page)))
        for way, page in workspace.pages(OTTER).items()
    }


def _box(page: bytes) -> bytes:
    found = re.search(rb'<template id="box">([^<]+)</template>', page)
    assert found
    return found[1]


def test_a_sealed_client_gives_nothing_away(workspace: Workspace) -> None:
    """No name, title, label, date, file name or colour of words: in no byte and in no path."""
    workspace.write(f"projects/{OTTER}/shop/files/price-list.csv", "book,price\n")
    workspace.write(f"projects/{OTTER}/shop/files/shopfront.png", PICTURE)
    workspace.edit(
        STEP,
        "done: 2026-02-20",
        "done: 2026-02-20\nfiles:\n  - {title: Prices of ours, file: files/price-list.csv}",
    )
    workspace.edit(STEP, "We agreed on", "![The shopfront](files/shopfront.png)\n\nWe agreed on")
    protect(workspace, "sealed")
    assert workspace.build().code == 0
    published = workspace.pages(OTTER)
    whole = "\n".join(published).encode() + b"\n".join(published.values())
    for word in (
        "Otter", "otter-books", "shop", "Goals", "goals-agreed", "2026", "February", "shopfront",
        "price", "progress.json", "Prepared for", "Readers", "step", KEY, "Maya", "csv", "png;base64",
    ):  # fmt: skip
        assert word.encode().lower() not in re.sub(
            rb"<template id=\"box\">[^<]+", b"", whole.lower()
        )
    assert all(re.fullmatch(r"([a-z2-7]{20}/)?index\.html", way) for way in published)
    pages = opened_pages(workspace, derive(LINK))
    texts = "".join(content.page for content in pages.values())
    assert NAMES[OTTER] in texts
    assert "data:image/png;base64," in texts
    assert "shopfront.png" not in texts
    files = {content.name: content.file for content in pages.values() if content.name}
    assert files["price-list.csv"] == b"book,price\n"
    assert b'"client": "Otter Books"' in files["progress.json"]


def test_all_shells_are_alike(workspace: Workspace) -> None:
    """Whoever the client is: they differ in ciphertext and depth only."""
    protect(workspace, "sealed")
    workspace.edit(
        f"projects/{PINE}/client.yml",
        TOKENS[PINE],
        f"{TOKENS[PINE]}#{KEY}\nprotection: sealed\nlanguage: de",
    )
    assert workspace.build().code == 0
    shells = {
        re.sub(rb'<template id="box">[^<]+|\.\./', b"", page)
        for client in (OTTER, PINE)
        for page in workspace.pages(client).values()
    }
    assert len(shells) == 1


def test_a_locked_page_promises_no_more_than_it_keeps(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a passphrase the browser's history holds all that opens it."""
    monkeypatch.setenv(VARIABLE, WORDS)
    protect(workspace, "sealed")
    workspace.build()
    assert "its history still opens the page" in workspace.page(OTTER)
    assert "can no longer be read" not in workspace.page(OTTER)
    workspace.edit(FILE, "protection: sealed", "protection: passphrase")
    workspace.build()
    assert "can no longer be read" in workspace.page(OTTER)
    assert "the link is incomplete" in workspace.page(OTTER)


def test_two_builds_give_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    """Also without what the first one remembered, and in another process."""
    protect(workspace, "passphrase")
    environment = {VARIABLE: WORDS}
    ran = run_apart(workspace.root, "build", "--today", "2026-03-02", **environment)
    assert ran.code == 0, ran.output
    other = tmp_path / "other"
    arguments = ("build", "--today", "2026-03-02", "--no-cache", "-d", str(other))
    assert run_apart(workspace.root, *arguments, **environment).code == 0
    assert tree(other) == tree(workspace.site)


def test_lengths_come_in_steps(workspace: Workspace) -> None:
    """A word more on a page does not show."""
    protect(workspace, "sealed")
    workspace.build()
    sizes = {len(base64.b64decode(_box(page))) for page in workspace.pages(OTTER).values()}
    assert all((size - 28) % 4096 == 0 for size in sizes)


def test_sealing_leaves_no_open_page_behind_and_back(workspace: Workspace) -> None:
    """The whole folder is exchanged, each time."""
    workspace.build()
    before = workspace.pages(OTTER)
    assert "shop/index.html" in before
    protect(workspace, "sealed")
    assert workspace.build().code == 0
    assert not {*before} & {*workspace.pages(OTTER)} - {"index.html"}
    workspace.edit(FILE, "protection: sealed", "protection: link")
    assert workspace.build().code == 0
    assert workspace.pages(OTTER) == before


def test_no_open_page_is_ever_written_into_the_site(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even under a hidden name, and not for a moment."""
    protect(workspace, "sealed")
    seen: list[dict[str, bytes]] = []
    from site_builder.build import folders
    from site_builder.seal.folder import sealed_folder

    def watched(*arguments: object) -> object:
        seen.append(tree(workspace.site))
        return sealed_folder(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(folders, "sealed_folder", watched)
    assert workspace.build(OTTER).code == 0
    (during,) = seen
    assert not [way for way, content in during.items() if b"Otter" in content]


@pytest.mark.parametrize("how", ["sealed", "passphrase"])
def test_more_protection_wins_over_keeping_the_last_good_page(
    workspace: Workspace, how: str
) -> None:
    """A client with mistakes keeps the page that is there, but not one that anybody can read."""
    workspace.build()
    protect(workspace, how)
    workspace.edit(STEP, "done: 2026-02-20", "done: soon")
    ran = workspace.build()
    assert ran.code == 3
    assert "is being updated" in ran.output
    assert set(workspace.pages(OTTER)) == {"index.html"}
    assert "This page is being updated" in workspace.page(OTTER)


@pytest.mark.parametrize(
    "line",
    [
        *("protection: seald", "protection: Sealed", "Protection: sealed", "protection sealed"),
        *("protection:", f"protection: {WORDS}", f"passphrase: {WORDS}", "protecton: sealed"),
        *(
            f"protection: passphrase: {WORDS}",
            "protection: sealed\nname: a: b",
            "protection: [sealed",
        ),
    ],
)
def test_a_mistyped_protection_leaves_no_open_page(workspace: Workspace, line: str) -> None:
    """Whoever wanted it sealed and made a mistake has not chosen that anybody can read it."""
    workspace.build()
    other = workspace.pages(PINE)
    workspace.edit(FILE, TOKENS[OTTER], f"{LINK.written}\n{line}")
    assert workspace.build().code == 3
    assert set(workspace.pages(OTTER)) == {"index.html"}
    assert "This page is being updated" in workspace.page(OTTER)
    assert workspace.pages(PINE) == other


@pytest.mark.parametrize(
    "line", ["protection: link  # open\npdf: maybe", "# protection: sealed\nname: a: b"]
)
def test_a_page_that_shall_be_open_is_kept(workspace: Workspace, line: str) -> None:
    """A mistake elsewhere takes no page away."""
    workspace.build()
    before = workspace.pages(OTTER)
    workspace.edit(FILE, TOKENS[OTTER], f"{TOKENS[OTTER]}\n{line}")
    assert workspace.build().code == 3
    assert workspace.pages(OTTER) == before


def test_a_sealed_client_with_mistakes_keeps_its_sealed_pages(workspace: Workspace) -> None:
    """They are real pages, although nobody here can tell what they say; their files stay, too."""
    protect(workspace, "sealed")
    workspace.build()
    before = workspace.pages(OTTER)
    workspace.edit(STEP, "done: 2026-02-20", "done: soon")
    workspace.edit(
        "mkdocs.yml",
        "    name: Northlight Studio",
        '    name: Northlight Studio\n    colour: "7a1f5c"',
    )
    ran = workspace.build()
    assert ran.code == 3
    assert f"{OTTER} keeps the page that was there." in ran.output
    assert workspace.pages(OTTER) == before
    for page in before.values():
        for way in re.findall(rb'"(?:\.\./)+(assets/[^"]+)"', page):
            assert (workspace.site / way.decode()).is_file()


def test_the_script_and_its_permission_exist_for_sealed_clients_only(workspace: Workspace) -> None:
    """Where nobody's pages are sealed, the policy allows no script at all, and there is none."""
    workspace.build()
    headers = workspace.site / "_headers"
    assert "script-src" not in headers.read_text("utf-8")
    assert not [*workspace.site.rglob("*.js")]
    before = workspace.pages(PINE)
    protect(workspace, "sealed")
    workspace.build()
    rules = headers.read_text("utf-8").split("\n/")
    assert [rule.split("\n")[0] for rule in rules if "script-src 'self';" in rule] == ["c/*"]
    assert workspace.pages(PINE) == before
    assert b"script-src" not in b"".join(before.values())
    (script,) = workspace.site.rglob("*.js")
    assert (script.parent / "index.html").is_file()
    workspace.edit(FILE, "protection: sealed", "protection: link")
    workspace.build()
    assert "script-src" not in headers.read_text("utf-8")
    assert not [*workspace.site.rglob("*.js")]


def test_closed_pages_of_sealed_clients_are_neutral_ones(workspace: Workspace) -> None:
    """They say nothing that would have to be sealed."""
    protect(workspace, "sealed")
    workspace.edit(FILE, "protection: sealed", "protection: sealed\nends: 2026-03-01")
    assert workspace.build().code == 0
    assert "This page is closed" in workspace.page(OTTER)
    assert "Otter" not in workspace.page(OTTER)


def test_an_unchanged_sealed_client_is_not_built_again(workspace: Workspace) -> None:
    """Its key stands in client.yml, so what is remembered tells nobody more."""
    protect(workspace, "sealed")
    workspace.build()
    assert "nothing has changed" in workspace.build().output


# --- Words ---


def keep_words(workspace: Workspace, text: str, mode: int = 0o600) -> None:
    """Write the file of words."""
    workspace.write(".passphrases", text)
    (workspace.root / ".passphrases").chmod(mode)


def test_words_come_from_the_environment_or_the_private_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment comes first; what was built opens with these words only."""
    protect(workspace, "passphrase")
    keep_words(workspace, f"# ours\n\n{OTTER}:  {WORDS} \npine-bakery: other words\n")
    assert workspace.build().code == 0
    assert opened_pages(workspace, derive(LINK, Passphrase(WORDS)))
    other = "cahoots drool amid unsavory mandate eggnog"
    monkeypatch.setenv(VARIABLE, other)
    assert workspace.build().code == 0
    assert opened_pages(workspace, derive(LINK, Passphrase(other)))


def test_words_stand_nowhere_but_in_their_place(workspace: Workspace) -> None:
    """Not in what is said, remembered or published; and nothing remembered depends on them."""
    protect(workspace, "passphrase")
    keep_words(workspace, f"{OTTER}: {WORDS}\n")
    said = "".join(
        workspace.run(*words).output
        for words in (
            ("build", "--today", "2026-03-02"),
            ("check", "--today", "2026-03-02"),
            ("links",),
            ("overview", "--today", "2026-03-02"),
        )
    )
    workspace.write(STEP, "broken")
    said += workspace.build().output
    for word in WORDS.split():
        assert word not in said
        for folder in (workspace.site, workspace.root / ".cache"):
            for way, content in tree(folder).items():
                assert word.encode() not in content + way.encode(), way
    remembered = load_manifest(workspace.root / ".cache" / "build.json")
    assert remembered.entries.keys() & {OTTER, PINE} == {PINE}


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("", 0, "the passphrase of this client is not known here [no-passphrase]"),
        (f"{PINE}: {WORDS}\n", 0o600, "not known here [no-passphrase]"),
        (f"{OTTER}: Larkfield2026\n", 0o600, "too easy to guess [weak-passphrase]"),
        (f"{OTTER}: Otter Books Northlight Studio\n", 0o600, "[weak-passphrase]"),
        (f"{OTTER}: {WORDS}\n", 0o644, "write: chmod 600 .passphrases"),
        (f"{OTTER} {WORDS}\n", 0o600, ".passphrases:1:1: this line names no client and words"),
        ("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), 0o600, "names no client"),
    ],
    ids=["none", "another client's", "easy", "names", "readable by others", "no colon", "no text"],
)
def test_a_client_without_good_words_is_the_only_one_that_waits(
    workspace: Workspace, text: str, mode: int, said: str
) -> None:
    """Its pages are not built, in words that repeat nothing; all others are."""
    protect(workspace, "passphrase")
    if mode:
        keep_words(workspace, text, mode)
    ran = workspace.build()
    assert ran.code == 3
    assert said in ran.output
    assert not [word for word in ("hangout", "Larkfield2026") if word in ran.output]
    assert "This page is being updated" in workspace.page(OTTER)
    assert NAMES[PINE] in workspace.page(PINE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{OTTER}: "{WORDS}"\n', ".passphrases:1:1: quotes stand around"),
        (f"{OTTER}: {WORDS}\n{OTTER}: other words\n", ".passphrases:2:1: a line above"),
        (f"{OTTER}: {WORDS}\nOtter-Books: {WORDS}\n", ".passphrases:2:1: warning: there is no"),
        (f"\ufeff{OTTER}: {WORDS}\n", "1 of 2 clients built"),
    ],
    ids=["quotes", "twice", "capitals", "byte order mark"],
)
def test_each_mistake_in_the_file_of_words_has_its_line(
    workspace: Workspace, text: str, said: str
) -> None:
    """And no advice to draw new words for a client that has some; the words are not repeated."""
    protect(workspace, "passphrase")
    workspace.build(PINE)
    keep_words(workspace, text)
    ran = workspace.build()
    assert said in ran.output
    assert "makes six words" not in ran.output
    assert "hangout" not in ran.output


def test_a_variable_that_is_no_text_is_a_problem(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named; other clients are built."""
    protect(workspace, "passphrase")
    monkeypatch.setenv(VARIABLE, f"{WORDS} caf\udce9")
    ran = workspace.build()
    assert ran.code == 3
    assert f"{VARIABLE}:1:1: a variable of the environment is no text" in ran.output
    assert "makes six words" not in ran.output


def test_words_that_come_to_be_known_are_looked_for_on_unchanged_pages(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another client's page that was built before anybody knew them is found out."""
    protect(workspace, "passphrase")
    step = STEP.replace(OTTER, PINE)
    workspace.edit(step, "We agreed on", f"{WORDS.replace(' ', ', ')}. We agreed on")
    assert "published-key" not in workspace.build().output
    monkeypatch.setenv(VARIABLE, WORDS)
    ran = workspace.build()
    assert ran.code == 3
    assert "published-key" in ran.output
    workspace.edit(step, f"{WORDS.replace(' ', ', ')}. ", "")
    assert workspace.build().code == 0
    assert "1 unchanged" in workspace.build().output


def test_words_that_git_keeps_are_refused(workspace: Workspace) -> None:
    """Whoever has the repository would have them."""
    protect(workspace, "passphrase")
    keep_words(workspace, f"{OTTER}: {WORDS}\n")
    for command in (["git", "init", "-q"], ["git", "add", ".passphrases"]):
        subprocess.run(command, cwd=workspace.root, check=True)
    ran = workspace.build()
    assert ran.code == 3
    assert "git keeps this file" in ran.output
    assert "git rm --cached .passphrases; commit; then" in ran.output
    assert "link passphrase CLIENT --renew" in ran.output


def test_a_link_to_words_elsewhere_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    """Who can write into the workspace does not choose what is read."""
    protect(workspace, "passphrase")
    elsewhere = tmp_path / "words"
    elsewhere.write_text(f"{OTTER}: {WORDS}\n", "utf-8")
    elsewhere.chmod(0o600)
    (workspace.root / ".passphrases").symlink_to(elsewhere)
    assert "this must be a plain file" in workspace.build().output


# --- Commands ---


def test_protect_gives_each_link_a_key_and_keeps_all_else(workspace: Workspace) -> None:
    """One line more, one line longer; comments, order and tokens stay."""
    workspace.write(
        FILE,
        f"name: Otter Books  # theirs\nlinks:\n  everyone: {TOKENS[OTTER]}  # all\n  board: {TOKENS[PINE][::-1]}\n# end\n",
    )
    ran = workspace.run("link", "protect", OTTER, "sealed")
    assert ran.code == 0, ran.output
    text = (workspace.root / FILE).read_text("utf-8")
    keys = re.findall(r"#([a-z2-7]{52})\b", text)
    assert len({*keys}) == 2
    assert not [key for key in keys if key in ran.output]
    bare = re.sub(r"#[a-z2-7]{52}", "", text)
    assert bare == (
        f"name: Otter Books  # theirs\nlinks:\n  everyone: {TOKENS[OTTER]}  # all\n  board: {TOKENS[PINE][::-1]}\n"
        "protection: sealed\n# end\n"
    )
    assert workspace.build(OTTER).code == 0
    assert workspace.run("link", "protect", OTTER, "link").code == 0
    assert (workspace.root / FILE).read_text("utf-8") == text.replace("sealed", "link")
    again = workspace.run("link", "protect", OTTER, "link")
    assert again.code == 2
    assert "is protected by 'link' already" in again.output


def test_passphrase_draws_words_keeps_them_privately_and_shows_them_once(
    workspace: Workspace,
) -> None:
    """They are enough, git never takes them, and a second time asks for the wish to renew them."""
    subprocess.run(["git", "init", "-q"], cwd=workspace.root, check=True)
    assert workspace.run("link", "protect", OTTER, "passphrase").code == 0
    ran = workspace.run("link", "passphrase", OTTER)
    assert ran.code == 0, ran.output
    kept = workspace.root / ".passphrases"
    if os.name == "posix":
        assert kept.stat().st_mode & 0o777 == 0o600
    words = kept.read_text("utf-8").splitlines()[-1].removeprefix(f"{OTTER}: ")
    assert len(words.split()) == 6
    assert words in ran.output
    ignored = subprocess.run(
        ["git", "check-ignore", ".passphrases"],
        cwd=workspace.root,
        check=False,
        capture_output=True,
    )
    assert ignored.returncode == 0
    assert workspace.build(OTTER).code == 0
    assert workspace.run("link", "passphrase", OTTER).code == 2
    assert kept.read_text("utf-8").endswith(f"{words}\n")
    assert workspace.run("link", "passphrase", PINE).code == 0
    assert workspace.run("link", "passphrase", OTTER, "--renew").code == 0
    text = kept.read_text("utf-8")
    assert words not in text
    assert [line.partition(":")[0] for line in text.splitlines()[1:]] == [PINE, OTTER]


def test_a_new_client_can_be_sealed_from_the_first_day(workspace: Workspace) -> None:
    """Its link has a key, which nothing prints unasked."""
    ran = workspace.run(
        "new", "heron-rowing", "website", "--name", "Heron", "--title", "Your site",
        "--protection", "sealed",
    )  # fmt: skip
    assert ran.code == 0, ran.output
    text = (workspace.root / "projects/heron-rowing/client.yml").read_text("utf-8")
    assert "\nprotection: sealed\n" in text
    key = re.findall(r"#([a-z2-7]{52})\b", text)[0]
    assert key not in ran.output
    assert f"#{key}" in workspace.run("links", "heron-rowing").output
    again = workspace.run("new", "heron-rowing", "other", "--protection", "sealed")
    assert again.code == 2
    assert "site-builder link protect heron-rowing sealed" in again.output


def test_names_of_pages_depend_on_nothing_that_changes(workspace: Workspace) -> None:
    """A bookmark of a step stays good, whatever the step says next week."""
    protect(workspace, "sealed")
    workspace.build()
    before = set(workspace.pages(OTTER))
    workspace.edit(STEP, "We agreed on three goals", "We all agreed on four goals")
    workspace.build(today="2026-03-09")
    assert set(workspace.pages(OTTER)) == before
    assert f"{name_of(derive(LINK), 'shop/goals-agreed/')}/index.html" in before
