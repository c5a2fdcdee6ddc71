"""The logbook as plain tables, for the bundle that leaves the building and the one that comes back.

Rows are dictionaries by column name. They are streamed in a fixed order, never held all at once. A name
with a leading underscore is worked out by the query and stands in no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    collate,
    func,
    or_,
    select,
)

from hiplog.clinical.record import Role
from hiplog.logbook.book import Logbook
from hiplog.logbook.worked_out import ANSWERS as ANSWERS
from hiplog.logbook.worked_out import WHOLE
from hiplog.storage import chain, lines, schema, seals
from hiplog.storage.chain import Head
from hiplog.storage.columns import metadata
from hiplog.storage.engine import Opening, connect
from hiplog.storage.lines import Cell as Cell
from hiplog.storage.lines import CellKind as CellKind
from hiplog.storage.lines import Line as Line
from hiplog.storage.lines import Rules as Rules
from hiplog.storage.tables import (
    amendment_requests,
    audit_log,
    audit_payloads,
    clinic_settings,
    inquiries,
    patients,
    patients_identity,
    practitioners,
    reactions,
    request_steps,
    sessions,
)
from hiplog.storage.times import of_text as of_text
from hiplog.storage.unit import Unit as Unit
from hiplog.storage.unit import begin

SCHEMA = schema.HEAD
AUDIT = "audit_log"
BLOCK = 500
NOUGHT = "0000-00-00T00:00:00.000Z"
"""How a time is laid out where it is stored."""
# One user action may be an import of many rows; a query names at most this many keys at once.
KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Range:
    """The days asked for, both included, in the clinic's zone; ``None`` is open."""

    since: date | None = None
    until: date | None = None

    @property
    def whole(self) -> bool:
        """Whether everything is asked for."""
        return self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class View:
    """How another program reads the same logbook, in the same hands."""

    opening: Opening = field(repr=False)
    actor: str
    zone: str
    role: Role | None


def view(book: Logbook) -> View:
    """Return how ``book`` is read."""
    return View(book.opening, book.actor, book.clinic.zone, book.role)


@contextmanager
def reading(how: View, now: datetime) -> Iterator[Unit]:
    """Read a logbook in a unit of its own, closed at the end."""
    engine = connect(how.opening)
    try:
        with begin(engine, now, how.actor, how.zone, writing=False, role=how.role) as unit:
            yield unit
    finally:
        engine.dispose()


def sizes(unit: Unit) -> dict[str, int]:
    """Return how many rows every table has."""
    tables = metadata.sorted_tables
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    return dict(zip((table.name for table in tables), unit.all(select(*counts))[0], strict=True))


