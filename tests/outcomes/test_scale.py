"""The scales: fixed axes, ticks on rows, true distances in time, dates that never touch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.measures import MEASURES
from hiplog.outcomes.points import Point, Series
from hiplog.outcomes.scale import date_labels, day_label, figure, time_scale, unit_mark, value_axis

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def series(low: str, high: str, *values: str) -> Series:
    points = tuple(Point(NOON, Decimal(value), 1, "before") for value in values)
    return Series("X", "x", "", None, "lower", Decimal(low), Decimal(high), points)


@pytest.mark.parametrize("intervals", [5, 10, 20, 30])
def test_pain_is_always_drawn_from_0_to_10_in_steps_of_two(intervals: int) -> None:
    axis = value_axis(series("0", "10", "6", "7"), intervals)
    assert list(axis.ticks) == [Decimal(score) for score in (0, 2, 4, 6, 8, 10)]


@pytest.mark.parametrize(
    ("low", "high", "intervals", "ticks"),
    [
        ("0", "80", 10, "0 40 80"),
        ("0", "80", 20, "0 20 40 60 80"),
        ("0", "80", 5, "0 16 32 48 64 80"),
        ("0", "100", 10, "0 20 40 60 80 100"),
        ("0", "100.1", 10, "0 20 40 60 80 100"),
        ("0", "48", 10, "0 10 20 30 40 50"),
        ("-7", "7", 10, "-7 0 7"),
    ],
)
def test_other_scores_show_their_whole_range(low: str, high: str, intervals: int, ticks: str) -> None:
    axis = value_axis(series(low, high, "3"), intervals)
    assert " ".join(figure(tick) for tick in axis.ticks) == ticks


@pytest.mark.parametrize(
    ("values", "intervals", "ticks"),
    [
        (["22", "36"], 10, "0 20 40"),
        (["22", "36"], 20, "0 10 20 30 40"),
        (["8.4", "14.1"], 10, "0 3 6 9 12 15"),
        (["-5", "15"], 20, "-5 0 5 10 15"),
        (["0"], 10, "0 0.2 0.4 0.6 0.8 1"),
    ],
)
def test_a_measurement_runs_from_zero_to_a_round_figure_above_it(
    values: list[str], intervals: int, ticks: str
) -> None:
    axis = value_axis(replace(series("-40", "300", *values), unit="deg"), intervals)
    assert " ".join(figure(tick) for tick in axis.ticks) == ticks


def test_the_axis_of_a_measurement_holds_the_value_from_which_the_change_matters() -> None:
    walk = replace(series("0", "300", "14"), unit="s", mcid=Decimal("-12"), better="higher")
    assert walk.limit == 26
    assert value_axis(walk, 10).high >= 26


@given(
    low=st.integers(-50, 50),
    span=st.integers(1, 300),
    unit=st.sampled_from(["points", "deg"]),
    intervals=st.sampled_from([5, 10, 20, 30, 40]),
    value=st.decimals(-400, 400, places=1),
)
def test_every_value_is_on_its_axis_and_every_tick_on_a_row(
    low: int, span: int, unit: str, intervals: int, value: Decimal
) -> None:
    axis = value_axis(replace(series(str(low), str(low + span), str(value)), unit=unit), intervals)
    assert 0 <= axis.fraction(value) <= 1
    assert unit == "deg" or axis.low <= low < low + span <= axis.high
    for tick in axis.ticks:
        steps = axis.down(tick, intervals)
        assert abs(steps - round(steps)) < Decimal("1e-9")


@pytest.mark.parametrize("intervals", [5, 10, 20])
def test_every_measure_of_the_vocabulary_has_an_axis(intervals: int) -> None:
    for measure in MEASURES:
        middle = (measure.low + measure.high) / 2
        shown = Series(
            measure.code, measure.name, measure.unit, None, measure.better, measure.low, measure.high,
            (Point(NOON, middle, 1, "before"),), measure.mcid.absolute if measure.mcid else None,
        )  # fmt: skip
        axis = value_axis(shown, intervals)
        assert axis.low <= middle <= axis.high and len(axis.ticks) >= 3


def test_time_is_laid_out_by_true_distance() -> None:
    scale = time_scale([NOON, NOON + timedelta(days=30), NOON + timedelta(days=3)])
    assert scale.fraction(NOON + timedelta(days=3)) == pytest.approx(0.1)
    assert time_scale([NOON]).fraction(NOON) == 0


def test_a_day_is_written_so_that_no_country_misreads_it() -> None:
    assert day_label(date(2026, 2, 3), year=True) == "3 Feb 2026"
    assert day_label(date(2026, 2, 3), year=False) == "3 Feb"


def test_the_year_comes_back_where_it_changes() -> None:
    stops = [(5, date(2025, 12, 1)), (30, date(2025, 12, 20)), (60, date(2026, 1, 9))]
    assert [text for _, text in date_labels(stops, 80)] == ["1 Dec 2025", "20 Dec", "9 Jan 2026"]


def test_two_sessions_of_a_day_share_one_label() -> None:
    assert date_labels([(0, date(2026, 1, 9)), (20, date(2026, 1, 9))], 40) == [(0, "9 Jan 2026")]


def test_no_stops_no_labels() -> None:
    assert date_labels([], 40) == []


@given(
    days=st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=40),
    width=st.integers(20, 200),
)
def test_labels_never_touch_and_never_leave_the_paper(days: list[date], width: int) -> None:
    first, last = min(days), max(days)
    span = (last - first).days or 1
    labels = date_labels([((day - first).days * (width - 1) // span, day) for day in days], width)
    assert labels[0][1].startswith(str(first.day))
    for (start, text), (following, _) in pairwise(labels):
        assert start + len(text) + 2 <= following
    assert all(start >= 0 and start + len(text) <= width for start, text in labels)


@pytest.mark.parametrize(
    ("unit", "mark"), [("deg", "°"), ("points", ""), ("", ""), ("cm", " cm"), ("%", " %")]
)
def test_units_have_their_sign(unit: str, mark: str) -> None:
    assert unit_mark(unit) == mark


@pytest.mark.parametrize(("value", "text"), [("10", "10"), ("2.50", "2.5"), ("1E+1", "10"), ("0", "0")])
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert figure(Decimal(value)) == text
