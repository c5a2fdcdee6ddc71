"""Which patients' figures have to be counted anew: noted in the transaction of every change they rest on.

The owner's figures are kept as integer counts (:mod:`hiplog.outcomes.kept`). A save notes only whom it
touched, by the key of the patient or of one of the sessions, which costs it next to nothing; whoever looks
counts those few people anew, so that what is shown is never behind the record. Nothing here is part of the
record: it can be made of it again at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from hiplog.storage import bulk
from hiplog.storage.tables import outcome_cells, outcome_marks, outcome_parts, patients

# Rows of these belong to a signed session, or are looked at each time: drafts and what is due.
BY_SESSION = {"signatures", "amendments", "follow_ups"}
LATER = {"inquiries", "readings"}
ROWS_AT_ONCE = 1000
_MARK = {
    "sqlite": "INSERT INTO outcome_marks (id) VALUES (?) ON CONFLICT (id) DO NOTHING",
    "postgresql": "INSERT INTO outcome_marks (id) VALUES (%s) ON CONFLICT (id) DO NOTHING",
}


def touched(table: str, row: Mapping[str, Any] | None) -> str | None:
    """Return the key of the patient or session whose figures the image of a changed row may alter."""
    if row is None:
        # Only rows of a draft are ever removed, and no kept figure rests on a draft.
        return None
    if table == "patients":
        return str(row["id"])
    if table == "episodes":
        return str(row["patient_id"])
    if table == "sessions":
        return str(row["id"]) if row["status"] == "signed" else None
    if table in BY_SESSION or (table in LATER and row["follow_up_id"] is not None):
        return str(row["session_id"])
    return None


def mark(connection: Connection, keys: Collection[str]) -> None:
    """Note patients or sessions; the caller holds the lock of the trail, so that no mark is lost."""
    if keys:
        statement = _MARK[connection.dialect.name]
        connection.exec_driver_sql(statement, [(key,) for key in sorted(keys)])


def mark_everybody(connection: Connection) -> None:
    """Forget every figure and note every patient: after rows came in another way than through a unit."""
    tables = (outcome_marks, outcome_parts, outcome_cells)
    with bulk.allowed(connection, *tables):
        for table in tables:
            connection.execute(delete(table))
    connection.execute(insert(outcome_marks).from_select(["id"], select(patients.c.id)))


def marks(connection: Connection, most: int | None = None) -> Iterator[str]:
    """Yield the keys that were noted."""
    query = select(outcome_marks.c.id).order_by(outcome_marks.c.id)
    yield from connection.scalars(query if most is None else query.limit(most))
