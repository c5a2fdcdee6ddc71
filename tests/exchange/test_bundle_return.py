"""The way back: a bundle fills a blank logbook word for word, and adds to another only what is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import bundles
import pytest
from clocks import FIRST, SetClock
from lived import in_place, live, reseal, table
from samples import admit, signed, visit
from sqlalchemy import text

from hiplog import settings
from hiplog.clinical.errors import BadInput, IntegrityFailed, NotFound, Refused
from hiplog.clinical.record import Inquiry
from hiplog.exchange import bundle, intake, verify
from hiplog.logbook import amendments, audit, clinic, followups, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.storage import bulk, tables


@pytest.fixture
def other(tmp_path: Path, blank_logbook: Path) -> Logbook:
    """A second logbook, blank."""
    return bundles.blank(tmp_path / "other", blank_logbook)


def named(book: Logbook, folder: Path) -> Path:
    return bundle.write(book.acting("DN001"), folder, identified=True, reason="moving").path


def data(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in (folder / "data").iterdir()}


@pytest.mark.both_databases
@pytest.mark.grown(by=live)
def test_a_blank_logbook_becomes_the_same_one(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    first = named(book, tmp_path / "first")
    taken = intake.read(other, first)
    assert (taken.written, taken.restored, taken.refused) == (True, True, ())
    assert taken.rows["audit_log"] == len(table(first, "audit_log"))
    opened = Logbook.open(other.settings, other.clock)
    assert opened.read(audit.verify).findings == ()
    assert data(named(opened, tmp_path / "second")) == data(first)
    assert opened.read(clinic.everyone) == book.read(clinic.everyone)
    for who in book.read(patients.everyone):
        assert opened.read(sessions.of, who.id) == book.read(sessions.of, who.id)
        assert opened.read(followups.of, who.id) == book.read(followups.of, who.id)


@pytest.mark.both_databases
@pytest.mark.grown(by=live)
def test_a_blank_logbook_on_either_database_can_be_filled(
    book: Logbook, other: Logbook, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = named(book, tmp_path / "first")
    with book.engine.connect() as connection:
        dialect = connection.dialect.name
    if dialect == "postgresql":
        nursery = request.getfixturevalue("nursery")
        places = settings.load(at=str(tmp_path / "server"), environ={})
        with nursery.copied("postgresql", None, places) as blank:
            target = Logbook.open(blank, SetClock())
            assert intake.read(target, first).restored
            assert target.read(audit.verify).findings == ()
            assert data(named(target, tmp_path / "second")) == data(first)
            target.close()
    else:
        assert intake.read(other, first).restored


@pytest.mark.grown(by=live)
def test_what_was_signed_stays_frozen_after_the_return(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    intake.read(other, named(book, tmp_path / "first"))
    with (
        other.engine.connect() as connection,
        bulk.allowed(connection, tables.sessions),
        pytest.raises(Exception, match="never changed"),
    ):
        connection.execute(text("UPDATE sessions SET note = 'x' WHERE status = 'signed'"))


@pytest.mark.grown(by=live)
def test_a_second_time_adds_nothing(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    first = named(book, tmp_path / "first")
    intake.read(other, first)
    opened = Logbook.open(other.settings, other.clock)
    before = opened.read(audit.heads)
    again = intake.read(opened, first)
    assert (again.rows, again.refused, again.restored) == ({}, (), False)
    assert again.already == sum(len(table(first, n)) for n in intake_tables())
    assert opened.read(audit.heads)[0] == before[0]
    assert intake.read(book.acting("DN001"), first).rows == {}


def intake_tables() -> list[str]:
    from hiplog.exchange import restore

    return [sheet.name for sheet in restore.TABLES]


@pytest.mark.both_databases
@pytest.mark.grown(by=signed)
def test_another_logbook_gets_what_it_lacks(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    who, episode = admit(other, "Z-9")
    theirs = visit(other, who.id, episode)
    first = named(other, tmp_path / "first")
    taken = intake.read(book, first)
    assert (taken.written, taken.restored, taken.rows["sessions"], taken.rows["patients"]) == (
        True,
        False,
        1,
        1,
    )
    assert [one.code for one in book.read(patients.everyone)] == ["P-001", "Z-9"]
    kept = book.read(sessions.get, theirs.id)
    assert (kept.status, kept.insertions, kept.note) == ("signed", theirs.insertions, theirs.note)
    assert book.read(audit.verify).findings == ()
    assert intake.read(book, first).rows == {}


@pytest.mark.grown(by=signed)
def test_what_happened_later_is_added_to_a_session_that_is_here(
    book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    intake.read(other, named(book, tmp_path / "first"))
    kept = book.read(lambda unit: sessions.of(unit, book.read(patients.everyone)[0].id))[0]
    book.write(amendments.amend, kept.id, "plan", "rest", "typing error")
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "none"))
    opened = Logbook.open(other.settings, other.clock)
    taken = intake.read(opened, named(book, tmp_path / "second"))
    assert taken.rows == {"amendments": 1, "inquiries": 1}
    assert opened.read(sessions.get, kept.id).plan == "rest"


@pytest.mark.grown(by=signed)
def test_two_patients_with_one_chart_code_are_not_made_one(
    book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    signed(other)
    first = named(other, tmp_path / "first")
    taken = intake.read(book, first)
    assert not taken.written
    assert [(one.file, one.line, one.column, one.value) for one in taken.refused] == [
        ("data/patients.csv", 2, "code", "P-001")
    ]
    assert book.read(audit.verify).ok
    skipped = intake.read(book, first, skip_bad=tmp_path / "bad.csv")
    assert (skipped.written, skipped.rows, skipped.skipped > 5) == (True, {}, True)
    assert (
        "P-001" not in (tmp_path / "bad.csv").read_text()
        or "another patient" in (tmp_path / "bad.csv").read_text()
    )


def test_another_practitioner_with_the_same_code_is_refused(
    book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    admit(book)
    admit(other, "P-002")
    with other.engine.begin() as connection, bulk.allowed(connection, tables.practitioners):
        connection.execute(text("UPDATE practitioners SET id = 'f0000000-0000-4000-8000-000000000001'"))
    assert intake.read(book, named(other, tmp_path / "same")).written
    with other.engine.begin() as connection, bulk.allowed(connection, tables.practitioners):
        connection.execute(text("UPDATE practitioners SET name = 'Somebody Else'"))
    refused = intake.read(book, named(other, tmp_path / "else")).refused
    assert [one.column for one in refused] == ["code"]
    assert FIRST.name not in str(refused[0])


@pytest.mark.grown(by=signed)
def test_a_name_erased_here_does_not_come_back(book: Logbook, tmp_path: Path) -> None:
    first = named(book, tmp_path / "first")
    with book.engine.begin() as connection, bulk.allowed(connection, tables.patients_identity):
        connection.execute(text("DELETE FROM patients_identity"))
    assert intake.read(book, first).rows == {}
    assert book.read(patients.everyone)[0].family == ""


@pytest.mark.grown(by=signed)
def test_some_days_only_are_added_but_never_restored(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    part = bundle.write(book, tmp_path / "part", since=date(2026, 1, 1), identified=True, reason="x").path
    taken = intake.read(other, part)
    assert (taken.restored, taken.rows["sessions"]) == (False, 1)
    assert other.read(audit.verify).ok


@pytest.mark.grown(by=signed)
def test_a_dry_run_leaves_no_trace(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    first = named(book, tmp_path / "first")
    before = other.settings.path.read_bytes()
    taken = intake.read(other, first, dry_run=True)
    assert (taken.written, taken.rows["sessions"]) == (False, 1)
    assert other.read(patients.everyone) == ()
    assert other.settings.path.read_bytes() == before
    assert not other.settings.backups.exists()


@pytest.mark.grown(by=signed)
def test_a_backup_comes_first(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    intake.read(other, named(book, tmp_path / "first"))
    assert [one.name.endswith("-import.db") for one in other.settings.backups.glob("*.db")] == [True]


@pytest.mark.grown(by=signed)
def test_a_bundle_without_identity_says_why_it_cannot_come_back(
    book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="de-identified bundle without dates"):
        intake.read(other, bundle.write(book, tmp_path / "coded").path)
    assert other.read(patients.everyone) == ()


@pytest.mark.grown(by=signed)
def test_a_damaged_bundle_is_not_read(book: Logbook, other: Logbook, tmp_path: Path) -> None:
    first = named(book, tmp_path / "first")
    path = first / "data" / "readings.csv"
    path.write_bytes(path.read_bytes().replace(b"6.00", b"5.00"))
    with pytest.raises(IntegrityFailed, match="does not verify"):
        intake.read(other, first)
    assert other.read(patients.everyone) == ()


@pytest.mark.grown(by=signed)
def test_a_row_changed_with_every_sum_made_to_fit_is_told_by_the_trail(
    book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    first = named(book, tmp_path / "first")
    in_place(first / "data" / "readings.csv", b"6.00", b"5.00")
    reseal(first)
    assert verify.check(first).ok
    with pytest.raises(IntegrityFailed, match="differ from what"):
        intake.read(other, first)
    assert other.read(patients.everyone) == ()


def test_what_is_no_bundle_is_said(book: Logbook, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        intake.read(book, tmp_path / "nowhere")
    with pytest.raises(BadInput, match="no audit bundle"):
        intake.read(book, tmp_path)


@pytest.mark.grown(by=signed)
def test_a_session_in_another_state_here_is_not_overwritten(
    book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    who = book.read(patients.everyone)[0]
    episode = book.read(sessions.of, who.id)[0].episode
    draft = book.write(sessions.start, who.id, episode)
    intake.read(other, named(book, tmp_path / "first"))
    opened = Logbook.open(other.settings, other.clock)
    opened.write(sessions.save, replace(draft, note="written here"), draft.version)
    book.write(sessions.save, replace(draft, note="written there", advice=("HEAT",)), draft.version)
    taken = intake.read(opened, named(book, tmp_path / "second"))
    assert [one.reason for one in taken.refused] == ["its session is draft here and cannot take it any more"]
    assert opened.read(sessions.get, draft.id).note == "written here"
