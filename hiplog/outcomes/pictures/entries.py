"""The numbers behind a picture, one a line: what the cursor stops at, the table lists and ``x`` explains."""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.language import _


@dataclass(frozen=True, slots=True)
class Entry:
    """One number.

    ``key`` is its key in :mod:`hiplog.outcomes.explain`, ``cells`` its row of the table, ``words`` the number
    in full where there is a line for it. Several entries may share a key: points of one figure.
    """

    key: str
    cells: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Every number of an answer, in the order of the table."""

    headings: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def lines(self) -> list[str]:
        """The table as aligned plain text; one line of words when there is nothing."""
        if not self.entries:
            return [_("nothing to list yet")]
        table = [self.headings, *(entry.cells for entry in self.entries)]
        widths = [max(len(row[column]) for row in table) for column in range(len(self.headings))]
        return [
            "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
            for row in table
        ]


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` characters, ``…`` marking what is left out."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
