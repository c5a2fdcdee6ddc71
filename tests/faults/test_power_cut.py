"""The power goes at any moment: what was acknowledged is there, and nothing is half of something."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest
import samples
from powercut import Disk, Event, Recorder
from sqlalchemy import event
from sqlcipher3 import dbapi2

from hiplog.clinical.errors import HiplogError
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import engine
from hiplog.storage.columns import metadata
from hiplog.storage.engine import Opening, look, open_file

Statement = tuple[str, Any, bool]
Pragmas = list[str]
WAL = engine.durable(engine.SAFE_WAL)
ROLLBACK = engine.durable((3, 40, 1))
# Small, so that the log is brought into the file many times while the power may go.
OFTEN = "PRAGMA wal_autocheckpoint=40"


def work(book: Logbook) -> None:
    """Two patients with a signed visit each: drafts, signatures, amendments, a follow-up."""
    samples.followed(book)
    for number in range(5):
        samples.admit(book, f"X-{number}")


@pytest.fixture
def transactions(book: Logbook) -> list[list[Statement]]:
    """What hiplog itself asks of the database for that work, transaction by transaction."""
    kept: list[list[Statement]] = []
    now: list[Statement] = []

    def asked(_c: Any, _cursor: Any, text: str, told: Any, _context: Any, many: bool) -> None:
        now.append((text, told, many))

    def done(_connection: Any) -> None:
        kept.append([*now])
        now.clear()

    event.listen(book.engine, "before_cursor_execute", asked)
    event.listen(book.engine, "commit", done)
    event.listen(book.engine, "rollback", lambda _connection: now.clear())
    work(book)
    assert all(one[0][0] == "BEGIN IMMEDIATE" for one in kept)
    return kept


def contents(execute: Callable[[str], Any]) -> str:
    """A digest of every row of every table."""
    digest = hashlib.sha256()
    for name in sorted(metadata.tables):
        digest.update(repr([name, *map(tuple, execute(f"SELECT * FROM {name} ORDER BY rowid"))]).encode())
    return digest.hexdigest()


def recorded(
    start: Path, folder: Path, transactions: list[list[Statement]], pragmas: Pragmas
) -> tuple[list[Event], list[str]]:
    """Do the work through the recorder; return what reached the disk, and the contents after each commit."""
    path = Path(shutil.copy2(start, folder / "hiplog.db"))
    recorder = Recorder("recorder")
    states: list[str] = []
    for half in (transactions[: len(transactions) // 2], transactions[len(transactions) // 2 :]):
        with closing(apsw.Connection(str(path), vfs="recorder")) as file:
            for pragma in [*(f"PRAGMA {one}" for one in engine.PRAGMAS), *pragmas, OFTEN]:
                list(file.execute(pragma))
            states = states or [contents(file.execute)]
            for statements in half:
                _replay(file, statements)
                recorder.events.append(Event("commit"))
                states.append(contents(file.execute))
    recorder.unregister()
    return recorder.events, states


def _replay(file: apsw.Connection, statements: list[Statement]) -> None:
    for text, told, many in statements:
        for values in told if many else [told]:
            list(file.execute(text, values))
    file.execute("COMMIT")


def images(
    events: list[Event], before: bytes, count: int, seed: int
) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Yield ``count`` ways the disk can look after a cut, each with the number of commits acknowledged."""
    chance = random.Random(seed)
    disk, done, commits = Disk({"hiplog.db": bytearray(before)}), 0, 0
    for moment in sorted(chance.randrange(len(events) + 1) for _ in range(count)):
        for one in events[done:moment]:
            disk.take(one)
            commits += one.what == "commit"
        done = moment
        yield commits, disk.cut(chance)


def after(image: dict[str, bytes], folder: Path) -> str | None:
    """Open an image as hiplog would, and return what is in it; ``None`` when it is damaged."""
    for name, content in image.items():
        (folder / name).write_bytes(content)
    path = folder / "hiplog.db"
    try:
        look(path)
        with closing(open_file(Opening(str(path)))) as file:
            whole = file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return contents(file.execute) if whole else None
    except (HiplogError, dbapi2.Error):
        return None
    finally:
        for left in folder.iterdir():
            left.unlink()


def counted(
    places: Settings, ram: Path, transactions: list[list[Statement]], pragmas: Pragmas, count: int
) -> dict[str, int]:
    start = places.path.with_name("start.db")
    events, states = recorded(start, ram, transactions, pragmas)
    folder = ram / "image"
    folder.mkdir()
    seen = {"images": 0, "damaged": 0, "lost": 0, "unfinished kept": 0, "commits": len(states) - 1}
    for acknowledged, image in images(events, start.read_bytes(), count, 5):
        found = after(image, folder)
        seen["images"] += 1
        if found is None or found not in states:
            seen["damaged"] += 1
        else:
            seen["lost"] += states.index(found) < acknowledged
            seen["unfinished kept"] += states.index(found) > acknowledged
            assert states.index(found) <= acknowledged + 1
    return seen


@pytest.fixture(autouse=True)
def _start(places: Settings) -> None:
    shutil.copy2(places.path, places.path.with_name("start.db"))


MODES = {"WAL and FULL": WAL, "DELETE and EXTRA": ROLLBACK}


@pytest.mark.parametrize("mode", MODES)
def test_some_cuts(places: Settings, ram: Path, transactions: list[list[Statement]], mode: str) -> None:
    seen = counted(places, ram, transactions, MODES[mode], 40)
    assert (seen["damaged"], seen["lost"]) == (0, 0)


@pytest.mark.faults
@pytest.mark.parametrize("mode", MODES)
def test_three_thousand_cuts(
    places: Settings, ram: Path, transactions: list[list[Statement]], mode: str, figures: samples.Any
) -> None:
    check_cuts(counted(places, ram, transactions, MODES[mode], 3_000), 3_000, figures)


@pytest.mark.nightly
@pytest.mark.parametrize("mode", MODES)
def test_twenty_seven_thousand_cuts(
    places: Settings, ram: Path, transactions: list[list[Statement]], mode: str, figures: samples.Any
) -> None:
    check_cuts(counted(places, ram, transactions, MODES[mode], 27_000), 27_000, figures)


def check_cuts(seen: dict[str, int], count: int, figures: samples.Any) -> None:
    figures(str(seen))
    assert (seen["images"], seen["damaged"], seen["lost"]) == (count, 0, 0)
    assert seen["unfinished kept"]


WEAKER = {
    "WAL and NORMAL": [*WAL, "PRAGMA synchronous=NORMAL"],
    "DELETE and FULL": [*ROLLBACK, "PRAGMA synchronous=FULL"],
    "WAL and OFF": [*WAL, "PRAGMA synchronous=OFF"],
}


@pytest.mark.faults
@pytest.mark.parametrize("mode", WEAKER)
def test_weaker_settings_are_seen_to_lose(
    places: Settings, ram: Path, transactions: list[list[Statement]], mode: str, figures: samples.Any
) -> None:
    """The measuring itself is tried: settings that are known to lose must be found losing."""
    seen = counted(places, ram, transactions, WEAKER[mode], 300)
    figures(str(seen))
    assert seen["lost"] + seen["damaged"] > 0
