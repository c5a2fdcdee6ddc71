"""What a start looks at, and what the doctor looks at in full: each found by trying it."""

from __future__ import annotations

import clients
import pytest
import samples
from clocks import SetClock

from hiplog import cli
from hiplog.logbook import amendments, anchors, audit, erasure, health, sessions, startcheck
from hiplog.logbook.book import Logbook
from hiplog.outcomes.recount import recount
from hiplog.settings import Settings

both = pytest.mark.both_databases


def grown(book: Logbook) -> None:
    samples.signed(book)
    for n in range(6):
        samples.admit(book, f"A-{n}")


@both
@pytest.mark.grown(by=grown)
def test_a_whole_record_says_nothing_however_little_is_looked_at(book: Logbook) -> None:
    for last in (1, 2, 5, 19, 1000):
        assert startcheck.look(book, last) is None
    everything = book.read(audit.recent, 1000)
    assert everything.ok and everything.heads == book.read(audit.verify).heads


@both
@pytest.mark.grown(by=grown)
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE patients SET sex = 'male' WHERE code = 'A-5'", "patients: sex differ from what entry"),
        ("DELETE FROM patients_identity WHERE family = 'Zwiebelkuchen'", "a row that entry"),
        ("UPDATE audit_payloads SET salt = 'x' WHERE chain = 'record' AND seq = 15", "what row 15 recorded"),
        ("UPDATE audit_log SET mac = NULL WHERE chain = 'record' AND seq = 15", "lost their seal"),
        ("UPDATE audit_log SET actor = 'DN009' WHERE chain = 'record' AND seq = 15", "row 15"),
    ],
)
def test_what_was_altered_of_late_is_said_with_the_next_step(
    book: Logbook, places: Settings, statement: str, said: str
) -> None:
    with clients.unguarded(places) as execute:
        execute(statement)
    told = startcheck.look(book)
    assert told is not None and said in told
    assert "Press F4 and then v" in told
    assert samples.CANARY not in told


@pytest.mark.grown(by=grown)
def test_what_is_older_is_left_to_the_full_check(book: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        execute("UPDATE audit_payloads SET salt = 'x' WHERE chain = 'record' AND seq = 2")
    assert startcheck.look(book, 5) is None
    assert not book.read(audit.verify).ok


@pytest.mark.grown(by=grown)
def test_a_guard_that_is_gone_is_said(book: Logbook, places: Settings) -> None:
    with clients.other(places) as execute:
        execute("DROP TRIGGER guard_amendments_delete")
    assert "guard_amendments_delete" in str(startcheck.look(book))


@both
@pytest.mark.grown(by=grown)
def test_a_cut_tail_is_told_by_the_heads_noted_when_hiplog_was_left(book: Logbook, places: Settings) -> None:
    anchors.note(book, "exit")
    with clients.unguarded(places) as execute:
        end = execute("SELECT max(seq) FROM audit_log WHERE chain = 'record'")[0][0]
        row = execute("SELECT id FROM patients WHERE code = 'A-5'")[0][0]
        execute(f"DELETE FROM episodes WHERE patient_id = '{row}'")
        execute(f"DELETE FROM patients_identity WHERE id = '{row}'")
        execute(f"DELETE FROM patients WHERE id = '{row}'")
        execute(f"DELETE FROM audit_payloads WHERE chain = 'record' AND seq > {end - 3}")
        execute(f"DELETE FROM audit_log WHERE chain = 'record' AND seq > {end - 3}")
    assert book.read(audit.verify).ok
    told = str(startcheck.look(book))
    assert "3 entries are gone, or this is an older file" in told and "backup that was brought back" in told
    found = {one.name: one for one in health.checks(book, full=True)}
    assert not found["heads"].ok and "3 entries are gone" in found["heads"].message


def test_heads_of_another_logbook_on_this_machine_do_not_count(book: Logbook) -> None:
    samples.admit(book)
    anchors.note(book, "exit")
    text = book.settings.anchors.read_text(encoding="utf-8")
    assert len(anchors.newest(book)) == 2
    book.settings.anchors.write_text(text.replace("  of ", "  of 0"), encoding="utf-8")
    assert anchors.newest(book) == () and startcheck.look(book) is None


@pytest.mark.grown(by=grown)
def test_a_restored_name_that_was_erased_is_found_and_an_erased_one_is_not_held_against(
    book: Logbook,
) -> None:
    erasure.erase(book, "A-1", "A-1", "past retention")
    assert startcheck.look(book) is None


def test_the_full_doctor_tells_each_part_and_what_it_did_not_look_at(
    book: Logbook, places: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    samples.followed(book)
    anchors.note(book, "exit")
    book.close()
    at = ["--at", str(places.path.parent), "doctor"]
    assert cli.main([*at, "--full"], clock=clock) == 0
    said = capsys.readouterr().out
    for part in (
        "pages",
        "links",
        "audit",
        "seals",
        "rows",
        "guards",
        "drafts",
        "secrets",
        "heads",
        "figures",
    ):
        assert f"\n{part} " in said
    assert "every page and every index reads" in said and "2 skin insertions" not in said
    assert "1 sessions" in said and "WRONG" not in said
    assert cli.main(at, clock=clock) == 0
    quick = capsys.readouterr().out
    assert "–   figures: not counted again" in quick and "–   heads: not looked at" in quick
    with clients.unguarded(places) as execute:
        execute("UPDATE sessions SET note = 'x' WHERE status = 'signed'")
    assert cli.main([*at, "--full"], clock=clock) == 7
    wrong = capsys.readouterr().out
    assert "rows         !! WRONG  sessions: note differ" in wrong
    assert "\naudit        ok" in wrong


@both
def test_the_figures_come_out_twice_alike_with_amendments_voids_and_drafts(book: Logbook) -> None:
    kept = samples.signed(book)
    book.write(amendments.amend, kept.id, "insertion.1.insertions", "7", "typing error")
    book.write(amendments.amend, kept.id, "insertion.1.insertions", "5", "again")
    other = samples.signed(book, "P-002")
    book.write(sessions.void, other.id, "wrong patient")
    samples.begin(book, "P-003")
    found = {one.name: (one.shown, one.again) for one in book.read(recount)}
    assert found == {
        "patients": (1, 1), "hips": (1, 1), "sessions": (1, 1), "skin insertions": (5, 5),
        "sessions left out": (2, 2),
    }  # fmt: skip
