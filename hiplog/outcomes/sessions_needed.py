"""Question 3, how many sessions to a real change: Kaplan–Meier in sessions given, drop-outs censored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiplog.clinical.change import pain_responder
from hiplog.language import _, counted
from hiplog.outcomes.about import CANNOT_TELL, About, too_few
from hiplog.outcomes.cohort import CAPTION, Case, rule_words
from hiplog.outcomes.facts import PAIN
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import FEWEST
from hiplog.outcomes.survival import METHOD, Step, kaplan_meier_of, median_time

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

BAND = (3, 6)
"""Sessions within which no response asks for a medical review: hiplog's own choice."""


@dataclass(frozen=True, slots=True)
class Course:
    """One hip: after how many sessions the change was seen, or until when it was not."""

    case: Case
    sessions: int
    reached: bool


@dataclass(frozen=True, slots=True)
class SessionsNeeded:
    """The answer: a step for each number of sessions given; ``median`` when half had the change."""

    about: About
    steps: tuple[Step, ...]
    median: int | None
    band: tuple[int, int] = BAND

    def at(self, sessions: int) -> Step | None:
        """The last step at or before so many sessions."""
        return next((step for step in reversed(self.steps) if step.time <= sessions), None)


def course(case: Case, *, strict: bool) -> Course | None:
    """Follow one hip through its resting scores; ``None`` without a baseline above 0.

    A score before needling at the third session was reached by two sessions, one at its follow-up by three.
    """
    baseline = case.pair.baseline
    if baseline is None or case.locf is None:
        return None
    seen = 0
    for visit in case.hip.visits[1:]:
        for value in visit.values(PAIN):
            if not value.resting:
                continue
            seen = max(seen, visit.ordinal - (value.stage == "before"))
            if pain_responder(baseline, value.value, strict=strict).responded:
                return Course(case, seen, True)
    return Course(case, seen, False)


def courses(judged: Sequence[Case], *, strict: bool) -> tuple[Course, ...]:
    """Every hip that can be followed."""
    found = (course(case, strict=strict) for case in judged)
    return tuple(one for one in found if one is not None)


def sessions_needed(found: Tally, filters: Filters, *, strict: bool) -> SessionsNeeded:
    """Answer question 3 for the hips begun in the period."""
    cells = found.of("course_strict" if strict else "course")
    followed = cells.total()
    steps = kaplan_meier_of({(sessions, reached): n for (sessions, reached), n in cells.items()})
    median = median_time(steps)
    about = About(
        key="time",
        n=followed,
        units="hips",
        missing=sum(n for (sessions, _reached), n in cells.items() if sessions == 0),
        missing_words=_("hips never measured again: they leave at 0 sessions"),
        period=_("hips begun: {period}").format(period=filters.period),
        definition=(
            _("Change: the first {rule}, before needling or at a follow-up.").format(
                rule=rule_words(strict=strict)
            ),
            _(
                "Time is the number of sessions given before that score. Who left, or has not "
                "come that far, is counted until the last score and no longer (censored)."
            ),
            _(
                "It takes leaving to be unrelated to pain; where the better or the worse leave "
                "first, it misleads."
            ),
            METHOD,
            CAPTION,
        ),
        verdict=_verdict(followed, steps, median),
        needed=FEWEST - followed if followed < FEWEST else None,
    )
    return SessionsNeeded(about, steps, median)


def _verdict(n: int, steps: Sequence[Step], median: int | None) -> str:
    if n < FEWEST:
        return too_few(n, "hips")
    if median is None:
        return _("{cannot_tell}: fewer than half had the change by their last score").format(
            cannot_tell=CANNOT_TELL
        )
    thin = next((step.at_risk for step in steps if step.time == median), 0) < FEWEST
    if thin:
        return counted(
            median,
            "half had the change after {count} session (but fewer than {fewest} hips were still followed)",
            "half had the change after {count} sessions (but fewer than {fewest} hips were still followed)",
            fewest=FEWEST,
        )
    return counted(
        median, "half had the change after {count} session", "half had the change after {count} sessions"
    )
