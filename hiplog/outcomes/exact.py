"""Exact binomial arithmetic: distribution, Clopper–Pearson interval, limits of a funnel."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from math import exp, lgamma, log, log1p

STEPS = 60
"""Halvings of the range from 0 to 1: finer than a float can tell."""


def pmf(k: int, n: int, p: float) -> float:
    """Return the chance of exactly ``k`` events in ``n`` when each has chance ``p``."""
    if not 0 <= k <= n:
        return 0.0
    if p in (0.0, 1.0):
        return float(k == n * p)
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(p) + (n - k) * log1p(-p))


def cdf(k: int, n: int, p: float) -> float:
    """Return the chance of at most ``k`` events in ``n``, summed over the smaller tail."""
    if k >= n or p in (0.0, 1.0):
        return float(k >= n * p)
    odds = (1 - p) / p
    tail, term = 0.0, 0.0
    if k <= n * p:
        term = pmf(k, n, p)
        for i in range(k, -1, -1):
            tail += term
            term *= odds * i / (n - i + 1)
        return min(1.0, tail)
    term = pmf(k + 1, n, p)
    for i in range(k + 1, n + 1):
        tail += term
        term *= (n - i) / ((i + 1) * odds)
    return max(0.0, 1 - tail)


def clopper_pearson(events: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of ``events`` out of ``n`` (Clopper & Pearson, Biometrika 1934).

    Each bound is the share at which what was seen, or more extreme, has half of 1 − ``level``. Raises
    ``ValueError`` when ``events`` of ``n`` is no share.
    """
    if n < 1 or not 0 <= events <= n:
        raise ValueError(f"{events} of {n} is no share")
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else _solve(lambda p: 1 - cdf(events - 1, n, p) < tail)
    high = 1.0 if events == n else _solve(lambda p: cdf(events, n, p) > tail)
    return low, high


def _solve(below: Callable[[float], bool]) -> float:
    """Return where ``below`` turns from true to false between 0 and 1, by halving."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def prediction_limits(n: int, p: float, level: float) -> tuple[float, float]:
    """Return between which shares ``level`` of samples of ``n`` fall when the true share is ``p``.

    Exact binomial quantiles, interpolated between whole counts so that the limits of a funnel run smoothly
    (Spiegelhalter, Stat Med 2005, appendix A.1.1). The upper limit is the lower one of the opposite event, so
    that both tails are treated alike and a line is never crossed by a count that its own tail allows: ``k``
    of ``n`` lies below the lower limit exactly when the chance of ``k`` or fewer is less than half of
    1 − ``level``, above the upper one exactly when that of ``k`` or more is. A share of 0 or 1 has no spread.
    """
    if n < 1 or not 0 <= p <= 1:
        raise ValueError(f"no limits for n = {n}, share {p}")
    if p in (0.0, 1.0):
        return p, p
    tail = (1 - level) / 2
    return _lower(tail, n, p), 1 - _lower(tail, n, 1 - p)


@lru_cache(maxsize=256)
def _cumulative(n: int, p: float) -> tuple[float, ...]:
    return tuple(accumulate(pmf(k, n, p) for k in range(n + 1)))


def _lower(tail: float, n: int, p: float) -> float:
    """The share of the first count whose lower tail reaches ``tail``, moved back to where it would do so."""
    sums = _cumulative(n, p)
    count = min(bisect_left(sums, tail), n)
    below, reached = sums[count - 1] if count else 0.0, sums[count]
    back = (reached - tail) / (reached - below) if reached > below else 0.0
    return min(1.0, max(0.0, (count - max(0.0, back)) / n))
