"""``hiplog trend``: one measure from visit to visit; a chart on a terminal, a table when piped."""

from __future__ import annotations

import argparse
import shutil
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hiplog.cli import codes, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.language import _, english, p_

if TYPE_CHECKING:
    from hiplog.outcomes.trend import PatientTrend
    from hiplog.storage.unit import Unit

CHART_ROWS = 18
WIDEST = 120
# The eight colours every terminal has; the series differ by marker and dash as well.
COLOURS = {"first": "36", "second": "33", "axis": "2", "threshold": "2", "mark": "31"}

JUDGED = {
    "better": _("smallest change that matters reached"),
    "same": _("less than the smallest that matters"),
    "worse": _("by at least the smallest that matters"),
    "cannot tell": _("no figure to judge it by"),
}
WORDS = {
    "better": _("better"),
    "same": _("same"),
    "worse": _("worse"),
    "cannot tell": _("cannot tell"),
}
STAGES = {"before": _("before"), "after": _("after"), "follow_up": p_("stage", "follow-up")}


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("code", help=_("chart code"))
    parser.add_argument(
        "--measure", metavar="M", default="nprs", help=_("nprs, ir, lefs … (default nprs, pain)")
    )
    parser.add_argument("--side", metavar="l|r", help=_("one side only, of a measure that has sides"))
    parser.add_argument("--table", action="store_true", help=_("the table on a terminal too"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Show the trend."""
    side = codes.side(args.side) if args.side is not None else None
    with context.book() as book:
        found = book.read(_trend, args.code, args.measure, side)
    if context.json:
        output.emit(as_json(found))
    else:
        _show(found, chart=output.is_terminal() and not args.table)
    return 0


def _trend(unit: Unit, code: str, measure: str, side: str | None) -> PatientTrend:
    from hiplog.outcomes import trend

    return trend.of(unit, people.patient(unit, code).id, measure, side)


def as_json(found: PatientTrend) -> dict[str, Any]:
    """Return the trend with the keys that scripts read."""
    points = [
        {
            "session": point.session,
            "at": point.at.isoformat(),
            "stage": point.stage,
            "value": views.number(point.value),
            "missing_reason": point.missing_reason,
            "mode": point.mode,
            "tester": point.tester,
            "device": point.device,
        }
        for point in found.series.points
    ]
    marks = [{"at": mark.at.isoformat(), "kind": mark.kind, "label": mark.label} for mark in found.marks]
    measure = found.measure
    named = {
        "measure": measure.code,
        "unit": measure.unit,
        "better": measure.better,
        "side": found.series.side,
        "episode": found.episode,
        "hip": found.hip,
    }
    told = {"points": points, "marks": marks, "change": _change(found)}
    return named | told | {"cautions": [english(one) for one in found.cautions]}


def _change(found: PatientTrend) -> dict[str, Any] | None:
    if found.change is None:
        return None
    result = found.change.result
    mcid = result.mcid
    return {
        "from": views.number(result.start),
        "to": views.number(result.end),
        "to_stage": found.change.to_stage,
        "absolute": views.number(result.absolute),
        "percent": views.number(result.percent),
        "mcid": views.number(mcid.absolute) if mcid else None,
        "mcid_percent": views.number(mcid.percent) if mcid else None,
        "reached": result.reached,
        "word": result.word,
        "source": result.source,
    }


def _show(found: PatientTrend, *, chart: bool) -> None:
    from hiplog.outcomes import listing

    if chart:
        _draw(found)
    else:
        for line in listing.lines(found.chart):
            output.write(line)
    if found.change is not None:
        output.write(sentence(found))
    for caution in found.cautions:
        output.write(f"¦ {caution}")


def sentence(found: PatientTrend) -> str:
    """Say the change from the first to the latest value, and by whose figure it is judged."""
    assert found.change is not None
    result = found.change.result
    start, end = (views.number(value) for value in (result.start, result.end))
    stage = STAGES.get(found.change.to_stage, found.change.to_stage)
    source = f" ({result.source})" if result.source else ""
    judged = f"; {JUDGED[result.word]}{source}" if result.reached is not None else ""
    return f"{result.mark} {WORDS[result.word]}: {start} → {end} ({stage}){judged}"


def _draw(found: PatientTrend) -> None:
    from hiplog.outcomes import plot

    columns, lines = shutil.get_terminal_size((80, 24))
    colour = output.coloured()
    for row in plot.draw(found.chart, min(columns, WIDEST), min(lines - 3, CHART_ROWS)):
        runs = groupby(row, key=lambda cell: cell.style)
        print(
            "".join(_run("".join(cell.char for cell in run), style, colour) for style, run in runs).rstrip()
        )


def _run(text: str, style: str, colour: bool) -> str:
    code = COLOURS.get(style) if colour and text.strip() else None
    return f"\x1b[{code}m{text}\x1b[0m" if code else text
