"""What the first screen shows, read by the driver alone before the database library is loaded.

The same rows as :mod:`hiplog.logbook.worklist` asks for, which a test holds it to; whatever is out of the
ordinary (encrypted, of another version, somebody who must prove who that is, a file in trouble) is left to
the ordinary opening, which says so.
"""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hiplog.storage.head import HEAD
from hiplog.storage.times import utc_text

HEADER = b"SQLite format 3\x00"
SCREENFUL = 50
PRAGMAS = ("busy_timeout=0", "query_only=ON", "trusted_schema=OFF", "cell_size_check=ON", "temp_store=MEMORY")

_COLUMNS = "s.patient_id, p.code, i.family, i.given, s.id, s.number, e.side, e.cause"
_JOINED = (
    "sessions s JOIN patients p ON p.id = s.patient_id JOIN episodes e ON e.id = s.episode_id "
    "LEFT JOIN patients_identity i ON i.id = p.id"
)
# Only constants of this module are put together; every value is bound.
_VISITS = f"SELECT {_COLUMNS}, s.occurred_at FROM {_JOINED}"  # noqa: S608
_SIGNED = "s.status = 'signed' AND s.id NOT IN (SELECT session_id FROM signatures WHERE meaning = 'void')"
_LATEST = f"ORDER BY s.occurred_at DESC, s.id LIMIT {SCREENFUL}"
ACTOR = "SELECT id, code, role, active FROM practitioners WHERE lower(code) = lower(?) ORDER BY code DESC"
FIRST = "SELECT id, code, role, active FROM practitioners WHERE active ORDER BY code LIMIT 1"
SECRETS = "SELECT 1 FROM credentials WHERE id = ? AND (passphrase_hash IS NOT NULL OR pin_hash IS NOT NULL)"
DRAFTS = f"{_VISITS} WHERE s.status = 'draft' {_LATEST}"
SIGNED = f"{_VISITS} WHERE {_SIGNED} AND s.signed_at >= ? {_LATEST}"
COUNTED = f"SELECT count(*) FROM sessions s WHERE {_SIGNED} AND s.signed_at >= ?"  # noqa: S608
RECENT = (
    "SELECT s.id, s.signed_at FROM sessions s "  # noqa: S608
    f"WHERE s.occurred_at > '0001-01-02T00:00:00.000Z' AND {_SIGNED} "
    "ORDER BY s.occurred_at DESC, s.id LIMIT ?"
)
DUE = (
    f"SELECT {_COLUMNS}, f.due_at, f.closes_at FROM {_JOINED} "  # noqa: S608
    "JOIN follow_ups f ON f.session_id = s.id "
    f"WHERE f.state = 'due' AND f.due_at <= ? ORDER BY f.due_at, s.id LIMIT {SCREENFUL * 4}"
)

Rows = list[tuple[Any, ...]]


class Glance(NamedTuple):
    """The clinic, who acts, and the rows of the worklist as the file holds them."""

    name: str
    zone: str
    actor: str
    role: str
    drafts: Rows
    due: Rows
    signed_today: Rows
    recent: Rows


def of(path: Path, actor: str | None, now: datetime) -> Glance | None:
    """Read what a plain logbook shows first; ``None`` when the ordinary opening must be asked."""
    from sqlcipher3 import dbapi2

    try:
        with path.open("rb") as file:
            if file.read(len(HEADER)) != HEADER:
                return None
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = dbapi2.connect(address, uri=True, isolation_level=None, timeout=0)
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN")
            return _read(connection, actor, now)
        finally:
            connection.close()
    except (dbapi2.Error, OSError, ValueError, KeyError, UnicodeDecodeError):
        return None


def _read(connection: Any, actor: str | None, now: datetime) -> Glance | None:
    def rows(query: str, *values: Any) -> Rows:
        found: Rows = connection.execute(query, values).fetchall()
        return found

    if rows("SELECT version_num FROM alembic_version") != [(HEAD,)]:
        return None
    kept: dict[str, str] = dict(rows("SELECT id, value FROM clinic_settings WHERE id IN ('name', 'zone')"))
    who = (rows(ACTOR, actor) if actor else rows(FIRST))[:1]
    if len(kept) < 2 or not who or not who[0][3] or rows(SECRETS, who[0][0]):
        return None
    zone = ZoneInfo(kept["zone"])
    midnight = utc_text(datetime.combine(now.astimezone(zone).date(), time(), zone))
    return Glance(
        kept["name"],
        kept["zone"],
        who[0][1],
        who[0][2],
        drafts=rows(DRAFTS),
        due=rows(DUE, utc_text(now)),
        signed_today=rows(SIGNED, midnight),
        recent=_recent(rows, midnight),
    )


def _recent(rows: Any, midnight: str) -> Rows:
    latest = rows(RECENT, SCREENFUL + rows(COUNTED, midnight)[0][0])
    ids = [key for key, signed in latest if signed < midnight][:SCREENFUL]
    marks = ", ".join("?" * len(ids))
    found: Rows = rows(f"{_VISITS} WHERE s.id IN ({marks}) {_LATEST}", *ids)
    return found
