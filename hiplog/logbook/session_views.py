"""Sessions read back as frozen views: a query a table, amendments laid over.

A long history is hundreds of visits and thousands of parts, so each part is made straight from the columns
of its table, and only what was amended is taken apart again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, column, func, select

from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import (
    INQUIRY_STAGES,
    STAGES,
    Amendment,
    Consent,
    Inquiry,
    NeedleCount,
    Reaction,
    Reading,
    Referral,
    ScreeningAnswer,
    Session,
)
from hiplog.clinical.screening import QUESTIONS
from hiplog.logbook import overlay, unworded
from hiplog.storage import tables
from hiplog.storage.asked import Asked
from hiplog.storage.columns import metadata
from hiplog.storage.unit import Unit

Row = Sequence[Any]
Columns = list[Sequence[Any]]
Grouped = dict[str, list[Any]]

QUESTION_ORDER = {question.code: place for place, question in enumerate(QUESTIONS)}
STAGE_ORDER = {stage: place for place, stage in enumerate(STAGES)}
INQUIRY_ORDER = {stage: place for place, stage in enumerate(INQUIRY_STAGES)}
# In the order in which :func:`_session` takes them.
COLUMNS = (
    "id", "patient_id", "episode_id", "therapist_id", "occurred_at", "zone", "carried_from", "note", "plan",
    "origin", "number", "status", "recorded_at", "signed_by", "signed_at", "version",
    "needles_opened", "needles_inserted", "needles_withdrawn", "needles_to_sharps", "mismatch_reason",
)  # fmt: skip


def views(unit: Unit, rule: Any, limit: int | None = None) -> tuple[Session, ...]:
    """Return the sessions that ``rule`` selects, oldest first; with ``limit`` only the newest ones."""
    return found(unit, asked(rule, limit))


def asked(rule: ColumnElement[bool], limit: int | None = None) -> Asked:
    """The question for the sessions that ``rule`` selects, to be kept for :func:`found`."""
    own = tables.sessions.c
    query = select(*(own[name] for name in COLUMNS)).where(rule)
    return Asked(query.order_by(own.occurred_at.desc(), own.number.desc()).limit(limit))


def found(unit: Unit, query: Asked, **values: Any) -> tuple[Session, ...]:
    """Return the sessions that :func:`asked` selects, oldest first."""
    rows = unit.rows(query, **values)[::-1]
    if not rows:
        return ()
    parts = _parts(unit, rows)
    made = (_session(row, parts) for row in rows)
    return tuple(made if unit.sees_names else map(unworded.session, made))


_CODES = Asked(select(tables.practitioners.c.id, tables.practitioners.c.code))


def practitioner_codes(unit: Unit) -> dict[str, str]:
    """Return every practitioner's code by key."""
    return {row[0]: row[1] for row in unit.rows(_CODES)}


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to the sessions, each kind by the session's key and in its order."""

    codes: dict[str, str]
    screening: Grouped
    consents: Grouped
    insertions: Grouped
    inquiries: Grouped
    readings: Grouped
    advice: Grouped
    co_treatments: Grouped
    referrals: Grouped
    signatures: Grouped
    amendments: Grouped


def _parts(unit: Unit, rows: Sequence[Row]) -> _Parts:
    keys = [row[0] for row in rows]
    codes = practitioner_codes(unit)
    done = dict(zip(*_of(unit, "follow_ups", keys), strict=True))
    contacts = _Contacts({row[0]: row[4] for row in rows}, done)
    screening = _grouped(_of(unit, "screening", keys), ScreeningAnswer)
    for answers in screening.values():
        answers.sort(key=_question_order)
    return _Parts(
        codes=codes,
        screening=screening,
        consents=_grouped(_of(unit, "consents", keys), Consent),
        insertions=_grouped(_of(unit, "insertions", keys), Insertion),
        inquiries=_inquiries(unit, keys, contacts),
        readings=contacts.grouped(_of(unit, "readings", keys), Reading, _reading_order),
        advice=_grouped(_of(unit, "advice", keys), str),
        co_treatments=_grouped(_of(unit, "co_treatments", keys), str),
        referrals=contacts.grouped(_of(unit, "referrals", keys), _referral, lambda _: 0),
        signatures=_grouped(_of(unit, "signatures", keys), _Signed),
        amendments=_amendments(unit, keys, codes),
    )


class _Contacts:
    """When each part was brought: by a contact afterwards, or at the visit; that orders what is alike."""

    def __init__(self, visits: dict[str, datetime], done: dict[str, datetime | None]) -> None:
        self._visits = visits
        self._done = done

    def grouped(self, columns: Columns, kind: Callable[..., Any], order: Callable[[Any], Any]) -> Grouped:
        """Make the parts of ``columns``, whose second is the contact: by ``order``, then when, then key."""
        if not columns:
            return {}
        owners, contacts, *cells = columns
        when = {
            key: self._done.get(contact) for key, contact in zip(cells[-1], contacts, strict=True) if contact
        }
        found = _grouped([owners, *cells], kind)
        for owner, mine in found.items():
            if len(mine) > 1:
                at = self._visits[owner]
                mine.sort(key=lambda one: (order(one), when.get(one.id) or at, one.id))
        return found


def _grouped(columns: Columns, kind: Callable[..., Any]) -> Grouped:
    """Make a part of the cells of each row; the first column holds the owners."""
    found: Grouped = {}
    if not columns:
        return found
    owners, *cells = columns
    for owner, part in zip(owners, map(kind, *cells), strict=True):
        mine = found.get(owner)
        if mine is None:
            found[owner] = [part]
        else:
            mine.append(part)
    return found


