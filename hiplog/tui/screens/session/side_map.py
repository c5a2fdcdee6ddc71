"""The body map beside the needle grid: this session's needles, at the row under the cursor."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Session
from hiplog.language import _
from hiplog.logbook import points
from hiplog.tui.keys import hidden
from hiplog.tui.widgets.body_map import BodyMap, has_place

WIDE_ENOUGH = 120
"""Columns from which the needle grid and the map stand side by side."""


class SideMap(BodyMap):
    """Follows the grid while the grid has the keys; Enter or a click goes to the row, or adds one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("escape,m", "back", "map.back", _("Back"), _("Back to the needle grid")),
    ]
    DEFAULT_CSS = """
    SideMap { height: 2fr; padding: 0 1; }
    """
    keys = _(
        "arrows next muscle   o other side   v V other views\nEnter goes to its row, or adds one   Esc back"
    )

    jump_name = _("body map")

    class Left(Message):
        """The keys go back to the grid."""

    def __init__(self) -> None:
        super().__init__(id="map")
        self.display = False

    def show(self, draft: Session, row: Insertion | None) -> None:
        """Count the needles of ``draft``; the cursor goes to ``row`` unless somebody moves it by hand."""
        self.counts = points.needled(draft.insertions)
        if row is not None and not self.has_focus and has_place(row.muscle, row.side):
            self.cursor = (row.muscle.upper(), row.side)

    def begin(self, side: str | None) -> None:
        """Take the keys; on an empty map start at the side that is treated."""
        if not self.counts and side is not None:
            self.cursor = ("GMED", side)
        self.focus()

    def action_back(self) -> None:
        """Give the keys back."""
        self.post_message(self.Left())
