"""Who comes when: a clinic drawn from a seed, the visits of everybody in the order of time.

Patient number *i* is drawn from (seed, i) alone, so a small clinic is a part of a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from hiplog.clinical.causes import CAUSES
from hiplog.exchange.demo.people import LANGUAGES

YEARS = 8
THERAPISTS = 12
MOST_VISITS = 200
MEAN_VISITS = 9.6
LONG_HISTORY_EVERY = 500
OPENS_AT, QUARTERS = 8 * 60, 40
DAY = 24 * 60
FAMILIES = tuple(name for language in LANGUAGES for name in language.family)
GIVEN = tuple(name for language in LANGUAGES for name in (*language.female, *language.male))
CAUSE_CODES = tuple(CAUSES.codes)


class Person(NamedTuple):
    """One patient; ``hips`` are (side, cause, first day as ordinal)."""

    number: int
    family: str
    given: str
    birth: date
    sex: str
    phone: str | None
    hips: tuple[tuple[str, str, int], ...]


class Visit(NamedTuple):
    """One visit, sorted by time: ``minute`` counts from day 0 of the calendar, ``bits`` are its own luck."""

    minute: int
    person: int
    number: int
    hip: int
    therapist: int
    before: int
    after: int
    bits: int


@dataclass(frozen=True, slots=True)
class Clinic:
    """Everybody, and every visit in the order of time."""

    people: list[Person]
    visits: list[Visit]


def plan(patients: int, seed: int, today: date) -> Clinic:
    """Draw a clinic of ``patients`` whose last visits lie on ``today``."""
    people: list[Person] = []
    visits: list[Visit] = []
    for number in range(1, patients + 1):
        luck = Random(seed * 1_000_003 + number)
        person = _person(luck, number, today)
        people.append(person)
        visits += _visits(luck, person, today)
    visits.sort()
    return Clinic(people, visits)


def _person(luck: Random, number: int, today: date) -> Person:
    start = today.toordinal() - 365 * YEARS
    first = start + int(luck.random() * (today.toordinal() - start))
    birth = date.fromordinal(first) - timedelta(days=365 * 18 + int(luck.random() * 365 * 60))
    bits = luck.getrandbits(48)
    side = "LR"[bits & 1]
    hips = [(side, CAUSE_CODES[(bits >> 2) % len(CAUSE_CODES)], first)]
    if bits >> 8 & 7 == 0:
        other = "R" if side == "L" else "L"
        hips.append((other, CAUSE_CODES[(bits >> 12) % len(CAUSE_CODES)], first))
    phone = f"+49{bits % 10_000_000_000:010d}" if bits >> 16 & 1 else None
    return Person(
        number,
        FAMILIES[luck.randrange(len(FAMILIES))],
        GIVEN[luck.randrange(len(GIVEN))],
        birth,
        ("female", "male", "unknown")[min(2, (bits >> 20) % 41 // 20)],
        phone,
        tuple(hips),
    )


def _visits(luck: Random, person: Person, today: date) -> list[Visit]:
    count = min(MOST_VISITS, 1 + int(luck.expovariate(1 / MEAN_VISITS)))
    if person.number % LONG_HISTORY_EVERY == 0:
        count = 100 + luck.getrandbits(8) % 101
    gains = luck.random() < 0.55
    own = luck.getrandbits(16) % THERAPISTS
    pains = [4 + luck.random() * 5 for _ in person.hips]
    day, found = person.hips[0][2], []
    last = today.toordinal()
    for number in range(1, count + 1):
        if day > last:
            break
        bits = luck.getrandbits(62)
        hip = 0 if number == 1 else bits % len(person.hips)
        after = max(0.0, pains[hip] - (0.4 + luck.random() * 1.6 if gains else luck.random() * 0.9 - 0.2))
        therapist = own if bits >> 8 & 15 else (bits >> 12) % THERAPISTS
        minute = day * DAY + OPENS_AT + (bits >> 20) % QUARTERS * 15
        found.append(
            Visit(
                minute, person.number, number, hip, therapist, round(pains[hip]), round(min(10, after)), bits
            )
        )
        pains[hip] = min(10.0, after + luck.random() * (0.6 if gains else 1.3))
        day += 5 + (bits >> 30) % 16
    return found
