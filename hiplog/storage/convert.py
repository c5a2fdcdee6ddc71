"""A whole logbook from a plain file into an encrypted one and back, every row compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hiplog.clinical.errors import IntegrityFailed
from hiplog.language import _
from hiplog.settings import private_file
from hiplog.storage import backup
from hiplog.storage.engine import Opening, open_file
from hiplog.storage.refusals import driver_words

NUMBERS = ("application_id", "user_version")
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: its numbers, its schema, and for each table the count and digest of its rows."""

    numbers: tuple[int, ...]
    schema: tuple[tuple[str, str], ...]
    tables: dict[str, tuple[int, str]]


@contextmanager
def alone(opening: Opening) -> Iterator[Any]:
    """Yield a driver's connection that no other program can read or write beside, until it is closed."""
    from sqlcipher3 import dbapi2

    try:
        with closing(open_file(opening)) as connection:
            connection.execute("PRAGMA main.journal_mode=DELETE")
            connection.execute("PRAGMA main.locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            yield connection
    except dbapi2.Error as error:
        raise driver_words(error) from None


def write(connection: Any, opening: Opening, fresh: Path, key: bytes | None) -> None:
    """Write all of ``connection`` into the new file ``fresh``, encrypted with ``key`` or plain without.

    Raises ``IntegrityFailed`` unless the new file verifies (pages, audit chain) and holds every row.
    """
    private_file(fresh)
    _export(connection, fresh, key)
    made = replace(opening, database=str(fresh), key=key, read_only=False)
    with closing(open_file(made)) as written:
        written.execute("PRAGMA journal_mode=DELETE")
        same = content(connection) == content(written)
    found = [] if same else [_("a row, a table or a rule is missing")]
    found += backup.check(replace(made, read_only=True))
    if found:
        raise IntegrityFailed(
            _(
                "the new file does not verify ({first}); nothing was changed, see: hiplog doctor --full"
            ).format(first=found[0])
        )


def content(connection: Any) -> Content:
    """Read everything and return its counts and digests."""
    numbers = tuple(connection.execute(f"PRAGMA main.{name}").fetchone()[0] for name in NUMBERS)
    schema = connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name").fetchall()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return Content(
        numbers, tuple(map(tuple, schema)), {name: _digest(connection, name) for (name,) in tables}
    )


def _digest(connection: Any, table: str) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name out of the schema itself
    while part := rows.fetchmany(ROWS_AT_ONCE):
        count += len(part)
        for row in part:
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return count, digest.hexdigest()


def _export(connection: Any, fresh: Path, key: bytes | None) -> None:
    # The rows come table by table, so a row may stand there before the one it refers to.
    connection.execute("PRAGMA foreign_keys=OFF")
    secret = f"x'{key.hex()}'" if key is not None else ""
    connection.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(fresh), secret))
    try:
        connection.execute("SELECT sqlcipher_export('fresh')").fetchall()
        for name in NUMBERS:
            (number,) = connection.execute(f"PRAGMA main.{name}").fetchone()
            connection.execute(f"PRAGMA fresh.{name}={int(number)}")
    finally:
        connection.execute("DETACH DATABASE fresh")
