"""Question 8 drawn: muscles by side as heat, insertions against soreness and against change of pain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiplog.clinical.record import SIDES
from hiplog.language import _
from hiplog.outcomes.pictures.area import CURSOR, point_at, window, words_only
from hiplog.outcomes.pictures.entries import cut
from hiplog.outcomes.rates import quantity
from hiplog.outcomes.sheet import Row, Sheet

if TYPE_CHECKING:
    from hiplog.outcomes.dose import Dose, DosePoint, HeatCell

NAME, CELL, GAP = 18, 9, 2
HEAT = 1 + NAME + CELL * len(SIDES)
SHADES = "░▒▓█"
MARKS = "●o•·"
SCORES = (0, 10)
LEAST_SCATTER, TALL = 24, 20


def draw(found: Dose, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw the muscles on the left; on the right soreness, or change of pain when the cursor is on it."""
    if not found.about.n:
        return words_only(_("no session in this period"), width, height)
    sheet = Sheet(width, height)
    _draw_heat(sheet, found.heat, at)
    left = HEAT + GAP
    if width - left < LEAST_SCATTER:
        return sheet.lines()
    crowd = max((point.sessions for point in (*found.soreness, *found.change)), default=1)
    sore = ("soreness", _("observational: soreness 0–10 after"), found.soreness)
    moved = ("change", _("observational: change to the next"), found.change)
    if height >= TALL:
        half = (height - 1) // 2
        _draw_scatter(sheet, left, 0, half, *sore, crowd, at=at)
        _draw_scatter(sheet, left, half, half, *moved, crowd, at=at)
    else:
        _draw_scatter(sheet, left, 0, height - 1, *(moved if at == "change" else sore), crowd, at=at)
    sheet.put(left, height - 1, cut(key_words(crowd), width - left), "text")
    return sheet.lines()


def _draw_heat(sheet: Sheet, cells: Sequence[HeatCell], at: str | None) -> None:
    for at_side, side in enumerate(SIDES):
        sheet.put_right(NAME + CELL * at_side + 5, 0, side, "mark")
    muscles = list(dict.fromkeys(cell.muscle for cell in cells))
    held = {(cell.muscle, cell.side): cell for cell in cells}
    most = max((cell.sessions for cell in cells), default=1)
    place = next((n for n, muscle in enumerate(muscles) if (at or "").startswith(f"{muscle}:")), None)
    rows = window(len(muscles), place, sheet.rows - 2)
    for row, index in enumerate(rows, 1):
        own = [found for side in SIDES if (found := held.get((muscles[index], side)))]
        here = index == place
        point_at(sheet, 0, row, here=here)
        sheet.put(1, row, cut(own[0].label, NAME - 1), "cursor" if here else "text")
        for cell in own:
            left = NAME + CELL * SIDES.index(cell.side)
            _draw_cell(sheet, cell, left, row, most, here=at == f"{cell.muscle}:{cell.side}")
    left = len(muscles) - len(rows)
    sheet.put(
        1,
        sheet.rows - 1,
        _("sessions; {left} more muscles: ↑ ↓").format(left=left) if left else _("sessions"),
        "text",
    )


def _draw_cell(sheet: Sheet, cell: HeatCell, left: int, row: int, most: int, *, here: bool) -> None:
    shade = SHADES[min(len(SHADES) - 1, int(cell.sessions / most * len(SHADES)))]
    point_at(sheet, left + 1, row, here=here)
    sheet.put_right(left + 5, row, str(cell.sessions), "cursor" if here else "text")
    sheet.put(left + 7, row, shade * 2, "first" if cell.side == SIDES[0] else "second")


def _draw_scatter(
    sheet: Sheet,
    left: int,
    top: int,
    height: int,
    key: str,
    title: str,
    points: Sequence[DosePoint],
    crowd: int,
    *,
    at: str | None,
) -> None:
    here = key == at
    words = f"{CURSOR if here else ' '}{title}"
    sheet.put(left, top, cut(words, sheet.width - left), "cursor" if here else "mark")
    rows, columns = height - 3, sheet.width - left - 6
    if not points or rows < 3:
        sheet.put(left + 2, top + 2, _("nothing to draw yet"), "message")
        return
    low, high = SCORES if key == "soreness" else _ends(points)
    most = max(1, *(point.insertions for point in points))
    counts: Counter[tuple[int, int]] = Counter()
    for point in points:
        column = round(point.insertions / most * (columns - 1))
        counts[column, round((high - point.value) / (high - low) * (rows - 1))] += point.sessions
    plot = top + 1
    for (column, row), count in counts.items():
        char = next(mark for least, mark in steps(crowd) if count >= least)
        sheet.put(left + 5 + column, plot + row, char, "first")
    for row in range(rows):
        sheet.put(left + 4, plot + row, "│", "axis")
    for value in (low, (low + high) // 2, high):
        row = plot + round((high - value) / (high - low) * (rows - 1))
        sheet.put_right(left + 3, row, str(value), "text")
        sheet.put(left + 4, row, "┤", "axis")
    sheet.put(left + 4, plot + rows, "└" + "─" * columns, "axis")
    sheet.put(left + 5, plot + rows + 1, "0", "text")
    sheet.put_right(left + 4 + columns, plot + rows + 1, quantity(most, "insertions"), "text")


def steps(crowd: int) -> tuple[tuple[int, str], ...]:
    """From how many sessions on a point wears which mark, when the fullest has ``crowd``."""
    top = max(crowd, 20)
    return tuple(zip((top // 2, top // 4, max(2, top // 10), 1), MARKS, strict=True))


def key_words(crowd: int) -> str:
    """What the marks mean: ``sessions: · 1+ • 2+ o 5+ ● 10+``."""
    return _("sessions: {marks}").format(
        marks=" ".join(f"{mark} {least}+" for least, mark in reversed(steps(crowd)))
    )


def _ends(points: Sequence[DosePoint]) -> tuple[int, int]:
    """A scale of whole scores about zero that holds every change."""
    far = max(2, *(int(abs(point.value)) for point in points))
    return -far, far
