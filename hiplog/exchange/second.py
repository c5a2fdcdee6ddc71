"""Half of a large bundle written by a second program, out of the same state of the logbook.

Both read in a transaction of their own; that the heads of the record are the same says that the states are,
for whatever a bundle shows is changed with an entry of the trail only. Where that does not come about, or
anything goes wrong over there, this program writes those tables itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from hiplog.exchange import layout, shape, sheet_files
from hiplog.exchange.columns import Sheet
from hiplog.exchange.sheet_files import Progress, Request, Table
from hiplog.logbook import archive
from hiplog.logbook.archive import Unit

WORTH_IT = 1_000_000
"""Rows from which on a second program is quicker than its own start."""
WEIGHTS = {"sessions": 9, "audit_log": 7, "episodes": 6, "follow_ups": 4, "signatures": 4, "completeness": 9}
"""What a row of a table takes beside a row that is only copied, as measured; completeness a session."""
AT, DONE, ENDED = "at", "done", "ended"


@dataclass(frozen=True, slots=True)
class Part:
    """What the second program is told: how and when to read, what head the record has, and what to write."""

    view: archive.View
    now: datetime
    head: str
    sheets: tuple[str, ...]
    folder: Path
    asked: Request


def tables(
    unit: Unit,
    view: archive.View,
    part: Path,
    asked: Request,
    shown: shape.Profile,
    progress: Progress | None,
) -> list[Table]:
    """Write every table of the profile, by two programs where there is much to write, in their order."""
    sheets = layout.profile(asked.identified)
    sizes = archive.sizes(unit)
    if sum(sizes.values()) < WORTH_IT or (os.cpu_count() or 1) < 2:
        return [sheet_files.write(unit, sheet, part, asked, shown, progress) for sheet in sheets]
    mine, others = _dealt(sheets, sizes)
    told = Part(view, unit.now, _head(unit), others, part, asked)
    with _program(told) as other:
        made = {
            sheet.name: sheet_files.write(unit, sheet, part, asked, shown, other.beside(progress))
            for sheet in sheets
            if sheet.name in mine
        }
        theirs = other.wait(progress)
    for sheet in sheets:
        if sheet.name not in made and sheet.name not in theirs:
            theirs[sheet.name] = sheet_files.write(unit, sheet, part, asked, shown, progress)
    for place, codes in other.unlisted.items():
        shown.unlisted.setdefault(place, set()).update(codes)
    return [(made | theirs)[sheet.name] for sheet in sheets]


def _head(unit: Unit) -> str:
    return archive.heads(unit)["record"].row_hash


def _dealt(sheets: Sequence[Sheet], sizes: dict[str, int]) -> tuple[set[str], tuple[str, ...]]:
    """Deal the tables into two heaps of about the same work."""
    work = {
        sheet.name: WEIGHTS.get(sheet.name, 1) * sizes.get(sheet.source or "sessions", 0) for sheet in sheets
    }
    heaps: tuple[list[str], list[str]] = ([], [])
    for name in sorted(work, key=lambda name: -work[name]):
        min(heaps, key=lambda heap: sum(work[one] for one in heap)).append(name)
    return set(heaps[0]), tuple(heaps[1])


class _Other:
    """The second program as seen from here: what it said so far."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._made: dict[str, Table] | None = None
        self.unlisted: dict[tuple[str, str], set[str]] = {}

    def beside(self, progress: Progress | None) -> Progress:
        """Listen to the other whenever this program is a step further; both are told to ``progress``."""

        def tell(name: str, done: int, total: int) -> None:
            if progress is not None:
                progress(name, done, total)
            while self._made is None and self._pipe.poll():
                self._hear(progress)

        return tell

    def wait(self, progress: Progress | None) -> dict[str, Table]:
        """Return what the other wrote, once it is done; nothing where it gave up."""
        while self._made is None:
            self._hear(progress)
        return dict(self._made)

    def _hear(self, progress: Progress | None) -> None:
        try:
            kind, *about = self._pipe.recv()
        except (EOFError, OSError):
            kind, about = ENDED, []
        if kind == AT and progress is not None:
            progress(*about)
        elif kind == DONE:
            self._made, self.unlisted = about
        elif kind == ENDED:
            self._made = {}


@contextmanager
def _program(told: Part) -> Iterator[_Other]:
    """The second program, ready before anything else is done and gone at the end."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    program: BaseProcess = spawning.Process(target=_work, args=(there, told), daemon=True)
    program.start()
    there.close()
    try:
        yield _Other(here)
    finally:
        here.close()
        program.terminate()
        program.join()


def _work(pipe: Connection, told: Part) -> None:
    """What the second program does; it ends at whatever goes wrong, and the first one hears that it did."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The screen is the first program's, and a fault might quote what it met.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with archive.reading(told.view, told.now) as unit, unit.frugal():
        if _head(unit) == told.head:
            shown = sheet_files.profile(unit, told.asked)
            made = {name: _one(unit, layout.BY_NAME[name], told, shown, pipe) for name in told.sheets}
            pipe.send((DONE, made, shown.unlisted))


def _one(unit: Unit, sheet: Sheet, told: Part, shown: shape.Profile, pipe: Connection) -> Table:
    def tell(*at: Any) -> None:
        pipe.send((AT, *at))

    return sheet_files.write(unit, sheet, told.folder, told.asked, shown, tell)
