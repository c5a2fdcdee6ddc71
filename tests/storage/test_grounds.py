"""Network disks and synced folders: no logbook is made there, one that is there is read only, and a way is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import samples
from clocks import FIRST, SetClock

from hiplog.clinical.errors import Refused, Unreachable
from hiplog.logbook import backups, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import grounds

NAMES = ("Dropbox", "OneDrive - Hip clinic", "Google Drive", "Mobile Documents", "Nextcloud", "Dropbox (Hip)")
DISKS = ("nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone")


def there(places: Settings, folder: Path) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    return replace(places, database=str(folder / "hiplog.db"))


def mounted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Path, kind: str) -> None:
    """What the system says of its disks, with ``place`` on one of ``kind``."""
    said = tmp_path / "mounts"
    spaced = str(place).replace(" ", "\\040")
    said.write_text(f"/dev/sda1 / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\nserver:/x {spaced} {kind} rw 0 0\n")
    monkeypatch.setattr(grounds, "MOUNTS", said)


@pytest.mark.parametrize("name", NAMES)
def test_a_synced_folder_is_refused_with_a_way_forward(places: Settings, tmp_path: Path, name: str) -> None:
    at = there(places, tmp_path / name / "clinic")
    with pytest.raises(
        Refused, match=r"is synced by .*Keep the logbook on a disk of this computer.*second_backups"
    ):
        Logbook.create(at, "Hip clinic", "UTC", FIRST, SetClock())
    assert list(at.path.parent.iterdir()) == []
    shutil.copy2(places.path, at.path)
    before = at.path.read_bytes()
    book = Logbook.open(at, SetClock())
    assert "synced by" in str(book.banner) and "reading only" in str(book.banner)
    assert book.read(patients.everyone) == ()
    with pytest.raises(Unreachable, match=r"Keep the logbook.*Nothing was saved"):
        book.write(patients.add, samples.person())
    book.close()
    assert at.path.read_bytes() == before


@pytest.mark.parametrize("mark", [".stfolder", ".dropbox.cache"])
def test_the_mark_of_a_sync_program_is_seen(places: Settings, tmp_path: Path, mark: str) -> None:
    (tmp_path / "shared" / mark).mkdir(parents=True)
    with pytest.raises(Refused, match="is synced by"):
        Logbook.create(there(places, tmp_path / "shared" / "a" / "b"), "Hip", "UTC", FIRST, SetClock())


@pytest.mark.parametrize("kind", DISKS)
def test_a_network_disk_is_refused(
    places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    at = there(places, tmp_path / "the share")
    mounted(monkeypatch, tmp_path, at.path.parent, kind)
    with pytest.raises(Refused, match="is on a network disk"):
        Logbook.create(at, "Hip clinic", "UTC", FIRST, SetClock())
    link = tmp_path / "looks local"
    link.symlink_to(at.path.parent)
    assert grounds.unsafe(link / "hiplog.db") is not None
    assert grounds.unsafe(tmp_path / "elsewhere" / "hiplog.db") is None


def test_nothing_is_restored_there(book: Logbook, places: Settings, tmp_path: Path) -> None:
    copy = backups.make(book)
    with pytest.raises(Refused, match="nothing was restored"):
        backups.restore(there(places, tmp_path / "Dropbox"), copy, book.clock())


def test_backups_may_go_there(book: Logbook, tmp_path: Path) -> None:
    assert backups.make(book, tmp_path / "OneDrive" / "copy.db").exists()


def test_this_machines_own_disks_are_good_ground(places: Settings, tmp_path: Path) -> None:
    assert grounds._disk(tmp_path) is not None or not grounds.MOUNTS.exists()
    assert [grounds.unsafe(one / "hiplog.db") for one in (tmp_path, places.path.parent)] == [None, None]
