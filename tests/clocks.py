"""The clock of the tests: it stands at noon of a Monday in March until it is told to move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hiplog.clinical.record import PractitionerDraft

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIRST = PractitionerDraft(code="DN001", name="Ada Moore")


@dataclass
class SetClock:
    """A clock that stands still until it is told to move."""

    now: datetime = NOON
    tick: timedelta = field(default=timedelta(0))

    def __call__(self) -> datetime:
        self.now += self.tick
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)
