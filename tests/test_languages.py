"""Pages in every language: each word of ours from its catalogue, and what a workspace adds."""

from __future__ import annotations

import datetime
import html
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from babel import Locale

from site_builder.language import DATE_PATTERNS, HEADINGS, load_language
from site_builder.language.catalogue import OURS, is_pattern, messages, our_words, refusal
from site_builder.language.compiled import compiled
from site_builder.model.fields import LANGUAGES
from site_builder.pages.overview import overview_view
from site_builder.roadmap import draw
from tests.make import TODAY as THE_DAY
from tests.make import project, road
from tests.workspace import (
    HERON,
    OTTER,
    PINE,
    ROOT,
    TODAY,
    TOKENS,
    WORKSPACES,
    Workspace,
    copy_workspace,
    small_workspace,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Authors who write Cyrillic only: every word in other letters is ours.
AGENCY = """\
site_name: Сад
extra:
  agency:
    name: Сад
    language: {code}
    contact: {{name: Мая, email: maya@northlight.example, phone: "+44 20 7946 0123"}}
"""
CLIENT = "name: Поле\nlinks: {{everyone: {token}}}\n"
SHOP = """\
title: Лавка
starts: 2026-01-05
updates: {every: week, on: Monday}
team: [{name: Мая, role: ведёт}]
outcomes:
  sales: {text: Читатели покупают, unit: заказов, start: 1200, start_on: 2026-01-05, now: 1500, as_of: 2026-02-28, goal: 2000}
  trust: Читатели верят
scope:
  agreed: 2026-01-05
  items: [Витрина]
  changes:
    - {on: 2026-02-03, kind: in, what: Склад, why: Нужно, effect: Ничего}
    - {on: 2026-02-04, kind: out, what: Музыка, why: Шумно, effect: Ничего}
    - {on: 2026-02-05, kind: declined, what: Игры, why: Рано, effect: Ничего}
milestones:
  - {id: goals, label: Цели, weight: 1, due: 2026-01-10, done: 2026-01-12, outcome: [sales, trust], happened: Да, matters: Да, next: Да, approved: {by: Мая, on: 2026-01-12}, files: [{title: Лист, file: files/list.pdf}]}
  - {id: photos, label: Снимки, weight: 1, skipped: {on: 2026-02-03, why: Есть}}
  - {id: look, label: Облик, weight: 1, due: 2026-02-20, done: 2026-02-27, outcome: sales, happened: "- [x] Да\\n- [ ] Нет", matters: Да, next: Да}
  - id: texts
    label: Тексты
    weight: 1
    state: waiting
    now: читаем
    due: 2026-03-06
    outcome: sales
    matters: Да
    next: Да
    needs:
      - {ask: Прочтите, asked: 2026-03-02, by: 2026-03-06, takes: час, link: "https://docs.example/t"}
      - {ask: Пришлите, asked: 2026-02-20, by: 2026-02-27, received: 2026-02-26}
  - {id: trial, label: Проба, weight: 1, state: doing, now: строим, due: 2026-03-20, outcome: sales, matters: Да, next: Да, at_risk: {why: Снег, decision_on: 2026-03-09}}
  - {id: booking, label: Заказы, weight: 1, due: 2026-04-10, outcome: sales, matters: Да, moved: [{from: 2026-03-27, on: 2026-02-24, why: Лёд, effect: Ничего}]}
  - {id: open, label: Открытие, weight: 1, due: 2026-04-24, outcome: [sales, trust], matters: Да}
"""
CARE = """\
title: Уход
starts: 2025-04-01
ongoing: true
milestones:
  - {id: spring, label: Весна, due: 2025-05-01, done: 2025-05-01, happened: Да, matters: Да, next: Да}
  - {id: winter, label: Зима, due: 2026-02-01, done: 2026-02-01, happened: Да, matters: Да, next: Да}
  - {id: summer, label: Лето, due: 2026-04-01, matters: Да}
"""
HOLD = SHOP.replace("starts: 2026-01-05", "starts: 2026-01-06\npauses: [{from: 2026-03-01, why: Ремонт, decision_on: 2026-05-29}]", 1)  # fmt: skip
DONE = """\
title: Знак
starts: 2026-01-05
milestones:
  - {id: sign, label: Знак, due: 2026-01-20, done: 2026-02-20, happened: Да, matters: Да, next: Да, moved: [{from: 2026-01-10, on: 2026-01-08, why: Лёд}]}
"""
SOON = """\
title: Сад
starts: 2027-01-04
milestones:
  - {id: plan, label: План, state: waiting, now: ждём, due: 2027-01-11, matters: Да, next: Да, needs: [{ask: Прочтите, asked: 2026-02-20, by: 2027-01-04}]}
  - {id: trees, label: Деревья, matters: Да}
"""
PROJECTS = {"shop": SHOP, "care": CARE, "hold": HOLD, "sign": DONE, "soon": SOON}
CLIENTS = {OTTER: ["shop"], PINE: ["soon"], HERON: [*PROJECTS]}
DAYS = ("2026-03-02", "2026-04-30")
"""In the middle, and when everything is late."""
FOREIGN = {"pdf"}
"""Words on pages that no language translates."""
EQUAL = {
    ("nl", "{number} project: {list}"),
    ("nl", "was {date}"),
    ("nl", "Week {number}"),
    ("nl", "Open:"),
}
"""Words that are the same in English."""
OTHERS = [code for code in LANGUAGES if code != "en"]
PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'

every_other = pytest.mark.parametrize("code", OTHERS)
every = pytest.mark.parametrize("code", LANGUAGES)


def words_in(text: str) -> set[str]:
    """List the words of a text that no author of these pages wrote."""
    plain = re.sub(r"\S+@\S+|\{\w+\}", " ", text.replace("\u00ad", ""))
    found = {word.casefold() for word in re.findall(r"[^\W\d_]+", plain)}
    return {word for word in found if not re.search("[\u0400-\u04ff]", word)}


def spoken(page: str) -> str:
    """Take the tags out of a page; what people hear or see of attributes stays."""
    heard = r'(?:aria-label|alt|title|property="og:\w+" content)="([^"]*)"'
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *re.findall(heard, page)]))


