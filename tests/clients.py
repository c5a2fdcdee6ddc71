"""Another program at the logbook's database: the standard library's SQLite, or psycopg."""

from __future__ import annotations

import atexit
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import servers

from hiplog.settings import Settings
from hiplog.storage import guards

Execute = Callable[[str], list[tuple[Any, ...]]]
REFUSALS = (sqlite3.Error, psycopg.Error)


@contextmanager
def other(places: Settings) -> Iterator[Execute]:
    """Yield a function that runs one statement past hiplog, at once and for good."""
    if places.is_file:
        with sqlite(places.path) as execute:
            yield execute
        return
    with servers.connected(places.database) as server:

        def execute(statement: str) -> list[tuple[Any, ...]]:
            cursor = server.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

        yield execute


@contextmanager
def sqlite(path: Path) -> Iterator[Execute]:
    """The same for a file, in a process of its own: within one, SQLite's locks do not see each other."""
    child = _child()
    _ask(child, "open", str(path))
    try:
        yield lambda statement: [tuple(row) for row in _ask(child, "do", statement)]
    finally:
        _ask(child, "close", "")


CLIENT = """
import json, sqlite3, sys
files = []
for line in sys.stdin:
    verb, text = json.loads(line)
    try:
        said = []
        if verb == "open":
            files.append(sqlite3.connect(text, isolation_level=None))
            files[-1].execute("PRAGMA synchronous = OFF")
        elif verb == "do":
            said = files[-1].execute(text).fetchall()
        else:
            files.pop().close()
        print(json.dumps([said, None]), flush=True)
    except sqlite3.Error as error:
        print(json.dumps([[], str(error)]), flush=True)
"""


@cache
def _child() -> subprocess.Popen[str]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    child = subprocess.Popen([sys.executable, "-c", CLIENT], text=True, **pipes)
    atexit.register(child.kill)
    return child


def _ask(child: subprocess.Popen[str], verb: str, text: str) -> list[Any]:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps([verb, text]) + "\n")
    child.stdin.flush()
    said, wrong = json.loads(child.stdout.readline())
    if wrong is not None:
        raise sqlite3.DatabaseError(wrong)
    return list(said)


@contextmanager
def unguarded(places: Settings) -> Iterator[Execute]:
    """The same with every guard laid aside, and made anew afterwards as a careful forger would."""
    kept = {rule.name: rule.table for rule in guards.rules()}
    with other(places) as execute:
        if not places.is_file:
            for table in guards.guarded():
                execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield execute
            for table in guards.guarded():
                execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        found = execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name in kept:
            execute(f"DROP TRIGGER {name}")
        yield execute
        for _, body in found:
            execute(body)
