"""People and visits to write into a logbook under test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from hiplog.clinical import screening
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import (
    Consent,
    EpisodeDraft,
    Inquiry,
    NeedleCount,
    Patient,
    PatientDraft,
    Reaction,
    Reading,
    Referral,
    Session,
    SessionDraft,
)
from hiplog.logbook import amendments, episodes, followups, patients, sessions
from hiplog.logbook.book import Logbook

D = TypeVar("D", bound=SessionDraft)

CANARY = "Zwiebelkuchen"
"""A family name that must never turn up where no patient's name belongs."""


def person(code: str = "P-001", **changes: Any) -> PatientDraft:
    known = {"family": CANARY, "given": "Ann", "birth": date(1980, 5, 1), "sex": "female"} | changes
    return PatientDraft(code=code, **known)


def admit(book: Logbook, code: str = "P-001", side: str = "R", **changes: Any) -> tuple[Patient, str]:
    """Add a patient with one open episode; return both, the episode by its key."""
    who = book.write(patients.add, person(code, **changes))
    return who, book.write(episodes.open_, who.id, EpisodeDraft(side, "OVERUSE")).id


def begin(book: Logbook, code: str = "P-001") -> Session:
    """Admit a patient and start the first session."""
    who, episode = admit(book, code)
    return book.write(sessions.start, who.id, episode)


def site(muscle: str = "GMED", **changes: Any) -> Insertion:
    known = {"zone": "1", "technique": "FIFO", "length_mm": 60, "depth_mm": 35, "twitch": "elicited"}
    return replace(Insertion(muscle, "R", diameter_mm=Decimal("0.30"), **known), **changes)


def pain(value: int | None, stage: str = "before", measure: str = "NPRS", **more: Any) -> Reading:
    return Reading(stage, measure, None if value is None else Decimal(value), **more)


def complete(draft: D, before: int = 6, after: int = 4, *, first: bool = True) -> D:
    """Return ``draft`` with everything that a signature needs."""
    return replace(
        draft,
        screening=screening.all_clear(first),
        consent=Consent("2026-01", given=True),
        insertions=(site(),),
        readings=(pain(before), pain(after, "after")),
        needles=NeedleCount(opened=1, inserted=1, withdrawn=1, to_sharps=1),
        note=f"{CANARY} tolerated it well",
        plan="repeat in a week",
    )


def full(draft: Session) -> Session:
    """Return ``draft`` with a row in every table that a session has."""
    done = complete(draft)
    bruise = Reaction("BRUISE", "mild", insertion=done.insertions[0].id, size_mm=12, note="on the thigh")
    return replace(
        done,
        inquiries=(Inquiry("session", "checklist", "therapist", "yes", (bruise,)),),
        advice=("HEAT",),
        co_treatments=("EXERCISE",),
        referrals=(Referral("NIGHT", "physician", note="pain at night"),),
    )


def visit(
    book: Logbook, patient: str, episode: str, before: int = 6, after: int = 4, **changes: Any
) -> Session:
    """Write and sign one whole session now."""
    draft = book.write(sessions.start, patient, episode)
    first = book.read(sessions.first_visit, draft)
    done = replace(complete(draft, before, after, first=first), **changes)
    return book.write(sessions.sign, book.write(sessions.save, done, draft.version).id)


def signed(book: Logbook, code: str = "P-001") -> Session:
    """Admit a patient and return the first session, signed, with a row in every table."""
    draft = begin(book, code)
    kept = book.write(sessions.save, full(draft), draft.version)
    return book.write(sessions.sign, kept.id)


def visited(book: Logbook) -> Session:
    """A signed session, and a change of the patient afterwards."""
    kept = signed(book)
    book.write(patients.edit, book.read(patients.by_id, kept.patient))
    return kept


def followed(book: Logbook) -> None:
    """A session signed, amended and followed up, beside a draft of another patient with the same rows."""
    kept = signed(book)
    book.write(amendments.amend, kept.id, "plan", "rest", "typing error")
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "none"))
    draft = begin(book, "P-002")
    book.write(sessions.save, full(draft), draft.version)


def begun(book: Logbook) -> None:
    """A draft with a row in every table that a session has."""
    draft = begin(book)
    book.write(sessions.save, full(draft), draft.version)
