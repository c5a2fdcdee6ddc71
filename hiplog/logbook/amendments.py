"""Corrections of a signed session: one field, old and new value, who, when and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hiplog.clinical import measures, needling
from hiplog.clinical.code_words import said
from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import Session, new_id
from hiplog.language import _
from hiplog.logbook import access, clinic, overlay, sessions, texts
from hiplog.storage.tables import amendments
from hiplog.storage.unit import Unit


class Place(NamedTuple):
    """Where an amendable field stands: what kind of part, its key, the column, the value now."""

    entity: str
    entity_id: str
    column: str
    value: Any


def amend(unit: Unit, session_id: str, field: str, value: str | None, reason: str) -> Session:
    """Correct ``field`` of a signed session; nothing is overwritten.

    ``field`` is one of :func:`fields` (``note``, ``reading.nprs.before``, ``insertion.2.depth_mm``,
    ``needles.withdrawn``); ``value`` ``None`` takes it back. Raises ``BadInput`` for an unknown field or
    a value out of range, ``Refused`` for a session that is not signed or a value that changes nothing.
    """
    access.need_proof(unit)
    kept = sessions.get(unit, session_id)
    if kept.status != "signed":
        raise Refused(
            _("session {number} is {status}; only a signed one is amended").format(
                number=kept.number, status=said(kept.status)
            )
        )
    place = _place(kept, field)
    new = overlay.text_of(_checked(kept, place, texts.prose(field, value)))
    old = overlay.text_of(place.value)
    if new == old:
        raise Refused(
            _("{column}: this is the value already; nothing was changed, give the right one").format(
                column=place.column
            )
        )
    who = clinic.practitioner(unit, unit.actor)
    row = {"id": new_id(), "session_id": session_id, "entity": place.entity, "entity_id": place.entity_id}
    told = {"field": place.column, "old_value": old, "new_value": new, "at": _after(kept, unit.now)}
    told_why = {"reason": texts.line(_("reason"), reason), "practitioner_id": who.id}
    unit.insert(amendments, row | told | told_why)
    clinic.tell_lapsed(unit, who, session_id)
    unit.record("session.amend", "session", session_id)
    return sessions.get(unit, session_id)


def _after(session: Session, now: datetime) -> datetime:
    # The latest amendment shows, so the order must hold when the machine's clock was set back.
    last = max((made.at for made in session.amendments if made.at), default=None)
    return now if last is None else max(now, last + timedelta(milliseconds=1))


def fields(session: Session) -> tuple[str, ...]:
    """Return every field of ``session`` that can be amended, by the words that name it."""
    return tuple(name for name, _ in _places(session))


def _places(session: Session) -> Iterator[tuple[str, Place]]:
    for name in overlay.SESSION_FIELDS:
        yield name, Place("session", session.id, name, getattr(session, name))
    for name in overlay.NEEDLE_FIELDS:
        yield f"needles.{name}", Place("session", session.id, name, getattr(session.needles, name))
    named: Counter[str] = Counter()
    for reading in session.readings:
        side = f".{reading.side.lower()}" if reading.side else ""
        word = f"reading.{reading.measure.lower()}.{reading.stage}{side}"
        named[word] += 1
        again = f".{named[word]}" if named[word] > 1 else ""
        yield f"{word}{again}", Place("reading", reading.id, "value", reading.value)
    for number, site in enumerate(session.insertions, 1):
        for name in overlay.SITE_FIELDS:
            yield f"insertion.{number}.{name}", Place("insertion", site.id, name, getattr(site, name))


def _place(session: Session, field: str) -> Place:
    wanted = field.strip().lower()
    known = dict(_places(session))
    alike = [name for name in known if name == wanted or name.startswith(f"{wanted}.")]
    if len(alike) == 1 or wanted in known:
        return known[wanted if wanted in known else alike[0]]
    listed = ", ".join(list(known)[:12])
    raise BadInput(
        _("{field!r}: no such field in session {number}; there are: {listed} …").format(
            field=field[:60], number=session.number, listed=listed
        )
    )


def _checked(session: Session, place: Place, text: str | None) -> Any:
    value = overlay.parse(place.column, text)
    if value is None and place.column == "insertions":
        raise BadInput(_("insertions: cannot be taken back; give the right number"))
    if place.entity == "reading":
        reading = next(r for r in session.readings if r.id == place.entity_id)
        problem = measures.check(reading.measure, value, reading.mode) if value is not None else None
        return _or_raise(value, problem)
    if place.entity == "insertion":
        site = next(s for s in session.insertions if s.id == place.entity_id)
        found = needling.problems(replace(site, **{place.column: value}))
        return _or_raise(value, "; ".join(found) or None)
    if place.column in overlay.NEEDLE_FIELDS and value is not None and not 0 <= value <= 200:
        raise BadInput(
            _("needles.{column}: {value} is not between 0 and 200").format(column=place.column, value=value)
        )
    return value


def _or_raise(value: Any, problem: str | None) -> Any:
    if problem:
        raise BadInput(problem)
    return value
