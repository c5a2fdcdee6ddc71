"""A drill on a clinic as large as one gets: the newest backup is restored, and everything compared."""

from __future__ import annotations

from pathlib import Path

import clinics
import pytest
import samples

from hiplog.logbook import drill, upkeep


@pytest.mark.long
def test_a_drill_on_a_clinic_of_two_thousand(
    ram: Path, tmp_path_factory: pytest.TempPathFactory, figures: samples.Any
) -> None:
    book = clinics.large(tmp_path_factory, ram, lambda: clinics.NOW)
    assert upkeep.at_exit(book).made is not None
    done = drill.run(book)
    book.close()
    figures(f"{done.rows:,} rows in {done.tables} tables, heads {[head.seq for head in done.heads]}")
    assert (done.ok, done.wrong, done.behind) == (True, (), 0)
    assert done.rows > 100_000
