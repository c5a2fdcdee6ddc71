"""Question 8, what dose and what follows: muscles by side, insertions against soreness and change of pain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from hiplog.clinical.muscles import MUSCLES
from hiplog.outcomes.about import CANNOT_TELL, About, too_few
from hiplog.outcomes.calendar import months
from hiplog.outcomes.cohort import CAPTION
from hiplog.outcomes.control import ControlChart, xmr_chart
from hiplog.outcomes.facts import Hip, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import FEWEST
from hiplog.outcomes.spread import Correlation, Spread, spearman, spread

OBSERVATIONAL = (
    "observational: who is sorer may be needled differently, so nothing here says that the dose did it"
)

STRENGTHS = ((0.5, "strongly"), (0.3, "moderately"), (0.1, "weakly"), (0.0, "very weakly"))
"""Words for a correlation of at least so much (Cohen, Statistical Power Analysis, 1988)."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How often a muscle was needled on a side: sessions, and skin insertions in all."""

    muscle: str
    side: str
    sessions: int
    insertions: int

    @property
    def label(self) -> str:
        """The muscle's name."""
        return MUSCLES[self.muscle].name if self.muscle in MUSCLES else self.muscle


@dataclass(frozen=True, slots=True)
class DosePoint:
    """``sessions`` sessions had ``insertions`` skin insertions and were followed by ``value``."""

    insertions: int
    value: float
    sessions: int


@dataclass(frozen=True, slots=True)
class Dose:
    """The answer to question 8; both correlations are of sessions, not of patients."""

    about: About
    per_session: Spread
    by_month: ControlChart
    heat: tuple[HeatCell, ...]
    soreness: tuple[DosePoint, ...]
    soreness_rank: Correlation
    change: tuple[DosePoint, ...]
    change_rank: Correlation


Pairs = list[tuple[float, float]]


def dose(seen: Sequence[tuple[Hip, Visit]], filters: Filters) -> Dose:
    """Answer question 8 for the sessions in the period."""
    needled = [(hip, visit) for hip, visit in seen if visit.sites]
    sore = [found for hip, visit in needled if (found := sore_pair(visit)) is not None]
    moved = [found for hip, visit in needled if (found := change_pair(hip, visit)) is not None]
    sore_rank, moved_rank = spearman(sore), spearman(moved)
    about = About(
        key="dose",
        n=len(needled),
        units="sessions",
        missing=len(needled) - len(sore),
        missing_words="sessions whose soreness no patient was asked about",
        period=f"sessions: {filters.period}",
        definition=(
            "Insertions are skin insertions, not needles; a session stands once for each muscle and side.",
            "Soreness is the highest score the patient gave (0-10); asked and nothing reported is 0.",
            "Change is pain before needling at the next session of the same hip minus before this one.",
            "Correlation: Spearman's rank, sessions of one patient taken as if independent: as they "
            "are alike, the true interval is wider.",
            f"Marked {OBSERVATIONAL}.",
            CAPTION,
        ),
        verdict=_verdict(sore_rank),
        needed=FEWEST - len(sore) if len(sore) < FEWEST else None,
    )
    visits = [visit for _, visit in needled]
    per_session = spread([float(visit.insertions) for visit in visits])
    heat = tuple(_heat(visits))
    return Dose(
        about, per_session, _by_month(visits), heat, _points(sore), sore_rank, _points(moved), moved_rank
    )


def sore_pair(visit: Visit) -> tuple[float, float] | None:
    """Insertions and the soreness the patient reported; ``None`` when not asked or not scored."""
    report = visit.by_patient
    if report.state == "none":
        return float(visit.insertions), 0.0
    return None if report.soreness is None else (float(visit.insertions), float(report.soreness))


def change_pair(hip: Hip, visit: Visit) -> tuple[float, float] | None:
    """Insertions and the change of pain to the hip's next session; ``None`` where a score is missing."""
    after = [one for one in hip.visits if one.ordinal == visit.ordinal + 1]
    now, then = _before(visit), _before(after[0]) if after else None
    if hip.group_mean or now is None or then is None:
        return None
    return float(visit.insertions), then - now


def _before(visit: Visit) -> float | None:
    found = [float(value.value) for value in visit.pain if value.stage == "before"]
    return found[-1] if found else None


def _heat(visits: Sequence[Visit]) -> Iterator[HeatCell]:
    sessions: Counter[tuple[str, str]] = Counter()
    holes: Counter[tuple[str, str]] = Counter()
    for visit in visits:
        sessions.update({(site.muscle, site.side) for site in visit.sites})
        for site in visit.sites:
            holes[site.muscle, site.side] += site.insertions
    order = {code: at for at, code in enumerate(MUSCLES.codes)}
    for muscle, side in sorted(sessions, key=lambda key: (order.get(key[0], len(order)), key)):
        yield HeatCell(muscle, side, sessions[muscle, side], holes[muscle, side])


def _by_month(visits: Sequence[Visit]) -> ControlChart:
    found: dict[str, list[int]] = defaultdict(list)
    for visit in visits:
        found[visit.month].append(visit.insertions)
    every = months(visit.day for visit in visits)
    return xmr_chart([(m, len(found[m]), float(median(found[m])) if found[m] else None) for m in every])


def _points(pairs: Pairs) -> tuple[DosePoint, ...]:
    counts = Counter(pairs)
    return tuple(DosePoint(int(x), y, counts[x, y]) for x, y in sorted(counts))


def _verdict(rank: Correlation) -> str:
    if rank.n < FEWEST:
        return too_few(rank.n, "sessions", " with a soreness score")
    if rank.rho is None:
        return f"{CANNOT_TELL}: insertions or soreness never varied"
    if rank.low is None or rank.high is None or rank.low <= 0 <= rank.high:
        return f"{CANNOT_TELL} whether soreness goes with insertions; {OBSERVATIONAL}"
    way = "more" if rank.rho > 0 else "less"
    strength = next(word for least, word in STRENGTHS if abs(rank.rho) >= least)
    return f"more insertions went {strength} with {way} soreness; {OBSERVATIONAL}"
