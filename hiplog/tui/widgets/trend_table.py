"""The trend as a table of words: the same points as the chart, for a screen reader and for exact values."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import DataTable

from hiplog.language import _
from hiplog.outcomes.listing import HEADINGS, entries
from hiplog.outcomes.points import Chart

NAME_ROOM = 8
"""Characters for a measure's name, so that every column fits 80."""


class TrendTable(DataTable[Text]):
    """Date, visit, stage, measure, value and change in words, one row a reading; oldest first.

    Arrow keys and ``j``/``k`` move; without readings the only row says so.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", _("Down"), show=False),
        Binding("k", "cursor_up", _("Up"), show=False),
    ]

    DEFAULT_CSS = """
    TrendTable { height: 1fr; }
    """

    chart: reactive[Chart | None] = reactive[Chart | None](None, init=False)
    """What is listed."""

    def __init__(
        self,
        chart: Chart | None = None,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(cursor_type="row", id=id, classes=classes)
        self.set_reactive(TrendTable.chart, chart)

    def on_mount(self) -> None:
        """Fill the table."""
        self.add_columns(*HEADINGS)
        self.watch_chart()

    def watch_chart(self) -> None:
        """List the points anew."""
        self.clear()
        rows = entries(self.chart or Chart(), NAME_ROOM)
        for entry in rows:
            self.add_row(*(Text(cell) for cell in entry.cells))
        if not rows:
            self.add_row(Text(_("no readings yet")), *(Text("") for _n in HEADINGS[1:]))


if __name__ == "__main__":
    from hiplog.tui.widgets.demo import run

    run("table")
