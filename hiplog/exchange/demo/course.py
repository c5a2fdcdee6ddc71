"""The course of one hip over its visits: pain, motion and function, falling mostly but not always."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal

from hiplog.clinical.measures import MEASURES
from hiplog.exchange.demo.cases import Case

Ending = Literal["better", "same", "worse"]
WORSE = 0.22
"""Of those who do not respond, the share that gets worse."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a hip fares: pain at the start (0-10), the share of it that goes, how fast, and motion."""

    case: Case
    ending: Ending
    start: float
    relief: float
    pace: float
    motion: int
    gain: int
    age: int

    def pain(self, rng: Random, visit: int) -> int:
        """Pain before needling at ``visit`` (from 0), with the day's ups and downs."""
        return _whole(self._level(visit) + rng.gauss(0, 0.45), 0, 10)

    def afterwards(self, rng: Random, before: int) -> int:
        """Pain straight after needling: mostly a little less, now and then a little more."""
        eased = before - rng.choices((-1, 0, 1, 2, 3), (5, 25, 42, 23, 5))[0]
        return _whole(eased, 0, 10)

    def degrees(self, rng: Random, visit: int) -> int:
        """Motion in degrees before needling at ``visit``."""
        measure = MEASURES[self.case.motion]
        reached = self.motion + self.gain * self._share(visit)
        return _whole(reached + rng.gauss(0, 1.8), int(measure.low), int(measure.high))

    def function(self, rng: Random, visit: int) -> Decimal:
        """LEFS (0-80) at ``visit``: less with more pain, with age and with a stiff joint."""
        lost = 4.3 * self._level(visit) + self.case.score + max(0, self.age - 55) * 0.25
        return Decimal(_whole(78 - lost + rng.gauss(0, 2.2), 4, 80))

    def _level(self, visit: int) -> float:
        return self.start * (1 - self.relief * self._share(visit))

    def _share(self, visit: int) -> float:
        return 1 - math.exp(-visit / self.pace)


def begin(rng: Random, case: Case, age: int) -> Course:
    """Return the course of a new episode."""
    ending: Ending = "better" if rng.random() < case.responds else "same"
    if ending == "same" and rng.random() < WORSE:
        ending = "worse"
    low, high = {"better": (0.5, 0.95), "same": (-0.05, 0.2), "worse": (-0.45, -0.2)}[ending]
    start = min(max(rng.gauss(6.0, 1.3), 3.4), 6.5 if ending == "worse" else 9.0)
    normal = int(MEASURES[case.motion].normal or 0)
    stiff = min(max(rng.gauss(case.stiff, 0.08), 0.3), 0.95)
    relief = rng.uniform(low, high)
    return Course(
        case=case,
        ending=ending,
        start=start,
        relief=relief,
        pace=rng.uniform(1.1, 2.4),
        motion=round(normal * stiff),
        gain=round(normal * (1 - stiff) * relief * rng.uniform(0.4, 0.9)),
        age=age,
    )


def _whole(value: float, low: int, high: int) -> int:
    return min(max(round(value), low), high)
