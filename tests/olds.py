"""Logbooks as older programs wrote them: from the files kept for ever, on a server from the same rows."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, inspect, select, text

from hiplog import settings
from hiplog.logbook import vault
from hiplog.settings import Settings
from hiplog.storage import guards, schema
from hiplog.storage.columns import metadata
from hiplog.storage.engine import WRITING, Opening, connect

OLD = Path(__file__).parent / "storage" / "old"
REVISIONS = sorted(one.name for one in OLD.iterdir() if (one / "facts.json").is_file())
KINDS = ("plain", "encrypted")
PASSPHRASE, CODE = "correct horse battery", "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"


def laid(folder: Path, revision: str, kind: str) -> Settings:
    """Put a copy of an old logbook into ``folder``."""
    places = settings.load(at=str(folder), environ={})
    settings.private_folder(places.path.parent)
    places.path.write_bytes(gzip.decompress((OLD / revision / f"{kind}.db.gz").read_bytes()))
    slots = OLD / revision / f"{kind}.db.keys"
    if slots.exists():
        shutil.copyfile(slots, places.path.with_name("hiplog.db.keys"))
    return places


def facts(revision: str, kind: str) -> dict[str, Any]:
    """What it held on the day it was made: rows by table, heads by trail."""
    told: dict[str, Any] = json.loads((OLD / revision / "facts.json").read_text())[kind]
    return told


def key_of(places: Settings) -> bytes | None:
    """The key of an old encrypted logbook, ``None`` for a plain one."""
    return vault.unlock(places, PASSPHRASE)


def on_server(url: str, places: Settings, revision: str) -> None:
    """Make the schema of ``revision`` in an empty database, and fill it with the rows of the old file."""
    source, target = connect(Opening(places.database)), connect(Opening(url))
    with disposed(source), disposed(target), source.connect() as old, target.connect() as new:
        new.execution_options(**{WRITING: True})
        with new.begin():
            _schema(new, revision)
            new.execute(text("SET LOCAL session_replication_role = replica"))
            for table in metadata.sorted_tables:
                _copied(old, new, table.name)
            there = set(inspect(new).get_table_names())
            for rule in guards.rules():
                for statement in guards._postgresql(rule) if rule.table in there else ():
                    new.exec_driver_sql(statement)


@contextmanager
def disposed(engine: Engine) -> Iterator[None]:
    """Let go of an engine afterwards: a child that is forked later must not share its lines."""
    try:
        yield
    finally:
        engine.dispose()


def _schema(connection: Connection, revision: str) -> None:
    scripts = ScriptDirectory.from_config(Config(str(schema.config_file())))

    def steps(found: Any, _: Any) -> Any:
        return scripts._upgrade_revs(revision, found)

    context = MigrationContext.configure(
        connection, opts={"fn": steps, "target_metadata": metadata, "transactional_ddl": True}
    )
    with Operations.context(context):
        context.run_migrations()


def _copied(old: Connection, new: Connection, name: str) -> None:
    """Copy the rows of a table that both have, by the columns that both have."""
    if not (inspect(old).has_table(name) and inspect(new).has_table(name)):
        return
    table = metadata.tables[name]
    here, there = ({one["name"] for one in inspect(side).get_columns(name)} for side in (old, new))
    columns = [column for column in table.columns if column.name in here & there]
    rows = [dict(row._mapping) for row in old.execute(select(*columns))]
    if rows:
        new.execute(insert(table), rows)
