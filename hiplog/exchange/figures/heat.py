"""Muscles by side: how often each was needled, the number in every cell and the shade only an aid."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.clinical.record import SIDE_WORDS, SIDES
from hiplog.exchange.figures.svg import Drawing
from hiplog.language import _
from hiplog.outcomes.dose import HeatCell

WIDTH, NAMES, HEAD, ROW, CELL = 760, 170, 26, 23, 190
DEEPEST = 0.45
"""Strongest shade: letters on it keep their contrast."""


def heat(cells: Sequence[HeatCell], name: str = "heat") -> str:
    """Draw a row for each muscle in the order given, left and right."""
    muscles = dict.fromkeys(cell.muscle for cell in cells)
    title = _("Muscles needled, by side")
    sheet = Drawing(name, title, _description(cells), WIDTH, max(HEAD + ROW * len(muscles) + 28, 60))
    if not cells:
        sheet.text(WIDTH / 2, 34, _("nothing to draw yet"), "t", "middle")
        return sheet.svg()
    held = {(cell.muscle, cell.side): cell for cell in cells}
    most = max(cell.sessions for cell in cells)
    for at, side in enumerate(SIDES):
        sheet.text(NAMES + CELL * (at + 0.5), HEAD - 8, f"{side} {SIDE_WORDS[side]}", "s", "middle")
    for line, muscle in enumerate(muscles):
        y = HEAD + ROW * line
        label = next(cell.label for cell in cells if cell.muscle == muscle)
        sheet.text(NAMES - 10, y + 16, label, "t", "end")
        for at, side in enumerate(SIDES):
            _draw_cell(sheet, NAMES + CELL * at, y, held.get((muscle, side)), most)
    words = _("sessions (skin insertions); the deeper the shade the more sessions, the most {most}").format(
        most=most
    )
    sheet.text(2, HEAD + ROW * len(muscles) + 20, words, "s")
    return sheet.svg()


def _draw_cell(sheet: Drawing, x: float, y: float, cell: HeatCell | None, most: int) -> None:
    if cell is not None:
        shade = 0.05 + (DEEPEST - 0.05) * cell.sessions / most
        sheet.rect(x, y, CELL, ROW, "shade", shade=shade)
        sheet.text(x + CELL / 2, y + 16, f"{cell.sessions} ({cell.insertions})", "t", "middle")
    sheet.rect(x, y, CELL, ROW, "cell")


def _description(cells: Sequence[HeatCell]) -> str:
    first = sorted(cells, key=lambda cell: -cell.sessions)[:3]
    told = ", ".join(f"{cell.label} {SIDE_WORDS[cell.side]} {cell.sessions}" for cell in first)
    if not told:
        return _("Most often: none yet. The table below holds every muscle.")
    return _("Most often: {told}. The table below holds every muscle.").format(told=told)
