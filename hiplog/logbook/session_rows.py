"""A session as rows: from a draft to what is stored, and the difference between two such states.

A state maps each table to its rows by key. Saving writes only what differs, so one key press touches
one or two rows, and undo is the same difference taken backwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Table, bindparam, select

from hiplog.clinical.measures import MEASURES
from hiplog.clinical.record import Inquiry, Reading, Referral, SessionDraft
from hiplog.storage import canonical
from hiplog.storage.asked import Asked
from hiplog.storage.tables import (
    advice,
    co_treatments,
    consents,
    inquiries,
    insertions,
    reactions,
    readings,
    referrals,
    screening,
    sessions,
)
from hiplog.storage.unit import Unit

Row = dict[str, Any]
State = dict[str, dict[str, Row]]

# In the order rows may be added; removing goes the other way round.
CHILDREN: tuple[Table, ...] = (
    screening,
    consents,
    insertions,
    inquiries,
    readings,
    advice,
    co_treatments,
    referrals,
    reactions,
)
# What a draft may change of the session row itself.
EDITABLE = (
    "episode_id",
    "therapist_id",
    "occurred_at",
    "zone",
    "carried_from",
    "needles_opened",
    "needles_inserted",
    "needles_withdrawn",
    "needles_to_sharps",
    "mismatch_reason",
    "note",
    "plan",
)


def wanted(draft: SessionDraft, therapist_id: str, findings: Mapping[str, str]) -> State:
    """Return the rows that ``draft`` asks for; ``findings`` maps a screening item to its action."""
    own = {"session_id": draft.id}
    rows: dict[str, list[Row]] = {table.name: [] for table in CHILDREN}
    rows["sessions"] = [_session(draft, therapist_id)]
    rows["screening"] = [
        {**own, "id": a.id, "item": a.item, "answer": a.answer, "finding": findings.get(a.item)}
        | {"override_reason": a.reason, "rule_version": a.rule_version, "asked": a.asked}
        for a in draft.screening
    ]
    if draft.consent is not None:
        rows["consents"] = [own | _cells(draft.consent)]
    rows["insertions"] = [own | {"seq": n} | _cells(site) for n, site in enumerate(draft.insertions, 1)]
    rows["readings"] = [reading_row(reading, draft.id) for reading in draft.readings]
    rows["inquiries"] = [inquiry_row(inquiry, draft.id) for inquiry in draft.inquiries]
    sites = {site.id for site in draft.insertions}
    rows["reactions"] = [_tied(row, sites) for asked in draft.inquiries for row in reaction_rows(asked)]
    rows["advice"] = [{"id": _named(draft.id, "advice", c), "code": c} | own for c in draft.advice]
    kinds = draft.co_treatments
    rows["co_treatments"] = [{"id": _named(draft.id, "co", kind), "kind": kind} | own for kind in kinds]
    rows["referrals"] = [referral_row(referral, draft.id) for referral in draft.referrals]
    return {name: {row["id"]: row for row in found} for name, found in rows.items()}


def current(unit: Unit, session_id: str) -> State:
    """Return the stored rows of one session, those of later follow-ups left out."""
    found: State = {}
    for table in (sessions, *CHILDREN):
        names = table.columns.keys()
        rows = (dict(zip(names, row, strict=True)) for row in unit.rows(_stored(table), whose=session_id))
        found[table.name] = {row["id"]: row for row in rows}
    return found


@cache
def _stored(table: Table) -> Asked:
    whose: Any = bindparam("whose")
    if table is sessions:
        return Asked(select(table).where(table.c.id == whose))
    if table is reactions:
        mine = select(inquiries.c.id).where(
            inquiries.c.session_id == whose, inquiries.c.follow_up_id.is_(None)
        )
        return Asked(select(table).where(table.c.inquiry_id.in_(mine)))
    query = select(table).where(table.c.session_id == whose)
    return Asked(query.where(table.c.follow_up_id.is_(None)) if "follow_up_id" in table.c else query)


def apply(unit: Unit, session_id: str, version: int, old: State, new: State) -> None:
    """Write the difference; the session row's version goes up by one whatever changed."""
    for row_id in _untied(old, new):
        unit.update(reactions, row_id, insertion_id=None)
    for table in reversed(CHILDREN):
        for row_id in old[table.name].keys() - new[table.name].keys():
            unit.delete(table, row_id)
    changes = {name: new["sessions"][session_id][name] for name in EDITABLE}
    unit.update(sessions, session_id, version, **changes)
    for table in CHILDREN:
        unit.insert(table, *(row for row_id, row in new[table.name].items() if row_id not in old[table.name]))
        for row_id, changed in _changed(table, old[table.name], new[table.name]):
            unit.update(table, row_id, **changed)


