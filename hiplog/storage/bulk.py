"""No statement of this program changes or removes rows but one by one; the audit trail, none at all.

Every change of the record is kept as the image of a row, so a statement that reaches many rows at once would
leave the record other than its trail says. The engine itself refuses it, before the database sees it: an
update or delete has to name each key of its table with a value, and the trail takes none. What must reach
further (a restore, an upgrade, an erasure) says so with :func:`allowed`, for the tables it means.

This holds for the program's own statements. Another program is met by the guards and the grants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BindParameter, Connection, Delete, Engine, Insert, Table, Update, event
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnElement, TextClause

from hiplog.clinical.errors import Refused
from hiplog.language import _
from hiplog.storage.columns import metadata
from hiplog.storage.tables import audit_log, audit_payloads

TRAIL = frozenset((audit_log.name, audit_payloads.name))
EVERY = frozenset(metadata.tables)
PERMITTED = "hiplog_bulk"
WIDE = _("{table}: a change of many rows at once is refused, for it would pass by the audit trail")
KEPT = _("{table}: no row of the audit trail is changed or removed")
_WRITES = re.compile(
    r"\s*(?:UPDATE|DELETE|REPLACE|TRUNCATE|INSERT\s+OR)\s+(?:(?:OR|FROM|INTO|TABLE|ONLY)\s+|"
    r"(?:REPLACE|IGNORE|ABORT|FAIL|ROLLBACK)\s+)*[\"'`\[]?(\w+)",
    re.IGNORECASE,
)


def watch(engine: Engine) -> None:
    """Let ``engine`` refuse whatever reaches many rows at once."""
    event.listen(engine, "before_execute", _built)
    event.listen(engine, "before_cursor_execute", _spelled)


@contextmanager
def allowed(connection: Connection, *tables: Table) -> Iterator[None]:
    """Let statements on ``tables`` (on every one, when none is named) through until the block ends."""
    kept = connection.info.get(PERMITTED, frozenset())
    named = frozenset(table.name for table in tables) or EVERY
    connection.info[PERMITTED] = kept | named
    try:
        yield
    finally:
        # A connection that broke meanwhile has no info of its own any more, and nothing to close.
        if not connection.closed and not connection.invalidated:
            connection.info[PERMITTED] = kept


def _built(connection: Connection, statement: Any, many: Any, values: Any, options: Any) -> None:
    if isinstance(statement, (Update, Delete)):
        table = statement.table
        if isinstance(table, Table) and not _permitted(connection, table.name):
            _judge(table, statement)
    elif isinstance(statement, Insert):
        # What takes the place of a row that is there removes it unseen.
        name = getattr(statement.table, "name", "")
        if (statement._prefixes or statement._post_values_clause is not None) and not _permitted(
            connection, name
        ):
            _refuse(name)
    elif isinstance(statement, TextClause):
        _text(connection, statement.text)


def _spelled(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    if context is None or context.compiled is None:
        _text(connection, statement)


def _text(connection: Connection, statement: str) -> None:
    found = _WRITES.match(statement)
    if found is not None and not _permitted(connection, found[1].lower()):
        _refuse(found[1].lower())


def _permitted(connection: Connection, name: str) -> bool:
    # A table that is none of ours, as that of Alembic, is no part of the record.
    return name not in EVERY or name in connection.info.get(PERMITTED, ())


def _judge(table: Table, statement: Update | Delete) -> None:
    named = {column for clause in statement._where_criteria for column in _keys(table, clause)}
    if table.name in TRAIL or not named >= set(table.primary_key.columns):
        _refuse(table.name)


def _refuse(name: str) -> None:
    raise Refused((KEPT if name in TRAIL else WIDE).format(table=name))


def _keys(table: Table, clause: ColumnElement[Any]) -> Iterator[Any]:
    """The columns of ``table`` that ``clause`` holds to one given value."""
    if isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for part in clause.clauses:
            yield from _keys(table, part)
    elif isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
        left, right = clause.left, clause.right
        if isinstance(right, BindParameter) and getattr(left, "table", None) is table:
            yield left
