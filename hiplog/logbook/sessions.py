"""Sessions: draft, edit, sign, void. One action, one transaction, one audit row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select

from hiplog.clinical import roles
from hiplog.clinical.code_words import said
from hiplog.clinical.errors import BadInput, NotFound, Refused, Stale
from hiplog.clinical.needling import planned
from hiplog.clinical.reactions import FOLLOW_UP_CLOSE_H, FOLLOW_UP_DUE_H
from hiplog.clinical.record import Episode, Practitioner, ScreeningAnswer, Session, SessionDraft, new_id
from hiplog.clinical.screening import RULES_VERSION, Finding
from hiplog.language import _
from hiplog.logbook import access, clinic, episodes, session_rows, session_views, signing, steps, texts, typed
from hiplog.logbook.signing import findings, first_visit, objections
from hiplog.storage.asked import Asked
from hiplog.storage.tables import VOIDED, drafts, follow_ups, sessions, signatures
from hiplog.storage.unit import SAVED_MEANWHILE, Unit

__all__ = [
    "cosign", "discard", "drafts_open", "enter", "findings", "first_visit", "get", "numbered", "objections",
    "of", "repeat", "save", "sign", "start", "undo", "void",
]  # fmt: skip

AHEAD = timedelta(minutes=10)
AnyDraft = TypeVar("AnyDraft", bound=SessionDraft)


def start(unit: Unit, patient_id: str, episode_id: str, occurred_at: datetime | None = None) -> Session:
    """Start a draft, on disk at once; ``occurred_at`` is now unless it is written up later."""
    at = occurred_at or unit.now
    draft = SessionDraft(new_id(), patient_id, episode_id, unit.actor, at, unit.zone)
    episode = _placed(unit, draft)
    if episode.closed_on is not None:
        raise Refused(_("episode {number} is closed; open a new one").format(number=episode.number))
    therapist = clinic.practitioner(unit, unit.actor)
    _add(unit, patient_id, session_rows.wanted(draft, therapist.id, {})["sessions"][draft.id])
    unit.record("session.start", "session", draft.id)
    return get(unit, draft.id)


def enter(unit: Unit, draft: SessionDraft, *, signed: bool) -> str:
    """Write a whole session in one action and return its key; with ``signed`` it is signed as well.

    For a visit that arrives complete (the command line, an import). ``Refused.reasons`` holds every
    objection to the signature, and then nothing is written.
    """
    _placed(unit, draft)
    _of_actor(unit, draft)
    draft = typed.session(draft)
    about = signing.known(unit, draft.patient)
    found = signing.judged(draft, about)
    if signed:
        access.need_proof(unit)
        draft = _with_standing_answers(draft, found)
        _refuse_unsignable(draft, objections(unit, draft, about))
    therapist = clinic.practitioner(unit, draft.therapist)
    rows = session_rows.wanted(draft, therapist.id, {one.item: one.action for one in found})
    _add(unit, draft.patient, rows["sessions"][draft.id])
    for table in session_rows.CHILDREN:
        unit.insert(table, *rows[table.name].values())
    if signed:
        _freeze(unit, draft, 1, session_rows.digest(rows), "author", therapist)
    unit.record("session.enter", "session", draft.id)
    return draft.id


def repeat(unit: Unit, session_id: str, version: int | None = None) -> Session:
    """Lay the plan of the patient's last signed session into a draft: plan only, never results.

    Amendments count. The rows come as ``copied`` and stay so until confirmed. With ``version``, raise
    ``Stale`` when somebody saved the draft since that was read.
    """
    draft = _own(unit, session_id, version)
    signed = (sessions.c.status == "signed") & sessions.c.id.not_in(VOIDED)
    rule = (sessions.c.patient_id == draft.patient) & signed
    last = next(iter(session_views.views(unit, rule, 1)), None)
    if last is None or not last.insertions:
        raise NotFound(
            _("there is no earlier signed session with needle sites to repeat; start an empty one")
        )
    plan = planned(last.insertions)
    return save(unit, replace(draft, insertions=plan, carried_from=last.id), draft.version)


def save(unit: Unit, draft: SessionDraft, version: int) -> Session:
    """Save a draft as it now stands; the state before becomes one undo step. No change, nothing written.

    Raises ``Stale`` when somebody else saved it since ``version`` was read, ``Refused`` once signed.
    """
    kept = _own(unit, draft.id)
    _placed(unit, draft)
    draft = typed.session(draft)
    therapist = clinic.practitioner(unit, draft.therapist)
    actions = {finding.item: finding.action for finding in findings(unit, draft)}
    rows = session_rows.wanted(draft, therapist.id, actions)
    old = session_rows.current(unit, draft.id)
    if not session_rows.differ(draft.id, old, rows):
        return kept
    session_rows.apply(unit, draft.id, version, old, rows)
    steps.keep(unit, draft.id, session_rows.dump(old))
    unit.record("session.edit", "session", draft.id)
    return get(unit, draft.id)


def undo(unit: Unit, session_id: str, version: int | None = None) -> Session:
    """Take the last save of a draft back; itself audited, refused after signing.

    With ``version``, raise ``Stale`` when somebody else's save would be taken back unseen.
    """
    now = _own(unit, session_id, version)
    newest = select(drafts).where(drafts.c.session_id == session_id).order_by(drafts.c.step.desc()).limit(1)
    step = unit.one(newest)
    if step is None:
        raise Refused(_("there is nothing to undo; each step of this draft has been taken back"))
    before = session_rows.load(steps.body(step))
    session_rows.apply(unit, session_id, now.version, session_rows.current(unit, session_id), before)
    unit.delete(drafts, step.id)
    unit.record("session.undo", "session", session_id)
    return get(unit, session_id)


def sign(unit: Unit, session_id: str, version: int | None = None, *, meaning: str = "author") -> Session:
    """Sign a draft: from here on its rows are frozen. ``Refused.reasons`` holds every objection.

    With ``version``, raise ``Stale`` when what would be signed is not what was read.
    """
    access.need_proof(unit)
    kept = _own(unit, session_id, version)
    about = signing.known(unit, kept.patient)
    found = signing.judged(kept, about)
    draft = _with_standing_answers(kept, found)
    _refuse_unsignable(draft, objections(unit, draft, about))
    therapist = clinic.practitioner(unit, draft.therapist)
    rows = session_rows.wanted(draft, therapist.id, {one.item: one.action for one in found})
    session_rows.apply(unit, session_id, kept.version, session_rows.current(unit, session_id), rows)
    _freeze(unit, draft, kept.version + 1, session_rows.digest(rows), meaning, therapist)
    for row in unit.all(select(drafts.c.id).where(drafts.c.session_id == session_id)):
        unit.delete(drafts, row.id)
    unit.record("session.sign", "session", session_id)
    return get(unit, session_id)


def cosign(unit: Unit, session_id: str) -> Session:
    """Put a second signature, meaning ``co-sign``, under what a colleague has signed."""
    access.need_proof(unit)
    kept = get(unit, session_id)
    if kept.status != "signed":
        raise Refused(
            _("session {number} is {status}; only a signed one can be co-signed").format(
                number=kept.number, status=said(kept.status)
            )
        )
    signer = clinic.practitioner(unit, unit.actor)
    if signer.code in (kept.signed_by, *kept.cosigned_by):
        raise Refused(
            _("{code} has signed session {number} already; a colleague co-signs it").format(
                code=signer.code, number=kept.number
            )
        )
    row = unit.one(select(sessions.c.content_hash).where(sessions.c.id == session_id))
    _signature(unit, session_id, signer, "co-sign", row.content_hash if row else "")
    unit.record("session.cosign", "session", session_id)
    return get(unit, session_id)


def void(unit: Unit, session_id: str, reason: str) -> Session:
    """Declare a signed session void; it stays readable and is no longer counted."""
    access.need_proof(unit)
    kept = get(unit, session_id)
    if kept.status != "signed":
        raise Refused(
            _("session {number} is {status}; only a signed one can be voided").format(
                number=kept.number, status=said(kept.status)
            )
        )
    words = texts.line(_("reason"), reason)
    row = unit.one(select(sessions.c.content_hash).where(sessions.c.id == session_id))
    signer = clinic.practitioner(unit, unit.actor)
    _signature(unit, session_id, signer, "void", row.content_hash if row else "", words)
    rule = (follow_ups.c.session_id == session_id) & (follow_ups.c.state == "due")
    for due in unit.all(select(follow_ups).where(rule)):
        unit.update(follow_ups, due.id, due.version, state="cancelled", done_at=unit.now)
    unit.record("session.void", "session", session_id)
    return get(unit, session_id)


def discard(unit: Unit, session_id: str, version: int | None = None) -> None:
    """Throw a draft away; its images stay in the audit. That of somebody else only an owner may.

    With ``version``, raise ``Stale`` when somebody saved it since that was read.
    """
    kept = _as_read(_open(unit, session_id), version)
    if kept.therapist != unit.actor:
        roles.require(unit.role, "discard", unit.actor)
    rows = session_rows.current(unit, session_id)
    for table in reversed(session_rows.CHILDREN):
        for row_id in rows[table.name]:
            unit.delete(table, row_id)
    for step in unit.all(select(drafts.c.id).where(drafts.c.session_id == session_id)):
        unit.delete(drafts, step.id)
    unit.delete(sessions, session_id)
    unit.record("session.discard", "session", session_id)


_BY_ID = session_views.asked(sessions.c.id == bindparam("key"))
_DRAFTS = session_views.asked(sessions.c.status == "draft")


@cache
def _of_patient(limit: int | None) -> Asked:
    return session_views.asked(sessions.c.patient_id == bindparam("whose"), limit)


def get(unit: Unit, session_id: str) -> Session:
    """Return one session by key."""
    return _first(
        session_views.found(unit, _BY_ID, key=session_id),
        _("this session is not in the logbook; look it up again"),
    )


def numbered(unit: Unit, patient_id: str, number: int) -> Session:
    """Return a patient's session by its number."""
    rule = (sessions.c.patient_id == patient_id) & (sessions.c.number == number)
    return _first(
        session_views.views(unit, rule),
        _("session {number} of this patient is not in the logbook; look it up again").format(number=number),
    )


