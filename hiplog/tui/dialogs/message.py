"""Dialogs that say something: a message to read, and a question to answer with yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Static

from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer


class Message(Dialog[None]):
    """Sentences to read, one a line; any of Enter, Space and Escape closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("enter,space", "leave", "dialog.close", "Close", "Close this message"),
    ]

    def __init__(self, title: str, sentences: Sequence[str], closes: str = "close") -> None:
        super().__init__()
        self._title, self._sentences, self._closes = title, tuple(sentences), closes

    def compose(self) -> ComposeResult:
        """The sentences and how to close."""
        mark = "• " if len(self._sentences) > 1 else ""
        with Box(self._title):
            for sentence in self._sentences:
                yield Static(f"{mark}{shown(sentence)}", classes="said", markup=False)
            yield Static(f"\nEnter: {shown(self._closes)}", classes="hint", markup=False)


class Confirm(Dialog[bool]):
    """A question: ``y`` or Enter is yes, ``n`` or Escape no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("y,enter", "answer(True)", "dialog.yes", "Yes", "Yes"),
        footer("n", "answer(False)", "dialog.no", "No", "No"),
    ]

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        super().__init__()
        self._title, self._sentences = title, tuple(sentences)

    def compose(self) -> ComposeResult:
        """The question, what it is about, and the keys."""
        with Box(self._title):
            for sentence in self._sentences:
                yield Static(shown(sentence), classes="said", markup=False)
            yield Static("\ny or Enter: yes    n or Esc: no", classes="hint", markup=False)
        yield Footer()

    def action_answer(self, sure: bool) -> None:
        """Close with the answer."""
        self.dismiss(sure)
