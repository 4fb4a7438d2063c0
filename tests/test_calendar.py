"""The calendar beside a client's page: which days it holds, and what programs make of it."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.calendar import calendar
from site_builder.language import load_language
from site_builder.model.fields import LANGUAGES
from site_builder.model.following import CalendarEntry, stable_id
from site_builder.model.parts import Cadence
from site_builder.pages.dates import dates
from site_builder.roadmap import draw
from tests.make import TODAY, client, day, days, milestone, move, need, pause, project, projects
from tests.workspace import OTTER, PINE, TOKENS, Workspace

if TYPE_CHECKING:
    from site_builder.model.project import Project

ENGLISH = load_language("en")
ICAL2HTML = shutil.which("ical2html")
WEEKLY = Cadence(every="week", on="Friday")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
BASE = "https://progress.northlight.example"
DONE = """\
## What comes next
Until 1 June we mend what you find.

## What just happened
Your shop is open.

## Why"""
STEP = "projects/otter-books/shop/milestones/02-open.md"


def entries_of(*made: Project, today: datetime.date = TODAY) -> tuple[CalendarEntry, ...]:
    return dates(client(*made), ENGLISH, [draw(one, today) for one in made])


def titles(*milestones: Any, **changes: Any) -> list[str]:
    return [
        f"{entry.on:%m-%d} {entry.title}" for entry in entries_of(project(*milestones, **changes))
    ]


def read(content: bytes) -> list[Any]:
    """Read the events as a calendar program does."""
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


FIRST = "01-05 First day: Your new website"


@pytest.mark.parametrize(
    ("milestones", "changes", "expected"),
    [
        ((), {}, []),
        (
            (milestone("a", due=day("03-20")), milestone("b", due=day("04-24"))),
            {},
            ["03-20 Planned: A \u00b7 Your new website", "04-24 Launch: B \u00b7 Your new website"],
        ),
        (
            (milestone("a", due=day("04-24")),),
            {"finish": ""},
            ["04-24 Last step: A \u00b7 Your new website"],
        ),
        (
            (milestone("a", due=day("04-24")), milestone("b")),
            {},
            ["04-24 Planned: A \u00b7 Your new website"],
        ),
        # Finished and left out: nothing is to come.
        (
            (
                milestone("a", "done", due=day("02-20")),
                milestone("b", "skipped", due=day("03-20")),
                milestone("c"),
            ),
            {},
            [],
        ),
        # An open step keeps the date that has passed: it is the one that was promised.
        (
            (milestone("a", "doing", due=day("02-20")), milestone("b")),
            {},
            ["02-20 Planned: A \u00b7 Your new website"],
        ),
        # The end stays when it has come.
        (
            (milestone("a", "done"), milestone("b", "done", due=day("02-27"), done=day("03-01"))),
            {"updates": WEEKLY},
            ["03-01 Launch: B \u00b7 Your new website"],
        ),
        # Without an end there is none.
        (
            (milestone("a", due=day("03-20")),),
            {"is_ongoing": True},
            ["03-20 Planned: A \u00b7 Your new website"],
        ),
        # While it rests without an end, no date holds; that of the decision does.
        (
            (milestone("a", "doing", due=day("03-20")),),
            {"pauses": (pause("2026-02-27", decision_on="2026-03-30"),)},
            ["03-30 Next update: Your new website"],
        ),
        ((milestone("a", "doing", due=day("03-20")),), {"pauses": (pause("2026-02-27"),)}, []),
        (
            (milestone("a", "doing", due=day("03-20")),),
            {"pauses": (pause("2026-02-27", "2026-03-10"),)},
            ["03-20 Launch: A \u00b7 Your new website"],
        ),
        # What the client is asked for, while it is open and has a day.
        (
            (
                milestone(
                    "a",
                    "waiting",
                    needs=(
                        need(by="2026-03-06"),
                        need(ask="Send the logo"),
                        need(ask="Choose", by="2026-03-04", received="2026-03-02"),
                    ),
                ),
            ),
            {},
            ["03-06 Your turn: Approve the texts \u00b7 Your new website"],
        ),
        ((milestone("a", "doing"),), {"updates": WEEKLY}, ["01-09 Next update: Your new website"]),
        # What is not published is not in the calendar of a preview either.
        (
            (
                milestone("a", due=day("03-20"), is_draft=True, needs=(need(by="2026-03-06"),)),
                milestone("b", due=day("03-27"), publish_on=day("03-10")),
                milestone("c"),
            ),
            {},
            [],
        ),
    ],
)
def test_the_calendar_holds_what_is_ahead(
    milestones: Any, changes: dict[str, Any], expected: list[str]
) -> None:
    """Open steps, requests, the next update and the end; and always the first day."""
    assert titles(*milestones, **changes) == [FIRST, *expected]


