"""Explain a number: the rule behind it, the sessions it rests on, and what it leaves out and why.

Every number of the dashboard has a key within its question (:func:`keys`); explaining it counts the same
hips or sessions again, one by one.
"""

from __future__ import annotations

from collections.abc import Callable

from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.outcomes import dashboard as board
from hiplog.outcomes import explain_change as change
from hiplog.outcomes import explain_sessions as sessions
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.dashboard import Dashboard, Source
from hiplog.outcomes.explanation import Asking, Explanation
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.gather import therapists
from hiplog.storage.unit import Unit

Explainer = Callable[[Asking, str], Explanation | None]

EXPLAINERS: dict[str, Explainer] = {
    "improvement": change.improvement,
    "causes": change.cause,
    "time": change.time,
    "safety": sessions.safety,
    "therapists": change.therapist,
    "attendance": change.attendance,
    "completeness": sessions.completeness,
    "dose": sessions.dose,
}


def explain(
    unit: Unit, question: str, key: str, filters: Filters | None = None, strict: bool = False
) -> Explanation:
    """Explain the number ``key`` of ``question``; ``BadInput`` names the known ones when there is none."""
    wanted = board.known(therapists(unit), filters or Filters())
    return explained(board.read(unit, None, wanted), question, key, wanted, strict)


def explained(source: Source, question: str, key: str, filters: Filters, strict: bool = False) -> Explanation:
    """Explain a number from what was read already."""
    if question not in EXPLAINERS:
        raise BadInput(
            _("{question!r} is no question; known: {questions}").format(
                question=question[:40], questions=", ".join(QUESTIONS)
            )
        )
    found = EXPLAINERS[question](Asking(source, filters, strict), key)
    if found is None:
        known = keys(board.answer(source, filters, strict))[question]
        listed = ", ".join(known[:12]) or _("none yet")
        raise BadInput(
            _("{key!r} is no number of {question}; there are: {listed}").format(
                key=key[:40], question=question, listed=listed
            )
        )
    return found


def keys(shown: Dashboard) -> dict[str, tuple[str, ...]]:
    """Every key that can be explained, by question."""
    improvement, safety = shown.improvement, shown.safety
    months = tuple(f"month:{one.month}" for one in improvement.by_month)
    visits = tuple(f"visit:{one.ordinal}" for one in improvement.by_visit)
    charted = tuple(
        f"month:{point.label}:{one.reporter}" for one in safety.charts for point in one.chart.points
    )
    return {
        "improvement": (*change.LINES, "pain_change", "lefs_9", "lefs_10", *visits, *months),
        "causes": tuple(one.key for one in shown.causes.split.groups),
        "time": ("median", *(f"sessions:{step.time}" for step in shown.time.steps)),
        "safety": (*(one.key for one in safety.rates), *charted),
        "therapists": tuple(one.code for one in shown.therapists.points),
        "attendance": (
            "remeasured",
            "stopped",
            *(f"session:{one.ordinal}" for one in shown.attendance.points),
        ),
        "completeness": (
            *(one.rule for one in shown.completeness.rules),
            *(one.key for one in shown.completeness.weeks),
        ),
        "dose": ("soreness", "change", *(f"{one.muscle}:{one.side}" for one in shown.dose.heat)),
    }
