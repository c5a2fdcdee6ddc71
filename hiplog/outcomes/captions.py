"""The words around a plot: titles, the names at the right end, dates and the key of the signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hiplog.language import _
from hiplog.outcomes.points import Chart, Mark
from hiplog.outcomes.scale import date_labels, day_label, figure, unit_mark
from hiplog.outcomes.sheet import Sheet
from hiplog.outcomes.traces import Frame, Trace, error_limit, threshold

SIGNS = {"reaction": "!", "co_treatment": "*"}
OTHER_SIGN = "¦"
"""A change in how the series was measured."""
WEIGHTS = ("*", OTHER_SIGN, "!")
"""Which sign lies on top where two fall into one place: the last."""
BETTER = {"lower": _("{title}, lower is better"), "higher": _("{title}, higher is better")}
SHORT_BETTER = {"lower": _("{title} ↓ better"), "higher": _("{title} ↑ better")}


def sign(mark: Mark) -> str:
    """``!`` for an unwanted effect, ``*`` for a co-treatment, ``¦`` for a change of rater or instrument."""
    return SIGNS.get(mark.kind, OTHER_SIGN)


def weight(mark: Mark) -> int:
    """Its place in the order in which marks are drawn."""
    return WEIGHTS.index(sign(mark))


def draw_titles(sheet: Sheet, traces: Sequence[Trace]) -> None:
    """Name each axis above it, with its bounds and, where there is room, which direction is better.

    Names are shortened to their codes before one is cut.
    """
    long = [_title(trace, BETTER[trace.series.better]) for trace in traces]
    short = [_title(trace, SHORT_BETTER[trace.series.better]) for trace in traces]
    bare = [_title(trace, "{title}") for trace in traces]
    each = sheet.width // len(traces) - 1
    brief = [cut(_title(trace, SHORT_BETTER[trace.series.better], each), each) for trace in traces]
    words = next((w for w in (long, short, bare) if sum(map(len, w)) + 2 <= sheet.width), brief)
    sheet.put(0, 0, words[0], traces[0].pen.style)
    for trace, text in zip(traces[1:], words[1:], strict=True):
        sheet.put_right(sheet.width - 1, 0, text, trace.pen.style)


def _title(trace: Trace, better: str, room: int | None = None) -> str:
    """The whole name of a series, or with ``room`` the longest one that leaves some for all else."""
    bounds = f" {figure(trace.axis.low)}–{figure(trace.axis.high)}{unit_mark(trace.series.unit)}"
    mark = f"{trace.pen.before} "
    left = None if room is None else max(room - len(better.format(title=mark + bounds)), 1)
    name = trace.series.name(left)
    return better.format(title=f"{mark}{name}{'' if bounds in name else bounds}")


def cut(text: str, room: int) -> str:
    """Return ``text`` in at most ``room`` characters, ending in ``…`` if it was longer."""
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def draw_ends(sheet: Sheet, frame: Frame, traces: Sequence[Trace]) -> None:
    """Name each series beside its last value, parting two names that would share a row."""
    rows = [frame.cell(trace, trace.last)[1] for trace in traces]
    if len(set(rows)) < len(rows):
        at_bottom = rows[0] == frame.rows - 1
        rows = [rows[0] - 1, rows[1]] if at_bottom else [rows[0], rows[1] + 1]
    for trace, row in zip(traces, rows, strict=True):
        text = end_text(trace, sheet.width)
        sheet.put(frame.left + frame.columns + 1, frame.top + row, text, trace.pen.style)


def end_text(trace: Trace, width: int) -> str:
    """The name of a series and its last values, ``pain 3→2``, in about a fifth of ``width``."""
    last = trace.last
    values = [last.value]
    if last.stage == "before":
        after = [p.value for p in trace.series.measured if p.session == last.session and p.stage == "after"]
        values += after[-1:]
    numbers = "→".join(figure(value) for value in values if value is not None)
    tail = f" {numbers}{unit_mark(trace.series.unit)}"
    return trace.series.name(max(width // 5 - len(tail), 1)) + tail


def draw_dates(sheet: Sheet, frame: Frame, chart: Chart, traces: Sequence[Trace]) -> None:
    """Draw the time axis with a tick for each visit, the marks on it and the dates below."""
    row = frame.top + frame.rows
    sheet.put(frame.left - 1, row, "└" + "─" * frame.columns, "axis")
    stops = [(frame.left + frame.column(at), at.date()) for at in _visits(traces)]
    for column in {column for column, _day in stops}:
        sheet.sign(column, row, "┴", "axis")
    for trace in reversed(traces):
        for point in trace.series.points:
            if point.value is None:
                sheet.put(frame.left + frame.column(point.at) + trace.shift, row, "?", trace.pen.style)
    for mark in sorted(chart.marks, key=weight):
        sheet.put(frame.left + frame.column(mark.at), row, sign(mark), "mark")
    for start, text in date_labels(stops, sheet.width):
        sheet.put(start, row + 1, text, "text")


def _visits(traces: Sequence[Trace]) -> list[datetime]:
    """When each visit began; a follow-up is no visit of its own."""
    begun: dict[int, datetime] = {}
    for trace in traces:
        for point in trace.series.points:
            begun[point.session] = min(point.at, begun.get(point.session, point.at))
    return sorted(begun.values())


def draw_key(sheet: Sheet, frame: Frame, chart: Chart, traces: Sequence[Trace]) -> None:
    """Say in words what the signs stand for; ``…`` tells that the rows left did not hold them all."""
    row, column = frame.top + frame.rows + 2, 0
    for words, style in _key(chart, traces):
        text = cut(words, sheet.width)
        last_row = row == sheet.rows - 1
        if column and column + len(text) + 2 * last_row > sheet.width:
            if last_row:
                sheet.put(min(column - 1, sheet.width - 1), row, "…", "text")
                return
            row, column = row + 1, 0
        sheet.put(column, row, text, style)
        column += len(text) + 3


def _key(chart: Chart, traces: Sequence[Trace]) -> list[tuple[str, str]]:
    points = [point for trace in traces for point in trace.series.points]
    stages = {point.stage for point in points if point.value is not None}
    parts = [(_("{signs} before").format(signs="".join(trace.pen.before for trace in traces)), "text")]
    if "after" in stages:
        parts.append((_("{signs} after").format(signs="".join(trace.pen.after for trace in traces)), "text"))
    if "follow_up" in stages:
        parts.append(
            (_("{signs} follow-up").format(signs="".join(trace.pen.later for trace in traces)), "text")
        )
    parts += [(text, "mark") for text in _marks(chart) if not text.startswith("*")]
    if any(point.value is None for point in points):
        parts.append((_("? not measured"), "text"))
    if threshold(traces[0]) is not None and traces[0].series.mcid is not None:
        sentence = (
            _("⠄ ⠄ MCID: {figure} below the first")
            if traces[0].series.better == "lower"
            else _("⠄ ⠄ MCID: {figure} above the first")
        )
        parts.append((sentence.format(figure=figure(abs(traces[0].series.mcid))), "text"))
    if error_limit(traces[0]) is not None and traces[0].series.mdc is not None:
        parts.append(
            (
                _("⠒ ⠒ MDC: less than {figure} may be error").format(
                    figure=figure(abs(traces[0].series.mdc))
                ),
                "text",
            )
        )
    return parts + [(text, "mark") for text in _marks(chart) if text.startswith("*")]


def _marks(chart: Chart) -> list[str]:
    """Each kind of mark once with its dates: ``! bruise 8 Sep, 2 Oct``."""
    days: dict[str, list[str]] = {}
    for mark in sorted(chart.marks, key=lambda mark: mark.at):
        label = day_label(mark.at.date(), year=mark.at.year != chart.times[0].year)
        days.setdefault(f"{sign(mark)} {mark.label}", []).append(label)
    return [f"{word} {', '.join(labels)}" for word, labels in days.items()]
