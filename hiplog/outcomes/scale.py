"""The scales of a trend: a value axis whose labels sit on rows, a true time axis, dates that do not touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from hiplog.language import days
from hiplog.outcomes.points import Series

STEPS = tuple(Decimal(step) for step in ("1", "1.5", "2", "2.5", "3", "4", "5"))
"""Leading figures of a step between two ticks that people count in."""

SCORE_UNITS = ("", "point", "points", "score", "%", "mm")
"""Units of scales that end: questionnaires, and the 100 mm line of a visual analogue scale."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis from ``low`` to ``high`` with labelled ``ticks``, rising."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def fraction(self, value: Decimal) -> float:
        """Where ``value`` lies between ``low`` (0.0) and ``high`` (1.0)."""
        return float((value - self.low) / (self.high - self.low))

    def down(self, value: Decimal, steps: int) -> Decimal:
        """How many of ``steps`` equal steps lie from the top down to ``value``; whole for a whole step."""
        return (self.high - value) * steps / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Moments laid out by their true distance between ``first`` and ``last``."""

    first: datetime
    last: datetime

    def fraction(self, at: datetime) -> float:
        """Where ``at`` lies between the first moment (0.0) and the last (1.0); 0.0 if there is but one."""
        span = (self.last - self.first).total_seconds()
        return (at - self.first).total_seconds() / span if span else 0.0


def figure(value: Decimal) -> str:
    """Write a number plainly: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_mark(unit: str) -> str:
    """What follows a number in ``unit``: a sign for degrees and percent, nothing for a bare score."""
    if unit in ("", "point", "points", "score"):
        return ""
    return {"deg": "°", "degree": "°", "degrees": "°", "°": "°"}.get(unit, f" {unit}")


def value_axis(series: Series, intervals: int) -> Axis:
    """Return the axis of ``series`` with every tick on one of ``intervals`` + 1 rows.

    A score has a fixed axis, its whole range whatever the data (pain always 0-10), so that two charts
    can be compared. A physical measurement (degrees, seconds), whose bounds only catch slips, runs from
    zero to the least round figure that holds its values and the value from which the change matters.
    A value outside the bounds widens the axis rather than being moved.
    """
    values = [point.value for point in series.points if point.value is not None]
    if series.unit in SCORE_UNITS:
        top = series.high.to_integral_value(ROUND_FLOOR)
        low, high = min([series.low, *values]), max([top, *values])
        return _exact(low, high, intervals) or _round(low, high, intervals)
    limits = values if series.limit is None else [*values, series.limit]
    return _round(min([Decimal(0), *limits]), max([Decimal(0), *limits]), intervals)


def _exact(low: Decimal, high: Decimal, intervals: int) -> Axis | None:
    """Ticks from bound to bound: in round steps, about a middle of zero, or in five whole ones."""
    for parts in (6, 5, 4, 3, 2):
        step = (high - low) / parts
        fits = intervals % parts == 0 and low % step == 0
        if fits and (step.scaleb(-step.adjusted()) in STEPS or (parts == 2 and low == -high)):
            return _axis(low, step, parts)
    step = (high - low) / 5
    return _axis(low, step, 5) if step == step.to_integral_value() and low % step == 0 else None


def _round(low: Decimal, high: Decimal, intervals: int) -> Axis:
    """Round the ends outwards, as little as equal round steps allow that each end on a row."""
    high = high if high > low else low + 1
    axes = [_covering(low, high, parts) for parts in (6, 5, 4, 3, 2) if intervals % parts == 0]
    return min(axes, key=lambda axis: axis.high - axis.low)


def _covering(low: Decimal, high: Decimal, parts: int) -> Axis:
    size = Decimal(1).scaleb(((high - low) / parts).adjusted())
    while True:
        for step in (size * leading for leading in STEPS):
            start = (low / step).to_integral_value(ROUND_FLOOR) * step
            if start + parts * step >= high:
                return _axis(start, step, parts)
        size *= 10


def _axis(low: Decimal, step: Decimal, parts: int) -> Axis:
    ticks = tuple(low + step * n for n in range(parts + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def time_scale(times: Sequence[datetime]) -> TimeScale:
    """Return the scale from the earliest to the latest of ``times``, of which there is at least one."""
    return TimeScale(min(times), max(times))


def day_label(day: date, year: bool) -> str:
    """Write a day as ``3 Feb`` or ``3 Feb 2026``: never a form that two countries read differently."""
    return days.short(day) if year else days.within_year(day)


def date_labels(stops: Sequence[tuple[int, date]], width: int, gap: int = 2) -> list[tuple[int, str]]:
    """Choose labels for dated ``stops`` (column, day) so that no two touch.

    Returns ``(start column, text)`` from left to right, each centred on its stop as far as the
    ``width`` lets it and at least ``gap`` columns from the next. The first day is always there, the
    last if it fits, then as many as fit between. The year is written on the first and wherever it differs
    from the first's.
    """
    ordered = _one_a_day(stops)
    if not ordered:
        return []
    opening = ordered[0][1]
    spans = [
        _span(column, day_label(day, day == opening or day.year != opening.year), width)
        for column, day in ordered
    ]
    placed: list[tuple[int, str]] = []
    for start, text in (spans[0], spans[-1], *spans[1:-1]):
        fits = len(text) <= width and all(_apart(start, text, *other, gap) for other in placed)
        if fits:
            placed.append((start, text))
    return sorted(placed)


def _one_a_day(stops: Sequence[tuple[int, date]]) -> list[tuple[int, date]]:
    seen: dict[date, int] = {}
    for column, day in sorted(stops, key=lambda stop: (stop[1], stop[0])):
        seen.setdefault(day, column)
    return [(column, day) for day, column in seen.items()]


def _span(column: int, text: str, width: int) -> tuple[int, str]:
    return max(0, min(column - len(text) // 2, width - len(text))), text


def _apart(start: int, text: str, other: int, placed: str, gap: int) -> bool:
    return start + len(text) + gap <= other or other + len(placed) + gap <= start
