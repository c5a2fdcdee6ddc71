"""The whole demo clinic as events in time: pure, from a seed and the moment it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from hiplog.clinical.record import SessionDraft
from hiplog.exchange.demo import cases, charts, contacts, mishaps, schedule, visits
from hiplog.exchange.demo.charts import Chart
from hiplog.exchange.demo.events import (
    Closed,
    Event,
    NotReached,
    Opened,
    Registered,
    Resumed,
    Visited,
    Warned,
)
from hiplog.exchange.demo.hip import Hip
from hiplog.exchange.demo.hours import office_time

AnyEvent = TypeVar("AnyEvent", bound=Event)
DRAFTS = ("half", "unsigned", "no_consent")
WAITING = ("due", "late")
CLOSED_AT_LAST, CLOSED_LATER = 0.7, 0.6
MISSED_WEEKS = 8


def clinic(patients: int, seed: int, now: datetime, zone: ZoneInfo) -> tuple[Event, ...]:
    """Return everything that happened up to ``now``, in strictly ascending time."""
    rng = Random(f"{seed}/clinic")  # noqa: S311 - a story, not a secret
    shown = schedule.span(patients, now, zone)
    dealt = cases.deck(rng, patients)
    booked = schedule.book(rng, patients, shown)
    events: list[Event] = []
    for chart in charts.every(seed, dealt, booked, shown):
        own = Random(f"{seed}/events/{chart.person.code}")  # noqa: S311 - as above
        events += _chart(own, chart, now)
    return _ascending(mishaps.befall(rng, events, now, zone))


def _chart(rng: Random, chart: Chart, now: datetime) -> list[Event]:
    first = chart.hips[0].visits[0]
    came = first.at - timedelta(minutes=10)
    events: list[Event] = [Registered(came, first.therapist, chart.person)]
    for n, precaution in enumerate(chart.precautions, 1):
        at = came + timedelta(minutes=1 + n)
        events.append(Warned(at, first.therapist, chart.person.code, precaution))
    for hip in chart.hips:
        events += _hip(rng, hip, chart.role, now)
    return events


def _hip(rng: Random, hip: Hip, role: str, now: datetime) -> list[Event]:
    begun = hip.visits[0]
    events: list[Event] = [
        Opened(begun.at - timedelta(minutes=1), begun.therapist, hip.code, hip.number, hip.draft)
    ]
    last: SessionDraft | None = None
    unasked = False
    for nth in range(len(hip.visits)):
        special = role if nth == len(hip.visits) - 1 else "past"
        if special in DRAFTS:
            return events + _draft(rng, hip, nth, last, special)
        sure = special in WAITING
        visit = visits.needled(rng, hip, nth, last) if sure else visits.whole(rng, hip, nth, last, unasked)
        events.append(Visited(_written(rng, visit, now), visit.therapist, visit))
        called = None if sure else contacts.contact(rng, hip, nth, visit, now)
        events += [called] if called else []
        unasked = called is None or isinstance(called, NotReached)
        last = visit if visit.insertions else last
    return events + _closing(rng, hip, events[-1].at, now)


def _draft(rng: Random, hip: Hip, nth: int, last: SessionDraft | None, role: str) -> list[Event]:
    at, by = hip.visits[nth].at, hip.visits[nth].therapist
    if role == "half":
        started, now_stands = visits.half(rng, hip, nth, last)
        saved = Visited(at + timedelta(minutes=1), by, started, signed=False)
        return [saved, Resumed(at + timedelta(minutes=5), by, now_stands)]
    left = visits.unfinished(rng, hip, nth, last, consent=role != "no_consent")
    return [Visited(at + timedelta(minutes=27), by, left, signed=False)]


def _written(rng: Random, visit: SessionDraft, now: datetime) -> datetime:
    """When a visit was signed: before the patient left, or seldom in the evening."""
    soon = visit.occurred_at + timedelta(seconds=rng.randrange(23 * 60, 29 * 60))
    local = visit.occurred_at.astimezone(ZoneInfo(visit.zone))
    evening = local.replace(hour=18, minute=5).astimezone(UTC) + timedelta(seconds=rng.randrange(2400))
    return evening if rng.random() < 0.06 and evening < now else soon


def _closing(rng: Random, hip: Hip, since: datetime, now: datetime) -> list[Event]:
    """Close a finished course, and some of those who did not come back."""
    by = hip.visits[-1].therapist
    if hip.finished:
        better = hip.course.ending == "better"
        reason = "Goals reached." if better else "No further benefit expected; back to the family physician."
        at = office_time(rng, since + timedelta(hours=rng.randrange(1, 72)), ZoneInfo(hip.zone))
        share = CLOSED_AT_LAST
    else:
        reason = "Did not come back."
        later = since + timedelta(weeks=MISSED_WEEKS, days=rng.randrange(10))
        at = office_time(rng, later, ZoneInfo(hip.zone))
        share = CLOSED_LATER
    return [Closed(at, by, hip.code, hip.number, reason)] if at < now and rng.random() < share else []


def _ascending(events: list[Event]) -> tuple[Event, ...]:
    """Sort by time; what falls on the same moment follows a millisecond later."""
    ordered: list[Event] = []
    for event in sorted(events, key=lambda one: one.at):
        after = ordered[-1].at + timedelta(milliseconds=1) if ordered else event.at
        ordered.append(event if event.at >= after else _moved(event, after))
    return tuple(ordered)


def _moved(event: AnyEvent, at: datetime) -> AnyEvent:
    return replace(event, at=at)
