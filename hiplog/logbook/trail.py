"""The audit trail, page by page, newest first: all of it, or what somebody looks for."""

from __future__ import annotations

import heapq
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, String, func, or_, select, type_coerce

from hiplog.language import _
from hiplog.storage import chain
from hiplog.storage.tables import audit_log, patients, practitioners, sessions
from hiplog.storage.unit import Unit

PAGE = 100
FIRST_YEAR, LAST_YEAR = 1900, 9998
_DAY = r"\d{4}(?:-\d{0,2}){0,2}"
_PERIOD = re.compile(rf"({_DAY})(?:\.\.({_DAY})?)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: every word in actor, action, entity or chart code; days both included."""

    words: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in short. ``at`` is ``None`` when what stands there is no time; ``about`` is in codes."""

    chain: str
    seq: int
    at: datetime | None
    actor: str
    action: str
    entity: str
    entity_id: str | None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, and where the next page begins; ``None`` when there is no more."""

    lines: tuple[Line, ...]
    after: tuple[int, ...] | None


def asked(text: str) -> Asked:
    """Read what somebody types: words, and ``2026``, ``2026-11``, ``2026-11-23`` or ``A..B`` as a period."""
    words: list[str] = []
    since = until = None
    for word in text.lower().split():
        match = _PERIOD.fullmatch(word)
        if match is None:
            words.append(word)
            continue
        since, last = _days(match[1])
        until = last if ".." not in word else _days(match[2])[1] if match[2] else None
    return Asked(tuple(words), since, until)


def _days(text: str) -> tuple[date, date]:
    """The first and last day that ``text`` covers; a part still being typed counts for nothing yet."""
    year, month, day = (int(p) if len(p) > 1 else 0 for p in (text + "--").split("-")[:3])
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    if not 1 <= month <= 12:
        return date(year, 1, 1), date(year, 12, 31)
    last = monthrange(year, month)[1]
    if 1 <= day <= last:
        return date(year, month, day), date(year, month, day)
    return date(year, month, 1), date(year, month, last)


def page(unit: Unit, wanted: Asked, after: tuple[int, ...] | None = None, limit: int = PAGE) -> Page:
    """Return the newest entries of both chains that fit ``wanted``, or those that follow ``after``."""
    bounds = after or (None,) * len(chain.CHAINS)
    found = [
        [line_of(row) for row in unit.all(_newest(unit, name, wanted, bound).limit(limit))]
        for name, bound in zip(chain.CHAINS, bounds, strict=True)
    ]
    # Each chain keeps its own order, whatever its clock did; a time nobody can read delays nothing.
    merged = heapq.merge(*found, key=lambda line: line.at or NEVER, reverse=True)
    taken = [line for line, _ in zip(merged, range(limit), strict=False)]
    if sum(map(len, found)) <= limit and all(len(part) < limit for part in found):
        return Page(named(unit, taken), None)
    ends = {line.chain: line.seq for line in taken}
    nexts = (ends.get(name, bound) for name, bound in zip(chain.CHAINS, bounds, strict=True))
    return Page(named(unit, taken), tuple(TOP if seq is None else seq for seq in nexts))


NEVER = datetime.max.replace(tzinfo=UTC)
TOP = 2**31 - 1


def _newest(unit: Unit, name: str, wanted: Asked, bound: int | None) -> Select[Any]:
    rules = [audit_log.c.chain == name, *_period(wanted, unit.zone), *map(_holds, wanted.words)]
    if bound is not None:
        rules.append(audit_log.c.seq < bound)
    return select(*columns()).where(*rules).order_by(audit_log.c.seq.desc())


def columns() -> list[ColumnElement[Any]]:
    """Return what :func:`line_of` needs of a row of the trail."""
    # The time as it stands: one that another program spoilt must not hide the whole page.
    raw = type_coerce(audit_log.c.at, String).label("at")
    names = ("chain", "seq", "actor", "action", "entity", "entity_id")
    return [raw, *(audit_log.c[name] for name in names)]


def _period(wanted: Asked, zone: str) -> Iterator[ColumnElement[bool]]:
    place = ZoneInfo(zone)
    if wanted.since is not None:
        yield audit_log.c.at >= datetime.combine(wanted.since, time(), place)
    if wanted.until is not None:
        yield audit_log.c.at < datetime.combine(wanted.until + timedelta(days=1), time(), place)


def _holds(word: str) -> ColumnElement[bool]:
    def has(column: Any) -> ColumnElement[bool]:
        return func.lower(column).contains(word, autoescape=True)

    charts = select(patients.c.id).where(has(patients.c.code))
    visits = select(sessions.c.id).where(sessions.c.patient_id.in_(charts))
    about = audit_log.c.entity_id
    own = (has(column) for column in (audit_log.c.actor, audit_log.c.action, audit_log.c.entity))
    return or_(*own, about.in_(charts), about.in_(visits))


def line_of(row: Row[Any]) -> Line:
    """Return a row of the trail in short."""
    told = (str(row.actor), str(row.action), str(row.entity))
    return Line(str(row.chain), row.seq, _time(row.at), *told, row.entity_id)


def _time(value: Any) -> datetime | None:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo is not None else None


def named(unit: Unit, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return ``lines`` with what each is about, in codes."""
    names = _names(unit, {line.entity_id for line in lines if line.entity_id})
    return tuple(replace(line, about=names.get(line.entity_id or "", "")) for line in lines)


def _names(unit: Unit, keys: set[str]) -> dict[str, str]:
    """Return codes for keys: a chart code, with the visit for a session; a sign-in code."""
    visits = select(sessions.c.id, patients.c.code, sessions.c.number).join(
        patients, patients.c.id == sessions.c.patient_id
    )
    found = {
        row.id: _("{code} visit {number}").format(code=row.code, number=row.number)
        for row in unit.all(visits.where(sessions.c.id.in_(keys)))
    }
    for table in (patients, practitioners):
        found |= {
            row.id: row.code for row in unit.all(select(table.c.id, table.c.code).where(table.c.id.in_(keys)))
        }
    return found
