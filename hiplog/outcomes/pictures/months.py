"""Question 4 drawn: reactions by month inside their limits, each reporter in a chart of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hiplog.clinical.reactions import BRADY_ANY_MILD
from hiplog.language import _
from hiplog.outcomes.control import POINTS_NEEDED
from hiplog.outcomes.pictures.area import DASHED, SOLID, Area, point_at, share_ticks, share_top, words_only
from hiplog.outcomes.pictures.causes import short
from hiplog.outcomes.pictures.entries import cut
from hiplog.outcomes.rates import FEWEST, percent
from hiplog.outcomes.sheet import Row, Sheet

if TYPE_CHECKING:
    from hiplog.outcomes.control import ControlPoint
    from hiplog.outcomes.safety import Asked, ReactionRate, ReporterChart, Safety

SAID = {
    "therapist": _("therapists said: yes {yes}, none {none}"),
    "patient": _("patients said: yes {yes}, none {none}"),
}
LEFT, HEAD, FOOT, GAP = 7, 2, 2, 2
LEAST_PLOT = 5
TALL, CHART_ROWS = 20, 14
"""With so many rows every kind of reaction is listed beneath charts of so many."""
FIGURES = 18
TWO_CHARTS = 64
"""Columns from which both charts stand side by side; below, that of the cursor alone."""


def draw(found: Safety, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw both reporters side by side, never added up; with room to spare, every kind beneath."""
    if not found.about.n:
        return words_only(_("no session in this period"), width, height)
    sheet = Sheet(width, height)
    kinds = max(len([rate for rate in found.rates if rate.reporter == one.reporter]) for one in found.asked)
    beneath = min(kinds, height - CHART_ROWS) if height >= TALL else 0
    charts = list(zip(found.asked, found.charts, strict=True))
    if width < TWO_CHARTS:
        patient = (at or "").endswith(":patient")
        charts = [charts[1 if patient else 0]]
    room = (width - GAP * (len(charts) - 1)) // len(charts)
    for place, (asked, one) in enumerate(charts):
        left = place * (room + GAP)
        _draw_chart(sheet, left, room, height - (beneath + 1 if beneath else 0), asked, one, at)
        if beneath:
            rates = [rate for rate in found.rates if rate.reporter == asked.reporter]
            _draw_kinds(sheet, left, room, height - beneath, rates, at)
    return sheet.lines()


def _draw_chart(
    sheet: Sheet, left: int, room: int, height: int, asked: Asked, one: ReporterChart, at: str | None
) -> None:
    sheet.put(
        left,
        0,
        cut(
            SAID[asked.reporter].format(yes=asked.yes, none=asked.none),
            room,
        ),
        "mark",
    )
    silent = _("uncounted: {not_asked} not asked, {refused} refused").format(
        not_asked=asked.not_asked, refused=asked.refused
    )
    sheet.put(left, 1, cut(silent, room), "text")
    rows, columns = height - HEAD - FOOT, room - LEFT - 1
    points = one.chart.points[-columns:]
    centre = one.chart.centre
    if rows < LEAST_PLOT or centre is None or sum(point.n for point in points) < FEWEST:
        told = _("too few answers to draw") if rows >= LEAST_PLOT else _("no room to draw")
        sheet.put(left + 2, HEAD + 1, cut(told, room - 2), "message")
        return
    top = share_top(_highest(points, centre))
    area = Area(sheet, left + LEFT, HEAD, columns, rows, (-0.5, max(len(points), 6) - 0.5), (0.0, top))
    area.left_axis(share_ticks(top))
    _draw_limits(area, points, centre, top)
    if asked.reporter == "therapist":
        _draw_published(sheet, area, points)
    _draw_points(area, points)
    keys = [f"month:{point.label}:{one.reporter}" for point in points]
    pointer = float(keys.index(at)) if at in keys else None
    area.foot_axis(_ticks(points, columns), pointer)
    _say_how_few(sheet, area, one, points)


