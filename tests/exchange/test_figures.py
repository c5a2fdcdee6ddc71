"""Figures: the same points as the terminal, in the right place, told apart without colour, well formed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from drawn import Figure
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.body import OUTLINES
from hiplog.clinical.muscles import MUSCLES, VIEWS
from hiplog.exchange.figures import frame, inks
from hiplog.exchange.figures.attendance import attendance
from hiplog.exchange.figures.body_map import body_map, views
from hiplog.exchange.figures.bubbles import bubbles
from hiplog.exchange.figures.control import Reference, control
from hiplog.exchange.figures.funnel import funnel
from hiplog.exchange.figures.heat import DEEPEST, heat
from hiplog.exchange.figures.intervals import Row, intervals, of_rate
from hiplog.exchange.figures.pairs import pairs
from hiplog.exchange.figures.survival import survival
from hiplog.exchange.figures.svg import Drawing
from hiplog.exchange.figures.trend import trend
from hiplog.exchange.figures.weeks import weeks
from hiplog.logbook.shown import shown
from hiplog.outcomes import attendance as presence
from hiplog.outcomes.control import p_chart, xmr_chart
from hiplog.outcomes.dose import DosePoint, HeatCell
from hiplog.outcomes.facts import Facts, Hip, Value, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.improvement import Improvement, improvement
from hiplog.outcomes.points import Chart, Mark, Point, Series
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.survival import kaplan_meier
from hiplog.outcomes.tally import Tally, tally
from hiplog.outcomes.therapists import Funnel, therapists
from hiplog.outcomes.weeks import WeekCell

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
LETTERS = ("ink", "soft", "first", "second")
"""The inks that letters are drawn in."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, by the relative luminance of WCAG 2.2."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def series(
    values: list[tuple[int, int | None, int | None]],
    code: str = "NPRS",
    better: Literal["lower", "higher"] = "lower",
    high: int = 10,
    mcid: int | None = 2,
) -> Series:
    """Readings as (day, before, after)."""
    points = []
    for visit, (day, before, after) in enumerate(values, 1):
        at = START + timedelta(days=day)
        missing = None if before is not None else "declined"
        value = None if before is None else Decimal(before)
        points.append(Point(at, value, visit, "before", missing_reason=missing))
        if after is not None:
            points.append(Point(at, Decimal(after), visit, "after"))
    unit = "points" if code == "NPRS" else "deg"
    least = None if mcid is None else Decimal(mcid)
    label = "pain now, 0–10" if code == "NPRS" else "hip internal rotation"
    return Series(
        code,
        label,
        unit,
        None if code == "NPRS" else "R",
        better,
        Decimal(0),
        Decimal(high),
        tuple(points),
        least,
    )


PAIN = series([(0, 8, 6), (7, 6, 4), (14, None, None), (28, 5, 3), (56, 2, 2)])
MOTION = series(
    [(0, 18, 22), (7, 20, 24), (14, 22, 26), (28, 26, 28), (56, 30, 33)], "IR", "higher", 90, None
)
BRUISE = Mark(START + timedelta(days=7), "reaction", "bruise")
RATER = Mark(START + timedelta(days=28), "rater", "rater DN001 → DN002")


def hips(*found: tuple[int | None, int | None], therapist: str = "DN001", first: int = 0) -> tuple[Hip, ...]:
    """Hips by their first and final score; no final score means that they came once."""
    made = []
    for number, (before, after) in enumerate(found, first):
        scores = [before] if after is None else [before, after]
        visits = tuple(
            Visit(
                f"{number}.{at}",
                f"P{number}",
                at,
                at,
                START + timedelta(days=7 * at),
                therapist,
                pain=() if score is None else (Value(START, "before", Decimal(score)),),
            )
            for at, score in enumerate(scores, 1)
        )
        made.append(Hip(str(number), f"P{number}", 1, "R", "OVERUSE", False, visits))
    return tuple(made)


def counted(made: tuple[Hip, ...]) -> Tally:
    return tally(Facts(START + timedelta(days=200), made), (), ZoneInfo("UTC"), Filters())


