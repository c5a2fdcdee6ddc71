"""The trend chart: pain and one more measure on real dates, painted from the cells that outcomes draws."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from hiplog.outcomes.plot import draw
from hiplog.outcomes.points import Chart
from hiplog.outcomes.sheet import Cell, Row


class TrendChart(Widget):
    """A chart of at most two series; empty and too small states are words.

    Every difference that a colour makes, a marker, a dash or a word makes too, so that it reads
    without colour. It takes no focus: the table of the same points (:class:`TrendTable`) is for reading.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "trend-chart--axis",
        "trend-chart--text",
        "trend-chart--first",
        "trend-chart--second",
        "trend-chart--threshold",
        "trend-chart--mark",
        "trend-chart--message",
        "trend-chart--band",
    }
    """
    | Class | Description |
    | :- | :- |
    | `trend-chart--axis` | The lines of both axes. |
    | `trend-chart--text` | Numbers, dates and the key. |
    | `trend-chart--first` | The series on the left axis. |
    | `trend-chart--second` | The series on the right axis. |
    | `trend-chart--threshold` | The dotted line from which a change matters. |
    | `trend-chart--mark` | Reactions and changes of rater. |
    | `trend-chart--message` | Words in place of a picture. |
    | `trend-chart--band` | The background between the first value and the threshold. |
    """

    DEFAULT_CSS = """
    TrendChart {
        height: 1fr;
        min-height: 10;
        & > .trend-chart--axis { color: $foreground 55%; }
        & > .trend-chart--text { color: $foreground 80%; }
        & > .trend-chart--first { color: #56B4E9; }
        & > .trend-chart--second { color: #E69F00; }
        & > .trend-chart--threshold { color: $foreground 45%; }
        & > .trend-chart--mark { color: $foreground; text-style: bold; }
        & > .trend-chart--message { color: $foreground 80%; }
        & > .trend-chart--band { background: $foreground 7%; }
        &:light > .trend-chart--first { color: #0072B2; }
        &:light > .trend-chart--second { color: #B85000; }
        &:ansi > .trend-chart--axis, &:ansi > .trend-chart--text { color: ansi_default; }
        &:ansi > .trend-chart--first { color: ansi_bright_cyan; }
        &:ansi > .trend-chart--second { color: ansi_bright_yellow; }
        &:ansi:light > .trend-chart--first { color: ansi_blue; }
        &:ansi:light > .trend-chart--second { color: ansi_red; }
        &:ansi > .trend-chart--threshold { color: ansi_default; text-style: dim; }
        &:ansi > .trend-chart--mark { color: ansi_default; }
        &:ansi > .trend-chart--band { background: ansi_default; }
    }
    """

    chart: reactive[Chart | None] = reactive[Chart | None](None)
    """What is shown; ``None`` and a chart without values both say so in words."""

    def __init__(
        self,
        chart: Chart | None = None,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._drawn: tuple[Chart | None, Size, bool] | None = None
        self.set_reactive(TrendChart.chart, chart)

    def notify_style_update(self) -> None:
        """Forget what was painted when the theme changes."""
        self._drawn = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Paint one row; all rows are drawn anew only when the data, the size or the theme changed."""
        state = (self.chart, self.size, self.app.current_theme.dark)
        if state != self._drawn:
            rows = draw(self.chart or Chart(), self.size.width, self.size.height)
            self._strips = [self._strip(row) for row in rows]
            self._drawn = state
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)

    def _strip(self, row: Row) -> Strip:
        runs = groupby(row, key=lambda cell: (cell.style, cell.band))
        return Strip([self._segment(list(cells), *key) for key, cells in runs], len(row))

    def _segment(self, cells: list[Cell], style: str, band: bool) -> Segment:
        return Segment("".join(cell.char for cell in cells), self._style(style, band))

    def _style(self, style: str, band: bool) -> Style:
        look = self.rich_style
        if band:
            look += Style(bgcolor=self.get_component_rich_style("trend-chart--band").bgcolor)
        if style:
            part = self.get_component_rich_style(f"trend-chart--{style}")
            look += Style(color=part.color, bold=part.bold, dim=part.dim)
        return look


if __name__ == "__main__":
    from hiplog.tui.widgets.demo import run

    run("chart")
