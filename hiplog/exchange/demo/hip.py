"""One episode of one demo patient while it is being planned: who, which hip, when the visits are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hiplog.clinical.record import EpisodeDraft, Precaution
from hiplog.exchange.demo.course import Course
from hiplog.exchange.demo.needling import Plan


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked visit: when (UTC) and with whom."""

    at: datetime
    therapist: str


@dataclass(frozen=True, slots=True)
class Hip:
    """An episode with its booked visits; ``finished`` when the course came to its planned end."""

    code: str
    number: int
    female: bool
    draft: EpisodeDraft
    plan: Plan
    course: Course
    precautions: tuple[Precaution, ...]
    visits: tuple[Appointment, ...]
    finished: bool
    zone: str
