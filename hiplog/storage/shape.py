"""Are the tables themselves still as this program made them? Read back and held against their definition.

The checks of a database say nothing of this: a limit whose digits a failing disk turned over is to them a
limit like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKeyConstraint,
    Inspector,
    Table,
    UniqueConstraint,
    inspect,
)

from hiplog.language import _
from hiplog.storage.columns import metadata

Facts = dict[str, Any]
PARTED = (
    "SELECT name FROM sqlite_master "
    "WHERE tbl_name NOT IN (SELECT name FROM sqlite_master WHERE type = 'table')"
)


def altered(connection: Connection) -> Iterator[str]:
    """Yield the tables, columns, rules and indexes that are not as they were made, each as words.

    On PostgreSQL the rules are compared by their names alone, for the server writes their words its own way.
    """
    look = inspect(connection)
    there = set(look.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            yield _("the table {table} is missing").format(table=table.name)
            continue
        wanted, found = _wanted(table, connection), _found(look, table.name, connection)
        for name in sorted(wanted.keys() | found.keys()):
            if wanted.get(name) != found.get(name):
                yield _("{name} of {table}").format(name=name, table=table.name)
    if connection.dialect.name == "sqlite":
        yield from (
            _("{name}, whose table is none").format(name=name)
            for (name,) in connection.exec_driver_sql(PARTED)
        )


def _wanted(table: Table, connection: Connection) -> Facts:
    told: Facts = {f"column {c.name}": _column(c.type, bool(c.nullable), connection) for c in table.columns}
    key = table.primary_key
    told["primary key"] = str(key.name), tuple(c.name for c in key.columns)
    for rule in table.constraints:
        if isinstance(rule, CheckConstraint):
            told[f"rule {rule.name}"] = _words(str(rule.sqltext), connection)
        elif isinstance(rule, ForeignKeyConstraint):
            ends = [one.column for one in rule.elements]
            told[f"link {rule.name}"] = ((*rule.column_keys,), ends[0].table.name, (*(e.name for e in ends),))
        elif isinstance(rule, UniqueConstraint):
            told[f"rule {rule.name}"] = (*(c.name for c in rule.columns),)
    for index in table.indexes:
        told[f"index {index.name}"] = (bool(index.unique), (*(c.name for c in index.columns),))
    return told


def _found(look: Inspector, name: str, connection: Connection) -> Facts:
    columns = look.get_columns(name)
    told: Facts = {f"column {c['name']}": _column(c["type"], c["nullable"], connection) for c in columns}
    key = look.get_pk_constraint(name)
    told["primary key"] = str(key["name"]), tuple(key["constrained_columns"])
    told |= {f"rule {c['name']}": _words(c["sqltext"], connection) for c in look.get_check_constraints(name)}
    told |= {
        f"link {f['name']}": ((*f["constrained_columns"],), f["referred_table"], (*f["referred_columns"],))
        for f in look.get_foreign_keys(name)
    }
    told |= {f"rule {u['name']}": (*u["column_names"],) for u in look.get_unique_constraints(name)}
    return told | {
        f"index {i['name']}": (bool(i["unique"]), (*i["column_names"],))
        for i in look.get_indexes(name)
        if not i.get("duplicates_constraint")
    }


def _column(kind: Any, nullable: bool, connection: Connection) -> tuple[str, bool]:
    return str(kind.compile(dialect=connection.dialect)).upper(), nullable


def _words(rule: str, connection: Connection) -> str:
    """The words of a rule with one blank between them."""
    return re.sub(r"\s+", " ", rule) if connection.dialect.name == "sqlite" else ""
