"""What explains a number: its rule, what it rests on, what it leaves out; and what an explainer is handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hiplog.outcomes.cohort import Case, cases
from hiplog.outcomes.dashboard import Source
from hiplog.outcomes.facts import Hip, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.rates import Rate


@dataclass(frozen=True, slots=True)
class Used:
    """One hip or session behind a number: chart code, session numbers, what it says.

    ``counts`` is true when it stands in the numerator, or among the values of a median.
    """

    patient: str
    sessions: tuple[int, ...]
    said: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Omitted:
    """One hip or session that the number leaves out, with the reason."""

    patient: str
    sessions: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A number taken apart; ``figure`` is the number in words, ``rule`` the sentences that define it."""

    question: str
    key: str
    figure: str
    rule: tuple[str, ...]
    used: tuple[Used, ...]
    left_out: tuple[Omitted, ...]

    @property
    def rate(self) -> Rate:
        """How many of what it rests on count."""
        return Rate(sum(one.counts for one in self.used), len(self.used))


@dataclass(frozen=True, slots=True)
class Asking:
    """What was read, and how it is looked at."""

    source: Source
    filters: Filters
    strict: bool

    def cases(self) -> tuple[Case, ...]:
        """The hips begun in the period, judged."""
        return cases(self.source.facts.begun(self.filters), strict=self.strict)

    def seen(self) -> tuple[tuple[Hip, Visit], ...]:
        """The sessions in the period."""
        return self.source.facts.seen(self.filters)

    def unread(self) -> tuple[Omitted, ...]:
        """Drafts and void sessions: left out of every figure on outcomes."""
        fitting = (one for one in self.source.facts.left_out if one.fits(self.filters))
        return tuple(Omitted(one.patient, (one.session,), one.reason) for one in fitting)


def told(values: Iterable[Decimal | None]) -> str:
    """Scores in a row, ``6 → 3``; ``–`` for a missing one."""
    return " → ".join("–" if value is None else f"{value.normalize():f}" for value in values)
