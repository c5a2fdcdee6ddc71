"""Several programs at one logbook, and one that dies: what was acknowledged is there, the trail is whole."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import clients
import pytest
import samples
import servers

from hiplog.clinical.errors import Unreachable
from hiplog.clinical.record import PatientDraft
from hiplog.logbook import audit, episodes, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import backup, engine, unit
from hiplog.storage.engine import Opening
from hiplog.storage.unit import Unit

ROOT = Path(__file__).resolve().parents[2]
# Imports once and forks each writer from there, before anything is open: fifteen starts cost as much as one.
WRITERS = """
import os, pathlib, random, signal, sys, time
from dataclasses import replace
from hiplog import settings
from hiplog.clinical.record import PatientDraft
from hiplog.logbook import patients, book as front, worklist
import hiplog.storage.unit, sqlcipher3, psycopg
database, keys, names, count, killed = sys.argv[1:]
at = replace(settings.load(at="nowhere", environ={}), database=database, seal_keys=pathlib.Path(keys))
chance = random.Random(7)

def write(name):
    book = front.Logbook.open(at)
    for n in range(int(count)):
        told = book.write(patients.add, PatientDraft(f"{name}-{n}", "Koch", "Ann")).code
        os.write(1, told.encode() + b"\\n")

children = []
for name in names.split():
    read, out = os.pipe()
    child = os.fork()
    if child == 0:
        if killed == "killed":
            os.dup2(out, 1)
        try:
            write(name)
        finally:
            os._exit(0)
    os.close(out)
    children.append(child)
    if killed == "killed":
        said = os.read(read, 100)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        while more := os.read(read, 10_000):
            said += more
        os.write(1, said)
for child in children:
    os.waitpid(child, 0)
