"""Another program cannot change, remove or add to what was signed: the database itself refuses."""

from __future__ import annotations

import clients
import pytest
import samples

from hiplog.logbook import audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage.tables import metadata

pytestmark = [pytest.mark.both_databases, pytest.mark.grown(by=samples.followed)]

CHILDREN = (
    "screening",
    "consents",
    "insertions",
    "inquiries",
    "readings",
    "reactions",
    "advice",
    "co_treatments",
    "referrals",
)
SIGNED = "a signed session is never changed; correct it with an amendment"


@pytest.fixture
def frozen(book: Logbook) -> Logbook:
    """A logbook with a signed, followed-up and amended session beside a draft with the same rows."""
    return book


def refused(execute: clients.Execute, statement: str, sentence: str) -> None:
    with pytest.raises(clients.REFUSALS, match=sentence):
        execute(statement)


def own(table: str, status: str) -> str:
    """The condition that selects the rows of signed or draft sessions."""
    at = f"(SELECT id FROM sessions WHERE status = '{status}')"
    return (
        f"inquiry_id IN (SELECT id FROM inquiries WHERE session_id IN {at})"
        if table == "reactions"
        else (f"session_id IN {at}")
    )


@pytest.mark.parametrize("table", CHILDREN)
def test_rows_of_a_signed_session_stand(frozen: Logbook, places: Settings, table: str) -> None:
    owner = "inquiry_id" if table == "reactions" else "session_id"
    columns = [column.name for column in metadata.tables[table].columns if column.name not in ("id", owner)]
    with clients.other(places) as execute:
        parent = execute(f"SELECT {owner} FROM {table} WHERE {own(table, 'signed')} ORDER BY id")[0][0]
        before = execute(f"SELECT * FROM {table} ORDER BY id")
        refused(
            execute, f"UPDATE {table} SET {columns[0]} = {columns[0]} WHERE {own(table, 'signed')}", SIGNED
        )
        refused(execute, f"DELETE FROM {table} WHERE {own(table, 'signed')}", SIGNED)
        copied = f"SELECT 'forged', '{parent}', {', '.join(columns)} FROM {table} WHERE {own(table, 'draft')}"
        refused(execute, f"INSERT INTO {table} (id, {owner}, {', '.join(columns)}) {copied}", SIGNED)
        moved = f"UPDATE {table} SET {owner} = '{parent}' WHERE {own(table, 'draft')}"
        refused(execute, moved, SIGNED)
        assert execute(f"SELECT * FROM {table} ORDER BY id") == before


@pytest.mark.parametrize("table", ["sessions", "follow_ups"])
def test_the_signed_session_and_its_contact_stand(frozen: Logbook, places: Settings, table: str) -> None:
    closed = "status = 'signed'" if table == "sessions" else "state = 'done'"
    with clients.other(places) as execute:
        before = execute(f"SELECT * FROM {table} ORDER BY id")
        refused(execute, f"UPDATE {table} SET version = 9 WHERE {closed}", "never changed")
        refused(execute, f"DELETE FROM {table} WHERE {closed}", "never changed|foreign key")
        assert execute(f"SELECT * FROM {table} ORDER BY id") == before


@pytest.mark.parametrize("table", ["amendments", "signatures", "audit_log", "audit_payloads"])
def test_the_trail_stands(frozen: Logbook, places: Settings, table: str) -> None:
    column = {"audit_log": "actor", "audit_payloads": "body"}.get(table, "session_id")
    with clients.other(places) as execute:
        before = execute(f"SELECT * FROM {table}")
        refused(execute, f"UPDATE {table} SET {column} = {column}", "never changed")
        refused(execute, f"DELETE FROM {table}", "never changed")
        assert execute(f"SELECT * FROM {table}") == before


def test_only_identity_can_be_emptied_from_the_trail(frozen: Logbook, places: Settings) -> None:
    emptied = (
        "UPDATE audit_payloads SET body = NULL, salt = NULL WHERE seq IN (SELECT seq FROM audit_log WHERE "
    )
    with clients.other(places) as execute:
        refused(execute, f"{emptied} action = 'session.edit')", "never changed")
        execute(f"{emptied} action = 'patient.add.identity')")
        assert execute("SELECT count(*) FROM audit_payloads WHERE body IS NULL") == [(2,)]


def test_tables_cannot_be_emptied_at_once(frozen: Logbook, places: Settings) -> None:
    with clients.other(places) as execute:
        for table in ("sessions", "audit_log", "insertions"):
            statement = f"DELETE FROM {table}" if places.is_file else f"TRUNCATE {table} CASCADE"
            refused(execute, statement, "never changed")
            assert execute(f"SELECT count(*) FROM {table}")[0][0] > 0


def test_replacing_is_no_way_round(frozen: Logbook, places: Settings) -> None:
    """SQLite's REPLACE removes the row in its way without asking the guard of DELETE."""
    if not places.is_file:
        verb, end = "INSERT", " ON CONFLICT (id) DO UPDATE SET version = 9"
    else:
        verb, end = "REPLACE", ""
    with clients.other(places) as execute:
        before = execute("SELECT * FROM sessions ORDER BY id")
        refused(
            execute,
            f"{verb} INTO sessions SELECT * FROM sessions WHERE status = 'signed'{end}",
            "never changed",
        )
        assert execute("SELECT * FROM sessions ORDER BY id") == before
        if places.is_file:
            for table in ("audit_log", "audit_payloads", "signatures", "amendments"):
                refused(execute, f"REPLACE INTO {table} SELECT * FROM {table}", "never changed")
            signed = f"SELECT id FROM insertions WHERE {own('insertions', 'signed')}"
            taken = f"UPDATE OR REPLACE insertions SET id = ({signed}) WHERE {own('insertions', 'draft')}"
            refused(execute, taken, "never changed")


def test_a_draft_stays_open_to_its_therapist(frozen: Logbook, places: Settings) -> None:
    with clients.other(places) as execute:
        execute(f"UPDATE insertions SET depth_mm = 20 WHERE {own('insertions', 'draft')}")
        execute(f"DELETE FROM advice WHERE {own('advice', 'draft')}")
    kinds = {(finding.kind, finding.table) for finding in frozen.read(audit.verify).findings}
    assert kinds == {("altered-row", "insertions"), ("missing-row", "advice")}
