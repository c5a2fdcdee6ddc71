"""A canvas of braille dots, two across and four down a cell, for drawings in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

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
        on, off = dash
        for count, (x, y) in enumerate(straight(start, end)):
            if count % (on + off) < on:
                self.dot(x, y, style)

    def path(self, points: Sequence[Dot], style: str = "", dash: tuple[int, int] = (1, 0)) -> None:
        """Draw the line through ``points`` in turn."""
        for start, end in pairwise(points):
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
