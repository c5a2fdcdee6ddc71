"""What the worklist is made of, apart from the database library: the first screen is painted before that.

:func:`first` turns what the driver read (:mod:`hiplog.storage.glance`) into the same values as
``worklist.today``, but for patients' requests; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from hiplog.clinical import roles
from hiplog.clinical.record import Role
from hiplog.language import _
from hiplog.settings import Settings
from hiplog.storage import glance
from hiplog.storage.times import of_text


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list. ``state`` is draft, overdue, due, signed or recent; ``at`` what it turns on.

    A patient's request is ``open``, ``late`` or ``accepted``: ``about`` is its key, ``note`` says of what,
    ``at`` is the last day for the answer.
    """

    patient_id: str
    code: str
    name: str = field(repr=False)
    session_id: str
    number: int
    side: str
    cause: str
    at: datetime
    state: str
    note: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The worklist, each group in the order it should be worked through."""

    drafts: tuple[Item, ...] = ()
    overdue: tuple[Item, ...] = ()
    due: tuple[Item, ...] = ()
    requests: tuple[Item, ...] = ()
    signed_today: tuple[Item, ...] = ()
    recent: tuple[Item, ...] = ()


class FirstLook(NamedTuple):
    """What stands on the screen until the logbook is open; ``now`` is the time in the clinic's zone.

    Of the groups of ``today``, patients' requests alone come with the open logbook.
    """

    clinic: str
    actor: str
    now: datetime
    today: Today


def first(settings: Settings, now: datetime) -> FirstLook | None:
    """Read the worklist of a plain logbook quickly; ``None`` when it must be opened first."""
    seen = glance.of(settings.path, settings.actor, now) if settings.is_file else None
    if seen is None or not roles.may(cast("Role", seen.role), "names"):
        return None
    try:
        return FirstLook(seen.name, seen.actor, now.astimezone(ZoneInfo(seen.zone)), _today(seen, now))
    except ValueError:
        return None


def _today(seen: glance.Glance, now: datetime) -> Today:
    waiting = [item_of((*row[:8], of_text(row[8])), now, of_text(row[9])) for row in seen.due]
    return Today(
        drafts=_items(seen.drafts, now, "draft"),
        overdue=tuple(item for item in waiting if item.state == "overdue"),
        due=tuple(item for item in waiting if item.state == "due"),
        signed_today=_items(seen.signed_today, now, "signed"),
        recent=_items(seen.recent, now, "recent"),
    )


def _items(rows: Iterable[Sequence[Any]], now: datetime, state: str) -> tuple[Item, ...]:
    return tuple(item_of((*row[:8], of_text(row[8])), now, state=state) for row in rows)


def item_of(row: Sequence[Any], now: datetime, closes: datetime | None = None, *, state: str = "") -> Item:
    """Return one line: ``row`` is patient, code, family, given, session, number, side, cause, time.

    A follow-up is told by when its window ``closes``, and how long it has waited at ``now``.
    """
    patient, code, family, given, session, number, side, cause, at = row[:9]
    name, note = f"{family}, {given}" if family else code, ""
    if closes is not None:
        state, note = "overdue" if closes < now else "due", _hours(now - at)
    return Item(patient, code, name, session, number, side, cause, at, state, note)


def _hours(waited: timedelta) -> str:
    hours = int(waited.total_seconds() // 3600)
    return _("{hours} h").format(hours=hours) if hours < 48 else _("{days} days").format(days=hours // 24)