def of(unit: Unit, patient_id: str, limit: int | None = None) -> tuple[Session, ...]:
    """Return a patient's sessions, oldest first; with ``limit`` only the newest ones."""
    return session_views.found(unit, _of_patient(limit), whose=patient_id)


def drafts_open(unit: Unit) -> tuple[Session, ...]:
    """Return every session that is not signed yet."""
    return session_views.found(unit, _DRAFTS)


def _first(found: tuple[Session, ...], missing: str) -> Session:
    if not found:
        raise NotFound(missing)
    return found[0]


def _open(unit: Unit, session_id: str) -> Session:
    kept = get(unit, session_id)
    if kept.status != "draft":
        raise Refused(
            _("session {number} is {status}; correct it with an amendment").format(
                number=kept.number, status=said(kept.status)
            )
        )
    return kept


def _own(unit: Unit, session_id: str, version: int | None = None) -> Session:
    kept = _open(unit, session_id)
    _of_actor(unit, kept)
    return _as_read(kept, version)


def _as_read(kept: Session, version: int | None) -> Session:
    if version is not None and kept.version != version:
        raise Stale(SAVED_MEANWHILE)
    return kept


def _of_actor(unit: Unit, draft: SessionDraft) -> None:
    """Raise ``Forbidden`` when somebody writes in a draft that is another's."""
    if unit.role is not None and draft.therapist.lower() != unit.actor.lower():
        roles.require(unit.role, "draft", unit.actor)
        whose = _("this draft is {therapist}'s, and nobody else writes in it").format(
            therapist=draft.therapist
        )
        raise roles.Forbidden(whose, "draft")


