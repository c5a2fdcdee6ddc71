"""Find patients by any part of a name or chart code, while typing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from hiplog.logbook import patients, texts
from hiplog.storage.tables import VOIDED, episodes, patients_identity, sessions
from hiplog.storage.tables import patients as people
from hiplog.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the list: who, which hips, how often and when last seen (voided sessions apart)."""

    id: str
    code: str
    name: str = field(repr=False)
    birth: date | None = field(repr=False)
    sides: tuple[str, ...] = ()
    last_visit: datetime | None = None
    visits: int = 0


def find(unit: Unit, text: str, limit: int = 30) -> tuple[Found, ...]:
    """Return at most ``limit`` patients whose name or code holds every word of ``text``, by name."""
    # Who may not see names must not find out by asking for them either.
    key: ColumnElement[str]
    if unit.sees_names:
        key, who = patients_identity.c.search_key, patients_identity.c.id
    else:
        key, who = func.lower(people.c.code).label("search_key"), people.c.id
    # The keys come out of one covering index in their order; rows are looked up for thirty only.
    fitting = select(key, who).order_by(key, who).limit(limit)
    place = func.strpos if unit.connection.dialect.name == "postgresql" else func.instr
    for word in texts.folded(text).split():
        fitting = fitting.where(place(key, word) > 0)
    found = fitting.subquery()
    columns = (people.c.id, people.c.code, *patients.named(unit, "family", "given", "birth"))
    query = (
        select(*columns)
        .select_from(found)
        .join(patients_identity, patients_identity.c.id == found.c.id)
        .join(people, people.c.id == found.c.id)
        .order_by(found.c.search_key, found.c.id)
    )
    rows = unit.all(query)
    ids = [row.id for row in rows]
    seen, sides = _visits(unit, ids), _sides(unit, ids)
    return tuple(
        Found(
            id=row.id,
            code=row.code,
            name=f"{row.family}, {row.given}" if row.family else row.code,
            birth=row.birth,
            sides=sides.get(row.id, ()),
            last_visit=seen.get(row.id, (None, 0))[0],
            visits=seen.get(row.id, (None, 0))[1],
        )
        for row in rows
    )


def _visits(unit: Unit, ids: list[str]) -> dict[str, tuple[datetime | None, int]]:
    owner = sessions.c.patient_id
    query = (
        select(owner, func.max(sessions.c.occurred_at).label("last"), func.count().label("visits"))
        .where(owner.in_(ids), sessions.c.id.not_in(VOIDED))
        .group_by(owner)
    )
    return {row.patient_id: (row.last, row.visits) for row in unit.all(query)}


def _sides(unit: Unit, ids: list[str]) -> dict[str, tuple[str, ...]]:
    owner = episodes.c.patient_id
    query = select(owner, episodes.c.side).where(owner.in_(ids)).distinct().order_by(owner, episodes.c.side)
    found: dict[str, tuple[str, ...]] = {}
    for row in unit.all(query):
        found[row.patient_id] = (*found.get(row.patient_id, ()), row.side)
    return found
