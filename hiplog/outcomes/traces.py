"""How a series is placed: its pen, its axis, the frame of the plot, and what joins its points."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from hiplog.outcomes.braille import ACROSS, DOWN, Dot
from hiplog.outcomes.points import Point, Series
from hiplog.outcomes.scale import Axis, TimeScale

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Pen:
    """How a series is told from the other: markers for before, after and both in one cell, dash, style."""

    before: str
    after: str
    both: str
    later: str
    dash: tuple[int, int]
    style: str


PENS = (Pen("●", "○", "◉", "+", (1, 0), "first"), Pen("■", "□", "▣", "×", (3, 3), "second"))


@dataclass(frozen=True, slots=True)
class Trace:
    """A series with the means to place it: its pen, its axis and its shift in cells."""

    series: Series
    pen: Pen
    axis: Axis
    shift: int

    @property
    def last(self) -> Point:
        """The last value of the line; of any stage where none was taken before a treatment."""
        before = [point for point in self.series.measured if point.stage == "before"]
        return (before or list(self.series.measured))[-1]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things lie on the sheet: the plot of ``columns`` x ``rows`` cells begins at ``top``, ``left``.

    ``right`` is the column of the right axis, ``slots`` how many series share the columns of a visit.
    """

    top: int
    left: int
    columns: int
    rows: int
    right: int
    times: TimeScale
    slots: int
    _dots: dict[tuple[int, int], Dot] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The dots found so far, by the point, which the chart holds for as long, and the shift of its trace."""

    def column(self, at: datetime) -> int:
        """The cell column of a moment within the plot, for the first series."""
        return int(self.times.fraction(at) * (self.columns - self.slots) + 0.5)

    def dot(self, trace: Trace, point: Point) -> Dot:
        """The dot of a measured point, in the middle of a row when its value has one.

        Raises ``ValueError`` for a point without a value, which has no place.
        """
        if point.value is None:
            raise ValueError("a missing value has no place in the plot")
        known = self._dots.get((id(point), trace.shift))
        if known is not None:
            return known
        down = trace.axis.down(point.value, (self.rows - 1) * DOWN)
        dot = (self.column(point.at) + trace.shift) * ACROSS, int(down + HALF) + DOWN // 2
        self._dots[id(point), trace.shift] = dot
        return dot

    def cell(self, trace: Trace, point: Point) -> tuple[int, int]:
        """The cell that holds the dot of ``point``: its marker's place."""
        x, y = self.dot(trace, point)
        return x // ACROSS, y // DOWN

    def row(self, trace: Trace, value: Decimal) -> int:
        """The row of a value within the plot."""
        return int(trace.axis.down(value, self.rows - 1) + HALF)


def threshold(trace: Trace) -> tuple[Decimal, Decimal] | None:
    """The baseline and the value from which the change matters, if it lies on the axis."""
    baseline, limit = trace.series.baseline, trace.series.limit
    if baseline is None or baseline.value is None or limit is None:
        return None
    return (baseline.value, limit) if trace.axis.low <= limit <= trace.axis.high else None


def error_limit(trace: Trace) -> Decimal | None:
    """The value from which the change is more than measuring error, if it lies on the axis."""
    limit = trace.series.detectable
    return limit if limit is not None and trace.axis.low <= limit <= trace.axis.high else None


def runs(series: Series) -> list[list[Point]]:
    """The values before treatment in unbroken runs: a missing one ends its run."""
    runs: list[list[Point]] = [[]]
    for point in series.points:
        if point.stage == "before":
            if point.value is None:
                runs.append([])
            else:
                runs[-1].append(point)
    return [run for run in runs if run]


def drops(series: Series) -> list[tuple[Point, Point]]:
    """Each measured value after treatment with the one before it in the same visit."""
    before = {point.session: point for point in series.measured if point.stage == "before"}
    after = [point for point in series.measured if point.stage == "after"]
    return [(before[point.session], point) for point in after if point.session in before]