def test_an_entry_says_what_the_page_says_of_the_day() -> None:
    """Why a date moved and what that changes; how long a thing takes, and what it protects."""
    moved = move("2026-03-27", "2026-02-24")
    wanted = need(by="2026-03-06", takes="about 40 minutes", protects="Launch stays on 24 April")
    steps = (
        milestone("a", "waiting", needs=(wanted,)),
        milestone("b", due=day("04-10"), moved=(moved,)),
    )
    texts = [entry.text for entry in entries_of(project(*steps)) if entry.text]
    assert texts == [
        "Takes about 40 minutes. Launch stays on 24 April.",
        "It was Friday 27\u00a0March 2026. The calendar company delivers later.",
    ]


def _ids(made: Project, today: datetime.date = TODAY) -> dict[str, tuple[datetime.date, int]]:
    return {entry.id: (entry.on, entry.moves) for entry in entries_of(made, today=today)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            milestone("a", due=day("03-27")),
            milestone("a", due=day("04-10"), moved=(move("2026-03-27", "2026-02-24"),)),
        ),
        # A date can move forward, too.
        (
            milestone("a", due=day("04-10"), moved=(move("2026-03-27", "2026-02-24"),)),
            milestone(
                "a",
                due=day("04-03"),
                moved=(move("2026-03-27", "2026-02-24"), move("2026-04-10", "2026-03-01")),
            ),
        ),
        (
            milestone("a", due=day("02-27")),
            milestone("a", "done", due=day("02-27"), done=day("03-01")),
        ),
        (
            milestone("a", "doing", needs=(need(by="2026-03-06"),)),
            milestone("a", "doing", needs=(need(ask="Approve them", by="2026-03-13"),)),
        ),
    ],
)
def test_a_date_that_moves_keeps_its_id_and_has_a_higher_number(before: Any, after: Any) -> None:
    """Programs then move the entry, and add none."""
    old, new = _ids(project(before)), _ids(project(after))
    assert old.keys() == new.keys()
    changed = [identity for identity, (on, _) in old.items() if new[identity][0] != on]
    assert len(changed) == 1
    assert new[changed[0]][1] > old[changed[0]][1]


def test_the_next_update_is_one_entry_that_moves_on() -> None:
    """A week later it is the same entry, a week later."""
    step = milestone("a", "doing", needs=(need(asked="2026-03-09"),))
    old = _ids(project(milestone("a", "doing"), updates=WEEKLY))
    new = _ids(project(step, updates=WEEKLY), day("03-09"))
    (changed,) = [identity for identity in old if old[identity] != new[identity]]
    assert old[changed] == (day("01-09"), 4)
    assert new[changed] == (day("03-13"), 67)


@given(projects(), days)
def test_each_entry_has_an_id_of_its_own(made: Project, today: datetime.date) -> None:
    """Whatever the project, on whatever day; and the first day is always there."""
    entries = entries_of(made, today=today)
    assert len({entry.id for entry in entries}) == len(entries)
    assert made.starts in {entry.on for entry in entries}
    assert all(re.fullmatch(UUID, entry.id) and entry.moves >= 0 for entry in entries)


def test_ids_come_from_names_alone() -> None:
    """The same names give the same id for ever: programs know entries by it."""
    assert stable_id("larkfield-vets", "website", "step", "launch") == stable_id(
        "larkfield-vets", "website", "step", "launch"
    )
    assert stable_id("a", "bc") != stable_id("ab", "c")
    assert stable_id("larkfield-vets", "website", "start") == "81298569-f483-8c2a-a287-447c2e2bd3f0"


