"""Dialogs that say something: a message to read, and a question to answer with yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer

YES_OR_NO = _("y or Enter: yes    n or Esc: no")


class Message(Dialog[None]):
    """Sentences to read, one a line; any of Enter, Space and Escape closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("enter,space", "leave", "dialog.close", _("Close"), _("Close this message")),
    ]

    def __init__(self, title: str, sentences: Sequence[str], closes: str = _("close")) -> None:
        super().__init__()
        self._title, self._sentences, self._closes = title, tuple(sentences), closes

    def compose(self) -> ComposeResult:
        """The sentences and how to close."""
        closing = _("Enter: {closes}").format(closes=shown(self._closes))
        mark = "• " if len(self._sentences) > 1 else ""
        with Box(self._title):
            for sentence in self._sentences:
                yield Static(f"{mark}{shown(sentence)}", classes="said", markup=False)
            yield Static(f"\n{closing}", classes="hint", markup=False)


class Confirm(Dialog[bool]):
    """A question: ``y`` or Enter is yes, ``n`` or Escape no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("y,enter", "answer(True)", "dialog.yes", _("Yes"), _("Yes")),
        footer("n", "answer(False)", "dialog.no", _("No"), _("No")),
    ]

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        super().__init__()
        self._title, self._sentences = title, tuple(sentences)

    def compose(self) -> ComposeResult:
        """The question, what it is about, and the keys."""
        with Box(self._title):
            for sentence in self._sentences:
                yield Static(shown(sentence), classes="said", markup=False)
            yield Static(f"\n{YES_OR_NO}", classes="hint", markup=False)
        yield Foot()

    def action_answer(self, sure: bool) -> None:
        """Close with the answer."""
        self.dismiss(sure)
