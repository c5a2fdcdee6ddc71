"""Backups of a logbook file: made, and brought back without losing the file that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from hiplog.clinical.errors import BadInput, HiplogError, IntegrityFailed, Refused, Unreachable
from hiplog.language import _
from hiplog.logbook import anchors, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_folder
from hiplog.storage import backup, chain, grounds, keys, manifest
from hiplog.storage.engine import Opening, connect, look
from hiplog.storage.refusals import translated

SIDECARS = ("-wal", "-shm", "-journal")
IN_USE = _("another program has the logbook open; close it first. Nothing was changed")
SERVER = _("the logbook is on a database server; back it up and restore it with the server's own tools")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the logbook, the backup it came from, and where the file before it is kept.

    ``notes`` say how the backup stands to its manifest and to the logbook that was here.
    """

    database: Path
    source: Path
    aside: Path | None
    notes: tuple[str, ...] = ()


MANIFEST = _("its manifest agrees: the file's sum, the heads, the rows of each table and the schema")
NO_MANIFEST = _(
    "no manifest lies beside this backup (it is older than manifests, or was moved "
    "without it), so its sum, heads and counts could not be compared"
)
WRONG = _(
    "{source}: this backup is not what its manifest says ({first}); nothing was changed, take another backup"
)
UNREAD = _("the logbook that was here cannot be read, so the backup could not be compared with it")
SAME = _("it holds every entry of the logbook that was here")
NEWER = _("{count} entries of the record are newer than this backup; they are in the file that is kept aside")
STRANGER = _(
    "! the head of this backup is not in the trail of the logbook that was here: it "
    "is a backup of another logbook, or one of the two was rewritten. The file "
    "before it is kept; compare before you go on"
)


def make(book: Logbook, target: Path | None = None, progress: backup.Progress | None = None) -> Path:
    """Write a verified copy to ``target``, else into the backups folder; never over an existing file."""
    if not book.opening.is_file:
        raise BadInput(SERVER)
    chosen = target or book.settings.backups / backup.name_for(book.clock(), "manual")
    if chosen.is_dir():
        chosen = chosen / backup.name_for(book.clock(), "manual")
    if chosen.exists():
        raise BadInput(
            _("{chosen}: exists already; nothing was written over it, name another file").format(
                chosen=chosen
            )
        )
    return backup.copy(book.engine, book.opening, chosen, progress, made_at=book.clock())


def restore(settings: Settings, source: Path, now: datetime, secret: str | None = None) -> Restored:
    """Put the backup ``source`` in the logbook's place, once it has been verified whole.

    ``secret`` is the passphrase or recovery code of an encrypted backup: that of the day it was made. The
    present file is renamed, never overwritten, so the restore itself can be taken back. Raises
    ``IntegrityFailed`` for a backup that does not verify and ``Unreachable`` while a program has the present
    file open for writing; then nothing was changed.
    """
    if not settings.is_file:
        raise BadInput(SERVER)
    target = settings.path
    ground = grounds.unsafe(target)
    if ground is not None:
        raise Refused(_("nothing was restored: {ground}").format(ground=ground))
    opening = _verified(source, target, secret)
    told = _manifest(source, opening)
    private_folder(target.parent)
    fresh = target.with_name(f"{target.name}.restoring")
    with _copied(opening, fresh):
        settle(target, opening.key)
        ends = _ends(opening)
        notes = (told, *_compared(target, opening, ends))
        aside = _move_aside(target, now)
        if opening.key is not None:
            keys.beside(fresh).rename(keys.beside(target))
        fresh.rename(target)
    anchors.restored(settings, ends.genesis, ends.heads, now)
    return Restored(target, source, aside, notes)


class Ends(NamedTuple):
    """Where the trail of a file began, and where both its chains end."""

    genesis: str
    heads: tuple[chain.Head, ...]


