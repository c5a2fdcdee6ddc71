"""Is the record what the audit trail says? Both chains, live rows against their last images, the guards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, select, true

from hiplog.language import _
from hiplog.logbook import credentials, steps
from hiplog.storage import canonical, chain, guards, seals
from hiplog.storage.chain import Finding as Finding
from hiplog.storage.chain import Head as Head
from hiplog.storage.tables import AUDITED, audit_log, audit_payloads
from hiplog.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of the audit trail found; ``ok`` when nothing. ``notes`` say what could not be checked."""

    findings: tuple[Finding, ...]
    heads: tuple[Head, ...]
    notes: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything follows."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the audit trail, as shown: ``at`` in UTC, codes only."""

    chain: str
    seq: int
    at: Any
    actor: str
    action: str
    entity: str
    entity_id: str | None
    row_hash: str


def verify(unit: Unit) -> Report:
    """Walk both chains, compare every live row with its last image, and look for missing guards."""
    found: list[Finding] = []
    for name in chain.CHAINS:
        found += chain.verify(unit.connection, name)
    found += _state(unit)
    found += _steps(unit)
    found += credentials.altered(unit)
    found += _register(unit)
    found += _guards(unit)
    return _report(unit, found)


LAST = 1000
"""How many of the newest entries of each chain a start looks at."""
KEYS_AT_ONCE = 500


def recent(unit: Unit, last: int = LAST) -> Report:
    """Check the newest entries of both chains, their seals, the rows they wrote, and the guards.

    It takes no longer in a large logbook; what is older is the matter of :func:`verify`.
    """
    found: list[Finding] = []
    for name in chain.CHAINS:
        found += chain.verify(unit.connection, name, last)
    after = chain.beginning(unit.connection, "record", last).seq
    latest, unreadable = _last_images(unit, after)
    found += unreadable
    for table in AUDITED:
        keys = [row_id for name, row_id in latest if name == table.name]
        for start in range(0, len(keys), KEYS_AT_ONCE):
            query = select(table).where(table.c.id.in_(keys[start : start + KEYS_AT_ONCE]))
            found += _readable(unit, table, latest, query)
    found += _gone(latest)
    found += _register(unit)
    found += _guards(unit)
    return _report(unit, found)


def _report(unit: Unit, found: list[Finding]) -> Report:
    notes = tuple(one for one in found if one.kind in seals.NOTES)
    return Report(tuple(one for one in found if one not in notes), heads(unit), notes)


def _register(unit: Unit) -> list[Finding]:
    return [Finding(seals.ALTERED, seals.REGISTER)] if seals.is_altered(unit.connection) else []


def _guards(unit: Unit) -> list[Finding]:
    return [
        Finding(
            "guard-missing",
            _("the guard {name} was dropped or changed; run: hiplog database upgrade").format(name=name),
        )
        for name in guards.missing(unit.connection)
    ]


def walk(unit: Unit) -> Report:
    """Check that every entry follows the one before, and nothing else: all that an auditor's login can."""
    found = [one for name in chain.CHAINS for one in chain.walk(unit.connection, name)]
    return Report(tuple(found), heads(unit))


def _steps(unit: Unit) -> Iterator[Finding]:
    try:
        yield from steps.altered(unit)
    except (ValueError, TypeError):
        yield Finding("altered-step", _("drafts: a row holds what this column cannot hold"), table="drafts")


def heads(unit: Unit) -> tuple[Head, ...]:
    """Return the ends of both chains: what an outsider should keep."""
    return tuple(chain.head(unit.connection, name) for name in chain.CHAINS)


def events(unit: Unit, limit: int = 100, chain_name: str | None = None) -> tuple[Event, ...]:
    """Return the newest rows of the trail, newest first."""
    columns = [audit_log.c[name] for name in Event.__slots__]
    newest = audit_log.c.seq.desc()
    query = select(*columns).limit(limit)
    if chain_name is not None:
        query = query.where(audit_log.c.chain == chain_name).order_by(newest)
    else:
        query = query.order_by(audit_log.c.at.desc(), newest)
    return tuple(Event(**row._mapping) for row in unit.all(query))


def _state(unit: Unit) -> Iterator[Finding]:
    latest, unreadable = _last_images(unit)
    yield from unreadable
    for table in AUDITED:
        yield from _readable(unit, table, latest, select(table))
    yield from _gone(latest)


def _gone(latest: dict[Any, Any]) -> Iterator[Finding]:
    for (name, row_id), (seq, image) in latest.items():
        if image is not None:
            message = _("{name}: a row that entry {seq} recorded is gone").format(name=name, seq=seq)
            yield Finding("missing-row", message, "record", seq, name, row_id)


def _readable(unit: Unit, table: Table, latest: dict[Any, Any], query: Select[Any]) -> Iterator[Finding]:
    try:
        yield from _table_state(unit, table, latest, query)
    except (ValueError, TypeError, ArithmeticError):
        message = _("{name}: a row holds what this column cannot hold").format(name=table.name)
        yield Finding("altered-row", message, "record", table=table.name)
        for key in [key for key in latest if key[0] == table.name]:
            del latest[key]


def _table_state(unit: Unit, table: Table, latest: dict[Any, Any], query: Select[Any]) -> Iterator[Finding]:
    for row in unit.stream(query):
        seq, image = latest.pop((table.name, row.id), (None, None))
        if image == ERASED:
            continue
        if table.name == "clinic_settings" and row.id in UNRECORDED:
            continue
        if seq is None or image is None:
            message = _("{name}: a row that the audit trail does not know").format(name=table.name)
            yield Finding("unknown-row", message, table=table.name, row=row.id)
            continue
        changed = _differing(image, canonical.image(table, dict(row._mapping)))
        if changed:
            message = _("{name}: {changed} differ from what entry {seq} recorded").format(
                name=table.name, changed=", ".join(changed), seq=seq
            )
            yield Finding("altered-row", message, "record", seq, table.name, row.id)


ERASED = "erased"
# They say where the trail began and with which keys it is sealed, so the trail cannot vouch for them.
UNRECORDED = (chain.GENESIS, seals.KEPT)


def _last_images(unit: Unit, after: int = 0) -> tuple[dict[tuple[str, str], tuple[int, Any]], list[Finding]]:
    latest: dict[tuple[str, str], tuple[int, Any]] = {}
    unreadable: list[Finding] = []
    query = (
        select(audit_payloads.c.seq, audit_payloads.c.body)
        .where(audit_payloads.c.chain == "record", audit_payloads.c.body.is_not(None))
        .where(audit_payloads.c.seq > after if after else true())
        .order_by(audit_payloads.c.seq)
    )
    for row in unit.stream(query):
        try:
            for change in json.loads(row.body)["changes"]:
                latest[change["table"], change["id"]] = (row.seq, change["row"])
        except (ValueError, KeyError, TypeError):
            message = _("what row {seq} recorded cannot be read").format(seq=row.seq)
            unreadable.append(Finding("unreadable-payload", message, "record", row.seq))
    return latest, unreadable


def _differing(image: dict[str, Any], live: dict[str, Any]) -> list[str]:
    return sorted(name for name in live if image.get(name) != live[name])
