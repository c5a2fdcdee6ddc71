"""``hiplog --version``: what a person is asked for when something is wrong with their logbook."""

from __future__ import annotations

import platform
from pathlib import Path

from hiplog import __version__

PACKAGE = Path(__file__).resolve().parent.parent


def text() -> str:
    """The program's version, then the schema it writes and the engines beneath it, a line each."""
    # The connection comes without the rest of storage, which would load the database library.
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(":memory:")
    try:
        cipher = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return (
        f"hiplog {__version__}\n"
        f"schema {schema()}\n"
        f"SQLite {dbapi2.sqlite_version}\n"
        f"SQLCipher {cipher[0] if cipher else 'missing: encrypted logbooks cannot be opened'}\n"
        f"Python {platform.python_version()}\n"
    )


def schema() -> str:
    """The newest revision that came with the program."""
    inside = PACKAGE / "migrations"
    folder = inside if inside.is_dir() else PACKAGE.parent / "migrations"
    return max(path.name.partition("_")[0] for path in folder.glob("versions/[0-9]*.py"))
