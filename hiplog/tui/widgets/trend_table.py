"""The trend as a table of words: the same points as the chart, for a screen reader and for exact values."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import DataTable

from hiplog.language import _
from hiplog.outcomes.listing import HEADINGS, entries
from hiplog.outcomes.points import Chart

GAP = " "
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
        super().__init__(cursor_type="row", cell_padding=0, id=id, classes=classes)
        self.set_reactive(TrendTable.chart, chart)

    def on_mount(self) -> None:
        """Fill the table."""
        self.watch_chart()

    def watch_chart(self) -> None:
        """List the points anew, each column as wide as what stands in it."""
        self.clear(columns=True)
        rows: list[tuple[str, ...]] = [entry.cells for entry in entries(self.chart or Chart(), NAME_ROOM)]
        shown = rows or [(_("no readings yet"), *[""] * (len(HEADINGS) - 1))]
        for column, heading in enumerate(HEADINGS):
            width = max(cell_len(row[column]) for row in (HEADINGS, *shown))
            self.add_column(_cell(heading), width=width + len(GAP))
        for row in shown:
            self.add_row(*map(_cell, row))


def _cell(text: str) -> Text:
    """A cell that stands off the one before."""
    return Text(GAP + text)


if __name__ == "__main__":
    from hiplog.tui.widgets.demo import run

    run("table")
