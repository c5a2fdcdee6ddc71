"""The points of a trend: frozen values that the terminal chart, the report's figure, JSON and CSV share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Point:
    """One reading in time. ``value`` is ``None`` only with a ``missing_reason``.

    ``at`` is an aware datetime in the zone it shall be shown in; ``session`` the visit's number per
    patient from 1; ``stage`` is ``"before"``, ``"after"`` or ``"follow_up"``; ``tester`` a
    practitioner code; ``mode`` how it was taken (``"active"``, ``"passive"``); ``device`` the instrument, in
    the words of the clinic.
    """

    at: datetime
    value: Decimal | None
    session: int
    stage: str
    tester: str | None = None
    mode: str | None = None
    missing_reason: str | None = None
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one measure on one side, oldest first.

    ``low`` and ``high`` bound the measure in ``unit`` and so its axis; ``better`` names the direction
    of improvement; ``mcid`` is the smallest change that matters to patients, ``mdc`` the smallest that is
    more than measuring error, each ``None`` where none is published.
    """

    measure: str
    label: str
    unit: str
    side: str | None
    better: Literal["lower", "higher"]
    low: Decimal
    high: Decimal
    points: tuple[Point, ...] = ()
    mcid: Decimal | None = None
    mdc: Decimal | None = None

    @property
    def measured(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)

    @property
    def baseline(self) -> Point | None:
        """The first value taken before a treatment: what every later one is compared with."""
        return next((point for point in self.measured if point.stage == "before"), None)

    @property
    def limit(self) -> Decimal | None:
        """The value from which the change since the baseline reaches the MCID; ``None`` if unknown."""
        return self._better_by(self.mcid)

    @property
    def detectable(self) -> Decimal | None:
        """The value from which the change since the baseline is beyond the MDC; ``None`` if unknown."""
        return self._better_by(self.mdc)

    def _better_by(self, least: Decimal | None) -> Decimal | None:
        if least is None or self.baseline is None or self.baseline.value is None:
            return None
        return self.baseline.value + (-abs(least) if self.better == "lower" else abs(least))

    def name(self, room: int | None = None) -> str:
        """The label with its side; in ``room`` characters shortened to its first words or to the code."""
        side = f" {self.side}" if self.side else ""
        if room is None:
            return self.label + side
        short = self.label.partition(",")[0]
        return (short if len(short + side) <= room else self.measure) + side


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to the series rather than in it: a reaction, a change of rater.

    ``kind`` is ``"reaction"`` for an unwanted effect, ``"co_treatment"`` for what was done beside needling,
    any other code for a note on the measurement; ``label`` is its word.
    """

    at: datetime
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What one picture shows: the series, first the one on the left axis, and the marks on the dates."""

    series: tuple[Series, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was measured yet."""
        return not any(series.measured for series in self.series)

    @property
    def times(self) -> tuple[datetime, ...]:
        """Every moment the chart must find room for, in order."""
        stamps = {point.at for series in self.series for point in series.points}
        return tuple(sorted(stamps | {mark.at for mark in self.marks}))
