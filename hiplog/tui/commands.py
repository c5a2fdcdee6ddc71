"""The palette itself: the framework's, with its one sentence in the language of the clinic."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets.option_list import Option

from hiplog.language import _


class Commands(CommandPalette):
    """The list of commands over a line to search in."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # The framework has its sentence within this method, in English only.
        self._stop_no_matches_countdown()

        def say() -> None:
            if search_value:
                words = Content.styled(_("No command of that name"), "dim")
                self.query_one(CommandList).add_option(Option(words, disabled=True, id=self._NO_MATCHES))
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, say)
