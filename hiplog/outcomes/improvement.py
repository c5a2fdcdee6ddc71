"""Question 1, do patients improve enough: pairs, the three lines, function, by visit and month of start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hiplog.clinical.change import RESPONDER_POINTS, lefs_response
from hiplog.outcomes.about import About, more_than_half
from hiplog.outcomes.cohort import (
    CAPTION,
    DEFINITIONS,
    MEASURED,
    MISSING,
    Case,
    Lines,
    State,
    lines,
    pain_change,
    pair,
    rule_words,
)
from hiplog.outcomes.facts import FUNCTION, PAIN, Hip
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.spread import QUARTILES, Spread, spread

MCID = RESPONDER_POINTS


@dataclass(frozen=True, slots=True)
class PairPoint:
    """One hip of the picture: pain at baseline and at the end, and what it counts as."""

    patient: str
    episode: int
    side: str
    baseline: Decimal | None
    final: Decimal | None
    state: State


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
    """The answer: ``pairs`` holds every hip, the unpaired too; ``states`` how many count as what."""

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


def improvement(judged: Sequence[Case], filters: Filters, *, strict: bool) -> Improvement:
    """Answer question 1 for the hips begun in the period."""
    counted = lines(judged)
    verdict, needed = more_than_half(counted.started, "hips", "reached an important fall of pain")
    about = About(
        key="improvement",
        n=counted.started.n,
        units="hips",
        missing=counted.missing,
        missing_words="hips without a baseline or not measured again; counted as no responders",
        period=f"hips begun: {filters.period}; followed to their latest score",
        definition=(*DEFINITIONS.values(), QUARTILES, CAPTION),
        verdict=verdict,
        needed=needed,
    )
    return Improvement(
        about,
        rule_words(strict=strict),
        counted,
        pain_change(judged),
        tuple(_point(case) for case in judged),
        _states(judged),
        function([case.hip for case in judged]),
        by_visit(judged),
        by_month(judged),
    )


def _point(case: Case) -> PairPoint:
    hip, found = case.hip, case.pair
    final = found.final.value if found.final and case.state in MEASURED else None
    return PairPoint(hip.patient, hip.number, hip.side, found.baseline, final, case.state)


def _states(judged: Sequence[Case]) -> tuple[tuple[State, int], ...]:
    order: tuple[State, ...] = (*MEASURED, *MISSING, "baseline_zero", "group_mean")
    return tuple((state, sum(case.state == state for case in judged)) for state in order)


def function(hips: Sequence[Hip]) -> Function:
    """Count LEFS responses of the hips measured twice, found by the same rules as pain."""
    own = [hip for hip in hips if not hip.group_mean]
    pairs = [pair(hip, FUNCTION) for hip in own]
    found = [
        response
        for one in pairs
        if one.final is not None and (response := lefs_response(one.baseline, one.final.value)) is not None
    ]
    important = sum(response.important for response in found)
    beyond = sum(response.beyond_error for response in found)
    return Function(Rate(important, len(found)), Rate(beyond, len(found)), len(own) - len(found))


def by_visit(judged: Sequence[Case]) -> tuple[VisitPoint, ...]:
    """Change of pain before needling at each later session, of hips with a baseline above 0."""
    found: dict[int, list[float]] = defaultdict(list)
    for case in judged:
        baseline = case.pair.baseline
        if baseline is None or case.locf is None:
            continue
        for visit in case.hip.visits[1:]:
            before = [value.value for value in visit.values(PAIN) if value.stage == "before"]
            if before:
                found[visit.ordinal].append(float(before[-1] - baseline))
    return tuple(VisitPoint(ordinal, spread(found[ordinal])) for ordinal in sorted(found))


def by_month(judged: Sequence[Case]) -> tuple[MonthPoint, ...]:
    """The lines of the hips that began in each month that has any."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in judged:
        found[case.hip.first.month].append(case)
    return tuple(MonthPoint(month, lines(mine), pain_change(mine)) for month, mine in sorted(found.items()))
