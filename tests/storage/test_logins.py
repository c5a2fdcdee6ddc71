"""On PostgreSQL the server itself refuses: what each login may do, and what it may not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import clients
import psycopg
import pytest
import samples
import servers
from chairs import Clinic
from clocks import FIRST, SetClock

from hiplog.cli import main
from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import Inquiry
from hiplog.logbook import amendments, audit, episodes, followups, health, patients, sessions
from hiplog.logbook import server as serving
from hiplog.logbook.book import Logbook
from hiplog.storage import guards
from hiplog.storage.columns import metadata

DENIED = "permission denied|must be owner"
SIGNED = "(SELECT id FROM sessions WHERE status = 'signed')"
FORBIDDEN = {
    "alter the trail": ("app", "UPDATE audit_log SET actor = 'X'", DENIED),
    "shorten the trail": ("app", "DELETE FROM audit_log", DENIED),
    "empty the trail": ("app", "TRUNCATE audit_log CASCADE", DENIED),
    "empty what it recorded": ("app", "UPDATE audit_payloads SET body = NULL, salt = NULL", DENIED),
    "delete a patient": ("app", "DELETE FROM patients_identity", DENIED),
    "edit a signed session": (
        "app",
        "UPDATE sessions SET note = 'x' WHERE status = 'signed'",
        "never changed",
    ),
    "delete a needle of it": ("app", f"DELETE FROM insertions WHERE session_id IN {SIGNED}", "never changed"),
    "renumber a session": ("app", "UPDATE sessions SET number = 9", DENIED),
    "change an amendment": ("app", "UPDATE amendments SET reason = 'x'", DENIED),
    "take back a signature": ("app", "DELETE FROM signatures", DENIED),
    "switch a guard off": ("app", "ALTER TABLE sessions DISABLE TRIGGER ALL", DENIED),
    "drop a guard": ("app", "DROP TRIGGER guard_sessions_update ON sessions", DENIED),
    "pass the guards by": ("app", "SET session_replication_role = replica", DENIED),
    "put a table before it": ("app", "CREATE TEMP TABLE sessions (id text, status text)", DENIED),
    "add a table": ("app", "CREATE TABLE notes (words text)", DENIED),
    "become the owner": ("app", "SET ROLE {owner}", "permission denied to set role"),
    "say which schema it is": ("app", "UPDATE alembic_version SET version_num = '9'", DENIED),
    "read names as auditor": ("audit", "SELECT family FROM patients_identity", DENIED),
    "read what was recorded as auditor": ("audit", "SELECT body FROM audit_payloads", DENIED),
    "read a session as auditor": ("audit", "SELECT note FROM sessions", DENIED),
    "write as auditor": ("audit", "INSERT INTO audit_log SELECT * FROM audit_log", DENIED),
    "log in as the owner": ("owner", "SELECT 1", "is not permitted to log in"),
}
ALLOWED = {
    "an auditor reads the trail": ("audit", "SELECT actor, action, row_hash FROM audit_log"),
    "an auditor sees where the chains begin": (
        "audit",
        "SELECT value FROM clinic_settings WHERE id = 'genesis'",
    ),
    "a chair reads a session": ("app", "SELECT note FROM sessions WHERE status = 'signed'"),
    "a chair changes a draft": ("app", "UPDATE sessions SET note = 'x' WHERE status = 'draft'"),
}


def login(chairs: Clinic, kind: str) -> str:
    if kind != "owner":
        return str(getattr(chairs, kind).database)
    return chairs.app.database.replace("_app@", "_owner@")


@pytest.fixture
def lived(chairs: Clinic) -> Clinic:
    """A clinic in which the chairs' login wrote a signed, amended session and a draft."""
    book = Logbook.open(chairs.app, SetClock())
    samples.followed(book)
    book.close()
    return chairs


def owner(chairs: Clinic) -> str:
    return login(chairs, "owner").partition("://")[2].partition("@")[0]


def test_the_server_refuses_what_no_login_may_do(lived: Clinic) -> None:
    let_through = []
    for act, (kind, statement, why) in FORBIDDEN.items():
        try:
            with servers.connected(login(lived, kind)) as connection:
                connection.execute(statement.format(owner=owner(lived)).encode())
            let_through.append(act)
        except psycopg.Error as refused:
            assert re.search(why, str(refused)), (act, str(refused))
    assert let_through == []
    assert Logbook.open(lived.app, SetClock()).read(audit.verify).ok


