"""The program itself cannot change many rows at once, nor any row of the trail: tried with its own engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import samples
from sqlalchemy import Connection, Executable, bindparam, delete, insert, or_, text, true, update
from sqlalchemy.dialects import sqlite

from hiplog.clinical.errors import Refused
from hiplog.logbook import audit, erasure
from hiplog.logbook.book import Logbook
from hiplog.storage import bulk
from hiplog.storage.engine import WRITING
from hiplog.storage.tables import (
    amendments,
    audit_log,
    audit_payloads,
    metadata,
    patients,
    patients_identity,
    readings,
    sessions,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.grown(by=samples.followed)]
Try = Callable[[Connection], Any]


def assert_refused(book: Logbook, attempt: Executable | Try, match: str) -> None:
    with book.engine.connect().execution_options(**{WRITING: True}) as connection:
        before = counts(connection)
        with pytest.raises(Refused, match=match):
            if isinstance(attempt, Executable):
                connection.execute(attempt)
            else:
                attempt(connection)
        assert counts(connection) == before
        connection.rollback()


def counts(connection: Connection) -> dict[str, int]:
    return {name: len(connection.execute(table.select()).all()) for name, table in metadata.tables.items()}


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_no_table_takes_a_change_of_all_its_rows(book: Logbook, name: str) -> None:
    table = metadata.tables[name]
    words = "audit trail"
    column = next(iter(table.columns)).name
    assert_refused(book, update(table).values({column: table.c[column]}), words)
    assert_refused(book, delete(table), words)


def test_a_condition_must_hold_each_key_to_one_value(book: Logbook) -> None:
    for rule in (
        sessions.c.status == "draft",
        sessions.c.id != "x",
        sessions.c.id == sessions.c.id,
        sessions.c.id.in_(["a", "b"]),
        sessions.c.id.like("%"),
        or_(sessions.c.id == "x", true()),
        ~(sessions.c.id == "x"),
        readings.c.session_id == "x",
    ):
        table = readings if "readings" in str(rule) else sessions
        assert_refused(book, update(table).where(rule).values(version=9) if table is sessions else delete(table).where(rule),
             "many rows at once")  # fmt: skip
    assert_refused(book, update(sessions).where(patients.c.id == "x").values(version=9), "many rows at once")


def test_the_trail_takes_none_not_even_of_one_row(book: Logbook) -> None:
    for table in (audit_log, audit_payloads):
        one = (table.c.chain == "record") & (table.c.seq == 1)
        column = "actor" if table is audit_log else "body"
        assert_refused(book, update(table).where(one).values({column: "x"}), "no row of the audit trail")
        assert_refused(book, delete(table).where(one), "no row of the audit trail")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sessions SET note = 'x'",
        "delete from readings",
        "\n  UPDATE OR IGNORE sessions SET note = NULL",
        "REPLACE INTO sessions SELECT * FROM sessions",
        "INSERT OR REPLACE INTO sessions SELECT * FROM sessions",
        'DELETE FROM "audit_log" WHERE seq = 1',
        "TRUNCATE TABLE patients",
    ],
)
def test_words_of_sql_are_no_way_round(book: Logbook, statement: str) -> None:
    assert_refused(book, text(statement), "audit trail")
    assert_refused(book, lambda connection: connection.exec_driver_sql(statement), "audit trail")


def test_an_insert_cannot_take_the_place_of_a_row(book: Logbook) -> None:
    row = {"id": "x", "family": "A", "given": "B", "search_key": "ab"}
    assert_refused(book, insert(patients_identity).prefix_with("OR REPLACE").values(row), "many rows at once")
    upsert = sqlite.insert(patients_identity).values(row)
    assert_refused(
        book, upsert.on_conflict_do_update(index_elements=["id"], set_={"family": "x"}), "many rows at once"
    )


def test_one_named_row_goes_on_and_many_of_them_one_by_one(book: Logbook) -> None:
    with book.engine.connect().execution_options(**{WRITING: True}) as connection:
        draft = connection.execute(sessions.select().where(sessions.c.status == "draft")).one()
        one = update(sessions).where(sessions.c.id == draft.id, sessions.c.version == draft.version)
        assert connection.execute(one.values(version=9)).rowcount == 1
        each = update(sessions).where(sessions.c.id == bindparam("key")).values(version=bindparam("to"))
        connection.execute(each, [{"key": draft.id, "to": 10}])
        connection.rollback()


def test_a_permission_is_for_the_tables_it_names_and_ends_with_its_block(book: Logbook) -> None:
    with book.engine.connect().execution_options(**{WRITING: True}) as connection:
        with bulk.allowed(connection, patients):
            connection.execute(update(patients).values(version=patients.c.version))
            with pytest.raises(Refused):
                connection.execute(update(amendments).values(reason="x"))
        with pytest.raises(Refused):
            connection.execute(update(patients).values(version=patients.c.version))
        with pytest.raises(ZeroDivisionError), bulk.allowed(connection):
            raise ZeroDivisionError
        with pytest.raises(Refused):
            connection.execute(delete(patients))
        connection.rollback()


def test_erasing_a_person_still_empties_the_trail_of_the_name(book: Logbook) -> None:
    erasure.erase(book, "P-001", "P-001", "past retention")
    assert book.read(audit.verify).ok
    with book.engine.connect() as connection:
        bodies = connection.execute(audit_payloads.select().where(audit_payloads.c.body.is_(None))).all()
    assert bodies
