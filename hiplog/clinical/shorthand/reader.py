"""Read a whole quick-entry line: sites, readings and the needle ledger, or a refusal with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hiplog.clinical.record import Reading, Side
from hiplog.clinical.shorthand import sites
from hiplog.clinical.shorthand.line import Line, LineDefaults, LineError
from hiplog.clinical.shorthand.pieces import Piece, split
from hiplog.clinical.shorthand.readings import (
    MODE_WORDS,
    Measured,
    count,
    measured,
    mode_of,
    mode_word,
    needles,
    readings,
    side_of,
)
from hiplog.language import _

AS_LAST_TIME = "."
_WORD = re.compile(r"[^\W\d_][\w’'-]*|[0-9]{1,9}|@[0-9.,]+")


@dataclass(slots=True)
class _Reading:
    """What was gathered so far, part by part, and every refusal on the way."""

    sites: list[sites.Site] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    modes: list[Piece] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    as_last_time: bool = False
    errors: list[LineError] = field(default_factory=list)


def parse(line: str, *, defaults: LineDefaults | None = None) -> Line:
    """Return what ``line`` says.

    Raises :class:`LineError`, the leftmost one, when any piece cannot be read; then nothing of the
    line counts. Use :func:`read` for all refusals at once.
    """
    understood, errors = read(line, defaults=defaults)
    if errors:
        raise errors[0]
    return understood


def read(line: str, *, defaults: LineDefaults | None = None) -> tuple[Line, tuple[LineError, ...]]:
    """Return what could be understood of ``line`` and every refusal, leftmost first; raises nothing.

    For an entry bar that shows both while a person types. A line with any refusal must not be written.
    """
    got = _Reading()
    try:
        parts = split(line)
    except LineError as refusal:
        return Line(), (refusal,)
    for part in parts:
        _read_part(part, got)
    understood = _finish(got, defaults or LineDefaults())
    return understood, tuple(sorted(got.errors, key=lambda refusal: refusal.column))


def _read_part(part: tuple[Piece, ...], got: _Reading) -> None:
    """Sort the pieces of one part into session-wide ones, settled site values and bare words."""
    known: list[tuple[Piece, sites.Values]] = []
    bare: list[tuple[int, Piece]] = []
    refused = False
    for at, piece in enumerate(part):
        try:
            if _read_wide(piece, got):
                continue
            values = sites.settings(piece)
            if values is None:
                _expect_word(piece)
                bare.append((at, piece))
            else:
                known.append((piece, values))
        except LineError as refusal:
            got.errors.append(refusal)
            refused = True
    dots = [piece for piece in part if piece.text == AS_LAST_TIME]
    if (known or bare) and dots:
        got.errors.append(
            dots[0].error(_("means the whole plan of last time"), _("put it in a part of its own"))
        )
    elif (known or bare) and not refused:
        _read_site(known, bare, got)


def _read_site(known: list[tuple[Piece, sites.Values]], bare: list[tuple[int, Piece]], got: _Reading) -> None:
    try:
        before = got.sites[-1].insertions[-1] if got.sites else None
        got.sites.append(sites.read_site(known, bare, before))
    except LineError as refusal:
        got.errors.append(refusal)


def _read_wide(piece: Piece, got: _Reading) -> bool:
    """Take a piece that speaks of the whole session; return whether it was one."""
    if piece.text == AS_LAST_TIME:
        got.as_last_time = True
        return True
    if piece.text in MODE_WORDS:
        got.modes.append(piece)
        return True
    counts = needles(piece)
    if counts is not None:
        _keep_counts(piece, counts, got)
        return True
    if sites.settings(piece) is not None:
        return False
    found = measured(piece)
    if found is not None:
        got.measured.append(found)
    return found is not None


def _keep_counts(piece: Piece, counts: dict[str, int], got: _Reading) -> None:
    if counts.keys() & got.counts.keys():
        raise piece.error(_("these needles were counted before"), _("one count a line, as in: n8/8"))
    got.counts.update(counts)


def _expect_word(piece: Piece) -> None:
    """Refuse a piece that is a setting gone wrong, before it is taken for a muscle."""
    refusal = sites.half_written(piece)
    if refusal is not None:
        raise refusal
    if _WORD.fullmatch(piece.text) is None:
        raise piece.error(_("not understood"), _("words have letters only, settings are as in: 30x50 d25 t3"))


def _finish(got: _Reading, defaults: LineDefaults) -> Line:
    rows = tuple(row for site in got.sites for row in site.insertions)
    sides = {row.side for row in rows}
    shared: Side | None = next(iter(sides)) if len(sides) == 1 else None
    notes = [note for site in got.sites for note in site.notes]
    taken: list[Reading] = []
    got.errors.extend(_idle_modes(got))
    for found in got.measured:
        try:
            side, note = side_of(found, defaults, shared)
            mode = mode_of(found, got.modes, defaults)
            taken.extend(_new(readings(found, side, mode), taken, found))
            notes.extend([note] if note else [])
        except LineError as refusal:
            got.errors.append(refusal)
    return Line(
        insertions=rows,
        readings=tuple(taken),
        needles=count(got.counts),
        reactions=tuple(reaction for site in got.sites for reaction in site.reactions),
        as_last_time=got.as_last_time,
        notes=tuple(dict.fromkeys(notes)),
    )


def _idle_modes(got: _Reading) -> list[LineError]:
    """Refuse a mode word that no reading of the line can take: it was meant for something."""
    used = [mode_word(found, got.modes) for found in got.measured]
    return [
        piece.error(
            _("holds for no reading of the line"), _("put it before the reading, as in: act irl24>31")
        )
        for piece in got.modes
        if piece not in used
    ]


def _new(fresh: tuple[Reading, ...], taken: list[Reading], found: Measured) -> tuple[Reading, ...]:
    """Return ``fresh``; raises ``LineError`` when one of them was given before in this line."""
    before = {(r.measure, r.stage, r.side, r.mode) for r in taken}
    if any((r.measure, r.stage, r.side, r.mode) in before for r in fresh):
        raise found.piece.error(_("this measure was given before in the line"), _("keep one of the two"))
    return fresh
