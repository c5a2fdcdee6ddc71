"""Draw a trend in terminal cells: values on a fixed axis, visits at their true dates.

Values before a treatment make the line; a dotted drop leads from each to the value after it. The
two series differ in marker, dash and style, and carry their names at the right end. The first is
read on the left axis, the second on the right, one cell to the right of the first so that the two
never hide each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.language import _
from hiplog.outcomes.braille import ACROSS, DOWN, Canvas, Dot
from hiplog.outcomes.captions import OTHER_SIGN, draw_dates, draw_ends, draw_key, draw_titles, end_text, sign
from hiplog.outcomes.points import Chart, Point
from hiplog.outcomes.scale import figure, time_scale, value_axis
from hiplog.outcomes.sheet import Row, Sheet
from hiplog.outcomes.traces import PENS, Frame, Pen, Trace, drops, error_limit, runs, threshold

MIN_WIDTH, MIN_HEIGHT = 40, 10
TITLE_ROWS, FOOT_ROWS = 1, 3
DROP = (1, 1)
NO_READINGS = _("no readings yet")


def draw(chart: Chart, width: int, height: int) -> tuple[Row, ...]:
    """Draw ``chart`` in at most ``height`` rows of exactly ``width`` cells.

    The first two series that were measured are drawn. Without readings, or without room, it says so in words.
    """
    shown = [series for series in chart.series if series.measured][: len(PENS)]
    if not shown:
        return _words(NO_READINGS, width, height)
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return _words(
            _("no room to draw: needs {width} columns, {height} rows").format(
                width=MIN_WIDTH, height=MIN_HEIGHT
            ),
            width,
            height,
        )
    rows = plot_rows(height - TITLE_ROWS - FOOT_ROWS)
    traces = [
        Trace(series, pen, value_axis(series, rows - 1), shift)
        for shift, (series, pen) in enumerate(zip(shown, PENS, strict=False))
    ]
    frame = _frame(chart, traces, width, rows)
    sheet = Sheet(width, height)
    draw_titles(sheet, traces)
    _draw_axes(sheet, frame, traces)
    _draw_lines(sheet, frame, chart, traces)
    _draw_markers(sheet, frame, traces)
    draw_ends(sheet, frame, traces)
    draw_dates(sheet, frame, chart, traces)
    draw_key(sheet, frame, chart, traces)
    return sheet.lines()


def plot_rows(room: int) -> int:
    """The height of the plot within ``room`` rows: 10k+1, so that every whole score from 0 to 10 has a row.

    In less than 11 rows the plot takes 6, where the even scores have one and the odd ones lie between.
    """
    return (room - 1) // 10 * 10 + 1 if room > 10 else 6


def _words(text: str, width: int, height: int) -> tuple[Row, ...]:
    sheet = Sheet(max(width, 0), max(height, 0))
    sheet.put(max(0, (width - len(text)) // 2), max(0, (height - 1) // 2), text, "message")
    return sheet.lines()


def _frame(chart: Chart, traces: Sequence[Trace], width: int, rows: int) -> Frame:
    left = max(len(figure(tick)) for tick in traces[0].axis.ticks) + 2
    right = max((len(figure(tick)) for trace in traces[1:] for tick in trace.axis.ticks), default=-2) + 2
    ends = max(len(end_text(trace, width)) for trace in traces) + 3
    columns = width - left - right - ends
    return Frame(TITLE_ROWS, left, columns, rows, width - right, time_scale(chart.times), len(traces))


def _draw_axes(sheet: Sheet, frame: Frame, traces: Sequence[Trace]) -> None:
    for trace in traces:
        edge = frame.left - 1 if trace.shift == 0 else frame.right
        ticks = {frame.row(trace, tick): figure(tick) for tick in trace.axis.ticks}
        for row in range(frame.rows):
            label = ticks.get(row, "")
            if trace.shift == 0:
                sheet.put(edge, frame.top + row, "┤" if label else "│", "axis")
                sheet.put_right(edge - 1, frame.top + row, label, "text")
            else:
                sheet.put(edge, frame.top + row, "├" if label else "│", "axis")
                sheet.put(edge + 1, frame.top + row, label, "text")


def _draw_lines(sheet: Sheet, frame: Frame, chart: Chart, traces: Sequence[Trace]) -> None:
    canvas = Canvas(frame.right - frame.left, frame.rows)
    band = threshold(traces[0])
    if band is not None:
        base, limit = (frame.row(traces[0], value) for value in band)
        rows = range(frame.top + min(base, limit), frame.top + max(base, limit) + 1)
        sheet.band(frame.left, frame.left + frame.columns - 1, rows)
        y = limit * DOWN + DOWN // 2
        canvas.line((0, y), (frame.columns * ACROSS - 1, y), "threshold", (1, 3))
    error = error_limit(traces[0])
    if error is not None:
        y = frame.row(traces[0], error) * DOWN + DOWN // 2
        canvas.line((0, y), (frame.columns * ACROSS - 1, y), "threshold", (2, 2))
    for mark in chart.marks:
        if sign(mark) == OTHER_SIGN:
            x = max(frame.column(mark.at) * ACROSS - 1, 0)
            canvas.line((x, 0), (x, frame.rows * DOWN - 1), "threshold", (1, 3))
    for trace in reversed(traces):
        for before, after in drops(trace.series):
            canvas.line(frame.dot(trace, before), _under(frame, trace, before, after), trace.pen.style, DROP)
        for run in runs(trace.series):
            canvas.path([frame.dot(trace, point) for point in run], trace.pen.style, trace.pen.dash)
    for column, row, char, style in canvas.cells():
        sheet.sign(frame.left + column, frame.top + row, char, style)


def _under(frame: Frame, trace: Trace, before: Point, after: Point) -> Dot:
    return frame.dot(trace, before)[0], frame.dot(trace, after)[1]


def _draw_markers(sheet: Sheet, frame: Frame, traces: Sequence[Trace]) -> None:
    for trace in reversed(traces):
        pen = trace.pen
        places: dict[tuple[int, int], str] = {}
        starts = {point.session: point for point in trace.series.measured if point.stage == "before"}
        for point in trace.series.measured:
            column, row = frame.cell(trace, point)
            if point.stage == "after" and point.session in starts:
                column = frame.cell(trace, starts[point.session])[0]
            marker = {"before": pen.before, "after": pen.after}.get(point.stage, pen.later)
            places[column, row] = _over(pen, places.get((column, row)), marker)
        for (column, row), marker in places.items():
            sheet.sign(frame.left + column, frame.top + row, marker, pen.style)


def _over(pen: Pen, held: str | None, marker: str) -> str:
    """The marker of a cell that already holds one: before and after share it, both hide a follow-up."""
    if held is None or held == marker or held == pen.later:
        return marker
    return held if marker == pen.later else pen.both
