"""A table of a page: caption, headings and rows of text, the numbers set to the right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their headings; a column whose every cell is a number stands to the right."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def number(self, column: int) -> bool:
        """Whether every cell of ``column`` is a number or empty."""
        cells = [row[column] for row in self.rows if row[column] not in ("", "–")]
        return bool(cells) and all(cell.lstrip("-+").replace(".", "", 1).isdigit() for cell in cells)
