"""Working days: dates written by hand, for two countries, and what holds for all of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.model.parts import Pause
from site_builder.workdays import WorkingDays, _meanings, unknown_country

if TYPE_CHECKING:
    from collections.abc import Sequence

EIGHT = (5, 15, 25, 35, 45, 55, 65, 75)
"""The days of an offering of eight milestones."""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def winter() -> Pause:
    return Pause.model_validate({"from": "2026-12-21", "to": "2027-01-03", "why": "Winter break"})


def test_eight_milestones_in_england_over_easter_and_two_bank_holidays() -> None:
    """Checked by hand with a calendar of 2026."""
    england = WorkingDays(holidays=("GB-ENG",))
    dates = [str(england.add(day("2026-03-02"), days)) for days in EIGHT]
    assert dates == [
        "2026-03-09",  # a Monday, a week after the start
        "2026-03-23",
        "2026-04-08",  # without Good Friday, 3 April, and Easter Monday, 6 April
        "2026-04-22",
        "2026-05-07",  # without the early May bank holiday, 4 May
        "2026-05-21",
        "2026-06-05",  # without the spring bank holiday, 25 May
        "2026-06-19",
    ]


def test_eight_milestones_in_bavaria_over_ascension_whitsun_and_corpus_christi() -> None:
    """Checked by hand with a calendar of 2026."""
    bavaria = WorkingDays(holidays=("DE-BY",))
    dates = [str(bavaria.add(day("2026-04-27"), days)) for days in EIGHT]
    assert dates == [
        "2026-05-05",  # without Labour Day, Friday 1 May
        "2026-05-20",  # without Ascension Day, Thursday 14 May
        "2026-06-05",  # without Whit Monday, 25 May, and Corpus Christi, Thursday 4 June
        "2026-06-19",
        "2026-07-03",
        "2026-07-17",
        "2026-07-31",
        "2026-08-14",
    ]


def test_the_parts_of_a_country_have_their_own_holidays() -> None:
    """Corpus Christi is a holiday in Bavaria, not in Berlin; Easter Monday in England only."""
    assert not WorkingDays(holidays=("DE-BY",)).is_working_day(day("2026-06-04"))
    assert WorkingDays(holidays=("DE-BE",)).is_working_day(day("2026-06-04"))
    assert not WorkingDays(holidays=("GB-ENG",)).is_working_day(day("2026-04-06"))
    assert WorkingDays(holidays=("GB-SCT",)).is_working_day(day("2026-04-06"))


@pytest.mark.parametrize(
    ("start", "first", "second"),
    [
        ("2026-03-02", "2026-03-02", "2026-03-03"),  # a Monday is its own day 0
        ("2026-03-07", "2026-03-09", "2026-03-10"),  # a Saturday
        ("2026-04-03", "2026-04-07", "2026-04-08"),  # Good Friday, and Easter behind it
    ],
)
def test_day_0_is_the_first_working_day_from_the_start_on(
    start: str, first: str, second: str
) -> None:
    """Whoever starts on a day off begins when work does."""
    england = WorkingDays(holidays=("GB-ENG",))
    assert [england.add(day(start), days) for days in (0, 1)] == [day(first), day(second)]


def test_a_pause_counts_for_nothing() -> None:
    """From 14 December, with two weeks off at the turn of the year."""
    studio = WorkingDays(holidays=("GB-ENG",), pauses=(winter(),))
    assert str(studio.add(day("2026-12-14"), 4)) == "2026-12-18"
    assert str(studio.add(day("2026-12-14"), 5)) == "2027-01-04"
    assert studio.between(day("2026-12-18"), day("2027-01-08")) == 5
    assert str(studio.last_before(day("2027-01-04"))) == "2026-12-18"


def test_a_pause_without_an_end_takes_no_days_out() -> None:
    """Nobody knows yet when it is over; dates behind it would be a guess."""
    open_ended = Pause.model_validate({"from": "2026-03-02", "why": "Your board decides."})
    assert WorkingDays(pauses=(open_ended,)).is_working_day(day("2026-03-03"))


def test_days_stand_beside_a_country() -> None:
    """An agency closes on days of its own, too."""
    studio = WorkingDays(holidays=("DE-BY", day("2026-12-24")))
    assert not studio.is_working_day(day("2026-12-24"))
    assert not studio.is_working_day(day("2026-12-25"))
    assert studio.is_working_day(day("2026-12-23"))


@pytest.mark.parametrize("country", ["IN", "GB-ENG", "DE-BY", "SA", "US-CA"])
@pytest.mark.parametrize("year", [1, 1990, 2026, 2090, 9999])
def test_every_year_is_one_that_can_be_asked_about(country: str, year: int) -> None:
    """Also one that a country has not announced its holidays of."""
    assert WorkingDays(holidays=(country,)).is_working_day(datetime.date(year, 3, 1)) in {
        True,
        False,
    }


def test_beyond_the_calendar_is_an_error() -> None:
    """There is no day behind the last one."""
    with pytest.raises(OverflowError):
        WorkingDays().add(datetime.date.max, 1)


calendars = st.builds(
    WorkingDays,
    holidays=st.lists(
        st.sampled_from(["GB-ENG", "DE-BY", "US", "AE"])
        | st.dates(day("2026-01-01"), day("2026-12-31")),
        max_size=4,
    ),
    pauses=st.just((winter(),)) | st.just(()),
)
starts = st.dates(day("2026-01-01"), day("2027-01-31"))


@given(calendars, starts, st.integers(0, 40), st.integers(0, 40))
@example(WorkingDays(), day("2026-03-07"), 0, 0)
def test_counting_on_is_counting_at_once(
    calendar: WorkingDays, start: datetime.date, one: int, two: int
) -> None:
    """On any calendar a day that is found is a working day, and as far away as was asked for."""
    first, last = calendar.add(start, one), calendar.add(start, one + two)
    assert calendar.add(first, two) == last
    assert calendar.is_working_day(first)
    assert calendar.between(first, last) == two
    assert calendar.last_before(first) < first
    assert calendar.between(calendar.last_before(first), first) == 1


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("gb", "write 'GB'"),
        ("Germany", "write 'DE'"),
        ("United Kingdom", "write 'GB'"),
        ("DE-Bayern", "write 'DE-BY'"),
        ("GB-england", "write 'GB-ENG'"),
        ("DE-XX", "known here: DE-Augsburg, DE-BB, DE-BE"),
        ("England", "write 'GB-ENG'"),
        ("Scotland", "write 'GB-SCT'"),
        ("wales", "write 'GB-WLS'"),
        ("Northern Ireland", "write 'GB-NIR'"),
        ("gb-eng", "write 'GB-ENG'"),
        ("GB_ENG", "write 'GB-ENG'"),
        ("Englnd", "write 'GB-ENG'"),
        ("Great Britain", "write 'GB'"),
        ("Bavaria", "write 'DE-BY'"),
        ("DE-Bavaria", "write 'DE-BY'"),
        ("bayern", "write 'DE-BY'"),
        ("Deutschland", "write 'DE'"),
        ("The Netherlands", "write 'NL'"),
        ("Zurich", "write 'CH-ZH'"),
        ("Georgia", "write 'GE' or 'US-GA'"),
        ("London", "write its two letters"),
        ("Atlantis", "write its two letters, for example GB-ENG or DE-BY"),
        ("", "write its two letters"),
        ("-", "write its two letters"),
        ("VA-XX", "known here: VA"),
    ],
)
def test_an_unknown_country_is_answered_with_what_is_meant(typed: str, hint: str) -> None:
    """By its name, by a part of it, or by an example."""
    wrong = unknown_country(typed)
    assert wrong
    assert hint in wrong[1]


@pytest.mark.parametrize("known", ["GB", "GB-ENG", "DE-BY", "US", "FR", "UK", "CH-ZH"])
def test_known_countries_are_known(known: str) -> None:
    """As the holidays package names them."""
    assert unknown_country(known) is None


def test_what_is_proposed_is_known() -> None:
    """Whoever writes what the answer says is understood."""
    for proposed in _meanings().values():
        assert [code for code in proposed if unknown_country(code)] == []


@given(st.text(max_size=12))
def test_any_text_is_a_country_or_gets_an_answer(text: str) -> None:
    """Never an exception."""
    wrong = unknown_country(text)
    assert wrong is None or all(wrong)


def test_the_library_is_loaded_only_where_a_country_is_asked_for() -> None:
    """Weekends, days and pauses need none of it."""
    holidays: Sequence[datetime.date] = (day("2026-04-03"),)
    assert str(WorkingDays(holidays=holidays).add(day("2026-04-02"), 1)) == "2026-04-06"
