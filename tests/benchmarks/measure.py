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
Sized = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of a ratio, and what would be better still; ``at_least`` when more is better."""

    limit: float
    stretch: float | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``ratio`` of ours to the reference, or a value where there is none.

    ``low`` and ``high`` are the quartiles of the paired ratios. ``encrypted`` and ``server`` are the times of
    the same question to an encrypted logbook and to PostgreSQL, as ratios to the plain file in the same run.
    """

    number: int
    name: str
    ours: float
    reference: float | None
    ratio: float
    low: float
    high: float
    goal: float | None
    stretch: float | None = None
    at_least: bool = False
    unit: str = "ms"
    against: str = ""
    note: str = ""
    encrypted: float | None = None
    server: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the goal is met; nothing where there is none."""
        return None if self.goal is None else _met(self.ratio, self.goal, self.at_least)

    @property
    def best(self) -> bool:
        """Whether it is as good as anybody could wish."""
        return self.stretch is not None and _met(self.ratio, self.stretch, self.at_least)


@dataclass(frozen=True, slots=True)
class Growth:
    """How long it took at each number of patients, in milliseconds, and the exponent k of time ~ size^k."""

    number: int
    name: str
    sizes: Sized
    k: float
    goal: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether it grows no faster than wanted."""
        return None if self.goal is None else self.k <= self.goal


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that could not be taken, and why."""

    number: int
    name: str
    why: str


Told = Figure | Growth | Missing


def _met(ratio: float, goal: float, at_least: bool) -> bool:
    return ratio >= goal if at_least else ratio <= goal


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


def paired(samples: Samples, name: str, base: str) -> list[float]:
    """The ratios of two candidates, round by round."""
    return [a / b for a, b in zip(samples[name], samples[base], strict=True)]


def figure(number: int, name: str, samples: Samples, goal: Goal, *, against: str, note: str = "") -> Figure:
    """Pair the rounds of ``ours`` with those of ``reference``."""
    ratios = paired(samples, "ours", "reference")
    ours, other = statistics.median(samples["ours"]) * 1e3, statistics.median(samples["reference"]) * 1e3
    return Figure(
        number, name, ours, other, statistics.median(ratios), quantile(ratios, 0.25), quantile(ratios, 0.75),
        goal.limit, goal.stretch, goal.at_least, "ms", against, note,
    )  # fmt: skip


def plain(number: int, name: str, value: float, goal: Goal, unit: str = "", note: str = "") -> Figure:
    """A count or a share that needs no reference beside it."""
    return Figure(
        number,
        name,
        value,
        None,
        value,
        value,
        value,
        goal.limit,
        goal.stretch,
        goal.at_least,
        unit,
        "",
        note,
    )


def beside(samples: Samples) -> dict[str, float]:
    """What the other engines took as ratios to the plain file: fields of :class:`Figure`."""
    return {name: statistics.median(paired(samples, name, "plain")) for name in samples if name != "plain"}


def grown(
    number: int, name: str, taken: Mapping[int, float], goal: float | None = None, note: str = ""
) -> list[Growth]:
    """The growth over at least two sizes; ``taken`` are seconds by number of patients."""
    if len(taken) < 2:
        return []
    sizes = tuple((size, round(took * 1e3, 4)) for size, took in taken.items())
    return [Growth(number, name, sizes, exponent(taken.items()), goal, note)]


def quantile(values: Iterable[float], q: float) -> float:
    """Nearest-rank quantile, ``q`` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(q * len(ordered)) - 1))] if ordered else math.nan


def exponent(points: Iterable[tuple[float, float]]) -> float:
    """The exponent k of time ~ size^k by least squares."""
    known = [(math.log(size), math.log(max(took, 1e-9))) for size, took in points]
    mx, my = statistics.fmean(x for x, _ in known), statistics.fmean(y for _, y in known)
    return sum((x - mx) * (y - my) for x, y in known) / sum((x - mx) ** 2 for x, _ in known)
