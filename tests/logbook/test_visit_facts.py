"""Facts of a visit that must not blur: how a question was put, by which form, with what, and who was told later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from samples import admit, begin, pain, signed, visit

from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import Consent, Inquiry, Reaction, Reading, Referral, ScreeningAnswer
from hiplog.exchange import bundle
from hiplog.logbook import audit, clinic, followups, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes import trend

SIGN = Inquiry(
    "follow_up", "checklist", "patient", "yes", (Reaction("OTHER", "significant", action="referred"),)
)
SENT = Referral("INFECT", "family physician", True, "redness round the site")


@pytest.mark.both_databases
def test_a_signed_visit_takes_the_referral_that_a_contact_led_to_and_no_other(book: Logbook) -> None:
    kept = signed(book)
    contact = book.write(followups.record, kept.id, SIGN, (pain(3),), (SENT,))
    own, sent = sorted(book.read(sessions.get, kept.id).referrals, key=lambda one: one.follow_up or "")
    assert own.follow_up is None
    assert sent == replace(SENT, follow_up=contact.id)
    assert book.read(audit.verify).ok
    with pytest.raises(BadInput, match="referred to: must not be empty"):
        book.write(followups.record, kept.id, replace(SIGN, id="x"), (), (Referral("INFECT", " "),))
    with pytest.raises(Refused):
        book.write(sessions.save, replace(book.read(sessions.get, kept.id), referrals=(SENT,)), kept.version)
    assert len(book.read(sessions.get, kept.id).referrals) == 2


def test_it_travels_in_the_bundle_and_comes_back(book: Logbook, tmp_path: Path) -> None:
    kept = signed(book)
    book.write(followups.record, kept.id, SIGN, (), (SENT,))
    bundle.write(book, tmp_path / "out", identified=True, reason="a move")
    names = (tmp_path / "out" / "data" / "referrals.csv").read_text(encoding="utf-8").splitlines()
    assert names[0].split(",")[:4] == ["id", "session", "follow_up", "reason"]
    assert any("family physician" in line for line in names[1:])
    bundle.write(book, tmp_path / "coded")
    coded = (tmp_path / "coded" / "data" / "referrals.csv").read_text(encoding="utf-8")
    assert "INFECT" in coded and "physician" not in coded and "redness" not in coded


def test_how_each_question_was_put_is_kept(book: Logbook) -> None:
    draft = begin(book)
    answers = (
        ScreeningAnswer("FEVER", "none", asked="singly"),
        ScreeningAnswer("THA", "none", asked="together"),
    )
    kept = book.write(sessions.save, replace(draft, screening=answers), draft.version)
    assert {a.item: a.asked for a in kept.screening} == {"FEVER": "singly", "THA": "together"}


@pytest.mark.both_databases
def test_the_form_of_a_consent_is_the_one_in_use_and_stays_with_it(book: Logbook) -> None:
    assert book.read(clinic.read).consent_form == "1"
    assert book.write(clinic.set_consent_form, "2026-01").consent_form == "2026-01"
    assert book.write(clinic.set_consent_form, " v2.1 ").consent_form == "v2.1"
    with pytest.raises(BadInput, match="is no edition; say it as in 1"):
        book.write(clinic.set_consent_form, "Mrs Rossi's form")
    draft = begin(book)
    kept = book.write(sessions.save, replace(draft, consent=Consent("2026-01", True)), draft.version)
    book.write(clinic.set_consent_form, "3")
    assert book.read(sessions.get, kept.id).consent.form_version == "2026-01"
    assert book.read(audit.verify).ok


def test_a_change_of_rater_mode_or_instrument_is_a_mark_on_the_trend(book: Logbook) -> None:
    who, episode = admit(book)

    def ir(value: int, mode: str, device: str, tester: str) -> Reading:
        return Reading("before", "IR", Decimal(value), "R", mode, device=device, tester=tester)

    for reading in (
        ir(24, "passive", "goniometer", "DN001"),
        ir(28, "active", "inclinometer", "DN002"),
    ):
        visit(book, who.id, episode, readings=(pain(5), reading))
    marks = {mark.kind: mark.label for mark in book.read(trend.of, who.id, "IR").marks}
    assert marks == {
        "rater": "rater DN001 → DN002",
        "mode": "passive → active",
        "device": "instrument goniometer → inclinometer",
    }
