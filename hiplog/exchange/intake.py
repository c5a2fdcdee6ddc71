"""Bring records in: a bundle of another hiplog, or a foreign table with a map. All of it, or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import NoReturn

from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.exchange import fields, foreign, restore, sheets
from hiplog.exchange import gather as gathering
from hiplog.exchange import mapping as maps
from hiplog.exchange import settle as settling
from hiplog.exchange.bundle import is_bundle
from hiplog.exchange.foreign import Found
from hiplog.exchange.mapping import Map
from hiplog.exchange.sheets import Source
from hiplog.exchange.taken import Progress, Refusal, Taken, Tally
from hiplog.language import _
from hiplog.logbook import imports, sealing
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook, backup_before
from hiplog.settings import private_file

__all__ = ["Refusal", "Taken", "read"]


class _NotWritten(Exception):
    """Ends the transaction without a trace and carries what would have come in."""

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.taken = taken


def read(
    book: Logbook,
    path: Path,
    *,
    mapping: Path | None = None,
    dry_run: bool = False,
    skip_bad: Path | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Import ``path`` and return what came in, what was here already, and every row that was refused.

    A bundle must be an identified one: it fills a blank logbook word for word, and adds to any other what is
    not there. Any other file is a table and needs ``mapping``. Nothing is written when a row is
    refused, unless ``skip_bad`` names a new file for the refused rows; a visit with one bad row is then left
    out whole. With ``dry_run`` nothing is ever written. A backup is made first.

    Raises ``NotFound`` for a missing file, ``BadInput`` for a file or map that cannot be read at all,
    ``IntegrityFailed`` for a damaged bundle, ``Refused`` for a de-identified one.
    """
    if not path.exists():
        raise NotFound(
            _("{path}: there is no such file or folder; name a bundle's folder or a table").format(path=path)
        )
    if skip_bad is not None and skip_bad.exists():
        raise BadInput(
            _("{skip_bad}: exists already; name a new file for the refused rows").format(skip_bad=skip_bad)
        )
    if not dry_run:
        book.need("import")
        backup_before(book.settings, book.engine, book.opening, book.clock(), "import")
    found = Found()
    try:
        if path.is_dir() or is_bundle(path):
            taken = _bundle(book, path, dry_run, skip_bad is not None, progress)
        else:
            taken = _table(book, path, mapping, dry_run, skip_bad is not None, found, progress)
    except _NotWritten as ended:
        taken = ended.taken
    if skip_bad is not None and taken.refused:
        _keep_refused(skip_bad, taken, found)
    return taken


def _bundle(book: Logbook, path: Path, dry_run: bool, skip: bool, progress: Progress | None) -> Taken:
    if not is_bundle(path):
        raise BadInput(
            _("{path}: is a folder, but no audit bundle; name the bundle's folder or a CSV file").format(
                path=path
            )
        )
    source = sheets.open_(path)
    taken = book.write(_write_bundle, book, source, dry_run, skip, progress)
    sealing.attend(book.settings, book.engine, book.opening, book.clock())
    return taken


def _write_bundle(
    unit: Unit, book: Logbook, source: Source, dry_run: bool, skip: bool, progress: Progress | None
) -> Taken:
    if source.whole and imports.is_blank(unit):
        return _end(restore.word_for_word(unit, book, source, progress), dry_run, skip, restored=True)
    return _end(restore.what_is_missing(unit, source, progress), dry_run, skip)


def _table(
    book: Logbook,
    path: Path,
    mapping: Path | None,
    dry_run: bool,
    skip: bool,
    found: Found,
    progress: Progress | None,
) -> Taken:
    if mapping is None:
        raise BadInput(
            _("{path}: a table needs a map that says what its columns mean: --map FILE.toml").format(
                path=path
            )
        )
    made_by = maps.read(mapping)
    return book.write(_write_table, path, made_by, dry_run, skip, found, progress)


def _write_table(
    unit: Unit, path: Path, made_by: Map, dry_run: bool, skip: bool, found: Found, progress: Progress | None
) -> Taken:
    tally = Tally()
    how = fields.Reading(unit.now.date(), made_by.date_order)
    read_now = foreign.read(path, made_by, how, tally, progress)
    found.header, found.lines = read_now.header, read_now.lines
    whole = gathering.gather(read_now, path.name, tally)
    settling.settle(unit, made_by, path.name, read_now, whole, tally, progress)
    taken = _end(tally, dry_run, skip)
    if any(taken.rows.values()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        unit.access("import", "table", None, source=made_by.source, sha256=digest, rows=taken.rows)
    return taken


def _end(tally: Tally, dry_run: bool, skip: bool, *, restored: bool = False) -> Taken:
    """Return the outcome, or end the transaction where nothing may be written."""
    if dry_run or (tally.refused and not skip):
        _undo(tally.taken(written=False))
    return tally.taken(written=True, restored=restored)


def _undo(taken: Taken) -> NoReturn:
    raise _NotWritten(taken)


def _keep_refused(path: Path, taken: Taken, found: Found) -> None:
    """Write the refused rows as they stood, with line and reason, to be mended and read again."""
    told = io.StringIO()
    lines = csv.writer(told)
    lines.writerow(("file", "line", "column", "reason", *found.header))
    for one in taken.refused:
        lines.writerow((one.file, one.line, one.column, one.reason, *found.lines.get(one.line, ())))
    try:
        private_file(path).write_text(told.getvalue(), encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(
            _("{path}: the refused rows cannot be written there ({strerror}); name another file").format(
                path=path, strerror=error.strerror
            )
        ) from None
