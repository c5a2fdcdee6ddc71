"""Time to a real change: the share that reached it by each session, those who left counted so long."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import Drawing, Spot
from hiplog.language import _
from hiplog.outcomes.rates import FEWEST
from hiplog.outcomes.survival import Step

WIDTH, LEFT, TOP, HEIGHT, RIGHT = 760, 52, 30, 230, 30
FOOT = 104
MOST = 24
"""Sessions drawn: beyond them too few are left to say anything."""


def survival(
    steps: Sequence[Step], name: str, title: str, axis: str, *, band: tuple[int, int] | None = None
) -> str:
    """Draw ``steps``; ``band`` is a span of sessions to shade, as the usual course."""
    hips = steps[0].at_risk if steps else 0
    if hips < FEWEST:
        return _nothing(name, title, hips)
    last = min(MOST, max(step.time for step in steps))
    drawn = [step for step in steps if step.time <= last and step.shown is not None]
    # Where fewer than ten are followed the curve ends: as on the screen, no share is given of so few.
    ends = next((step.time for step in steps if step.shown is None), last)
    sheet = Drawing(name, title, _description(steps), WIDTH, TOP + HEIGHT + FOOT)
    across = frame.scale(0, max(last, 6), 12, whole=True)
    plot = frame.Frame(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, across, frame.scale(0.0, 1.0, 5))
    if band is not None:
        sheet.rect(plot.x(band[0]), plot.top, plot.x(band[1]) - plot.x(band[0]), plot.height, "faint")
        sheet.text(
            plot.x(band[0]) + 4,
            plot.top + 13,
            _("sessions {first} to {last}").format(first=band[0], last=band[1]),
            "s",
        )
    frame.draw_up(sheet, plot, [frame.percent_tick(tick) for tick in plot.up.ticks], axis)
    frame.draw_across(sheet, plot, [frame.number_tick(tick) for tick in across.ticks], _("session"))
    upper = _stairs(plot, [(s.time, 1 - s.low) for s in drawn], min(ends, last))
    lower = _stairs(plot, [(s.time, 1 - s.high) for s in drawn], min(ends, last))
    sheet.path([*upper, *reversed(lower)], "band", close=True)
    sheet.path(_stairs(plot, [(s.time, s.reached) for s in drawn], min(ends, last)), "first")
    for step in drawn:
        if step.censored:
            x, y = plot.at(step.time, step.reached)
            sheet.line((x, y - 5), (x, y + 5), "whisker")
    if ends < last:
        sheet.text(
            plot.x(ends) + 6, plot.bottom - 8, _("fewer than {fewest} followed").format(fewest=FEWEST), "s"
        )
    _draw_risk(sheet, plot, steps)
    return sheet.svg()


def _nothing(name: str, title: str, hips: int) -> str:
    words = _("cannot tell yet: {hips} hips, a share needs {fewest}").format(hips=hips, fewest=FEWEST)
    sheet = Drawing(name, title, words, WIDTH, 60)
    sheet.text(WIDTH / 2, 34, words, "t", "middle")
    return sheet.svg()


def _stairs(plot: frame.Frame, values: Sequence[tuple[int, float]], last: int) -> list[Spot]:
    height = 0.0
    spots = [plot.at(0, 0)]
    for time, value in values:
        spots += [plot.at(time, height), plot.at(time, value)]
        height = value
    return [*spots, plot.at(last, height)]


def _draw_risk(sheet: Drawing, plot: frame.Frame, steps: Sequence[Step]) -> None:
    """Write under each tick how many hips were still followed, and what the signs mean."""
    sheet.text(2, plot.bottom + 54, _("hips still followed:"), "s")
    y = plot.bottom + 70
    for tick in plot.across.ticks:
        later = [step.at_risk for step in steps if step.time >= tick]
        sheet.text(plot.x(tick), y, str(later[0] if later else 0), "s", "middle")
    sheet.text(
        2, y + 24, _("line: share so far; shaded: 95 % interval; short upright: hips last seen there"), "s"
    )


def _description(steps: Sequence[Step]) -> str:
    told = "; ".join(
        _("by session {session} {percent:.0f} %").format(session=s.time, percent=s.reached * 100)
        for s in steps
        if s.events and s.shown
    )
    if not told:
        return _("no hip has reached it yet. The table below holds every step.")
    return _("{told}. The table below holds every step.").format(told=told)
