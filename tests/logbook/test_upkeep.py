"""Backups that come by themselves: when, how many stay, in two places; and the drill that tries one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import clients
import pytest
import samples
import vaults
from clocks import NOON, SetClock

from hiplog import cli
from hiplog.clinical.errors import NotFound
from hiplog.logbook import drill, health, patients, upkeep
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, load
from hiplog.storage import backup
from hiplog.storage.engine import Opening


def names(folder: Path) -> list[str]:
    """The files of a folder, each backup's manifest apart: that lies beside every one of them."""
    there = sorted(path.name for path in folder.iterdir())
    manifests = [name.removesuffix(".json") for name in there if name.endswith(".json")]
    assert set(manifests) <= set(there)
    return [name for name in there if not name.endswith(".json")]


def copy(days: float, why: str = "daily") -> upkeep.Copy:
    at = NOON - timedelta(days=days)
    return upkeep.Copy(Path(backup.name_for(at, why)), at, why)


def test_a_backup_is_due_after_twenty_hours(book: Logbook, clock: SetClock, places: Settings) -> None:
    first = upkeep.at_exit(book)
    assert first.made is not None
    assert first.warning is None
    assert backup.check(Opening(str(first.made), read_only=True)) == []
    clock.forward(hours=20)
    assert upkeep.at_exit(book).made is None
    clock.forward(minutes=1)
    second = upkeep.at_exit(book).made
    assert names(places.backups) == sorted([first.made.name, second.name if second else ""])
    assert places.anchors.exists()


def test_seven_days_four_weeks_and_twelve_months_stay() -> None:
    """One copy a day for two years, on 2 March 2026, a Monday."""
    there = tuple(copy(days) for days in range(730))
    gone = set(upkeep.obsolete(there, NOON))
    kept = [f"{one.at:%Y-%m-%d}" for one in there if one not in gone]
    days = ["2026-03-02", "2026-03-01", "2026-02-28", "2026-02-27", "2026-02-26", "2026-02-25", "2026-02-24"]
    weeks = ["2026-02-22", "2026-02-15"]
    months = [
        "2026-01-31", "2025-12-31", "2025-11-30", "2025-10-31", "2025-09-30", "2025-08-31", "2025-07-31",
        "2025-06-30", "2025-05-31", "2025-04-30",
    ]  # fmt: skip
    assert kept == days + weeks + months


def test_what_was_asked_for_stays_and_the_newest_always() -> None:
    there = (copy(400), copy(500, "manual"), copy(501, "upgrade"), copy(502))
    assert upkeep.obsolete(there, NOON) == (there[2],)
    recent = (copy(0), copy(89, "upgrade"), copy(91, "upgrade"))
    assert upkeep.obsolete(recent, NOON) == (recent[2],)
    assert upkeep.obsolete((copy(900, "upgrade"),), NOON) == ()


def test_old_copies_go_with_their_keys_and_strangers_stay(
    places: Settings, book: Logbook, clock: SetClock
) -> None:
    places.backups.mkdir()
    for n in range(20):
        old = places.backups / backup.name_for(NOON - timedelta(days=1, hours=n), "daily")
        old.write_bytes(b"old")
        old.with_name(old.name + ".keys").write_bytes(b"key")
        old.with_name(old.name + ".json").write_bytes(b"{}")
    for other in ("holiday.jpg", "hiplog.db", "hiplog-20200101T000000Z-manual.db"):
        (places.backups / other).write_bytes(b"mine")
    upkeep.rotate(places.backups, clock())
    left = names(places.backups)
    assert {"holiday.jpg", "hiplog.db", "hiplog-20200101T000000Z-manual.db"} <= set(left)
    assert len([name for name in left if name.endswith("-daily.db")]) == 2
    assert len([name for name in left if name.endswith(".keys")]) == 2


def test_what_a_killed_backup_left_is_swept(places: Settings, book: Logbook) -> None:
    places.backups.mkdir()
    part = places.backups / "hiplog-20260101T000000Z-daily.db.part"
    part.write_bytes(b"half")
    made = part.stat().st_mtime
    clock = SetClock(NOON.fromtimestamp(made, NOON.tzinfo) + timedelta(minutes=5))
    upkeep.rotate(places.backups, clock())
    assert part.exists()
    clock.forward(hours=1)
    upkeep.rotate(places.backups, clock())
    assert not part.exists()


