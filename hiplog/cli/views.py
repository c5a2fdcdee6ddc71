"""Records as JSON: the keys that scripts and checks read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hiplog.clinical.needling import Insertion
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import (
    Episode,
    Inquiry,
    Patient,
    Practitioner,
    Precaution,
    Reading,
    Referral,
    ScreeningAnswer,
    Session,
)
from hiplog.clinical.requests import Request
from hiplog.clinical.screening import Finding

if TYPE_CHECKING:
    from hiplog.logbook.protocols import Protocol

Json = dict[str, Any]

_ORDER = {code: place for place, code in enumerate(QUESTIONS.codes)}


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def when(value: datetime | date | None) -> str | None:
    """A day or time in ISO 8601."""
    return None if value is None else value.isoformat()


def patient(who: Patient) -> Json:
    """A patient."""
    return {
        "code": who.code,
        "family": who.family,
        "given": who.given,
        "birth": when(who.birth),
        "sex": who.sex,
        "phone": who.phone,
        "email": who.email,
        "note": who.note,
        "erased": who.erased,
    }


def episode(one: Episode) -> Json:
    """An episode with its ICD-10-CM codes."""
    return {
        "number": one.number,
        "side": one.side,
        "cause": one.cause,
        "indication": one.indication,
        "icd10": list(one.icd10),
        "symptoms": list(one.symptoms),
        "onset": when(one.onset),
        "opened_on": when(one.opened_on),
        "closed_on": when(one.closed_on),
        "close_reason": one.close_reason,
    }


def precaution(one: Precaution) -> Json:
    """A standing precaution."""
    return {"item": one.item, "note": one.note, "cleared_by": one.cleared_by, "since": when(one.since)}


def practitioner(who: Practitioner) -> Json:
    """A practitioner."""
    return {
        "code": who.code,
        "name": who.name,
        "licence": who.licence,
        "expires": when(who.expires),
        "training": who.training,
        "role": who.role,
        "active": who.active,
    }


def protocol(one: Protocol) -> Json:
    """A protocol: the key it lies on, its name, and its plan as a line for one hip."""
    return {"key": one.slot, "name": one.name, "side": one.side, "line": one.line}


def session(kept: Session, findings: Iterable[Finding] = ()) -> Json:
    """A session: what ``hiplog log`` answers."""
    needles = kept.needles
    return {
        "session": kept.number,
        "status": kept.status,
        "occurred_at": when(kept.occurred_at),
        "zone": kept.zone,
        "therapist": kept.therapist,
        "signed_by": kept.signed_by,
        "cosigned_by": list(kept.cosigned_by),
        "insertions": [insertion(one) for one in kept.insertions],
        "readings": [reading(one) for one in kept.readings],
        "needles": {
            "opened": needles.opened,
            "inserted": needles.inserted,
            "withdrawn": needles.withdrawn,
            "to_sharps": needles.to_sharps,
        },
        "inquiries": [inquiry(one) for one in kept.inquiries],
        "screening": [
            {"item": a.item, "answer": a.answer, "reason": a.reason}
            | {"rule_version": a.rule_version, "asked": a.asked}
            for a in sorted(kept.screening, key=_asked)
        ],
        "consent": _consent(kept),
        "referrals": [referral(one) for one in kept.referrals],
        "findings": [finding(one) for one in findings],
        "note": kept.note,
        "plan": kept.plan,
        "amendments": len(kept.amendments),
        "amended": [
            {"field": made.column, "old": made.old, "new": made.new, "by": made.by,
             "at": when(made.at), "reason": made.reason}
            for made in kept.amendments
        ],
        "signed_at": when(kept.signed_at),
        "void": _void(kept),
    }  # fmt: skip


def _void(kept: Session) -> Json | None:
    if kept.status != "voided":
        return None
    return {"reason": kept.void_reason, "by": kept.voided_by, "at": when(kept.voided_at)}


def request(one: Request) -> Json:
    """A patient's request for amendment, and what followed."""
    return {
        "number": one.number,
        "session": one.visit,
        "asked_on": when(one.asked_on),
        "words": one.voice,
        "wish": one.wish,
        "why": one.why,
        "taken_down_by": one.by,
        "taken_down_at": when(one.at),
        "state": one.state,
        "answer_due": when(one.due),
        "steps": [
            {"kind": step.kind, "by": step.by, "at": when(step.at), "said": step.said,
             "ground": step.ground, "amended": step.column}
            for step in one.steps
        ],
    }  # fmt: skip


def insertion(one: Insertion) -> Json:
    """A needle site."""
    return {
        "muscle": one.muscle,
        "side": one.side,
        "zone": one.zone,
        "target": one.target,
        "diameter_mm": number(one.diameter_mm),
        "length_mm": one.length_mm,
        "depth_mm": one.depth_mm,
        "insertions": one.insertions,
        "technique": one.technique,
        "passes": one.passes,
        "hz": number(one.hz),
        "ma": number(one.ma),
        "retention_min": one.retention_min,
        "twitch": one.twitch,
        "twitch_count": one.twitch_count,
        "familiar_pain": one.familiar_pain,
        "origin": one.origin,
    }


def reading(one: Reading) -> Json:
    """A measured value."""
    return {
        "measure": one.measure,
        "stage": one.stage,
        "side": one.side,
        "value": number(one.value),
        "mode": one.mode,
        "device": one.device,
        "tester": one.tester,
        "missing_reason": one.missing_reason,
    }


def referral(one: Referral) -> Json:
    """Where a patient was sent; ``follow_up`` when a contact after the visit led to it."""
    told = {"reason": one.reason, "to": one.to, "urgent": one.urgent, "note": one.note}
    return told | {"follow_up": one.follow_up is not None}


def inquiry(one: Inquiry) -> Json:
    """What was asked about reactions, and what came of it."""
    return {
        "stage": one.stage,
        "asked_how": one.asked_how,
        "reporter": one.reporter,
        "state": one.state,
        "asked_at_h": number(one.asked_at_h),
        "reactions": [
            {"kind": r.kind, "severity": r.severity, "soreness": r.soreness, "size_mm": r.size_mm}
            for r in one.reactions
        ],
    }


def finding(one: Finding) -> Json:
    """What a screening rule says."""
    return {
        "item": one.item,
        "action": one.action,
        "muscles": list(one.muscles),
        "reason": one.reason,
        "urgent": one.urgent,
        "overridden": one.overridden,
        "override_reason": one.override_reason,
        "rule_version": one.rule_version,
    }


def _asked(answer: ScreeningAnswer) -> tuple[int, str]:
    """Sort answers as the questions are asked, unknown ones last."""
    return (_ORDER.get(answer.item, len(_ORDER)), answer.item)


def _consent(kept: Session) -> Json | None:
    if kept.consent is None:
        return None
    return {
        "given": kept.consent.given,
        "withdrawn": kept.consent.withdrawn,
        "form_version": kept.consent.form_version,
    }
