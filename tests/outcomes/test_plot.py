"""The drawn trend: golden rows, whole scores on rows, markers where lines end, gaps, words when empty."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiplog.outcomes.braille import Canvas, straight, thinned
from hiplog.outcomes.listing import entries, lines
from hiplog.outcomes.plot import draw, plot_rows
from hiplog.outcomes.points import Chart, Mark, Point, Series
from hiplog.outcomes.sheet import plain

START = datetime(2026, 9, 1, 10, tzinfo=UTC)
Value = int | None


def points(*visits: tuple[int, Value, Value]) -> tuple[Point, ...]:
    """Points of visits given as (day, before, after); only a value before can be missing with a reason."""
    found = []
    for number, (day, before, after) in enumerate(visits, 1):
        at = START + timedelta(days=day)
        missing = "declined" if before is None else None
        value = None if before is None else Decimal(before)
        found.append(Point(at, value, number, "before", missing_reason=missing))
        if after is not None:
            found.append(Point(at, Decimal(after), number, "after"))
    return tuple(found)


def pain(*visits: tuple[int, Value, Value]) -> Series:
    return Series(
        "NPRS", "pain", "points", None, "lower", Decimal(0), Decimal(10), points(*visits), Decimal(2)
    )


def rotation(*visits: tuple[int, Value, Value]) -> Series:
    return Series("ROM_IR", "IR", "deg", "R", "higher", Decimal(0), Decimal(60), points(*visits))


def at(day: int, kind: str, label: str) -> Mark:
    return Mark(START + timedelta(days=day), kind, label)


GOLDEN = """\
● pain 0–10, lower is better
 10┤
   │
  8┤
   │●⢄⣀⣀
  6┤⠅   ⠉⠉⠑⠒⠒⠤●
   │○ ⠄ ⠄ ⠄ ⠄ ⠅ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄
  4┤          ⠅                  ●⢄⣀⣀⡀
   │          ○                      ⠈⠉⠉⠒⠒⠒⠤◉ pain 3→3
  2┤
   │
  0┤
   └┴─────────!─────────?────────┴──────────┴
