"""Try a widget alone on invented readings: ``python -m hiplog.tui.widgets.trend_chart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import ClassVar, Literal

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Footer

from hiplog.outcomes.points import Chart, Mark, Point, Series

FIRST_VISIT = datetime(2026, 9, 1, 10, tzinfo=UTC)
DAYS = (0, 7, 15, 28, 36, 60)
Pair = tuple[int | None, int | None]
PAIN: tuple[Pair, ...] = ((7, 5), (6, 3), (5, 4), (None, None), (4, 2), (3, 2))
COUNTS = {("GMAX", "L"): 4, ("GMED", "L"): 12, ("GMED", "R"): 3, ("PIRI", "L"): 2, ("BF", "R"): 1}
ROTATION: tuple[Pair, ...] = ((22, 28), (25, 29), (None, None), (27, 31), (30, 34), (33, 36))


def readings(pairs: tuple[Pair, ...]) -> tuple[Point, ...]:
    """Turn pairs of a value before and after into points, one pair a visit."""
    points: list[Point] = []
    for visit, (day, pair) in enumerate(zip(DAYS, pairs, strict=True), 1):
        at = FIRST_VISIT + timedelta(days=day)
        for stage, value in zip(("before", "after"), pair, strict=True):
            number = None if value is None else Decimal(value)
            if value is not None or stage == "before":
                missing = "equipment" if value is None else None
                points.append(Point(at, number, visit, stage, "KB", missing_reason=missing))
    return tuple(points)


def series(
    code: str,
    label: str,
    unit: str,
    side: str | None,
    better: Literal["lower", "higher"],
    high: int,
    pairs: tuple[Pair, ...],
    mcid: int | None = None,
) -> Series:
    """An invented series from 0 to ``high``."""
    least = None if mcid is None else Decimal(mcid)
    return Series(code, label, unit, side, better, Decimal(0), Decimal(high), readings(pairs), least)


def chart() -> Chart:
    """Six invented visits of one hip, with a reaction, a missing value and a change of rater."""
    return Chart(
        (
            series("NPRS", "pain now, 0–10", "points", None, "lower", 10, PAIN, 2),
            series("IR", "hip internal rotation", "deg", "R", "higher", 90, ROTATION),
        ),
        (
            Mark(FIRST_VISIT + timedelta(days=7), "reaction", "bruise"),
            Mark(FIRST_VISIT + timedelta(days=36), "rater", "rater changed"),
        ),
    )


class Demo(App[None]):
    """One widget above a footer."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit"), ("d", "toggle_dark", "Dark or light")]

    def __init__(self, shown: Widget) -> None:
        super().__init__()
        self.shown = shown

    def compose(self) -> ComposeResult:
        """Show the widget."""
        yield self.shown
        yield Footer()

    def action_toggle_dark(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"


def run(name: str) -> None:
    """Open the demo of one widget by name."""
    Demo(widget(name)).run()


def picture() -> Widget:
    """The invented visits as a picture painted from cells."""
    from hiplog.outcomes.plot import draw
    from hiplog.tui.widgets.picture import Picture

    shown = Picture()
    shown.drawing = partial(draw, chart())
    return shown


def widget(name: str) -> Widget:
    """Build the widget a demo is asked for: ``chart``, ``table``, ``pain``, ``picture`` or ``body``."""
    from hiplog.tui.widgets.body_map import BodyMap
    from hiplog.tui.widgets.pain_scale import PainScale
    from hiplog.tui.widgets.trend_chart import TrendChart
    from hiplog.tui.widgets.trend_table import TrendTable

    builders: dict[str, Callable[[], Widget]] = {
        "chart": lambda: TrendChart(chart()),
        "table": lambda: TrendTable(chart()),
        "body": lambda: BodyMap(COUNTS),
        "picture": picture,
        "pain": lambda: PainScale("pain before, worst today"),
    }
    return builders[name]()
