"""What a page is about, read through the logbook: one visit, or the sheet after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hiplog.clinical.measures import MEASURES
from hiplog.clinical.record import Episode, Patient, Session
from hiplog.exchange.pages.aftercare import Sheet
from hiplog.exchange.pages.visit import Visit
from hiplog.logbook import episodes, followups, patients, requests, sessions
from hiplog.outcomes import trend
from hiplog.outcomes.points import Chart, Series

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

PAIN = "NPRS"


def sheet(book: Logbook, code: str, number: int | None = None, *, named: bool = False) -> Sheet:
    """Read the aftercare sheet of a patient: of visit ``number``, else of the last one that is not void.

    ``named`` prints the name beside the chart code. Raises ``NotFound`` for an unknown code or number.
    """
    who = book.read(patients.get, code)
    session = _last(book, who) if number is None else book.read(sessions.numbered, who.id, number)
    return Sheet(
        clinic=book.clinic.name,
        zone=book.clinic.zone,
        code=who.code,
        advice=session.advice if session else (),
        session=session.number if session else None,
        at=session.occurred_at if session else None,
        name=_name(who, named=named),
    )


def visit(book: Logbook, code: str, number: int, *, named: bool = False) -> Visit:
    """Read the summary of visit ``number``; the trend ends with it. ``NotFound`` as for :func:`sheet`."""
    return _visit(book, book.read(patients.get, code), number, named=named)


def visit_by_id(book: Logbook, patient_id: str, number: int) -> tuple[Patient, Visit]:
    """Read a patient by key and the summary of visit ``number``, without the name on it."""
    who = book.read(patients.by_id, patient_id)
    return who, _visit(book, who, number, named=False)


def _visit(book: Logbook, who: Patient, number: int, *, named: bool) -> Visit:
    session = book.read(sessions.numbered, who.id, number)
    episode = next((one for one in book.read(episodes.of, who.id) if one.id == session.episode), None)
    return Visit(
        clinic=book.clinic.name,
        zone=book.clinic.zone,
        code=who.code,
        session=session,
        episode=episode,
        follow_ups=book.read(followups.of, who.id),
        chart=_chart(book, who, session, episode),
        name=_name(who, named=named),
        requests=book.read(requests.of, who.id),
        today=book.clock().astimezone(ZoneInfo(book.clinic.zone)).date(),
    )


def _name(who: Patient, *, named: bool) -> str | None:
    return who.name if named and not who.erased else None


def _last(book: Logbook, who: Patient) -> Session | None:
    kept = [one for one in book.read(sessions.of, who.id) if one.status != "voided"]
    return kept[-1] if kept else None


def _chart(book: Logbook, who: Patient, session: Session, episode: Episode | None) -> Chart:
    """Pain, and the first motion that this visit measured, both up to and with this visit."""
    hip = episode.side if episode else None
    pain = book.read(trend.of, who.id, PAIN, hip)
    trends = [pain]
    taken = (one for one in session.readings if one.measure in MEASURES and one.value is not None)
    motion = next((one for one in taken if MEASURES[one.measure].kind == "motion"), None)
    if motion is not None:
        trends.append(book.read(trend.of, who.id, motion.measure, motion.side or hip))
    series = tuple(_until(one.series, session.number) for one in trends)
    ends = max([session.occurred_at, *(point.at for one in series for point in one.points)])
    return Chart(series, tuple(mark for mark in trend.together(trends).marks if mark.at <= ends))


def _until(series: Series, number: int) -> Series:
    return replace(series, points=tuple(point for point in series.points if point.session <= number))
