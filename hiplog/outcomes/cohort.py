"""Each hip from before to after: its baseline, its final value, and what it counts as in each line.

The definitions, in the words that stand beside every figure, are :data:`DEFINITIONS`. A value of the first
session other than its baseline never counts as a result: minutes after a needle is not an outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from hiplog.clinical.change import pain_responder, responder_rule
from hiplog.language import _
from hiplog.outcomes.exclusions import WHY
from hiplog.outcomes.facts import PAIN, Hip, Value, Visit
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.spread import Spread, spread_of

State = Literal["responder", "non_responder", "not_remeasured", "no_baseline", "baseline_zero", "group_mean"]
STATE_WORDS: dict[State, str] = {
    "responder": _("responder"),
    "non_responder": _("no responder"),
    "not_remeasured": _("not measured again at a later session"),
    "no_baseline": _("no score before the first needling"),
    "baseline_zero": WHY["baseline_zero"],
    "group_mean": WHY["group_mean"],
}
MEASURED: tuple[State, ...] = ("responder", "non_responder")
MISSING: tuple[State, ...] = ("not_remeasured", "no_baseline")
EXCLUDED: tuple[State, ...] = ("baseline_zero", "group_mean")

CAPTION = _(
    "uncontrolled before–after; includes natural recovery and regression to the mean; not proof of effect"
)
DEFINITIONS = {
    "unit": (
        _(
            "One hip is counted once: an episode, that is one side of one patient with one "
            "cause. Two hips of one patient are two and are taken as independent."
        )
    ),
    "baseline": _("Baseline is pain now (NPRS 0-10) before needling at the episode's first signed session."),
    "final": (
        _(
            "Final is the latest score of a later session, taken before needling or at its "
            "follow-up; a score straight after needling stands in only where no later "
            "session has another."
        )
    ),
    "started": (
        _(
            "All who started: every hip with a first session; one that was not measured, at "
            "the start or again, counts as no responder. A baseline of 0 cannot improve and "
            "is left out."
        )
    ),
    "completers": _("Completers: hips with a baseline above 0 and a final score."),
    "locf": (
        _(
            "Last observation carried forward: hips with a baseline above 0; one not "
            "measured again keeps its last score of any kind, even the baseline. For "
            "comparison only, never as the result."
        )
    ),
    "change": _("Change is final minus baseline of completers: below 0 is less pain."),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The baseline of a hip, its final value and the last one of any kind, with the visits they stand at."""

    baseline: Decimal | None = None
    final: Value | None = None
    final_visit: Visit | None = None
    last: Value | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A hip judged: ``state`` says what it counts as, ``locf`` whether its last value responded."""

    hip: Hip
    pair: Pair
    state: State
    locf: bool | None

    @property
    def change(self) -> Decimal | None:
        """Final minus baseline of a completer: negative is less pain."""
        if self.state not in MEASURED or self.pair.final is None or self.pair.baseline is None:
            return None
        return self.pair.final.value - self.pair.baseline


class Ended(NamedTuple):
    """What a hip came to: ``change`` of a completer only, below 0 less pain."""

    state: State
    locf: bool | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Lines:
    """The three ways to count the same hips; ``excluded`` are in none of them."""

    started: Rate
    completers: Rate
    locf: Rate
    excluded: int

    @property
    def missing(self) -> int:
        """How many started and have no pair of scores."""
        return self.started.n - self.completers.n


def pair(hip: Hip, measure: str) -> Pair:
    """Find baseline, final and last value of ``measure`` by the rules of :data:`DEFINITIONS`."""
    before = [value for value in hip.first.values(measure) if value.stage == "before"]
    later = [(value, visit) for visit in hip.visits[1:] for value in visit.values(measure)]
    resting = [found for found in later if found[0].resting]
    final, visit = max(reversed(resting or later), key=lambda found: found[0].at, default=(None, None))
    every = [value for visit in hip.visits for value in visit.values(measure)]
    last = final or (every[-1] if every else None)
    return Pair(before[-1].value if before else None, final, visit, last)


def cases(hips: Sequence[Hip], *, strict: bool = False) -> tuple[Case, ...]:
    """Judge every hip by pain, either of the two rules being enough unless ``strict``."""
    return tuple(_case(hip, pair(hip, PAIN), strict) for hip in hips)


def _case(hip: Hip, found: Pair, strict: bool) -> Case:
    if hip.group_mean:
        return Case(hip, found, "group_mean", None)
    if found.baseline is None:
        return Case(hip, found, "no_baseline", None)
    if found.baseline == 0:
        return Case(hip, found, "baseline_zero", None)
    last = found.last.value if found.last else None
    carried = pain_responder(found.baseline, last, strict=strict).responded
    if found.final is None:
        return Case(hip, found, "not_remeasured", carried)
    judged = pain_responder(found.baseline, found.final.value, strict=strict).responded
    return Case(hip, found, "responder" if judged else "non_responder", judged)


def ended(judged: Iterable[Case]) -> Counter[Ended]:
    """Count what the hips came to."""
    return Counter(
        Ended(case.state, case.locf, None if case.change is None else float(case.change)) for case in judged
    )


def lines(found: Counter[Ended]) -> Lines:
    """Count the three lines."""
    responders = sum(n for one, n in found.items() if one.state == "responder")
    started = sum(n for one, n in found.items() if one.state not in EXCLUDED)
    measured = sum(n for one, n in found.items() if one.state in MEASURED)
    followed = sum(n for one, n in found.items() if one.locf is not None)
    carried = sum(n for one, n in found.items() if one.locf)
    return Lines(
        Rate(responders, started),
        Rate(responders, measured),
        Rate(carried, followed),
        found.total() - started,
    )


def pain_change(found: Counter[Ended]) -> Spread:
    """Median and quartiles of the change of completers."""
    changes: Counter[float] = Counter()
    for one, n in found.items():
        if one.change is not None:
            changes[one.change] += n
    return spread_of(changes)


def together(groups: Iterable[Counter[Ended]]) -> Counter[Ended]:
    """Lay groups together that share no hip."""
    found: Counter[Ended] = Counter()
    for group in groups:
        found.update(group)
    return found


def rule_words(*, strict: bool) -> str:
    """Name the responder rule with its source."""
    return _("{rule} of pain from the baseline (Farrar, Pain 2001)").format(
        rule=responder_rule(strict=strict)
    )
