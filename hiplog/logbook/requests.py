"""Patients' requests to amend the record: taken down, answered, carried out; nothing of it is ever changed.

A request and everything that follows it are rows of their own that are only ever added to, so an accepted and
a denied one are kept alike, with the patient's statement of disagreement beside the denial.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, func, select

from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.record import Session, new_id
from hiplog.clinical.requests import GROUNDS, NEEDS_WORDS, VOICES, Request, RequestDraft, Step
from hiplog.language import _
from hiplog.logbook import amendments, clinic, sessions, texts, unworded
from hiplog.storage.tables import amendment_requests, practitioners, request_steps
from hiplog.storage.tables import amendments as amended
from hiplog.storage.tables import sessions as visits
from hiplog.storage.unit import Unit

ANSWERS = ("accepted", "denied", "extended", "withdrawn", "disagreement", "rebuttal")


def add(unit: Unit, patient_id: str, draft: RequestDraft) -> Request:
    """Take down what a patient asks; ``Refused`` for a visit that is not signed, which is simply changed."""
    if draft.voice not in VOICES:
        raise BadInput(
            _("words: {voice!r} is not one of {voices}").format(
                voice=draft.voice[:40], voices=", ".join(VOICES)
            )
        )
    if draft.asked_on > unit.now.astimezone(ZoneInfo(unit.zone)).date():
        raise BadInput(_("asked on: this day lies in the future; give today or an earlier day"))
    if draft.session is not None:
        _fitting(unit, patient_id, draft.session)
    unit.alone()
    key = new_id()
    row = {
        "id": key,
        "patient_id": patient_id,
        "session_id": draft.session,
        "number": _next_number(unit, patient_id),
        "asked_on": draft.asked_on,
        "voice": draft.voice,
        "wish": _needed(_("what shall be changed"), draft.wish),
        "why": texts.prose(_("why"), draft.why),
        "practitioner_id": clinic.practitioner(unit, unit.actor).id,
        "at": unit.now,
    }
    unit.insert(amendment_requests, row)
    unit.record("request.add", "patient", patient_id)
    return get(unit, key)


def answer(
    unit: Unit, request_id: str, kind: str, said: str | None = None, ground: str | None = None
) -> Request:
    """Add one of :data:`ANSWERS`; a denial needs its ``ground``, and all but a yes and a withdrawal words.

    Raises ``Refused`` when it cannot follow what was answered before, ``BadInput`` for missing words.
    """
    if kind not in ANSWERS:
        raise BadInput(
            _("{kind!r} is no answer; say one of {answers}").format(
                kind=kind[:40], answers=", ".join(ANSWERS)
            )
        )
    if (kind == "denied") != (ground is not None) or (ground is not None and ground not in GROUNDS):
        raise BadInput(
            _("a denial, and nothing else, has a ground: one of {grounds}").format(grounds=", ".join(GROUNDS))
        )
    words = _needed(_("the reason"), said) if kind in NEEDS_WORDS else texts.prose(_("the reason"), said)
    _follow(unit, get(unit, request_id), kind, said=words, ground=ground)
    return get(unit, request_id)


def carry_out(unit: Unit, request_id: str, said: str) -> Request:
    """Say in words how an accepted request was carried out, where that is no field of a signed visit."""
    _follow(unit, get(unit, request_id), "carried_out", said=_needed(_("what was done"), said))
    return get(unit, request_id)


def amend(
    unit: Unit, request_id: str, session_id: str, field: str, value: str | None, reason: str
) -> Session:
    """Amend a signed visit as :func:`amendments.amend` does, because the patient asked; the two are tied.

    A request that is still open is accepted by it. ``Refused`` when it is about another visit or patient.
    """
    asked = get(unit, request_id)
    kept = sessions.get(unit, session_id)
    if kept.patient != asked.patient or asked.session not in (None, session_id):
        raise Refused(
            _("request {number} is about another visit; nothing was changed").format(number=asked.number)
        )
    if asked.state == "open":
        _follow(unit, asked, "accepted")
    else:
        _refuse(asked, "carried_out")
    before = {one.id for one in kept.amendments}
    changed = amendments.amend(unit, session_id, field, value, reason)
    made = next(one for one in changed.amendments if one.id not in before)
    _follow(unit, get(unit, request_id), "carried_out", amendment=made.id)
    return changed


def get(unit: Unit, request_id: str) -> Request:
    """Return one request; ``NotFound`` when there is none."""
    found = _views(unit, amendment_requests.c.id == request_id)
    if not found:
        raise NotFound(_("this request is not in the logbook; look it up again"))
    return found[0]


def of(unit: Unit, patient_id: str) -> tuple[Request, ...]:
    """Return what a patient asked for, the first request first."""
    return _views(unit, amendment_requests.c.patient_id == patient_id)


def numbered(unit: Unit, patient_id: str, number: int) -> Request:
    """Return request ``number`` of a patient; ``NotFound`` names those there are."""
    kept = of(unit, patient_id)
    found = next((one for one in kept if one.number == number), None)
    if found is None:
        there = ", ".join(str(one.number) for one in kept) or _("none")
        raise NotFound(
            _("there is no request {number}; there are: {there}").format(number=number, there=there)
        )
    return found


def waiting(unit: Unit, limit: int) -> tuple[Request, ...]:
    """Return the requests of all patients that wait for an answer or for the amendment, the oldest first."""

    def has(*kinds: str) -> ColumnElement[bool]:
        steps = request_steps.c
        rule = (steps.request_id == amendment_requests.c.id) & steps.kind.in_(kinds)
        return select(steps.id).where(rule).exists()

    query = (
        select(amendment_requests.c.id)
        .where(~has("denied", "withdrawn", "carried_out"))
        .order_by(amendment_requests.c.asked_on, amendment_requests.c.id)
        .limit(limit)
    )
    ids = [row.id for row in unit.all(query)]
    found = _views(unit, amendment_requests.c.id.in_(ids)) if ids else ()
    return tuple(sorted(found, key=lambda one: (one.due, one.id)))


def about(found: tuple[Request, ...], session_id: str) -> tuple[Request, ...]:
    """Return those that are shown with a visit: about it, or about the record as a whole."""
    return tuple(one for one in found if one.session in (None, session_id))


def _fitting(unit: Unit, patient_id: str, session_id: str) -> None:
    kept = sessions.get(unit, session_id)
    if kept.patient != patient_id:
        raise Refused(_("this visit is another patient's; nothing was taken down"))
    if kept.status == "draft":
        raise Refused(
            _("visit {number} is a draft and can be changed; a request is about what is signed").format(
                number=kept.number
            )
        )


def _needed(what: str, text: str | None) -> str:
    found = texts.prose(what, text)
    if found is None:
        raise BadInput(_("{what}: must not be empty").format(what=what))
    return found


def _refuse(asked: Request, kind: str) -> None:
    wrong = asked.refusal(kind)
    if wrong is not None:
        raise Refused(wrong)


def _follow(unit: Unit, asked: Request, kind: str, **told: Any) -> None:
    unit.alone()
    _refuse(asked, kind)
    row = {
        "id": new_id(),
        "request_id": asked.id,
        "kind": kind,
        "ground": told.get("ground"),
        "said": told.get("said"),
        "amendment_id": told.get("amendment"),
        "practitioner_id": clinic.practitioner(unit, unit.actor).id,
        "at": _after(asked, unit.now),
    }
    unit.insert(request_steps, row)
    unit.record(f"request.{kind}", "patient", asked.patient)


def _after(asked: Request, now: datetime) -> datetime:
    # Steps are read in the order of their times, which must hold when the machine's clock was set back.
    last = max((step.at for step in asked.steps), default=None)
    return now if last is None else max(now, last + timedelta(milliseconds=1))


def _next_number(unit: Unit, patient_id: str) -> int:
    rule = amendment_requests.c.patient_id == patient_id
    row = unit.one(select(func.max(amendment_requests.c.number)).where(rule))
    return (row[0] or 0) + 1 if row else 1


def _views(unit: Unit, rule: ColumnElement[bool]) -> tuple[Request, ...]:
    who = practitioners.alias("who")
    place = amendment_requests.join(who, who.c.id == amendment_requests.c.practitioner_id).outerjoin(
        visits, visits.c.id == amendment_requests.c.session_id
    )
    query = select(amendment_requests, who.c.code.label("by"), visits.c.number.label("visit"))
    rows = unit.all(query.select_from(place).where(rule).order_by(amendment_requests.c.number))
    steps = _steps(unit, [row.id for row in rows])
    found = (_view(row, tuple(steps[row.id])) for row in rows)
    return tuple(found if unit.sees_names else map(unworded.request, found))


def _steps(unit: Unit, ids: list[str]) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = defaultdict(list)
    if not ids:
        return found
    place = request_steps.join(
        practitioners, practitioners.c.id == request_steps.c.practitioner_id
    ).outerjoin(amended, amended.c.id == request_steps.c.amendment_id)
    columns = (practitioners.c.code.label("by"), amended.c.field)
    query = select(request_steps, *columns).select_from(place)
    steps = query.where(request_steps.c.request_id.in_(ids))
    for row in unit.all(steps.order_by(request_steps.c.at, request_steps.c.id)):
        found[row.request_id].append(_step(row))
    return found


def _step(row: Row[Any]) -> Step:
    return Step(row.kind, row.by, row.at, row.said, row.ground, row.amendment_id, row.field, row.id)


def _view(row: Row[Any], steps: tuple[Step, ...]) -> Request:
    return Request(
        id=row.id,
        patient=row.patient_id,
        number=row.number,
        asked_on=row.asked_on,
        voice=row.voice,
        wish=row.wish,
        why=row.why,
        by=row.by,
        at=row.at,
        session=row.session_id,
        visit=row.visit,
        steps=steps,
    )
