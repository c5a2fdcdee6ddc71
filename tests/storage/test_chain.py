"""Whatever another program does to the record or its trail, the check of the trail says so, and where."""

from __future__ import annotations

import clients
import pytest
import samples

from hiplog.logbook import audit, episodes, patients, sessions
from hiplog.logbook.audit import Report
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

pytestmark = [pytest.mark.both_databases, pytest.mark.grown(by=samples.visited)]


@pytest.fixture
def visited(book: Logbook) -> Logbook:
    """A logbook with one signed session and a change afterwards."""
    return book


def look(book: Logbook) -> Report:
    return book.read(audit.verify)


def kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def last(places: Settings, chain: str = "record") -> int:
    with clients.other(places) as execute:
        return int(execute(f"SELECT max(seq) FROM audit_log WHERE chain = '{chain}'")[0][0])


def test_an_honest_logbook_verifies_and_tells_its_heads(visited: Logbook, places: Settings) -> None:
    report = look(visited)
    assert report.ok
    assert [(head.chain, head.seq) for head in report.heads] == [("record", last(places)), ("access", 0)]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (
            "UPDATE audit_payloads SET body = replace(body, 'GMED', 'GMAX') WHERE seq = {seq}",
            "altered-payload",
        ),
        ("UPDATE audit_payloads SET salt = 'other' WHERE seq = {seq}", "altered-payload"),
        ("UPDATE audit_payloads SET body = NULL, salt = NULL WHERE seq = {seq}", "missing-payload"),
        ("UPDATE audit_log SET at = '2026-03-02T11:00:00.000Z' WHERE seq = {seq}", "altered-payload"),
        ("UPDATE audit_log SET actor = 'DN009' WHERE seq = {seq}", "altered-payload"),
        ("UPDATE audit_log SET action = 'session.void' WHERE seq = {seq}", "altered-payload"),
        ("UPDATE audit_log SET entity_id = NULL WHERE seq = {seq}", "altered-payload"),
        ("UPDATE audit_log SET zone = 'UTC' WHERE seq = {seq}", "altered-payload"),
        ("UPDATE audit_log SET row_hash = 'beef' WHERE seq = {seq}", "altered-row"),
        ("UPDATE audit_log SET payload_digest = 'beef' WHERE seq = {seq}", "altered-row"),
    ],
)
def test_an_edited_entry_is_found(visited: Logbook, places: Settings, statement: str, kind: str) -> None:
    with clients.unguarded(places) as execute:
        (seq,) = execute("SELECT seq FROM audit_log WHERE action = 'session.edit'")[0]
        execute(statement.format(seq=seq))
    report = look(visited)
    assert (kind, seq) in {(finding.kind, finding.seq) for finding in report.findings}


