"""Question 3 drawn: the share of hips that reached a real change, by sessions given (Kaplan–Meier)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.outcomes.pictures.area import LOOSE, SOLID, Area, share_ticks, words_only
from hiplog.outcomes.rates import FEWEST, quantity
from hiplog.outcomes.sheet import Row, Sheet

if TYPE_CHECKING:
    from hiplog.outcomes.sessions_needed import SessionsNeeded
    from hiplog.outcomes.survival import Step

LEFT, RIGHT, HEAD, FOOT = 10, 2, 1, 3
LEAST = 6
"""Sessions on the axis at least, so that the band has its place."""
MOST = 24


def draw(found: SessionsNeeded, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw the curve as far as ten hips are followed, and beneath it how many still are."""
    hips = found.steps[0].at_risk if found.steps else 0
    if hips < FEWEST:
        return words_only(
            _("cannot tell yet: {quantity} followed, a curve needs {fewest}").format(
                quantity=quantity(hips, "hips"), fewest=FEWEST
            ),
            width,
            height,
        )
    shown = [step for step in found.steps if step.shown is not None and step.time <= MOST]
    last = max(LEAST, min(MOST, found.steps[-1].time))
    sheet = Sheet(width, height)
    area = Area(sheet, LEFT, HEAD, width - LEFT - RIGHT, height - HEAD - FOOT, (0, last + 0.5), (0.0, 1.0))
    _draw_band(sheet, area, found.band)
    area.left_axis(share_ticks(1.0))
    ends = shown[-1].time + 1 if len(shown) < len(found.steps) else last
    ends = min(ends, last)
    for pick in (1, 2):
        area.line(_stairs([(s.time, s.shown[pick]) for s in shown if s.shown], ends), "threshold", LOOSE)
    area.line(_stairs([(s.time, s.reached) for s in shown], ends), "first", SOLID)
    area.ink()
    _draw_left(area, shown)
    _draw_foot(sheet, area, found, at, last)
    low, high = found.band
    sheet.put(
        0,
        0,
        _("share with a real change; ┊ sessions {low}–{high}: without one, a review").format(
            low=low, high=high
        ),
        "text",
    )
    if ends < last:
        _say_why(sheet, area, ends)
    return sheet.lines()


def _stairs(values: Sequence[tuple[int, float]], last: int) -> list[tuple[float, float]]:
    spots, height = [(0.0, 0.0)], 0.0
    for time, value in values:
        spots += [(time, height), (time, value)]
        height = value
    return [*spots, (last, height)]


def _draw_band(sheet: Sheet, area: Area, band: tuple[int, int]) -> None:
    first, last = (area.cell(session, 0.0)[0] for session in band)
    sheet.band(first, last, range(area.top, area.top + area.rows))
    for column in (first, last):
        for row in range(area.top, area.top + area.rows):
            sheet.put(column, row, "┊", "threshold")


def _say_why(sheet: Sheet, area: Area, ends: int) -> None:
    """Say beside the end of the curve why it ends."""
    words, column = _("fewer than {fewest} followed").format(fewest=FEWEST), area.cell(ends, 0.0)[0] + 2
    if column + len(words) <= sheet.width:
        sheet.put(column, area.top + area.rows - 2, words, "text")


def _draw_left(area: Area, shown: Sequence[Step]) -> None:
    """A tick where hips were last seen without the change."""
    for step in shown:
        if step.censored and step.time:
            area.mark(step.time, step.reached, "+", "first")


def _draw_foot(sheet: Sheet, area: Area, found: SessionsNeeded, at: str | None, last: int) -> None:
    word, _colon, session = (at or "").partition(":")
    pointer = min(float(session), last) if word == "sessions" else None
    if at == "median" and found.median is not None:
        pointer = min(found.median, last)
    area.foot_axis([(time, str(time)) for time in range(last + 1)], pointer)
    row = area.top + area.rows + 2
    sheet.put(0, row, _("followed"), "text")
    free = 10
    for time in range(last + 1):
        words = str(next((step.at_risk for step in found.steps if step.time >= time), 0))
        start = area.cell(time, 0.0)[0] - len(words) // 2
        if start >= free:
            sheet.put(start, row, words, "text")
            free = start + len(words) + 1
    sheet.put(0, row - 1, _("sessions"), "text")
