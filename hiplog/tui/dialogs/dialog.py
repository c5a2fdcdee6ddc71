"""The box every dialog stands in."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import getters
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.app import HiplogApp
from hiplog.tui.desk import Desk
from hiplog.tui.keys import footer, hidden

R = TypeVar("R")


class Box(VerticalScroll, can_focus=False):
    """The frame with its title; higher than the screen, it scrolls."""

    def __init__(self, title: str) -> None:
        super().__init__(id="box")
        self.border_title = Content(shown(title, 60))


class Dialog(ModalScreen[R]):
    """A box over the screen; Escape closes it without an answer."""

    app = getters.app(HiplogApp)
    HELP_TEXT = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("escape", "leave", "dialog.cancel", _("Cancel"), _("Close without doing anything")),
        hidden("f1", "app.keys", "dialog.keys", _("Keys"), _("Every key of this dialog")),
    ]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        & > #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $border;
            border-title-color: $primary;
            border-title-style: bold;
            background: $surface;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }
        & .said { height: auto; }
        & .hint { height: auto; color: $foreground 75%; }
        & .wrong { height: auto; color: $text-error; }
    }
    """

    @property
    def desk(self) -> Desk:
        """The way to the logbook."""
        return self.app.desk

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
