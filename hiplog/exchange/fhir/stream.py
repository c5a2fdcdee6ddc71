"""Every resource of one state of the logbook, one after another, one patient in memory at a time.

Practitioners first, then each patient with episodes and visits, then signatures and corrections; within
each sorted by key. So the same state gives the same resources in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hiplog.clinical.errors import IntegrityFailed
from hiplog.clinical.record import Episode, FollowUp, Patient, Session
from hiplog.exchange import cells, layout
from hiplog.exchange.bundle import Progress, Request
from hiplog.exchange.fhir import episodes as care
from hiplog.exchange.fhir import findings, people, rows, trail, visits
from hiplog.exchange.fhir.codings import Element
from hiplog.exchange.fhir.rows import Door
from hiplog.exchange.fhir.visits import Visit
from hiplog.language import _
from hiplog.logbook import archive, clinic, episodes, followups, patients, sessions
from hiplog.logbook.archive import Unit

RECONCILED = (
    "practitioners", "patients", "episodes", "sessions", "screening", "insertions", "inquiries", "reactions",
    "readings", "signatures", "amendments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Person:
    """A patient with everything that belongs to it, and where the day numbers begin."""

    who: Patient
    episodes: tuple[Episode, ...]
    sessions: tuple[Session, ...]
    contacts: tuple[FollowUp, ...]

    @property
    def start(self) -> dict[str, Any]:
        """The first session and the first episode, as the bundle's rows carry them."""
        return {
            "_first_at": min((one.occurred_at for one in self.sessions), default=None),
            "_first_opened": min((one.opened_on for one in self.episodes if one.opened_on), default=None),
        }


def resources(unit: Unit, asked: Request, door: Door, progress: Progress | None) -> Iterator[Element]:
    """Yield every resource; raise ``IntegrityFailed`` at the end when a row of the logbook is missing."""
    for row in door.through(layout.PRACTITIONERS, archive.stream(unit, "practitioners")):
        yield people.practitioner(row, door.profile)
    total = archive.count(unit, "patients", since=asked.since, until=asked.until)
    for done, kept in enumerate(archive.stream(unit, "patients", since=asked.since, until=asked.until), 1):
        yield from _patient(unit, kept, asked, door)
        if progress is not None:
            progress("patients", done, total)
    for sheet, make in ((layout.SIGNATURES, trail.signature), (layout.AMENDMENTS, trail.amendment)):
        for row in door.through(
            sheet, archive.stream(unit, sheet.name, since=asked.since, until=asked.until)
        ):
            yield make(row, door.keys, door.profile, door.shown.zone)
    _reconcile(unit, asked, door)


def keys(unit: Unit) -> dict[str, str]:
    """Return the key of every practitioner by code."""
    return {one.code: one.id for one in clinic.everyone(unit)}


def _patient(unit: Unit, kept: dict[str, Any], asked: Request, door: Door) -> Iterator[Element]:
    key = kept["id"]
    person = _Person(
        patients.by_id(unit, key), episodes.of(unit, key), sessions.of(unit, key), followups.of(unit, key)
    )
    identity = [rows.plain(person.who)] if door.shown.identified and not person.who.erased else []
    named = next(door.through(rows.IDENTITY, identity), {})
    for row in door.through(layout.PATIENTS, [kept]):
        yield people.patient(row, named, door.profile)
    conditions: dict[str, tuple[str, ...]] = {}
    for one in sorted(person.episodes, key=lambda one: one.id):
        for row in door.through(rows.EPISODES, [rows.episode(one, person.start)]):
            made = care.episode(row, key, door.profile)
            conditions[one.id] = tuple(it["id"] for it in made if it["resourceType"] == "Condition")
            yield from made
    for session in sorted(person.sessions, key=lambda one: one.id):
        if _wanted(session, asked, door.shown.zone):
            yield from _visit(session, person, conditions[session.episode], door)


def _visit(session: Session, person: _Person, conditions: tuple[str, ...], door: Door) -> Iterator[Element]:
    row = next(door.through(rows.SESSIONS, [rows.session(session, person.who.birth, person.start)]))
    therapist = door.keys[session.therapist]
    visit = Visit(
        row, session.id, person.who.id, session.episode, therapist, session.zone, door.profile, conditions
    )
    yield visits.encounter(visit)
    yield visits.procedure(visit)
    for site in _sorted(door.through(rows.INSERTIONS, rows.sites(session))):
        yield visits.insertion(visit, site, door.keys)
    answers = list(door.through(rows.SCREENING, rows.answers(session)))
    if answers:
        yield visits.screening(visit, answers)
    if session.consent is not None:
        for consent in door.through(rows.CONSENTS, [rows.plain(session.consent)]):
            yield visits.consent(visit, consent)
    yield from _found(session, visit, person, door)


def _found(session: Session, visit: Visit, person: _Person, door: Door) -> Iterator[Element]:
    done = [one for one in person.contacts if one.session == session.id and one.state == "done"]
    contacts = list(door.through(rows.CONTACTS, (rows.contact(one, session.occurred_at) for one in done)))
    amended = {one.entity_id for one in session.amendments}
    for row in _sorted(door.through(rows.READINGS, rows.readings(session))):
        yield findings.reading(visit, row, contacts, door.keys, amended=row["id"] in amended)
    for inquiry in sorted(session.inquiries, key=lambda one: one.id):
        for row in door.through(rows.INQUIRIES, [rows.plain(inquiry)]):
            yield findings.inquiry(visit, row)
        told = (rows.plain(one, insertion_id=one.insertion) for one in inquiry.reactions)
        for row in _sorted(door.through(rows.REACTIONS, told)):
            yield findings.effect(visit, row, inquiry.id)


def _sorted(found: Iterator[rows.Row]) -> Sequence[rows.Row]:
    return sorted(found, key=lambda row: str(row["id"]))


def _wanted(session: Session, asked: Request, zone: str) -> bool:
    day: date = session.occurred_at.astimezone(cells.place(zone)).date()
    return not (asked.since and day < asked.since) and not (asked.until and day > asked.until)


def _reconcile(unit: Unit, asked: Request, door: Door) -> None:
    wrong = []
    for name in RECONCILED:
        there = archive.count(unit, name, since=asked.since, until=asked.until)
        if door.passed[name] != there:
            wrong.append(f"{name}: {door.passed[name]} of {there}")
    if wrong:
        raise IntegrityFailed(
            _(
                "file and logbook do not agree ({wrong}); nothing was written. "
                "See what is wrong with: hiplog doctor --full"
            ).format(wrong="; ".join(wrong))
        )
