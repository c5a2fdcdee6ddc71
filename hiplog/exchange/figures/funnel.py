"""The funnel: each therapist's share by number of hips, inside limits that chance alone would draw."""

from __future__ import annotations

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import Drawing, Spot
from hiplog.language import _
from hiplog.outcomes.rates import percent
from hiplog.outcomes.therapists import PLACE_WORDS, Funnel, TherapistPoint

WIDTH, LEFT, TOP, HEIGHT, RIGHT = 760, 52, 30, 250, 100
FOOT = 66
NAME = 60
"""Room of a therapist's code."""


def funnel(found: Funnel, name: str = "funnel") -> str:
    """Draw the therapists that are large enough to show, by code."""
    title = _("Share of hips that reached an important fall of pain, by therapist")
    share = found.centre.value
    if not found.curve or share is None:
        return _nothing(name, title, found.about.verdict)
    sheet = Drawing(name, title, _description(found), WIDTH, TOP + HEIGHT + FOOT)
    first, last = found.curve[0].n, found.curve[-1].n
    across = frame.scale(0, max(last, first + 1), whole=True)
    up = frame.scale(0.0, 1.0, 5)
    plot = frame.Frame(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, across, up)
    frame.draw_up(sheet, plot, [frame.percent_tick(tick) for tick in up.ticks], _("share of responders"))
    words = [frame.number_tick(tick) for tick in across.ticks]
    frame.draw_across(sheet, plot, words, _("hips that began with this therapist"))
    _draw_limits(sheet, plot, found, share)
    taken: list[Spot] = []
    for point in found.points:
        _draw_point(sheet, plot, point, taken)
    said = _("dashed: 95 %, dotted: 99.8 % of therapists would lie within by chance alone (exact binomial)")
    sheet.text(2, plot.bottom + 56, said, "s")
    return sheet.svg()


def _nothing(name: str, title: str, words: str) -> str:
    sheet = Drawing(name, title, words, WIDTH, 60)
    sheet.text(WIDTH / 2, 34, words, "t", "middle")
    return sheet.svg()


def _draw_limits(sheet: Drawing, plot: frame.Frame, found: Funnel, share: float) -> None:
    start, end = plot.x(found.curve[0].n), plot.x(found.curve[-1].n)
    sheet.line((start, plot.y(share)), (end, plot.y(share)), "centre")
    sheet.text(end + 6, plot.y(share) + 4, _("clinic {percent} %").format(percent=percent(share)), "t")
    edges = (("low95", "limit"), ("high95", "limit"), ("low998", "outer"), ("high998", "outer"))
    for edge, ink in edges:
        sheet.path([plot.at(one.n, getattr(one, edge)) for one in found.curve], ink)
    last = found.curve[-1]
    sheet.text(end + 6, plot.y(last.high95) + 6, "95 %", "s")
    sheet.text(end + 6, plot.y(last.high998), "99.8 %", "s")


def _draw_point(sheet: Drawing, plot: frame.Frame, point: TherapistPoint, taken: list[Spot]) -> None:
    at = plot.at(point.rate.n, point.rate.value or 0.0)
    words, place = point.code, PLACE_WORDS[point.place]
    if point.place == "inside":
        sheet.marker(at, "disc", "m1", 5, says=f"{point.code}: {point.rate.words}")
    else:
        sheet.marker(at, "triangle", "m2", 6.5, says=f"{point.code}: {point.rate.words}, {place}")
        words = f"{point.code} {place}"
    # A name that would lie on the one before goes below its dot, the next one further up, and so on.
    rows = (at[1] - 8, at[1] + 18, at[1] - 21, at[1] + 31)
    free = (y for y in rows if all(abs(y - b) >= 12 or abs(at[0] + 9 - a) > NAME for a, b in taken))
    spot = (at[0] + 9, next(free, rows[0]))
    taken.append(spot)
    sheet.text(*spot, words, "t")


def _description(found: Funnel) -> str:
    told = "; ".join(f"{point.code} {point.rate.words}, {PLACE_WORDS[point.place]}" for point in found.points)
    if not told:
        return _("Clinic {centre}. No therapist has enough hips to be shown.").format(
            centre=found.centre.words
        )
    return _("Clinic {centre}. {told}.").format(centre=found.centre.words, told=told)
