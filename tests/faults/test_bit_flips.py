"""One bit of the file turns over: something says so, or nothing that anybody wrote has changed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import samples
from clocks import FIRST, SetClock

from hiplog import settings
from hiplog.clinical.errors import HiplogError
from hiplog.logbook import audit, health
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys
from hiplog.storage.columns import metadata
from hiplog.storage.unit import Unit


def for_flips(book: Logbook) -> None:
    """Signed visits, a correction, a follow-up and drafts, of several people."""
    samples.followed(book)
    for number in range(4):
        samples.signed(book, f"S-{number}")


Rows = dict[str, list[tuple[object, ...]]]


def contents(unit: Unit) -> Rows:
    ask = unit.connection.exec_driver_sql
    return {
        name: [tuple(row) for row in ask(f"SELECT * FROM {name} ORDER BY rowid").all()]
        for name in metadata.tables
    }


def found_by(places: Settings, wanted: Rows, key: bytes | None = None) -> str:
    """Which check finds what was done to the file, the first of them; ``silent`` when none and it matters."""
    try:
        book = Logbook.open(places, SetClock(), key=key)
    except HiplogError:
        return "open"
    try:
        # The doctor's own checks in their order, up to the first that finds something.
        bad = next((one.name for one in health._checks(book, full=True) if not one.ok), None)
        if bad is not None:
            return bad
        now = book.read(contents)
        changed = [row for name in wanted for row in zip(wanted[name], now[name], strict=True)]
        return (
            "".join(f"silent: {one} {other} " for one, other in changed if one != other) or "nothing changed"
        )
    except HiplogError:
        return "reading"
    finally:
        book.close()


def flips(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    for _ in range(count):
        place, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
        yield content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


def counted(places: Settings, count: int, seed: int, key: bytes | None = None) -> Counter[str]:
    book = Logbook.open(places, SetClock(), key=key)
    wanted, good = book.read(contents), book.read(audit.verify).ok
    book.close()
    assert good
    seen: Counter[str] = Counter()
    for spoilt in flips(places.path.read_bytes(), count, seed):
        places.path.write_bytes(spoilt)
        seen[found_by(places, wanted, key)] += 1
        for end in ("-wal", "-shm", "-journal"):
            Path(f"{places.path}{end}").unlink(missing_ok=True)
    return seen


@pytest.mark.grown(by=for_flips)
def test_some_flipped_bits(places: Settings) -> None:
    seen = counted(places, 15, 11)
    assert [how for how in seen if how.startswith("silent")] == []
    assert seen.total() == 15


@pytest.mark.long
@pytest.mark.grown(by=for_flips)
@pytest.mark.parametrize("part", range(4))
def test_a_thousand_flipped_bits(places: Settings, part: int, figures: samples.Any) -> None:
    seen = counted(places, 250, part)
    figures(str(dict(seen)))
    assert [how for how in seen if how.startswith("silent")] == []
    assert seen["pages"]
    assert sum(seen[how] for how in ("links", "audit", "seals", "rows", "drafts"))


@pytest.mark.long
@pytest.mark.parametrize("part", range(2))
def test_a_thousand_flipped_bits_of_an_encrypted_logbook(ram: Path, part: int, figures: samples.Any) -> None:
    """Every page carries a digest of its own: no flip is silent, and none without effect."""
    places = settings.load(at=str(ram / "clinic"), environ={})
    vault = keys.new_vault("correct horse battery", "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV", FIRST.code)
    book = Logbook.create(places, "Hip clinic", "Europe/Berlin", FIRST, SetClock(), vault)
    for_flips(book)
    book.close()
    seen = counted(places, 500, 20 + part, vault.key)
    figures(str(dict(seen)))
    assert "nothing changed" not in seen and not [how for how in seen if how.startswith("silent")]
    assert seen.total() == 500