def test_the_second_place(places: Settings, book: Logbook, clock: SetClock, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    there = replace(book, settings=replace(places, second=stick))
    missing = upkeep.at_exit(there)
    assert missing.made is not None
    assert missing.warning is not None
    assert "the second place of backups is not there" in missing.warning
    stick.mkdir()
    clock.forward(days=1)
    done = upkeep.at_exit(there)
    assert done.warning is None
    assert done.made is not None
    assert names(stick) == [done.made.name]
    assert backup.check(Opening(str(stick / done.made.name), read_only=True)) == []


def test_the_second_place_is_read_from_the_configuration(places: Settings, tmp_path: Path) -> None:
    places.config.write_text(f'second_backups = "{tmp_path}"\n', encoding="utf-8")
    assert load(at=str(places.path.parent), environ={}).second == tmp_path


def test_a_disk_that_refuses_is_a_warning_and_no_crash(places: Settings, book: Logbook) -> None:
    places.backups.write_text("a file where the folder should be", encoding="utf-8")
    done = upkeep.at_exit(book)
    assert done.made is None
    assert done.warning is not None
    assert done.warning.startswith("no backup was made: ")


def test_the_doctor_warns_after_a_week(
    book: Logbook, clock: SetClock, places: Settings, tmp_path: Path
) -> None:
    def told(there: Logbook) -> health.Check:
        return next(one for one in health.checks(there) if one.name == "backups")

    assert told(book).ok
    clock.forward(days=8)
    assert not told(book).ok
    assert "no backup lies here; make one with: hiplog backup" in told(book).message
    upkeep.at_exit(book)
    assert told(book).ok
    assert not told(replace(book, settings=replace(places, second=tmp_path / "stick"))).ok
    clock.forward(days=8)
    assert "the newest backup is 8 days old" in told(book).message


# -- the drill -------------------------------------------------------------------------------------


@pytest.mark.grown(by=samples.followed)
def test_a_drill_compares_everything(book: Logbook, places: Settings, clock: SetClock) -> None:
    with pytest.raises(NotFound, match="make one with: hiplog backup"):
        drill.run(book)
    made = upkeep.at_exit(book).made
    done = drill.run(book)
    assert (done.ok, done.copy, done.behind) == (True, made, 0)
    assert done.rows > 50
    before = names(places.backups)
    book.write(patients.add, samples.person("P-009"))
    assert drill.run(book).behind > 0
    assert names(places.backups) == before


@pytest.mark.grown(by=samples.followed)
def test_a_drill_finds_what_is_wrong(book: Logbook, places: Settings, nursery: samples.Any) -> None:
    made = upkeep.at_exit(book).made
    assert made is not None
    with clients.sqlite(made) as execute:
        execute("UPDATE patients_identity SET given = 'Eve'")
    done = drill.run(book)
    assert not done.ok
    assert any("patients_identity: given differ" in words for words in done.wrong)
    assert any("is not what the logbook holds" in words for words in done.wrong)


def test_a_drill_knows_the_backup_of_another_logbook(book: Logbook, places: Settings, tmp_path: Path) -> None:
    from clocks import FIRST

    other = Logbook.create(load(at=str(tmp_path / "other"), environ={}), "Other", "UTC", FIRST, SetClock())
    copy = upkeep.make(other)
    other.close()
    places.backups.mkdir()
    shutil.copy2(copy, places.backups / copy.name)
    done = drill.run(book)
    assert any("of another trail" in words for words in done.wrong)


def test_the_verbs(places: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> tuple[int, str]:
        code = cli.main(["--at", str(places.path.parent), *words], clock=clock)
        return code, capsys.readouterr().out

    assert said("drill")[0] == 3
    assert "-daily.db" in said("backup", "--due")[1]
    assert said("backup", "--due") == (0, "no backup is due\n")
    assert said("backup", "--due", "x.db")[0] == 2
    code, out = said("drill")
    assert code == 0
    assert "each as it was; both trails and heads agree" in out
    assert '"ok": true' in said("drill", "--json")[1].replace('"ok":true', '"ok": true')


def test_an_encrypted_logbook_is_kept_and_tried_the_same_way(places: Settings) -> None:
    book = Logbook.open(places, SetClock(), key=vaults.lay(places))
    made = upkeep.at_exit(book).made
    assert made is not None
    assert names(made.parent) == [made.name, f"{made.name}.keys"]
    done = drill.run(book)
    book.close()
    assert (done.wrong, done.behind) == ((), 0)
    assert vaults.holding(vaults.CANARY, places.path.parent) == []
