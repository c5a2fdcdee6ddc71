"""Triggers that refuse to change what was signed, on SQLite and PostgreSQL.

They are made anew after every upgrade, because a table rebuilt by a migration loses its triggers.
They are guards, not the record: the chain and the state check find what got past them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from hiplog.language import later

# A trigger speaks English, whoever asks; :mod:`hiplog.storage.unit` says it in the person's language.
MARK = "hiplog: "
SIGNED = MARK + later("a signed session is never changed; correct it with an amendment")
KEPT = MARK + later("this is part of the audit trail and is never changed")
LASTING = MARK + later("what a patient asked for and was answered is never changed")
DONE = MARK + later("a finished follow-up is never changed")

# How a row of a child table finds its session, once that is signed.
SIGNED_PARENT = "SELECT 1 FROM sessions s WHERE s.id = {row}.session_id AND s.status = 'signed'"
CHILDREN = ("screening", "consents", "insertions", "advice", "co_treatments")
# After signing these still take rows that a follow-up brings.
OPEN_CHILDREN = ("inquiries", "readings", "referrals")
NO_FOLLOW_UP = " AND {row}.follow_up_id IS NULL"
REACTION = (
    "SELECT 1 FROM inquiries i JOIN sessions s ON s.id = i.session_id "
    "WHERE i.id = {row}.inquiry_id AND s.status = 'signed'"
)
FOREVER = ("amendments", "signatures", "amendment_requests", "request_steps", "audit_log")
# What a patient asked and was told is no part of the trail, and as lasting.
ASKED = ("amendment_requests", "request_steps")
ALWAYS = "1 = 1"


# A row that takes the place of one already there (SQLite's REPLACE) would remove it unseen.
TAKEN = {
    "sessions": "k.id = NEW.id OR (k.patient_id = NEW.patient_id AND k.number = NEW.number)",
    "amendment_requests": "k.id = NEW.id OR (k.patient_id = NEW.patient_id AND k.number = NEW.number)",
    "audit_log": "(k.chain = NEW.chain AND (k.seq = NEW.seq OR k.prev_hash = NEW.prev_hash)) "
    "OR k.row_hash = NEW.row_hash",
    "audit_payloads": "k.chain = NEW.chain AND k.seq = NEW.seq",
}
MOVED = {
    "sessions": "NEW.id <> OLD.id OR NEW.patient_id <> OLD.patient_id OR NEW.number <> OLD.number",
    "audit_payloads": "NEW.chain <> OLD.chain OR NEW.seq <> OLD.seq",
}
# The one thing that may ever leave the trail: identity, of which the digest stays.
KEEPS = (
    "NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NOT EXISTS (SELECT 1 FROM audit_log a "
    "WHERE a.chain = OLD.chain AND a.seq = OLD.seq AND substr(a.action, length(a.action) - 8) = '.identity')"
)


class Rule(NamedTuple):
    """One guard: which operation on which table it refuses, when (of OLD and NEW), and its sentence."""

    table: str
    operation: str
    condition: str
    message: str

    @property
    def name(self) -> str:
        """The name of its trigger."""
        return f"guard_{self.table}_{self.operation.lower()}"


def install(connection: Connection) -> None:
    """Make every guard anew, inside the caller's transaction."""
    server = connection.dialect.name == "postgresql"
    for rule in rules():
        for statement in _postgresql(rule) if server else _sqlite(rule):
            connection.exec_driver_sql(statement)
    for table in guarded() if server else ():
        for statement in _postgresql(Rule(table, "TRUNCATE", "true", KEPT)):
            connection.exec_driver_sql(statement)


def lay_aside(connection: Connection) -> None:
    """Drop every guard, for an upgrade that installs them again before its commit.

    SQLite refuses to rebuild a table that the trigger of another one asks about.
    """
    if connection.dialect.name == "postgresql":
        query = "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    else:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    for name, table in connection.execute(text(query)).all():
        if name.startswith("guard_"):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")


