"""What the owner narrows the view to, and the way long work tells how far it is and is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from hiplog.clinical.causes import CAUSES
from hiplog.clinical.errors import BadInput, HiplogError
from hiplog.clinical.record import SIDE_WORDS, SIDES

Progress = Callable[[int, int, str], None]
"""Told how many steps are done, of how many, and what comes next."""

Cancelled = Callable[[], bool]
"""Asked between steps whether to stop."""


class Stopped(HiplogError):
    """The person stopped the work; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Filters:
    """A period, a cause, a therapist's code and a side of the episode; ``None`` leaves that open.

    Both days of the period are included, as the calendar of the clinic's zone has them.
    """

    since: date | None = None
    until: date | None = None
    cause: str | None = None
    therapist: str | None = None
    side: str | None = None

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the period."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    @property
    def period(self) -> str:
        """The period in words."""
        if self.since is None and self.until is None:
            return "the whole record"
        start = f"from {self.since}" if self.since else "from the beginning"
        return f"{start} to {self.until or 'today'}"

    @property
    def words(self) -> str:
        """All that is set, in words."""
        parts = [self.period]
        if self.cause:
            parts.append(f"cause {CAUSES[self.cause].name}")
        if self.therapist:
            parts.append(f"therapist {self.therapist}")
        if self.side:
            parts.append(f"{SIDE_WORDS[self.side]} hip")
        return ", ".join(parts)


def checked(filters: Filters) -> Filters:
    """Return ``filters`` with codes in their case; ``BadInput`` for a period or a code that cannot be."""
    if filters.since and filters.until and filters.since > filters.until:
        raise BadInput(f"period: {filters.since} comes after {filters.until}; swap them")
    cause, side = filters.cause, filters.side
    if cause is not None:
        row = CAUSES.get(cause)
        if row is None:
            near = ", ".join(one.code.lower() for one in CAUSES.nearest(cause, 3)) or "none alike"
            raise BadInput(f"cause: {cause[:40]!r} is not known; nearest: {near}")
        cause = row.code
    if side is not None and side.upper() not in SIDES:
        raise BadInput(f"side: {side[:10]!r} is neither l nor r")
    therapist = filters.therapist.upper() if filters.therapist else None
    return Filters(filters.since, filters.until, cause, therapist, side.upper() if side else None)


@dataclass(slots=True)
class Work:
    """Counts steps out of ``total``; :meth:`step` is where a long read tells and listens."""

    total: int
    progress: Progress | None = None
    cancelled: Cancelled | None = None
    done: int = field(default=0)

    def step(self, what: str) -> None:
        """Say that ``what`` comes next; raises ``Stopped`` when the person asked for it."""
        self.listen()
        if self.progress is not None:
            self.progress(self.done, self.total, what)
        self.done = min(self.done + 1, self.total)

    def listen(self) -> None:
        """Raise ``Stopped`` when the person asked for it."""
        if self.cancelled is not None and self.cancelled():
            raise Stopped("stopped; nothing was changed")