def test_the_server_allows_what_each_login_is_for(lived: Clinic) -> None:
    for act, (kind, statement) in ALLOWED.items():
        with servers.connected(login(lived, kind)) as connection:
            assert connection.execute(statement.encode()).rowcount > 0, act


def test_an_auditor_does_not_see_the_secret_beside_the_genesis(lived: Clinic) -> None:
    with servers.connected(lived.admin) as connection:
        connection.execute("INSERT INTO clinic_settings VALUES ('intake_key', 'secret')")
    with servers.connected(lived.audit.database) as connection:
        found = {row[0] for row in connection.execute("SELECT id FROM clinic_settings").fetchall()}
    assert found == {"name", "zone", "genesis"}


def test_every_table_belongs_to_the_owner_and_has_its_guards(lived: Clinic) -> None:
    with servers.connected(lived.admin) as connection:
        query = "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'"
        owners = dict(connection.execute(query).fetchall())
    assert set(owners) == {*metadata.tables, "alembic_version"}
    assert set(owners.values()) == {owner(lived)}
    book = Logbook.open(lived.app, SetClock())
    assert book.read(lambda unit: guards.missing(unit.connection)) == []
    book.close()


def test_a_chair_can_do_all_its_work(chairs: Clinic) -> None:
    """Every kind of write there is, with the chairs' login alone."""
    book = Logbook.open(chairs.app, SetClock())
    kept = samples.signed(book)
    book.write(amendments.amend, kept.id, "plan", "rest", "typing error")
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "none"))
    who = book.read(patients.by_id, kept.patient)
    book.write(patients.edit, replace(who, family="Rossi"))
    second = book.write(sessions.start, who.id, kept.episode)
    saved = book.write(sessions.save, samples.full(second), second.version)
    saved = book.write(
        sessions.save, replace(saved, advice=(), insertions=saved.insertions[:1]), saved.version
    )
    book.write(sessions.undo, saved.id)
    book.write(sessions.discard, saved.id)
    book.write(sessions.void, kept.id, "another patient's")
    book.write(episodes.close, kept.episode, "done")
    assert book.read(audit.verify).findings == ()
    book.close()


def test_only_the_login_of_upgrades_changes_the_schema(lived: Clinic) -> None:
    with clients.other(replace(lived.app, database=lived.admin)) as execute:
        execute("DROP TRIGGER guard_sessions_update ON sessions")
    with pytest.raises(Refused, match="login of upgrades"):
        Logbook.open(lived.app, SetClock(), upgrade=True)
    Logbook.open(lived.upgrade, SetClock(), upgrade=True).close()
    book = Logbook.open(lived.app, SetClock())
    assert book.read(audit.verify).ok
    with (
        pytest.raises(psycopg.Error, match="never changed"),
        servers.connected(lived.app.database) as connection,
    ):
        connection.execute("UPDATE sessions SET note = 'x' WHERE status = 'signed'")


def test_setting_up_says_everything_and_hides_the_passwords(
    nursery: samples.Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from chairs import dropped

    with dropped(nursery.server) as url:
        words = [
            "database",
            "create",
            url,
            "--logins",
            str(tmp_path / "logins"),
            "--practitioner",
            "Ada Moore",
        ]
        assert main(["--at", str(tmp_path / "at"), *words], clock=SetClock()) == 0
        told = capsys.readouterr()
        kept = (tmp_path / "logins").read_text()
        assert (tmp_path / "logins").stat().st_mode & 0o777 == 0o600
        passwords = [line.rpartition(":")[2] for line in kept.splitlines()]
        assert len(set(passwords)) == 3
        assert not any(word in told.out + told.err for word in passwords)
        assert "passfile=" in told.out
        assert "fsync is off" in told.err
        assert main(["--at", str(tmp_path / "at"), *words, "--logins", str(tmp_path / "more")]) == 2
        assert "logbook already" in capsys.readouterr().err


def test_a_name_that_cannot_carry_roles_is_refused(tmp_path: Path) -> None:
    from hiplog import settings

    at = replace(settings.load(at=str(tmp_path), environ={}), database="postgresql://a@b/Clinic; DROP")
    with pytest.raises(BadInput, match="small letters"):
        serving.create(at, "Clinic", "UTC", FIRST, tmp_path / "logins", SetClock())


def test_doctor_says_what_the_server_could_lose(lived: Clinic) -> None:
    book = Logbook.open(lived.app, SetClock())
    found = {check.name: check for check in health.checks(book)}
    assert not found["server"].ok
    assert "fsync is off" in found["server"].message
    assert "_app; the tables belong to" in found["login"].message
    assert found["line"].message == "within this machine"
    assert found["audit"].ok
    book.close()