def own_words(code: str) -> Iterator[str]:
    """List every word that a catalogue has, with the names of days and months."""
    language = load_language(code)
    texts = (
        [form for english in messages() for form in english]
        if code == "en"
        else [form for entry in our_words(code).entries for form in entry.words]
    )
    yield from words_in(" ".join(texts))
    year = [datetime.date(2026, 1, 1) + datetime.timedelta(number) for number in range(365)]
    yield from words_in(
        " ".join(language.date(day, style) for day in year for style in DATE_PATTERNS)
    )


@every
@pytest.mark.parametrize("today", DAYS)
def test_every_word_of_ours_is_of_the_pages_language(code: str, today: str, tmp_path: Path) -> None:
    """Pages of authors who write other letters hold no word that is not in the catalogue."""
    workspace = Workspace(tmp_path)
    workspace.write("mkdocs.yml", AGENCY.format(code=code))
    for client, projects in CLIENTS.items():
        folder = f"projects/{client}"
        workspace.write(f"{folder}/client.yml", CLIENT.format(token=TOKENS[client]))
        for name in projects:
            workspace.write(f"{folder}/{name}/project.yml", PROJECTS[name])
            workspace.write(f"{folder}/{name}/files/list.pdf", b"%PDF-1.4\n")
            workspace.write(f"{folder}/{name}/updates/2026-02-17-news.md", "Три\n\nДа\n")
    ran = workspace.build(today=today)
    assert ran.code == 0, ran.output
    pages = [path.read_text("utf-8") for path in sorted(workspace.site.rglob("*.html"))]
    assert all(f'<html lang="{code}"' in page for page in pages)
    found = words_in(" ".join(map(spoken, pages)))
    ours = {*own_words(code)} | FOREIGN
    # Hebrew writes some of its words as the first letter of the next.
    assert {word for word in found - ours if word[0] not in ours or word[1:] not in ours} == set()
    assert len(found) > 100