"""
both = pytest.mark.both_databases


def writers(places: Settings, names: str, count: int, killed: str = "") -> subprocess.Popen[str]:
    about = [places.database, str(places.seals), names, str(count), killed]
    command = [sys.executable, "-c", WRITERS, *about]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@both
def test_four_programs_at_once_lose_nothing(places: Settings) -> None:
    told, wrong = writers(places, "W0 W1 W2 W3", 50).communicate(timeout=120)
    assert wrong == ""
    wanted = {f"W{program}-{n}" for program in range(4) for n in range(50)}
    assert set(told.split()) == wanted
    opened = Logbook.open(places)
    assert {one.code for one in opened.read(patients.everyone)} == wanted
    assert opened.read(audit.verify).ok
    opened.close()


@both
def test_visits_numbered_at_the_same_moment_do_not_collide(book: Logbook) -> None:
    """The number follows the highest so far, so two writers must not look at once."""
    who, episode = samples.admit(book)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                book.write(sessions.start, who.id, episode)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [visit.number for visit in sorted(book.read(sessions.of, who.id), key=_number)] == list(
        range(1, 21)
    )


def _number(visit: samples.Session) -> int:
    return visit.number


HOLDER = """
import sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
file.execute("ROLLBACK")
"""


@contextlib.contextmanager
def held(path: Path):
    """Another program that has begun to write and does not end; yields a function that lets it go on."""
    pipe = subprocess.PIPE
    program = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], text=True, stdin=pipe, stdout=pipe)
    assert program.stdout is not None
    assert program.stdin is not None
    assert program.stdout.readline() == "held\n"
    try:
        yield lambda: program.communicate("\n", timeout=10)
    finally:
        program.kill()
        program.wait()


def test_a_writer_gives_up_after_its_patience_and_loses_nothing(
    book: Logbook, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "PATIENCE_S", 0.3)
    draft = PatientDraft("P-001", "Koch", "Ann")
    with held(places.path) as let_go:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="another hiplog is writing"):
            book.write(patients.add, draft)
        assert 0.3 <= time.monotonic() - began < 3
        assert book.read(patients.everyone) == ()
        let_go()
    assert book.write(patients.add, draft).code == "P-001"
    assert book.read(audit.verify).ok


def test_a_writer_waits_for_the_other_to_end(book: Logbook, places: Settings) -> None:
    with held(places.path) as let_go:
        timer = threading.Timer(0.3, let_go)
        timer.start()
        assert book.write(patients.add, PatientDraft("P-001", "Koch", "Ann")).code == "P-001"
        timer.join()


def test_with_a_rollback_journal_a_commit_waits_for_a_reader_to_end(
    book: Logbook, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SAFE_WAL", (99, 0, 0))
    book.close()
    book = Logbook.open(places)
    reader = engine.open_file(engine.Opening(str(places.path), read_only=True))
    reader.execute("BEGIN")
    assert reader.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    reader.execute("SELECT count(*) FROM patients").fetchone()
    timer = threading.Timer(1.0, reader.close)
    timer.start()
    assert book.write(patients.add, PatientDraft("P-001", "Koch", "Ann")).code == "P-001"
    timer.join()
    book.close()


@both
def test_killed_writers_lost_nothing_they_had_acknowledged(places: Settings) -> None:
    names = " ".join(f"K{n}" for n in range(15))
    said, wrong = writers(places, names, 10_000, "killed").communicate(timeout=120)
    assert wrong == ""
    told = said.split()
    assert {code.partition("-")[0] for code in told} == set(names.split())
    opened = Logbook.open(places)
    there = {one.code for one in opened.read(patients.everyone)}
    assert set(told) <= there
    assert len(there) <= len(told) + 15
    assert opened.read(audit.verify).ok
    opened.close()


@pytest.mark.grown(by=samples.visited)
def test_a_server_that_ends_the_connection_in_the_middle(places: Settings, nursery: samples.Any) -> None:
    with nursery.copied("postgresql", samples.visited, places) as at:
        opened = Logbook.open(at)

        def cut(work: Unit) -> None:
            patients.add(work, PatientDraft("P-009", "Koch", "Ann"))
            with servers.connected(at.database) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            patients.everyone(work)

        with pytest.raises(Unreachable, match="cannot be reached"):
            opened.write(cut)
        assert [one.code for one in opened.read(patients.everyone)] == ["P-001"]
        assert opened.write(patients.add, PatientDraft("P-009", "Koch", "Ann")).code == "P-009"
        assert opened.read(audit.verify).ok
        opened.close()


@pytest.mark.grown(by=samples.visited)
def test_a_copy_is_whole_in_one_file_while_others_write(
    book: Logbook, places: Settings, tmp_path: Path
) -> None:
    program = writers(places, "W", 60)
    assert program.stdout is not None
    program.stdout.readline()
    copy = backup.copy(book.engine, book.opening, tmp_path / "copies" / "copy.db")
    program.communicate(timeout=60)
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    assert backup.check(Opening(str(copy), read_only=True)) == []
    with clients.sqlite(copy) as execute:
        assert execute("PRAGMA journal_mode") == [("delete",)]
        assert execute("SELECT count(*) FROM sessions") == [(1,)]
    opened = Logbook.open(replace(places, database=str(copy)))
    assert opened.read(audit.verify).ok
    opened.close()


def test_a_copy_that_does_not_verify_is_not_kept(book: Logbook, places: Settings, tmp_path: Path) -> None:
    book.write(patients.add, PatientDraft("P-001", "Koch", "Ann"))
    with clients.unguarded(places) as execute:
        execute("UPDATE audit_log SET actor = 'X' WHERE seq = 2")
    with pytest.raises(Exception, match="does not verify"):
        backup.copy(book.engine, book.opening, tmp_path / "copies" / "copy.db")
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_copy_that_has_no_room_is_not_kept(book: Logbook, tmp_path: Path) -> None:
    """A file may grow to 16 KiB here, as on a full disk; the copy needs more."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))
        try:
            backup.copy(book.engine, book.opening, tmp_path / "copies" / "copy.db")
            os.write(write, b"no refusal")
        except BaseException as error:
            os.write(write, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        assert said.read().startswith("Unreachable: ")
    os.waitpid(child, 0)
    assert list((tmp_path / "copies").iterdir()) == []


def test_episodes_and_patients_survive_a_reopened_file(book: Logbook, places: Settings) -> None:
    who, _ = samples.admit(book)
    book.close()
    opened = Logbook.open(places)
    assert len(opened.read(episodes.of, who.id)) == 1
    opened.close()
