"""The clinic's hours: working days, half-hour slots in local time, one patient at a time per therapist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

CLOSED_ON = frozenset({(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)})
"""Fixed public holidays as (month, day); Berlin's, without the movable ones."""

OPENS = tuple(time(hour, minute) for hour in (8, 9, 10, 11) for minute in (0, 30)) + tuple(
    time(hour, minute) for hour in (13, 14, 15, 16, 17) for minute in (0, 30)
)
VISIT = timedelta(minutes=30)


def is_open(day: date) -> bool:
    """Whether the clinic works on ``day``."""
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED_ON


def working_day(day: date, step: int = 1) -> date:
    """Return ``day``, or the nearest working day in the direction of ``step`` (1 later, -1 earlier)."""
    while not is_open(day):
        day += timedelta(days=step)
    return day


def near(rng: Random, day: date) -> date:
    """Return ``day``, or a working day close to it when the clinic is closed then."""
    if day.weekday() >= 5:
        day += timedelta(days=rng.choice((-3, -2, 2, 3)))
    return working_day(day)


def office_time(rng: Random, earliest: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment for a telephone call: in office hours, from ``earliest`` on, within some hours."""
    local = earliest.astimezone(zone)
    if not is_open(local.date()) or local.time() > time(17, 30):
        local = datetime.combine(working_day(local.date() + timedelta(days=1)), time(8), zone)
    elif local.time() < time(8):
        local = datetime.combine(local.date(), time(8), zone)
    closing = datetime.combine(local.date(), time(18), zone)
    left = int((closing - local).total_seconds())
    return (local + timedelta(seconds=rng.randrange(60, left))).astimezone(UTC)


class Diary:
    """Which slots are taken. Times come back aware and in UTC."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._taken: set[tuple[str, datetime]] = set()

    def book(self, rng: Random, therapist: str, day: date) -> datetime:
        """Take a free slot of ``therapist`` on ``day``, or on the next working day that has one."""
        while True:
            day = working_day(day)
            free = list(self._free(therapist, day))
            if free:
                return self._take(therapist, rng.choice(free))
            day += timedelta(days=1)

    def book_within(
        self,
        rng: Random,
        therapists: tuple[str, ...],
        since: datetime,
        until: datetime,
        *,
        latest: bool = False,
    ) -> tuple[str, datetime] | None:
        """Take a free slot that begins between two moments (or the latest); ``None`` if there is none."""
        day, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        free: list[tuple[str, datetime]] = []
        while day <= last:
            free += [(one, at) for one in therapists for at in self._free(one, day) if since <= at <= until]
            day += timedelta(days=1)
        if not free:
            return None
        therapist, at = max(free, key=lambda slot: slot[1]) if latest else rng.choice(free)
        return therapist, self._take(therapist, at)

    def _free(self, therapist: str, day: date) -> Iterator[datetime]:
        if is_open(day):
            slots = (datetime.combine(day, begins, self.zone).astimezone(UTC) for begins in OPENS)
            yield from (at for at in slots if (therapist, at) not in self._taken)

    def _take(self, therapist: str, at: datetime) -> datetime:
        self._taken.add((therapist, at))
        return at