def change_of(*found: tuple[int | None, int | None]) -> Improvement:
    return improvement(counted(hips(*found)), Filters(), strict=False)


def funnel_of(**sizes: tuple[int, int]) -> Funnel:
    """A funnel of therapists by (responders, hips)."""
    made: tuple[Hip, ...] = ()
    for code, (good, n) in sizes.items():
        scores = [(8, 2)] * good + [(8, 8)] * (n - good)
        made += hips(*scores, therapist=code, first=len(made))
    return therapists(counted(made), Filters(), strict=False)


# the trend


def test_the_trend_is_named_and_described_for_a_screen_reader() -> None:
    drawn = Figure(trend(Chart((PAIN, MOTION), (BRUISE,))))
    assert drawn.title == "Trend of pain now, 0–10 and hip internal rotation R"
    assert "pain now, 0–10 from 8 to 2 over 8 readings, lower is better" in drawn.description
    assert "bruise on 9 Mar 2026" in drawn.description
    assert drawn.labelled_by == drawn.ids


def test_whole_scores_lie_a_tenth_of_the_axis_apart() -> None:
    drawn = Figure(trend(Chart((PAIN,))))
    first, last = drawn.of("m1", "disc")[0], drawn.of("m1", "disc")[-1]
    zero, ten = (drawn.text(tick).number("y") for tick in ("0", "10"))
    step = (zero - ten) / 10
    assert first.number("cy") == pytest.approx(zero - 4 - 8 * step, abs=0.02)
    assert last.number("cy") == pytest.approx(zero - 4 - 2 * step, abs=0.02)


def test_visits_are_spaced_by_their_true_dates() -> None:
    drawn = Figure(trend(Chart((PAIN,))))
    xs = [one.number("cx") for one in drawn.of("m1", "disc")]
    days = (0, 7, 28, 56)
    for (left, right), (start, end) in zip(pairwise(xs), pairwise(days), strict=True):
        assert (right - left) / (xs[-1] - xs[0]) == pytest.approx((end - start) / 56, abs=1e-3)


def test_the_two_series_differ_in_marker_dash_and_ink() -> None:
    drawn = Figure(trend(Chart((PAIN, MOTION))))
    assert {one.tag for one in drawn.of("m1")} == {"circle"}
    assert {one.tag for one in drawn.of("m2")} == {"rect"}
    rules = inks.figure_css()
    assert "stroke-dasharray" in rules.partition("svg .second {")[2].partition("}")[0]
    assert "stroke-dasharray" not in rules.partition("svg .first {")[2].partition("}")[0]


def test_every_measured_value_is_a_marker_that_says_it() -> None:
    drawn = Figure(trend(Chart((PAIN, MOTION))))
    assert len(drawn.of("m1")) == len(PAIN.measured)
    assert len(drawn.of("m2")) == len(MOTION.measured)
    assert "pain now, 0–10 5 before, visit 4, 30 Mar 2026" in drawn.says
    assert "hip internal rotation R 33° after, visit 5, 27 Apr 2026" in drawn.says


def test_the_line_breaks_where_a_value_is_missing() -> None:
    drawn = Figure(trend(Chart((PAIN,))))
    assert [len(line.spots) for line in drawn.of("first")] == [2, 2]
    assert "?" in drawn.texts
    assert any("? not measured" in text for text in drawn.texts)


def test_the_band_spans_the_mcid_below_the_first_value() -> None:
    drawn = Figure(trend(Chart((PAIN,))))
    (band,) = drawn.of("band")
    zero, ten = (drawn.text(tick).number("y") for tick in ("0", "10"))
    assert band.number("height") == pytest.approx((zero - ten) / 5, abs=0.02)
    assert band.number("y") == pytest.approx(drawn.of("m1", "disc")[0].number("cy"), abs=0.02)
    assert any("MCID, 2 below the first" in text for text in drawn.texts)


def test_series_are_named_at_the_end_of_their_line() -> None:
    drawn = Figure(trend(Chart((PAIN, MOTION))))
    plot_ends = max(one.number("cx") for one in drawn.of("m1"))
    for words, value in (("● pain now", "2 → 2"), ("■ IR R", "30 → 33°")):
        assert drawn.text(words).number("x") > plot_ends
        assert drawn.text(value).number("x") > plot_ends


