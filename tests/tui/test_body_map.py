"""The body map: left and right as one sees them, markers that never touch, keys, mouse and words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiplog.clinical.body import OUTLINES, drawn, smooth
from hiplog.clinical.muscles import MUSCLES, View
from hiplog.tui.widgets.body_layout import CLEARANCE, Key, figure, nearest
from hiplog.tui.widgets.body_map import BodyMap
from hiplog.tui.widgets.demo import Demo

VIEWS = get_args(View)
COUNTS = {("GMAX", "L"): 4, ("PIRI", "R"): 12}


class Listening(Demo):
    """Keeps which muscles were chosen."""

    def __init__(self, body: BodyMap) -> None:
        super().__init__(body)
        self.chosen: list[Key] = []

    def on_body_map_chosen(self, message: BodyMap.Chosen) -> None:
        assert message.control is self.shown
        self.chosen.append((message.muscle, message.side))


def rows(body: BodyMap) -> list[str]:
    return body.render().plain.split("\n")


def held(body: BodyMap, key: Key) -> str:
    """What is written in the cell of a muscle."""
    column, row = body.figure.cells[key]
    return rows(body)[row + 1][column]


GOLDEN_BACK = """\
               ⢇                            ⡸
               ⢸      o              o      ⡇
               ⡜   ⢀⣀⣀⡀    o    o    ⢀⣀⣀⡀   ⢣
              ⡠⠃⢀⠔⠉⠁  ⠈⠉⠢⡀        ⢀⠔⠉⠁  ⠈⠉⠢⡀⠘⢄
             ⡔⢁⠔⠁        ⠈⡆      ⢰⠁        ⠈⠢⡈⢢
           ⢀⠎ ⡜           ⡇      ⢸           ⢣ ⠱⡀
          ⢠⠊              ⢣      ⡜              ⠑⡄
         ⢀⠇               ⠘⡄    ⢠⠃               ⠸⡀
         ⡎         o       ⠑⡄  ⢠⠊       o         ⢱
        ⡸ ⢠⠤⢄           o   ⠑⡄⢠⠊   o           ⡠⠤⡄ ⢇
        ⡇ ⢏ ⢸   o            ⢙⡋            o   ⡇ ⡹ ⢸
        ⡇ ⠘⠒⠚   o   o      o ⢸⡇ o      o   o   ⠓⠒⠃ ⢸
        ⡇      o             ⢸⡇             o      ⢸
        ⢇       ⢀           ⢀⢸⡇⡀           ⡀       ⡸
        ⢸       ⠈⠉⠢⢄⡀    ⣀⡠⠒⡝  ⢫⠒⢄⣀    ⢀⡠⠔⠉⠁       ⡇
        ⠈⡆          ⠈⠉⠉⠉⠉  ⢀⠇  ⠸⡀  ⠉⠉⠉⠉⠁          ⢰⠁
         ⢣            o    ⡜    ⢣    o            ⡜
          ⡇      o   o    ⡸      ⢇    o   o      ⢸
          ⢸   ⡀       ⡀  ⢠⠃      ⠘⡄  ⢀       ⢀   ⡇
          ⠈⡆  ⠈⠉⠑⠒⠒⠒⠉⠉   ⡜        ⢣   ⠉⠉⠒⠒⠒⠊⠉⠁  ⢰⠁
