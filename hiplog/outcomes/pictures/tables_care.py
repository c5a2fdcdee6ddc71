"""The numbers of the answers on care: reactions, attendance, records, dose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hiplog.clinical.code_words import said
from hiplog.language import _
from hiplog.outcomes.control import SIGNAL_WORDS
from hiplog.outcomes.pictures.entries import Entry, Listing, cut
from hiplog.outcomes.pictures.records import label, lacking
from hiplog.outcomes.rates import Rate, percent, quantity

if TYPE_CHECKING:
    from hiplog.outcomes.attendance import Attendance, AttendancePoint
    from hiplog.outcomes.control import ControlPoint
    from hiplog.outcomes.dose import Dose, DosePoint
    from hiplog.outcomes.safety import ReactionRate, Safety
    from hiplog.outcomes.spread import Correlation
    from hiplog.outcomes.weeks import Records, WeekCell

KIND = 22


def safety(found: Safety) -> Listing:
    """Every kind as each reporter told it, then every month."""
    headings = (_("asked"), _("what"), _("sessions = share (95 %)"), _("note"))
    kinds = (_kind(one) for one in found.rates)
    months = (_month(one.reporter, point) for one in found.charts for point in one.chart.points)
    return Listing(headings, (*kinds, *months))


def _kind(one: ReactionRate) -> Entry:
    figure = one.sessions.words.partition(", ")[0]
    note = "" if one.sessions.three is None else f"3/n ≤ {percent(one.sessions.three)} %"
    published = "; ".join(f"{rate.source.split(',')[0]} {rate.percent}" for rate in one.published)
    sentence = (
        _("therapists, {label}: {sessions}; patients ever {patients}")
        if one.reporter == "therapist"
        else _("patients, {label}: {sessions}; patients ever {patients}")
    )
    words = sentence.format(label=one.label, sessions=one.sessions.words, patients=one.patients.words)
    if published:
        words = _("{words}; published {rates}").format(words=words, rates=published)
    return Entry(one.key, (said(one.reporter), cut(one.label, KIND), figure, note), words)


def _month(reporter: str, point: ControlPoint) -> Entry:
    figure = Rate(point.events or 0, point.n).words.partition(", ")[0]
    signal = {"run": _("in a run of 8"), "above": _("above limit"), "below": _("below limit")}.get(
        point.signal, ""
    )
    sentence = (
        _("{month}, therapists, any reaction: {figure}")
        if reporter == "therapist"
        else _("{month}, patients, any reaction: {figure}")
    )
    words = sentence.format(month=point.label, figure=figure)
    if point.low is not None and point.high is not None and not Rate(point.events or 0, point.n).suppressed:
        words = _("{words}; limits {limits} %").format(
            words=words, limits=f"{percent(point.low)}–{percent(point.high)}"
        )
    if point.signal:
        words += f"; {SIGNAL_WORDS[point.signal]}"
    return Entry(f"month:{point.label}:{reporter}", (said(reporter), point.label, figure, signal), words)


def attendance(found: Attendance) -> Listing:
    """Measured again, stopped, then every session."""
    headings = (_("session"), _("hips = share (95 %)"), _("closed"), _("waiting"), _("stopped"))
    if not found.points:
        return Listing(headings, ())
    whole = (("remeasured", _("measured again"), found.remeasured), ("stopped", _("stopped"), found.stopped))
    first = (Entry(key, (name, rate.words, "", "", ""), f"{name}: {rate.words}") for key, name, rate in whole)
    return Listing(headings, (*first, *(_came(point) for point in found.points)))


def _came(point: AttendancePoint) -> Entry:
    ends = (str(point.closed), str(point.waiting), str(point.stopped))
    words = _(
        "came to session {ordinal}: {came}; for {closed} the last, closed; {waiting} "
        "may come again, {stopped} stopped"
    ).format(
        ordinal=point.ordinal,
        came=point.came.words,
        closed=point.closed,
        waiting=point.waiting,
        stopped=point.stopped,
    )
    return Entry(f"session:{point.ordinal}", (str(point.ordinal), point.came.words, *ends), words)


def completeness(found: Records) -> Listing:
    """Every rule, then every week of every therapist, the newest first."""
    headings = (_("rule or week"), _("sessions = share (95 %)"), _("lacking"))
    rules = tuple(
        Entry(one.rule, (label(one.rule), rate.words, ""), f"{one.label}: {rate.words}")
        for one in found.rules
        if (rate := Rate(one.passed, one.denominator)) is not None
    )
    weeks = sorted(found.weeks, key=lambda cell: cell.therapist)
    newest = sorted(weeks, key=lambda cell: cell.week, reverse=True)
    return Listing(headings, (*rules, *(_week(cell) for cell in newest)))


def _week(cell: WeekCell) -> Entry:
    lacks, sessions = lacking(cell), quantity(cell.sessions, "sessions")
    words = _("{therapist} in {week}: {sessions}, lacking {lacks}").format(
        therapist=cell.therapist, week=cell.week, sessions=sessions, lacks=lacks
    )
    return Entry(cell.key, (f"{cell.week} {cell.therapist}", sessions, lacks), words)


def dose(found: Dose) -> Listing:
    """Both correlations, then every muscle and side, then the points that are drawn."""
    if not found.about.n:
        return Listing((_("what"), _("sessions")), ())
    return Listing((_("what"), _("sessions"), _("insertions"), _("note")), tuple(_dose(found)))


def _dose(found: Dose) -> Iterator[Entry]:
    for key, name, rank in (
        ("soreness", _("insertions and soreness"), found.soreness_rank),
        ("change", _("insertions and change"), found.change_rank),
    ):
        told = _rank(rank)
        cells = (name, str(rank.n), "", told)
        yield Entry(
            key, cells, _("{name}: {told}, n = {n}; observational").format(name=name, told=told, n=rank.n)
        )
    for one in found.heat:
        name = f"{one.label} {one.side}"
        sessions, holes = quantity(one.sessions, "sessions"), quantity(one.insertions, "insertions")
        cells = (name, str(one.sessions), str(one.insertions), "")
        yield Entry(f"{one.muscle}:{one.side}", cells, f"{name}: {sessions}, {holes}")
    for key, points in (("soreness", found.soreness), ("change", found.change)):
        yield from (_point(key, point) for point in points)


def _rank(rank: Correlation) -> str:
    if rank.rho is None:
        return _("no correlation yet")
    if rank.low is None or rank.high is None:
        return f"Spearman {rank.rho:.2f}"
    return _("Spearman {rho:.2f} ({low:.2f} to {high:.2f})").format(
        rho=rank.rho, low=rank.low, high=rank.high
    )


def _point(key: str, point: DosePoint) -> Entry:
    name = (_("soreness {value:g}") if key == "soreness" else _("change {value:g}")).format(value=point.value)
    sessions, holes = quantity(point.sessions, "sessions"), quantity(point.insertions, "insertions")
    words = f"{holes}, {name}: {sessions}"
    return Entry(key, (name, str(point.sessions), str(point.insertions), _("a point drawn")), words)
