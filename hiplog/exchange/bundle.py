"""Write the audit bundle: every table in one state, reconciled with the logbook, logged, and then named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

from hiplog import __version__
from hiplog.clinical import roles
from hiplog.clinical.errors import BadInput, IntegrityFailed, Refused
from hiplog.exchange import cells, describe, folder, layout, lines, shape
from hiplog.exchange.columns import Sheet
from hiplog.exchange.describe import Written as File
from hiplog.language import _, english
from hiplog.logbook import archive, clinic, texts
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook
from hiplog.outcomes import completeness, exclusions

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DESCRIPTOR, LETTER, VERIFIER = "datapackage.json", "README.txt", "verify.py"
EXCEL = "excel/"
NAMES = frozenset(
    (MANIFEST, SUMS, DESCRIPTOR, LETTER, VERIFIER, "data", "excel", "data_dictionary.csv", "code_lists.csv")
)
ROWS_A_REPORT = 1000

Progress = Callable[[str, int, int], None]
"""Told the table, the rows done of it and how many it has."""


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle as written: where, its files, the rows of each table, and the heads of both chains."""

    path: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    heads: dict[str, Any]


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
class _Table:
    """A table as written: its file, rows, and filled cells a column."""

    sheet: Sheet
    file: File
    rows: int
    filled: dict[str, int]


def write(
    book: Logbook,
    target: Path,
    *,
    since: date | None = None,
    until: date | None = None,
    identified: bool = False,
    reason: str | None = None,
    excel: bool = False,
    progress: Progress | None = None,
) -> Written:
    """Write the bundle to the folder ``target`` and log that it was written.

    It is de-identified unless ``identified``, which needs an owner and a ``reason``. Everything
    is read in one state. An existing bundle is replaced once the new one is whole. ``excel`` adds a second
    copy of the tables with a byte order mark. Raises ``Refused`` without role or reason, ``BadInput`` for a
    target that holds other things, ``IntegrityFailed`` when files and logbook do not agree.
    """
    if since and until and since > until:
        raise BadInput(
            _("from {since} to {until}: the first day lies after the last").format(since=since, until=until)
        )
    asked = Request(since, until, identified, _reason(reason), excel)
    if identified:
        _allow(book, asked)
    with folder.beside(target, NAMES, is_bundle) as part:
        made, heads = book.read(_fill, part, asked, progress)
        rows = {table.sheet.name: table.rows for table in made}
        # Logged before it gets its name: there is never a bundle that nobody logged.
        book.write(_log, asked, rows, heads["record"], _digest(part))
    return Written(target, tuple(_listed(target)), rows, heads)


def is_bundle(path: Path) -> bool:
    """Whether ``path`` is a folder with the manifest of a bundle."""
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("format") == layout.FORMAT


def _reason(reason: str | None) -> str | None:
    return None if reason is None or not reason.strip() else texts.line(_("reason"), reason)


def _allow(book: Logbook, asked: Request) -> None:
    who = book.read(clinic.practitioner, book.actor)
    if not roles.may(who.role, "identify"):
        book.write(_log_refusal, who.role)
        raise Refused(
            _(
                "an identified bundle needs an owner, {code} is {called}; without names it can "
                "be had by everybody"
            ).format(code=who.code, called=roles.called(who.role))
        )
    if asked.reason is None:
        raise Refused(_("an identified bundle needs a reason, which is kept in the logbook: --reason TEXT"))


def _log_refusal(unit: Unit, role: str) -> None:
    unit.access("export.refused", "bundle", None, profile="identified", role=role)


def _log(unit: Unit, asked: Request, rows: dict[str, int], head: dict[str, Any], digest: str) -> None:
    told = {"profile": _profile(asked), "since": _iso(asked.since), "until": _iso(asked.until)}
    total = sum(rows.values())
    unit.access("export", "bundle", None, **told, reason=asked.reason, rows=total, head=head, sums=digest)


def _fill(
    unit: Unit, part: Path, asked: Request, progress: Progress | None
) -> tuple[list[_Table], dict[str, Any]]:
    with archive.snapshot(unit):
        return _fill_from(unit, part, asked, progress)


def _fill_from(
    unit: Unit, part: Path, asked: Request, progress: Progress | None
) -> tuple[list[_Table], dict[str, Any]]:
    shown = shape.Profile(asked.identified, asked.whole, unit.zone, archive.codes(unit))
    made = [
        _write_table(unit, sheet, part, asked, shown, progress) for sheet in layout.profile(asked.identified)
    ]
    made.append(_plain(layout.DICTIONARY, describe.dictionary(asked.identified), part, asked))
    made.append(_plain(layout.CODE_LISTS, describe.code_lists(), part, asked))
    heads = {name: asdict(head) for name, head in archive.heads(unit).items()}
    files = {table.sheet.path: table.file for table in made}
    descriptor = describe.package(files, asked.identified, asked.whole, shown.unlisted)
    letter = describe.readme(asked.identified, _iso(asked.since), _iso(asked.until))
    folder.write(part, DESCRIPTOR, [descriptor])
    folder.write(part, LETTER, [letter])
    folder.write(part, VERIFIER, [resources.files("hiplog.exchange").joinpath(VERIFIER).read_text("utf-8")])
    folder.write(part, MANIFEST, [describe.pretty(_manifest(unit, asked, made, heads))])
    folder.write(part, SUMS, _sums(part))
    return made, heads