def differ(session_id: str, old: State, new: State) -> bool:
    """Whether saving ``new`` over ``old`` would change anything."""
    before, after = old["sessions"][session_id], new["sessions"][session_id]
    if _content(before) != _content(after):
        return True
    return any(
        old[table.name].keys() != new[table.name].keys()
        or any(_changed(table, old[table.name], new[table.name]))
        for table in CHILDREN
    )


def digest(state: State) -> str:
    """SHA-256 of what is signed, the same from a draft's rows and from the stored ones, in any order."""
    rows = {
        table.name: [canonical.image(table, state[table.name][n]) for n in sorted(state[table.name])]
        for table in CHILDREN
    }
    rows["sessions"] = [_content(row) for row in state["sessions"].values()]
    return hashlib.sha256(canonical.dumps(rows).encode("utf-8")).hexdigest()


def dump(state: State) -> str:
    """Write a state as canonical JSON, for the undo steps."""
    tables = {table.name: table for table in (sessions, *CHILDREN)}
    return canonical.dumps(
        {name: [canonical.image(tables[name], row) for row in rows.values()] for name, rows in state.items()}
    )


def load(body: str) -> State:
    """Read what :func:`dump` wrote."""
    tables = {table.name: table for table in (sessions, *CHILDREN)}
    return {
        name: {image["id"]: canonical.values(tables[name], image) for image in images}
        for name, images in json.loads(body).items()
    }


def reading_row(reading: Reading, session_id: str, follow_up_id: str | None = None) -> Row:
    """Return the row of a reading."""
    unit = MEASURES[reading.measure].unit
    return _cells(reading) | {"session_id": session_id, "follow_up_id": follow_up_id, "unit": unit}


def inquiry_row(inquiry: Inquiry, session_id: str, follow_up_id: str | None = None) -> Row:
    """Return the row of an inquiry, its reactions apart."""
    row = _cells(inquiry) | {"session_id": session_id, "follow_up_id": follow_up_id}
    del row["reactions"]
    return row


def referral_row(referral: Referral, session_id: str, follow_up_id: str | None = None) -> Row:
    """Return the row of a referral."""
    row = _cells(referral) | {"session_id": session_id, "follow_up_id": follow_up_id}
    row["referred_to"] = row.pop("to")
    del row["follow_up"]
    return row


def reaction_rows(inquiry: Inquiry) -> list[Row]:
    """Return the rows of an inquiry's reactions."""
    return [_reaction(_cells(reaction), inquiry.id) for reaction in inquiry.reactions]


def _reaction(row: Row, inquiry_id: str) -> Row:
    row["insertion_id"] = row.pop("insertion")
    return row | {"inquiry_id": inquiry_id}


def _cells(value: Any) -> Row:
    """Every field by its name, as it is: what stands in a row is never changed in place."""
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}


def _content(row: Row) -> Row:
    image = canonical.image(sessions, row)
    return {name: image[name] for name in ("id", "patient_id", "origin", *EDITABLE)}


def _tied(reaction: Row, sites: set[str]) -> Row:
    # A reaction outlives the needle site it was put down to; then it belongs to the session as a whole.
    return reaction if reaction["insertion_id"] in sites else reaction | {"insertion_id": None}


def _untied(old: State, new: State) -> list[str]:
    gone = old["insertions"].keys() - new["insertions"].keys()
    return [row_id for row_id, row in old["reactions"].items() if row["insertion_id"] in gone]


def _session(draft: SessionDraft, therapist_id: str) -> Row:
    needles = draft.needles
    return {
        "id": draft.id,
        "patient_id": draft.patient,
        "episode_id": draft.episode,
        "therapist_id": therapist_id,
        "occurred_at": draft.occurred_at,
        "zone": draft.zone,
        "origin": draft.origin,
        "carried_from": draft.carried_from,
        "needles_opened": needles.opened,
        "needles_inserted": needles.inserted,
        "needles_withdrawn": needles.withdrawn,
        "needles_to_sharps": needles.to_sharps,
        "mismatch_reason": needles.mismatch_reason,
        "note": draft.note,
        "plan": draft.plan,
    }


def _named(session_id: str, kind: str, code: str) -> str:
    return str(uuid5(UUID(session_id) if len(session_id) == 36 else NAMESPACE_OID, f"{kind}:{code}"))


def _changed(table: Table, old: dict[str, Row], new: dict[str, Row]) -> Iterator[tuple[str, Row]]:
    for row_id in old.keys() & new.keys():
        before, after = canonical.image(table, old[row_id]), canonical.image(table, new[row_id])
        changed = {name: new[row_id].get(name) for name in after if after[name] != before[name]}
        if changed:
            yield row_id, changed