def test_names_that_would_share_a_row_are_parted() -> None:
    level = series([(0, 5, None), (7, 5, None)])
    other = series([(0, 45, None), (7, 45, None)], "IR", "higher", 90, None)
    drawn = Figure(trend(Chart((level, other))))
    ends = [one.number("y") for one in drawn.shapes if one.text in ("● pain now", "■ IR R")]
    assert abs(ends[0] - ends[1]) >= 24


def test_reactions_and_changes_of_rater_stand_on_the_axis_at_their_date() -> None:
    drawn = Figure(trend(Chart((PAIN,), (BRUISE, RATER))))
    second_visit = drawn.of("m1", "disc")[1].number("cx")
    assert drawn.text("!").number("x") == pytest.approx(second_visit, abs=0.02)
    assert any("! bruise 9 Mar" in text for text in drawn.texts)
    assert any("¦ rater DN001 → DN002 30 Mar" in text for text in drawn.texts)


def test_without_readings_the_trend_says_so() -> None:
    assert Figure(trend(Chart())).texts == ["no readings yet"]


VISITS = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.one_of(st.none(), st.integers(0, 10)),
        st.one_of(st.none(), st.integers(0, 10)),
    ),
    max_size=30,
)


@given(VISITS, st.text(max_size=40))
def test_any_course_is_drawn_inside_the_sheet(visits: list[Any], label: str) -> None:
    course = series(sorted(visits, key=lambda visit: visit[0]))
    drawn = Figure(trend(Chart((course,), (Mark(START, "reaction", label),))))
    for shape in drawn.shapes:
        for x, y in shape.spots:
            assert -1 <= x <= drawn.width + 1
            assert -1 <= y <= drawn.height + 1
    assert len(drawn.of("m1")) == len(course.measured)


# the body map


COUNTS = {
    ("GMAX", "R"): 2, ("GMED", "R"): 3, ("PIRI", "R"): 1, ("QL", "R"): 1, ("MULT", "R"): 12,
    ("PIRI", "L"): 4, ("RF", "L"): 5,
}  # fmt: skip


def test_every_muscle_of_the_vocabulary_is_on_the_map_on_both_sides() -> None:
    marks = sum(len(Figure(body_map(COUNTS, view)).of("hole")) for view in VIEWS)
    needled = sum(len(Figure(body_map(COUNTS, view)).of("spot")) for view in VIEWS)
    assert needled == len(COUNTS)
    assert marks + needled == 2 * len(MUSCLES.active())


def test_the_map_draws_the_outlines_of_both_sides() -> None:
    for view in VIEWS:
        assert len(Figure(body_map({}, view)).of("outline")) == 2 * len(OUTLINES[view])


def test_needled_muscles_carry_their_count_and_their_name() -> None:
    drawn = Figure(body_map(COUNTS, "posterior"))
    assert sorted(one.text for one in drawn.of("b") if one.text.isdigit()) == ["1", "1", "12", "2", "4"]
    for words in ("piriformis", "gluteus", "maximus", "quadratus", "lumborum", "multifidus"):
        assert words in drawn.texts
    assert "gluteus maximus right 2" in drawn.description
    assert "L left" in drawn.texts
    assert "R right" in drawn.texts


def test_right_is_on_the_right_from_behind_and_on_the_left_from_the_front() -> None:
    behind = Figure(body_map({("PIRI", "R"): 1}, "posterior"))
    front = Figure(body_map({("RF", "R"): 1}, "anterior"))
    assert behind.of("spot")[0].number("cx") > behind.width / 2
    assert front.of("spot")[0].number("cx") < front.width / 2


def test_marks_and_names_do_not_lie_on_each_other() -> None:
    everything = {(muscle.code, side): 1 for muscle in MUSCLES.active() for side in "LR"}
    for view in VIEWS:
        drawn = Figure(body_map(everything, view))
        spots = [one.spots[0] for one in drawn.of("spot")]
        assert min(((a - c) ** 2 + (b - d) ** 2) ** 0.5 for (a, b), (c, d) in combinations(spots, 2)) >= 20
    few = Figure(body_map(COUNTS, "posterior"))
    rows = sorted(one.number("y") for one in few.of("t") if one.attributes.get("text-anchor") != "end")
    assert min(b - a for a, b in pairwise(rows)) >= 12


