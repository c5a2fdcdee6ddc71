"""Standing precautions of a patient: what every later screening must respect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, select

from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.record import Precaution, new_id
from hiplog.clinical.screening import QUESTIONS
from hiplog.language import _, days
from hiplog.logbook import texts, unworded
from hiplog.storage.tables import precautions
from hiplog.storage.unit import Unit


def add(unit: Unit, patient_id: str, draft: Precaution) -> Precaution:
    """Note a precaution; an item that the screening does not know raises ``BadInput`` with the nearest."""
    known = QUESTIONS.get(draft.item.upper())
    if known is None:
        near = ", ".join(question.code for question in QUESTIONS.nearest(draft.item, 3))
        raise BadInput(_("{item!r}: no such precaution; nearest: {near}").format(item=draft.item, near=near))
    kept = replace(
        draft,
        id=new_id(),
        item=known.code,
        note=texts.prose(_("note"), draft.note),
        cleared_by=texts.optional(_("cleared by"), draft.cleared_by),
    )
    row = {"id": kept.id, "patient_id": patient_id, "version": 1, "ended_on": None}
    told = {"item": kept.item, "note": kept.note, "cleared_by": kept.cleared_by, "since": kept.since}
    unit.insert(precautions, row | told)
    unit.record("precaution.add", "patient", patient_id)
    return kept


def end(unit: Unit, precaution_id: str) -> None:
    """Mark a precaution as no longer standing from today; it stays in the record."""
    row = unit.one(select(precautions).where(precautions.c.id == precaution_id))
    if row is None:
        raise NotFound(_("this precaution is not in the logbook; look it up again"))
    if row.ended_on is not None:
        raise Refused(
            _("{item} was ended on {day} already; add it again if it stands again").format(
                item=row.item, day=days.long(row.ended_on)
            )
        )
    today = unit.now.astimezone(ZoneInfo(unit.zone)).date()
    unit.update(precautions, precaution_id, row.version, ended_on=today)
    unit.record("precaution.end", "patient", row.patient_id)


_STANDING = (
    select(precautions)
    .where(precautions.c.patient_id == bindparam("whose"), precautions.c.ended_on.is_(None))
    .order_by(precautions.c.item, precautions.c.id)
)


def of(unit: Unit, patient_id: str) -> tuple[Precaution, ...]:
    """Return the precautions that stand now."""
    found = (_view(row) for row in unit.all(_STANDING, whose=patient_id))
    return tuple(found if unit.sees_names else map(unworded.precaution, found))


def _view(row: Row[Any]) -> Precaution:
    return Precaution(
        item=row.item,
        note=row.note,
        cleared_by=row.cleared_by,
        since=row.since,
        ended_on=row.ended_on,
        id=row.id,
        version=row.version,
    )
