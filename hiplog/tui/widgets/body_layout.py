"""Lay the body map out in cells: outlines in braille, both sides, and a cell of its own for each muscle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from hiplog.clinical.body import OUTLINES, PAIRED, Place, Spot, smooth, spot
from hiplog.clinical.muscles import MUSCLES, View
from hiplog.clinical.record import SIDES
from hiplog.language import _
from hiplog.outcomes.braille import ACROSS, DOWN, Canvas

MIN_COLUMNS, MIN_ROWS = 46, 12
ASPECT = 0.74
"""Dots across for each dot down of the drawing's unit square: the pelvis looks as wide as it is."""

CLEARANCE = 4
"""Columns between two markers of a row, so that ``[12]`` touches neither neighbour."""


OFFSETS = sorted(product(range(-8, 9), range(-3, 4)), key=lambda o: (abs(o[0]) + 2 * abs(o[1]), o))
"""Where to look for a free cell, nearest first; a row counts as two columns."""

Key = tuple[str, str]
"""A muscle code and a side."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The picture of one view: the outline as rows of text and the cell (column, row) of each marker."""

    view: View
    rows: tuple[str, ...]
    cells: dict[Key, tuple[int, int]]
    labels: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """How a view's unit square is laid on ``columns`` x ``rows`` cells; ``unit`` is its width in dots."""

    view: View
    columns: int
    rows: int

    @property
    def unit(self) -> int:
        """Dots from x = 0 to x = 1 of one half."""
        return min(int(self.rows * DOWN * ASPECT), self.columns * ACROSS // 2 - 4)

    def dot(self, side: str, place: Place) -> tuple[int, int]:
        """The dot of a place of the drawing on ``side``.

        From behind and from the side the left is on the left, from the front it is on the right, as one
        sees it. Seen from outside both bodies look away from the middle, from within towards it.
        """
        x, y = place
        middle = self.columns * ACROSS // 2
        on_right = (side == "R") != (self.view == "anterior")
        if self.view in PAIRED:
            away = x * self.unit
        else:
            away = 4 + (x if self.view == "medial" else 1 - x) * (self.unit - 4)
        return round(middle + away if on_right else middle - 1 - away), round(y * (self.rows * DOWN - 1))

    def cell(self, side: str, place: Place) -> tuple[int, int]:
        """The cell that holds the dot."""
        x, y = self.dot(side, place)
        return x // ACROSS, y // DOWN


@lru_cache(maxsize=32)
def figure(view: View, columns: int, rows: int) -> Figure:
    """Draw ``view`` in ``columns`` x ``rows`` cells, of which there are at least 46 x 12."""
    grid = Grid(view, columns // 2 * 2, rows)
    canvas = Canvas(columns, rows)
    for side, line in product(SIDES, OUTLINES[view]):
        canvas.path([grid.dot(side, place) for place in smooth(line)])
    on_right = "L" if view == "anterior" else "R"
    spots = [spot(muscle, on_right) for muscle in MUSCLES if muscle.view == view and not muscle.retired]
    cells = {}
    for (muscle, _), (column, row) in spread(grid, spots).items():
        cells[muscle, on_right] = (column, row)
        cells[muscle, "L" if on_right == "R" else "R"] = (grid.columns - 1 - column, row)
    return Figure(view, tuple(canvas.text()), cells, _labels(grid))


def spread(grid: Grid, spots: Iterable[Spot]) -> dict[Key, tuple[int, int]]:
    """Give each spot of the half on the right the nearest cell clear of the markers before it."""
    taken: dict[Key, tuple[int, int]] = {}
    for found in spots:
        column, row = grid.cell(found.side, (found.x, found.y))
        near = ((column + right, row + down) for right, down in OFFSETS)
        taken[found.muscle, found.side] = next(cell for cell in near if _free(cell, taken.values(), grid))
    return taken


def _free(cell: tuple[int, int], taken: Iterable[tuple[int, int]], grid: Grid) -> bool:
    column, row = cell
    inside = (grid.columns + CLEARANCE) // 2 <= column < grid.columns - 2 and 0 <= row < grid.rows
    return inside and all(row != other[1] or abs(column - other[0]) >= CLEARANCE for other in taken)


def _labels(grid: Grid) -> tuple[tuple[int, int, str], ...]:
    """L and R beside the figure, and which way it looks where that is not plain."""
    labels = []
    for side, word in zip(SIDES, (_("L left"), _("R right")), strict=True):
        column = grid.cell(side, (1.0 if grid.view != "lateral" else 0.0, 0.0))[0]
        outer = column + 1 if column > grid.columns // 2 else column - len(word) - 1
        labels.append((max(0, min(outer, grid.columns - len(word))), 1, word))
    return tuple(labels)


def nearest(cells: Mapping[Key, tuple[int, int]], start: Key, right: int, down: int) -> Key:
    """The marker an arrow key leads to from ``start``: near and roughly ahead; ``start`` if none is."""
    column, row = cells[start]
    best, least = start, float("inf")
    for key, (other_column, other_row) in cells.items():
        across, along = (other_column - column) / 2, float(other_row - row)
        ahead, aside = (across * right, along) if right else (along * down, across)
        cost = ahead + 2 * abs(aside)
        if ahead > 0 and cost < least:
            best, least = key, cost
    return best
