"""An encrypted logbook: what opens it, what each failure is called, and that nothing lies beside in plain."""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import vaults
from clocks import SetClock
from vaults import CANARY, CODE, PASSPHRASE

from hiplog.clinical.errors import (
    HiplogError,
    IntegrityFailed,
    Locked,
    NotFound,
    WrongSecret,
)
from hiplog.logbook import audit, backups, health, patients, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys
from hiplog.storage.engine import Opening, open_file

NEW = "another long secret"
FLIPS, DOCTORED = 1000, 12


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


def test_the_passphrase_and_the_recovery_code_open_it_and_nothing_else(locked: Settings) -> None:
    assert opens(locked)
    assert opens(locked, CODE.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    for wrong in (PASSPHRASE.upper(), PASSPHRASE + " ", CODE[:-1], "", vaults.made().key.hex()):
        with pytest.raises(WrongSecret, match="does not open the logbook; nothing was changed"):
            vault.unlock(locked, wrong)


def spoil(path: Path, place: int, mask: int = 1) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ mask]))


FAULTS: list[tuple[Callable[[Path], object], type[HiplogError], str]] = [
    (lambda path: path.unlink(), NotFound, "no logbook here"),
    (lambda path: path.write_bytes(b""), IntegrityFailed, "is empty"),
    (lambda path: keys.beside(path).unlink(), IntegrityFailed, "no key file lies beside it"),
    (lambda path: keys.beside(path).write_text("{}"), IntegrityFailed, "key file is missing or damaged"),
    (lambda path: spoil(keys.beside(path), 300), IntegrityFailed, "key file is missing or damaged"),
    (lambda path: spoil(path, 5), IntegrityFailed, "passphrase is right, but the file does not open"),
    (lambda path: path.write_bytes(os.urandom(8192)), IntegrityFailed, "passphrase is right, but"),
]


@pytest.mark.parametrize(("fault", "kind", "sentence"), FAULTS)
def test_each_failure_has_its_own_sentence(
    locked: Settings, fault: Callable[[Path], object], kind: type[HiplogError], sentence: str
) -> None:
    fault(locked.path)
    with pytest.raises(kind, match=sentence):
        opens(locked)


def test_without_a_secret_it_says_that_it_is_encrypted(locked: Settings) -> None:
    for attempt in (lambda: opens(locked, None), lambda: Logbook.open(locked)):
        with pytest.raises(Locked, match="encrypted; it opens with its passphrase only") as told:
            attempt()
        assert not isinstance(told.value, WrongSecret)
        assert told.value.exit_code == 4


def test_a_plain_logbook_needs_none(places: Settings) -> None:
    assert not vault.is_encrypted(places)
    assert vault.unlock(places, None) is None
    with pytest.raises(NotFound, match="hiplog encrypt"):
        vault.change(places, PASSPHRASE, NEW)


def test_a_key_that_is_not_the_logbooks_own(locked: Settings) -> None:
    other = keys.new_vault(PASSPHRASE, CODE, "DN001")
    keys.write(keys.beside(locked.path), other.slots)
    with pytest.raises(IntegrityFailed, match="belongs to another logbook"):
        opens(locked)


def test_a_forged_cost_does_not_exhaust_the_machine(locked: Settings) -> None:
    slot = keys.read(keys.beside(locked.path))[0]
    for dear in ({"memory_kib": 1 << 30}, {"passes": 1 << 20}, {"lanes": 0}):
        values = {name: getattr(slot, name) for name in slot.__slots__} | dear
        keys.write(keys.beside(locked.path), [keys.Slot(**values)])
        with pytest.raises(IntegrityFailed, match="damaged"):
            vault.unlock(locked, PASSPHRASE)


def test_the_same_words_from_another_keyboard_are_the_same_passphrase() -> None:
    slot = keys.wrap(b"k" * 32, "cafe\u0301 au lait", "passphrase", "DN001")
    assert keys.unwrap([slot], "caf\u00e9 au lait")[0] == b"k" * 32


def test_a_key_is_never_shown(locked: Settings) -> None:
    made = keys.new_vault(PASSPHRASE, CODE, "DN001")
    assert repr(made.key) not in repr(made) + repr(Opening("x", made.key))
    text = keys.beside(locked.path).read_text(encoding="utf-8")
    assert vaults.made().key.hex() not in text
    assert PASSPHRASE not in text
    assert CODE not in text


# -- nothing in plain ---------------------------------------------------------------------------


