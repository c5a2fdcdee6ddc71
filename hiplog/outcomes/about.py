"""What stands beside every answer: the question, n, what is missing, the period, the rule, the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.outcomes.planning import to_tell_from
from hiplog.outcomes.rates import FEWEST, Rate, quantity

QUESTIONS = {
    "improvement": "Do patients improve enough?",
    "causes": "For which causes?",
    "time": "How many sessions to a real change, and when to stop?",
    "safety": "Is it safe?",
    "therapists": "Does any therapist differ?",
    "attendance": "Who stops coming, who is never measured again?",
    "completeness": "Are records complete and on time?",
    "dose": "What dose, and what follows?",
}
CANNOT_TELL = "cannot tell yet"
HALF = 0.5


@dataclass(frozen=True, slots=True)
class About:
    """The frame of one answer.

    ``n`` counts ``units`` (hips or sessions); ``missing`` of them have no answer, ``missing_words`` says
    which. ``definition`` are the rules in words. ``verdict`` is what may be said; when it is "cannot tell
    yet", ``needed`` is how many more would tell, ``None`` where no number can be given.
    """

    key: str
    n: int
    units: str
    missing: int
    missing_words: str
    period: str
    definition: tuple[str, ...]
    verdict: str
    needed: int | None = None

    @property
    def question(self) -> str:
        """The question in words."""
        return QUESTIONS[self.key]

    @property
    def missing_told(self) -> str:
        """How many are missing and which: ``2: sessions not signed yet``, or ``none``."""
        return f"{self.missing}: {self.missing_words}" if self.missing else "none"

    @property
    def told(self) -> bool:
        """Whether the verdict is more than "cannot tell yet"."""
        return not self.verdict.startswith(CANNOT_TELL)


def too_few(n: int, units: str, what: str = "") -> str:
    """Say that there are too few for a percentage; ``units`` ends in its plural s, ``what`` narrows it."""
    return f"{CANNOT_TELL}: {quantity(n, units)}{what}, a percentage needs {FEWEST}"


def more_than_half(rate: Rate, units: str, what: str) -> tuple[str, int | None]:
    """Say whether more or fewer than half did ``what``, else how many more would tell."""
    if rate.shown is None:
        return too_few(rate.n, units), FEWEST - rate.n
    _, low, high = rate.shown
    if low > HALF:
        return f"more than half of the {units} {what}", 0
    if high < HALF:
        return f"fewer than half of the {units} {what}", 0
    needed = to_tell_from(rate, HALF)
    tail = "no number of more would tell at exactly one half"
    if needed is not None:
        tail = f"about {needed} more at this rate would tell"
    return f"{CANNOT_TELL} whether more or fewer than half of the {units} {what}; {tail}", needed
