"""What records lack by therapist and week: the number lacking in each cell, shade and a sign as aids."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.exchange.figures.svg import Drawing
from hiplog.language import _
from hiplog.outcomes.weeks import WeekCell

WIDTH, NAMES, ROW, HEAD, GAP = 760, 74, 24, 26, 16
ACROSS = 26
"""Weeks in a line: half a year."""

MOST = 52
"""Weeks drawn, the newest; the table has them all."""

DEEPEST = 0.45


def weeks(cells: Sequence[WeekCell], name: str = "weeks") -> str:
    """Draw the newest year of ``cells``."""
    found = sorted({cell.week for cell in cells})[-MOST:]
    people = sorted({cell.therapist for cell in cells if cell.week in found})
    blocks = [found[at : at + ACROSS] for at in range(0, len(found), ACROSS)]
    tall = HEAD + ROW * len(people) + GAP
    title = _("What records lack, by therapist and week")
    sheet = Drawing(name, title, _description(cells), WIDTH, max(tall * len(blocks) + 22, 60))
    if not blocks:
        sheet.text(WIDTH / 2, 34, _("nothing to draw yet"), "t", "middle")
        return sheet.svg()
    held = {(cell.therapist, cell.week): cell for cell in cells}
    for number, block in enumerate(blocks):
        _draw_block(sheet, tall * number, block, people, held)
    words = _("number: lacking in that week's sessions; · nothing lacks; empty: no session")
    sheet.text(2, tall * len(blocks) + 10, words, "s")
    return sheet.svg()


def _draw_block(
    sheet: Drawing,
    top: float,
    block: Sequence[str],
    people: Sequence[str],
    held: dict[tuple[str, str], WeekCell],
) -> None:
    width = (WIDTH - NAMES) / ACROSS
    first, last = block[0][:4], block[-1][:4]
    for at, week in enumerate(block):
        x = NAMES + width * (at + 0.5)
        sheet.text(x, top + HEAD - 7, week[-2:], "s", "middle")
    sheet.text(NAMES - 10, top + HEAD - 7, first if first == last else f"{first}–{last[2:]}", "s", "end")
    for line, person in enumerate(people):
        y = top + HEAD + ROW * line
        sheet.text(NAMES - 10, y + 16, person[:9], "t", "end")
        for at, week in enumerate(block):
            _draw_cell(sheet, NAMES + width * at, y, width, held.get((person, week)))


def _draw_cell(sheet: Drawing, x: float, y: float, width: float, cell: WeekCell | None) -> None:
    if cell is None:
        sheet.rect(x, y, width, ROW, "cell")
        return
    if cell.lacking:
        depth = min(cell.lacking / cell.sessions, 1.0)
        sheet.rect(x, y, width, ROW, "shade2", shade=0.1 + (DEEPEST - 0.1) * depth)
    sheet.rect(x, y, width, ROW, "cell")
    sheet.text(x + width / 2, y + 16, str(cell.lacking) if cell.lacking else "·", "t", "middle")


def _description(cells: Sequence[WeekCell]) -> str:
    sessions, lacking = sum(cell.sessions for cell in cells), sum(cell.lacking for cell in cells)
    return _("{sessions} sessions, {lacking} things lacking. The table below holds every week.").format(
        sessions=sessions, lacking=lacking
    )
