"""The row of filters: four fields that say at every key what they mean."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.outcomes.filters import Filters
from hiplog.tui.keys import hidden
from hiplog.tui.screens.outcomes import narrowing
from hiplog.tui.screens.outcomes.narrowing import EMPTY, FIELDS, LABELS, Known


class FilterBar(Horizontal):
    """Period, cause, therapist, side. Up and down go through the choices, Enter leaves the field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("up", "step(-1)", "filters.before", _("Before"), _("The choice before")),
        hidden("down", "step(1)", "filters.next", _("Next"), _("The next choice")),
    ]

    class Narrowed(Message):
        """Other filters are meant now."""

        def __init__(self, filters: Filters) -> None:
            super().__init__()
            self.filters = filters

    class Said(Message):
        """What the field with the cursor is understood to mean, or why not; empty outside the fields."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Left(Message):
        """Enter was pressed in a field."""

    def __init__(self) -> None:
        super().__init__(id="filters")
        self.there: Known | None = None
        self._meant = Filters()

    def compose(self) -> ComposeResult:
        """A word and a field each."""
        for name in FIELDS:
            yield Static(LABELS[name], classes="name", markup=False)
            yield Input(id=f"by-{name}", placeholder=EMPTY[name], compact=True, select_on_focus=True)

    def field(self, name: str) -> Input:
        """The field of a filter."""
        return self.query_one(f"#by-{name}", Input)

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the fields."""
        return {name: self.field(name).value for name in FIELDS}

    @property
    def active(self) -> str | None:
        """The filter whose field has the cursor."""
        focused = self.screen.focused
        return next((name for name in FIELDS if focused is self.field(name)), None)

    @property
    def narrowed(self) -> bool:
        """Whether anything stands in a field."""
        return any(self.texts.values())

    def clear(self) -> None:
        """Leave everything open."""
        for name in FIELDS:
            self.field(name).value = ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.say()
        if self.there is None:
            return
        try:
            meant = narrowing.filters(self.texts, self.there)
        except HiplogError:
            return
        if meant != self._meant:
            self._meant = meant
            self.post_message(self.Narrowed(meant))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Left())

    def on_descendant_focus(self) -> None:
        """Say what the field means."""
        self.say()

    def on_descendant_blur(self) -> None:
        """Write what is meant into the fields, in place of what could not be read; say no more."""
        if self.there is not None:
            for name, text in narrowing.written(self.texts, self._meant, self.there).items():
                self.field(name).value = text
        self.post_message(self.Said(""))

    def say(self) -> None:
        """Tell the screen what the field with the cursor means."""
        if self.active is not None and self.there is not None:
            self.post_message(self.Said(self._words(self.active, self.there)))

    def _words(self, name: str, there: Known) -> str:
        try:
            meant = narrowing.said(name, self.field(name).value, there)
        except HiplogError as error:
            why = str(error).removeprefix(f"{LABELS[name]}: ")
            told = _("✗ {filter}: {why}; shown: {words}")
            return told.format(filter=LABELS[name], why=why, words=self._meant.words)
        told = _("{filter}: {meant}   ↑ ↓: other choices   Enter: done")
        return told.format(filter=LABELS[name], meant=meant)

    def action_step(self, by: int) -> None:
        """Go through the choices of the field."""
        if self.active is not None and self.there is not None:
            field = self.field(self.active)
            field.value = narrowing.stepped(self.active, field.value, by, self.there)
            field.action_select_all()
