"""Who comes when: every patient's visits booked into the diary, so that today is a lively day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hiplog.exchange.demo.hip import Appointment
from hiplog.exchange.demo.hours import VISIT, Diary, near, working_day
from hiplog.exchange.demo.people import STAFF

THERAPISTS = tuple(code for code, *_ in STAFF)
ROLES = ("today", "half", "late", "unsigned", "due", "no_consent", "late", "today", "due", "today")
MORE_ROLES = ("today", "late", "due", "today", "today", "due")
MOST_ACTIVE = 45
VISITS = ((3, 4, 5, 6, 7, 8, 9, 10), (10, 16, 22, 20, 14, 9, 5, 4))
DROP_OUT, COLLEAGUE, RETURN = 0.16, 0.06, 0.3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Booking:
    """One episode's visits. ``role`` says what its last visit stands for today, ``past`` nothing special:

    ``today`` was signed today, ``half`` is being written, ``unsigned`` and ``no_consent`` were left as
    drafts, ``due`` and ``late`` still wait for their follow-up.
    """

    patient: int
    number: int
    role: str
    visits: tuple[Appointment, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when the clinic is shown; ``latest`` is the last working day with a visit behind it."""

    since: date
    now: datetime
    latest: date
    zone: ZoneInfo

    def window(self, role: str) -> tuple[datetime, datetime]:
        """Between which moments the last visit of ``role`` begins."""
        morning = datetime.combine(self.latest, time(), self.zone).astimezone(UTC)
        ended = self.now - VISIT - timedelta(minutes=5)
        hours = timedelta(hours=1)
        return {
            "today": (morning, ended),
            "half": (morning, self.now - timedelta(minutes=6)),
            "unsigned": (morning - 4 * DAY, morning),
            "no_consent": (self.now - 13 * DAY, self.now - 6 * DAY),
            "due": (self.now - 71 * hours, self.now - 25 * hours),
            "late": (self.now - 11 * DAY, self.now - 4 * DAY),
        }[role]


def span(patients: int, now: datetime, zone: ZoneInfo) -> Span:
    """Return the time shown: half a year for a small clinic, five years and more for a big one.

    The rooms hold 270 visits a week; 16 new patients a week fill less than half of them.
    """
    weeks = max(min(26 + patients // 9, 260), patients // 16)
    local = (now - timedelta(hours=1)).astimezone(zone)
    latest = local.date() if local.time() >= time(8) else local.date() - DAY
    latest = working_day(latest, -1)
    return Span(working_day(latest - timedelta(weeks=weeks)), now, latest, zone)


def book(rng: Random, patients: int, shown: Span) -> list[Booking]:
    """Return the bookings of all patients, in no particular order."""
    diary = Diary(shown.zone)
    booked: list[Booking] = []
    for patient, role in enumerate(_roles(patients)):
        active = _active(rng, diary, shown, patient, role) if role != "past" else None
        booked += [active] if active else _past(rng, diary, shown, patient)
    return booked


def _roles(patients: int) -> list[str]:
    active = min(max(len(ROLES), patients // 3), MOST_ACTIVE)
    more = (MORE_ROLES * MOST_ACTIVE)[: max(0, active - len(ROLES))]
    return [*ROLES, *more, *["past"] * patients][:patients]


def _active(rng: Random, diary: Diary, shown: Span, patient: int, role: str) -> Booking | None:
    """Book the last visit where the role wants it and the visits before it a week apart."""
    since, until = shown.window(role)
    found = diary.book_within(rng, THERAPISTS, since, until, latest=role == "half")
    if found is None:
        return None
    therapist, at = found
    visits = [Appointment(at, therapist)]
    day = at.astimezone(shown.zone).date()
    for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 5, 6))):
        day = near(rng, day - timedelta(days=rng.choice((6, 7, 7, 7, 8, 9))))
        earlier = _appointment(rng, diary, therapist, day)
        if earlier.at < visits[0].at - DAY:
            visits.insert(0, earlier)
    return Booking(patient, 1, role, tuple(visits), finished=False)


def _past(rng: Random, diary: Diary, shown: Span, patient: int) -> list[Booking]:
    """Book a course from a day in the past on, and now and then another one after it."""
    days = (shown.latest - shown.since).days
    begins = shown.since + timedelta(days=rng.randrange(max(days - 14, 1)))
    first = _course(rng, diary, shown, patient, 1, begins)
    if not first.finished or rng.random() > RETURN:
        return [first]
    again = shown.latest - timedelta(days=21)
    begins = first.visits[-1].at.date() + timedelta(days=rng.randrange(21, 120))
    return [first] if begins > again else [first, _course(rng, diary, shown, patient, 2, begins)]


def _course(rng: Random, diary: Diary, shown: Span, patient: int, number: int, begins: date) -> Booking:
    planned = rng.choices(*VISITS)[0]
    kept = rng.choice((1, 2, 2, 3)) if rng.random() < DROP_OUT else planned
    therapist = rng.choice(THERAPISTS)
    visits: list[Appointment] = []
    day = near(rng, begins)
    while len(visits) < kept:
        booked = _appointment(rng, diary, therapist, day)
        if visits and booked.at > shown.now - timedelta(hours=2):
            break
        visits.append(booked)
        step = (5, 6, 7, 7, 7, 8, 9) if len(visits) < 5 else (7, 10, 12, 14, 14)
        day = near(rng, booked.at.date() + timedelta(days=rng.choice(step)))
    return Booking(patient, number, "past", tuple(visits), finished=len(visits) == planned)


def _appointment(rng: Random, diary: Diary, therapist: str, day: date) -> Appointment:
    who = rng.choice(THERAPISTS) if rng.random() < COLLEAGUE else therapist
    return Appointment(diary.book(rng, who, day), who)
