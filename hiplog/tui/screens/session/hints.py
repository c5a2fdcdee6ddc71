"""The lines at the foot of a session that say which keys work in the field that has the focus."""

from __future__ import annotations

import re

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from hiplog.logbook.shown import cells


class KeyHints(Widget):
    """Hints in as many lines as they need, none broken in two."""

    def __init__(self) -> None:
        super().__init__(id="hint")
        self._hints = ""

    def say(self, hints: str) -> None:
        """Show these from now on."""
        self._hints = hints
        self.refresh(layout=True)

    def render(self) -> Content:
        """The lines for the width there is."""
        return Content(packed(self._hints, self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines they are."""
        return len(packed(self._hints, width).splitlines())


def packed(hints: str, width: int) -> str:
    """Key hints, parted by two spaces or more, in lines of at most ``width``; none is broken in two.

    Lines that fit are left as they are.
    """
    if all(cells(line) <= width for line in hints.splitlines()):
        return hints
    lines = [""]
    for hint in re.split(r" {2,}|\n", hints):
        longer = f"{lines[-1]}   {hint}" if lines[-1] else hint
        if lines[-1] and cells(longer) > width:
            lines.append(hint)
        else:
            lines[-1] = longer
    return "\n".join(lines)
