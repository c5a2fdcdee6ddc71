"""The numbers of the answers on care: reactions, attendance, records, dose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
    headings = ("asked", "what", "sessions = share (95 %)", "note")
    kinds = (_kind(one) for one in found.rates)
    months = (_month(one.reporter, point) for one in found.charts for point in one.chart.points)
    return Listing(headings, (*kinds, *months))


def _kind(one: ReactionRate) -> Entry:
    figure, _, three = one.sessions.words.partition(", ")
    note = three.replace("rule of three ", "3/n ")
    published = "; ".join(f"{rate.source.split(',')[0]} {rate.percent}" for rate in one.published)
    words = f"{one.reporter}s, {one.label}: {one.sessions.words}; patients ever {one.patients.words}"
    if published:
        words += f"; published {published}"
    return Entry(one.key, (one.reporter, cut(one.label, KIND), figure, note), words)


def _month(reporter: str, point: ControlPoint) -> Entry:
    figure = Rate(point.events or 0, point.n).words.partition(", ")[0]
    signal = {"run": "in a run of 8", "above": "above limit", "below": "below limit"}.get(point.signal, "")
    words = f"{point.label}, {reporter}s, any reaction: {figure}"
    if point.low is not None and point.high is not None and not Rate(point.events or 0, point.n).suppressed:
        words += f"; limits {percent(point.low)}–{percent(point.high)} %"
    if point.signal:
        words += f"; {SIGNAL_WORDS[point.signal]}"
    return Entry(f"month:{point.label}:{reporter}", (reporter, point.label, figure, signal), words)


def attendance(found: Attendance) -> Listing:
    """Measured again, stopped, then every session."""
    headings = ("session", "hips = share (95 %)", "closed", "waiting", "stopped")
    if not found.points:
        return Listing(headings, ())
    whole = (("remeasured", "measured again", found.remeasured), ("stopped", "stopped", found.stopped))
    first = (Entry(key, (name, rate.words, "", "", ""), f"{name}: {rate.words}") for key, name, rate in whole)
    return Listing(headings, (*first, *(_came(point) for point in found.points)))


def _came(point: AttendancePoint) -> Entry:
    ends = (str(point.closed), str(point.waiting), str(point.stopped))
    words = (
        f"came to session {point.ordinal}: {point.came.words}; for {point.closed} the last, closed; "
        f"{point.waiting} may come again, {point.stopped} stopped"
    )
    return Entry(f"session:{point.ordinal}", (str(point.ordinal), point.came.words, *ends), words)


def completeness(found: Records) -> Listing:
    """Every rule, then every week of every therapist, the newest first."""
    headings = ("rule or week", "sessions = share (95 %)", "lacking")
    rules = tuple(
        Entry(one.rule, (label(one.rule), rate.words, ""), f"{one.label}: {rate.words}")
        for one in found.rules
        if (rate := Rate(one.passed, one.denominator)) is not None
    )
    weeks = sorted(found.weeks, key=lambda cell: cell.therapist)
    newest = sorted(weeks, key=lambda cell: cell.week, reverse=True)
    return Listing(headings, (*rules, *(_week(cell) for cell in newest)))


def _week(cell: WeekCell) -> Entry:
    said, sessions = lacking(cell), quantity(cell.sessions, "sessions")
    words = f"{cell.therapist} in {cell.week}: {sessions}, lacking {said}"
    return Entry(cell.key, (f"{cell.week} {cell.therapist}", sessions, said), words)


def dose(found: Dose) -> Listing:
    """Both correlations, then every muscle and side, then the points that are drawn."""
    if not found.about.n:
        return Listing(("what", "sessions"), ())
    return Listing(("what", "sessions", "insertions", "note"), tuple(_dose(found)))


def _dose(found: Dose) -> Iterator[Entry]:
    for key, name, rank in (
        ("soreness", "insertions and soreness", found.soreness_rank),
        ("change", "insertions and change", found.change_rank),
    ):
        told = _rank(rank)
        cells = (name, str(rank.n), "", told)
        yield Entry(key, cells, f"{name}: {told}, n = {rank.n}; observational")
    for one in found.heat:
        name = f"{one.label} {one.side}"
        sessions, holes = quantity(one.sessions, "sessions"), quantity(one.insertions, "insertions")
        cells = (name, str(one.sessions), str(one.insertions), "")
        yield Entry(f"{one.muscle}:{one.side}", cells, f"{name}: {sessions}, {holes}")
    for key, points in (("soreness", found.soreness), ("change", found.change)):
        yield from (_point(key, point) for point in points)


def _rank(rank: Correlation) -> str:
    if rank.rho is None:
        return "no correlation yet"
    limits = "" if rank.low is None or rank.high is None else f" ({rank.low:.2f} to {rank.high:.2f})"
    return f"Spearman {rank.rho:.2f}{limits}"


def _point(key: str, point: DosePoint) -> Entry:
    name = f"{key} {point.value:g}"
    sessions, holes = quantity(point.sessions, "sessions"), quantity(point.insertions, "insertions")
    words = f"{holes}, {name}: {sessions}"
    return Entry(key, (name, str(point.sessions), str(point.insertions), "a point drawn"), words)
