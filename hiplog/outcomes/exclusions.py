"""Rows that figures over patients leave out, each with the rule and its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Table, and_, collate, select

from hiplog.clinical.measures import GROUP_MEAN
from hiplog.language import _
from hiplog.storage.tables import readings, sessions, signatures
from hiplog.storage.unit import Unit

WHY = {
    "draft": _("the session is not signed"),
    "voided": _("the session was declared void"),
    "imported": _("the session was imported: it says nothing about how complete this clinic's records are"),
    "group_mean": _("the value is a published mean of several patients, not one patient's"),
    "missing_value": _("the value is missing; it is never read as zero"),
    "baseline_zero": _("the value before is 0: a change in percent does not exist"),
}


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One row left out: ``table`` and ``id`` say which, ``rule`` and ``why`` say what for."""

    table: str
    id: str
    rule: str

    @property
    def why(self) -> str:
        """The rule in words."""
        return WHY[self.rule]


def of(unit: Unit, since: date | None = None, until: date | None = None) -> Iterator[Exclusion]:
    """Yield the exclusions of the sessions from ``since`` to ``until`` by key and rule, held one by one."""
    inside = _inside(unit, since, until)
    found = [
        _stream(unit, sessions, rule, select(sessions.c.id).where(condition, inside))
        for rule, condition in _session_rules()
    ]
    found += [
        _stream(unit, readings, rule, _readings(condition, inside)) for rule, condition in _reading_rules()
    ]
    yield from merge(*found, key=lambda one: (one.id, one.rule))


def _stream(unit: Unit, table: Table, rule: str, query: Select[Any]) -> Iterator[Exclusion]:
    # A server may sort by the rules of a language; here keys are compared by bytes.
    key: ColumnElement[Any] = table.c.id
    if unit.connection.dialect.name == "postgresql":
        key = collate(key, "C")
    for row in unit.stream(query.order_by(key)):
        yield Exclusion(table.name, row.id, rule)


def _session_rules() -> list[tuple[str, ColumnElement[bool]]]:
    void = select(signatures.c.id).where(
        signatures.c.session_id == sessions.c.id, signatures.c.meaning == "void"
    )
    return [
        ("draft", sessions.c.status == "draft"),
        ("voided", void.exists()),
        ("imported", sessions.c.origin == "imported"),
    ]


def _reading_rules() -> list[tuple[str, ColumnElement[bool]]]:
    return [
        ("group_mean", readings.c.mode == GROUP_MEAN),
        ("missing_value", readings.c.value.is_(None)),
        ("baseline_zero", (readings.c.stage == "before") & (readings.c.value == 0)),
    ]


def _readings(condition: ColumnElement[bool], inside: ColumnElement[bool]) -> Select[Any]:
    joined = select(readings.c.id).join(sessions, sessions.c.id == readings.c.session_id)
    return joined.where(condition, inside)


def _inside(unit: Unit, since: date | None, until: date | None) -> ColumnElement[bool]:
    place = ZoneInfo(unit.zone)
    rules: list[ColumnElement[bool]] = [sessions.c.id.is_not(None)]
    if since is not None:
        rules.append(sessions.c.occurred_at >= datetime.combine(since, time(), place))
    if until is not None:
        rules.append(sessions.c.occurred_at < datetime.combine(until + timedelta(days=1), time(), place))
    return and_(*rules)
