"""`announce`: what is drafted, what is recorded, and that nothing is told twice or forgotten."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.story import CLIENT, HOME, LINK, SECRET, SHOP, S, Story, git, step, tell
from tests.workspace import PINE, TOKENS, Ran, Workspace, run, tree

if TYPE_CHECKING:
    from pathlib import Path

DRAFTS = "announcements"
FILES = {
    "chat.txt",
    "message.eml",
    "message.txt",
    "record.yml",
    "slack.json",
    "teams.json",
    "webhook.json",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The whole story; for copying only."""
    return tell(tmp_path_factory.mktemp("story") / "agency")


@pytest.fixture
def story(told: Story, tmp_path: Path) -> Story:
    """A copy of the story, to go on from."""
    shutil.copytree(told.root, tmp_path / "agency", symlinks=True)
    return replace(told, workspace=Workspace(tmp_path / "agency"))


def announce(story: Story, day: str, *words: str) -> Ran:
    """Run `announce` for the client on a day."""
    return story.workspace.run("announce", CLIENT, "--today", day, *words)


def drafted(story: Story, name: str = "message.txt", client: str = CLIENT) -> str:
    """Read a file of the draft."""
    return (story.root / DRAFTS / client / name).read_text("utf-8")


def records(story: Story) -> list[str]:
    """List the records of what was told."""
    return sorted(path.name for path in (story.root / HOME / "announced").glob("*"))


def sent(story: Story, day: str, *, commit: bool = True) -> Ran:
    """Draft, and record that it was sent."""
    announce(story, day)
    ran = announce(story, day, "--sent")
    assert ran.code == 0, ran.output
    if commit:
        story.commit(day, {})
    return ran


# --- What is new ---------------------------------------------------------------------------------


def test_the_first_message_tells_what_is_dated_within_three_weeks(story: Story) -> None:
    """Where nothing was announced, and it says so."""
    story.back_to(7)
    ran = announce(story, "2026-02-13")
    assert ran.code == 0, ran.output
    assert "1 step finished, 1 date changed, 1 thing came in" in ran.output
    assert "nothing was announced before, so this is what is dated since 2026-01-23" in ran.output
    assert "Nothing was sent." in ran.output
    assert "You chose the green one." in drafted(story)
    assert "Two ideas are drawn" not in drafted(story)  # it is older


def test_from_then_on_it_tells_what_is_new_since_the_last_message(story: Story) -> None:
    """Not what was told, and all that was not."""
    story.back_to(7)
    sent(story, "2026-02-13")
    assert "nothing new (compared with" in announce(story, "2026-02-13").output
    story.commit(
        "2026-02-16", {f"{SHOP}/updates/2026-02-16-fonts.md": "Two fonts to choose from.\n"}
    )
    ran = announce(story, "2026-02-16")
    assert f"{CLIENT}: 1 update (compared with" in ran.output
    assert "Two fonts to choose from." in drafted(story)
    assert "You chose the green one." not in drafted(story)


def test_announcing_twice_announces_once(story: Story) -> None:
    """The second time there is nothing to draft, and nothing to record."""
    story.back_to(7)
    sent(story, "2026-02-13", commit=False)
    before = records(story)
    assert len(before) == 1
    for _ in range(2):
        assert "everything was told before" in announce(story, "2026-02-13", "--sent").output
        assert "nothing new" in announce(story, "2026-02-13").output
    assert records(story) == before
    assert not [name for name in tree(story.root / DRAFTS) if name.startswith(CLIENT)]


def test_what_is_not_committed_yet_is_told_once_too(story: Story) -> None:
    """Whoever announces first and commits later tells nothing twice."""
    story.back_to(7)
    sent(story, "2026-02-13")
    note = {f"{SHOP}/updates/2026-02-16-fonts.md": "Two fonts to choose from.\n"}
    for name, text in note.items():
        story.workspace.write(name, text)
    assert "1 update" in announce(story, "2026-02-16").output
    announce(story, "2026-02-16", "--sent")
    story.commit("2026-02-16", {})
    assert "nothing new" in announce(story, "2026-02-17").output


