"""Said before anybody writes: a clock set back, a disk nearly full, backups grown old."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import clients
import pytest
import samples
from clocks import SetClock

from hiplog import cli
from hiplog.logbook import alarms, audit, health, patients, upkeep
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

Disk = namedtuple("Disk", "total used free")


def nearly_full(_: object) -> Disk:
    return Disk(1_000_000_000, 850_000_000, 150_000_000)


def bad(book: Logbook) -> set[str]:
    return {one.name for one in health.checks(book) if not one.ok}


def test_a_clock_set_back_is_said_and_noted_once_and_entries_keep_their_order(
    book: Logbook, clock: SetClock
) -> None:
    book.write(patients.add, samples.person("P-1"))
    assert alarms.attend(book) is None
    clock.forward(minutes=-1)
    assert alarms.attend(book) is None  # two machines never agree to the second
    clock.forward(days=-400)
    for _ in range(3):
        said = str(alarms.attend(book))
    assert "reads 26 January 2025" in said and "newest entry is of 2 March 2026" in said
    assert "clock" in bad(book)
    actions = [one.action for one in book.read(audit.events)]
    assert actions.count(alarms.CLOCK_BACK) == 1
    book.write(patients.add, samples.person("P-2"))
    assert book.read(audit.verify).ok
    assert {one.code for one in book.read(patients.everyone)} == {"P-1", "P-2"}


def test_the_command_line_says_it_too(
    book: Logbook, places: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write(patients.add, samples.person())
    book.close()
    clock.forward(hours=-3)
    assert cli.main(["--at", str(places.path.parent), "patient", "list"], clock=clock) == 0
    said = capsys.readouterr()
    assert "Set the clock right" in said.err and samples.CANARY not in said.err
    assert samples.CANARY in said.out


def test_little_room_is_said_in_advance(book: Logbook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert alarms.space(book) is None or shutil.disk_usage(book.settings.path.parent).free < alarms.ROOM
    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    assert "Only 150 MB are free" in str(alarms.space(book))
    assert "space" in bad(book)


def test_old_backups_here_and_in_the_second_place(book: Logbook, clock: SetClock, tmp_path: Path) -> None:
    book.write(patients.add, samples.person())
    clock.forward(days=8)
    assert any("no backup lies here" in one for one in book.read(alarms.all_of, book))
    upkeep.make(book)
    assert book.read(alarms.all_of, book) == ()
    clock.forward(days=9)
    assert any("newest backup is 9 days old" in one for one in book.read(alarms.all_of, book))


def test_a_time_that_cannot_be_read_is_damage_and_not_a_crash(book: Logbook, places: Settings) -> None:
    book.write(patients.add, samples.person())
    with clients.unguarded(places) as execute:
        execute("UPDATE audit_log SET at = '2026-03-02T12:00800.000Z'")
    assert alarms.attend(book) == alarms.UNREADABLE
    assert set(book.read(alarms.all_of, book)) == {alarms.UNREADABLE}
    assert {"clock", "backups", "audit"} <= bad(book)
