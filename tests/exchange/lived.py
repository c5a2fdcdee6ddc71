"""A logbook with a life behind it, for bundles to be made of: every table filled, every state taken."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from samples import CANARY, admit, begin, complete, full, pain, signed, visit

from hiplog.clinical.record import (
    Inquiry,
    NeedleCount,
    PractitionerDraft,
    Precaution,
    Reaction,
    ScreeningAnswer,
)
from hiplog.clinical.requests import RequestDraft
from hiplog.logbook import amendments, clinic, episodes, followups, precautions, requests, sessions
from hiplog.logbook.book import Logbook

SECRETS = (
    CANARY, "Quittenmus", "Hagebutte", "+49 170 5550", "ann@example.org", "CHART-77", "LIC-4711",
    "Dr. Kirschbaum", "1931-07-09", "Ada Moore", "Bo Secret", "left the tap running", "misheard the number",
)  # fmt: skip
"""What a person typed or what names somebody: none of it may be in a de-identified bundle."""

HOSTILE = (
    "=1+1",
    "'quoted",
    "@SUM(A1)",
    "＝cmd",
    "-2",
    'a "b", c\nd',
    "[red]x[/red]",
    "\tTab",
    "naïve 漢字 🦴",
)


def live(book: Logbook) -> None:
    """Fill a blank logbook."""
    clock: Callable[..., object] = book.clock
    book.write(
        clinic.add, PractitionerDraft("DN002", "Bo Secret", "LIC-4711", date(2027, 1, 1), "hip course")
    )
    book.write(clinic.add, PractitionerDraft("QA001", "Cy Auditor", role="auditor"))
    _first_patient(book)
    _second_patient(book)
    _third_patient(book)
    draft = begin(book, "P-004")
    book.write(sessions.save, full(draft), draft.version)
    assert clock() is not None


def forward(book: Logbook, **delta: float) -> None:
    """Move the logbook's clock on."""
    book.clock.now += timedelta(**delta)  # type: ignore[attr-defined]


def _first_patient(book: Logbook) -> None:
    kept = signed(book)
    book.write(amendments.amend, kept.id, "plan", "Hagebutte tea", "left the tap running")
    book.write(amendments.amend, kept.id, "reading.nprs.after", "2", "misheard the number")
    book.write(amendments.amend, kept.id, "insertion.1.depth_mm", "30", "typing error")
    _asked(book, kept.patient, kept.id)
    forward(book, hours=26, minutes=7)
    sore = Reaction(
        "PAIN_AFT", "mild", onset_h=Decimal("3.5"), duration_h=Decimal(20), soreness=4, note=CANARY
    )
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "yes", (sore,)), (pain(3),))
    again = book.write(sessions.start, kept.patient, kept.episode)
    plan = book.write(sessions.repeat, again.id)
    done = complete(plan, first=False)
    done = replace(done, insertions=tuple(replace(s, origin="confirmed") for s in plan.insertions))
    done = replace(done, readings=(pain(0), pain(None, "after", missing_reason="refused")), note=HOSTILE[0])
    book.write(sessions.sign, book.write(sessions.save, done, again.version + 1).id)
    forward(book, hours=30, seconds=1, milliseconds=345)
    book.write(followups.unreachable, again.id)


def _asked(book: Logbook, patient: str, session: str) -> None:
    """A request that was carried out, one that was denied and disputed, and one that is open."""
    day = book.clock().date()
    wish = RequestDraft(day, "Hagebutte, not linden", "=1+1", "representative", session)
    done = book.write(requests.add, patient, wish)
    book.write(requests.amend, done.id, session, "needles.opened", "2", "left the tap running")
    no = book.write(requests.add, patient, RequestDraft(day, CANARY, voice="noted"))
    book.write(requests.answer, no.id, "extended", "Hagebutte is away")
    book.write(requests.answer, no.id, "denied", "misheard the number", "accurate")
    book.write(requests.answer, no.id, "disagreement", f"I am {CANARY}")
    book.write(requests.answer, no.id, "rebuttal", "Dr. Kirschbaum saw it")
    book.write(requests.add, patient, RequestDraft(day, "'quoted"))


def _second_patient(book: Logbook) -> None:
    told = {
        "given": "Quittenmus",
        "phone": "+49 170 5550",
        "email": "ann@example.org",
        "note": "=HYPERLINK(1)",
    }
    who, episode = admit(book, "CHART-77", "L", birth=date(1931, 7, 9), **told)
    cleared = Precaution("THA", "Hagebutte", "Dr. Kirschbaum", date(2020, 2, 29))
    book.write(precautions.add, who.id, cleared)
    other = book.write(precautions.add, who.id, Precaution("ANTICOAG"))
    book.write(precautions.end, other.id)
    asked = Inquiry("session", "checklist", "therapist", "none")
    first = visit(book, who.id, episode, 8, 8, inquiries=(asked,))
    book.write(sessions.void, first.id, "left the tap running")
    forward(book, days=40)
    refused = Inquiry("session", "open", "patient", "refused")
    visit(book, who.id, episode, inquiries=(refused,), note="\n".join(HOSTILE))
    book.write(episodes.close, episode, "Hagebutte")


def _third_patient(book: Logbook) -> None:
    second = book.acting("DN002")
    who, episode = admit(second, "P-003", birth=None, sex="other")
    short = NeedleCount(3, 2, 1, 2, "Hagebutte: one fell, found on the floor")
    draft = second.write(sessions.start, who.id, episode, second.clock() - timedelta(days=3))
    done = complete(draft)
    night = ScreeningAnswer("NIGHT", "yes", "Dr. Kirschbaum reviewed it", "2026.1")
    answers = (*(a for a in done.screening if a.item != "NIGHT"), night)
    done = replace(done, needles=short, screening=answers)
    done = replace(done, insertions=(replace(done.insertions[0], insertions=3, zone="@0.50,0.30"),))
    second.write(sessions.sign, second.write(sessions.save, done, draft.version).id)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """Read one table of a bundle as a stranger would."""
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(folder: Path) -> dict[str, object]:
    """Read a bundle's manifest."""
    told: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return told


def reseal(folder: Path) -> None:
    """Work out every sum and count anew, as somebody would who wants a change to go unnoticed."""
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for one in told["tables"]:
        one["sha256"] = hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    sums = folder / "SHA256SUMS"
    names = [line.split("  ", 1)[1] for line in sums.read_text(encoding="utf-8").splitlines()]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    sums.write_text("".join(lines), encoding="utf-8")


def in_place(path: Path, old: bytes, new: bytes) -> None:
    """Change one place of a file."""
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))
