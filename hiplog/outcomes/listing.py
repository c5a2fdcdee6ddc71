"""A trend in words: one row a reading or mark, for a table, a screen reader or a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hiplog.language import _
from hiplog.outcomes.captions import sign
from hiplog.outcomes.points import Chart, Mark, Point, Series
from hiplog.outcomes.scale import day_label, figure, unit_mark

STAGE_WORDS = {"before": _("before"), "after": _("after"), "follow_up": _("follow-up")}
STAGE_ORDER = tuple(STAGE_WORDS)
HEADINGS = (_("date"), _("visit"), _("when"), _("measure"), _("value"), _("change"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table, every cell as text in the order of ``HEADINGS``."""

    date: str
    visit: str
    when: str
    measure: str
    value: str
    change: str

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        """The row as a tuple."""
        return (self.date, self.visit, self.when, self.measure, self.value, self.change)


def entries(chart: Chart, room: int | None = None) -> tuple[Entry, ...]:
    """List every reading, missing ones included, and every mark of ``chart``, oldest first.

    A measure's name is shortened to fit ``room`` characters where that is given.
    """
    rows: list[tuple[datetime, int, int, Entry]] = [
        (point.at, STAGE_ORDER.index(point.stage), order, _reading(series, point, room))
        for order, series in enumerate(chart.series)
        for point in series.points
    ]
    rows += [(mark.at, len(STAGE_ORDER), 0, _marked(mark)) for mark in chart.marks]
    return tuple(entry for *_, entry in sorted(rows, key=lambda row: row[:3]))


def lines(chart: Chart) -> list[str]:
    """The table as aligned plain text under its headings; one line of words without readings."""
    found = entries(chart)
    if not found:
        return [_("no readings yet")]
    table = [HEADINGS, *(entry.cells for entry in found)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS))]
    return [
        "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in table
    ]


def change_words(series: Series, point: Point) -> str:
    """Say how ``point`` compares: an after-value with the one before it, any other with the first visit.

    ``▲ better by 3 since first, MCID`` ends in ``MCID`` where the change is at least the series' own
    figure: arithmetic, not a verdict. Empty for the first value and for one with nothing to compare.
    """
    start = _compared_with(series, point)
    if point.value is None or start is None or start.value is None or start is point:
        return ""
    gain = start.value - point.value if series.better == "lower" else point.value - start.value
    same, better, worse = IN_VISIT if point.stage == "after" else SINCE_FIRST
    if gain == 0:
        return same
    words = (better if gain > 0 else worse).format(figure=figure(abs(gain)))
    return f"{words}, MCID" if series.mcid is not None and abs(gain) >= abs(series.mcid) else words


SINCE_FIRST = (
    _("= same since first"),
    _("▲ better by {figure} since first"),
    _("▼ worse by {figure} since first"),
)
IN_VISIT = (_("= same in visit"), _("▲ better by {figure} in visit"), _("▼ worse by {figure} in visit"))


def _compared_with(series: Series, point: Point) -> Point | None:
    if point.stage != "after":
        return series.baseline
    same = (p for p in series.measured if p.session == point.session and p.stage == "before")
    return next(same, None)


def _reading(series: Series, point: Point, room: int | None) -> Entry:
    name = series.name(room)
    when = STAGE_WORDS[point.stage]
    date = day_label(point.at.date(), year=True)
    if point.value is None:
        missing = (
            _("not measured: {reason}").format(reason=point.missing_reason)
            if point.missing_reason
            else _("not measured")
        )
        return Entry(date, str(point.session), when, name, "–", missing)
    value = figure(point.value) + unit_mark(series.unit)
    return Entry(date, str(point.session), when, name, value, change_words(series, point))


def _marked(mark: Mark) -> Entry:
    return Entry(day_label(mark.at.date(), year=True), "", "", "", "", f"{sign(mark)} {mark.label}")
