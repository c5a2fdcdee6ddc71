"""Write the audit bundle: every table in one state, reconciled with the logbook, logged, and then named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hiplog import __version__
from hiplog.clinical import roles
from hiplog.clinical.errors import BadInput, Refused
from hiplog.exchange import cells, describe, folder, layout, second, sheet_files, verifier
from hiplog.exchange.sheet_files import Progress as Progress
from hiplog.exchange.sheet_files import Request as Request
from hiplog.exchange.sheet_files import Table
from hiplog.language import _
from hiplog.logbook import archive, clinic, texts
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DESCRIPTOR, LETTER, VERIFIER = "datapackage.json", "README.txt", "verify.py"
NAMES = frozenset(
    (MANIFEST, SUMS, DESCRIPTOR, LETTER, VERIFIER, "data", "excel", "data_dictionary.csv", "code_lists.csv")
)


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle as written: where, its files, the rows of each table, and the heads of both chains."""

    path: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    heads: dict[str, Any]


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
        made, heads = book.read(_fill, archive.view(book), part, asked, progress)
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
    unit: Unit, view: archive.View, part: Path, asked: Request, progress: Progress | None
) -> tuple[list[Table], dict[str, Any]]:
    with unit.frugal():
        return _fill_from(unit, view, part, asked, progress)


def _fill_from(
    unit: Unit, view: archive.View, part: Path, asked: Request, progress: Progress | None
) -> tuple[list[Table], dict[str, Any]]:
    shown = sheet_files.profile(unit, asked)
    made = second.tables(unit, view, part, asked, shown, progress)
    made.append(sheet_files.plain(layout.DICTIONARY, describe.dictionary(asked.identified), part, asked))
    made.append(sheet_files.plain(layout.CODE_LISTS, describe.code_lists(), part, asked))
    heads = {name: asdict(head) for name, head in archive.heads(unit).items()}
    files = {table.sheet.path: table.file for table in made}
    descriptor = describe.package(files, asked.identified, asked.whole, shown.unlisted)
    letter = describe.readme(asked.identified, _iso(asked.since), _iso(asked.until))
    folder.write(part, DESCRIPTOR, [descriptor])
    folder.write(part, LETTER, [letter])
    folder.write(part, VERIFIER, [verifier.script()])
    folder.write(part, MANIFEST, [describe.pretty(_manifest(unit, asked, made, heads))])
    folder.write(part, SUMS, _sums(part, {path: file.sha256 for path, file in files.items()}))
    return made, heads


def _manifest(unit: Unit, asked: Request, made: list[Table], heads: dict[str, Any]) -> dict[str, Any]:
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


def _sums(part: Path, known: Mapping[str, str]) -> Iterator[str]:
    for name in (name for name in _listed(part) if name != SUMS):
        yield f"{known.get(name) or _sha256(part / name)}  {name}\n"


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