def _highest(points: Sequence[ControlPoint], centre: float) -> float:
    """The top of the scale: every month of ten or more, and the limits of the usual ones."""
    values = [point.value for point in points if point.value is not None and point.n >= FEWEST]
    limits = sorted(point.high for point in points if point.high is not None)
    return min(1.0, max([*values, *limits[: max(1, len(limits) // 2)], centre, 0.05]))


def _draw_limits(area: Area, points: Sequence[ControlPoint], centre: float, top: float) -> None:
    area.line([(area.across[0], centre), (area.across[1], centre)], "axis", SOLID)
    for side in ("low", "high"):
        run: list[tuple[float, float]] = []
        for at, point in enumerate(points):
            value = point.low if side == "low" else point.high
            if value is None or value > top:
                area.line(run, "threshold", DASHED)
                run = []
            else:
                run += [(at - 0.5, value), (at + 0.5, value)]
        area.line(run, "threshold", DASHED)
    area.ink()


def _draw_published(sheet: Sheet, area: Area, shown: Sequence[ControlPoint]) -> None:
    """The rate that therapists reported elsewhere, faint behind the points."""
    share = float(BRADY_ANY_MILD.percent) / 100
    low, high = float(BRADY_ANY_MILD.low or 0) / 100, float(BRADY_ANY_MILD.high or 0) / 100
    if high > area.up[1]:
        return
    area.band(low, high)
    rows = range(area.top, area.top + area.rows)
    _put_free(sheet, area, shown, _("faint: Brady {share} %").format(share=percent(share)), rows)


def _say_how_few(sheet: Sheet, area: Area, one: ReporterChart, shown: Sequence[ControlPoint]) -> None:
    """At the foot, that the limits rest on few months, and what a hollow point is."""
    rows = range(area.top + area.rows - 1, area.top - 1, -1)
    if not one.chart.enough:
        _put_free(
            sheet,
            area,
            shown,
            _("limits on {counted} of {needed} months").format(
                counted=one.chart.counted, needed=POINTS_NEEDED
            ),
            rows,
        )
    if any(point.value is not None and point.n < FEWEST for point in shown):
        key, foot = f"○ n < {FEWEST}", area.top + area.rows + 1
        room = range(area.left, min(area.left + len(key) + 1, sheet.width))
        if all(sheet.at(column, foot).char == " " for column in room):
            sheet.put(area.left, foot, key, "text")


def _put_free(
    sheet: Sheet, area: Area, shown: Sequence[ControlPoint], words: str, rows: Iterable[int]
) -> None:
    """Write ``words`` at the right end of the first of ``rows`` where no point lies."""
    end = area.left + area.columns
    points = {
        area.cell(at, min(one.value, area.up[1])) for at, one in enumerate(shown) if one.value is not None
    }
    for row in rows if len(words) < area.columns else ():
        span = {(column, row) for column in range(end - len(words) - 1, end)}
        if not span & points:
            sheet.put_right(end - 1, row, words, "threshold")
            return


def _draw_points(area: Area, points: Sequence[ControlPoint]) -> None:
    for at, point in enumerate(points):
        if point.value is None:
            continue
        char = "▲" if point.signal else "●" if point.n >= FEWEST else "○"
        area.mark(at, min(point.value, area.up[1]), char, "second" if point.signal else "first")


def _ticks(points: Sequence[ControlPoint], columns: int) -> list[tuple[float, str]]:
    every = max(1, -(-len(points) * 10 // max(columns, 1)))
    return [(at, point.label) for at, point in enumerate(points) if at % every == 0]


def _draw_kinds(
    sheet: Sheet, left: int, room: int, top: int, rates: Sequence[ReactionRate], at: str | None
) -> None:
    for row, rate in enumerate(rates[: sheet.rows - top], top):
        here = rate.key == at
        point_at(sheet, left, row, here=here)
        sheet.put(left + 1, row, cut(rate.label, room - FIGURES - 2), "cursor" if here else "text")
        sheet.put_right(left + room - 1, row, short(rate.sessions), "text")
