"""Question 7, are records complete and on time: every rule, and what is lacking by therapist and ISO week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hiplog.language import _
from hiplog.outcomes.about import CANNOT_TELL, About
from hiplog.outcomes.completeness import Completeness, Judged, added
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import FEWEST, METHOD, Rate

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

SESSIONS = "sessions"
LACKS = {
    "unsigned": "signed",
    "late": "signed_24h",
    "no_consent": "consent",
    "no_outcome": "pain_before",
    "count_mismatch": "needles",
}
"""What a week lacks, and the rule of :mod:`hiplog.outcomes.completeness` that it breaks."""

LACK_WORDS = {
    "unsigned": _("unsigned"),
    "late": _("late"),
    "no_consent": _("no consent"),
    "no_outcome": _("no outcome"),
    "count_mismatch": _("count mismatch"),
}
LACK_COUNTS = {
    "unsigned": _("{count} unsigned"),
    "late": _("{count} late"),
    "no_consent": _("{count} no consent"),
    "no_outcome": _("{count} no outcome"),
    "count_mismatch": _("{count} count mismatch"),
}

COMPLETE = 0.9
"""The share of sessions from which a rule counts as kept: hiplog's own choice."""


@dataclass(frozen=True, slots=True)
class WeekCell:
    """One therapist's sessions of one ISO week, and how many lack what. Counts only, never a share."""

    therapist: str
    week: str
    sessions: int
    unsigned: int
    late: int
    no_consent: int
    no_outcome: int
    count_mismatch: int

    @property
    def key(self) -> str:
        """``week:2026-W09:DN001``."""
        return f"week:{self.week}:{self.therapist}"

    @property
    def lacking(self) -> int:
        """Everything lacking; one session may lack several things."""
        return self.unsigned + self.late + self.no_consent + self.no_outcome + self.count_mismatch


@dataclass(frozen=True, slots=True)
class Records:
    """The answer to question 7."""

    about: About
    rules: tuple[Completeness, ...]
    weeks: tuple[WeekCell, ...]

    def rate(self, rule: str) -> Rate:
        """The share that keeps ``rule``; ``KeyError`` for an unknown one."""
        return {one.rule: Rate(one.passed, one.denominator) for one in self.rules}[rule]


def records(found: Tally, filters: Filters) -> Records:
    """Answer question 7 for the sessions in the period."""
    rules = added({(rule, met): n for (rule, met), n in found.of("rule").items()})
    sessions = next(one.denominator for one in rules if one.rule == "signed")
    about = About(
        key="completeness",
        n=sessions,
        units="sessions",
        missing=next(one.denominator - one.passed for one in rules if one.rule == "signed"),
        missing_words=_("sessions not signed yet"),
        period=_("sessions: {period}").format(period=filters.period),
        definition=(
            _("Sessions entered here, drafts among them, void and imported ones not."),
            _(
                "Late: signed more than 24 h after the visit, or still unsigned after that. No "
                "outcome: no pain score before needling. Count mismatch: needles in and out, or "
                "opened and to sharps, differ as signed; a later correction does not undo that."
            ),
            _("Intervals: {method}.").format(method=METHOD),
        ),
        verdict=_verdict(rules),
    )
    return Records(about, rules, _by_week(found))


def fitting(every: Iterable[Judged], zone: ZoneInfo, filters: Filters) -> tuple[Judged, ...]:
    """The judged sessions and follow-ups that the filters let through."""
    return tuple(
        one
        for one in every
        if filters.holds(one.occurred_at.astimezone(zone).date())
        and filters.cause in (None, one.cause)
        and filters.side in (None, one.side)
        and filters.therapist in (None, one.therapist)
    )


def _by_week(found: Tally) -> tuple[WeekCell, ...]:
    cells = found.of("week")
    places = {what: at for at, what in enumerate((SESSIONS, *LACKS))}
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(places))
    for (therapist, week, what), n in cells.items():
        counts[therapist, week][places[what]] = n
    return tuple(WeekCell(*key, *counts[key]) for key in sorted(counts))


def _verdict(rules: Sequence[Completeness]) -> str:
    large = [one for one in rules if one.denominator >= FEWEST]
    if not large:
        return _("{cannot_tell}: no rule applies to {fewest} sessions").format(
            cannot_tell=CANNOT_TELL, fewest=FEWEST
        )
    weak = [one.label for one in large if one.passed < COMPLETE * one.denominator]
    if not weak:
        return _("every rule is kept in at least {complete:.0f} % of sessions").format(
            complete=COMPLETE * 100
        )
    return _("kept in fewer than {complete:.0f} %: {weak}").format(
        complete=COMPLETE * 100, weak="; ".join(weak)
    )
