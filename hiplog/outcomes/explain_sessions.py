"""The numbers that rest on sessions, taken apart: reactions, completeness, dose."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.language import _, p_
from hiplog.outcomes import explain_weeks
from hiplog.outcomes.completeness import RULES
from hiplog.outcomes.dose import OBSERVATIONAL, change_pair, sore_pair
from hiplog.outcomes.explanation import Asking, Explanation, Omitted, Used
from hiplog.outcomes.facts import REPORTERS, Hip, Visit
from hiplog.outcomes.rates import Rate, quantity
from hiplog.outcomes.safety import ANY, has, label
from hiplog.outcomes.spread import spearman
from hiplog.outcomes.weeks import fitting


def safety(asking: Asking, key: str) -> Explanation | None:
    """Explain the rate of a kind (``BRUISE:patient``), or a month (``month:2026-03:patient``)."""
    what, _colon, reporter = key.rpartition(":")
    if reporter not in REPORTERS or not what:
        return None
    visits = [visit for _hip, visit in asking.seen()]
    kind = what
    if what.startswith("month:"):
        kind = ANY
        visits = [visit for visit in visits if visit.month == what.removeprefix("month:")]
    used = tuple(_told(visit, kind, reporter) for visit in visits if visit.report(reporter).asked)
    unasked = tuple(
        Omitted(
            visit.patient,
            (visit.number,),
            _why(reporter, visit.report(reporter).state),
        )
        for visit in visits
        if not visit.report(reporter).asked
    )
    rule = (
        (
            _("Sessions with {kind}, of those the therapist was asked about.")
            if reporter == "therapist"
            else _("Sessions with {kind}, of those the patient was asked about.")
        ).format(kind=label(kind)),
        _("An answer to “since last time” counts for the session before."),
    )
    figure = Rate(sum(one.counts for one in used), len(used)).words
    return Explanation("safety", key, figure, rule, used, (*unasked, *asking.unread()))


def _told(visit: Visit, kind: str, reporter: str) -> Used:
    report = visit.report(reporter)
    named = ", ".join(label(one) for one in sorted(report.kinds)) or _("nothing named")
    told = _("none") if report.state == "none" else named
    return Used(visit.patient, (visit.number,), f"{visit.day}: {told}", has(report, kind))


def _why(reporter: str, state: str) -> str:
    if reporter == "therapist":
        return (
            _("the therapist was asked and did not answer")
            if state == "refused"
            else _("the therapist was not asked")
        )
    return (
        _("the patient was asked and did not answer")
        if state == "refused"
        else _("the patient was not asked")
    )


def completeness(asking: Asking, key: str) -> Explanation | None:
    """Explain a rule of the record, or one therapist's week (``week:2026-W09:DN001``)."""
    if key.startswith("week:"):
        return explain_weeks.week(asking, key)
    labels = {rule: words for rule, words, _judge in RULES}
    if key not in labels:
        return None
    found = fitting(asking.source.judged, asking.source.zone, asking.filters)
    used = tuple(
        Used(one.patient, (one.session,), p_("rule", "kept") if met else p_("rule", "broken"), met)
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
    muscle, _colon, side = key.partition(":")
    used = []
    for _hip, visit in seen:
        holes = sum(site.insertions for site in visit.sites if (site.muscle, site.side) == (muscle, side))
        if holes:
            used.append(
                Used(visit.patient, (visit.number,), f"{visit.day}: {quantity(holes, 'insertions')}", True)
            )
    if not used:
        return None
    rule = (_("Sessions in which {muscle} {side} was needled.").format(muscle=muscle, side=side),)
    return Explanation("dose", key, quantity(len(used), "sessions"), rule, tuple(used), asking.unread())


def _rank(asking: Asking, key: str, seen: Sequence[tuple[Hip, Visit]]) -> Explanation:
    used, left, pairs = [], [], []
    for hip, visit in seen:
        found = sore_pair(visit) if key == "soreness" else change_pair(hip, visit)
        if found is None:
            reason = (
                _("no soreness score of the patient") if key == "soreness" else _("no two scores in a row")
            )
            left.append(Omitted(visit.patient, (visit.number,), reason))
            continue
        pairs.append(found)
        sentence = (
            _("{insertions:g} insertions, soreness {value:g}")
            if key == "soreness"
            else _("{insertions:g} insertions, change {value:g}")
        )
        said = sentence.format(insertions=found[0], value=found[1])
        used.append(Used(visit.patient, (visit.number,), said, True))
    rank = spearman(pairs)
    figure = (
        _("no correlation can be given") if rank.rho is None else f"Spearman {rank.rho:.2f}, n = {rank.n}"
    )
    return Explanation("dose", key, figure, (OBSERVATIONAL,), tuple(used), (*left, *asking.unread()))
