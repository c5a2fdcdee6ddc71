"""A damaged, empty or foreign file at the command line: plain words, and the newest whole backup by its name."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import samples
import vaults
from clocks import SetClock
from commands import Run

from hiplog.logbook import backups, patients, upkeep
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE songs (title)")


SPOILT: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "one byte": lambda path: path.write_bytes(b"x"),
    "cut off": lambda path: os.truncate(path, 5000),
    "scribbled over": lambda path: path.write_bytes(os.urandom(8192)),
    "of another program": foreign,
}


def backed_up(places: Settings, clock: SetClock) -> tuple[Path, Path]:
    """Two backups of a logbook with a patient, the newer one spoilt by the same hand."""
    book = Logbook.open(places, clock)
    book.write(patients.add, samples.person())
    good = upkeep.make(book)
    clock.now += timedelta(days=1)
    spoilt = upkeep.make(book)
    book.close()
    os.truncate(spoilt, 9000)
    return good, spoilt


@pytest.mark.parametrize("how", SPOILT)
def test_the_newest_whole_backup_is_named_and_works(
    run: Run, places: Settings, clock: SetClock, how: str
) -> None:
    good, spoilt = backed_up(places, clock)
    SPOILT[how](places.path)
    before = places.path.read_bytes()
    told = run("patient", "list")
    assert (told.code, told.out) == (7, "")
    assert f"hiplog restore {shlex.quote(str(good))}" in told.err
    assert str(spoilt) not in told.err and samples.CANARY not in told.err
    assert run("init", "--plain", "--practitioner", "Ada Moore").code == 2
    assert places.path.read_bytes() == before
    assert run("restore", str(good)).code == 0
    assert samples.CANARY in run("patient", "list").out
    aside = list(places.path.parent.glob("hiplog-before-restore-*.db"))
    assert [one.read_bytes() for one in aside] == [before]


def test_without_a_whole_backup_it_says_so(run: Run, places: Settings, clock: SetClock) -> None:
    places.path.write_bytes(b"")
    told = run("patient", "list")
    assert told.code == 7
    assert f"No whole backup lies in {places.backups}" in told.err
    assert places.path.read_bytes() == b""


def test_the_backup_of_an_encrypted_logbook_is_named_too(run: Run, places: Settings, clock: SetClock) -> None:
    key = vaults.lay(places)
    book = Logbook.open(places, clock, key=key)
    good = backups.make(book)
    book.close()
    os.truncate(places.path, 5000)
    secret = places.path.with_name("secret")
    secret.write_text(vaults.PASSPHRASE)
    secret.chmod(0o600)
    told = run("--passphrase-file", str(secret), "patient", "list")
    assert told.code == 7
    assert f"hiplog restore {shlex.quote(str(good))}" in told.err and "is whole" in told.err
    places.path.write_bytes(b"")
    keys.beside(places.path).unlink()
    told = run("patient", "list")
    assert f"hiplog restore {shlex.quote(str(good))}" in told.err
    assert "verified before anything is changed" in told.err