def _inquiries(unit: Unit, keys: list[str], contacts: _Contacts) -> Grouped:
    columns = _of(unit, "inquiries", keys)
    told = _grouped(_of(unit, "reactions", list(columns[-1])), Reaction) if columns else {}

    def asked_about(stage: Any, how: str, reporter: str, state: Any, hours: Any, key: str) -> Inquiry:
        return Inquiry(stage, how, reporter, state, tuple(told.get(key, ())), hours, key)

    return contacts.grouped(columns, asked_about, lambda one: INQUIRY_ORDER[one.stage])


def _amendments(unit: Unit, keys: list[str], codes: dict[str, str]) -> Grouped:
    def made(*cells: Any) -> Amendment:
        entity, row, field, old, new, reason, by, at, key = cells
        return Amendment(entity, row, field, old, new, reason, codes[by], at, key)

    found = _grouped(_of(unit, "amendments", keys), made)
    for mine in found.values():
        mine.sort(key=lambda one: (one.at, one.id))
    return found


def _referral(
    reason: str, to: str, urgent: bool, note: str | None, contact: str | None, key: str
) -> Referral:
    return Referral(reason, to, urgent, note, key, contact)


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signature that says more than who wrote the visit."""

    meaning: str
    by: str
    reason: str | None
    at: datetime
    id: str


def _question_order(answer: ScreeningAnswer) -> tuple[int, str]:
    return QUESTION_ORDER.get(answer.item, len(QUESTION_ORDER)), answer.item


def _reading_order(reading: Reading) -> tuple[int, str, str]:
    return STAGE_ORDER[reading.stage], reading.measure, reading.side or ""


def _session(row: Row, parts: _Parts) -> Session:
    key, patient, episode, therapist, at, zone, carried, note, plan, origin, number, status = row[:12]
    recorded, signed_by, signed_at, version = row[12:16]
    codes, signed = parts.codes, parts.signatures.get(key, ())
    consents = parts.consents.get(key)
    voided = next((one for one in signed if one.meaning == "void"), None)
    session = Session(
        key, patient, episode, codes[therapist], at, zone,
        tuple(parts.screening.get(key, ())),
        consents[0] if consents else None,
        tuple(parts.insertions.get(key, ())),
        tuple(parts.inquiries.get(key, ())),
        tuple(parts.readings.get(key, ())),
        NeedleCount(*row[16:]),
        tuple(parts.advice.get(key, ())),
        tuple(parts.co_treatments.get(key, ())),
        tuple(parts.referrals.get(key, ())),
        carried, note, plan, origin, number,
        "voided" if voided else status,
        recorded,
        codes.get(signed_by),
        signed_at,
        _cosigners(signed, codes) if signed else (),
        voided.reason if voided else None,
        codes[voided.by] if voided else None,
        voided.at if voided else None,
        (),
        version,
    )  # fmt: skip
    made = parts.amendments.get(key)
    return overlay.lay_over(session, tuple(made)) if made else session


def _cosigners(signed: Iterable[_Signed], codes: dict[str, str]) -> tuple[str, ...]:
    later = sorted((one for one in signed if one.meaning == "co-sign"), key=lambda one: (one.at, one.id))
    return tuple(codes[one.by] for one in later)


def _of(unit: Unit, name: str, keys: list[str]) -> Columns:
    """The parts in one table of the sessions (of the inquiries, for reactions) with these keys."""
    if not keys:
        return []
    on_file = unit.connection.dialect.name == "sqlite"
    return unit.columns(_owned(name, on_file), ids=json.dumps(keys) if on_file else keys)


@cache
def _owned(name: str, on_file: bool) -> Asked:
    """The rows of several owners; on a file their keys are one value, as a list would be spelled anew."""
    table = metadata.tables[name]
    columns, order = _wanted(table)
    owner = table.c.inquiry_id if name == "reactions" else table.c.session_id
    if on_file:
        keys: Select[Any] = select(column("value")).select_from(func.json_each(bindparam("ids")))
        rule = owner.in_(keys)
    else:
        rule = owner.in_(bindparam("ids", expanding=True))
    query = select(*columns).where(rule)
    if name == "signatures":
        query = query.where((table.c.meaning == "void") | (table.c.meaning == "co-sign"))
    return Asked(query.order_by(order) if order is not None else query)


def _wanted(table: Table) -> tuple[list[ColumnElement[Any]], ColumnElement[Any] | None]:
    """The columns in the order in which the part takes them, its owner first; and how they are sorted.

    What a contact afterwards may bring has the contact second. Where the database does not sort, the
    reader does.
    """
    own = table.c
    if table.name == "insertions":
        return [own.session_id, *(own[one.name] for one in fields(Insertion))], own.seq
    if table.name == "readings":
        return [own.session_id, own.follow_up_id, *(own[one.name] for one in fields(Reading))], None
    if table.name == "reactions":
        named = ("insertion_id" if one.name == "insertion" else one.name for one in fields(Reaction))
        return [own.inquiry_id, *(own[name] for name in named)], own.id
    names, order = WANTED[table.name]
    return [own[name] for name in names.split()], None if order is None else own[order]


WANTED: dict[str, tuple[str, str | None]] = {
    "screening": ("session_id item answer override_reason rule_version id asked", None),
    "consents": ("session_id form_version given withdrawn copy_given id", "id"),
    "inquiries": ("session_id follow_up_id stage asked_how reporter state asked_at_h id", None),
    "advice": ("session_id code", "code"),
    "co_treatments": ("session_id kind", "kind"),
    "referrals": ("session_id follow_up_id reason referred_to urgent note follow_up_id id", None),
    "follow_ups": ("id done_at", None),
    "signatures": ("session_id meaning practitioner_id reason at id", "id"),
    "amendments": (
        "session_id entity entity_id field old_value new_value reason practitioner_id at id", None
    ),
}  # fmt: skip