def stream(
    unit: Unit, table_name: str, *, since: date | None = None, until: date | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, sorted by key, without holding them all.

    With a range: the sessions that took place in it and what belongs to them, the patients concerned with
    their episodes and precautions, all practitioners. The audit trail is always whole, for a chain that is
    cut proves nothing.
    """
    query = _asked(unit, table_name, _query(table_name), Range(since, until))
    names = [column.name for column in query.selected_columns]
    for row in unit.stream(query, BLOCK):
        yield dict(zip(names, row, strict=True))


def written(
    unit: Unit,
    table_name: str,
    cells: Sequence[Cell],
    rules: Rules,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[list[Line]] | None:
    """Return the same rows as lines of CSV in blocks, made by the database; ``None`` when it cannot."""
    query = _asked(unit, table_name, _plain_query(table_name), Range(since, until))
    return lines.blocks(unit, query, cells, rules) if lines.can(unit, query, cells) else None


def different(
    unit: Unit,
    table_name: str,
    names: Sequence[str],
    most: int,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[dict[str, Any]]:
    """Return which different values the columns ``names`` of those rows hold together, at most so many."""
    table = metadata.tables[table_name]
    query = select(*(table.c[name] for name in names)).distinct().limit(most)
    rule = _in_range(unit, table_name, Range(since, until))
    return [dict(row._mapping) for row in unit.all(query if rule is None else query.where(rule))]


def count(unit: Unit, table_name: str, *, since: date | None = None, until: date | None = None) -> int:
    """Return how many rows :func:`stream` yields."""
    return filled(unit, table_name, since=since, until=until)[""]


def filled(
    unit: Unit, table_name: str, *, since: date | None = None, until: date | None = None
) -> dict[str, int]:
    """Return for every column how many rows hold a value; the empty name holds the number of rows."""
    query = _plain_query(table_name)
    rule = _in_range(unit, table_name, Range(since, until))
    columns = query.selected_columns
    counted = query.with_only_columns(
        func.count(), *(func.count(column) for column in columns), maintain_column_froms=True
    )
    row = unit.connection.execute(counted if rule is None else counted.where(rule)).one()
    return dict(zip(("", *(column.name for column in columns)), row, strict=True))


def codes(unit: Unit) -> dict[str, str]:
    """Return every practitioner's code by key."""
    return {row.id: row.code for row in unit.all(select(practitioners.c.id, practitioners.c.code))}


def settings(unit: Unit) -> dict[str, str]:
    """Return what the clinic set, and where its chains begin; not which keys seal them here."""
    rows = unit.all(select(clinic_settings).order_by(clinic_settings.c.id))
    return {row.id: row.value for row in rows if row.id != seals.KEPT}


def heads(unit: Unit) -> dict[str, Head]:
    """Return the ends of both chains."""
    return {name: chain.head(unit.connection, name) for name in chain.CHAINS}


def last_entry(unit: Unit, action: str) -> dict[str, Any] | None:
    """Return the newest ``action`` of the access chain with its body, or ``None``."""
    place = (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq)
    query = (
        select(audit_log.c.seq, audit_log.c.row_hash, audit_payloads.c.body)
        .join(audit_payloads, place)
        .where(audit_log.c.chain == "access", audit_log.c.action == action)
        .order_by(audit_log.c.seq.desc())
        .limit(1)
    )
    row = unit.one(query)
    return None if row is None else dict(row._mapping)


def present(unit: Unit, table_name: str, keys: Sequence[str]) -> set[str]:
    """Return which of ``keys`` the table holds already."""
    table, found = metadata.tables[table_name], set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        found |= {str(row.id) for row in unit.all(select(table.c.id).where(table.c.id.in_(part)))}
    return found


def add(unit: Unit, table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows under the audit; the caller gives them their meaning with ``unit.record``."""
    unit.insert(metadata.tables[table_name], *rows)


def change(unit: Unit, table_name: str, row_id: str, **values: Any) -> None:
    """Change one row under the audit."""
    unit.update(metadata.tables[table_name], row_id, **values)


def columns(table_name: str) -> tuple[str, ...]:
    """Return the names of a table's columns."""
    return tuple(column.name for column in metadata.tables[table_name].columns)


def _order(unit: Unit, table_name: str) -> tuple[ColumnElement[Any], ...]:
    table = metadata.tables[table_name]
    if table is audit_log:
        return (audit_log.c.seq,)
    # A server may sort by the rules of a language; the files are sorted by bytes.
    bytewise = unit.connection.dialect.name == "postgresql"
    return (collate(table.c.id, "C") if bytewise else table.c.id,)


def _audit_query() -> Select[Any]:
    place = (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq)
    joined = audit_log.outerjoin(audit_payloads, place)
    query = select(audit_log, audit_payloads.c.salt, audit_payloads.c.body).select_from(joined)
    return query.where(audit_log.c.chain == "record")


def _asked(unit: Unit, table_name: str, query: Select[Any], asked: Range) -> Select[Any]:
    rule = _in_range(unit, table_name, asked)
    ordered = query.order_by(*_order(unit, table_name))
    return ordered if rule is None else ordered.where(rule)


def _plain_query(table_name: str) -> Select[Any]:
    return _audit_query() if table_name == AUDIT else select(metadata.tables[table_name])


def _query(table_name: str) -> Select[Any]:
    return WHOLE[table_name]() if table_name in WHOLE else _plain_query(table_name)


def _in_range(unit: Unit, table_name: str, asked: Range) -> ColumnElement[bool] | None:
    if asked.whole or table_name in ("practitioners", "protocols", AUDIT):
        return None
    table = metadata.tables[table_name]
    wanted = and_(*_bounds(unit, asked))
    if table is sessions:
        return wanted
    if table is reactions:
        told = select(inquiries.c.id).join(sessions, sessions.c.id == inquiries.c.session_id).where(wanted)
        return reactions.c.inquiry_id.in_(told)
    if table in (amendment_requests, request_steps):
        return _requests_in(table, wanted)
    if "session_id" in table.c:
        return table.c.session_id.in_(select(sessions.c.id).where(wanted))
    owner = table.c.id if table in (patients, patients_identity) else table.c.patient_id
    return owner.in_(select(sessions.c.patient_id).where(wanted))


def _requests_in(table: Table, wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """What patients concerned asked: about a visit of the range, or about the record as a whole."""
    about, asked = amendment_requests.c.session_id, amendment_requests.c.patient_id
    visits = about.in_(select(sessions.c.id).where(wanted))
    whole = and_(about.is_(None), asked.in_(select(sessions.c.patient_id).where(wanted)))
    if table is amendment_requests:
        return or_(visits, whole)
    return request_steps.c.request_id.in_(select(amendment_requests.c.id).where(or_(visits, whole)))


def _bounds(unit: Unit, asked: Range) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if asked.since is not None:
        rules.append(sessions.c.occurred_at >= _midnight(asked.since, unit.zone))
    if asked.until is not None:
        rules.append(sessions.c.occurred_at < _midnight(asked.until + timedelta(days=1), unit.zone))
    return rules or [or_(sessions.c.id.is_not(None))]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def records(rows: Iterable[Mapping[str, Any]], table_name: str) -> list[dict[str, Any]]:
    """Return the stored columns of ``rows`` only, every column named."""
    names = columns(table_name)
    return [{name: row.get(name) for name in names} for row in rows]
