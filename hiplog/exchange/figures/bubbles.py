"""Bubbles: sessions by skin insertions and by what followed, the area of each its number of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import Drawing
from hiplog.language import _, counted
from hiplog.outcomes.dose import DosePoint

WIDTH, LEFT, TOP, HEIGHT, RIGHT = 760, 52, 30, 210, 20
FOOT = 64
LARGEST, SMALLEST = 13.0, 2.5
PAD = 0.07
"""Of the height, above and below, so that no bubble lies on an axis."""


def bubbles(points: Sequence[DosePoint], name: str, title: str, up_words: str, verdict: str) -> str:
    """Draw ``points``; ``up_words`` names what followed, ``verdict`` what may be said of it."""
    told = counted(
        sum(p.sessions for p in points),
        "{count} session; {verdict}",
        "{count} sessions; {verdict}",
        verdict=verdict,
    )
    sheet = Drawing(name, title, told, WIDTH, TOP + HEIGHT + FOOT)
    if not points:
        sheet.text(WIDTH / 2, TOP + 40, _("nothing to draw yet"), "t", "middle")
        return sheet.svg()
    values = [point.value for point in points]
    across = frame.scale(0, max(point.insertions for point in points) + 1, 8, whole=True)
    up = frame.scale(min(0.0, min(values)), max(1.0, max(values)), 5)
    pad = (up.high - up.low) * PAD
    room = frame.Scale(up.low - pad, up.high + pad, up.ticks)
    plot = frame.Frame(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, across, room)
    frame.draw_up(sheet, plot, [frame.number_tick(tick) for tick in up.ticks], up_words)
    frame.draw_across(
        sheet, plot, [frame.number_tick(tick) for tick in across.ticks], _("skin insertions in the session")
    )
    most = max(point.sessions for point in points)
    for point in points:
        radius = max(SMALLEST, LARGEST * sqrt(point.sessions / most))
        sheet.circle(plot.at(point.insertions, point.value), radius, "bubble")
    sheet.text(2, plot.bottom + 54, _("area: sessions, the largest {most}").format(most=most), "s")
    return sheet.svg()
