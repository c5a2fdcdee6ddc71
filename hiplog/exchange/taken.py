"""What an import did, or would do: rows taken, rows refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hiplog.language import _
from hiplog.logbook.shown import shown

VALUE_WIDTH = 40

Progress = Callable[[str, int, int], None]
"""Told the table, the rows done of it and how many it has (0: not known)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that cannot be read: where it stands, the value as it may be shown, and why.

    ``line`` is the line of the file, the header being 1. ``column`` is empty when it is about the row.
    """

    file: str
    line: int
    column: str
    value: str = field(repr=False)
    reason: str

    def __str__(self) -> str:
        place = _("{file}, line {line}").format(file=self.file, line=self.line)
        place += f", {self.column}" if self.column else ""
        return f"{place}: {self.value!r}: {self.reason}" if self.value else f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in: ``rows`` added to each table, rows ``already`` here, rows ``refused``.

    ``written`` is false after a dry run, and when rows were refused without leave to skip them: then
    nothing at all was written. ``restored`` says that an empty logbook was filled word for word, so that
    it must be opened anew. ``skipped`` counts rows left out because another of the same visit was refused.
    """

    rows: dict[str, int]
    already: int
    refused: tuple[Refusal, ...]
    written: bool
    restored: bool = False
    skipped: int = 0


@dataclass(slots=True)
class Tally:
    """Counts kept while an import runs."""

    rows: Counter[str] = field(default_factory=Counter)
    already: int = 0
    skipped: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, file: str, line: int, column: str, value: str, reason: str) -> None:
        """Note a row that cannot be taken."""
        self.refused.append(Refusal(file, line, column, shown(value, VALUE_WIDTH), reason))

    def taken(self, *, written: bool, restored: bool = False) -> Taken:
        """Return the outcome."""
        rows = {table: number for table, number in self.rows.items() if number}
        return Taken(rows, self.already, tuple(self.refused), written, restored, self.skipped)
