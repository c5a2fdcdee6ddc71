"""Lines that the database makes are byte for byte those of the plain writer, on a file and on a server."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from lived import live, manifest
from sqlalchemy import select, text, update
from test_cells import ZONES
from test_hostile_cells import NASTY, WORD

from hiplog.clinical.errors import IntegrityFailed
from hiplog.exchange import bundle, cells, layout, lines, second, sheet_files
from hiplog.exchange.columns import Sheet
from hiplog.logbook import archive
from hiplog.logbook.book import Logbook
from hiplog.storage import bulk
from hiplog.storage.columns import metadata
from hiplog.storage.times import utc_text

KINDS = [(True, None), (False, None), (True, date(2026, 1, 2)), (False, date(2026, 1, 2))]
BY_THE_DATABASE = {
    # Identified on a server: no sheet with a time of day. Without names no sheet holds one.
    ("sqlite", True): {"readings", "insertions", "audit_log", "patients", "screening"},
    ("sqlite", False): {"readings", "insertions", "audit_log", "inquiries", "patients", "screening"},
    ("postgresql", True): {"readings", "insertions", "inquiries", "screening", "patients_identity"},
    ("postgresql", False): {"readings", "insertions", "inquiries", "screening", "audit_log"},
}


@contextmanager
def plainly(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every sheet by the plain writer."""
    with patch.context() as context:
        context.setattr(archive, "written", lambda *_, **__: None)
        yield


def files(book: Logbook, folder: Path, identified: bool, since: date | None) -> dict[str, bytes]:
    reason = "compared" if identified else None
    bundle.write(book, folder, since=since, identified=identified, reason=reason)
    told = {one.name: one.read_bytes() for one in (folder / "data").iterdir()}
    return told | {"tables": repr(manifest(folder)["tables"]).encode()}


def both(book: Logbook, folder: Path, patch: pytest.MonkeyPatch, identified: bool, since: date | None) -> int:
    """Write the bundle both ways and compare; return how many bytes that were."""
    with plainly(patch):
        plain = files(book, folder / "plain", identified, since)
    quick = files(book, folder / "quick", identified, since)
    assert plain.keys() == quick.keys()
    assert [name for name in plain if plain[name] != quick[name]] == []
    return sum(map(len, quick.values()))


@pytest.mark.grown(by=live)
@pytest.mark.both_databases
@pytest.mark.parametrize(("identified", "since"), KINDS)
def test_a_whole_bundle_is_the_same_bytes(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identified: bool, since: date | None
) -> None:
    made: set[str] = set()
    of_the_room = archive.written

    def seen(unit: Any, table: str, *about: Any, **days: Any) -> Any:
        found = of_the_room(unit, table, *about, **days)
        made.update({table} if found is not None else ())
        return found

    monkeypatch.setattr(archive, "written", seen)
    assert both(book, tmp_path, monkeypatch, identified, since) > 10_000
    wanted = BY_THE_DATABASE[book.engine.dialect.name, identified]
    # Of some days, an identified bundle leaves out what the trail recorded.
    assert wanted - made == ({"audit_log"} & wanted if since and identified else set())


