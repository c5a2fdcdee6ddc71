"""A patient asks that the record be amended: taken down, accepted or denied, and kept for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import clients
import pytest
from clocks import SetClock
from samples import CANARY, admit, begin, signed

from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.record import PractitionerDraft
from hiplog.clinical.requests import Request, RequestDraft
from hiplog.clinical.roles import Forbidden
from hiplog.exchange import bundle, intake
from hiplog.exchange.pages import gather, visit
from hiplog.logbook import audit, clinic, erasure, request_words, requests, sessions, timeline, worklist
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

both = pytest.mark.both_databases
WISH = "It was the left hip that hurt at night"


def asked(book: Logbook, patient: str, session: str | None = None, wish: str = WISH) -> Request:
    day = book.clock().date()
    return book.write(requests.add, patient, RequestDraft(day, wish, "I was misheard", "patient", session))


@both
def test_an_accepted_request_is_tied_to_the_amendment_that_follows(book: Logbook) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id)
    assert (one.number, one.state, one.visit, one.due - one.asked_on) == (1, "open", 1, timedelta(days=60))
    said_yes = book.write(requests.answer, one.id, "accepted", "the patient is right")
    assert (said_yes.state, said_yes.waits) == ("accepted", True)
    book.write(requests.amend, one.id, kept.id, "reading.nprs.after", "2", "as the patient asked")
    done = book.read(requests.get, one.id)
    assert [step.kind for step in done.steps] == ["accepted", "carried_out"]
    made = book.read(sessions.get, kept.id).amendments[0]
    assert (done.steps[-1].amendment, done.steps[-1].column) == (made.id, "value")
    assert (done.state, done.waits) == ("carried_out", False)
    assert book.read(audit.verify).ok


@both
def test_a_denial_keeps_its_ground_and_the_patients_disagreement(book: Logbook, clock: SetClock) -> None:
    kept = signed(book)
    one = asked(book, kept.patient)
    book.write(requests.answer, one.id, "denied", "the scale was read twice", "accurate")
    clock.forward(days=2)
    book.write(requests.answer, one.id, "disagreement", "I still say it was the left one")
    book.write(requests.answer, one.id, "rebuttal", "both readings are on the sheet")
    told = list(request_words.lines(book.read(requests.get, one.id), "Europe/Berlin", clock.now.date()))
    assert told[0].endswith(f"about the whole record, in the patient's own words: {WISH}")
    assert "DENIED by DN001" in told[3] and "the record is accurate and complete: the scale was" in told[3]
    assert "The patient disagrees" in told[4] and "I still say" in told[4]
    assert "Rebuttal by DN001" in told[5] and len(told) == 6
    assert book.read(audit.verify).ok


@both
def test_nothing_of_it_is_ever_changed(book: Logbook, places: Settings) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id)
    book.write(requests.answer, one.id, "denied", "it is right", "accurate")
    with clients.other(places) as execute:
        for table, column in (("amendment_requests", "wish"), ("request_steps", "said")):
            before = execute(f"SELECT * FROM {table}")
            for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
                with pytest.raises(clients.REFUSALS, match=r"asked for and was answered|permission|foreign"):
                    execute(statement)
            assert execute(f"SELECT * FROM {table}") == before


@both
def test_what_the_table_holds_is_held_against_the_trail(book: Logbook, places: Settings) -> None:
    one = asked(book, signed(book).patient)
    book.write(requests.answer, one.id, "extended", "the colleague is away")
    with clients.unguarded(places) as execute:
        execute("UPDATE amendment_requests SET wish = 'nothing at all'")
        execute("UPDATE request_steps SET said = 'no reason'")
    kinds = {(found.kind, found.table) for found in book.read(audit.verify).findings if found.table}
    assert kinds == {("altered-row", "amendment_requests"), ("altered-row", "request_steps")}


def test_steps_follow_one_another_or_are_refused(book: Logbook) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id)
    for kind, words in (("disagreement", "no"), ("rebuttal", "no")):
        with pytest.raises(Refused, match="request 1 is open"):
            book.write(requests.answer, one.id, kind, words)
    with pytest.raises(Refused, match="request 1 is open"):
        book.write(requests.carry_out, one.id, "done")
    book.write(requests.answer, one.id, "extended", "away")
    with pytest.raises(Refused, match="once only"):
        book.write(requests.answer, one.id, "extended", "still away")
    for ground, words in ((None, "no"), ("because", "no"), ("accurate", " ")):
        with pytest.raises(BadInput):
            book.write(requests.answer, one.id, "denied", words, ground)
    with pytest.raises(BadInput, match="nothing else, has a ground"):
        book.write(requests.answer, one.id, "accepted", None, "accurate")
    book.write(requests.answer, one.id, "denied", "it is right", "accurate")
    with pytest.raises(Refused, match="request 1 is denied"):
        book.write(requests.answer, one.id, "accepted")
    with pytest.raises(Refused, match="no statement of disagreement"):
        book.write(requests.answer, one.id, "rebuttal", "first word")
    with pytest.raises(Refused, match="request 1 is denied"):
        book.write(requests.amend, one.id, kept.id, "note", "x", "y")
    assert [step.kind for step in book.read(requests.get, one.id).steps] == ["extended", "denied"]
    assert book.read(sessions.get, kept.id).amendments == ()


def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(book: Logbook) -> None:
    kept, draft = signed(book), begin(book, "P-002")
    day = book.clock().date()
    for wrong, words in (
        (RequestDraft(day + timedelta(days=2), WISH), "future"),
        (RequestDraft(day, "  "), "must not be empty"),
        (RequestDraft(day, "a\x00b"), "control character"),
        (RequestDraft(day, WISH, voice="neighbour"), "not one of"),
    ):
        with pytest.raises(BadInput, match=words):
            book.write(requests.add, kept.patient, wrong)
    with pytest.raises(Refused, match="another patient's"):
        book.write(requests.add, draft.patient, RequestDraft(day, WISH, session=kept.id))
    with pytest.raises(Refused, match="is a draft"):
        book.write(requests.add, draft.patient, RequestDraft(day, WISH, session=draft.id))
    assert book.read(requests.of, kept.patient) == ()
    with pytest.raises(NotFound, match="there are: none"):
        book.read(requests.numbered, kept.patient, 1)


def test_an_amendment_carries_out_only_what_was_asked_of_its_visit(book: Logbook) -> None:
    kept = signed(book)
    other = signed(book, "P-002")
    one = asked(book, kept.patient, kept.id)
    with pytest.raises(Refused, match="another visit"):
        book.write(requests.amend, one.id, other.id, "note", "x", "y")
    book.write(requests.amend, one.id, kept.id, "note", "x", "as asked")
    book.write(requests.amend, one.id, kept.id, "plan", "z", "as asked too")
    kinds = [step.kind for step in book.read(requests.get, one.id).steps]
    assert kinds == ["accepted", "carried_out", "carried_out"]


def test_today_says_what_waits_and_when_it_is_overdue(book: Logbook, clock: SetClock) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id)
    (item,) = book.read(worklist.today).requests
    assert (item.state, item.number, item.note, item.code) == ("open", 1, "visit 1", "P-001")
    clock.forward(days=61)
    assert [late.state for late in book.read(worklist.today).requests] == ["late"]
    assert book.read(timeline.of, kept.patient).requests[0].overdue(clock.now.date())
    book.write(requests.answer, one.id, "extended", "the colleague is away")
    assert [late.state for late in book.read(worklist.today).requests] == ["open"]
    book.write(requests.answer, one.id, "accepted")
    assert [yes.state for yes in book.read(worklist.today).requests] == ["accepted"]
    book.write(requests.carry_out, one.id, "the name was corrected")
    assert book.read(worklist.today).requests == ()


def test_an_auditor_sees_that_there_was_a_request_and_not_its_words(book: Logbook) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, wish=CANARY)
    book.write(requests.answer, one.id, "denied", CANARY, "accurate")
    book.write(clinic.add, PractitionerDraft("QA001", "Cy Auditor", role="auditor"))
    auditor = book.acting("QA001")
    (seen,) = auditor.read(requests.of, kept.patient)
    assert seen.state == "denied" and seen.steps[0].ground == "accurate"
    told = " ".join(request_words.lines(seen, "Europe/Berlin", date(2026, 3, 2)))
    assert CANARY not in told and "words not shown" in told
    with pytest.raises(Forbidden):
        auditor.write(requests.answer, one.id, "disagreement", "x")
    assert all(item.name == item.code for item in auditor.read(worklist.today).requests)


def test_erasing_who_a_patient_is_leaves_the_request_with_its_code(book: Logbook) -> None:
    kept = signed(book)
    asked(book, kept.patient)
    erasure.erase(book, "P-001", "P-001", "the patient's wish")
    assert [one.wish for one in book.read(requests.of, kept.patient)] == [WISH]
    assert book.read(audit.verify).ok


def test_the_printed_visit_carries_the_request_and_the_answer(book: Logbook) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id, "<b>not</b> this one")
    book.write(requests.answer, one.id, "denied", "it is right", "accurate")
    page = visit.html(gather.visit(book, "P-001", 1))
    assert "What the patient asked to have amended" in page
    assert "&lt;b&gt;not&lt;/b&gt; this one" in page and "DENIED by DN001" in page


def test_it_leaves_and_comes_back_with_the_bundle(book: Logbook, tmp_path: Path, places: Settings) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id)
    book.write(requests.amend, one.id, kept.id, "plan", "rest", "as asked")
    two = asked(book, kept.patient)
    book.write(requests.answer, two.id, "denied", "it is right", "accurate")
    bundle.write(book, tmp_path / "out", identified=True, reason="a move")
    other = replace(places, database=str(tmp_path / "other.db"))
    first = PractitionerDraft("DN009", "Zed", role="owner")
    with_it = Logbook.create(other, "Other", "Europe/Berlin", first, book.clock)
    intake.read(with_it, tmp_path / "out")
    assert with_it.read(requests.of, kept.patient) == book.read(requests.of, kept.patient)
    with_it.close()


def test_a_second_bundle_brings_what_was_answered_meanwhile(
    book: Logbook, tmp_path: Path, places: Settings
) -> None:
    kept = signed(book)
    one = asked(book, kept.patient, kept.id)
    bundle.write(book, tmp_path / "one", identified=True, reason="a move")
    other = replace(places, database=str(tmp_path / "other.db"))
    first = PractitionerDraft("DN009", "Zed", role="owner")
    there = Logbook.create(other, "Other", "Europe/Berlin", first, book.clock)
    admit(there, "Z-9")
    intake.read(there, tmp_path / "one")
    book.write(requests.amend, one.id, kept.id, "plan", "rest", "as asked")
    bundle.write(book, tmp_path / "two", identified=True, reason="a move")
    intake.read(there, tmp_path / "two")
    found = there.read(requests.of, kept.patient)
    assert [(r.state, [s.kind for s in r.steps]) for r in found] == [
        ("carried_out", ["accepted", "carried_out"])
    ]
    assert there.read(audit.verify).ok
    there.close()
