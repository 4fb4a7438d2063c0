"""The state of a preview: what is built after which save, and what is known of each client."""

from __future__ import annotations

import datetime
import threading
from typing import TYPE_CHECKING

import pytest

from site_builder.model.links import PrivateLink
from site_builder.serve.preview import Preview
from tests.preview import DAY, PATIENCE, preview_of
from tests.workspace import (
    AGENCY,
    CLIENT,
    HERON,
    NAMES,
    OTTER,
    PINE,
    PLANNED,
    TOKENS,
    Workspace,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT_FILE = f"projects/{OTTER}/shop/project.yml"
DONE_FILE = f"projects/{OTTER}/shop/milestones/01-goals-agreed.md"
PLANNED_FILE = f"projects/{OTTER}/shop/milestones/02-open.md"
CLIENT_FILE = f"projects/{OTTER}/client.yml"
OTTERS, PINES = f"/c/{TOKENS[OTTER]}/", f"/c/{TOKENS[PINE]}/"
OTHER_TOKEN = "herring".ljust(26, "a")


@pytest.fixture
def preview(workspace: Workspace) -> Preview:
    """A preview of Otter Books and Pine Bakery, built once."""
    found = preview_of(workspace)
    assert found.refresh().clients == (OTTER, PINE)
    return found


def saved(workspace: Workspace, preview: Preview, *names: str) -> tuple[str, ...]:
    """Tell the preview that files were saved; return whom it built."""
    return preview.refresh([workspace.root / name for name in names]).clients


def shown(preview: Preview, client: str = OTTER) -> str:
    """Read the client's page as the preview has built it."""
    return (preview.site / "c" / TOKENS[client] / "index.html").read_text("utf-8")


def test_a_preview_stays_in_a_folder_of_its_own(workspace: Workspace, preview: Preview) -> None:
    """Nothing reaches site/, and git never sees what is built for a look."""
    assert shown(preview)
    assert not workspace.site.exists()
    assert preview.site.is_relative_to(workspace.root / ".cache")
    assert (workspace.root / ".cache" / ".gitignore").read_text("utf-8") == "*\n"


def test_each_client_is_known_by_name_link_and_headline(preview: Preview) -> None:
    """That is what the start page shows."""
    seen = preview.state.clients[OTTER]
    assert (seen.name, dict(seen.links)) == (
        NAMES[OTTER],
        {"everyone": PrivateLink(TOKENS[OTTER])},
    )
    (project,) = seen.progress["projects"]
    assert project["headline"] == "Next: step 2 of 2, The shop is open"
    assert preview.state.clients_at(f"{OTTERS}shop/") == (seen,)
    assert preview.state.clients_at("/c/") == ()


def test_a_save_builds_only_the_client_concerned(workspace: Workspace, preview: Preview) -> None:
    """The page has the new words; the other client's page is not even loaded anew."""
    before = preview.state
    workspace.edit(PROJECT_FILE, "Your new shop", "Your second shop")
    assert saved(workspace, preview, PROJECT_FILE) == (OTTER,)
    assert "Your second shop" in shown(preview)
    assert preview.state.version_at(OTTERS) > before.version_at(OTTERS)
    assert preview.state.version_at(PINES) == before.version_at(PINES)
    assert preview.state.version_at("/") > before.version_at("/")


def test_a_typo_stops_one_client_until_it_is_mended(workspace: Workspace, preview: Preview) -> None:
    """The problem is known with its lines and the way out; the last page stays on the disk."""
    workspace.edit(DONE_FILE, "done:", "dnoe:")
    assert saved(workspace, preview, DONE_FILE) == (OTTER,)
    seen = preview.state.clients[OTTER]
    assert seen.is_stopped
    (problem,) = seen.errors
    assert problem.place == f"{DONE_FILE}, line 4"
    assert problem.message == "'dnoe' is not a key here"
    assert problem.frame == (
        "  3 \u2502 due: 2026-02-20",
        "  4 \u2502 dnoe: 2026-02-20",
        "    \u2502 ^^^^",
    )
    assert problem.hint == "write 'done'"
    assert not preview.state.clients[PINE].is_stopped
    workspace.edit(DONE_FILE, "dnoe:", "done:")
    saved(workspace, preview, DONE_FILE)
    assert not preview.state.clients[OTTER].problems


@pytest.mark.parametrize("text", ["name: [", "nothing", ""], ids=["no YAML", "no keys", "empty"])
def test_who_has_the_page_open_sees_why_its_link_cannot_be_read(
    workspace: Workspace, preview: Preview, text: str
) -> None:
    """The address of a client.yml that is damaged stays the client's."""
    workspace.write(CLIENT_FILE, text)
    saved(workspace, preview, CLIENT_FILE)
    (seen,) = preview.state.clients_at(OTTERS)
    assert seen.id == OTTER
    assert seen.is_stopped


def test_a_link_that_was_replaced_leads_nowhere(workspace: Workspace, preview: Preview) -> None:
    """As it will be once the site is published."""
    workspace.edit(CLIENT_FILE, TOKENS[OTTER], OTHER_TOKEN)
    saved(workspace, preview, CLIENT_FILE)
    assert preview.state.clients_at(OTTERS) == ()
    assert preview.state.clients_at(f"/c/{OTHER_TOKEN}/")[0].id == OTTER


def test_clients_come_and_go(workspace: Workspace, preview: Preview) -> None:
    """A new folder is a new client; one that is removed is gone."""
    workspace.add_client(HERON)
    assert saved(workspace, preview, f"projects/{HERON}/client.yml") == (HERON,)
    workspace.remove(f"projects/{OTTER}")
    assert saved(workspace, preview, f"projects/{OTTER}") == ()
    assert set(preview.state.clients) == {PINE, HERON}
    assert preview.state.clients_at(OTTERS) == ()


def test_a_link_of_two_clients_concerns_both(workspace: Workspace, preview: Preview) -> None:
    """Neither is shown at it, until one has a link of its own."""
    workspace.edit(CLIENT_FILE, TOKENS[OTTER], TOKENS[PINE])
    assert saved(workspace, preview, CLIENT_FILE) == (OTTER, PINE)
    assert {seen.id for seen in preview.state.clients_at(PINES)} == {OTTER, PINE}
    assert all(seen.is_stopped for seen in preview.state.clients.values())
    workspace.edit(CLIENT_FILE, TOKENS[PINE], TOKENS[OTTER])
    assert saved(workspace, preview, CLIENT_FILE) == (OTTER, PINE)
    assert not any(seen.is_stopped for seen in preview.state.clients.values())


@pytest.mark.parametrize("name", ["mkdocs.yml", "theme/css/more.css", "projects/_offerings/a.yml"])
def test_what_all_share_concerns_all(workspace: Workspace, preview: Preview, name: str) -> None:
    """Settings, theme and offerings."""
    assert saved(workspace, preview, name, PROJECT_FILE) == (OTTER, PINE)


def test_settings_that_cannot_be_read_stop_everybody(
    workspace: Workspace, preview: Preview
) -> None:
    """Until they are mended; what was saved meanwhile is not forgotten."""
    before = preview.state
    workspace.edit("mkdocs.yml", "name: Northlight", "nmae: Northlight")
    found = preview.refresh([workspace.root / "mkdocs.yml"])
    assert found.is_stopped
    assert preview.state.trouble is not None
    assert "write 'name'" in {problem.hint for problem in preview.state.trouble.problems}
    assert preview.state.version_at(OTTERS) != before.version_at(OTTERS)
    workspace.edit(PROJECT_FILE, "Your new shop", "Your second shop")
    assert saved(workspace, preview, PROJECT_FILE) == ()
    workspace.edit("mkdocs.yml", "nmae: Northlight", "name: Northlight")
    assert set(saved(workspace, preview, "mkdocs.yml")) == {OTTER, PINE}
    assert preview.state.clients_at(OTTERS)[0].version == preview.state.version_at(OTTERS)
    assert "Your second shop" in shown(preview)


def test_settings_may_be_away_for_a_moment(workspace: Workspace, preview: Preview) -> None:
    """Some editors take a file away before they write it anew."""
    workspace.remove("mkdocs.yml")
    saved(workspace, preview, "mkdocs.yml")
    assert preview.state.trouble is not None
    assert preview.state.trouble.problems[0].message == "this file is gone"
    workspace.write("mkdocs.yml", AGENCY)
    assert saved(workspace, preview, "mkdocs.yml") == (OTTER, PINE)


def test_a_theme_that_breaks_is_shown_and_forgiven(workspace: Workspace, preview: Preview) -> None:
    """What fails inside keeps its traceback, and the preview lives."""
    workspace.write("theme/project.html", "{{ nothing.of.this }}")
    found = preview.refresh([workspace.root / "theme"])
    assert "UndefinedError" in found.bug
    assert all("UndefinedError" in seen.bug for seen in preview.state.clients.values())
    workspace.write("theme/project.html", "<h1>Changed</h1>")
    saved(workspace, preview, "theme/project.html")
    assert "<h1>Changed</h1>" in shown(preview)
    workspace.remove("theme")
    saved(workspace, preview, "theme")
    assert not any(seen.bug for seen in preview.state.clients.values())
    assert "<h1>Changed</h1>" not in shown(preview)


@pytest.mark.parametrize("key", ["draft: true", "publish_on: 2026-04-01"])
def test_steps_that_are_not_published_are_shown_and_counted(
    workspace: Workspace, preview: Preview, key: str
) -> None:
    """In the preview they are marked; a build beside it leaves them out."""
    name = f"projects/{OTTER}/shop/milestones/03-party.md"
    text = PLANNED.replace("label:", f"{key}\nlabel:").replace("The shop is open", "Grand party")
    text = text.replace("Readers order from home.", "Readers meet you and your authors.")
    workspace.write(name, text)
    saved(workspace, preview, name)
    seen = preview.state.clients[OTTER]
    assert (seen.hidden, seen.problems) == (1, ())
    assert 'data-state="hidden"' in shown(preview)
    assert workspace.build().code == 0
    assert "Grand party" in shown(preview)
    assert "Grand party" not in workspace.page(OTTER)


@pytest.mark.parametrize("key", ["draft: true", "publish_on: 2026-04-01"])
def test_without_drafts_the_pages_are_those_of_a_build(workspace: Workspace, key: str) -> None:
    """Byte for byte, whichever preview ran before; going there and back mixes nothing."""
    text = PLANNED.replace("label:", f"{key}\nlabel:").replace("The shop is open", "Grand party")
    text = text.replace("Readers order from home.", "Readers meet you and your authors.")
    workspace.write(f"projects/{OTTER}/shop/milestones/03-party.md", text)
    assert workspace.build().code == 0
    for drafts in (True, False, True, False):
        preview = preview_of(workspace, drafts=drafts)
        preview.refresh()
        seen = preview.state.clients[OTTER]
        assert (seen.hidden, seen.problems) == (int(drafts), ())
        assert ("Grand party" in shown(preview)) is drafts
        if not drafts:
            assert tree(preview.site / "c") == tree(workspace.site / "c")


def test_without_drafts_a_mistake_is_one_as_in_a_build(workspace: Workspace) -> None:
    """No page that was built with drafts stands in for the one that cannot be built."""
    workspace.edit(PLANNED_FILE, "label:", "draft: true\nlabel:")
    preview_of(workspace).refresh()
    preview = preview_of(workspace, drafts=False)
    preview.refresh()
    (error,) = preview.state.clients[OTTER].errors
    assert error.message == "the last step needs 'What comes next'"
    assert "The shop is open" not in shown(preview)


def test_a_closed_client_hides_no_step(workspace: Workspace, preview: Preview) -> None:
    """Its page shows none at all, so nothing sets it apart from what the client sees."""
    workspace.edit(PLANNED_FILE, "label:", "draft: true\nlabel:")
    workspace.edit(CLIENT_FILE, "links:", f"ends: {DAY}\nlinks:")
    saved(workspace, preview, PLANNED_FILE, CLIENT_FILE)
    assert preview.state.clients[OTTER].hidden == 0


def test_a_hidden_step_hides_no_mistake(workspace: Workspace, preview: Preview) -> None:
    """What is wrong only without it would stop the build: the preview warns of it."""
    workspace.edit(PLANNED_FILE, "label:", "draft: true\nlabel:")
    found = preview.refresh([workspace.root / PLANNED_FILE])
    (warning,) = preview.state.clients[OTTER].warnings
    assert warning.message == "without the hidden steps: the last step needs 'What comes next'"
    assert [problem.message for problem in found.problems] == [warning.message]
    assert workspace.build().code != 0


def test_a_closed_client_shows_its_closed_page(workspace: Workspace, preview: Preview) -> None:
    """As clients see it from the day in `ends` on."""
    workspace.write(
        CLIENT_FILE, CLIENT.format(name="Otter", token=TOKENS[OTTER]) + f"ends: {DAY}\n"
    )
    saved(workspace, preview, CLIENT_FILE)
    assert preview.state.clients[OTTER].is_closed
    assert "This page is closed" in shown(preview)


def test_a_new_day_builds_everybody(workspace: Workspace) -> None:
    """A preview that runs overnight does not show yesterday."""
    today = [DAY]
    preview = Preview(workspace.root / "mkdocs.yml", "here", lambda _: today[0])
    preview.refresh()
    assert saved(workspace, preview) == ()
    today[0] += datetime.timedelta(1)
    assert saved(workspace, preview) == (OTTER, PINE)
    assert preview.state.today == today[0]


def test_a_second_start_knows_everybody_at_once(workspace: Workspace, preview: Preview) -> None:
    """What is unchanged is not built again, and known all the same."""
    page = preview.site / "c" / TOKENS[OTTER] / "index.html"
    before = page.stat().st_ino
    again = preview_of(workspace)
    again.refresh()
    assert page.stat().st_ino == before
    assert again.state.clients[OTTER].links == preview.state.clients[OTTER].links
    assert again.state.clients[OTTER].progress == preview.state.clients[OTTER].progress


def waiting(
    preview: Preview, address: str, known: int | None
) -> Callable[[], tuple[int | None, bool]]:
    """Wait for news in another thread; the result tells them, and whether the thread has ended."""
    found: list[int | None] = []
    thread = threading.Thread(target=lambda: found.append(preview.wait(address, known, PATIENCE)))
    thread.start()

    def result() -> tuple[int | None, bool]:
        thread.join(PATIENCE)
        return found[0], thread.is_alive()

    return result


def test_who_waits_hears_of_the_next_version(workspace: Workspace, preview: Preview) -> None:
    """At once where the page is another one already; at the end where nothing comes any more."""
    known = preview.state.version_at(OTTERS)
    assert preview.wait(OTTERS, None, PATIENCE) == known
    news = waiting(preview, OTTERS, known)
    workspace.edit(PROJECT_FILE, "Your new shop", "Your second shop")
    saved(workspace, preview, PROJECT_FILE)
    assert news() == (preview.state.version_at(OTTERS), False)
    end = waiting(preview, PINES, preview.state.version_at(PINES))
    preview.close()
    assert end() == (None, False)


def test_a_page_that_is_open_is_built_first(workspace: Workspace, preview: Preview) -> None:
    """With a hundred clients, whoever looks at one need not wait for the others."""
    news = waiting(preview, PINES, preview.state.version_at(PINES))
    workspace.edit("mkdocs.yml", "Northlight Studio", "Northlight Works")
    while not preview._open:  # until the other thread waits
        pass
    assert saved(workspace, preview, "mkdocs.yml") == (PINE, OTTER)
    assert news()[0]
