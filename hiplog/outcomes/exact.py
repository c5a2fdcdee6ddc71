"""Exact binomial arithmetic: distribution, Clopper–Pearson interval, limits of a funnel."""

from __future__ import annotations

from math import exp, floor, lgamma, log, log1p, sqrt

STEPS = 200
"""More than Newton's steps and halvings together ever take."""

NEAR = 1e-15
FAR, FAR_DEVIATIONS = 60, 12


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
            if tail + term == tail:
                break  # every term after it is smaller still
            tail += term
            term *= odds * i / (n - i + 1)
        return min(1.0, tail)
    term = pmf(k + 1, n, p)
    for i in range(k + 1, n + 1):
        if tail + term == tail:
            break
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
    low = 0.0 if events == 0 else _solve(events - 1, n, 1 - tail)
    high = 1.0 if events == n else _solve(events, n, tail)
    return low, high


def _solve(k: int, n: int, chance: float) -> float:
    """Return the share at which at most ``k`` of ``n`` have ``chance``: Newton's steps, else halvings.

    The chance falls as the share grows; its slope is -n times the chance of ``k`` events in ``n`` - 1.
    """
    low, high = 0.0, 1.0
    share = (k + 0.5) / n
    for _ in range(STEPS):
        over = cdf(k, n, share) - chance
        low, high = (share, high) if over > 0 else (low, share)
        slope = n * pmf(k, n - 1, share)
        closer = share + over / slope if slope > 0 else low
        if not low < closer < high:
            closer = (low + high) / 2
        if abs(closer - share) <= NEAR * share:
            return closer
        share = closer
    return share


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


def _lower(tail: float, n: int, p: float) -> float:
    """The share of the first count whose lower tail reaches ``tail``, moved back to where it would do so."""
    # What lies further below the mean has no chance that a float could add to the tail.
    spread = max(FAR, FAR_DEVIATIONS * sqrt(n * p * (1 - p)))
    count = max(0, floor(n * p - spread))
    term = pmf(count, n, p)
    below, reached = 0.0, term
    while reached < tail and count < n:
        term *= p * (n - count) / ((1 - p) * (count + 1))
        count += 1
        below, reached = reached, reached + term
    back = (reached - tail) / (reached - below) if reached > below else 0.0
    return min(1.0, max(0.0, (count - max(0.0, back)) / n))
