"""No list grows with the clinic: what each screen asks, and how the database finds it. Counts and plans, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from hiplog import settings
from hiplog.logbook import audit, search, timeline, worklist
from hiplog.logbook.book import Logbook
from hiplog.storage.tables import patients_identity, sessions
from tests.benchmarks import clinic

PATIENTS = 60


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """A small clinic written by the benchmarks' recipe."""
    place = tmp_path_factory.mktemp("grown")
    clinic.build(place, PATIENTS, today=date(2026, 3, 2))
    book = Logbook.open(settings.load(at=str(place), environ={}))
    yield book
    book.close()


@contextmanager
def asked(book: Logbook) -> Iterator[list[tuple[str, list[str]]]]:
    """Every query with the lines of its plan."""
    found: list[tuple[str, list[str]]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            own = connection.connection.dbapi_connection.cursor()
            plan = own.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            found.append((statement, [row[-1] for row in plan]))

    event.listen(book.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(book.engine, "before_cursor_execute", note)


def test_the_recipe_leaves_a_whole_logbook(grown: Logbook) -> None:
    report = grown.read(audit.verify)
    assert report.ok, report.findings[:3]
    with grown.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_today_is_seven_queries_and_walks_no_table(grown: Logbook) -> None:
    with asked(grown) as queries:
        today = grown.read(worklist.today)
    assert today.recent
    assert len(queries) == 7
    lines = [line for _, plan in queries for line in plan]
    # The list of keys that was handed over is walked as well.
    allowed = (
        "ix_sessions_draft", "ix_signatures_void", "SCAN sessions USING INDEX ix_sessions_occurred", "json_each",
    )  # fmt: skip
    # Every request that a patient ever made: some dozens in a clinic's life, without an index of their own.
    lines = [line for line in lines if line != "SCAN amendment_requests"]
    walks = [line for line in lines if line.startswith("SCAN") and not any(name in line for name in allowed)]
    assert walks == []


def test_recent_is_what_the_whole_record_says(grown: Logbook) -> None:
    from sqlalchemy import select

    def latest(unit: Any) -> list[str]:
        query = select(sessions.c.id).where(sessions.c.status == "signed")
        ordered = query.order_by(sessions.c.occurred_at.desc(), sessions.c.id)
        return [row.id for row in unit.all(ordered)][: worklist.SCREENFUL]

    shown = grown.read(worklist.today)
    assert not shown.signed_today
    assert [item.session_id for item in shown.recent] == grown.read(latest)


@pytest.mark.parametrize("text", ["", "k", "ü", "er an", "p00", "zzzq"])
def test_search_reads_one_covering_index_and_finds_what_python_finds(grown: Logbook, text: str) -> None:
    with asked(grown) as queries:
        found = grown.read(search.find, text)
    first = " ".join(queries[0][1])
    assert "COVERING INDEX ix_patients_identity_search" in first
    assert len(queries) <= 3
    assert [one.id for one in found] == _by_hand(grown, text)


def _by_hand(book: Logbook, text: str) -> list[str]:
    from sqlalchemy import select

    from hiplog.logbook import texts

    query = select(patients_identity.c.search_key, patients_identity.c.id)
    rows = sorted(tuple(row) for row in book.read(lambda unit: unit.all(query)))
    words = texts.folded(text).split()
    return [key for folded, key in rows if all(word in folded for word in words)][:30]


def test_a_history_is_a_query_a_table(grown: Logbook) -> None:
    patient = grown.read(search.find, "")[0].id
    with asked(grown) as queries:
        grown.read(timeline.of, patient)
    assert len(queries) <= 20
    walks = [line for _, plan in queries for line in plan if line.startswith("SCAN")]
    # The list of keys that was handed over is walked, and the few who needle.
    few = ("SCAN json_each", "SCAN practitioners")
    assert [line for line in walks if not line.startswith(few)] == []


def test_what_is_asked_of_the_driver_is_what_the_library_says(grown: Logbook) -> None:
    from sqlalchemy import bindparam, select

    from hiplog.storage.asked import Asked
    from hiplog.storage.columns import metadata

    for table in metadata.sorted_tables:
        ordered = select(table).order_by(*table.primary_key.columns)
        rows, kept = grown.read(lambda unit, query=ordered: (unit.all(query), unit.rows(Asked(query))))
        assert [tuple(row) for row in rows] == kept, table.name
    since = select(sessions.c.id).where(sessions.c.signed_at >= bindparam("since")).order_by(sessions.c.id)
    at = grown.clock().replace(year=2025, month=6)
    rows, kept = grown.read(lambda unit: (unit.all(since, since=at), unit.rows(Asked(since), since=at)))
    assert [tuple(row) for row in rows] == kept != []
