"""Question 6 drawn: a bar for each session, who came, and what became of those whose last one it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.language import _, counted
from hiplog.outcomes.pictures.area import CURSOR, point_at, window, words_only
from hiplog.outcomes.pictures.causes import short
from hiplog.outcomes.sheet import Row, Sheet

if TYPE_CHECKING:
    from hiplog.outcomes.attendance import Attendance, AttendancePoint

LEFT, WORDS, HEAD, FOOT = 5, 30, 1, 1
PARTS = (
    ("again", "▇", "first"),
    ("closed", "▒", "first"),
    ("waiting", "░", "text"),
    ("stopped", "×", "second"),
)
KEY = _("▇ came again  ▒ last, closed  ░ last, may come again  × last, stopped")
SHORT_KEY = _("▇ again  ▒ closed  ░ may come  × stopped")


def draw(found: Attendance, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw the sessions from the first on; the cursor moves the window."""
    if not found.points:
        return words_only(_("no hip has begun in this period"), width, height)
    sheet = Sheet(width, height)
    again = _("measured again: {words}").format(words=found.remeasured.words)
    sheet.put(0, 0, f"{CURSOR if at == 'remeasured' else ' '}{again}", _ink(at == "remeasured"))
    stopped = _("stopped: {words}").format(words=found.stopped.words)
    if len(again) + len(stopped) + 5 <= width:
        here = at == "stopped"
        sheet.put(len(again) + 4, 0, f"{CURSOR if here else ' '}{stopped}", _ink(here))
    keys = [f"session:{point.ordinal}" for point in found.points]
    place = keys.index(at) if at in keys else None
    rows = window(len(found.points), place, height - HEAD - FOOT)
    span = width - LEFT - WORDS
    for row, index in enumerate(rows, HEAD):
        _draw_bar(sheet, found.points[index], row, span, here=index == place)
    left = len(found.points) - len(rows)
    more = counted(left, "{count} more session: ↑ ↓", "{count} more sessions: ↑ ↓") if left else ""
    foot = min(HEAD + len(rows) + 1, height - 1)
    sheet.put(1, foot, KEY if len(KEY) < width - len(more) else SHORT_KEY, "text")
    if left and len(SHORT_KEY) + len(more) + 3 <= width:
        sheet.put_right(width - 1, height - 1, more, "text")
    return sheet.lines()


def _ink(here: bool) -> str:
    return "cursor" if here else "text"


def _draw_bar(sheet: Sheet, point: AttendancePoint, row: int, span: int, *, here: bool) -> None:
    point_at(sheet, 0, row, here=here)
    sheet.put_right(LEFT - 2, row, str(point.ordinal), _ink(here))
    came = point.came.events
    last = {"closed": point.closed, "waiting": point.waiting, "stopped": point.stopped}
    last["again"] = came - sum(last.values())
    column, done = LEFT, 0
    for part, char, style in PARTS:
        done += last[part]
        end = LEFT + round(done / max(point.came.n, 1) * span)
        if last[part] and end == column:
            end += 1
        sheet.put(column, row, char * (end - column), style)
        column = max(column, end)
    sheet.put(LEFT + span + 1, row, f"{came:>5}  {short(point.came)}", "text")
