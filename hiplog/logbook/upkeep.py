"""Backups without being asked: when one is due, which old ones go, a second place, and how old the newest is.

Kept are the newest copy of each of the last seven days, four weeks and twelve months that have one; copies
made before an upgrade stay for ninety days, those that somebody asked for for good, the newest always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.logbook import anchors
from hiplog.logbook.book import Logbook
from hiplog.storage import backup, keys, manifest
from hiplog.storage.tables import audit_log
from hiplog.storage.unit import Unit

DUE = timedelta(hours=20)
OLD = timedelta(days=7)
ABANDONED = timedelta(hours=1)
UPGRADE_KEPT = timedelta(days=90)
AUTOMATIC, BEFORE_UPGRADE = "daily", "upgrade"
_NAME = re.compile(r"hiplog-(\d{8}T\d{6}Z)-([a-z]+)\.db")


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup in a folder: when it was made, in UTC, and why."""

    path: Path
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Done:
    """What was done at exit: the copy made, if one was due, and what did not work, in a sentence."""

    made: Path | None
    warning: str | None = None


def copies(folder: Path) -> tuple[Copy, ...]:
    """Return the backups in ``folder``, the newest first; other files are none of ours."""
    there = folder.iterdir() if folder.is_dir() else ()
    named = ((path, _NAME.fullmatch(path.name)) for path in there)
    found = [Copy(path, _time(name[1]), name[2]) for path, name in named if name]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def due(book: Logbook) -> bool:
    """Whether the newest backup is older than 20 hours; a server is backed up by its own tools."""
    newest = copies(book.settings.backups)[:1]
    return book.opening.is_file and book.banner is None and all(book.clock() - one.at > DUE for one in newest)


def at_exit(book: Logbook) -> Done:
    """Note the heads, and make a backup when one is due; never raises for what a disk can refuse."""
    made = None
    try:
        if due(book):
            made = make(book)
        anchors.note(book, "backup" if made else "exit")
        return Done(made, _second(book, made) if made else None)
    except (HiplogError, OSError) as error:
        return Done(made, _("no backup was made: {error}").format(error=error))


def make(book: Logbook) -> Path:
    """Write a verified copy into the backups folder, and remove those that have had their time."""
    now = book.clock()
    target = book.settings.backups / backup.name_for(now, AUTOMATIC)
    made = backup.copy(book.engine, book.opening, target, made_at=now)
    rotate(made.parent, now)
    return made


def rotate(folder: Path, now: datetime) -> None:
    """Remove what has had its time, and what a killed backup left more than an hour ago."""
    for one in obsolete(copies(folder), now):
        one.path.unlink(missing_ok=True)
        keys.beside(one.path).unlink(missing_ok=True)
        manifest.beside(one.path).unlink(missing_ok=True)
    for part in (*folder.glob("hiplog-*.db.part*"), *folder.glob("hiplog-*.db.json.part")):
        if datetime.fromtimestamp(part.stat().st_mtime, UTC) < now - ABANDONED:
            part.unlink(missing_ok=True)


def obsolete(there: Sequence[Copy], now: datetime) -> tuple[Copy, ...]:
    """Return those of ``there`` (the newest first) that are no longer kept; never the newest."""
    daily = [one for one in there if one.why == AUTOMATIC]
    kept = {
        *_newest(daily, 7, lambda one: one.at.date()),
        *_newest(daily, 4, lambda one: one.at.isocalendar()[:2]),
        *_newest(daily, 12, lambda one: (one.at.year, one.at.month)),
        *(one for one in there if one.why == BEFORE_UPGRADE and now - one.at <= UPGRADE_KEPT),
        *there[:1],
    }
    return tuple(one for one in there if one.why in (AUTOMATIC, BEFORE_UPGRADE) and one not in kept)


def _newest(there: Iterable[Copy], count: int, period: Callable[[Copy], object]) -> list[Copy]:
    found: dict[object, Copy] = {}
    for one in there:
        found.setdefault(period(one), one)
    return list(found.values())[:count]


def _second(book: Logbook, made: Path) -> str | None:
    """Put the same into the second place; return why not, when it does not work."""
    place = book.settings.second
    if place is None:
        return None
    if not place.is_dir():
        return _("{place}: the second place of backups is not there; the copy lies in {parent} only").format(
            place=place, parent=made.parent
        )
    backup.copy(book.engine, book.opening, place / made.name, made_at=book.clock())
    rotate(place, book.clock())
    return None


def warning(unit: Unit, book: Logbook) -> str | None:
    """Return what is wrong with the age of the backups, here and in the second place, or ``None``."""
    # By its number, which is indexed: by time it would be a walk over the whole trail at every look.
    begun = select(audit_log.c.at).where(audit_log.c.chain == "record").order_by(audit_log.c.seq).limit(1)
    first = unit.one(begun)
    if first is None or book.clock() - first.at <= OLD:
        return None
    places = [book.settings.backups, *([book.settings.second] if book.settings.second else [])]
    told = (_age(place, book.clock()) for place in places)
    return next((words for words in told if words), None)


def _age(place: Path, now: datetime) -> str | None:
    newest = copies(place)[:1]
    if not newest:
        return _("{place}: no backup lies here; make one with: hiplog backup").format(place=place)
    days = (now - newest[0].at).days
    return (
        _("{place}: the newest backup is {days} days old").format(place=place, days=days)
        if now - newest[0].at > OLD
        else None
    )


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
