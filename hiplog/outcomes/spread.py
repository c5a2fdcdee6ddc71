"""Centre and spread of a set of values: median and quartiles, never a mean alone; rank correlation."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import atanh, sqrt, tanh

from hiplog.language import _
from hiplog.outcomes.statistics import Z_95

QUARTILES = _('median and quartiles, method "inclusive" (type 7)')


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
            return _("none yet")
        return _("{median:g} ({q1:g} to {q3:g}), n = {n}").format(
            median=self.median, q1=self.q1, q3=self.q3, n=self.n
        )


def spread(values: Sequence[float]) -> Spread:
    """Return median and quartiles of ``values`` by linear interpolation (``inclusive``, type 7)."""
    return spread_of(Counter(values))


def spread_of(counts: Mapping[float, int]) -> Spread:
    """Return the spread of values that were found so often each; equals that of all of them in a row."""
    values = sorted(counts)
    upto = list(accumulate(counts[value] for value in values))
    if not upto:
        return Spread(0)
    n = upto[-1]
    q1, median, q3 = (_quarter(values, upto, quarter) for quarter in (1, 2, 3))
    return Spread(n, median, q1, q3)


def _quarter(values: Sequence[float], upto: Sequence[int], quarter: int) -> float:
    # As statistics.quantiles(method="inclusive") has it, to the last bit.
    place, part = divmod(quarter * (upto[-1] - 1), 4)
    low = values[bisect_right(upto, place)]
    if not part:
        return low
    high = values[bisect_right(upto, place + 1)]
    return (low * (4 - part) + high * part) / 4


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
    return spearman_of(Counter(pairs))


def spearman_of(counts: Mapping[tuple[float, float], int]) -> Correlation:
    """Return the rank correlation of pairs that were found so often each."""
    n = sum(counts.values())
    if n < 3:
        return Correlation(n)
    rho = _pearson(counts, n)
    if rho is None or n < 10 or abs(rho) >= 1:
        return Correlation(n, rho)
    half = Z_95 * sqrt((1 + rho * rho / 2) / (n - 3))
    return Correlation(n, rho, tanh(atanh(rho) - half), tanh(atanh(rho) + half))


def _ranks(counts: Mapping[float, int]) -> dict[float, int]:
    """Twice the mean rank of each value: a whole number, so that no sum of ranks is ever rounded."""
    found, before = {}, 0
    for value in sorted(counts):
        found[value] = 2 * before + counts[value] + 1
        before += counts[value]
    return found


def _pearson(counts: Mapping[tuple[float, float], int], n: int) -> float | None:
    xs: Counter[float] = Counter()
    ys: Counter[float] = Counter()
    for (x, y), count in counts.items():
        xs[x] += count
        ys[y] += count
    right, up, middle = _ranks(xs), _ranks(ys), n + 1
    size = sqrt(_squares(xs, right, middle)) * sqrt(_squares(ys, up, middle))
    if size == 0:
        return None
    both = sum((right[x] - middle) * (up[y] - middle) * count for (x, y), count in counts.items())
    return max(-1.0, min(1.0, both / size))


def _squares(counts: Mapping[float, int], ranks: Mapping[float, int], middle: int) -> int:
    return sum((ranks[value] - middle) ** 2 * count for value, count in counts.items())
