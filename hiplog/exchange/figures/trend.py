"""The trend chart on paper: the terminal's points, axes, runs and signs, drawn in lines instead of cells.

Values before a treatment make the line, a dotted drop leads from each to the value after it. The two series
differ in marker, dash and colour and carry their names at the right end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from hiplog.exchange.figures.svg import CHAR, MARKERS, Anchor, Drawing, Spot
from hiplog.language import _, p_
from hiplog.outcomes.captions import OTHER_SIGN, sign, weight
from hiplog.outcomes.points import Chart, Mark, Point, Series
from hiplog.outcomes.scale import TimeScale, date_labels, day_label, figure, time_scale, unit_mark, value_axis
from hiplog.outcomes.traces import PENS, Trace, drops, error_limit, runs, threshold

WIDTH, TOP, PLOT = 760, 46, 230
LEFT, ENDS = 40, 132
INTERVALS = 10
SHIFT = 7
KEY_LINE = 18
NO_READINGS = _("no readings yet")
BETTER = {"lower": _("lower is better"), "higher": _("higher is better")}
STAGES = {"before": _("before"), "after": _("after"), "follow_up": p_("stage", "follow-up")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the plot lies and how moments and values fall into it."""

    width: float
    times: TimeScale

    def x(self, at: datetime, shift: int = 0) -> float:
        """Where a moment lies; the second series stands a little to the right of the first."""
        return LEFT + 8 + self.times.fraction(at) * (self.width - 8 - SHIFT * 3) + shift * SHIFT

    def y(self, trace: Trace, value: Decimal) -> float:
        """Where a value lies on the axis of its series."""
        return TOP + PLOT * (1 - trace.axis.fraction(value))

    def at(self, trace: Trace, point: Point) -> Spot:
        """The place of a measured point."""
        assert point.value is not None
        return self.x(point.at, trace.shift), self.y(trace, point.value)


def trend(chart: Chart, name: str = "trend") -> str:
    """Draw ``chart`` as an SVG; the first two series that were measured, or the words that there are none."""
    shown = [series for series in chart.series if series.measured][: len(PENS)]
    if not shown:
        return _nothing(name)
    traces = [
        Trace(series, pen, value_axis(series, INTERVALS), shift)
        for shift, (series, pen) in enumerate(zip(shown, PENS, strict=False))
    ]
    right = 40 if len(traces) > 1 else 0
    place = Place(WIDTH - LEFT - ENDS - right, time_scale(chart.times))
    key = _key_lines(_key(chart, traces))
    height = TOP + PLOT + 50 + KEY_LINE * len(key)
    sheet = Drawing(name, _title(traces), _description(traces, chart.marks), WIDTH, height)
    _draw_threshold(sheet, place, traces[0])
    _draw_error(sheet, place, traces[0])
    _draw_axes(sheet, place, traces)
    _draw_marks(sheet, place, chart.marks)
    for trace in reversed(traces):
        _draw_series(sheet, place, trace)
    _draw_ends(sheet, place, traces)
    _draw_dates(sheet, place, traces)
    for row, words in enumerate(key):
        sheet.text(LEFT, TOP + PLOT + 52 + row * KEY_LINE, words, "s")
    return sheet.svg()


def _nothing(name: str) -> str:
    sheet = Drawing(name, _("Trend"), NO_READINGS, WIDTH, 60)
    sheet.text(WIDTH / 2, 34, NO_READINGS, "t", "middle")
    return sheet.svg()


def _title(traces: Sequence[Trace]) -> str:
    names = [trace.series.name() for trace in traces]
    if len(names) == 1:
        return _("Trend of {name}").format(name=names[0])
    return _("Trend of {first} and {second}").format(first=names[0], second=names[1])


def _description(traces: Sequence[Trace], marks: Sequence[Mark]) -> str:
    said = [_course(trace.series) for trace in traces]
    said += [
        _("{label} on {day}").format(label=mark.label, day=day_label(mark.at.date(), year=True))
        for mark in marks
    ]
    return _("{told}. The table below holds every value.").format(told="; ".join(said))


