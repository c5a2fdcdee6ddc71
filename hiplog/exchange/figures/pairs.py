"""Before and after: one line a hip from its first to its final score, the hips without a pair beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import Anchor, Drawing
from hiplog.language import _
from hiplog.outcomes.improvement import Improvement, PairPoint
from hiplog.outcomes.spread import Spread, spread_of

WIDTH, TOP, HEIGHT = 760, 44, 270
LEFT, RIGHT = 120, 470
BAR_LEFT, BAR_WIDTH = 590, 62
FOOT = 76
SCORES = frame.Scale(0, 10, tuple(range(11)))
WIDEST = 5.0


def pairs(found: Improvement, name: str = "pairs") -> str:
    """Draw every hip with a first and a final score; those without stand as a bar of their own.

    The band runs from the median before to the MCID below it: a median that ends within it changed less than
    patients notice. Equal pairs are one line, the wider the more hips it stands for.
    """
    whole = [one for one in found.pairs if one.baseline is not None and one.final is not None]
    title = _("Pain at the start and at the end, one line a hip")
    sheet = Drawing(name, title, _description(found, whole), WIDTH, TOP + HEIGHT + FOOT)
    plot = frame.Frame(LEFT, TOP, RIGHT - LEFT, HEIGHT, frame.Scale(0, 1, ()), SCORES)
    before = spread_of(_counted((one.baseline, one.hips) for one in whole))
    after = spread_of(_counted((one.final, one.hips) for one in whole))
    important = float(found.mcid)
    if before.median is not None:
        top, limit = plot.y(before.median), plot.y(max(0.0, before.median - important))
        sheet.rect(plot.left, top, plot.width, limit - top, "band")
        sheet.line((plot.left, limit), (plot.right, limit), "limit")
    _draw_scale(sheet, plot)
    _draw_lines(sheet, plot, whole)
    _draw_middle(sheet, plot.left - 14, plot, before, outward=-1)
    _draw_middle(sheet, plot.right + 14, plot, after, outward=1)
    _draw_hips(sheet, plot, found)
    _draw_key(sheet, plot.bottom + 40, important)
    return sheet.svg()


def _draw_scale(sheet: Drawing, plot: frame.Frame) -> None:
    for tick in plot.up.ticks[::2]:
        y = plot.y(tick)
        sheet.line((plot.left, y), (plot.right, y), "rule")
        sheet.text(plot.left - 62, y + 4, frame.number_tick(tick), "s", "end")
    sheet.text(2, 14, _("pain now, 0–10, lower is better"), "t")
    for x, word in ((plot.left, _("first score")), (plot.right, _("final score"))):
        sheet.line((x, plot.top), (x, plot.bottom), "axis")
        sheet.text(x, plot.bottom + 18, word, "t", "middle")


def _draw_lines(sheet: Drawing, plot: frame.Frame, whole: Sequence[PairPoint]) -> None:
    most = max((one.hips for one in whole), default=1)
    for one in sorted(whole, key=lambda pair: pair.state == "responder"):
        width = 1 + (WIDEST - 1) * (one.hips - 1) / max(most - 1, 1)
        ends = [plot.at(0, float(one.baseline or 0)), plot.at(1, float(one.final or 0))]
        sheet.path(ends, "slope1" if one.state == "responder" else "slope2", width=width)


def _counted(values: Iterable[tuple[Decimal | None, int]]) -> Counter[float]:
    found: Counter[float] = Counter()
    for value, hips in values:
        if value is not None:
            found[float(value)] += hips
    return found


def _draw_middle(sheet: Drawing, x: float, plot: frame.Frame, found: Spread, *, outward: int) -> None:
    if found.median is None or found.q1 is None or found.q3 is None:
        return
    sheet.line((x, plot.y(found.q1)), (x, plot.y(found.q3)), "whisker")
    sheet.marker((x, plot.y(found.median)), "disc", "m0", 5)
    anchor: Anchor = "end" if outward < 0 else "start"
    sheet.text(x + outward * 10, plot.y(found.median) + 4, f"{found.median:g}", "b", anchor)


def _draw_hips(sheet: Drawing, plot: frame.Frame, found: Improvement) -> None:
    total, missing = found.lines.started.n, found.unpaired
    sheet.text(BAR_LEFT, 14, _("all {count} hips").format(count=total), "t")
    if not total:
        return
    split = plot.top + plot.height * missing / total
    sheet.rect(BAR_LEFT, plot.top, BAR_WIDTH, split - plot.top, "hatch")
    sheet.rect(BAR_LEFT, split, BAR_WIDTH, plot.bottom - split, "bar")
    x = BAR_LEFT + BAR_WIDTH + 8
    upper = min(max((plot.top + split) / 2 + 4, plot.top + 6), plot.bottom - 20)
    sheet.text(x, upper, _("{count} no pair").format(count=missing), "t")
    lower = max((split + plot.bottom) / 2 + 4, upper + 20)
    sheet.text(x, min(lower, plot.bottom), _("{count} with a pair").format(count=total - missing), "t")


def _draw_key(sheet: Drawing, y: float, important: float) -> None:
    for row, (ink, words) in enumerate((("slope1", _("responder")), ("slope2", _("no responder")))):
        x = 2 + row * 130
        sheet.path([(x, y - 4), (x + 30, y - 4)], ink, width=2.5)
        sheet.text(x + 37, y, words, "s")
    sheet.text(262, y, _("wider line: more hips; ● median, bar from quartile to quartile"), "s")
    shaded = _("shaded: less than {points:g} points below the median first score (MCID)")
    sheet.text(2, y + 18, shaded.format(points=important), "s")


def _description(found: Improvement, whole: Sequence[PairPoint]) -> str:
    good = sum(one.hips for one in whole if one.state == "responder")
    return _(
        "{hips} hips with a first and a final score, {good} of them responders; {unpaired} without a pair."
    ).format(hips=sum(one.hips for one in whole), good=good, unpaired=found.unpaired)
