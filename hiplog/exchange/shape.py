"""From rows of the logbook to the cells of a bundle, in the profile asked for.

Rows are worked on in blocks, column by column: most columns are copied, and one cell more costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, repeat
from operator import itemgetter
from typing import Any

from hiplog.clinical.causes import icd10_of_cause
from hiplog.clinical.errors import BadInput
from hiplog.clinical.muscles import MUSCLES, free_place, muscle_band
from hiplog.exchange import cells, layout
from hiplog.exchange.codes import KNOWN, UNLISTED
from hiplog.exchange.columns import Column, Sheet
from hiplog.logbook import archive

Row = Mapping[str, Any]
Cells = list[str]
"""The cells of one column, row by row."""

ROWS_A_BLOCK = 500
LATE = timedelta(hours=24)
ELDEST = 90
OWN_CODES = {
    ("amendments", "field"),
    ("consents", "form_version"),
    ("insertions", "zone"),
    ("readings", "version"),
    ("screening", "rule_version"),
}
_EDITION = re.compile(r"[vV]?\d{1,4}([._/-]\d{1,2})?[a-z]?")
"""An edition such as 1, v2.1 or 2026-01: too short for a name, a telephone number or a day."""
PEOPLE_BY_CODE = {"inserted_by", "removed_by", "tester"}
_NEEDLES = frozenset(("opened", "inserted", "withdrawn", "to_sharps"))
AMENDED = {"session": "sessions", "insertion": "insertions", "reading": "readings"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a bundle shows: ``whole`` when it is of all days; ``people`` maps practitioner keys to codes.

    ``unlisted`` collects the codes that no list knows, by file and column, for the descriptor.
    """

    identified: bool
    whole: bool
    zone: str
    people: Mapping[str, str]
    unlisted: dict[tuple[str, str], set[str]] = field(default_factory=dict)


def blocks(sheet: Sheet, rows: Iterable[Row], shown: Profile) -> Iterator[list[Cells]]:
    """Yield the rows of the logbook some hundred at a time, as the cells of each column."""
    columns = sheet.shown(shown.identified)
    made = [(cells.column_writer(column), _taker(sheet, column, shown)) for column in columns]
    timed = any(column.kind == "datetime" for column in columns)
    for block in _some(rows):
        zones = [row.get("zone") or shown.zone for row in block] if timed else repeat(shown.zone)
        yield [write(take(block), zones) for write, take in made]


def values(sheet: Sheet, rows: Iterable[Row], shown: Profile) -> Iterator[dict[str, Any]]:
    """Yield what each row of the logbook shows, by column, before it becomes text."""
    columns = sheet.shown(shown.identified)
    getters = {
        column.name: getter(sheet, column, shown) or itemgetter(column.source or column.name)
        for column in columns
    }
    for row in rows:
        yield {name: get(row) for name, get in getters.items()}


def plain(sheet: Sheet, rows: Iterable[Row]) -> Iterator[list[Cells]]:
    """Yield likewise what is worked out elsewhere and has the sheet's own columns."""
    made = [(cells.column_writer(column), _copied(column.name)) for column in sheet.columns]
    for block in _some(rows):
        yield [write(take(block), repeat("UTC")) for write, take in made]


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while block := list(islice(left, ROWS_A_BLOCK)):
        yield block


def _copied(name: str) -> Callable[[Sequence[Row]], list[Any]]:
    return lambda block: [row[name] for row in block]


def _taker(sheet: Sheet, column: Column, shown: Profile) -> Callable[[Sequence[Row]], list[Any]]:
    get = getter(sheet, column, shown)
    return _copied(column.source or column.name) if get is None else lambda block: [get(row) for row in block]


def day_number(row: Row, day: date | datetime | None, zone: str) -> int | None:
    """Return ``day`` counted from the day of the patient's first session, else of the first episode."""
    start = row.get("_first_at") or row.get("_first_opened")
    if day is None or start is None:
        return None
    return (_local_day(day, zone) - _local_day(start, zone)).days