def test_what_comes_between_the_draft_and_the_record_is_not_forgotten(story: Story) -> None:
    """Recorded is what the draft said; the rest waits for the next message."""
    story.back_to(7)
    announce(story, "2026-02-13")
    story.commit(
        "2026-02-14", {f"{SHOP}/updates/2026-02-14-fonts.md": "Two fonts to choose from.\n"}
    )
    assert "3 changes recorded as told" in announce(story, "2026-02-14", "--sent").output
    ran = announce(story, "2026-02-14")
    assert f"{CLIENT}: 1 update" in ran.output


def test_two_branches_that_both_announced_merge_without_losing_either(story: Story) -> None:
    """A real merge: no conflict, both records, and nothing is told again."""
    story.back_to(3)
    sent(story, "2026-01-16")
    git(story.root, "checkout", "-qb", "aside")
    story.commit("2026-01-20", {f"{SHOP}/updates/2026-01-20-ideas.md": "Two ideas are drawn.\n"})
    sent(story, "2026-01-20")
    git(story.root, "checkout", "-q", "main")
    look = "label: The look is chosen\ndue: 2026-02-06\ndone: 2026-01-20\n"
    story.commit("2026-01-20", {f"{S}20-look.md": step(look, "You chose the green one.")})
    sent(story, "2026-01-20")
    git(story.root, "merge", "-q", "--no-edit", "aside")
    assert len(records(story)) == 3
    assert "nothing new" in announce(story, "2026-01-21").output
    story.commit("2026-01-22", {f"{SHOP}/updates/2026-01-22-more.md": "A third idea is drawn.\n"})
    ran = announce(story, "2026-01-22")
    assert f"{CLIENT}: 1 update" in ran.output
    assert "A third idea is drawn." in drafted(story)


def test_a_branch_that_was_squashed_tells_nothing_twice(story: Story) -> None:
    """The commit that the record names is gone; what it lists still counts."""
    story.back_to(3)
    git(story.root, "checkout", "-qb", "aside")
    sent(story, "2026-01-16")
    story.commit("2026-01-20", {f"{SHOP}/updates/2026-01-20-ideas.md": "Two ideas are drawn.\n"})
    git(story.root, "checkout", "-q", "main")
    git(story.root, "merge", "-q", "--squash", "aside")
    git(story.root, "commit", "-qm", "Squashed", day="2026-01-20")
    (name,) = records(story)
    git(story.root, "branch", "-qD", "aside")
    record = story.root / HOME / "announced" / name
    gone = record.read_text("utf-8").replace(story.commits[3], "0" * 40)
    story.commit("2026-01-20", {f"{HOME}/announced/{name}": gone})
    assert (
        f"{CLIENT}: 1 update (compared with {story.commits[3][:10]}"
        in announce(story, "2026-01-20").output
    )


