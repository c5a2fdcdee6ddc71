"""What a bundle will hold, counted before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hiplog.exchange import layout
from hiplog.logbook import archive
from hiplog.logbook.archive import Unit
from hiplog.outcomes import completeness, exclusions


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of each table in the order of the bundle."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def of(
    unit: Unit, since: date | None = None, until: date | None = None, *, identified: bool = False
) -> Contents:
    """Count what a bundle of these days, both included, holds in each table of the profile."""
    rows = {}
    for sheet in layout.profile(identified):
        if sheet.source is not None:
            rows[sheet.name] = archive.count(unit, sheet.source, since=since, until=until)
        elif sheet is layout.COMPLETENESS:
            rows[sheet.name] = len(completeness.of(unit, since, until))
        else:
            rows[sheet.name] = sum(1 for _ in exclusions.of(unit, since, until))
    return Contents(rows)
