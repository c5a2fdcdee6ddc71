"""A logbook that cannot be written here: it opens for reading, says so, and stays as it is to the byte."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dying
import pytest
import samples
from dying import Say

from hiplog.clinical.errors import HiplogError
from hiplog.logbook import audit, backups, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import engine

NOBODY = 65_534
CASES = {"the file": (0o444, 0o777), "the folder": (0o666, 0o555), "both": (0o444, 0o555)}
JOURNALS = ("WAL", "DELETE")


@pytest.fixture(params=JOURNALS)
def filled(
    request: pytest.FixtureRequest, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A logbook with one patient that another user can reach."""
    if request.param == "DELETE":
        monkeypatch.setattr(engine, "SAFE_WAL", (99, 0, 0))
    book = Logbook.open(places)
    book.write(patients.add, samples.person())
    book.close()
    for folder in list(places.path.parents)[:-2]:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    # The colleague who reads has been given the clinic's seal keys, without which entries count as unproven.
    places.seals.chmod(0o755)
    for kept in places.seals.iterdir():
        kept.chmod(0o644)
    yield places
    places.path.parent.chmod(0o755)


def looked_at(places: Settings) -> tuple[int, bool]:
    """As another user: nothing can be written, and a word says so; return the people read, and the verdict."""

    def work(say: Say) -> None:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        book = Logbook.open(places)
        say(f"{len(book.read(patients.everyone))} {book.read(audit.verify).ok} {book.banner}")
        try:
            book.write(patients.add, samples.person("P-002"))
        except HiplogError as error:
            say(f"{error}")
        book.close()

    before = places.path.read_bytes()
    done = dying.killed(work, None)
    assert done.wrong == ""
    first, second = done.lines
    assert "cannot be written" in first
    assert "Nothing was saved" in second
    assert places.path.read_bytes() == before
    people, whole, *_ = first.split()
    return int(people), whole == "True"


@pytest.mark.parametrize("case", CASES)
def test_what_may_not_be_written(filled: Settings, case: str, figures: samples.Any) -> None:
    file, folder = CASES[case]
    filled.path.chmod(file)
    filled.path.parent.chmod(folder)
    assert looked_at(filled) == (1, True)
    figures("one person read, nothing written, not a byte changed")


def test_beside_a_writer_that_is_at_work(filled: Settings) -> None:
    """What the other has committed and not yet brought into the file is read too."""
    writer = Logbook.open(filled)
    writer.write(patients.add, samples.person("P-009"))
    for beside in filled.path.parent.glob("hiplog.db*"):
        beside.chmod(0o644)
    filled.path.parent.chmod(0o755)
    assert looked_at(filled) == (2, True)
    writer.close()


def test_a_backup_on_a_medium_that_takes_nothing(filled: Settings, tmp_path: Path) -> None:
    book = Logbook.open(filled)
    copy = backups.make(book, tmp_path / "medium" / "copy.db")
    book.close()
    copy.chmod(0o444)
    copy.parent.chmod(0o555)
    assert looked_at(replace(filled, database=str(copy))) == (1, True)