def _placed(unit: Unit, draft: SessionDraft) -> Episode:
    """Return the episode of a visit that may stand where it is: of this patient, and not in the future."""
    if draft.occurred_at > unit.now + AHEAD:
        raise BadInput(_("the visit lies in the future; give the day it took place"))
    episode = episodes.get(unit, draft.episode)
    if episode.patient != draft.patient:
        raise BadInput(_("this episode belongs to another patient"))
    return episode


_LAST_NUMBER = select(func.max(sessions.c.number)).where(sessions.c.patient_id == bindparam("whose"))


def _add(unit: Unit, patient_id: str, row: dict[str, Any]) -> None:
    unit.alone()
    last = unit.one(_LAST_NUMBER, whose=patient_id)
    fresh = {"number": ((last[0] if last else None) or 0) + 1, "recorded_at": unit.now, "status": "draft"}
    unit.insert(sessions, row | fresh | {"version": 1})


def _refuse_unsignable(draft: SessionDraft, reasons: tuple[str, ...]) -> None:
    if reasons:
        known = _("session {number} cannot be signed yet; answer what is missing first")
        unnumbered = _("this session cannot be signed yet; answer what is missing first")
        refusal = known.format(number=draft.number) if isinstance(draft, Session) else unnumbered
        raise Refused(refusal, reasons)


def _freeze(
    unit: Unit, draft: SessionDraft, version: int, digest: str, meaning: str, therapist: Practitioner
) -> None:
    told: dict[str, Any] = {"signed_at": unit.now, "content_hash": digest, "status": "signed"}
    signer = therapist if therapist.code == unit.actor else clinic.practitioner(unit, unit.actor)
    unit.update(sessions, draft.id, version, signed_by=signer.id, **told)
    _signature(unit, draft.id, signer, meaning, digest)
    if draft.insertions:
        _plan_follow_up(unit, draft)


def _with_standing_answers(draft: AnyDraft, found: tuple[Finding, ...]) -> AnyDraft:
    # What a standing precaution answered is written down at signing with the rule that judged it.
    asked = {answer.item for answer in draft.screening}
    standing = tuple(
        ScreeningAnswer(finding.item, "yes", finding.override_reason, RULES_VERSION)
        for finding in found
        if finding.item not in asked
    )
    return replace(draft, screening=(*draft.screening, *standing))


def _signature(
    unit: Unit, session_id: str, signer: Practitioner, meaning: str, digest: str, reason: str | None = None
) -> None:
    row = {"id": new_id(), "session_id": session_id, "meaning": meaning, "practitioner_id": signer.id}
    signed = {"printed_name": signer.name, "at": unit.now, "zone": unit.zone, "content_hash": digest}
    unit.insert(signatures, row | signed | {"reason": reason})
    clinic.tell_lapsed(unit, signer, session_id)


def _plan_follow_up(unit: Unit, draft: SessionDraft) -> None:
    due = draft.occurred_at + timedelta(hours=FOLLOW_UP_DUE_H)
    closes = draft.occurred_at + timedelta(hours=FOLLOW_UP_CLOSE_H)
    row = {"id": new_id(), "session_id": draft.id, "due_at": due, "closes_at": closes, "state": "due"}
    unit.insert(follow_ups, row | {"done_at": None, "by_id": None, "version": 1})
