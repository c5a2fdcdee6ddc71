"""The numbers of the answers on change of pain: improvement, causes, sessions needed, therapists."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from hiplog.language import _, counted
from hiplog.outcomes.pictures.entries import Entry, Listing, cut
from hiplog.outcomes.rates import Rate, percent, quantity
from hiplog.outcomes.therapists import PLACE_WORDS

if TYPE_CHECKING:
    from hiplog.outcomes.groups import Causes, Group
    from hiplog.outcomes.improvement import Improvement
    from hiplog.outcomes.sessions_needed import SessionsNeeded
    from hiplog.outcomes.survival import Step
    from hiplog.outcomes.therapists import Funnel, TherapistPoint

SHARE = _("hips = share (95 %)")
LINES = (
    ("started", _("all who started"), _("missing counts as no responder")),
    ("completers", _("completers"), _("measured again only")),
    ("locf", _("carried forward"), _("for comparison only")),
)
STATES = {
    "responder": _("responder"),
    "non_responder": _("no responder"),
    "not_remeasured": _("not measured again"),
    "no_baseline": _("no first score"),
    "baseline_zero": _("first score 0, left out"),
    "group_mean": _("published mean, left out"),
}


def improvement(found: Improvement) -> Listing:
    """The lines, the change, function, then by session, by month, and the pairs that are drawn."""
    return Listing((_("what"), SHARE, _("note")), (*_lines(found), *_courses(found), *_pairs(found)))


def _lines(found: Improvement) -> Iterator[Entry]:
    for key, name, note in LINES:
        words = getattr(found.lines, key).words
        yield Entry(key, (name, words, note), f"{name}: {words}, {note}")
    change = found.change.words
    yield Entry(
        "pain_change",
        (_("change of pain"), change, _("median (quartiles)")),
        _("change of pain: {change}").format(change=change),
    )
    function, missing = found.function, found.function.missing
    note = _("{missing} not measured twice").format(missing=missing)
    for key, name, rate in (
        ("lefs_9", _("LEFS at least 9 better"), function.important),
        ("lefs_10", _("LEFS at least 10 better"), function.beyond_error),
    ):
        yield Entry(key, (name, rate.words, note), f"{name}: {rate.words}, {note}")


def _courses(found: Improvement) -> Iterator[Entry]:
    for one in found.by_visit:
        name = _("change by session {ordinal}").format(ordinal=one.ordinal)
        yield Entry(f"visit:{one.ordinal}", (name, one.change.words, ""), f"{name}: {one.change.words}")
    for month in found.by_month:
        name, words = _("begun {month}").format(month=month.month), month.lines.started.words
        note = month.change.words.partition(", n")[0]
        said = _("{name}: {words}; change {change}").format(name=name, words=words, change=month.change.words)
        yield Entry(f"month:{month.month}", (name, words, _("change {change}").format(change=note)), said)


def _pairs(found: Improvement) -> Iterator[Entry]:
    """The points of the picture; equal ones are one line."""
    groups = {(one.state, one.baseline, one.final): one.hips for one in found.pairs}
    order = list(STATES)
    for state, before, after in sorted(groups, key=lambda one: (order.index(one[0]), *_high(*one[1:]))):
        name = _("pain {before} → {after}").format(before=_score(before), after=_score(after))
        hips = quantity(groups[state, before, after], "hips")
        key = "completers" if state in ("responder", "non_responder") else "started"
        yield Entry(key, (name, hips, STATES[state]), f"{name}: {hips}, {STATES[state]}")


def _high(before: Decimal | None, after: Decimal | None) -> tuple[Decimal, Decimal]:
    return -(before or Decimal(0)), after or Decimal(0)


def _score(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def causes(found: Causes) -> Listing:
    """A line for each cause."""
    headings = (_("cause"), SHARE, _("missing"), _("would tell"))
    return Listing(headings, tuple(_cause(group) for group in found.split.groups))


def _cause(group: Group) -> Entry:
    rate, missing = group.lines.started, group.lines.missing
    cells = (cut(group.label, 25), rate.words, str(missing), _needed(group.needed))
    words = _("{label}: {share}, {missing} missing; change {change}").format(
        label=group.label, share=rate.words, missing=missing, change=group.change.words
    )
    if group.needed:
        words = _("{words}; {needed} more would tell").format(words=words, needed=group.needed)
    return Entry(group.key, cells, words)


def _needed(count: int | None) -> str:
    if count is None:
        return "–"
    return _("apart") if count == 0 else _("{count} more").format(count=count)


def time(found: SessionsNeeded) -> Listing:
    """The median, then every step."""
    if not found.steps:
        return Listing((_("sessions"), _("followed")), ())
    headings = (_("sessions"), _("followed"), _("reached it"), _("last seen"), _("share so far (95 %)"))
    median = _median(found)
    first = Entry(
        "median",
        (_("half had it"), "", "", "", median),
        _("half had the change: {median}").format(median=median),
    )
    return Listing(headings, (first, *(_step(step) for step in found.steps)))


def _median(found: SessionsNeeded) -> str:
    if found.median is None or found.about.needed:
        return _("cannot tell yet")
    return counted(found.median, "after {count} session", "after {count} sessions")


def _step(step: Step) -> Entry:
    share = _("too few followed") if step.shown is None else _share(step.shown)
    cells = (str(step.time), str(step.at_risk), str(step.events), str(step.censored), share)
    words = _(
        "by {sessions}: {share}; {at_risk} followed, {events} reached it then, {censored} last seen"
    ).format(
        sessions=quantity(step.time, "sessions"),
        share=share,
        at_risk=step.at_risk,
        events=step.events,
        censored=step.censored,
    )
    return Entry(f"sessions:{step.time}", cells, words)


def _share(shown: tuple[float, float, float]) -> str:
    reached, low, high = map(percent, shown)
    return f"{reached} % ({low}–{high})"


def therapists(found: Funnel) -> Listing:
    """A line for each therapist with ten hips or more, in the order of the codes."""
    headings = (_("therapist"), SHARE, _("95 % limits"), _("lies"))
    return Listing(headings, tuple(_therapist(point, found.centre) for point in found.points))


def _therapist(point: TherapistPoint, centre: Rate) -> Entry:
    limits = f"{percent(point.limits.low95)}–{percent(point.limits.high95)} %"
    outer = f"{percent(point.limits.low998)}–{percent(point.limits.high998)} %"
    words = _("{code}: {share}, {place}; limits {limits}, 99.8 %: {outer}").format(
        code=point.code,
        share=point.rate.words,
        place=PLACE_WORDS[point.place],
        limits=limits,
        outer=outer,
    )
    if centre.shown is not None:
        words = _("{words}; all {share} %").format(words=words, share=percent(centre.shown[0]))
    return Entry(point.code, (point.code, point.rate.words, limits, PLACE_WORDS[point.place]), words)
