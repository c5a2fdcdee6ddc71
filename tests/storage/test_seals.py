"""The seals of the trail: made with a key kept apart, missed when they go, and told apart from a lost key."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import samples
import vaults
from clocks import FIRST, SetClock

from hiplog import settings
from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import PractitionerDraft
from hiplog.clinical.roles import Forbidden
from hiplog.exchange import bundle, intake
from hiplog.logbook import (
    audit,
    backups,
    clinic,
    conversion,
    drill,
    entry,
    seal_anew,
    sealing,
    upkeep,
    vault,
)
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import seal_file, seals

KINDS = {"seal-missing", "seal-wrong", "seal-key-missing"}


def kinds(book: Logbook) -> set[str]:
    return {one.kind for one in book.read(audit.verify).findings}


def key_file(places: Settings) -> Path:
    (found,) = places.seals.glob("*.seal")
    return found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Settings]:
    """A plain logbook made here, with one key file and a signed session."""
    places = settings.load(at=str(tmp_path / "own"), environ={})
    book = Logbook.create(places, "Hip clinic", "Europe/Berlin", FIRST, SetClock())
    samples.signed(book)
    book.close()
    yield places


def forge(places: Settings, statement: str) -> None:
    """Any program at the file, without its guards."""
    with closing(sqlite3.connect(places.path, isolation_level=None)) as file:
        kept = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            file.execute(f"DROP TRIGGER {name}")
        file.execute(statement)
        for _, body in kept:
            file.execute(body)


def macs(places: Settings) -> list[str | None]:
    with closing(sqlite3.connect(places.path)) as file:
        return [row[0] for row in file.execute("SELECT mac FROM audit_log")]


def test_every_entry_of_a_new_logbook_is_sealed_and_the_key_is_not_in_the_file(own: Settings) -> None:
    assert all(macs(own))
    key = seal_file.read(key_file(own)).current
    assert key is not None and key_file(own).stat().st_mode & 0o077 == 0
    assert key.key.hex().encode() not in own.path.read_bytes() and key.key not in own.path.read_bytes()
    assert key.key.hex() not in repr(seal_file.read(key_file(own)))
    book = Logbook.open(own, SetClock())
    assert kinds(book) == set()
    assert key.key.hex() not in repr(book) + repr(book.opening)
    book.close()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit_log SET mac = NULL WHERE chain = 'record' AND seq = 3", "seal-missing"),
        ("UPDATE audit_log SET mac = NULL", "seal-missing"),
        ("UPDATE audit_log SET mac = replace(mac, substr(mac, 1, 1), 'x') WHERE seq = 2", "seal-wrong"),
    ],
)
def test_a_seal_that_went_or_is_wrong_is_named_with_its_entries(
    own: Settings, statement: str, kind: str
) -> None:
    forge(own, statement)
    book = Logbook.open(own, SetClock())
    found = book.read(audit.verify).findings
    assert {one.kind for one in found} == {kind}
    assert "trail" in found[0].message and found[0].seq
    book.close()


def test_a_lost_key_is_told_apart_from_a_wrong_seal_and_new_entries_are_sealed(own: Settings) -> None:
    kept = key_file(own).rename(own.seals / "elsewhere")
    book = Logbook.open(own, SetClock())
    assert book.banner is None
    samples.admit(book, "P-9")
    findings = book.read(audit.verify).findings
    assert {one.kind for one in findings} == {"seal-key-missing"}
    assert "hiplog audit key --bring FILE" in findings[0].message
    forge(own, "UPDATE audit_log SET mac = NULL WHERE chain = 'record' AND seq = 2")
    assert kinds(book) == {"seal-key-missing", "seal-missing"}
    assert all(macs(own)[-3:])
    book.read(lambda unit: sealing.bring(own, book.opening, unit, kept))
    book.close()
    book = Logbook.open(own, SetClock())
    assert kinds(book) == {"seal-missing"}
    book.close()


def test_an_older_logbook_is_sealed_from_its_next_entry_on_and_no_further_back(own: Settings) -> None:
    forge(own, "UPDATE audit_log SET mac = NULL")
    forge(own, "DELETE FROM clinic_settings WHERE id = 'seals'")
    key_file(own).unlink()
    book = Logbook.open(own, SetClock())
    samples.admit(book, "P-9")
    assert kinds(book) == set()
    assert not all(macs(own)) and macs(own)[-1]
    forge(own, "UPDATE audit_log SET mac = NULL")
    assert kinds(book) == {"seal-missing"}
    book.close()


def test_a_damaged_key_file_leaves_the_logbook_readable(own: Settings) -> None:
    key_file(own).write_text("nonsense")
    book = Logbook.open(own, SetClock())
    assert book.banner is not None and "key file" in book.banner and "reading only" in book.banner
    assert len(book.read(audit.events)) > 3
    book.close()


def test_a_backup_and_its_return_keep_the_seals(own: Settings) -> None:
    book = Logbook.open(own, SetClock())
    made = upkeep.make(book)
    assert drill.run(book).ok
    samples.admit(book, "P-8")
    book.close()
    backups.restore(own, made, SetClock()(), None)
    book = Logbook.open(own, SetClock())
    samples.admit(book, "P-9")
    assert kinds(book) == set() and all(macs(own))
    book.close()


def test_there_and_back_through_encryption(own: Settings, tmp_path: Path) -> None:
    first = seal_file.read(key_file(own)).current
    assert first is not None
    conversion.encrypt(own, vaults.PASSPHRASE, vaults.CODE, SetClock())
    elsewhere = replace(own, config=tmp_path / "other" / "config.toml")
    book = Logbook.open(elsewhere, SetClock(), key=vault.unlock(own, vaults.PASSPHRASE))
    samples.admit(book, "P-8")
    assert kinds(book) == set()
    book.close()
    conversion.decrypt(own, vaults.PASSPHRASE, SetClock())
    assert first.key.hex().encode() not in own.path.read_bytes()
    book = Logbook.open(own, SetClock())
    samples.admit(book, "P-9")
    assert kinds(book) == set() and all(macs(own))
    book.close()


def test_a_copy_of_the_key_is_kept_apart_and_another_logbooks_is_refused(
    own: Settings, places: Settings, tmp_path: Path
) -> None:
    book, other = Logbook.open(own, SetClock()), Logbook.open(places, SetClock())
    target = tmp_path / "stick.seal"
    book.read(lambda unit: sealing.save(own, book.opening, unit, target))
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(BadInput, match="exists already"):
        book.read(lambda unit: sealing.save(own, book.opening, unit, target))
    with pytest.raises(BadInput, match="no key that sealed"):
        other.read(lambda unit: sealing.bring(places, other.opening, unit, target))
    book.close()
    other.close()


@pytest.mark.both_databases
class TestChairs:
    def test_a_second_chair_without_the_key_reads_and_with_it_writes(
        self, places: Settings, tmp_path: Path
    ) -> None:
        if places.is_file:
            return
        other = replace(places, config=tmp_path / "chair2" / "config.toml")
        chair = Logbook.open(other, SetClock())
        assert chair.banner is not None and "seal key" in chair.banner
        book = Logbook.open(places, SetClock())
        samples.admit(book, "P-1")
        source = book.read(lambda unit: sealing.key_file(places, book.opening, unit))
        chair.read(lambda unit: sealing.bring(other, chair.opening, unit, source))
        chair.close()
        chair = Logbook.open(other, SetClock())
        assert chair.banner is None
        samples.admit(chair, "P-2")
        assert kinds(book) == kinds(chair) == set()
        chair.close()
        book.close()

    def test_the_clinics_key_is_lost_on_every_chair_and_begun_anew(
        self, places: Settings, tmp_path: Path
    ) -> None:
        if places.is_file:
            return
        book = Logbook.open(places, SetClock())
        samples.admit(book, "P-1")
        book.close()
        chair = Logbook.open(replace(places, config=tmp_path / "chair2" / "config.toml"), SetClock())
        assert chair.banner is not None
        seal_anew.begin(chair, "the server room burnt")
        chair.close()
        chair = Logbook.open(replace(places, config=tmp_path / "chair2" / "config.toml"), SetClock())
        assert chair.banner is None
        samples.admit(chair, "P-2")
        report = chair.read(audit.verify)
        assert report.ok and {one.kind for one in report.notes} == {seals.GIVEN_UP}
        chair.close()


def test_kinds_are_those_the_code_knows() -> None:
    assert {seals.MISSING, seals.WRONG, seals.KEY_MISSING} == KINDS == set(seals.SENTENCES) - seals.NOTES


def test_a_key_lost_for_good_is_given_up_with_a_reason_and_told_as_a_note(own: Settings) -> None:
    key_file(own).unlink()
    book = Logbook.open(own, SetClock())
    lost = book.read(lambda unit: seals.periods(unit.connection))[0].key_id
    done = seal_anew.begin(book, "the laptop was stolen")
    assert done.given_up == (lost,)
    samples.admit(book, "P-9")
    report = book.read(audit.verify)
    assert report.ok and {one.kind for one in report.notes} == {seals.GIVEN_UP}
    assert f"their key {lost} was given up" in report.notes[0].message
    last = next(one for one in book.read(audit.events, 20, "access") if one.action == seals.ANEW)
    facts = dict(book.read(entry.read, "access", last.seq).facts)
    assert facts["reason"] == "the laptop was stolen" and lost in facts["given_up"]
    with pytest.raises(Refused, match="every key"):
        seal_anew.begin(book, "again")
    assert upkeep.make(book).exists() and drill.run(book).ok
    book.close()
    book = Logbook.open(own, SetClock())
    assert kinds(book) == set()
    book.close()


def test_giving_a_key_up_excuses_neither_a_missing_nor_a_wrong_seal(own: Settings) -> None:
    key_file(own).unlink()
    book = Logbook.open(own, SetClock())
    seal_anew.begin(book, "lost")
    samples.admit(book, "P-9")
    book.close()
    forge(own, "UPDATE audit_log SET mac = NULL WHERE chain = 'record' AND seq = 2")
    forge(own, "UPDATE audit_log SET mac = replace(mac, substr(mac, 1, 1), 'x') WHERE seq = 8")
    book = Logbook.open(own, SetClock())
    assert kinds(book) == {"seal-missing", "seal-wrong"}
    book.close()


def test_nobody_without_the_key_can_say_that_it_was_given_up(own: Settings, tmp_path: Path) -> None:
    """The entry that excuses is copied from another logbook, with its own key's seal."""
    shutil.copytree(own.path.parent, tmp_path / "forged")
    forged = settings.load(at=str(tmp_path / "forged"), environ={})
    key_file(forged).unlink()
    book = Logbook.open(forged, SetClock())
    seal_anew.begin(book, "not mine to say")
    book.close()
    honest = seal_file.read(key_file(own))
    shutil.copy2(forged.path, own.path)
    book = Logbook.open(own, SetClock())
    assert seal_file.read(key_file(own)).named(honest.keys[0].id) is not None
    assert "seal-key-missing" in kinds(book)
    book.close()


