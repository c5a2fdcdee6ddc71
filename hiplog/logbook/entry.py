"""One entry of the audit trail in full: who wrote what, each field as it was and as it became.

Nothing that a person typed about a patient leaves here: free text is told by its length, identity is masked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, String, Table, select

from hiplog.clinical.errors import NotFound
from hiplog.language import _
from hiplog.logbook import overlay, trail
from hiplog.logbook.trail import Line
from hiplog.storage import chain
from hiplog.storage.columns import LINE, metadata
from hiplog.storage.tables import IDENTITY, audit_log, audit_payloads
from hiplog.storage.unit import Unit

MASK = "•••"
KEY, SHORT_KEY = 36, 8
MOST_SOUGHT = 20


@dataclass(frozen=True, slots=True)
class Field:
    """One value before and after, fit to be shown; ``None`` is an empty field."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One row that an entry wrote: ``how`` is insert, update or delete."""

    table: str
    row: str
    how: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in full. ``state`` is kept, erased, lost or unreadable; ``facts`` are those of a look."""

    line: Line
    zone: str
    state: str
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, str], ...]
    prev_hash: str
    row_hash: str


def read(unit: Unit, chain_name: str, seq: int) -> Entry:
    """Return one entry with what it wrote; ``NotFound`` when there is none of this number."""
    place = (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq)
    more = (audit_log.c.zone, audit_log.c.prev_hash, audit_log.c.row_hash, audit_payloads.c.body)
    query = select(*trail.columns(), *more, audit_payloads.c.seq.label("kept"))
    query = query.select_from(audit_log.outerjoin(audit_payloads, place))
    row = unit.one(query.where(audit_log.c.chain == chain_name, audit_log.c.seq == seq))
    if row is None:
        raise NotFound(
            _("the {chain} chain has no entry {seq}; see them with: hiplog audit show").format(
                chain=chain_name, seq=seq
            )
        )
    (line,) = trail.named(unit, [trail.line_of(row)])
    state, told = _told(row)
    changes = tuple(_changed_rows(unit, line, told.get("changes", [])))
    facts = tuple((str(name), _fact(value)) for name, value in told.get("facts", {}).items())
    return Entry(line, str(row.zone), state, changes, facts, str(row.prev_hash), str(row.row_hash))


def _told(row: Row[Any]) -> tuple[str, dict[str, Any]]:
    if row.kept is None:
        return "lost", {}
    if row.body is None:
        return ("erased" if row.action.endswith(chain.ERASABLE) else "lost"), {}
    told = _parsed(row.body)
    return ("unreadable", {}) if told is None else ("kept", told)


def _parsed(body: Any) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
        for change in told.get("changes", ()):
            _ = metadata.tables[change["table"]], change["id"], change["op"], dict(change["row"] or {})
        _ = dict(told.get("facts", {}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return dict(told)


def _fact(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_fact(part)}" for name, part in value.items())
    return _("none") if value is None else str(value)


def _changed_rows(unit: Unit, line: Line, told: Sequence[dict[str, Any]]) -> Iterator[Change]:
    wanted = {(one["table"], one["id"]) for one in told if one["op"] != "insert"}
    before = _before(unit, line, wanted) if wanted else {}
    for one in told:
        key = (one["table"], one["id"])
        old, new = before.get(key) or {}, one["row"] or {}
        yield Change(*key, one["op"], tuple(_fields(metadata.tables[one["table"]], old, new)))


def _fields(table: Table, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Field]:
    for column in table.columns:
        was, is_now = old.get(column.name), new.get(column.name)
        if was != is_now and column.name != "id":
            hidden = _hidden(table, column.name, new or old)
            yield Field(column.name, _shown(was, hidden), _shown(is_now, hidden))


def _hidden(table: Table, name: str, row: dict[str, Any]) -> str:
    """How a value is kept from sight: as identity, as free text, or not at all."""
    if table.name in IDENTITY:
        return "identity"
    if table.name == "amendments" and name in ("old_value", "new_value"):
        return "text" if row.get("field") in overlay.SESSION_FIELDS else ""
    kind = table.c[name].type
    return "text" if isinstance(kind, String) and (kind.length or LINE) >= LINE else ""


def _shown(value: Any, hidden: str) -> str | None:
    if value is None:
        return None
    if hidden:
        return MASK if hidden == "identity" else _("text of {count} characters").format(count=len(str(value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    return text[:SHORT_KEY] if len(text) == KEY and text.count("-") == 4 else text


def _before(unit: Unit, line: Line, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Return what the rows were before this entry, from the entries before it."""
    place = (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq)
    earlier = (
        select(audit_payloads.c.body)
        .join(audit_log, place)
        .where(
            audit_log.c.chain == line.chain, audit_log.c.seq < line.seq, audit_payloads.c.body.is_not(None)
        )
        .order_by(audit_log.c.seq.desc())
    )
    left = set(wanted)
    found = _images(unit.stream(earlier.where(audit_log.c.entity_id == line.entity_id), 20), left)
    for key in sorted(left)[:MOST_SOUGHT]:
        # Its last image stands under another name, such as an import of many rows.
        found |= _images(unit.all(earlier.where(audit_payloads.c.body.contains(key[1])).limit(1)), {key})
    return found


def _images(rows: Iterable[Row[Any]], left: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for row in rows:
        for change in (_parsed(row.body) or {}).get("changes", ()):
            key = (change["table"], change["id"])
            if key in left:
                found[key] = change["row"]
                left.discard(key)
        if not left:
            break
    return found
