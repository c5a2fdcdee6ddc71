"""What lies beside each backup, and what restore, drill and doctor make of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import clients
import pytest
import samples
import vaults
from clocks import FIRST, SetClock

from hiplog import cli
from hiplog.clinical.errors import IntegrityFailed
from hiplog.logbook import anchors, audit, backups, drill, health, startcheck, upkeep
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, load
from hiplog.storage import manifest, schema

pytestmark = pytest.mark.grown(by=samples.followed)


def manifests(book: Logbook) -> health.Check:
    return next(one for one in health.checks(book, full=True) if one.name == "manifests")


def test_every_backup_tells_its_heads_counts_schema_and_sum(book: Logbook) -> None:
    made = upkeep.make(book)
    told = manifest.read(made)
    assert told is not None
    assert told.heads == book.read(audit.heads) and told.schema == schema.HEAD
    assert (told.rows["patients"], told.rows["amendments"], told.rows["protocols"]) == (2, 1, 0)
    assert told.bytes == made.stat().st_size and len(told.sha256) == 64
    place = manifest.beside(made)
    assert place.stat().st_mode & 0o077 == 0
    assert samples.CANARY not in place.read_text(encoding="utf-8")
    assert drill.run(book).manifest and drill.run(book).ok


def test_restore_compares_and_says_how_the_two_stand(
    book: Logbook, places: Settings, clock: SetClock
) -> None:
    made = upkeep.make(book)
    samples.admit(book, "P-8")
    book.close()
    done = backups.restore(places, made, clock())
    assert done.notes[0] == backups.MANIFEST
    assert done.notes[1] == backups.NEWER.format(count=3)
    again = Logbook.open(places, clock)
    assert startcheck.look(again) is None
    assert [one.seq for one in anchors.newest(again)] == [head.seq for head in again.read(audit.heads)]
    again.close()
    assert done.aside is not None
    clock.forward(minutes=1)
    back = backups.restore(places, done.aside, clock())
    assert back.notes == (backups.NO_MANIFEST, backups.SAME)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sha256": "0" * 64}, "SHA-256 differs"),
        ({"rows": {"patients": 9}}, "patients: it holds 2 rows, by the manifest 9"),
        ({"schema": "0001"}, "by the manifest 0001"),
        (
            {"heads": [{"chain": "record", "seq": 99, "row_hash": "0" * 64}]},
            "by the manifest it was entry 99",
        ),
    ],
)
def test_a_backup_that_is_not_what_its_manifest_says_is_not_restored(
    book: Logbook, places: Settings, clock: SetClock, change: dict[str, object], words: str
) -> None:
    made = upkeep.make(book)
    told = json.loads(manifest.beside(made).read_text(encoding="utf-8"))
    manifest.beside(made).write_text(json.dumps(told | change), encoding="utf-8")
    done = drill.run(book)
    assert not done.ok and any(words in one for one in done.wrong)
    book.close()
    before = places.path.read_bytes()
    with pytest.raises(IntegrityFailed, match="nothing was changed") as caught:
        backups.restore(places, made, clock())
    assert words in str(caught.value)
    assert places.path.read_bytes() == before


def test_a_whole_backup_put_under_another_ones_name_is_found(
    book: Logbook, places: Settings, clock: SetClock
) -> None:
    """It verifies by itself; only the manifest knows that it is not the one that was made."""
    old = upkeep.make(book)
    samples.admit(book, "P-8")
    clock.forward(days=1)
    new = upkeep.make(book)
    shutil.copy2(old, new)
    assert not drill.run(book).ok
    assert "not the one that was backed up" in manifests(book).message
    book.close()
    with pytest.raises(IntegrityFailed, match="is not what its manifest says"):
        backups.restore(places, new, clock())


def test_a_half_manifest_is_said_and_a_missing_one_is_no_fault(
    book: Logbook, places: Settings, clock: SetClock
) -> None:
    made = upkeep.make(book)
    manifest.beside(made).write_text('{"format": "hiplog-b', encoding="utf-8")
    with pytest.raises(IntegrityFailed, match="cannot be read"):
        drill.run(book)
    assert not manifests(book).ok
    manifest.beside(made).unlink()
    assert (drill.run(book).ok, drill.run(book).manifest) == (True, False)
    assert manifests(book).ok and "1 without manifest" in manifests(book).message
    book.close()
    assert backups.restore(places, made, clock()).notes[0] == backups.NO_MANIFEST


def test_the_backup_of_another_logbook_is_told(
    book: Logbook, places: Settings, clock: SetClock, tmp_path: Path
) -> None:
    other = Logbook.create(load(at=str(tmp_path / "other"), environ={}), "Other", "UTC", FIRST, clock)
    made = upkeep.make(other)
    other.close()
    places.backups.mkdir()
    for one in (made, manifest.beside(made)):
        shutil.copy2(one, places.backups / one.name)
    assert not manifests(book).ok and "not in this trail" in manifests(book).message
    book.close()
    done = backups.restore(places, made, clock())
    assert done.notes[1] == backups.STRANGER and done.aside is not None


def test_a_damaged_logbook_cannot_be_compared_with_and_is_replaced(
    book: Logbook, places: Settings, clock: SetClock
) -> None:
    made = upkeep.make(book)
    book.close()
    places.path.write_bytes(b"nonsense" * 100)
    done = backups.restore(places, made, clock())
    assert done.notes == (backups.MANIFEST, backups.UNREAD)


def test_the_verbs_say_it(
    book: Logbook, places: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    book.close()
    at = ["--at", str(places.path.parent)]
    assert cli.main([*at, "backup", "--json"], clock=clock) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["manifest"]).exists()
    assert cli.main([*at, "drill"], clock=clock) == 0
    assert "its manifest agrees" in capsys.readouterr().out
    assert cli.main([*at, "restore", told["backup"]], clock=clock) == 0
    out = capsys.readouterr().out
    assert backups.MANIFEST in out and backups.SAME in out


def test_an_encrypted_backup_has_one_too(places: Settings, clock: SetClock) -> None:
    book = Logbook.open(places, clock, key=vaults.lay(places))
    made = upkeep.make(book)
    book.close()
    assert vaults.CANARY not in manifest.beside(made).read_bytes()
    done = backups.restore(places, made, clock(), vaults.PASSPHRASE)
    assert done.notes == (backups.MANIFEST, backups.SAME)


def test_a_rewritten_trail_is_told_from_the_backup_of_before(
    book: Logbook, places: Settings, clock: SetClock
) -> None:
    upkeep.make(book)
    with clients.unguarded(places) as execute:
        other = "CASE WHEN row_hash LIKE 'f%' THEN '0' ELSE 'f' END"
        execute(f"UPDATE audit_log SET row_hash = {other} || substr(row_hash, 2) WHERE chain = 'record'")
    assert not manifests(book).ok
    assert "not in this trail" in manifests(book).message
