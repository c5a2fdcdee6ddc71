"""After something was erased: nothing of it in free pages, in the write-ahead file, or in dead rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from hiplog.clinical.errors import Unreachable
from hiplog.language import _
from hiplog.storage.refusals import translated

ERASED_FROM = ("patients_identity", "audit_payloads")
BUSY = _(
    "the identity is erased, but another program has the logbook open, so old pages "
    "may still hold it beside the file; close the others and run: hiplog patient "
    "scrub"
)


def clean(engine: Engine) -> None:
    """Write the file anew without what was erased; ``Unreachable`` while somebody else has it open."""
    if engine.dialect.name == "postgresql":
        with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ERASED_FROM:
                connection.exec_driver_sql(f"VACUUM FULL {table}")
        return
    raw = engine.raw_connection()
    try:
        # The driver's own connection: nothing of this may run inside a transaction.
        driver: Any = raw.driver_connection
        driver.execute("VACUUM")
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except engine.dialect.loaded_dbapi.OperationalError:
        busy = 1
    finally:
        raw.close()
    if busy:
        raise Unreachable(BUSY)
