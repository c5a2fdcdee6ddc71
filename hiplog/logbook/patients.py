"""Patients: add, edit, find by chart code. Identity is kept apart from the coded row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, null, select, type_coerce

from hiplog.clinical import roles
from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.record import SEXES, Patient, PatientDraft, new_id
from hiplog.language import _, days
from hiplog.logbook import texts
from hiplog.storage.tables import patients, patients_identity
from hiplog.storage.unit import Unit

OLDEST_BIRTH = date(1900, 1, 1)


def add(unit: Unit, draft: PatientDraft) -> Patient:
    """Add a patient; a chart code that is taken raises ``Refused``."""
    kept = clean(draft, _today(unit))
    patient_id = new_id()
    _refuse_taken(unit, kept.code, patient_id)
    coded = {"pseudonym": f"P-{token_hex(5)}", "erased_at": None, "version": 1}
    unit.insert(patients, {"id": patient_id, "code": kept.code, "sex": kept.sex, **coded})
    unit.insert(patients_identity, {"id": patient_id, **identity(kept)})
    unit.record("patient.add", "patient", patient_id)
    return by_id(unit, patient_id)


def edit(unit: Unit, changed: Patient) -> Patient:
    """Save a changed patient; ``Stale`` when somebody else saved it meanwhile."""
    # An auditor is shown no names, so what came back without them must not be taken for a change.
    roles.require(unit.role, "chart", unit.actor)
    if by_id(unit, changed.id).erased:
        raise Refused(_("{code}: the identity was erased; it is not written again").format(code=changed.code))
    kept = clean(changed, _today(unit))
    _refuse_taken(unit, kept.code, changed.id)
    unit.update(patients, changed.id, changed.version, code=kept.code, sex=kept.sex)
    unit.update(patients_identity, changed.id, **identity(kept))
    unit.record("patient.edit", "patient", changed.id)
    return by_id(unit, changed.id)


def get(unit: Unit, code: str) -> Patient:
    """Return the patient with this chart code (in any case), else ``NotFound`` with the nearest codes."""
    wanted = code.strip().lower()
    row = (
        unit.one(_query(unit).where(func.lower(patients.c.code) == wanted)) if texts.is_code(wanted) else None
    )
    if row is None:
        raise NotFound(
            (
                _("{quoted}: no patient has this chart code; nearest: {near}")
                if (near := _nearest(unit, code))
                else _("{quoted}: no patient has this chart code")
            ).format(quoted=_quoted(code), near=near)
        )
    return _view(row)


def by_id(unit: Unit, patient_id: str) -> Patient:
    """Return one patient by key."""
    row = unit.one(_by_id(unit.sees_names), key=patient_id)
    if row is None:
        raise NotFound(_("this patient is not in the logbook; look it up again"))
    return _view(row)


def everyone(unit: Unit, *, limit: int | None = None) -> tuple[Patient, ...]:
    """Return patients by chart code."""
    return tuple(_view(row) for row in unit.all(_query(unit).order_by(patients.c.code).limit(limit)))


def age(birth: date | None, on: date) -> int | None:
    """Whole years from ``birth`` to ``on``; ``None`` when the birth date is not known."""
    if birth is None:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def clean(draft: PatientDraft, today: date) -> PatientDraft:
    """Return the draft as it may be kept; ``BadInput`` says what cannot be."""
    if draft.sex not in SEXES:
        raise BadInput(_("sex: {sex!r} is not one of {sexes}").format(sex=draft.sex, sexes=", ".join(SEXES)))
    if draft.birth is not None and not OLDEST_BIRTH <= draft.birth <= today:
        raise BadInput(
            _("birth date: {day} is not between 1900 and today").format(day=days.long(draft.birth))
        )
    return replace(
        draft,
        code=texts.code(_("chart code"), draft.code),
        family=texts.line(_("family name"), draft.family),
        given=texts.line(_("given name"), draft.given),
        phone=texts.optional(_("phone"), draft.phone),
        email=texts.optional(_("email"), draft.email),
        note=texts.prose(_("note"), draft.note),
    )


def identity(kept: PatientDraft) -> dict[str, Any]:
    """Return the columns that name a person, with the key they are found by."""
    return {
        "family": kept.family,
        "given": kept.given,
        "birth": kept.birth,
        "phone": kept.phone,
        "email": kept.email,
        "note": kept.note,
        "search_key": texts.folded(kept.family, kept.given, kept.family, kept.code)[:1000],
    }


def named(unit: Unit, *names: str) -> list[ColumnElement[Any]]:
    """Return the columns of identity called ``names``; empty ones for whoever may not see them."""
    return columns(unit.sees_names, *names)


def columns(seen: bool, *names: str) -> list[ColumnElement[Any]]:
    """Return the same for whoever may see them, or may not."""
    if seen:
        return [patients_identity.c[name] for name in names]
    return [type_coerce(null(), patients_identity.c[name].type).label(name) for name in names]


def _query(unit: Unit) -> Select[Any]:
    return _everyone(unit.sees_names)


@cache
def _by_id(seen: bool) -> Select[Any]:
    return _everyone(seen).where(patients.c.id == bindparam("key"))


@cache
def _everyone(seen: bool) -> Select[Any]:
    named = columns(seen, "family", "given", "birth", "phone", "email", "note")
    place = patients.outerjoin(patients_identity, patients_identity.c.id == patients.c.id)
    return select(patients, *named).select_from(place)


def _view(row: Row[Any]) -> Patient:
    return Patient(
        id=row.id,
        code=row.code,
        sex=row.sex,
        family=row.family or "",
        given=row.given or "",
        birth=row.birth,
        phone=row.phone,
        email=row.email,
        note=row.note,
        erased=row.erased_at is not None,
        version=row.version,
    )


def _nearest(unit: Unit, code: str) -> str:
    codes = [row.code for row in unit.all(select(patients.c.code).limit(5000))]
    close = get_close_matches(code.upper(), [one.upper() for one in codes], n=2, cutoff=0.5)
    near = [one for one in codes if one.upper() in close]
    return ", ".join(near)


def _refuse_taken(unit: Unit, code: str, patient_id: str) -> None:
    unit.alone()
    same = func.lower(patients.c.code) == code.lower()
    if unit.one(select(patients.c.id).where(same, patients.c.id != patient_id)) is not None:
        raise Refused(_("chart code {code} is taken; choose another").format(code=code))


def _today(unit: Unit) -> date:
    return unit.now.astimezone(ZoneInfo(unit.zone)).date()


def _quoted(code: str) -> str:
    # Somebody may have typed a name where a code belongs; only a short, clean word is repeated.
    return repr(code) if len(code) <= texts.CODE_LIMIT and code.isprintable() else _("that")