@every_other
def test_our_catalogues_are_complete(code: str) -> None:
    """Each string of ours has words in each language, and no catalogue says more."""
    entries = our_words(code).entries
    assert {entry.english for entry in entries} == messages()
    assert [entry.english[0] for entry in entries if not entry.words] == []


@every_other
def test_each_place_of_a_sentence_stands_in_its_translation(code: str) -> None:
    """{date} is {date} everywhere; a date has the same parts; every number can be said."""
    words = our_words(code)
    found = {entry.english[0]: refusal(entry, words.form) for entry in words.entries}
    assert {english: reason for english, reason in found.items() if reason} == {}


@every_other
def test_no_translation_is_english(code: str) -> None:
    """But for the few words that are the same in both."""
    equal = {
        (code, entry.english[0])
        for entry in our_words(code).entries
        if entry.english[0] in entry.words
        and not is_pattern(entry.english[0])
        and words_in(entry.english[0])
    }
    assert equal <= EQUAL


@every_other
def test_plurals_follow_the_rules_of_the_language(code: str) -> None:
    """Every number has its form, and the header says what CLDR says."""
    words = our_words(code)
    rule = Locale.parse(code).plural_form
    counted = [entry for entry in words.entries if len(entry.english) > 1]
    assert counted
    forms = {len(entry.words) for entry in counted}
    assert forms == {1 + max(map(words.form, range(200)))}
    for category in ("one", "two", "few"):
        numbers = [number for number in range(1, 200) if rule(number) == category]
        assert len({words.form(number) for number in numbers}) <= 1, category


def test_every_language_that_is_offered_has_its_file() -> None:
    """And no other file stands there."""
    assert {path.stem for path in OURS.glob("*.po")} == {*OTHERS}


@pytest.mark.parametrize(
    ("code", "direction"), [*((code, "rtl") for code in ("ar", "he")), ("pl", "ltr")]
)
def test_a_page_is_read_in_the_direction_of_its_language(code: str, direction: str) -> None:
    """The page's `dir` comes from here."""
    assert load_language(code).direction == direction


MONDAY = datetime.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("code", "full", "short", "month"),
    [
        ("de", "Montag, 2. März 2026", "2. März", "März 2026"),
        ("nl", "maandag 2 maart 2026", "2 mrt", "maart 2026"),
        ("da", "mandag den 2. marts 2026", "2. mar.", "marts 2026"),
        ("fr", "lundi 2 mars 2026", "2 mars", "mars 2026"),
        ("es", "lunes 2 de marzo de 2026", "2 mar", "marzo de 2026"),
        ("it", "lunedì 2 marzo 2026", "2 mar", "marzo 2026"),
        ("pt", "segunda-feira, 2 de março de 2026", "2 de mar.", "março de 2026"),
        ("pl", "poniedziałek, 2 marca 2026", "2 mar", "marzec 2026"),
        ("ar", "الاثنين 2 مارس 2026", "2 مارس", "مارس 2026"),
        ("he", "יום שני, 2 במרץ 2026", "2 במרץ", "מרץ 2026"),
    ],
)
def test_dates_are_written_as_the_language_orders_them(
    code: str, full: str, short: str, month: str
) -> None:
    """Weekday, day and month agree; Polish months change where they stand alone; Western digits."""
    language = load_language(code)
    written = [language.date(MONDAY, style) for style in ("full", "short", "month")]
    assert [text.replace("\u00a0", " ") for text in written] == [full, short, month]


@pytest.mark.parametrize(
    ("style", "first", "second"),
    [
        ("full", "mardi 1er décembre 2026", "mercredi 2 décembre 2026"),
        ("day", "mardi 1er décembre", "mercredi 2 décembre"),
        ("long", "1er décembre 2026", "2 décembre 2026"),
        ("plain", "1er décembre", "2 décembre"),
        ("short", "1er déc.", "2 déc."),
        ("month", "décembre 2026", "décembre 2026"),
        ("short-month", "déc. 2026", "déc. 2026"),
    ],
)
def test_in_french_a_month_begins_on_its_first(style: str, first: str, second: str) -> None:
    """All other days are plain numbers."""
    french = load_language("fr")
    days = (datetime.date(2026, 12, 1), datetime.date(2026, 12, 2))
    written = [french.date(day, style).replace("\u00a0", " ") for day in days]
    assert written == [first, second]
    plain = load_language("it").date(days[0], "full").replace("\u00a0", " ")
    assert plain == "martedì 1 dicembre 2026"


