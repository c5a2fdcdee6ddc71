"""What the outcomes are worked out from: hips, their visits, what was measured, needled and asked.

A hip is an episode: one side of one patient with one cause. Forty-three people can be fifty hips, so the
two are never mixed. Only signed sessions that were not voided stand here; the rest is in
:attr:`Facts.left_out`, each with its reason. Amendments are laid over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hiplog.outcomes.exclusions import WHY
from hiplog.outcomes.filters import Filters

PAIN, FUNCTION = "NPRS", "LEFS"
REPORTERS = ("therapist", "patient")


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value; ``at`` is when it was taken, a follow-up contact having its own time."""

    at: datetime
    stage: str
    value: Decimal

    @property
    def resting(self) -> bool:
        """Whether it was taken before needling or at a follow-up, not straight after the needle."""
        return self.stage != "after"


@dataclass(frozen=True, slots=True)
class Site:
    """Needle sites of one muscle on one side: ``insertions`` counts skin insertions."""

    muscle: str
    side: str
    insertions: int


@dataclass(frozen=True, slots=True)
class Report:
    """What one reporter said about the needling of one session.

    ``state`` is ``yes``, ``none``, ``refused`` or ``not_asked``; ``kinds`` the harms named; ``grave`` whether
    one was significant or serious; ``soreness`` the highest score 0-10, where one was given.
    """

    state: str
    kinds: frozenset[str] = frozenset()
    grave: bool = False
    soreness: int | None = None

    @property
    def asked(self) -> bool:
        """Whether there is an answer."""
        return self.state in ("yes", "none")


NOT_ASKED = Report("not_asked")


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed session. ``number`` counts per patient, ``ordinal`` within the hip; ``at`` in clinic time."""

    id: str
    patient: str
    number: int
    ordinal: int
    at: datetime
    therapist: str
    pain: tuple[Value, ...] = ()
    function: tuple[Value, ...] = ()
    group_mean: bool = False
    sites: tuple[Site, ...] = ()
    by_therapist: Report = NOT_ASKED
    by_patient: Report = NOT_ASKED

    @property
    def day(self) -> date:
        """The local day."""
        return self.at.date()

    @property
    def month(self) -> str:
        """The local month, ``2026-03``."""
        return f"{self.at.year:04}-{self.at.month:02}"

    @property
    def insertions(self) -> int:
        """All skin insertions."""
        return sum(site.insertions for site in self.sites)

    def report(self, reporter: str) -> Report:
        """What ``reporter`` said."""
        return self.by_therapist if reporter == "therapist" else self.by_patient

    def values(self, measure: str) -> tuple[Value, ...]:
        """The values of pain or of function."""
        return self.pain if measure == PAIN else self.function


@dataclass(frozen=True, slots=True)
class Hip:
    """One episode with its visits, oldest first, at least one."""

    id: str
    patient: str
    number: int
    side: str
    cause: str
    closed: bool
    visits: tuple[Visit, ...]

    @property
    def first(self) -> Visit:
        """The visit that began the treatment."""
        return self.visits[0]

    @property
    def therapist(self) -> str:
        """Who began it: the one an outcome is counted for."""
        return self.first.therapist

    @property
    def group_mean(self) -> bool:
        """Whether its values are published means of several patients."""
        return any(visit.group_mean for visit in self.visits)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A session that the figures leave out, or the first session of a hip that they leave out.

    ``rule`` and its words are those of the audit bundle's exclusions.
    """

    patient: str
    session: int
    rule: str
    day: date
    therapist: str
    cause: str
    side: str

    @property
    def reason(self) -> str:
        """Why, in words."""
        return WHY[self.rule]

    @classmethod
    def whole(cls, hip: Hip, rule: str) -> LeftOut:
        """A hip that no line counts, at its first session."""
        first = hip.first
        return cls(hip.patient, first.number, rule, first.day, first.therapist, hip.cause, hip.side)

    @property
    def key(self) -> tuple[str, int, str, str, str, str, str]:
        """The row as plain values."""
        day = self.day.isoformat()
        return self.patient, self.session, self.rule, day, self.therapist, self.cause, self.side

    @classmethod
    def of_key(cls, key: tuple[Any, ...]) -> LeftOut:
        """The row of a :attr:`key`."""
        patient, session, rule, day, *rest = key
        return cls(patient, session, rule, date.fromisoformat(day), *rest)

    def fits(self, filters: Filters) -> bool:
        """Whether the filters would have let it through."""
        return (
            filters.holds(self.day)
            and filters.cause in (None, self.cause)
            and filters.side in (None, self.side)
            and filters.therapist in (None, self.therapist)
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything signed; ``now`` is the moment of asking in clinic time, ``therapists`` all known codes."""

    now: datetime
    hips: tuple[Hip, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    therapists: tuple[str, ...] = ()

    def begun(self, filters: Filters) -> tuple[Hip, ...]:
        """The hips whose first visit lies in the period: followed to the end, never cut at it."""
        fitting = (hip for hip in self.hips if _fits(hip, filters) and filters.holds(hip.first.day))
        return tuple(hip for hip in fitting if filters.therapist in (None, hip.therapist))

    def seen(self, filters: Filters) -> tuple[tuple[Hip, Visit], ...]:
        """The sessions in the period, each with its hip."""
        return tuple(self._seen(filters))

    def _seen(self, filters: Filters) -> Iterator[tuple[Hip, Visit]]:
        for hip in self.hips:
            if _fits(hip, filters):
                for visit in hip.visits:
                    if filters.holds(visit.day) and filters.therapist in (None, visit.therapist):
                        yield hip, visit


def _fits(hip: Hip, filters: Filters) -> bool:
    return filters.cause in (None, hip.cause) and filters.side in (None, hip.side)
