"""The trend widgets: what they paint, in which colours, and that they say so when there is nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.color import Color
from textual.widget import Widget

from hiplog.outcomes import plot
from hiplog.outcomes.points import Chart, Mark
from hiplog.outcomes.sheet import Row
from hiplog.tui.widgets import demo, trend_chart
from hiplog.tui.widgets.trend_chart import TrendChart
from hiplog.tui.widgets.trend_table import TrendTable


def painted(widget: Widget) -> list[str]:
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def colour_of(widget: Widget, char: str) -> Color | None:
    for y in range(widget.size.height):
        for segment in widget.render_line(y):
            if char in segment.text and segment.style is not None:
                return segment.style.color
    raise AssertionError(f"{char} is not painted")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (46, 14)])
async def test_the_chart_paints_what_outcomes_draws(size: tuple[int, int]) -> None:
    chart = TrendChart(demo.chart())
    async with demo.Demo(chart).run_test(size=size):
        rows = plot.draw(demo.chart(), chart.size.width, chart.size.height)
        assert painted(chart) == ["".join(cell.char for cell in row).rstrip() for row in rows]
        assert any("●" in row for row in painted(chart))


@pytest.mark.parametrize(
    ("theme", "pain", "mobility"),
    [("textual-dark", "#56B4E9", "#E69F00"), ("textual-light", "#0072B2", "#B85000")],
)
async def test_the_series_wear_colours_that_the_colour_blind_can_tell(
    theme: str, pain: str, mobility: str
) -> None:
    chart = TrendChart(demo.chart())
    app = demo.Demo(chart)
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        await pilot.pause()
        assert colour_of(chart, "●") == Color.parse(pain)
        assert colour_of(chart, "■") == Color.parse(mobility)


async def test_the_chart_repaints_for_new_data_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Chart] = []
    real = plot.draw

    def counted(chart: Chart, width: int, height: int) -> tuple[Row, ...]:
        drawn.append(chart)
        return real(chart, width, height)

    monkeypatch.setattr(trend_chart, "draw", counted)
    chart = TrendChart(demo.chart())
    async with demo.Demo(chart).run_test(size=(80, 24)) as pilot:
        before = len(drawn)
        chart.refresh()
        await pilot.pause()
        assert len(drawn) == before
        chart.chart = replace(demo.chart(), series=demo.chart().series[:1])
        await pilot.pause()
        assert not any("■" in row for row in painted(chart))
        assert len(drawn) == before + 1


@pytest.mark.parametrize("chart", [None, Chart()])
async def test_an_empty_chart_and_table_say_so(chart: Chart | None) -> None:
    widget, table = TrendChart(chart), TrendTable(chart)
    async with demo.Demo(widget).run_test(size=(80, 24)):
        assert [row.strip() for row in painted(widget) if row] == ["no readings yet"]
    async with demo.Demo(table).run_test(size=(80, 24)):
        assert "no readings yet" in table.get_row_at(0)[0].plain


async def test_the_table_fits_80_columns_and_tells_every_point() -> None:
    table = TrendTable(demo.chart())
    async with demo.Demo(table).run_test(size=(80, 24)) as pilot:
        cells = [[cell.plain.strip() for cell in table.get_row_at(row)] for row in range(table.row_count)]
        points = sum(len(series.points) for series in demo.chart().series)
        assert table.row_count == points + len(demo.chart().marks)
        assert ["16 Sep 2026", "3", "before", "IR R", "–", "not measured: equipment"] in cells
        assert table.max_scroll_x == 0
        await pilot.press("j", "j", "k")
        assert table.cursor_row == 1


async def test_a_label_is_text_and_never_markup() -> None:
    marks = (Mark(demo.FIRST_VISIT, "reaction", "[red]x[/red] $1"),)
    widget = TrendTable(Chart(demo.chart().series, marks))
    async with demo.Demo(widget).run_test(size=(80, 24)):
        found = [cell.plain.strip() for row in range(widget.row_count) for cell in widget.get_row_at(row)]
        assert "! [red]x[/red] $1" in found
