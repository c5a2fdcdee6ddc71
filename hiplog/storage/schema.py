"""The schema's version: a cheap probe, and an upgrade that backs up first and checks afterwards.

Alembic is imported only when a logbook is made or upgraded. ``HEAD`` is what this program writes; a test
holds it against the newest revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text

from hiplog.clinical.errors import HiplogError, IntegrityFailed
from hiplog.language import _
from hiplog.storage import bulk, chain, grants, guards
from hiplog.storage.columns import metadata
from hiplog.storage.engine import APPLICATION_ID, WRITING
from hiplog.storage.head import HEAD as HEAD
from hiplog.storage.refusals import translated
from hiplog.storage.tables import clinic_settings

USER_VERSION = 1
T = TypeVar("T")
PACKAGE = Path(__file__).resolve().parent.parent


class State(Enum):
    """How a logbook's schema stands to this program's."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"


def config_file() -> Path:
    """Where ``alembic.ini`` lies: in the package when installed, beside it in a checkout."""
    inside = PACKAGE / "alembic.ini"
    return inside if inside.is_file() else PACKAGE.parent / "alembic.ini"


def revision(connection: Connection) -> str | None:
    """Return the revision the database says it has, or ``None`` when it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def state(engine: Engine) -> State:
    """Probe the schema without Alembic; only an unknown revision asks Alembic whether it is an old one."""
    with translated(), engine.connect() as connection:
        found = revision(connection)
    if found is None:
        return State.EMPTY
    if found == HEAD:
        return State.CURRENT
    return State.BEHIND if found in _known() else State.NEWER


def _known() -> set[str]:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(Config(str(config_file())))
    return {script.revision for script in scripts.walk_revisions()}


def create(engine: Engine, now: datetime, found: Callable[[Connection], T]) -> T:
    """Make the whole schema in an empty database, lay the chain's genesis, let ``found`` add the first rows.

    All of it is one transaction: a logbook is there with its clinic or not at all.
    """
    with _changing(engine) as connection:
        _run_revisions(connection)
        _stamp(connection)
        rows = [{"id": chain.GENESIS, "value": chain.first_hash(str(uuid4()), now)}]
        connection.execute(insert(clinic_settings), rows)
        return found(connection)


def upgrade(engine: Engine, backup: Callable[[], object]) -> None:
    """Bring an older schema to ``HEAD`` in one transaction, after ``backup`` has made a verified copy.

    Also makes every guard anew. Raises ``IntegrityFailed`` and rolls everything back when rows were lost or
    point nowhere afterwards.
    """
    backup()
    with _changing(engine) as connection:
        before = _counts(connection)
        guards.lay_aside(connection)
        _run_revisions(connection)
        _stamp(connection)
        _check(connection, before)


def unguarded(engine: Engine) -> bool:
    """Whether a guard of the signed record is missing, so that an upgrade is due although nothing else is."""
    with translated(), engine.connect() as connection:
        return bool(guards.missing(connection))


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction without foreign keys, on a connection that nobody uses afterwards."""
    try:
        with translated(), engine.connect().execution_options(**{WRITING: True}) as connection:
            _without_foreign_keys(connection)
            with connection.begin(), bulk.allowed(connection):
                grants.take_over(connection)
                yield connection
    finally:
        engine.dispose()


def _without_foreign_keys(connection: Connection) -> None:
    # Inside a transaction the pragma does nothing, so it goes to the driver before one begins.
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute("PRAGMA foreign_keys=OFF")


def _run_revisions(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(str(config_file()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    grants.install(connection)


def _stamp(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={USER_VERSION}")


def _counts(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    counts = {name: select(func.count()).select_from(metadata.tables[name]) for name in metadata.tables}
    return {name: connection.execute(counts[name]).scalar_one() for name in counts.keys() & there}


def _check(connection: Connection, before: dict[str, int]) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise IntegrityFailed(
                _(
                    "the upgrade would leave {count} rows that point nowhere; undone. Keep the older "
                    "program, and the backup made before"
                ).format(count=len(broken))
            )
    after = _counts(connection)
    lost = sorted(name for name, count in before.items() if after.get(name, 0) < count)
    if lost:
        raise IntegrityFailed(
            _(
                "the upgrade would lose rows of {lost}; undone. Keep the older program, and the "
                "backup made before"
            ).format(lost=", ".join(lost))
        )


def require(engine: Engine) -> State:
    """Return the state, or raise when the database holds no logbook at all."""
    found = state(engine)
    if found is State.EMPTY:
        raise HiplogError(_("this database holds no logbook yet; make one with: hiplog init"))
    return found
