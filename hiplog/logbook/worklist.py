"""What waits today: drafts, follow-ups overdue and due, patients' requests, signed today, seen of late."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, column, func, literal_column, select

from hiplog.clinical.requests import Request
from hiplog.logbook import patients, request_words, requests
from hiplog.logbook.waiting import Item as Item
from hiplog.logbook.waiting import Today as Today
from hiplog.logbook.waiting import item_of
from hiplog.storage.asked import Asked
from hiplog.storage.tables import VOIDED, episodes, follow_ups, patients_identity, sessions
from hiplog.storage.tables import patients as people
from hiplog.storage.unit import Unit

SCREENFUL = 50
EVER = datetime(1, 1, 2, tzinfo=UTC)


def today(unit: Unit) -> Today:
    """Return what waits at ``unit.now``; a follow-up is overdue once its 72 h window has closed.

    Every part is read by an index that ends after a screenful, so it takes no longer in a large clinic.
    """
    zone = ZoneInfo(unit.zone)
    midnight = datetime.combine(unit.now.astimezone(zone).date(), time(), zone)
    waiting, seen = due(unit), unit.sees_names
    return Today(
        drafts=_items(unit, _drafts(seen), "draft"),
        overdue=tuple(item for item in waiting if item.state == "overdue"),
        due=tuple(item for item in waiting if item.state == "due"),
        requests=_requests(unit),
        signed_today=_items(unit, _signed(seen), "signed", midnight=midnight),
        recent=_recent(unit, midnight),
    )


# Spelled out, not bound: the partial indexes answer for these values only.
_SIGNED = (sessions.c.status == literal_column("'signed'")) & sessions.c.id.not_in(VOIDED)
_DUE: ColumnElement[str] = literal_column("'due'")
_SINCE = sessions.c.signed_at >= bindparam("midnight")
_NEWEST = sessions.c.occurred_at.desc(), sessions.c.id


def _visits(seen: bool) -> Select[Any]:
    query = select(*_columns(seen), sessions.c.occurred_at.label("at")).select_from(_joined())
    return query.order_by(*_NEWEST)


@cache
def _drafts(seen: bool) -> Asked:
    draft = sessions.c.status == literal_column("'draft'")
    return Asked(_visits(seen).where(draft).limit(SCREENFUL))


@cache
def _signed(seen: bool) -> Asked:
    return Asked(_visits(seen).where(_SIGNED, _SINCE).limit(SCREENFUL))


@cache
def _among(seen: bool, on_file: bool) -> Asked:
    ids: Any = bindparam("ids", expanding=True)
    if on_file:
        ids = select(column("value")).select_from(func.json_each(bindparam("ids")))
    return Asked(_visits(seen).where(sessions.c.id.in_(ids)))


_COUNTED = Asked(select(func.count()).select_from(sessions).where(_SIGNED, _SINCE))
_LATEST = Asked(
    select(sessions.c.id, sessions.c.signed_at)
    .where(sessions.c.occurred_at > EVER, _SIGNED)
    .order_by(*_NEWEST)
    .limit(bindparam("most", type_=Integer))
)


def _recent(unit: Unit, midnight: datetime) -> tuple[Item, ...]:
    """The latest visits but for those signed today.

    Asked for in one query, the planner would walk every signature of the past instead of the latest visits:
    so those of today are counted, and so many more are read.
    """
    ((counted,),) = unit.rows(_COUNTED, midnight=midnight)
    rows = unit.rows(_LATEST, most=SCREENFUL + counted)
    ids = [key for key, signed_at in rows if signed_at < midnight][:SCREENFUL]
    on_file = unit.connection.dialect.name == "sqlite"
    return _items(unit, _among(unit.sees_names, on_file), "recent", ids=json.dumps(ids) if on_file else ids)


def due(unit: Unit) -> tuple[Item, ...]:
    """Return the follow-ups that are due or overdue at ``unit.now``, the longest waiting first."""
    now = unit.now
    return tuple(item_of(row, now, row[9]) for row in unit.rows(_due(unit.sees_names), now=now))


@cache
def _due(seen: bool) -> Asked:
    columns = (*_columns(seen), follow_ups.c.due_at.label("at"), follow_ups.c.closes_at)
    place = _joined().join(follow_ups, follow_ups.c.session_id == sessions.c.id)
    waits = (follow_ups.c.state == _DUE, follow_ups.c.due_at <= bindparam("now"))
    query = select(*columns).select_from(place).where(*waits)
    return Asked(query.order_by(follow_ups.c.due_at, sessions.c.id).limit(SCREENFUL * 4))


def _requests(unit: Unit) -> tuple[Item, ...]:
    """What patients asked to have amended and nobody has answered or carried out, the first due first."""
    zone = ZoneInfo(unit.zone)
    asked = requests.waiting(unit, SCREENFUL)
    names = _names(unit, [one.patient for one in asked])
    return tuple(_asked(one, names[one.patient], unit.now.astimezone(zone)) for one in asked)


def _asked(one: Request, who: Row[Any], now: datetime) -> Item:
    until = datetime.combine(one.due, time(), now.tzinfo)
    state = "late" if one.overdue(now.date()) else one.state
    about = request_words.ABOUT_ALL if one.visit is None else request_words.ABOUT.format(visit=one.visit)
    name = f"{who.family}, {who.given}" if who.family else who.code
    visit = one.session or ""
    return Item(one.patient, who.code, name, visit, one.number, "", "", until, state, about, one.id)


def _names(unit: Unit, ids: list[str]) -> dict[str, Row[Any]]:
    if not ids:
        return {}
    columns = (people.c.id, people.c.code, *patients.named(unit, "family", "given"))
    place = people.outerjoin(patients_identity, patients_identity.c.id == people.c.id)
    query = select(*columns).select_from(place).where(people.c.id.in_(ids))
    return {row.id: row for row in unit.all(query)}


def _items(unit: Unit, query: Asked, state: str, **values: Any) -> tuple[Item, ...]:
    return tuple(item_of(row, unit.now, state=state) for row in unit.rows(query, **values))


def _columns(seen: bool) -> tuple[Any, ...]:
    return (
        sessions.c.patient_id,
        people.c.code,
        *patients.columns(seen, "family", "given"),
        sessions.c.id.label("session_id"),
        sessions.c.number,
        episodes.c.side,
        episodes.c.cause,
    )


def _joined() -> Any:
    return (
        sessions.join(people, people.c.id == sessions.c.patient_id)
        .join(episodes, episodes.c.id == sessions.c.episode_id)
        .outerjoin(patients_identity, patients_identity.c.id == people.c.id)
    )
