"""Question 6, who stops coming and who is never measured again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hiplog.outcomes.about import CANNOT_TELL, About, more_than_half
from hiplog.outcomes.cohort import Case
from hiplog.outcomes.facts import Hip
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import Rate

STOPPED_AFTER = timedelta(days=28)
"""Without a visit for so long, an open episode counts as stopped: hiplog's own choice."""

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


def attendance(judged: Sequence[Case], now: datetime, filters: Filters) -> Attendance:
    """Answer question 6 for the hips begun in the period, as things stand at ``now``."""
    own = [case for case in judged if case.state != "group_mean"]
    hips = [case.hip for case in own]
    ends = [end(hip, now) for hip in hips]
    again = Rate(sum(case.pair.final is not None for case in own), len(own))
    last = max((len(hip.visits) for hip in hips), default=0)
    points = tuple(_point(ordinal, hips, ends) for ordinal in range(1, last + 1))
    verdict, needed = more_than_half(again, "hips", "were measured again")
    stopped = Rate(ends.count("stopped"), len(hips))
    about = About(
        key="attendance",
        n=len(hips),
        units="hips",
        missing=again.n - again.events,
        missing_words="hips never measured again",
        period=f"hips begun: {filters.period}",
        definition=(
            "Measured again: pain now (NPRS) was scored at a later session or at its follow-up.",
            f"Stopped: the episode is open and there was no visit for {STOPPED_AFTER.days} days; waiting: "
            "the last visit is more recent; closed: the episode was closed.",
            "Came: of all hips begun, those that had so many sessions; who may come again has not had them "
            "yet, so a falling share is no drop-out by itself.",
        ),
        verdict=_verdict(verdict, stopped),
        needed=needed,
    )
    return Attendance(about, points, again, stopped)


def end(hip: Hip, now: datetime) -> End:
    """What became of a hip after its last visit."""
    if hip.closed:
        return "closed"
    return "stopped" if now - hip.visits[-1].at > STOPPED_AFTER else "waiting"


def _point(ordinal: int, hips: Sequence[Hip], ends: Sequence[End]) -> AttendancePoint:
    came = sum(len(hip.visits) >= ordinal for hip in hips)
    last = [one for hip, one in zip(hips, ends, strict=True) if len(hip.visits) == ordinal]
    counts = (last.count("closed"), last.count("waiting"), last.count("stopped"))
    return AttendancePoint(ordinal, Rate(came, len(hips)), *counts)


def _verdict(again: str, stopped: Rate) -> str:
    if again.startswith(CANNOT_TELL):
        return again
    return f"{again}; stopped coming: {stopped.words}"
