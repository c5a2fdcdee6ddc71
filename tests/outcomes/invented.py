"""The invented clinics as facts, without a database; and the same clinics played into a logbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import (
    Consent,
    EpisodeDraft,
    Inquiry,
    NeedleCount,
    PatientDraft,
    PractitionerDraft,
    Reaction,
    Reading,
    SessionDraft,
    new_id,
)
from hiplog.clinical.screening import all_clear
from hiplog.logbook import clinic, episodes, followups, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes.facts import Facts, Hip, Report, Site, Value, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.tally import Tally, tally

START = datetime(2024, 1, 1, 10, tzinfo=UTC)
ASKED = timedelta(days=1)
Clinic = list[dict[str, Any]]


def facts(made: Clinic) -> Facts:
    """The facts that reading such a logbook gives."""
    last = START + timedelta(days=1500)
    return Facts(last, tuple(_hip(at, one) for at, one in enumerate(made)))


def tallied(hips: Iterable[Hip]) -> Tally:
    """What bare hips come to."""
    return tally(Facts(START + timedelta(days=1500), tuple(hips)), (), ZoneInfo("UTC"), Filters())


def apart(visits: Iterable[Visit]) -> tuple[Hip, ...]:
    """Each visit a hip of its own."""
    return tuple(Hip(one.id, one.patient, 1, "R", "OVERUSE", False, (one,)) for one in visits)


def _hip(at: int, one: dict[str, Any]) -> Hip:
    visits = tuple(_visit(at, place, one, visit) for place, visit in enumerate(one["visits"], 1))
    return Hip(str(at), one["patient"], 1, one["side"], one["cause"], False, visits)


def _visit(hip: int, place: int, one: dict[str, Any], visit: dict[str, Any]) -> Visit:
    at = START + timedelta(days=visit["day"])
    stages = (("before", at), ("after", at), ("later", at + ASKED))
    words = {"before": "before", "after": "after", "later": "follow_up"}
    return Visit(
        id=f"{hip}.{place}",
        patient=one["patient"],
        number=place,
        ordinal=place,
        at=at,
        therapist=one["therapist"],
        pain=tuple(
            Value(when, words[stage], Decimal(visit[stage]))
            for stage, when in stages
            if visit[stage] is not None
        ),
        sites=(Site("GMED", one["side"], visit["insertions"]),),
        by_therapist=_report(visit["therapist_said"], None),
        by_patient=_report(visit["patient_said"], visit["soreness"]),
    )


def _report(state: str, soreness: int | None) -> Report:
    return Report(state, frozenset({"PAIN_AFT"} if state == "yes" else ()), False, soreness)


def play(book: Logbook, made: Clinic) -> None:
    """Write a clinic into a logbook through its own doors, in the order of time."""
    for code in ("DN002", "DN003"):
        book.write(clinic.add, PractitionerDraft(code=code, name=f"Therapist {code}"))
    events = [
        (START + timedelta(days=visit["day"] + (later * 1)), later, at, place)
        for at, hip in enumerate(made)
        for place, visit in enumerate(hip["visits"])
        for later in (False, True)
    ]
    known: dict[str, str] = {}
    opened: dict[int, str] = {}
    written: dict[tuple[int, int], str] = {}
    visits_of: dict[str, int] = defaultdict(int)
    clock: Any = book.clock
    for when, later, at, place in sorted(events):
        hip = made[at]
        visit = hip["visits"][place]
        clock.now = when
        if later:
            _follow_up(book, written[at, place], visit)
            continue
        if hip["patient"] not in known:
            draft = PatientDraft(code=hip["patient"], family="Quillfeather", given="Jo")
            known[hip["patient"]] = book.write(patients.add, draft).id
        if at not in opened:
            episode = EpisodeDraft(hip["side"], hip["cause"])
            opened[at] = book.write(episodes.open_, known[hip["patient"]], episode).id
        first = visits_of[hip["patient"]] == 0
        visits_of[hip["patient"]] += 1
        draft_session = session(known[hip["patient"]], opened[at], hip, visit, when, first=first)
        written[at, place] = book.acting(hip["therapist"]).write(sessions.enter, draft_session, signed=True)


def session(
    patient: str, episode: str, hip: dict[str, Any], visit: dict[str, Any], when: datetime, *, first: bool
) -> SessionDraft:
    """A whole visit, ready to be signed."""
    taken = [
        Reading(stage, "NPRS", None if score is None else Decimal(score), missing_reason=_why(score))
        for stage, score in (("before", visit["before"]), ("after", visit["after"]))
    ]
    holes = visit["insertions"]
    return SessionDraft(
        id=new_id(),
        patient=patient,
        episode=episode,
        therapist=hip["therapist"],
        occurred_at=when,
        zone="Europe/Berlin",
        screening=all_clear(first),
        consent=Consent("1", given=True),
        insertions=(Insertion("GMED", hip["side"], insertions=holes),),
        inquiries=(_inquiry("session", "therapist", visit["therapist_said"], None),),
        readings=tuple(taken),
        needles=NeedleCount(inserted=1, withdrawn=1),
    )


def _why(score: int | None) -> str | None:
    return "declined" if score is None else None


def _inquiry(stage: Any, reporter: str, state: Any, soreness: int | None) -> Inquiry:
    named = (Reaction("PAIN_AFT", "mild", soreness=soreness),) if state == "yes" else ()
    how = "not_asked" if state == "not_asked" else "checklist"
    return Inquiry(stage, how, reporter, state, named)


def _follow_up(book: Logbook, session_id: str, visit: dict[str, Any]) -> None:
    if visit["patient_said"] == "not_asked" and visit["later"] is None:
        return
    taken = () if visit["later"] is None else (Reading("follow_up", "NPRS", Decimal(visit["later"])),)
    inquiry = _inquiry("follow_up", "patient", visit["patient_said"], visit["soreness"])
    book.write(followups.record, session_id, inquiry, taken)
