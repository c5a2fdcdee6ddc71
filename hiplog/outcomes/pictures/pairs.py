"""Question 1 drawn: a column a hip from its first score to its final one, the unpaired as their own bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiplog.clinical.change import RESPONDER_PERCENT, RESPONDER_POINTS
from hiplog.language import _
from hiplog.outcomes.pictures.area import words_only
from hiplog.outcomes.sheet import Row, Sheet
from hiplog.outcomes.spread import spread_of

if TYPE_CHECKING:
    from hiplog.outcomes.improvement import Improvement, PairPoint

TOP_SCORE = 10
AXIS, PANEL, GAP = 4, 25, 2
Scores = tuple[float, float, int]
BAR = 6
BELOW, LEFT_OUT, MEDIANS = _("(below the MCID)"), _("left out"), _("their medians")
STATES = (
    ("responder", (_("responders"), _("resp."), "r"), "first"),
    ("non_responder", (_("no responders"), _("no resp."), "n"), "second"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """The first and the final score of a hip, or the medians of ``hips`` neighbours."""

    before: float
    after: float
    hips: int = 1


def draw(found: Improvement, width: int, height: int, *, strict: bool = False) -> tuple[Row, ...]:
    """Draw the pairs on the left, the bars of everybody on the right.

    The band of a column runs from its first score to the one from which the hip counts as a responder.
    """
    if not found.pairs:
        return words_only(_("no hip has begun in this period"), width, height)
    sheet = Sheet(width, height)
    rows = _rows(height - 1)
    _draw_axis(sheet, rows)
    room = width - AXIS - PANEL
    groups = [_scores(found.pairs, state) for state, _names, _style in STATES]
    apart = GAP if all(groups) else 0
    hips = sum(number for group in groups for *_, number in group)
    each = max(1, -(-hips // max(room - apart, 1)))
    columns = [_merged(group, each) for group in groups]
    pitch = 2 if sum(map(len, columns)) * 2 + apart <= room else 1
    left = AXIS
    for (_state, names, style), group in zip(STATES, columns, strict=True):
        if not group:
            continue
        for place, one in enumerate(group):
            _draw_column(sheet, left + place * pitch, rows, one, style, strict=strict)
        taken = len(group) * pitch + GAP
        last = group is columns[-1] or not columns[-1]
        free = AXIS + room - left if last else taken - 1
        sheet.put(left, rows, next((name for name in names if len(name) <= free), ""), style)
        left += taken
    if not any(groups):
        sheet.put(AXIS + 2, rows // 2, _("no hip was measured twice"), "message")
    _draw_panel(sheet, width - PANEL + 2, found, each)
    return sheet.lines()


def _rows(room: int) -> int:
    """11 rows and multiples of 10 more, so that whole scores have one; 6 when there is less room."""
    return (room - 1) // 10 * 10 + 1 if room > TOP_SCORE else 6


def _row(rows: int, score: float) -> int:
    return round((TOP_SCORE - score) * (rows - 1) / TOP_SCORE)


def _scores(pairs: Sequence[PairPoint], state: str) -> list[Scores]:
    """First and final of the hips of one state and how many have them, the highest first score foremost."""
    found = [
        (float(one.baseline), float(one.final), one.hips)
        for one in pairs
        if one.state == state and one.baseline is not None and one.final is not None
    ]
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


def _merged(scores: Sequence[Scores], each: int) -> list[Column]:
    """One column for ``each`` neighbours, at their medians."""
    columns: list[Column] = []
    before, after = Counter[float](), Counter[float]()
    for first, final, left in scores:
        while left:
            taken = min(left, each - before.total())
            before[first] += taken
            after[final] += taken
            left -= taken
            if before.total() == each:
                columns.append(_column(before, after))
                before, after = Counter[float](), Counter[float]()
    return [*columns, _column(before, after)] if before else columns


def _column(before: Counter[float], after: Counter[float]) -> Column:
    return Column(spread_of(before).median or 0.0, spread_of(after).median or 0.0, before.total())


def limit(before: float, *, strict: bool) -> float:
    """The score from which a hip that began at ``before`` counts as a responder (Farrar, Pain 2001)."""
    falls = (float(RESPONDER_POINTS), before * float(RESPONDER_PERCENT) / 100)
    return before - (max(falls) if strict else min(falls))


def _draw_axis(sheet: Sheet, rows: int) -> None:
    marked = {_row(rows, score): str(score) for score in range(0, TOP_SCORE + 1, 2)}
    for row in range(rows):
        sheet.put(AXIS - 1, row, "┤" if row in marked else "│", "axis")
        sheet.put_right(AXIS - 2, row, marked.get(row, ""), "text")


def _draw_column(sheet: Sheet, column: int, rows: int, one: Column, style: str, *, strict: bool) -> None:
    start, end = _row(rows, one.before), _row(rows, one.after)
    edge = _row(rows, max(0.0, limit(one.before, strict=strict)))
    sheet.band(column, column, range(start, edge + 1))
    for row in range(start + 1, edge + 1):
        sheet.put(column, row, "·", "threshold")
    for row in range(min(start, end), max(start, end) + 1):
        sheet.put(column, row, "│", style)
    sheet.put(column, start, "○", "text")
    sheet.put(column, end, _final(one), style)


def _final(one: Column) -> str:
    if one.after == one.before:
        return "="
    return "●" if one.after < one.before else "▲"


def _draw_panel(sheet: Sheet, left: int, found: Improvement, each: int) -> None:
    """What each hip counts as, the unpaired a bar of their own; then what the signs mean."""
    states = dict(found.states)
    missing = found.unpaired
    most = max(states["responder"], states["non_responder"], missing, 1)
    bars = (
        (_("responders"), states["responder"], "█", "first"),
        (_("no respond."), states["non_responder"], "▒", "second"),
        (_("no pair"), missing, "░", "mark"),
    )
    sheet.put(left, 0, _("all that began: {n}").format(n=found.lines.started.n), "text")
    for row, (name, count, char, style) in enumerate(bars, 1):
        length = -(-count * BAR // most)
        sheet.put(left, row, f"{name:<11}", "text")
        sheet.put(left + 12, row, char * length, style)
        sheet.put(left + 13 + length if count else left + 12, row, str(count), "mark")
    if found.lines.excluded:
        sheet.put(left, 4, f"{LEFT_OUT:<11} {found.lines.excluded}", "text")
    signs: tuple[str, ...] = (
        _("○ first  ● final score"),
        _("▲ worse  = same"),
        _("· too little to count"),
        f"  {BELOW}",
    )
    if each > 1:
        signs = (*signs, _("a column: {each} hips,").format(each=each), f"  {MEDIANS}")
    for row, words in enumerate(signs, 6):
        sheet.put(left, row, words, "text")
