"""The last thing every line passes on its way to the terminal: nothing in it is obeyed there.

Widgets show people's words through ``shown``; an entry shows what is being typed as it is. This net lies
beneath both, so that one widget forgotten does not open the terminal to what a patient is called.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from hiplog.logbook.shown import harmless


class Net(LineFilter):
    """Replaces, at the same width, every character that a terminal would obey."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with their texts made harmless."""
        if all(text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(harmless(text), style, control) for text, style, control in segments]


NET = Net()
"""One for all screens: lines are kept by the filter they passed."""
