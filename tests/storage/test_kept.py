"""What a save asks of the database and of the disk: statements, pages and syncs counted, no clock."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import samples
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, Table, event, insert, select

from hiplog.errors import BadInput
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.storage import kept
from hiplog.storage.columns import Fixed, UtcTime
from hiplog.storage.tables import insertions, patients_identity, practitioners, readings

STATEMENTS = 24
"""One of them notes whom the owner's figures have to count anew."""
WRITTEN_KIB = 220
"""Of whole pages: a session of one site lies in nine tables, each with its keys and what refers to it. The mean is
53 pages; keys are random, so that ten saves fall on a page more or less."""


def a_whole_visit(book: Logbook, code: str) -> Any:
    who, episode = samples.admit(book, code)
    draft = samples.complete(book.write(sessions.start, who.id, episode))
    book.write(sessions.discard, draft.id)
    return draft


def test_a_whole_visit_is_few_statements(book: Logbook) -> None:
    draft, asked = a_whole_visit(book, "P-001"), []
    event.listen(book.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    book.write(sessions.enter, draft, signed=True)
    assert len(asked) <= STATEMENTS, asked


def test_a_save_writes_few_pages_of_the_log(book: Logbook) -> None:
    drafts = [a_whole_visit(book, f"P-{number:03}") for number in range(12)]
    with book.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
    log = book.settings.path.with_name("hiplog.db-wal")
    book.write(sessions.enter, drafts[0], signed=True)
    before = log.stat().st_size
    for draft in drafts[1:11]:
        book.write(sessions.enter, draft, signed=True)
    assert (kib := (log.stat().st_size - before) / 10 / 1024) <= WRITTEN_KIB, kib


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process writes")
def test_a_save_hands_the_system_no_more_than_its_pages(book: Logbook) -> None:
    drafts = [a_whole_visit(book, f"P-{number:03}") for number in range(12)]
    with book.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
    book.write(sessions.enter, drafts[0], signed=True)
    before = written()
    for draft in drafts[1:11]:
        book.write(sessions.enter, draft, signed=True)
    assert (written() - before) / 10 / 1024 <= WRITTEN_KIB * 1.1


def written() -> int:
    """Bytes this process handed to the system so far."""
    told = Path(f"/proc/{os.getpid()}/io").read_text(encoding="ascii")
    return int(dict(line.split(": ") for line in told.splitlines())["wchar"])


def value_for(kind: Any) -> st.SearchStrategy[Any]:
    """Anything that a column of this kind may be given."""
    if isinstance(kind, Fixed):
        return st.decimals(-999, 999, places=3) | st.integers(-9, 9)
    if isinstance(kind, UtcTime):
        return st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    if isinstance(kind, Boolean):
        return st.booleans()
    if isinstance(kind, Date):
        return st.dates()
    return st.integers(-(2**63), 2**63 - 1) if isinstance(kind, Integer) else st.text(min_size=1, max_size=30)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Table, list[dict[str, Any]]]:
    """Some rows for some table, naming some of its columns."""
    table = draw(st.sampled_from([insertions, readings, practitioners, patients_identity]))
    columns = draw(st.lists(st.sampled_from(list(table.columns)), min_size=1, unique=True))
    kinds = {c.name: st.none() | value_for(c.type) for c in columns}
    one = st.fixed_dictionaries(kinds | {"id": st.uuids().map(str)})
    return table, draw(st.lists(one, min_size=1, max_size=3))


@effort(max_examples=150, deadline=None)
@given(told=rows())
def test_the_drivers_statement_leaves_the_rows_that_the_librarys_leaves(
    told: tuple[Table, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from sqlalchemy import MetaData, create_engine

    table, given_rows = told
    bare = MetaData()
    free = table.to_metadata(bare)
    free.constraints.clear()
    for column in free.columns:
        column.nullable, column.primary_key = True, False
        column.foreign_keys.clear()
    found = []
    for way in (kept.insert, lambda c, t, r: c.execute(insert(t), r)):
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            names = ", ".join(f"{c.name} {c.type.compile(engine.dialect)}" for c in table.columns)
            connection.exec_driver_sql(f"CREATE TABLE {table.name} ({names})")
            way(connection, table, given_rows)
            found.append(connection.exec_driver_sql(f"SELECT * FROM {table.name}").all())
        engine.dispose()
    assert found[0] == found[1]


@pytest.mark.parametrize(("column", "value"), [("value", "much"), ("value", object())])
def test_what_cannot_be_stored_is_said_and_nothing_is_written(
    book: Logbook, column: str, value: object
) -> None:
    draft = samples.begin(book)
    row = {"id": "x", "session_id": draft.id, "stage": "before", "measure": "NPRS", "unit": "points"}

    def add(unit: Any) -> None:
        unit.insert(readings, row | {"value": Decimal(1)} | {column: value})

    with pytest.raises(BadInput, match="cannot be stored"):
        book.write(add)
    assert book.read(lambda unit: unit.all(select(readings))) == []
