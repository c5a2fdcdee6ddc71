"""Clinics to copy: a closed logbook with the keys of its seals, and a large one, made once a run."""

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


def copied(template: Path, folder: Path) -> settings.Settings:
    """Return the settings of ``folder`` with a copy of the closed logbook ``template`` and its keys in it."""
    at = settings.load(at=str(folder), environ={})
    settings.private_folder(at.path.parent)
    shutil.copy2(template, at.path)
    # The keys of the seals lie apart from the logbook; without them every entry counts as unproven.
    shutil.copytree(template.with_name("keys"), at.seals)
    return at


def large(temp: pytest.TempPathFactory, folder: Path, clock: Clock = utc_now) -> Logbook:
    """Return a logbook of two thousand patients in ``folder``, opened by its owner.

    Made by whichever worker asks first.
    """
    return Logbook.open(copied(_made(temp), folder), clock)


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