def test_marks_stay_on_their_side_of_the_midline() -> None:
    drawn = Figure(body_map({("MULT", side): 1 for side in "LR"} | {("QL", "R"): 1}, "posterior"))
    left = [one for one in drawn.of("spot") if one.number("cx") < drawn.width / 2]
    assert len(left) == 1


def test_only_views_with_a_needled_muscle_are_asked_for() -> None:
    assert views({("PIRI", "R"): 1, ("RF", "L"): 2, ("GMED", "L"): 0}) == ("posterior", "anterior")
    assert views({}) == VIEWS


# dots and intervals


def test_a_rate_has_its_dot_and_interval_at_the_shown_values() -> None:
    rate = Rate(7, 25)
    drawn = Figure(intervals([of_rate("overuse", rate)], "i", "Rates", "share"))
    zero, last = (drawn.text(tick) for tick in ("0 %", "50 %"))
    span = last.number("x") - zero.number("x")
    share, low, high = rate.shown or (0, 0, 0)
    assert drawn.of("m1")[0].number("cx") == pytest.approx(zero.number("x") + share * 2 * span, abs=0.05)
    (left, _), (right, _) = drawn.of("whisker")[0].spots
    assert left == pytest.approx(zero.number("x") + low * 2 * span, abs=0.05)
    assert right == pytest.approx(zero.number("x") + high * 2 * span, abs=0.05)
    assert "7/25 = 28.0 % (14.3–47.6)" in drawn.texts


def test_a_small_group_has_words_and_no_dot() -> None:
    drawn = Figure(intervals([of_rate("few", Rate(3, 7)), of_rate("nobody", Rate(0, 0))], "i", "t", "a"))
    assert not drawn.of("m1")
    assert not any("%" in text for text in drawn.texts if "few" in text or "7" in text)
    assert "3/7: too few for a rate" in drawn.texts
    assert "none yet" in drawn.texts


def test_groups_keep_the_order_they_are_given_in() -> None:
    rows = [Row("worst", "1", 0.1), Row("best", "2", 0.9), Row("middle", "3", 0.5)]
    drawn = Figure(intervals(rows, "i", "t", "a"))
    heights = [drawn.text(word).number("y") for word in ("worst", "best", "middle")]
    assert heights == sorted(heights)


def test_a_published_rate_lies_faint_behind_its_own_row() -> None:
    rows = [Row("bruise", "x", 0.08, published=((0.07, 0.08),)), Row("other", "y", 0.05)]
    drawn = Figure(intervals(rows, "i", "t", "a", line=(0.06, "all")))
    (band,) = drawn.of("published")
    assert band.number("y") < drawn.text("bruise").number("y") < band.number("y") + band.number("height")
    assert drawn.shapes.index(band) < drawn.shapes.index(drawn.of("m1")[0])
    assert "dashed: all" in drawn.texts


def test_a_long_label_takes_two_lines_and_not_more() -> None:
    drawn = Figure(intervals([Row("word " * 60, "x", 0.5)], "i", "t", "a"))
    assert [text[-1] for text in drawn.texts if text.startswith("word")] == ["d", "…"]


# the control chart


MONTHS = [(f"2026-{month:02}", 10, 50) for month in range(1, 11)]


def test_limits_widen_where_a_month_has_few_sessions() -> None:
    drawn = Figure(control(p_chart([*MONTHS, ("2026-11", 2, 8)]), "c", "t", "share"))
    upper = min(drawn.of("limit"), key=lambda line: line.spots[-1][1])
    assert upper.spots[-1][1] < upper.spots[0][1]
    assert "mean 20.1 %" in drawn.texts


