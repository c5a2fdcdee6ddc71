"""Change between two readings: better, same or worse against the MCID and the MDC, and responders.

The minimal clinically important difference (MCID) says what patients notice, the minimal detectable
change (MDC) what exceeds the error of measuring. They are kept apart because either can be the larger
one. Nothing here treats a missing value as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from hiplog.clinical.measures import MEASURES, Change, Measure
from hiplog.language import _

Word = Literal["better", "same", "worse", "cannot tell"]
Mark = Literal["▲", "=", "▼", "?"]
MARKS: dict[Word, Mark] = {"better": "▲", "same": "=", "worse": "▼", "cannot tell": "?"}

Rule = Literal["or", "and"]

RESPONDER_POINTS = Decimal(2)
"""Pain points on a 0-10 scale that patients call an important change (Farrar, Pain 2001, 2,724 subjects)."""

RESPONDER_PERCENT = Decimal(30)
"""Fall of pain in percent of the baseline that means the same (Farrar, Pain 2001)."""

LEFS_MCID = Decimal(9)
"""LEFS points that patients notice (Binkley, Phys Ther 1999)."""

LEFS_BEYOND_ERROR = Decimal(10)
"""First whole LEFS point beyond the hip osteoarthritis MDC of 9.9 (Pua 2009, n = 100)."""

_TENTH = Decimal("0.1")
_SCALE_TOP = Decimal(10)


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The change of one measure from ``start`` to ``end``, in the unit of the measure.

    ``absolute`` is end minus start with its sign, ``percent`` the same in percent of the start,
    rounded to a tenth, or ``None`` when the start is zero or negative. ``improved`` is positive when
    the patient is better off, whichever way the scale runs. ``reached`` says whether the improvement
    is at least the MCID by either of its forms, ``reached_absolute`` and ``reached_percent`` each form
    alone, ``beyond_error`` whether the change in either direction exceeds the MDC; each is ``None``
    where no figure is published. ``word`` and ``mark`` are the verdict, ``source`` who published it.
    """

    measure: str
    start: Decimal
    end: Decimal
    absolute: Decimal
    percent: Decimal | None
    improved: Decimal
    mcid: Change | None
    mdc: Change | None
    reached: bool | None
    reached_absolute: bool | None
    reached_percent: bool | None
    beyond_error: bool | None
    word: Word
    mark: Mark
    source: str | None


@dataclass(frozen=True, slots=True)
class Responder:
    """Whether a pain change counts as a response, and by which rule.

    ``responded`` is ``None`` when that cannot be said: ``excluded`` tells a baseline of 0, which cannot
    improve, from a missing value. ``points`` and ``percent`` are the fall of pain, positive = better.
    """

    responded: bool | None
    rule: str
    points: Decimal | None = None
    percent: Decimal | None = None
    by_points: bool | None = None
    by_percent: bool | None = None
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class LefsResponse:
    """A LEFS change in its two columns: at least 9 (MCID), at least 10 (beyond the hip MDC of 9.9)."""

    points: Decimal
    important: bool
    beyond_error: bool


def change(measure_code: str, start: Decimal | None, end: Decimal | None) -> ChangeResult | None:
    """Return the change of a measure, or ``None`` when either value is missing.

    Raises ``KeyError`` for a code that is no measure.
    """
    measure = MEASURES[measure_code]
    if start is None or end is None:
        return None
    improved = start - end if measure.better == "lower" else end - start
    fraction = improved * 100 / start if start > 0 else None
    by_points, by_percent = _reaches(measure.mcid, improved, fraction)
    detectable = _exceeds(measure.mdc, improved, start)
    word = _word(measure, improved, fraction, detectable)
    absolute = end - start
    return ChangeResult(
        measure=measure.code,
        start=start,
        end=end,
        absolute=absolute,
        percent=_tenth(absolute * 100 / start) if start > 0 else None,
        improved=improved,
        mcid=measure.mcid,
        mdc=measure.mdc,
        reached=_either(by_points, by_percent),
        reached_absolute=by_points,
        reached_percent=by_percent,
        beyond_error=detectable,
        word=word,
        mark=MARKS[word],
        source=_source(measure),
    )


