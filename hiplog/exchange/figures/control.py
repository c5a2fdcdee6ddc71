"""The control chart: each month's share round the clinic's own usual, limits as wide as its n is small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hiplog.exchange.figures import frame
from hiplog.exchange.figures.svg import Drawing
from hiplog.language import _, p_
from hiplog.outcomes.control import SIGNAL_WORDS, ControlChart, ControlPoint
from hiplog.outcomes.rates import FEWEST, Rate, percent

WIDTH, LEFT, TOP, HEIGHT, RIGHT = 760, 52, 30, 220, 88
FOOT = 65
LABEL = 58
"""Width of a month's name: so far apart do two of them stand at least."""
KEY = _("solid: mean; dashed: limits of chance round it; ▲ outside, or in a run of 8")
SMALL_KEY = _(
    "solid: mean; dashed: limits of chance round it; ▲ outside, or in a run of 8; ○ of fewer than {fewest}"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A published range, faint behind the points; ``words`` say whose."""

    low: float
    high: float
    words: str


def control(
    chart: ControlChart, name: str, title: str, axis: str, *, references: Sequence[Reference] = ()
) -> str:
    """Draw ``chart``: shares of 1 when it is a p-chart, plain values otherwise."""
    few = chart.kind == "p" and sum(point.n for point in chart.points) < FEWEST
    if few or not chart.counted or chart.centre is None:
        return _nothing(name, title, chart.words)
    sheet = Drawing(name, title, _description(chart), WIDTH, TOP + HEIGHT + FOOT + 17 * len(references))
    plot = _frame(chart, references)
    for reference in references:
        top, low = plot.y(reference.high), plot.y(reference.low)
        sheet.rect(plot.left, top, plot.width, max(low - top, 2), "faint")
        apart = (top + low) / 2 - plot.y(chart.centre)
        shift = (13 if apart >= 0 else -13) if abs(apart) < 13 else apart
        sheet.text(plot.right + 6, plot.y(chart.centre) + shift + 4, _("published"), "s")
    tick_words = frame.percent_tick if chart.kind == "p" else frame.number_tick
    frame.draw_up(sheet, plot, [tick_words(tick) for tick in plot.up.ticks], axis)
    _draw_limits(sheet, plot, chart)
    _draw_points(sheet, plot, chart)
    _draw_months(sheet, plot, chart.points)
    small = any(_small(point) for point in chart.points)
    sheet.text(2, plot.bottom + 40, (SMALL_KEY if small else KEY).format(fewest=FEWEST), "s")
    sheet.text(2, plot.bottom + 57, chart.words, "s")
    for row, reference in enumerate(references):
        sheet.text(
            2, plot.bottom + 74 + 17 * row, _("faint band: {words}").format(words=reference.words), "s"
        )
    return sheet.svg()


def _nothing(name: str, title: str, words: str) -> str:
    sheet = Drawing(name, title, words, WIDTH, 60)
    sheet.text(WIDTH / 2, 34, words, "t", "middle")
    return sheet.svg()


def _frame(chart: ControlChart, references: Sequence[Reference]) -> frame.Frame:
    tops = [point.value for point in chart.points if point.value is not None]
    tops += [reference.high for reference in references]
    # A month of two sessions has limits up to 100 %; they may leave the sheet, values never do.
    usual = sorted(point.high for point in chart.points if point.high is not None)
    tops += usual[: max(1, len(usual) * 3 // 4)]
    count = max(len(chart.points), 2)
    across = frame.Scale(-0.5, count - 0.5, ())
    highest = max([*tops, chart.centre or 0.0]) * 1.05
    up = frame.share_scale(highest) if chart.kind == "p" else frame.scale(0, highest, 5)
    return frame.Frame(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, across, up)


def _draw_limits(sheet: Drawing, plot: frame.Frame, chart: ControlChart) -> None:
    assert chart.centre is not None
    y = plot.y(chart.centre)
    sheet.line((plot.left, y), (plot.right, y), "centre")
    sheet.text(plot.right + 6, y + 4, _("mean {value}").format(value=_value(chart, chart.centre)), "t")
    for side in ("low", "high"):
        run: list[tuple[float, float]] = []
        for at, point in enumerate(chart.points):
            value = point.low if side == "low" else point.high
            if value is None:
                sheet.path(run, "limit")
                run = []
            else:
                edge = min(max(plot.y(value), plot.top), plot.bottom)
                run += [(plot.x(at - 0.5), edge), (plot.x(at + 0.5), edge)]
        sheet.path(run, "limit")


def _draw_points(sheet: Drawing, plot: frame.Frame, chart: ControlChart) -> None:
    run: list[tuple[float, float]] = []
    for at, point in enumerate(chart.points):
        if point.value is None:
            sheet.path(run, "first")
            run = []
            sheet.text(plot.x(at), plot.bottom - 5, "–", "s", "middle")
        else:
            run.append(plot.at(at, point.value))
    sheet.path(run, "first")
    for at, point in enumerate(chart.points):
        if point.value is not None:
            spot = plot.at(at, point.value)
            if point.signal:
                sheet.marker(spot, "triangle", "m2", 6.0, says=_says(point))
            else:
                sheet.marker(spot, "ring" if _small(point) else "disc", "m1", 4.0, says=_says(point))


def _draw_months(sheet: Drawing, plot: frame.Frame, points: Sequence[ControlPoint]) -> None:
    sheet.line((plot.left, plot.bottom), (plot.right, plot.bottom), "axis")
    every = max(1, -(-len(points) * LABEL // int(plot.width)))
    for at, point in enumerate(points):
        x = plot.x(at)
        sheet.line((x, plot.bottom), (x, plot.bottom + (4 if at % every == 0 else 2)), "axis")
        if at % every == 0:
            sheet.text(x, plot.bottom + 17, point.label, "s", "middle")


def _small(point: ControlPoint) -> bool:
    """Whether the share is one of so few that it is not printed."""
    return point.events is not None and point.n < FEWEST


def _says(point: ControlPoint) -> str:
    value = (
        p_("sessions", "none")
        if point.value is None
        else _("{value:.3g} of {count} sessions").format(value=point.value, count=point.n)
    )
    words = value if point.events is None else Rate(point.events, point.n).words
    signal = f", {SIGNAL_WORDS[point.signal]}" if point.signal else ""
    return f"{point.label}: {words}{signal}"


def _value(chart: ControlChart, value: float) -> str:
    return f"{percent(value)} %" if chart.kind == "p" else f"{value:.3g}"


def _description(chart: ControlChart) -> str:
    return _("{count} months; {words}. The table below holds every month.").format(
        count=chart.counted, words=chart.words
    )