def test_a_signal_has_another_shape_and_is_named() -> None:
    usual = [
        (f"{label}-{half}", 4 + 9 * (at % 2), 50)
        for half in (1, 2)
        for at, (label, _, _) in enumerate(MONTHS)
    ]
    chart = p_chart([*usual, ("2026-11", 30, 50)])
    drawn = Figure(control(chart, "c", "t", "share"))
    (signal,) = drawn.of("m2")
    assert signal.tag == "path"
    assert signal.text == "2026-11: 30/50 = 60.0 % (46.2–72.4), above the upper limit"
    assert len(drawn.of("m1")) == 20


def test_a_month_without_sessions_is_a_gap() -> None:
    drawn = Figure(control(p_chart([*MONTHS[:4], ("2026-05", 0, 0), *MONTHS[5:]]), "c", "t", "share"))
    assert [len(line.spots) for line in drawn.of("first")] == [4, 5]
    assert "–" in drawn.texts


def test_too_few_months_are_said_to_be_too_few() -> None:
    drawn = Figure(
        control(p_chart(MONTHS), "c", "t", "share", references=[Reference(0.1, 0.2, "Brady 2014")])
    )
    assert any("cannot tell yet: 10 of about 20 months" in text for text in drawn.texts)
    assert "faint band: Brady 2014" in drawn.texts
    assert Figure(control(p_chart([]), "c", "t", "share")).texts == ["nothing to draw yet"]


def test_plain_values_are_not_written_as_shares() -> None:
    drawn = Figure(control(xmr_chart([("a", 5, 4.0), ("b", 5, 6.0), ("c", 5, None)]), "c", "t", "insertions"))
    assert "mean 5" in drawn.texts
    assert not any("%" in text for text in drawn.texts)


# funnel, survival, pairs


def test_the_funnel_shows_codes_in_their_place_and_no_small_therapist() -> None:
    found = funnel_of(DN001=(15, 20), DN002=(30, 60), DN003=(3, 4))
    drawn = Figure(funnel(found))
    assert "DN003" not in " ".join(drawn.texts)
    one, two = (drawn.text(code) for code in ("DN001", "DN002"))
    assert one.number("x") < two.number("x")
    assert {"95 %", "99.8 %"} <= set(drawn.texts)
    assert len(drawn.of("limit")) == len(drawn.of("outer")) == 2


def test_a_therapist_outside_the_limits_is_a_triangle_that_says_so() -> None:
    drawn = Figure(funnel(funnel_of(DN001=(0, 40), DN002=(40, 40), DN003=(20, 40))))
    assert len(drawn.of("m2")) == 2
    assert "DN001 outside 99.8 %" in drawn.texts


def test_an_empty_funnel_says_why() -> None:
    assert Figure(funnel(funnel_of(DN001=(2, 5)))).texts == [funnel_of(DN001=(2, 5)).about.verdict]


def test_the_curve_ends_where_fewer_than_ten_are_followed() -> None:
    drawn = Figure(survival(kaplan_meier(range(1, 13), [True] * 12), "s", "t", "share"))
    (line,) = drawn.of("first")
    ends = min(one.number("x") for one in drawn.shapes if one.tag == "text" and one.text == "4")
    assert max(x for x, _ in line.spots) == pytest.approx(ends, abs=0.05)
    assert drawn.text("fewer than 10 followed")
    assert "by session 3 25 %" in drawn.description and "by session 4" not in drawn.description


def test_the_steps_rise_by_the_share_that_reached_it() -> None:
    times, happened = [1, 1, 2, 2, 3, 4], [True, False, True, True, False, False]
    steps = kaplan_meier(times * 10, happened * 10)
    drawn = Figure(survival(steps, "s", "t", "share", band=(3, 6)))
    (line,) = drawn.of("first")
    zero, whole = drawn.text("0 %").number("y") - 4, drawn.text("100 %").number("y") - 4
    for step in steps:
        height = zero - step.reached * (zero - whole)
        assert any(y == pytest.approx(height, abs=0.05) for _, y in line.spots)
    assert all(a[1] >= b[1] for a, b in pairwise(line.spots))
    assert len(drawn.of("whisker")) == 3
    assert "sessions 3 to 6" in drawn.texts


