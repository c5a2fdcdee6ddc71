"""Set up a PostgreSQL server for a clinic: a database, its roles, and the empty schema with its founder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe

from sqlalchemy import URL, Connection, text

from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import PractitionerDraft
from hiplog.language import _
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_file
from hiplog.storage import grants, postgres, schema
from hiplog.storage.engine import server_url
from hiplog.storage.refusals import translated

MAINTENANCE = "postgres"


@dataclass(frozen=True, slots=True)
class Made:
    """A database set up: the URLs of its logins, without passwords, and what the server should do better."""

    logins: Mapping[str, str]
    weak: tuple[str, ...]


def create(
    settings: Settings,
    clinic: str,
    zone: str,
    first: PractitionerDraft,
    keep: Path,
    clock: Callable[[], datetime],
) -> Made:
    """Make the database that ``settings`` names, with an administrator's login, and found the clinic in it.

    The passwords of the three new logins go into the new private file ``keep`` and nowhere else. Raises
    ``BadInput`` when the database holds something already or ``keep`` exists, ``Refused`` when the login
    is no administrator's.
    """
    admin = server_url(settings.database)
    roles = grants.roles_of(admin.database or "")
    if keep.exists():
        raise BadInput(_("{keep}: exists already; name a new file for the passwords").format(keep=keep))
    passwords = {kind: token_urlsafe(24) for kind in grants.LOGINS}
    with _administering(admin.set(database=MAINTENANCE)) as connection:
        if not connection.execute(_RIGHTS).scalar():
            raise Refused(
                _("this login is no administrator of the server; log in as one who is: they make the logins")
            )
        _make_database(connection, roles)
    with _administering(admin) as connection:
        if schema.revision(connection) is not None:
            raise BadInput(_("this database holds a logbook already; nothing was changed, name another"))
        grants.prepare(connection, roles, passwords)
        weak = tuple(postgres.weaknesses(connection))
    _keep(keep, admin, roles, passwords)
    try:
        Logbook.create(settings, clinic, zone, first, clock).close()
    except BaseException:
        keep.unlink()
        raise
    return Made({kind: _shown(admin, roles.login(kind), keep) for kind in grants.LOGINS}, weak)


_RIGHTS = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")


def weaknesses(settings: Settings) -> list[str]:
    """Say which settings of the server could lose or damage records."""
    with _administering(server_url(settings.database)) as connection:
        return postgres.weaknesses(connection)


@contextmanager
def _administering(url: URL) -> Iterator[Connection]:
    engine = postgres.engine(url, read_only=False)
    try:
        with translated(), engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
    finally:
        engine.dispose()


def _make_database(connection: Connection, roles: grants.Roles) -> None:
    there = text("SELECT 1 FROM pg_database WHERE datname = :name")
    if not connection.execute(there, {"name": roles.database}).scalar():
        connection.exec_driver_sql(f"CREATE DATABASE {roles.database} TEMPLATE template0 ENCODING 'UTF8'")


def _keep(path: Path, admin: URL, roles: grants.Roles, passwords: Mapping[str, str]) -> None:
    """Write the passwords as libpq reads them: host, port, database, login, password."""
    place = (_host(admin), str(admin.port or admin.query.get("port") or "*"), roles.database)
    lines = [
        ":".join(_escaped(part) for part in (*place, roles.login(kind), passwords[kind]))
        for kind in grants.LOGINS
    ]
    private_file(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _host(url: URL) -> str:
    named = url.host or url.query.get("host")
    return named if isinstance(named, str) else "*"


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace(":", "\\:")


def _shown(admin: URL, login: str, keep: Path) -> str:
    kept = {name: value for name, value in admin.query.items() if name not in ("passfile", "options")}
    url = URL.create("postgresql", login, None, admin.host, admin.port, admin.database, kept)
    return url.update_query_dict({"passfile": str(keep.resolve())}).render_as_string(hide_password=False)
