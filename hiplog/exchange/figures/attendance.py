"""Attendance: how many hips came to each session, and what became of those whose last one it was."""

from __future__ import annotations

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import Drawing
from hiplog.language import _
from hiplog.outcomes.attendance import Attendance, AttendancePoint

WIDTH, LEFT, TOP, HEIGHT, RIGHT = 760, 52, 30, 220, 12
FOOT = 70
MOST = 20
"""Sessions drawn; the table has them all."""

PARTS = (("stopped", "second-bar"), ("waiting", "hatch"), ("closed", "bar"))


def attendance(found: Attendance, name: str = "attendance") -> str:
    """Draw a bar for each session: who came, from below those who then stopped, wait, or were done."""
    title = _("Hips by session, and what became of those whose last session it was")
    points = found.points[:MOST]
    sheet = Drawing(name, title, _description(found), WIDTH, TOP + HEIGHT + FOOT)
    if not points:
        sheet.text(WIDTH / 2, TOP + 40, _("nothing to draw yet"), "t", "middle")
        return sheet.svg()
    across = frame.Scale(0.5, max(len(points), 8) + 0.5, tuple(float(point.ordinal) for point in points))
    up = frame.scale(0, max(point.came.events for point in points), whole=True)
    plot = frame.Frame(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, across, up)
    frame.draw_up(sheet, plot, [frame.number_tick(tick) for tick in up.ticks], _("hips that came"))
    frame.draw_across(sheet, plot, [frame.number_tick(tick) for tick in across.ticks], _("session"))
    width = min(plot.width / (across.high - across.low) * 0.72, 46)
    for point in points:
        _draw_bar(sheet, plot, point, width)
    _draw_key(sheet, plot.bottom + 56)
    return sheet.svg()


def _draw_bar(sheet: Drawing, plot: frame.Frame, point: AttendancePoint, width: float) -> None:
    left, low = plot.x(point.ordinal) - width / 2, 0
    for part, ink in PARTS:
        count = getattr(point, part)
        if count:
            sheet.rect(left, plot.y(low + count), width, plot.y(low) - plot.y(low + count), ink)
        low += count
    top = plot.y(point.came.events)
    sheet.rect(left, top, width, plot.bottom - top, "edge")
    sheet.text(plot.x(point.ordinal), top - 5, str(point.came.events), "s", "middle")


def _draw_key(sheet: Drawing, y: float) -> None:
    words = (
        ("second-bar", _("last session, stopped coming")),
        ("hatch", _("last so far, may come again")),
        ("bar", _("last, episode closed")),
        ("edge", _("came again")),
    )
    x = 2.0
    for ink, word in words:
        sheet.rect(x, y - 10, 16, 11, ink)
        sheet.text(x + 22, y, word, "s")
        x += 42 + len(word) * 6.1


def _description(found: Attendance) -> str:
    told = "; ".join(
        _("session {number} {hips}").format(number=point.ordinal, hips=point.came.events)
        for point in found.points[:6]
    )
    if not told:
        return _("Hips that came: none yet. Stopped coming: {stopped}.").format(stopped=found.stopped.words)
    return _("Hips that came: {told}. Stopped coming: {stopped}.").format(
        told=told, stopped=found.stopped.words
    )