def test_hips_still_followed_stand_under_each_session() -> None:
    steps = kaplan_meier([1] * 3 + [2] * 4 + [5] * 3, [True] * 10)
    drawn = Figure(survival(steps, "s", "t", "share"))
    row = drawn.text("hips still followed:").number("y") + 16
    assert [one.text for one in drawn.shapes if one.tag == "text" and one.number("y") == row][:4] == [
        "10",
        "10",
        "7",
        "3",
    ]


def test_too_few_hips_or_sessions_have_words_and_no_share() -> None:
    few = Figure(survival(kaplan_meier([1, 2, 3], [True, True, False]), "s", "t", "share"))
    assert few.texts == ["cannot tell yet: 3 hips, a share needs 10"]
    month = Figure(control(p_chart([("2026-01", 1, 3)]), "c", "t", "share"))
    assert month.texts == ["cannot tell yet: 1 of about 20 months that limits need"]


def test_pairs_are_lines_and_the_unpaired_a_bar_of_their_own() -> None:
    drawn = Figure(pairs(change_of((8, 2), (8, 2), (8, 2), (5, 5), (6, None))))
    assert [len(drawn.of(ink)) for ink in ("slope1", "slope2")] == [2, 2]
    wide, thin = (drawn.of(ink)[0].attributes["style"] for ink in ("slope1", "slope2"))
    assert float(wide.partition(":")[2]) > float(thin.partition(":")[2])
    (missing,), (paired,) = drawn.of("hatch"), drawn.of("bar")
    assert missing.number("height") * 4 == pytest.approx(paired.number("height"), abs=0.1)
    assert {"1 no pair", "4 with a pair", "all 5 hips"} <= set(drawn.texts)


def test_the_pairs_band_is_two_points_deep_from_the_median_before() -> None:
    drawn = Figure(pairs(change_of((8, 2), (8, 5), (6, 6))))
    (band,) = drawn.of("band")
    zero, ten = (drawn.text(tick).number("y") for tick in ("0", "10"))
    assert band.number("height") == pytest.approx((zero - ten) / 5, abs=0.05)
    middle = drawn.of("m0", "disc")[0]
    assert band.number("y") == pytest.approx(middle.number("cy"), abs=0.05)


# attendance, heat, bubbles, weeks


def test_attendance_bars_are_as_tall_as_hips_came() -> None:
    found = presence.attendance(counted(hips((8, 2), (8, 4), (6, None), (5, None))), Filters())
    drawn = Figure(attendance(found))
    tall = [one.number("height") for one in drawn.of("edge")[:2]]
    assert tall[0] == pytest.approx(2 * tall[1], abs=0.1)
    assert sum(one.number("height") for one in drawn.of("second-bar")[:1]) == pytest.approx(
        tall[0] / 2, abs=0.1
    )


def test_heat_writes_every_count_and_shades_by_it() -> None:
    cells = [HeatCell("GMED", "L", 40, 60), HeatCell("GMED", "R", 10, 11), HeatCell("PIRI", "R", 1, 1)]
    drawn = Figure(heat(cells))
    assert {"40 (60)", "10 (11)", "1 (1)", "gluteus medius", "piriformis"} <= set(drawn.texts)
    shades = [one.number("fill-opacity") for one in drawn.of("shade")]
    assert shades == sorted(shades, reverse=True)
    assert shades[0] == DEEPEST


def test_bubbles_have_the_area_of_their_sessions() -> None:
    drawn = Figure(bubbles([DosePoint(4, 2.0, 100), DosePoint(6, 3.0, 25)], "b", "t", "soreness", "v"))
    large, small = (one.number("r") for one in drawn.of("bubble"))
    assert large / small == pytest.approx(2)


def test_weeks_show_what_lacks_and_where_there_was_no_session() -> None:
    cells = [
        WeekCell("DN001", "2026-W10", 5, 1, 1, 0, 0, 0),
        WeekCell("DN001", "2026-W11", 4, 0, 0, 0, 0, 0),
        WeekCell("DN002", "2026-W11", 3, 0, 0, 0, 1, 0),
    ]
    drawn = Figure(weeks(cells))
    assert [text for text in drawn.texts if text in ("2", "1", "·")] == ["2", "·", "1"]
    assert len(drawn.of("cell")) == 4
    assert len(drawn.of("shade2")) == 2


