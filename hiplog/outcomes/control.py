"""Control charts: whether a month differs from the clinic's own usual by more than chance.

A signal is a reason to look, not a finding. Limits rest on the clinic's own points, so about twenty are
needed (Benneyan, Qual Saf Health Care 2003; Mohammed, Qual Saf Health Care 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from typing import Literal

from hiplog.language import _

Signal = Literal["", "above", "below", "run"]
SIGNAL_WORDS: dict[Signal, str] = {
    "": "",
    "above": _("above the upper limit"),
    "below": _("below the lower limit"),
    "run": _("one of 8 or more in a row on one side"),
}

POINTS_NEEDED = 20
RUN = 8
XMR = 2.66
"""3 divided by 1.128, the expected range of two normal values (Montgomery)."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One month: ``value`` is ``None`` when there was nothing to count, ``events`` of ``n`` for a share."""

    label: str
    n: int
    value: float | None
    events: int | None = None
    low: float | None = None
    high: float | None = None
    signal: Signal = ""


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Points round their ``centre``, ``None`` when nothing was counted yet."""

    kind: str
    centre: float | None
    points: tuple[ControlPoint, ...]

    @property
    def counted(self) -> int:
        """How many points have a value."""
        return sum(point.value is not None for point in self.points)

    @property
    def enough(self) -> bool:
        """Whether there are as many points as limits need."""
        return self.counted >= POINTS_NEEDED

    @property
    def signals(self) -> tuple[ControlPoint, ...]:
        """The points that chance alone would seldom give."""
        return tuple(point for point in self.points if point.signal)

    @property
    def words(self) -> str:
        """What can be said: too few points, no signal, or which."""
        if not self.counted:
            return _("nothing to draw yet")
        if not self.enough:
            return _("cannot tell yet: {counted} of about {needed} months that limits need").format(
                counted=self.counted, needed=POINTS_NEEDED
            )
        if not self.signals:
            return _("no month stands out")
        alone = [f"{p.label} {SIGNAL_WORDS[p.signal]}" for p in self.signals if p.signal != "run"]
        run = [point.label for point in self.signals if point.signal == "run"]
        if run:
            alone.append(
                _("{count} months between {first} and {last} in rows of {run} or more on one side").format(
                    count=len(run), first=run[0], last=run[-1], run=RUN
                )
            )
        return "; ".join(alone)


def p_chart(months: Sequence[tuple[str, int, int]]) -> ControlChart:
    """Return the chart of shares: ``months`` are (label, events, n), n may differ and may be 0.

    Limits are p̄ ± 3·sqrt(p̄(1 − p̄)/n), clipped to 0 and 1.
    """
    total = sum(n for _, _, n in months)
    centre = sum(events for _, events, _ in months) / total if total else None
    points = [_share(label, events, n, centre) for label, events, n in months]
    return ControlChart("p", centre, _signalled(points, centre))


def xmr_chart(months: Sequence[tuple[str, int, float | None]]) -> ControlChart:
    """Return the chart of single values: ``months`` are (label, n, value), the value ``None`` for a gap.

    Limits are the mean ± 2.66 times the mean moving range; a gap parts two neighbours no further.
    """
    values = [value for _, _, value in months if value is not None]
    centre = sum(values) / len(values) if values else None
    half = None
    if len(values) > 1:
        half = XMR * sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    points = [ControlPoint(label, n, value) for label, n, value in months]
    if centre is not None and half is not None:
        points = [replace(point, low=centre - half, high=centre + half) for point in points]
    return ControlChart("XmR", centre, _signalled(points, centre))


def _share(label: str, events: int, n: int, centre: float | None) -> ControlPoint:
    if not n or centre is None:
        return ControlPoint(label, n, None, events)
    half = 3 * sqrt(centre * (1 - centre) / n)
    return ControlPoint(label, n, events / n, events, max(0.0, centre - half), min(1.0, centre + half))


def _signalled(points: Sequence[ControlPoint], centre: float | None) -> tuple[ControlPoint, ...]:
    if sum(point.value is not None for point in points) < POINTS_NEEDED:
        return tuple(points)  # limits of so few months are not to be crossed yet
    in_runs = _runs(points, centre)
    return tuple(replace(point, signal=_signal(point, at in in_runs)) for at, point in enumerate(points))


def _signal(point: ControlPoint, in_run: bool) -> Signal:
    # A thousandth of a millionth of slack: a limit reached by rounding alone is not crossed.
    if point.value is not None and point.high is not None and point.value > point.high + 1e-9:
        return "above"
    if point.value is not None and point.low is not None and point.value < point.low - 1e-9:
        return "below"
    return "run" if in_run else ""


def _runs(points: Sequence[ControlPoint], centre: float | None) -> set[int]:
    """Return the places of points in a run of 8; a point on the centre line neither adds nor breaks."""
    found: set[int] = set()
    run: list[int] = []
    side = 0
    for at, point in enumerate(points):
        if point.value is None or centre is None or point.value == centre:
            continue
        here = 1 if point.value > centre else -1
        run = [*run, at] if here == side else [at]
        side = here
        if len(run) >= RUN:
            found.update(run)
    return found