def test_a_shallow_clone_is_said_and_not_guessed_around(story: Story, tmp_path: Path) -> None:
    """What was told before cannot be compared with a history that is not here."""
    story.back_to(3)
    sent(story, "2026-01-16")
    story.commit("2026-01-20", {f"{SHOP}/updates/2026-01-20-ideas.md": "Two ideas are drawn.\n"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{story.root}", "shallow")
    for words in ((), ("--since", "2026-01-06"), ("--since", story.commits[1])):
        ran = run(tmp_path / "shallow", "announce", CLIENT, "--today", "2026-01-20", *words)
        assert ran.code == 1
        assert "this clone holds only a part of the history" in ran.output
        assert "git fetch --unshallow" in ran.output
    said = run(tmp_path / "shallow", "check", "--today", "2026-01-20")
    assert "note: what was told to otter-books cannot be found: this clone" in said.output
    assert said.code == 0


@pytest.mark.parametrize(
    ("since", "commit", "said"),
    [
        ("2026-02-01", 5, "1 step finished, 1 date changed"),
        ("2026-02-02", 6, "1 step finished"),
        ("{6}", 6, "1 step finished"),
        ("HEAD~2", 5, "1 step finished, 1 date changed"),
    ],
)
def test_it_tells_what_changed_since_a_day_or_a_commit(
    story: Story, since: str, commit: int, said: str
) -> None:
    """A day counts to its end, where the agency is."""
    story.back_to(7)
    ran = announce(story, "2026-02-13", "--since", since.format(*story.commits))
    assert f"{CLIENT}: {said} (compared with {story.commits[commit][:10]} of" in ran.output


@pytest.mark.parametrize(("time", "is_new"), [("23:30:00+0000", False), ("22:30:00-0200", True)])
def test_a_day_ends_where_the_agency_is(story: Story, *, time: str, is_new: bool) -> None:
    """In London, 22:30 two hours to the west is the next day."""
    story.back_to(7)
    note = {f"{SHOP}/updates/2026-02-15-fonts.md": "Two fonts to choose from.\n"}
    story.commit("2026-02-15", note, time=time)
    said = announce(story, "2026-02-16", "--since", "2026-02-15").output
    assert ("1 update" in said) is is_new


def test_it_tells_what_changed_between_two_days(story: Story) -> None:
    """As the page stood at the end of the second."""
    ran = announce(story, "2026-03-13", "--since", "2026-02-24", "--until", "2026-03-02")
    assert f"{CLIENT}: 1 end moved, 1 date changed" in ran.output
    assert "Launch: moved to Friday 8 May 2026." in drafted(story)
    assert "22 May" not in drafted(story)


def test_where_the_files_had_mistakes_an_older_state_counts_and_it_is_said(story: Story) -> None:
    """The newest before it in which the client was whole."""
    story.back_to(5)
    broken = story.commit(
        "2026-01-30", {f"{S}20-look.md": "---\nlabel: The look\ndue: soon\n---\n"}
    )
    git(story.root, "revert", "--no-edit", "HEAD", day="2026-01-31")
    note = {f"{SHOP}/updates/2026-02-01-fonts.md": "Two fonts to choose from.\n"}
    story.commit("2026-02-01", note)
    ran = announce(story, "2026-02-02", "--since", "2026-01-30")
    expected = f"1 update (compared with {story.commits[5][:10]} of 2026-01-27: at {broken[:10]} the files had mistakes)"
    assert expected in ran.output


@pytest.mark.parametrize("word", ["nonsense", "--exec=x", "2026-02-30", "HEAD~99"])
def test_what_is_no_commit_is_said(story: Story, word: str) -> None:
    """And nothing is drafted."""
    ran = announce(story, "2026-03-13", f"--since={word}")
    assert ran.code == 1
    assert "nothing is drafted" in ran.output
    assert word in ran.output
    assert not (story.root / DRAFTS / CLIENT).exists()


def test_a_day_before_the_first_commit_is_told_by_the_days_in_the_files(story: Story) -> None:
    """In a young workspace, and where there is no git at all; it says so."""
    words = "there is no commit up to 2026-01-02, so this is what is dated later"
    story.back_to(3)
    ran = announce(story, "2026-01-16", "--since", "2026-01-02")
    assert (
        f"1 project new, 1 step finished, 1 approval, 1 answer received, 1 request ({words})"
        in (ran.output)
    )
    shutil.rmtree(story.root / ".git")
    assert words in announce(story, "2026-01-16", "--since", "2026-01-02").output


def test_without_git_what_was_told_is_known_by_its_name(story: Story) -> None:
    """What has a day is told once; it says that it knows no more."""
    story.back_to(3)
    shutil.rmtree(story.root / ".git")
    sent(story, "2026-01-16", commit=False)
    said = announce(story, "2026-01-16").output
    assert "nothing new (the commit of the last announcement is not here" in said
    story.workspace.write(f"{SHOP}/updates/2026-01-20-ideas.md", "Two ideas are drawn.\n")
    assert f"{CLIENT}: 1 update (the commit" in announce(story, "2026-01-20").output


def test_a_workspace_inside_a_larger_repository_has_a_past_too(
    story: Story, tmp_path: Path
) -> None:
    """Paths are found from the workspace's folder."""
    story.back_to(4)
    outer = tmp_path / "outer"
    shutil.copytree(story.root, outer / "clients", ignore=shutil.ignore_patterns(".git"))
    git(outer, "init", "-q")
    inner = replace(story, workspace=Workspace(outer / "clients"))
    first = inner.commit("2026-01-20", {})
    inner.commit("2026-01-27", {f"{SHOP}/updates/2026-01-27-fonts.md": "Two fonts.\n"})
    said = announce(inner, "2026-01-28", "--since", first).output
    assert "1 update (compared with" in said


# --- The command ---------------------------------------------------------------------------------


def test_without_an_address_of_the_site_it_says_what_to_write(story: Story) -> None:
    """A message leads to the page."""
    story.workspace.edit("mkdocs.yml", "    base_url: https://progress.northlight.example\n", "")
    ran = announce(story, "2026-03-13")
    assert ran.code == 2
    assert "base_url: https://progress.northlight.example" in ran.output


def test_everyone_with_something_new(story: Story) -> None:
    """A folder for each, a summary for the team without a link, and nobody stops another."""
    story.workspace.add_client(PINE)
    story.workspace.write("projects/elm-school/client.yml", "name: Elm School\nlinks: {}\n")
    ran = story.workspace.run("announce", "--all", "--today", "2026-03-13", "-o", "drafts")
    assert ran.code == 3
    assert "elm-school: nothing is drafted, for its files have mistakes" in ran.output
    names = tree(story.root / "drafts")
    clients = {name.partition("/")[0] for name in names if "/" in name}
    assert clients == {CLIENT, PINE}
    assert {name.partition("/")[2] for name in names if name.startswith(CLIENT)} == FILES
    for name in ("summary.md", "slack.json", "teams.json", "webhook.json"):
        shown = names[name].decode()
        assert "Otter Books: 1 project new" in shown
        assert not [token for token in TOKENS.values() if token in shown]
        assert "http" not in shown.replace("http://adaptivecards.io", "")


def test_the_same_run_twice_gives_the_same_bytes(story: Story) -> None:
    """No clock, no chance."""
    announce(story, "2026-03-13")
    first = tree(story.root / DRAFTS)
    shutil.rmtree(story.root / DRAFTS)
    announce(story, "2026-03-13")
    assert tree(story.root / DRAFTS) == first


def test_without_a_name_it_only_says_for_whom_something_is_new(story: Story) -> None:
    """And writes nothing."""
    ran = story.workspace.run("announce", "--today", "2026-03-13")
    assert f"{CLIENT}: " in ran.output
    assert not (story.root / DRAFTS).exists()


def test_drafts_are_written_where_nothing_publishes_them(story: Story) -> None:
    """They hold private links: not into the site, nor among the files that are committed."""
    for folder in ("site", "site/inner", "projects/drafts", "docs"):
        ran = announce(story, "2026-03-13", "-o", folder)
        assert ran.code == 2
        assert "choose another folder with -o" in ran.output
    (story.root / ".gitignore").unlink()
    announce(story, "2026-03-13")
    assert DRAFTS not in git(story.root, "status", "--porcelain")


def test_of_several_links_one_can_be_chosen(story: Story) -> None:
    """The first one stands in the message otherwise, and it says which."""
    other = "boardboardboardboardboardb"
    story.workspace.write(
        f"{HOME}/client.yml",
        f"name: Otter Books\nlinks:\n  everyone: {TOKENS[CLIENT]}\n  board: {other}\n",
    )
    assert "with the link 'everyone' of 2" in announce(story, "2026-03-13").output
    assert LINK in drafted(story)
    assert "with the link 'board' of 2" in announce(story, "2026-03-13", "--link", "board").output
    assert other in drafted(story)
    assert LINK not in drafted(story)
    ran = announce(story, "2026-03-13", "--link", "bord")
    assert ran.code == 1
    assert "has no link 'bord'; write 'board'" in ran.output


def test_a_closed_page_gets_no_message(story: Story) -> None:
    """It would lead nowhere."""
    text = (story.root / HOME / "client.yml").read_text("utf-8")
    story.workspace.write(f"{HOME}/client.yml", f"{text}ends: 2026-03-01\n")
    ran = announce(story, "2026-03-13")
    assert ran.code == 1
    assert "the page of otter-books has been closed since 2026-03-01" in ran.output


def test_the_record_holds_no_link_and_no_text(story: Story) -> None:
    """It stands in the repository for good."""
    announce(story, "2026-03-13")
    announce(story, "2026-03-13", "--sent")
    (name,) = records(story)
    text = (story.root / HOME / "announced" / name).read_text("utf-8")
    assert TOKENS[CLIENT] not in text
    assert "gift cards" not in text
    assert f"on: 2026-03-13\nuntil: {story.commits[-1]}\n" in text
    assert "  - finished shop/gift-cards 2026-03-10\n" in text


# --- What waits ----------------------------------------------------------------------------------


def check(story: Story, day: str) -> str:
    """Say what `check` says on a day."""
    return story.workspace.run("check", "--today", day).output


def test_nobody_who_never_announces_is_told_to(story: Story) -> None:
    """Without a record there is nothing to wait for."""
    story.back_to(7)
    assert "unannounced" not in check(story, "2026-02-20")


def test_check_and_the_overview_say_what_waits(story: Story) -> None:
    """A note at first, a warning where a finished step waits; and nothing once it was told."""
    story.back_to(6)
    sent(story, "2026-02-06")
    assert "unannounced" not in check(story, "2026-02-06")
    story.commit("2026-02-09", {f"{SHOP}/updates/2026-02-09-fonts.md": "Two fonts.\n"})
    said = check(story, "2026-02-09")
    assert "note: not told to the client yet: 1 update [unannounced]" in said
    look = "label: The look is chosen\ndue: 2026-02-13\ndone: 2026-02-10\n"
    story.commit("2026-02-10", {f"{S}20-look.md": step(look, "You chose the green one.")})
    assert "note: not told to the client yet: 1 step finished" in check(story, "2026-02-11")
    said = check(story, "2026-02-12")
    where = f"{S}20-look.md:4:7: warning: not told to the client yet: 1 step finished, 1 update"
    assert where in said
    assert "site-builder announce otter-books, send it, and then the same with --sent" in said
    row = json.loads(
        story.workspace.run("overview", "--today", "2026-02-12", "--format", "json").output
    )[0]
    (reason,) = (each for each in row["attention"] if each["rule"] == "unannounced")
    assert reason["urgency"] == "write"
    assert reason["text"] == (
        "not told yet: 1 step finished and 1 other change: site-builder announce otter-books"
    )
    sent(story, "2026-02-12")
    assert "unannounced" not in check(story, "2026-02-12")


def test_how_late_the_news_was_is_what_the_announcement_says(story: Story) -> None:
    """Not the commit, where news are announced."""
    story.back_to(6)
    sent(story, "2026-02-06")
    look = "label: The look is chosen\ndue: 2026-02-13\ndone: 2026-02-10\n"
    story.commit("2026-02-10", {f"{S}20-look.md": step(look, "You chose the green one.")})
    assert "late-news" not in check(story, "2026-02-13")
    sent(story, "2026-02-13")
    assert "finished on 2026-02-10, told on 2026-02-13: 3 days later" in check(story, "2026-02-13")


# --- What never comes out ------------------------------------------------------------------------


def test_no_draft_no_note_of_the_team_and_no_other_client_stands_in_any_file(story: Story) -> None:
    """Whatever the kind of message."""
    story.workspace.add_client(PINE)
    for number in range(len(story.commits)):
        git(story.root, "checkout", "-q", story.commits[number], "--", "projects")
        for words in (["--since", story.commits[0]], ["--week"], []):
            announce(story, "2026-03-13", *words)
            for name, content in tree(story.root / DRAFTS / CLIENT).items():
                for secret in (SECRET, "team's note", "Pine Bakery", TOKENS[PINE], "internal"):
                    assert secret.encode() not in content, (number, name)


def test_no_project_is_made_where_the_records_stand(story: Story) -> None:
    """The id is taken, and the command says so."""
    ran = story.workspace.run("new", CLIENT, "announced", "--title", "A campaign")
    assert ran.code == 2
    assert "give the project another id" in ran.output


@pytest.mark.parametrize("protection", ["sealed", "passphrase"])
def test_a_sealed_page_gets_the_whole_link_and_never_the_passphrase(
    story: Story, monkeypatch: pytest.MonkeyPatch, protection: str
) -> None:
    """The key stands behind the #; the words are told by another way."""
    words = "velvet-harbour-mango-lantern-pebble-orchid"
    monkeypatch.setenv("SITE_BUILDER_PASSPHRASE_OTTER_BOOKS", words)
    key = "k" * 52
    story.workspace.write(
        f"{HOME}/client.yml",
        f"name: Otter Books\nprotection: {protection}\nlinks:\n  everyone: {TOKENS[CLIENT]}#{key}\n",
    )
    ran = announce(story, "2026-03-13")
    assert ran.code == 0, ran.output
    assert key not in ran.output
    for name, content in tree(story.root / DRAFTS / CLIENT).items():
        text = content.decode()
        assert words not in text
        if name in {"message.txt", "chat.txt", "slack.json", "teams.json", "webhook.json"}:
            assert f"{LINK}#{key}" in text
        elif name == "record.yml":
            assert key not in text
    announce(story, "2026-03-13", "--sent")
    (record,) = records(story)
    assert key not in (story.root / HOME / "announced" / record).read_text("utf-8")


# --- What may not be told ------------------------------------------------------------------------

WORDS = "velvet harbour mango lantern pebble orchid"


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (f"Open it with {WORDS}.", "published-key"),
        ("Tamarind Clinic wanted the same.", "other-client"),
        ("It is called Bluebird.", "forbidden-word"),
        (f"It stands at /c/{TOKENS[PINE]}/.", "other-link"),
    ],
)
def test_what_no_page_may_say_stands_in_no_message_either(
    story: Story, monkeypatch: pytest.MonkeyPatch, said: str, rule: str
) -> None:
    """The passphrase beside the link, another client, forbidden words: nothing is drafted."""
    monkeypatch.setenv("SITE_BUILDER_PASSPHRASE_OTTER_BOOKS", WORDS)
    settings = (story.root / "mkdocs.yml").read_text("utf-8")
    story.workspace.write("mkdocs.yml", f"{settings}    forbidden: [Bluebird]\n")
    story.workspace.write(
        f"{HOME}/client.yml",
        f"name: Otter Books\nprotection: passphrase\nlinks:\n  everyone: {TOKENS[CLIENT]}#{'k' * 52}\n",
    )
    story.workspace.write(
        f"projects/{PINE}/client.yml",
        f"name: Tamarind Clinic\nlinks:\n  everyone: {TOKENS[PINE]}\n",
    )
    story.workspace.write(
        f"projects/{PINE}/site/project.yml", "title: A site\nstarts: 2026-03-10\n"
    )
    update = f"{SHOP}/updates/2026-03-13-news.md"
    story.workspace.write(update, f"The shop is filled.\n\n{said}\n")
    ran = announce(story, "2026-03-13")
    assert ran.code == 1, ran.output
    assert f"[{rule}]" in ran.output
    assert said not in ran.output
    assert f"{CLIENT}: nothing is drafted" in ran.output
    assert not (story.root / DRAFTS / CLIENT).exists()
    others = story.workspace.run("announce", "--all", "--today", "2026-03-13")
    assert others.code == 3, others.output
    assert (story.root / DRAFTS / PINE / "message.txt").is_file()
    story.workspace.write(update, "The shop is filled.\n")
    ran = announce(story, "2026-03-13")
    assert ran.code == 0, ran.output
    assert "The shop is filled." in drafted(story)
