"""The drill: bring the newest backup back in a scratch place, and see that everything is in it.

A backup that nobody has ever restored is a hope. The drill leaves the logbook and its backups as they are.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from hiplog.clinical.errors import BadInput, NotFound
from hiplog.language import _
from hiplog.logbook import anchors, audit, backups, upkeep
from hiplog.logbook.book import Logbook
from hiplog.storage import backup, chain, manifest, seals
from hiplog.storage.columns import metadata
from hiplog.storage.engine import Opening, connect
from hiplog.storage.unit import Unit, begin


@dataclass(frozen=True, slots=True)
class Contents:
    """What a logbook file holds: rows and a digest by table, the heads, and what its check found."""

    rows: dict[str, int]
    digests: dict[str, str]
    heads: tuple[chain.Head, ...]
    findings: tuple[chain.Finding, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """How a drill went; ``behind`` counts the entries of the record since the backup.

    ``manifest`` says whether one lay beside the backup to be compared with.
    """

    copy: Path
    rows: int
    tables: int
    heads: tuple[chain.Head, ...]
    behind: int
    wrong: tuple[str, ...]
    manifest: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything was there."""
        return not self.wrong


def run(book: Logbook) -> Drill:
    """Restore the newest backup into a scratch folder and compare it with its source and the logbook."""
    if not book.opening.is_file:
        raise BadInput(backups.SERVER)
    newest = upkeep.copies(book.settings.backups)[:1]
    if not newest:
        raise NotFound(
            _("{backups}: no backup lies here; make one with: hiplog backup").format(
                backups=book.settings.backups
            )
        )
    ring = seals.of(book.engine)
    source = replace(book.opening, database=str(newest[0].path), read_only=True, ring=ring)
    with tempfile.TemporaryDirectory(prefix="hiplog-drill-") as folder:
        restored = _restored(source, Path(folder))
        kept, back = _contents(book, source), _contents(book, restored)
    told = manifest.read(newest[0].path)
    wrong = [
        _("the manifest: {words}").format(words=words)
        for words in (backup.against(told, source) if told else ())
    ]
    wrong += [finding.message for finding in back.findings]
    wrong += _differing(kept, back, _("the backup"))
    wrong += book.read(_placed, back)
    now = book.read(_look)
    behind = now.heads[0].seq - back.heads[0].seq
    if now.heads == back.heads:
        wrong += _differing(now, back, _("the logbook"))
    rows, tables = sum(back.rows.values()), len(back.rows)
    return Drill(newest[0].path, rows, tables, back.heads, behind, tuple(wrong), told is not None)


def _restored(source: Opening, folder: Path) -> Opening:
    engine = connect(source)
    try:
        target = backup.copy(engine, source, folder / "restored.db")
    finally:
        engine.dispose()
    return replace(source, database=str(target))


def _contents(book: Logbook, opening: Opening) -> Contents:
    engine = connect(opening)
    try:
        with begin(engine, book.clock(), book.actor, book.clinic.zone, writing=False) as unit:
            return _look(unit)
    finally:
        engine.dispose()


def _look(unit: Unit) -> Contents:
    rows, digests = {}, {}
    for table in metadata.sorted_tables:
        count, digest = 0, hashlib.sha256()
        for row in unit.stream(select(table).order_by(*table.primary_key.columns)):
            count += 1
            digest.update(repr(tuple(row)).encode("utf-8"))
        rows[table.name], digests[table.name] = count, digest.hexdigest()
    report = audit.verify(unit)
    return Contents(rows, digests, report.heads, report.findings)


def _differing(one: Contents, back: Contents, what: str) -> list[str]:
    counts = [
        _("{name}: {what} has {count} rows, what was restored {rows}").format(
            name=name, what=what, count=count, rows=back.rows[name]
        )
        for name, count in one.rows.items()
        if back.rows[name] != count
    ]
    told = [
        _("{name}: what was restored is not what {what} holds").format(name=name, what=what)
        for name, digest in one.digests.items()
        if back.digests[name] != digest and back.rows[name] == one.rows[name]
    ]
    ends = [] if one.heads == back.heads else [_("the heads differ from those of {what}").format(what=what)]
    return counts + told + ends


def _placed(unit: Unit, back: Contents) -> list[str]:
    """Whether the backup's heads are entries of this logbook's own trail."""
    kept = tuple(anchors.Kept(head.row_hash, head.chain, head.seq) for head in back.heads)
    return [
        _("the backup is of another trail: {message}").format(message=one.message)
        for one in anchors.compare(unit, kept)
    ]
