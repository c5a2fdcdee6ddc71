"""A list of numbers as a table in terminal cells, the cursor on one of its rows."""

from __future__ import annotations

from hiplog.language import _
from hiplog.outcomes.pictures.area import point_at, window, words_only
from hiplog.outcomes.pictures.entries import Listing, cut
from hiplog.outcomes.sheet import Row, Sheet

GAP = 2
FEWEST = 16
"""Columns below which a name or a note is no longer told from another."""
NONE = _("nothing to list yet")


def draw(listing: Listing, index: int, width: int, height: int) -> tuple[Row, ...]:
    """Draw the rows round row ``index`` under their headings, which of them at the foot."""
    if not listing.entries or height < 3:
        return words_only(NONE if not listing.entries else _("no room for the table"), width, height)
    sheet = Sheet(width, height)
    starts = _starts(listing, width)
    for column, words in zip(starts, listing.headings, strict=True):
        sheet.put(column, 0, words, "mark")
    rows = window(len(listing.entries), index, height - 2)
    for row, at in enumerate(rows, 1):
        here = at == index
        point_at(sheet, 0, row, here=here)
        ends = (*(start - GAP for start in starts[1:]), width)
        for start, end, words in zip(starts, ends, listing.entries[at].cells, strict=True):
            sheet.put(start, row, cut(words, max(end - start, 1)), "cursor" if here else "text")
    foot = _("{first} to {last} of {count}").format(
        first=rows.start + 1, last=rows.stop, count=len(listing.entries)
    )
    sheet.put(1, height - 1, foot, "axis")
    return sheet.lines()


def _starts(listing: Listing, width: int) -> list[int]:
    """Where each column begins; without room for all, the words of notes and names give way first."""
    table = [listing.headings, *(entry.cells for entry in listing.entries)]
    sizes = [max(len(row[column]) for row in table) for column in range(len(listing.headings))]
    while sum(sizes) + GAP * (len(sizes) - 1) + 1 > width and max(sizes) > 4:
        sizes[_yields(sizes)] -= 1
    starts, at = [], 1
    for size in sizes:
        starts.append(at)
        at += size + GAP
    return starts


def _yields(sizes: list[int]) -> int:
    """Which column is to give way: figures with their intervals only where nothing else can."""
    words = (column for column in (len(sizes) - 1, 0) if sizes[column] > FEWEST)
    return next(words, sizes.index(max(sizes)))
