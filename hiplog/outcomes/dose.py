"""Question 8, what dose and what follows: muscles by side, insertions against soreness and change of pain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiplog.clinical.muscles import MUSCLES
from hiplog.language import _
from hiplog.outcomes.about import CANNOT_TELL, About, too_few
from hiplog.outcomes.calendar import months_of
from hiplog.outcomes.cohort import CAPTION
from hiplog.outcomes.control import ControlChart, xmr_chart
from hiplog.outcomes.facts import Hip, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import FEWEST
from hiplog.outcomes.spread import Correlation, Spread, spearman_of, spread_of

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

OBSERVATIONAL = _(
    "observational: who is sorer may be needled differently, so nothing here says that the dose did it"
)

TOO_FEW = _("{cannot_tell}: {quantity} with a soreness score, a percentage needs {fewest}")
STRENGTHS = (
    (0.5, _("strongly")),
    (0.3, _("moderately")),
    (0.1, _("weakly")),
    (0.0, _("very weakly")),
)
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


Pairs = Mapping[tuple[float, float], int]


def dose(found: Tally, filters: Filters) -> Dose:
    """Answer question 8 for the sessions in the period."""
    needled = found.number("dose")
    sore, moved = ({(x, y): n for (x, y), n in found.of(kind).items()} for kind in ("sore", "moved"))
    sore_rank, moved_rank = spearman_of(sore), spearman_of(moved)
    about = About(
        key="dose",
        n=needled,
        units="sessions",
        missing=needled - sore_rank.n,
        missing_words=_("sessions whose soreness no patient was asked about"),
        period=_("sessions: {period}").format(period=filters.period),
        definition=(
            _("Insertions are skin insertions, not needles; a session stands once for each muscle and side."),
            _("Soreness is the highest score the patient gave (0-10); asked and nothing reported is 0."),
            _("Change is pain before needling at the next session of the same hip minus before this one."),
            _(
                "Correlation: Spearman's rank, sessions of one patient taken as if independent: "
                "as they are alike, the true interval is wider."
            ),
            _("Marked {observational}.").format(observational=OBSERVATIONAL),
            CAPTION,
        ),
        verdict=_verdict(sore_rank),
        needed=FEWEST - sore_rank.n if sore_rank.n < FEWEST else None,
    )
    by_month = _months(found)
    per_session = _spread(by_month.values())
    heat, chart = tuple(_heat(found)), _by_month(by_month)
    return Dose(about, per_session, chart, heat, _points(sore), sore_rank, _points(moved), moved_rank)


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


def _heat(found: Tally) -> Iterator[HeatCell]:
    sessions, holes = found.of("heat"), found.of("holes")
    order = {code: at for at, code in enumerate(MUSCLES.codes)}
    for muscle, side in sorted(sessions, key=lambda key: (order.get(key[0], len(order)), key)):
        yield HeatCell(muscle, side, sessions[muscle, side], holes[muscle, side])


def _months(found: Tally) -> dict[str, Counter[int]]:
    by_month: dict[str, Counter[int]] = defaultdict(Counter)
    for (month, insertions), n in found.of("dose").items():
        by_month[month][insertions] += n
    return by_month


def _by_month(found: Mapping[str, Counter[int]]) -> ControlChart:
    every = ((month, _spread([found[month]]) if month in found else Spread(0)) for month in months_of(found))
    return xmr_chart([(month, one.n, one.median) for month, one in every])


def _spread(counts: Iterable[Counter[int]]) -> Spread:
    every: Counter[float] = Counter()
    for one in counts:
        every.update({float(value): n for value, n in one.items()})
    return spread_of(every)


def _points(pairs: Pairs) -> tuple[DosePoint, ...]:
    return tuple(DosePoint(int(x), y, pairs[x, y]) for x, y in sorted(pairs))


def _verdict(rank: Correlation) -> str:
    if rank.n < FEWEST:
        return too_few(rank.n, "sessions", TOO_FEW)
    if rank.rho is None:
        return _("{cannot_tell}: insertions or soreness never varied").format(cannot_tell=CANNOT_TELL)
    if rank.low is None or rank.high is None or rank.low <= 0 <= rank.high:
        return _("{cannot_tell} whether soreness goes with insertions; {observational}").format(
            cannot_tell=CANNOT_TELL, observational=OBSERVATIONAL
        )
    strength = next(word for least, word in STRENGTHS if abs(rank.rho) >= least)
    sentence = (
        _("more insertions went {strength} with more soreness; {observational}")
        if rank.rho > 0
        else _("more insertions went {strength} with less soreness; {observational}")
    )
    return sentence.format(strength=strength, observational=OBSERVATIONAL)
