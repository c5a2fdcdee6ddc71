"""Openings that cost little: what SQLAlchemy made of the statements is kept from one opening to the next.

A logbook that is opened a thousand times in one test would translate every statement a thousand times. Each
opening still gets connections of its own to the file, and reads everything anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from hiplog.logbook import book
from hiplog.storage import backup, engine, seals
from hiplog.storage.engine import Opening

Kept = dict[Opening, tuple[Engine, Any]]


def connect(kept: Kept, opening: Opening) -> Engine:
    """Return an engine without a connection, an earlier one for the same opening where there is one."""
    if opening not in kept:
        made = engine.connect(opening)
        kept[opening] = made, made.get_execution_options()[seals.SEALING]
    found, ring = kept[opening]
    found.dispose()
    found.update_execution_options(**{seals.SEALING: ring})
    return found


@contextmanager
def openings() -> Iterator[None]:
    """Open logbooks this way for as long as it lasts; only one at a time at each place."""
    warm = partial(connect, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book, "connect", warm)
        patch.setattr(backup, "connect", warm)
        yield
