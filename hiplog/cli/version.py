"""``hiplog --version``: what a person is asked for when something is wrong with their logbook."""

from __future__ import annotations

import platform

from hiplog import __version__
from hiplog.language import _
from hiplog.storage.head import HEAD

MISSING = _("missing: encrypted logbooks cannot be opened")


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
        f"schema {HEAD}\n"
        f"SQLite {dbapi2.sqlite_version}\n"
        f"SQLCipher {cipher[0] if cipher else MISSING}\n"
        f"Python {platform.python_version()}\n"
    )
