"""From the rows of a foreign table to facts, by a map; what cannot be read is named, nothing is guessed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hiplog.clinical.errors import BadInput
from hiplog.exchange import fields
from hiplog.exchange.fields import FIELDS
from hiplog.exchange.mapping import Make, Map
from hiplog.exchange.taken import Progress, Tally
from hiplog.language import _

Cells = Mapping[str, str]
MISSING_REASON = "not_printed"
LINES_A_REPORT = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a row says: what it is, the line, and its fields as read."""

    what: str
    line: int
    said: Mapping[str, Any]

    @property
    def patient(self) -> str:
        """Which patient of the source."""
        return str(self.said["patient"]).casefold()

    @property
    def visit(self) -> tuple[str, str]:
        """Which visit of the source."""
        return self.patient, str(self.said["session"]).casefold()


@dataclass(slots=True)
class Found:
    """Everything a table says, and the patients and visits of which some row cannot be read."""

    facts: list[Fact] = field(default_factory=list)
    bad_patients: set[str] = field(default_factory=set)
    bad_visits: set[tuple[str, str]] = field(default_factory=set)
    lines: dict[int, list[str]] = field(default_factory=dict)
    header: list[str] = field(default_factory=list)


def read(
    path: Path, made_by: Map, how: fields.Reading, tally: Tally, progress: Progress | None = None
) -> Found:
    """Read a whole table; every cell that cannot be read becomes a refusal in ``tally``.

    Raises ``BadInput`` when the file cannot be read at all or lacks a column that the map names.
    """
    found = Found()
    total = _lines(path) if progress is not None else 0
    for line, row in _rows(path, made_by, found, tally):
        if progress is not None and line % LINES_A_REPORT == 0:
            progress("lines", line, max(line, total))
        for make in made_by.makes:
            if make.takes(row):
                _read_one(make, line, row, made_by, how, found, tally, path.name)
    return found


def _lines(path: Path) -> int:
    """Count the lines of a file, for a progress bar: a file that cannot be read is told of elsewhere."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0


def _read_one(
    make: Make,
    line: int,
    row: Cells,
    made_by: Map,
    how: fields.Reading,
    found: Found,
    tally: Tally,
    file: str,
) -> None:
    said: dict[str, Any] = {}
    wrong: list[tuple[str, str, str]] = []
    for name, wanted in FIELDS[make.what].items():
        cell = _cell(make, name, row, made_by)
        if cell is None:
            continue
        if cell.casefold() in made_by.not_printed:
            if make.what == "reading" and name == "value":
                said |= {"value": None, "missing_reason": MISSING_REASON}
            continue
        try:
            said[name] = wanted.read(cell, how)
        except BadInput as error:
            wrong.append((make.columns.get(name, name), cell, str(error)))
    wrong += _empty(make, said, [column for column, _, _ in wrong])
    if wrong:
        _spoil(said, found)
        found.lines.setdefault(line, list(row.values()))
    for told in wrong:
        tally.refuse(file, line, *told)
    if not wrong and _is_made(make, said):
        found.facts.append(Fact(make.what, line, said))


def _cell(make: Make, name: str, row: Cells, made_by: Map) -> str | None:
    cell = make.fixed.get(name)
    if name in make.columns:
        cell = row[make.columns[name]].strip()
    if cell is None:
        return None
    ours = make.values.get(name, {}).get(cell.casefold())
    if ours is not None:
        return ours
    return None if cell == "" or cell.casefold() in made_by.missing else cell


def _empty(make: Make, said: Mapping[str, Any], wrong: list[str]) -> list[tuple[str, str, str]]:
    if not make.when and not _is_made(make, said):
        return []
    told = []
    for name, wanted in FIELDS[make.what].items():
        column = make.columns.get(name, name)
        excused = name == "value" and said.get("missing_reason") is not None
        if wanted.needed and name not in said and column not in wrong and not excused:
            told.append(
                (column, "", _("is empty; a {what} needs its {name}").format(what=make.what, name=name))
            )
    return told


def _is_made(make: Make, said: Mapping[str, Any]) -> bool:
    core = next(name for name, wanted in FIELDS[make.what].items() if wanted.core)
    return core in said or said.get("missing_reason") is not None


def _spoil(said: Mapping[str, Any], found: Found) -> None:
    """Mark what a bad row belongs to, so that no visit comes in with a part left out."""
    patient = str(said.get("patient", "")).casefold()
    if "session" in said and patient:
        found.bad_visits.add((patient, str(said["session"]).casefold()))
    elif patient:
        found.bad_patients.add(patient)


def _rows(path: Path, made_by: Map, found: Found, tally: Tally) -> Iterator[tuple[int, Cells]]:
    csv.field_size_limit(2**31 - 1)
    before = 0
    try:
        with path.open(encoding=made_by.encoding, newline="") as file:
            lines = csv.reader(file, delimiter=made_by.delimiter, strict=True)
            found.header = _header(path, next(lines, []), made_by)
            before = lines.line_num
            for cells in lines:
                line, before = before + 1, lines.line_num
                if len(cells) == len(found.header):
                    yield line, dict(zip(found.header, cells, strict=True))
                elif any(cell.strip() for cell in cells):
                    told = _("has {cells} cells, the table has {header} columns").format(
                        cells=len(cells), header=len(found.header)
                    )
                    tally.refuse(path.name, line, "", "", told)
                    found.lines[line] = cells
    except UnicodeDecodeError:
        reason = _("is not {encoding} after line {before}; say the encoding in the map").format(
            encoding=made_by.encoding, before=before
        )
        raise BadInput(f"{path}: {reason}") from None
    except csv.Error as error:
        raise BadInput(
            _("{path}: cannot be read as CSV after line {before} ({error})").format(
                path=path, before=before, error=error
            )
        ) from None
    except OSError as error:
        raise BadInput(
            _("{path}: cannot be read ({strerror})").format(path=path, strerror=error.strerror)
        ) from None


def _header(path: Path, cells: list[str], made_by: Map) -> list[str]:
    names = [cell.strip() for cell in cells]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(
            _("{path}: column {twice!r} stands there twice; rename one of them").format(
                path=path, twice=twice[0]
            )
        )
    left = sorted(made_by.needed - set(names))
    if left:
        raise BadInput(
            _("{path}: has no column {map} that the map names; mend the names in the map").format(
                path=path, map=", ".join(map(repr, left))
            )
        )
    return names
