"""Kaplan–Meier: how many sessions until a change, those who left before counted for as long as they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from hiplog.language import _
from hiplog.outcomes.rates import FEWEST
from hiplog.outcomes.statistics import Z_95

METHOD = _("Kaplan–Meier (1958); 95 % interval log(−log) with Greenwood's variance")


@dataclass(frozen=True, slots=True)
class Step:
    """One time: who was at risk, who had the event, who left, and the share still without the event.

    ``low`` and ``high`` are the 95 % bounds of ``without``.
    """

    time: int
    at_risk: int
    events: int
    censored: int
    without: float
    low: float
    high: float

    @property
    def reached(self) -> float:
        """The share that had the event by this time. For arithmetic; what is shown is :attr:`shown`."""
        return 1 - self.without

    @property
    def shown(self) -> tuple[float, float, float] | None:
        """Share that had the event and its bounds, ``None`` once fewer than ten are still followed."""
        if self.at_risk < FEWEST:
            return None
        return self.reached, 1 - self.high, 1 - self.low


def kaplan_meier(times: Sequence[int], happened: Sequence[bool]) -> tuple[Step, ...]:
    """Return a step for every time at which somebody had the event or was last seen without it.

    An event and a departure at the same time count the event first, as is usual. Raises ``ValueError`` when
    the two sequences differ in length.
    """
    return kaplan_meier_of(Counter(zip(times, happened, strict=True)))


def kaplan_meier_of(counts: Mapping[tuple[int, bool], int]) -> tuple[Step, ...]:
    """Return the steps of so many at each time, with the event or without it."""
    events = Counter({time: n for (time, had), n in counts.items() if had})
    left = Counter({time: n for (time, had), n in counts.items() if not had})
    steps = []
    at_risk, without, variance = events.total() + left.total(), 1.0, 0.0
    for time in sorted(events.keys() | left.keys()):
        without *= 1 - events[time] / at_risk
        if events[time] < at_risk:
            variance += events[time] / (at_risk * (at_risk - events[time]))
        low, high = _bounds(without, variance)
        steps.append(Step(time, at_risk, events[time], left[time], without, low, high))
        at_risk -= events[time] + left[time]
    return tuple(steps)


def median_time(steps: Sequence[Step]) -> int | None:
    """Return the first time by which half had the event, ``None`` while fewer have."""
    half = 0.5 + 1e-12  # a product of fractions may miss one half by a rounding
    return next((step.time for step in steps if step.without <= half), None)


def _bounds(without: float, variance: float) -> tuple[float, float]:
    if not 0 < without < 1:
        return without, without
    slope = Z_95 * sqrt(variance) / log(without)
    middle = log(-log(without))
    return exp(-exp(middle - slope)), exp(-exp(middle + slope))
