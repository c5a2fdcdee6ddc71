"""A picture painted from the cells that outcomes draws: one answer, or the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from hiplog.outcomes.sheet import Row

Drawing = Callable[[int, int], tuple[Row, ...]]
"""Draws in so many columns and rows."""


class Picture(Widget, can_focus=True):
    """Paints a drawing; it is drawn anew only when another one is set, or the size or the theme changes.

    Every difference that a colour makes, a mark or a word makes too, so that it reads without colour.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "picture--axis",
        "picture--text",
        "picture--first",
        "picture--second",
        "picture--threshold",
        "picture--mark",
        "picture--cursor",
        "picture--message",
        "picture--band",
    }
    """
    | Class | Description |
    | :- | :- |
    | `picture--axis` | The lines of axes. |
    | `picture--text` | Figures and names. |
    | `picture--first` | What is counted. |
    | `picture--second` | What stands out from it. |
    | `picture--threshold` | Limits, and what others published. |
    | `picture--mark` | Headings. |
    | `picture--cursor` | The number under the cursor. |
    | `picture--message` | Words in place of a picture. |
    | `picture--band` | The background of a band. |
    """

    DEFAULT_CSS = """
    Picture {
        height: 1fr;
        & > .picture--axis { color: $foreground 60%; }
        & > .picture--text { color: $foreground 85%; }
        & > .picture--first { color: #56B4E9; }
        & > .picture--second { color: #E69F00; }
        & > .picture--threshold { color: $foreground 60%; }
        & > .picture--mark { color: $foreground; text-style: bold; }
        & > .picture--cursor { color: $foreground; text-style: bold reverse; }
        & > .picture--message { color: $foreground 85%; }
        & > .picture--band { background: $foreground 10%; }
        &:light > .picture--first { color: #0072B2; }
        &:light > .picture--second { color: #B85000; }
        &:ansi > .picture--axis, &:ansi > .picture--text { color: ansi_default; }
        &:ansi > .picture--first { color: ansi_bright_cyan; }
        &:ansi > .picture--second { color: ansi_bright_yellow; }
        &:ansi:light > .picture--first { color: ansi_blue; }
        &:ansi:light > .picture--second { color: ansi_red; }
        &:ansi > .picture--threshold { color: ansi_default; text-style: dim; }
        &:ansi > .picture--mark, &:ansi > .picture--cursor { color: ansi_default; }
        &:ansi > .picture--message { color: ansi_default; }
        &:ansi > .picture--band { background: ansi_default; }
    }
    """

    drawing: reactive[Drawing | None] = reactive[Drawing | None](None)
    """What is painted; nothing is when there is none."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._strips: list[Strip] = []
        self._drawn: tuple[Drawing | None, Size, bool] | None = None

    def notify_style_update(self) -> None:
        """Forget what was painted when the theme changes."""
        self._drawn = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        state = (self.drawing, self.size, self.app.current_theme.dark)
        if state != self._drawn:
            rows = self.drawing(self.size.width, self.size.height) if self.drawing else ()
            self._strips = [self._strip(row) for row in rows]
            self._drawn = state
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)

    def _strip(self, row: Row) -> Strip:
        runs = groupby(row, key=lambda cell: (cell.style, cell.band))
        parts = [
            Segment("".join(cell.char for cell in cells), self._look(style, band))
            for (style, band), cells in runs
        ]
        return Strip(parts, len(row))

    def _look(self, style: str, band: bool) -> Style:
        look = self.rich_style
        if band:
            look += Style(bgcolor=self.get_component_rich_style("picture--band").bgcolor)
        if style:
            part = self.get_component_rich_style(f"picture--{style}")
            look += Style(color=part.color, bold=part.bold, dim=part.dim, reverse=part.reverse)
        return look


if __name__ == "__main__":
    from hiplog.tui.widgets.demo import run

    run("picture")
