"""Sessions read back as frozen views: a query a table, amendments laid over."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, Table, bindparam, column, func, select

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
    SessionStatus,
)
from hiplog.clinical.screening import QUESTIONS
from hiplog.logbook import overlay, unworded
from hiplog.storage import tables
from hiplog.storage.unit import Unit

Grouped = dict[str, list[Row[Any]]]


def views(unit: Unit, rule: Any, limit: int | None = None) -> tuple[Session, ...]:
    """Return the sessions that ``rule`` selects, oldest first; with ``limit`` only the newest ones."""
    newest = tables.sessions.c.occurred_at.desc(), tables.sessions.c.number.desc()
    rows = unit.all(select(tables.sessions).where(rule).order_by(*newest).limit(limit))[::-1]
    ids = [row.id for row in rows]
    codes = practitioner_codes(unit)
    parts = {table.name: _grouped(unit, table, ids) for table in PARTS}
    asked = {row.id: row for found in parts["inquiries"].values() for row in found}
    parts["reactions"] = _by(unit, tables.reactions, list(asked), "inquiry_id")
    found = (_session(row, parts, codes) for row in rows)
    return tuple(found if unit.sees_names else map(unworded.session, found))


def practitioner_codes(unit: Unit) -> dict[str, str]:
    """Return every practitioner's code by key."""
    people = tables.practitioners
    return {row.id: row.code for row in unit.all(select(people.c.id, people.c.code))}


def inquiry_view(row: Row[Any], found: list[Row[Any]]) -> Inquiry:
    """Return an inquiry with its reactions."""
    return Inquiry(
        stage=row.stage,
        asked_how=row.asked_how,
        reporter=row.reporter,
        state=row.state,
        reactions=tuple(_reaction(one) for one in found),
        asked_at_h=row.asked_at_h,
        id=row.id,
    )


PARTS: tuple[Table, ...] = (
    tables.screening,
    tables.consents,
    tables.insertions,
    tables.inquiries,
    tables.readings,
    tables.advice,
    tables.co_treatments,
    tables.referrals,
    tables.follow_ups,
    tables.signatures,
    tables.amendments,
)
QUESTION_ORDER = {question.code: place for place, question in enumerate(QUESTIONS)}
REACTION = tuple(name for name in Reaction.__slots__ if name not in ("id", "insertion"))


def _session(row: Row[Any], parts: dict[str, Grouped], codes: dict[str, str]) -> Session:
    def of(name: str) -> list[Row[Any]]:
        return parts[name].get(row.id, [])

    done = {one.id: one.done_at for one in of("follow_ups")}

    def contact(part: Row[Any]) -> tuple[Any, str]:
        return done.get(part.follow_up_id) or row.occurred_at, part.id

    voided = next((sign for sign in of("signatures") if sign.meaning == "void"), None)
    status: SessionStatus = "voided" if voided else row.status
    session = Session(
        id=row.id,
        patient=row.patient_id,
        episode=row.episode_id,
        therapist=codes[row.therapist_id],
        occurred_at=row.occurred_at,
        zone=row.zone,
        screening=tuple(_answer(one) for one in sorted(of("screening"), key=_question_order)),
        consent=next((_consent(one) for one in of("consents")), None),
        insertions=tuple(_site(one) for one in sorted(of("insertions"), key=lambda one: int(one.seq))),
        inquiries=tuple(
            inquiry_view(one, parts["reactions"].get(one.id, []))
            for one in sorted(
                of("inquiries"), key=lambda one: (INQUIRY_STAGES.index(one.stage), *contact(one))
            )
        ),
        readings=tuple(
            Reading(*_cells(tables.readings, Reading)(one))
            for one in sorted(of("readings"), key=lambda one: (*_reading_order(one), *contact(one)))
        ),
        needles=_needles(row),
        advice=tuple(sorted(one.code for one in of("advice"))),
        co_treatments=tuple(sorted(one.kind for one in of("co_treatments"))),
        referrals=tuple(_referral(one) for one in sorted(of("referrals"), key=contact)),
        carried_from=row.carried_from,
        note=row.note,
        plan=row.plan,
        origin=row.origin,
        number=row.number,
        status=status,
        recorded_at=row.recorded_at,
        signed_by=codes.get(row.signed_by),
        signed_at=row.signed_at,
        cosigned_by=_cosigners(of("signatures"), codes),
        void_reason=voided.reason if voided else None,
        voided_by=codes[voided.practitioner_id] if voided else None,
        voided_at=voided.at if voided else None,
        version=row.version,
    )
    made = sorted(of("amendments"), key=lambda one: (one.at, one.id))
    return overlay.lay_over(session, tuple(_amendment(one, codes) for one in made))


