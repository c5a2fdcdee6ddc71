"""The owner's counts a second time, by another way: the database adds up what the outcomes join in Python.

A figure that comes out twice alike is no proof, but a lost row or a wrong join shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select

from hiplog.language import _
from hiplog.outcomes.facts import Facts
from hiplog.outcomes.filters import Filters, Work
from hiplog.outcomes.gather import READS, facts
from hiplog.storage.tables import VOIDED, amendments, insertions, sessions
from hiplog.storage.unit import Unit

COUNTED = (sessions.c.status == "signed") & sessions.c.id.not_in(VOIDED)


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure as the outcomes have it and as the database adds it up."""

    name: str
    shown: int
    again: int


NAMES = {
    "patients": _("patients"),
    "hips": _("hips"),
    "sessions": _("sessions"),
    "skin insertions": _("skin insertions"),
    "sessions left out": _("sessions left out"),
}


def recount(unit: Unit) -> tuple[Counted, ...]:
    """Return patients, hips, sessions, skin insertions (as amended) and sessions left out, each twice."""
    return of(unit, facts(unit, Work(READS)))


def of(unit: Unit, found: Facts) -> tuple[Counted, ...]:
    """Like :func:`recount`, of what was read already."""
    seen = found.seen(Filters())
    shown = {
        "patients": len({hip.patient for hip, _ in seen}),
        "hips": len({hip.id for hip, _ in seen}),
        "sessions": len(seen),
        "skin insertions": sum(visit.insertions for _, visit in seen),
        "sessions left out": len(found.left_out),
    }
    return tuple(
        Counted(NAMES[name], shown[name], _number(unit, query)) for name, query in _queries().items()
    )


def _queries() -> dict[str, Select[Any]]:
    of = select(func.count()).select_from(sessions)
    return {
        "patients": select(func.count(sessions.c.patient_id.distinct())).where(COUNTED),
        "hips": select(func.count(sessions.c.episode_id.distinct())).where(COUNTED),
        "sessions": of.where(COUNTED),
        "skin insertions": _sites(),
        "sessions left out": of.where(~COUNTED),
    }


def _sites() -> Select[Any]:
    number = func.coalesce(_amended(), insertions.c.insertions)
    place = insertions.join(sessions, sessions.c.id == insertions.c.session_id)
    return select(func.coalesce(func.sum(number), 0)).select_from(place).where(COUNTED)


def _amended() -> ColumnElement[Any]:
    """What the latest amendment says of a site's insertions."""
    mine = (amendments.c.entity_id == insertions.c.id) & (amendments.c.field == "insertions")
    latest = amendments.c.at.desc(), amendments.c.id.desc()
    query = select(cast(amendments.c.new_value, Integer)).where(mine).order_by(*latest).limit(1)
    return query.correlate(insertions).scalar_subquery()


def _number(unit: Unit, query: Select[Any]) -> int:
    row = unit.one(query)
    return int(row[0]) if row else 0
