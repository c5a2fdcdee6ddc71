"""The visit summary: one session in words and pictures, every correction beside what stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hiplog.clinical.aftercare import ADVICE
from hiplog.clinical.body import PAIRED
from hiplog.clinical.causes import CAUSES
from hiplog.clinical.cotreatments import CO_TREATMENTS
from hiplog.clinical.muscles import View
from hiplog.clinical.record import SIDE_WORDS, Episode, FollowUp, Session
from hiplog.clinical.requests import Request
from hiplog.exchange.figures.body_map import Key, body_map, views
from hiplog.exchange.figures.trend import trend
from hiplog.exchange.pages import visit_words
from hiplog.exchange.pages.paper import page, svg
from hiplog.exchange.pages.table import Table
from hiplog.language import _
from hiplog.logbook import points
from hiplog.logbook.dates import moment_words
from hiplog.outcomes import listing
from hiplog.outcomes.points import Chart


@dataclass(frozen=True, slots=True)
class Visit:
    """What a summary is made of; ``name`` is printed only when given, ``chart`` only when it has points.

    ``requests`` are those of the patient; ``today`` tells whether an answer is overdue.
    """

    clinic: str
    zone: str
    code: str
    session: Session
    episode: Episode | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    chart: Chart = field(default_factory=Chart)
    name: str | None = field(default=None, repr=False)
    requests: tuple[Request, ...] = ()
    today: date | None = None


def html(visit: Visit) -> str:
    """Return the page."""
    session = visit.session
    return page(
        "visit.html",
        visit=visit,
        session=session,
        when=moment_words(session.occurred_at, session.zone),
        state=visit_words.state(session),
        hip=hip(visit.episode),
        screening=visit_words.screening(session),
        sites=visit_words.sites(session),
        maps=[(view in PAIRED, svg(body_map(counts(session), view))) for view in _views(session)],
        needles=visit_words.needles(session),
        readings=visit_words.readings(session),
        trend=None if visit.chart.empty else svg(trend(visit.chart)),
        points=_points(visit.chart),
        asked=[line for inquiry in session.inquiries for line in visit_words.inquiry(session, inquiry)],
        advice=[ADVICE[code].text if code in ADVICE else code for code in session.advice],
        beside=[CO_TREATMENTS[c].name if c in CO_TREATMENTS else c for c in session.co_treatments],
        referrals=visit_words.referrals(session),
        contacts=visit_words.contacts(visit.follow_ups, session),
        amendments=visit_words.amendments(session),
        marks={name: visit_words.mark(session, name) for name in ("plan", "note")},
        requests=visit_words.requests(session, visit.requests, visit.today),
    )


def counts(session: Session) -> Mapping[Key, int]:
    """Return the skin insertions of a session by muscle and side."""
    return points.needled(session.insertions)


def _views(session: Session) -> tuple[View, ...]:
    return views(counts(session)) if session.insertions else ()


def hip(episode: Episode | None) -> str | None:
    """``right hip, overuse (M76.01)``; ``None`` without an episode."""
    if episode is None:
        return None
    cause = CAUSES[episode.cause].name if episode.cause in CAUSES else episode.cause.lower()
    codes = f" ({', '.join(episode.icd10)})" if episode.icd10 else ""
    hip_words = _("{side} hip, {cause}").format(side=SIDE_WORDS[episode.side], cause=cause)
    return f"{hip_words}{codes}"


def _points(chart: Chart) -> Table:
    rows = tuple(entry.cells for entry in listing.entries(chart))
    return Table(_("The same values as a table"), listing.HEADINGS, rows)