@pytest.mark.grown(by=live)
@pytest.mark.both_databases
def test_words_of_every_kind_are_the_same_bytes(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = book.engine.dialect.name == "postgresql"

    @examples(
        max_examples=8, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(st.lists(WORD, min_size=30, max_size=30))
    def compare(words: list[str]) -> None:
        if server:
            words = [word.replace("\0", "") or "x" for word in words]
        _lay(book, words)
        assert both(book, tmp_path, monkeypatch, True, None) > 10_000
        both(book, tmp_path, monkeypatch, False, None)

    _without_rules(book)
    _lay(book, [word.replace("\0", "") or "x" for word in NASTY] if server else list(NASTY))
    both(book, tmp_path, monkeypatch, True, None)
    compare()


LAID = {
    "insertions": ("zone", "technique", "inserted_by"),
    "patients_identity": ("note", "family"),
    "reactions": ("note", "outcome"),
}


def _without_rules(book: Logbook) -> None:
    """Only past its rules does a logbook hold such words."""
    with book.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in LAID:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _lay(book: Logbook, words: list[str]) -> None:
    """Put the words, one after the other, into columns that are copied, mapped and guarded."""
    turn = cycle(words)
    tables = [metadata.tables[name] for name in LAID]
    with book.engine.begin() as connection, bulk.allowed(connection, *tables):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for table in tables:
            for (key,) in connection.execute(select(table.c.id)).all():
                told = {column: next(turn)[:40] for column in LAID[table.name]}
                connection.execute(update(table).where(table.c.id == key).values(told))


@examples(max_examples=400)
@given(
    st.integers(-62_000_000_000_000, 100_000_000_000_000), st.sampled_from((*ZONES, "Australia/Lord_Howe"))
)
def test_a_time_is_written_as_by_the_plain_writer(since_1970_ms: int, zone: str) -> None:
    kept = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=since_1970_ms)
    assert lines.local(utc_text(kept), zone) == cells.local_text(kept, zone)


@pytest.mark.parametrize("minutes", range(0, 180, 7))
@pytest.mark.parametrize(
    "begin", [datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)]
)
def test_also_in_the_night_when_the_clocks_are_changed(begin: datetime, minutes: int) -> None:
    kept = begin + timedelta(minutes=minutes)
    assert lines.local(utc_text(kept), "Europe/Berlin") == cells.local_text(kept, "Europe/Berlin")


@pytest.mark.parametrize(
    "spelled", ["", "2026-11-25", "2026-11-25 21:00:00.000Z", "2026-11-25T21:00:00.000+01"]
)
def test_what_is_no_stored_time_is_refused(spelled: str) -> None:
    with pytest.raises(ValueError, match=r"time|Invalid"):
        lines.local(spelled, "UTC")


@pytest.mark.grown(by=live)
@pytest.mark.both_databases
def test_a_value_that_the_count_knows_and_the_lines_lack_stops_the_bundle(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_room = archive.filled

    def one_more(unit: Any, table: str, **days: Any) -> dict[str, int]:
        found = of_the_room(unit, table, **days)
        return found | {"zone": found["zone"] + 1} if table == "insertions" else found

    monkeypatch.setattr(archive, "filled", one_more)
    with pytest.raises(IntegrityFailed, match=r"insertions: .*zone: "):
        bundle.write(book, tmp_path / "out" / "bundle")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.grown(by=live)
@pytest.mark.both_databases
@pytest.mark.parametrize("identified", [True, False])
def test_two_programs_write_the_same_bytes_as_one(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identified: bool
) -> None:
    alone = files(book, tmp_path / "alone", identified, None)
    here = by_this_program(monkeypatch)
    monkeypatch.setattr(second, "WORTH_IT", 1)
    assert files(book, tmp_path / "both", identified, None) == alone
    assert set() < set(here) < {one.name for one in layout.profile(identified)}


@pytest.mark.grown(by=live)
def test_where_the_second_program_sees_another_state_the_first_writes_everything(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = files(book, tmp_path / "alone", True, None)
    here = by_this_program(monkeypatch)
    monkeypatch.setattr(second, "WORTH_IT", 1)
    monkeypatch.setattr(second, "_head", lambda unit: "of another state")
    assert files(book, tmp_path / "both", True, None) == alone
    assert sorted(here) == sorted(one.name for one in layout.profile(True))


@pytest.mark.grown(by=live)
def test_an_export_stopped_half_way_ends_the_second_program_and_leaves_nothing(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second, "WORTH_IT", 1)
    began: list[int] = []

    def stop(table: str, done: int, total: int) -> None:
        began.extend(child.pid or 0 for child in multiprocessing.active_children())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bundle.write(book, tmp_path / "out" / "bundle", progress=stop)
    assert len(began) == 1
    assert multiprocessing.active_children() == []
    assert list((tmp_path / "out").iterdir()) == []


def by_this_program(patch: pytest.MonkeyPatch) -> list[str]:
    """The tables that this program wrote, as it comes to them."""
    here: list[str] = []
    of_the_room = sheet_files.write

    def seen(unit: Any, sheet: Sheet, *about: Any) -> Any:
        here.append(sheet.name)
        return of_the_room(unit, sheet, *about)

    patch.setattr(sheet_files, "write", seen)
    return here
