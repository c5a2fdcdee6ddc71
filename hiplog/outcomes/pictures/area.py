"""A plot within a sheet: values to dots, axes with their figures, lines of braille over a faint band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from hiplog.language import _
from hiplog.outcomes.braille import ACROSS, DOWN, Canvas, straight
from hiplog.outcomes.sheet import Row, Sheet

SOLID, DASHED, LOOSE, DOTTED = (1, 0), (3, 3), (1, 2), (1, 3)
TOPS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
CURSOR, POINTER = "▸", "▲"
NOTHING = _("nothing to draw yet")


@dataclass(slots=True)
class Area:
    """``columns`` × ``rows`` cells of ``sheet`` from (``left``, ``top``), scaled ``across`` and ``up``.

    Lines gather in a canvas that :meth:`ink` lays down; markers are put over it cell by cell.
    """

    sheet: Sheet
    left: int
    top: int
    columns: int
    rows: int
    across: tuple[float, float]
    up: tuple[float, float]
    canvas: Canvas = field(init=False)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.columns, self.rows)

    def x(self, value: float) -> int:
        """The dot column of a value."""
        low, high = self.across
        return round((value - low) / (high - low) * (self.columns * ACROSS - 1))

    def y(self, value: float) -> int:
        """The dot row of a value, counted from the top."""
        low, high = self.up
        return round((high - value) / (high - low) * (self.rows * DOWN - 1))

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell of the sheet that holds a point."""
        return self.left + self.x(x) // ACROSS, self.top + self.y(y) // DOWN

    def line(self, spots: Sequence[tuple[float, float]], style: str, dash: tuple[int, int] = SOLID) -> None:
        """Draw through ``spots``; the dash runs on from one to the next."""
        on, off = dash
        dots = [(self.x(x), self.y(y)) for x, y in spots]
        run = (dot for start, end in pairwise(dots) for dot in straight(start, end))
        for count, (dot, _) in enumerate(groupby(run)):
            if count % (on + off) < on:
                self.canvas.dot(*dot, style)

    def ink(self) -> None:
        """Lay the lines down."""
        for column, row, char, style in self.canvas.cells():
            self.sheet.put(self.left + column, self.top + row, char, style)

    def mark(self, x: float, y: float, char: str, style: str) -> None:
        """Put a marker; one whose value lies above the plot stands at its upper edge."""
        column, row = self.cell(x, y)
        self.sheet.put(column, min(max(row, self.top), self.top + self.rows - 1), char, style)

    def band(self, low: float, high: float) -> None:
        """Shade the rows from ``low`` to ``high``."""
        first, last = self.y(high) // DOWN, self.y(low) // DOWN
        self.sheet.band(
            self.left, self.left + self.columns - 1, range(self.top + max(first, 0), self.top + last + 1)
        )

    def left_axis(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Draw the axis at the left with a figure beside each tick."""
        at = {self.y(value) // DOWN: words for value, words in ticks}
        for row in range(self.rows):
            self.sheet.put(self.left - 1, self.top + row, "┤" if row in at else "│", "axis")
            self.sheet.put_right(self.left - 2, self.top + row, at.get(row, ""), "text")

    def foot_axis(self, ticks: Sequence[tuple[float, str]], pointer: float | None = None) -> None:
        """Draw the axis beneath with a figure under each tick that has room; ``pointer`` is the cursor."""
        row = self.top + self.rows
        self.sheet.put(self.left - 1, row, "└" + "─" * self.columns, "axis")
        free = self.left
        for value, words in ticks:
            column = self.left + self.x(value) // ACROSS
            start = max(column - len(words) // 2, 0)
            start = min(start, self.left + self.columns - len(words) + 1)
            if start < free - 1:
                continue
            self.sheet.put(column, row, "┴", "axis")
            self.sheet.put(start, row + 1, words, "text")
            free = start + len(words) + 2
        if pointer is not None:
            self.sheet.put(self.left + self.x(pointer) // ACROSS, row, POINTER, "cursor")


def point_at(sheet: Sheet, column: int, row: int, *, here: bool) -> None:
    """Put the cursor's mark where it is; an empty cell is left alone."""
    if here:
        sheet.put(column, row, CURSOR, "cursor")


def share_ticks(top: float) -> list[tuple[float, str]]:
    """Nothing, half and all of a scale of shares."""
    return [(value, f"{round(value * 100)} %") for value in (0.0, top / 2, top)]


def share_top(highest: float) -> float:
    """The least round end of a scale that holds ``highest``."""
    return next((top for top in TOPS if highest <= top), 1.0)


def words_only(text: str, width: int, height: int) -> tuple[Row, ...]:
    """A sheet with a sentence in its middle instead of a picture."""
    sheet = Sheet(max(width, 0), max(height, 0))
    room = max(width - 4, 1)
    lines = _folded(text, room)
    top = max(0, (height - len(lines)) // 2)
    for at, line in enumerate(lines):
        sheet.put(max(0, (width - len(line)) // 2), top + at, line, "message")
    return sheet.lines()


def _folded(text: str, room: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, room) or [""]


def window(count: int, at: int | None, room: int) -> range:
    """Which of ``count`` rows to show in ``room``: from the first, moved so that row ``at`` is among them."""
    if count <= room:
        return range(count)
    start = 0 if at is None else min(max(0, at - room // 2), count - room)
    return range(start, start + room)
