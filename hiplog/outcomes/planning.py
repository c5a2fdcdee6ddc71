"""How many more are needed: "cannot tell yet" as a result, with the number that would tell."""

from __future__ import annotations

from math import ceil, sqrt

from hiplog.language import _
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.statistics import Z_95

Z_POWER_80 = 0.8416212335729143
"""Quantile of the normal distribution for a power of 80 %."""

POWER = _("two-sided 5 %, power 80 %")


def per_side(first: float, second: float) -> int:
    """Return how many observations a side tell two shares apart, two-sided 5 %, power 80 %.

    The usual formula with the pooled variance under no difference, without continuity correction (Fleiss,
    Levin & Paik, Statistical Methods for Rates and Proportions, 2003): 7.5 % against 15 % takes 278 a side.
    Raises ``ValueError`` when the shares are equal or outside 0 to 1.
    """
    if first == second or not (0 <= first <= 1 and 0 <= second <= 1):
        raise ValueError(f"{first} and {second} are not two different shares")
    middle = (first + second) / 2
    pooled = Z_95 * sqrt(2 * middle * (1 - middle))
    apart = Z_POWER_80 * sqrt(first * (1 - first) + second * (1 - second))
    return ceil(((pooled + apart) / (first - second)) ** 2)


def to_tell_from(rate: Rate, share: float) -> int | None:
    """Return how many more observations at the same rate would move the interval off ``share``.

    0 when it is off already, ``None`` when no number would, because the rate is ``share``, or when nothing
    was seen yet. Wilson's interval is the inverted score test, so the number needed is
    z² share (1 − share) / (rate − share)².
    """
    if rate.value is None or rate.value == share:
        return None
    needed = Z_95**2 * share * (1 - share) / (rate.value - share) ** 2
    return max(0, ceil(needed) - rate.n)