def verdict(result: ChangeResult | None) -> tuple[Word, Mark]:
    """Return the word and mark of a change; a missing one is "cannot tell", never "same"."""
    return (result.word, result.mark) if result is not None else ("cannot tell", "?")


def responder_rule(*, strict: bool = False, top: Decimal = _SCALE_TOP) -> str:
    """Name the pain responder rule in words, for a caption: the figure is never shown without it."""
    rule = (
        _("fall of at least {points} points and at least {percent} %")
        if strict
        else _("fall of at least {points} points or at least {percent} %")
    )
    return rule.format(points=f"{_points(top).normalize():f}", percent=RESPONDER_PERCENT)


def pain_responder(
    start: Decimal | None, end: Decimal | None, *, strict: bool = False, top: Decimal = _SCALE_TOP
) -> Responder:
    """Judge a pain score by points *or* percent, or by both when ``strict`` (Farrar, Pain 2001).

    ``top`` is the top of the scale: 10 for the NPRS, 100 for a VAS in mm, which then needs 20 mm.
    """
    rule = responder_rule(strict=strict, top=top)
    if start is not None and start == 0:
        return Responder(None, rule, excluded=True)
    if start is None or end is None:
        return Responder(None, rule)
    points = start - end
    by_points = points >= _points(top)
    by_percent = points * 100 >= RESPONDER_PERCENT * start
    responded = by_points and by_percent if strict else by_points or by_percent
    return Responder(responded, rule, points, _tenth(points * 100 / start), by_points, by_percent)


def lefs_response(start: Decimal | None, end: Decimal | None) -> LefsResponse | None:
    """Return both LEFS columns, or ``None`` when a value is missing."""
    if start is None or end is None:
        return None
    points = end - start
    return LefsResponse(points, points >= LEFS_MCID, points >= LEFS_BEYOND_ERROR)


def _points(top: Decimal) -> Decimal:
    return RESPONDER_POINTS * top / _SCALE_TOP


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, rounding=ROUND_HALF_EVEN)


def _reaches(
    needed: Change | None, improved: Decimal, percent: Decimal | None
) -> tuple[bool | None, bool | None]:
    """Compare an improvement with both forms of a threshold; magnitudes, whatever sign was published."""
    if needed is None:
        return None, None
    by_points = None if needed.absolute is None else improved >= abs(needed.absolute)
    by_percent = None if needed.percent is None or percent is None else percent >= abs(needed.percent)
    return by_points, by_percent


def _exceeds(error: Change | None, improved: Decimal, start: Decimal) -> bool | None:
    """Whether a change of either direction is larger than the error of measuring."""
    size = abs(improved)
    percent = size * 100 / start if start > 0 else None
    if error is None:
        return None
    if error.absolute is not None:
        return size > abs(error.absolute)
    return None if error.percent is None or percent is None else percent > abs(error.percent)


def _either(first: bool | None, second: bool | None) -> bool | None:
    """Combine two verdicts of which either may be unknown: one yes is enough."""
    known = [verdict for verdict in (first, second) if verdict is not None]
    return any(known) if known else None


def _word(measure: Measure, improved: Decimal, percent: Decimal | None, detectable: bool | None) -> Word:
    """Say better, same or worse by the MCID, by the MDC where no MCID exists, else cannot tell."""
    better = _either(*_reaches(measure.mcid, improved, percent))
    if better is None:
        better = None if detectable is None else detectable and improved > 0
        worse = None if detectable is None else detectable and improved < 0
    else:
        worse = _either(*_reaches(measure.mcid, -improved, None if percent is None else -percent))
    if better is None:
        return "cannot tell"
    return "better" if better else "worse" if worse else "same"


def _source(measure: Measure) -> str | None:
    """Name who published the figure the word rests on."""
    figure = measure.mcid or measure.mdc
    return None if figure is None else figure.source
