"""Side by side in one run: only ratios are trusted, candidates take turns, medians are reported."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Candidates = Mapping[str, Callable[[], object]]
Samples = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``ratio`` of ours to the reference, or ``value`` where there is none.

    ``low`` and ``high`` are the quartiles of the paired ratios; ``goal`` what is wanted, ``at_least`` when
    more is better.
    """

    number: int
    name: str
    ours: float
    reference: float | None
    ratio: float
    low: float
    high: float
    goal: float
    unit: str = "ms"
    against: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


def interleave(candidates: Candidates, rounds: int, warmup: int = 1) -> Samples:
    """Run every candidate once a round, in an order that turns; seconds a call.

    A candidate that returns a float has timed itself.
    """
    names = list(candidates)
    samples: Samples = {name: [] for name in names}
    for number in range(-warmup, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            gc.collect()
            start = time.perf_counter()
            told = candidates[name]()
            took = told if isinstance(told, float) else time.perf_counter() - start
            if number >= 0:
                samples[name].append(took)
    return samples


def figure(number: int, name: str, samples: Samples, goal: float, *, against: str, **more: object) -> Figure:
    """Pair the rounds of ``ours`` with those of ``reference``."""
    ours, other = samples["ours"], samples["reference"]
    ratios = [a / b for a, b in zip(ours, other, strict=True)]
    return Figure(
        number, name, statistics.median(ours) * 1e3, statistics.median(other) * 1e3, statistics.median(ratios),
        quantile(ratios, 0.25), quantile(ratios, 0.75), goal, against=against, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def plain(number: int, name: str, value: float, goal: float, unit: str, **more: object) -> Figure:
    """A count or a share that needs no reference beside it."""
    return Figure(number, name, value, None, value, value, value, goal, unit, **more)  # type: ignore[arg-type]


def quantile(values: Iterable[float], q: float) -> float:
    """Nearest-rank quantile, ``q`` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(q * len(ordered)) - 1))] if ordered else math.nan


def growth(points: Iterable[tuple[float, float]]) -> float:
    """The exponent k of time ~ size^k by least squares."""
    known = [(math.log(size), math.log(max(took, 1e-9))) for size, took in points]
    mx, my = statistics.fmean(x for x, _ in known), statistics.fmean(y for _, y in known)
    return sum((x - mx) * (y - my) for x, y in known) / sum((x - mx) ** 2 for x, _ in known)
