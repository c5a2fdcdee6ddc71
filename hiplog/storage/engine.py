"""From a path or URL to an engine: pragmas, immediate transactions, and the look before the first open.

A file is looked at before SQLite touches it, because SQLite fills an empty file with a new database
and calls a damaged, encrypted or foreign one "not a database" alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from hiplog.clinical.errors import BadInput, IntegrityFailed, NotFound, Unreachable
from hiplog.language import _
from hiplog.storage import bulk, keys, seals

APPLICATION_ID = 0x48504C47
SAFE_WAL = (3, 51, 3)
HEADER = b"SQLite format 3\x00"
WRITING = "hiplog_writing"
BEGIN_WRITING = "BEGIN IMMEDIATE"
WANTED = _("the database must be a file path or a postgresql:// URL")

Kind = Literal["plain", "encrypted"]
BUSY_S = 5
"""Seconds that SQLite itself waits for another program's short step, but for the one of :func:`turn`."""
PRAGMAS = (
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "cache_size=-65536",
    "mmap_size=0",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a logbook is to be opened. ``key`` is the raw 32-byte key of an encrypted file.

    ``ring`` holds the keys of the audit trail's seals, where they are not derived from ``key``.
    """

    database: str
    key: bytes | None = field(default=None, repr=False)
    read_only: bool = False
    ring: seals.Ring = field(default=seals.Ring(), repr=False)

    @property
    def is_file(self) -> bool:
        """Whether the database is a local file."""
        return "://" not in self.database


def connect(opening: Opening) -> Engine:
    """Return an engine for the logbook; nothing is read yet on a server, a file was looked at."""
    engine = _sqlite(opening) if opening.is_file else _postgresql(opening)
    ring = opening.ring
    if opening.key is not None and not ring.keys:
        ring = seals.Ring((seals.derived(opening.key),))
    engine.update_execution_options(**{seals.SEALING: ring})
    bulk.watch(engine)
    return engine


def look(path: Path) -> Kind:
    """Say whether ``path`` is a plain or an encrypted logbook, by size, header and the key file beside it.

    ``NotFound`` when there is none, ``IntegrityFailed`` when it is empty, cut off, or another program's,
    ``Unreachable`` when this user may not read it.
    """
    try:
        size, head = _beginning(path)
    except OSError as error:
        raise Unreachable(
            _("{path}: cannot be read here ({strerror})").format(path=path, strerror=error.strerror)
        ) from None
    if size < 100:
        raise IntegrityFailed(
            (
                _(
                    "{path}: is empty, so it is no logbook; it was left as it is. Restore a backup with: "
                    "hiplog restore FILE"
                )
                if size == 0
                else _(
                    "{path}: has only {size} bytes, so it is no logbook; it was left as it is. Restore a "
                    "backup with: hiplog restore FILE"
                )
            ).format(path=path, size=size)
        )
    if head[:16] != HEADER:
        if keys.beside(path).exists():
            return "encrypted"
        raise IntegrityFailed(
            _(
                "{path}: is not a plain logbook, and no key file lies beside it (damaged, "
                "parted from its key file, or another kind of file); it was left as it is. "
                "Restore a backup with: hiplog restore FILE"
            ).format(path=path)
        )
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise IntegrityFailed(
            _("{path}: is a SQLite file of another program; it was left as it is").format(path=path)
        )
    return "plain"


def _beginning(path: Path) -> tuple[int, bytes]:
    if not path.exists():
        raise NotFound(_("{path}: no logbook here; make one with: hiplog init").format(path=path))
    if not path.is_file():
        raise BadInput(_("{path}: is not a file; name the logbook file itself").format(path=path))
    with path.open("rb") as file:
        return path.stat().st_size, file.read(100)


def writable(path: Path) -> bool:
    """Whether both the file and its folder can be written (SQLite needs both)."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _sqlite(opening: Opening) -> Engine:
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: open_file(opening),
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def closed() -> Engine:
    """Return an engine that reaches nothing."""

    def refuse() -> Any:
        raise Unreachable(_("the logbook is closed; unlock it first"))

    return create_engine("sqlite://", creator=refuse, hide_parameters=True)


def open_file(opening: Opening) -> Any:
    """Return a connection of the driver's own to a logbook file, ready for use."""
    from sqlcipher3 import dbapi2

    path = Path(opening.database).absolute()
    connection = dbapi2.connect(
        _uri(path, opening.read_only), uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_S
    )
    try:
        for statement in _opening_statements(dbapi2, opening):
            connection.execute(statement)
    except dbapi2.Error:
        connection.close()
        raise
    return connection


def _uri(path: Path, read_only: bool) -> str:
    if not read_only:
        return f"{path.as_uri()}?mode=rw"
    # In WAL mode a reader writes beside the file too; where the folder forbids that, only an immutable
    # open works. It would not see commits that still stand in a WAL, so never beside one.
    pending = path.with_name(f"{path.name}-wal").exists()
    frozen = "" if pending or os.access(path.parent, os.W_OK) else "&immutable=1"
    return f"{path.as_uri()}?mode=ro{frozen}"


def _opening_statements(dbapi: Any, opening: Opening) -> list[str]:
    statements = ["PRAGMA cipher_log_level=NONE"]
    if opening.key is not None:
        statements.append(f"PRAGMA key=\"x'{opening.key.hex()}'\"")
    statements.append("SELECT count(*) FROM sqlite_master")
    statements += [f"PRAGMA {pragma}" for pragma in PRAGMAS]
    if opening.read_only:
        return [*statements, "PRAGMA query_only=ON"]
    return [*statements, *durable(dbapi.sqlite_version_info)]


def durable(version: tuple[int, ...]) -> list[str]:
    """The journal settings under which no acknowledged commit is lost in a power cut.

    Libraries before 3.51.3 can lose a commit when two connections checkpoint a WAL at once, so they
    get a rollback journal whose deletion is synced as well.
    """
    if version >= SAFE_WAL:
        journal = ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"]
    else:
        journal = ["PRAGMA journal_mode=DELETE", "PRAGMA synchronous=EXTRA"]
    return [*journal, "PRAGMA fullfsync=ON", "PRAGMA checkpoint_fullfsync=ON"]


@contextmanager
def turn(driver: Any) -> Iterator[None]:
    """Let ``driver`` ask once for its turn to write, and not wait for it; every later step waits as usual.

    SQLite's own waiting sleeps longer and longer, so that whoever has just written comes first again and some
    writer never does. A commit, and with a rollback journal a read, waits for one short step of another
    program: there it is right.
    """
    driver.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    # A unit of work that had to wait for its turn has begun by the driver already.
    if driver.in_transaction:
        return
    if not connection.get_execution_options().get(WRITING, False):
        connection.exec_driver_sql("BEGIN")
        return
    with turn(driver):
        connection.exec_driver_sql(BEGIN_WRITING)


def _postgresql(opening: Opening) -> Engine:
    from hiplog.storage import postgres

    return postgres.engine(server_url(opening.database), read_only=opening.read_only)


def server_url(database: str) -> URL:
    """Read the URL of a PostgreSQL database; ``BadInput`` for any other."""
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        raise BadInput(WANTED) from None
    if url.get_backend_name() != "postgresql":
        raise BadInput(WANTED)
    return url
