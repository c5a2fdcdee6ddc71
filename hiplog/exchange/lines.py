"""Which sheets the database can write by itself, line by line, and what stands there instead of some values.

A column that shows another value than the logbook's own is asked which different values there are; what each
shows is worked out once. What depends on the rest of its row is left to :mod:`hiplog.exchange.shape`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from hiplog.exchange import cells, shape
from hiplog.exchange.columns import Column, Sheet
from hiplog.logbook import archive
from hiplog.logbook.archive import Cell, Rules, Unit

MOST = 20_000
PEOPLE_AT_MOST = 100
"""More practitioners than these make a comparison of every row with every one of them too slow."""
KINDS: dict[str, archive.CellKind] = {
    "string": "text",
    "integer": "whole",
    "number": "number",
    "boolean": "flag",
    "date": "day",
    "datetime": "moment",
}
"""What each kind of column is called where lines are made."""
HOURS_KEPT = 65_536


def plan(
    unit: Unit, sheet: Sheet, shown: shape.Profile, since: date | None, until: date | None
) -> list[Cell] | None:
    """Return how the database writes each column of ``sheet``; ``None`` when it cannot."""
    columns = sheet.shown(shown.identified)
    if any(shape.worked_out(sheet, column, shown) for column in columns if not _filled(sheet, column)):
        return None
    if len(shown.people) > PEOPLE_AT_MOST and any(column.person for column in columns):
        return None
    instead = _instead(unit, sheet, shown, since, until)
    return None if instead is None else [_cell(sheet, column, shown, instead) for column in columns]


def rules() -> Rules:
    """Return how texts are guarded and times written: as cell by cell."""
    return Rules(cells.GUARDED, local)


def local(stored: str, zone: str) -> str:
    """Write a time as it is stored, in UTC to the millisecond, the way :func:`cells.local_text` does.

    Within an hour in which the zone's clock is not changed, the hour alone has to be asked for.
    """
    hour = _hour(stored[:13], zone) if len(stored) == len(archive.NOUGHT) else None
    if hour is None:
        return cells.local_text(archive.of_text(stored), zone)
    begin, offset = hour
    return f"{begin}{stored[13:19] if stored[19:23] == '.000' else stored[13:23]}{offset}"


@lru_cache(maxsize=HOURS_KEPT)
def _hour(hour: str, zone: str) -> tuple[str, str] | None:
    """The local hour and its offset; ``None`` where more than that is needed to write a time of this hour."""
    begin = cells.local_text(archive.of_text(f"{hour}:00:00.000Z"), zone)
    end = cells.local_text(archive.of_text(f"{hour}:59:59.000Z"), zone)
    whole = begin[13:19] == ":00:00" and end == f"{begin[:13]}:59:59{begin[19:]}"
    return (begin[:13], begin[19:]) if whole else None


def _filled(sheet: Sheet, column: Column) -> str | None:
    return shape.FILLED.get((sheet.name, column.name))


def _cell(sheet: Sheet, column: Column, shown: shape.Profile, instead: Mapping[str, dict[str, str]]) -> Cell:
    filled = _filled(sheet, column)
    if filled is not None:
        return Cell("filled", filled)
    name = column.source or column.name
    return Cell(KINDS[column.kind], name, column.places, shown.zone, instead.get(column.name, {}))


def _instead(
    unit: Unit, sheet: Sheet, shown: shape.Profile, since: date | None, until: date | None
) -> dict[str, dict[str, str]] | None:
    """What stands for which value, by column; ``None`` where a value alone does not decide it."""
    getters = {
        column: get
        for column in sheet.shown(shown.identified)
        if not _filled(sheet, column) and (get := shape.getter(sheet, column, shown)) is not None
    }
    if not getters:
        return {}
    asked = {column.source or column.name for column in getters}
    if any(column.name == "zone" for column in getters):
        asked.add("muscle")
    rows = archive.different(unit, str(sheet.source), sorted(asked), MOST + 1, since=since, until=until)
    if len(rows) > MOST:
        return None
    told: dict[str, dict[str, str]] = {}
    for column, get in getters.items():
        seen: dict[str | None, Any] = {}
        for row in rows:
            value = row[column.source or column.name]
            if seen.setdefault(value, get(row)) != get(row):
                return None
        told[column.name] = {value: to for value, to in seen.items() if value is not None and to != value}
    return told
