"""Follow-ups of the demo clinic: who was reached after a visit, when, and what was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from hiplog.clinical.reactions import FOLLOW_UP_DUE_H
from hiplog.clinical.record import Reading, SessionDraft
from hiplog.exchange.demo import effects
from hiplog.exchange.demo.events import Asked, NotReached
from hiplog.exchange.demo.hip import Hip
from hiplog.exchange.demo.hours import office_time
from hiplog.exchange.demo.ids import key

DONE, UNREACHABLE = 0.84, 0.12
FORGOTTEN_DAYS = 14
"""A follow-up that was left open is closed as not reached after this many days, so few stay overdue."""


def contact(rng: Random, hip: Hip, nth: int, visit: SessionDraft, now: datetime) -> Asked | NotReached | None:
    """Return the follow-up of ``visit``; ``None`` while it is not due or nobody has called yet."""
    due = visit.occurred_at + timedelta(hours=FOLLOW_UP_DUE_H)
    chance = rng.random()
    open_still = chance > DONE + UNREACHABLE and now - due < timedelta(days=FORGOTTEN_DAYS)
    if not visit.insertions or open_still:
        return None
    reached = chance < DONE
    delay = timedelta(hours=rng.uniform(0, 20) if reached else rng.uniform(20, 44))
    at = office_time(rng, due + delay, ZoneInfo(hip.zone))
    if at > now:
        return None
    if not reached:
        return NotReached(at, visit.therapist, visit.id)
    inquiry = effects.told(rng, "follow_up", visit.insertions, female=hip.female)
    return Asked(at, visit.therapist, visit.id, inquiry, _pain(rng, hip, nth, visit.therapist))


def _pain(rng: Random, hip: Hip, nth: int, tester: str) -> tuple[Reading, ...]:
    if rng.random() < 0.5:
        return ()
    pain = Decimal(hip.course.pain(rng, nth + 1))
    return (Reading("follow_up", "NPRS", pain, tester=tester, id=key(rng)),)
