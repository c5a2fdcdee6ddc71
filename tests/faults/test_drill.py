"""A drill on a clinic as large as one gets: the newest backup is restored, and everything compared."""

from __future__ import annotations

from pathlib import Path

import clinics
import pytest
import samples
from benchmarks import clinic, plan

from hiplog import settings
from hiplog.logbook import drill, upkeep
from hiplog.logbook.book import Logbook

FEW_VISITS = 1.0
"""How many visits follow somebody's first on average; the number of people is what counts here."""


@pytest.mark.faults
def test_a_drill_on_a_clinic_of_two_thousand(
    ram: Path, monkeypatch: pytest.MonkeyPatch, figures: samples.Any
) -> None:
    monkeypatch.setattr(plan, "MEAN_VISITS", FEW_VISITS)
    clinic.build(ram, clinics.LARGE, today=clinics.NOW.date())
    book = Logbook.open(settings.load(at=str(ram), environ={}), lambda: clinics.NOW)
    samples.followed(book)
    samples.begin(book, "P-2")
    assert upkeep.at_exit(book).made is not None
    done = drill.run(book)
    book.close()
    figures(f"{done.rows:,} rows in {done.tables} tables, heads {[head.seq for head in done.heads]}")
    assert (done.ok, done.wrong, done.behind, done.manifest) == (True, (), 0, True)
    assert done.rows > 50_000
