"""One table of the logbook as a file of the bundle, held against what the database counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from hiplog.clinical.errors import IntegrityFailed
from hiplog.exchange import folder, layout, lines, shape
from hiplog.exchange.columns import Sheet
from hiplog.exchange.describe import Written as File
from hiplog.language import _, english
from hiplog.logbook import archive
from hiplog.logbook.archive import Unit
from hiplog.outcomes import completeness, exclusions

EXCEL = "excel/"
ROWS_A_REPORT = 1000

Progress = Callable[[str, int, int], None]
"""Told the table, the rows done of it and how many it has."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the days, both included, and the profile with its reason."""

    since: date | None
    until: date | None
    identified: bool
    reason: str | None
    excel: bool

    @property
    def whole(self) -> bool:
        """Whether it is of all days."""
        return self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as written: its file, rows, and filled cells a column."""

    sheet: Sheet
    file: File
    rows: int
    filled: dict[str, int]


def profile(unit: Unit, asked: Request) -> shape.Profile:
    """Return what the tables show, with the practitioners as they stand in this state."""
    return shape.Profile(asked.identified, asked.whole, unit.zone, archive.codes(unit))


def write(
    unit: Unit, sheet: Sheet, part: Path, asked: Request, shown: shape.Profile, progress: Progress | None
) -> Table:
    """Write one table; ``IntegrityFailed`` when the file does not hold what the database counts."""
    if sheet.source is None:
        rows = _completeness(unit, asked) if sheet is layout.COMPLETENESS else _exclusions(unit, asked)
        return plain(sheet, rows, part, asked)
    days: dict[str, Any] = {"since": asked.since, "until": asked.until}
    kept = archive.filled(unit, sheet.source, **days)
    planned = lines.plan(unit, sheet, shown, **days)
    by_itself = planned and archive.written(unit, sheet.source, planned, lines.rules(), **days)
    told = Meter(sheet.name, kept[""], progress)
    if by_itself:
        made = _put_lines(sheet, told.blocks(by_itself), part, asked)
    else:
        rows = archive.stream(unit, sheet.source, **days)
        made = _put(sheet, shape.blocks(sheet, told.rows(rows), shown), part, asked)
    _reconcile(made, kept, asked)
    return made


def plain(sheet: Sheet, rows: Iterable[dict[str, Any]], part: Path, asked: Request) -> Table:
    """Write rows that have the sheet's own columns already."""
    return _put(sheet, shape.plain(sheet, rows), part, asked)


def _put_lines(sheet: Sheet, blocks: Iterable[list[archive.Line]], part: Path, asked: Request) -> Table:
    """Write lines that the database made, and count what they hold."""
    rows = 0
    marks: Counter[str] = Counter()

    def counted() -> Iterator[str]:
        nonlocal rows
        for block in blocks:
            rows += len(block)
            marks.update([mark for _line, mark in block])
            yield "".join([line for line, _mark in block])

    file = _file(sheet, counted(), part, asked)
    columns = enumerate(sheet.shown(asked.identified))
    filled = {c.name: sum(n for mark, n in marks.items() if mark[at] == "1") for at, c in columns}
    return Table(sheet, file, rows, filled)


def _put(sheet: Sheet, blocks: Iterator[list[shape.Cells]], part: Path, asked: Request) -> Table:
    names = [column.name for column in sheet.shown(asked.identified)]
    empty = [0] * len(names)
    rows = 0

    def counted() -> Iterator[str]:
        nonlocal rows
        for columns in blocks:
            rows += len(columns[0])
            for place, cells_of_one in enumerate(columns):
                empty[place] += cells_of_one.count("")
            lines = map(",".join, zip(*columns, strict=True))
            yield "\r\n".join((*lines, ""))

    file = _file(sheet, counted(), part, asked)
    filled = {name: rows - number for name, number in zip(names, empty, strict=True)}
    return Table(sheet, file, rows, filled)


def _file(sheet: Sheet, lines: Iterable[str], part: Path, asked: Request) -> File:
    names = (column.name for column in sheet.shown(asked.identified))
    file = folder.write(part, sheet.path, chain((",".join(names) + "\r\n",), lines))
    if asked.excel:
        with (part / sheet.path).open(encoding="utf-8", newline="") as copied:
            folder.write(part, f"{EXCEL}{sheet.name}.csv", copied, mark=True)
    return file


@dataclass(frozen=True, slots=True)
class Meter:
    """Tells how far a table is, every thousand rows and at its end."""

    name: str
    total: int
    tell: Progress | None

    def rows(self, rows: Iterable[Any]) -> Iterator[Any]:
        done = 0
        for done, row in enumerate(rows, 1):
            self._at(done, 1)
            yield row
        self._end(done)

    def blocks(self, blocks: Iterable[list[archive.Line]]) -> Iterator[list[archive.Line]]:
        done = 0
        for block in blocks:
            done += len(block)
            self._at(done, len(block))
            yield block
        self._end(done)

    def _at(self, done: int, more: int) -> None:
        if self.tell is not None and done // ROWS_A_REPORT > (done - more) // ROWS_A_REPORT:
            self.tell(self.name, done, self.total)

    def _end(self, done: int) -> None:
        if self.tell is not None:
            self.tell(self.name, done, self.total)


def _reconcile(made: Table, kept: dict[str, int], asked: Request) -> None:
    """Hold what was written against what the database counts."""
    wrong = (
        [] if made.rows == kept[""] else [_("{rows} rows of {kept}").format(rows=made.rows, kept=kept[""])]
    )
    for column in made.sheet.shown(asked.identified):
        if column.source in kept and (made.sheet.name, column.name) not in shape.SPECIAL:
            written, there = made.filled[column.name], kept[column.source]
            wrong += (
                []
                if written == there
                else [
                    _("{name}: {written} values of {there}").format(
                        name=column.name, written=written, there=there
                    )
                ]
            )
    if wrong:
        raise IntegrityFailed(
            _(
                "{name}: files and logbook do not agree ({wrong}); no bundle was written. "
                "See what is wrong with: hiplog doctor --full"
            ).format(name=made.sheet.name, wrong="; ".join(wrong))
        )


def _completeness(unit: Unit, asked: Request) -> Iterator[dict[str, Any]]:
    for one in sorted(completeness.of(unit, asked.since, asked.until), key=lambda one: one.rule):
        low, high = one.interval or (None, None)
        told = {
            "rule": one.rule,
            "label": english(one.label),
            "denominator": one.denominator,
            "passed": one.passed,
        }
        yield told | {"rate": one.rate, "ci_low": low, "ci_high": high}


def _exclusions(unit: Unit, asked: Request) -> Iterator[dict[str, Any]]:
    for one in exclusions.of(unit, asked.since, asked.until):
        yield {
            "file": layout.BY_NAME[one.table].path,
            "id": one.id,
            "rule": one.rule,
            "why": english(one.why),
        }
