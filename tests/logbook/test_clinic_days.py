"""A day of the clinic is its own day, also when its clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import samples
from clocks import FIRST, SetClock

from hiplog import settings
from hiplog.logbook import worklist
from hiplog.logbook.book import Logbook

DAYS = [
    ("Europe/Berlin", "2026-03-29T00:30", 22.5),
    ("Europe/Berlin", "2025-10-26T00:30", 24.5),
    ("Africa/Cairo", "2026-04-24T01:00", 23),
    ("Australia/Lord_Howe", "2026-04-05T00:10", 24.3),
    ("Pacific/Kiritimati", "2026-04-05T00:01", 24),
]


@pytest.mark.parametrize(("zone", "morning", "hours"), DAYS)
def test_a_day_with_a_changed_clock_is_one_day(tmp_path: Path, zone: str, morning: str, hours: float) -> None:
    begun = datetime.fromisoformat(morning).replace(tzinfo=ZoneInfo(zone))
    clock = SetClock(begun.astimezone(UTC))
    night = begun.replace(hour=23, minute=59).astimezone(UTC)
    assert abs((night - clock.now).total_seconds() / 3600 - hours) < 0.1
    places = settings.load(at=str(tmp_path), environ={})
    book = Logbook.create(places, "Hip clinic", zone, FIRST, clock)
    samples.signed(book)
    clock.now = night
    assert [item.code for item in book.read(worklist.today).signed_today] == ["P-001"]
    clock.forward(minutes=2)
    assert [item.code for item in book.read(worklist.today).recent] == ["P-001"]
    book.close()
