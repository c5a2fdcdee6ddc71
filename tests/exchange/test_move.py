"""A clinic moves from a file to a server and back, as an identified bundle, with its audit trail."""

from __future__ import annotations

from pathlib import Path

import pytest
from chairs import Clinic
from clocks import FIRST, SetClock
from lived import live
from samples import admit, visit

from hiplog import settings
from hiplog.clinical.errors import Refused
from hiplog.exchange import bundle, intake
from hiplog.logbook import audit, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


def bundled(book: Logbook, folder: Path) -> Path:
    return bundle.write(book.acting("DN001"), folder, identified=True, reason="moving").path


def data(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in (folder / "data").iterdir()}


def record(book: Logbook) -> tuple[int, str]:
    head = book.read(audit.heads)[0]
    return head.seq, head.row_hash


@pytest.mark.grown(by=live)
def test_to_the_server_and_back_with_the_chain_whole(book: Logbook, chairs: Clinic, tmp_path: Path) -> None:
    first = bundled(book, tmp_path / "first")
    began = record(book)
    intake.read(Logbook.open(chairs.upgrade, SetClock()), first)
    there = Logbook.open(chairs.app, SetClock())
    assert there.read(audit.verify).findings == ()
    assert record(there) == began
    assert data(bundled(there, tmp_path / "second")) == data(first)
    who, episode = admit(there, "Z-9")
    visit(there, who.id, episode)
    back = home(tmp_path / "home")
    intake.read(Logbook.open(back, SetClock()), bundled(there, tmp_path / "third"))
    kept = Logbook.open(back, SetClock())
    assert kept.read(audit.verify).findings == ()
    assert record(kept) == record(there)
    assert record(kept)[0] > began[0]
    assert kept.read(patients.everyone) == there.read(patients.everyone)
    there.close()


@pytest.mark.grown(by=live)
def test_the_chairs_login_cannot_fill_a_logbook_from_a_bundle(
    book: Logbook, chairs: Clinic, tmp_path: Path
) -> None:
    there = Logbook.open(chairs.app, SetClock())
    with pytest.raises(Refused, match="login of upgrades"):
        intake.read(there, bundled(book, tmp_path / "first"))
    assert there.read(patients.everyone) == ()
    assert there.read(audit.verify).ok
    there.close()


def home(folder: Path) -> Settings:
    """A new blank logbook in a file."""
    places = settings.load(at=str(folder), environ={})
    Logbook.create(places, "Hip clinic", "Europe/Berlin", FIRST, SetClock()).close()
    return places
