"""The unit of work: one user action, one transaction, its audit row in the same commit.

A unit rolls back unless told to commit. It is the only way to write: every change goes through
:meth:`Unit.insert`, :meth:`Unit.update` or :meth:`Unit.delete`, is kept as a row image, and must be given
its meaning by :meth:`Unit.record` before the commit.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Delete,
    Engine,
    Executable,
    Insert,
    Row,
    Select,
    Table,
    Update,
    delete,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from hiplog.clinical import roles
from hiplog.clinical.errors import Stale, Unreachable, Unsettled
from hiplog.clinical.record import Role
from hiplog.language import _
from hiplog.storage import canonical, chain, figures, kept, refusals
from hiplog.storage.asked import Asked
from hiplog.storage.engine import BEGIN_WRITING, WRITING, turn
from hiplog.storage.refusals import translated
from hiplog.storage.tables import IDENTITY, UNAUDITED

PATIENCE_S = 5.0
TURN_S = (0.0002, 0.003)
"""Shortest and longest wait, in seconds, before a writer asks again for its turn."""
UNSETTLED = _("the connection broke while this was being saved, and whether it arrived is not known yet")
NOT_ARRIVED = _("the connection broke while this was being saved; it was not saved, try again")
SAVED_MEANWHILE = _("somebody else saved this record in the meantime; read it again, nothing was overwritten")
LOOK_S = 3.0
SMALL_CACHE_KB = 8192


@dataclass(slots=True)
class Unit:
    """An open transaction. ``now``, ``actor`` and ``zone`` are given, never read from the machine.

    ``role`` is what the actor may do (:mod:`hiplog.clinical.roles`); the program itself has none. ``proven``
    says that the actor has just given the PIN for this action.
    """

    connection: Connection
    now: datetime
    actor: str
    zone: str
    role: Role | None = None
    proven: bool = False
    _changes: list[tuple[Table, dict[str, Any]]] = field(default_factory=list, repr=False)
    _entries: list[chain.Entry] = field(default_factory=list, repr=False)
    _touched: set[str] = field(default_factory=set, repr=False)
    _committed: bool = False
    _mark: str | None = None

    @property
    def sees_names(self) -> bool:
        """Whether names and what was written in words may be shown to the actor."""
        return self.role is None or roles.may(self.role, "names")

    def all(self, query: Select[Any], **values: Any) -> Sequence[Row[Any]]:
        """Return every row of ``query``; ``values`` are those of its named parameters."""
        return self.connection.execute(query, values).all()

    def rows(self, query: Asked, **values: Any) -> list[Sequence[Any]]:
        """Return every row of a question that is kept ready, as plain tuples."""
        return query.rows(self.connection, **values)

    def columns(self, query: Asked, **values: Any) -> list[Sequence[Any]]:
        """Return the same column by column; no columns at all when there is no row."""
        return query.columns(self.connection, **values)

    def one(self, query: Select[Any], **values: Any) -> Row[Any] | None:
        """Return the first row of ``query`` or ``None``."""
        return self.connection.execute(query, values).first()

    def stream(self, query: Select[Any], size: int = 500) -> Iterator[Row[Any]]:
        """Yield the rows of ``query`` without holding them all."""
        yield from self.connection.execute(query.execution_options(yield_per=size))

    @contextmanager
    def frugal(self) -> Iterator[None]:
        """Keep few of a file's pages in memory: for a reading that comes to each of them about once."""
        if self.connection.dialect.name != "sqlite":
            yield
            return
        kept = self.connection.exec_driver_sql("PRAGMA cache_size").scalar()
        self.connection.exec_driver_sql(f"PRAGMA cache_size={-SMALL_CACHE_KB}")
        try:
            yield
        finally:
            self.connection.exec_driver_sql(f"PRAGMA cache_size={kept}")

    def insert(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Add ``rows``; a broken rule of the table raises ``Refused``."""
        if rows:
            with translated():
                kept.insert(self.connection, table, rows)
        for row in rows:
            self._note(table, str(row.get("id")), "insert", canonical.image(table, row))

    def update(self, table: Table, row_id: str, version: int | None = None, **values: Any) -> None:
        """Change one row. With ``version``, raise ``Stale`` when somebody saved it in the meantime."""
        given: dict[str, Any] = {kept.KEY: row_id}
        if version is not None:
            given[kept.VERSION] = version
            values["version"] = version + 1
        statement = kept.update(table, tuple(values), version is not None)
        given |= {kept.TO + name: value for name, value in values.items()}
        row = self._write(statement, given).first()
        if row is None:
            raise Stale(SAVED_MEANWHILE)
        self._note(table, row_id, "update", canonical.image(table, row._mapping))

    def delete(self, table: Table, row_id: str) -> None:
        """Remove one row of something unsigned; its images stay in the audit."""
        self._write(delete(table).where(table.c.id == row_id), None)
        self._note(table, row_id, "delete", None)

    def note(self, table: Table, row_id: str, row: Mapping[str, Any]) -> None:
        """Record a row as it stands, because the entry that recorded it was emptied."""
        self._note(table, row_id, "update", canonical.image(table, row))

    def record(self, action: str, entity: str, entity_id: str | None) -> None:
        """Give the changes since the last call their meaning: one audit row, identity apart.

        Raises ``Forbidden`` when the role of the actor does not allow it.
        """
        roles.require_entry(self.role, action, self.actor, record=True)
        apart = [[c for t, c in self._changes if (t.name in IDENTITY) is wanted] for wanted in (False, True)]
        self._changes.clear()
        coded, identity = apart
        if coded or not identity:
            self._enter("record", action, entity, entity_id, coded)
        if identity:
            self._enter("record", f"{action}{chain.ERASABLE}", entity, entity_id, identity)

    def record_each(self, action: str, entity: str, owners: Mapping[str, str]) -> None:
        """Like :meth:`record` for several things written together: one audit row for each of them.

        ``owners`` maps the key of every row changed since the last call to the thing that it belongs to.
        """
        own: dict[str, list[tuple[Table, dict[str, Any]]]] = {}
        for table, change in self._changes:
            own.setdefault(owners[change["id"]], []).append((table, change))
        for entity_id, changes in own.items():
            self._changes[:] = changes
            self.record(action, entity, entity_id)

    def access(self, action: str, entity: str, entity_id: str | None = None, **facts: Any) -> None:
        """Log that somebody looked, exported or checked; nothing of the record changes."""
        roles.require_entry(self.role, action, self.actor, record=False)
        body = canonical.dumps({"v": 1, "facts": facts})
        self._entries.append(
            chain.Entry("access", self.now, self.zone, self.actor, action, entity, entity_id, body)
        )

    def alone(self) -> None:
        """Wait until no other writer is at work: for a number that follows the highest one so far."""
        with translated():
            chain.lock(self.connection)

    def settle(self) -> None:
        """Append the audit rows; a change without a meaning raises ``RuntimeError``."""
        if self._changes:
            names = sorted({table.name for table, _ in self._changes})
            raise RuntimeError(f"changes of {', '.join(names)} were given no meaning in the audit")
        with translated():
            self._mark = chain.append(self.connection, self._entries) or self._mark
            # After the lock of the trail, which whoever counts anew holds as well.
            figures.mark(self.connection, self._touched)
        self._entries.clear()
        self._touched.clear()

    def commit(self) -> None:
        """Append the audit rows and make everything durable at once.

        Raises ``Unsettled`` when the server went away before it said whether it did.
        """
        self.settle()
        try:
            with translated():
                self.connection.commit()
        except Unreachable as error:
            if self._mark is None or self.connection.dialect.name != "postgresql":
                raise
            raise Unsettled(f"{UNSETTLED} ({error})", self._mark) from None
        self._committed = True

    def _enter(
        self, on: chain.Chain, action: str, entity: str, entity_id: str | None, changes: list[Any]
    ) -> None:
        body = canonical.dumps({"v": 1, "changes": changes})
        entry = chain.Entry(on, self.now, self.zone, self.actor, action, entity, entity_id, body)
        self._entries.append(entry)

    def _note(self, table: Table, row_id: str, operation: str, image: dict[str, Any] | None) -> None:
        if table.name not in UNAUDITED:
            change = {"table": table.name, "id": row_id, "op": operation, "row": image}
            self._changes.append((table, change))
            key = figures.touched(table.name, image)
            if key is not None:
                self._touched.add(key)

    def _write(self, statement: Insert | Update | Delete | Executable, values: dict[str, Any] | None) -> Any:
        with translated():
            return self.connection.execute(statement, values)


@contextmanager
def begin(
    engine: Engine,
    now: datetime,
    actor: str,
    zone: str,
    *,
    writing: bool,
    role: Role | None = None,
    proven: bool = False,
    waits: Callable[[], None] | None = None,
) -> Iterator[Unit]:
    """Open a unit; it is rolled back at the end unless it was committed.

    One that only reads sees a single state of the record throughout, whatever others save meanwhile.
    ``waits`` is told once when another program is writing to the file and this one has to wait for its turn.
    """
    options: dict[str, Any] = {WRITING: writing}
    if engine.dialect.name == "postgresql" and not writing:
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        _begin_patiently(connection, writing, waits)
        unit = Unit(connection, now, actor, zone, role, proven)
        try:
            yield unit
        finally:
            if not unit._committed:
                with suppress(DBAPIError):
                    connection.rollback()


def commit(work: Unit, look: Callable[[str], bool]) -> None:
    """Commit; where the answer was lost, ``look`` whether it arrived, for as long as that is quick.

    Raises ``Unreachable`` when it certainly did not, ``Unsettled`` when that cannot be told yet.
    """
    began = time.monotonic()
    try:
        work.commit()
        return
    except Unsettled as broken:
        lost = broken
    # A break that was slow to show is a dead network: a person should hear of it now.
    deadline = time.monotonic() + (LOOK_S if time.monotonic() - began < LOOK_S else 0)
    while time.monotonic() < deadline:
        try:
            found = look(lost.mark)
        except Unreachable:
            time.sleep(0.1)
            continue
        if not found:
            raise Unreachable(NOT_ARRIVED)
        work._committed = True
        return
    raise lost


def arrived(engine: Engine, mark: str) -> bool:
    """Whether the commit that ended in ``Unsettled`` was made; ``Unreachable`` if that is still unknown.

    It is looked up by the hash of its audit row, under the lock that its transaction held to the end, so
    that a commit still under way on the server cannot be taken for one that failed.
    """
    with translated(), engine.connect() as connection:
        return chain.holds(connection, mark)


def _begin_patiently(connection: Connection, writing: bool, waits: Callable[[], None] | None) -> None:
    try:
        connection.begin()
        return
    except OperationalError as error:
        if not writing or not refusals.is_locked(refusals.first_line(error.orig)):
            raise refusals.words(error) from None
    if waits is not None:
        waits()
    _take_turn(connection)
    try:
        connection.begin()
    except OperationalError as error:
        raise refusals.words(error) from None


def _take_turn(connection: Connection) -> None:
    """Begin by the driver, again and again while another program writes.

    A short wait of random length shares the file fairly. Asked through the library, each try would cost more
    than the wait.
    """
    driver: Any = connection.connection.dbapi_connection
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        time.sleep(random.uniform(*TURN_S))  # noqa: S311 - jitter, not a secret
        try:
            with turn(driver):
                driver.execute(BEGIN_WRITING)
            return
        except connection.dialect.loaded_dbapi.Error as error:
            # Anything else the library meets as well, and says it in its own way.
            if not refusals.is_locked(refusals.first_line(error)):
                return
