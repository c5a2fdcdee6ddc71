"""What waits today: drafts, follow-ups overdue and due, patients' requests, signed today, seen of late."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from hiplog.clinical.requests import Request
from hiplog.logbook import patients, request_words, requests
from hiplog.logbook.waiting import Item as Item
from hiplog.logbook.waiting import Today as Today
from hiplog.logbook.waiting import item_of
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
    waiting = due(unit)
    return Today(
        drafts=_items(unit, _visits(unit).where(sessions.c.status == "draft"), "draft"),
        overdue=tuple(item for item in waiting if item.state == "overdue"),
        due=tuple(item for item in waiting if item.state == "due"),
        requests=_requests(unit),
        signed_today=_items(unit, _visits(unit).where(_SIGNED, sessions.c.signed_at >= midnight), "signed"),
        recent=_recent(unit, midnight),
    )


_SIGNED = (sessions.c.status == "signed") & sessions.c.id.not_in(VOIDED)


def _visits(unit: Unit) -> Select[Any]:
    query = select(*_columns(unit), sessions.c.occurred_at.label("at")).select_from(_joined())
    return query.order_by(sessions.c.occurred_at.desc(), sessions.c.id).limit(SCREENFUL)


def _recent(unit: Unit, midnight: datetime) -> tuple[Item, ...]:
    """The latest visits but for those signed today.

    Asked for in one query, the planner would walk every signature of the past instead of the latest visits:
    so those of today are counted, and so many more are read.
    """
    latest = (
        select(sessions.c.id, sessions.c.signed_at)
        .where(sessions.c.occurred_at > EVER, _SIGNED)
        .order_by(sessions.c.occurred_at.desc(), sessions.c.id)
    )
    today = select(func.count()).select_from(sessions).where(_SIGNED, sessions.c.signed_at >= midnight)
    counted = unit.one(today)
    rows = unit.all(latest.limit(SCREENFUL + (counted[0] if counted else 0)))
    ids = [row.id for row in rows if row.signed_at < midnight][:SCREENFUL]
    return _items(unit, _visits(unit).where(sessions.c.id.in_(ids)), "recent")


def due(unit: Unit) -> tuple[Item, ...]:
    """Return the follow-ups that are due or overdue at ``unit.now``, the longest waiting first."""
    now = unit.now
    query = (
        select(*_columns(unit), follow_ups.c.due_at.label("at"), follow_ups.c.closes_at)
        .select_from(_joined().join(follow_ups, follow_ups.c.session_id == sessions.c.id))
        .where(follow_ups.c.state == "due", follow_ups.c.due_at <= now)
        .order_by(follow_ups.c.due_at, sessions.c.id)
        .limit(SCREENFUL * 4)
    )
    return tuple(item_of(row, now, row.closes_at) for row in unit.all(query))


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


def _items(unit: Unit, query: Select[Any], state: str) -> tuple[Item, ...]:
    return tuple(item_of(row, unit.now, state=state) for row in unit.all(query))


def _columns(unit: Unit) -> tuple[Any, ...]:
    return (
        sessions.c.patient_id,
        people.c.code,
        *patients.named(unit, "family", "given"),
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