1 Sep 2026  8 Sep    15 Sep   21 Sep     29 Sep
● before   ○ after   ! bruise 8 Sep   ? not measured
⠄ ⠄ MCID: 2 below the first
"""


def test_the_picture_of_five_visits() -> None:
    series = pain((0, 7, 5), (7, 6, 3), (14, None, None), (20, 4, None), (28, 3, 3))
    drawn = plain(draw(Chart((series,), (at(7, "reaction", "bruise"),)), 56, 16))
    assert "\n".join(drawn).rstrip() + "\n" == GOLDEN


@pytest.mark.parametrize("height", [15, 16, 24, 25, 40])
@pytest.mark.parametrize("score", range(11))
def test_every_whole_score_has_a_row_of_its_own(score: int, height: int) -> None:
    rows = plain(draw(Chart((pain((0, score, None)),)), 60, height))
    marked = next(number for number, row in enumerate(rows[1:]) if "●" in row)
    assert marked * 10 == (10 - score) * (plot_rows(height - 4) - 1)
    if score % 2 == 0:
        assert rows[marked + 1].strip().startswith(f"{score}┤")


def test_the_marker_is_in_the_cell_its_line_ends_in() -> None:
    drawn = draw(Chart((pain((0, 9, None), (10, 2, None)),)), 60, 15)
    rows = plain(drawn)
    for row, column in ((2, rows[2].index("●")), (9, rows[9].index("●"))):
        near = [
            drawn[row + down][column + right].char
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if (down, right) != (0, 0)
        ]
        assert any("⠀" < char <= "⣿" and char != "⠄" for char in near)


def test_a_missing_value_breaks_the_line_and_says_so() -> None:
    whole = plain(draw(Chart((pain((0, 8, None), (30, 8, None)),)), 60, 15))
    broken = plain(draw(Chart((pain((0, 8, None), (15, None, None), (30, 8, None)),)), 60, 15))
    assert "●⠤⠤" in whole[3] and "⠤" not in broken[3]
    assert broken[12].count("?") == 1 and "? not measured" in broken[14]


def test_the_two_series_differ_without_colour() -> None:
    chart = Chart((pain((0, 8, None), (30, 8, None)), rotation((0, 12, None), (30, 12, None))))
    rows = plain(draw(chart, 80, 15))
    solid = next(row for row in rows[1:] if row.count("●") == 2)
    dashed = next(row for row in rows[1:] if row.count("■") == 2)
    assert " " not in solid[solid.index("●") : solid.rindex("●")]
    assert " " in dashed[dashed.index("■") : dashed.rindex("■")]
    assert rows[0].startswith("● pain 0–10") and "■ IR R 0–12.5°" in rows[0]
    assert "pain 8" in solid and "IR R 12°" in dashed


def test_values_of_one_visit_never_hide_each_other() -> None:
    chart = Chart((pain((0, 5, 4), (30, 5, 4)), rotation((0, 30, 36), (30, 30, 36))))
    text = "\n".join(plain(draw(chart, 80, 15))[1:12])
    assert [text.count(marker) for marker in "●○■□"] == [2, 2, 2, 2]


def test_before_and_after_in_one_cell_have_their_own_marker() -> None:
    rows = plain(draw(Chart((pain((0, 5, 5)),)), 60, 15))
    assert "◉" in rows[6] and "pain 5→5" in rows[6]


def test_names_at_the_right_end_do_not_share_a_row() -> None:
    for level in (0, 5, 10):
        chart = Chart((pain((0, level, None)), rotation((0, level * 6, None))))
        rows = plain(draw(chart, 80, 15))[1:12]
        assert sum(f"pain {level}" in row for row in rows) == 1
        assert sum(f"IR R {level * 6}°" in row for row in rows) == 1
        assert not any("pain" in row and "IR" in row for row in rows)


def test_a_reaction_wins_the_axis_over_a_change_of_rater() -> None:
    marks = (at(0, "reaction", "bruise"), at(0, "rater", "rater changed"))
    rows = plain(draw(Chart((pain((0, 5, None)),), marks), 60, 15))
    assert "!" in rows[12] and "¦" not in rows[12]
    assert "! bruise 1 Sep" in "\n".join(rows)


def test_the_key_gives_each_mark_once_with_its_dates_and_says_when_it_is_cut() -> None:
    marks = tuple(at(day, "reaction", "bruise") for day in (0, 30, 200))
    chart = Chart((pain((0, 7, 5), (30, None, None), (200, 3, 1)),), marks)
    assert "! bruise 1 Sep, 1 Oct, 20 Mar 2027" in "\n".join(plain(draw(chart, 60, 20)))
    short = plain(draw(chart, 60, 15))
    assert short[14].endswith("…") and len(short[14]) <= 60


def test_dates_are_those_of_visits_not_of_follow_ups() -> None:
    series = pain((0, 7, 5), (14, 6, 4))
    later = Point(START + timedelta(days=15), Decimal(2), 2, "follow_up")
    rows = plain(draw(Chart((replace(series, points=(*series.points, later)),)), 60, 15))
    assert rows[13].split() == ["1", "Sep", "2026", "15", "Sep"]


def test_a_long_name_gives_way_to_its_code_and_keeps_its_side() -> None:
    series = replace(rotation((0, 30, 36)), measure="IR", label="hip internal rotation")
    rows = plain(draw(Chart((series,)), 60, 15))
    assert rows[0].startswith("● hip internal rotation R 0–40°")
    assert any("│" in row and row.endswith("IR R 30→36°") for row in rows)


def test_a_name_that_tells_its_range_is_not_told_twice() -> None:
    named = replace(pain((0, 7, 5)), label="pain now, 0–10")
    rows = plain(draw(Chart((named,)), 60, 15))
    assert rows[0] == "● pain now, 0–10, lower is better"
    assert any(row.endswith("pain now 7→5") for row in rows)


def test_a_follow_up_is_marked_apart_and_not_part_of_the_line() -> None:
    later = Point(START + timedelta(days=1), Decimal(2), 1, "follow_up")
    series = pain((0, 7, 5), (9, 6, None))
    rows = plain(draw(Chart((replace(series, points=(*series.points, later)),)), 60, 15))
    assert "+" in rows[9] and "+ follow-up" in "\n".join(rows)


@pytest.mark.parametrize("chart", [Chart(), Chart((pain(),)), Chart((pain((0, None, None)),))])
def test_nothing_measured_is_said_in_words(chart: Chart) -> None:
    rows = plain(draw(chart, 60, 15))
    assert [row.strip() for row in rows if row] == ["no readings yet"]
    assert len(rows) == 15


def test_no_room_is_said_in_words() -> None:
    assert "no room to draw" in "".join(plain(draw(Chart((pain((0, 5, None)),)), 39, 20)))
    assert draw(Chart(), 0, 0) == ()


def test_a_label_cannot_move_the_cells_or_command_the_terminal() -> None:
    chart = Chart((pain((0, 5, None)),), (at(0, "reaction", "\x1b[31m血\n"),))
    rows = draw(chart, 60, 20)
    assert {len(row) for row in rows} == {60}
    assert all(len(cell.char) == 1 and cell.char.isprintable() for row in rows for cell in row)


VISITS = st.lists(
    st.tuples(st.integers(0, 3000), st.none() | st.integers(0, 10), st.none() | st.integers(0, 10)),
    max_size=30,
)


@settings(max_examples=40)
@given(visits=VISITS, width=st.integers(1, 140), height=st.integers(1, 45))
def test_any_history_fills_exactly_the_sheet(
    visits: list[tuple[int, Value, Value]], width: int, height: int
) -> None:
    ordered = sorted(visits, key=lambda visit: visit[0])
    wide = [(day, None if v is None else v * 6, None if w is None else w * 6) for day, v, w in ordered]
    rows = draw(Chart((pain(*ordered), rotation(*wide))), width, height)
    assert len(rows) == height
    assert {len(row) for row in rows} == {width}


@given(st.tuples(st.integers(0, 60), st.integers(0, 60)), st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_a_line_is_unbroken_and_reaches_both_ends(start: tuple[int, int], end: tuple[int, int]) -> None:
    dots = list(straight(start, end))
    assert dots[0] == start and dots[-1] == end
    steps = [(abs(b[0] - a[0]), abs(b[1] - a[1])) for a, b in pairwise(dots)]
    assert all(max(step) == 1 for step in steps)


DASHES = st.sampled_from([(1, 0), (3, 3), (1, 1), (1, 3), (2, 2)])
SPOTS = st.tuples(st.integers(-9, 30), st.integers(-9, 50))


def dot_by_dot(canvas: Canvas, spots: list[tuple[int, int]], style: str, dash: tuple[int, int]) -> None:
    """Draw a path the plain way."""
    for start, end in pairwise(spots):
        for count, (x, y) in enumerate(straight(start, end)):
            if count % sum(dash) < dash[0]:
                canvas.dot(x, y, style)


@given(lines=st.lists(st.tuples(SPOTS, SPOTS, DASHES), max_size=8))
def test_lines_drawn_by_the_cell_are_those_drawn_dot_by_dot(
    lines: list[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]],
) -> None:
    fast, slow = Canvas(10, 10), Canvas(10, 10)
    for number, (start, end, dash) in enumerate(lines):
        fast.line(start, end, f"style {number % 3}", dash)
        dot_by_dot(slow, [start, end], f"style {number % 3}", dash)
    assert sorted(fast.cells()) == sorted(slow.cells())


@given(spots=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 39)), max_size=40))
def test_a_solid_path_of_many_visits_in_a_column_is_thinned_without_a_trace(
    spots: list[tuple[int, int]],
) -> None:
    spots.sort(key=lambda spot: spot[0])
    fast, slow = Canvas(10, 10), Canvas(10, 10)
    fast.path(spots)
    dot_by_dot(slow, spots, "", (1, 0))
    assert len(thinned(spots)) <= 16
    assert sorted(fast.cells()) == sorted(slow.cells())


def test_braille_dots_have_their_unicode_numbers() -> None:
    canvas = Canvas(1, 1)
    for x, y in ((0, 0), (1, 3)):
        canvas.dot(x, y)
    canvas.dot(9, 9)
    assert canvas.text() == ["⢁"]


def test_the_table_has_every_point_in_words() -> None:
    series = pain((0, 7, 5), (7, 8, None), (14, None, None), (21, 7, None))
    told = [(entry.when, entry.value, entry.change) for entry in entries(Chart((series,)))]
    assert told == [
        ("before", "7", ""),
        ("after", "5", "▲ better by 2 in visit, MCID"),
        ("before", "8", "▼ worse by 1 since first"),
        ("before", "–", "not measured: declined"),
        ("before", "7", "= same since first"),
    ]


def test_for_mobility_more_is_better() -> None:
    changes = [entry.change for entry in entries(Chart((rotation((0, 20, 26), (7, 18, None)),)))]
    assert changes == ["", "▲ better by 6 in visit", "▼ worse by 2 since first"]


def test_marks_stand_in_the_table_at_their_date() -> None:
    text = lines(Chart((pain((0, 7, None), (9, 6, None)),), (at(7, "reaction", "bruise"),)))
    assert text[0].split() == ["date", "visit", "when", "measure", "value", "change"]
    assert text[2].split() == ["8", "Sep", "2026", "!", "bruise"]
    assert lines(Chart()) == ["no readings yet"]


def test_the_command_line_can_draw_without_textual_or_a_database() -> None:
    code = (
        "import sys, hiplog.outcomes.plot, hiplog.outcomes.listing;"
        "print(sorted({'textual', 'rich', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("width", "title"),
    [
        (90, "● pain 0–10, lower is better"),
        (70, "● pain 0–10 ↓ better"),
        (50, "● pain 0–10"),
    ],
)
def test_titles_say_as_much_as_fits(width: int, title: str) -> None:
    mobility = replace(rotation((0, 30, 36)), label="hip internal rotation")
    first = plain(draw(Chart((pain((0, 7, 5)), mobility)), width, 15))[0]
    assert first.partition("■")[0].rstrip() == title
    assert "hip internal" in first and len(first) <= width
