"""Killed in the middle, at any moment: what was acknowledged is there, and no file is half a file."""

from __future__ import annotations

import itertools
import random
import time

import dying
import pytest
import samples
from clocks import SetClock
from dying import Say

from hiplog.logbook import audit, backups, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import backup, engine
from hiplog.storage.engine import Opening

KEY = bytes(range(32))
Told = samples.Any
MODES = ("plain WAL", "plain DELETE", "encrypted WAL")
JOURNAL = {"plain WAL": ("wal", 2), "plain DELETE": ("delete", 3), "encrypted WAL": ("wal", 2)}


@pytest.fixture(params=MODES)
def opening(request: pytest.FixtureRequest, places: Settings, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """The logbook under each journal; the gate that finds the library too old forces the second."""
    if request.param == "plain DELETE":
        monkeypatch.setattr(engine, "SAFE_WAL", (99, 0, 0))
    found = dying.encrypted(places, KEY) if "encrypted" in request.param else Opening(places.database)
    book = dying.opened(places, found)
    assert journal(book) == JOURNAL[request.param]
    book.close()
    return found


def journal(book: Logbook) -> tuple[str, int]:
    def look(work: samples.Any) -> tuple[str, int]:
        said = (
            work.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        )
        return tuple(said)  # type: ignore[return-value]

    return book.read(look)


def pages(book: Logbook) -> str:
    return book.read(lambda work: str(work.connection.exec_driver_sql("PRAGMA integrity_check").scalar()))


def commits(count: int, places: Settings, opening: Opening, seed: int) -> dict[str, int]:
    """Kill a writer ``count`` times and look at the logbook after each."""
    chance = random.Random(seed)
    told: set[str] = set()
    seen = {"kills": 0, "acknowledged": 0, "lost": 0, "broken": 0, "hot": 0}
    for kill in range(count):

        def work(say: Say, kill: int = kill) -> None:
            book = dying.opened(places, opening)
            say(".")
            for n in itertools.count():
                say(book.write(patients.add, samples.person(f"K{kill}-{n}")).code)

        done = dying.killed(work, chance.uniform(0.0, 0.25))
        assert (done.ended, done.wrong) == (False, "")
        told |= set(done.lines)
        seen["kills"] += 1
        seen["hot"] += any(
            places.path.with_name(places.path.name + end).exists() for end in ("-wal", "-journal")
        )
        book = dying.opened(places, opening)
        there = {one.code for one in book.read(patients.everyone)}
        whole = pages(book) == "ok" and book.read(audit.verify).ok and len(there) <= len(told) + seen["kills"]
        seen["broken"] += not whole
        seen["lost"] += len(told - there)
        book.close()
    return seen | {"acknowledged": len(told)}


def test_a_few_kills_in_mid_commit(places: Settings, opening: Opening) -> None:
    seen = commits(3, places, opening, 1)
    assert (seen["lost"], seen["broken"]) == (0, 0)


@pytest.mark.long
def test_sixty_kills_in_mid_commit(places: Settings, opening: Opening, figures: Told) -> None:
    seen = commits(60, places, opening, 2)
    figures(str(seen))
    assert (seen["kills"], seen["lost"], seen["broken"]) == (60, 0, 0)
    assert seen["acknowledged"] > 60
    assert seen["hot"] > 10


def for_backups(book: Logbook) -> None:
    for n in range(150):
        book.write(patients.add, samples.person(f"P-{n:03}"))


@pytest.mark.long
@pytest.mark.grown(by=for_backups)
def test_thirty_kills_in_mid_backup(places: Settings, figures: Told) -> None:
    chance, clock = random.Random(3), SetClock()
    takes = timed(places)
    seen = {"kills": 0, "whole": 0, "none": 0, "broken": 0, "half": 0}
    for _ in range(30):
        clock.forward(minutes=1)

        def work(say: Say) -> None:
            book = Logbook.open(places, clock)
            say(".")
            backups.make(book)
            time.sleep(5)

        dying.killed(work, chance.uniform(0.0, 1.3 * takes))
        seen["kills"] += 1
        made = places.backups / backup.name_for(clock(), "manual")
        seen["half"] += made.with_name(made.name + ".part").exists()
        seen["whole" if made.exists() else "none"] += 1
        seen["broken"] += made.exists() and bool(backup.check(Opening(str(made), read_only=True)))
    figures(str(seen))
    assert seen["broken"] == 0
    assert seen["whole"] and seen["none"] and seen["half"]


def timed(places: Settings) -> float:
    """How long one backup takes here, in seconds."""
    book = Logbook.open(places, SetClock())
    began = time.monotonic()
    backups.make(book).unlink()
    took = time.monotonic() - began
    book.close()
    return took
