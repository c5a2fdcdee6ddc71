"""Dates as typed: every form, every order, and the hours that a change of clocks skips or repeats."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.errors import BadInput
from hiplog.logbook import dates
from hiplog.settings import DateOrder

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BERLIN = "Europe/Berlin"
DAYS = st.dates(min_value=date(1850, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", TODAY),
        (" today ", TODAY),
        ("Yesterday", date(2026, 11, 22)),
        ("-3d", date(2026, 11, 20)),
        ("-0d", TODAY),
        ("24", date(2026, 11, 24)),
        ("7", date(2026, 11, 7)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2026/4/3", date(2026, 4, 3)),
    ],
)
def test_each_form_means_one_day(text: str, day: date) -> None:
    assert dates.read_day(text, TODAY) == day


@given(DAYS)
def test_a_day_is_read_in_the_configured_order_and_in_no_other(day: date) -> None:
    forms: tuple[tuple[DateOrder, str], ...] = (
        ("ymd", f"{day.year}/{day.month}/{day.day}"),
        ("dmy", f"{day.day}.{day.month}.{day.year}"),
        ("mdy", f"{day.month}/{day.day}/{day.year}"),
    )
    for order, text in forms:
        assert dates.read_day(text, TODAY, order) == day
        assert dates.read_day(day.isoformat(), TODAY, order) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-02-30", "February 2026 has 28 days"),
        ("2026-13-01", "there is no month 13"),
        ("0000-01-01", "there is no such year"),
        ("31", "November 2026 has 30 days"),
        ("13/04/26", "is no date"),
        ("tomorrow", "is no date"),
        ("", "is no date"),
        ("٢٠٢٦-١١-٢٣x", "is no date"),
        ("-99999d99", "is no date"),
        ("x" * 5000, "is no date"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        dates.read_day(text, TODAY, what="--birth")
    assert str(refusal.value).startswith("--birth: ")
    assert len(str(refusal.value)) < 200


@given(st.text(max_size=30))
def test_no_text_does_anything_but_mean_a_day_or_be_refused(text: str) -> None:
    try:
        assert isinstance(dates.read_day(text, TODAY), date)
        assert dates.read_moment(text, NOW, BERLIN).tzinfo is not None
    except BadInput as refusal:
        assert str(refusal)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-20T09:05", "2026-11-20T08:05:00+00:00"),
        ("2026-07-01T09:05", "2026-07-01T07:05:00+00:00"),
        ("yesterday", "2026-11-22T11:00:00+00:00"),
        ("today", "2026-11-23T09:30:00+00:00"),
        ("today T08:15", None),
        ("-1dT08:15", "2026-11-22T07:15:00+00:00"),
        ("2026-11-20T08:05Z", "2026-11-20T08:05:00+00:00"),
    ],
)
def test_a_time_is_that_of_the_clinic(text: str, utc: str | None) -> None:
    if utc is None:
        with pytest.raises(BadInput):
            dates.read_moment(text, NOW, BERLIN)
    else:
        assert dates.read_moment(text, NOW, BERLIN).astimezone(UTC).isoformat() == utc


def test_an_hour_that_the_clocks_skip_does_not_exist() -> None:
    with pytest.raises(BadInput, match=r"02:30 on Sunday 29 March 2026 does not exist in Europe/Berlin"):
        dates.read_moment("2026-03-29T02:30", NOW, BERLIN)


def test_an_hour_that_comes_twice_asks_which() -> None:
    with pytest.raises(BadInput, match=r"came twice") as refusal:
        dates.read_moment("2026-10-25T02:30", NOW, BERLIN)
    assert "T02:30+02:00 for the first" in str(refusal.value)
    assert "T02:30+01:00 for the second" in str(refusal.value)
    first = dates.read_moment("2026-10-25T02:30+02:00", NOW, BERLIN)
    second = dates.read_moment("2026-10-25T02:30+01:00", NOW, BERLIN)
    assert [one.astimezone(UTC).hour for one in (first, second)] == [0, 1]


def test_an_offset_that_is_not_the_clinics_is_refused() -> None:
    with pytest.raises(BadInput, match=r"runs at \+01:00, not at \+05:00"):
        dates.read_moment("2026-11-20T09:05+05:00", NOW, BERLIN)
    with pytest.raises(BadInput, match="no time of day"):
        dates.read_moment("2026-11-20T24:05", NOW, BERLIN)


def test_the_future_and_the_far_past_are_refused() -> None:
    with pytest.raises(BadInput, match="Tuesday 24 November 2026 lies in the future"):
        dates.past_day("24", TODAY)
    with pytest.raises(BadInput, match="too long ago"):
        dates.past_day("1756-01-27", TODAY)
    with pytest.raises(BadInput, match="lies in the future"):
        dates.not_after(dates.read_moment("2026-11-23T18:00", NOW, BERLIN), NOW, BERLIN)


def test_a_day_is_said_in_words() -> None:
    assert dates.words(TODAY) == "Monday 23 November 2026"
    assert dates.moment_words(NOW, BERLIN) == "Monday 23 November 2026, 10:30"
