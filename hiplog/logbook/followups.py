"""The contact after a session: who was asked how, what was reported, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import starmap
from typing import Any

from sqlalchemy import bindparam, select

from hiplog.clinical import measures
from hiplog.clinical.code_words import said
from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.record import FollowUp, Inquiry, Reading, Referral, new_id
from hiplog.language import _
from hiplog.logbook import clinic, session_rows, sessions, typed
from hiplog.storage import tables
from hiplog.storage.asked import Asked
from hiplog.storage.tables import follow_ups
from hiplog.storage.unit import Unit

LONGEST_H = Decimal("9999.9")


def record(
    unit: Unit,
    session_id: str,
    inquiry: Inquiry,
    readings: tuple[Reading, ...] = (),
    referrals: tuple[Referral, ...] = (),
) -> FollowUp:
    """Record what a follow-up brought; it closes the one that is due, or stands as a further contact.

    ``referrals`` say to whom the patient was sent on; they belong to this contact, the visit stays signed.
    """
    occurred_at = _signed(unit, session_id)
    sent = tuple(typed.referral(one) for one in referrals)
    later = tuple(replace(_possible(reading), stage="follow_up") for reading in readings)
    hours = Decimal(str((unit.now - occurred_at).total_seconds() / 3600)).quantize(Decimal("0.1"))
    asked = replace(
        typed.inquiry(inquiry), stage="follow_up", asked_at_h=min(max(hours, Decimal(0)), LONGEST_H)
    )
    follow_up_id = _close(unit, session_id, "done")
    unit.insert(tables.inquiries, session_rows.inquiry_row(asked, session_id, follow_up_id))
    unit.insert(tables.reactions, *session_rows.reaction_rows(asked))
    rows = (session_rows.reading_row(reading, session_id, follow_up_id) for reading in later)
    unit.insert(tables.readings, *rows)
    on = (session_rows.referral_row(one, session_id, follow_up_id) for one in sent)
    unit.insert(tables.referrals, *on)
    unit.record("follow_up.record", "session", session_id)
    return _get(unit, follow_up_id)


def unreachable(unit: Unit, session_id: str) -> FollowUp:
    """Note that the patient could not be reached; that is an answer too, and not "no reactions"."""
    _signed(unit, session_id)
    follow_up_id = _close(unit, session_id, "unreachable")
    unit.record("follow_up.unreachable", "session", session_id)
    return _get(unit, follow_up_id)


def of(unit: Unit, patient_id: str) -> tuple[FollowUp, ...]:
    """Return a patient's follow-ups, oldest first."""
    return tuple(starmap(FollowUp, unit.rows(_OF, whose=patient_id)))


def brought(unit: Unit, session_id: str) -> tuple[Inquiry, ...]:
    """Return what the contacts after a session reported, oldest first."""
    return tuple(one for one in sessions.get(unit, session_id).inquiries if one.stage == "follow_up")


def asked_last(unit: Unit, session_id: str) -> Decimal | None:
    """Return how many hours after a session it was asked about last; ``None`` when nobody asked yet."""
    return max(
        (one.asked_at_h for one in brought(unit, session_id) if one.asked_at_h is not None), default=None
    )


def _signed(unit: Unit, session_id: str) -> datetime:
    """Return when a session took place that can be followed up: a signed one that nobody voided."""
    kept = tables.sessions.c
    voided = kept.id.in_(tables.VOIDED).label("voided")
    row = unit.one(select(kept.number, kept.status, kept.occurred_at, voided).where(kept.id == session_id))
    if row is None:
        raise NotFound(_("this session is not in the logbook; look it up again"))
    status = "voided" if row.voided else row.status
    if status != "signed":
        raise Refused(
            _("session {number} is {status}; follow up a signed one").format(
                number=row.number, status=said(status)
            )
        )
    occurred_at: datetime = row.occurred_at
    return occurred_at


def _possible(reading: Reading) -> Reading:
    clean = typed.reading(reading)
    problem = measures.check(clean.measure, clean.value, clean.mode) if clean.value is not None else None
    if problem:
        raise BadInput(problem)
    return clean


def _close(unit: Unit, session_id: str, state: str) -> str:
    rule = (follow_ups.c.session_id == session_id) & (follow_ups.c.state == "due")
    due = unit.one(select(follow_ups).where(rule).order_by(follow_ups.c.due_at))
    by = clinic.practitioner(unit, unit.actor).id
    done: dict[str, Any] = {"state": state, "done_at": unit.now, "by_id": by}
    if due is not None:
        unit.update(follow_ups, due.id, due.version, **done)
        return str(due.id)
    follow_up_id = new_id()
    row = {"id": follow_up_id, "session_id": session_id, "due_at": unit.now, "closes_at": unit.now}
    unit.insert(follow_ups, row | done | {"version": 1})
    return follow_up_id


def _asked(rule: Any) -> Asked:
    """The columns in the order of the fields of a follow-up."""
    people, visits, own = tables.practitioners, tables.sessions, follow_ups.c
    place = follow_ups.join(visits, visits.c.id == own.session_id).outerjoin(people, people.c.id == own.by_id)
    columns = (own.id, own.session_id, visits.c.patient_id, own.due_at, own.closes_at, own.state)
    query = select(*columns, own.done_at, people.c.code.label("by")).select_from(place)
    return Asked(query.where(rule).order_by(own.due_at))


_OF = _asked(tables.sessions.c.patient_id == bindparam("whose"))
_BY_KEY = _asked(follow_ups.c.id == bindparam("key"))


def _get(unit: Unit, follow_up_id: str) -> FollowUp:
    rows = unit.rows(_BY_KEY, key=follow_up_id)
    if not rows:
        raise NotFound(_("this follow-up is not in the logbook; look it up again"))
    return FollowUp(*rows[0])
