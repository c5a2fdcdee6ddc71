"""Statistics of shares: what an interval round a rate is, in plain arithmetic."""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054
"""Quantile of the normal distribution that leaves 2.5 % on each side."""


def wilson(successes: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """Return the score interval of ``successes`` out of ``n`` as two shares of 1 (Wilson 1927).

    It stays inside 0 and 1 and is usable for small ``n`` and rare events. Raises ``ValueError`` when ``n``
    is not positive or ``successes`` lies outside 0 to ``n``.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    share = successes / n
    square = z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == n else min(1.0, middle + half)
    return low, high


def rule_of_three(n: int) -> float:
    """Return the upper 95 % bound of a rate when none of ``n`` had the event: 3/n (Hanley 1983), up to 1."""
    if n < 1:
        raise ValueError("no observation, no bound")
    return min(1.0, 3 / n)