def test_only_an_owner_gives_a_key_up_and_only_with_a_reason(own: Settings) -> None:
    key_file(own).unlink()
    book = Logbook.open(own, SetClock())
    book.write(clinic.add, PractitionerDraft("TH001", "Bo Lind", role="therapist"))
    with pytest.raises(Forbidden):
        seal_anew.begin(book.acting("TH001"), "I want to")
    with pytest.raises(BadInput, match="must not be empty"):
        seal_anew.begin(book, "  ")
    assert kinds(book) == {"seal-key-missing"}
    book.close()


def moved(book: Logbook, folder: Path) -> Path:
    return bundle.write(book, folder, identified=True, reason="a move").path


def test_a_trail_that_comes_home_with_entries_of_another_key_accuses_nobody(
    own: Settings, tmp_path: Path
) -> None:
    book = Logbook.open(own, SetClock())
    there = settings.load(at=str(tmp_path / "there"), environ={})
    other = Logbook.create(there, "Hip clinic", "Europe/Berlin", FIRST, SetClock())
    intake.read(other, moved(book, tmp_path / "one"))
    assert kinds(other) == set()
    samples.admit(other, "P-9")
    back = settings.load(at=str(tmp_path / "back"), environ={})
    home = Logbook.create(back, "Hip clinic", "Europe/Berlin", FIRST, SetClock())
    for one in own.seals.glob("*.seal"):
        shutil.copy2(one, back.seals / one.name)
    intake.read(home, moved(other, tmp_path / "two"))
    for opened in (home, Logbook.open(back, SetClock())):
        report = opened.read(audit.verify)
        assert report.findings == () and {one.kind for one in report.notes} == {seals.ELSEWHERE}
    forge(back, "UPDATE audit_log SET mac = replace(mac, substr(mac, 1, 1), 'x') WHERE seq = 2")
    assert kinds(home) == {"seal-wrong"}