def _entry(**changes: Any) -> CalendarEntry:
    known = {
        "id": stable_id("a"),
        "on": TODAY,
        "title": "Planned: A",
        "text": "",
        "moves": 0,
        "updated": TODAY,
        "way": "website/a/",
    }
    return CalendarEntry(**{**known, **changes})


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)


@given(texts.filter(str.strip), texts)
def test_every_text_comes_back_as_it_was_written(title: str, text: str) -> None:
    """Commas, semicolons, backslashes and what looks like a property of its own."""
    content = calendar([_entry(title=title, text=text)], name=title)
    (event,) = read(content)
    assert event["SUMMARY"] == title
    assert event.get("DESCRIPTION", "") == text
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_a_calendar_says_who_made_it_without_naming_a_tool() -> None:
    """All-day entries that keep the day free, dated by the news and not by the clock."""
    content = calendar([_entry(moves=2)], name="Progress", address=f"{BASE}/c/token/").decode()
    assert content.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Progress//Dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Progress",
        "X-WR-CALNAME:Progress",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        "BEGIN:VEVENT",
        "SUMMARY:Planned: A",
        "DTSTART;VALUE=DATE:20260302",
        "DTEND;VALUE=DATE:20260303",
        "DTSTAMP:20260302T000000Z",
        f"UID:{stable_id('a')}",
        "SEQUENCE:2",
        "TRANSP:TRANSPARENT",
        f"URL:{BASE}/c/token/website/a/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


# --- In a site ---


def _calendar(workspace: Workspace, name: str = OTTER) -> bytes:
    return (workspace.client_dir(name) / "calendar.ics").read_bytes()


def test_moving_a_date_with_the_command_moves_the_entry(workspace: Workspace) -> None:
    """`site-builder move`, `build`: one entry has another day and a higher number, none is new."""
    assert workspace.build().code == 0
    before = {event["UID"]: event for event in read(_calendar(workspace))}
    ran = workspace.run(
        *("move", f"{OTTER}/shop/open", "2026-05-08", "--why", "Your printer delivers later"),
        *("--today", "2026-03-03"),
    )
    assert ran.code == 0, ran.output
    assert workspace.build(today="2026-03-03").code == 0
    after = {event["UID"]: event for event in read(_calendar(workspace))}
    assert before.keys() == after.keys()
    moved = [uid for uid in before if before[uid]["DTSTART"].dt != after[uid]["DTSTART"].dt]
    assert {after[uid]["SUMMARY"].split(":")[0] for uid in moved} <= {"Last step", "Next update"}
    (end,) = [uid for uid in moved if after[uid]["SUMMARY"].startswith("Last step")]
    assert after[end]["DTSTART"].dt == day("05-08")
    assert (before[end]["SEQUENCE"], after[end]["SEQUENCE"]) == (0, 1)
    assert after[end]["DTSTAMP"].dt == datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC)


def test_the_same_build_gives_the_same_calendar(workspace: Workspace) -> None:
    """Twice, and with nothing remembered in between."""
    assert workspace.build().code == 0
    first = _calendar(workspace)
    assert workspace.build("--no-cache").code == 0
    assert _calendar(workspace) == first


def test_no_address_stands_in_a_calendar_unless_the_agency_says_where_the_site_is(
    workspace: Workspace,
) -> None:
    """With `base_url` each link's calendar leads to that link's own pages."""
    second = "secondsecondsecondsecondse"
    workspace.edit(
        f"projects/{OTTER}/client.yml",
        f"  everyone: {TOKENS[OTTER]}\n",
        f"  everyone: {TOKENS[OTTER]}\n  board: {second}\n",
    )
    assert workspace.build().code == 0
    assert b"URL" not in _calendar(workspace)
    workspace.edit("mkdocs.yml", "    rhythm:", f"    base_url: {BASE}/\n    rhythm:")
    assert workspace.build().code == 0
    for token in (TOKENS[OTTER], second):
        content = (workspace.site / "c" / token / "calendar.ics").read_bytes()
        found = {str(event["URL"]) for event in read(content)}
        assert f"{BASE}/c/{token}/shop/open/" in found
        assert all(url.startswith(f"{BASE}/c/{token}/shop/") for url in found)
    both = [
        (workspace.site / "c" / token / "calendar.ics").read_bytes()
        for token in (TOKENS[OTTER], second)
    ]
    ids = [{event["UID"] for event in read(content)} for content in both]
    assert ids[0] == ids[1]


