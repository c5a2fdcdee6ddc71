"""A file that is no logbook is called what it is and left as it is, to the byte."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import clients
import pytest
import samples

from hiplog.clinical.errors import BadInput, HiplogError, IntegrityFailed, NotFound
from hiplog.clinical.record import PractitionerDraft
from hiplog.logbook import audit, health, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


def other_program(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE songs (title)")


def scribbled(path: Path) -> None:
    """Every page but the first is overwritten."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def header_scribbled(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(16)
        file.write(b"\xff" * 40)


BROKEN: list[tuple[Callable[[Path], object], type[HiplogError], str]] = [
    (lambda path: path.write_bytes(b""), IntegrityFailed, "is empty.*left as it is.*hiplog restore"),
    (lambda path: path.write_bytes(b"x"), IntegrityFailed, "has only 1 bytes"),
    (lambda path: path.write_bytes(b"%PDF-1.7\n" * 200), IntegrityFailed, "not a plain logbook"),
    (lambda path: path.write_bytes(os.urandom(8192)), IntegrityFailed, "not a plain logbook"),
    (other_program, IntegrityFailed, "SQLite file of another program"),
    (lambda path: os.truncate(path, 4096), IntegrityFailed, "damaged"),
    (lambda path: os.truncate(path, 5000), IntegrityFailed, "damaged"),
    (scribbled, IntegrityFailed, "damaged"),
    (header_scribbled, IntegrityFailed, "damaged"),
]


@pytest.mark.parametrize(("spoil", "kind", "sentence"), BROKEN)
def test_a_file_that_is_no_logbook(
    places: Settings, spoil: Callable[[Path], object], kind: type[HiplogError], sentence: str
) -> None:
    spoil(places.path)
    before = places.path.read_bytes()
    with pytest.raises(kind, match=sentence):
        Logbook.open(places)
    with pytest.raises(BadInput, match="exists already"):
        Logbook.create(places, "Hip clinic", "UTC", PractitionerDraft("DN001", "Ada"))
    assert places.path.read_bytes() == before


def test_nothing_there(places: Settings) -> None:
    places.path.unlink()
    with pytest.raises(NotFound, match="no logbook here; make one with: hiplog init"):
        Logbook.open(places)
    assert not places.path.exists()


def test_a_folder_in_its_place(places: Settings) -> None:
    places.path.unlink()
    places.path.mkdir()
    with pytest.raises(BadInput, match="is not a file"):
        Logbook.open(places)
    assert list(places.path.iterdir()) == []


@pytest.mark.grown(by=samples.visited)
def test_damage_inside_is_found_and_told(places: Settings) -> None:
    """The page of a table is gone: the logbook opens, the check of its health says what is wrong."""
    with clients.sqlite(places.path) as execute:
        (page,) = execute("SELECT rootpage FROM sqlite_master WHERE name = 'advice'")[0]
    with places.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    opened = Logbook.open(places)
    found = {check.name: check for check in health.checks(opened, full=True)}
    opened.close()
    assert not found["pages"].ok
    assert "damaged" in found["pages"].message


def test_a_whole_logbook_is_well(book: Logbook) -> None:
    assert [check.name for check in health.checks(book, full=True) if not check.ok] == []


def as_guest(look: Callable[[], None]) -> str:
    """Run ``look`` in a child of another user, and return what it found wrong."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            look()
            os.write(write, b"ok")
        except BaseException as error:
            os.write(write, f"{type(error).__name__}: {error}".encode()[:4000])
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        told = said.read()
    os.waitpid(child, 0)
    return told


@pytest.fixture
def shared(places: Settings) -> Settings:
    """The logbook with one patient where another user can reach it."""
    opened = Logbook.open(places)
    opened.write(patients.add, samples.person())
    opened.close()
    for folder in list(places.path.parents)[:-2]:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    places.path.chmod(0o644)
    # Whoever reads has been given the clinic's seal keys, without which entries count as unproven.
    places.seals.chmod(0o755)
    for kept in places.seals.iterdir():
        kept.chmod(0o644)
    return places


@pytest.mark.parametrize("folder", [0o755, 0o777])
def test_a_file_that_cannot_be_written_opens_for_reading(shared: Settings, folder: int) -> None:
    shared.path.parent.chmod(folder)
    before = shared.path.read_bytes()

    def look() -> None:
        opened = Logbook.open(shared)
        assert opened.banner is not None
        assert "cannot be written" in opened.banner
        assert opened.read(patients.get, "P-001").family == samples.CANARY
        assert opened.read(audit.verify).ok
        with pytest.raises(HiplogError, match="Nothing was saved"):
            opened.write(patients.add, samples.person("P-002"))
        opened.close()

    assert as_guest(look) == "ok"
    assert shared.path.read_bytes() == before


def test_commits_that_wait_beside_a_read_only_folder_are_seen(shared: Settings) -> None:
    """An immutable open would skip the write-ahead log, and with it what was saved last."""
    writer = Logbook.open(shared)
    writer.write(patients.add, samples.person("P-002"))
    for end in ("-wal", "-shm"):
        shared.path.with_name(shared.path.name + end).chmod(0o644)

    def look() -> None:
        opened = Logbook.open(shared)
        assert opened.read(patients.get, "P-002").code == "P-002"
        opened.close()

    assert as_guest(look) == "ok"
    writer.close()


def test_a_file_that_cannot_be_read_is_said_to_be(shared: Settings) -> None:
    shared.path.chmod(0o600)
    assert as_guest(lambda: Logbook.open(shared).close()).startswith("Unreachable: ")


def test_all_that_hiplog_makes_is_private(places: Settings, tmp_path: Path) -> None:
    """Also under a umask that would let everybody in."""
    old = os.umask(0)
    try:
        fresh = Settings(
            database=str(tmp_path / "a" / "b" / "hiplog.db"),
            config=places.config,
            backups=tmp_path / "c" / "d",
            log=places.log,
        )
        made = Logbook.create(fresh, "Hip clinic", "UTC", PractitionerDraft("DN001", "Ada"))
        made.write(patients.add, samples.person())
        from hiplog.logbook import backups

        copy = backups.make(made)
        files = [fresh.path, *(fresh.path.with_name(fresh.path.name + end) for end in ("-wal", "-shm")), copy]
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
        folders = [fresh.path.parent, fresh.path.parents[1], fresh.backups, fresh.backups.parent]
        made.close()
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
