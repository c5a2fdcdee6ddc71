"""Bring an identified bundle back: word for word into a blank logbook, else only what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from hiplog.clinical import code_words
from hiplog.exchange import layout, sheets
from hiplog.exchange.columns import Sheet
from hiplog.exchange.sheets import Row, Source
from hiplog.exchange.taken import Progress, Tally
from hiplog.language import _
from hiplog.logbook import archive, imports
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook

BLOCK = 500
CHAINED = (layout.AUDIT_LOG,)
TABLES = tuple(sheet for sheet in layout.DATA if sheet.source is not None and sheet not in CHAINED)
OF_SESSION = frozenset(
    [
        "signatures",
        "screening",
        "consents",
        "insertions",
        "follow_ups",
        "inquiries",
        "readings",
        "advice",
        "referrals",
        "co_treatments",
        "amendments",
    ]
)
LATER = frozenset(("signatures", "follow_ups", "amendments", "amendment_requests"))
"""What a signed session may still get."""

OWNERS = ("request_id", "inquiry_id", "session_id", "patient_id")
NUMBERED = (layout.EPISODES, layout.SESSIONS, layout.REQUESTS)
Numbered = tuple[int, Row]


def word_for_word(unit: Unit, book: Logbook, source: Source, progress: Progress | None) -> Tally:
    """Fill a blank logbook with everything the bundle holds, the audit chain included."""
    tally = Tally()
    before = {name: head.row_hash for name, head in archive.heads(unit).items()}
    imports.clear(unit)
    clinic = source.manifest["clinic"]
    imports.restore(unit, "clinic_settings", [{"id": k, "value": v} for k, v in clinic.items()])
    links: list[tuple[str, str]] = []
    for sheet in TABLES:
        for block in _blocks(source, sheet, progress):
            held = [row | {"carried_from": None} if sheet is layout.SESSIONS else row for _, row in block]
            if sheet is layout.SESSIONS:
                links += [(row["id"], row["carried_from"]) for _, row in block if row["carried_from"]]
            imports.restore(unit, sheet.name, held)
            tally.rows[sheet.name] += len(block)
    imports.relink(unit, links)
    for block in _blocks(source, layout.AUDIT_LOG, progress):
        chained = [row | {"chain": "record"} for _, row in block]
        imports.restore(unit, "audit_log", chained)
        imports.restore(unit, "audit_payloads", chained)
        tally.rows["audit_log"] += len(block)
    imports.close(unit, book)
    unit.access("import", "bundle", None, kind="restored", head=_head(source), instead_of=before)
    return tally


@dataclass(slots=True)
class _Merge:
    """A merge under way: which sessions are new, which were here and in what state, and what was renamed."""

    unit: Unit
    tally: Tally
    fresh: dict[str, Row] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    inquiries: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    people: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)


def what_is_missing(unit: Unit, source: Source, progress: Progress | None) -> Tally:
    """Add the rows whose keys are not here yet; a row that contradicts what is here is refused."""
    unit.alone()
    merge = _Merge(unit, Tally())
    for sheet in TABLES:
        for block in _blocks(source, sheet, progress):
            _merge_block(merge, sheet, block)
    _sign(merge)
    if merge.tally.rows:
        unit.record("import.bundle", "bundle", None)
        unit.access("import", "bundle", None, kind="merged", head=_head(source), rows=dict(merge.tally.rows))
    return merge.tally


def _merge_block(merge: _Merge, sheet: Sheet, block: Sequence[Numbered]) -> None:
    here = archive.present(merge.unit, sheet.name, [row["id"] for _, row in block])
    if sheet is layout.SESSIONS:
        merge.states |= imports.states(merge.unit, [row["id"] for _, row in block])
    if sheet is layout.PATIENTS:
        merge.known |= here
    new: list[Row] = []
    for line, row in block:
        _renamed(merge, row)
        if row["id"] in here or (sheet is layout.IDENTITY and row["id"] in merge.known):
            # A name that was erased here does not come back with its patient.
            merge.tally.already += 1
        elif _owner(sheet, row) in merge.gone:
            merge.gone.add(row["id"])
            merge.tally.skipped += 1
        elif _fits(merge, sheet, line, row):
            new.append(_readied(merge, sheet, row))
    if new:
        archive.add(merge.unit, sheet.name, new)
        merge.tally.rows[sheet.name] += len(new)


def _renamed(merge: _Merge, row: Row) -> None:
    for name, value in row.items():
        if value in merge.people and name in ("therapist_id", "signed_by", "practitioner_id", "by_id"):
            row[name] = merge.people[value]


def _owner(sheet: Sheet, row: Row) -> str | None:
    if sheet is layout.IDENTITY:
        return str(row["id"])
    return next((row[n] for n in OWNERS if row.get(n) is not None), None)


def _fits(merge: _Merge, sheet: Sheet, line: int, row: Row) -> bool:
    if sheet is layout.PRACTITIONERS:
        return _new_person(merge, line, row)
    if sheet is layout.PROTOCOLS and imports.taken(merge.unit, "protocols", "slot", row["slot"]):
        # The clinic here has its own plan on that key, and keeps it.
        merge.tally.already += 1
        return False
    if sheet is layout.PATIENTS and imports.taken(merge.unit, "patients", "code", row["code"]):
        reason = _("is the chart code of another patient here")
        return _refuse(merge, sheet, line, row, "code", reason, row["code"])
    if sheet is layout.REACTIONS:
        known = row["inquiry_id"] in merge.inquiries
        return known or _refuse(
            merge, sheet, line, row, "inquiry", _("the inquiry was here already, without it")
        )
    if sheet is layout.REQUEST_STEPS and row["amendment_id"] in merge.gone:
        reason = _("the amendment it tells of was not taken")
        return _refuse(merge, sheet, line, row, "amendment", reason)
    about_visit = sheet.name in OF_SESSION or (sheet is layout.REQUESTS and row["session_id"] is not None)
    if about_visit and row["session_id"] not in merge.fresh:
        return _joins(merge, sheet, line, row)
    if sheet is layout.INQUIRIES:
        merge.inquiries.add(row["id"])
    return True


def _new_person(merge: _Merge, line: int, row: Row) -> bool:
    other = imports.taken(merge.unit, "practitioners", "code", row["code"])
    if other is None:
        return True
    if imports.taken(merge.unit, "practitioners", "name", row["name"]) == other:
        merge.people[row["id"]] = other
        merge.tally.already += 1
        return False
    return _refuse(
        merge, layout.PRACTITIONERS, line, row, "code", _("is another practitioner here"), row["code"]
    )


def _joins(merge: _Merge, sheet: Sheet, line: int, row: Row) -> bool:
    """Whether a row may join a session that was here before."""
    later = sheet.name in LATER or row.get("follow_up_id") is not None
    if merge.states.get(row["session_id"]) == "signed" and later:
        if sheet is layout.INQUIRIES:
            merge.inquiries.add(row["id"])
        return True
    state = merge.states.get(row["session_id"], "missing")
    return _refuse(
        merge,
        sheet,
        line,
        row,
        "session",
        _("its session is {state} here and cannot take it any more").format(state=code_words.said(state)),
    )


def _refuse(
    merge: _Merge, sheet: Sheet, line: int, row: Row, column: str, reason: str, value: str = ""
) -> bool:
    merge.gone.add(row["id"])
    merge.tally.refuse(sheet.path, line, column, value, reason)
    return False


def _readied(merge: _Merge, sheet: Sheet, row: Row) -> Row:
    """Return a new row as it goes in: with a free number, a session as draft until its rows are there."""
    if sheet in NUMBERED:
        place = (sheet.name, row["patient_id"])
        last = merge.numbers.get(place)
        last = imports.last_number(merge.unit, *place) if last is None else last
        row["number"] = row["number"] if last == 0 else max(row["number"], last + 1)
        merge.numbers[place] = last if last == 0 else row["number"]
    if sheet is not layout.SESSIONS:
        return row
    merge.fresh[row["id"]] = {n: row[n] for n in ("status", "signed_by", "signed_at", "carried_from")}
    return row | {"status": "draft", "signed_by": None, "signed_at": None, "carried_from": None}


def _sign(merge: _Merge) -> None:
    for key, signed in merge.fresh.items():
        changes = {name: value for name, value in signed.items() if value is not None}
        if signed["carried_from"] is not None and not _is_here(merge, signed["carried_from"]):
            del changes["carried_from"]
        if signed["status"] == "draft":
            del changes["status"]
        if changes:
            archive.change(merge.unit, "sessions", key, **changes)


def _is_here(merge: _Merge, key: str) -> bool:
    return key in merge.fresh or bool(imports.states(merge.unit, [key]))


def _blocks(source: Source, sheet: Sheet, progress: Progress | None) -> Iterator[list[Numbered]]:
    found = sheets.rows(source, sheet)
    total, done = sheets.count(source, sheet), 0
    while block := list(islice(found, BLOCK)):
        yield block
        done += len(block)
        if progress is not None:
            progress(sheet.name, done, total)


def _head(source: Source) -> dict[str, Any]:
    head: dict[str, Any] = source.manifest["request"]["heads"]["record"]
    return head
