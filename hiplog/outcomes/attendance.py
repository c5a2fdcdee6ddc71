"""Question 6, who stops coming and who is never measured again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from hiplog.language import _
from hiplog.outcomes.about import CANNOT_TELL, About, Halves, more_than_half
from hiplog.outcomes.facts import Hip
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import Rate

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

STOPPED_AFTER = timedelta(days=28)
"""Without a visit for so long, an open episode counts as stopped: hiplog's own choice."""

AGAIN = Halves(
    _("more than half of the hips were measured again"),
    _("fewer than half of the hips were measured again"),
    _("{cannot_tell} whether more or fewer than half of the hips were measured again; {tail}"),
)

End = Literal["closed", "waiting", "stopped"]


@dataclass(frozen=True, slots=True)
class AttendancePoint:
    """The session with this ordinal: how many hips came to it, and what became of those who then left.

    ``closed`` ended as planned, ``waiting`` came within four weeks and may come again, ``stopped`` did not.
    """

    ordinal: int
    came: Rate
    closed: int
    waiting: int
    stopped: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """The answer to question 6; ``remeasured`` is the share with a score of a later session."""

    about: About
    points: tuple[AttendancePoint, ...]
    remeasured: Rate
    stopped: Rate


def attendance(found: Tally, filters: Filters) -> Attendance:
    """Answer question 6 for the hips begun in the period, as things stand on the day of the tally."""
    left: Counter[tuple[int, End]] = Counter()
    for (visits, last), n in found.of("came").items():
        left[visits, _end(None if last is None else date.fromisoformat(last), found.now.date())] += n
    hips = left.total()
    again = Rate(found.of("again")[(True,)], found.number("again"))
    points = _points(left)
    verdict, needed = more_than_half(again, "hips", AGAIN)
    stopped = Rate(sum(n for (_visits, end), n in left.items() if end == "stopped"), hips)
    about = About(
        key="attendance",
        n=hips,
        units="hips",
        missing=again.n - again.events,
        missing_words=_("hips never measured again"),
        period=_("hips begun: {period}").format(period=filters.period),
        definition=(
            _("Measured again: pain now (NPRS) was scored at a later session or at its follow-up."),
            _(
                "Stopped: the episode is open and there was no visit for {days} days; waiting: "
                "the last visit is more recent; closed: the episode was closed."
            ).format(days=STOPPED_AFTER.days),
            _(
                "Came: of all hips begun, those that had so many sessions; who may come again "
                "has not had them yet, so a falling share is no drop-out by itself."
            ),
        ),
        verdict=_verdict(verdict, stopped),
        needed=needed,
    )
    return Attendance(about, points, again, stopped)


def end(hip: Hip, now: datetime) -> End:
    """What became of a hip after its last visit; days are those of the clinic's calendar."""
    return _end(None if hip.closed else hip.visits[-1].day, now.date())


def _end(last: date | None, today: date) -> End:
    if last is None:
        return "closed"
    return "stopped" if today - last > STOPPED_AFTER else "waiting"


def _points(left: Counter[tuple[int, End]]) -> tuple[AttendancePoint, ...]:
    hips = here = left.total()
    found = []
    for ordinal in range(1, max((visits for visits, _end in left), default=0) + 1):
        counts = (left[ordinal, "closed"], left[ordinal, "waiting"], left[ordinal, "stopped"])
        found.append(AttendancePoint(ordinal, Rate(here, hips), *counts))
        here -= sum(counts)
    return tuple(found)


def _verdict(again: str, stopped: Rate) -> str:
    if again.startswith(CANNOT_TELL):
        return again
    return _("{again}; stopped coming: {stopped}").format(again=again, stopped=stopped.words)
