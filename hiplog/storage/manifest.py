"""What lies beside each backup: the heads of its trail, its rows by table, its schema, its file's sum.

A backup verifies by itself; that it is the one that was made, whole and of this logbook, shows only against
something written down when it was made. Nothing in it tells of a patient.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

import hiplog
from hiplog.errors import IntegrityFailed
from hiplog.language import _
from hiplog.settings import private_file
from hiplog.storage import chain
from hiplog.storage.chain import Head
from hiplog.storage.columns import metadata, utc_text

FORMAT = "hiplog-backup-1"
UNREADABLE = _(
    "{path}: this manifest of a backup cannot be read; it was altered, or only half of it is there"
)
SUM = _("the file is not the one that was backed up: its SHA-256 differs from that in the manifest")
HEAD = _("the head of its {chain} trail is entry {seq}, by the manifest it was entry {wanted}")
REWRITTEN = _("the head of its {chain} trail is not that of the manifest")
ROWS = _("{table}: it holds {count} rows, by the manifest {wanted}")
SCHEMA = _("its schema is {found}, by the manifest {wanted}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup as it was when it was made: ``rows`` by table, ``sha256`` and ``bytes`` of the file."""

    made_at: str
    version: str
    schema: str
    genesis: str
    heads: tuple[Head, ...]
    rows: dict[str, int]
    sha256: str = ""
    bytes: int = 0


def beside(path: Path) -> Path:
    """Return where the manifest of the backup ``path`` lies."""
    return path.with_name(f"{path.name}.json")


def of(connection: Connection, made_at: datetime) -> Manifest:
    """Describe what an open database holds, without the sum of its file."""
    heads = tuple(chain.head(connection, name) for name in chain.CHAINS)
    # Before an upgrade the newest tables are not there yet.
    there = set(inspect(connection).get_table_names())
    rows = {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
        if table.name in there
    }
    return Manifest(
        utc_text(made_at), hiplog.__version__, _schema(connection), chain.genesis(connection), heads, rows
    )


def write(path: Path, described: Manifest, target: Path) -> Path:
    """Lay the manifest of the file ``path``, which is to be called ``target``, beside that."""
    whole = replace(described, sha256=_sum(path), bytes=path.stat().st_size)
    place = beside(target)
    part = place.with_name(f"{place.name}.part")
    part.unlink(missing_ok=True)
    private_file(part)
    body = {"format": FORMAT, **asdict(whole), "heads": [asdict(head) for head in whole.heads]}
    part.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    part.replace(place)
    return place


def read(path: Path) -> Manifest | None:
    """Return the manifest of the backup ``path``, ``None`` when none lies there.

    ``IntegrityFailed`` when there is one that cannot be read.
    """
    place = beside(path)
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise ValueError
        heads = tuple(Head(str(one["chain"]), int(one["seq"]), str(one["row_hash"])) for one in told["heads"])
        rows = {str(name): int(count) for name, count in told["rows"].items()}
        return Manifest(**{**told, "heads": heads, "rows": rows, "bytes": int(told["bytes"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise IntegrityFailed(UNREADABLE.format(path=place)) from None


def differences(wanted: Manifest, connection: Connection) -> Iterator[str]:
    """Yield what an open backup holds otherwise than its manifest says."""
    found = of(connection, datetime.fromisoformat(wanted.made_at))
    if found.schema != wanted.schema:
        yield SCHEMA.format(found=found.schema, wanted=wanted.schema)
    for head, told in zip(found.heads, wanted.heads, strict=False):
        if head.seq != told.seq:
            yield HEAD.format(chain=head.chain, seq=head.seq, wanted=told.seq)
        elif head != told:
            yield REWRITTEN.format(chain=head.chain)
    for table, count in wanted.rows.items():
        if found.rows.get(table, 0) != count:
            yield ROWS.format(table=table, count=found.rows.get(table, 0), wanted=count)


def altered(wanted: Manifest, path: Path) -> Iterator[str]:
    """Say so when the file ``path`` is not the one that the manifest was made of."""
    if path.stat().st_size != wanted.bytes or _sum(path) != wanted.sha256:
        yield SUM


def _schema(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
