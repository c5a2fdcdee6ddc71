"""The disk is full: the words say so, what was acknowledged stays, reading goes on, room is all it needs."""

from __future__ import annotations

import itertools
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dying
import pytest
import samples
from dying import Say

from hiplog.clinical.errors import HiplogError, Unreachable
from hiplog.logbook import audit, backups, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import engine

SPARE = 60_000
MODES = [(how, journal) for how in ("limit", "small disk") for journal in ("WAL", "DELETE")]


@contextmanager
def small_disk(places: Settings, folder: Path) -> Iterator[Settings]:
    """The logbook on a disk of its own that has little room left."""
    folder.mkdir()
    room = places.path.stat().st_size + 600_000
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], check=True)
    try:
        shutil.copy2(places.path, folder / "hiplog.db")
        yield replace(places, database=str(folder / "hiplog.db"), backups=folder / "backups")
    finally:
        subprocess.run(["umount", folder], check=True)


def may_mount() -> bool:
    """Whether this user and system allow a disk to be made; the limit on file sizes works for anybody."""
    return subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0


def fill(places: Settings, say: Say, limited: bool) -> None:
    """Write until it is refused, say why, and see that reading and a second start still work."""
    if limited:
        largest = places.path.stat().st_size + SPARE
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    book = Logbook.open(places)
    note = "x" * 200
    try:
        for n in itertools.count():
            say(book.write(patients.add, samples.person(f"F-{n}", given=note)).code)
    except HiplogError as error:
        say(f"refused {type(error).__name__} {error}")
    say(f"read {len(book.read(patients.everyone))}")
    book.close()
    again = Logbook.open(places)
    say(f"read {len(again.read(patients.everyone))}")
    again.close()


def check_full(places: Settings, *, limited: bool, figures: samples.Any) -> None:
    done = dying.killed(lambda say: fill(places, say, limited), None)
    assert done.wrong == ""
    told = [line for line in done.lines if line.startswith("F-")]
    *_, refused, first, second = done.lines
    figures(f"{len(told)} acknowledged; {refused}")
    assert len(told) > 3
    assert refused.startswith("refused Unreachable the disk ")
    assert "nothing was saved" in refused
    assert first == second == f"read {len(told)}"


def check_after(places: Settings, told: int) -> None:
    book = Logbook.open(places)
    assert len(book.read(patients.everyone)) == told
    assert book.read(audit.verify).ok
    assert book.write(patients.add, samples.person("LATER")).code == "LATER"
    book.close()


@pytest.mark.parametrize(("how", "journal"), MODES if may_mount() else MODES[:2])
def test_a_full_disk(
    places: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    journal: str,
    figures: samples.Any,
) -> None:
    if journal == "DELETE":
        monkeypatch.setattr(engine, "SAFE_WAL", (99, 0, 0))
    if how == "limit":
        check_full(places, limited=True, figures=figures)
        kept = places
    else:
        with small_disk(places, tmp_path / "disk") as small:
            check_full(small, limited=False, figures=figures)
            kept = replace(places, database=str(tmp_path / "saved.db"))
            for one in small.path.parent.glob("hiplog.db*"):
                shutil.copy2(one, tmp_path / one.name.replace("hiplog", "saved"))
    with_room = Logbook.open(kept)
    count = len(with_room.read(patients.everyone))
    with_room.close()
    check_after(kept, count)


def test_a_backup_without_room_says_so_and_leaves_nothing(places: Settings, tmp_path: Path) -> None:
    def work(say: Say) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))
        book = Logbook.open(places)
        try:
            backups.make(book)
        except Unreachable as error:
            say(str(error))

    done = dying.killed(work, None)
    assert done.wrong == ""
    assert "the disk" in done.lines[0]
    assert list(places.backups.iterdir()) == []