def _course(series: Series) -> str:
    first, last = series.measured[0], series.measured[-1]
    unit = unit_mark(series.unit)
    ends = [f"{figure(p.value)}{unit}" for p in (first, last) if p.value is not None]
    return _("{name} from {first} to {last} over {count} readings, {better}").format(
        name=series.name(),
        first=ends[0],
        last=ends[-1],
        count=len(series.measured),
        better=BETTER[series.better],
    )


def _draw_threshold(sheet: Drawing, place: Place, trace: Trace) -> None:
    band = threshold(trace)
    if band is None:
        return
    base, limit = (place.y(trace, value) for value in band)
    sheet.rect(LEFT, min(base, limit), place.width, abs(limit - base), "band")
    sheet.line((LEFT, limit), (LEFT + place.width, limit), "limit")


def _draw_error(sheet: Drawing, place: Place, trace: Trace) -> None:
    limit = error_limit(trace)
    if limit is not None:
        y = place.y(trace, limit)
        sheet.line((LEFT, y), (LEFT + place.width, y), "outer")


def _draw_axes(sheet: Drawing, place: Place, traces: Sequence[Trace]) -> None:
    for trace in traces:
        edge = LEFT if trace.shift == 0 else LEFT + place.width
        for tick in trace.axis.ticks:
            y = place.y(trace, tick)
            if trace.shift == 0:
                sheet.line((edge, y), (edge + place.width, y), "rule")
                sheet.text(edge - 7, y + 4, figure(tick), "s", "end")
            else:
                sheet.line((edge, y), (edge + 4, y), "axis")
                sheet.text(edge + 7, y + 4, figure(tick), "s")
        sheet.line((edge, TOP), (edge, TOP + PLOT), "axis")
        words = f"{trace.series.name()}{_unit(trace.series)}, {BETTER[trace.series.better]}"
        anchor: Anchor = "start" if trace.shift == 0 else "end"
        x = 2 if trace.shift == 0 else WIDTH - 2
        sheet.text(x, 16, f"{trace.pen.before} {words}", f"t{trace.shift + 1}", anchor)
    sheet.line((LEFT, TOP + PLOT), (LEFT + place.width, TOP + PLOT), "axis")


def _unit(series: Series) -> str:
    mark = unit_mark(series.unit).strip()
    return f" ({mark})" if mark else ""


def _draw_marks(sheet: Drawing, place: Place, marks: Sequence[Mark]) -> None:
    for mark in sorted(marks, key=weight):
        x = place.x(mark.at)
        if sign(mark) == OTHER_SIGN:
            sheet.line((x, TOP), (x, TOP + PLOT), "outer")
        sheet.circle((x, TOP + PLOT), 8, "spot")
        sheet.text(x, TOP + PLOT + 4, sign(mark), "b", "middle")


def _draw_series(sheet: Drawing, place: Place, trace: Trace) -> None:
    ink = "first" if trace.shift == 0 else "second"
    for before, after in drops(trace.series):
        start, end = place.at(trace, before), place.at(trace, after)
        sheet.line(start, (start[0], end[1]), f"drop{trace.shift + 1}")
    for run in runs(trace.series):
        sheet.path([place.at(trace, point) for point in run], ink)
    starts = {point.session: point for point in trace.series.measured if point.stage == "before"}
    for point in sorted(trace.series.measured, key=lambda point: point.stage == "before"):
        x, y = place.at(trace, point)
        if point.stage == "after" and point.session in starts:
            x = place.at(trace, starts[point.session])[0]
        shape = {"before": trace.pen.before, "after": trace.pen.after}.get(point.stage, trace.pen.later)
        sheet.marker((x, y), MARKERS[shape], f"m{trace.shift + 1}", says=_says(trace.series, point))
    for point in trace.series.points:
        if point.value is None:
            sheet.text(place.x(point.at, trace.shift), TOP + PLOT - 10, "?", f"t{trace.shift + 1}", "middle")