def _cosigners(signed: list[Row[Any]], codes: dict[str, str]) -> tuple[str, ...]:
    later = sorted((one for one in signed if one.meaning == "co-sign"), key=lambda one: (one.at, one.id))
    return tuple(codes[one.practitioner_id] for one in later)


def _question_order(row: Row[Any]) -> tuple[int, str]:
    return QUESTION_ORDER.get(row.item, len(QUESTION_ORDER)), row.item


def _reading_order(row: Row[Any]) -> tuple[int, str, str]:
    return STAGES.index(row.stage), row.measure, row.side or ""


def _answer(row: Row[Any]) -> ScreeningAnswer:
    return ScreeningAnswer(row.item, row.answer, row.override_reason, row.rule_version, row.id, row.asked)


def _consent(row: Row[Any]) -> Consent:
    return Consent(row.form_version, row.given, row.withdrawn, row.copy_given, row.id)


def _site(row: Row[Any]) -> Insertion:
    return Insertion(*_cells(tables.insertions, Insertion)(row))


def _reaction(row: Row[Any]) -> Reaction:
    return Reaction(id=row.id, insertion=row.insertion_id, **{name: getattr(row, name) for name in REACTION})


def _referral(row: Row[Any]) -> Referral:
    return Referral(row.reason, row.referred_to, row.urgent, row.note, row.id, row.follow_up_id)


def _amendment(row: Row[Any], codes: dict[str, str]) -> Amendment:
    by = codes[row.practitioner_id]
    return Amendment(
        row.entity, row.entity_id, row.field, row.old_value, row.new_value, row.reason, by, row.at, row.id
    )


@cache
def _cells(table: Table, kind: type[Insertion] | type[Reading]) -> Callable[[Row[Any]], tuple[Any, ...]]:
    """What fetches the fields of ``kind`` by their places: a row by its names is many times slower."""
    places = {name: place for place, name in enumerate(table.columns.keys())}
    return itemgetter(*(places[one.name] for one in fields(kind)))


def _needles(row: Row[Any]) -> NeedleCount:
    return NeedleCount(
        row.needles_opened,
        row.needles_inserted,
        row.needles_withdrawn,
        row.needles_to_sharps,
        row.mismatch_reason,
    )


def _grouped(unit: Unit, table: Table, ids: list[str]) -> Grouped:
    return _by(unit, table, ids, "session_id")


def _by(unit: Unit, table: Table, ids: list[str], owner: str) -> Grouped:
    found: Grouped = defaultdict(list)
    if not ids:
        return found
    on_file = unit.connection.dialect.name == "sqlite"
    query, given = _owned(table, owner, on_file), json.dumps(ids) if on_file else ids
    place = table.columns.keys().index(owner)
    for row in unit.all(query, ids=given):
        found[row[place]].append(row)
    return found


@cache
def _owned(table: Table, owner: str, on_file: bool) -> Select[Any]:
    """The rows of several owners; on a file their keys are one value, as a list would be spelled anew."""
    if on_file:
        keys: Select[Any] = select(column("value")).select_from(func.json_each(bindparam("ids")))
        rule = table.c[owner].in_(keys)
    else:
        rule = table.c[owner].in_(bindparam("ids", expanding=True))
    return select(table).where(rule).order_by(table.c.id)