@pytest.mark.parametrize(
    ("code", "states", "headline"),
    [
        ("en", ("done", "done", "done"), "3 projects: all finished"),
        ("pl", ("done", "done"), "2 projekty: wszystkie zakończone"),
        ("pl", ("done", "doing"), "2 projekty: 1 zakończony, 1 zgodnie z planem"),
        ("pl", ("done",) * 5 + ("doing",), "6 projektów: 5 zakończonych, 1 zgodnie z planem"),
        ("fr", ("done", "doing", "doing"), "3 projets : 1 terminé, 2 en bonne voie"),
        ("fr", ("done", "done", "doing"), "3 projets : 2 terminés, 1 en bonne voie"),
        ("da", ("done", "done", "doing"), "3 projekter: 2 færdige, 1 følger planen"),
        ("ar", ("done", "done"), "مشروعان: كلاهما مكتمل"),
        ("ar", ("done", "doing", "doing"), "3 مشاريع: واحد مكتمل، اثنان يسيران حسب الخطة"),
        ("he", ("done", "doing", "doing"), "3 פרויקטים: אחד הושלם, 2 מתקדמים לפי התוכנית"),
    ],
)
def test_projects_are_counted_in_words_that_agree(
    code: str, states: tuple[str, ...], headline: str
) -> None:
    """Number, gender and verb; and no line ends between the number and its word."""
    roadmaps = [
        draw(project(*road(state, "done"), id=f"p{n}"), THE_DAY) for n, state in enumerate(states)
    ]
    said = str(overview_view(load_language(code), roadmaps)["headline"])
    assert said.replace("\u00a0", " ") == headline
    if len(set(states)) > 1:
        assert not re.search(r", \d+ ", said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ar", "التالي: \u2068Oasis Booking (v2)\u2069"),
        ("he", "הבא בתור: \u2068Oasis Booking (v2)\u2069"),
        ("de", "Als Nächstes: Oasis Booking (v2)"),
    ],
)
def test_a_name_in_other_letters_is_held_together(code: str, said: str) -> None:
    """No number, bracket or full stop jumps to its other side. Where all run alike, all stays."""
    language = load_language(code)
    assert language.say("Next: {label}", label="Oasis Booking (v2)") == said
    assert (language.soft("3 pages!") != "3 pages!") == (code != "de")
    assert language.soft("الإطلاق (3)") == (
        "\u2068الإطلاق (3)\u2069" if code == "de" else "الإطلاق (3)"
    )
    assert "\u2068" not in language.say("by {date}", date=language.date(MONDAY, "full"))


@pytest.mark.parametrize(
    ("code", "written"),
    [("de", "55\u00a0%"), ("it", "55%"), ("ar", "55%")],
)
def test_percentages_have_the_space_of_the_language(code: str, written: str) -> None:
    """Before the sign, or none."""
    assert load_language(code).percent(55) == written


@pytest.mark.parametrize(
    ("code", "written"),
    [("de", "1.280,5"), ("fr", "1\u202f280,5"), ("da", "1.280,5"), ("ar", "1,280.5")],
)
def test_numbers_have_the_signs_of_the_language(code: str, written: str) -> None:
    """Digits are Western everywhere: beside phone numbers and dates in files, too."""
    assert load_language(code).number(Decimal("1280.5")) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "1 krok"), (2, "2 kroki"), (5, "5 kroków"), (22, "22 kroki"), (25, "25 kroków")],
)
def test_polish_counts_in_three_forms(number: int, written: str) -> None:
    """One, a few, many."""
    said = load_language("pl").plural("{number} step finished", "{number} steps finished", number)
    assert said.startswith(written)


@every
def test_the_headings_of_the_answers_are_read_in_the_language_and_in_english(code: str) -> None:
    """Authors write either."""
    language = load_language(code)
    for answer, heading in HEADINGS.items():
        assert language.heading(heading) == answer
        assert language.heading(f"{language.say(heading)}:") == answer
    assert language.heading(language.say("What is happening now")) == "happened"


@pytest.mark.parametrize(
    ("code", "text", "broken"),
    [
        ("de", "Gemeinschaftspraxis", "Gemein-schafts-praxis"),
        ("de", "Die Behandlungsseitentexte", "Die Behand-lungs-sei-ten-texte"),
        ("nl", "toegankelijkheidsonderzoek", "toegan-ke-lijk-heids-on-der-zoek"),
        ("da", "Brugervenlighed", "Bruger-ven-lighed"),
        ("de", "Kurze Wörter", "Kurze Wörter"),
        ("en", "Internationalisation", "Internationalisation"),
        ("pl", "najprawdopodobniej", "najprawdopodobniej"),
    ],
)
def test_long_words_may_break_where_the_language_breaks_them(
    code: str, text: str, broken: str
) -> None:
    """In German, Dutch and Danish, which write several words as one."""
    assert load_language(code).soft(text).replace("\u00ad", "-") == broken


def test_soft_hyphens_stand_in_labels_and_nowhere_else(tmp_path: Path) -> None:
    """Never in a title, an address, an id, an attribute or the data."""
    workspace = copy_workspace(WORKSPACES / "german", tmp_path / "agency")
    assert workspace.build(today=TODAY).code == 0
    pages = [path.read_text("utf-8") for path in workspace.site.rglob("*.html")]
    assert any("Online\u00adter\u00admin" in page for page in pages)
    for page in pages:
        outside = " ".join(
            [*re.findall(r"<title>.*?</title>", page), *re.findall(r"<[^>]*>", page)]
        )
        assert "\u00ad" not in outside
    for path in workspace.site.rglob("*.json"):
        assert "\u00ad" not in path.read_text("utf-8")


def test_what_was_compiled_is_read_again_until_its_source_changes(tmp_path: Path) -> None:
    """A damaged file is made anew; a folder that takes no files is no problem."""
    made = iter("abc")
    assert compiled("x", "1", lambda: next(made), tmp_path) == "a"
    assert compiled("x", "1", lambda: next(made), tmp_path) == "a"
    assert compiled("x", "2", lambda: next(made), tmp_path) == "b"
    (tmp_path / "x.pickle").write_bytes(b"\x80")
    assert compiled("x", "2", lambda: next(made), tmp_path) == "c"
    assert compiled("x", "2", lambda: "d", tmp_path / "x.pickle" / "nowhere") == "d"


# --- What a workspace says in its own words ------------------------------------------------------


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace of one short client."""
    return small_workspace(tmp_path, OTTER)


def speak(workspace: Workspace, code: str) -> None:
    """Let the client's page be in a language."""
    workspace.edit(f"projects/{OTTER}/client.yml", "name:", f"language: {code}\nname:")


def test_a_workspace_may_change_a_word(workspace: Workspace) -> None:
    """A file with one string changes one string; all others stay ours. In English, too."""
    for code in ("de", "en"):
        workspace.write(f"theme/locale/{code}.po", PO + '\nmsgid "Questions?"\nmsgstr "Hurra?"\n')
    assert workspace.build().code == 0
    assert "Hurra" in workspace.page(OTTER)
    speak(workspace, "de")
    ran = workspace.build()
    assert ran.code == 0, ran.output
    assert "Hurra" in workspace.page(OTTER)
    assert "Warum das wichtig ist" in workspace.page(OTTER)


def test_a_word_that_changes_is_on_the_page_after_the_next_build(workspace: Workspace) -> None:
    """The cache knows the words."""
    workspace.write("theme/locale/en.po", PO + '\nmsgid "Questions?"\nmsgstr "Hurra?"\n')
    workspace.build()
    workspace.write("theme/locale/en.po", PO + '\nmsgid "Questions?"\nmsgstr "Hooray?"\n')
    workspace.build()
    assert "Hooray" in workspace.page(OTTER)