def _says(series: Series, point: Point) -> str:
    value = "" if point.value is None else figure(point.value) + unit_mark(series.unit)
    return _("{name} {value} {stage}, visit {number}, {day}").format(
        name=series.name(),
        value=value,
        stage=STAGES.get(point.stage, point.stage),
        number=point.session,
        day=day_label(point.at.date(), year=True),
    )


def _draw_ends(sheet: Drawing, place: Place, traces: Sequence[Trace]) -> None:
    spots = [place.at(trace, trace.last) for trace in traces]
    heights = [y + 4 for _, y in spots]
    if len(heights) == 2 and abs(heights[0] - heights[1]) < 30:
        upper = 0 if heights[0] <= heights[1] else 1
        middle = sum(heights) / 2
        heights[upper], heights[1 - upper] = middle - 15, middle + 15
    x = LEFT + place.width + (38 if len(traces) > 1 else 8)
    for trace, y in zip(traces, heights, strict=True):
        ink = f"t{trace.shift + 1}"
        room = int((WIDTH - x) / CHAR)
        sheet.text(x, y - 7, f"{trace.pen.before} {trace.series.name(room - 2)}", ink)
        sheet.text(x, y + 7, _last_values(trace), ink)


def _last_values(trace: Trace) -> str:
    last = trace.last
    values = [last.value]
    if last.stage == "before":
        after = [p.value for p in trace.series.measured if p.session == last.session and p.stage == "after"]
        values += after[-1:]
    return " → ".join(figure(value) for value in values if value is not None) + unit_mark(trace.series.unit)


def _draw_dates(sheet: Drawing, place: Place, traces: Sequence[Trace]) -> None:
    begun: dict[int, datetime] = {}
    for trace in traces:
        for point in trace.series.points:
            begun[point.session] = min(point.at, begun.get(point.session, point.at))
    stops: list[tuple[int, date]] = []
    for at in sorted(begun.values()):
        x = place.x(at)
        sheet.line((x, TOP + PLOT), (x, TOP + PLOT + 5), "axis")
        stops.append((int(x / CHAR), at.date()))
    for start, text in date_labels(stops, int(WIDTH / CHAR), 2):
        sheet.text((start + len(text) / 2) * CHAR, TOP + PLOT + 22, text, "s", "middle")


def _key(chart: Chart, traces: Sequence[Trace]) -> list[str]:
    points = [point for trace in traces for point in trace.series.points]
    stages = {point.stage for point in points if point.value is not None}
    parts = [f"{_signs(traces, stage)} {word}" for stage, word in STAGES.items() if stage in stages]
    if any(point.value is None for point in points):
        parts.append(_("? not measured"))
    if threshold(traces[0]) is not None and traces[0].series.mcid is not None:
        shaded = (
            _("shaded: less than the smallest change that matters (MCID, {size} below the first)")
            if traces[0].series.better == "lower"
            else _("shaded: less than the smallest change that matters (MCID, {size} above the first)")
        )
        parts.append(shaded.format(size=figure(abs(traces[0].series.mcid))))
    if error_limit(traces[0]) is not None and traces[0].series.mdc is not None:
        size = figure(abs(traces[0].series.mdc))
        parts.append(_("dotted: less than {size} may be measuring error (MDC)").format(size=size))
    days: dict[str, list[str]] = {}
    for mark in sorted(chart.marks, key=lambda mark: mark.at):
        days.setdefault(f"{sign(mark)} {mark.label}", []).append(day_label(mark.at.date(), year=False))
    return parts + [f"{word} {', '.join(on)}" for word, on in days.items()]


def _signs(traces: Sequence[Trace], stage: str) -> str:
    return "".join(
        {"before": trace.pen.before, "after": trace.pen.after}.get(stage, trace.pen.later) for trace in traces
    )


def _key_lines(parts: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and len(joined) * CHAR <= WIDTH - LEFT:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines
