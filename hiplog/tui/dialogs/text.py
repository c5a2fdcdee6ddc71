"""Dialogs for words: one line with a reason, and a note of any length."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.logbook import texts
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.dialogs.form import Field, Form

R = TypeVar("R")


def line_form(
    title: str, label: str, keep: Callable[[str], Awaitable[R]], *, intro: str = "", value: str = ""
) -> Form[str, R]:
    """Ask for one line of words that may not be empty."""
    form: Form[str, R] = Form(
        title,
        (Field("line", label, value=value, needed=True),),
        lambda values: values["line"],
        keep,
        intro=intro,
    )
    form.add_class("-long")
    return form


class Note(Dialog[str]):
    """A text of any length; ctrl+s keeps it, Escape leaves it as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", _("Keep"), id="note.keep", tooltip=_("Keep the text"), priority=True),
    ]
    DEFAULT_CSS = """
    Note TextArea { height: 10; border: none; background: $panel; }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """The text and its keys."""
        with Box(self._title):
            yield TextArea(self._text, language=None, tab_behavior="focus")
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(_("ctrl+s: keep    Esc: cancel"), classes="hint", markup=False)

    def action_keep(self) -> None:
        """Close with the text, if the logbook could keep it."""
        text = self.query_one(TextArea).text
        try:
            texts.prose(self._title, text)
        except HiplogError as error:
            self.query_one("#wrong", Static).update(f"✗ {shown(str(error))}")
            return
        self.dismiss(text)
