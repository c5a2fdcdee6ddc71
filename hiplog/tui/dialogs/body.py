"""The body map in a dialog: to look at, or to choose a muscle and a side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from hiplog.language import _
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.widgets.body_layout import Key
from hiplog.tui.widgets.body_map import BodyMap, has_place

MOVING = _("arrows: next muscle    o: other side    v V: other views")


class Body(Dialog[Key]):
    """The map over the whole terminal; with ``choosing`` Enter closes it with a muscle and a side."""

    HELP_TEXT = _("A schematic of hip and pelvis. The number at a muscle is how many insertions it had.")
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("escape", "leave", "body.close", _("Close"), _("Close the map")),
    ]
    DEFAULT_CSS = """
    Body > #box { height: 100%; width: 100%; max-width: 100; }
    """

    def __init__(
        self, title: str, counts: Mapping[Key, int], *, choosing: bool = False, start: Key | None = None
    ) -> None:
        super().__init__()
        self._title, self._counts, self._choosing = title, dict(counts), choosing
        self._start = start or next(iter(sorted(counts, key=lambda key: -counts[key])), None)

    def compose(self) -> ComposeResult:
        """The map and its keys."""
        with Box(self._title):
            yield BodyMap(self._counts)
            ends = _("Enter: take it    Esc: cancel") if self._choosing else _("Esc: close")
            yield Static(f"{MOVING}    {ends}", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the muscle needled most, or where the caller says."""
        body = self.query_one(BodyMap)
        if self._start is not None and has_place(*self._start):
            body.cursor = self._start
        body.focus()

    @on(BodyMap.Chosen)
    def _chosen(self, event: BodyMap.Chosen) -> None:
        if self._choosing:
            self.dismiss((event.muscle, event.side))