def age_band(birth: date | None, day: date) -> str | None:
    """Return the band that the age on ``day`` falls into; the last is ``90+``."""
    if birth is None:
        return None
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    if age < 18:
        return "0-17"
    if age >= ELDEST:
        return "90+"
    return "18-29" if age < 30 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def worked_out(sheet: Sheet, column: Column, shown: Profile) -> Callable[[Row, Profile], Any] | None:
    """Return how a column is worked out of a whole row, or ``None`` when one value decides it."""
    place = (sheet.name, column.name)
    return None if shown.whole and place in WHOLE_ONLY else SPECIAL.get(place)


def getter(sheet: Sheet, column: Column, shown: Profile) -> Callable[[Row], Any] | None:
    """Return what a column shows of a row, or ``None`` when it is the logbook's own value."""
    special = worked_out(sheet, column, shown)
    if special is not None:
        return lambda row: special(row, shown)
    name = column.source or column.name
    if column.person:
        return lambda row: None if row[name] is None else shown.people[row[name]]
    if column.codes and not column.closed:
        return _listed(sheet.name, column.name, name, KNOWN[column.codes], shown)
    own = (sheet.name, column.name) in OWN_CODES or column.name in PEOPLE_BY_CODE
    if own and not shown.identified:
        return lambda row: _own_code(row, column.name, shown)
    return None


def _listed(
    sheet: str, column: str, name: str, known: frozenset[str], shown: Profile
) -> Callable[[Row], str | None]:
    seen = shown.unlisted.setdefault((sheet, column), set())

    def get(row: Row) -> str | None:
        value: str | None = row[name]
        if value is None or value in known:
            return value
        seen.add(value if shown.identified else UNLISTED)
        return value if shown.identified else UNLISTED

    return get


def _own_code(row: Row, name: str, shown: Profile) -> str | None:
    value: str | None = row[name]
    if value is None:
        return None
    if name in PEOPLE_BY_CODE:
        return value if value in shown.people.values() else UNLISTED
    if name == "field":
        return value if _corrected(row) is not None or value in _NEEDLES else UNLISTED
    if name != "zone":
        return value if _EDITION.fullmatch(value) else UNLISTED
    muscle = MUSCLES.get(row["muscle"])
    known = free_place(value) is not None or (muscle is not None and muscle.zone(value) is not None)
    return value if known else UNLISTED


def _local_day(value: date | datetime, zone: str) -> date:
    return value.astimezone(cells.place(zone)).date() if isinstance(value, datetime) else value


def _day_no(source: str) -> Callable[[Row, Profile], int | None]:
    return lambda row, shown: day_number(row, row[source], shown.zone)


def _year(source: str) -> Callable[[Row, Profile], int]:
    return lambda row, shown: _local_day(row[source], shown.zone).year


def _filled(source: str) -> Callable[[Row, Profile], bool]:
    return lambda row, shown: row[source] is not None


def _symptoms(row: Row, shown: Profile) -> str | None:
    value: str | None = row["symptoms"]
    if value is None or shown.identified:
        return value
    return " ".join(code if code in KNOWN["symptom"] else UNLISTED for code in value.split())


def _icd10(row: Row, shown: Profile) -> str | None:
    try:
        return " ".join(icd10_of_cause(row["cause"], row["side"], row["indication"])) or None
    except BadInput:
        return None


def _status(row: Row, shown: Profile) -> str:
    return "voided" if row["_void"] else str(row["status"])


def _band(row: Row, shown: Profile) -> str:
    return muscle_band(str(number) for number in range(row["_muscles"]))


def _adverse(row: Row, shown: Profile) -> str:
    return "not_asked" if row["_answer"] is None else archive.ANSWERS[row["_answer"]]


