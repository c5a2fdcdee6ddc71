"""Who a person is, erased for good: nowhere in the file, and the record still stands and verifies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import clients
import pytest
import samples
import vaults
from clocks import FIRST, SetClock

from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import PractitionerDraft
from hiplog.exchange import bundle, intake
from hiplog.logbook import audit, clinic, erasure, patients, search, sessions, upkeep
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

NAMES = {
    "family": "Quitzdorfer",
    "given": "Xaveria",
    "email": "xq@quitz.example",
    "note": "Quitzdorfer's aunt",
}
WORDS = (b"quitz", b"xaveria")


def visited(book: Logbook, code: str = "Q-1") -> tuple[str, str]:
    """A person with a signed visit whose notes do not name her, edited once."""
    who, episode = samples.admit(book, code, **NAMES)
    visit = samples.visit(book, who.id, episode, note="tolerated it well")
    kept = book.read(patients.by_id, who.id)
    book.write(patients.edit, replace(kept, given="Xaveria Maria"))
    return who.id, visit.id


def traces(places: Settings) -> list[str]:
    """Files and tables that still hold a word of the name."""
    if places.is_file:
        there = places.path.parent.glob(f"{places.path.name}*")
        return [one.name for one in there if any(word in one.read_bytes().lower() for word in WORDS)]
    found = []
    with clients.other(places) as execute:
        names = [row[0] for row in execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for name in names:
            for row in execute(f"SELECT t::text FROM {name} t"):
                found += [name for word in WORDS if word.decode() in row[0].lower()]
    return found


@pytest.mark.both_databases
def test_nothing_of_the_name_is_left_and_the_record_verifies(book: Logbook, places: Settings) -> None:
    person, visit = visited(book)
    samples.admit(book, "P-2")
    before = book.read(sessions.get, visit)
    assert traces(places)
    done = erasure.erase(book, "Q-1", "q-1", "asked for it in writing")
    assert done.warning is None
    assert traces(places) == []
    assert done.patient.erased and (done.patient.family, done.patient.birth) == ("", None)
    assert book.read(sessions.get, visit) == before
    assert book.read(audit.verify).findings == ()
    assert book.read(search.find, "quitz") == ()
    assert book.read(patients.get, "Q-1").name == "Q-1"
    actions = [one.action for one in book.read(audit.events, 100)]
    assert "patient.erase" in actions and "erase" in actions
    assert person == done.patient.id


def test_the_write_ahead_file_and_free_pages_are_clean_while_it_is_open(book: Logbook) -> None:
    visited(book)
    for n in range(30):
        samples.admit(book, f"P-{n}")
    erasure.erase(book, "Q-1", "Q-1", "asked for it")
    assert traces(book.settings) == []


def test_another_program_reading_is_told_and_scrubbing_later_finishes(book: Logbook) -> None:
    visited(book)
    with clients.sqlite(book.settings.path) as execute:
        execute("BEGIN")
        execute("SELECT count(*) FROM patients")
        done = erasure.erase(book, "Q-1", "Q-1", "asked for it")
        assert done.patient.erased
        assert done.warning is not None and "hiplog patient scrub" in done.warning
        execute("COMMIT")
    erasure.clean(book)
    assert traces(book.settings) == []


def test_people_recorded_by_the_same_entry_keep_theirs(
    book: Logbook, tmp_path: Path, blank_logbook: Path
) -> None:
    """A merged bundle records many people at once."""
    visited(book)
    samples.admit(book, "P-2")
    made = bundle.write(book, tmp_path / "out", identified=True, reason="moving").path
    from hiplog import settings

    places = settings.load(at=str(tmp_path / "other"), environ={})
    other = Logbook.create(places, "Other", "Europe/Berlin", FIRST, SetClock())
    samples.admit(other, "Z-1")
    assert intake.read(other, made).written
    erasure.erase(other, "Q-1", "Q-1", "asked for it")
    left = [p.name for p in (places.path.parent).glob("hiplog.db*") if b"Quitz" in p.read_bytes()]
    assert left == []
    assert other.read(patients.get, "P-2").family == samples.CANARY
    assert other.read(audit.verify).findings == ()
    again = intake.read(other, made)
    assert again.written and other.read(patients.get, "Q-1").erased
    other.close()


def test_only_an_owner_who_types_the_code_erases_and_never_names_the_person(book: Logbook) -> None:
    visited(book)
    book.write(clinic.add, PractitionerDraft("DN009", "Bo Lind"))
    with pytest.raises(Refused, match="may not erase the identity"):
        erasure.erase(book.acting("DN009"), "Q-1", "Q-1", "asked")
    with pytest.raises(BadInput, match="Nothing was erased"):
        erasure.erase(book, "Q-1", "Q-2", "asked")
    with pytest.raises(Refused, match="names the person"):
        erasure.erase(book, "Q-1", "Q-1", "Frau QUITZDORFER asked")
    assert not book.read(patients.get, "Q-1").erased
    erasure.erase(book, "Q-1", "Q-1", "asked")
    with pytest.raises(Refused, match="erased already"):
        erasure.erase(book, "Q-1", "Q-1", "asked")
    with pytest.raises(Refused, match="not written again"):
        book.write(patients.edit, replace(book.read(patients.get, "Q-1"), family="X", given="Y"))


def test_backups_that_still_hold_it_are_counted(book: Logbook) -> None:
    visited(book)
    upkeep.make(book)
    assert erasure.erase(book, "Q-1", "Q-1", "asked").backups == 1


def test_in_an_encrypted_logbook_too(places: Settings) -> None:
    key = vaults.lay(places)
    book = Logbook.open(places, SetClock(), key=key)
    visited(book)
    done = erasure.erase(book, "Q-1", "Q-1", "asked")
    assert done.warning is None and book.read(audit.verify).findings == ()
    book.close()
