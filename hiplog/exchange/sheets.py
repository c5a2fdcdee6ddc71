"""Read the tables of an identified bundle back as rows of the logbook."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiplog.clinical.errors import BadInput, IntegrityFailed, Refused
from hiplog.exchange import cells, layout, verify
from hiplog.exchange.columns import Column, Sheet
from hiplog.language import _

Row = dict[str, Any]
LATER = (layout.PROTOCOLS, layout.REQUESTS, layout.REQUEST_STEPS)
"""Files that came after the first bundles; one that lacks them holds no such rows."""


LATER_COLUMNS = {("screening", "asked"), ("referrals", "follow_up")}
"""Columns that came after the first bundles; one that lacks them says nothing there."""


@dataclass(frozen=True, slots=True)
class Source:
    """A checked bundle: its folder, its manifest, and the key of every practitioner by code."""

    path: Path
    manifest: dict[str, Any]
    people: dict[str, str]

    @property
    def whole(self) -> bool:
        """Whether the bundle is of all days."""
        return self.manifest["since"] is None and self.manifest["until"] is None


def open_(path: Path) -> Source:
    """Check a bundle and open it; ``IntegrityFailed`` when damaged, ``Refused`` without identity."""
    report = verify.check(path)
    if not report.ok:
        first = report.findings[0]
        raise IntegrityFailed(
            _(
                "{path}: the bundle does not verify ({file}: {message}); nothing was read. See "
                "all findings with: hiplog verify {path}"
            ).format(path=path, file=first.file, message=first.message)
        )
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    if manifest["profile"] != "identified":
        raise Refused(
            _(
                "{path}: is a de-identified bundle without dates and text, so no logbook can be "
                "made of it. Export with: hiplog export DIR --identified --reason TEXT"
            ).format(path=path)
        )
    _check_columns(path)
    source = Source(path, manifest, {})
    source.people.update((row["code"], row["id"]) for _line, row in rows(source, layout.PRACTITIONERS))
    return source


def rows(source: Source, sheet: Sheet) -> Iterator[tuple[int, Row]]:
    """Yield the rows of one table as the logbook keeps them, each with its line."""
    if not _holds(source.path, sheet):
        return
    csv.field_size_limit(2**31 - 1)
    with (source.path / sheet.path).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        header = next(lines)
        columns = [column for column in sheet.shown(True) if column.name in header]
        readers = [_reader(column, source.people) for column in columns]
        for number, found in enumerate(lines, 2):
            yield (
                number,
                {
                    column.source: read(cell) if cell else None
                    for column, read, cell in zip(columns, readers, found, strict=True)
                    if column.source is not None
                },
            )


def count(source: Source, sheet: Sheet) -> int:
    """Return how many rows the manifest says a table has."""
    found = (int(t["rows"]) for t in source.manifest["tables"] if t["file"] == sheet.path)
    return next(found, 0) if sheet in LATER else next(found)


def _holds(path: Path, sheet: Sheet) -> bool:
    return sheet not in LATER or (path / sheet.path).exists()


def _reader(column: Column, people: dict[str, str]) -> Callable[[str], Any]:
    if column.person:
        return lambda cell: people[cells.unguard(cell)]
    if column.name == "status" and column.codes == "status":
        # A void is a signature; the session beneath stays signed.
        return lambda cell: "signed" if cell == "voided" else cells.unguard(cell)
    return cells.reader(column)


def _check_columns(path: Path) -> None:
    for sheet in (one for one in layout.profile(True) if _holds(path, one)):
        with (path / sheet.path).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        told = [
            column.name
            for column in sheet.columns
            if column.name in header or (sheet.name, column.name) not in LATER_COLUMNS
        ]
        if header != told:
            raise BadInput(
                _(
                    "{path}: {path2} is not laid out as this hiplog reads it; use the hiplog that wrote it"
                ).format(path=path, path2=sheet.path)
            )