def test_half_a_year_fits_a_line_and_a_year_two() -> None:
    cells = [WeekCell("DN001", f"2026-W{week:02}", 1, 0, 0, 0, 0, 0) for week in range(1, 41)]
    drawn = Figure(weeks(cells))
    assert len({one.number("y") for one in drawn.of("cell")}) == 2
    assert drawn.texts.count("DN001") == 2


# every figure


EMPTY = {
    "pairs": lambda: pairs(change_of()),
    "survival": lambda: survival((), "s", "t", "a"),
    "funnel": lambda: funnel(funnel_of()),
    "intervals": lambda: intervals([], "i", "t", "a"),
    "control": lambda: control(p_chart([]), "c", "t", "a"),
    "attendance": lambda: attendance(presence.attendance(counted(()), Filters())),
    "heat": lambda: heat([]),
    "bubbles": lambda: bubbles([], "b", "t", "a", "v"),
    "weeks": lambda: weeks([]),
    "trend": lambda: trend(Chart()),
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_clinic_draws_without_a_crash_and_without_a_share(name: str) -> None:
    drawn = Figure(EMPTY[name]())
    assert drawn.title
    assert drawn.description
    assert not drawn.of("m1")


@pytest.mark.parametrize("sheet", [inks.LIGHT, inks.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_letters_keep_a_contrast_of_four_and_a_half(sheet: dict[str, str], ground: str) -> None:
    for ink in LETTERS:
        assert contrast(sheet[ink], sheet[ground]) >= 4.5, (ink, ground)


@pytest.mark.parametrize("sheet", [inks.LIGHT, inks.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("shade", ["first", "second"])
def test_letters_on_the_deepest_shade_keep_it_too(sheet: dict[str, str], shade: str) -> None:
    def mixed(at: int) -> int:
        over, under = int(sheet[shade][at : at + 2], 16), int(sheet["paper"][at : at + 2], 16)
        return round(over * DEEPEST + under * (1 - DEEPEST))

    ground = "#" + "".join(f"{mixed(at):02X}" for at in (1, 3, 5))
    assert contrast(sheet["ink"], ground) >= 4.5


def test_letters_are_drawn_in_these_inks_only() -> None:
    found = re.findall(r"svg \.(?:t|s|b|t1|t2) \{ fill: var\(--(\w+)\)", inks.figure_css())
    assert set(found) == set(LETTERS)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


def test_figures_name_inks_and_never_colours() -> None:
    drawn = [
        trend(Chart((PAIN, MOTION), (BRUISE, RATER))),
        body_map(COUNTS, "posterior"),
        pairs(change_of((8, 2))),
    ]
    for svg in drawn:
        assert "#" not in svg
        assert "rgb" not in svg
        assert svg.count("http") == 1


@given(st.text(max_size=60))
def test_any_text_stays_text(text: str) -> None:
    sheet = Drawing("d", text, text, 100, 50)
    sheet.text(1, 1, text)
    sheet.marker((5, 5), "disc", "m1", says=text)
    drawn = Figure(sheet.svg())
    assert len(drawn.shapes) == 2
    assert drawn.texts == [shown(text)]
    assert drawn.title == shown(text)


@given(st.floats(-1e6, 1e6), st.one_of(st.just(0.0), st.floats(1e-3, 1e6)), st.integers(2, 12))
def test_a_scale_holds_its_values_in_round_steps(low: float, span: float, most: int) -> None:
    found = frame.scale(low, low + span, most)
    slack = 1e-8 * (found.high - found.low)
    assert found.low - slack <= low
    assert found.high + slack >= low + span
    steps = {round(b - a, 6) for a, b in pairwise(found.ticks)}
    assert max(steps) - min(steps) <= 1e-5 * max(1.0, max(abs(t) for t in found.ticks))
    assert len(found.ticks) <= most + 3


@given(st.integers(0, 500), st.integers(1, 12))
def test_counts_are_never_ticked_between_whole_numbers(top: int, most: int) -> None:
    assert all(tick == int(tick) for tick in frame.scale(0, top, most, whole=True).ticks)
