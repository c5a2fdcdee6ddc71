"""Question 5, does any therapist differ: a funnel round the clinic's share, by code, no league table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hiplog.language import _, counted
from hiplog.outcomes.about import CANNOT_TELL, About
from hiplog.outcomes.cohort import CAPTION, DEFINITIONS, lines, rule_words, together
from hiplog.outcomes.exact import clopper_pearson, prediction_limits
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.planning import POWER, per_side
from hiplog.outcomes.rates import FEWEST, Rate, quantity

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

INNER, OUTER = 0.95, 0.998
MARGIN = 0.2
"""A difference worth telling, 20 points of a hundred: hiplog's own choice."""

Place = Literal["inside", "outside 95 %", "outside 99.8 %"]
PLACE_WORDS: dict[Place, str] = {
    "inside": _("inside"),
    "outside 95 %": _("outside 95 %"),
    "outside 99.8 %": _("outside 99.8 %"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which shares chance alone keeps 95 % and 99.8 % of therapists with ``n`` hips.

    The lines that are drawn and the verdict on a point are these same limits.
    """

    n: int
    low998: float
    low95: float
    high95: float
    high998: float

    def place(self, share: float) -> Place:
        """Where a share of ``n`` hips lies; one on a limit is inside."""
        if not self.low998 <= share <= self.high998:
            return "outside 99.8 %"
        return "inside" if self.low95 <= share <= self.high95 else "outside 95 %"


@dataclass(frozen=True, slots=True)
class TherapistPoint:
    """One therapist's hips; ``exact`` is the Clopper–Pearson 95 % interval of the share."""

    code: str
    rate: Rate
    exact: tuple[float, float]
    limits: Limits
    place: Place


@dataclass(frozen=True, slots=True)
class Funnel:
    """The answer: ``points`` by code, ``curve`` for drawing, ``hidden`` therapists with ``hidden_hips``.

    ``dispersion`` is the mean squared distance of the points in standard errors: near 1 when only chance
    parts them, larger when something else does (Spiegelhalter, Stat Med 2005).
    """

    about: About
    centre: Rate
    points: tuple[TherapistPoint, ...]
    curve: tuple[Limits, ...]
    hidden: int
    hidden_hips: int
    dispersion: float | None


def therapists(found: Tally, filters: Filters, *, strict: bool) -> Funnel:
    """Answer question 5 for the hips begun in the period."""
    own = found.ended("therapist", strict=strict)
    centre = lines(together(own.values())).started
    rates = {code: lines(mine).started for code, mine in sorted(own.items())}
    points = tuple(_point(code, rate, centre) for code, rate in rates.items() if rate.n >= FEWEST)
    hidden = [rate.n for rate in rates.values() if 0 < rate.n < FEWEST]
    verdict, needed = _verdict(points, centre)
    about = About(
        key="therapists",
        n=centre.n,
        units="hips",
        missing=sum(hidden),
        missing_words=counted(
            len(hidden),
            "hips of {count} therapist with fewer than {fewest}, not shown",
            "hips of {count} therapists with fewer than {fewest}, not shown",
            fewest=FEWEST,
        ),
        period=_("hips begun: {period}").format(period=filters.period),
        definition=(
            _("Responder: {rule}.").format(rule=rule_words(strict=strict)) + f" {DEFINITIONS['started']}",
            _("A hip counts for the therapist of its first session."),
            _(
                "Limits: exact binomial round the clinic's share, 95 % and 99.8 % "
                "(Spiegelhalter, Stat Med 2005). Of twenty therapists one lies outside 95 % by "
                "chance alone."
            ),
            _("Outside is a reason to look at who was treated and how it was recorded, not a mark."),
            CAPTION,
        ),
        verdict=verdict,
        needed=needed,
    )
    curve, dispersion = _curve(points, centre), _dispersion(points, centre)
    return Funnel(about, centre, points, curve, len(hidden), sum(hidden), dispersion)


def limits(n: int, share: float) -> Limits:
    """Return both pairs of limits for ``n`` hips round ``share``."""
    low95, high95 = prediction_limits(n, share, INNER)
    low998, high998 = prediction_limits(n, share, OUTER)
    return Limits(n, low998, low95, high95, high998)


def _point(code: str, rate: Rate, centre: Rate) -> TherapistPoint:
    own = limits(rate.n, centre.value or 0.0)
    exact = clopper_pearson(rate.events, rate.n)
    return TherapistPoint(code, rate, exact, own, own.place(rate.events / rate.n))


def _curve(points: Sequence[TherapistPoint], centre: Rate) -> tuple[Limits, ...]:
    if not points or centre.value is None:
        return ()
    last = max(max(point.rate.n for point in points) * 5 // 4, FEWEST + 10)
    stride = max(1, (last - FEWEST) // 40)
    # Each therapist's own number is among them: the line beside a point is the one it is judged by.
    numbers = {*range(FEWEST, last + 1, stride), last, *(point.rate.n for point in points)}
    return tuple(limits(n, centre.value) for n in sorted(numbers))


def _dispersion(points: Sequence[TherapistPoint], centre: Rate) -> float | None:
    share = centre.value
    if len(points) < 2 or share is None or share in (0.0, 1.0):
        return None
    squares = [((p.rate.value or 0.0) - share) ** 2 * p.rate.n / (share * (1 - share)) for p in points]
    return sum(squares) / len(squares)


def _verdict(points: Sequence[TherapistPoint], centre: Rate) -> tuple[str, int | None]:
    if len(points) < 2:
        have = quantity(len(points), "therapists")
        return _("{cannot_tell}: {have} with {fewest} hips, a comparison needs two").format(
            cannot_tell=CANNOT_TELL, have=have, fewest=FEWEST
        ), None
    out = [f"{point.code} {PLACE_WORDS[point.place]}" for point in points if point.place != "inside"]
    if out:
        return _("look at {out}: who was treated, and how it was recorded").format(out=", ".join(out)), 0
    share = centre.value or 0.0
    other = share + MARGIN if share <= 1 - MARGIN else share - MARGIN
    wanted = per_side(share, other)
    short = max(wanted - point.rate.n for point in points)
    if short > 0:
        tail = _("{margin:.0f} points of difference take about {wanted} hips a therapist ({power})").format(
            margin=MARGIN * 100, wanted=wanted, power=POWER
        )
        return _("{cannot_tell}: no therapist lies outside the limits, but {tail}").format(
            cannot_tell=CANNOT_TELL, tail=tail
        ), short
    return _("no therapist lies outside the limits"), 0