def test_the_page_offers_the_dates_while_there_are_some_ahead(workspace: Workspace) -> None:
    """From each address of the project's page, in plain words; no longer when all has come."""
    assert workspace.build().code == 0
    assert '<a href="calendar.ics" type="text/calendar">' in workspace.page(OTTER)
    assert '<a href="../calendar.ics" type="text/calendar">' in workspace.page(OTTER, "shop")
    workspace.edit(STEP, "due: 2026-04-24\n", "due: 2026-03-02\ndone: 2026-03-02\n")
    workspace.edit(STEP, "## Why", DONE)
    ran = workspace.build(today="2026-03-03")
    assert ran.code == 0, ran.output
    assert "calendar.ics" not in workspace.page(OTTER)
    # Whoever has subscribed still gets a calendar, and in it the end.
    (end,) = [event for event in read(_calendar(workspace)) if "Last step" in event["SUMMARY"]]
    assert end["DTSTART"].dt == day("03-02")


def test_nothing_that_is_hidden_or_another_s_stands_in_a_calendar(workspace: Workspace) -> None:
    """No draft, no note for the team, no word of another client, no token and no host."""
    workspace.edit(
        STEP, "label: The shop is open\n", "label: The shop is open\ninternal: Zanzibar rate\n"
    )
    workspace.write(
        f"projects/{OTTER}/shop/milestones/03-secret.md",
        "---\nlabel: Zanzibar draft\ndue: 2026-05-01\ndraft: true\n---\n## Why it matters\nReaders find Zanzibar.\n",
    )
    workspace.edit(f"projects/{PINE}/client.yml", "Pine Bakery", "Zanzibar Bakery")
    assert workspace.build().code == 0
    content = _calendar(workspace)
    assert b"The shop is open" in content
    for word in (b"Zanzibar", b"Bakery", TOKENS[OTTER].encode(), TOKENS[PINE].encode(), b"pine"):
        assert word not in content.replace(b"\r\n ", b"")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_calendar_speaks_the_client_s_language(code: str, workspace: Workspace) -> None:
    """The words of ours in it are those of the page."""
    workspace.edit("mkdocs.yml", "    rhythm:", f"    language: {code}\n    rhythm:")
    workspace.run("build", "--today", "2026-03-02", OTTER)
    language = load_language(code)
    summaries = {str(event["SUMMARY"]) for event in read(_calendar(workspace))}
    colon = language.say(": ")
    assert f"{language.say('First day')}{colon}Your new shop" in summaries
    assert f"{language.say('Next update')}{colon}Your new shop" in summaries


@pytest.mark.skipif(ICAL2HTML is None, reason="ical2html is not installed: `make browser` does it")
@pytest.mark.parametrize("case", ["samples", "hostile"])
def test_another_program_reads_the_same(case: str, request: pytest.FixtureRequest) -> None:
    """ical2html stands on libical, a reader that knows nothing of the library that wrote it."""
    site = request.getfixturevalue(case).site
    files = sorted(site.glob("c/*/calendar.ics"))
    assert files
    for file in files:
        events = read(file.read_bytes())
        begin = min(event["DTSTART"].dt for event in events)
        ran = subprocess.run(
            [str(ICAL2HTML), f"{begin:%Y%m01}", "P600D", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        page = ran.stdout
        for event in events:
            assert f'title="{event["DTSTART"].dt:%Y%m%d}"' in page
        assert page.count('class="summary"') == len(events)


def test_a_sealed_page_has_no_calendar(workspace: Workspace) -> None:
    """No file, and no link to one; the client beside it keeps its own."""
    key = "k" * 52
    workspace.edit(f"projects/{OTTER}/client.yml", TOKENS[OTTER], f'"{TOKENS[OTTER]}#{key}"')
    workspace.edit(f"projects/{OTTER}/client.yml", "links:", "protection: sealed\nlinks:")
    ran = workspace.build()
    assert ran.code == 0, ran.output
    assert not [name for name in workspace.pages(OTTER) if name.endswith((".ics", ".xml"))]
    assert _calendar(workspace, PINE)
