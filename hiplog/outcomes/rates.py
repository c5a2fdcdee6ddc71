"""A share with its numerator, its denominator and its interval: the only form in which a rate is handed on.

Below :data:`FEWEST` no percentage is shown, only n/N: a single patient would move it by ten points or more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hiplog.language import _, counted
from hiplog.outcomes.statistics import rule_of_three, wilson

FEWEST = 10
"""Smallest denominator with a percentage, and smallest number of episodes with a therapist's code beside it.

hiplog's own choice; no clinical authority.
"""

METHOD = _("Wilson 95 %")


@dataclass(frozen=True, slots=True)
class Rate:
    """``events`` out of ``n``. Raises ``ValueError`` when that is no share."""

    events: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.events <= self.n:
            raise ValueError(f"{self.events} of {self.n} is no share")

    @property
    def value(self) -> float | None:
        """The share from 0 to 1, ``None`` of nobody. For arithmetic; what is shown is :attr:`shown`."""
        return self.events / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson interval at 95 % (Wilson, JASA 1927), ``None`` of nobody."""
        return wilson(self.events, self.n) if self.n else None

    @property
    def suppressed(self) -> bool:
        """Whether the denominator is too small for a percentage."""
        return self.n < FEWEST

    @property
    def shown(self) -> tuple[float, float, float] | None:
        """Share, lower and upper bound, or ``None`` when suppressed."""
        if self.suppressed or self.value is None or self.interval is None:
            return None
        return (self.value, *self.interval)

    @property
    def three(self) -> float | None:
        """The upper bound by the rule of three when nothing happened (Hanley 1983), else ``None``."""
        return rule_of_three(self.n) if self.events == 0 and not self.suppressed else None

    @property
    def method(self) -> str:
        """How the interval was worked out, or why there is none."""
        return _("n below {fewest}: no percentage").format(fewest=FEWEST) if self.suppressed else METHOD

    @property
    def words(self) -> str:
        """``7/25 = 28.0 % (14.3–47.6)``; ``3/7`` when suppressed; ``none yet`` of nobody."""
        if not self.n:
            return _("none yet")
        if self.shown is None:
            return f"{self.events}/{self.n}"
        share, low, high = self.shown
        text = f"{self.events}/{self.n} = {percent(share)} % ({percent(low)}–{percent(high)})"
        return (
            text
            if self.three is None
            else _("{figure}, rule of three ≤ {bound} %").format(figure=text, bound=percent(self.three))
        )


def quantity(n: int, units: str) -> str:
    """``1 hip``, ``2 hips``, in the person's language; ``units`` is the English plural."""
    said = _QUANTITIES.get(units)
    return said(n) if said is not None else f"{n} {units.removesuffix('s') if n == 1 else units}"


_QUANTITIES: dict[str, Callable[[int], str]] = {
    "hips": lambda n: counted(n, "{count} hip", "{count} hips"),
    "sessions": lambda n: counted(n, "{count} session", "{count} sessions"),
    "therapists": lambda n: counted(n, "{count} therapist", "{count} therapists"),
    "patients": lambda n: counted(n, "{count} patient", "{count} patients"),
    "insertions": lambda n: counted(n, "{count} insertion", "{count} insertions"),
}


def percent(share: float) -> str:
    """A share as a percentage: one decimal, two below 1 %."""
    value = share * 100
    return f"{value:.2f}" if 0 < value < 1 else f"{value:.1f}"