"""


def picture(view: View, columns: int, height: int) -> list[str]:
    drawing = figure(view, columns, height)
    lines = [list(row) for row in drawing.rows]
    for column, row in drawing.cells.values():
        lines[row][column] = "o"
    return ["".join(line).rstrip() for line in lines]


def test_the_pelvis_from_behind() -> None:
    assert "\n".join(picture("posterior", 60, 20)) + "\n" == GOLDEN_BACK


@pytest.mark.parametrize("view", VIEWS)
@settings(max_examples=15, deadline=None)
@given(columns=st.integers(46, 160), height=st.integers(12, 50))
def test_every_muscle_of_a_view_has_a_clear_cell_on_both_sides(view: View, columns: int, height: int) -> None:
    drawing = figure(view, columns, height)
    assert len(drawing.rows) == height and {len(row) for row in drawing.rows} == {columns}
    assert {code for code, _ in drawing.cells} == {muscle.code for muscle in MUSCLES if muscle.view == view}
    cells = sorted((row, column) for column, row in drawing.cells.values())
    for (row, column), (next_row, next_column) in pairwise(cells):
        assert row != next_row or next_column - column >= CLEARANCE
    assert all(1 <= column < columns - 2 and 0 <= row < height for row, column in cells)


@pytest.mark.parametrize("view", VIEWS)
def test_left_and_right_mirror_each_other(view: View) -> None:
    drawing = figure(view, 80, 20)
    for code in {code for code, _ in drawing.cells}:
        (left, row), (right, other_row) = drawing.cells[code, "L"], drawing.cells[code, "R"]
        assert left + right == 79 and row == other_row
        assert (left < right) == (view != "anterior"), "from the front the left is on the right"


@pytest.mark.parametrize("view", VIEWS)
def test_both_sides_are_always_named_beside_their_figure(view: View) -> None:
    drawing = figure(view, 80, 20)
    places = {word[0]: column for column, _, word in drawing.labels}
    assert (places["L"] < places["R"]) == (view != "anterior")
    for column, row, word in drawing.labels:
        assert drawing.rows[row][column : column + len(word)].strip() == "", "the label hides no outline"


def test_the_outlines_stay_on_the_paper_and_pass_their_points() -> None:
    for lines in OUTLINES.values():
        for line in lines:
            curve = smooth(line)
            for step, point in enumerate(line):
                assert curve[6 * step] == pytest.approx(point)
            assert all(-0.01 <= x <= 1 and -0.01 <= y <= 1.01 for x, y in curve)


def test_landmarks_keep_their_order_on_the_drawing() -> None:
    heights = [drawn("posterior", (0.5, y))[1] for y in (0.0, 0.15, 0.24, 0.42, 0.50, 1.0)]
    assert heights == sorted(heights) and heights[0] == 0 and heights[-1] == 1
    assert drawn("lateral", (1.0, 0.42)) == pytest.approx((1.0, 0.52))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (46, 16)])
async def test_counts_stand_at_their_muscles_and_the_selected_one_in_brackets(size: tuple[int, int]) -> None:
    body = BodyMap(COUNTS)
    async with Demo(body).run_test(size=size):
        text = rows(body)
        assert "[4]" in "\n".join(text) and " 12" in "\n".join(text)
        assert held(body, ("GMAX", "R")) == "○"
        assert "▸ gluteus maximus, left: 4 insertions" in text
        assert text[0].startswith("[back 16]  front 0   side 0")
        assert "L left" in "\n".join(text) and "R right" in "\n".join(text)
        assert any("schematic" in row for row in text)
        assert max(len(row) for row in text[1:-2]) <= size[0] and len(text) <= body.size.height
        body.cursor = ("VL", "L")
        head, foot = rows(body)[0], rows(body)[-1]
        assert (
            "[side 0, front outward]" in head
            if size[0] > 46
            else "front outward" in foot and "[side 0]" in head
        )


async def test_new_counts_show_at_once() -> None:
    body = BodyMap()
    async with Demo(body).run_test() as pilot:
        assert held(body, ("GMAX", "L")) == "○"
        body.counts = {("GMAX", "L"): 1}
        await pilot.pause()
        assert held(body, ("GMAX", "L")) == "1" and "▸ gluteus maximus, left: 1 insertion" in rows(body)


async def test_keys_reach_every_muscle_and_enter_chooses_it() -> None:
    body = BodyMap()
    app = Listening(body)
    async with app.run_test() as pilot:
        await pilot.press("tab", "right", "enter", "o", "enter")
        first, second = app.chosen
        assert first[0] == second[0] and {first[1], second[1]} == {"L", "R"}
        await pilot.press("v")
        assert body.view == "anterior"
        await pilot.press("V", "V", "enter")
        assert MUSCLES[app.chosen[-1][0]].view == "medial"


@pytest.mark.parametrize("view", VIEWS)
def test_the_arrows_leave_no_muscle_out(view: View) -> None:
    cells = figure(view, 80, 20).cells
    assert _reached(cells, next(iter(cells))) == set(cells)


def _reached(cells: Mapping[Key, tuple[int, int]], start: Key) -> set[Key]:
    found, edge = {start}, [start]
    while edge:
        here = edge.pop()
        for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            there = nearest(cells, here, right, down)
            if there not in found:
                found.add(there)
                edge.append(there)
    return found


async def test_the_next_view_opens_on_a_needled_muscle() -> None:
    body = BodyMap({("PECT", "L"): 2})
    async with Demo(body).run_test() as pilot:
        await pilot.press("tab", "v")
        assert body.cursor == ("PECT", "L")


async def test_a_click_chooses_the_muscle_under_it_and_nothing_elsewhere() -> None:
    body = BodyMap()
    app = Listening(body)
    async with app.run_test(size=(80, 24)) as pilot:
        column, row = body.figure.cells["PIRI", "R"]
        await pilot.click(body, offset=(column, row + 1))
        await pilot.click(body, offset=(0, 20))
        assert app.chosen == [("PIRI", "R")] and body.cursor == ("PIRI", "R")


async def test_too_small_a_space_names_the_muscle_in_words() -> None:
    body = BodyMap(COUNTS)
    async with Demo(body).run_test(size=(40, 24)):
        assert "no room to draw" in "\n".join(rows(body))
        assert "▸ gluteus maximus, left: 4 insertions" in rows(body)


async def test_a_muscle_that_does_not_exist_is_refused() -> None:
    body = BodyMap()
    async with Demo(body).run_test():
        with pytest.raises(ValueError, match="no muscle 'GMEX'"):
            body.cursor = ("GMEX", "L")
