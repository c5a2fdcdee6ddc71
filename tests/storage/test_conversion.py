"""Another passphrase, plain to encrypted and back, encrypted backups, and what the doctor says of it all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import vaults
from clocks import SetClock
from vaults import CANARY, CODE, PASSPHRASE

from hiplog.clinical.errors import (
    BadInput,
    IntegrityFailed,
    Locked,
    Refused,
    Unreachable,
    WrongSecret,
)
from hiplog.logbook import audit, backups, conversion, health, patients, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys
from hiplog.storage.engine import HEADER, Opening

NEW = "another long secret"
NEW_CODE = "ZYXW-VTSR-QPNM-KJHG-FEDC-BA98-7654"


@pytest.fixture
def locked(places: Settings) -> Settings:
    """An encrypted logbook in the place of the plain one."""
    vaults.lay(places)
    return places


@pytest.fixture
def opened(locked: Settings, clock: SetClock) -> Iterator[Logbook]:
    book = Logbook.open(locked, clock, key=vaults.made().key)
    yield book
    book.close()


def opens(places: Settings, secret: str | None = PASSPHRASE) -> bool:
    """Open with ``secret`` and find the record whole; raises what a person would be told."""
    book = Logbook.open(places, SetClock(), key=vault.unlock(places, secret))
    try:
        return book.read(audit.verify).ok and len(book.read(patients.everyone)) == 1
    finally:
        book.close()


# -- another passphrase -------------------------------------------------------------------------


def test_a_changed_passphrase_opens_and_the_old_one_does_not(locked: Settings) -> None:
    before = locked.path.read_bytes()[:16]
    vault.change(locked, PASSPHRASE, NEW)
    assert opens(locked, NEW)
    assert opens(locked, CODE)
    with pytest.raises(WrongSecret):
        opens(locked, PASSPHRASE)
    assert locked.path.read_bytes()[:16] == before
    with pytest.raises(WrongSecret):
        vault.change(locked, PASSPHRASE, NEW)
    with pytest.raises(Refused, match="hiplog passphrase recover"):
        vault.change(locked, CODE, PASSPHRASE)
    with pytest.raises(BadInput, match="at least 8"):
        vault.change(locked, NEW, "short")


def test_the_recovery_code_is_used_up(locked: Settings) -> None:
    vault.recover(locked, CODE, NEW, NEW_CODE)
    assert opens(locked, NEW)
    assert opens(locked, NEW_CODE)
    for spent in (CODE, PASSPHRASE):
        with pytest.raises(WrongSecret):
            opens(locked, spent)
    with pytest.raises(WrongSecret):
        vault.recover(locked, NEW, PASSPHRASE, CODE)


def test_a_change_stands_in_the_access_trail(locked: Settings) -> None:
    vault.change(locked, PASSPHRASE, NEW)
    book = Logbook.open(locked, key=vault.unlock(locked, NEW))
    assert "passphrase.change" in [event.action for event in book.read(audit.events)]
    book.close()


# -- there and back -----------------------------------------------------------------------------


def test_plain_to_encrypted_and_back_keeps_every_row(places: Settings, clock: SetClock) -> None:
    book = Logbook.open(places, clock)
    vaults.fill(book)
    heads = book.read(audit.heads)
    copy = backups.make(book)
    book.close()
    done = conversion.encrypt(places, PASSPHRASE, CODE, clock)
    assert (done.kept, done.plain) == (None, (copy,))
    copy.unlink()
    assert vaults.holding(CANARY, places.path.parent) == []
    assert opens(places)
    clock.forward(minutes=1)
    assert conversion.decrypt(places, PASSPHRASE, clock, keep=True).kept is not None
    assert places.path.read_bytes()[:16] == HEADER
    assert not keys.beside(places.path).exists()
    back = Logbook.open(places, clock)
    assert back.read(audit.verify).ok
    assert back.read(audit.heads)[0] == heads[0]
    assert [one.name for one in health.checks(back) if not one.ok] == []
    back.close()


def test_the_old_file_is_kept_on_request_and_opens(locked: Settings, clock: SetClock) -> None:
    kept = conversion.decrypt(locked, PASSPHRASE, clock, keep=True).kept
    assert kept is not None
    assert keys.beside(kept).exists()
    assert opens(Settings(str(kept), locked.config, locked.backups, locked.log))


def test_while_it_is_open_elsewhere_nothing_is_converted(opened: Logbook) -> None:
    opened.read(patients.everyone)
    names = sorted(one.name for one in opened.settings.path.parent.iterdir())
    with pytest.raises(Unreachable, match="another program has the logbook open"):
        conversion.decrypt(opened.settings, PASSPHRASE)
    assert sorted(one.name for one in opened.settings.path.parent.iterdir()) == names
    assert opens(opened.settings)


def test_a_file_that_does_not_verify_is_not_put_in_place(
    places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hiplog.storage.backup.check", lambda _: ["page 3 is torn"])
    with pytest.raises(IntegrityFailed, match=r"page 3 is torn.*nothing was changed"):
        conversion.encrypt(places, PASSPHRASE, CODE)
    assert [one.name for one in places.path.parent.iterdir() if "hiplog" in one.name] == ["hiplog.db"]
    Logbook.open(places).close()


def test_one_row_less_would_be_found(places: Settings, tmp_path: Path) -> None:
    from hiplog.storage import convert

    with convert.alone(Opening(places.database)) as connection:
        whole = convert.content(connection)
        connection.execute("DELETE FROM alembic_version")
        assert convert.content(connection) != whole


def test_what_is_so_already_is_refused(locked: Settings) -> None:
    with pytest.raises(Refused, match="encrypted already"):
        conversion.encrypt(locked, PASSPHRASE, CODE)
    conversion.decrypt(locked, PASSPHRASE)
    with pytest.raises(Refused, match="not encrypted"):
        conversion.decrypt(locked, PASSPHRASE)


# -- backups and health -------------------------------------------------------------------------


def test_a_backup_is_encrypted_and_opens_with_the_passphrase_of_its_day(
    locked: Settings, clock: SetClock
) -> None:
    book = Logbook.open(locked, clock, key=vaults.made().key)
    copy = backups.make(book)
    book.close()
    vault.change(locked, PASSPHRASE, NEW)
    with pytest.raises(Locked):
        backups.restore(locked, copy, clock())
    with pytest.raises(WrongSecret):
        backups.restore(locked, copy, clock(), NEW)
    assert opens(locked, NEW)
    done = backups.restore(locked, copy, clock(), PASSPHRASE)
    assert opens(locked, PASSPHRASE)
    assert done.aside is not None
    assert opens(Settings(str(done.aside), locked.config, locked.backups, locked.log), NEW)
    keys.beside(copy).unlink()
    with pytest.raises(IntegrityFailed, match="no key file lies beside it"):
        backups.restore(locked, copy, clock(), PASSPHRASE)


def test_the_doctor_tries_the_file_without_its_key(opened: Logbook) -> None:
    found = {one.name: one for one in health.checks(opened, full=True)}
    assert [one.name for one in found.values() if not one.ok] == []
    assert "with no key and with a wrong one, it does not open" in found["encryption"].message


def test_the_doctor_finds_a_plain_copy_beside(opened: Logbook, blank_logbook: Path) -> None:
    beside = opened.settings.path.with_name("old.db")
    beside.write_bytes(blank_logbook.read_bytes())
    found = {one.name: one for one in health.checks(opened)}
    assert not found["copies"].ok
    assert "old.db" in found["copies"].message


def test_the_doctor_says_plain_loudly(book: Logbook) -> None:
    found = {one.name: one for one in health.checks(book)}
    assert found["encryption"].message.startswith("NOT ENCRYPTED")


def test_an_encrypted_logbook_is_never_made_over_an_old_key(places: Settings) -> None:
    places.path.unlink()
    keys.beside(places.path).write_text("{}")
    with pytest.raises(BadInput, match="exists already"):
        Logbook.create(places, "C", "UTC", vaults.FIRST, vault=keys.new_vault(PASSPHRASE, CODE, "DN001"))
    assert keys.beside(places.path).read_text() == "{}"
