"""What must be said before anybody writes: a clock set back, a disk nearly full, backups grown old."""

from __future__ import annotations

import shutil
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hiplog.language import _, days
from hiplog.logbook import upkeep
from hiplog.logbook.book import Logbook
from hiplog.storage.tables import audit_log
from hiplog.storage.unit import Unit

# Below this the next backup or upgrade may not fit.
ROOM = 200_000_000
# Two machines of one clinic never agree to the second.
TOLERATED = timedelta(minutes=2)
CLOCK_BACK = "clock.back"
UNREADABLE = _(
    "The time of an entry of the audit trail cannot be read: the file is damaged; see hiplog doctor"
)


def all_of(unit: Unit, book: Logbook) -> tuple[str, ...]:
    """Return every warning that holds now, the gravest first, each a sentence with what would help."""
    told = (clock_back(unit), space(book), _backups(unit, book))
    return tuple(words for words in told if words is not None)


def _backups(unit: Unit, book: Logbook) -> str | None:
    try:
        return upkeep.warning(unit, book) if book.opening.is_file else None
    except ValueError:
        return UNREADABLE


def clock_back(unit: Unit) -> str | None:
    """Say so when this machine's clock stands before the newest entry, whose order never hangs on it."""
    query = (
        select(audit_log.c.at).where(audit_log.c.chain == "record").order_by(audit_log.c.seq.desc()).limit(1)
    )
    try:
        newest = unit.one(query)
    except ValueError:
        return UNREADABLE
    if newest is None or unit.now >= newest.at - TOLERATED:
        return None
    here, there = (at.astimezone(ZoneInfo(unit.zone)) for at in (unit.now, newest.at))
    return _(
        "The clock of this computer reads {here_day} {here:%H:%M}, but the newest entry is "
        "of {there_day} {there:%H:%M}. Set the clock right; what is written meanwhile bears "
        "the wrong time."
    ).format(here_day=days.long(here), here=here, there_day=days.long(there), there=there)


def space(book: Logbook) -> str | None:
    """Say so when the logbook's disk has less than 200 MB left."""
    if not book.opening.is_file:
        return None
    free = shutil.disk_usage(book.settings.path.absolute().parent).free
    if free >= ROOM:
        return None
    return _("Only {free:,} MB are free on the logbook's disk: make room, or no backup fits.").format(
        free=free // 1_000_000
    )


def attend(book: Logbook) -> str | None:
    """Look at the clock once the logbook is open; one set back is noted in the access trail, once."""
    words = book.read(clock_back)
    if words not in (None, UNREADABLE) and book.banner is None and book.read(_last_access) != CLOCK_BACK:
        book.write(_noted)
    return words


def _last_access(unit: Unit) -> str | None:
    query = (
        select(audit_log.c.action)
        .where(audit_log.c.chain == "access")
        .order_by(audit_log.c.seq.desc())
        .limit(1)
    )
    row = unit.one(query)
    return None if row is None else str(row.action)


def _noted(unit: Unit) -> None:
    unit.access(CLOCK_BACK, "clinic")
