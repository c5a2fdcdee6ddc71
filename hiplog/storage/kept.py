"""Statements kept ready: a save asks the same few dozen each time, and building one costs more than its run.

A row goes to a file by the driver's own statement, its values turned by the same types as the library's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam
from sqlalchemy import insert as build_insert
from sqlalchemy import update as build_update
from sqlalchemy.engine import Dialect

from hiplog.errors import BadInput
from hiplog.language import _

KEY, VERSION, TO = "the_key", "the_version", "to_"
Turn = Callable[[Any], Any] | None


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add ``rows``, which name the same columns; a value that cannot be stored raises ``BadInput``."""
    names = tuple(rows[0])
    spelled = _spelled(table, names) if connection.dialect.name == "sqlite" else None
    if spelled is None or any(row.keys() != rows[0].keys() for row in rows):
        connection.execute(_built(table), [dict(row) for row in rows])
        return
    turns = _turns(table, names, connection.dialect)
    try:
        cells = [tuple(turn(row[name]) if turn else row[name] for name, turn in turns) for row in rows]
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadInput(
            _("a value cannot be stored ({error}); nothing was saved, change it and save again").format(
                error=error
            )
        ) from None
    connection.exec_driver_sql(spelled, cells if len(cells) > 1 else cells[0])


@cache
def update(table: Table, names: tuple[str, ...], versioned: bool) -> Update:
    """Return the change of one row: :data:`KEY`, :data:`VERSION` and the new values, after :data:`TO`."""
    statement = build_update(table).where(table.c.id == bindparam(KEY))
    if versioned:
        statement = statement.where(table.c.version == bindparam(VERSION))
    fresh = {name: bindparam(TO + name, type_=table.c[name].type) for name in names}
    return statement.values(fresh).returning(*table.columns)


@cache
def _built(table: Table) -> Any:
    return build_insert(table)


@cache
def _spelled(table: Table, names: tuple[str, ...]) -> str | None:
    """The driver's statement, or none for a column that is not there: the library says so."""
    if not set(names) <= set(table.columns.keys()):
        return None
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


@cache
def _turns(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[tuple[str, Turn], ...]:
    kinds = (table.c[name].type.dialect_impl(dialect) for name in names)
    return tuple((name, kind.bind_processor(dialect)) for name, kind in zip(names, kinds, strict=True))