def test_a_deleted_entry_in_the_middle_is_found(visited: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        execute("DELETE FROM audit_payloads WHERE seq = 4")
        execute("DELETE FROM audit_log WHERE seq = 4")
    assert {"gap", "broken-link"} <= kinds(look(visited))


def test_a_renumbered_chain_is_found(visited: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        end = last(places)
        execute("DELETE FROM audit_payloads WHERE seq = 4")
        execute("DELETE FROM audit_log WHERE seq = 4")
        for seq in range(5, end + 1):
            _renumber(execute, seq, seq - 1)
    report = look(visited)
    assert "gap" not in kinds(report)
    assert {"broken-link", "altered-row"} <= kinds(report)


def test_swapped_entries_are_found(visited: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        for old, new in ((3, 900), (4, 3), (900, 4)):
            _renumber(execute, old, new)
    assert {"broken-link", "altered-row"} <= kinds(look(visited))


def _renumber(execute: clients.Execute, old: int, new: int) -> None:
    # The payload hangs on its entry by a foreign key, which PostgreSQL keeps even without guards.
    body, salt = execute(f"SELECT body, salt FROM audit_payloads WHERE seq = {old}")[0]
    execute(f"DELETE FROM audit_payloads WHERE seq = {old}")
    execute(f"UPDATE audit_log SET seq = {new} WHERE seq = {old}")
    quoted = body.replace("'", "''")
    execute(
        f"INSERT INTO audit_payloads (chain, seq, salt, body) VALUES ('record', {new}, '{salt}', '{quoted}')"
    )


def test_a_tail_cut_off_is_found_by_what_it_recorded(visited: Logbook, places: Settings) -> None:
    end = last(places)
    with clients.unguarded(places) as execute:
        execute(f"DELETE FROM audit_payloads WHERE seq >= {end - 1}")
        execute(f"DELETE FROM audit_log WHERE seq >= {end - 1}")
    assert "altered-row" in kinds(look(visited))


def test_what_no_entry_vouches_for_is_found(visited: Logbook, places: Settings) -> None:
    """A payload without its entry could otherwise make an altered record look right."""
    if not places.is_file:
        with clients.unguarded(places) as execute:
            execute("ALTER TABLE audit_payloads DROP CONSTRAINT fk_audit_payloads_chain_audit_log")
            execute(f"DELETE FROM audit_log WHERE seq = {last(places)}")
    else:
        with clients.unguarded(places) as execute:
            execute(f"DELETE FROM audit_log WHERE seq = {last(places)}")
    assert "orphan-payload" in kinds(look(visited))


def test_a_lost_genesis_is_found(visited: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        execute("DELETE FROM clinic_settings WHERE id = 'genesis'")
    assert ("broken-link", 1) in {(finding.kind, finding.seq) for finding in look(visited).findings}


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE insertions SET depth_mm = 5", "insertions"),
        ("UPDATE readings SET value = 9 WHERE stage = 'after'", "readings"),
        ("UPDATE sessions SET note = 'nothing happened'", "sessions"),
        ("UPDATE signatures SET printed_name = 'Somebody Else'", "signatures"),
        ("UPDATE patients_identity SET family = 'Other'", "patients_identity"),
        ("UPDATE practitioners SET licence = 'L-1'", "practitioners"),
        ("UPDATE clinic_settings SET value = 'Europe/Paris' WHERE id = 'zone'", "clinic_settings"),
    ],
)
def test_an_edited_row_is_found_by_table_and_key(
    visited: Logbook, places: Settings, statement: str, table: str
) -> None:
    with clients.unguarded(places) as execute:
        execute(statement)
        keys = {row[0] for row in execute(f"SELECT id FROM {table}")}
    found = [finding for finding in look(visited).findings if finding.table == table]
    assert {finding.kind for finding in found} == {"altered-row"}
    assert {finding.row for finding in found} <= keys


def test_a_row_removed_behind_the_trails_back_is_found(visited: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        execute("DELETE FROM advice")
    assert [(f.kind, f.table) for f in look(visited).findings] == [("missing-row", "advice")]


def test_a_row_added_behind_the_trails_back_is_found(visited: Logbook, places: Settings) -> None:
    with clients.unguarded(places) as execute:
        execute("INSERT INTO advice (id, session_id, code) SELECT 'forged', id, 'COLD' FROM sessions")
    assert [(f.kind, f.table, f.row) for f in look(visited).findings] == [("unknown-row", "advice", "forged")]


def test_erasing_identity_is_the_one_thing_that_may_leave_the_trail(
    visited: Logbook, places: Settings
) -> None:
    with clients.other(places) as execute:
        execute(
            "UPDATE audit_payloads SET body = NULL, salt = NULL WHERE seq IN "
            "(SELECT seq FROM audit_log WHERE action LIKE '%.identity')"
        )
    assert not {"missing-payload", "altered-payload"} & kinds(look(visited))


def test_a_dropped_guard_is_named(visited: Logbook, places: Settings) -> None:
    with clients.other(places) as execute:
        on = "" if places.is_file else " ON insertions"
        execute(f"DROP TRIGGER guard_insertions_update{on}")
    assert [f.message for f in look(visited).findings if f.kind == "guard-missing"] == [
        "the guard guard_insertions_update was dropped or changed; run: hiplog database upgrade"
    ]


def test_a_guard_that_was_hollowed_out_is_named(visited: Logbook, places: Settings) -> None:
    with clients.other(places) as execute:
        if places.is_file:
            execute("DROP TRIGGER guard_insertions_update")
            execute("CREATE TRIGGER guard_insertions_update BEFORE UPDATE ON insertions BEGIN SELECT 1; END")
        else:
            body = "LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
            execute(f"CREATE OR REPLACE FUNCTION guard_insertions_update() RETURNS trigger {body}")
    assert kinds(look(visited)) == {"guard-missing"}


def test_an_upgrade_puts_dropped_guards_back(visited: Logbook, places: Settings) -> None:
    with clients.other(places) as execute:
        execute("DROP TRIGGER guard_sessions_update" + ("" if places.is_file else " ON sessions"))
    assert not look(visited).ok
    visited.close()
    mended = Logbook.open(places, visited.clock, upgrade=True)
    assert look(mended).ok
    mended.close()


def test_both_chains_stand_apart(visited: Logbook) -> None:
    """Looking is logged, and does not alter the record's chain."""
    before = {head.chain: head for head in look(visited).heads}
    visited.write(lambda unit: unit.access("export", "bundle", rows=3))
    after = {head.chain: head for head in look(visited).heads}
    assert after["record"] == before["record"]
    assert after["access"].seq == 1
    assert look(visited).ok


def test_a_discarded_draft_leaves_its_trail(visited: Logbook) -> None:
    who = visited.read(patients.get, "P-001")
    (episode,) = visited.read(episodes.of, who.id)
    draft = visited.write(sessions.start, who.id, episode.id)
    visited.write(sessions.discard, draft.id)
    newest = visited.read(audit.events, 1, "record")[0]
    assert (newest.action, newest.entity_id) == ("session.discard", draft.id)
    assert look(visited).ok
