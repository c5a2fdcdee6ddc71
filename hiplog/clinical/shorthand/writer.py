"""Write a treatment as a quick-entry line that reads back as the same treatment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from hiplog.clinical.measures import GROUP_MEAN, MEASURES
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import NeedleCount, Reading
from hiplog.clinical.shorthand.line import BRUISE, SORENESS, SiteReaction
from hiplog.clinical.shorthand.pieces import plain
from hiplog.clinical.shorthand.readings import MODE_WORDS, MOTION

_TWITCH = {"none": "t-", "not_sought": "t?", "not_seen": "tn"}
_MODE_SHORT = {mode: word for word, mode in reversed(MODE_WORDS.items())}
_HUNDREDTH = Decimal("0.01")

Key = tuple[str, str | None, str | None]


def write(
    insertions: Iterable[Insertion],
    readings: Iterable[Reading] = (),
    needles: NeedleCount | None = None,
    reactions: Iterable[SiteReaction] = (),
) -> str:
    """Return the line; :func:`~hiplog.clinical.shorthand.parse` gives the same treatment, ids apart.

    The grammar has no words for who inserted and removed a needle, a row's origin, the reason of a
    needle mismatch, reactions other than bruise and soreness, a reading's tester, device, version or
    missing reason, and follow-up readings: those are left out. :func:`left_out` names such readings.
    """
    seen = tuple(reactions)
    parts = [_site(row, seen) for row in insertions]
    wide = [*_measures(r for r in readings if _is_writable(r)), *_ledger(needles or NeedleCount())]
    if wide:
        parts.append(" ".join(wide))
    return "; ".join(parts)


def left_out(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Return the readings that a line cannot say: missing, follow-up, group means, motion without mode."""
    return tuple(reading for reading in readings if not _is_writable(reading))


def _is_writable(reading: Reading) -> bool:
    measure = MEASURES.get(reading.measure)
    if measure is None or reading.value is None or reading.stage == "follow_up":
        return False
    if reading.mode == GROUP_MEAN or measure.needs_side is (reading.side is None):
        return False
    return reading.mode in measure.modes if reading.mode or measure.kind == MOTION else True


def _site(row: Insertion, reactions: tuple[SiteReaction, ...]) -> str:
    pieces = [row.muscle.lower(), row.side.lower(), *_place(row), *_needle(row), *_use(row), *_response(row)]
    for reaction in reactions:
        if reaction.insertion_id == row.id:
            pieces.extend(_reaction(reaction))
    return " ".join(pieces)


def _place(row: Insertion) -> Iterator[str]:
    if row.zone is not None:
        yield row.zone.lower()
    if row.target != "muscle":
        yield row.target


def _needle(row: Insertion) -> Iterator[str]:
    if row.diameter_mm is not None or row.length_mm is not None:
        yield f"{_thickness(row.diameter_mm)}x{'?' if row.length_mm is None else row.length_mm}"
    if row.depth_mm is not None:
        yield f"d{row.depth_mm}"


def _thickness(diameter: Decimal | None) -> str:
    if diameter is None:
        return "?"
    whole = diameter % _HUNDREDTH == 0
    return plain(diameter * 100) if whole else plain(diameter)


def _use(row: Insertion) -> Iterator[str]:
    if row.technique is not None:
        yield row.technique.lower()
    if row.passes is not None:
        yield f"x{row.passes}"
    if row.insertions != 1:
        yield f"i{row.insertions}"
    if row.hz is not None:
        yield f"{plain(row.hz)}hz"
    if row.ma is not None:
        yield f"{plain(row.ma)}ma"
    if row.retention_min is not None:
        yield f"ret{row.retention_min}"


def _response(row: Insertion) -> Iterator[str]:
    if row.twitch == "elicited":
        yield f"t{row.twitch_count or ''}"
    elif row.twitch is not None:
        yield _TWITCH[row.twitch]
    if row.familiar_pain is not None:
        yield "p+" if row.familiar_pain else "p-"


def _reaction(reaction: SiteReaction) -> Iterator[str]:
    if reaction.kind == BRUISE:
        yield "b"
    elif reaction.kind == SORENESS and reaction.soreness is not None:
        yield f"s{reaction.soreness}"


def _measures(readings: Iterable[Reading]) -> Iterator[str]:
    """Pair before and after, grouped by mode so that each mode word stands before its readings."""
    pairs: dict[Key, dict[str, str]] = {}
    for reading in readings:
        if reading.value is not None:
            key: Key = (reading.measure, reading.side, reading.mode)
            pairs.setdefault(key, {})[reading.stage] = plain(reading.value)
    said: str | None = None
    for name, side, mode in sorted(pairs, key=lambda pair: pair[2] or ""):
        if mode is not None and mode != said:
            said = mode
            yield _MODE_SHORT[mode]
        yield _measure((name, side, mode), pairs[name, side, mode])


def _measure(key: Key, values: dict[str, str]) -> str:
    name = key[0].lower() + (key[1] or "").lower()
    if key[0] == "NPRS":
        name = "p"
    colon = ":" if name[-1].isdigit() else ""
    after = f">{values['after']}" if "after" in values else ""
    return f"{name}{colon}{values.get('before', '')}{after}"


def _ledger(needles: NeedleCount) -> Iterator[str]:
    for letter, first, second in (
        ("n", needles.inserted, needles.withdrawn),
        ("o", needles.opened, needles.to_sharps),
    ):
        if second is not None:
            yield f"{letter}{'?' if first is None else first}/{second}"
        elif first is not None:
            yield f"{letter}{first}"