def missing(connection: Connection) -> list[str]:
    """Return the names of guards that somebody has dropped, switched off or rewritten."""
    if connection.dialect.name == "postgresql":
        wanted = {rule.name: _body(rule) for rule in rules()}
        wanted |= {rule.name: _body(rule) for rule in (Rule(t, "TRUNCATE", "true", KEPT) for t in guarded())}
        query = (
            "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
            "AND starts_with(t.tgname, 'guard_' || c.relname)"
        )
    else:
        wanted = {rule.name: _sqlite(rule)[-1] for rule in rules()}
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    present = {row[0]: row[1] for row in connection.execute(text(query))}
    return sorted(name for name, body in wanted.items() if present.get(name) != body)


def guarded() -> list[str]:
    """Every table that a guard watches."""
    return sorted({rule.table for rule in rules()})


def rules() -> list[Rule]:
    """Every guard."""
    return [*_insert_rules(), *_change_rules(), *_payload_rules()]


def _insert_rules() -> Iterator[Rule]:
    added = dict.fromkeys(CHILDREN, SIGNED_PARENT)
    added |= dict.fromkeys(OPEN_CHILDREN, SIGNED_PARENT + NO_FOLLOW_UP)
    added["reactions"] = REACTION + " AND i.follow_up_id IS NULL"
    for table, query in added.items():
        yield Rule(table, "INSERT", f"{_exists(query, 'NEW')} OR {_taken(table)}", SIGNED)
    for table in ("sessions", "follow_ups", *FOREVER, "audit_payloads"):
        yield Rule(table, "INSERT", _taken(table), KEPT)


def _change_rules() -> Iterator[Rule]:
    kept = dict.fromkeys((*CHILDREN, *OPEN_CHILDREN), SIGNED_PARENT) | {"reactions": REACTION}
    frozen = {table: (_exists(query, "OLD"), SIGNED) for table, query in kept.items()}
    frozen["sessions"] = ("OLD.status = 'signed'", SIGNED)
    frozen["follow_ups"] = ("OLD.state <> 'due'", DONE)
    for table, (condition, message) in frozen.items():
        into = f" OR {_exists(kept[table], 'NEW')}" if table in kept else ""
        moved = MOVED.get(table, "NEW.id <> OLD.id")
        yield Rule(table, "UPDATE", f"{condition}{into} OR {moved}", message)
        yield Rule(table, "DELETE", condition, message)
    for table in FOREVER:
        message = LASTING if table in ASKED else KEPT
        yield Rule(table, "UPDATE", ALWAYS, message)
        yield Rule(table, "DELETE", ALWAYS, message)


def _payload_rules() -> Iterator[Rule]:
    yield Rule("audit_payloads", "UPDATE", f"{KEEPS} OR {MOVED['audit_payloads']}", KEPT)
    yield Rule("audit_payloads", "DELETE", ALWAYS, KEPT)


def _taken(table: str) -> str:
    there = TAKEN.get(table, "k.id = NEW.id")
    return f"EXISTS (SELECT 1 FROM {table} k WHERE {there})"  # noqa: S608 - names of our own tables


def _exists(query: str, row: str) -> str:
    return f"EXISTS ({query.format(row=row)})"


def _sqlite(rule: Rule) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {rule.name}",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.operation} ON {rule.table} WHEN {rule.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END",
    ]


def _postgresql(rule: Rule) -> list[str]:
    each = "STATEMENT" if rule.operation == "TRUNCATE" else "ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $guard${_body(rule)}$guard$",
        f"DROP TRIGGER IF EXISTS {rule.name} ON {rule.table}",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.operation} ON {rule.table} "
        f"FOR EACH {each} EXECUTE FUNCTION {rule.name}()",
    ]


def _body(rule: Rule) -> str:
    row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(rule.operation, "NEW")
    return f" BEGIN IF {rule.condition} THEN RAISE EXCEPTION '{rule.message}'; END IF; RETURN {row}; END "