def everything(book: Logbook) -> list[str]:
    """Use a logbook in every way that writes a file; return the files that hold the canary."""
    folder = book.settings.path.parent
    vaults.fill(book)
    backups.make(book)
    found = set(vaults.holding(CANARY, folder))
    driver = book.engine.raw_connection()
    driver.execute("BEGIN IMMEDIATE")
    driver.execute("UPDATE patients SET version = version")
    found |= set(vaults.holding(CANARY, folder))
    driver.execute("PRAGMA journal_mode")
    driver.rollback()
    driver.close()
    assert {one.name for one in folder.iterdir()} >= {"hiplog.db", "hiplog.db-wal", "hiplog.db-shm"}
    book.close()
    return sorted(found | set(vaults.holding(CANARY, folder)))


def test_the_canary_stands_in_no_file_of_the_clinic(
    places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temp = tmp_path / "tmp"
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setenv("SQLITE_TMPDIR", str(temp))
    places.path.unlink()
    made = keys.new_vault(PASSPHRASE, CODE, "DN001")
    book = Logbook.create(places, "Hip clinic", "UTC", vaults.FIRST, SetClock(), made)
    assert everything(book) == []
    assert vaults.holding(CANARY, tmp_path) == []


def test_the_same_search_finds_the_canary_in_a_plain_clinic(book: Logbook) -> None:
    """The search above can fail."""
    assert "hiplog.db" in everything(book)


def test_a_rollback_journal_holds_no_canary(locked: Settings) -> None:
    connection = open_file(Opening(locked.database, vaults.made().key))
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE filler AS SELECT * FROM patients")
    connection.execute("PRAGMA cache_spill=1")
    journal = locked.path.with_name("hiplog.db-journal")
    assert journal.stat().st_size > 0
    assert vaults.holding(CANARY, locked.path.parent) == []
    connection.execute("ROLLBACK")
    connection.close()


def test_all_its_files_are_private(opened: Logbook) -> None:
    old = os.umask(0)
    try:
        backups.make(opened)
        vault.change(opened.settings, PASSPHRASE, NEW)
    finally:
        os.umask(old)
    files = [one for one in opened.settings.path.parent.rglob("*.db*") if one.is_file()]
    assert len(files) >= 4
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}


@contextmanager
def flipped(path: Path, chance: random.Random) -> Iterator[None]:
    """One bit of the file is the other way round, and put right afterwards."""
    bit = chance.randrange(path.stat().st_size * 8)
    spoil(path, bit // 8, 1 << bit % 8)
    yield
    spoil(path, bit // 8, 1 << bit % 8)


def found(path: Path, key: bytes) -> str:
    """How a flip in an encrypted file is found, or nothing."""
    from sqlcipher3 import dbapi2

    try:
        connection = open_file(Opening(str(path), key, read_only=True))
    except dbapi2.Error:
        return "open"
    try:
        return "page" if connection.execute("PRAGMA cipher_integrity_check").fetchall() else ""
    finally:
        connection.close()


def test_every_one_of_a_thousand_flipped_bits_is_found(
    locked: Settings, figures: Callable[[str], None]
) -> None:
    key = vaults.made().key
    assert found(locked.path, key) == ""
    chance = random.Random(20261123)
    ways = {"open": 0, "page": 0, "": 0}
    for _ in range(FLIPS):
        with flipped(locked.path, chance):
            ways[found(locked.path, key)] += 1
    figures(f"{FLIPS} flips: {ways['open']} at opening, {ways['page']} by page, {ways['']} not found")
    assert ways["open"] + ways["page"] == FLIPS
    assert found(locked.path, key) == ""


def ill(places: Settings) -> bool:
    """Whether a person learns of it, at the door or from the doctor."""
    try:
        book = Logbook.open(places, SetClock(), key=vaults.made().key)
    except IntegrityFailed:
        return True
    try:
        return not all(check.ok for check in health.checks(book))
    finally:
        book.close()


def test_the_doctor_finds_a_flipped_bit(locked: Settings) -> None:
    assert not ill(locked)
    chance = random.Random(7)
    for _ in range(DOCTORED):
        vaults.lay(locked)
        with flipped(locked.path, chance):
            assert ill(locked)


def test_a_file_cut_short_is_found(locked: Settings) -> None:
    size = locked.path.stat().st_size
    for left in (size - 4096, size // 8192 * 4096, size - 100):
        vaults.lay(locked)
        os.truncate(locked.path, left)
        assert ill(locked)