def _age(row: Row, shown: Profile) -> str | None:
    return age_band(row["_birth"], row["occurred_at"].astimezone(cells.place(row["zone"])).date())


def _done_after(row: Row, shown: Profile) -> Decimal | None:
    if row["done_at"] is None or row["_occurred_at"] is None:
        return None
    return Decimal(str((row["done_at"] - row["_occurred_at"]).total_seconds() / 3600))


def _amended(name: str) -> Callable[[Row, Profile], str | None]:
    return lambda row, shown: row[name] if shown.identified or not _hides(row, name) else None


def _hides(row: Row, name: str) -> bool:
    column = _corrected(row)
    if column is None or column.identified:
        return True
    value = row[name]
    if column.codes is not None:
        return value not in KNOWN[column.codes]
    return column.kind == "string" or not _is_plain(value)


def _is_plain(value: str | None) -> bool:
    try:
        return value is None or value in ("true", "false", "yes", "no") or Decimal(value).is_finite()
    except ArithmeticError:
        return False


def _corrected(row: Row) -> Column | None:
    """Return the bundle column that an amendment corrects; ``None`` when it is none of the coded ones."""
    sheet = layout.BY_NAME.get(AMENDED.get(row["entity"], ""))
    wanted = {row["field"], f"needles_{row['field']}"}
    columns = sheet.columns if sheet else ()
    return next((c for c in columns if c.source in wanted), None)


def _text_changed(row: Row, shown: Profile) -> bool:
    column = _corrected(row)
    return column is None or column.identified


FILLED = {
    ("patients", "erased"): "erased_at",
    ("precautions", "cleared"): "cleared_by",
    ("sessions", "mismatch_explained"): "mismatch_reason",
    ("screening", "overridden"): "override_reason",
}
"""Columns that say whether another one of the logbook holds a value."""

WHOLE_ONLY = {("audit_log", "salt"), ("audit_log", "body")}
"""Columns that only a bundle of all days shows."""

SPECIAL: dict[tuple[str, str], Callable[[Row, Profile], Any]] = {
    **{place: _filled(source) for place, source in FILLED.items()},
    ("episodes", "symptoms"): _symptoms,
    ("episodes", "icd10"): _icd10,
    ("episodes", "onset_day_no"): _day_no("onset"),
    ("episodes", "opened_day_no"): _day_no("opened_on"),
    ("episodes", "closed_day_no"): _day_no("closed_on"),
    ("episodes", "opened_year"): _year("opened_on"),
    ("precautions", "since_day_no"): _day_no("since"),
    ("precautions", "ended_day_no"): _day_no("ended_on"),
    ("sessions", "day_no"): _day_no("occurred_at"),
    ("sessions", "year"): _year("occurred_at"),
    ("sessions", "age_band"): _age,
    ("sessions", "late"): lambda row, shown: row["recorded_at"] - row["occurred_at"] > LATE,
    ("sessions", "status"): _status,
    ("sessions", "insertions"): lambda row, shown: row["_insertions"] or 0,
    ("sessions", "muscles_distinct"): lambda row, shown: row["_muscles"],
    ("sessions", "muscle_band"): _band,
    ("sessions", "adverse_any"): _adverse,
    ("signatures", "day_no"): _day_no("at"),
    ("signatures", "year"): _year("at"),
    ("follow_ups", "done_after_h"): _done_after,
    ("amendments", "old_value"): _amended("old_value"),
    ("amendments", "new_value"): _amended("new_value"),
    ("amendments", "text_changed"): _text_changed,
    ("amendments", "day_no"): _day_no("at"),
    ("amendments", "year"): _year("at"),
    ("amendment_requests", "day_no"): _day_no("asked_on"),
    ("amendment_requests", "year"): _year("asked_on"),
    ("request_steps", "day_no"): _day_no("at"),
    ("request_steps", "year"): _year("at"),
    **dict.fromkeys(WHOLE_ONLY, lambda row, shown: None),
}
