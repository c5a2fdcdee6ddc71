"""Logbooks that older programs wrote: each still opens, upgrades, and holds every word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import olds
import pytest
from clocks import SetClock
from olds import CODE, KINDS, OLD, PASSPHRASE, REVISIONS

from hiplog.logbook import anchors, audit, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import schema
from hiplog.storage.unit import Unit


@pytest.fixture(params=[(revision, kind) for revision in REVISIONS for kind in KINDS], ids="-".join)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, dict[str, Any]]:
    """A copy of an old logbook in a folder of its own, and what it held on the day it was made."""
    return olds.laid(tmp_path / "clinic", *request.param), olds.facts(*request.param)


def upgraded(places: Settings) -> Logbook:
    return Logbook.open(places, SetClock(), upgrade=True, key=vault.unlock(places, PASSPHRASE))


def counted(unit: Unit, tables: list[str]) -> dict[str, int]:
    select = "SELECT count(*) FROM {}"
    return {name: unit.connection.exec_driver_sql(select.format(name)).scalar_one() for name in tables}


def test_an_old_logbook_upgrades_and_holds_every_word(old: tuple[Settings, dict[str, Any]]) -> None:
    places, facts = old
    book = upgraded(places)
    assert schema.state(book.engine) is schema.State.CURRENT
    held = book.read(counted, list(facts["rows"]))
    assert {name for name, count in facts["rows"].items() if held[name] < count} == set()
    report = book.read(audit.verify)
    assert report.findings == ()
    kept = tuple(anchors.Kept(head["row_hash"], name, head["seq"]) for name, head in facts["heads"].items())
    assert book.read(lambda unit: list(anchors.compare(unit, kept))) == []
    book.close()


def test_an_old_logbook_is_written_on_after_its_upgrade(old: tuple[Settings, dict[str, Any]]) -> None:
    places, facts = old
    book = upgraded(places)
    people = book.read(counted, ["patients"])["patients"]
    book.close()
    again = Logbook.open(places, SetClock(), key=vault.unlock(places, CODE if book.opening.key else None))
    assert again.banner is None
    again.write(lambda unit: unit.access("look", "clinic"))
    assert again.read(counted, ["patients"])["patients"] == people == facts["rows"]["patients"]
    assert again.read(audit.verify).ok
    again.close()


def test_every_revision_has_its_logbooks() -> None:
    """The first revision at least; a release adds its own with ``python tests/storage/old/make.py``."""
    assert REVISIONS[:1] == ["0001"]
    for revision in REVISIONS:
        for kind in KINDS:
            assert (OLD / revision / f"{kind}.db.gz").stat().st_size < 1_000_000