def whole_catalogue() -> str:
    """Write a catalogue that has words for everything: the English ones, turned around."""

    def turned(text: str) -> str:
        return re.sub(r"(?<!{)\b[a-zA-Z]+\b(?!})", lambda match: match.group()[::-1], text)

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    parts = [PO]
    for english in sorted(messages()):
        said = english[0] if is_pattern(english[0]) else None
        if len(english) > 1:
            parts.append(f"msgid {quoted(english[0])}\nmsgid_plural {quoted(english[1])}")
            parts += [f"msgstr[{form}] {quoted(turned(text))}" for form, text in enumerate(english)]
        else:
            parts.append(f"msgid {quoted(english[0])}\nmsgstr {quoted(said or turned(english[0]))}")
        parts.append("")
    return "\n".join(parts)


def test_a_workspace_may_add_a_language(workspace: Workspace) -> None:
    """With all strings in its file; dates come with the language."""
    workspace.write("theme/locale/sv.po", whole_catalogue())
    speak(workspace, "sv")
    ran = workspace.build()
    assert ran.code == 0, ran.output
    page = workspace.page(OTTER)
    assert '<html lang="sv" dir="ltr">' in page
    assert "april 2026" in page
    assert "snoitseuQ?" in page


def test_a_kind_of_a_language_starts_from_the_language(workspace: Workspace) -> None:
    """Austrian German needs only what differs."""
    workspace.write("theme/locale/de-AT.po", PO + '\nmsgid "Questions?"\nmsgstr "Noch etwas?"\n')
    speak(workspace, "de-AT")
    assert workspace.build().code == 0
    page = workspace.page(OTTER)
    assert '<html lang="de-AT"' in page
    assert "Noch etwas?" in page
    assert "Warum das wichtig ist" in page


def test_a_string_without_words_stops_the_client_and_is_named(workspace: Workspace) -> None:
    """The page that was there stays."""
    workspace.build()
    before = workspace.page(OTTER)
    removed = whole_catalogue().replace('msgid "Done"\nmsgstr "enoD"\n', "")
    workspace.write("theme/locale/sv.po", removed)
    speak(workspace, "sv")
    ran = workspace.build()
    assert ran.code == 3
    assert "theme/locale/sv.po:1:1: 'Done' has no words in 'sv' [missing-string]" in ran.output
    assert workspace.page(OTTER) == before


def test_a_string_of_an_own_template_needs_words_too(workspace: Workspace) -> None:
    """It is found when the page is drawn, and named; English needs none."""
    theirs = (ROOT / "theme" / "logo.html").read_text("utf-8") + "{{ _('Made with care') }}"
    workspace.write("theme/logo.html", theirs)
    assert workspace.build().code == 0
    speak(workspace, "de")
    ran = workspace.build()
    assert ran.code == 3
    assert "'Made with care' has no words in 'de' [missing-string]" in ran.output
    said = '\nmsgid "Made with care"\nmsgstr "Mit Sorgfalt gemacht"\n'
    workspace.write("theme/locale/de.po", PO + said)
    ran = workspace.build()
    assert ran.code == 0, ran.output
    assert "Mit Sorgfalt gemacht" in workspace.page(OTTER)


def test_a_neutral_page_without_words_is_a_problem_and_no_bug(workspace: Workspace) -> None:
    """A page that belongs to nobody is in the agency's language; clients' pages stay whole."""
    workspace.build()
    before = tree(workspace.site)
    workspace.edit("mkdocs.yml", "    name:", "    language: de\n    name:")
    workspace.write("theme/shell.html", "<p>{{ _('Made with care') }}</p>\n")
    ran = workspace.build()
    assert ran.code == 1
    assert "'Made with care' has no words in 'de' [missing-string]" in ran.output
    assert "Traceback" not in ran.output
    assert tree(workspace.site)["index.html"] == before["index.html"]