def _manifest(source: Path, opening: Opening) -> str:
    told = manifest.read(source)
    if told is None:
        return NO_MANIFEST
    wrong = backup.against(told, opening)
    if wrong:
        raise IntegrityFailed(WRONG.format(source=source, first=wrong[0]))
    return MANIFEST


def _ends(opening: Opening, has: chain.Head | None = None) -> Ends:
    """Return the ends of a file; with ``has`` an empty genesis when that entry is not in its trail."""
    engine = connect(opening)
    try:
        with translated(), engine.connect() as connection:
            heads = tuple(chain.head(connection, name) for name in chain.CHAINS)
            begun = chain.genesis(connection)
            return Ends(begun if has is None or chain.includes(connection, has) else "", heads)
    finally:
        engine.dispose()


def _compared(target: Path, opening: Opening, back: Ends) -> Iterator[str]:
    """Say how a backup stands to the logbook in whose place it comes."""
    if not target.exists():
        return
    present = Opening(str(target), opening.key, read_only=True)
    try:
        here = _ends(present)
        older = back.heads[0].seq <= here.heads[0].seq
        known = _ends(present, back.heads[0]) if older else _ends(opening, here.heads[0])
    except (HiplogError, ValueError):
        yield UNREAD
        return
    if not known.genesis:
        yield STRANGER
    elif back.heads[0].seq < here.heads[0].seq:
        yield NEWER.format(count=here.heads[0].seq - back.heads[0].seq)
    else:
        yield SAME


def _verified(source: Path, target: Path, secret: str | None) -> Opening:
    opening = Opening(str(source), vault.key_of(source, secret), read_only=True)
    if target.exists() and source.samefile(target):
        raise BadInput(
            _("{source}: is the logbook itself, not a backup of it; name a file of hiplog backup").format(
                source=source
            )
        )
    findings = backup.check(opening)
    if findings:
        raise IntegrityFailed(
            _(
                "{source}: this backup does not verify ({first}); nothing was changed, take another backup"
            ).format(source=source, first=findings[0])
        )
    return opening


@contextmanager
def _copied(opening: Opening, fresh: Path) -> Iterator[None]:
    """Hold a verified copy of a backup beside the target; what is left of it afterwards is removed."""
    engine = connect(opening)
    try:
        keys.beside(fresh).unlink(missing_ok=True)
        backup.copy(engine, opening, fresh)
        engine.dispose()
        yield
    finally:
        engine.dispose()
        fresh.unlink(missing_ok=True)
        keys.beside(fresh).unlink(missing_ok=True)


def settle(path: Path, key: bytes | None) -> None:
    """Bring all of the present logbook into its one file, which only works while nobody else has it open."""
    if not path.exists():
        return
    try:
        kind = look(path)
    except IntegrityFailed:
        return
    engine = connect(Opening(str(path), key if kind == "encrypted" else None))
    try:
        driver: Any = engine.raw_connection().driver_connection
        driver.execute("PRAGMA journal_mode=DELETE")
    except engine.dialect.loaded_dbapi.OperationalError:
        raise Unreachable(IN_USE) from None
    except (engine.dialect.loaded_dbapi.DatabaseError, DBAPIError):
        # Too damaged to settle: what lies beside the file is moved aside with it.
        return
    finally:
        engine.dispose()


def _move_aside(target: Path, now: datetime) -> Path | None:
    if not target.exists():
        return None
    aside = name_aside(target, "restore", now)
    target.rename(aside)
    for end in (*SIDECARS, ".keys"):
        beside = target.with_name(target.name + end)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + end))
    return aside


def name_aside(target: Path, what: str, now: datetime) -> Path:
    """Return the name under which the logbook from before ``what`` is kept; ``BadInput`` when it is taken."""
    aside = target.with_name(
        f"{target.stem}-before-{what}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{target.suffix}"
    )
    if aside.exists() or keys.beside(aside).exists():
        raise BadInput(_("{aside}: exists already; wait a second and try again").format(aside=aside))
    return aside
