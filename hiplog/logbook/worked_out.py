"""Rows of the archive that come with what is worked out of other rows: first visits, sums, answers.

Gathered once and joined, for asked row by row it costs more than the rows themselves. A name with a leading
underscore stands in no table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, Table, and_, case, func, select

from hiplog.storage.columns import metadata
from hiplog.storage.tables import (
    amendment_requests,
    episodes,
    follow_ups,
    inquiries,
    patients_identity,
    reactions,
    request_steps,
    sessions,
    signatures,
)
from hiplog.storage.tables import insertions as sites

ANSWERS = ("yes", "none", "refused")
"""What inquiries may come to, the strongest first."""
_OPENED = episodes.alias("opened")


def _firsts() -> CTE:
    """When every patient was here first: gathered once, for asked row by row it costs more than the rows."""
    at = func.min(sessions.c.occurred_at).label("_first_at")
    return select(sessions.c.patient_id, at).group_by(sessions.c.patient_id).cte("firsts")


def _first_opened(patient_id: ColumnElement[Any]) -> ColumnElement[Any]:
    query = select(func.min(_OPENED.c.opened_on)).where(_OPENED.c.patient_id == patient_id)
    return query.scalar_subquery().label("_first_opened")


def _of_patient(table: Table) -> Select[Any]:
    firsts = _firsts()
    joined = table.outerjoin(firsts, firsts.c.patient_id == table.c.patient_id)
    return select(table, firsts.c._first_at, _first_opened(table.c.patient_id)).select_from(joined)


def _of_session(table: Table) -> Select[Any]:
    firsts = _firsts()
    own = table.outerjoin(sessions, sessions.c.id == table.c.session_id)
    joined = own.outerjoin(firsts, firsts.c.patient_id == sessions.c.patient_id)
    return select(table, firsts.c._first_at).select_from(joined)


def _follow_ups() -> Select[Any]:
    joined = follow_ups.outerjoin(sessions, sessions.c.id == follow_ups.c.session_id)
    return select(follow_ups, sessions.c.occurred_at.label("_occurred_at")).select_from(joined)


def _sessions() -> Select[Any]:
    firsts = _firsts()
    birth = select(patients_identity.c.birth).where(patients_identity.c.id == sessions.c.patient_id)
    here = sites.c.session_id == sessions.c.id
    voided = select(signatures.c.id).where(
        signatures.c.session_id == sessions.c.id, signatures.c.meaning == "void"
    )
    return select(
        sessions,
        firsts.c._first_at,
        birth.scalar_subquery().label("_birth"),
        select(func.sum(sites.c.insertions)).where(here).scalar_subquery().label("_insertions"),
        select(func.count(sites.c.muscle.distinct())).where(here).scalar_subquery().label("_muscles"),
        voided.exists().label("_void"),
        _strongest().label("_answer"),
    ).select_from(sessions.outerjoin(firsts, firsts.c.patient_id == sessions.c.patient_id))


def _strongest() -> ScalarSelect[Any]:
    """The place in :data:`ANSWERS` of what a session's inquiries came to; a twitch alone is no effect."""
    told = reactions.c.inquiry_id == inquiries.c.id
    twitch = select(reactions.c.id).where(told, reactions.c.kind == "TWITCH").exists()
    other = select(reactions.c.id).where(told, reactions.c.kind != "TWITCH").exists()
    only_twitch = and_(inquiries.c.state == "yes", twitch, ~other)
    places = {state: place for place, state in enumerate(ANSWERS)}
    strength = case((only_twitch, None), else_=case(places, value=inquiries.c.state))
    rules = (inquiries.c.session_id == sessions.c.id, inquiries.c.stage != "since_last")
    return select(func.min(strength)).where(*rules).scalar_subquery()


def _request_steps() -> Select[Any]:
    firsts = _firsts()
    asked = request_steps.outerjoin(amendment_requests, amendment_requests.c.id == request_steps.c.request_id)
    owner = amendment_requests.c.patient_id
    joined = asked.outerjoin(firsts, firsts.c.patient_id == owner)
    return select(request_steps, firsts.c._first_at, _first_opened(owner)).select_from(joined)


WHOLE: dict[str, Callable[[], Select[Any]]] = {
    "episodes": lambda: _of_patient(episodes),
    "precautions": lambda: _of_patient(metadata.tables["precautions"]),
    "sessions": _sessions,
    "signatures": lambda: _of_session(signatures),
    "amendments": lambda: _of_session(metadata.tables["amendments"]),
    "follow_ups": _follow_ups,
    "amendment_requests": lambda: _of_patient(amendment_requests),
    "request_steps": _request_steps,
}
"""Tables whose rows come with what is worked out of others."""
