"""Read a measure before and after (``ir24>31``) and the needle ledger (``n8/8``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hiplog.clinical.measures import MEASURES, Measure, check
from hiplog.clinical.record import NeedleCount, Reading, Side, Stage
from hiplog.clinical.shorthand.line import LineDefaults
from hiplog.clinical.shorthand.pieces import NUMBER, Piece, inner, number
from hiplog.language import _, english

MODE_WORDS = {
    "act": "active",
    "active": "active",
    "pas": "passive",
    "passive": "passive",
    "pf": "pain_free",
    "pp": "pain_provoked",
}
MOTION = "motion"
SIDE_LETTERS: dict[str, Side] = {"l": "L", "r": "R"}
SHORT_NAMES = {"pworst": "NPRS_WORST", "pbest": "NPRS_BEST", "pavg": "NPRS_AVG", "cst": "CST30"}

_VALUES = re.compile(
    rf"(?P<colon>[:=]?)(?P<before>-?(?:{NUMBER}))?(?:(?P<arrow>>)(?P<after>-?(?:{NUMBER}))?)?"
)
_LIKE_READING = re.compile(r"(?P<name>[a-z][a-z_-]*(?:[0-9]+[:=])?)[:=]?[-0-9.,e]*>[-0-9.,e]*")
_NEEDLES = re.compile(r"(?P<kind>[no])(?P<first>[0-9]{1,4}|\?)(?:/(?P<second>[0-9]{1,4}|\?))?")
_MOST_NEEDLES = 999


@dataclass(frozen=True, slots=True)
class Measured:
    """A piece that is a measure with a value before, after, or both, and the side typed with it."""

    piece: Piece
    measure: Measure
    before: Decimal | None
    after: Decimal | None
    side: Side | None

    @property
    def stages(self) -> tuple[tuple[Stage, Decimal], ...]:
        """The values that were typed, each with its stage."""
        both: tuple[tuple[Stage, Decimal | None], ...] = (("before", self.before), ("after", self.after))
        return tuple((stage, value) for stage, value in both if value is not None)


def measured(piece: Piece) -> Measured | None:
    """Return the measure that ``piece`` carries, or ``None`` when it is something else.

    Raises :class:`~hiplog.clinical.shorthand.line.LineError` for a piece in the shape of a reading
    whose measure is unknown or whose values cannot be read.
    """
    for key, measure, side in _KEYS:
        if piece.text.startswith(key):
            match = _VALUES.fullmatch(piece.text, len(key))
            if match is None:
                continue
            if key[-1].isdigit() and not match["colon"]:
                _refuse_bare_name(piece, key, match)
            elif match["before"] is not None or match["after"] is not None:
                return Measured(piece, measure, _value(match["before"]), _value(match["after"]), side)
    _refuse_lookalike(piece)
    return None


def readings(found: Measured, side: Side | None, mode: str | None) -> tuple[Reading, ...]:
    """Return the readings of one piece; raises ``LineError`` for a value that cannot be."""
    for _stage, value in found.stages:
        wrong = check(found.measure.code, value, mode)
        if wrong is not None:
            raise found.piece.error(inner(wrong))
    return tuple(Reading(stage, found.measure.code, value, side, mode) for stage, value in found.stages)


def needles(piece: Piece) -> dict[str, int] | None:
    """Return the counts that ``n8/8`` (in/out) or ``o9/9`` (opened/to sharps) carries, or ``None``."""
    match = _NEEDLES.fullmatch(piece.text)
    if match is None:
        return None
    names = ("inserted", "withdrawn") if match["kind"] == "n" else ("opened", "to_sharps")
    typed = zip(names, (match["first"], match["second"]), strict=True)
    counts = {name: int(text) for name, text in typed if text not in (None, "?")}
    if any(count > _MOST_NEEDLES for count in counts.values()):
        raise piece.error(
            _("more than {most_needles} needles").format(most_needles=_MOST_NEEDLES), _("as in: n8/8")
        )
    return counts


def count(counts: dict[str, int]) -> NeedleCount:
    """Return the ledger of what was counted; the rest stays not counted."""
    return NeedleCount(
        opened=counts.get("opened"),
        inserted=counts.get("inserted"),
        withdrawn=counts.get("withdrawn"),
        to_sharps=counts.get("to_sharps"),
    )


def side_of(found: Measured, defaults: LineDefaults, shared: Side | None) -> tuple[Side | None, str]:
    """Return the side of a reading and, where it was not typed, a note of where it came from."""
    word = found.measure.code
    if not found.measure.needs_side:
        if found.side is not None:
            raise found.piece.error(
                _("{name} has no side").format(name=found.measure.name),
                _("write {word}").format(word=word.lower()),
            )
        return None, ""
    if found.side is not None:
        return found.side, ""
    if defaults.side is not None:
        return defaults.side, ""
    if shared is None:
        raise found.piece.error(
            _("the side is needed"), _("as in: {word}l or {word}r").format(word=word.lower())
        )
    return shared, _("{name}: the side of the sites was taken").format(name=found.measure.name)


def mode_word(found: Measured, modes: Sequence[Piece]) -> Piece | None:
    """Return the mode word of the line that holds for a reading, or ``None``.

    For range of motion, which has a default, one word holds for the whole line and several each for
    the readings after it; for any other measure, which has none, a word holds for those after it.
    """
    fitting = [piece for piece in modes if MODE_WORDS[piece.text] in found.measure.modes]
    if len(fitting) > 1 or found.measure.kind != MOTION:
        fitting = [piece for piece in fitting if piece.column < found.piece.column]
    return fitting[-1] if fitting else None


def mode_of(found: Measured, modes: Sequence[Piece], defaults: LineDefaults) -> str | None:
    """Return how a reading was taken: as its mode word says, else the default of range of motion."""
    word = mode_word(found, modes)
    if word is not None:
        return MODE_WORDS[word.text]
    return defaults.rom_mode if found.measure.kind == MOTION else None


def _value(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(number(text))


def _refuse_bare_name(piece: Piece, key: str, match: re.Match[str]) -> None:
    """Refuse a name that ends in a digit with no value next to it: the digits may be meant as one."""
    if match["before"] is None:
        raise piece.error(
            _("name or value cannot be told apart"),
            _("put a colon after the name, as in: {key}:1>2").format(key=key),
        )


def _refuse_lookalike(piece: Piece) -> None:
    match = _LIKE_READING.fullmatch(piece.text)
    if match is None:
        return
    name = match["name"].rstrip(":=")
    if any(key == name for key, _row, _side in _KEYS):
        raise piece.error(_("not a number before > after"), _("as in: {name}6>3").format(name=name))
    near = MEASURES.nearest(name)
    named = ", ".join(f"{row.code.lower()} ({row.name})" for row in near)
    raise piece.error(
        _("no such measure"),
        _("nearest: {named}").format(named=named) if near else _("as in: p6>3, ir24>31, lefs50>66"),
    )


def _keys() -> tuple[tuple[str, Measure, Side | None], ...]:
    """Every word a reading may begin with, longest first; names of one word only."""
    names: dict[str, Measure | None] = {}
    for row in MEASURES.active():
        for name in {row.code.lower(), *(english(n).lower() for n in row.names)}:
            if re.fullmatch(r"[a-z][a-z0-9_-]*", name):
                names[name] = None if name in names else row
    names.update({short: MEASURES[code] for short, code in SHORT_NAMES.items()})
    keys: dict[str, tuple[Measure, Side | None]] = {n: (row, None) for n, row in names.items() if row}
    for name, (row, _side) in tuple(keys.items()):
        for letter, side in SIDE_LETTERS.items():
            keys.setdefault(name + letter, (row, side))
    return tuple((key, *keys[key]) for key in sorted(keys, key=lambda k: (-len(k), k)))


_KEYS = _keys()
