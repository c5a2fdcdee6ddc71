"""What the owner narrows the view to, and the way long work tells how far it is and is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from hiplog.clinical.causes import CAUSES
from hiplog.clinical.errors import BadInput, HiplogError
from hiplog.clinical.record import HIP_WORDS, SIDES
from hiplog.language import _

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
            return _("the whole record")
        if self.since is None:
            return _("from the beginning to {until}").format(until=self.until)
        if self.until is None:
            return _("from {since} to today").format(since=self.since)
        return _("from {since} to {until}").format(since=self.since, until=self.until)

    @property
    def words(self) -> str:
        """All that is set, in words."""
        parts = [self.period]
        if self.cause:
            parts.append(_("cause {cause}").format(cause=CAUSES[self.cause].name))
        if self.therapist:
            parts.append(_("therapist {code}").format(code=self.therapist))
        if self.side:
            parts.append(HIP_WORDS[self.side])
        return ", ".join(parts)


def checked(filters: Filters) -> Filters:
    """Return ``filters`` with codes in their case; ``BadInput`` for a period or a code that cannot be."""
    if filters.since and filters.until and filters.since > filters.until:
        raise BadInput(
            _("period: {since} comes after {until}; swap them").format(
                since=filters.since, until=filters.until
            )
        )
    cause, side = filters.cause, filters.side
    if cause is not None:
        row = CAUSES.get(cause)
        if row is None:
            near = ", ".join(one.code.lower() for one in CAUSES.nearest(cause, 3)) or _("none alike")
            raise BadInput(
                _("cause: {cause!r} is not known; nearest: {near}").format(cause=cause[:40], near=near)
            )
        cause = row.code
    if side is not None and side.upper() not in SIDES:
        raise BadInput(_("side: {side!r} is neither l nor r; say one of them").format(side=side[:10]))
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

    def more(self, steps: int) -> None:
        """Say that so many steps come on top, before the first one is taken."""
        self.total += steps

    def listen(self) -> None:
        """Raise ``Stopped`` when the person asked for it."""
        if self.cancelled is not None and self.cancelled():
            raise Stopped(_("stopped; nothing was changed, ask again when you like"))
