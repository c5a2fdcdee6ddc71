"""The arithmetic: printed reference values, exact bounds, sample sizes, charts, small numbers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.outcomes.calendar import months, week
from hiplog.outcomes.control import p_chart, xmr_chart
from hiplog.outcomes.exact import cdf, clopper_pearson, pmf, prediction_limits
from hiplog.outcomes.planning import per_side, to_tell_from
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.spread import spearman, spread
from hiplog.outcomes.statistics import rule_of_three, wilson
from hiplog.outcomes.survival import kaplan_meier, median_time
from hiplog.outcomes.therapists import limits

shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("events", "n", "low", "high", "places"),
    [(0, 25, 0, 13.3, 1), (1, 40, 0.44, 12.88, 2), (20, 20494, 0.063, 0.151, 3)],
)
def test_wilson_gives_the_printed_bounds(events: int, n: int, low: float, high: float, places: int) -> None:
    assert tuple(round(bound * 100, places) for bound in wilson(events, n)) == (low, high)


def test_the_bounds_of_a_rate_that_never_happened() -> None:
    assert round(rule_of_three(7629) * 100, 4) == 0.0393
    assert round(wilson(0, 7629)[1] * 100, 4) == 0.0503
    assert round(clopper_pearson(0, 7629)[1] * 100, 4) == 0.0483


@given(shares)
def test_wilson_is_the_inverted_score_test(share: tuple[int, int]) -> None:
    events, n = share
    for bound in wilson(events, n):
        if 0 < bound < 1:
            assert isclose((events / n - bound) ** 2, 1.959963984540054**2 * bound * (1 - bound) / n)


@given(shares)
def test_the_exact_interval_leaves_a_fortieth_on_each_side(share: tuple[int, int]) -> None:
    events, n = share
    low, high = clopper_pearson(events, n)
    assert 0 <= low <= events / n <= high <= 1
    if events:
        assert 1 - cdf(events - 1, n, low) == pytest.approx(0.025, abs=1e-9)
    if events < n:
        assert cdf(events, n, high) == pytest.approx(0.025, abs=1e-9)


def tails(k: int, n: int, share: Fraction) -> Fraction:
    """The chance of so many or fewer, or of so many or more, whichever is rarer, in whole numbers."""
    chances = [comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(n + 1)]
    return min(sum(chances[: k + 1], Fraction()), sum(chances[k:], Fraction()))


@pytest.mark.parametrize("n", [10, 11, 17, 24, 40])
@pytest.mark.parametrize("hundredths", [3, 25, 40, 50, 65, 90, 98])
def test_the_drawn_limits_and_the_verdict_of_the_funnel_are_one(n: int, hundredths: int) -> None:
    """Every count there can be, against the binomial sums done in whole numbers."""
    share = Fraction(hundredths, 100)
    drawn = limits(n, float(share))
    for k in range(n + 1):
        rarer = tails(k, n, share)
        exact = "outside 99.8 %" if rarer < Fraction(1, 1000) else "outside 95 %"
        assert drawn.place(k / n) == ("inside" if rarer >= Fraction(25, 1000) else exact), k


@given(st.integers(1, 300), st.floats(0.02, 0.98))
def test_the_limits_of_a_funnel_keep_what_they_promise(n: int, share: float) -> None:
    low, high = prediction_limits(n, share, 0.95)
    inside = sum(pmf(k, n, share) for k in range(n + 1) if low - 1e-9 <= k / n <= high + 1e-9)
    assert low <= high
    assert inside >= 0.95 - 1e-9
    outer = prediction_limits(n, share, 0.998)
    assert outer[0] <= low
    assert outer[1] >= high
    mirrored = prediction_limits(n, 1 - share, 0.95)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]))


def test_where_nobody_or_everybody_responds_nobody_lies_outside() -> None:
    for share in (0.0, 1.0):
        assert limits(12, share).place(share) == "inside"


def test_telling_seven_and_a_half_from_fifteen_percent_takes_about_280_a_side() -> None:
    assert per_side(0.075, 0.15) == 278


@given(shares, st.floats(0.05, 0.95))
def test_so_many_more_move_the_interval_off_a_share(share: tuple[int, int], aim: float) -> None:
    rate = Rate(*share)
    more = to_tell_from(rate, aim)
    if more is None or more > 10_000_000:
        return
    assert rate.value is not None
    n = rate.n + more + 1
    spread_of = 1.959963984540054**2 * aim * (1 - aim) / n
    assert (rate.value - aim) ** 2 >= spread_of * (1 - 1e-9)


def test_what_no_number_of_sessions_would_tell() -> None:
    assert to_tell_from(Rate(10, 20), 0.5) is None
    assert to_tell_from(Rate(0, 0), 0.5) is None
    assert to_tell_from(Rate(19, 20), 0.5) == 0
    with pytest.raises(ValueError, match="two different shares"):
        per_side(0.3, 0.3)


@pytest.mark.parametrize("bad", [(-1, 5), (6, 5), (1, 0)])
def test_what_is_no_share_is_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        Rate(*bad)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate(0, 0), "none yet"),
        (Rate(3, 9), "3/9"),
        (Rate(9, 9), "9/9"),
        (Rate(7, 25), "7/25 = 28.0 % (14.3–47.6)"),
        (Rate(0, 25), "0/25 = 0.0 % (0.0–13.3), rule of three ≤ 12.0 %"),
        (Rate(25, 25), "25/25 = 100.0 % (86.7–100.0)"),
        (Rate(20, 20494), "20/20494 = 0.10 % (0.06–0.15)"),
    ],
)
def test_a_percentage_never_stands_without_its_n_nor_below_ten(rate: Rate, words: str) -> None:
    assert rate.words == words
    assert (rate.shown is None) == (rate.n < 10)


def test_median_and_quartiles() -> None:
    found = spread([1, 2, 3, 4])
    assert (found.n, found.q1, found.median, found.q3) == (4, 1.75, 2.5, 3.25)
    assert spread([]).median is None
    assert (spread([7]).q1, spread([7]).q3) == (7, 7)


def test_a_correlation_needs_something_that_varies() -> None:
    assert spearman([(1, 5), (2, 5), (3, 5)]).rho is None
    assert spearman([(1, 2), (2, 3)]).rho is None
    perfect = spearman([(x, x * x) for x in range(12)])
    assert (perfect.rho, perfect.low) == (1, None)
    loose = spearman([(x, (x * 7) % 12) for x in range(12)])
    assert loose.rho is not None
    assert loose.low is not None
    assert loose.high is not None
    assert loose.low < loose.rho < loose.high


def test_kaplan_and_meier_by_hand() -> None:
    steps = kaplan_meier([1, 2, 2, 3, 4], [True, True, False, False, True])
    assert [(s.time, s.at_risk, s.events, s.censored) for s in steps] == [
        (1, 5, 1, 0), (2, 4, 1, 1), (3, 2, 0, 1), (4, 1, 1, 0),
    ]  # fmt: skip
    assert [round(s.without, 9) for s in steps] == [0.8, 0.6, 0.6, 0.0]
    assert median_time(steps) == 4
    assert median_time(steps[:3]) is None
    assert kaplan_meier([], []) == ()


def test_a_month_out_of_the_limits_and_a_month_without_sessions() -> None:
    usual = [(f"m{n}", 3 + 2 * (n % 2), 40) for n in range(20)]
    chart = p_chart([*usual, ("quiet", 0, 0), ("loud", 20, 40)])
    quiet, loud = chart.points[-2:]
    assert (quiet.value, quiet.low, quiet.signal) == (None, None, "")
    assert loud.signal == "above"
    assert chart.enough
    assert chart.words.startswith("loud above the upper limit")


def test_limits_never_leave_nought_and_one() -> None:
    chart = p_chart([("a", 0, 3), ("b", 3, 3), ("c", 1, 2000)])
    for point in chart.points:
        assert point.low is not None
        assert point.high is not None
        assert 0 <= point.low <= point.high <= 1


@pytest.mark.parametrize(("length", "signals"), [(8, {"run"}), (7, {""})])
def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_none(length: int, signals: set[str]) -> None:
    high, low = ("h", 12, 100), ("l", 8, 100)
    turns = [low if at % 2 == 0 else high for at in range(20)]
    points = p_chart([*[high] * length, *turns]).points
    assert {point.signal for point in points[:length]} == signals
    assert {point.signal for point in points[length + 1 :]} == {""}


def test_a_point_on_the_line_neither_adds_to_a_run_nor_breaks_it() -> None:
    high, line, low = ("h", 12, 100), ("c", 10, 100), ("l", 8, 100)
    rest = [*[low] * 4, line, *[low] * 4, line, line]
    chart = p_chart([high, high, high, high, line, high, high, high, high, *rest])
    assert chart.centre == 0.1
    assert [point.signal for point in chart.points[:9]] == ["run"] * 4 + [""] + ["run"] * 4


def test_too_few_months_are_said_to_be_too_few() -> None:
    nineteen = [("m", 1, 40)] * 18 + [("loud", 20, 40)]
    assert p_chart(nineteen).signals == ()
    assert [
        point.label for point in p_chart([("m", 1, 40), *nineteen]).signals if point.signal == "above"
    ] == ["loud"]
    assert p_chart([("a", 1, 10), ("b", 2, 10)]).words.startswith("cannot tell yet: 2 of about 20 months")
    assert p_chart([]).words == "nothing to draw yet"
    assert p_chart([("a", 0, 0)]).words == "nothing to draw yet"


def test_single_values_have_limits_from_their_moving_range() -> None:
    chart = xmr_chart([("a", 1, 10.0), ("b", 1, 12.0), ("gap", 0, None), ("c", 1, 11.0)])
    assert chart.centre == 11
    assert chart.points[0].low == pytest.approx(11 - 2.66 * 1.5)
    assert chart.points[0].high == pytest.approx(11 + 2.66 * 1.5)
    assert xmr_chart([("a", 1, 10.0)]).points[0].low is None


def test_months_without_a_session_stay_in_the_row() -> None:
    days = [date(2025, 11, 30), date(2026, 2, 1)]
    assert months(days) == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert months([]) == ()
    assert week(date(2027, 1, 1)) == "2026-W53"
