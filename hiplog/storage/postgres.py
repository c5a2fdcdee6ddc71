"""A connection to a PostgreSQL server that never waits for ever, and what it must promise about its disk.

A network can fail in two ways. A dead one acknowledges nothing: the kernel gives up after
``tcp_user_timeout``, and keepalives find it out on a connection that only listens. A frozen peer acknowledges
everything and never answers: neither the kernel nor the server counts that time, so
:class:`WatchedConnection` does, and drops the socket.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from hiplog.clinical.errors import Unreachable
from hiplog.language import _

if TYPE_CHECKING:
    from psycopg import Connection as Driver

# Seconds for one answer of a frozen peer. The server itself gives up a little earlier, in words.
ANSWER_S = 10.0
# A look at an idle connection that fails faster than this was a server restarted; slower, a dead network.
QUICK_S = 1.0
CHAIRS_POOL = 4
GONE = _(
    "the database server does not answer; nothing is lost on this side. Look at the network and try again"
)
DEFAULTS = {
    "connect_timeout": "3",
    "tcp_user_timeout": "4000",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "application_name": "hiplog",
}
LIMITS = (
    "lock_timeout=3s",
    "statement_timeout=9s",
    "idle_in_transaction_session_timeout=30s",
    "tcp_user_timeout=10s",
    "tcp_keepalives_idle=5",
)
DURABLE = {"fsync": "on", "full_page_writes": "on", "data_checksums": "on"}
HERE = ("localhost", "127.0.0.1", "::1")
ACKNOWLEDGED = ("on", "remote_write", "remote_apply")


def engine(url: URL, *, read_only: bool) -> Engine:
    """Return an engine whose connections look before they are used and give up a frozen peer."""
    url = url.set(drivername="postgresql+psycopg")
    url = url.update_query_dict({name: value for name, value in DEFAULTS.items() if name not in url.query})
    given = url.query.get("options", "")
    options = " ".join(
        [given if isinstance(given, str) else " ".join(given), *(f"-c {one}" for one in LIMITS)]
    )
    if read_only:
        options += " -c default_transaction_read_only=on"
    try:
        made = create_engine(
            url,
            connect_args={"options": options},
            poolclass=QueuePool,
            pool_size=CHAIRS_POOL,
            pool_use_lifo=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise Unreachable(
            _("PostgreSQL needs the driver: install hiplog with the extra 'postgres'")
        ) from None
    event.listen(made, "do_connect", _connect)
    event.listen(made, "connect", _acknowledging)
    event.listen(made, "checkout", _look)
    return made


def patiently(connection: Connection) -> None:
    """Let the statements of this transaction take as long as they need; for an upgrade or an import."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        driver: Any = connection.connection.dbapi_connection
        driver.answer_s = None


def weaknesses(connection: Connection) -> list[str]:
    """Say which settings of the server could lose or silently damage what it acknowledged."""
    query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    found = {
        row.name: row.setting
        for row in connection.execute(query, {"names": [*DURABLE, "synchronous_commit"]})
    }
    weak = [
        _("{name} is {value}").format(name=name, value=found.get(name))
        for name, wanted in DURABLE.items()
        if found.get(name) != wanted
    ]
    # Of this session: it was raised when the connection was made.
    if found.get("synchronous_commit") not in ACKNOWLEDGED:
        weak.append(
            _("{name} is {value}").format(name="synchronous_commit", value=found.get("synchronous_commit"))
        )
    return weak


def line(connection: Connection) -> tuple[bool, bool]:
    """Whether this connection is encrypted, and whether it leaves the machine or could."""
    driver: Any = connection.connection.dbapi_connection
    host = driver.info.host
    return bool(driver.pgconn.ssl_in_use), not (host.startswith("/") or host in HERE)


def _connect(dialect: Any, record: Any, cargs: Any, cparams: Any) -> Driver:
    return watched().connect(*cargs, **cparams)


def watched() -> type[Driver]:
    """Return the class of connections that are watched; made on the first use, for the driver is an extra."""
    global _class
    if _class is None:
        _class = _make()
    return _class


_class: type[Driver] | None = None


def _make() -> type[Driver]:
    import psycopg
    from psycopg import errors

    class WatchedConnection(psycopg.Connection):
        """A connection that drops its socket when the server leaves it without an answer."""

        answer_s: float | None = ANSWER_S

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            """Wait for one answer of the server, ``answer_s`` seconds at most."""
            try:
                return super().wait(gen, interval, self.answer_s if timeout is None else timeout)
            except errors._WaitTimeout:
                self.pgconn.finish()
                raise psycopg.OperationalError("the server does not answer: connection dropped") from None

    return WatchedConnection


def _acknowledging(driver: Any, record: Any) -> None:
    """A commit of ours is on the server's disk before it is called saved, whatever the server's default."""
    driver.autocommit = True
    if driver.execute("SELECT current_setting('synchronous_commit')").fetchone()[0] not in ACKNOWLEDGED:
        driver.execute("SET synchronous_commit = on")
    driver.autocommit = False


def _look(driver: Any, record: Any, proxy: Any) -> None:
    """See whether a pooled connection still answers; one that died quickly is replaced."""
    import psycopg

    if type(driver).answer_s is not None:
        driver.answer_s = type(driver).answer_s
    began = time.monotonic()
    try:
        driver.autocommit = True
        driver.execute("")
        driver.autocommit = False
        # A transaction that only read leaves "read write" behind; that would lift a read-only default.
        driver.read_only = None
    except psycopg.Error:
        if time.monotonic() - began > QUICK_S:
            record.invalidate()
            raise Unreachable(GONE) from None
        raise DisconnectionError from None
