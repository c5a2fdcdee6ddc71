"""Question 1, do patients improve enough: pairs, the three lines, function, by visit and month of start."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from hiplog.clinical.change import RESPONDER_POINTS
from hiplog.language import _
from hiplog.outcomes.about import About, Halves, more_than_half
from hiplog.outcomes.cohort import (
    CAPTION,
    DEFINITIONS,
    MEASURED,
    MISSING,
    Lines,
    State,
    lines,
    pain_change,
    rule_words,
    together,
)
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.spread import QUARTILES, Spread, spread_of

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

MCID = RESPONDER_POINTS
FALL = Halves(
    _("more than half of the hips reached an important fall of pain"),
    _("fewer than half of the hips reached an important fall of pain"),
    _("{cannot_tell} whether more or fewer than half of the hips reached an important fall of pain; {tail}"),
)
ORDER: tuple[State, ...] = (*MEASURED, *MISSING, "baseline_zero", "group_mean")


@dataclass(frozen=True, slots=True)
class PairPoint:
    """Equal hips of the picture: pain at baseline and at the end, what they count as, how many they are."""

    baseline: Decimal | None
    final: Decimal | None
    state: State
    hips: int


@dataclass(frozen=True, slots=True)
class Function:
    """LEFS in its two columns: at least 9 points (MCID), at least 10 (beyond the hip MDC of 9.9)."""

    important: Rate
    beyond_error: Rate
    missing: int


@dataclass(frozen=True, slots=True)
class VisitPoint:
    """Change of pain before needling at the session with this ordinal, against the baseline."""

    ordinal: int
    change: Spread


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """The hips that began in a month."""

    month: str
    lines: Lines
    change: Spread


@dataclass(frozen=True, slots=True)
class Improvement:
    """The answer: ``pairs`` hold every hip, the unpaired too; ``states`` how many count as what."""

    about: About
    rule: str
    lines: Lines
    change: Spread
    pairs: tuple[PairPoint, ...]
    states: tuple[tuple[State, int], ...]
    function: Function
    by_visit: tuple[VisitPoint, ...]
    by_month: tuple[MonthPoint, ...]
    mcid: Decimal = MCID

    @property
    def unpaired(self) -> int:
        """How many started and have no pair: their own bar beside the picture."""
        return self.lines.missing


def improvement(found: Tally, filters: Filters, *, strict: bool) -> Improvement:
    """Answer question 1 for the hips begun in the period."""
    whole = together(found.ended("cause", strict=strict).values())
    counted = lines(whole)
    verdict, needed = more_than_half(counted.started, "hips", FALL)
    about = About(
        key="improvement",
        n=counted.started.n,
        units="hips",
        missing=counted.missing,
        missing_words=_("hips without a baseline or not measured again; counted as no responders"),
        period=_("hips begun: {period}; followed to their latest score").format(period=filters.period),
        definition=(*DEFINITIONS.values(), QUARTILES, CAPTION),
        verdict=verdict,
        needed=needed,
    )
    pairs = _pairs(found, strict=strict)
    return Improvement(
        about,
        rule_words(strict=strict),
        counted,
        pain_change(whole),
        pairs,
        _states(pairs),
        _function(found),
        _by_visit(found),
        _by_month(found, strict=strict),
    )


def _pairs(found: Tally, *, strict: bool) -> tuple[PairPoint, ...]:
    counts: Counter[tuple[State, float | None, float | None]] = Counter()
    for (baseline, final, either, both), n in found.of("pair").items():
        counts[both if strict else either, baseline, final] += n
    order = {state: at for at, state in enumerate(ORDER)}
    every = sorted(counts, key=lambda one: (order[one[0]], -(one[1] or 0.0), one[1] is None, one[2] or 0.0))
    return tuple(PairPoint(_score(one[1]), _score(one[2]), one[0], counts[one]) for one in every)


def _score(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def _states(pairs: Iterable[PairPoint]) -> tuple[tuple[State, int], ...]:
    counts: Counter[State] = Counter()
    for one in pairs:
        counts[one.state] += one.hips
    return tuple((state, counts[state]) for state in ORDER)


def _function(found: Tally) -> Function:
    """LEFS responses of the hips measured twice, found by the same rules as pain."""
    cells = found.of("lefs")
    missing = cells[()]
    twice = cells.total() - missing
    important = sum(n for key, n in cells.items() if key and key[0])
    beyond = sum(n for key, n in cells.items() if key and key[1])
    return Function(Rate(important, twice), Rate(beyond, twice), missing)


def _by_visit(found: Tally) -> tuple[VisitPoint, ...]:
    """Change of pain before needling at each later session, of hips with a baseline above 0."""
    changes: dict[int, Counter[float]] = defaultdict(Counter)
    for (ordinal, change), n in found.of("visit").items():
        changes[ordinal][change] += n
    return tuple(VisitPoint(ordinal, spread_of(changes[ordinal])) for ordinal in sorted(changes))


def _by_month(found: Tally, *, strict: bool) -> tuple[MonthPoint, ...]:
    """The lines of the hips that began in each month that has any."""
    by_month = sorted(found.ended("month", strict=strict).items())
    return tuple(MonthPoint(month, lines(mine), pain_change(mine)) for month, mine in by_month)
