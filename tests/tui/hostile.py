"""Words that a terminal, a markup reader, a shell, a spreadsheet or a formatter would obey, and a clinic of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date

import pytest
import samples
from clocks import SetClock

from hiplog.clinical.record import (
    EpisodeDraft,
    Inquiry,
    NeedleCount,
    Patient,
    PatientDraft,
    PractitionerDraft,
    Precaution,
    Reaction,
    Referral,
    ScreeningAnswer,
    Session,
)
from hiplog.clinical.requests import RequestDraft
from hiplog.logbook import (
    amendments,
    clinic,
    episodes,
    followups,
    patients,
    precautions,
    protocols,
    requests,
    sessions,
    texts,
)
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

PAYLOADS = {
    "unclosed tag": "[/",
    "live link": "[@click=app.quit]x[/]",
    "closing of nothing": "[/bold] [name=value:x] [$primary]",
    "colour and link": "[red]x[/red] [link=http://e.invalid]y[/link]",
    "escape": "\x1b[31mred\x1b[2J\x1b]0;title\x07 \x1bP+q\x1b\\ \x9b31mx\x90y\x9c\x85z",
    "clipboard": "\x1b]52;c;aGlwbG9n\x07",
    "NUL": "a\x00b",
    "direction": "\u202egnorw\u2066 \u200f\u061c a\u200bb\ufeffc\u2060d\u00ad\u200de",
    "lines": "one\ntwo\rthree\u2028four\ttab",
    "10,000 characters": "x" * 10_000,
    "wide": "王小明 " * 9 + "👩\u200d👩\u200d👧🏽🇩🇪 e" + "\u0301\u0323" * 300,
    "shell and formula": "=cmd|' /C calc'!A0 $(rm -rf ~) `id` ; '\" {0} {} %s %n {self.app}",
}
QUICK = ("unclosed tag", "escape")
"""Those of the everyday run; the others are with the counted faults."""


@contextmanager
def unguarded() -> Iterator[None]:
    """Let everything past the boundary that the columns hold, as a logbook written by other hands would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "line", lambda _, text: text[: texts.LINE_LIMIT])
        patch.setattr(texts, "prose", lambda _, text: text or None)
        patch.setattr(texts, "optional", lambda _, text: text and text[: texts.CODE_LIMIT])
        yield


Door = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Clinic:
    """A logbook in which every text is the same hostile one."""

    book: Logbook
    patient: Patient
    visit: Session
    draft: Session


def clinic_of(places: Settings, words: str, clock: SetClock, door: Door = unguarded) -> Clinic:
    """Found a clinic whose every name, note and reason reads ``words``, let in through ``door``."""
    with door():
        first = PractitionerDraft("DN001", words, words, date(2026, 1, 1), words)
        book = Logbook.create(places, words, "Europe/Berlin", first, clock)
        book.write(clinic.add, PractitionerDraft("DN002", words, words, training=words))
        draft = PatientDraft("P1", words, words, date(1980, 5, 1), "female", words, words, words)
        patient = book.write(patients.add, draft)
        hip = book.write(episodes.open_, patient.id, EpisodeDraft("R", "OVERUSE", style=words)).id
        book.write(precautions.add, patient.id, Precaution("ANTICOAG", words, words))
        visit = _signed(book, patient.id, hip, words)
        book.write(amendments.amend, visit.id, "plan", f"{words}!", words)
        book.write(requests.add, patient.id, RequestDraft(date(2026, 3, 1), words, words, session=visit.id))
        said = book.read(requests.of, patient.id)[0]
        book.write(requests.answer, said.id, "denied", words, "accurate")
        book.write(requests.answer, said.id, "disagreement", words)
        book.write(requests.add, patient.id, RequestDraft(date(2026, 3, 1), words))
        book.write(protocols.save, 1, words, visit.id)
        clock.forward(hours=30)
        sore = Reaction("PAIN_AFT", "mild", soreness=4, note=words)
        told = Inquiry("follow_up", "checklist", "patient", "yes", (sore,))
        book.write(followups.record, visit.id, told)
        voided = _signed(book, patient.id, hip, words)
        book.write(sessions.void, voided.id, words)
        draft = book.write(sessions.start, patient.id, hip)
        kept = book.write(sessions.save, _full(draft, words), draft.version)
        return Clinic(book, patient, book.read(sessions.get, visit.id), kept)


def _signed(book: Logbook, patient: str, hip: str, words: str) -> Session:
    draft = book.write(sessions.start, patient, hip)
    kept = book.write(sessions.save, _full(draft, words), draft.version)
    return book.write(sessions.sign, kept.id)


def _full(draft: Session, words: str) -> Session:
    done = samples.full(draft)
    rows = tuple(replace(row, depth_mm=20, length_mm=40, insertions=2) for row in done.insertions)
    standing = ScreeningAnswer("ANTICOAG", "yes", words)
    answers = (*(a for a in done.screening if a.item != "ANTICOAG"), standing)
    seen = Reaction("BRUISE", "mild", insertion=rows[0].id, size_mm=12, note=words)
    return replace(
        done,
        screening=answers,
        insertions=rows,
        inquiries=(Inquiry("session", "checklist", "therapist", "yes", (seen,)),),
        referrals=(Referral("NIGHT", words, note=words),),
        needles=NeedleCount(2, 2, 1, 1, mismatch_reason=words),
        readings=tuple(replace(r, device=words) for r in done.readings),
        note=words,
        plan=words,
    )
