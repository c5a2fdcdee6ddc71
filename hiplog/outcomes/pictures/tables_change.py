"""The numbers of the answers on change of pain: improvement, causes, sessions needed, therapists."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from hiplog.outcomes.pictures.entries import Entry, Listing, cut
from hiplog.outcomes.rates import Rate, percent, quantity

if TYPE_CHECKING:
    from hiplog.outcomes.groups import Causes, Group
    from hiplog.outcomes.improvement import Improvement
    from hiplog.outcomes.sessions_needed import SessionsNeeded
    from hiplog.outcomes.survival import Step
    from hiplog.outcomes.therapists import Funnel, TherapistPoint

SHARE = "hips = share (95 %)"
LINES = (
    ("started", "all who started", "missing counts as no responder"),
    ("completers", "completers", "measured again only"),
    ("locf", "carried forward", "for comparison only"),
)
STATES = {
    "responder": "responder",
    "non_responder": "no responder",
    "not_remeasured": "not measured again",
    "no_baseline": "no first score",
    "baseline_zero": "first score 0, left out",
    "group_mean": "published mean, left out",
}


def improvement(found: Improvement) -> Listing:
    """The lines, the change, function, then by session, by month, and the pairs that are drawn."""
    return Listing(("what", SHARE, "note"), (*_lines(found), *_courses(found), *_pairs(found)))


def _lines(found: Improvement) -> Iterator[Entry]:
    for key, name, note in LINES:
        words = getattr(found.lines, key).words
        yield Entry(key, (name, words, note), f"{name}: {words}, {note}")
    change = found.change.words
    yield Entry("pain_change", ("change of pain", change, "median (quartiles)"), f"change of pain: {change}")
    function, missing = found.function, found.function.missing
    note = f"{missing} not measured twice"
    for key, name, rate in (
        ("lefs_9", "LEFS at least 9 better", function.important),
        ("lefs_10", "LEFS at least 10 better", function.beyond_error),
    ):
        yield Entry(key, (name, rate.words, note), f"{name}: {rate.words}, {note}")


def _courses(found: Improvement) -> Iterator[Entry]:
    for one in found.by_visit:
        name = f"change by session {one.ordinal}"
        yield Entry(f"visit:{one.ordinal}", (name, one.change.words, ""), f"{name}: {one.change.words}")
    for month in found.by_month:
        name, words = f"begun {month.month}", month.lines.started.words
        note = month.change.words.partition(", n")[0]
        said = f"{name}: {words}; change {month.change.words}"
        yield Entry(f"month:{month.month}", (name, words, f"change {note}"), said)


def _pairs(found: Improvement) -> Iterator[Entry]:
    """The points of the picture; equal ones are one line."""
    groups = {(one.state, one.baseline, one.final): one.hips for one in found.pairs}
    order = list(STATES)
    for state, before, after in sorted(groups, key=lambda one: (order.index(one[0]), *_high(*one[1:]))):
        name = f"pain {_score(before)} → {_score(after)}"
        hips = quantity(groups[state, before, after], "hips")
        key = "completers" if state in ("responder", "non_responder") else "started"
        yield Entry(key, (name, hips, STATES[state]), f"{name}: {hips}, {STATES[state]}")


def _high(before: Decimal | None, after: Decimal | None) -> tuple[Decimal, Decimal]:
    return -(before or Decimal(0)), after or Decimal(0)


def _score(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def causes(found: Causes) -> Listing:
    """A line for each cause."""
    headings = ("cause", SHARE, "missing", "would tell")
    return Listing(headings, tuple(_cause(group) for group in found.split.groups))


def _cause(group: Group) -> Entry:
    rate, missing = group.lines.started, group.lines.missing
    cells = (cut(group.label, 25), rate.words, str(missing), _needed(group.needed))
    words = f"{group.label}: {rate.words}, {missing} missing; change {group.change.words}"
    if group.needed:
        words += f"; {group.needed} more would tell"
    return Entry(group.key, cells, words)


def _needed(count: int | None) -> str:
    if count is None:
        return "–"
    return "apart" if count == 0 else f"{count} more"


def time(found: SessionsNeeded) -> Listing:
    """The median, then every step."""
    if not found.steps:
        return Listing(("sessions", "followed"), ())
    headings = ("sessions", "followed", "reached it", "last seen", "share so far (95 %)")
    median = _median(found)
    first = Entry("median", ("half had it", "", "", "", median), f"half had the change: {median}")
    return Listing(headings, (first, *(_step(step) for step in found.steps)))


def _median(found: SessionsNeeded) -> str:
    if found.median is None or found.about.needed:
        return "cannot tell yet"
    return f"after {quantity(found.median, 'sessions')}"


def _step(step: Step) -> Entry:
    share = "too few followed" if step.shown is None else _share(step.shown)
    cells = (str(step.time), str(step.at_risk), str(step.events), str(step.censored), share)
    words = (
        f"by {quantity(step.time, 'sessions')}: {share}; {step.at_risk} followed, {step.events} reached it "
        f"then, {step.censored} last seen"
    )
    return Entry(f"sessions:{step.time}", cells, words)


def _share(shown: tuple[float, float, float]) -> str:
    reached, low, high = map(percent, shown)
    return f"{reached} % ({low}–{high})"


def therapists(found: Funnel) -> Listing:
    """A line for each therapist with ten hips or more, in the order of the codes."""
    headings = ("therapist", SHARE, "95 % limits", "lies")
    return Listing(headings, tuple(_therapist(point, found.centre) for point in found.points))


def _therapist(point: TherapistPoint, centre: Rate) -> Entry:
    limits = f"{percent(point.limits.low95)}–{percent(point.limits.high95)} %"
    outer = f"{percent(point.limits.low998)}–{percent(point.limits.high998)} %"
    words = f"{point.code}: {point.rate.words}, {point.place}; limits {limits}, 99.8 %: {outer}"
    if centre.shown is not None:
        words += f"; all {percent(centre.shown[0])} %"
    return Entry(point.code, (point.code, point.rate.words, limits, point.place), words)
