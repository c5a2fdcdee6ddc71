"""What a save asks of the disk: one sync, and so many pages. Counts, no clock."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import samples
from powercut import Event, Recorder
from sqlalchemy import event

from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.storage import engine
from tests.benchmarks.writing import a_visit

# The goal is 40 KiB. A session is some twenty rows under random keys, each in a page of its table and of
# every index of it; 4 KiB is the least that is written of a page.
REACHED_KIB = 240


def test_a_save_syncs_once_and_writes_no_more_pages_than_were_reached(book: Logbook, tmp_path: Path) -> None:
    if not book.opening.is_file:
        return
    visit = samples.signed(book)
    with closing(engine.open_file(book.opening)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    path = Path(shutil.copy2(book.settings.path, tmp_path / "replayed.db"))
    first, second = (_asked(book, a_visit(book, visit.patient, visit.episode)) for _ in range(2))
    recorder = Recorder("counter")
    with closing(apsw.Connection(str(path), vfs="counter")) as file:
        for pragma in [
            *(f"PRAGMA {one}" for one in engine.PRAGMAS),
            *engine.durable(engine.SAFE_WAL),
        ]:
            list(file.execute(pragma))
        _replay(file, first)
        recorder.events.clear()
        _replay(file, second)
        seen: list[Event] = list(recorder.events)
    recorder.unregister()
    assert [one.what for one in seen].count("sync") == 1
    written = sum(len(one.data) for one in seen if one.what == "write" and one.name.endswith("-wal"))
    assert 0 < written <= REACHED_KIB * 1024, f"{written / 1024:.0f} KiB"


def _asked(book: Logbook, draft: Any) -> list[tuple[str, Any, bool]]:
    """What hiplog asks of the database to save a visit."""
    kept: list[tuple[str, Any, bool]] = []

    def note(_c: Any, _cursor: Any, text: str, told: Any, _context: Any, many: bool) -> None:
        kept.append((text, told, many))

    event.listen(book.engine, "before_cursor_execute", note)
    try:
        book.write(sessions.enter, draft, signed=True)
    finally:
        event.remove(book.engine, "before_cursor_execute", note)
    return kept


def _replay(file: apsw.Connection, statements: list[tuple[str, Any, bool]]) -> None:
    for text, told, many in statements:
        for values in told if many else [told]:
            list(file.execute(text, values))
    file.execute("COMMIT")
