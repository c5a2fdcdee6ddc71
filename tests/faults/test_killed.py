"""Killed in the middle, at any moment: what was acknowledged is there, and no file is half a file."""

from __future__ import annotations

import itertools
import random

import dying
import pytest
import samples
import warmed
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
    with warmed.openings():
        return _commits(count, places, opening, random.Random(seed))


def _commits(count: int, places: Settings, opening: Opening, chance: random.Random) -> dict[str, int]:
    told: set[str] = set()
    seen = {"kills": 0, "acknowledged": 0, "lost": 0, "broken": 0, "hot": 0}
    for kill in range(count):

        def work(say: Say, kill: int = kill) -> None:
            book = dying.opened(places, opening)
            say(".")
            for n in itertools.count():
                say(book.write(patients.add, samples.person(f"K{kill}-{n}")).code)

        done = dying.killed(work, chance.uniform(0.0, 0.02), words=chance.randint(0, 3))
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


@pytest.mark.faults
def test_sixty_kills_in_mid_commit(places: Settings, opening: Opening, figures: Told) -> None:
    check_commits(60, places, opening, figures)


@pytest.mark.nightly
def test_a_thousand_kills_in_mid_commit(places: Settings, opening: Opening, figures: Told) -> None:
    check_commits(1_000, places, opening, figures)


def check_commits(count: int, places: Settings, opening: Opening, figures: Told) -> None:
    seen = commits(count, places, opening, count)
    figures(str(seen))
    assert (seen["kills"], seen["lost"], seen["broken"]) == (count, 0, 0)
    assert seen["acknowledged"] > count
    assert seen["hot"] > count // 6


def for_backups(book: Logbook) -> None:
    for n in range(40):
        book.write(patients.add, samples.person(f"P-{n:03}"))


@pytest.mark.faults
@pytest.mark.grown(by=for_backups)
def test_thirty_kills_in_mid_backup(places: Settings, figures: Told) -> None:
    with warmed.openings():
        seen = backups_killed(places, random.Random(3))
    figures(str(seen))
    assert (seen["kills"], seen["broken"]) == (30, 0)
    assert seen["whole"] and seen["none"] and seen["half"]


def backups_killed(places: Settings, chance: random.Random) -> dict[str, int]:
    """Kill thirty backups, each at any moment of its work or just after, and look at what each left."""
    clock = SetClock()

    def work(say: Say) -> None:
        book = Logbook.open(places, clock)
        say(".")
        backups.make(book)

    Logbook.open(places, SetClock()).close()  # each child finds ready what this made of the statements
    takes = dying.spent_by(work)
    seen = {"kills": 0, "whole": 0, "none": 0, "broken": 0, "half": 0}
    while seen["kills"] < 30:
        clock.forward(minutes=1)
        done = dying.killed(work, None, spent=chance.uniform(0.0, 1.6 * takes))
        assert done.wrong == ""
        seen["kills"] += 1
        made = places.backups / backup.name_for(clock(), "manual")
        seen["half"] += made.with_name(made.name + ".part").exists()
        seen["whole" if made.exists() else "none"] += 1
        seen["broken"] += made.exists() and bool(backup.check(Opening(str(made), read_only=True)))
    return seen
