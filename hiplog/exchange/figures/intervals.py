"""Dots with their intervals: one row a group, in the order given, never ranked by the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import CHAR, Drawing, Marker
from hiplog.language import _
from hiplog.outcomes.rates import Rate

WIDTH, TOP, ROW = 760, 12, 30
NAMES, WORDS = 240, 212
FOOT, NOTE = 44, 17
LEAST_BAND = 3
"""Pixels of a published rate that is a point."""


@dataclass(frozen=True, slots=True)
class Row:
    """A group: its ``label``, dot and ends of the interval (``None``: not shown), and the figures in words.

    ``published`` are ranges of others, drawn faint behind this row alone.
    """

    label: str
    words: str
    middle: float | None = None
    low: float | None = None
    high: float | None = None
    shape: Marker = "disc"
    published: tuple[tuple[float, float], ...] = ()


def of_rate(
    label: str, rate: Rate, shape: Marker = "disc", published: tuple[tuple[float, float], ...] = ()
) -> Row:
    """Return the row of a share; a suppressed one has no dot, only its words."""
    if rate.shown is None:
        words = rate.words if not rate.n else _("{words}: too few for a rate").format(words=rate.words)
        return Row(label, words, shape=shape, published=published)
    share, low, high = rate.shown
    said = rate.words.partition(", ")[0]
    return Row(label, said, share, low, high, shape, published)


def intervals(
    rows: Sequence[Row],
    name: str,
    title: str,
    axis: str,
    *,
    line: tuple[float, str] | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Draw ``rows``, shares of 1, on one scale.

    ``line`` is a share to compare with, drawn through all rows, and its word; ``notes`` stand beneath.
    """
    height = TOP + ROW * len(rows) + FOOT + NOTE * (len(notes) + (line is not None))
    sheet = Drawing(name, title, _description(rows), WIDTH, height)
    plot = _frame(rows, line)
    for number, row in enumerate(rows):
        for low, high in row.published:
            width = max(plot.x(high) - plot.x(low), LEAST_BAND)
            sheet.rect(plot.x(low), TOP + ROW * number + 3, width, ROW - 6, "published")
    for tick in plot.across.ticks:
        sheet.line((plot.x(tick), plot.top), (plot.x(tick), plot.bottom), "rule")
    frame.draw_across(sheet, plot, [frame.percent_tick(tick) for tick in plot.across.ticks], axis)
    if line is not None:
        sheet.line((plot.x(line[0]), plot.top), (plot.x(line[0]), plot.bottom), "limit")
    for number, row in enumerate(rows):
        _draw_row(sheet, plot, row, TOP + ROW * (number + 0.5))
    said = [*notes, *([_("dashed: {words}").format(words=line[1])] if line is not None else [])]
    for number, words in enumerate(said):
        sheet.text(2, plot.bottom + 53 + NOTE * number, words, "s")
    return sheet.svg()


def _frame(rows: Sequence[Row], line: tuple[float, str] | None) -> frame.Frame:
    ends = list(_ends(rows)) + ([line[0]] if line is not None else [])
    across = frame.share_scale(max(ends, default=1.0))
    return frame.Frame(NAMES, TOP, WIDTH - NAMES - WORDS, ROW * len(rows), across, frame.scale(0, 1))


def _ends(rows: Sequence[Row]) -> Iterator[float]:
    for row in rows:
        yield from (end for end in (row.low, row.middle, row.high) if end is not None)
        for pair in row.published:
            yield from pair


def _draw_row(sheet: Drawing, plot: frame.Frame, row: Row, y: float) -> None:
    lines = _wrapped(row.label, int((NAMES - 14) / CHAR))
    for number, words in enumerate(lines):
        sheet.text(NAMES - 12, y + 4 + 13 * (number - (len(lines) - 1) / 2), words, "t", "end")
    sheet.text(plot.right + 14, y + 4, row.words, "s")
    if row.low is not None and row.high is not None:
        left, right = plot.x(row.low), plot.x(row.high)
        sheet.line((left, y), (right, y), "whisker")
        for end in (left, right):
            sheet.line((end, y - 4), (end, y + 4), "whisker")
    if row.middle is not None:
        sheet.marker((plot.x(row.middle), y), row.shape, "m1", 5, says=f"{row.label}: {row.words}")


def _wrapped(label: str, letters: int) -> list[str]:
    """A label on at most two lines of so many letters."""
    found = wrap(label, letters)
    return found if len(found) < 3 else [found[0], found[1][: letters - 1] + "…"]


def _description(rows: Sequence[Row]) -> str:
    return "; ".join(f"{row.label}: {row.words}" for row in rows) or _("nothing to draw yet")
