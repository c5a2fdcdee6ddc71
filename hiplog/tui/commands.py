"""The palette itself: the framework's, with its one sentence in the language of the clinic."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.widgets.option_list import Option

from hiplog.language import _
from hiplog.tui.screens.parts import joined

NONE = _("No command of that name")


class Commands(CommandPalette):
    """The list of commands over a line to search in."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # The framework has its sentence within this method, in English only.
        self._stop_no_matches_countdown()

        def say() -> None:
            if search_value:
                none = Option(joined((NONE, "dim")), disabled=True, id=self._NO_MATCHES)
                self.query_one(CommandList).add_option(none)
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, say)
