"""A large invented clinic: made once a run, whichever worker asks first, and copied for each test."""

from __future__ import annotations

import fcntl
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hiplog import settings
from hiplog.exchange import demo
from hiplog.logbook.book import Clock, Logbook, utc_now

LARGE = 2_000
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def large(temp: pytest.TempPathFactory, folder: Path, clock: Clock = utc_now) -> Logbook:
    """Return a logbook of two thousand patients in ``folder``, opened by its owner."""
    at = settings.load(at=str(folder), environ={})
    settings.private_folder(at.path.parent)
    shutil.copy2(_made(temp), at.path)
    return Logbook.open(at, clock)


def _made(temp: pytest.TempPathFactory) -> Path:
    base = temp.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    places = settings.load(at=str(run / f"clinic-of-{LARGE}"), environ={})
    with (run / f"clinic-of-{LARGE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not places.path.exists():
            fresh = settings.load(at=str(run / f"clinic-of-{LARGE}-in-the-making"), environ={})
            demo.make(fresh, patients=LARGE, seed=1, now=NOW, clock=lambda: NOW).close()
            fresh.path.parent.rename(places.path.parent)
    return places.path