def test_one_who_had_it_open_while_it_was_filled_accuses_nobody_and_writes_nothing(
    own: Settings, tmp_path: Path
) -> None:
    there = settings.load(at=str(tmp_path / "there"), environ={})
    one = Logbook.create(there, "Hip clinic", "Europe/Berlin", FIRST, SetClock())
    two = Logbook.open(there, SetClock())
    intake.read(one, moved(Logbook.open(own, SetClock()), tmp_path / "one"))
    assert "seal-wrong" not in kinds(two)
    with pytest.raises(Refused, match="open it again"):
        samples.admit(two, "P-9")
    two.close()
    again = Logbook.open(there, SetClock())
    samples.admit(again, "P-9")
    assert kinds(again) == set()


def test_two_machines_at_one_plain_file_accuse_nobody(own: Settings, tmp_path: Path) -> None:
    """Each with a key of its own, taking turns while both have it open."""
    elsewhere = replace(own, config=tmp_path / "other" / "config.toml")
    one, two = Logbook.open(own, SetClock()), Logbook.open(elsewhere, SetClock())
    for n in range(3):
        samples.admit(one, f"A-{n}")
        samples.admit(two, f"B-{n}")
    assert kinds(one) == kinds(two) == {"seal-key-missing"}
    one.read(lambda unit: sealing.bring(own, one.opening, unit, key_file(elsewhere)))
    one.close()
    one = Logbook.open(own, SetClock())
    assert kinds(one) == set()
    one.close()
    two.close()