def _write_table(
    unit: Unit, sheet: Sheet, part: Path, asked: Request, shown: shape.Profile, progress: Progress | None
) -> _Table:
    if sheet.source is None:
        rows = _completeness(unit, asked) if sheet is layout.COMPLETENESS else _exclusions(unit, asked)
        return _plain(sheet, rows, part, asked)
    days: dict[str, Any] = {"since": asked.since, "until": asked.until}
    kept = archive.filled(unit, sheet.source, **days)
    planned = lines.plan(unit, sheet, shown, **days)
    by_itself = planned and archive.written(unit, sheet.source, planned, lines.rules(), **days)
    told = _Progress(sheet.name, kept[""], progress)
    if by_itself:
        made = _put_lines(sheet, told.blocks(by_itself), kept, part, asked)
    else:
        rows = archive.stream(unit, sheet.source, **days)
        made = _put(sheet, shape.blocks(sheet, told.rows(rows), shown), part, asked)
    _reconcile(made, kept, asked)
    return made


def _plain(sheet: Sheet, rows: Iterable[dict[str, Any]], part: Path, asked: Request) -> _Table:
    return _put(sheet, shape.plain(sheet, rows), part, asked)


def _put_lines(
    sheet: Sheet, blocks: Iterable[list[str]], kept: dict[str, int], part: Path, asked: Request
) -> _Table:
    """Write lines that the database made; it counted what they hold as well."""
    columns = sheet.shown(asked.identified)
    rows = 0

    def counted() -> Iterator[str]:
        nonlocal rows
        for block in blocks:
            rows += len(block)
            yield "".join(block)

    file = _file(sheet, counted(), part, asked)
    copied = [
        (c.name, None if (sheet.name, c.name) in shape.FILLED else kept[c.source or c.name]) for c in columns
    ]
    return _Table(sheet, file, rows, {name: rows if number is None else number for name, number in copied})


def _put(sheet: Sheet, blocks: Iterator[list[shape.Cells]], part: Path, asked: Request) -> _Table:
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
    return _Table(sheet, file, rows, filled)


def _file(sheet: Sheet, lines: Iterable[str], part: Path, asked: Request) -> File:
    names = (column.name for column in sheet.shown(asked.identified))
    file = folder.write(part, sheet.path, chain((",".join(names) + "\r\n",), lines))
    if asked.excel:
        with (part / sheet.path).open(encoding="utf-8", newline="") as copied:
            folder.write(part, f"{EXCEL}{sheet.name}.csv", copied, mark=True)
    return file


@dataclass(frozen=True, slots=True)
class _Progress:
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

    def blocks(self, blocks: Iterable[list[str]]) -> Iterator[list[str]]:
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


def _reconcile(made: _Table, kept: dict[str, int], asked: Request) -> None:
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


def _manifest(unit: Unit, asked: Request, made: list[_Table], heads: dict[str, Any]) -> dict[str, Any]:
    kept = archive.settings(unit)
    told: dict[str, Any] = {
        "format": layout.FORMAT,
        "format_version": layout.VERSION,
        "schema": archive.SCHEMA,
        "profile": _profile(asked),
        "since": _iso(asked.since),
        "until": _iso(asked.until),
        "chain": {"format": "hiplog-audit-v1", "name": "record", "genesis": kept["genesis"]},
        "tables": [
            {"file": t.sheet.path, "rows": t.rows, "sha256": t.file.sha256, "filled": t.filled} for t in made
        ],
    }
    if asked.identified:
        told["clinic"] = kept
    return told | {"request": _request(unit, asked, heads)}


def _request(unit: Unit, asked: Request, heads: dict[str, Any]) -> dict[str, Any]:
    before = archive.last_entry(unit, "export")
    facts = json.loads(before["body"] or "{}").get("facts", {}) if before else {}
    previous = None
    if before is not None:
        told = {"seq": before["seq"], "row_hash": before["row_hash"]}
        previous = {"entry": told, "head": facts.get("head"), "sums": facts.get("sums")}
    return {
        "at": cells.local_text(unit.now, unit.zone if asked.identified else "UTC"),
        "by": unit.actor,
        "reason": asked.reason,
        "excel": asked.excel,
        "program": f"hiplog {__version__}",
        "heads": heads,
        "previous": previous,
    }


def _sums(part: Path) -> Iterator[str]:
    for name in (name for name in _listed(part) if name != SUMS):
        yield f"{_sha256(part / name)}  {name}\n"


def _listed(path: Path) -> list[str]:
    return sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())


def _digest(part: Path) -> str:
    return _sha256(part / SUMS)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _profile(asked: Request) -> str:
    return "identified" if asked.identified else "deidentified"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
