"""Whole demo visits as session drafts: screening, consent, needling, readings, reactions, advice, plan."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from hiplog.clinical.aftercare import sheet_defaults
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import (
    AskedAs,
    Consent,
    Inquiry,
    Reading,
    Referral,
    ScreeningAnswer,
    SessionDraft,
    Stage,
)
from hiplog.clinical.screening import RULES_VERSION, all_clear
from hiplog.exchange.demo import effects, needling
from hiplog.exchange.demo.cases import FIRST_NOTES
from hiplog.exchange.demo.hip import Hip
from hiplog.exchange.demo.ids import key

CONSENT_FORM = "1"
FUNCTION_EVERY = 3
CO_TREATMENTS = (("EXERCISE", 0.6), ("STRETCH", 0.35), ("PHYSIO", 0.15), ("HEAT", 0.12), ("MASSAGE", 0.1))
NOTES = (
    "Walked the stairs without stopping this week.",
    "Slept on the side again.",
    "Slow start; position changed to side lying.",
    "Exercises done most days.",
    "Long drive at the weekend, more pain since.",
    "Firm band over the trochanter, settles during needling.",
)
NOT_TODAY = (
    ("FEVER", "refer", "Came with a cold and a raised temperature; nothing needled, new appointment given."),
    ("LOCAL_INF", "stop", "Rash over the planned sites; nothing needled, exercises reviewed instead."),
)


def whole(rng: Random, hip: Hip, nth: int, last: SessionDraft | None, unasked: bool) -> SessionDraft:
    """Return visit ``nth`` (from 0) of ``hip``; ``last`` is the visit before, ``unasked`` that nobody
    reached the patient since."""
    if nth > 0 and rng.random() < 0.012:
        return not_today(rng, hip, nth)
    placed = needling.sites(rng, hip.plan, last.insertions if last else ())
    confirmed = any(site.origin == "confirmed" for site in placed)
    return replace(
        _opening(rng, hip, nth),
        consent=_consent(rng, first=nth == 0),
        insertions=placed,
        inquiries=_inquiries(rng, hip, placed, last, unasked),
        readings=readings(rng, hip, nth),
        needles=needling.count(rng, placed),
        advice=_advice(rng, first=nth == 0),
        co_treatments=tuple(code for code, share in CO_TREATMENTS if rng.random() < share),
        referrals=_referrals(rng, hip, nth),
        carried_from=last.id if last and confirmed else None,
        note=_note(rng, hip, nth),
        plan=_next(rng, hip, nth),
    )


def not_today(rng: Random, hip: Hip, nth: int) -> SessionDraft:
    """Return a visit at which screening forbade the needle: measured, talked, nothing needled."""
    item, action, note = rng.choice(NOT_TODAY)
    opening = _opening(rng, hip, nth)
    screening = _screening(rng, hip, full=True, yes=item)
    sent = (Referral(item, "family physician", id=key(rng)),) if action == "refer" else ()
    before = tuple(r for r in readings(rng, hip, nth) if r.stage == "before")
    return replace(
        opening,
        screening=screening,
        consent=_consent(rng, first=False),
        readings=before,
        referrals=sent,
        note=note,
        plan="Next visit once this has settled.",
    )


def half(rng: Random, hip: Hip, nth: int, last: SessionDraft | None) -> tuple[SessionDraft, SessionDraft]:
    """Return a visit in progress, as first saved and as it stands: two sites, nothing counted yet."""
    full = whole(rng, hip, nth, last, False)
    before = tuple(reading for reading in full.readings if reading.stage == "before")
    started = replace(_opening(rng, hip, nth), id=full.id, screening=full.screening, consent=full.consent)
    begun = tuple(
        replace(site, origin="typed", twitch=None, twitch_count=None, familiar_pain=None)
        for site in needling.fresh(rng, hip.plan, 2)
    )
    return started, replace(started, readings=before, insertions=begun, note="Changed to side lying.")


def unfinished(rng: Random, hip: Hip, nth: int, last: SessionDraft | None, *, consent: bool) -> SessionDraft:
    """Return a visit that was never signed: needles not counted, or consent not written down."""
    full = needled(rng, hip, nth, last)
    if not consent:
        return replace(full, consent=None, inquiries=())
    return replace(full, needles=replace(full.needles, withdrawn=None, to_sharps=None), plan=None)


def needled(rng: Random, hip: Hip, nth: int, last: SessionDraft | None) -> SessionDraft:
    """Return a visit at which the needle was not forbidden."""
    while True:
        visit = whole(rng, hip, nth, last, False)
        if visit.insertions:
            return visit


def readings(rng: Random, hip: Hip, nth: int) -> tuple[Reading, ...]:
    """Return pain and motion before and after, and the function score when it is due."""
    course, tester = hip.course, hip.visits[nth].therapist
    pain, degrees = course.pain(rng, nth), course.degrees(rng, nth)

    def taken(stage: Stage, measure: str, value: Decimal | None, missing: str | None = None) -> Reading:
        return Reading(stage, measure, value, tester=tester, missing_reason=missing, id=key(rng))

    def moved(stage: Stage, value: int) -> Reading:
        reading = taken(stage, course.case.motion, Decimal(value))
        return replace(reading, side=hip.draft.side, mode="passive", device="goniometer")

    found = [taken("before", "NPRS", Decimal(pain)), moved("before", degrees)]
    if rng.random() < 0.93:
        found.append(taken("after", "NPRS", Decimal(course.afterwards(rng, pain))))
    if rng.random() < 0.5:
        found.append(moved("after", degrees + rng.randrange(0, 5)))
    if nth % FUNCTION_EVERY == 0:
        score = course.function(rng, nth) if rng.random() < 0.96 else None
        found.append(taken("before", "LEFS", score, None if score is not None else "not_taken"))
    return tuple(found)


def _opening(rng: Random, hip: Hip, nth: int) -> SessionDraft:
    return SessionDraft(
        id=key(rng),
        patient=hip.code,
        episode=str(hip.number),
        therapist=hip.visits[nth].therapist,
        occurred_at=hip.visits[nth].at,
        zone=hip.zone,
        screening=_screening(rng, hip, full=nth == 0 and hip.number == 1),
    )


def _screening(rng: Random, hip: Hip, *, full: bool, yes: str | None = None) -> tuple[ScreeningAnswer, ...]:
    """Answer what must be asked. A standing precaution is written down as the yes that it is."""
    standing = {p.item: f"cleared by {p.cleared_by}" if p.cleared_by else p.note for p in hip.precautions}
    asked = [answer for answer in all_clear(full) if answer.item not in standing]
    how: AskedAs = "together" if full else "singly"
    answers = [
        ScreeningAnswer(a.item, "yes", asked="singly")
        if a.item == yes
        else ScreeningAnswer(a.item, "none", asked=how)
        for a in asked
    ]
    answers += [ScreeningAnswer(item, "yes", reason) for item, reason in standing.items()]
    if full and yes is None and hip.course.start > 7.6:
        severe = ScreeningAnswer("SEV_PERSIST", "yes", "Examined; muscular pattern, measured at each visit.")
        answers = [severe if answer.item == severe.item else answer for answer in answers]
    return tuple(replace(answer, rule_version=RULES_VERSION, id=key(rng)) for answer in answers)


def _consent(rng: Random, *, first: bool) -> Consent:
    return Consent(CONSENT_FORM, given=True, copy_given=True if first else None, id=key(rng))


def _inquiries(
    rng: Random, hip: Hip, placed: tuple[Insertion, ...], last: SessionDraft | None, unasked: bool
) -> tuple[Inquiry, ...]:
    here = effects.seen(rng, placed)
    if not unasked or last is None or not last.insertions:
        return (here,)
    since = effects.told(rng, "since_last", last.insertions, female=hip.female)
    # The sites of the visit before belong to that visit; here the effect stands without one.
    loose = tuple(replace(reaction, insertion=None) for reaction in since.reactions)
    return (replace(since, reactions=loose), here)


def _advice(rng: Random, *, first: bool) -> tuple[str, ...]:
    offered = sheet_defaults()
    given = offered if first else tuple(code for code in offered if rng.random() < 0.4)
    return (*given, "PRESS") if rng.random() < 0.35 else given


def _referrals(rng: Random, hip: Hip, nth: int) -> tuple[Referral, ...]:
    if hip.course.ending != "better" and nth == 4 and rng.random() < 0.7:
        return (Referral("SEV_PERSIST", "orthopaedics", note="No response in five visits.", id=key(rng)),)
    return ()


def _note(rng: Random, hip: Hip, nth: int) -> str | None:
    if nth == 0:
        return FIRST_NOTES[hip.draft.cause] if rng.random() < 0.8 else None
    return rng.choice(NOTES) if rng.random() < 0.25 else None


def _next(rng: Random, hip: Hip, nth: int) -> str | None:
    if hip.finished and nth == len(hip.visits) - 1:
        return "Course completed; exercises at home."
    return rng.choice(("Next visit in one week.", "Same sites next week.", "Recheck motion next time.", None))
