"""The numbers that rest on sessions, taken apart: reactions, completeness, dose."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.outcomes import explain_weeks
from hiplog.outcomes.completeness import RULES
from hiplog.outcomes.dose import OBSERVATIONAL, change_pair, sore_pair
from hiplog.outcomes.explanation import Asking, Explanation, Omitted, Used
from hiplog.outcomes.facts import REPORTERS, Hip, Visit
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.safety import ANY, has, label
from hiplog.outcomes.spread import spearman
from hiplog.outcomes.weeks import fitting


def safety(asking: Asking, key: str) -> Explanation | None:
    """Explain the rate of a kind (``BRUISE:patient``), or a month (``month:2026-03:patient``)."""
    what, _, reporter = key.rpartition(":")
    if reporter not in REPORTERS or not what:
        return None
    visits = [visit for _, visit in asking.seen()]
    kind = what
    if what.startswith("month:"):
        kind = ANY
        visits = [visit for visit in visits if visit.month == what.removeprefix("month:")]
    used = tuple(_told(visit, kind, reporter) for visit in visits if visit.report(reporter).asked)
    unasked = tuple(
        Omitted(visit.patient, (visit.number,), f"the {reporter} was {_why(visit.report(reporter).state)}")
        for visit in visits
        if not visit.report(reporter).asked
    )
    rule = (
        f"Sessions with {label(kind)}, of those the {reporter} was asked about.",
        "An answer to “since last time” counts for the session before.",
    )
    figure = Rate(sum(one.counts for one in used), len(used)).words
    return Explanation("safety", key, figure, rule, used, (*unasked, *asking.unread()))


def _told(visit: Visit, kind: str, reporter: str) -> Used:
    report = visit.report(reporter)
    named = ", ".join(label(one) for one in sorted(report.kinds)) or "nothing named"
    said = f"{visit.day}: {'none' if report.state == 'none' else named}"
    return Used(visit.patient, (visit.number,), said, has(report, kind))


def _why(state: str) -> str:
    return "asked and did not answer" if state == "refused" else "not asked"


def completeness(asking: Asking, key: str) -> Explanation | None:
    """Explain a rule of the record, or one therapist's week (``week:2026-W09:DN001``)."""
    if key.startswith("week:"):
        return explain_weeks.week(asking, key)
    labels = {rule: words for rule, words, _ in RULES}
    if key not in labels:
        return None
    found = fitting(asking.source.judged, asking.source.zone, asking.filters)
    used = tuple(
        Used(one.patient, (one.session,), "kept" if met else "broken", met)
        for one in found
        for rule, met in one.met
        if rule == key
    )
    figure = Rate(sum(one.counts for one in used), len(used)).words
    return Explanation("completeness", key, figure, (labels[key],), used, ())


def dose(asking: Asking, key: str) -> Explanation | None:
    """Explain a cell of the heat map (``GMED:R``), or one of the two correlations."""
    seen = [(hip, visit) for hip, visit in asking.seen() if visit.sites]
    if key in ("soreness", "change"):
        return _rank(asking, key, seen)
    muscle, _, side = key.partition(":")
    used = []
    for _, visit in seen:
        holes = sum(site.insertions for site in visit.sites if (site.muscle, site.side) == (muscle, side))
        if holes:
            used.append(Used(visit.patient, (visit.number,), f"{visit.day}: {holes} insertions", True))
    if not used:
        return None
    rule = (f"Sessions in which {muscle} {side} was needled.",)
    return Explanation("dose", key, f"{len(used)} sessions", rule, tuple(used), asking.unread())


def _rank(asking: Asking, key: str, seen: Sequence[tuple[Hip, Visit]]) -> Explanation:
    used, left, pairs = [], [], []
    for hip, visit in seen:
        found = sore_pair(visit) if key == "soreness" else change_pair(hip, visit)
        if found is None:
            reason = "no soreness score of the patient" if key == "soreness" else "no two scores in a row"
            left.append(Omitted(visit.patient, (visit.number,), reason))
            continue
        pairs.append(found)
        said = f"{found[0]:g} insertions, {key} {found[1]:g}"
        used.append(Used(visit.patient, (visit.number,), said, True))
    rank = spearman(pairs)
    figure = "no correlation can be given" if rank.rho is None else f"Spearman {rank.rho:.2f}, n = {rank.n}"
    return Explanation("dose", key, figure, (OBSERVATIONAL,), tuple(used), (*left, *asking.unread()))
