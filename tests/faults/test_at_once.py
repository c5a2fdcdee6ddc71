"""Several programs at one logbook: each commit is there once, and whoever must wait is told."""

from __future__ import annotations

import threading

import dying
import pytest
import samples
from dying import Say

from hiplog.clinical.errors import Unreachable
from hiplog.logbook import audit, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import engine, unit

PROGRAMS, COMMITS = 4, 100


@pytest.mark.faults
@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_four_programs_of_a_hundred_commits(
    places: Settings, monkeypatch: pytest.MonkeyPatch, journal: str, figures: samples.Any
) -> None:
    if journal == "DELETE":
        monkeypatch.setattr(engine, "SAFE_WAL", (99, 0, 0))
        Logbook.open(places).close()  # only somebody alone can change the journal of a file
    done: dict[int, dying.Told] = {}

    def program(name: int) -> None:
        def work(say: Say) -> None:
            book = Logbook.open(places)
            for n in range(COMMITS):
                say(book.write(patients.add, samples.person(f"W{name}-{n}")).code)
            book.close()

        done[name] = dying.killed(work, None)

    threads = [threading.Thread(target=program, args=[name]) for name in range(PROGRAMS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {code for one in done.values() for code in one.lines}
    assert [one.wrong for one in done.values()] == [""] * PROGRAMS
    book = Logbook.open(places)
    there = {one.code for one in book.read(patients.everyone)}
    figures(f"{len(there)} of {PROGRAMS * COMMITS}")
    assert there == told
    assert len(there) == PROGRAMS * COMMITS
    assert book.read(audit.verify).ok
    book.close()


@pytest.mark.faults
def test_ten_times_behind_another_writer(
    places: Settings, monkeypatch: pytest.MonkeyPatch, figures: samples.Any
) -> None:
    monkeypatch.setattr(unit, "PATIENCE_S", 0.2)
    book, other = Logbook.open(places), Logbook.open(places)
    refused = 0
    for n in range(10):
        with unit.begin(other.engine, other.clock(), "DN001", "UTC", writing=True):
            with pytest.raises(Unreachable, match="another hiplog is writing"):
                book.write(patients.add, samples.person(f"L-{n}"))
            refused += 1
        assert book.write(patients.add, samples.person(f"L-{n}")).code == f"L-{n}"
    figures(f"refused {refused}, then saved {len(book.read(patients.everyone))}")
    assert book.read(audit.verify).ok
    book.close()
    other.close()
