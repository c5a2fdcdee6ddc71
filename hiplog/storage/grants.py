"""Who may do what on a PostgreSQL server: an owner nobody logs in as, and three logins with little.

The roles are named after the database. ``_owner`` owns every table and has no login; ``_upgrade`` may become
the owner, to change the schema, fill a logbook from a bundle or erase a person; ``_app`` is what the chairs
use; ``_audit`` reads the audit trail and no patient. The server itself holds to this, whatever program is at
the other end. The guards stay, for what a grant cannot say: only the owner of a table can switch them off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

from hiplog.clinical.errors import BadInput
from hiplog.storage import chain, guards
from hiplog.storage.columns import metadata
from hiplog.storage.postgres import patiently
from hiplog.storage.tables import FIGURES

NAME = re.compile(r"[a-z_][a-z0-9_]{0,39}")
SCHEMA_LOCK = 4_857_477
LOGINS = ("app", "audit", "upgrade")

# Whose identity is erased is taken out of the trail too; that is no chair's work.
ONLY_ADDED = (*guards.FOREVER, "audit_payloads", "alembic_version")
# What identifies a row or ties it to another is written once.
FIXED = {"id", "session_id", "inquiry_id", "pseudonym", "origin", "recorded_at"}
FIXED_IN = {"sessions": {"patient_id", "number"}, "episodes": {"patient_id"}, "precautions": {"patient_id"}}
UPDATED = {"follow_ups": ("state", "done_at", "by_id", "version")}
DRAFTED = ("sessions", *guards.CHILDREN, *guards.OPEN_CHILDREN, "reactions")
# An auditor may see where the chains begin and whose they are, not the secret beside them.
PUBLIC_SETTINGS = ("name", "zone", chain.GENESIS)


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of one database."""

    database: str

    @property
    def owner(self) -> str:
        """Owns the tables; nobody logs in as it."""
        return f"{self.database}_owner"

    def login(self, kind: str) -> str:
        """The login of ``kind``: app, audit or upgrade."""
        return f"{self.database}_{kind}"


def roles_of(database: str) -> Roles:
    """Return the names of the roles; ``BadInput`` when the database's name cannot carry them."""
    if not NAME.fullmatch(database):
        raise BadInput(
            f"{database!r}: name the database in small letters, digits and _, at most 40 of them, as hiplog"
        )
    return Roles(database)


def prepare(connection: Connection, roles: Roles, passwords: Mapping[str, str]) -> None:
    """Make the roles, close the database to everybody else, and set the logins' passwords.

    ``connection`` belongs to an administrator of the server, in the database itself.
    """
    _make(connection, roles.owner, "NOLOGIN")
    for kind in LOGINS:
        _make(connection, roles.login(kind), "LOGIN")
        _password(connection, roles.login(kind), passwords[kind])
    for statement in _closing(roles):
        connection.exec_driver_sql(statement)


def _make(connection: Connection, role: str, login: str) -> None:
    there = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
    verb = "ALTER" if there else "CREATE"
    little = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    connection.exec_driver_sql(f"{verb} ROLE {role} {login} {little}")


def _password(connection: Connection, role: str, password: str) -> None:
    # The server is handed the verifier, so the password stands in no log of statements.
    from psycopg import Connection as Driver

    driver = connection.connection.dbapi_connection
    assert isinstance(driver, Driver)
    verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.exec_driver_sql(f"ALTER ROLE {role} PASSWORD '{verifier}'")


def _closing(roles: Roles) -> Iterator[str]:
    own, app, audit, upgrade = roles.owner, *(roles.login(kind) for kind in LOGINS)
    yield f"REVOKE ALL ON DATABASE {roles.database} FROM PUBLIC"
    # A temporary table could stand before one of ours and mislead a guard, so there are none.
    yield f"GRANT CONNECT ON DATABASE {roles.database} TO {app}, {audit}, {upgrade}"
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"ALTER SCHEMA public OWNER TO {own}"
    yield f"GRANT USAGE ON SCHEMA public TO {app}, {audit}"
    yield f"GRANT {own} TO {upgrade}"
    yield f"ALTER ROLE {upgrade} IN DATABASE {roles.database} SET role = {own}"


def found(connection: Connection) -> Roles | None:
    """Return the roles of this database, or ``None`` where it was set up without them."""
    if connection.dialect.name != "postgresql":
        return None
    database = str(connection.execute(text("SELECT current_database()")).scalar())
    roles = Roles(database)
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :owner")
    return roles if connection.execute(query, {"owner": roles.owner}).scalar() else None


def auditing(connection: Connection) -> bool:
    """Whether the login is the auditor's, which the server shows the audit trail and no patient."""
    roles = found(connection)
    login = text("SELECT session_user")
    return roles is not None and connection.execute(login).scalar() == roles.login("audit")


def take_over(connection: Connection) -> None:
    """Let one program at a time change the schema, as the owner, however long it takes; on a server only."""
    if connection.dialect.name != "postgresql":
        return
    patiently(connection)
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SCHEMA_LOCK})
    roles = found(connection)
    if roles is not None:
        connection.exec_driver_sql(f"SET LOCAL ROLE {roles.owner}")


def install(connection: Connection) -> None:
    """Give each login exactly what it needs on every table, inside the caller's transaction."""
    roles = found(connection)
    if roles is None:
        return
    app, audit = roles.login("app"), roles.login("audit")
    connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}, {audit}")
    connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {app}")
    for table in metadata.sorted_tables:
        connection.exec_driver_sql(f"GRANT {', '.join(_rights(table))} ON {table.name} TO {app}")
    for statement in _auditing(app, audit):
        connection.exec_driver_sql(statement)


def _rights(table: Table) -> Iterator[str]:
    yield "INSERT"
    columns = UPDATED.get(table.name) or _changing(table)
    if columns and table.name not in ONLY_ADDED:
        yield f"UPDATE ({', '.join(columns)})"
    if table.name in (*DRAFTED, "drafts", *FIGURES):
        yield "DELETE"


def _changing(table: Table) -> tuple[str, ...]:
    fixed = FIXED | FIXED_IN.get(table.name, set()) | {column.name for column in table.primary_key}
    return tuple(column.name for column in table.columns if column.name not in fixed)


def _auditing(app: str, audit: str) -> Iterator[str]:
    yield f"GRANT SELECT ON audit_log, alembic_version, practitioners, clinic_settings TO {audit}"
    yield f"GRANT SELECT (chain, seq) ON audit_payloads TO {audit}"
    settings = ", ".join(f"'{name}'" for name in PUBLIC_SETTINGS)
    yield "ALTER TABLE clinic_settings ENABLE ROW LEVEL SECURITY"
    for policy, role, rule in (
        ("chairs", app, "USING (true) WITH CHECK (true)"),
        ("auditors", audit, f"USING (id IN ({settings}))"),
    ):
        yield f"DROP POLICY IF EXISTS {policy} ON clinic_settings"
        yield f"CREATE POLICY {policy} ON clinic_settings TO {role} {rule}"
