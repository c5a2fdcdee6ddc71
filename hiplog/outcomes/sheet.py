"""A sheet of terminal cells, each a character and the key of its style: what a chart is drawn on."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple


class Cell(NamedTuple):
    """One character of a picture; ``style`` names its role and ``band`` says that it lies in the MCID band.

    Styles: ``""`` (empty), ``"axis"``, ``"text"``, ``"threshold"``, ``"mark"``, ``"first"`` and
    ``"second"`` (the two series), ``"message"``.
    """

    char: str
    style: str
    band: bool = False


Row = tuple[Cell, ...]
EMPTY = Cell(" ", "")


class Sheet:
    """Cells in ``rows`` lines of ``width``; what is put last lies on top, what falls outside is cut."""

    def __init__(self, width: int, rows: int) -> None:
        self.width = width
        self.rows = rows
        self._cells = [[EMPTY] * width for _ in range(rows)]

    def put(self, column: int, row: int, text: str, style: str) -> None:
        """Write ``text`` from ``column`` on, keeping the band of the cells it covers."""
        if not 0 <= row < self.rows:
            return
        line = self._cells[row]
        for at, char in enumerate(single_width(text), column):
            if 0 <= at < self.width:
                line[at] = Cell(char, style, line[at].band)

    def sign(self, column: int, row: int, char: str, style: str) -> None:
        """Write one character of our own, known to take one column, within the sheet or not at all."""
        if 0 <= row < self.rows and 0 <= column < self.width:
            line = self._cells[row]
            line[column] = Cell(char, style, line[column].band)

    def put_right(self, column: int, row: int, text: str, style: str) -> None:
        """Write ``text`` so that it ends in ``column``."""
        self.put(column - len(text) + 1, row, text, style)

    def band(self, first: int, last: int, rows: range) -> None:
        """Lay the band under the cells of columns ``first`` to ``last``."""
        for row in rows:
            for column in range(first, last + 1):
                self._cells[row][column] = self._cells[row][column]._replace(band=True)

    def at(self, column: int, row: int) -> Cell:
        """The cell at ``column`` and ``row``."""
        return self._cells[row][column]

    def lines(self) -> tuple[Row, ...]:
        """The finished rows."""
        return tuple(tuple(row) for row in self._cells)


def single_width(text: str) -> str:
    """Return ``text`` with one column a character: what a terminal would widen or obey becomes ``?``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _fits(char) else "?" for char in unicodedata.normalize("NFC", text))


@lru_cache(maxsize=1024)
def _fits(char: str) -> bool:
    wide = unicodedata.east_asian_width(char) in "WF"
    return char.isprintable() and not wide and not unicodedata.combining(char)


def plain(rows: tuple[Row, ...]) -> list[str]:
    """The rows as text without trailing spaces: for a pipe, a test or a terminal without colour."""
    return ["".join(cell.char for cell in row).rstrip() for row in rows]
