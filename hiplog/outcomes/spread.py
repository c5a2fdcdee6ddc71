"""Centre and spread of a set of values: median and quartiles, never a mean alone; rank correlation."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh

from hiplog.outcomes.statistics import Z_95

QUARTILES = 'median and quartiles, method "inclusive" (type 7)'


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and quartiles of ``n`` values, all ``None`` of none."""

    n: int
    median: float | None = None
    q1: float | None = None
    q3: float | None = None

    @property
    def words(self) -> str:
        """``-3 (-4.5 to -1), n = 12``; ``none yet`` of nobody."""
        if self.median is None or self.q1 is None or self.q3 is None:
            return "none yet"
        return f"{self.median:g} ({self.q1:g} to {self.q3:g}), n = {self.n}"


def spread(values: Sequence[float]) -> Spread:
    """Return median and quartiles of ``values`` by linear interpolation (``inclusive``, type 7)."""
    if not values:
        return Spread(0)
    if len(values) == 1:
        return Spread(1, values[0], values[0], values[0])
    q1, median, q3 = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(len(values), median, q1, q3)


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rank correlation of ``n`` pairs with its 95 % interval; ``None`` where it does not exist."""

    n: int
    rho: float | None = None
    low: float | None = None
    high: float | None = None


def spearman(pairs: Sequence[tuple[float, float]]) -> Correlation:
    """Return the rank correlation of ``pairs``, ties given their mean rank.

    The interval is Fisher's with the standard error of Bonett & Wright (Psychometrika 2000); from ten pairs
    on. A variable that never varies has no correlation.
    """
    n = len(pairs)
    if n < 3:
        return Correlation(n)
    rho = _pearson(_ranks([x for x, _ in pairs]), _ranks([y for _, y in pairs]))
    if rho is None or n < 10 or abs(rho) >= 1:
        return Correlation(n, rho)
    half = Z_95 * sqrt((1 + rho * rho / 2) / (n - 3))
    return Correlation(n, rho, tanh(atanh(rho) - half), tanh(atanh(rho) + half))


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    first: dict[float, int] = {}
    count: dict[float, int] = {}
    for place, value in enumerate(order, 1):
        first.setdefault(value, place)
        count[value] = count.get(value, 0) + 1
    return [first[value] + (count[value] - 1) / 2 for value in values]


def _pearson(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    middle = (len(xs) + 1) / 2
    dx, dy = [x - middle for x in xs], [y - middle for y in ys]
    size = sqrt(sum(d * d for d in dx) * sum(d * d for d in dy))
    if size == 0:
        return None
    return max(-1.0, min(1.0, sum(a * b for a, b in zip(dx, dy, strict=True)) / size))
