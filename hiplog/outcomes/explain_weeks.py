"""One therapist's week of records taken apart: each session, and what it lacks."""

from __future__ import annotations

from hiplog.language import _
from hiplog.outcomes.calendar import week as week_of
from hiplog.outcomes.completeness import Judged
from hiplog.outcomes.explanation import Asking, Explanation, Used
from hiplog.outcomes.weeks import LACK_WORDS, LACKS, fitting

RULE = _(
    "Sessions of one therapist in one ISO week; those that lack something count, once however much it is."
)


def week(asking: Asking, key: str) -> Explanation | None:
    """Explain ``week:2026-W09:DN001``; ``None`` when that therapist had no session in that week."""
    _week, _colon, rest = key.partition(":")
    wanted, _colon, therapist = rest.partition(":")
    source = asking.source
    found = [
        one
        for one in fitting(source.judged, source.zone, asking.filters)
        if one.therapist == therapist
        and "signed" in dict(one.met)
        and week_of(one.occurred_at.astimezone(source.zone).date()) == wanted
    ]
    if not found:
        return None
    used = tuple(_used(one) for one in found)
    lacking = sum(one.counts for one in used)
    return Explanation(
        "completeness",
        key,
        _("{lacking} of {used} lack something").format(lacking=lacking, used=len(used)),
        (RULE,),
        used,
        (),
    )


def _used(one: Judged) -> Used:
    met = dict(one.met)
    lacks = [LACK_WORDS[lack] for lack, rule in LACKS.items() if met.get(rule) is False]
    return Used(
        one.patient,
        (one.session,),
        _("lacks: {lacks}").format(lacks=", ".join(lacks) or _("nothing")),
        bool(lacks),
    )
