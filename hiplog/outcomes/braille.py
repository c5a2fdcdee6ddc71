"""A canvas of braille dots, two across and four down a cell, for drawings in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

BLANK = "\u2800"
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
ACROSS, DOWN = 2, 4

Dot = tuple[int, int]


class Canvas:
    """Dots on a grid of ``columns`` x ``rows`` cells; the style drawn last in a cell colours the cell."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._bits: dict[Dot, int] = {}
        self._styles: dict[Dot, str] = {}

    def dot(self, x: int, y: int, style: str = "") -> None:
        """Set the dot at ``x`` from the left and ``y`` from the top; outside the canvas it is lost."""
        column, row = x // ACROSS, y // DOWN
        if 0 <= column < self.columns and 0 <= row < self.rows:
            cell = (column, row)
            self._bits[cell] = self._bits.get(cell, 0) | DOTS[y % DOWN][x % ACROSS]
            self._styles[cell] = style

    def line(self, start: Dot, end: Dot, style: str = "", dash: tuple[int, int] = (1, 0)) -> None:
        """Draw from ``start`` to ``end``, ``dash`` dots on and off in turn (solid by default)."""
        (x, y), (x_end, y_end) = start, end
        left, top = x // ACROSS, y // DOWN
        columns, rows, held, styles = self.columns, self.rows, self._bits, self._styles
        for across, down, bits in _stroke((x % ACROSS, y % DOWN), (x_end - x, y_end - y), dash):
            column, row = left + across, top + down
            if 0 <= column < columns and 0 <= row < rows:
                cell = (column, row)
                held[cell] = held.get(cell, 0) | bits
                styles[cell] = style

    def path(self, points: Sequence[Dot], style: str = "", dash: tuple[int, int] = (1, 0)) -> None:
        """Draw the line through ``points`` in turn."""
        for start, end in pairwise(thinned(points)):
            self.line(start, end, style, dash)

    def char(self, column: int, row: int) -> str:
        """The cell's character: a space where no dot is set."""
        bits = self._bits.get((column, row), 0)
        return chr(ord(BLANK) + bits) if bits else " "

    def style(self, column: int, row: int) -> str:
        """The style of the cell, empty where no dot is set."""
        return self._styles.get((column, row), "")

    def cells(self) -> Iterator[tuple[int, int, str, str]]:
        """Every cell with a dot as column, row, character, style."""
        for (column, row), bits in self._bits.items():
            yield column, row, chr(ord(BLANK) + bits), self._styles[column, row]

    def text(self) -> list[str]:
        """The rows as plain text."""
        return ["".join(self.char(column, row) for column in range(self.columns)) for row in range(self.rows)]


@lru_cache(maxsize=1024)
def _stroke(start: Dot, along: Dot, dash: tuple[int, int]) -> tuple[tuple[int, int, int], ...]:
    """The cells of a line as column, row and dots; ``start`` lies in the cell 0, 0.

    Kept, because the lines of a chart are few shapes over and over: a week to the right, a point down.
    """
    on, off = dash
    cells: dict[Dot, int] = {}
    for count, (x, y) in enumerate(straight(start, (start[0] + along[0], start[1] + along[1]))):
        if count % (on + off) < on:
            cell = (x // ACROSS, y // DOWN)
            cells[cell] = cells.get(cell, 0) | DOTS[y % DOWN][x % ACROSS]
    return tuple((column, row, bits) for (column, row), bits in cells.items())


MOST_IN_A_COLUMN = 4


def thinned(points: Sequence[Dot]) -> list[Dot]:
    """Leave of neighbours that share a column of dots the first, the last, the highest and the lowest.

    A solid line through them sets the same dots. Up to four in a column all stay.
    """
    kept: list[Dot] = []
    for _x, group in groupby(points, key=itemgetter(0)):
        dots = list(group)
        if len(dots) > MOST_IN_A_COLUMN:
            down = [y for _x, y in dots]
            ends = {0, down.index(min(down)), down.index(max(down)), len(dots) - 1}
            dots = [dots[at] for at in sorted(ends)]
        kept += dots
    return kept


def straight(start: Dot, end: Dot) -> Iterator[Dot]:
    """The dots of the straight line from ``start`` to ``end``, both included (Bresenham 1965)."""
    (x, y), (x_end, y_end) = start, end
    across, down = abs(x_end - x), -abs(y_end - y)
    right, lower = (1 if x < x_end else -1), (1 if y < y_end else -1)
    error = across + down
    while True:
        yield x, y
        if (x, y) == (x_end, y_end):
            return
        twice = 2 * error
        if twice >= down:
            error, x = error + down, x + right
        if twice <= across:
            error, y = error + across, y + lower
