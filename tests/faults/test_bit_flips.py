"""One bit of the file turns over: something says so, or nothing that anybody wrote has changed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
import samples
import warmed
from clocks import FIRST, SetClock

from hiplog import settings
from hiplog.cli import doctor
from hiplog.clinical.errors import HiplogError
from hiplog.logbook import health
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys
from hiplog.storage.columns import metadata


def for_flips(book: Logbook) -> None:
    """A signed visit with a correction and a follow-up, another, and a draft."""
    samples.followed(book)
    samples.signed(book, "S-1")


Rows = dict[str, list[tuple[object, ...]]]


def contents(places: Settings, key: bytes | None) -> Rows | None:
    """Everything that is in the file, as any other program reads it; ``None`` when it cannot be read."""
    from sqlcipher3 import dbapi2

    with closing(dbapi2.connect(f"{places.path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        try:
            if key is not None:
                file.execute("PRAGMA cipher_log_level=NONE")
                file.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            told = [
                (name, f"SELECT * FROM {name} ORDER BY rowid") for name in (*metadata.tables, "sqlite_master")
            ]
            told += [
                (name, f"PRAGMA {name}") for name in ("application_id", "user_version", "integrity_check")
            ]
            return {name: file.execute(query).fetchall() for name, query in told}
        except (dbapi2.Error, UnicodeDecodeError, OverflowError):
            return None


def folded(rows: Rows) -> Rows:
    """The same, with the words by which the tables are made in small letters, as they are read."""
    made = [tuple(str(value).casefold() for value in row) for row in rows["sqlite_master"]]
    return {**rows, "sqlite_master": made}


def found_by(places: Settings, key: bytes | None = None) -> str:
    """Which check finds what was done to the file, the first of them; ``silent`` when none does."""
    try:
        book = Logbook.open(places, SetClock(), key=key)
    except HiplogError:
        return "open"
    try:
        # The doctor's own checks in their order, up to the first that finds something.
        looked = chain(
            health._checks(book, full=True), (doctor._figures(book, True, repair=False) for _ in range(1))
        )
        return next((one.name for one in looked if not one.ok), "silent")
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
    """Turn ``count`` bits over, one at a time; whenever that alters anything in the file, ask who finds it."""
    with warmed.openings():
        assert found_by(places, key) == "silent"
        wanted = contents(places, key)
        assert wanted is not None and all(wanted[name] for name in ("sessions", "drafts", "amendments"))
        seen: Counter[str] = Counter()
        for spoilt in flips(places.path.read_bytes(), count, seed):
            places.path.write_bytes(spoilt)
            now = contents(places, key)
            how = "nothing changed" if now == wanted else found_by(places, key)
            if how == "silent" and now is not None and folded(now) == folded(wanted):
                how = "the case of a letter in a keyword"
            seen[how] += 1
            for end in ("-wal", "-shm", "-journal"):
                Path(f"{places.path}{end}").unlink(missing_ok=True)
    return seen


@pytest.mark.grown(by=for_flips)
def test_some_flipped_bits(places: Settings) -> None:
    seen = counted(places, 15, 11)
    assert (seen["silent"], seen.total()) == (0, 15)


def assert_each_is_found(places: Settings, count: int, seed: int, figures: samples.Any) -> None:
    seen = counted(places, count, seed)
    figures(f"{count} flips, found by {dict(seen)}")
    assert (seen["silent"], seen.total()) == (0, count)
    assert seen["pages"] and sum(seen[how] for how in ("links", "audit", "seals", "rows", "drafts"))


@pytest.mark.faults
@pytest.mark.grown(by=for_flips)
def test_a_thousand_flipped_bits(places: Settings, figures: samples.Any) -> None:
    assert_each_is_found(places, 1_000, 0, figures)


@pytest.mark.nightly
@pytest.mark.grown(by=for_flips)
@pytest.mark.parametrize("part", range(8))
def test_eight_thousand_flipped_bits(places: Settings, part: int, figures: samples.Any) -> None:
    assert_each_is_found(places, 1_000, 1 + part, figures)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(2))
def test_the_doctor_finds_each_of_a_thousand_flips_in_an_encrypted_logbook(
    ram: Path, part: int, figures: samples.Any
) -> None:
    """Every page carries a digest of its own: no flip is silent, and none without effect.

    That the digests alone find a thousand of a thousand, ``tests/storage/test_encrypted.py`` shows every time.
    """
    places = settings.load(at=str(ram / "clinic"), environ={})
    vault = keys.new_vault("correct horse battery", "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV", FIRST.code)
    book = Logbook.create(places, "Hip clinic", "Europe/Berlin", FIRST, SetClock(), vault)
    for_flips(book)
    book.close()
    seen = counted(places, 500, 20 + part, vault.key)
    figures(f"500 flips, found by {dict(seen)}")
    assert (seen["nothing changed"], seen["silent"], seen.total()) == (0, 0, 500)
