"""What stands beside every answer: the question, n, what is missing, the period, the rule, the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from hiplog.language import _
from hiplog.outcomes.planning import to_tell_from
from hiplog.outcomes.rates import FEWEST, Rate, quantity

QUESTIONS = {
    "improvement": _("Do patients improve enough?"),
    "causes": _("For which causes?"),
    "time": _("How many sessions to a real change, and when to stop?"),
    "safety": _("Is it safe?"),
    "therapists": _("Does any therapist differ?"),
    "attendance": _("Who stops coming, who is never measured again?"),
    "completeness": _("Are records complete and on time?"),
    "dose": _("What dose, and what follows?"),
}
CANNOT_TELL = _("cannot tell yet")
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
        return f"{self.missing}: {self.missing_words}" if self.missing else _("none")

    @property
    def told(self) -> bool:
        """Whether the verdict is more than "cannot tell yet"."""
        return not self.verdict.startswith(CANNOT_TELL)


class Halves(NamedTuple):
    """What is said of a share that may lie above or below one half, each a whole sentence."""

    more: str
    fewer: str
    unsure: str


def too_few(n: int, units: str, sentence: str | None = None) -> str:
    """Say that there are too few for a percentage; ``sentence`` narrows what they are counted of."""
    words = sentence or _("{cannot_tell}: {quantity}, a percentage needs {fewest}")
    return words.format(cannot_tell=CANNOT_TELL, quantity=quantity(n, units), fewest=FEWEST)


def more_than_half(rate: Rate, units: str, said: Halves) -> tuple[str, int | None]:
    """Say whether more or fewer than half did it, else how many more would tell."""
    if rate.shown is None:
        return too_few(rate.n, units), FEWEST - rate.n
    low, high = rate.shown[1:]
    if low > HALF:
        return said.more, 0
    if high < HALF:
        return said.fewer, 0
    needed = to_tell_from(rate, HALF)
    tail = _("no number of more would tell at exactly one half")
    if needed is not None:
        tail = _("about {needed} more at this rate would tell").format(needed=needed)
    return said.unsure.format(cannot_tell=CANNOT_TELL, tail=tail), needed
